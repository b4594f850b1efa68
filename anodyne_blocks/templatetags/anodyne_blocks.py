"""`{% load anodyne_blocks %}`: stylesheet, script, and facts about a page."""

from __future__ import annotations

from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from anodyne_blocks.article import Article
from anodyne_blocks.article.rendering import html_of_element
from anodyne_blocks.article.walking import stylesheets_of
from anodyne_blocks.blocks.base import article_of
from anodyne_blocks.blocks.byline import reading_time_element
from anodyne_blocks.elements import Element, ReadingTime
from anodyne_blocks.json_ld import page_json_ld, script

register = template.Library()


def _variables(context: Any) -> dict[str, Any]:
    """All variables of a template of Django's, or of Jinja2's (see `jinja2tags`)."""
    is_django = isinstance(context, template.Context)
    variables: dict[str, Any] = context.flatten() if is_django else context.get_all()
    return variables


STYLESHEET = "anodyne_blocks/anodyne.css"
# The parts that only some elements need: their blocks name them in `Meta.stylesheets`.
PARTS = ("anodyne_blocks/deciding.css", "anodyne_blocks/passages.css")


@register.simple_tag(takes_context=True)
def anodyne_css(context: Any, *parts: str) -> SafeString:
    """The stylesheet's link elements, for the page's head.

    Linked are the parts that the elements of the variable `page` need, and all where there is no
    page. Name other parts where a template shows elements that are not the page's own.
    """
    page = _variables(context).get("page")
    needed = stylesheets_of(page) if hasattr(page, "_meta") else PARTS
    paths = dict.fromkeys((STYLESHEET, *needed, *parts))
    links = ((static(path),) for path in paths)
    return format_html_join("", '<link rel="stylesheet" href="{}">', links)


@register.simple_tag
def anodyne_js() -> SafeString:
    """The optional script: share sheet, copied links, print fallback. Elements work without."""
    return format_html('<script src="{}" defer></script>', static("anodyne_blocks/anodyne.js"))


@register.simple_tag(takes_context=True)
def reading_time(context: template.Context, page: Any = None) -> ReadingTime | None:
    """A page's reading time: `{% reading_time page as time %}{{ time.text }}`."""
    if page is None:
        return reading_time_element(Article.found_in(_variables(context)))
    return reading_time_element(Article.for_page(page, context.get("request")))


@register.simple_tag(takes_context=True)
def element(context: template.Context, element: Element) -> SafeString:
    """An element that stands in another, through its own template: `{% element card %}`."""
    variables = {**_variables(context), "element": element}
    template = f"anodyne_blocks/{element.type}.html"
    return html_of_element(template, Article.found_in(variables), variables)


@register.simple_tag(takes_context=True)
def anchor(context: template.Context, block: Any) -> str:
    """Where links to the heading of a site's own block lead: `<h2 id="{% anchor block %}">`."""
    article = article_of(block, context.flatten())
    with article.speaking():
        headings = article.outline.own_headings(article.outline.owner(block))
    return headings[0].anchor if headings else ""


@register.simple_tag(takes_context=True)
def loading(context: template.Context, block: Any) -> str:
    """How images of a site's own block load, "eager" or "lazy": `{% loading block as how %}`."""
    article = article_of(block, context.flatten())
    with article.speaking():
        return article.outline.loading(article.outline.owner(block))


@register.simple_tag(takes_context=True)
def article_json_ld(context: template.Context, page: Any) -> SafeString:
    """The page's structured data as one script element: `{% article_json_ld page %}`."""
    return script(page_json_ld(page, context.get("request")))
