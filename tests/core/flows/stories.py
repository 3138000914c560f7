"""How a flow comes to pass over a world in which all is real: what is arranged before, and what is done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from typing import Any

from core.decision.record import Verdict
from core.errors import OutcomeUnknown, VektorError, VenueRefused, VenueUnavailable
from core.flows.adjust import reduce, set_stop, set_target
from core.flows.close import close_position, flatten, halt
from core.flows.displace import Room
from core.flows.enter import enter
from core.flows.guard import danger_of
from core.flows.inject import inject
from core.flows.protect import place
from core.flows.quotes import Quotes
from core.flows.reconcile import audit, reconcile, recover
from core.flows.watch import watch
from core.market.symbols import Side
from core.replay.run import ACCOUNT
from core.trading.orders import Intent
from core.trading.positions import CloseReason
from tests.core.flows.stage import CALM, judged
from tests.core.flows.world import Trouble, World, left_over_id

MINUTE_MS = 60_000
ANN = "Ann"
Deed = Callable[[World], Awaitable[object]]


async def begin(world: World) -> None:
    """A book without a position."""
    await recover(world.desk)


async def with_btc(world: World, **changes: Any) -> None:
    """A protected long."""
    await begin(world)
    outcome = await world.open("BTC", **changes)
    assert outcome.verdict is Verdict.OPENED, outcome
    await calm(world)


async def calm(world: World) -> None:
    """Everything that the stream had to say is looked at."""
    world.running.exchange.drain()
    await world.look()
    assert not world.desk.nudged


def troubled(arrange: Deed, *troubles: Callable[[], Trouble]) -> Deed:
    """Arranged so that the venue makes trouble when the story is played."""

    async def arranged(world: World) -> None:
        await arrange(world)
        world.troubles = [one() for one in troubles]

    return arranged


def down(method: str, intent: Intent | None = None) -> Callable[[], Trouble]:
    """The venue does not carry a request out, and says so."""
    return lambda: Trouble(method, VenueUnavailable("HTTP 429"), intent=intent)


def silent(method: str, intent: Intent | None = None, *, acts: bool = False) -> Callable[[], Trouble]:
    """The venue does not answer."""
    return lambda: Trouble(method, OutcomeUnknown("no answer"), intent=intent, acts=acts)


def refusing(method: str, intent: Intent | None = None) -> Callable[[], Trouble]:
    """The venue says no."""
    return lambda: Trouble(method, VenueRefused("no", words="no"), intent=intent)


# --- open ------------------------------------------------------------------------------------------------------------


async def open_btc(world: World) -> None:
    """A finalist is entered."""
    await world.open("BTC")


# --- protect ---------------------------------------------------------------------------------------------------------


async def stop_gone(world: World) -> None:
    """What protected the position has vanished, and the stream says so."""
    world.take_orders("BTC")
    await watch(world.desk)


async def two_of_each(world: World) -> None:
    """A second stop and a second target rest, as after a crash between placing them and cancelling the first."""
    await with_btc(world)
    (position,) = await world.ledger.live_positions()
    tickets = await world.ledger.tickets(position.position_id)
    nearer = replace(position, stop=Decimal(59600), target=Decimal(61500))
    await place(world.desk, nearer, tickets, Intent.STOP, nearer.stop)
    await place(world.desk, nearer, tickets, Intent.TARGET, nearer.target)


async def look(world: World) -> None:
    """A full look."""
    await world.look()


# --- move stop -------------------------------------------------------------------------------------------------------


async def rise(world: World) -> None:
    """The price runs, and a nearer stop is earned."""
    await world.move("BTC", "60700")
    await watch(world.desk)


async def creep(world: World) -> None:
    """The price runs a little, and is remembered."""
    await world.move("BTC", "60100")
    await watch(world.desk)


async def by_operator(world: World) -> None:
    """An operator moves the stop."""
    await set_stop(world.desk, "BTC", Decimal(59600), ANN)


async def target_by_operator(world: World) -> None:
    """An operator moves the target."""
    await set_target(world.desk, "BTC", Decimal(61500), ANN)


async def grown_old(world: World) -> None:
    """An hour later the time stop is due."""
    await with_btc(world)
    await world.pass_time(60 * MINUTE_MS)


async def far_stop(world: World) -> None:
    """A stop so far away that the liquidation lies close behind it."""
    await with_btc(world, atr=9_000.0)


async def near_liquidation(world: World) -> None:
    """The price comes close to both."""
    (position,) = await world.ledger.live_positions()
    await world.move("BTC", str(position.stop + 400))
    await watch(world.desk)


# --- close -----------------------------------------------------------------------------------------------------------


async def close_btc(world: World) -> None:
    """An operator closes."""
    await close_position(world.desk, "BTC", CloseReason.OPERATOR, ANN)


async def a_part(world: World) -> None:
    """An operator closes half."""
    await reduce(world.desk, "BTC", Decimal("0.5"), ANN)


async def stop_fires(world: World) -> None:
    """The stop ends it."""
    await world.move("BTC", "59000")
    await world.look()


async def old_orders_shown(world: World) -> None:
    """The venue goes on showing orders that are gone."""
    await with_btc(world)
    seen = await world.venue.open_orders()
    world.troubles = [Trouble("open_orders", answer=seen) for _ in range(3)]


# --- displace --------------------------------------------------------------------------------------------------------


async def both_places_taken(world: World) -> None:
    """Two places, both taken for an hour; BTC is the weaker."""
    await begin(world)
    await world.open("BTC", confidence=0.66)
    await world.open("ETH", confidence=0.70)
    await world.pass_time(60 * MINUTE_MS)
    await calm(world)


async def newcomer(world: World) -> None:
    """A better one comes."""
    await enter(world.desk, judged("TSLA", Side.LONG, confidence=0.85), CALM, Quotes(), room=Room())


# --- inject ----------------------------------------------------------------------------------------------------------


async def add_margin(world: World) -> None:
    """An operator adds what was asked about; then the venue is looked at as every minute."""
    found, _ = await danger_of(world.desk, "BTC")
    try:
        await inject(world.desk, "BTC", Decimal(25), found.own, ANN)
    finally:
        with suppress(VektorError):
            await reconcile(world.desk)


# --- flatten ---------------------------------------------------------------------------------------------------------


async def two_and_a_stranger(world: World) -> None:
    """Two positions of ours, one that nobody has seen yet, and a stranger's order that could enlarge one."""
    await begin(world)
    await world.open("BTC")
    await world.open("ETH", Side.SHORT)
    await calm(world)
    world.open_foreign("xyz:TSLA", "0.1")
    world.rest_foreign("BTC", "0.5", "0.01")


async def a_stranger_elsewhere(world: World) -> None:
    """A stranger's position in a market that is not on the list."""
    await begin(world)
    drop_eth(world)
    world.open_foreign("ETH", "0.05")
    world.leave_stop("ETH", "0.99", "0.05")


async def undone(world: World) -> None:
    """A flatten that came no further than the halt: a position and a stranger's order are left."""
    await with_btc(world)
    world.rest_foreign("ETH", "0.5", "0.1")
    await halt(world.desk, ANN, flattening=True)


async def flatten_all(world: World) -> None:
    """Out of everything."""
    await flatten(world.desk, ANN)


# --- recover ---------------------------------------------------------------------------------------------------------


async def nothing(world: World) -> None:
    """A fresh state folder."""


async def start(world: World) -> None:
    """A start, and the audit that follows it."""
    world.desk = world.new_desk()
    await recover(world.desk)
    await audit(world.desk)


async def start_and_go_on(world: World) -> None:
    """A start, and the looks of the next minutes."""
    await start(world)
    await reconcile(world.desk)
    await reconcile(world.desk)


async def a_stranger(world: World) -> None:
    """One of ours, one of somebody else's."""
    await with_btc(world)
    world.open_foreign("ETH", "0.05")
    world.leave_stop("ETH", "0.99", "0.05")


async def orders_left_over(world: World) -> None:
    """Orders that no position explains: one bears an id of ours, one is a stranger's."""
    await with_btc(world)
    world.rest_foreign("ETH", "0.5", "0.1", left_over_id())
    world.rest_foreign("ETH", "0.4", "0.1")


async def with_eth(world: World) -> None:
    """A protected position in another market."""
    await begin(world)
    await world.open("ETH")
    await calm(world)


async def start_without_eth(world: World) -> None:
    """A start after an operator has taken its market from the list."""
    world.desk = world.new_desk()
    drop_eth(world)
    await recover(world.desk)


def drop_eth(world: World) -> None:
    """An operator takes a market from the list."""
    world.desk.universe = [market for market in world.desk.universe if market.coin != "ETH"]


LOST_USD = Decimal(2_500)


async def poorer(world: World) -> None:
    """A quarter of the account is gone without a word."""
    await begin(world)
    world.running.exchange.deposit(ACCOUNT, -LOST_USD, "")
