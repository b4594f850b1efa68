"""Reading time in every family of scripts, and the text that markup leaves behind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anodyne_blocks.article.reading_time import iso_duration, reading_minutes, strip_html


@pytest.mark.parametrize(
    ("language", "word", "speed"),
    [
        ("en", "back", 238),
        ("en-gb", "back", 238),
        ("nl", "rug", 228),
        ("de", "Rücken", 260),
        ("de-ch", "Rücken", 260),
        ("fr", "l’épaule", 214),
        ("es", "espalda", 278),
        ("it", "schiena", 285),
        ("fi", "selkä", 195),
        ("sv", "rygg", 218),
        ("da", "ryg", 218),
        ("nb", "rygg", 218),
        ("nn", "rygg", 218),
        ("ar", "مُحَمَّد", 181),
        ("he", "שָׁלוֹם", 224),
        ("ko", "허리가", 226),
        ("pl", "plecy", 166),
        ("pt", "costas", 181),
        ("pt-br", "costas", 181),
        ("ru", "спина", 184),
        ("sl", "hrbet", 180),
        ("tr", "sırt", 166),
    ],
)
def test_words_are_read_at_the_speed_of_their_language(language, word, speed):
    assert reading_minutes(f"{word} " * speed * 5, language) == 5
    assert reading_minutes(f"{word} " * (speed * 5 + 1), language) == 6


@pytest.mark.parametrize(
    ("language", "character", "per_minute"),
    [
        ("zh-hans", "背", 500),
        ("zh-hant", "痛", 500),
        ("ja", "腰", 357),
        ("ja", "カ", 357),
        ("th", "ห", 882),
        ("lo", "ຫ", 882),
        ("km", "ខ", 882),
        ("my", "က", 882),
    ],
)
def test_scripts_without_spaces_are_read_by_characters(language, character, per_minute):
    assert reading_minutes(character * per_minute * 5, language) == 5
    assert reading_minutes(character * (per_minute * 5 + 5), language) == 6


@pytest.mark.parametrize("language", ["is", "cs", "hu", "el", "hi", "ro", "uk", "tlh"])
def test_an_unmeasured_language_is_read_by_characters(language):
    assert reading_minutes("bakið " * 882, language) == 5
    assert reading_minutes("bakið " * 890, language) == 6


@pytest.mark.parametrize("language", ["ja", "zh-hans", "zh-hans-cn", "th"])
def test_a_sites_own_speed_is_of_characters_where_words_have_no_spaces(language):
    speeds = {"ja": 600, "zh-hans": 600, "th": 600}
    character = "ห" if language == "th" else "腰"
    assert reading_minutes(character * 3000, language, speeds=speeds) == 5
    assert reading_minutes(character * 3006, language, speeds=speeds) == 6
    # Words of another script keep theirs.
    assert reading_minutes("Wagtail " * 238, language, speeds=speeds) == 1


def test_a_regional_variant_is_read_at_the_sites_speed_of_its_language():
    assert reading_minutes("word " * 300, "en-gb", speeds={"en": 300}) == 1
    assert reading_minutes("word " * 300, "en-gb", speeds={"en": 300, "en-gb": 150}) == 2


def test_a_foreign_script_within_a_text_is_counted():
    chinese = "背" * 1000
    assert reading_minutes(chinese, "en") == 2
    assert reading_minutes("Wagtail " * 238 + chinese, "zh-hans") == 3
    assert reading_minutes("word " * 238 + chinese, "en") == 3


@pytest.mark.parametrize(
    "word",
    ["don't", "don’t", "53,10", "1.053,10", "well-known", "(aside)", "“quoted”", "e.g.,", "C-330"],
)
def test_what_a_reader_takes_for_one_word_is_one(word):
    assert reading_minutes(f"{word} " * 238, "en") == 1
    assert reading_minutes(f"{word} " * 239, "en") == 2


@pytest.mark.parametrize(
    "glue", ["&nbsp;", "\u00a0", "<br>", "</p><p>", "</li>\n<li>", "—", "/", "\u200b"]
)
def test_what_a_reader_takes_for_two_words_is_two(glue):
    assert reading_minutes(f"<p>{f'one{glue}two '} </p>" * 119, "en") == 1
    assert reading_minutes(f"<p>{f'one{glue}two '} </p>" * 120, "en") == 2


def test_lone_punctuation_is_no_word():
    assert reading_minutes("word – & … · " * 238, "en") == 1


def test_what_a_browser_does_not_print_is_not_read():
    noise = "word " * 1000
    for tag in ("script", "style", "template", "SCRIPT"):
        assert reading_minutes(f"<p>a</p><{tag} type='x'>{noise}</{tag}>", "en") == 1
    assert reading_minutes(f"<p>a</p><!-- {noise} -->", "en") == 1
    assert reading_minutes(f"<p class='{noise}'>a</p>", "en") == 1


def test_several_texts_are_read_one_after_the_other():
    assert reading_minutes(["word " * 238, "<p>" + "word " * 238 + "</p>"], "en") == 2
    assert reading_minutes(iter(["one"] * 239), "en") == 2


def test_an_article_takes_at_least_a_minute():
    assert reading_minutes("", "en") == 1
    assert reading_minutes([], "zh-hans") == 1


@pytest.mark.parametrize(
    ("images", "minutes"),
    [(0, 1), (1, 2), (5, 2), (6, 2), (7, 3), (10, 3)],
)
def test_images_take_twelve_seconds_then_less(images, minutes):
    """After a full minute of words: 5 images take 50 s, 6 take 57 s, 7 take 63 s, 10 take 75 s."""
    assert reading_minutes("word " * 238, "en", images=images) == minutes


def test_later_images_take_three_seconds():
    # 12 + 11 + … + 4 = 72 s for nine images, then 3 s each: 16 more make 120 s.
    assert reading_minutes("", "en", images=25) == 2
    assert reading_minutes("", "en", images=26) == 3


@given(st.lists(st.text(max_size=40), max_size=8), st.sampled_from(["en", "ja", "th", "cs"]))
def test_more_text_never_takes_less_time(texts, language):
    plain = [text.replace("<", "") for text in texts]
    assert 1 <= reading_minutes(plain, language) <= reading_minutes([*plain, "a b c"], language)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a b</p><p>c</p>", "a b c"),
        ("<p><b>B</b>ack <em>pain</em>.</p>", "Back pain."),
        ("one<br/>two", "one two"),
        ("<ul><li>one</li><li>two</li></ul>", "one two"),
        ("H<sub>2</sub>O", "H2O"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("53,10&nbsp;kr.", "53,10\u00a0kr."),
        ("a <!-- b\n--> c", "a c"),
        ("a<script>if (a < b) { c() }</script>d", "a d"),
        ("a<script>never closed", "a"),
        ('<a href="/x" title="y">z</a>', "z"),
        ("<article>a</article><aside>b</aside>", "a b"),
        ("<a-card>x</a-card><a-card>y</a-card>", "x y"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("plain\n text", "plain text"),
        ("", ""),
    ],
)
def test_strip_html(html, text):
    assert strip_html(html) == text


def test_duration():
    assert iso_duration(6) == "PT6M"
    assert iso_duration(90) == "PT90M"
    with pytest.raises(ValueError, match="negative"):
        iso_duration(-1)
