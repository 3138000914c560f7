"""What Binance and Hyperliquid say of candles, on recordings alone; and every other shape refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.feeds.binance.wire import closed_bars, complaint, klines, trading
from bot.feeds.candle_streams import Followed
from core.errors import BadData
from core.market.candles import Timeframe


def recorded(shared_data: Path, exchange: str, name: str) -> Any:
    return json.loads((shared_data / f"wire/{exchange}/jkorf.json").read_text())[name]


def test_a_recorded_klines_answer(shared_data: Path) -> None:
    answer = recorded(shared_data, "binance", "Endpoints/UsdFutures/ExchangeData/GetKlines")["response"]
    series = klines(json.dumps(answer).encode(), "BTC", Timeframe.H4)
    assert series.time.tolist() == [1499040000000]
    columns = (series.open, series.high, series.low, series.close, series.volume)
    assert [float(column[0]) for column in columns] == [0.01634790, 0.8, 0.015758, 0.01577100, 148976.11427815]


def test_a_recorded_list_of_symbols(shared_data: Path) -> None:
    answer = recorded(shared_data, "binance", "Endpoints/UsdFutures/ExchangeData/GetExchangeInfo")["response"]
    assert trading(json.dumps(answer).encode())["BLZUSDT"] == "TRADING"


def test_recorded_frames_of_the_kline_stream(shared_data: Path) -> None:
    decode, folder = closed_bars({"BTCUSDT": "BTC"}), shared_data / "wire/binance/nautilus"
    closed = (folder / "fut_kline_stream_closed.json").read_text()
    assert decode(closed.encode()) == (), "a minute is none of our timeframes"
    [bar] = decode(closed.replace('"1m"', '"15m"').encode())
    assert (bar.coin, bar.timeframe, bar.time, bar.final) == ("BTC", Timeframe.M15, 1638747660000, True)
    assert (bar.open, bar.high, bar.low, bar.close, bar.volume) == (0.001, 0.0025, 0.001, 0.002, 1000.0)
    still_open = (folder / "fut_kline_stream_open.json").read_text().replace('"1m"', '"15m"')
    assert decode(still_open.encode()) == ()
    assert closed_bars({"ETHUSDT": "ETH"})(closed.replace('"1m"', '"15m"').encode()) == ()


def test_recorded_frames_of_hyperliquids_candles(shared_data: Path) -> None:
    told = recorded(shared_data, "hyperliquid", "Subscriptions/Klines")
    frame = json.loads(told.rpartition("\n= \n")[2].replace('"1d"', '"4h"').replace(':"1d"', ':"4h"'))
    answer = json.loads(next(line for line in told.splitlines() if line.startswith("< "))[2:])
    follow = Followed()
    assert follow(json.dumps(answer).encode()) == ()
    assert follow(json.dumps(frame).encode()) == ()
    frame["data"]["t"] += Timeframe.H4.ms
    [bar] = follow(json.dumps(frame).encode())
    assert (bar.coin, bar.timeframe, bar.time, bar.final) == ("HYPE", Timeframe.H4, 1764806400000, False)
    assert (bar.open, bar.high, bar.low, bar.close, bar.volume) == (34.668, 36.219, 34.251, 34.868, 3495670.84)


@pytest.mark.parametrize("body", [b"[[1,2]]", b'{"code":-1121,"msg":"Invalid symbol."}', b"[[1,", b"", b"<html>"])
def test_any_other_shape_is_no_klines_answer(body: bytes) -> None:
    with pytest.raises((msgspec.DecodeError, ValueError)):
        klines(body, "BTC", Timeframe.H1)


def test_no_rows_are_an_empty_series() -> None:
    assert len(klines(b"[]", "BTC", Timeframe.H1)) == 0


def test_an_error_is_read_where_it_can_be() -> None:
    assert complaint(b'{"code":-1121,"msg":"Invalid symbol."}').msg == "Invalid symbol."
    assert complaint(b"<html>").code == 0


@pytest.mark.parametrize("decode", [closed_bars({"BTCUSDT": "BTC"}), Followed()])
def test_a_frame_that_cannot_be_read_is_named(decode: Any) -> None:
    with pytest.raises(BadData, match="cannot be read"):
        decode(b'{"channel":"candle","data":{"t":"x"},"k":3}')
