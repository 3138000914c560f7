"""What every venue must do, whoever stands behind it: subclass and give a ``stage``."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.errors import VenueRefused
from core.trading.orders import Intent, TicketState
from tests.bot.exchange.hand_market import HOUR
from tests.bot.exchange.venue_stage import FUNDED, SIZE, Stage, money


class VenueContract:
    """The suite. The fixture ``stage`` has 10,000 USDC on the main dex and no positions."""

    async def test_every_market_is_listed_with_its_terms(self, stage: Stage) -> None:
        listings = {one.coin: one for one in await stage.venue.listings()}
        assert {"BTC", "ETH", "OLD", "xyz:TSLA", "xyz:AMD"} <= set(listings)
        assert (listings["BTC"].max_leverage, listings["BTC"].size_decimals) == (40, 5)
        assert (listings["xyz:AMD"].isolated_only, listings["BTC"].isolated_only) == (True, False)
        assert (listings["OLD"].delisted, listings["BTC"].delisted) == (True, False)

    async def test_every_live_market_has_a_quote(self, stage: Stage) -> None:
        quotes = await stage.venue.quotes()
        assert set(quotes) == {"BTC", "ETH", "xyz:TSLA", "xyz:AMD"}
        assert (quotes["BTC"].mark, quotes["BTC"].mid) == (Decimal(60_000), Decimal(60_000))
        assert quotes["xyz:TSLA"].funding == stage.market.rate

    async def test_a_quote_shows_what_the_impact_notional_would_meet_in_the_book(self, stage: Stage) -> None:
        """A level holds 25,000 USD, the impact notional is 6,000: the best price while the level lasts that long."""
        before = (await stage.venue.quotes())["BTC"]
        assert (before.bid, before.ask) == (Decimal(59_999), Decimal(60_001))
        await stage.enter(size=Decimal("0.35"))
        taken = (await stage.venue.quotes())["BTC"]
        assert (taken.bid, taken.ask) == (Decimal(59_999), Decimal(60_002))
        await stage.mark("BTC", 60_100)
        fresh = (await stage.venue.quotes())["BTC"]
        assert (fresh.bid, fresh.ask) == (Decimal(60_099), Decimal(60_101))
        assert not any(one.growth for one in (await stage.venue.quotes()).values())

    async def test_a_fresh_account_holds_its_money_and_nothing_else(self, stage: Stage) -> None:
        account = await stage.venue.account()
        assert (account.equity, account.free, account.positions) == (FUNDED, FUNDED, ())
        assert account.time_ms == stage.now
        assert await stage.venue.open_orders() == []
        assert await stage.fills() == []

    async def test_an_entry_is_filled_and_its_stop_and_target_rest(self, stage: Stage) -> None:
        tickets = (stage.ticket(), stage.ticket(Intent.STOP), stage.ticket(Intent.TARGET))
        await stage.venue.set_leverage("BTC", 5, isolated=True)
        entry, stop, target = await stage.venue.submit(tickets, attached=True)
        assert (entry.state, entry.filled, entry.average) == (TicketState.FILLED, SIZE, Decimal(60_001))
        assert stop.state is target.state is TicketState.RESTING
        held = (await stage.venue.account()).position("BTC")
        assert held is not None
        assert (held.size, held.entry, held.leverage, held.isolated) == (SIZE, Decimal(60_001), 5, True)
        assert held.mark == Decimal(60_000)
        assert held.unrealised == Decimal("-0.05")
        assert held.liquidation is not None
        assert held.liquidation < 52_000
        orders = {order.client_id: order for order in await stage.venue.open_orders()}
        assert set(orders) == {tickets[1].client_id, tickets[2].client_id}
        resting = orders[tickets[1].client_id]
        assert (resting.is_stop, resting.is_target, resting.trigger) == (True, False, Decimal(59_000))
        assert (resting.size, resting.reduce_only, resting.is_buy) == (SIZE, True, False)
        assert orders[tickets[2].client_id].is_target

    async def test_a_stop_closes_the_position_and_takes_the_target_with_it(self, stage: Stage) -> None:
        entry, stop, target = await stage.enter()
        await stage.mark("BTC", 58_900)
        account = await stage.venue.account()
        assert account.positions == ()
        assert await stage.venue.open_orders() == []
        assert await stage.state(entry) is await stage.state(stop) is TicketState.FILLED
        assert await stage.state(target) is TicketState.CANCELLED
        fills = await stage.fills()
        assert fills[-1].client_id == stop.client_id
        assert not fills[-1].is_buy
        assert account.equity == FUNDED + money(fills)

    async def test_a_target_closes_the_position_and_takes_the_stop_with_it(self, stage: Stage) -> None:
        _, stop, target = await stage.enter()
        await stage.mark("BTC", 62_100)
        assert await stage.state(target) is TicketState.FILLED
        assert await stage.state(stop) is TicketState.CANCELLED
        account = await stage.venue.account()
        assert account.equity == FUNDED + money(await stage.fills()) > FUNDED
        assert account.free == account.equity

    async def test_a_price_that_does_not_touch_them_leaves_both_resting(self, stage: Stage) -> None:
        await stage.enter()
        await stage.mark("BTC", 59_010)
        await stage.mark("BTC", 61_990)
        assert len(await stage.venue.open_orders()) == 2

    async def test_a_stop_can_be_replaced_without_a_gap_and_without_losing_the_target(self, stage: Stage) -> None:
        _, stop, target = await stage.enter()
        higher = stage.ticket(Intent.STOP, trigger=Decimal(59_500))
        (answer,) = await stage.venue.submit([higher], attached=False)
        assert answer.state is TicketState.RESTING
        old = next(order for order in await stage.venue.open_orders() if order.client_id == stop.client_id)
        assert await stage.venue.cancel([("BTC", old.venue_id)]) == [True]
        assert {order.client_id for order in await stage.venue.open_orders()} == {higher.client_id, target.client_id}
        assert await stage.state(stop) is TicketState.CANCELLED
        await stage.mark("BTC", 59_400)
        assert (await stage.venue.account()).positions == ()
        assert await stage.venue.open_orders() == []

    async def test_a_cancelled_order_is_there_once(self, stage: Stage) -> None:
        await stage.enter()
        pairs = [(order.coin, order.venue_id) for order in await stage.venue.open_orders()]
        assert await stage.venue.cancel(pairs) == [True, True]
        assert await stage.venue.cancel([*pairs, ("ETH", 999_999_999)]) == [False, False, False]

    async def test_an_entry_that_finds_no_counterpart_leaves_nothing(self, stage: Stage) -> None:
        tickets = (stage.ticket(limit=Decimal(59_500)), stage.ticket(Intent.STOP), stage.ticket(Intent.TARGET))
        answers = await stage.venue.submit(tickets, attached=True)
        assert answers[0].state is TicketState.REJECTED
        assert "could not immediately match" in answers[0].reason
        assert (await stage.venue.account()).positions == ()
        assert await stage.venue.open_orders() == []
        assert await stage.state(tickets[0]) in (TicketState.REJECTED, None)

    async def test_an_order_nobody_ever_sent_is_unknown(self, stage: Stage) -> None:
        assert await stage.venue.order(stage.ticket().client_id) is None

    async def test_a_close_never_turns_the_position_round(self, stage: Stage) -> None:
        await stage.enter()
        (answer,) = await stage.venue.submit([stage.ticket(Intent.CLOSE, size=SIZE * 3)], attached=False)
        assert (answer.state, answer.filled) == (TicketState.FILLED, SIZE)
        account = await stage.venue.account()
        assert account.positions == ()
        assert account.equity == FUNDED + money(await stage.fills())
        assert await stage.venue.open_orders() == []

    async def test_a_part_can_be_closed(self, stage: Stage) -> None:
        await stage.enter()
        await stage.venue.submit([stage.ticket(Intent.CLOSE, size=Decimal("0.02"))], attached=False)
        held = (await stage.venue.account()).position("BTC")
        assert held is not None
        assert held.size == Decimal("0.03")

    async def test_a_short_is_protected_from_above(self, stage: Stage) -> None:
        entry = stage.ticket(is_buy=False, limit=Decimal(59_820))
        stop = stage.ticket(Intent.STOP, is_buy=True, trigger=Decimal(61_000), limit=Decimal(67_100))
        await stage.venue.submit([entry, stop], attached=True)
        held = (await stage.venue.account()).position("BTC")
        assert held is not None
        assert held.size == -SIZE
        await stage.mark("BTC", 61_100)
        assert (await stage.venue.account()).positions == ()
        assert await stage.state(stop) is TicketState.FILLED

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"size": Decimal("0.0001")}, "Order must have minimum value of $10."),
            ({"limit": Decimal("60180.5")}, "Price must be divisible by tick size."),
            ({"size": Decimal("0.0500001")}, "Order has invalid size."),
            ({"size": Decimal(100)}, "Insufficient margin to place order."),
            ({"reduce_only": True}, "Reduce only order would increase position."),
        ],
    )
    async def test_what_is_not_allowed_is_refused_in_the_venues_words(
        self, stage: Stage, changes: dict[str, Any], words: str
    ) -> None:
        (answer,) = await stage.venue.submit([stage.ticket(**changes)], attached=False)
        assert (answer.state, answer.reason) == (TicketState.REJECTED, words)
        assert (await stage.venue.account()).equity == FUNDED

    async def test_more_leverage_than_the_market_allows_is_refused(self, stage: Stage) -> None:
        with pytest.raises(VenueRefused):
            await stage.venue.set_leverage("BTC", 41, isolated=True)

    async def test_an_isolated_market_refuses_cross_margin(self, stage: Stage) -> None:
        with pytest.raises(VenueRefused, match="Cross margin is not allowed"):
            await stage.venue.set_leverage("xyz:AMD", 5, isolated=False)

    async def test_funding_is_paid_on_the_hour_and_listed_to_the_cent(self, stage: Stage) -> None:
        await stage.enter()
        opened = stage.now
        await stage.world.to((opened // HOUR + 3) * HOUR + 1_000)
        payments = await stage.venue.funding(opened)
        assert [payment.amount for payment in payments] == [Decimal("-0.3")] * 3
        assert [payment.time_ms // HOUR for payment in payments] == [opened // HOUR + n for n in (1, 2, 3)]
        assert {(payment.coin, payment.size, payment.rate) for payment in payments} == {
            ("BTC", SIZE, stage.market.rate)
        }
        later = await stage.venue.funding(payments[1].time_ms)
        assert list(later) == list(payments[1:])
        held = (await stage.venue.account()).position("BTC")
        assert held is not None
        assert held.funding_since_open == Decimal("-0.9")

    async def test_equity_is_what_was_paid_in_and_every_fill_fee_and_funding_since(self, stage: Stage) -> None:
        await stage.enter()
        await stage.mark("BTC", 61_234)
        await stage.venue.submit([stage.ticket(Intent.CLOSE, size=Decimal("0.01"))], attached=False)
        await stage.world.to((stage.now // HOUR + 2) * HOUR)
        await stage.mark("BTC", 58_765)
        booked = money(await stage.fills()) + sum(p.amount for p in await stage.venue.funding(0))
        account = await stage.venue.account()
        assert account.positions == ()
        assert account.equity == account.free == FUNDED + booked

    async def test_fills_are_listed_from_a_time_on(self, stage: Stage) -> None:
        await stage.enter()
        await stage.mark("BTC", 60_100)
        await stage.venue.submit([stage.ticket(Intent.CLOSE)], attached=False)
        fills = await stage.fills()
        assert [fill.start_position for fill in fills] == [Decimal(0), SIZE]
        assert list(await stage.venue.fills(fills[-1].time_ms)) == fills[-1:]
        assert await stage.venue.fills(fills[-1].time_ms + 1) == []

    async def test_a_market_of_another_dex_needs_collateral_there(self, stage: Stage) -> None:
        tesla = {"coin": "xyz:TSLA", "size": Decimal(10), "limit": Decimal("320.96")}
        await stage.venue.set_leverage("xyz:TSLA", 10, isolated=True)
        (answer,) = await stage.venue.submit([stage.ticket(**tesla)], attached=False)
        assert (answer.state, answer.reason) == (TicketState.REJECTED, "Insufficient margin to place order.")
        await stage.venue.bring_collateral("xyz:TSLA", Decimal("400.5"))
        assert (await stage.venue.account()).equity == FUNDED
        (answer,) = await stage.venue.submit([stage.ticket(**tesla)], attached=False)
        assert answer.state is TicketState.FILLED
        held = (await stage.venue.account()).position("xyz:TSLA")
        assert held is not None
        assert (held.size, held.mark) == (Decimal(10), Decimal(320))

    async def test_collateral_beyond_the_account_is_refused(self, stage: Stage) -> None:
        with pytest.raises(VenueRefused):
            await stage.venue.bring_collateral("xyz:TSLA", FUNDED + 1)
        assert (await stage.venue.account()).equity == FUNDED

    async def test_whether_collateral_could_be_brought_is_told_and_nothing_moves(self, stage: Stage) -> None:
        lacking = stage.venue.collateral_lacking
        assert await lacking("xyz:TSLA", FUNDED, {}) == ""
        assert "short" in await lacking("xyz:TSLA", FUNDED + 1, {})
        for coin in ("BTC", "xyz:AMD"):
            assert await lacking("xyz:TSLA", FUNDED + 1, {coin: Decimal(1)}) == ""
            assert "short" in await lacking("xyz:TSLA", FUNDED + 2, {coin: Decimal(1)})
        await stage.venue.set_leverage("xyz:TSLA", 10, isolated=True)
        (answer,) = await stage.venue.submit([stage.ticket(coin="xyz:TSLA", limit=Decimal("320.96"))], attached=False)
        assert answer.reason == "Insufficient margin to place order.", "nothing was moved"

    async def test_margin_that_is_added_moves_the_liquidation_away_and_is_no_money_in_or_out(
        self, stage: Stage
    ) -> None:
        await stage.enter()
        before, transfers = await stage.venue.account(), list(await stage.venue.transfers(0))
        await stage.venue.add_margin("BTC", Decimal("123.456789"), stage.now + 15_000)
        after = await stage.venue.account()
        old, new = before.position("BTC"), after.position("BTC")
        assert old is not None
        assert new is not None
        assert old.liquidation is not None
        assert new.liquidation is not None
        assert new.margin - old.margin == before.free - after.free == Decimal("123.456789")
        assert new.liquidation < old.liquidation - 2_000
        assert after.equity == before.equity
        assert list(await stage.venue.transfers(0)) == transfers

    @pytest.mark.parametrize(("coin", "usd"), [("ETH", "5"), ("BTC", "20000"), ("BTC", "0")])
    async def test_margin_that_cannot_be_added_is_refused(self, stage: Stage, coin: str, usd: str) -> None:
        await stage.enter()
        before = await stage.venue.account()
        with pytest.raises(VenueRefused):
            await stage.venue.add_margin(coin, Decimal(usd), stage.now + 15_000)
        assert await stage.venue.account() == before

    async def test_a_liquidation_shows_in_the_fills(self, stage: Stage) -> None:
        await stage.venue.set_leverage("BTC", 20, isolated=True)
        await stage.venue.submit([stage.ticket()], attached=False)
        await stage.mark("BTC", 57_600)
        account = await stage.venue.account()
        assert account.positions == ()
        fills = await stage.fills()
        assert [fill.liquidation for fill in fills] == [False, True]
        assert account.equity == FUNDED + money(fills)
