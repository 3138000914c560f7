"""The venue's death: nothing acknowledged is lost, time does not go back, the market goes on as it would have."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.exchange.simulator.journal import Line
from bot.exchange.simulator.store import Store
from core.errors import StartRefused
from tests.bot.exchange.simulator.client import Wallet, WireClient, limit, trigger
from tests.bot.exchange.simulator.conftest import MakeVenue, new_venue
from tests.bot.exchange.simulator.market import START_MS, WavyMarket

ROOT = Path(__file__).resolve().parents[4]
HOUR_MS = 3_600_000
QUESTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("clearinghouseState", {}),
    ("clearinghouseState", {"dex": "xyz"}),
    ("frontendOpenOrders", {}),
    ("userFills", {}),
    ("historicalOrders", {}),
    ("userFunding", {"startTime": 0}),
    ("userNonFundingLedgerUpdates", {"startTime": 0}),
    ("userRateLimit", {}),
    ("extraAgents", {}),
)


async def everything(client: WireClient) -> list[Any]:
    """What an account could lose."""
    user = client.wallet.address
    answers = [await client.info(kind, user=user, **fields) for kind, fields in QUESTIONS]
    answers += [await client.info("orderStatus", user=user, oid="0x" + digit * 32) for digit in "89"]
    return [*answers, await client.info("allMids"), await client.info("fundingHistory", coin="BTC", startTime=0)]


async def trade(client: WireClient) -> None:
    """Something of everything, over more than an hour."""
    await client.order(
        limit(0, True, "62000", "0.05", "Ioc"),
        trigger(0, False, "50000", "0.05", "60000", "sl"),
        trigger(0, False, "60000", "0.05", "63000", "tp"),
        grouping="normalTpsl",
    )
    await client.order(
        limit(1, False, "2955", "0.5", "Alo"),
        limit(5, True, "100", "1"),
        limit(0, True, "50000", "0.01", "Ioc", cloid="0x" + "9" * 32),
        limit(0, True, "64000", "0.01", "Alo"),
        limit(0, True, "61000", "100"),
        limit(5, True, "101", "1", cloid="0x" + "8" * 32),
    )
    await client.act({"type": "cancelByCloid", "cancels": [{"asset": 5, "cloid": "0x" + "8" * 32}]})
    change = {"oid": "0x" + "9" * 32, "order": limit(0, True, "50000", "0.02")}
    await client.act({"type": "batchModify", "modifies": [change]})
    await client.step(START_MS + HOUR_MS)
    await client.order(limit(0, False, "61000", "0.02", "Ioc", reduce=True))


async def test_a_venue_that_stopped_goes_on_exactly_where_it_stood(make_venue: MakeVenue, state_file: Path) -> None:
    venue = new_venue(WavyMarket(), state_file=state_file)
    venue.fund(Wallet.of(1).address, Decimal(10_000))
    await venue.start()
    async with WireClient(venue.base_url, Wallet.of(1)) as client:
        await trade(client)
        before = await everything(client)
    await venue.stop()
    again = await make_venue(WavyMarket(), state_file=state_file)
    async with WireClient(again.base_url, Wallet.of(1)) as client:
        assert await everything(client) == before
        used = client.signed({"type": "noop"}, nonce=START_MS)
        assert "duplicate nonce" in (await client.post(used))["response"]


async def test_a_restarted_venue_continues_like_one_that_never_died(make_venue: MakeVenue, state_file: Path) -> None:
    outcomes = []
    for dies in (False, True):
        file = state_file.with_suffix(f".{dies}")
        venue = new_venue(WavyMarket(), state_file=file)
        venue.fund(Wallet.of(1).address, Decimal(10_000))
        await venue.start()
        async with WireClient(venue.base_url, Wallet.of(1)) as client:
            await trade(client)
            for hours in (2, 3):
                if dies:
                    await venue.stop()
                    venue = new_venue(WavyMarket(), state_file=file)
                    await venue.start()
                    client.base_url = venue.base_url
                await client.order(limit(1, True, "3000", "0.5", "Ioc"))
                await client.step(START_MS + hours * HOUR_MS)
            outcomes.append(await everything(client))
        await venue.stop()
    assert outcomes[0] == outcomes[1]


async def test_time_shown_before_a_death_is_not_shown_again(make_venue: MakeVenue, state_file: Path) -> None:
    venue = await make_venue(WavyMarket(), state_file=state_file, speed=60.0)
    async with WireClient(venue.base_url, Wallet.of(1)) as client, asyncio.timeout(20):
        shown = START_MS
        while shown < START_MS + 120_000:
            shown = (await client.info("exchangeStatus"))["time"]
        image = await asyncio.to_thread(left_behind, state_file)
    again = await make_venue(WavyMarket(), state_file=image)
    second_ms = 60 * 1_000
    assert shown <= again.state.now_ms <= shown + 2 * second_ms


def left_behind(state_file: Path) -> Path:
    """What ``kill -9`` would leave of a state file: a copy of it as it is now, with its write-ahead log."""
    image = state_file.with_name("left.state")
    for ending in ("-wal", ""):
        shutil.copy(f"{state_file}{ending}", f"{image}{ending}")
    return image


async def test_a_state_file_of_another_market_is_refused(state_file: Path) -> None:
    venue = new_venue(WavyMarket(), state_file=state_file, origin="synthetic:7")
    await venue.start()
    await venue.stop()
    other = new_venue(WavyMarket(), state_file=state_file, origin="recorded:majors")
    with pytest.raises(StartRefused, match=r"belongs to 'synthetic:7' .* not to 'recorded:majors'"):
        await other.start()


@pytest.fixture
def no_state(state_file: Path) -> Path:
    """A file that is something else."""
    state_file.write_text("this is no database " * 100)
    return state_file


async def test_a_file_that_is_no_state_is_refused_by_name(no_state: Path) -> None:
    with pytest.raises(StartRefused, match=f"{no_state.name} cannot be used"):
        await new_venue(WavyMarket(), state_file=no_state).start()


async def test_a_journal_that_leads_elsewhere_is_refused(state_file: Path) -> None:
    venue = new_venue(WavyMarket(), state_file=state_file)
    await venue.start()
    store = Store(state_file, "")
    await store.open()
    noop = Line(START_MS, "0x1", signer="0x1", nonce=1, action={"type": "noop"}, answer={"status": "err"})
    await venue.stop()
    await store.append(noop)
    await store.close()
    with pytest.raises(StartRefused, match="does not lead where it led: 'noop'"):
        await new_venue(WavyMarket(), state_file=state_file).start()


@contextlib.asynccontextmanager
async def process(state_file: Path, port: int, speed: str, address: str) -> AsyncIterator[tuple[Any, str]]:
    """A venue in a process of its own, killed at the end whatever happens."""
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bot.exchange.simulator.venue_process",
        str(state_file),
        str(port),
        speed,
        address,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    assert running.stdout is not None
    try:
        async with asyncio.timeout(60):
            url = (await running.stdout.readline()).decode().strip()
        assert url, "the venue did not start"
        yield running, url
    finally:
        if running.returncode is None:
            running.send_signal(signal.SIGKILL)
        await running.wait()


@pytest.mark.chaos
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_kill_nine_loses_nothing_that_was_acknowledged(state_file: Path, seed: int) -> None:
    chance = random.Random(seed)
    wallet = Wallet.of(1)
    acknowledged: dict[str, int] = {}
    shown_ms = 0
    nonces = itertools.count(START_MS)
    for death in range(3):
        async with process(state_file, 0, "60", wallet.address) as (running, url), WireClient(url, wallet) as client:
            client.nonces = nonces
            shown_ms = await check(client, acknowledged, shown_ms)
            killer = asyncio.get_running_loop().call_later(chance.uniform(0.1, 0.6), running.kill)
            with contextlib.suppress(aiohttp.ClientError):
                for number in range(100_000):
                    cloid = f"0x{death:016x}{number:016x}"
                    side = chance.random() < 0.5
                    order = limit(0, side, "62500" if side else "60000", "0.001", "Ioc", cloid=cloid)
                    (status,) = await client.order(order)
                    acknowledged[cloid] = status["filled"]["oid"]
                    shown_ms = (await client.info("exchangeStatus"))["time"]
            killer.cancel()
    assert len(acknowledged) > 5
    async with process(state_file, 0, "60", wallet.address) as (_, url), WireClient(url, wallet) as client:
        await check(client, acknowledged, shown_ms)


async def check(client: WireClient, acknowledged: dict[str, int], shown_ms: int) -> int:
    """Every acknowledged order is there, once, and time did not go back."""
    user = client.wallet.address
    fills = await client.info("userFillsByTime", user=user, startTime=0)
    by_cloid: dict[str, set[int]] = {}
    for fill in fills:
        by_cloid.setdefault(fill["cloid"], set()).add(fill["oid"])
    for cloid, oid in acknowledged.items():
        assert by_cloid[cloid] == {oid}
    now = int((await client.info("exchangeStatus"))["time"])
    assert now >= shown_ms
    position = sum(Decimal(fill["sz"]) * (1 if fill["side"] == "B" else -1) for fill in fills)
    held = (await client.info("clearinghouseState", user=user))["assetPositions"]
    assert sum(Decimal(one["position"]["szi"]) for one in held) == position
    return now
