"""GET requests to Binance: within its weight, quiet when it asks for quiet, and no half answer taken for a whole one.

What failed by itself is tried again a few times; after many failures in a row Binance is left alone for a while, so
that an outage costs a cycle seconds and not minutes. Reads only; knows no candles.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import TypeVar

import aiohttp
import msgspec

from bot.budget import WeightBudget
from bot.feeds.binance.wire import complaint
from core.errors import FeedUnavailable
from core.market.ports import Clock
from core.settings import BinanceRules

log = logging.getLogger(__name__)
T = TypeVar("T")
Params = Mapping[str, str | int]
USED = "X-MBX-USED-WEIGHT-1M"
SHUT = (403, 451)
"""A firewall, a country: nothing that trying again would mend."""


class _Failed(Exception):
    """One request failed by itself; another may not."""


class BinanceRest:
    """One connection pool. ``close`` at the end. ``wall_ms`` is the wall clock, which bans are told in."""

    def __init__(self, base_url: str, rules: BinanceRules, clock: Clock, wall_ms: Callable[[], int]) -> None:
        self._base_url, self._rules, self._wall_ms = base_url.rstrip("/"), rules, wall_ms
        self._budget = WeightBudget(rules.weight_per_minute, 0, clock)
        self._session: aiohttp.ClientSession | None = None
        self._quiet_until_ms = 0
        self._why = ""
        self._failures = 0

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def get(self, path: str, params: Params, weight: int, decode: Callable[[bytes], T]) -> tuple[T, int | None]:
        """The decoded answer and the second (epoch ms) in which it was made, if it says so.

        Raises :class:`FeedUnavailable`: Binance refuses, asks for quiet, or did not answer as often as it was asked.
        """
        trouble = ""
        for attempt in range(self._rules.attempts):
            if attempt:
                await asyncio.sleep((self._rules.retry_ms << (attempt - 1)) / 1_000)
            await self._heed()
            async with self._budget.spending(weight, protective=False):
                await self._heed()  # whoever waited for weight may have been told meanwhile
                try:
                    answer = await self._once(path, params, decode)
                except _Failed as failed:
                    trouble = str(failed)
                    self._count(trouble)
                else:
                    self._failures = 0
                    return answer
        raise FeedUnavailable(f"binance gives no {path} of {dict(params)}: {trouble}")

    async def _heed(self) -> None:
        """Wait out a short pause that was asked for; fail at once in a long one."""
        left_ms = self._quiet_until_ms - self._wall_ms()
        if left_ms <= 0:
            return
        if left_ms > self._rules.patience_ms:
            raise FeedUnavailable(f"binance is left alone for {left_ms / 1000:.0f} s more: {self._why}")
        await asyncio.sleep(left_ms / 1_000)

    async def _once(self, path: str, params: Params, decode: Callable[[bytes], T]) -> tuple[T, int | None]:
        if self._session is None:
            limit = aiohttp.ClientTimeout(total=self._rules.timeout_ms / 1_000)
            self._session = aiohttp.ClientSession(timeout=limit, cookie_jar=aiohttp.DummyCookieJar())
        try:
            async with self._session.get(self._base_url + path, params=params, allow_redirects=False) as reply:
                body = await reply.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _Failed(f"{type(error).__name__} {error}".strip()) from error
        self._catch_up(reply.headers)
        if reply.status != 200:
            raise self._refusal(reply.status, reply.headers, body, params)
        try:
            return decode(body), made_ms(reply.headers)
        except (msgspec.DecodeError, ValueError) as error:
            raise _Failed(f"unreadable ({error}), {len(body)} bytes") from error

    def _refusal(self, status: int, headers: Mapping[str, str], body: bytes, params: Params) -> Exception:
        """What an answer other than 200 comes to; asks for quiet where it does."""
        said = complaint(body)
        words = f"HTTP {status} {said.code or ''} {said.msg}".rstrip()
        if status in (418, 429):
            self._budget.exhaust()
            self._be_quiet(pause_ms(status, headers, said.msg, self._wall_ms(), self._rules), words)
            return _Failed(words)
        if status >= 500:
            return _Failed(words)
        if status in SHUT:
            self._be_quiet(self._rules.banned_ms, words)
        return FeedUnavailable(f"binance refuses {dict(params)}: {words}")

    def _count(self, trouble: str) -> None:
        self._failures += 1
        if self._failures >= self._rules.quiet_after:
            self._be_quiet(self._rules.quiet_ms, f"{self._failures} requests in a row failed, last {trouble}")

    def _be_quiet(self, span_ms: int, why: str) -> None:
        until_ms = self._wall_ms() + span_ms
        if until_ms > self._quiet_until_ms:
            if self._wall_ms() >= self._quiet_until_ms:
                log.warning("binance is left alone for %.0f s: %s", span_ms / 1000, why)
            self._quiet_until_ms, self._why = until_ms, why

    def _catch_up(self, headers: Mapping[str, str]) -> None:
        """What others behind our address spent counts too."""
        used = headers.get(USED, "")
        if used.isdecimal():
            self._budget.charge(int(used) - self._budget.spent)


def pause_ms(status: int, headers: Mapping[str, str], words: str, now_ms: int, rules: BinanceRules) -> int:
    """How long a 429 or 418 asks to be left alone: Retry-After in seconds, else the time a ban names, else the least.

    >>> pause_ms(418, {}, "Way too many requests; IP banned until 1659146400000.", 1659146390000, BinanceRules())
    10000
    >>> pause_ms(429, {"Retry-After": "7"}, "", 0, BinanceRules())
    7000
    """
    after = headers.get("Retry-After", "")
    if after.isdecimal():
        return int(after) * 1_000
    named = re.search(r"until (\d{13})", words)
    if named:
        return max(0, int(named.group(1)) - now_ms)
    return rules.banned_ms if status == 418 else rules.limited_ms


def made_ms(headers: Mapping[str, str]) -> int | None:
    """The second that an answer's Date names.

    >>> made_ms({"Date": "Mon, 16 Jun 2025 00:00:05 GMT"}), made_ms({})
    (1750032005000, None)
    """
    try:
        return int(parsedate_to_datetime(headers["Date"]).timestamp() * 1_000)
    except (KeyError, ValueError):
        return None
