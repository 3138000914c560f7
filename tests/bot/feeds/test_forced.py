"""Liquidations beside a manifest: read whole or refused with the line that is wrong, and told as the market moves."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from bot.feeds.recorded import Loaded, load_recording
from core.replay.listing import recorded_markets
from core.replay.market import RecordedMarket
from core.settings import SimulatedQuotes
from core.trading.exchange.ports import Forced
from tests.bot.feeds.folders import START_MS, candle_lines, write_folder

MANIFEST = ("BTC,crypto,15m,btc.csv", "TSLA,equity,15m,tsla.csv")
HEADER = "ts_ms,symbol,side,size,price"
MINUTE = 60_000


def load(folder: Path, *rows: str, name: str = "liquidations.csv.gz", header: str = HEADER) -> Loaded:
    files = {"btc.csv": candle_lines(8), "tsla.csv": candle_lines(8), name: [header, *rows]}
    return load_recording(write_folder(folder, MANIFEST, files))


@pytest.mark.parametrize("name", ["liquidations.csv", "liquidations.csv.gz"])
def test_a_recorded_market_tells_them_as_it_moves(tmp_path: Path, name: str) -> None:
    at = [START_MS + minutes * MINUTE for minutes in (1, 1, 2, 3)]
    rows = (
        f"{at[0]},BTC,long,0.5,99.5",
        f"{at[1]},TSLA,short,3,101",
        f"{at[2]},DOGE,long,1,1",
        f"{at[3]},BTC,short,1,9",
    )
    loaded = load(tmp_path, *rows, name=name)
    assert not loaded.left_out
    markets = recorded_markets(loaded.recording, [], SimulatedQuotes())
    market = RecordedMarket(loaded.recording, markets, SimulatedQuotes(), start_ms=START_MS)
    assert market.forced(START_MS) == []
    while market.now_ms < at[2]:
        market.advance(min(market.next_change() or at[2], at[2]))
    told = [
        Forced("BTC", True, Decimal("0.5"), Decimal("99.5"), at[0], 0),
        Forced("xyz:TSLA", False, Decimal(3), Decimal(101), at[1], 1),
    ]
    assert market.forced(START_MS) == told
    assert market.forced(at[0] - 1) == told
    assert market.forced(at[0]) == []


def test_a_folder_without_them_has_none(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, MANIFEST[:1], {"btc.csv": candle_lines(4)})
    assert load_recording(folder).recording.liquidations == ()


@pytest.mark.parametrize(
    ("rows", "line", "value", "remedy"),
    [
        (["x,BTC,long,1,1"], 2, "x", "whole epoch milliseconds for ts_ms"),
        (["1.5,BTC,long,1,1"], 2, "1.5", "whole epoch milliseconds for ts_ms"),
        (["5,BTC,long,1,1", "4,BTC,long,1,1"], 3, "4", "a ts_ms not before the line above (5)"),
        (["5,BTC,sell,1,1"], 2, "sell", "the side of the position that was closed (long, short)"),
        (["5,BTC,long,0,1"], 2, "0", "a size and a price over 0"),
        (["5,BTC,long,1,-2"], 2, "-2", "a size and a price over 0"),
        (["5,BTC,long,nan,1"], 2, "nan", "a finite number for size"),
        (["5,BTC,long,1"], 2, "5,BTC,long,1", "5 cells (ts_ms,symbol,side,size,price)"),
    ],
)
def test_a_wrong_line_costs_the_file_and_nothing_else(
    tmp_path: Path, rows: list[str], line: int, value: str, remedy: str
) -> None:
    loaded = load(tmp_path, *rows)
    assert [one.symbol for one in loaded.recording.symbols] == ["BTC", "TSLA"]
    assert loaded.recording.liquidations == ()
    error = loaded.left_out["liquidations"]
    assert (error.values["line"], error.values["value"], error.values["expected"]) == (line, value, remedy)


def test_another_header_is_refused(tmp_path: Path) -> None:
    error = load(tmp_path, header="time,symbol,side,size,price").left_out["liquidations"]
    assert error.values["expected"] == f"the header {HEADER}"


def test_what_is_no_gzip_file_is_refused(tmp_path: Path) -> None:
    files = {"btc.csv": candle_lines(4), "liquidations.csv.gz": b"ts_ms"}
    error = load_recording(write_folder(tmp_path, MANIFEST[:1], files)).left_out["liquidations"]
    assert error.values["expected"] == "a whole gzip file"
