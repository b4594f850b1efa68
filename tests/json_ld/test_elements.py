"""What each element says in structured data, and what it keeps to itself."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from tests import factories
from tests.json_ld.pages import full_page, node, nodes, question, reduced, reviewer, whole

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of each rendition that it makes to the garbage collector.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]


class TestPeople:
    def test_a_reviewer_is_known_and_proven(self) -> None:
        person = node(full_page(), "Person")
        assert person["name"] == "Dr. Ada Holm"
        assert person["honorificSuffix"] == "MD, PhD"
        assert person["jobTitle"] == "reumatoloog"
        assert person["worksFor"] == {"@type": "Organization", "name": "Instituut Voorbeeld"}
        assert person["sameAs"] == ["https://register.example/4711"]
        assert person["description"] == "Werkt met ruggen. Al lang."
        assert person["hasCredential"] == [
            {"@type": "EducationalOccupationalCredential", "name": "MD"},
            {"@type": "EducationalOccupationalCredential", "name": "PhD"},
            {
                "@type": "EducationalOccupationalCredential",
                "name": "Registratienummer: 19-4711",
                "credentialCategory": "license",
            },
        ]

    def test_who_writes_and_reviews_is_one_person(self) -> None:
        page = full_page()
        person = {"@id": node(page, "Person")["@id"]}
        assert person in node(page, "Article")["author"]
        assert whole(page)["reviewedBy"] == [person]
        assert whole(page)["lastReviewed"] == "2025-10-25"
        assert "reviewedBy" not in node(page, "Article")

    def test_the_last_of_several_reviews_counts(self) -> None:
        boxes = [
            ("reviewer", {"person": reviewer(name=name).pk, "reviewed": day})
            for name, day in (("A", "2025-03-01"), ("B", "2025-09-01"), ("C", "2025-06-01"))
        ]
        page = factories.page(*boxes, language="nl")
        said = whole(page)
        assert (len(said["reviewedBy"]), said["lastReviewed"]) == (3, "2025-09-01")

    def test_an_author_may_be_an_organisation(self) -> None:
        names = {found["name"] for found in nodes(full_page(), "Organization")}
        assert "Acme & Zonen" in names


class TestQuestions:
    def test_several_blocks_make_one_faq(self) -> None:
        page = full_page()
        questions = node(page, "FAQPage")["mainEntity"]
        assert [asked["name"] for asked in questions] == ["Mag ik zitten?", "Hoe lang?"]
        assert questions[0]["@id"] == f"{page.full_url}#mag-ik-zitten"

    def test_links_of_an_answer_lead_somewhere_from_anywhere(self) -> None:
        links = (
            '<p><a href="/nl/a/?b=1&amp;c=2">1</a><a href="#bron">2</a>'
            '<a href="https://a.example/">3</a><a href="mailto:a@b.example">4</a></p>'
        )
        page = factories.page(("faq", {"questions": [question("Q?", links)], "is_faq_page": True}))
        (asked,) = node(page, "FAQPage")["mainEntity"]
        assert asked["acceptedAnswer"]["text"] == (
            '<p><a href="http://localhost/nl/a/?b=1&amp;c=2">1</a>'
            f'<a href="{page.full_url}#bron">2</a>'
            '<a href="https://a.example/">3</a><a href="mailto:a@b.example">4</a></p>'
        )

    def test_are_no_faq_unless_the_editor_says_so(self) -> None:
        page = factories.page(("faq", {"questions": [question("Q?")], "is_faq_page": False}))
        assert nodes(page, "FAQPage") == []

    def test_without_an_answer_say_nothing(self) -> None:
        page = factories.page(
            ("faq", {"questions": [question("Q?", "<p></p>")], "is_faq_page": True})
        )
        assert nodes(page, "FAQPage") == nodes(page, "Question") == []


class TestIds:
    def test_two_things_never_share_one(self) -> None:
        """A question “Article?”, and organisations whose names are one word list."""
        names = [{"organisation": name} for name in ("A & B", "A B", "A-B")]
        asked = [question(f"{word}?") for word in ("Article", "Faq", "Breadcrumb", "Product 1")]
        page = factories.page(
            ("byline", {"authors": names}), ("faq", {"questions": asked, "is_faq_page": True})
        )
        said = nodes(page, "Organization")
        assert [one["name"] for one in said] == ["A & B", "A B", "A-B"]
        made = [one["@id"] for kind in KINDS for one in nodes(page, kind)]
        assert len(made) == len(set(made)) == 3 + 4 + 2


KINDS = ("Organization", "Question", "Article", "FAQPage")


class TestSources:
    def test_say_which_work_they_are(self) -> None:
        page = full_page()
        article, website = node(page, "Article")["citation"]
        assert article == {
            "@type": "ScholarlyArticle",
            "@id": article["@id"],
            "name": "Prevention and treatment of low back pain",
            "creditText": "Foster NE, Anema JR, et al.",
            "datePublished": "2018",
            "isPartOf": {"@type": "Periodical", "name": "The Lancet"},
            "url": "https://doi.org/10.1016/S0140-6736(18)30489-6",
            "sameAs": [
                "https://doi.org/10.1016/S0140-6736(18)30489-6",
                "https://pubmed.ncbi.nlm.nih.gov/29573872/",
            ],
        }
        assert website["@type"] == "WebPage"
        assert article["@id"].startswith(f"{page.full_url}#")


class TestProducts:
    def card(self, product: Any, **said: Any) -> Any:
        return factories.page(("product_card", {"product": product.pk, **said}), language="nl")

    def test_have_the_offer_and_the_struck_price_of_the_card(self) -> None:
        page = self.card(reduced())
        (card,) = factories.elements(page)
        offer = node(page, "Product")["offers"]
        assert offer == {
            "@type": "Offer",
            "price": "39.75",
            "priceCurrency": "EUR",
            "url": card.link.url,
            "availability": "https://schema.org/InStock",
            "priceSpecification": {
                "@type": "UnitPriceSpecification",
                "price": "53.00",
                "priceCurrency": "EUR",
                "priceType": "https://schema.org/StrikethroughPrice",
            },
        }

    def test_say_what_the_shop_says_of_them_without_a_campaign(self, settings: Any) -> None:
        settings.ANODYNE_BLOCKS = {**settings.ANODYNE_BLOCKS, "UTM": {"ref": "magazine"}}
        product = factories.product()
        factories.offer(
            product,
            "nl",
            url="https://shop.example/nl/cushion?utm_source=shop&colour=red",
            sku="LK-1",
            gtin="4006381333931",
            brand="Atlas & Axis",
            condition="used",
            unit_price=Decimal("13.25"),
            unit_measure="100 ml",
        )
        product.image = factories.image()
        product.save()
        said = node(self.card(product), "Product")
        assert said["url"] == said["offers"]["url"] == "https://shop.example/nl/cushion?colour=red"
        assert (said["sku"], said["gtin13"]) == ("LK-1", "4006381333931")
        assert said["brand"] == {"@type": "Brand", "name": "Atlas & Axis"}
        assert said["offers"]["itemCondition"] == "https://schema.org/UsedCondition"
        assert said["offers"]["priceSpecification"] == {
            "@type": "UnitPriceSpecification",
            "price": "13.25",
            "priceCurrency": "EUR",
            "referenceQuantity": {
                "@type": "QuantitativeValue",
                "value": "100",
                "unitCode": "MLT",
            },
        }
        factories.change_offer(product, "nl", condition="new")
        said = node(self.card(product), "Product")
        assert said["offers"]["itemCondition"] == "https://schema.org/NewCondition"

    def test_have_the_rating_of_the_card(self) -> None:
        assert node(self.card(reduced()), "AggregateRating") == {
            "@type": "AggregateRating",
            "ratingValue": 4.6,
            "bestRating": 5,
            "ratingCount": 212,
        }
        uncounted = self.card(reduced(rating_count=None))
        assert nodes(uncounted, "AggregateRating") == []

    def test_are_mentioned_by_the_article(self) -> None:
        page = self.card(reduced())
        mentioned = node(page, "Article")["mentions"]
        assert mentioned == [{"@id": node(page, "Product")["@id"]}]

    def test_are_told_once_with_the_first_cards_words(self) -> None:
        product = reduced()
        cards = [("product_card", {"product": product.pk, "title": name}) for name in ("A", "B")]
        page = factories.page(*cards, language="nl")
        assert node(page, "Product")["name"] == "A"
        assert len(node(page, "Article")["mentions"]) == 1

    def test_without_a_picture_are_none(self) -> None:
        """Google wants one of whatever can be bought."""
        assert nodes(self.card(factories.product("nl")), "Product") == []

    @pytest.mark.parametrize(
        "fields",
        [
            {"price": None},
            {"url": ""},
            {"checked_at": datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)},
            {"withdrawn_at": datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)},
        ],
        ids=["no price", "no address", "stale", "withdrawn"],
    )
    def test_without_a_price_to_pay_are_none(self, fields: dict[str, Any]) -> None:
        product = factories.from_shop(image=factories.image(width=60, height=45))
        factories.offer(product, "nl", **fields)
        page = self.card(product)
        assert factories.elements(page)[0] is not None
        assert nodes(page, "Product") == []
        assert "mentions" not in node(page, "Article")

    def test_no_shop_rates_itself(self) -> None:
        page = factories.page(("shop_rating", {"rating": factories.rating().pk}))
        assert factories.elements(page)[0] is not None
        assert nodes(page, "AggregateRating") == []
