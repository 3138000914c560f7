"""What happens in the flows whose every await is struck: one small story each, over a world in which all is real.

A story is arranged with nothing struck, then played with the fate armed. Stories with trouble at the venue are there
because some awaits are only reached through it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.trading.orders import Intent
from tests.core.flows.stories import (
    LOST_USD,
    MINUTE_MS,
    Deed,
    a_part,
    a_stranger,
    a_stranger_elsewhere,
    add_margin,
    begin,
    both_places_taken,
    by_operator,
    close_btc,
    creep,
    down,
    far_stop,
    flatten_all,
    grown_old,
    look,
    near_liquidation,
    newcomer,
    nothing,
    old_orders_shown,
    open_btc,
    orders_left_over,
    poorer,
    refusing,
    rise,
    silent,
    start,
    start_and_go_on,
    start_without_eth,
    stop_fires,
    stop_gone,
    target_by_operator,
    troubled,
    two_and_a_stranger,
    two_of_each,
    undone,
    with_btc,
    with_eth,
)


@dataclass(frozen=True, slots=True)
class Plot:
    """One story of a flow. ``apart`` is what the account is poorer by without the book knowing, USDC."""

    flow: str
    name: str
    play: Deed
    arrange: Deed
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    apart: Decimal = Decimal(0)


TWO_PLACES = {"limits": {"positions": 2}}
ONE_HOUR = {"stops": {"time_stop_ms": 60 * MINUTE_MS}}
NEAR = {"leverage": {"liquidation_stops": 1.0}}

PLOTS = (
    Plot("open", "filled", open_btc, begin),
    Plot("open", "venue down", open_btc, troubled(begin, down("submit"))),
    Plot("open", "no answer", open_btc, troubled(begin, silent("submit"))),
    Plot("open", "refused", open_btc, troubled(begin, refusing("submit"))),
    Plot("protect", "stop gone", stop_gone, with_btc),
    Plot("protect", "venue down", stop_gone, troubled(with_btc, down("submit"))),
    Plot("protect", "stop refused", stop_gone, troubled(with_btc, refusing("submit", Intent.STOP))),
    Plot("protect", "two of each", look, two_of_each),
    Plot("move stop", "earned", rise, with_btc),
    Plot("move stop", "not earned", creep, with_btc),
    Plot("move stop", "by an operator", by_operator, with_btc),
    Plot("move stop", "refused", by_operator, troubled(with_btc, refusing("submit"))),
    Plot("move stop", "venue down", by_operator, troubled(with_btc, down("submit"))),
    Plot("move stop", "target", target_by_operator, with_btc),
    Plot("move stop", "time stop", look, grown_old, ONE_HOUR),
    Plot("move stop", "near the liquidation", near_liquidation, far_stop, NEAR),
    Plot("close", "by an operator", close_btc, with_btc),
    Plot("close", "venue down", close_btc, troubled(with_btc, down("submit"))),
    Plot("close", "no answer", close_btc, troubled(with_btc, silent("submit"))),
    Plot("close", "a part", a_part, with_btc),
    Plot("close", "the stop fires", stop_fires, with_btc),
    Plot("close", "old orders shown", close_btc, old_orders_shown),
    Plot("displace", "the weakest goes", newcomer, both_places_taken, TWO_PLACES),
    Plot("displace", "no answer", newcomer, troubled(both_places_taken, silent("submit", acts=True)), TWO_PLACES),
    Plot("inject", "added", add_margin, with_btc),
    Plot("inject", "refused", add_margin, troubled(with_btc, refusing("add_margin"))),
    Plot("inject", "no answer", add_margin, troubled(with_btc, silent("add_margin", acts=True))),
    Plot("flatten", "two and a stranger", flatten_all, two_and_a_stranger),
    Plot("flatten", "no answer", flatten_all, troubled(two_and_a_stranger, silent("submit"))),
    Plot("flatten", "a stranger elsewhere", flatten_all, a_stranger_elsewhere),
    Plot("recover", "fresh", start, nothing),
    Plot("recover", "with a position", start, with_btc),
    Plot("recover", "a stranger", start, a_stranger),
    Plot("recover", "a flatten left undone", start_and_go_on, undone),
    Plot("recover", "orders left over", start, orders_left_over),
    Plot("recover", "a market dropped", start_without_eth, with_eth),
    Plot("recover", "poorer", start, poorer, apart=LOST_USD),
)
