"""Markup: what Telegram reads, and the errors it answers broken markup with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.emulator.formatting import detected, read_text, utf16_length
from bot.emulator.html_markup import read_html
from bot.emulator.markdown_markup import read_markdown
from bot.emulator.wire import ApiError, Json, Params


def marks(entities: list[Json]) -> list[tuple[str, int, int]]:
    return [(e["type"], e["offset"], e["length"]) for e in entities]


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("<b>a</b> b", "a b", [("bold", 0, 1)]),
        ("<strong>a</strong><em>b</em>", "ab", [("bold", 0, 1), ("italic", 1, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("😀<u>x</u>", "😀x", [("underline", 2, 1)]),
        ("<pre>1 &lt; 2</pre>", "1 < 2", [("pre", 0, 5)]),
        ("<span class='tg-spoiler'>s</span>", "s", [("spoiler", 0, 1)]),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
        ("a &amp; b &#128512; &nbsp;", "a & b 😀 &nbsp;", []),
        ("<b></b>x", "x", []),
    ],
)
def test_html_becomes_text_and_entities(source: str, text: str, expected: list[tuple[str, int, int]]) -> None:
    assert (read_html(source)[0], marks(read_html(source)[1])) == (text, expected)


def test_html_attributes_become_fields() -> None:
    _, (link,) = read_html('<a href="https://example.org/?a=1&amp;b=2">x</a>')
    assert link["url"] == "https://example.org/?a=1&b=2"
    _, (code,) = read_html('<pre><code class="language-python">x</code></pre>')
    assert (code["type"], code["language"]) == ("pre", "python")
    _, (time,) = read_html('<tg-time unix="1700000000" format="t">noon</tg-time>')
    assert (time["type"], time["unix_time"], time["date_time_format"]) == ("date_time", 1_700_000_000, "t")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("a < b", "Unclosed start tag at byte offset 2"),
        ("é <div>x</div>", 'Unsupported start tag "div" at byte offset 3'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ('<span class="big">x</span>', 'Unsupported start tag "span"'),
    ],
)
def test_broken_html_is_refused_with_its_place(source: str, words: str) -> None:
    with pytest.raises(ApiError) as refusal:
        read_html(source)
    assert refusal.value.code == 400
    assert f"can't parse entities: {words}" in refusal.value.description


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("*a* _b_", "a b", [("bold", 0, 1), ("italic", 2, 1)]),
        ("__a__ ~b~ ||c||", "a b c", [("underline", 0, 1), ("strikethrough", 2, 1), ("spoiler", 4, 1)]),
        (r"1\.5 \- `a\`b`", "1.5 - a`b", [("code", 6, 3)]),
        ("```py\nx = 1```", "x = 1", [("pre", 0, 5)]),
        ("[x](http://y)", "x", [("text_link", 0, 1)]),
        (">q\nr", "q\nr", [("blockquote", 0, 2)]),
    ],
)
def test_markdown_becomes_text_and_entities(source: str, text: str, expected: list[tuple[str, int, int]]) -> None:
    assert (read_markdown(source)[0], marks(read_markdown(source)[1])) == (text, expected)


@pytest.mark.parametrize("source", ["1.5", "a-b", "*open", "`open", "[x]", "a|b", "*a_b*c_"])
def test_unescaped_or_open_markdown_is_refused(source: str) -> None:
    with pytest.raises(ApiError, match="can't parse entities"):
        read_markdown(source)


def test_commands_links_and_tags_are_found_but_not_inside_code() -> None:
    text = "/go@my_bot see https://x.org/a. #tag $BTC @ann_x ann@x.org 1/2 a/b"
    found = {text[e["offset"] : e["offset"] + e["length"]]: e["type"] for e in detected(text, []).entities}
    assert found == {
        "/go@my_bot": "bot_command",
        "https://x.org/a": "url",
        "#tag": "hashtag",
        "$BTC": "cashtag",
        "@ann_x": "mention",
        "ann@x.org": "email",
    }
    assert marks(detected("/go", [{"type": "code", "offset": 0, "length": 3}]).entities) == [("code", 0, 3)]


def test_surrounding_space_is_trimmed_and_entities_move_with_the_text() -> None:
    params = Params({"text": "\n 😀 a \n", "entities": [{"type": "bold", "offset": 5, "length": 3}]})
    formatted = read_text(params, "text", limit=4096)
    assert formatted.text == "😀 a"
    assert marks(formatted.entities) == [("bold", 3, 1)]


def test_given_entities_win_over_a_parse_mode() -> None:
    entities = [{"type": "italic", "offset": 0, "length": 3}]
    params = Params({"text": "<b>", "entities": entities, "parse_mode": "HTML"})
    assert read_text(params, "text", limit=4096).text == "<b>"


def test_unknown_modes_and_entities_are_named() -> None:
    with pytest.raises(ApiError, match="unsupported parse_mode 'Bogus'"):
        read_text(Params({"text": "x", "parse_mode": "Bogus"}), "text", limit=4096)
    for entity in ({"type": "wavy", "offset": 0, "length": 1}, {"type": "bold", "offset": -1, "length": 1}, "bold"):
        with pytest.raises(ApiError, match="MessageEntity 0"):
            read_text(Params({"text": "x", "entities": [entity]}), "text", limit=4096)
    with pytest.raises(ApiError, match="text is too long"):
        read_text(Params({"text": "<b></b>" * 5000, "parse_mode": "HTML"}), "text", limit=4096)


@given(st.text())
def test_escaped_text_survives_html(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    encodable = escaped.encode("utf-8", "ignore").decode()
    assert read_html(f"<b>{encodable}</b>")[0] == text.encode("utf-8", "ignore").decode()


@given(st.text(st.characters(codec="utf-8")))
def test_no_text_breaks_the_readers_with_anything_but_a_refusal(text: str) -> None:
    for read in (read_html, read_markdown):
        try:
            plain, entities = read(text)
        except ApiError:
            continue
        assert all(e["offset"] >= 0 and e["offset"] + e["length"] <= utf16_length(plain) for e in entities)
