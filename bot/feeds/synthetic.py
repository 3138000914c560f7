"""The synthetic market of the demonstration: seeded, reproducible, endless, and quick enough to run far faster than time.

Everything it shows is a function of the seed, the day it began and the time, so the same seed gives the same market
whatever the sizes of the steps, and a restarted venue goes on exactly where it stood. It refuses to pretend to be
data: no price in it was ever traded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.feeds.synthesis.answers import SyntheticCandles
from bot.feeds.synthesis.cast import Cast
from bot.feeds.synthesis.days import DAY_MS
from bot.feeds.synthesis.figures import Figures
from bot.feeds.synthesis.forced import forced_in
from bot.feeds.synthesis.memory import Memory
from bot.feeds.synthesis.scene import Scene, marks_of
from bot.feeds.synthesis.sessions import BAR_MS
from bot.feeds.synthesis.world import World, first_world
from core.errors import BrokenInvariant, StartRefused
from core.market.symbols import Market
from core.replay.listing import terms_of
from core.replay.quoting import half_spread, quoted
from core.settings import SimulatedQuotes, Synthetic
from core.trading.exchange.ports import Candle, Forced, MarketTerms, Price, Statistics


class SyntheticMarket:
    """A :class:`~core.trading.exchange.ports.PriceSource` without an end, warm with ``history_days`` of bars.

    ``start_ms`` is where it stands at first (epoch ms); building it takes about ten milliseconds a day of history, so
    do it off the event loop.
    """

    def __init__(
        self, markets: Sequence[Market], *, seed: int, start_ms: int, rules: Synthetic, quotes: SimulatedQuotes
    ) -> None:
        self._markets = tuple(markets)
        self._rules = rules
        self._row = {one.coin: row for row, one in enumerate(markets)}
        self._terms = tuple(terms_of(one) for one in markets)
        self._half = [half_spread(one.asset_class, quotes) for one in markets]
        first_day = start_ms // DAY_MS - rules.history_days
        cast = Cast.of(seed, first_day, markets, rules)
        self._begin(cast, first_world(seed, first_day, cast.profiles, rules), start_ms)

    def _begin(self, cast: Cast, world: World, now_ms: int) -> None:
        """Stand at a time, with the days since ``world`` lived."""
        self._cast = cast
        self._memory = Memory(cast, world)
        self._candles = SyntheticCandles(cast, self._memory)
        self._priced: dict[str, tuple[tuple[float, float, bool], Price]] = {}
        self._stored_world: tuple[int, dict[str, Any]] | None = None
        self._forced: dict[int, list[Forced]] = {}
        self._now = now_ms
        self._load()

    @property
    def markets(self) -> Sequence[Market]:
        """Every market, in listing order."""
        return self._markets

    @property
    def terms(self) -> Sequence[MarketTerms]:
        """Terms of every market, in listing order."""
        return self._terms

    @property
    def now_ms(self) -> int:
        """Where the market stands."""
        return self._now

    @property
    def end_ms(self) -> int | None:
        """Nowhere: the market is endless."""
        return None

    def next_change(self) -> int:
        """Time of the next tick."""
        return self._scene.next_tick(self._now)

    def advance(self, to_ms: int) -> Sequence[str]:
        """Move to ``to_ms``, at most to the next tick; the coins whose price changed there.

        Raises :class:`BrokenInvariant` for a step back or one that would skip a tick.
        """
        tick = self.next_change()
        if not self._now <= to_ms <= tick:
            raise BrokenInvariant(f"a step from {self._now} to {to_ms} is not possible; the next tick is at {tick}")
        self._now = to_ms
        if to_ms < tick:
            return ()
        if to_ms >= self._scene.end_ms:
            self._load()
        return self._scene.changed_at(to_ms)

    def price(self, coin: str) -> Price | None:
        """Prices now; no market of this world is ever shut, some are only asleep."""
        row = self._row[coin]
        shown = self._scene.shown(row, self._now)
        known = self._priced.get(coin)
        if known is None or known[0] != shown:
            mark, premium, gapped = shown
            decimals = self._markets[row].price_decimals
            price = quoted(mark, decimals, self._half[row], gapped=gapped, premium=premium)
            self._priced[coin] = known = (shown, price)
        return known[1]

    def statistics(self, coin: str) -> Statistics:
        """Funding of the present hour, open interest, and the last 24 hours."""
        return self._figures.of(self._row[coin])

    def candles(self, coin: str, interval_ms: int, start_ms: int, end_ms: int) -> Sequence[Candle]:
        """Bars opening in ``[start_ms, end_ms]``, oldest first, the last as it forms.

        Any multiple of five minutes as far back as the history, any multiple of a minute for the last hours.
        """
        return self._candles.between(self._row[coin], interval_ms, start_ms, end_ms, self._now, self._scene)

    def forced(self, after_ms: int) -> Sequence[Forced]:
        """What was closed by force in ``(after_ms, now]``, oldest first; not before the history."""
        first = max(after_ms, self._memory.start_ms) // BAR_MS * BAR_MS
        bars = range(first, self._now + 1, BAR_MS)
        return [one for bar in bars for one in self._forced_in(bar) if after_ms < one.time_ms <= self._now]

    def snapshot(self) -> dict[str, Any]:
        """Plain JSON values from which :meth:`restore` goes on; small, and most of it changes once a day."""
        world = self._memory.oldest
        if self._stored_world is None or self._stored_world[0] != world.day:
            self._stored_world = (world.day, world.to_json(list(self._row)))
        return {
            "seed": self._cast.seed,
            "first_day": self._cast.first_day,
            "now_ms": self._now,
            "world": self._stored_world[1],
        }

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """Go on where a snapshot was taken: its seed and its days, not ours. Markets may have come or gone since.

        Takes as long as building the market: do it off the event loop. Raises :class:`StartRefused` when it was taken
        of another kind of market.
        """
        if "world" not in snapshot:
            raise StartRefused("the state was made with another market than the synthetic one; use a new state folder")
        cast = Cast.of(int(snapshot["seed"]), int(snapshot["first_day"]), self._markets, self._rules)
        world = World.from_json(snapshot["world"], list(self._row), cast.profiles)
        self._begin(cast, world, int(snapshot["now_ms"]))

    def _forced_in(self, bar_ms: int) -> list[Forced]:
        """The forced closings of a bar, kept while it is the present one or the one before."""
        if bar_ms not in self._forced:
            day, bar = self._memory.day_of(bar_ms)
            marks = self._scene.marks if bar_ms == self._scene.bar_ms else marks_of(self._cast, day, bar)
            self._forced = {at: known for at, known in self._forced.items() if at >= self._scene.bar_ms - BAR_MS}
            self._forced[bar_ms] = forced_in(self._cast, day, bar, marks)
        return self._forced[bar_ms]

    def _load(self) -> None:
        """Make what is shown during the five minutes that hold the present."""
        bar_ms = self._now // BAR_MS * BAR_MS
        self._memory.live_until(self._now, self._rules.history_days)
        self._scene = Scene.of(self._cast, self._memory, bar_ms)
        self._figures = Figures(self._cast, self._memory, bar_ms)
