r"""``parse_mode=MarkdownV2``: the strict dialect, with its eighteen characters that must be escaped.

Supports ``*bold* _italic_ __underline__ ~strike~ ||spoiler|| `code` ```pre``` [text](url)`` and ``>`` quotes. Like the
real server it refuses a reserved character that is neither markup nor escaped. The legacy ``Markdown`` mode is not read.
"""

from __future__ import annotations

import re
from typing import Final

from bot.emulator.wire import ApiError, Json, bad_request

_MARKS: Final = {"*": "bold", "_": "italic", "__": "underline", "~": "strikethrough", "||": "spoiler"}
_RESERVED: Final = frozenset("_*[]()~`>#+-=|{}.!")
_FENCE: Final = re.compile(r"```(?:(\w+)\n)?(.*?)```", re.DOTALL)
_CODE: Final = re.compile(r"`((?:[^`\\]|\\.)*)`", re.DOTALL)
_LINK: Final = re.compile(r"\]\(((?:[^)\\]|\\.)*)\)")


class _Reader:
    """One pass over the source, with the marks that are open."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.out: list[str] = []
        self.size = 0
        self.open: list[tuple[str, int]] = []
        self.quote: int | None = None
        self.marks: list[Json] = []

    def read(self) -> tuple[str, list[Json]]:
        while self.at < len(self.source):
            self._step(self.source[self.at])
        if self.open:
            raise _broken(f"Can't find end of the entity starting with {self.open[-1][0]!r}")
        self._end_quote()
        return "".join(self.out), sorted(self.marks, key=lambda m: (m["offset"], -m["length"]))

    def _step(self, char: str) -> None:
        line_start = self.at == 0 or self.source[self.at - 1] == "\n"
        if line_start and char == ">":
            self.quote = self.size if self.quote is None else self.quote
            self.at += 1
        elif line_start and self.quote is not None:
            self._end_quote()
        elif char == "\\" and self.at + 1 < len(self.source):
            self._write(self.source[self.at + 1], 2)
        elif char == "`":
            self._code()
        elif char in "*_~|[" and (mark := self._next_mark()):
            self._toggle(mark)
        elif char == "]" and self.open and self.open[-1][0] == "[":
            self._link()
        elif char in _RESERVED:
            raise _broken(f"Character '{char}' is reserved and must be escaped with the preceding '\\'")
        else:
            self._write(char, 1)

    def _write(self, text: str, consumed: int) -> None:
        self.out.append(text)
        self.size += len(text.encode("utf-16-le")) // 2
        self.at += consumed

    def _next_mark(self) -> str:
        pair = self.source[self.at : self.at + 2]
        if pair in _MARKS:
            return pair
        return pair[0] if pair[0] in _MARKS or pair[0] == "[" else ""

    def _toggle(self, mark: str) -> None:
        self.at += len(mark)
        if self.open and self.open[-1][0] == mark != "[":
            self._mark(_MARKS[mark], self.open.pop()[1])
        else:
            self.open.append((mark, self.size))

    def _code(self) -> None:
        fence = _FENCE.match(self.source, self.at)
        match = fence or _CODE.match(self.source, self.at)
        if match is None:
            raise _broken("Can't find end of Code entity")
        start = self.size
        body = fence[2].removeprefix("\n") if fence else match[1]
        self._write(re.sub(r"\\(.)", r"\1", body), len(match.group()))
        extra: Json = {"language": fence[1]} if fence and fence[1] else {}
        self._mark("pre" if fence else "code", start, extra)

    def _link(self) -> None:
        target = _LINK.match(self.source, self.at)
        if target is None:
            raise _broken("Can't find URL of the link: expected ](url)")
        self.at = target.end()
        self._mark("text_link", self.open.pop()[1], {"url": re.sub(r"\\(.)", r"\1", target[1])})

    def _end_quote(self) -> None:
        if self.quote is not None:
            self._mark("blockquote", self.quote)
            self.quote = None

    def _mark(self, kind: str, start: int, extra: Json | None = None) -> None:
        if self.size > start:
            self.marks.append({"type": kind, "offset": start, "length": self.size - start, **(extra or {})})


def read_markdown(source: str) -> tuple[str, list[Json]]:
    """Plain text and entities of a MarkdownV2 message; ApiError 400 when it is broken."""
    return _Reader(source).read()


def _broken(what: str) -> ApiError:
    return bad_request(f"can't parse entities: {what}")
