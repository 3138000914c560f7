"""What the real exchange was recorded to say becomes terms, figures and books; nothing is lost on the way."""

from __future__ import annotations

import gzip
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.feeds.paper.answers import BestRow, BookRow, ContextFrame, ContextRow, DexRow, FundingRow, Meta
from bot.feeds.paper.frames import decode
from bot.feeds.paper.market import PaperMarket
from bot.feeds.paper.terms import terms_of
from core.errors import BadData
from core.settings import ExchangeRules, PaperRules
from core.trading.exchange.contracts import contract
from core.trading.exchange.ports import MarketTerms


@pytest.fixture
def wire(shared_data: Path) -> Path:
    return shared_data / "wire" / "hyperliquid"


def recorded(file: Path, request: dict[str, Any], shape: Any) -> Any:
    """The last answer to a request."""
    raw = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    answer = [one["response"] for one in json.loads(raw) if one["request"].items() >= request.items()][-1]
    return msgspec.json.decode(json.dumps(answer), type=shape)


def terms_of_xyz(wire: Path) -> dict[str, MarketTerms]:
    meta, _ = recorded(wire / "info" / "gosdk_MetaAndAssetCtxs.json.gz", {"dex": "xyz"}, tuple[Meta, list[ContextRow]])
    dexes = msgspec.json.decode((wire / "info" / "live_perpdexs.json").read_bytes(), type=list[DexRow | None])
    dex = next(one for one in dexes if one is not None and one.name == "xyz")
    return {one.coin: one for one in terms_of(meta, dex, ExchangeRules())}


def test_every_market_of_the_main_dex_with_its_tiers(wire: Path) -> None:
    meta = recorded(wire / "info" / "gosdk_Meta.json", {"type": "meta"}, Meta)
    terms = {one.coin: one for one in terms_of(meta, None, ExchangeRules())}
    assert list(terms) == [row.name for row in meta.universe]
    assert terms["BTC"].margin_tiers == ((Decimal(0), 40), (Decimal(150_000_000), 20))
    assert (terms["ATOM"].margin_tiers, terms["ATOM"].size_decimals) == (((Decimal(0), 5),), 2)
    assert terms["MATIC"].delisted
    assert contract(terms["BTC"], ExchangeRules()).taker == Decimal("0.00045")


def test_the_markets_of_the_other_dex_are_isolated_and_have_their_own_fees(wire: Path) -> None:
    terms = terms_of_xyz(wire)
    assert terms["xyz:XYZ100"].isolated_only
    assert (terms["xyz:XYZ100"].fee_multiple, terms["xyz:AAPL"].funding_multiplier) == (Decimal("0.2"), Decimal("0.5"))
    assert contract(terms["xyz:XYZ100"], ExchangeRules()).taker == Decimal("0.00009")


def test_every_recorded_figure_is_a_price_or_known_to_be_none(wire: Path) -> None:
    file = wire / "info" / "gosdk_MetaAndAssetCtxs.json.gz"
    meta, contexts = recorded(file, {"dex": "xyz"}, tuple[Meta, list[ContextRow]])
    market = PaperMarket(list(terms_of_xyz(wire).values()), lambda: 0, PaperRules())
    for row, context in zip(meta.universe, contexts, strict=True):
        market.take_context(row.name, context)
    without = {row.name for row, context in zip(meta.universe, contexts, strict=True) if context.mid_px is None}
    assert {row.name for row in meta.universe if market.price(row.name) is None} == without
    price = market.price("xyz:XYZ100")
    assert price is not None
    assert (price.mark, price.bid, price.ask) == (24_657, 24_655, 24_657)
    assert market.statistics("xyz:XYZ100").open_interest == Decimal("4643.1444")


def test_a_recorded_book(wire: Path) -> None:
    row = recorded(wire / "info" / "pysdk_get_l2_snapshot.json", {"type": "l2Book"}, BookRow)
    assert (row.coin, row.levels[0][0].px, row.levels[0][0].sz) == ("DYDX", Decimal("2.111"), Decimal("134.4"))
    assert all(bid.px < ask.px for bid, ask in zip(*row.levels, strict=False))


def test_recorded_settlements(wire: Path) -> None:
    file = wire / "info" / "pysdk_get_funding_history_1684811870000.json"
    rows = recorded(file, {"type": "fundingHistory"}, list[FundingRow])
    assert (rows[0].coin, rows[0].funding_rate) == ("BTC", Decimal("-0.00061334"))


def test_recorded_frames(wire: Path) -> None:
    captured = json.loads((wire / "ws_captured_frames.json").read_bytes())
    words = [word for one in captured for word in decode(json.dumps(one["frame"]).encode())]
    kinds = [type(word) for word in words]
    assert kinds.count(BestRow) == 2
    assert kinds.count(BookRow) == 1
    assert kinds.count(ContextFrame) == 2
    assert isinstance(words[1], BestRow)
    assert words[1].bbo == (None, None)


@pytest.mark.parametrize("raw", [b"{", b'{"channel":"bbo","data":{"coin":"BTC"}}', b'{"channel":"l2Book","data":null}'])
def test_what_cannot_be_read_is_said_with_the_frame(raw: bytes) -> None:
    with pytest.raises(BadData, match="frame of market data"):
        decode(raw)


@pytest.mark.parametrize("raw", [b'{"channel":"pong"}', b'{"channel":"subscriptionResponse","data":{"x":1}}'])
def test_what_says_nothing_of_a_market_is_passed_over(raw: bytes) -> None:
    assert decode(raw) == ()
