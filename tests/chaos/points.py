"""Fault points: every place in the order path where a flow awaits the venue or the ledger, read from the source itself.

Nothing is listed by hand: a call that is added to a flow is a fault point from then on. A site is one such place, its
name ``module.function:port.method``. What is reached is told with its callers, innermost first
(``tickets.send:venue.submit < place < move_stop``); a fault point is a site, or such a chain cut off where it says
enough: where orders are sent, every way that leads there is a point of its own.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parents[2]
FLOWS = (
    *("enter", "advance", "protect", "exits", "watch", "close", "settle", "reconcile", "tickets", "truth", "control"),
    *("adjust", "inject", "displace", "governor", "guard", "quotes", "follow", "stray_orders", "sweep", "adopt"),
)
FILES = {name: ROOT / "core" / "flows" / f"{name}.py" for name in FLOWS} | {"running": ROOT / "bot" / "running.py"}
PORTS = ("venue", "ledger")
PHASES = ("before", "after")
SENDING = ("send", "place", "press_close")
"""Functions by which every order leaves; a fault point in them names the caller as well."""
NOT_TRADING = ("closing_words",)
TELEGRAM = "outbox.send:telegram.deliver"
"""The one call that speaks to Telegram for the outbox; not of the order path, but killed at like the rest."""


@dataclass(frozen=True, slots=True, order=True)
class Site:
    """One awaited call: ``module.function:port.method``, numbered where a function makes the same call again."""

    module: str
    function: str
    port: str
    method: str
    number: int
    first_line: int
    last_line: int

    @property
    def name(self) -> str:
        """How it is told apart from every other."""
        number = f"#{self.number}" if self.number > 1 else ""
        return f"{self.module}.{self.function}:{self.port}.{self.method}{number}"


@cache
def sites() -> tuple[Site, ...]:
    """Every site of the order path, in the order of the source."""
    return tuple(site for module, file in FILES.items() for site in _of_file(module, file))


def _of_file(module: str, file: Path) -> list[Site]:
    found: list[Site] = []
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for function in functions_of(tree):
        if function.name in NOT_TRADING:
            continue
        counts: dict[tuple[str, str], int] = {}
        calls = [
            (n, call) for n in ast.walk(function) if isinstance(n, ast.Call) and (call := _desk_call(n)) is not None
        ]
        for node, call in sorted(calls, key=lambda one: one[0].lineno):
            counts[call] = counts.get(call, 0) + 1
            last = node.end_lineno or node.lineno
            found.append(Site(module, function.name, *call, counts[call], node.lineno, last))
    return found


def functions_of(tree: ast.Module) -> list[ast.AsyncFunctionDef]:
    """The flows of a file, methods of its classes included."""
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    bodies = [tree.body, *(one.body for one in classes)]
    return [node for body in bodies for node in body if isinstance(node, ast.AsyncFunctionDef)]


def _desk_call(node: ast.Call) -> tuple[str, str] | None:
    """Port and method of ``desk.<port>.<method>(…)``; ``None`` for anything else."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Attribute(value=ast.Name(id="desk"), attr=port), attr=method)):
            return (port, method) if port in PORTS and method != "changes" else None
    return None


@cache
def fault_points() -> tuple[str, ...]:
    """Every fault point of the order path, and the outbox's call."""
    found = [f"{site.name}{way}" for site in sites() for way in ways_to(site.function)]
    return (*found, TELEGRAM)


def ways_to(function: str) -> list[str]:
    """`` < caller < …`` for each way to a function that many use; only ``""`` for any other."""
    if function not in SENDING:
        return [""]
    return [f" < {caller}{way}" for caller in callers_of(function) for way in ways_to(caller)]


@cache
def callers_of(function: str) -> tuple[str, ...]:
    """The flows that call a function by its bare name."""
    flows = (flow for file in FILES.values() for flow in functions_of(ast.parse(file.read_text(encoding="utf-8"))))
    return tuple(flow.name for flow in flows if any(_calls(node, function) for node in ast.walk(flow)))


def _calls(node: ast.AST, function: str) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return name == function
    return False


def is_at(reached: str, point: str) -> bool:
    """Whether a reached chain is at a fault point.

    >>> is_at("tickets.send:venue.submit < place < move_stop < manage", "tickets.send:venue.submit < place < move_stop")
    True
    """
    return reached == point or reached.startswith(f"{point} < ")


@cache
def _by_file() -> dict[str, tuple[str, tuple[Site, ...]]]:
    return {str(file): (name, tuple(s for s in sites() if s.module == name)) for name, file in FILES.items()}


def reached_from(frame: FrameType | None, port: str, method: str) -> str | None:
    """The site that calls from ``frame`` with its callers; ``None`` outside the order path."""
    if frame is None:
        return None
    _, known = _by_file().get(frame.f_code.co_filename, ("", ()))
    for site in known:
        if (site.port, site.method) == (port, method) and site.first_line <= frame.f_lineno <= site.last_line:
            return " < ".join([site.name, *callers(frame.f_back)])
    return None


def callers(frame: FrameType | None) -> list[str]:
    """The flows that await the call, innermost first."""
    chain: list[str] = []
    while frame is not None:
        name, _ = _by_file().get(frame.f_code.co_filename, ("", ()))
        if name not in ("", "running") and not frame.f_code.co_name.startswith("<"):
            chain.append(frame.f_code.co_name)
        frame = frame.f_back
    return chain
