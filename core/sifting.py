"""A sieve's result: who passed, who was turned down and why, and which opinion was missing.

A refusal is a value, never an exception: it keeps the stage, the rule, the measured figure and the limit, so that
``/why SOL`` only reads what is stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one symbol went no further.

    ``stage`` is the pipeline's chapter (``candles``, ``timeframes``, ``thresholds``…), ``rule`` the name of the rule
    inside it; ``measured`` and ``limit`` are in the unit of the rule, or ``None`` where it has no figure.
    """

    symbol: str
    stage: str
    rule: str
    measured: float | None = None
    limit: float | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Missed:
    """An opinion that could not be had; the pipeline went on without it."""

    stage: str
    what: str
    error: str


@dataclass(frozen=True, slots=True)
class Sifted(Generic[T]):
    """What one stage leaves behind."""

    kept: Sequence[T]
    refused: Sequence[Refusal] = ()
    missed: Sequence[Missed] = ()
