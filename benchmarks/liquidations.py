"""What hearing a liquidation costs: a loopback burst through our feed, beside a bare client: ``make bench-liquidations``.

The server is another process that writes frames it framed before, as fast as the socket takes them. Ours: socket feed,
typed decoding, de-duplication, windows of symbol and market, tier. Bare: websockets, msgspec and one window, in a loop.
Both in this process, in turns; messages per second of client CPU and of wall time. Writes docs/evidence/liquidations.json.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import hashlib
import json
import multiprocessing
import random
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import msgspec  # noqa: E402
from websockets.asyncio.client import connect  # noqa: E402

from bot.feeds.liquidations import frames  # noqa: E402
from bot.feeds.socket import SocketFeed, Wire  # noqa: E402
from core.market.liquidations import MICRO, Certainty, Liquidation  # noqa: E402
from core.market.symbols import Side  # noqa: E402
from core.settings import CascadeRules, LiquidationFeeds  # noqa: E402
from core.signals.cascade import CascadeDetector, Window  # noqa: E402

EVIDENCE = ROOT / "docs" / "evidence" / "liquidations.json"
SYMBOLS = [f"S{number:02d}USDT" for number in range(92)]
AT_ONCE = 4
"""Symbols that are judged before the event loop gets its turn, as the job does."""
SAMPLED = 7
"""Every so many calls of the listener are timed."""
MESSAGES, ROUNDS, SEED = 100_000, 5, 5
START_MS = 1_790_000_000_000
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class BareOrder(msgspec.Struct, gc=False):
    """What the bare client reads of a frame."""

    s: str
    S: str
    z: float
    ap: float
    T: int


class Bare(msgspec.Struct, gc=False):
    """The frame around it."""

    o: BareOrder


def burst(seed: int) -> bytes:
    """Text frames of forced orders over ten minutes, ready for the socket."""
    chance = random.Random(seed)
    parts = []
    for number in range(MESSAGES):
        order = {
            "s": chance.choice(SYMBOLS), "S": chance.choice(("SELL", "BUY")), "o": "LIMIT", "f": "IOC", "q": "0.5",
            "p": "60000", "ap": f"{chance.uniform(1, 60000):.4f}", "X": "FILLED", "l": "0.2",
            "z": f"{chance.uniform(0.001, 5):.3f}", "T": START_MS + number * 6,
        }  # fmt: skip
        body = json.dumps({"e": "forceOrder", "E": START_MS, "o": order}, separators=(",", ":")).encode()
        parts.append(bytes((0x81, 126)) + len(body).to_bytes(2, "big") + body)
    return b"".join(parts)


def serve(port: Any, seed: int) -> None:
    """A raw socket that shakes hands and then writes everything, for one client after the other."""
    payload = burst(seed)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port.value = server.getsockname()[1]
        while True:
            connection, _ = server.accept()
            with connection:
                head = connection.recv(65536)
                key = next(
                    line.split(b": ")[1]
                    for line in head.split(b"\r\n")
                    if line.lower().startswith(b"sec-websocket-key")
                )
                accept = base64.b64encode(hashlib.sha1(key + GUID).digest())
                connection.sendall(
                    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
                )
                try:
                    connection.sendall(payload)
                    connection.recv(65536)
                except OSError:
                    continue


async def bare(url: str) -> None:
    """websockets, msgspec, a window, nothing else."""
    decoder, window = msgspec.json.Decoder(Bare, strict=False), Window(300)
    async with connect(url, proxy=None, compression=None, max_queue=None) as client:
        for _ in range(MESSAGES):
            one = decoder.decode(await client.recv(decode=False)).o
            side = Side.LONG if one.S == "SELL" else Side.SHORT
            window.add(side, round(one.z * one.ap * MICRO), one.T // 1000)


def batched(names: list[str], size: int) -> Iterator[list[str]]:
    """Names, so many at a time."""
    left = iter(names)
    while some := list(islice(left, size)):
        yield some


class Still:
    """A clock that stands."""

    def now_ms(self) -> int:
        """Always the same."""
        return START_MS

    def span_ms(self, wall_ms: int) -> int:
        """Nothing passes."""
        return wall_ms


def ours(longest: list[float]) -> Callable[[str], Coroutine[Any, Any, None]]:
    """The whole feed into the detector; ``longest`` takes the longest CPU time of one call of the listener."""

    async def listen(url: str) -> None:
        rules = CascadeRules()
        detector, done, heard, worst, newest = CascadeDetector(rules), asyncio.Event(), 0, 0.0, START_MS

        class Listener:
            """Counts, and times every so many calls: the clock costs as much as the call."""

            def heard(self, events: Sequence[Liquidation]) -> None:
                nonlocal heard, newest, worst
                timed = heard % SAMPLED == 0
                began = time.thread_time() if timed else 0.0
                for event in events:
                    detector.add(event)
                    newest = event.time_ms
                heard += len(events)
                if timed:
                    worst = max(worst, time.thread_time() - began)
                if heard >= MESSAGES:
                    done.set()

            def stands(self, source: str, at_ms: int, *, up: bool) -> None:
                detector.note(source, at_ms - 600_000, up=up)

        async def judge() -> None:
            nonlocal worst
            while True:  # tiers and ends, once a second, as the job does
                await asyncio.sleep(1.0)
                for some in batched(list(detector.standing), AT_ONCE):
                    began = time.thread_time()
                    detector.exhausted(newest, {}, some)
                    worst = max(worst, time.thread_time() - began)
                    await asyncio.sleep(0)

        wire = Wire("binance", url, frames.binance({name: name for name in SYMBOLS}))
        feed = asyncio.create_task(SocketFeed(wire, LiquidationFeeds(), Still(), random.random).run(Listener()))
        judging = asyncio.create_task(judge())
        await done.wait()
        feed.cancel()
        judging.cancel()
        await asyncio.gather(feed, judging, return_exceptions=True)
        longest.append(worst * 1000)

    return listen


def rate(client: Callable[[str], Coroutine[Any, Any, None]], url: str) -> tuple[float, float]:
    """Messages per second of CPU and of wall time."""
    cpu, wall = time.process_time(), time.perf_counter()
    asyncio.run(client(url))
    return MESSAGES / (time.process_time() - cpu), MESSAGES / (time.perf_counter() - wall)


def cost_per_event(held: int) -> float:
    """Median µs of one more event when the window holds so many."""
    detector = CascadeDetector(CascadeRules(remembered=10_000_000))
    for number in range(held):
        detector.add(liquidation(number, START_MS + number % 300_000))
    spent = []
    for turn in range(20):
        some = [liquidation(held + turn * 1_000 + n, START_MS + 299_999) for n in range(1_000)]
        began = time.process_time()
        for one in some:
            detector.add(one)
        spent.append((time.process_time() - began) * 1_000)
    return statistics.median(spent)


def liquidation(number: int, at_ms: int) -> Liquidation:
    """One event."""
    return Liquidation("BTC", Side.LONG, 1.5, 60_000.0, at_ms, "x", "x", Certainty.EXACT, str(number))


def exact_after(events: int) -> bool:
    """Whether the sums of so many events equal an independent sum, over many windows."""
    window, chance, by_second = Window(300), random.Random(SEED), dict[int, int]()
    for number in range(events):
        second, micro = number // 10_000, chance.getrandbits(44)
        late = second - chance.randrange(60)
        by_second[late] = by_second.get(late, 0) + micro
        window.add(Side.LONG, micro, late if late >= 0 else second)
        if late < 0:
            by_second[second] = by_second.get(second, 0) + by_second.pop(late)
    window.advance(events // 10_000)
    return window.long == sum(micro for second, micro in by_second.items() if second > events // 10_000 - 300)


def main() -> None:
    """Measure, print, write."""
    one = argparse.ArgumentParser(description=__doc__)
    one.add_argument("--events", type=int, default=10_000_000)
    options = one.parse_args()
    port, longest = multiprocessing.Value("i", 0), list[float]()
    server = multiprocessing.Process(target=serve, args=(port, SEED), daemon=True)
    server.start()
    while not port.value:
        time.sleep(0.05)
    url = f"ws://127.0.0.1:{port.value}"
    rates: dict[str, list[tuple[float, float]]] = {"bare": [], "ours": []}
    for _ in range(ROUNDS):
        rates["bare"].append(rate(bare, url))
        rates["ours"].append(rate(ours(longest), url))
    server.terminate()
    cpu = {name: statistics.median(r[0] for r in found) for name, found in rates.items()}
    wall = {name: statistics.median(r[1] for r in found) for name, found in rates.items()}
    figures: dict[str, Any] = {
        "messages": MESSAGES,
        "seed": SEED,
        "bare websockets + msgspec + window [messages/s of CPU]": round(cpu["bare"]),
        "ours [messages/s of CPU]": round(cpu["ours"]),
        "ours / bare, CPU": round(cpu["ours"] / cpu["bare"], 2),
        "bare [messages/s, wall]": round(wall["bare"]),
        "ours [messages/s, wall]": round(wall["ours"]),
        "ours / bare, wall": round(wall["ours"] / wall["bare"], 2),
        "longest call of our listener [ms of CPU]": round(max(longest), 3),
        **{f"one event, {held:,} held [us]": round(cost_per_event(held), 2) for held in (1_000, 100_000, 1_000_000)},
        f"sums exact after {options.events:,} events": exact_after(options.events),
    }
    git = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT, check=True)
    figures["commit"] = git.stdout.strip()
    for name, value in figures.items():
        print(f"{name:56} {value}")
    EVIDENCE.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
