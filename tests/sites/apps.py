"""Says which fields of the site's pages GraphQL serves; a site says so in its models."""

from django.apps import AppConfig


class Sites(AppConfig):
    """Comes before grapple, which reads `graphql_fields`."""

    name = "tests.sites"
    label = "sites_in_variations"
    path = __file__.rpartition("/")[0]

    def ready(self) -> None:
        from grapple.models import GraphQLStreamfield

        from tests.testapp.models import ArticlePage, PlainPage

        for model in (ArticlePage, PlainPage):
            model.graphql_fields = [GraphQLStreamfield("body")]
