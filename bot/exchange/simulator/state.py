"""Everything the wire stands on, in one place: the exchange, its market, who may sign, what was printed.

It only holds; it refuses to decide anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from bot.exchange.simulator.assets import Assets
from bot.exchange.simulator.clock import VenueClock
from bot.exchange.simulator.nonces import Nonces
from bot.exchange.simulator.rates import Rates, SettledHour
from bot.exchange.simulator.tape import Tapes
from bot.exchange.simulator.upset_market import UpsetMarket
from bot.exchange.simulator.wallets import Wallets
from core.settings import ExchangeRules, WireRules
from core.trading.exchange.exchange import Exchange
from core.trading.exchange.ports import PriceSource
from core.trading.exchange.records import Happening, Trade
from core.trading.exchange.run import RunningExchange

Past = Happening | SettledHour
"""What is over and can only be looked up."""


@dataclass(slots=True)
class VenueState:
    """The venue as its answers and actions see it."""

    running: RunningExchange
    market: UpsetMarket
    """The running exchange's source: where prices are made to leap."""
    clock: VenueClock
    rules: ExchangeRules
    wire: WireRules
    assets: Assets
    wallets: Wallets
    nonces: Nonces
    rates: Rates
    ledger: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Deposits and transfers by account, as ``userNonFundingLedgerUpdates`` tells them."""
    spot: dict[str, Decimal] = field(default_factory=dict)
    """USDC of accounts outside of their perp dexes."""
    abstractions: dict[str, str] = field(default_factory=dict)
    requests_used: dict[str, int] = field(default_factory=dict)
    unsaved: list[Past] | None = None
    """What became past since the last checkpoint, to be saved with the next; ``None`` where nothing is kept."""
    tapes: Tapes = field(init=False)

    def __post_init__(self) -> None:
        self.tapes = Tapes(self.source, self.wire, self._trades)

    @property
    def exchange(self) -> Exchange:
        """The exchange under the wire."""
        return self.running.exchange

    @property
    def source(self) -> PriceSource:
        """The market under the exchange."""
        return self.running.source

    @property
    def now_ms(self) -> int:
        """Market time: where the market stands."""
        return self.running.source.now_ms

    def passed(self, *past: Past) -> None:
        """Note what became past."""
        if self.unsaved is not None:
            self.unsaved.extend(past)

    def traded_usd(self, address: str) -> Decimal:
        """Notional that an account ever traded."""
        return sum((fill.price * fill.size for fill in self.exchange.fills(address)), Decimal(0))

    def _trades(self, coin: str, most: int) -> Sequence[Trade]:
        """Newest trades of accounts, newest first; the exchange may be replaced while tapes live."""
        return self.exchange.trades(coin, most)
