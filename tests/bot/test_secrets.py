"""What must not be read by others: tokens, passwords, files of the state folder; and who is taken for harmless."""

from __future__ import annotations

import os
import re
import stat
import subprocess
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from aiogram.exceptions import ClientDecodeError
from aiogram.types import Update

from bot.chatting import check_local_is_harmless, open_chat
from bot.environment import Environment, read_environment
from bot.outbox import Courier
from bot.polling import Polling
from core.errors import BadSetting, StartRefused
from storage.lock import StateLock
from storage.messages import DeliveryState, Message, MessageKind
from tests.bot.spilled import files_under, spilled
from tests.e2e.process import VEKTOR, clean_environment
from tests.handlers.fixtures import make_blank, open_blank, open_office
from tests.handlers.office import Office, shown

KEY = "0x" + "1" * 64
TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"

__all__ = ["make_blank", "open_blank", "open_office"]


def given(**values: str) -> Environment:
    return Environment(_env_file=None, **values)  # type: ignore[call-arg,arg-type]


@pytest.mark.parametrize(
    "base", ["http://127.0.0.1.evil.example", "https://evil.example/?127.0.0.1", "http://127.0.0.1@evil.example", ""]
)
def test_the_local_chat_stands_beside_no_key_of_another_machine(base: str) -> None:
    environment = given(hyperliquid_api_key=KEY, **({"hyperliquid_api_base": base} if base else {}))
    with pytest.raises(StartRefused, match="HYPERLIQUID_API_KEY"):
        check_local_is_harmless(environment)


@pytest.mark.parametrize("base", ["http://127.0.0.1:4001", "http://localhost:4001"])
def test_the_local_chat_may_stand_beside_a_venue_on_this_machine(base: str) -> None:
    check_local_is_harmless(given(hyperliquid_api_key=KEY, hyperliquid_api_base=base))


async def test_the_local_chats_token_is_another_one_each_run(tmp_path: Path) -> None:
    tokens = set()
    for _ in range(2):
        async with AsyncExitStack() as stack:
            plan = await open_chat(stack, local=True, port=0, state=tmp_path, environment=given())
            tokens.add(plan.token.get_secret_value())
    assert len(tokens) == 2


def test_a_wrong_database_url_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://ann:hunter2@db/vektor")
    with pytest.raises(BadSetting, match="DATABASE_URL") as refusal:
        read_environment(None)
    assert "hunter2" not in str(refusal.value)


def test_what_a_run_writes_is_its_owners_alone(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir(mode=0o755)
    command = [str(VEKTOR), "run", "--chat", "local", "--venue", "sim", "--state", "state", "--duration", "0.1"]
    environment = clean_environment()
    run = subprocess.run(
        command, cwd=tmp_path, env=environment, umask=0o022, check=True, timeout=100, capture_output=True
    )
    files = [file for file in state.iterdir() if file.is_file()]
    assert {"vektor.db", "sim.key", "chat.json"} <= {file.name for file in files}
    assert {file.name: oct(stat.S_IMODE(file.stat().st_mode)) for file in files if file.stat().st_mode & 0o077} == {}
    (page_key,) = re.findall(r"key=([\w-]+)", run.stdout.decode())  # printed once, for the owner's browser
    written = files_under([state]) | {"errors": run.stderr}
    assert spilled({"page key": page_key, "key": (state / "sim.key").read_text().strip()}, written) == [
        f"key in {state / 'sim.key'}"
    ]
    written["output"] = run.stdout
    assert [place for place, body in written.items() if re.search(rb"1:demo-[\w-]{20}", body)] == []


async def test_a_page_that_repeats_the_address_leaves_no_token_in_the_database(office: Office) -> None:
    (number,) = await office.outbox.put([Message(4711, MessageKind.TEXT, {"text": "x"}, 10**14)])
    (out,) = await office.outbox.pending(10**15)
    courier: Courier = office.side.courier
    page = f"<h1>404</h1> The address /bot{TOKEN}/sendMessage was not found"
    await courier.unsayable(out, ClientDecodeError("Failed to decode", ValueError("no JSON"), page))
    async with office.database.reading() as connection:
        found = await connection.exec_driver_sql("SELECT state, why FROM outbox WHERE id = ?", (number,))
        row = found.mappings().one()
    assert row["state"] == DeliveryState.ABANDONED.value
    assert "404" in row["why"]
    assert TOKEN not in row["why"]


async def test_an_update_that_cannot_be_read_takes_no_other_with_it(office: Office) -> None:
    """Whoever finds a kind of message that this version cannot read must not thereby lose the operator's."""
    taken: list[Update] = []

    class Kept:
        async def take(self, update: Update) -> None:
            taken.append(update)

    async def conflict() -> None:
        raise AssertionError("nobody else reads")

    polling = Polling(office.side.bot, Kept(), office.settings.chat, conflict)  # type: ignore[arg-type]
    good = {"message_id": 1, "date": 1, "chat": {"id": 1001, "type": "private"}, "text": "/flatten"}
    rows = [
        {"update_id": 5, "message": {"message_id": "new", "date": {}}},
        {"update_id": 6, "message": good},
        {"no": "id"},
        "nonsense",
    ]
    await polling.skip(ClientDecodeError("Failed", ValueError("x"), {"ok": True, "result": rows}))
    assert [(update.update_id, update.message and update.message.text) for update in taken] == [(6, "/flatten")]
    assert polling.offset == 7


async def test_whoever_is_owner_no_more_hears_not_even_what_was_waiting(office: Office) -> None:
    await office.outbox.put([Message(1001, MessageKind.TEXT, {"text": "equity 10,000"}, 0, not_before_ms=10**14)])
    rooms = office.side.stores.shelves.rooms
    await rooms.appoint_owner(1002, 1002, office.wall())
    assert [out for out in await office.outbox.pending(10**15) if out.message.chat_id == 1001] == []
    assert not any("equity 10,000" in shown(m) for m in office.chat.messages())


@pytest.mark.skipif(os.getuid() != 0, reason="only root can plant another user's file")
def test_a_lock_planted_by_another_user_is_called_that(tmp_path: Path) -> None:
    shared = tmp_path / "tmp"
    shared.mkdir()
    lock = StateLock(tmp_path, "mainnet:0xab", venue="mainnet", host="here", now_ms=1, shared=shared)
    planted = lock._paths[1]
    planted.write_text('{"pid": 1, "host": "\\u001b[2J", "since_ms": 0, "venue": "", "account": "", "folder": ""}')
    os.chown(planted, 65534, 65534)
    planted.chmod(0o666)
    with pytest.raises(StartRefused, match="belongs to another user"):
        lock.acquire()
