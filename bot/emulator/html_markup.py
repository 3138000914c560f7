"""``parse_mode=HTML``: Telegram's handful of tags, read as strictly as Telegram reads them.

A browser forgives; Telegram does not, and a bot that forgets to escape ``<`` loses the whole message. So this reader
names the offending tag and its byte offset in the server's own words and repairs nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Final

from bot.emulator.wire import ApiError, Json, bad_request

_SIMPLE: Final = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "code": "code", "pre": "pre", "blockquote": "blockquote", "a": "text_link", "span": "spoiler",
    "tg-emoji": "custom_emoji", "tg-time": "date_time",
}  # fmt: skip
_TOKEN: Final = re.compile(
    r"<(?P<close>/)?(?P<tag>[a-zA-Z][\w-]*)?(?P<attrs>[^<>]*)>|&(?:#\d+|#x[0-9a-fA-F]+|lt|gt|amp|quot);"
)
_ATTRIBUTE: Final = re.compile(r"([a-zA-Z-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")


@dataclass(slots=True)
class _Open:
    tag: str
    attrs: dict[str, str]
    offset: int
    byte: int


def read_html(source: str) -> tuple[str, list[Json]]:
    """Plain text and entities of an HTML message; ApiError 400 ``can't parse entities: …`` when it is broken."""
    out: list[str] = []
    size = at = 0
    open_tags: list[_Open] = []
    marks: list[Json] = []
    for token in _TOKEN.finditer(source):
        plain = _plain(source, at, token.start())
        at = token.end()
        if token.group().startswith("&"):
            plain += unescape(token.group())
            out.append(plain)
            size += _units(plain)
            continue
        out.append(plain)
        size += _units(plain)
        byte = len(source[: token.start()].encode())
        if token["close"]:
            _close(token["tag"] or "", open_tags, marks, size, byte)
        else:
            open_tags.append(_opened(token, size, byte))
    tail = _plain(source, at, len(source))
    if open_tags:
        raise _broken(f'Can\'t find end tag corresponding to start tag "{open_tags[-1].tag}"')
    return "".join([*out, tail]), sorted(marks, key=lambda m: (m["offset"], -m["length"]))


def _plain(source: str, start: int, end: int) -> str:
    piece = source[start:end]
    stray = piece.find("<")
    if stray >= 0:
        raise _broken(f"Unclosed start tag at byte offset {len(source[: start + stray].encode())}")
    return piece


def _opened(token: re.Match[str], size: int, byte: int) -> _Open:
    tag = (token["tag"] or "").lower()
    attrs = {m[1].lower(): unescape(m[2] or m[3] or m[4] or "") for m in _ATTRIBUTE.finditer(token["attrs"])}
    if tag not in _SIMPLE or (tag == "span" and attrs.get("class") != "tg-spoiler"):
        raise _broken(f'Unsupported start tag "{tag}" at byte offset {byte}')
    return _Open(tag, attrs, size, byte)


def _close(tag: str, open_tags: list[_Open], marks: list[Json], size: int, byte: int) -> None:
    if not open_tags:
        raise _broken(f"Unexpected end tag at byte offset {byte}")
    opened = open_tags.pop()
    if tag.lower() != opened.tag:
        raise _broken(f'Unmatched end tag at byte offset {byte}, expected "</{opened.tag}>", found "</{tag}>"')
    mark = _mark(opened, size, open_tags)
    if mark and mark["length"]:
        marks.append(mark)


def _mark(opened: _Open, size: int, open_tags: list[_Open]) -> Json | None:
    mark: Json = {"type": _SIMPLE[opened.tag], "offset": opened.offset, "length": size - opened.offset}
    match opened.tag:
        case "a":
            if not opened.attrs.get("href"):
                return None
            mark["url"] = opened.attrs["href"]
        case "blockquote" if "expandable" in opened.attrs:
            mark["type"] = "expandable_blockquote"
        case "tg-emoji":
            mark["custom_emoji_id"] = opened.attrs.get("emoji-id", "")
        case "tg-time":
            mark |= _date_time(opened)
        case "code" if open_tags and open_tags[-1].tag == "pre":
            language = opened.attrs.get("class", "").removeprefix("language-")
            open_tags[-1].attrs["language"] = language
            return None
        case "pre" if opened.attrs.get("language"):
            mark["language"] = opened.attrs["language"]
    return mark


def _date_time(opened: _Open) -> Json:
    unix = opened.attrs.get("unix", "")
    if not unix.isdigit():
        raise _broken(f'Tag "tg-time" at byte offset {opened.byte} must have a numeric attribute "unix", got "{unix}"')
    extra: Json = {"unix_time": int(unix)}
    if opened.attrs.get("format"):
        extra["date_time_format"] = opened.attrs["format"]
    return extra


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _broken(what: str) -> ApiError:
    return bad_request(f"can't parse entities: {what}")
