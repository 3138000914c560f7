"""A real ``vektor`` process for the tests: started, listened to, stopped or killed."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.environment import Environment

ROOT = Path(__file__).resolve().parents[2]
VEKTOR = Path(sys.executable).parent / "vektor"
START_S = 60.0
STOP_S = 30.0


def clean_environment(**more: str) -> dict[str, str]:
    """The environment without any variable of ours, plus what is given."""
    ours = {name.upper() for name in Environment.model_fields}
    return {name: value for name, value in os.environ.items() if name not in ours} | more


class Process:
    """One ``vektor`` command. Its output is kept line by line; ``line`` waits for one that fits."""

    def __init__(
        self, *arguments: str, cwd: Path, environment: Mapping[str, str] | None = None, command: list[str] | None = None
    ) -> None:
        self.command = [*(command or [str(VEKTOR)]), *arguments]
        self.cwd = cwd
        self.environment = clean_environment(PYTHONPATH=str(ROOT), **(environment or {}))
        self.lines: list[str] = []
        self._news = asyncio.Condition()
        self._silent = False

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start it."""
        self.process = await asyncio.create_subprocess_exec(
            *self.command,
            cwd=self.cwd,
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            async with self._news:
                self.lines.append(line.decode(errors="replace").rstrip())
                self._news.notify_all()
        async with self._news:
            self._silent = True
            self._news.notify_all()

    async def line(self, pattern: str, seconds: float = START_S) -> re.Match[str]:
        """The first line of output that fits, waiting for it. Fails with the whole output."""

        def found() -> re.Match[str] | None:
            return next((m for one in self.lines if (m := re.search(pattern, one))), None)

        try:
            async with asyncio.timeout(seconds), self._news:
                while (match := found()) is None:
                    if self._silent:
                        break
                    await self._news.wait()
        except TimeoutError:
            match = found()
        if match is None:
            raise AssertionError(f"no line like {pattern!r} in {seconds} s:\n" + "\n".join(self.lines))
        return match

    async def stop(self, sign: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop (or kill it) and wait; its exit code."""
        if self.process.returncode is None:
            self.process.send_signal(sign)
        try:
            async with asyncio.timeout(STOP_S):
                code = await self.process.wait()
        except TimeoutError:
            self.process.kill()
            await self.process.wait()
            raise AssertionError("did not stop in time:\n" + "\n".join(self.lines)) from None
        await self._reader
        return code

    async def ended(self, seconds: float = START_S) -> int:
        """Wait for its own end; the exit code."""
        async with asyncio.timeout(seconds):
            code = await self.process.wait()
        await self._reader
        return code
