"""Says which fields of the test site's pages GraphQL serves; a site says so in its models."""

from django.apps import AppConfig


class GraphQLSite(AppConfig):
    """Comes before grapple, which reads `graphql_fields`."""

    name = "tests.api.graphql_site"

    def ready(self) -> None:
        from grapple.models import GraphQLStreamfield
        from wagtail.blocks import ListBlock

        from anodyne_blocks.blocks import ArticleBody, ProductCardBlock
        from tests.testapp.models import ArticlePage, PlainPage

        class Body(ArticleBody):
            """With blocks inside another, as a site may have them."""

            cards = ListBlock(ProductCardBlock())

        ArticlePage._meta.get_field("body").__dict__["stream_block"] = Body()

        for model in (ArticlePage, PlainPage):
            model.graphql_fields = [GraphQLStreamfield("body")]
