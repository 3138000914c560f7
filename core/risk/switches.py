"""What operators decided, and what of it stands in the way of an entry. It survives everything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.market.symbols import AssetClass
from core.risk.blackouts import Blackout


class Mode(StrEnum):
    """What becomes of candidates without a person (SPEC G2)."""

    AUTO = "auto"
    """Finalists trade; borderline ones are refused."""
    SEMI = "semi"
    """The same until borderline candidates can be put to a person."""
    MANUAL = "manual"
    """Nothing is entered without a person."""


@dataclass(frozen=True, slots=True)
class Block:
    """A symbol that may not be entered. ``until_ms`` is ``None`` for one that an operator must lift."""

    symbol: str
    since_ms: int
    until_ms: int | None
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class Watch:
    """Whether a market is read and may be entered, as an operator decided it; what is not decided is as the file says."""

    symbol: str
    coin: str
    asset_class: AssetClass
    watched: bool
    by: str
    since_ms: int


@dataclass(frozen=True, slots=True)
class Switches:
    """Decisions of operators that survive everything. ``halted`` latches after a flatten until resumed; it is
    ``flattening`` until nothing is left open, or until resumed.

    ``blocks`` are by symbol, ``watching`` by coin; ``blackouts`` stand in the order of their events. ``live_by`` is who confirmed trading on mainnet, ``full_by`` who let
    it trade at full size; both empty until somebody did.
    """

    paused: bool = False
    halted: bool = False
    by: str = ""
    since_ms: int = 0
    blocks: Mapping[str, Block] = field(default_factory=dict)
    watching: Mapping[str, Watch] = field(default_factory=dict)
    blackouts: tuple[Blackout, ...] = ()
    mode: Mode = Mode.SEMI
    live_by: str = ""
    live_since_ms: int = 0
    full_by: str = ""
    flattening: bool = False
