"""How the first person becomes owner: a one-time code that only someone at the host can read.

It refuses to be guessed: few tries per person and run, a short life, and never a second owner (storage decides that
atomically). Tries are counted per person, or else a stranger could lock the owner out; a code that was published in a
group is good no more.
"""

from __future__ import annotations

import hmac
import logging
from collections import Counter
from dataclasses import dataclass, field

from core.settings import Chat

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Claim:
    """The code of this run; ``code`` is ``None`` when there is an owner already."""

    code: str | None
    made_ms: int
    chat: Chat
    tries: Counter[int] = field(default_factory=Counter)

    @property
    def is_open(self) -> bool:
        """Whether ownership can still be claimed in this run."""
        return self.code is not None

    def judge(self, given: str, now_ms: int, who: int = 0) -> str:
        """``right``, ``wrong``, ``expired``, ``locked`` or ``closed``, for the person with the id ``who``.

        >>> claim = Claim("K7Q2", 0, Chat(claim_tries=1))
        >>> claim.judge("nope", 5, 1), claim.judge("K7Q2", 6, 1), claim.judge("K7Q2", 6, 2)
        ('wrong', 'locked', 'right')
        """
        if self.code is None:
            return "closed"
        if now_ms - self.made_ms > self.chat.claim_ms:
            return "expired"
        if self.tries[who] >= self.chat.claim_tries:
            return "locked"
        if self._is_code(given):
            return "right"
        self.tries[who] += 1
        return "wrong"

    def spoil(self, published: str) -> None:
        """Words that others could read: if they were the code, anybody may have it now."""
        if self._is_code(published):
            logger.warning("the claim code was published in a group and is void; restart Vektor for a new one")
            self.close()

    def _is_code(self, given: str) -> bool:
        code = (self.code or "").upper().encode()
        return bool(code) and hmac.compare_digest(given.strip().upper().encode(), code)

    def close(self) -> None:
        """There is an owner now."""
        self.code = None
