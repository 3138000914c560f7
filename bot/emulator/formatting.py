"""Text as Telegram keeps it: plain characters plus entities measured in UTF-16 units.

Reads ``parse_mode`` or given entities, trims as the server does, finds the entities nobody marked (commands, mentions,
hashtags, links) and holds the result against the length limits. It never guesses at broken markup: that is a 400.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.emulator import limits
from bot.emulator.html_markup import read_html
from bot.emulator.markdown_markup import read_markdown
from bot.emulator.wire import Json, Params, bad_request

KINDS: Final = frozenset({
    "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bold", "italic", "underline",
    "strikethrough", "spoiler", "blockquote", "expandable_blockquote", "code", "pre", "text_link", "text_mention",
    "custom_emoji", "date_time",
})  # fmt: skip
_DETECTED: Final = (
    ("bot_command", re.compile(r"(?<![\w/@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")),
    ("url", re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]")),
    ("email", re.compile(r"(?<![\w.])[\w.+-]+@[\w-]+\.[\w.-]*[A-Za-z]")),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z0-9_]{3,32}\b")),
    ("hashtag", re.compile(r"(?<![\w#])#\w*[^\W\d]\w*")),
    ("cashtag", re.compile(r"(?<![\w$])\$[A-Z]{1,8}\b")),
)
_CLOSED: Final = frozenset({"code", "pre", "text_link", "text_mention", "date_time"})


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text with its entities, ready to be stored."""

    text: str
    entities: list[Json]


def utf16_length(text: str) -> int:
    """How long Telegram thinks a text is: UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def read_text(
    params: Params, name: str, *, limit: int, mode: str = "parse_mode", entities: str = "entities"
) -> Formatted:
    """The formatted text of a call.

    ``limit`` is in UTF-16 units after parsing. Raises ApiError 400 for broken markup, foreign entities or over-long
    text (``message is too long`` / ``message caption is too long``).
    """
    raw = params.text(name)
    if len(raw.encode()) > limits.RAW_TEXT_BYTES:
        raise bad_request("text is too long")
    given = params.sequence(entities)
    # A parse mode and entities exclude each other; like Telegram, the entities win.
    text, marks = _parse(raw, "" if given else params.text(mode)) if not given else (raw, _checked(raw, given))
    result = detected(*_trimmed(text, marks))
    if utf16_length(result.text) > limit:
        raise bad_request("message is too long" if limit == limits.TEXT else "message caption is too long")
    return result


def detected(text: str, marks: list[Json]) -> Formatted:
    """Add the entities that Telegram finds by itself; marked code and links are left alone."""
    taken = [(m["offset"], m["offset"] + m["length"]) for m in marks if m["type"] in _CLOSED]
    found: list[Json] = []
    for kind, pattern in _DETECTED:
        for match in pattern.finditer(text):
            start, end = utf16_length(text[: match.start()]), utf16_length(text[: match.end()])
            if all(end <= a or start >= b for a, b in taken):
                taken.append((start, end))
                found.append({"type": kind, "offset": start, "length": end - start})
    every = sorted([*marks, *found], key=lambda m: (m["offset"], -m["length"]))
    return Formatted(text, every[: limits.ENTITIES])


def _parse(raw: str, mode: str) -> tuple[str, list[Json]]:
    match mode.lower():
        case "":
            return raw, []
        case "html":
            return read_html(raw)
        case "markdownv2":
            return read_markdown(raw)
        case _:
            raise bad_request(f"unsupported parse_mode {mode!r}: the local chat reads HTML and MarkdownV2")


def _checked(text: str, given: list[object]) -> list[Json]:
    size, marks = utf16_length(text), []
    for number, item in enumerate(given):
        if not isinstance(item, dict) or str(item.get("type")) not in KINDS:
            raise bad_request(f"can't parse MessageEntity {number}: unsupported type {item!r}")
        offset, length = item.get("offset"), item.get("length")
        if not isinstance(offset, int) or not isinstance(length, int) or offset < 0 or length <= 0:
            raise bad_request(
                f"can't parse MessageEntity {number}: offset and length must be whole numbers, length > 0"
            )
        if offset + length > size:
            raise bad_request(
                f"entity beginning at UTF-16 offset {offset} ends after the end of the text at UTF-16 offset {size}"
            )
        marks.append({k: v for k, v in item.items() if v is not None})
    return marks


def _trimmed(text: str, marks: list[Json]) -> tuple[str, list[Json]]:
    lead = len(text) - len(text.lstrip())
    if any(m["type"] in ("pre", "code") and m["offset"] == 0 for m in marks):
        lead = 0
    body = text[lead:].rstrip()
    shift, size = utf16_length(text[:lead]), utf16_length(body)
    kept: list[Json] = []
    for mark in marks:
        start = max(0, mark["offset"] - shift)
        end = min(size, mark["offset"] + mark["length"] - shift)
        if end > start:
            kept.append({**mark, "offset": start, "length": end - start})
    return body, kept
