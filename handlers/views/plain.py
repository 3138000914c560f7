"""Single sentences as Telegram text."""

from __future__ import annotations

from aiogram.utils.formatting import Bold, ExpandableBlockQuote, Text

from locales.texts import Texts, Value


def sentence(texts: Texts, key: str, **values: Value) -> Text:
    """One sentence of the locale."""
    return Text(texts(key, **values))


def verdict(line: str) -> Text:
    """The first line: what matters, readable on a lock screen."""
    return Bold(line)


def lines(*parts: Text | str | None) -> Text:
    """Parts under each other; ``None`` is left out."""
    kept = [part for part in parts if part is not None]
    body: list[Text | str] = []
    for index, part in enumerate(kept):
        if index:
            body.append("\n")
        body.append(part)
    return Text(*body)


def details(rows: list[str]) -> Text | None:
    """Reasons, folded away until asked for."""
    return ExpandableBlockQuote("\n".join(rows)) if rows else None
