"""Real recorded candles served over the wire: what comes out is what is in the files, to the last bit."""

from __future__ import annotations

import csv
import gzip
import time
from decimal import Decimal
from pathlib import Path

import pytest

from bot.exchange.simulator.clock import VenueClock
from bot.exchange.simulator.server import SimulatedVenue
from bot.feeds.recorded import load_recording
from core.replay.listing import recorded_markets
from core.replay.market import RecordedMarket
from core.settings import Settings
from core.trading.exchange.exchange import Exchange
from core.trading.exchange.run import RunningExchange
from tests.bot.exchange.simulator.client import Wallet, WireClient, limit

HOUR_MS = 3_600_000


def recorded_venue(folder: Path, days: int) -> tuple[SimulatedVenue, RecordedMarket]:
    """A stepped venue over a data folder, standing some days after its beginning."""
    numbers = Settings()
    recording = load_recording(folder).recording
    markets = recorded_markets(recording, [], numbers.quotes)
    market = RecordedMarket(recording, markets, numbers.quotes, start_ms=recording.start_ms + days * 24 * HOUR_MS)
    clock = VenueClock(market.now_ms, speed=None, monotonic=time.monotonic, wall_ms=lambda: time.time_ns() // 1_000_000)
    running = RunningExchange(Exchange(market.terms, numbers.exchange, market.now_ms), market)
    return SimulatedVenue(running, clock=clock, rules=numbers.exchange), market


def rows_of(folder: Path, symbol: str, kind: str) -> list[dict[str, str]]:
    """The rows of one file of a data folder."""
    with (folder / "manifest.csv").open() as manifest:
        name = next(row["file"] for row in csv.DictReader(manifest) if (row["symbol"], row["kind"]) == (symbol, kind))
    file = folder / name
    with gzip.open(file, "rt") if file.suffix == ".gz" else file.open() as rows:
        return list(csv.DictReader(rows))


@pytest.fixture
def folder(shared_data: Path) -> Path:
    """The smallest recorded set."""
    return shared_data / "sets" / "majors6"


@pytest.fixture
def symbol_and_kind(folder: Path) -> tuple[str, str]:
    """Something that the set has candles of."""
    with (folder / "manifest.csv").open() as manifest:
        kinds = [(row["symbol"], row["kind"]) for row in csv.DictReader(manifest)]
    return next(one for one in kinds if one[1] in ("15m", "1h"))


async def test_closed_candles_are_the_files_rows(folder: Path, symbol_and_kind: tuple[str, str]) -> None:
    symbol, kind = symbol_and_kind
    venue, market = recorded_venue(folder, 20)
    await venue.start()
    async with WireClient(venue.base_url, Wallet.of(1)) as client:
        coin = next(one.coin for one in market.markets if one.symbol == symbol)
        start = market.now_ms - 200 * HOUR_MS
        served = await client.info("candleSnapshot", req={"coin": coin, "interval": kind, "startTime": start})
    await venue.stop()
    closed = {row["t"]: row for row in served if row["T"] < market.now_ms}
    filed = [row for row in rows_of(folder, symbol, kind) if int(row["ts_ms"]) in closed]
    assert len(filed) == len(closed) > 100
    for row in filed:
        told = closed[int(row["ts_ms"])]
        for name, wire in (("open", "o"), ("high", "h"), ("low", "l"), ("close", "c"), ("volume", "v")):
            assert float(told[wire]) == float(row[name])


async def test_an_account_trades_and_is_funded_on_recorded_prices(
    folder: Path, symbol_and_kind: tuple[str, str]
) -> None:
    venue, market = recorded_venue(folder, 20)
    venue.fund(Wallet.of(1).address, Decimal(10_000))
    await venue.start()
    async with WireClient(venue.base_url, Wallet.of(1)) as client:
        user = client.wallet.address
        coin = next(one.coin for one in market.markets if one.symbol == symbol_and_kind[0])
        row, price = venue.state.assets.of_coin(coin), market.price(coin)
        assert row is not None
        assert price is not None
        action = {"type": "updateLeverage", "asset": row.asset, "isCross": False, "leverage": 2}
        assert (await client.act(action))["status"] == "ok"
        lot = Decimal(1).scaleb(-row.terms.size_decimals)
        size = f"{((Decimal(500) / price.mark) // lot * lot).normalize():f}"
        (filled,) = await client.order(limit(row.asset, True, f"{price.ask.normalize():f}", size, "Ioc"))
        assert Decimal(filled["filled"]["totalSz"]) == Decimal(size)
        await client.step(market.now_ms + 3 * HOUR_MS)
        payments = await client.info("userFunding", user=user, startTime=0)
        assert len(payments) == 3
        history = await client.info("fundingHistory", coin=coin, startTime=0)
        assert [one["fundingRate"] for one in history] == [one["delta"]["fundingRate"] for one in payments]
    await venue.stop()
