"""The host's verbs over the socket: the running process answers; its socket is its owner's alone."""

from __future__ import annotations

import asyncio
import json
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.host import SOCKET, HostDoor, ask_running
from core.errors import StartRefused
from tests.core.flows.stage import Stage


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    one = Stage()
    await one.begin()
    door = HostDoor(one.desk, tmp_path, lambda: None)
    await door.open()
    yield one
    await door.close()


async def test_status_names_positions_and_whether_their_stops_rest(stage: Stage, tmp_path: Path) -> None:
    await stage.open("BTC")
    answer = await ask_running(tmp_path, "status")
    assert answer is not None
    done, text = answer
    assert done
    assert "equity" in text
    assert "BTC long" in text
    assert "stop rests" in text


async def test_pause_flatten_and_resume_act_on_the_running_desk(stage: Stage, tmp_path: Path) -> None:
    await stage.open("BTC")
    assert (await ask_running(tmp_path, "pause") or (False, ""))[0]
    assert (await stage.ledger.switches()).by.startswith("host:")
    again = await ask_running(tmp_path, "pause")
    assert again is not None
    assert not again[0]
    flat = await ask_running(tmp_path, "flatten")
    assert flat is not None
    assert "BTC long closed at" in flat[1]
    assert stage.running.exchange.positions(stage.venue.account_id) == []
    assert (await ask_running(tmp_path, "resume") or (False, ""))[0]
    assert not (await stage.ledger.switches()).halted


async def test_nonsense_is_answered_and_nothing_stops(stage: Stage, tmp_path: Path) -> None:
    for line in (b"\n", b"{}\n", b'{"verb": "sell", "by": "x"}\n', b"[1]\n", b"\xff\xfe\n"):
        reader, writer = await asyncio.open_unix_connection(tmp_path / SOCKET)
        writer.write(line)
        reply = json.loads(await reader.readline())
        assert not reply["ok"]
        assert "known verbs" in reply["text"]
        writer.close()
    assert (await ask_running(tmp_path, "status") or (False, ""))[0]


async def test_the_socket_is_its_owner_s_alone(stage: Stage, tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / SOCKET).stat().st_mode) == 0o600


async def test_without_a_running_process_nobody_answers(tmp_path: Path) -> None:
    assert await ask_running(tmp_path, "status") is None


async def test_a_process_that_hangs_is_named_instead_of_waited_for(tmp_path: Path) -> None:
    left = asyncio.Event()

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        await writer.wait_closed()
        left.set()

    server = await asyncio.start_unix_server(mute, tmp_path / SOCKET)
    with pytest.raises(StartRefused, match=r"has not answered in 0\.05 s; kill it"):
        await ask_running(tmp_path, "flatten", patience_s=0.05)
    async with asyncio.timeout(10):
        await left.wait()
    server.close()
    await server.wait_closed()
