"""``vektor enrich`` and ``vektor scan`` over data folders: what they print, for whom, and at which moment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.__main__ import main
from core.settings import Settings
from core.signals.enrichment.dimensions import Dimensions
from core.signals.view import view_markets
from tests.bot.feeds.folders import CANDLES, START_MS, STEP_MS, candle_lines, write_folder
from tests.core.signals.recorded import load_set

DAYS = 50
END_MS = START_MS + DAYS * 96 * STEP_MS


NAMES = ("BTC", "ETH", "SOL")
BARS = DAYS * 96


def wandering_lines(seed: int, kept: int) -> list[str]:
    """The first candles of a sound walk."""
    chance = np.random.default_rng(seed)
    close = 100 * np.exp(np.cumsum(chance.normal(0.0003, 0.004, BARS)))
    opened = np.concatenate([[100.0], close[:-1]])
    high, low = np.maximum(opened, close) * 1.001, np.minimum(opened, close) * 0.999
    rows = zip(opened, high, low, close, chance.uniform(1, 50, BARS), strict=True)
    lines = (f"{START_MS + i * STEP_MS}," + ",".join(f"{v:.6f}" for v in row) for i, row in enumerate(rows))
    return [CANDLES, *lines][: 1 + kept]


def written(folder: Path, kept: Mapping[str, int]) -> Path:
    """A data folder with so many bars of each market."""
    files = {f"{name}.csv": wandering_lines(seed, kept[name]) for seed, name in enumerate(NAMES)}
    return write_folder(folder, [f"{name},crypto,15m,{name}.csv" for name in NAMES], files)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three markets, one of which ends ten bars before the others."""
    return written(tmp_path_factory.mktemp("recorded"), {"BTC": BARS, "ETH": BARS - 10, "SOL": BARS})


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, output and complaints of one command."""
    code = main([*arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def read(capsys: pytest.CaptureFixture[str], command: str, folder: Path, *more: str) -> dict[str, Any]:
    code, out, _ = run(capsys, command, "--data", str(folder), "--state", str(folder / "state"), "--json", *more)
    assert code == 0
    found: dict[str, Any] = json.loads(out)
    return found


def test_enrich_gives_every_dimension_of_every_market(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = read(capsys, "enrich", folder)
    assert list(found) == ["BTC", "ETH", "SOL"]
    dimensions = [one.name for one in fields(Dimensions)]
    assert len(dimensions) == 35
    for one in found.values():
        assert list(one) == ["state_15m", "state_1h", "state_4h", "side", "alignment", *dimensions]
        assert set(one["pivots"]) == {"P", "R1", "R2", "S1", "S2"}


def test_without_a_time_the_last_close_with_the_most_sound_markets_is_taken(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    best = END_MS - 10 * STEP_MS
    assert read(capsys, "enrich", folder) == read(capsys, "enrich", folder, "--at", str(best))
    assert list(read(capsys, "enrich", folder, "--at", str(END_MS))) == ["BTC", "SOL"]
    assert read(capsys, "scan", folder)["ts_ms"] == best


def test_markets_that_cannot_be_read_are_named_aside(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "enrich", "--data", str(folder), "--at", str(END_MS))
    assert (code, err) == (0, "vektor: cannot be read: last_bar_missing ETH\n")
    head, columns, *rows = out.splitlines()
    assert head == "2025-08-05 00:00 UTC, 2 of 3 markets"
    assert [row.split()[0] for row in [columns, *rows]] == ["symbol", "BTC", "SOL"]
    assert len({len(row.split()) for row in [columns, *rows]}) == 1


def test_scan_gives_every_market_one_outcome(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = read(capsys, "scan", folder)
    assert sorted(one["symbol"] for one in found["outcomes"]) == ["BTC", "ETH", "SOL"]
    assert sum(found["funnel"].values()) == 3
    assert all(one["stage"] and one["rule"] and one["outcome"] for one in found["outcomes"])
    code, out, _ = run(capsys, "scan", "--data", str(folder))
    assert code == 0
    head, _, columns, *rows = out.splitlines()
    assert head.startswith(f"2025-08-04 21:30 UTC, {found['regime']}: ")
    assert columns.split()[:4] == ["symbol", "side", "outcome", "stage"]
    assert [row.split()[0] for row in rows] == [one["symbol"] for one in found["outcomes"]]


def test_a_scan_refuses_exactly_those_whose_fresh_sweep_opposes_their_side(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    against = {"long": "SWEEP_HIGH", "short": "SWEEP_LOW"}
    refused = 0
    for hours in range(0, 240, 12):
        at = str(END_MS - 20 * STEP_MS - hours * 3_600_000)
        readings = read(capsys, "enrich", folder, "--at", at)
        for one in read(capsys, "scan", folder, "--at", at)["outcomes"]:
            seen = readings[one["symbol"]]
            opposed = seen["side"] is not None and seen["sweep"] == against[seen["side"]]
            gated = one["stage"] == "timeframes"
            assert (one["rule"] == "opposing_sweep") is (opposed and not gated)
            if one["rule"] == "opposing_sweep":
                refused += 1
                assert (one["stage"], one["side"], one["confidence"]) == ("triage", seen["side"], None)
    assert refused >= 3


def test_what_comes_later_changes_neither(tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at_ms = END_MS - 700 * STEP_MS
    cut = written(tmp_path, dict.fromkeys(NAMES, BARS - 700))
    for command in ("enrich", "scan"):
        assert read(capsys, command, cut, "--at", str(at_ms)) == read(capsys, command, folder, "--at", str(at_ms))


@pytest.mark.parametrize("command", ["enrich", "scan"])
@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("tomorrow", "--at 'tomorrow' is no time; ISO 8601"),
        ("2020-01-01", "--at '2020-01-01' lies outside of the recording; a time in 2025-06-16 00:00 UTC … 2025-08-05"),
        ("2025-08-06", "lies outside of the recording"),
    ],
)
def test_a_time_that_cannot_be_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], command: str, at: str, words: str
) -> None:
    code, out, err = run(capsys, command, "--data", str(folder), "--at", at)
    assert (code, out) == (2, "")
    assert words in err


def test_a_recording_that_is_never_sound_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_folder(tmp_path, ["AAA,crypto,15m,a.csv"], {"a.csv": candle_lines(40)})
    code, _, err = run(capsys, "enrich", "--data", str(folder))
    assert code == 2
    assert "never long and whole enough" in err


def test_the_recorded_92_markets_are_read_as_by_the_pipeline(
    shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shared_data / "sets" / "scan92"
    at = 1_752_609_600_000  # 2025-07-15 20:00
    found = read(capsys, "enrich", folder, "--at", str(at))
    recorded = load_set(folder)
    views = view_markets(recorded.candles, recorded.markets, at, Settings()).kept
    assert len(found) == len(views) >= 80
    for view in views:
        assert found[view.symbol]["mi_signal"] == view.dimensions.mi_signal
        assert found[view.symbol]["cvd_delta"] == view.dimensions.cvd_delta
    assert found["TSLA"]["premarket_high"] > found["TSLA"]["premarket_low"]
    assert found["NVDA"]["premarket_high"] is None, "recorded in the regular session only"
    assert found["NVDA"]["opening_high"] > found["NVDA"]["opening_low"]
    assert (found["EURUSD"]["vol_confirm"], found["EURUSD"]["vd_filter"]) == ("NEUTRAL", "NEUTRAL"), "no volume"
