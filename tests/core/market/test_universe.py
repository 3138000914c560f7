"""The list of markets and the names people use for them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import AmbiguousSymbol, BadData, MissingArgument, TooLong, UnknownSymbol
from core.market.symbols import AssetClass, Market
from core.market.universe import COLUMNS, parse_universe, resolve, tradable
from core.sifting import Refusal
from core.trading.ports import Listing

ROW = dict(zip(COLUMNS, ["TSLA", "equity", "xyz:TSLA", "TSLAUSDT", "0", "20", "1", "3", "isolated"], strict=True))
MARKETS = [
    Market("BTC", AssetClass.CRYPTO, "BTC", 40, 5),
    Market("BCH", AssetClass.CRYPTO, "BCH", 10, 3),
    Market("kPEPE", AssetClass.CRYPTO, "kPEPE", 10, 0),
    Market("S", AssetClass.CRYPTO, "S", 5, 1),
    Market("SOL", AssetClass.CRYPTO, "SOL", 20, 2),
    Market("TSLA", AssetClass.EQUITY, "xyz:TSLA", 20, 3),
    Market("FARTCOIN", AssetClass.CRYPTO, "FARTCOIN", 10, 1),
]


def test_a_row_becomes_a_market() -> None:
    assert parse_universe([ROW]) == [
        Market("TSLA", AssetClass.EQUITY, "xyz:TSLA", 20, 3, isolated_only=True, binance_symbol="TSLAUSDT")
    ]


def test_a_proxy_is_marked_and_an_empty_binance_name_is_none() -> None:
    proxy = ROW | {"symbol": "SP500", "hyperliquid_coin": "xyz:SP500", "binance_is_proxy": "1"}
    none = ROW | {"symbol": "EUR", "hyperliquid_coin": "xyz:EUR", "binance_symbol": ""}
    first, second = parse_universe([proxy, none])
    assert first.binance_is_proxy
    assert second.binance_symbol is None


@pytest.mark.parametrize(
    ("change", "value", "remedy"),
    [
        ({"asset_class": "stock"}, "stock", "crypto, equity, commodity, forex, index"),
        ({"max_leverage": "0"}, "0", "from 1 to 200"),
        ({"max_leverage": "2.5"}, "2.5", "whole number"),
        ({"size_decimals": "-1"}, "-1", "from 0 to 8"),
        ({"margin_mode": "both"}, "both", "cross, isolated"),
        ({"symbol": " "}, "", "a name for symbol"),
        ({"extra": "x"}, "extra", "9 cells"),
    ],
)
def test_a_wrong_cell_is_named(change: dict[str, str], value: str, remedy: str) -> None:
    with pytest.raises(BadData, match=remedy) as refused:
        parse_universe([ROW | {"symbol": "AAPL", "hyperliquid_coin": "xyz:AAPL"}, ROW | change], "mine.csv")
    assert refused.value.values["line"] == 3
    assert refused.value.values["file"] == "mine.csv"
    assert value in str(refused.value.values["value"])


@pytest.mark.parametrize("twice", [{"hyperliquid_coin": "xyz:OTHER", "symbol": "tsla"}, {"symbol": "T2"}])
def test_a_name_that_occurs_twice_is_refused(twice: dict[str, str]) -> None:
    with pytest.raises(BadData, match="line 2 already"):
        parse_universe([ROW, ROW | twice])


def test_a_list_without_markets_is_refused() -> None:
    with pytest.raises(BadData, match="at least one market"):
        parse_universe([])


@pytest.mark.parametrize(
    ("text", "symbol"),
    [("BTC", "BTC"), ("btc", "BTC"), (" kpepe ", "kPEPE"), ("xyz:TSLA", "TSLA"), ("XYZ:tsla", "TSLA"), ("s", "S")],
)
def test_symbol_and_venue_name_are_understood_in_any_case(text: str, symbol: str) -> None:
    assert resolve(text, MARKETS).symbol == symbol


def test_the_exact_spelling_wins_over_another_case() -> None:
    both = [Market("GOLD", AssetClass.COMMODITY, "xyz:GOLD", 25, 4), Market("Gold", AssetClass.CRYPTO, "Gold", 5, 1)]
    assert resolve("Gold", both).coin == "Gold"
    assert resolve("GOLD", both).coin == "xyz:GOLD"
    with pytest.raises(AmbiguousSymbol) as refused:
        resolve("gold", both)
    assert refused.value.values == {"symbol": "gold", "choices": "GOLD, Gold"}


def test_a_beginning_of_several_names_is_ambiguous() -> None:
    with pytest.raises(AmbiguousSymbol) as refused:
        resolve("b", MARKETS)
    assert refused.value.values["choices"] == "BTC, BCH"


def test_many_choices_are_cut_short() -> None:
    many = [Market(f"AB{i}", AssetClass.CRYPTO, f"AB{i}", 5, 1) for i in range(9)]
    with pytest.raises(AmbiguousSymbol) as refused:
        resolve("AB", many)
    assert refused.value.values["choices"] == "AB0, AB1, AB2, AB3, AB4, AB5, …"


@pytest.mark.parametrize(
    ("text", "nearest"), [("SOLL", "SOL"), ("FART", "FARTCOIN"), ("xyz:TSAL", "TSLA"), ("QQQQ", "")]
)
def test_an_unknown_name_is_answered_with_the_nearest(text: str, nearest: str) -> None:
    with pytest.raises(UnknownSymbol) as refused:
        resolve(text, MARKETS)
    assert str(refused.value.values["nearest"]).partition(",")[0] == nearest


def test_nothing_and_too_much_are_refused() -> None:
    with pytest.raises(MissingArgument):
        resolve("  ", MARKETS)
    with pytest.raises(TooLong) as refused:
        resolve("x" * 65, MARKETS)
    assert refused.value.values == {"length": 65, "limit": 64}


@given(st.text(max_size=64))
def test_any_text_gives_a_market_or_a_users_mistake(text: str) -> None:
    with contextlib.suppress(MissingArgument, UnknownSymbol, AmbiguousSymbol):
        assert resolve(text, MARKETS) in MARKETS


def test_live_terms_replace_the_files_and_absent_markets_are_dropped_by_name() -> None:
    live = [
        Listing("BTC", 50, 4, isolated_only=True, delisted=False),
        Listing("BCH", 10, 3, isolated_only=False, delisted=True),
        Listing("OTHER", 3, 0, isolated_only=False, delisted=False),
    ]
    sifted = tradable(MARKETS[:3], live)
    assert list(sifted.kept) == [Market("BTC", AssetClass.CRYPTO, "BTC", 50, 4, isolated_only=True)]
    assert list(sifted.refused) == [
        Refusal("BCH", "universe", "delisted", detail="BCH"),
        Refusal("kPEPE", "universe", "not_listed", detail="kPEPE"),
    ]
