"""What is followed over a socket, one stream per subscription: the frames that follow the acknowledgement, and later ones.

A stream never waits and never sends; it says what ought to be sent now.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.exchange.simulator import intervals
from bot.exchange.simulator.info import books
from bot.exchange.simulator.info.candles import candle
from bot.exchange.simulator.state import VenueState
from bot.exchange.simulator.tape import frame_of
from core.trading.exchange.ports import Candle
from core.trading.exchange.records import Happening

Frame = dict[str, Any]


@dataclass(frozen=True, slots=True)
class News:
    """What happened since the last round: coins whose price or book moved, and happenings by account."""

    moved: frozenset[str]
    happened: Mapping[str, Sequence[Happening]]
    wall: float


class Stream(Protocol):
    """One thing followed."""

    def first(self) -> list[Frame]:
        """Frames right after the acknowledgement."""
        ...

    def later(self, news: News) -> list[Frame]:
        """Frames that are due now."""
        ...


def frame(channel: str, data: Any) -> Frame:
    """A data frame."""
    return {"channel": channel, "data": data}


@dataclass(slots=True)
class Whole:
    """A whole state, sent again and again: every ``period_ms`` of market time, at once when ``user`` had news."""

    state: VenueState
    channel: str
    make: Callable[[], Any]
    period_ms: int
    user: str = ""
    _sent_ms: int = 0
    _sent_wall: float = 0.0

    def first(self) -> list[Frame]:
        """The state now."""
        self._sent_ms = self.state.now_ms
        self._sent_wall = self.state.clock.wall_seconds()
        return [frame(self.channel, self.make())]

    def later(self, news: News) -> list[Frame]:
        """The state again, if it is time or the account had news."""
        concerned = bool(self.user) and self.user in news.happened
        due = self.state.now_ms - self._sent_ms >= self.period_ms
        rested = news.wall - self._sent_wall >= self.state.wire.push_least_ms / 1000
        return self.first() if concerned or (due and rested) else []


@dataclass(slots=True)
class Best:
    """``bbo``: when it changes; not oftener than the wall bears."""

    state: VenueState
    coin: str
    _sent: Any = None
    _pending: bool = False
    _sent_wall: float = field(default=-1e9)

    def first(self) -> list[Frame]:
        """The best of both sides now."""
        self._sent = books.best(self.state, self.coin)
        return [frame("bbo", {"coin": self.coin, "time": self.state.now_ms, "bbo": self._sent})]

    def later(self, news: News) -> list[Frame]:
        """The same, if it is another."""
        self._pending = self._pending or self.coin in news.moved
        if not self._pending or news.wall - self._sent_wall < self.state.wire.push_least_ms / 1000:
            return []
        self._pending, self._sent_wall = False, news.wall
        return self.first() if books.best(self.state, self.coin) != self._sent else []


@dataclass(slots=True)
class Bars:
    """``candle``: the forming bar while it forms, and every bar once more when it has closed."""

    state: VenueState
    coin: str
    interval: str
    _last: Candle | None = None
    _pending: bool = False
    _sent_wall: float = field(default=-1e9)

    def first(self) -> list[Frame]:
        """The forming bar."""
        now = self.state.now_ms
        return self._frames(now)[-1:]

    def later(self, news: News) -> list[Frame]:
        """The bars that changed since, oldest first; not oftener than the wall bears."""
        self._pending = self._pending or self.coin in news.moved
        if not self._pending or news.wall - self._sent_wall < self.state.wire.push_least_ms / 1000:
            return []
        self._pending, self._sent_wall = False, news.wall
        return self._frames(self._last.time_ms if self._last else self.state.now_ms)

    def _frames(self, start_ms: int) -> list[Frame]:
        row = self.state.assets.of_coin(self.coin)
        if row is None or row.terms.delisted:
            return []
        found = intervals.bars(self.state.source, self.coin, self.interval, start_ms, self.state.now_ms)
        fresh = [bar for bar in found if bar != self._last]
        if fresh:
            self._last = fresh[-1]
        return [frame("candle", candle(self.coin, self.interval, bar)) for bar in fresh]


@dataclass(slots=True)
class Trades:
    """``trades``: recent ones first, then each as it happens."""

    state: VenueState
    coin: str
    _count: int = 0
    _pending: bool = False
    _sent_wall: float = field(default=-1e9)

    def first(self) -> list[Frame]:
        """Recent trades, oldest first; nothing where none is known."""
        if self._silent():
            return []
        tape = self.state.tapes.of(self.coin)
        self._count = tape.look()
        return self._frames(self.state.wire.prints)

    def later(self, news: News) -> list[Frame]:
        """Trades since; joined when they come faster than the wall bears."""
        self._pending = self._pending or self.coin in news.moved
        if not self._pending or news.wall - self._sent_wall < self.state.wire.push_least_ms / 1000 or self._silent():
            return []
        self._pending, self._sent_wall = False, news.wall
        before, self._count = self._count, self.state.tapes.of(self.coin).look()
        return self._frames(self._count - before)

    def _silent(self) -> bool:
        row = self.state.assets.of_coin(self.coin)
        return row is None or row.terms.delisted

    def _frames(self, most: int) -> list[Frame]:
        trades = self.state.tapes.of(self.coin).newest(most)
        return [frame("trades", [frame_of(one) for one in trades])] if trades else []


@dataclass(slots=True)
class Events:
    """What happens to one account: ``snapshot`` first, then ``tell`` of every round's happenings."""

    user: str
    snapshot: Callable[[], list[Frame]]
    tell: Callable[[Sequence[Happening]], list[Frame]]

    def first(self) -> list[Frame]:
        """The snapshot, where the channel has one."""
        return self.snapshot()

    def later(self, news: News) -> list[Frame]:
        """What happened this round."""
        happened = news.happened.get(self.user)
        return self.tell(happened) if happened else []
