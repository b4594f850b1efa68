"""The test site with wagtail-grapple; in its own process, as grapple patches GraphQL itself."""
