"""The real market as a price source: what was heard last, until it is too old; and the exchange that stands on it."""

from __future__ import annotations

import pytest

from core.trading.exchange.requests import Grouping, OrderRequest, Tif, Trigger
from core.trading.exchange.words import HALTED
from tests.bot.feeds.paper.hand import ANNA, HOUR, START, D, Hand, context, levels


def bought(hand: Hand, size: str = "0.1", limit: int = 60_200) -> str:
    """Buy BTC within a limit; the refusal, empty without one."""
    order = OrderRequest("BTC", True, D(limit), D(size), False, Tif.IOC)
    return hand.exchange.submit(ANNA, [order], Grouping.NA)[0].error


def protected(hand: Hand, level: int) -> None:
    """A stop that sells 0.1 BTC."""
    trigger = Trigger(D(level), is_market=True, is_stop=True)
    order = OrderRequest("BTC", False, D(level * 9 // 10), D("0.1"), True, None, trigger)
    assert hand.exchange.submit(ANNA, [order], Grouping.NA)[0].error == ""


def size(hand: Hand) -> object:
    return sum(one.size for one in hand.exchange.positions(ANNA))


def test_a_price_is_the_figures_and_the_best_of_the_book() -> None:
    hand = Hand()
    assert hand.market.price("BTC") is None
    hand.usual()
    price = hand.market.price("BTC")
    assert price is not None
    assert (price.mark, price.oracle, price.bid, price.ask) == (60_000, 60_000, 59_999, 60_001)
    assert price.gapped


def test_without_a_book_the_quote_is_what_an_order_of_some_size_would_pay_on_the_grid() -> None:
    hand = Hand()
    hand.figures(60_000)
    price = hand.market.price("BTC")
    assert price is not None
    assert (price.bid, price.ask) == (59_987, 60_013)
    assert hand.market.book("BTC") is None


def test_the_newer_best_replaces_the_top_of_the_book_and_an_older_one_does_not() -> None:
    hand = Hand()
    hand.usual()
    hand.best(*levels((60_001, 1), (60_004, 2)), at_ms=hand.now + 1)
    book = hand.market.book("BTC")
    assert book is not None
    assert book.bids == ((60_001, 1), (59_999, D("0.04")), (59_990, 3))
    assert book.asks == ((60_004, 2),)
    hand.best(*levels((1, 1), (2, 2)), at_ms=hand.now - 1)
    assert hand.market.book("BTC") == book


def test_a_newer_whole_book_replaces_the_best_that_was_told_before() -> None:
    hand = Hand()
    hand.usual()
    hand.best(*levels((60_001, 1), (60_004, 2)), at_ms=hand.now + 1)
    hand.now += 2
    hand.usual(60_010)
    book = hand.market.book("BTC")
    assert book is not None
    assert (book.bids[0], book.asks[0]) == ((60_009, D("0.04")), (60_011, D("0.02")))


def test_an_older_whole_book_does_not_replace_a_newer_one() -> None:
    hand = Hand()
    hand.usual()
    before = hand.market.book("BTC")
    hand.now -= 5
    hand.book(levels((1, 1)), levels((2, 1)))
    assert hand.market.book("BTC") == before


@pytest.mark.parametrize("missing", ["bids", "asks"])
def test_an_empty_side_is_no_book(missing: str) -> None:
    hand = Hand()
    hand.figures()
    hand.book([] if missing == "bids" else levels((9, 1)), [] if missing == "asks" else levels((10, 1)))
    assert hand.market.book("BTC") is None


def test_nothing_is_known_of_a_delisted_market_and_nobody_minds_a_strange_coin() -> None:
    hand = Hand()
    hand.figures(coin="STRANGE")
    hand.market.take_context("STRANGE", context())
    assert hand.market.price("OLD") is None
    assert not hand.market.lists("OLD")
    assert hand.market.lists("BTC")


def test_an_entry_pays_the_levels_of_the_real_book() -> None:
    hand = Hand()
    hand.usual()
    assert not bought(hand)
    assert [(one.price, one.size) for one in hand.exchange.fills(ANNA)] == [(60_001, D("0.02")), (60_004, D("0.08"))]


def test_what_is_too_old_is_not_traded_on() -> None:
    hand = Hand()
    hand.usual()
    hand.wait(hand.rules.stale_ms)
    assert not bought(hand)
    hand.wait(1)
    assert hand.market.price("BTC") is None
    assert bought(hand) == HALTED.words
    hand.usual()
    assert not bought(hand)


def test_fresh_figures_do_not_make_an_old_book_young() -> None:
    hand = Hand()
    hand.usual()
    hand.wait(hand.rules.stale_ms + 1)
    hand.figures()
    assert hand.market.price("BTC") is not None
    assert bought(hand) == HALTED.words


def test_a_stop_fires_on_the_real_mark_at_the_real_bids() -> None:
    hand = Hand()
    hand.usual()
    assert not bought(hand)
    protected(hand, 59_500)
    hand.usual(59_501)
    hand.wait(100)
    assert size(hand) == D("0.1")
    hand.usual(59_480)
    hand.wait(100)
    assert size(hand) == 0
    assert [(one.price, one.size) for one in hand.exchange.fills(ANNA)[-2:]] == [
        (59_479, D("0.04")),
        (59_470, D("0.06")),
    ]


def test_a_stop_waits_for_the_book_and_then_sells_into_it() -> None:
    """A mark without a book must not fire a stop into nothing: it would be gone, and the position bare."""
    hand = Hand()
    hand.usual()
    assert not bought(hand)
    protected(hand, 59_500)
    hand.wait(hand.rules.stale_ms + 1)
    hand.figures(59_000)
    hand.wait(100)
    assert size(hand) == D("0.1")
    assert len(hand.exchange.open_orders(ANNA)) == 1
    hand.book(levels((58_990, 3)), levels((59_010, 3)))
    hand.wait(100)
    assert size(hand) == 0
    assert hand.exchange.fills(ANNA)[-1].price == 58_990


def test_an_hour_is_paid_at_the_rate_and_oracle_of_the_exchange() -> None:
    hand = Hand()
    hand.usual()
    assert not bought(hand)
    hand.now = START - 60_000 + HOUR - 50
    hand.figures(60_000, funding="0.0001", oracle=60_060)
    hand.book(levels((59_999, 1)), levels((60_001, 1)))
    hand.wait(100)
    (payment,) = hand.exchange.funding_payments(ANNA)
    assert (payment.rate, payment.usd, payment.time_ms % HOUR) == (D("0.0001"), D("-0.6006"), 0)


def test_hours_that_were_missed_are_paid_at_what_was_settled_then() -> None:
    hand = Hand()
    hand.usual()
    assert not bought(hand)
    hand.wait(100)
    kept, exchange = hand.market.snapshot(), hand.exchange.snapshot()
    later = Hand(now_ms=START + 2 * HOUR)
    later.exchange = type(later.exchange).restore(exchange, later.market.terms, hand.exchange._state.rules.counts)
    later.running = type(later.running)(later.exchange, later.market)
    later.market.restore(kept)
    first = START - 60_000 + HOUR
    later.market.settled("BTC", first, D("0.0002"))
    later.figures(60_000, funding="0.0003")
    for step in (first, first + HOUR, later.now):
        later.running.advance_to(step)
    assert [(one.time_ms, one.rate) for one in later.exchange.funding_payments(ANNA)] == [
        (first, D("0.0002")),
        (first + HOUR, D("0.0003")),
    ]


def test_a_stop_is_not_fired_in_the_hours_that_were_missed() -> None:
    hand = Hand()
    hand.usual()
    assert not bought(hand)
    protected(hand, 59_500)
    later = Hand(now_ms=START + 2 * HOUR)
    later.exchange = type(later.exchange).restore(
        hand.exchange.snapshot(), later.market.terms, hand.exchange._state.rules.counts
    )
    later.running = type(later.running)(later.exchange, later.market)
    later.market.restore({"now_ms": START})
    later.usual(59_000)
    later.wait(100)
    (sold,) = [one for one in later.exchange.fills(ANNA) if not one.is_buy][:1]
    assert sold.time_ms == START + 2 * HOUR + 100


def test_it_has_no_candles_and_no_forced_closings_of_its_own() -> None:
    market = Hand().market
    assert (list(market.candles("BTC", HOUR, 0, START)), list(market.forced(0)), market.end_ms) == ([], [], None)
