"""`ArticleField`: a page in its own language, fetched at once, and stored as by Wagtail."""

from __future__ import annotations

import copy
import json
import pickle
import threading
from typing import Any

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.fields import StreamField
from wagtail.models import Page, ReferenceIndex

from anodyne_blocks.blocks import ArticleBody, ProductCardBlock, ProductChooserBlock
from anodyne_blocks.context import ArticleContext
from anodyne_blocks.fetching import fetch
from anodyne_blocks.fields import ArticleField, ArticleStreamValue
from anodyne_blocks.models import Product
from tests import factories
from tests.testapp.models import ArticlePage, PlainPage

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of each rendition that it makes to the garbage collector.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]

WAYS = {
    "as variable": "{{ page.body }}",
    "with include_block": "{% include_block page.body %}",
    "block by block": "{% for child in page.body %}{% include_block child %}{% endfor %}",
    "blocks as variables": "{% for child in page.body %}{{ child }}{% endfor %}",
    "the first block": "{{ page.body.0 }}",
}


def render(template: str, **variables: Any) -> str:
    return Template("{% load wagtailcore_tags anodyne_blocks %}" + template).render(
        Context(variables)
    )


def again(page: Any) -> Any:
    """The page as the next request reads it."""
    return type(page).objects.get(pk=page.pk)


def dutch_page(model: Any = ArticlePage) -> Any:
    product = factories.product("nl", "da")
    return factories.page(
        ("product_card", {"product": product.pk, "relationship": "ad"}),
        ("reading_time", {"minutes": 6}),
        language="nl",
        model=model,
    )


def words(language: str, market: str) -> tuple[str, ...]:
    with translation.override(language):
        availability = translation.pgettext("reader", "In stock")
    return factories.TITLES[market], availability


DUTCH, DANISH = words("nl", "nl"), words("da", "da")


class TestLanguage:
    def is_dutch(self, html: str) -> bool:
        assert all(word in html for word in DUTCH), html
        assert not any(word in html for word in DANISH), html
        return "€" in html and "kr" not in html

    @pytest.mark.parametrize("way", WAYS)
    def test_is_that_of_the_page_whatever_the_request_has(self, way: str) -> None:
        page = dutch_page()
        request = RequestFactory().get("/", headers={"accept-language": "da"})
        with translation.override("da"):
            assert self.is_dutch(render(WAYS[way], page=page, request=request))
            assert translation.get_language() == "da"

    def test_is_that_of_the_page_when_it_is_served(self) -> None:
        page = dutch_page()
        with translation.override("da"):
            response = page.serve(RequestFactory().get("/")).render()
        assert response.status_code == 200
        assert self.is_dutch(response.content.decode())

    @pytest.mark.parametrize("way", ["with include_block", "block by block"])
    def test_is_that_of_the_page_in_a_plain_streamfield(self, way: str) -> None:
        page = dutch_page(PlainPage)
        with translation.override("da"):
            assert self.is_dutch(render(WAYS[way], page=page))

    @pytest.mark.parametrize(
        "body",
        [
            "{% include_block article.body %}",
            "{{ article.body }}",
            "{% for child in article.body %}{% include_block child %}{% endfor %}",
            "{% for child in article.body %}{{ child }}{% endfor %}",
            "{% include_block article.body.first_block_by_name.product_card %}",
        ],
    )
    def test_is_its_own_for_each_article_of_a_list(self, body: str) -> None:
        product = factories.product("nl", "da").pk
        card = ("product_card", {"product": product})
        articles = [factories.page(card, language=language) for language in ("nl", "da", "nl")]
        front = factories.home("en")
        listing = "{% for article in articles %}" + body + "|{% endfor %}"
        first, second, third, _end = render(listing, page=front, articles=articles).split("|")
        assert self.is_dutch(first)
        assert all(word in second for word in DANISH)
        assert not any(word in second for word in DUTCH)
        assert self.is_dutch(third)

    def test_of_a_blocks_page_are_its_dates_and_contents_in_a_list(self) -> None:
        article = factories.page(("contents", {}), ("heading", {"text": "What helps"}))
        front = factories.page(("heading", {"text": "The front page"}), title="Front")
        html = render("{% include_block article.body.0 %}", page=front, article=article)
        assert "What helps" in html
        assert "The front page" not in html

    def test_reaches_a_sites_own_blocks(self) -> None:
        class Shout(blocks.StaticBlock):
            def render_basic(self, value: Any, context: Any = None) -> str:
                return translation.get_language()

        class Row(blocks.StructBlock):
            card = ProductCardBlock()

            def render_basic(self, value: Any, context: Any = None) -> str:
                return value["card"].__html__()

        field = ArticleField([("shout", Shout()), ("row", Row())], name="body")
        product = factories.product("nl", "da")
        raw = [
            {"type": "shout", "value": None},
            {"type": "row", "value": {"card": {"product": product.pk}}},
        ]
        value = field.to_python(raw)
        value.page = factories.page(language="nl")
        with translation.override("da"):
            for html in (str(value), value.render_as_block({}), "".join(map(str, value))):
                assert "nl" in html
                assert "Lendenkussen" in html
                assert "Lændepude" not in html

    def test_sixteen_threads_render_each_their_own(self) -> None:
        product = factories.product(*factories.TITLES)
        card = ("product_card", {"product": product.pk})
        pages = [
            factories.page(card, language=language) for language in list(factories.TITLES) * 3
        ][:16]
        for page in pages:
            list(page.body)  # fetched here: the test database is this thread's
        start = threading.Barrier(len(pages))
        htmls: list[str] = [""] * len(pages)

        def work(number: int) -> None:
            start.wait()
            for _ in range(10):
                htmls[number] += render("{% include_block page.body %}", page=pages[number])

        threads = [threading.Thread(target=work, args=(number,)) for number in range(len(pages))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for page, html in zip(pages, htmls, strict=True):
            for language, title in factories.TITLES.items():
                expected = 10 if language == page.locale.language_code else 0
                assert html.count(f">{title}</a>") == expected


class TestStored:
    """What is stored is what Wagtail's own field stores."""

    def test_a_page_given_anothers_body_shows_it_in_its_own_language(self) -> None:
        dutch = dutch_page()
        danish = factories.page(language="da")
        danish.body = dutch.body
        assert all(word in str(danish.body) for word in DANISH)
        assert all(word in str(dutch.body) for word in DUTCH)

    def test_one_value_given_to_two_pages_knows_each(self) -> None:
        value = ArticlePage._meta.get_field("body").to_python(
            [{"type": "product_card", "value": {"product": factories.product("nl", "da").pk}}]
        )
        dutch, danish = factories.page(language="nl"), factories.page(language="da")
        dutch.body = danish.body = value
        first, second = dutch.body, danish.body
        assert all(word in str(first) for word in DUTCH)
        assert all(word in str(second) for word in DANISH)

    def test_a_copied_instance_leaves_the_original_its_page(self) -> None:
        dutch = dutch_page()
        body = dutch.body
        twin = copy.copy(dutch)
        twin.locale = factories.locale("da")
        assert all(word in str(twin.body) for word in DANISH)
        assert all(word in str(body) for word in DUTCH)

    def test_changes_of_a_value_come_along(self) -> None:
        page = factories.page(("heading", {"text": "Old"}))
        page.body[0].value["text"] = "New"
        other = factories.page()
        other.body = page.body
        page.body = page.body
        assert [other.body[0].value["text"], page.body[0].value["text"]] == ["New", "New"]

    def test_values_may_be_set_appended_and_removed(self) -> None:
        page = factories.page(("heading", {"text": "One"}), ("heading", {"text": "Two"}))
        page.body.append(("heading", {"text": "Three"}))
        page.body.insert(0, ("heading", {"text": "Zero"}))
        del page.body[1]
        page.body[1] = ("paragraph", "")  # replaced next: any block may stand anywhere
        page.body[1] = ("heading", {"text": "Zwei"})
        page.save()
        texts = [child.value["text"] for child in again(page).body]
        assert texts == ["Zero", "Zwei", "Three"]

    def test_native_values_may_be_assigned_and_shown_without_saving(self) -> None:
        page = factories.page(language="nl")
        page.body = [
            ("heading", {"text": "Kussens"}),
            ("product_card", {"product": factories.product("nl")}),
            ("faq", {"questions": [{"question": "Why?"}]}),
            ("sources", {"sources": [{"title": "A book"}]}),
            ("byline", {"authors": [{"organisation": "The Magazine"}]}),
        ]
        html = str(page.body)
        for text in ("Kussens", "Lendenkussen", "Why?", "A book", "The Magazine"):
            assert text in html
        page.save()
        assert str(again(page).body) == str(page.body)

    def test_a_word_that_is_no_child_is_refused(self) -> None:
        page = factories.page()
        with pytest.raises(KeyError):
            page.body = [("heading", {"titel": "Kussens"})]

    def test_it_survives_pickling(self) -> None:
        page = dutch_page()
        list(page.body)
        thawed = pickle.loads(pickle.dumps(page))
        with translation.override("da"):
            assert str(thawed.body) == str(page.body)
        assert isinstance(pickle.loads(pickle.dumps(page.body)), ArticleStreamValue)

    def test_it_survives_a_revision(self) -> None:
        page = dutch_page()
        revision = page.save_revision()
        old = revision.as_object()
        assert isinstance(old.body, ArticleStreamValue)
        assert old.body == page.body
        assert str(old.body) == str(page.body)

    def test_it_survives_copies_and_translations(self) -> None:
        page = dutch_page()
        before = again(page).body.get_prep_value()
        copied = page.copy(update_attrs={"slug": "copy", "title": "Copy"})
        assert [c["value"] for c in again(copied).body.get_prep_value()] == [
            c["value"] for c in before
        ]
        factories.home("da")
        danish = page.copy_for_translation(factories.locale("da"))
        assert again(danish).body.get_prep_value() == before
        assert all(word in str(again(danish).body) for word in DANISH)
        assert list(danish.get_translations().specific()) == [again(page)]

    def test_the_database_holds_the_same_json_as_for_a_streamfield(self) -> None:
        block = ("heading", {"text": "A", "level": "2", "anchor": ""})
        pages = [factories.page(block, model=model) for model in (ArticlePage, PlainPage)]
        assert pages[0].body.get_prep_value() == pages[1].body.get_prep_value()
        article, plain = ArticleField(ArticleBody()), StreamField(ArticleBody())
        assert article.deconstruct()[2] == plain.deconstruct()[2]

    @pytest.mark.parametrize("raw", [[], "", None, "not JSON"])
    def test_an_empty_body_is_empty(self, raw: Any) -> None:
        page = factories.page()
        page.body = raw
        assert len(page.body) == 0
        assert list(page.body) == []
        assert not page.body
        assert str(page.body).strip() == ""
        with pytest.raises(IndexError):
            page.body[0]

    def test_an_unknown_block_type_in_the_database_is_left_out(self) -> None:
        page = factories.page(("heading", {"text": "A"}))
        raw = [{"type": "carousel", "value": {"x": 1}, "id": "1"}, *page.body.get_prep_value()]
        with connection.cursor() as cursor:
            table = ArticlePage._meta.db_table
            cursor.execute(f"UPDATE {table} SET body = %s", [json.dumps(raw)])
        assert [child.block_type for child in again(page).body] == ["heading"]

    def test_an_unknown_product_breaks_no_page(self) -> None:
        page = factories.page(
            ("product_card", {"product": 999}),
            ("product_card", {"product": None}),
            ("reviewer", {"person": 999, "reviewed": "2025-10-25"}),
            ("shop_rating", {"rating": 999}),
            ("image", {"image": 999}),
        )
        assert factories.elements(page) == [None] * 5
        assert "anodyne-" not in render("{% include_block page.body %}", page=page)

    def test_usage_of_products_and_people_is_found(self) -> None:
        product, person = factories.product("nl"), factories.person()
        page = factories.page(
            ("product_grid", {"cards": [{"product": product.pk}]}),
            ("reviewer", {"person": person.pk, "reviewed": "2025-10-25"}),
        )
        ReferenceIndex.create_or_update_for_object(page)
        for thing in (product, person):
            (usage,) = ReferenceIndex.get_references_to(thing)
            assert usage.object_id == str(page.pk)

    def test_its_texts_are_found_by_search(self) -> None:
        page = factories.page(
            ("heading", {"text": "What helps"}),
            ("faq", {"questions": [{"question": "Why?", "answer": "<p>Because.</p>"}]}),
        )
        found = ArticlePage._meta.get_field("body").get_searchable_content(page.body)
        assert {"What helps", "Why?", "Because."} <= set(found)

    def test_a_snippet_or_a_page_not_saved_yet_may_hold_it(self) -> None:
        page = ArticlePage(
            title="New", body=[("heading", {"text": "A"}), ("byline", {}), ("share", {})]
        )
        assert "A" in str(page.body)
        assert page.body.page is page


class TestQueries:
    """One query for each kind of thing, however many there are."""

    KINDS = {
        "products": "anodyne_blocks_product",
        "people": "anodyne_blocks_person",
        "ratings": "anodyne_blocks_shoprating",
        "images": "wagtailimages_image",
        "renditions": "wagtailimages_rendition",
    }

    def counts(self, work: Any) -> dict[str, int]:
        """How many queries read each kind first, and how many there are in all."""
        with CaptureQueriesContext(connection) as queries:
            work()
        counts = dict.fromkeys(self.KINDS, 0)
        for query in queries.captured_queries:
            for kind, table in self.KINDS.items():
                counts[kind] += f'FROM "{table}"' in query["sql"].split(" WHERE ")[0]
        return {**counts, "all": len(queries)}

    def page(self, number: int, model: Any = ArticlePage) -> Any:
        """A page with so many cards, grids, authors, ratings and images, each of its own."""
        products = [
            factories.product("nl", "da", image=factories.image(width=1000, height=750))
            for _ in range(number)
        ]
        people = [
            factories.person(f"Author {n}", photo=factories.image(width=400, height=400))
            for n in range(number)
        ]
        image = factories.image(width=2000, height=1000)
        made = factories.page(
            *(("product_card", {"product": product.pk}) for product in products),
            ("product_grid", {"cards": [{"product": product.pk} for product in products]}),
            ("byline", {"authors": [{"person": person.pk} for person in people]}),
            *(("reviewer", {"person": p.pk, "reviewed": "2025-10-25"}) for p in people),
            *(("shop_rating", {"rating": factories.rating().pk}) for _ in range(number)),
            *(("image", {"image": image.pk, "alt_text": "A"}) for _ in range(number)),
            ("contents", {}),
            ("reading_time", {}),
            ("share", {}),
            language="nl",
            model=model,
        )
        factories.elements(made)  # makes the renditions
        return made

    def rendering(self, page: Any) -> dict[str, int]:
        page = type(page).objects.select_related("locale").get(pk=page.pk)
        page.full_url  # noqa: B018  the site's addresses are cached
        return self.counts(lambda: render("{% include_block page.body %}", page=page))

    @pytest.mark.parametrize("number", [1, 4])
    def test_a_page_needs_one_for_each_kind(self, number: int) -> None:
        assert self.rendering(self.page(number)) == {
            "products": 1,
            "people": 1,
            "ratings": 1,
            "images": 1,
            "renditions": 1,
            "all": 5,
        }

    def test_a_plain_streamfield_needs_a_bounded_number(self) -> None:
        one, four = (self.rendering(self.page(number, PlainPage)) for number in (1, 4))
        assert one == four
        assert one["products"] == one["people"] == 2  # cards and grids, authors and reviewers
        assert one["ratings"] == one["images"] == 1

    @pytest.mark.parametrize("number", [1, 10, 50])
    def test_cards_need_one_query_for_products(self, number: int) -> None:
        products = [factories.product("en") for _ in range(number)]
        page = factories.page(
            *(("product_card", {"product": p.pk}) for p in products),
            *(("product_card", {"product": p.pk}) for p in products),
        )
        counts = self.rendering(page)
        assert (counts["products"], counts["all"]) == (1, 1)

    def test_nested_in_a_sites_own_blocks_they_need_one_too(self) -> None:
        class Column(blocks.StructBlock):
            cards = blocks.ListBlock(ProductCardBlock())
            more = blocks.StreamBlock([("card", ProductCardBlock())])
            favourite = ProductChooserBlock()

        field = ArticleField([("card", ProductCardBlock()), ("column", Column())], name="body")
        products = [factories.product("en").pk for _ in range(5)]
        cards = [{"product": pk} for pk in products]
        raw = [
            {"type": "card", "value": cards[0]},
            {
                "type": "column",
                "value": {
                    "cards": cards[1:3],
                    "more": [{"type": "card", "value": cards[3]}],
                    "favourite": products[4],
                },
            },
        ]
        value = field.to_python(raw)
        value.page = ArticlePage(locale=factories.locale("en"))
        counts = self.counts(lambda: str(value))
        assert (counts["products"], counts["all"]) == (1, 1)
        assert value[1].value["favourite"].pk == products[4]

    def test_a_chooser_where_fetching_does_not_look_finds_its_product_all_the_same(self) -> None:
        table = TypedTableBlock([("product", ProductChooserBlock())])
        field = ArticleField([("card", ProductCardBlock()), ("table", table)], name="body")
        first, second = factories.product("en"), factories.product("en")
        raw = [
            {"type": "card", "value": {"product": first.pk}},
            {
                "type": "table",
                "value": {
                    "columns": [{"type": "product", "heading": "Product"}],
                    "rows": [{"values": [first.pk]}, {"values": [second.pk]}],
                },
            },
        ]
        value = field.to_python(raw)
        value.page = ArticlePage(locale=factories.locale("en"))
        rows = [[cell.value for cell in row] for row in value[1].value.rows]
        assert rows == [[first], [second]]

    def test_many_pages_may_be_fetched_together(self) -> None:
        pages = [
            factories.page(
                ("product_card", {"product": factories.product("en", "nl").pk}), language=language
            )
            for language in ("en", "nl", "en")
        ]
        pages = list(
            ArticlePage.objects.select_related("locale").filter(pk__in=[p.pk for p in pages])
        )
        bodies = [page.body for page in pages]
        counts = self.counts(lambda: (fetch(bodies), [str(body) for body in bodies]))
        assert (counts["products"], counts["all"]) == (1, 1)

    def test_only_the_offers_of_the_pages_market_are_fetched(self) -> None:
        page = factories.page(
            ("product_card", {"product": factories.product("en", "nl", "da").pk}), language="nl"
        )
        product = page.body[0].value["product"]
        assert list(product.fetched_offers) == ["nl"]
        assert product.offer_in("da").title == "Lændepude"

    def test_nothing_is_fetched_before_a_block_is_asked_for(self) -> None:
        page = self.page(1)
        read = self.counts(lambda: len(again(page).body) and again(page).body.get_prep_value())
        assert read["all"] == 2  # the page itself, twice

    def test_values_that_are_there_already_are_not_fetched(self) -> None:
        page = factories.page(language="nl")
        page.body = [("product_card", {"product": factories.product("nl")})]
        assert page.locale.language_code == "nl"
        assert self.counts(lambda: list(page.body))["all"] == 0

    def test_a_translated_person_brings_the_translations_photo(self) -> None:
        ada = factories.person(photo=factories.image())
        factories.translation(ada, "nl", job_title="Fysiotherapeut", photo=factories.image())
        page = factories.page(
            ("reviewer", {"person": ada.pk, "reviewed": "2025-10-25"}), language="nl"
        )
        factories.elements(page)
        counts = self.rendering(page)
        assert counts == {
            "products": 0,
            "people": 1,
            "ratings": 0,
            "images": 0,
            "renditions": 1,
            "all": 2,
        }

    def test_profile_pages_come_with_their_people(self) -> None:
        def page(number: int) -> Any:
            people = [
                factories.person(f"Author {n}", profile_page=factories.page(language="nl"))
                for n in range(number)
            ]
            return factories.page(
                ("byline", {"authors": [{"person": p.pk} for p in people]}), language="nl"
            )

        assert self.rendering(page(1))["all"] == self.rendering(page(5))["all"]


class TestPlacements:
    def test_what_is_laid_on_one_placements_product_shows_on_no_other(self) -> None:
        product = factories.product("en")
        page = factories.page(*[("product_card", {"product": product.pk})] * 2)
        first, second = (child.value["product"] for child in page.body)
        assert first == second
        first.name = "Another name"
        assert second.name == product.name
        assert Product.objects.get().name == product.name


class TestAPI:
    """API v2: the children as stored, and what the reader gets."""

    def body(self, client: Any, page: Page, **headers: str) -> Any:
        response = client.get(f"/api/v2/pages/{page.pk}/", headers=headers)
        assert response.status_code == 200
        return response.json()["body"]

    def full_page(self, model: Any = ArticlePage) -> Any:
        product = factories.product("nl", "da", image=factories.image())
        product.offers.filter(market="nl").update(**factories.reduction("nl"))
        ada = factories.person(photo=factories.image())
        return factories.page(
            ("standfirst", {"text": "Sitting still is."}),
            ("byline", {"authors": [{"person": ada.pk}]}),
            ("reading_time", {}),
            ("contents", {}),
            ("heading", {"text": "What helps"}),
            ("paragraph", {"text": "<p>Change.</p>"}),
            ("image", {"image": factories.image().pk, "alt_text": "A chair"}),
            ("product_card", {"product": product.pk}),
            ("product_grid", {"cards": [{"product": product.pk}]}),
            ("shop_rating", {"rating": factories.rating().pk}),
            ("faq", {"questions": [{"question": "Why?", "answer": "<p>So.</p>"}]}),
            ("sources", {"sources": [{"title": "A book", "doi": "10.1000/182"}]}),
            ("reviewer", {"person": ada.pk, "reviewed": "2025-10-25"}),
            ("share", {}),
            language="nl",
            model=model,
        )

    def test_every_block_holds_its_element(self, client: Any) -> None:
        page = self.full_page()
        body = self.body(client, page)
        assert [block["type"] for block in body] == list(ArticleBody().child_blocks)
        elements = factories.elements(again(page))
        for block, element in zip(body, elements, strict=True):
            assert element is not None, block["type"]
            assert block["value"]["resolved"] == element.model_dump(mode="json"), block["type"]

    @pytest.mark.parametrize("model", [ArticlePage, PlainPage])
    def test_the_children_stay_as_wagtail_has_them(self, client: Any, model: Any) -> None:
        page = self.full_page(model)
        wagtails = {
            child.block_type: blocks.StructBlock.get_api_representation(child.block, child.value)
            for child in again(page).body
        }
        for block in self.body(client, page):
            kind, value = block["type"], dict(block["value"])
            assert isinstance(value.pop("resolved", 0), (dict, type(None))), kind
            assert set(value) == set(page.body.stream_block.child_blocks[kind].child_blocks)
            if kind != "product_grid":  # its cards hold elements of their own
                assert value == json.loads(json.dumps(wagtails[kind], default=str))

    def test_the_language_is_that_of_the_page(self, client: Any) -> None:
        with translation.override("da"):
            body = self.body(client, self.full_page(), **{"accept-language": "da"})
        resolved = {block["type"]: block["value"]["resolved"] for block in body}
        assert {element["language"] for element in resolved.values()} == {"nl"}
        card = resolved["product_card"]
        assert card["title"] == "Lendenkussen"
        assert card["price"] == {
            "amount": "39.75",
            "currency": "EUR",
            "formatted": "€\xa039,75",
        }
        assert card["badges"][0]["text"] == "−25%"

    def test_a_plain_streamfield_answers_in_the_active_language(self, client: Any) -> None:
        page = self.full_page(PlainPage)
        resolved = {
            block["type"]: block["value"]["resolved"]
            for block in self.body(client, page, **{"accept-language": "da"})
        }
        assert resolved["product_card"]["title"] == "Lændepude"
        assert resolved["product_card"]["language"] == "da"
        # It does not know its page, and makes nothing up.
        assert resolved["reading_time"] is None
        assert resolved["contents"] is None

    def test_a_block_that_shows_nothing_says_so(self, client: Any) -> None:
        page = factories.page(("product_card", {"product": factories.product("nl").pk}))
        (block,) = self.body(client, page)
        assert block["value"]["resolved"] is None


def test_a_given_context_is_kept_for_its_own_page() -> None:
    page = factories.page(("product_card", {"product": factories.product("en").pk}))
    given = ArticleContext.for_page(page)
    html = render("{% include_block page.body %}", page=page, article_context=given)
    assert "outline" in vars(given)
    assert html == render("{% include_block page.body %}", page=page)
