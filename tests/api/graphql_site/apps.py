"""Says which fields of the test site's pages GraphQL serves; a site says so in its models."""

from django.apps import AppConfig


class GraphQLSite(AppConfig):
    """Comes before grapple, which reads `graphql_fields`."""

    name = "tests.api.graphql_site"

    def ready(self) -> None:
        from grapple.models import GraphQLStreamfield

        from tests.testapp.models import ArticlePage, PlainPage

        for model in (ArticlePage, PlainPage):
            model.graphql_fields = [GraphQLStreamfield("body")]
