"""Trouble on demand: the next calls of the bot are refused, delayed or cut off.

A fault hits the next ``times`` calls of its method (any but ``getUpdates`` when none is named) and is gone. ``drop``
``after`` is the nasty one: the message was sent, but the bot never learns it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Final

from bot.emulator.wire import ApiError, Json, bad_request

KINDS: Final = ("too_many_requests", "server_error", "slow", "drop")
_SERVER_ERRORS: Final = {
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


@dataclass(slots=True)
class Fault:
    """One trouble that waits for its calls."""

    kind: str
    method: str = ""
    times: int = 1
    seconds: float = 5.0
    """``retry_after`` of a 429, or the delay of a slow answer."""
    code: int = 502
    when: str = "before"
    """``drop`` only: hang up before or after the call was carried out."""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise bad_request(f"unknown fault {self.kind!r}; use one of {', '.join(KINDS)}")
        if self.code not in _SERVER_ERRORS:
            raise bad_request(f"unknown server error {self.code}; use one of {sorted(_SERVER_ERRORS)}")
        if self.when not in ("before", "after"):
            raise bad_request(f"when must be before or after, got {self.when!r}")
        if self.times < 1 or self.seconds < 0:
            raise bad_request(f"times must be 1 or more and seconds 0 or more, got {self.times} and {self.seconds}")

    def error(self) -> ApiError | None:
        """The refusal this fault answers with, if it is one."""
        match self.kind:
            case "too_many_requests":
                return flood_wait(int(self.seconds))
            case "server_error":
                return ApiError(self.code, _SERVER_ERRORS[self.code])
            case _:
                return None


def flood_wait(seconds: int) -> ApiError:
    """A 429 with ``retry_after``."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def read_fault(given: Json) -> Fault:
    """A fault from JSON; ApiError 400 names what is wrong with it."""
    known = {field.name for field in fields(Fault)}
    foreign = set(given) - known
    if foreign:
        raise bad_request(f"a fault has no {', '.join(sorted(foreign))}; it has {', '.join(sorted(known))}")
    try:
        return Fault(
            kind=str(given.get("kind", "")),
            method=str(given.get("method") or ""),
            times=int(given.get("times", 1)),
            seconds=float(given.get("seconds", 5.0)),
            code=int(given.get("code", 502)),
            when=str(given.get("when", "before")),
        )
    except (TypeError, ValueError) as error:
        raise bad_request(f"a fault's times, seconds and code are numbers: {error}") from None


class Faults:
    """The troubles that are armed, oldest first."""

    def __init__(self) -> None:
        self._armed: list[Fault] = []
        self.flood_limits = False
        """Whether Telegram's sending limits are held against the bot."""

    def arm(self, fault: Fault) -> None:
        """Add a trouble."""
        self._armed.append(fault)

    def clear(self) -> None:
        """Forget all troubles."""
        self._armed.clear()

    def take(self, method: str) -> Fault | None:
        """The trouble that hits this call, counted down."""
        for fault in self._armed:
            if fault.method.lower() == method.lower() or (not fault.method and method.lower() != "getupdates"):
                fault.times -= 1
                if fault.times <= 0:
                    self._armed.remove(fault)
                return fault
        return None

    def card(self) -> Json:
        """What is armed, for the page."""
        return {"armed": [asdict(fault) for fault in self._armed], "flood_limits": self.flood_limits}
