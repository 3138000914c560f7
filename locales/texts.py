"""Every sentence the bot says, looked up by key in one Fluent file per language.

It refuses to guess: a key or a variable that is missing raises when ``strict`` (as in every test); in operation the
English sentence stands in and the gap is logged, because an alert with a clumsy line is better than no alert.
Figures and times are given ready-made; Fluent only chooses words and plurals.
"""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path

LOCALES = ("en", "de")
"""Languages that are complete; the first is the fallback."""

FOLDER = Path(__file__).parent
Value = str | int | float

logger = logging.getLogger(__name__)


class MissingText(LookupError):
    """A sentence or one of its variables does not exist."""


@cache
def _bundle(locale: str):  # type: ignore[no-untyped-def]  # fluent.runtime carries no types
    """The parsed sentences of one language; ``fluent.runtime`` is loaded when the first is needed."""
    from fluent.runtime import FluentBundle, FluentResource

    bundle = FluentBundle([locale], use_isolating=False)
    bundle.add_resource(FluentResource((FOLDER / f"{locale}.ftl").read_text(encoding="utf-8")))
    return bundle


def read_all() -> None:
    """Parse every language now. That takes a tenth of a second each: call it off the event loop."""
    for locale in LOCALES:
        _bundle(locale)


class Texts:
    """The sentences of one language: ``texts("status-equity", amount="1,234.50")``."""

    def __init__(self, locale: str = LOCALES[0], *, strict: bool = False) -> None:
        """Raises :class:`MissingText` for a language that has no file; a region is dropped (``de-AT`` → ``de``)."""
        language = locale.partition("-")[0].partition("_")[0].lower()
        if language not in LOCALES:
            raise MissingText(f"no sentences in language {locale!r}; there are {', '.join(LOCALES)}")
        self.locale = language
        self.strict = strict

    def __call__(self, key: str, **values: Value) -> str:
        """The sentence. Raises :class:`MissingText` for an unknown key, and, when strict, for a missing variable."""
        text = self.find(key, **values)
        if text is not None:
            return text
        if not self.strict and self.locale != LOCALES[0]:
            logger.warning("no sentence %r in %r", key, self.locale)
            return Texts(LOCALES[0])(key, **values)
        raise MissingText(f"no sentence {key!r} in {self.locale}.ftl")

    def find(self, key: str, **values: Value) -> str | None:
        """The sentence, or ``None`` where the language has none: for words that other parts of the program choose."""
        bundle = _bundle(self.locale)
        if not bundle.has_message(key) or (pattern := bundle.get_message(key).value) is None:
            return None
        text, errors = bundle.format_pattern(pattern, values)
        if errors and self.strict:
            raise MissingText(f"sentence {key!r} in {self.locale}.ftl: {'; '.join(str(e) for e in errors)}")
        for error in errors:
            logger.warning("sentence %r in %r: %s", key, self.locale, error)
        return str(text)


def supported(locale: str | None) -> str:
    """The nearest language that is complete: for what a person's client or the configuration asks for.

    >>> supported("de-AT"), supported("fr"), supported(None)
    ('de', 'en', 'en')
    """
    language = (locale or "").partition("-")[0].partition("_")[0].lower()
    return language if language in LOCALES else LOCALES[0]
