"""As `test_private_apis`: what Wagtail's admin does not document."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import wagtail.admin
from django import forms
from django.apps import apps
from django.template.loader import get_template
from django.urls import resolve, reverse
from wagtail import VERSION
from wagtail.admin.rich_text.converters import html_to_contentstate as editor
from wagtail.admin.rich_text.converters.contentstate_models import Block, ContentState
from wagtail.admin.rich_text.converters.editor_html import (
    DbWhitelister,
    LinkTypeRule,
    WhitelistRule,
)
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView
from wagtail.admin.wagtail_hooks import register_core_features
from wagtail.models import Page
from wagtail.rich_text import features
from wagtail.rich_text.feature_registry import FeatureRegistry
from wagtail.snippets.views.snippets import IndexView

from anodyne_blocks.admin.tables import PhoneTable
from anodyne_blocks.admin.translated import VersionDeleteAction

PACKAGE = Path(__file__).parent.parent / "anodyne_blocks"
SCRIPTS = Path(wagtail.admin.__file__).parent / "static" / "wagtailadmin" / "js"
TEMPLATES = Path(wagtail.admin.__file__).parent / "templates" / "wagtailadmin"


def test_wagtail_reads_entities_into_the_current_block() -> None:
    state = editor.HandlerState()
    assert state.current_block is None and state.leading_whitespace == editor.STRIP_WHITESPACE
    assert editor.KEEP_WHITESPACE != editor.STRIP_WHITESPACE


def test_wagtail_cleans_written_texts_by_the_rules_of_editorhtml() -> None:
    handler = SimpleNamespace(get_db_attributes=lambda tag: {"id": tag["data-id"]})
    rule = LinkTypeRule("thing", handler)
    assert (rule.link_type, rule.handler) == ("thing", handler)
    html = '<p onclick="x"><a data-linktype="thing" data-id="7" data-more="8">A</a></p>'
    assert DbWhitelister([rule]).clean(html) == '<p><a id="7" linktype="thing">A</a></p>'
    if VERSION < (8, 0):
        # Which brought API v3.
        return
    from wagtail.admin.rich_text.converters.db_html import DbHTMLConverter

    assert "cite" in features.get_converter_features("editorhtml")
    cleaned, removed = DbHTMLConverter(["cite"]).clean('<a linktype="anodyne-source" id="k">A</a>')
    assert (cleaned, removed) == ('<a id="k" linktype="anodyne-source">A</a>', [])


def test_wagtail_says_in_its_rules_what_headings_are() -> None:
    registry = FeatureRegistry()
    register_core_features(registry)
    for name, kind in (("h2", "header-two"), ("h4", "header-four")):
        (cleaning,) = registry.converter_rules_by_converter["editorhtml"][name]
        assert (type(cleaning), cleaning.element) == (WhitelistRule, name)
        rule = registry.converter_rules_by_converter["contentstate"][name]
        handler = rule["from_database_format"][name]
        assert type(handler) is editor.BlockElementHandler and handler.block_type == kind
        assert rule["to_database_format"] == {"block_map": {kind: name}}
    assert editor.BLOCK_KEY_NAME == "data-block-key"
    state, found = editor.HandlerState(), ContentState()
    block = handler.create_block(name, {"data-block-key": "abcde"}, state, found)
    assert type(block) is Block and block.as_dict()["key"] == "abcde"
    assert Block(kind).key != Block(kind).key
    # Ours take their place, and a site's own stay.
    ours = features.get_converter_rule("contentstate", "h4")["to_database_format"]["block_map"]
    assert list(ours) == [kind] and ours[kind] != name


def test_wagtail_scripts_have_what_the_dialogs_for_sources_use() -> None:
    blocks_js = (SCRIPTS / "telepath" / "blocks.js").read_text()
    names = "childBlocks initialChildState initialChildStates titleElement getTextLabel insert("
    assert not [name for name in names.split() if name not in blocks_js]
    assert "rootBlock" in (SCRIPTS / "core.js").read_text() + blocks_js
    assert "TooltipEntity" in (SCRIPTS / "draftail.js").read_text()


def test_wagtail_scripts_have_what_texts_use_to_split() -> None:
    blocks_js = (SCRIPTS / "telepath" / "blocks.js").read_text()
    names = 'set("split" set("addSibling" splitBlock( deleteBlock( children.splice( this.prefix'
    assert not [name for name in names.split() if name not in blocks_js]
    draftail_js = (SCRIPTS / "draftail.js").read_text()
    names = 'this.capabilities=new setCapabilityOptions( get("split") get("addSibling")'
    assert not [name for name in names.split() if name not in draftail_js]


def test_wagtail_snippet_views_have_the_methods_that_ours_extend() -> None:
    from wagtail.admin.views.generic import CreateEditViewOptionalFeaturesMixin
    from wagtail.snippets.views.snippets import EditView, IndexView, InspectView, SnippetViewSet

    assert callable(CreateEditViewOptionalFeaturesMixin.save_instance)
    assert callable(EditView.get_panel)
    assert callable(IndexView.search_queryset)
    assert hasattr(IndexView, "is_searching")
    assert callable(InspectView.get_fields)
    assert callable(SnippetViewSet.construct_view)
    viewset = apps.get_model("anodyne_blocks", "Product").snippet_viewset
    assert viewset.get_url_name("usage") and viewset.pk_path_converter == "int"


def test_wagtail_snippet_views_count_usage_in_methods_of_their_own() -> None:
    from wagtail.admin.ui.side_panels import StatusSidePanel
    from wagtail.models import ReferenceIndex
    from wagtail.snippets.bulk_actions.delete import DeleteBulkAction
    from wagtail.snippets.views.snippets import DeleteView, EditView, UsageView

    assert callable(UsageView.get_queryset) and callable(DeleteView.get_usage)
    assert callable(EditView.get_side_panels) and callable(DeleteBulkAction.object_context)
    assert callable(ReferenceIndex.objects.none().group_by_source_object)
    made = inspect.signature(StatusSidePanel.__init__).parameters
    assert "usage_url" in made
    assert "self.usage_url = usage_url" in inspect.getsource(StatusSidePanel.__init__)
    told = inspect.getsource(StatusSidePanel.get_context_data)
    assert "self.get_usage_context()" in told
    said = inspect.getsource(StatusSidePanel.get_usage_context)
    assert '"usage_count"' in said and '"usage_url"' in said


def test_wagtail_gives_a_model_the_last_of_two_bulk_actions() -> None:
    from wagtail.admin.views.bulk_action.registry import bulk_action_registry

    for model, ours in (("person", True), ("notice", True), ("product", False)):
        action = bulk_action_registry.get_bulk_action_class("anodyne_blocks", model, "delete")
        assert issubclass(action, VersionDeleteAction) is ours, model


def test_wagtail_links_the_number_of_uses_by_the_instance() -> None:
    from wagtail.admin.ui.tables import UsageCountColumn

    column = UsageCountColumn("usage_count")
    thing = SimpleNamespace(usage_count=3, usage_url="/there/")
    said = column.get_cell_context_data(thing, {"request": None, "table": None, "row": thing})
    assert said["instance"] is thing
    template = get_template(UsageCountColumn.cell_template_name).template.source
    assert "instance.usage_url" in template


def test_wagtail_choosers_filter_by_a_form_of_mixins() -> None:
    from wagtail.admin.forms.choosers import BaseFilterForm, LocaleFilterMixin, SearchFilterMixin
    from wagtail.admin.views.generic.chooser import BaseChooseView, ChosenResponseMixin
    from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView, SnippetCreateView

    assert SnippetCreateView.get_creation_form_kwargs and SnippetCreateView.save_form
    assert issubclass(ChooseView, BaseChooseView) and issubclass(ChooseResultsView, BaseChooseView)
    assert callable(BaseChooseView.get_filter_form_class) and BaseChooseView.i18n_enabled
    assert callable(ChosenResponseMixin.get_chosen_response)
    assert ChosenResponseMixin.response_data_title_key and SnippetCreateView.get_creation_form
    form: Any = type("Form", (SearchFilterMixin, BaseFilterForm), {})
    assert "q" in form.base_fields and not form().is_searching
    assert issubclass(LocaleFilterMixin, forms.Form)


def test_wagtail_chooser_widgets_have_the_attributes_that_ours_keep() -> None:
    folder = Path(wagtail.admin.__file__).parent
    theirs = (folder / "templates/wagtailadmin/widgets/chooser.html").read_text()
    ours = (PACKAGE / "templates/anodyne_blocks/admin/chooser_widget.html").read_text()
    kept = re.compile(r"data-chooser-[a-z-]+|\b(?:un)?chosen\b|\bblank\b")
    assert set(kept.findall(theirs)) == set(kept.findall(ours))
    assert "body > .modal" in (folder / "static/wagtailadmin/js/modal-workflow.js").read_text()
    assert '"wagtail-config"' in (folder / "templates/wagtailadmin/admin_base.html").read_text()


def test_wagtail_names_the_page_in_the_addresses_of_its_editor() -> None:
    add = reverse("wagtailadmin_pages:add", args=["testapp", "articlepage", 7])
    assert resolve(add).kwargs["parent_page_id"] == 7
    assert resolve(reverse("wagtailadmin_pages:edit", args=[7])).kwargs["page_id"] == 7


def test_wagtail_previews_make_a_page_of_a_form() -> None:
    from anodyne_blocks.admin.overview import _PREVIEWS

    for view in _PREVIEWS.values():
        assert callable(view.get_form) and callable(view.validate_form)
        assert "self.object = self.get_object()" in inspect.getsource(view.setup)
    assert _PREVIEWS.keys() == {"wagtailadmin_pages:edit", "wagtailadmin_pages:add"}
    core_js = (SCRIPTS / "core.js").read_text()
    assert "w-unsaved:add" in (TEMPLATES / "shared/side_panels/preview.html").read_text()
    assert '"watch-edits"' in core_js


def test_wagtail_paginator_labels_the_count() -> None:
    from wagtail.admin.paginator import WagtailPaginator

    assert WagtailPaginator(Page.objects.none(), 10).items_count_label == "0 pages"


def test_wagtail_views_check_a_permission_by_a_mixin() -> None:
    from wagtail.admin.views.generic import PermissionCheckedMixin

    assert callable(PermissionCheckedMixin.user_has_permission)
    assert PermissionCheckedMixin.permission_required is None


def test_wagtail_reports_filter_in_methods_of_their_own() -> None:
    from wagtail.admin.views.reports import ReportView

    for name in ("get_base_queryset", "get_filtered_queryset", "filter_queryset", "get_table"):
        assert callable(getattr(ReportView, name))


def test_wagtail_inline_panels_name_the_form_of_their_formset() -> None:
    from modelcluster.forms import BaseChildFormSet

    from anodyne_blocks.admin.offer_form import OfferForm
    from anodyne_blocks.admin.products import OffersFormSet, ProductViewSet

    form = ProductViewSet().get_edit_handler().get_form_class()
    assert issubclass(form.formsets["offers"].form, OfferForm)
    assert issubclass(OffersFormSet, BaseChildFormSet)


def test_wagtail_cleans_texts_and_keeps_uploads_for_a_while() -> None:
    from wagtail.admin.rich_text.converters.editor_html import EditorHTMLConverter
    from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
    from wagtail.models import UploadedFile

    converted = EditorHTMLConverter(["bold"]).to_database_format("<p><b>A</b><i>B</i></p>")
    assert converted == "<p><b>A</b>B</p>"
    fields = {field.name for field in UploadedFile._meta.get_fields()}
    assert {"for_content_type", "file", "uploaded_by_user"} <= fields
    for name in ("get_breadcrumbs_items", "get_page_subtitle", "get_context_data"):
        assert callable(getattr(WagtailAdminTemplateMixin, name))


def test_wagtail_admin_templates_are_where_ours_look_for_them() -> None:
    used = r"{% (?:extends|include) \"(wagtailadmin/[^\"]+)\""
    names = {name for path in _templates() for name in re.findall(used, path.read_text())}
    assert names
    for name in names:
        get_template(name)


def test_wagtail_admin_scripts_know_the_controllers_that_ours_name() -> None:
    sources = [path.read_text() for path in _templates()]
    names = {name for text in sources for name in re.findall(r'data-controller="([^"]+)"', text)}
    controllers = {part for name in names for part in name.split()}
    folder = Path(wagtail.admin.__file__).parent / "templates"
    theirs = "".join(path.read_text() for path in folder.rglob("*.html"))
    assert {name for name in controllers if name not in theirs} == set()


def _templates() -> list[Path]:
    return list((PACKAGE / "templates").rglob("*.html"))


def test_wagtail_tables_are_rows_of_cells_that_begin_with_td() -> None:
    (row,) = PhoneTable([Column("size", label="Size & more")], [SimpleNamespace(size="9 cm")]).rows
    (cell,) = row.values()
    said = " ".join(cell.render_html({"request": None, "table": None, "row": row}).split())
    assert said == '<td data-label="Size &amp; more" > 9 cm </td>'
    assert issubclass(PhoneTable, ReportView.table_class) and hasattr(IndexView, "table_class")
