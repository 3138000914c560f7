"""Replay's venue, which has no wire, keeps the same contract as the wire adapter."""

from __future__ import annotations

import pytest

from core.market.symbols import AssetClass, Market
from core.replay.venue import DirectVenue
from core.settings import ExchangeRules
from core.trading.exchange.exchange import Exchange
from core.trading.exchange.run import RunningExchange
from tests.bot.exchange.hand_market import START, HandMarket
from tests.bot.exchange.venue_contract import VenueContract
from tests.bot.exchange.venue_stage import FUNDED, Stage

ACCOUNT = "0x" + "ab" * 20


class InProcess:
    """Moves the exchange itself."""

    def __init__(self, running: RunningExchange) -> None:
        self._running = running

    async def to(self, ms: int) -> None:
        self._running.advance_to(ms)


class TestWithoutAWire(VenueContract):
    @pytest.fixture
    async def stage(self) -> Stage:
        market = HandMarket()
        running = RunningExchange(Exchange(market.terms, ExchangeRules(), START), market)
        running.exchange.open_account(ACCOUNT, FUNDED)
        listed = [
            Market(t.coin.partition(":")[2] or t.coin, AssetClass.CRYPTO, t.coin, t.max_leverage, t.size_decimals)
            for t in market.terms
        ]
        return Stage(DirectVenue(running, ACCOUNT, listed), market, InProcess(running))
