"""The one source of nonces of a signer: strictly increasing, market time in milliseconds where time allows.

The venue remembers the hundred highest nonces of a signer and refuses a repeated or too low one, so two processes
must never share a key. Which time is right is the venue's affair: the simulated one compares with its own clock.
"""

from __future__ import annotations

import re
from collections.abc import Callable

REMEMBERED = 100
"""How many nonces the venue remembers per signer; jumping this far clears a set left by an earlier process."""

_REFUSAL = re.compile(r"[Ii]nvalid nonce:.*?(\d+)(?: < (\d+))?")


class Nonces:
    """Gives each request its nonce."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self._last = 0

    def next(self) -> int:
        """The next nonce: the time, or one more than the last where the clock has not moved.

        >>> source = Nonces(lambda: 1_000)
        >>> source.next(), source.next()
        (1000, 1001)
        """
        self._last = max(self._last + 1, self._now_ms())
        return self._last

    def refused(self, words: str) -> bool:
        """Whether ``words`` is the venue's refusal of a nonce; if so, later nonces leave the refused range.

        It happens on a clock that stands still, when a process that died had used the same milliseconds.
        """
        match = _REFUSAL.search(words)
        if match is None:
            return False
        self._last = max(self._last, *(int(group) + REMEMBERED for group in match.groups() if group))
        return True
