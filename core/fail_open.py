"""The one place where an opinion may go missing.

Facts fail closed: balance, positions, marks and the candles of a traded symbol never pass through here. What does (an
enrichment pass, a model, a feed of headlines) is asked through :func:`fail_open`, leaves its neutral value when it
raises, and is named, counted, announced once when it fails and once when it recovers. A :class:`BrokenInvariant` is
no missing opinion and goes through.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from core.errors import BrokenInvariant
from core.sifting import Missed

T = TypeVar("T")
N = TypeVar("N")

logger = logging.getLogger(__name__)


def fail_open(stage: str, what: str, opinion: Callable[[], T], neutral: T) -> tuple[T, Missed | None]:
    """The opinion and None, or the neutral value and what was missed (one warning in the log).

    >>> fail_open("enrichment", "vwap", lambda: 3, 0)
    (3, None)
    """
    try:
        return opinion(), None
    except BrokenInvariant:
        raise
    except Exception as error:
        # The broad excepts of the project stand here, and in bot/announcer.py for what cannot be shown: whatever an
        # opinion raises, the scan goes on without it.
        logger.warning("%s: %s is missing, its neutral value stands", stage, what, exc_info=True)
        return neutral, Missed(stage, what, f"{type(error).__name__}: {error}")


async def fail_open_awaiting(stage: str, what: str, opinion: Awaitable[T], neutral: N) -> tuple[T | N, Missed | None]:
    """The same for an opinion that must be waited for."""
    try:
        return await opinion, None
    except BrokenInvariant:
        raise
    except Exception as error:
        logger.warning("%s: %s is missing, its neutral value stands: %s", stage, what, error)
        return neutral, Missed(stage, what, f"{type(error).__name__}: {error}")


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be announced after one round of asking."""

    failed: Sequence[Missed] = ()
    recovered: Sequence[str] = ()


@dataclass(slots=True)
class Absences:
    """Who is missing now, and how often each opinion has been missed since the start.

    >>> absences, gone = Absences(), Missed("enrichment", "vwap", "ValueError: no")
    >>> absences.after("enrichment", ["vwap"], [gone]).failed == [gone]
    True
    >>> absences.after("enrichment", ["vwap"], [gone])
    Changes(failed=[], recovered=[])
    >>> absences.after("enrichment", ["vwap"], []).recovered, absences.counts["enrichment", "vwap"]
    (['vwap'], 2)
    """

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    missing: dict[tuple[str, str], Missed] = field(default_factory=dict)

    def after(self, stage: str, asked: Iterable[str], missed: Iterable[Missed]) -> Changes:
        """Take note of one round: which of ``asked`` were missed. Only what changed is returned."""
        gone = {one.what: one for one in missed if one.stage == stage}
        self.counts.update((stage, what) for what in gone)
        failed = [one for what, one in gone.items() if (stage, what) not in self.missing]
        recovered = [what for what in asked if what not in gone and (stage, what) in self.missing]
        for what in recovered:
            del self.missing[stage, what]
        self.missing.update({(stage, what): one for what, one in gone.items()})
        return Changes(failed, recovered)
