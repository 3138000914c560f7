"""Snapshots and journals: what is left out comes back, what is malformed is refused."""

from __future__ import annotations

import json

import pytest

from core.errors import BadData
from core.trading.exchange.codec import decode_happening, encode_happening
from core.trading.exchange.exchange import Exchange
from core.trading.exchange.requests import Grouping, Tif
from tests.core.trading.exchange.stand import ANNA, BEN, START, TERMS, D, Stand, ask, closing, stop, target


def eventful() -> Stand:
    """A stand on which every kind of happening has happened and orders of every kind are open."""
    stand = Stand()
    stand.exchange.drain()
    stand.exchange.submit(
        ANNA, [ask(cloid="0x1"), closing(stop(58_000), cloid="0x2"), closing(target(62_000), at=60_000)],
        Grouping.NORMAL,
    )  # fmt: skip
    stand.order(size="0.01", at=50_000, tif=Tif.GTC, cloid="0x4")
    stand.order(size="9")
    stand.exchange.set_leverage(BEN, "BTC", 40, cross=True)
    stand.order(size="-6", who=BEN)
    stand.exchange.transfer(ANNA, "", "xyz", D(100))
    stand.exchange.advance(START + 3_600_000, {}, {"BTC": D("0.0001")})
    stand.move("BTC", 61_500, gapped=True)
    return stand


def test_a_hot_snapshot_with_its_journal_equals_a_whole_one() -> None:
    stand = eventful()
    journal = [json.dumps(encode_happening(one)) for one in stand.exchange.drain()]
    assert {json.loads(line)["kind"] for line in journal} == {
        "Filled", "OrderChanged", "FundingPaid", "Liquidated", "BalanceChanged",
    }  # fmt: skip
    hot = json.loads(json.dumps(stand.exchange.snapshot(whole=False)))
    restored = Exchange.restore(hot, TERMS, stand.rules)
    assert restored.fills(ANNA) == []
    for line in journal:
        restored.remember(decode_happening(json.loads(line)))
    for who in (ANNA, BEN):
        assert restored.fills(who) == stand.exchange.fills(who)
        assert restored.funding_payments(who) == stand.exchange.funding_payments(who)
        assert restored.open_orders(who) == stand.exchange.open_orders(who)
        assert restored.account(who) == stand.exchange.account(who)
        assert {o.oid: o for o in restored.history(who)} == {o.oid: o for o in stand.exchange.history(who)}
    assert restored.order(ANNA, "0x1") == stand.exchange.order(ANNA, "0x1")


def test_a_snapshot_holds_no_floats() -> None:
    def walk(value: object) -> None:
        assert not isinstance(value, float), value
        if isinstance(value, dict):
            for one in value.values():
                walk(one)
        elif isinstance(value, list):
            for one in value:
                walk(one)

    walk(eventful().exchange.snapshot())


def test_a_journal_line_of_an_unknown_kind_is_refused_by_name() -> None:
    with pytest.raises(BadData, match="unknown kind 'Moonshot'; Filled, OrderChanged"):
        decode_happening({"kind": "Moonshot"})


def test_a_mangled_snapshot_is_refused_with_the_offending_value() -> None:
    kept = eventful().exchange.snapshot()
    kept["prices"]["BTC"] = 60_000
    with pytest.raises(BadData, match="60000"):
        Exchange.restore(kept, TERMS, Stand().rules)


def test_reading_changes_nothing() -> None:
    stand = eventful()
    before = stand.exchange.snapshot()
    for who in (ANNA, BEN):
        stand.exchange.account(who)
        stand.exchange.account(who, "xyz")
        stand.exchange.positions(who)
        stand.exchange.history(who)
    stand.exchange.book("BTC")
    stand.exchange.trades("BTC", 10)
    assert stand.exchange.snapshot() == before


def test_what_was_read_cannot_be_used_to_change_the_exchange() -> None:
    stand = eventful()
    order = stand.exchange.open_orders(ANNA)[0]
    order.size = D(99)
    assert stand.exchange.open_orders(ANNA)[0].size != 99
