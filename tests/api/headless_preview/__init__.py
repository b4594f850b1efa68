"""A site that previews drafts in a front end, with wagtail-headless-preview."""
