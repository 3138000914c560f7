"""One process per state folder and account; the kernel lets go when the holder dies, however it dies."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import StartRefused
from storage.lock import FILE, StateLock, account_file, holder_of

ROOT = Path(__file__).resolve().parents[2]
SINCE = 1_700_000_000_000
HOLDER = f"""
import sys, pathlib
from storage.lock import StateLock
folder, account, shared = sys.argv[1:]
lock = StateLock(pathlib.Path(folder), account, venue="testnet", host="box", now_ms={SINCE}, shared=pathlib.Path(shared))
with lock:
    print("held", flush=True)
    sys.stdin.read()
"""


def lock(folder: Path, shared: Path, account: str = "testnet:0xab") -> StateLock:
    return StateLock(folder, account, venue="testnet", host="here", now_ms=SINCE + 1, shared=shared)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    (tmp_path / "state").mkdir()
    return tmp_path / "state"


def other_process(folder: Path, shared: Path, account: str = "testnet:0xab") -> subprocess.Popen[str]:
    """A process that holds the lock until its standard input closes."""
    command = [sys.executable, "-c", HOLDER, str(folder), account, str(shared)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_process_is_told_who_was_first(state: Path, tmp_path: Path) -> None:
    with other_process(state, tmp_path) as first:
        with pytest.raises(StartRefused) as refused:
            lock(state, tmp_path).acquire()
        words = str(refused.value)
        assert f"process {first.pid} on box, since 2023-11-14 22:13:20 UTC, venue testnet" in words
        assert "--state" in words
        first.communicate("")
    with lock(state, tmp_path):
        pass


def test_a_killed_process_holds_nothing(state: Path, tmp_path: Path) -> None:
    with other_process(state, tmp_path) as first:
        first.kill()
        first.wait()
        assert str(first.pid) in (state / FILE).read_text()
        assert holder_of(state) is None
        with lock(state, tmp_path):
            pass


def test_another_folder_with_the_same_account_is_refused_naming_the_account(state: Path, tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()
    with other_process(state, tmp_path) as first:
        with pytest.raises(StartRefused, match=rf"the account testnet:0xab: process {first.pid}.*{state}"):
            lock(tmp_path / "second", tmp_path).acquire()
        with lock(tmp_path / "second", tmp_path, "testnet:0xcd"):
            pass
        first.communicate("")


def test_a_refused_second_folder_is_free_again(state: Path, tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()
    with other_process(state, tmp_path) as first:
        with pytest.raises(StartRefused):
            lock(tmp_path / "second", tmp_path).acquire()
        assert holder_of(tmp_path / "second") is None
        first.communicate("")


def test_without_an_account_only_the_folder_is_held(state: Path, tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()
    with lock(state, tmp_path, ""), lock(tmp_path / "second", tmp_path, ""):
        assert sorted(path.name for path in tmp_path.glob("*.lock")) == []


def test_who_holds_a_folder_can_be_asked_without_disturbing_them(state: Path, tmp_path: Path) -> None:
    assert holder_of(state) is None
    with other_process(state, tmp_path) as first:
        for _ in range(2):
            holder = holder_of(state)
            assert holder is not None
            assert (holder.pid, holder.venue, holder.account) == (first.pid, "testnet", "testnet:0xab")
        first.communicate("")
    assert holder_of(state) is None


def test_releasing_twice_is_no_error_and_leaves_no_name_behind(state: Path, tmp_path: Path) -> None:
    held = lock(state, tmp_path).acquire()
    held.release()
    held.release()
    assert (state / FILE).read_text() == ""
    assert holder_of(state) is None


def test_a_planted_link_is_not_followed(state: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    account_file("testnet:0xab", tmp_path).symlink_to(victim)
    with pytest.raises(StartRefused, match="cannot be opened"):
        lock(state, tmp_path).acquire()
    assert victim.read_text() == "precious"


def test_the_account_is_not_readable_from_the_name_of_its_lock(tmp_path: Path) -> None:
    assert "0xab" not in account_file("mainnet:0xab", tmp_path).name
