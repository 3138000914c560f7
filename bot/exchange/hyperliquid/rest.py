"""HTTP to the venue: reads and actions, with every failure told apart by what it means.

A read that fails is :class:`VenueUnavailable`. An action is sent once, never again: it either surely was not carried
out (``VenueUnavailable``, ``VenueRefused``) or its outcome is unknown (``OutcomeUnknown``). Knows bytes, weights and
errors; knows nothing of orders or keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sized
from typing import Any, TypeVar

import aiohttp
import msgspec

from bot.budget import WeightBudget
from bot.exchange.hyperliquid import weights
from bot.exchange.hyperliquid.outcomes import ActionAnswer
from core.errors import OutcomeUnknown, VenueRefused, VenueUnavailable

T = TypeVar("T")

_JSON = {"Content-Type": "application/json"}
_NEVER_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
_STALE = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)
_CONNECT_SHARE = 0.5
_SHOWN = 200


class Rest:
    """One venue's HTTP side. ``open`` before use, ``close`` at the end."""

    def __init__(self, base_url: str, budget: WeightBudget, timeout_ms: int, read_timeout_ms: int) -> None:
        self._base_url = base_url
        self._budget = budget
        self._timeout_s = timeout_ms / 1_000
        self._patience_s = min(timeout_ms, read_timeout_ms) / 1_000
        self._protective = limit(self._patience_s)
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Make the connection pool; nothing is sent yet."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=limit(self._timeout_s), cookie_jar=aiohttp.DummyCookieJar())

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def info(
        self, kind: str, answer: type[T], /, *, strict: bool = True, rows: int = 0, hurried: bool = False, **fields: Any
    ) -> T:
        """Ask ``/info`` for ``kind``, decoded as ``answer``. With ``strict`` off, number strings may become floats.

        ``rows`` is how many to expect where they weigh and are known beforehand. A ``hurried`` read fails instead of
        waiting long for weight: whoever asks keeps others waiting, an operator's close among them. Raises
        :class:`VenueUnavailable` for every kind of failure, an undecodable answer included.
        """
        expected = weights.of_rows(kind, rows)
        weight, protective = weights.of_info(kind) + expected, weights.is_protective(kind)
        timeout = self._protective if protective or hurried else None
        patience_s = self._patience_s if hurried else None
        try:
            async with self._budget.spending(weight, protective=protective, patience_s=patience_s):
                raw = await self._read("POST", "/info", {"type": kind, **fields}, timeout)
        except TimeoutError as late:
            raise VenueUnavailable(f"no request weight was left to ask {self._base_url} for {kind}") from late
        decoded = _decoded(raw, answer, f"{kind} of {self._base_url}", strict=strict)
        if isinstance(decoded, Sized):
            self._budget.charge(weights.of_rows(kind, len(decoded)) - expected)
        return decoded

    async def act(self, envelope: Mapping[str, Any], patience_ms: float | None = None) -> ActionAnswer:
        """Send one signed action, exactly once, and wait no longer than ``patience_ms`` for its answer.

        Raises :class:`VenueUnavailable` (not carried out), :class:`VenueRefused` (malformed in the venue's eyes) or
        :class:`OutcomeUnknown`.
        """
        kind = envelope["action"]["type"]
        try:
            async with self._budget.spending(weights.of_action(envelope["action"]), protective=True):
                status, raw = await self._exchange("POST", "/exchange", envelope, self._until(patience_ms))
        except _NEVER_SENT as error:
            raise VenueUnavailable(f"{self._base_url} cannot be reached for {kind}: {_words(error)}") from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise OutcomeUnknown(f"{kind} was sent to {self._base_url} and no answer came: {_words(error)}") from error
        self._refuse(kind, status, raw)
        try:
            return msgspec.json.decode(raw, type=ActionAnswer)
        except msgspec.DecodeError as error:
            raise OutcomeUnknown(f"{kind} was sent and the answer is unreadable: {error}") from error

    async def clock(self, answer: type[T]) -> T:
        """Read the simulated venue's clock."""
        return _decoded(await self._read("GET", "/clock", None), answer, f"clock of {self._base_url}")

    async def step(self, to_ms: int) -> None:
        """Step the simulated venue's clock, however long that takes; a step to where it stands already is harmless."""
        await self._read("POST", "/clock", {"to": to_ms}, timeout=aiohttp.ClientTimeout(total=None))

    def _until(self, patience_ms: float | None) -> aiohttp.ClientTimeout | None:
        """How long an action is waited for; the session's limit where nothing else is said."""
        return None if patience_ms is None else limit(min(max(patience_ms, 1) / 1_000, self._timeout_s))

    def _refuse(self, kind: str, status: int, raw: bytes) -> None:
        if status == 200:
            return
        words = f"{kind}: HTTP {status} {raw[:_SHOWN].decode(errors='replace')}".strip()
        if status >= 500:
            raise OutcomeUnknown(f"{self._base_url} failed over {words}")
        if status == 429:
            self._budget.exhaust()
        if status in (400, 415, 422):
            raise VenueRefused(words, words=words)
        raise VenueUnavailable(f"{self._base_url} did not carry out {words}")

    async def _read(self, method: str, path: str, body: Any, timeout: aiohttp.ClientTimeout | None = None) -> bytes:
        """A harmless request, sent a second time only when a pooled connection turns out to be dead."""
        try:
            try:
                status, raw = await self._exchange(method, path, body, timeout)
            except _STALE as error:
                if isinstance(error, _NEVER_SENT):
                    raise
                status, raw = await self._exchange(method, path, body, timeout)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise VenueUnavailable(f"{self._base_url}{path} gave no answer: {_words(error)}") from error
        if status == 429:
            self._budget.exhaust()
        if status != 200:
            shown = raw[:_SHOWN].decode(errors="replace")
            raise VenueUnavailable(f"{self._base_url}{path} answered HTTP {status} {shown} to {body}")
        return raw

    async def _exchange(
        self, method: str, path: str, body: Any, timeout: aiohttp.ClientTimeout | None = None
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise VenueUnavailable(f"the connection to {self._base_url} is not open")
        data = None if body is None else msgspec.json.encode(body)
        wait = self._session.timeout if timeout is None else timeout
        async with self._session.request(
            method, self._base_url + path, data=data, headers=_JSON, allow_redirects=False, timeout=wait
        ) as reply:
            return reply.status, await reply.read()


def limit(seconds: float) -> aiohttp.ClientTimeout:
    """A time limit of which connecting may take a part."""
    return aiohttp.ClientTimeout(total=seconds, connect=seconds * _CONNECT_SHARE)


def _decoded(raw: bytes, answer: type[T], what: str, *, strict: bool = True) -> T:
    try:
        return msgspec.json.decode(raw, type=answer, strict=strict)
    except msgspec.DecodeError as error:
        raise VenueUnavailable(f"{what} is unreadable ({error}): {raw[:_SHOWN].decode(errors='replace')}") from error


def _words(error: BaseException) -> str:
    return f"{type(error).__name__} {error}".strip()
