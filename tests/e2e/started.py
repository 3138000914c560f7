"""What starting the demonstration costs until it answers: seconds, and the largest memory of its process."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

from tests.e2e.demonstration import Demonstration

ACCEPTED_S = 10.0
ACCEPTED_MIB = 400.0


def first_answer() -> dict[str, float]:
    """Start in a fresh folder and ask. Wall seconds from the start of the process, peak resident memory in MiB.

    The first answered command is ``/start CODE``; the second, ``/status``, shows that the desk is there as well.
    """
    with tempfile.TemporaryDirectory(prefix="vektor-start-") as folder:
        return asyncio.run(measured(Path(folder)))


async def measured(folder: Path) -> dict[str, float]:
    """The figures of one start."""
    began = time.perf_counter()
    async with Demonstration(folder, speed="1") as demo:
        printed = time.perf_counter()
        await demo.ask(f"/start {demo.code}", "You own this desk")
        answered = time.perf_counter()
        await demo.ask("/status", "Free")
        status = time.perf_counter()
        peak = peak_mib(demo.process.process.pid)
    return {
        "vektor run: address printed [s]": round(printed - began, 3),
        "vektor run: first answered command [s]": round(answered - began, 3),
        "vektor run: /status answered [s]": round(status - began, 3),
        "vektor run: peak memory [MiB]": round(peak, 1),
    }


def peak_mib(pid: int) -> float:
    """The largest resident set that the kernel saw (VmHWM)."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    kib = next(line.split()[1] for line in lines if line.startswith("VmHWM:"))
    return int(kib) / 1024
