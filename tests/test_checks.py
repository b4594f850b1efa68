"""System checks: what is wrong in the settings or in a theme is told, with what to do."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from wagtail import blocks
from wagtail.models import Page, Site

from anodyne_blocks import conf
from anodyne_blocks.checks import CHECKS_OF_KEYS
from anodyne_blocks.checks.values import NUMBERS
from anodyne_blocks.pricing.rules import PriceRule
from anodyne_blocks.shops.base import Shop
from tests.testapp.models import PlainPage

NL = {"LOCALES": ["nl"], "CURRENCY": "EUR"}
DUMMY = "anodyne_blocks.shops.dummy.Dummy"


class NotARule:
    """Stands for a class that is no price rule."""


class StrictShop(Shop):
    """A shop that needs an option."""

    def __init__(self, alias: str, *, token: str) -> None:
        super().__init__(alias)


def markets(**market: Any) -> dict[str, Any]:
    return {"MARKETS": {"nl": {**NL, **market}}}


def of_sites(*sites: list[str]) -> dict[str, Any]:
    """A setting with a Dutch market for each of these SITES."""
    return {"MARKETS": {f"nl{n}": {**NL, "SITES": names} for n, names in enumerate(sites)}}


def shops(**shop: Any) -> dict[str, Any]:
    return {"SHOPS": {"webshop": {"BACKEND": DUMMY, **shop}}}


def told(**options: Any) -> dict[str, Any]:
    """A setting with one receiver of change events."""
    receiver = {"URL": "https://front.example/changed", "SECRET": "x" * 24, **options}
    return {"CHANGE_EVENTS": {"front": receiver}}


def feed(**options: Any) -> dict[str, Any]:
    """A setting with one merchant feed and these options beside its location."""
    backend = "anodyne_blocks.shops.merchant_feed.MerchantFeed"
    return shops(BACKEND=backend, OPTIONS={"location": "feed.xml", **options})


def own_blocks(said: Any, key: Any = "link") -> dict[str, Any]:
    """A setting that says something of a block; people have some by the name `link`."""
    return {"OWN_BLOCKS": {key: said}}


UNUSED = "tests.article.test_own_blocks.HeadingBlock"


def messages(**options: Any) -> dict[str, Any]:
    """{id without the app's name: message} of this package's messages."""
    everything = run_checks(**options)
    found = [message for message in everything if message.id.startswith("anodyne_blocks.")]
    return {message.id.partition(".")[2]: message for message in found}


WRONG = [
    ([], "E001", "must be a dictionary, not list", "leave it out"),
    ({"STALE_PRIZE": "hide"}, "W001", "'STALE_PRIZE'", "STALE_PRICE"),
    ({"MARKETS": ["nl"]}, "E002", "ANODYNE_BLOCKS['MARKETS']", "Settings"),
    ({"MARKETS": {"nl": "EUR"}}, "E002", "ANODYNE_BLOCKS['MARKETS']['nl']", "Settings"),
    ({"UTM": "utm_source=a"}, "E002", "['UTM']", "Settings"),
    ({"READING_SPEEDS": 220}, "E002", "['READING_SPEEDS']", "Settings"),
    ({"IMAGE_SIZES": ["max-1x1"]}, "E002", "['IMAGE_SIZES']", "Settings"),
    ({"IMAGE_SIZES": {"product": "max-1x1"}}, "E002", "['product']", "Settings"),
    ({"SHOPS": [DUMMY]}, "E002", "['SHOPS']", "Settings"),
    ({"SHOPS": {"webshop": DUMMY}}, "E002", "['webshop']", "Settings"),
    (shops(OPTIONS=["a"]), "E002", "['OPTIONS']", "Settings"),
    (markets(PRICE_RULE_OPTIONS=[]), "E002", "['PRICE_RULE_OPTIONS']", "Settings"),
    ({"MARKETS": {"n" * 31: NL}}, "E003", "'nnnn", "1 to 30 characters"),
    ({"SHOPS": {"": {"BACKEND": DUMMY}}}, "E003", "key ''", "1 to 50 characters"),
    ({"MARKETS": {"nl": {"CURRENCY": "EUR"}}}, "E004", "has no LOCALES", '"LOCALES": ["nl"]'),
    ({"MARKETS": {"nl": {"LOCALES": ["nl"]}}}, "E004", "has no CURRENCY", '"CURRENCY": "EUR"'),
    (markets(CURRENCIES="EUR"), "W002", "'CURRENCIES'", "CURRENCY, LOCALES"),
    (markets(CURRENCY="Euro"), "E005", "'Euro'", "ISO 4217"),
    (markets(CURRENCY=["EUR"]), "E005", "['EUR']", "ISO 4217"),
    (markets(COUNTRY="nl"), "E020", "'nl'", "“NL”"),
    (markets(COUNTRY=31), "E020", "31", "ISO 3166"),
    (markets(LOCALES="nl"), "E006", "not 'nl'", '["nl"]'),
    (markets(LOCALES=[]), "E006", "not []", '["nl"]'),
    ({"MARKETS": {"nl": NL, "be": NL}}, "E007", "'nl' is in the LOCALES", "one of them"),
    (markets(LOCALES=["nl", "is"]), "W003", "'is'", "nb, nl"),
    (markets(SITES="shop.example"), "E030", "not 'shop.example'", '["shop.example"]'),
    (markets(SITES=[]), "E030", "not []", "leave SITES out"),
    (markets(SITES=["https://shop.example/"]), "E030", "https", "without https:// and path"),
    (markets(SITES=["shop.example:99999"]), "E030", "99999", ":8000"),
    (of_sites(["a.example"], ["a.example"]), "E007", "on one site", "SITES of their own"),
    (of_sites(["b.example", "a.example"], ["A.example:8000"]), "E007", "on one site", "SITES"),
    (markets(PRICE_RULE="nowhere.Rule"), "E008", "nowhere", "anodyne_blocks.pricing.rules.EU"),
    (markets(PRICE_RULE=None), "E008", "None", "anodyne_blocks.pricing.rules.EU"),
    (markets(PRICE_RULE="tests.test_checks.NotARule"), "E008", "no subclass", "dotted path"),
    (markets(PRICE_RULE_OPTIONS={"dais": 60}), "E009", "dais", "Price rules"),
    (markets(PRICE_RULE_OPTIONS={"days": 0}), "E009", "days must be", "Price rules"),
    (shops(BACKEND="nowhere.Shop"), "E010", "nowhere", "dotted path"),
    (shops(BACKEND="tests.test_checks.NotARule"), "E010", "no subclass", "dotted path"),
    (shops(BACKEND=None), "E010", "", "dotted path"),
    (shops(OPTIONS={"tokn": 1}), "E011", "'tokn' is unknown", "Dummy takes"),
    (shops(BACKEND="tests.test_checks.StrictShop"), "E011", "'token' is missing", "takes: token"),
    (feed(total_seconds="9"), "E011", "'total_seconds' must be a number", "takes: allow_hosts"),
    (feed(max_bytes=-1), "E011", "'max_bytes' must be a number, 0 or more", "takes"),
    (feed(allow_private="no"), "E011", "'allow_private' must be True or False, not str", "takes"),
    (feed(allow_hosts="shop.example"), "E011", "'allow_hosts' must be a list", "takes"),
    (feed(headers="x"), "E011", "'headers' must be a dict", "takes"),
    ({"STALE_PRICE": "show"}, "E012", "'show'", '"date" or "hide"'),
    ({"WITHDRAWN_PRODUCT": False}, "E012", "False", '"notice" or "hide"'),
    ({"STALE_AFTER_HOURS": "48"}, "E013", "'48'", "48"),
    ({"SOURCES_OPEN_UP_TO": -1}, "E013", "-1", "8"),
    ({"RATING_MAX_AGE_DAYS": True}, "E013", "True", "90"),
    ({"RATING_MAX_AGE_DAYS": 10**15}, "E013", "1000000000000000", "0 to 36500"),
    ({"REFRESH_MINUTES": 0}, "E013", "is 0.", "from 1 to 52560000, such as 30"),
    ({"REFRESH_MINUTES": 0.001}, "E013", "0.001", "from 1 to"),
    ({"REFRESH_MINUTES": float("nan")}, "E013", "nan", "from 1 to"),
    ({"REFRESH_MINUTES_UNUSED": 0}, "E013", "is 0.", "1440"),
    ({"REFRESH_MINUTES_UNUSED": float("inf")}, "E013", "inf", "from 1 to"),
    ({"REFRESH_MINUTES_UNUSED": 10**400}, "E013", "10000", "from 1 to"),
    ({"STALE_AFTER_HOURS": 0}, "E013", "is 0.", "from 0.1 to 876000"),
    ({"SOURCES_OPEN_UP_TO": float("nan")}, "E013", "nan", "from 0 to"),
    ({"SHARE_NETWORKS": ["email", "myspace"]}, "E014", "'myspace'", "whatsapp"),
    ({"SHARE_NETWORKS": "email"}, "E014", "'email'", "a list"),
    ({"SOURCES_STYLE": "nowhere.csl"}, "E023", "nowhere.csl", "anodyne-blocks[csl]"),
    ({"SOURCES_STYLE": 7}, "E023", "is 7", "name of a style"),
    ({"SOURCES_CONTACT": "Web\r\nX: y"}, "E024", "X: y", "web@shop.example"),
    ({"SOURCES_CHECK_DAYS": 0}, "E013", "is 0.", "from 1 to 36500, such as 30"),
    ({"UTM": {"utm_source": 1}}, "E015", "no text", "utm_medium"),
    ({"READING_SPEEDS": {"en": 0}}, "E016", "0 for 'en'", "words per minute"),
    ({"READING_SPEEDS": {"en": float("nan")}}, "E016", "nan for 'en'", "1 to 10000"),
    ({"READING_SPEEDS": {"en": 10**15}}, "E016", "for 'en'", "1 to 10000"),
    ({"IMAGE_SIZES": {"prodct": {}}}, "W004", "'prodct'", "portrait"),
    ({"IMAGE_SIZES": {"product": {"large": "maxi-9x9"}}}, "E017", "['large']", "max-480x480"),
    ({"IMAGE_SIZES": {"product": {"large": 960}}}, "E017", "960", "max-480x480"),
    ({"JSON_LD_PAGE_TYPE": "Medical page"}, "E018", "'Medical page'", "“WebPage”"),
    ({"JSON_LD_ARTICLE_TYPE": None}, "E018", "None", "“Article”"),
    ({"CHANGE_EVENTS": []}, "E002", "['CHANGE_EVENTS']", "Settings"),
    ({"CHANGE_EVENTS": {"": {}}}, "E060", "['CHANGE_EVENTS']", "1 to 50"),
    (told(URL="front.example"), "E061", "['front']['URL']", "https://"),
    (told(URL="http://front.example/"), "E061", "not encrypted", "https://"),
    (told(URL="https://[::1"), "E061", "no address", "https://"),
    (told(URL="http://127.0.0.1:8000/"), "E061", "this machine", "ALLOW_PRIVATE"),
    (told(SECRET="too short"), "E062", "24 bytes", "whsec_"),
    (told(SECRET="whsec_no base64, however long it may be"), "E062", "24 bytes", "whsec_"),
    (told(EVERY_SECONDS="60"), "E063", "'60'", "whole number"),
    (told(PATH="/"), "W060", "'PATH'", "EVERY_SECONDS"),
    ({"CACHE_TAGS": {"HEADERS": "Cache-Tag"}}, "E064", "'Cache-Tag'", "a list"),
    ({"CACHE_TAGS": {"PREFIX": "two words"}}, "E065", "'two words'", "letters"),
    ({"CACHE_TAGS": {"HEADERS": ["Cache-Tag"]}}, "W062", "nothing sets them", "MIDDLEWARE"),
    ({"CACHE_TAGS": {"HEADER": "Cache-Tag"}}, "W061", "'HEADER'", "HEADERS"),
    ({"PRICES_FOR_ORIGINS": "*"}, "E066", "'*'", "a list"),
    ({"PRICES_FOR_ORIGINS": ["https://front.example/"]}, "E066", "example/'", "without a path"),
    ({"PRICES_FOR_ORIGINS": ["https://front.example:port"]}, "E066", "port'", "without a path"),
    ({"JSON_LD_BUILDERS": []}, "E002", "['JSON_LD_BUILDERS']", "Settings"),
    ({"JSON_LD_BUILDERS": {"faq": "nowhere.faq"}}, "E019", "nowhere", "a function"),
    ({"JSON_LD_BUILDERS": {"faq": "tests.test_checks.NL"}}, "E019", "is no function", "dotted"),
    ({"OWN_BLOCKS": ["link"]}, "E002", "['OWN_BLOCKS']", "Settings"),
    (own_blocks("text"), "E002", "['link']", "Settings"),
    (own_blocks({}, "lnk"), "W050", "['lnk']", "Names: link"),
    (own_blocks({}, 7), "W050", "[7]", "Names: "),
    (own_blocks({}, "nowhere.Block"), "E050", "nowhere", "dotted path"),
    (own_blocks({}, "tests.test_checks.NotARule"), "E050", "no block", "dotted path"),
    (own_blocks({}, "anodyne_blocks.blocks.FAQBlock"), "E050", "an element", "dotted path"),
    (own_blocks({"headin": True}), "E051", "'headin'", "heading, anchor, level, read, images"),
    (own_blocks({"heading": 2}), "E051", "['heading'] is 2", "the child that is a heading"),
    (own_blocks({"level": 7}), "E051", "['level'] is 7", "from 2 to 6"),
    (own_blocks({"read": "text"}), "E051", "['read'] is 'text'", "a list"),
    (own_blocks({"images": "yes"}), "E051", "['images'] is 'yes'", "True"),
    (
        own_blocks({"heading": "txt"}),
        "E052",
        "['heading']: the block has no child 'txt'",
        "text, url",
    ),
    (own_blocks({"read": ["text", "a"]}), "E052", "no child 'a'", "text, url"),
    (own_blocks({"heading": "a"}, "wagtail.blocks.CharBlock"), "E052", "'a'", "no children"),
    (own_blocks({"level": "a"}, UNUSED), "E052", "no child 'a'", "size"),
]


@pytest.mark.parametrize(("value", "id", "message", "hint"), WRONG)
def test_what_is_wrong_is_told_with_what_to_do(settings, value, id, message, hint):
    settings.ANODYNE_BLOCKS = value
    found = messages()
    assert list(found) == [id]
    assert message in found[id].msg
    assert hint in found[id].hint


def test_every_message_says_where_and_what(settings):
    for value, id, _message, _hint in WRONG:
        settings.ANODYNE_BLOCKS = value
        assert "ANODYNE_BLOCKS" in messages()[id].msg


def test_every_key_is_checked():
    assert set(CHECKS_OF_KEYS) == set(conf.DEFAULTS)


def test_one_mistake_hides_no_other(settings):
    settings.ANODYNE_BLOCKS = {
        "MARKETS": {"nl": {"LOCALES": ["nl"], "CURRENCY": "Euro", "PRICE_RULE": "nowhere.Rule"}},
        "STALE_PRICE": "show",
    }
    assert set(messages()) == {"E005", "E008", "E012"}


def test_wrong_settings_stop_a_command_with_the_message(settings, capsys):
    settings.ANODYNE_BLOCKS = {"MARKETS": {"nl": {}}}
    with pytest.raises(CommandError, match=r"anodyne_blocks\.E004.*has no LOCALES"):
        call_command("check")


GOOD = [
    {},
    dict(conf.DEFAULTS),
    shops(OPTIONS={"products": {}}),
    markets(COUNTRY="NL", PRICE_RULE="anodyne_blocks.pricing.rules.NL"),
    {"IMAGE_SIZES": {"product": {"huge": "max-2000x2000|format-webp"}}, "UTM": {"utm_source": "a"}},
    of_sites(["a.example"], ["b.example:8000", "b.example"], ["c.example:80"], ["c.example:8000"]),
    {"MARKETS": {**of_sites(["a.example"])["MARKETS"], "everywhere": NL}},
    own_blocks({"heading": "text", "level": 3, "read": ["text"], "images": True}),
    own_blocks({"heading": True}, "wagtail.blocks.CharBlock"),
    told(),
    told(URL="http://localhost:3000/api", ALLOW_PRIVATE=True, EVERY_SECONDS=600),
    {"CACHE_TAGS": {"PREFIX": "mag-"}, "PRICES_FOR_ORIGINS": ["*", "http://127.0.0.1:3000"]},
    {"READING_SPEEDS": {"en": 220}, "SHARE_NETWORKS": ["bluesky"], "STALE_AFTER_HOURS": 1.5},
]


@pytest.mark.parametrize("value", GOOD)
def test_good_settings_raise_nothing(settings, value):
    settings.ANODYNE_BLOCKS = value
    assert messages() == {}


@pytest.mark.parametrize("name", list(NUMBERS))
def test_the_bounds_of_a_number_are_good_themselves(settings, name):
    for value in NUMBERS[name]:
        settings.ANODYNE_BLOCKS = {name: value}
        assert messages() == {}


def test_no_setting_raises_nothing(settings):
    del settings.ANODYNE_BLOCKS
    assert messages() == {}


def test_what_a_block_says_of_itself_is_checked(monkeypatch):
    class Heading(blocks.CharBlock):
        class Meta:
            in_article = {"heading": "text", "size": 2}

    body = blocks.StreamBlock([("own", Heading())])
    monkeypatch.setitem(PlainPage._meta.get_field("body").__dict__, "stream_block", body)
    found = messages()
    assert set(found) == {"E051", "E052"}
    assert all("testapp.PlainPage.body: in_article of Heading" in m.msg for m in found.values())


def test_a_market_may_name_the_base_of_a_language(settings):
    settings.WAGTAIL_CONTENT_LANGUAGES = [("en-gb", "English")]
    settings.ANODYNE_BLOCKS = markets(LOCALES=["en"])
    assert messages() == {}


def test_a_market_of_another_language_than_the_sites_only_one_is_told(settings):
    settings.WAGTAIL_I18N_ENABLED = False
    settings.LANGUAGE_CODE = "nl-be"
    settings.ANODYNE_BLOCKS = markets(LOCALES=["nl", "da"])
    found = messages()
    assert list(found) == ["W003"]
    assert "'da'" in found["W003"].msg
    assert "WAGTAIL_I18N_ENABLED" in found["W003"].hint and "'nl-be'" in found["W003"].hint


def test_times_without_a_zone_are_refused(settings):
    settings.USE_TZ = False
    found = messages()
    assert list(found) == ["E031"]
    assert "USE_TZ = True" in found["E031"].hint


@pytest.mark.parametrize(("allowed", "expected"), [(1000, ["W031"]), (1001, []), (None, [])])
def test_a_form_too_small_for_an_article_is_told(settings, allowed, expected):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = allowed
    assert list(messages()) == expected


def test_what_only_wagtail_needs_is_left_to_wagtail(settings):
    """Addresses are those of Wagtail's sites, cron stands in for tasks, and no cache is needed."""
    del settings.WAGTAILADMIN_BASE_URL
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    settings.TASKS = {}
    settings.ANODYNE_BLOCKS = shops(OPTIONS={"products": {}})
    assert messages() == {}


@pytest.mark.django_db
class TestSites:
    """What the database knows is asked where Django's own checks ask it."""

    def of_database(self, **options: Any) -> dict[str, Any]:
        return messages(databases=["default"], **options)

    def test_a_market_of_no_site_is_told(self, settings):
        Site.objects.create(hostname="shop.example", port=443, root_page=Page.objects.get(depth=2))
        settings.ANODYNE_BLOCKS = of_sites(["shop.example", "localhost:80"])
        assert self.of_database() == {}
        settings.ANODYNE_BLOCKS = of_sites(["shop.example:80"])
        found = self.of_database()
        assert list(found) == ["W030"]
        assert "'shop.example:80'" in found["W030"].msg
        assert "shop.example:443" in found["W030"].hint
        assert messages() == {}

    @pytest.mark.parametrize("value", [[], {"MARKETS": []}, {"MARKETS": {"nl": 1}}])
    def test_a_broken_setting_breaks_no_other_check(self, settings, value):
        settings.ANODYNE_BLOCKS = value
        assert set(self.of_database()) <= {"E001", "E002"}

    def test_a_site_that_nobody_gave_an_address_is_told_before_it_goes_live(self):
        assert self.of_database() == {}
        found = self.of_database(include_deployment_checks=True)
        assert list(found) == ["W032"]
        assert "'localhost'" in found["W032"].msg and "share links" in found["W032"].msg
        Site.objects.update(hostname="magazine.example", port=443)
        assert self.of_database(include_deployment_checks=True) == {}


def test_a_rule_of_the_site_is_as_good(settings, monkeypatch):
    monkeypatch.setattr("tests.test_checks.NotARule", type("Own", (PriceRule,), {}))
    settings.ANODYNE_BLOCKS = markets(PRICE_RULE="tests.test_checks.NotARule")
    assert messages() == {}
