"""What the adapter makes of a venue that breaks: never a second write, and every failure named for what it means."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from aiohttp import web

from bot.exchange.hyperliquid.venue import HyperliquidVenue
from core.errors import OutcomeUnknown, VektorError, VenueRefused, VenueUnavailable
from core.trading.orders import Intent, TicketState
from tests.bot.exchange.hyperliquid.loopback import KEY, QUICK, Loopback, MarketTime, accepted, adapter, ticket


@pytest.mark.parametrize("fault", ["drops", "truncates", "stalls"])
async def test_an_order_whose_answer_is_lost_has_an_unknown_outcome_and_is_not_repeated(
    venue: HyperliquidVenue, server: Loopback, fault: str
) -> None:
    server.exchange = getattr(server, fault)
    with pytest.raises(OutcomeUnknown):
        await venue.submit([ticket()], attached=False)
    assert len(server.received) == 1


PATIENT = replace(QUICK, timeout_ms=60_000, read_timeout_ms=500)
"""Nothing but what is tested ends a wait within the test."""


async def test_no_answer_to_an_order_is_waited_for_beyond_its_expiry(clock: MarketTime, server: Loopback) -> None:
    venue = adapter(server.url, clock, execution=PATIENT)
    await venue.start()
    server.exchange = server.stalls
    async with asyncio.timeout(10):
        with pytest.raises(OutcomeUnknown):
            await venue.submit([ticket(expires_ms=clock.now_ms() + clock.span_ms(300))], attached=False)
        with pytest.raises(OutcomeUnknown):
            await venue.submit([ticket(number=2, expires_ms=clock.now_ms() - 1)], attached=False)
    await venue.close()


async def test_a_read_that_protection_waits_for_is_given_up_sooner(clock: MarketTime, server: Loopback) -> None:
    venue = adapter(server.url, clock, execution=PATIENT)
    await venue.start()
    server.read = server.stalls
    async with asyncio.timeout(10):
        with pytest.raises(VenueUnavailable):
            await venue.open_orders()
    await venue.close()


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ("null", 500, OutcomeUnknown),
        ("<html>bad gateway</html>", 502, OutcomeUnknown),
        ('{"status":"ok","resp', 200, OutcomeUnknown),
        ("null", 200, OutcomeUnknown),
        ({"status": "ok", "response": {"type": "order"}}, 200, OutcomeUnknown),
        ("null", 429, VenueUnavailable),
        ("forbidden", 403, VenueUnavailable),
        ("", 307, VenueUnavailable),
        ("Failed to deserialize the JSON body into the target type", 422, VenueRefused),
        ({"status": "err", "response": "Must deposit before performing actions. User: 0xab"}, 200, VenueRefused),
    ],
)
async def test_every_answer_to_an_order_is_named_for_what_it_means(
    venue: HyperliquidVenue, server: Loopback, body: Any, status: int, error: type[VektorError]
) -> None:
    server.exchange = server.answers(body, status)
    with pytest.raises(error):
        await venue.submit([ticket()], attached=False)
    assert len(server.received) == 1


async def test_a_redirect_is_never_followed_with_an_order(venue: HyperliquidVenue, server: Loopback) -> None:
    async def elsewhere(_: web.Request) -> web.StreamResponse:
        return web.Response(status=307, headers={"Location": f"{server.url}/exchange"})

    server.exchange = elsewhere
    with pytest.raises(VenueUnavailable, match="307"):
        await venue.submit([ticket()], attached=False)
    assert len(server.received) == 1


async def test_an_order_to_a_venue_that_is_not_there_was_surely_not_sent(clock: MarketTime, server: Loopback) -> None:
    venue = adapter(server.url, clock)
    await venue.start()
    venue._rest._base_url = "http://127.0.0.1:1"
    with pytest.raises(VenueUnavailable, match="cannot be reached"):
        await venue.submit([ticket()], attached=False)
    await venue.close()


async def test_a_venue_that_is_not_there_refuses_the_start(clock: MarketTime) -> None:
    with pytest.raises(VenueUnavailable):
        await adapter("http://127.0.0.1:1", clock).start()


@pytest.mark.parametrize("fault", ["drops", "truncates", "stalls"])
async def test_a_read_that_fails_says_that_the_venue_is_unavailable(
    venue: HyperliquidVenue, server: Loopback, fault: str
) -> None:
    server.read = getattr(server, fault)
    with pytest.raises(VenueUnavailable):
        await venue.account()


@pytest.mark.parametrize(
    ("body", "status"), [("null", 500), ("null", 429), ('[{"coin"', 200), ('[{"coin":"BTC"}]', 200)]
)
async def test_a_read_is_true_or_it_fails(venue: HyperliquidVenue, server: Loopback, body: str, status: int) -> None:
    server.read = server.answers(body, status)
    with pytest.raises(VenueUnavailable):
        await venue.open_orders()


async def test_one_dead_connection_does_not_fail_a_read(venue: HyperliquidVenue, server: Loopback) -> None:
    asked = server.asked["orderStatus"]

    async def once(request: Any) -> Any:
        server.read = None
        return await server.drops(request)

    server.read = once
    assert await venue.order("0x" + "0" * 32) is None
    assert server.asked["orderStatus"] == asked + 2


async def test_a_refusal_by_the_venue_keeps_its_words(venue: HyperliquidVenue, server: Loopback) -> None:
    server.exchange = server.answers({"status": "err", "response": "Cross margin is not allowed for this asset."})
    with pytest.raises(VenueRefused) as refused:
        await venue.set_leverage("xyz:TSLA", 5, isolated=False)
    assert refused.value.values["words"] == "Cross margin is not allowed for this asset."
    assert server.received[-1]["action"] == {
        "type": "updateLeverage",
        "asset": 110001,
        "isCross": True,
        "leverage": 5,
    }


async def test_a_used_nonce_is_no_outcome_but_a_refusal_that_may_be_tried_anew(
    venue: HyperliquidVenue, server: Loopback, clock: MarketTime
) -> None:
    used = clock.now + 5
    server.exchange = server.answers({"status": "err", "response": f"Invalid nonce: duplicate nonce {used}"})
    with pytest.raises(VenueUnavailable):
        await venue.cancel([("BTC", 1)])
    server.exchange = server.answers(accepted("success"))
    assert await venue.cancel([("BTC", 1)]) == [True]
    assert server.received[-1]["nonce"] > used + 99


async def test_one_error_answers_for_the_whole_batch(venue: HyperliquidVenue, server: Loopback) -> None:
    server.exchange = server.answers(accepted({"error": "Price must be divisible by tick size. asset=0"}))
    entry, stop = ticket(), ticket(Intent.STOP, number=2)
    answers = await venue.submit([entry, stop], attached=True)
    assert [answer.client_id for answer in answers] == [entry.client_id, stop.client_id]
    assert {answer.state for answer in answers} == {TicketState.REJECTED}
    assert {answer.reason for answer in answers} == {"Price must be divisible by tick size."}


async def test_fewer_answers_than_orders_that_are_no_refusal_leave_the_outcome_unknown(
    venue: HyperliquidVenue, server: Loopback
) -> None:
    server.exchange = server.answers(accepted({"resting": {"oid": 7}}))
    with pytest.raises(OutcomeUnknown, match="1 answers to a request of 2"):
        await venue.submit([ticket(), ticket(number=2)], attached=False)


async def test_a_cancel_says_which_orders_were_still_there(venue: HyperliquidVenue, server: Loopback) -> None:
    gone = {"error": "Order was never placed, already canceled, or filled. asset=110001"}
    server.exchange = server.answers(accepted("success", gone))
    assert await venue.cancel([("BTC", 9101), ("xyz:TSLA", 9102)]) == [True, False]
    assert server.received[-1]["action"]["cancels"] == [{"a": 0, "o": 9101}, {"a": 110001, "o": 9102}]


async def test_nothing_is_sent_for_nothing(venue: HyperliquidVenue, server: Loopback) -> None:
    assert await venue.submit([], attached=False) == []
    assert await venue.cancel([]) == []
    assert server.received == []


async def test_a_market_that_is_not_listed_is_refused_before_anything_is_sent(
    venue: HyperliquidVenue, server: Loopback
) -> None:
    with pytest.raises(VenueRefused, match="NOPE"):
        await venue.submit([ticket(coin="NOPE")], attached=False)
    assert server.received == []


async def test_without_a_key_the_account_can_be_read_and_nothing_else(server: Loopback, clock: MarketTime) -> None:
    venue = adapter(server.url, clock, key=None)
    await venue.start()
    assert (await venue.account()).equity == Decimal("1020.5")
    with pytest.raises(VenueRefused, match="key"):
        await venue.submit([ticket()], attached=False)
    await venue.close()


async def test_an_api_wallet_given_as_the_account_is_recognised_at_the_start(
    server: Loopback, clock: MarketTime
) -> None:
    server.info["userRole"] = {"role": "agent", "data": {"user": "0xowner"}}
    with pytest.raises(VenueRefused, match="0xowner"):
        await adapter(server.url, clock).start()


async def test_an_account_with_pooled_collateral_is_refused_at_the_start(server: Loopback, clock: MarketTime) -> None:
    server.info["userAbstraction"] = "unifiedAccount"
    with pytest.raises(VenueRefused, match="standard mode"):
        await adapter(server.url, clock).start()


async def test_a_start_that_failed_can_be_repeated(server: Loopback, clock: MarketTime) -> None:
    venue = adapter(server.url, clock)
    server.read = server.answers("null", 500)
    with pytest.raises(VenueUnavailable):
        await venue.start()
    server.read = None
    await venue.start()
    assert len(await venue.listings()) == 4
    await venue.close()


async def test_a_dex_that_the_venue_lacks_is_left_out(server: Loopback, clock: MarketTime) -> None:
    server.info["perpDexs"] = [None]
    venue = adapter(server.url, clock)
    await venue.start()
    assert (await venue.account()).equity == Decimal("1000.5")
    await venue.close()


async def test_the_key_is_in_no_error_log_or_representation(
    server: Loopback, clock: MarketTime, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    venue = adapter(server.url, clock)
    await venue.start()
    server.exchange = server.answers("null", 500)
    with pytest.raises(OutcomeUnknown) as error:
        await venue.submit([ticket()], attached=False)
    await venue.close()
    seen = [
        repr(error.value),
        str(error.value.values),
        caplog.text,
        repr(venue),
        str(vars(venue)),
        str(server.received),
    ]
    assert not any(KEY[2:] in text for text in seen)


async def test_reads_and_orders_go_side_by_side(venue: HyperliquidVenue, server: Loopback) -> None:
    server.exchange = server.answers(accepted({"filled": {"totalSz": "0.02", "avgPx": "61255.0", "oid": 9102}}))
    answers = await asyncio.gather(*(venue.submit([ticket(number=n)], attached=False) for n in range(20)))
    assert all(batch[0].state is TicketState.FILLED for batch in answers)
    nonces = [envelope["nonce"] for envelope in server.received]
    assert len(set(nonces)) == 20
