"""The universe file: the one that is shipped, and the operator's own."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.feeds.universe import SHIPPED, load_universe
from core.errors import BadData
from core.market.symbols import AssetClass
from core.market.universe import COLUMNS


def test_ninety_two_markets_of_five_classes_are_shipped() -> None:
    classes = Counter(market.asset_class for market in load_universe())
    assert classes == {
        AssetClass.CRYPTO: 43,
        AssetClass.EQUITY: 30,
        AssetClass.COMMODITY: 8,
        AssetClass.FOREX: 3,
        AssetClass.INDEX: 8,
    }
    assert all((market.dex == "xyz") == (market.asset_class is not AssetClass.CRYPTO) for market in load_universe())


def test_the_operators_own_file_wins(tmp_path: Path) -> None:
    assert len(load_universe(tmp_path)) == 92
    lines = SHIPPED.read_text().splitlines()
    (tmp_path / "universe.csv").write_text("\n".join(lines[:3]))
    assert [market.symbol for market in load_universe(tmp_path)] == ["BTC", "ETH"]


def test_a_file_with_another_header_or_no_text_is_refused_by_name(tmp_path: Path) -> None:
    own = tmp_path / "universe.csv"
    own.write_text("symbol,coin\nBTC,BTC\n")
    with pytest.raises(BadData, match=",".join(COLUMNS)) as refused:
        load_universe(tmp_path)
    assert refused.value.values["line"] == 1
    own.write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(BadData, match="cannot be read"):
        load_universe(tmp_path)
