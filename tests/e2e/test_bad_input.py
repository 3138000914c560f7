"""Mistakes at the host: each ends with exit code 2 and one clear line on standard error, and nothing is lost."""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import pytest

from bot.__main__ import main, parser
from bot.emulator.server import LocalTelegram
from bot.host import VERBS
from storage.start import open_database
from tests.e2e.process import VEKTOR, Process, clean_environment

REFUSED = 2
REFUSAL_S = 60.0
HEADER = "ts_ms,open,high,low,close,volume\n"
QUARTER_MS = 900_000
START_MS = 1_752_500_700_000
RUN = ("run", "--venue", "sim", "--state", "state")
TIME, PORT, SEED = "ISO 8601 (2025-07-14T13:45) or epoch milliseconds", "from 0 to 65535", "from 0 to 4294967295"
SPAN, MOMENT = "--from before --to, in 2025-07-14 13:45 UTC …", "a time in 2025-07-14 13:45 UTC …"
SETTINGS = "setting 'chat.burst' cannot be 'many'; it is a whole number"
MANIFEST = "with the header symbol,asset_class,kind,file would be right"

MISTAKES: dict[str, dict[str, dict[str, str]]] = {
    "run": {
        "--chat": {"pigeon": "choose from 'local', 'telegram'"},
        "--venue": {"moon": "choose from 'sim', 'paper', 'testnet', 'mainnet'"},
        "--seed": dict.fromkeys(("x", "-1", "1e9", "9" * 5_000), SEED),
        "--port": dict.fromkeys(("x", "-1", "65536", "80.5", ""), PORT),
        "--duration": dict.fromkeys(
            ("x", "nan", "inf", "1e999", "-1", "0"), "a number of seconds over 0 would be right"
        ),
    },
    "replay": {
        "--data": {"nowhere": MANIFEST},
        "--out": {"data/BTC.csv": "give another --out"},
        "--from": {"soon": TIME, "9" * 30: TIME, "0001-01-01T00:00+12:00": TIME, "2031-01-01": SPAN},
        "--to": {"²": TIME, "-5": TIME, "2001-01-01": SPAN},
        "--state": {"bad": SETTINGS},
    },
    "scan": {
        "--data": {"nowhere": MANIFEST},
        "--at": {"soon": TIME, "1e999": TIME, "2031-01-01": MOMENT},
        "--state": {"bad": SETTINGS},
    },
    "enrich": {
        "--data": {"nowhere": MANIFEST},
        "--at": {"soon": TIME, "1e999": TIME, "2031-01-01": MOMENT},
        "--state": {"bad": SETTINGS},
    },
    "venue": {
        "--data": {"nowhere": MANIFEST},
        "--from": {"soon": TIME, "2031-01-01": SPAN},
        "--seed": {"x": SEED},
        "--port": {"65536": PORT},
        "--account": dict.fromkeys(("bob", f"0x{'1' * 40}=nan", f"0x{'1' * 40}=1e999"), "0x and 40 hex digits"),
        "--speed": dict.fromkeys(("warp", "nan", "0", "-1", "1e999"), "a number over 0 and at most 100000, or step"),
        "--state": {"bad": "the venue's state file bad cannot be used"},
    },
    "chat": {"--port": {"x": PORT, "65536": PORT}},
    **{verb: {"--state": {"nowhere": "name the one of `vektor run` with --state"}} for verb in VERBS},
    "numbers": {"--state": {"bad": SETTINGS}},
}
"""By command and option: what is given, and words that the complaint must hold."""
NEEDED = {
    "replay": ("--data", "data", "--out", "out"),
    "scan": ("--data", "data"),
    "enrich": ("--data", "data"),
    "venue": ("--data", "data", "--from", "2025-07-14T14:00"),
}
"""What stands before the mistake, so that it is the only one."""
IN_PROCESSES = {("run", option) for option in ("--data", "--from", "--speed", "--state")}
"""Options that are tried further down: what carries out ``run`` changes the process that it is called in."""


def options_by_command() -> dict[str, set[str]]:
    """Every option that takes a value, as the command line knows them."""
    (commands,) = (one for one in parser()._actions if isinstance(one, argparse._SubParsersAction))
    return {
        name: {action.option_strings[0] for action in one._actions if action.option_strings and action.nargs != 0}
        for name, one in commands.choices.items()
    }


def test_every_option_of_every_command_has_its_rows() -> None:
    tried = {
        name: {*rows} | {option for verb, option in IN_PROCESSES if verb == name} for name, rows in MISTAKES.items()
    }
    assert tried == options_by_command()


@pytest.fixture(name="folder")
def recorded_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The working folder, with a recording; commands that are called in this process may change its mask."""
    recording(tmp_path / "data", bars(40))
    monkeypatch.chdir(tmp_path)
    mask = os.umask(0o077)
    yield tmp_path
    os.umask(mask)


@pytest.mark.parametrize("verb", MISTAKES)
def test_bad_input_ends_with_2_and_one_line_of_what_would_be_right(
    verb: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "bad").mkdir()
    (folder / "bad" / "settings.toml").write_text('[chat]\nburst = "many"\n')
    before = sorted(folder.rglob("*"))
    tried = [(f"{option}={value}", words) for option, rows in MISTAKES[verb].items() for value, words in rows.items()]
    for given, words in [*tried, ("now", "unrecognized arguments: now"), ("--warp", "unrecognized arguments: --warp")]:
        try:
            code = main([verb, *NEEDED.get(verb, ()), given])
        except SystemExit as ended:
            code = ended.code  # type: ignore[assignment]
        said = capsys.readouterr()
        assert (code, said.out) == (REFUSED, ""), given[:99]
        assert said.err.startswith("vektor: ") and said.err.count("\n") == 1, said.err
        assert words in said.err, said.err
        assert words == SETTINGS or given.partition("=")[2] in said.err, said.err
    assert sorted(folder.rglob("*")) == before


def test_a_mistaken_replay_leaves_the_files_of_an_earlier_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "out").mkdir()
    (folder / "out" / "decisions.jsonl").write_text("earlier\n")
    assert main(["replay", "--data", "data", "--out", "out", "--from", "soon"]) == REFUSED
    assert TIME in capsys.readouterr().err
    assert (folder / "out" / "decisions.jsonl").read_text() == "earlier\n"


@pytest.mark.parametrize(("given", "words"), [((), "required: COMMAND"), (("fly",), "choose from 'run', 'replay'")])
def test_no_command_and_an_unknown_one(given: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(given)
    said = capsys.readouterr().err
    assert ended.value.code == REFUSED and words in said and said.count("\n") == 1, said


async def refusal(*arguments: str, cwd: Path, environment: Mapping[str, str] | None = None) -> str:
    """Run ``vektor`` to its end; the one line that it complained with."""
    process = await asyncio.create_subprocess_exec(
        *(str(VEKTOR), *arguments),
        cwd=cwd,
        env=clean_environment(**(environment or {})),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(REFUSAL_S):
            _, stderr = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    said = stderr.decode().strip()
    assert process.returncode == REFUSED, said
    assert said.startswith("vektor: ") and len(said.splitlines()) == 1, said
    return said


def recording(
    folder: Path, rows: str, manifest: str = "symbol,asset_class,kind,file\nBTC,crypto,15m,BTC.csv\n"
) -> Path:
    """A ``--data`` folder of one market with these rows."""
    folder.mkdir()
    (folder / "manifest.csv").write_text(manifest)
    (folder / "BTC.csv").write_text(HEADER + rows)
    return folder


def bars(count: int) -> str:
    """Good candles."""
    return "".join(f"{START_MS + i * QUARTER_MS},100,101,99,100.5,7\n" for i in range(count))


@pytest.mark.parametrize("verb", ["run", "replay"])
@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("1752501600000,100,101,99,oops,7", "oops"),
        ("1752501600000,100,98,99,100.5,7", "98"),
        ("1752501600000,100,101,-1,100.5,7", "-1"),
        ("1752501600000,100,101,99", "BTC.csv"),
    ],
)
async def test_a_malformed_candle_is_named_with_its_file_and_line(
    tmp_path: Path, verb: str, row: str, named: str
) -> None:
    recording(tmp_path / "data", f"{bars(1)}{row}\n")
    options = RUN if verb == "run" else ("replay", "--out", "out")
    said = await refusal(*options, "--data", "data", cwd=tmp_path)
    assert "BTC.csv" in said and "3" in said and named in said, said
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("manifest", "named"),
    [
        ("symbol,class,kind,file\nBTC,crypto,15m,BTC.csv\n", "class"),
        ("symbol,asset_class,kind,file\nBTC,tulips,15m,BTC.csv\n", "tulips"),
        ("symbol,asset_class,kind,file\nBTC,crypto,7m,BTC.csv\n", "7m"),
        ("symbol,asset_class,kind,file\nBTC,crypto,15m,ETH.csv\n", "ETH.csv"),
        ("symbol,asset_class,kind,file\n", "manifest.csv"),
    ],
)
async def test_a_malformed_manifest_is_named_with_what_would_be_right(
    tmp_path: Path, manifest: str, named: str
) -> None:
    recording(tmp_path / "data", bars(3), manifest)
    assert named in await refusal(*RUN, "--data", "data", cwd=tmp_path)


async def test_a_data_folder_without_a_manifest_is_named(tmp_path: Path) -> None:
    assert "nowhere" in await refusal(*RUN, "--data", "nowhere", cwd=tmp_path)


async def test_a_seed_beside_recorded_data_is_refused(tmp_path: Path) -> None:
    recording(tmp_path / "data", bars(3))
    assert "--seed" in await refusal(*RUN, "--data", "data", "--seed", "5", cwd=tmp_path)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("LOCALE=fr", "fr"),
        ("TIMEZONE=Mars/Olympus", "Mars/Olympus"),
        ("TELEGRAM_MODE=pigeon", "pigeon"),
        ("TELEGRAM_WEBHOOK_PORT=0", "0"),
        ("TELEGRAM_OWNER_ID=ann", "ann"),
        ("DATABASE_URL=mysql://root@host/db", "mysql"),
        ("HYPERLIQUID_ACCOUNT=0x12", "0x12"),
    ],
)
async def test_a_wrong_value_in_env_is_named_with_its_variable(tmp_path: Path, line: str, named: str) -> None:
    (tmp_path / ".env").write_text(f"{line}\n")
    said = await refusal(*RUN, cwd=tmp_path)
    assert line.partition("=")[0] in said and named in said, said
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize("line", ["TELEGRAM_TOKEN=sesame-open", "HYPERLIQUID_API_KEY=sesame-open"])
async def test_a_wrong_secret_is_refused_without_being_repeated(tmp_path: Path, line: str) -> None:
    (tmp_path / ".env").write_text(f"{line}\n")
    said = await refusal(*RUN, cwd=tmp_path)
    assert line.partition("=")[0] in said and "sesame" not in said, said


async def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert port in await refusal(*RUN, "--chat", "local", "--port", port, cwd=tmp_path)
        venue = await refusal("venue", "--port", port, cwd=tmp_path)
        assert port in venue, venue


async def test_a_state_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("I was here first.\n")
    options = ("run", "--venue", "sim", "--chat", "local")
    said = await refusal(*options, "--state", "file/state", cwd=tmp_path)
    assert "file/state" in said and "--state" in said, said
    assert (tmp_path / "file").read_text() == "I was here first.\n"


async def test_a_database_of_a_newer_version_is_left_as_it_is(tmp_path: Path) -> None:
    database = await open_database(tmp_path / "state")
    await database.close()
    file = tmp_path / "state" / "vektor.db"
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from_2031'")
    connection.close()
    said = await refusal(*RUN, cwd=tmp_path)
    assert "from_2031" in said and "start the version that wrote it" in said, said
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("from_2031",)]
    connection.close()


async def test_a_second_process_is_told_who_holds_the_state_folder(tmp_path: Path) -> None:
    async with Process(*RUN, "--chat", "local", cwd=tmp_path) as first:
        await first.line(r"^http")
        await door_open(first, tmp_path / "state")
        said = await refusal(*RUN, "--chat", "local", cwd=tmp_path)
        assert f"process {first.process.pid}" in said and "--state" in said, said
        assert await first.stop() == 0
        assert ": equal" in first.lines[-1]


async def door_open(process: Process, state: Path) -> None:
    """Until the host verbs answer: the process has everything it needs by then."""
    async with asyncio.timeout(REFUSAL_S):
        while True:
            ask = await asyncio.create_subprocess_exec(
                *(str(VEKTOR), "status", "--state", str(state)),
                env=process.environment,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
            if await ask.wait() == 0:
                return


@pytest.fixture
async def telegram() -> AsyncIterator[LocalTelegram]:
    """A Bot API server that knows one token."""
    chat = LocalTelegram(token="1:demo-known", port=0, page_key="k" * 32, clock=lambda: START_MS)
    await chat.start()
    yield chat
    await chat.stop()


async def test_a_token_that_telegram_refuses_ends_the_start(tmp_path: Path, telegram: LocalTelegram) -> None:
    environment = {"TELEGRAM_TOKEN": "2:unknown-here", "TELEGRAM_API_BASE": telegram.base_url}
    said = await refusal(*RUN, cwd=tmp_path, environment=environment)
    assert "TELEGRAM_TOKEN" in said and "unknown-here" not in said, said


async def test_a_webhook_port_in_use_is_named(tmp_path: Path, telegram: LocalTelegram) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        environment = {
            "TELEGRAM_TOKEN": "1:demo-known",
            "TELEGRAM_API_BASE": telegram.base_url,
            "TELEGRAM_MODE": "webhook",
            "TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{port}/hook",
            "TELEGRAM_WEBHOOK_PORT": port,
            "TELEGRAM_WEBHOOK_SECRET": "sesame",
        }
        said = await refusal(*RUN, cwd=tmp_path, environment=environment)
        assert port in said and "TELEGRAM_WEBHOOK_PORT" in said, said


async def test_a_webhook_without_its_secret_is_refused(tmp_path: Path) -> None:
    environment = {
        "TELEGRAM_TOKEN": "1:demo-known",
        "TELEGRAM_MODE": "webhook",
        "TELEGRAM_WEBHOOK_URL": "https://a.b/c",
    }
    assert "TELEGRAM_WEBHOOK_SECRET" in await refusal(*RUN, cwd=tmp_path, environment=environment)


@pytest.mark.parametrize(("option", "value"), [("--speed", "warp"), ("--from", "yesterday")])
async def test_an_option_that_cannot_be_is_named(tmp_path: Path, option: str, value: str) -> None:
    said = await refusal(*RUN, option, value, cwd=tmp_path)
    assert option in said and value in said, said


async def test_a_start_on_paper_without_the_exchange_is_refused_after_some_patience(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "settings.toml").write_text("[paper]\nboot_ms = 300\nboot_retry_ms = 50\n")
    nowhere = {"HYPERLIQUID_API_BASE": "http://127.0.0.1:9"}
    options = ("run", "--venue", "paper", "--state", "state", "--chat", "local")
    said = await refusal(*options, cwd=tmp_path, environment=nowhere)
    assert "http://127.0.0.1:9 gave none within 0.3 s" in said, said
