"""``vektor run --venue paper`` whole, over our own venue in the place of the real exchange."""

from __future__ import annotations

import asyncio
import json
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from bot.__main__ import parser
from bot.choices import Choices, recall_choices
from bot.environment import Environment, read_environment
from bot.exchange.simulator.server import SimulatedVenue
from bot.feeds.synthetic import SyntheticMarket
from bot.feeds.universe import load_universe
from bot.hosting import obey
from bot.markets import DEMO_SEED, DEMO_START_MS, SimulatedMarket
from bot.running import asked_for, run
from bot.simulated import simulated_venue
from bot.trading_side import open_trading_side
from core.desk import Desk
from core.errors import StartRefused
from core.settings import Settings
from core.trading.orders import Intent, Ticket, TicketState, client_id
from tests.bot.paper.stage import until

NOWHERE = "127.0.0.1:9"
HEADER = (
    "symbol,asset_class,hyperliquid_coin,binance_symbol,binance_is_proxy,max_leverage,max_leverage_certain,"
    "size_decimals,margin_mode"
)
MARKETS = 3
SETTINGS = replace(
    Settings(),
    cadence=replace(Settings().cadence, reconcile_ms=10_000, watch_ms=1_000),
    paper=replace(Settings().paper, stale_ms=3_000, poll_ms=500, retry_least_ms=50, retry_most_ms=500),
)


def upstream(port: int = 0) -> SimulatedVenue:
    """Our own venue with a few markets, as the real exchange. Any signed request would meet a fault that is counted."""
    markets = load_universe()[:MARKETS]
    rules = SETTINGS.synthetic
    source = SyntheticMarket(markets, seed=DEMO_SEED, start_ms=DEMO_START_MS, rules=rules, quotes=SETTINGS.quotes)
    venue = simulated_venue(SimulatedMarket(source, markets, "real"), SETTINGS, 1.0, None, port)
    venue.faults.order({"kind": "status", "path": "/exchange", "count": 1})
    return venue


@pytest.fixture
async def real() -> AsyncIterator[SimulatedVenue]:
    venue = upstream()
    await venue.start()
    yield venue
    await venue.stop()


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, real: SimulatedVenue) -> Environment:
    for name in Environment.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("HYPERLIQUID_API_BASE", real.base_url)
    for name in ("BINANCE_API_BASE", "OKX_API_BASE"):
        monkeypatch.setenv(name, f"http://{NOWHERE}")
    for name in ("BINANCE_STREAM_BASE", "BYBIT_STREAM_BASE", "OKX_STREAM_BASE"):
        monkeypatch.setenv(name, f"ws://{NOWHERE}")
    return read_environment(None)


def asked(state: Path, *more: str) -> Namespace:
    return parser().parse_args(["run", "--venue", "paper", "--chat", "local", "--state", str(state), *more])


def written(state: Path) -> None:
    rows = [
        f"{m.symbol},{m.asset_class},{m.coin},-,0,{m.max_leverage},1,{m.size_decimals},cross" for m in load_universe()
    ]
    (state / "universe.csv").write_text(
        "\n".join([HEADER, *(row.replace(",-,", ",,") for row in rows[:MARKETS])]) + "\n"
    )


class Running:
    """A run in a task, and its desk."""

    def __init__(self, state: Path, environment: Environment) -> None:
        self._desk: asyncio.Future[Desk] = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(run(asked_for(asked(state), environment), environment, SETTINGS, self._take))

    def _take(self, desk: Desk) -> Desk:
        self._desk.set_result(desk)
        return desk

    async def desk(self) -> Desk:
        await asyncio.wait([self._desk, self._task], return_when=asyncio.FIRST_COMPLETED)
        if self._task.done():
            await self._task
        return await self._desk

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


async def bought(desk: Desk) -> Ticket:
    """Buy for about 120 USD at the market."""
    quotes = await desk.venue.quotes()
    market = next(one for one in desk.universe if one.symbol == "BTC")
    mark, now = quotes[market.coin].mark, desk.clock.now_ms()
    one = Ticket(
        client_id=client_id(desk.venue.account_id, "stranger", Intent.ENTRY, now),
        position_id="stranger",
        symbol=market.symbol,
        coin=market.coin,
        intent=Intent.ENTRY,
        is_buy=True,
        size=round(120 / mark, market.size_decimals),
        limit=Decimal(round(mark * Decimal("1.003"))),
        trigger=None,
        reduce_only=False,
        created_ms=now,
        expires_ms=now + 15_000,
    )
    await desk.venue.set_leverage(market.coin, 5, isolated=True)
    (answer,) = await desk.venue.submit([one], attached=False)
    assert (answer.state, answer.reason) == (TicketState.FILLED, "")
    return one


async def test_a_bot_on_paper_trades_the_real_book_and_sends_nothing_there(
    real: SimulatedVenue, environment: Environment, tmp_path: Path
) -> None:
    written(tmp_path)
    bot = Running(tmp_path, environment)
    try:
        desk = await bot.desk()
        assert desk.venue_name == "paper"
        order = await bought(desk)
        (fill,) = await desk.venue.fills(0)
        assert abs(fill.price / (await desk.venue.quotes())[order.coin].mark - 1) < Decimal("0.002")
        await until(lambda: protected(desk))
        assert (await desk.ledger.live_positions())[0].symbol == "BTC"
        await real.stop()
        await until(lambda: missing(desk, gone=True))
        again = upstream(int(real.base_url.rpartition(":")[2]))
        await again.start()
        await until(lambda: missing(desk, gone=False))
        assert len(again.faults.told()) == 1
        await again.stop()
    finally:
        await bot.stop()
    assert len(real.faults.told()) == 1, "a signed request reached the exchange"
    assert json.loads((tmp_path / "run.json").read_text())["venue"] == "paper"
    assert recall_choices(tmp_path).venue == "paper"


async def protected(desk: Desk) -> bool:
    """Whether the bot found the position and put a stop under it."""
    return any(one.is_stop for one in await desk.venue.open_orders())


async def missing(desk: Desk, *, gone: bool) -> bool:
    return ("market data" in desk.degraded) == gone


async def test_a_restarted_bot_finds_its_paper_account_again_and_so_does_the_host(
    real: SimulatedVenue, environment: Environment, tmp_path: Path
) -> None:
    written(tmp_path)
    first = Running(tmp_path, environment)
    try:
        desk = await first.desk()
        await bought(desk)
        account, fills = desk.venue.account_id, await desk.venue.fills(0)
    finally:
        await first.stop()
    second = Running(tmp_path, environment)
    try:
        desk = await second.desk()
        assert (desk.venue.account_id, await desk.venue.fills(0)) == (account, fills)
        assert (await desk.venue.account()).positions[0].size == fills[0].size
        await until(lambda: protected(desk))
    finally:
        await second.stop()
    done, said = await obey(tmp_path, "flatten")
    assert done, said
    async with AsyncExitStack() as stack:
        side = await open_trading_side(stack, recall_choices(tmp_path), environment, SETTINGS, lambda: None)
        assert not (await side.venue.account()).positions


def test_a_key_in_env_is_not_touched_on_paper(tmp_path: Path, environment: Environment) -> None:
    from bot.trading_side import identity

    mine, worthy = "0x" + "12" * 20, "0x" + "34" * 32
    armed = environment.model_copy(update={"hyperliquid_account": mine, "hyperliquid_api_key": worthy})
    key, account = identity(Choices("paper", tmp_path), armed)
    assert account != mine
    assert key is not None
    assert account == identity(Choices("paper", tmp_path), environment)[1]


@pytest.mark.parametrize(
    ("option", "value"), [("--data", "x"), ("--from", "2026-01-01"), ("--seed", "3"), ("--speed", "60")]
)
def test_what_only_a_simulated_market_can_do_is_refused(
    tmp_path: Path, environment: Environment, option: str, value: str
) -> None:
    with pytest.raises(StartRefused, match=f"{option} {value} is for the simulated market; .* --venue paper"):
        asked_for(asked(tmp_path, option, value), environment)


def test_the_local_chat_is_still_refused_where_an_exchange_holds_the_account(
    tmp_path: Path, environment: Environment
) -> None:
    options = parser().parse_args(["run", "--venue", "testnet", "--chat", "local", "--state", str(tmp_path)])
    with pytest.raises(StartRefused, match="local chat is for sim and paper only"):
        asked_for(options, environment)
