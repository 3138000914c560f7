"""Closing from the host where no bot runs: pressed until flat, however often the exchange does not answer, and the exit
code says whether anything is left."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from bot.alone import until_flat
from bot.choices import Choices
from bot.clock import wall_ms
from bot.environment import Environment, read_environment
from bot.exchange.simulator.server import SimulatedVenue
from bot.host import HostDoor, ask_running, do_compromised
from bot.trading_side import open_trading_side
from core.errors import NotLive, OutcomeUnknown, VenueUnavailable
from core.events import Flattened
from core.flows.reconcile import recover
from core.replay.run import ACCOUNT
from core.settings import Settings
from core.trading.orders import CLIENT_ID_PREFIX
from tests.bot.exchange.simulator.client import Wallet, WireClient, limit
from tests.bot.paper.test_paper_run import bought, upstream, written
from tests.core.flows.ports import Intercepted
from tests.core.flows.stage import Stage

OWNER = Wallet.of(44)
NOWHERE = "127.0.0.1:9"
LEFT_OVER = f"{CLIENT_ID_PREFIX}{0:0{34 - len(CLIENT_ID_PREFIX)}x}"
QUICK = "[execution]\nprotective_expires_ms = 1000\nalone_ms = 3000\n"


@dataclass
class Alone:
    """A position with nobody to watch it, over a venue of which every call can be made to fail."""

    stage: Stage
    venue: Intercepted
    waited_ms: int = 0
    seen: list[Any] = field(default_factory=list)

    async def pause(self, seconds: float) -> None:
        """Market and wall go on together."""
        self.waited_ms += round(seconds * 1000) + 1
        self.seen.append(await self.stage.ledger.switches())
        await self.stage.pass_time(round(seconds * 1000) + 1)

    async def flatten(self) -> str:
        return await until_flat(self.stage.desk, "host", self.pause, lambda: self.waited_ms)

    def trouble(self, method: str, error: Exception, times: int, *, acts: bool = False) -> None:
        """So many calls fail, before or after they were carried out."""
        left = [error] * times

        async def fail(*given: Any, **options: Any) -> Any:
            if acts and left:
                await getattr(self.stage.venue, method)(*given, **options)
            if left:
                raise left.pop()
            return await getattr(self.stage.venue, method)(*given, **options)

        self.venue.instead[method] = fail

    def held(self) -> int:
        return len(self.stage.running.exchange.positions(ACCOUNT))


@pytest.fixture(name="alone")
async def make_alone() -> Alone:
    stage = Stage()
    await stage.begin()
    await stage.open("BTC")
    await stage.open("ETH")
    venue = Intercepted(stage.venue)
    stage.desk = stage.new_desk(venue=venue)
    return Alone(stage, venue)


@pytest.mark.parametrize("acts", [False, True])
async def test_closes_without_an_answer_are_pressed_again_until_all_is_flat(alone: Alone, acts: bool) -> None:
    alone.trouble("submit", OutcomeUnknown("no answer"), 4, acts=acts)
    said = await alone.flatten()
    assert alone.held() == 0
    assert "STILL OPEN" not in said
    assert said.count("closed at") == 2, said
    told = [event for _, event in alone.stage.ledger.events if isinstance(event, Flattened)]
    assert [event.still_open for event in told] == [("BTC", "ETH"), ()][acts:], "not once more at every look"


async def test_an_exchange_that_is_away_for_a_while_is_waited_for(alone: Alone) -> None:
    alone.trouble("open_orders", VenueUnavailable("away"), 3)
    said = await alone.flatten()
    assert (alone.held(), said.count("closed at")) == (0, 2)
    assert "NOT FLATTENED" not in said


@pytest.mark.parametrize("method", ["account", "transfers", "fills", "funding"])
async def test_an_exchange_that_is_away_at_first_is_asked_again(alone: Alone, method: str) -> None:
    alone.trouble(method, VenueUnavailable("away"), 2)
    await alone.flatten()
    assert alone.held() == 0
    assert all(switches.halted for switches in alone.seen)


@pytest.mark.parametrize(
    ("method", "error", "words"),
    [
        ("submit", OutcomeUnknown("no answer"), "STILL OPEN at the venue: BTC, ETH\nhalted"),
        ("account", VenueUnavailable("away"), "NOT FLATTENED: away"),
    ],
)
async def test_time_runs_out_and_what_is_open_is_named(alone: Alone, method: str, error: Exception, words: str) -> None:
    alone.trouble(method, error, 10_000)
    said = await alone.flatten()
    rules = alone.stage.settings.execution
    assert words in said
    assert rules.alone_ms <= alone.waited_ms <= rules.alone_ms + rules.protective_expires_ms + rules.lookup_ms + 1
    assert alone.held() == 2
    assert (await alone.stage.ledger.switches()).halted


async def test_where_nothing_may_be_signed_nothing_is_waited_for(alone: Alone) -> None:
    alone.stage.desk.venue_name = "mainnet"
    with pytest.raises(NotLive):
        await alone.flatten()
    assert alone.waited_ms == 0


async def test_a_compromised_key_may_sign_until_all_is_flat(alone: Alone) -> None:
    desk, ledger = alone.stage.desk, alone.stage.ledger
    desk.venue_name, desk.live_allowed = "mainnet", True
    await ledger.store(switches=replace(await ledger.switches(), live_by="Ann"), at_ms=desk.clock.now_ms())
    alone.trouble("submit", OutcomeUnknown("no answer"), 4)

    async def flat(_: object, __: str) -> str:
        return await alone.flatten()

    await do_compromised(desk, "host", flat)
    assert alone.held() == 0
    assert [switches.live_by for switches in alone.seen] == ["Ann"] * len(alone.seen) != []
    assert (await ledger.switches()).live_by == ""


async def test_a_running_bot_says_that_it_goes_on(alone: Alone, tmp_path: Path) -> None:
    door = HostDoor(alone.stage.desk, tmp_path, lambda: None)
    await door.open()
    alone.trouble("submit", OutcomeUnknown("no answer"), 10_000)
    _, said = await ask_running(tmp_path, "flatten") or (False, "")
    assert "STILL OPEN at the venue: BTC, ETH" in said
    assert "pressed until it is flat" in said
    assert await asyncio.to_thread(main, ["flatten", "--state", str(tmp_path)]) == 1
    await door.close()


@dataclass
class Left:
    """What a bot on testnet left behind: its folder, and a position with its stop at the venue."""

    state: Path
    exchange: WireClient
    venue: SimulatedVenue

    async def command(self, verb: str) -> int:
        """A command without a running bot; its exit code."""
        return await asyncio.to_thread(main, [verb, "--state", str(self.state)])

    async def held(self) -> int:
        """Positions, by the venue itself."""
        return len((await self.exchange.info("clearinghouseState", user=OWNER.address))["assetPositions"])


@pytest.fixture
async def left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Left]:
    state = tmp_path / "state"
    state.mkdir()
    written(state)
    (state / "settings.toml").write_text(QUICK, encoding="utf-8")
    monkeypatch.chdir(tmp_path)  # no .env but the test's own
    venue = upstream()
    venue.faults.clear()
    venue.fund(OWNER.address, Decimal(10_000))
    await venue.start()
    for name in Environment.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("HYPERLIQUID_API_BASE", venue.base_url)
    monkeypatch.setenv("HYPERLIQUID_API_KEY", f"0x{bytes(OWNER.account.key).hex()}")
    for name in ("BINANCE_API_BASE", "OKX_API_BASE"):
        monkeypatch.setenv(name, f"http://{NOWHERE}")
    for name in ("BINANCE_STREAM_BASE", "BYBIT_STREAM_BASE", "OKX_STREAM_BASE"):
        monkeypatch.setenv(name, f"ws://{NOWHERE}")
    async with WireClient(venue.base_url, OWNER) as exchange, AsyncExitStack() as stack:
        choices = Choices("testnet", state)
        side = await open_trading_side(stack, choices, read_environment(None), Settings(), lambda: None)
        await bought(side.desk)
        await recover(side.desk)
        await stack.aclose()
        yield Left(state, exchange, venue)
    await venue.stop()


async def test_the_command_closes_over_lost_answers_and_exits_with_0(
    left: Left, capsys: pytest.CaptureFixture[str]
) -> None:
    left.venue.faults.order({"kind": "drop_before", "action": "order", "count": 1})
    assert await left.command("flatten") == 0
    assert await left.held() == 0
    assert "BTC long closed at" in capsys.readouterr().out


async def test_trouble_with_an_order_left_over_keeps_nothing_from_being_closed(left: Left) -> None:
    price = float((await left.exchange.info("allMids"))["BTC"])
    await left.exchange.order(limit(0, True, f"{price * 0.9:.0f}", "0.01", cloid=LEFT_OVER), nonce=wall_ms() + 1_000)
    left.venue.faults.order({"kind": "drop_before", "action": "cancel", "count": 1})
    assert await left.command("flatten") == 0
    assert await left.held() == 0


@pytest.mark.parametrize("verb", ["flatten", "compromised"])
async def test_the_command_exits_with_1_while_anything_is_open_and_says_what_to_do(
    left: Left, capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    left.venue.faults.order({"kind": "drop_before", "action": "order", "count": 1_000})
    assert await left.command(verb) == 1
    assert await left.held() == 1
    said = capsys.readouterr().err
    assert "STILL OPEN at the venue: BTC" in said
    assert ("give `vektor flatten` again" in said) is (verb == "flatten"), "a key that is out of use closes nothing"
