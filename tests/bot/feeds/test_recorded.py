"""Loading a data folder: what is sound is read exactly, what is not is named with file, line, value and remedy."""

from __future__ import annotations

import gzip
import time
from pathlib import Path

import numpy as np
import pytest

from bot.feeds.recorded import load_recording, read_bars, read_funding
from core.errors import BadData
from tests.bot.feeds.folders import CANDLES, START_MS, STEP_MS, candle_lines, write_folder

SOUND = candle_lines(16)


def test_a_plain_and_a_compressed_file_give_the_same_bars(tmp_path: Path) -> None:
    folder = write_folder(
        tmp_path,
        ["AAA,crypto,15m,a.csv", "BBB,equity,15m,b.csv.gz"],
        {"a.csv": SOUND, "b.csv.gz": SOUND},
    )
    first, second = load_recording(folder).recording.symbols
    for name in ("time", "open", "high", "low", "close", "volume"):
        assert getattr(first.path, name).tolist() == getattr(second.path, name).tolist()
    assert first.path.open.tolist() == [float(line.split(",")[1]) for line in SOUND[1:]]


def test_lacking_intervals_are_built_from_the_finest_one_on_utc_boundaries(tmp_path: Path) -> None:
    lines = candle_lines(10, start_ms=START_MS + 2 * STEP_MS)
    symbol = load_recording(write_folder(tmp_path, ["AAA,forex,15m,a.csv"], {"a.csv": lines})).recording.symbols[0]
    assert sorted(symbol.bars) == [900_000, 3_600_000, 14_400_000]
    hours, fine = symbol.bars[3_600_000], symbol.bars[900_000]
    assert hours.time.tolist() == [START_MS, START_MS + 3_600_000, START_MS + 7_200_000]
    assert hours.open[0] == fine.open[0]
    assert hours.close[0] == fine.close[1]
    assert hours.high[1] == fine.high[2:6].max()
    assert hours.low[1] == fine.low[2:6].min()
    assert hours.volume[1] == fine.volume[2:6].sum()


def test_a_given_interval_is_kept_and_never_rebuilt(tmp_path: Path) -> None:
    hour = [CANDLES, f"{START_MS},7,9,5,8,1"]
    folder = write_folder(tmp_path, ["AAA,crypto,15m,a.csv", "AAA,crypto,1h,h.csv"], {"a.csv": SOUND, "h.csv": hour})
    symbol = load_recording(folder).recording.symbols[0]
    assert symbol.bars[3_600_000].open.tolist() == [7.0]


def test_coarse_bars_stand_in_on_the_path_where_no_finer_ones_are(tmp_path: Path) -> None:
    hours = candle_lines(8, start_ms=START_MS, step_ms=3_600_000)
    fine = candle_lines(8, start_ms=START_MS + 4 * 3_600_000)
    folder = write_folder(tmp_path, ["AAA,crypto,15m,a.csv", "AAA,crypto,1h,h.csv"], {"a.csv": fine, "h.csv": hours})
    path = load_recording(folder).recording.symbols[0].path
    assert path.span.tolist() == [3_600_000] * 4 + [900_000] * 8 + [3_600_000] * 2
    assert np.array_equal(path.time[1:], (path.time + path.span)[:-1])


@pytest.mark.parametrize(
    ("line", "bad", "value", "remedy"),
    [
        (1, "ts,open,high,low,close,volume", "ts,open", "header"),
        (3, f"{START_MS + STEP_MS},1,2,oops,1,1", "oops", "a number for low"),
        (3, f"{START_MS + STEP_MS},1,2,nan,1,1", "nan", "finite number for low"),
        (3, f"{START_MS + STEP_MS},1,2,0.5,1", "1,2,0.5,1", "6 cells"),
        (4, f"{START_MS + STEP_MS},1,2,0.5,1,1", str(START_MS + STEP_MS), "duplicate"),
        (4, f"{START_MS},1,2,0.5,1,1", str(START_MS), "earlier"),
        (3, f"{START_MS + STEP_MS},1,2,3,1,1", "2", "a high not under the low"),
        (3, f"{START_MS + STEP_MS},5,2,1,1,1", "2", "a high not under open and close"),
        (3, f"{START_MS + STEP_MS},1,9,2,3,1", "2", "a low not over open and close"),
        (3, f"{START_MS + STEP_MS},1,2,0,1,1", "0", "a price over 0"),
        (3, f"{START_MS + STEP_MS},1,2,0.5,1,-4", "-4", "a volume of at least 0"),
        (3, f"{START_MS + STEP_MS + 1},1,2,0.5,1,1", str(START_MS + STEP_MS + 1), "a multiple of 900000 ms"),
        (3, f"{START_MS + STEP_MS}.5,1,2,0.5,1,1", ".5", "whole epoch milliseconds"),
    ],
)
def test_a_malformed_line_costs_its_symbol_and_is_named(
    tmp_path: Path, line: int, bad: str, value: str, remedy: str
) -> None:
    lines = [*SOUND]
    lines[line - 1] = bad
    folder = write_folder(tmp_path, ["AAA,crypto,15m,a.csv", "BBB,crypto,15m,b.csv"], {"a.csv": lines, "b.csv": SOUND})
    loaded = load_recording(folder)
    assert [one.symbol for one in loaded.recording.symbols] == ["BBB"]
    assert list(loaded.left_out) == ["AAA"]
    error = loaded.left_out["AAA"]
    assert error.values["line"] == line
    assert str(error.values["file"]).endswith("a.csv")
    assert value in str(error.values["value"])
    assert remedy in str(error)


@pytest.mark.parametrize(
    ("content", "remedy"),
    [
        (b"this is no gzip file", "a whole gzip file"),
        (gzip.compress("\n".join(SOUND).encode())[:-20], "a whole gzip file"),
        (gzip.compress(CANDLES.encode()), "at least one row"),
        (b"", "the header ts_ms"),
    ],
    ids=["no archive", "cut off", "no rows", "empty"],
)
def test_a_broken_archive_is_named(tmp_path: Path, content: bytes, remedy: str) -> None:
    folder = write_folder(tmp_path, ["AAA,crypto,15m,a.csv.gz"], {"a.csv.gz": content})
    with pytest.raises(BadData, match=remedy):
        load_recording(folder)


def test_a_missing_file_costs_its_symbol_and_the_last_sound_one_keeps_the_set_alive(tmp_path: Path) -> None:
    manifest = ["AAA,crypto,15m,absent.csv", "BBB,crypto,15m,b.csv"]
    loaded = load_recording(write_folder(tmp_path, manifest, {"b.csv": SOUND}))
    assert list(loaded.left_out) == ["AAA"]
    with pytest.raises(BadData, match=r"absent\.csv.*No such file"):
        load_recording(write_folder(tmp_path, manifest[:1], {}))


@pytest.mark.parametrize(
    ("manifest", "line", "remedy"),
    [
        ([], 2, "at least one line"),
        (["AAA,stock,15m,a.csv"], 2, "an asset_class of crypto, equity, commodity, forex, index"),
        (["AAA,crypto,7m,a.csv"], 2, "a kind of 5m, 15m, 1h, 4h, funding, open_interest"),
        (["AAA,crypto,15m"], 2, "4 cells"),
        (["AAA,crypto,15m,"], 2, "a file"),
        (["A/A,crypto,15m,a.csv"], 2, "a symbol of letters"),
        (["AAA,crypto,15m,a.csv", "", "AAA,crypto,15m,b.csv"], 4, "one line per symbol and kind"),
        (["AAA,crypto,15m,a.csv", "AAA,equity,1h,b.csv"], 3, "the class crypto that AAA has above"),
    ],
)
def test_a_malformed_manifest_refuses_the_whole_set(
    tmp_path: Path, manifest: list[str], line: int, remedy: str
) -> None:
    folder = write_folder(tmp_path, manifest, {"a.csv": SOUND, "b.csv": SOUND})
    with pytest.raises(BadData, match=remedy) as refused:
        load_recording(folder)
    assert refused.value.values["line"] == line
    assert str(refused.value.values["file"]).endswith("manifest.csv")


def test_a_manifest_that_is_absent_or_has_another_header_refuses_the_set(tmp_path: Path) -> None:
    with pytest.raises(BadData, match=r"manifest\.csv"):
        load_recording(tmp_path)
    (tmp_path / "manifest.csv").write_text("symbol,kind,file\n")
    with pytest.raises(BadData, match="header symbol,asset_class,kind,file"):
        load_recording(tmp_path)


def test_a_symbol_with_funding_alone_is_left_out(tmp_path: Path) -> None:
    folder = write_folder(
        tmp_path,
        ["AAA,crypto,funding,f.csv", "BBB,crypto,15m,b.csv"],
        {"f.csv": ["ts_ms,funding_rate", f"{START_MS},0.0001"], "b.csv": SOUND},
    )
    assert "at least one candle file" in str(load_recording(folder).left_out["AAA"])


def test_funding_stamped_past_its_hour_counts_from_the_hour_and_is_spread_over_its_hours(tmp_path: Path) -> None:
    hour = 3_600_000
    rows = [f"{START_MS + 41},0.00001", f"{START_MS + hour + 77},0.00002", f"{START_MS + 3 * hour + 5},0.00003"]
    (tmp_path / "hourly.csv").write_text("\n".join(["ts_ms,funding_rate", *rows]))
    hourly = read_funding(tmp_path / "hourly.csv")
    assert hourly.time.tolist() == [START_MS, START_MS + hour, START_MS + 3 * hour]
    assert hourly.value.tolist() == [0.00001, 0.00002, 0.00003]
    eight = [f"{START_MS + i * 8 * hour},{0.0001 * (i + 1)!r}" for i in range(3)]
    (tmp_path / "eight.csv").write_text("\n".join(["ts_ms,funding_rate", *eight]))
    assert read_funding(tmp_path / "eight.csv").value == pytest.approx([0.0000125, 0.000025, 0.0000375])


def test_windows_line_ends_and_exponents_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("\r\n".join([CANDLES, f"{START_MS},1,2,5e-1,1.5,2.716861e+07", ""]).encode())
    bars = read_bars(tmp_path / "a.csv", STEP_MS)
    assert (bars.low[0], bars.volume[0]) == (0.5, 27_168_610.0)


@pytest.mark.parametrize(("name", "symbols"), [("majors6", 6), ("hyperliquid20", 20), ("scan92", 92)])
def test_the_ready_sets_load_whole(shared_data: Path, name: str, symbols: int) -> None:
    began = time.process_time()
    loaded = load_recording(shared_data / "sets" / name)
    spent = time.process_time() - began
    assert not loaded.left_out
    assert len(loaded.recording.symbols) == symbols
    assert spent < 6.0, f"{spent:.1f} s of CPU; the goal is 3 s on an idle machine"
    for symbol in loaded.recording.symbols:
        assert np.all(np.diff(symbol.path.time) > 0)
        assert {900_000, 3_600_000, 14_400_000} <= set(symbol.bars)


def test_open_interest_and_funding_are_read_beside_the_candles(tmp_path: Path) -> None:
    manifest = ["AAA,crypto,15m,a.csv", "AAA,crypto,open_interest,oi.csv", "AAA,crypto,funding,f.csv"]
    files = {
        "a.csv": SOUND,
        "oi.csv": ["ts_ms,open_interest", f"{START_MS},1000.5", f"{START_MS + STEP_MS},900"],
        "f.csv": ["ts_ms,funding_rate", f"{START_MS + 9},-0.00001"],
    }
    symbol = load_recording(write_folder(tmp_path, manifest, files)).recording.symbols[0]
    assert symbol.open_interest is not None
    assert symbol.funding is not None
    assert [symbol.open_interest.at(START_MS + ms) for ms in (-1, 0, STEP_MS)] == [None, 1000.5, 900.0]
    assert symbol.funding.at(START_MS) == -0.00001


@pytest.mark.parametrize(
    ("kind", "lines", "remedy"),
    [
        ("open_interest", ["ts_ms,oi", f"{START_MS},1"], "header ts_ms,open_interest"),
        ("open_interest", ["ts_ms,open_interest", f"{START_MS},-1"], "at least 0"),
        ("funding", ["ts_ms,funding_rate", f"{START_MS},3"], "a fraction"),
        ("funding", ["ts_ms,funding_rate", f"{START_MS},0.1", f"{START_MS + 7},0.1"], "one settlement per hour"),
    ],
)
def test_a_malformed_companion_file_costs_the_symbol_too(
    tmp_path: Path, kind: str, lines: list[str], remedy: str
) -> None:
    manifest = ["AAA,crypto,15m,a.csv", f"AAA,crypto,{kind},x.csv", "BBB,crypto,15m,a.csv"]
    loaded = load_recording(write_folder(tmp_path, manifest, {"a.csv": SOUND, "x.csv": lines}))
    assert remedy in str(loaded.left_out["AAA"])
    assert [one.symbol for one in loaded.recording.symbols] == ["BBB"]
