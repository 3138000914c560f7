"""What every ledger does, whatever it is made of. A suite inherits :class:`LedgerContract` and gives ``ledger``."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from msgspec import structs

from core.desk import Ledger, Opening
from core.errors import BrokenInvariant
from core.events import RegimeChanged
from core.market.liquidations import Liquidation
from core.risk.governor import PATH_MS
from core.risk.switches import Switches
from core.risk.vigil import Vigil
from core.trading.injections import InjectionState
from core.trading.orders import TicketState
from core.trading.positions import PositionState
from tests.storage import samples

AT = 1_700_000_000_000


class LedgerContract:
    """Give a fixture ``ledger`` that yields an empty one."""

    async def test_a_new_ledger_knows_nothing(self, ledger: Ledger) -> None:
        assert list(await ledger.live_positions()) == []
        assert list(await ledger.tickets("BTC-1")) == []
        assert list(await ledger.fills(0)) == []
        assert list(await ledger.funding(0)) == []
        assert list(await ledger.trades(10)) == []
        assert await ledger.switches() == Switches()
        assert await ledger.vigil() == Vigil()
        assert await ledger.opening("0xab") is None
        assert await ledger.last_scan() is None

    async def test_contexts_come_back_by_time_and_coin_and_are_kept_once(self, ledger: Ledger) -> None:
        later, earlier = samples.contexts(AT + 300_000), samples.contexts(AT)
        for some in (earlier, later, earlier):
            await ledger.store(contexts=some, at_ms=AT)
        assert list(await ledger.contexts(0)) == [*earlier, *later]
        assert list(await ledger.contexts(AT + 1)) == later

    async def test_liquidations_are_kept_once_with_their_ids(self, ledger: Ledger) -> None:
        earlier, later = (
            samples.liquidations(AT),
            [replace_id(one, n) for n, one in enumerate(samples.liquidations(AT + 9))],
        )
        for some in (later, earlier, later):
            await ledger.store(liquidations=some, at_ms=AT)
        assert list(await ledger.liquidations(0)) == [*earlier, *later]
        assert list(await ledger.liquidations(AT + 1)) == later

    async def test_an_exhaustion_takes_up_what_followed(self, ledger: Ledger) -> None:
        await ledger.store(exhaustions=[samples.exhaustion(), samples.exhaustion(AT + 5, symbol="BTC")], at_ms=AT)
        followed = samples.exhaustion(after_15m=0.01, after_60m=-0.02, direction=None)
        await ledger.store(exhaustions=[followed], at_ms=AT)
        assert list(await ledger.exhaustions(9)) == [samples.exhaustion(AT + 5, symbol="BTC"), followed]
        assert list(await ledger.exhaustions(1)) == [samples.exhaustion(AT + 5, symbol="BTC")]

    async def test_a_scan_is_kept_with_the_events_that_it_gave_rise_to(self, ledger: Ledger) -> None:
        report = samples.report()
        await ledger.store_scan(report, events=[RegimeChanged("BULL", "CHOPPY", 20, 27, 53, 0.12)])
        assert await ledger.last_scan() == report

    async def test_a_position_comes_back_as_it_was_stored_digit_for_digit(self, ledger: Ledger) -> None:
        whole = samples.position(opened_ms=AT, adopted=True, best_mark=Decimal("61999.90"))
        await ledger.store(positions=[whole], at_ms=AT)
        [found] = await ledger.live_positions()
        assert found == whole
        assert str(found.entry) == "61320.1234567890123456789"
        assert str(found.best_mark) == "61999.90"

    async def test_live_positions_come_oldest_decision_first(self, ledger: Ledger) -> None:
        for number in (3, 1, 2):
            await ledger.store(positions=[samples.position(number)], at_ms=AT)
        assert [p.position_id for p in await ledger.live_positions()] == ["BTC-1", "BTC-2", "BTC-3"]

    async def test_positions_decided_together_come_by_id(self, ledger: Ledger) -> None:
        names = ("b", "B", "a-1", "a_1", "A")
        together = [samples.position(position_id=name, decided_ms=AT) for name in names]
        await ledger.store(positions=together, at_ms=AT)
        assert [p.position_id for p in await ledger.live_positions()] == sorted(names)

    async def test_a_stored_position_replaces_the_one_before(self, ledger: Ledger) -> None:
        await ledger.store(positions=[samples.position(state=PositionState.OPENING)], at_ms=AT)
        nearer = samples.position(stop=Decimal("61000.5"))
        await ledger.store(positions=[nearer], at_ms=AT + 1)
        assert list(await ledger.live_positions()) == [nearer]

    @pytest.mark.parametrize("state", list(PositionState))
    async def test_only_closed_and_aborted_positions_are_not_live(self, ledger: Ledger, state: PositionState) -> None:
        await ledger.store(positions=[samples.position(state=PositionState.OPENING)], at_ms=AT)
        await ledger.store(positions=[samples.position(state=state)], at_ms=AT)
        live = state not in (PositionState.CLOSED, PositionState.ABORTED)
        assert [p.position_id for p in await ledger.live_positions()] == (["BTC-1"] if live else [])

    async def test_orders_keep_the_order_they_were_made_in_through_changes(self, ledger: Ledger) -> None:
        made = [samples.ticket(name) for name in ("0xc", "0xa", "0xb")]
        await ledger.store(tickets=made, at_ms=AT)
        changed = replace(
            made[0], state=TicketState.RESTING, venue_id=9_007_199_254_740_993, trigger=Decimal("60000.0")
        )
        await ledger.store(tickets=[changed, samples.ticket("0x0"), samples.ticket("0x9", "ETH-1")], at_ms=AT + 1)
        assert list(await ledger.tickets("BTC-1")) == [changed, made[1], made[2], samples.ticket("0x0")]
        assert [t.client_id for t in await ledger.tickets("ETH-1")] == ["0x9"]

    async def test_an_order_cannot_move_to_another_position(self, ledger: Ledger) -> None:
        await ledger.store(tickets=[samples.ticket("0xa")], at_ms=AT)
        with pytest.raises(BrokenInvariant, match="0xa belongs to position BTC-1, not to ETH-1"):
            await ledger.store(tickets=[samples.ticket("0xa", "ETH-1")], fills=[samples.fill()], at_ms=AT)
        assert list(await ledger.fills(0)) == []

    async def test_a_known_fill_is_left_as_it_is(self, ledger: Ledger) -> None:
        first = samples.fill()
        await ledger.store(fills=[first, first], at_ms=AT)
        await ledger.store(fills=[replace(first, fee=Decimal(99))], at_ms=AT)
        [found] = await ledger.fills(0)
        assert found == first
        assert str(found.fee) == "0.00331128540000000001"

    async def test_fills_of_one_trade_id_in_two_markets_are_two(self, ledger: Ledger) -> None:
        await ledger.store(fills=[samples.fill(coin="BTC"), samples.fill(coin="xyz:TSLA")], at_ms=AT)
        assert {f.coin for f in await ledger.fills(0)} == {"BTC", "xyz:TSLA"}

    async def test_fills_come_by_time_then_trade_id_from_the_time_asked(self, ledger: Ledger) -> None:
        times = [(5, 300), (9, 200), (2, 200), (1, 100)]
        await ledger.store(fills=[samples.fill(n, time_ms=at) for n, at in times], at_ms=AT)
        assert [(f.time_ms, f.trade_id) for f in await ledger.fills(200)] == [(200, 2), (200, 9), (300, 5)]

    async def test_fills_and_funding_of_one_market_can_be_asked_for(self, ledger: Ledger) -> None:
        fills = [samples.fill(1, coin="BTC"), samples.fill(2, coin="ETH")]
        funding = [samples.payment(coin="BTC"), samples.payment(coin="ETH")]
        await ledger.store(fills=fills, funding=funding, at_ms=AT)
        assert list(await ledger.fills(0, "ETH")) == [fills[1]]
        assert list(await ledger.funding(0, "BTC")) == [funding[0]]
        assert list(await ledger.funding(0, "SOL")) == []

    async def test_a_known_settlement_is_left_as_it_is(self, ledger: Ledger) -> None:
        await ledger.store(funding=[samples.payment(time_ms=200), samples.payment(time_ms=100)], at_ms=AT)
        await ledger.store(funding=[replace(samples.payment(time_ms=100), amount=Decimal(5))], at_ms=AT)
        assert list(await ledger.funding(0)) == [samples.payment(time_ms=100), samples.payment(time_ms=200)]
        assert list(await ledger.funding(101)) == [samples.payment(time_ms=200)]

    async def test_trades_come_newest_first_and_only_as_many_as_asked(self, ledger: Ledger) -> None:
        for number in (2, 3, 1):
            await ledger.store(trade=samples.trade(number), at_ms=AT)
        assert [t.trade_id for t in await ledger.trades(2)] == ["BTC-3", "BTC-2"]

    async def test_trades_closed_together_come_by_id_highest_first(self, ledger: Ledger) -> None:
        for number in (1, 3, 2):
            await ledger.store(trade=samples.trade(number, closed_ms=AT), at_ms=AT)
        assert [t.trade_id for t in await ledger.trades(9)] == ["BTC-3", "BTC-2", "BTC-1"]

    async def test_trades_of_one_symbol_can_be_asked_for(self, ledger: Ledger) -> None:
        await ledger.store(trade=samples.trade(1, "SOL"), at_ms=AT)
        await ledger.store(trade=samples.trade(1, "ETH"), at_ms=AT)
        assert list(await ledger.trades(10, "SOL")) == [samples.trade(1, "SOL")]

    async def test_a_known_trade_is_left_as_it_is(self, ledger: Ledger) -> None:
        await ledger.store(trade=samples.trade(), at_ms=AT)
        await ledger.store(trade=replace(samples.trade(), pnl=Decimal(1000)), at_ms=AT)
        assert list(await ledger.trades(10)) == [samples.trade()]

    async def test_switches_are_replaced_as_a_whole(self, ledger: Ledger) -> None:
        await ledger.store(switches=samples.switches(), at_ms=AT)
        assert await ledger.switches() == samples.switches()
        resumed = Switches(by="Bob", since_ms=AT + 5, blocks={"ETH": samples.switches().blocks["ETH"]})
        await ledger.store(switches=resumed, at_ms=AT)
        assert await ledger.switches() == resumed

    async def test_transfers_are_kept_once_in_order(self, ledger: Ledger) -> None:
        early, late = samples.transfer("a", AT), samples.transfer("b", AT + 5, "-12.000001")
        await ledger.store(transfers=[late, early], at_ms=AT)
        await ledger.store(transfers=[late], at_ms=AT)
        assert list(await ledger.transfers(0)) == [early, late]
        assert list(await ledger.transfers(AT + 1)) == [late]

    async def test_of_a_quarter_of_an_hour_the_last_standing_is_kept(self, ledger: Ledger) -> None:
        slot = AT // PATH_MS * PATH_MS
        made = [replace(samples.standing(), at_ms=slot + ms) for ms in (0, 60_000, PATH_MS, 3 * PATH_MS)]
        for one in made:
            await ledger.store(standing=one, at_ms=AT)
        assert list(await ledger.standings(0)) == made[1:]
        assert list(await ledger.standings(slot + PATH_MS - 1)) == made[1:], (
            "the quarter that is asked for counts whole"
        )
        assert list(await ledger.standings(slot + PATH_MS)) == made[2:]

    async def test_the_latest_standing_counts(self, ledger: Ledger) -> None:
        assert await ledger.standing() is None
        await ledger.store(standing=samples.standing(), at_ms=AT)
        later = replace(samples.standing(), at_ms=AT + 1, tier=2, day_halt=True)
        await ledger.store(standing=later, at_ms=AT)
        await ledger.store(at_ms=AT)
        assert await ledger.standing() == later

    async def test_an_injection_is_open_until_its_outcome_is_stored(self, ledger: Ledger) -> None:
        late, early = samples.injection("b", AT + 5), samples.injection("a", AT)
        await ledger.store(injections=[late, early], at_ms=AT)
        assert list(await ledger.injections()) == [early, late]
        await ledger.store(injections=[replace(early, state=InjectionState.DONE)], at_ms=AT)
        assert list(await ledger.injections()) == [late]
        await ledger.store(injections=[replace(late, state=InjectionState.FAILED)], at_ms=AT)
        assert list(await ledger.injections()) == []

    async def test_storing_something_else_leaves_the_switches(self, ledger: Ledger) -> None:
        await ledger.store(switches=samples.switches(), at_ms=AT)
        await ledger.store(trade=samples.trade(), at_ms=AT)
        assert await ledger.switches() == samples.switches()

    async def test_a_book_begins_once(self, ledger: Ledger) -> None:
        first = Opening("0xab", AT, Decimal("10000.50"))
        await ledger.begin(first)
        await ledger.begin(Opening("0xab", AT + 9, Decimal(1)))
        await ledger.begin(Opening("0xcd", AT, Decimal(7)))
        assert await ledger.opening("0xab") == first
        assert await ledger.opening("0xcd") == Opening("0xcd", AT, Decimal(7))

    async def test_the_last_scan_is_the_one_of_the_latest_time(self, ledger: Ledger) -> None:
        for name, at_ms in (("s1", AT), ("s3", AT + 600_000), ("s2", AT + 300_000)):
            await ledger.store_scan(samples.report(name, at_ms))
        assert await ledger.last_scan() == samples.report("s3", AT + 600_000)

    async def test_of_two_scans_at_one_time_the_later_stored_counts(self, ledger: Ledger) -> None:
        await ledger.store_scan(samples.report("s1", AT))
        await ledger.store_scan(samples.report("s2", AT))
        assert await ledger.last_scan() == samples.report("s2", AT)

    async def test_a_scan_stored_twice_is_kept_once(self, ledger: Ledger) -> None:
        await ledger.store_scan(samples.report("s1", AT))
        again = replace(samples.report("s1", AT), took_ms=5)
        await ledger.store_scan(again)
        assert await ledger.last_scan() == again

    async def test_everything_can_be_stored_at_once(self, ledger: Ledger) -> None:
        await ledger.store(
            positions=[samples.position()],
            tickets=[samples.ticket("0xa")],
            fills=[samples.fill()],
            funding=[samples.payment()],
            trade=samples.trade(),
            switches=samples.switches(),
            events=[samples.opened(), samples.closed()],
            at_ms=AT,
        )
        assert len(await ledger.live_positions()) == 1
        assert len(await ledger.tickets("BTC-1")) == 1
        assert len(await ledger.fills(0)) == 1
        assert len(await ledger.funding(0)) == 1
        assert len(await ledger.trades(1)) == 1
        assert (await ledger.switches()).paused

    async def test_storing_nothing_is_no_error(self, ledger: Ledger) -> None:
        await ledger.store(at_ms=AT)
        assert list(await ledger.trades(1)) == []

    async def test_a_vigil_replaces_the_one_before_and_stays_when_others_are_stored(self, ledger: Ledger) -> None:
        await ledger.store(vigil=Vigil(1), at_ms=AT)
        await ledger.store(vigil=samples.vigil(), at_ms=AT)
        await ledger.store(switches=samples.switches(), at_ms=AT)
        assert await ledger.vigil() == samples.vigil()


def replace_id(one: Liquidation, number: int) -> Liquidation:
    """The same liquidation under another id."""
    return structs.replace(one, event_id=("again", number))
