"""Words of the pipeline (regimes, sides, rules, reasons) in the reader's language; unknown ones stay as they are."""

from __future__ import annotations

from core.market.symbols import Side
from locales.texts import Texts


def key_part(name: str) -> str:
    """A name of the program as part of a sentence's key.

    >>> key_part("STRONG_BULL")
    'strong-bull'
    """
    return name.lower().replace("_", "-").replace("/", "-")


def regime_word(regime: str, texts: Texts) -> str:
    """The regime's name."""
    return texts.find(f"regime-{key_part(regime)}") or regime or "–"


def side_word(side: Side | None, texts: Texts) -> str:
    """Long or short; nothing where there is no side."""
    return texts(f"side-{side.value}") if side is not None else ""


def rule_word(stage: str, rule: str, texts: Texts) -> str:
    """Where a symbol ended, in words."""
    return texts.find(f"rule-{key_part(rule)}") or f"{stage}: {rule}".replace("_", " ")


def reason_word(reason: str, texts: Texts) -> str:
    """Why a position was closed."""
    return texts.find(f"reason-{key_part(reason)}") or reason
