"""The same verbs from the host, for when Telegram is down: a socket in the state folder, and its client.

The socket is readable by its owner only; whoever can open it owns the state anyway. One request, one answer, each a
JSON line: ``{"verb": "pause", "by": "host:ann"}`` → ``{"verb": "pause", "ok": true, "text": "…"}``.
"""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from core.desk import Desk
from core.errors import AlreadyDone, StartRefused, VektorError
from core.flows.close import flatten
from core.flows.control import pause, resume
from core.flows.live import revoke_live
from core.flows.status import Status, status
from core.trading.positions import ClosedTrade

SOCKET = "vektor.sock"
REQUEST_MOST = 4096
PATIENCE_S = 60.0
STILL_OPEN, NOT_FLATTENED = "STILL OPEN", "NOT FLATTENED"
Verb = Callable[[Desk, str], Awaitable[str]]


async def tell_status(desk: Desk, by: str) -> str:
    """Equity, positions and switches as a few lines."""
    del by
    return describe(await status(desk))


async def do_pause(desk: Desk, by: str) -> str:
    """Stop entries."""
    await pause(desk, by)
    return "paused: no new entries until resumed; open positions go on being managed"


async def do_resume(desk: Desk, by: str) -> str:
    """Allow entries."""
    await resume(desk, by)
    return "resumed: entries are allowed"


async def do_flatten(desk: Desk, by: str) -> str:
    """Close everything and halt; what is open yet, the watch goes on with."""
    text = await flat_out(desk, by)
    return text if is_flat(text) else f"{text}\nit is pressed until it is flat; `vektor status` shows how it stands"


async def flat_out(desk: Desk, by: str) -> str:
    """Close everything and halt, once."""
    report = await flatten(desk, by)
    return described(report.closed, report.still_open)


def described(closed: Sequence[ClosedTrade], still_open: Sequence[str]) -> str:
    """What a flatten came to."""
    lines = [f"{t.symbol} {t.side.value} closed at {t.exit:.8g}, pnl {t.pnl:+.2f} USDC" for t in closed]
    if still_open:
        lines.append(f"{STILL_OPEN} at the venue: {', '.join(still_open)}")
    return "\n".join([*lines, "halted: no entries until `vektor resume`"])


def is_flat(text: str) -> bool:
    """Whether the answer to a flatten leaves nothing open."""
    return STILL_OPEN not in text and NOT_FLATTENED not in text


async def do_compromised(desk: Desk, by: str, flat: Verb = flat_out) -> str:
    """Close everything that can be closed, then take back the leave to sign, whatever came of it."""
    try:
        text = await flat(desk, by)
    except VektorError as trouble:
        text = f"{NOT_FLATTENED}: {trouble}"
    with contextlib.suppress(AlreadyDone):
        await revoke_live(desk, by, forced=True)
    return text


COMPROMISED = "compromised"
VERBS: Mapping[str, Verb] = {
    "status": tell_status,
    "pause": do_pause,
    "resume": do_resume,
    "flatten": do_flatten,
    COMPROMISED: do_compromised,
}


def describe(now: Status) -> str:
    """A status as plain lines."""
    state = STATES.get(now.state, now.state.upper())
    lines = [
        f"{now.venue_name}: {state}, equity {now.equity:.2f} USDC, free {now.free:.2f}, today {now.day_pnl:+.2f}",
        f"regime {now.regime or 'unknown yet'}, {len(now.positions)} positions, {now.market_count} markets",
    ]
    for line in now.positions:
        rests = "stop rests" if line.stop_rests else "NO STOP"
        p = line.position
        lines.append(
            f"  {p.symbol} {p.side.value} {p.size:f} @ {p.entry:.8g} {p.leverage}x, mark {line.mark:.8g}, "
            f"{line.unrealised:+.2f} USDC ({line.r:+.2f} R), {rests}"
        )
    lines.extend(f"degraded: {what}" for what in now.degraded)
    return "\n".join(lines)


STATES = {"trading": "running", "reading": "READS ONLY", "away": "NO OPERATOR"}


class HostDoor:
    """Serves the verbs of a running desk on a socket in the state folder. ``stop`` ends the run."""

    def __init__(self, desk: Desk, state: Path, stop: Callable[[], None]) -> None:
        self._desk = desk
        self._stop = stop
        self._path = state / SOCKET
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Begin to answer. A socket left by a dead process is replaced; the state lock says that it is dead."""
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()
        try:
            self._server = await asyncio.start_unix_server(self._answer, self._path)
        except OSError as trouble:
            raise StartRefused(f"cannot open {self._path}: {trouble.strerror}; use a shorter --state path") from None
        self._path.chmod(0o600)

    async def close(self) -> None:
        """Stop answering."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            with contextlib.suppress(FileNotFoundError):
                self._path.unlink()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reply = await self._obey(await reader.readline())
        writer.write(json.dumps(reply).encode() + b"\n")
        with contextlib.suppress(ConnectionError):
            await writer.drain()
            writer.close()
            await writer.wait_closed()
        if reply["verb"] == COMPROMISED:
            self._stop()

    async def _obey(self, line: bytes) -> dict[str, object]:
        try:
            asked = json.loads(line[:REQUEST_MOST])
            verb = VERBS[asked["verb"]]
            by = str(asked["by"])
        except (ValueError, KeyError, TypeError):
            return {"verb": "", "ok": False, "text": f"unknown request {line[:80]!r}; known verbs: {', '.join(VERBS)}"}
        try:
            return {"verb": asked["verb"], "ok": True, "text": await verb(self._desk, by)}
        except VektorError as refusal:
            return {"verb": asked["verb"], "ok": False, "text": str(refusal)}


async def ask_running(state: Path, verb: str, patience_s: float = PATIENCE_S) -> tuple[bool, str] | None:
    """Put a verb to the process that runs on this state folder; ``None`` when none runs.

    Raises :class:`StartRefused` for one that runs and does not answer: only killing it frees its lock.
    """
    try:
        reader, writer = await asyncio.open_unix_connection(state / SOCKET)
    except (FileNotFoundError, ConnectionError):
        return None
    writer.write(json.dumps({"verb": verb, "by": f"host:{getpass.getuser()}"}).encode() + b"\n")
    await writer.drain()
    try:
        async with asyncio.timeout(patience_s):
            line = await reader.readline()
    except TimeoutError:
        raise StartRefused(
            f"the process on {state} has not answered in {patience_s:g} s; kill it (its lock names it) and ask again"
        ) from None
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
    if not line:
        return None
    reply = json.loads(line)
    return bool(reply["ok"]), str(reply["text"])
