"""The menu "Article elements", with a listing for each kind of stored thing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from anodyne_blocks.admin.criteria import CriteriaSetViewSet
from anodyne_blocks.admin.notices import NoticeViewSet
from anodyne_blocks.admin.people import PersonViewSet
from anodyne_blocks.admin.products import ProductViewSet
from anodyne_blocks.admin.ratings import ShopRatingViewSet


class ArticleElements(SnippetViewSetGroup):
    menu_label = _("Article elements")
    menu_name = "article-elements"
    menu_icon = "anodyne-product-grid"
    menu_order = 450  # after Wagtail's documents
    items = (
        ProductViewSet,
        PersonViewSet,
        ShopRatingViewSet,
        NoticeViewSet,
        CriteriaSetViewSet,
    )
