"""What a flow may reach: settings, clock, markets, candles, venue, ledger. One desk, many worlds.

Replay, simulation, paper, testnet and mainnet differ in the ports of this record and in nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from core.decision.record import ScanReport
from core.errors import UnknownSymbol
from core.events import Event
from core.fail_open import Absences
from core.market.liquidations import Certainty, Liquidation
from core.market.ports import Candles, Clock
from core.market.snapshots import Context, InterestHistory
from core.market.symbols import Market
from core.reports.edge import Experience
from core.risk.governor import Standing
from core.risk.protection import Shield
from core.risk.switches import Switches
from core.risk.vigil import Attendance, Vigil
from core.settings import Settings
from core.signals.cascade import CascadeDetector, Exhaustion
from core.signals.reader import Reader
from core.trading.injections import Injection
from core.trading.orders import Fill, FundingPayment, Ticket, Transfer
from core.trading.ports import Venue
from core.trading.positions import ClosedTrade, Position


@dataclass(frozen=True, slots=True)
class Opening:
    """Where our book of this account begins: its cash (equity less unrealised profit) at a time."""

    account_id: str
    at_ms: int
    cash: Decimal


class Ledger(Protocol):
    """The stored truth of what we did. Raises :class:`core.errors.StorageUnavailable`; never loses what it accepted."""

    async def store(
        self,
        *,
        positions: Sequence[Position] = (),
        tickets: Sequence[Ticket] = (),
        fills: Sequence[Fill] = (),
        funding: Sequence[FundingPayment] = (),
        trade: ClosedTrade | None = None,
        switches: Switches | None = None,
        transfers: Sequence[Transfer] = (),
        standing: Standing | None = None,
        injections: Sequence[Injection] = (),
        vigil: Vigil | None = None,
        contexts: Sequence[Context] = (),
        liquidations: Sequence[Liquidation] = (),
        exhaustions: Sequence[Exhaustion] = (),
        events: Sequence[Event] = (),
        at_ms: int,
    ) -> None:
        """Everything given, in one transaction. Positions and tickets replace those of the same id; exhaustions
        those of the same symbol and time, injections those of the same position and time; fills, funding, trades, contexts and liquidations already known are left as
        they are."""
        ...

    async def live_positions(self) -> Sequence[Position]:
        """Positions that are neither closed nor aborted, oldest decision first."""
        ...

    async def known_orders(self, client_ids: Sequence[str]) -> Collection[str]:
        """Those of these client ids that the book has a ticket of, whatever position's."""
        ...

    async def tickets(self, position_id: str) -> Sequence[Ticket]:
        """All orders of a position, in the order they were made."""
        ...

    async def fills(self, since_ms: int, coin: str | None = None) -> Sequence[Fill]:
        """Known executions at or after ``since_ms``, oldest first (by time, then trade id)."""
        ...

    async def funding(self, since_ms: int, coin: str | None = None) -> Sequence[FundingPayment]:
        """Known funding settlements at or after ``since_ms``, oldest first."""
        ...

    async def trades(self, limit: int, symbol: str | None = None) -> Sequence[ClosedTrade]:
        """Most recent closed trades, newest first."""
        ...

    async def transfers(self, since_ms: int) -> Sequence[Transfer]:
        """Money in and out at or after ``since_ms``, oldest first."""
        ...

    async def standings(self, since_ms: int) -> Sequence[Standing]:
        """How the governor stood, oldest first: of every quarter of an hour that ends after ``since_ms`` the last."""
        ...

    async def standing(self) -> Standing | None:
        """How the governor last stood; ``None`` before its first reading."""
        ...

    async def injections(self) -> Sequence[Injection]:
        """Those of which it is not known yet whether the venue carried them out, oldest first."""
        ...

    async def vigil(self) -> Vigil:
        """What is kept in mind while real money is traded."""
        ...

    async def switches(self) -> Switches:
        """The operators' standing decisions."""
        ...

    async def opening(self, account_id: str) -> Opening | None:
        """Where the book of this account began, if it has."""
        ...

    async def begin(self, opening: Opening) -> None:
        """Begin the book of an account. A second call for the same account changes nothing."""
        ...

    async def contexts(self, since_ms: int) -> Sequence[Context]:
        """What the venue said of its markets at or after ``since_ms``, oldest first (by time, then coin)."""
        ...

    async def liquidations(self, since_ms: int) -> Sequence[Liquidation]:
        """Known liquidations at or after ``since_ms``, oldest first."""
        ...

    async def exhaustions(self, limit: int) -> Sequence[Exhaustion]:
        """Most recent exhaustions, newest first."""
        ...

    async def store_scan(self, report: ScanReport, events: Sequence[Event] = ()) -> None:
        """Keep a scan, and the events that it gave rise to, in one transaction."""
        ...

    async def last_scan(self) -> ScanReport | None:
        """The newest scan, whole."""
        ...


@dataclass(frozen=True, slots=True)
class Decision:
    """A question to one person, good for one answer.

    ``nonce`` (≥ 96 random bits) travels in the button, ``code`` is what /confirm takes. ``action`` and ``argument``
    are what will be done. Times are wall time.
    """

    nonce: str
    code: str
    action: str
    argument: str
    user_id: int
    chat_id: int
    message_id: int | None
    created_ms: int
    expires_ms: int


class DecisionStore(Protocol):
    """Single-use decisions. ``take`` is one atomic update: of two taps exactly one wins."""

    async def offer(self, decision: Decision) -> None:
        """Keep a question."""
        ...

    async def bind(self, nonce: str, message_id: int) -> None:
        """Tell which message carries its buttons."""
        ...

    async def take(self, nonce: str, *, user_id: int, chat_id: int, message_id: int, now_ms: int) -> Decision | str:
        """The decision, now used up; or why not: ``unknown``, ``expired``, ``used``, ``other_person``, ``other_message``."""
        ...

    async def take_code(self, code: str, *, user_id: int, now_ms: int) -> Decision | str:
        """The same by typed code, from any chat of the same person."""
        ...

    async def drop(self, nonce: str, *, user_id: int, now_ms: int) -> bool:
        """Cancel a pending question; whether it was pending."""
        ...


Offload = Callable[..., Awaitable[Any]]
"""``await offload(function, *arguments)`` runs pure work away from the event loop (in replay: at once)."""


@dataclass(slots=True)
class Desk:
    """The ports and the little state that flows share.

    ``venue_name`` is ``sim``, ``paper``, ``testnet``, ``mainnet`` or ``replay``. ``trading`` is held by whoever
    changes positions, so that a scan's entry, a watch and an operator's close never interleave.
    """

    settings: Settings
    clock: Clock
    universe: Sequence[Market]
    candles: Candles
    venue: Venue
    ledger: Ledger
    offload: Offload
    venue_name: str
    started_ms: int
    trading: asyncio.Lock = field(default_factory=asyncio.Lock)
    scanning: asyncio.Lock = field(default_factory=asyncio.Lock)
    interpreting: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while the markets are being read."""
    deciding: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while the operators' standing decisions are read and stored anew, so that none overwrites another."""
    keeping: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while the vigil is read and stored anew."""
    degraded: set[str] = field(default_factory=set)
    absences: Absences = field(default_factory=Absences)
    nudged: bool = True
    """Something happened on the account since the last full look (a stream said so, or nobody has looked yet)."""
    reading: tuple[tuple[object, ...], Any] | None = None
    """The newest reading of the markets and the bars it was made from (kept by the scan)."""
    reader: Reader = field(init=False)
    """Carries what is read of the bars from one reading to the next; held by one thread at a time."""
    observed: int | None = None
    """The mark of the poll at which the contexts were asked for."""
    contexts: Mapping[str, Context] = field(default_factory=dict)
    """The newest context of each market, by coin."""
    interest: InterestHistory = field(init=False)
    """Open interest of the last day."""
    crowded: set[str] = field(default_factory=set)
    """Symbols that were announced as extremely crowded and still are crowded."""
    day_volumes: Mapping[str, float] = field(default_factory=dict)
    """Notional of the last 24 hours by symbol, USD, as of the newest contexts."""
    cascades: CascadeDetector = field(init=False)
    """Windows of liquidations."""
    feeds: Mapping[str, Certainty] = field(default_factory=dict)
    """The feeds of liquidations that run here."""
    unsaved: list[Liquidation] = field(default_factory=list)
    """Heard and not stored yet."""
    followed: list[Exhaustion] = field(default_factory=list)
    """Exhaustions whose hour is not over."""
    foreign: set[str] = field(default_factory=set)
    """Coins of the universe that are only followed because a position is held in them; never entered."""
    unwatched: set[str] = field(default_factory=set)
    """Coins of the universe that operators left out; managed where held, never read nor entered."""
    delisted: set[str] = field(default_factory=set)
    """Coins of the universe that the venue lists no more; never read nor entered."""
    began_ms: int = 0
    """Where the book begins: of what the venue did before nothing is booked."""
    strangers: set[str] = field(default_factory=set)
    """Coins in which the last look found a position that the book does not know."""
    fills_since_ms: int = 0
    funding_since_ms: int = 0
    transfers_since_ms: int = 0
    strays: set[tuple[str, int]] = field(default_factory=set)
    """Resting orders of strangers that were told of."""
    live_allowed: bool = False
    """Whether the environment allows trading on mainnet; an operator must still confirm it."""
    attendance: Attendance | None = None
    """When an operator was last heard of; ``None`` where no real market is traded."""
    experience: Experience | None = None
    """What was traded on every venue; ``None`` where nobody asks."""
    left_alone: set[str] = field(default_factory=set)
    """Coins held that are not ours, told of and left alone while nothing may be signed."""
    shields: dict[str, Shield] = field(default_factory=dict)
    """How each symbol stands after its trades."""

    def __post_init__(self) -> None:
        self.reader = Reader(self.settings)
        self.cascades = CascadeDetector(self.settings.cascade)
        self.interest = InterestHistory(self.settings.crowding.keep_ms)

    @property
    def entered(self) -> Sequence[Market]:
        """The markets that a scan reads and may enter."""
        aside = self.foreign | self.unwatched | self.delisted
        return [m for m in self.universe if m.coin not in aside] if aside else self.universe

    def market(self, symbol: str) -> Market:
        """The market of a symbol. Raises :class:`UnknownSymbol`."""
        found = next((m for m in self.universe if m.symbol == symbol), None)
        if found is None:
            raise UnknownSymbol(f"no market {symbol!r}", symbol=symbol, nearest="")
        return found

    def expiry(self, now_ms: int) -> int:
        """Until when an order made now may still be accepted by the venue."""
        return now_ms + self.clock.span_ms(self.settings.execution.expires_ms)
