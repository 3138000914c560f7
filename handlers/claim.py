"""How the first person becomes owner: a one-time code that only someone at the host can read.

It refuses to be guessed: few tries per run, a short life, and never a second owner (storage decides that atomically).
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from core.settings import Chat


@dataclass(slots=True)
class Claim:
    """The code of this run; ``code`` is ``None`` when there is an owner already."""

    code: str | None
    made_ms: int
    chat: Chat
    tries: int = 0

    @property
    def is_open(self) -> bool:
        """Whether ownership can still be claimed in this run."""
        return self.code is not None

    def judge(self, given: str, now_ms: int) -> str:
        """``right``, ``wrong``, ``expired``, ``locked`` or ``closed``.

        >>> claim = Claim("K7Q2", 0, Chat(claim_tries=1))
        >>> claim.judge("nope", 5), claim.judge("K7Q2", 6)
        ('wrong', 'locked')
        """
        if self.code is None:
            return "closed"
        if now_ms - self.made_ms > self.chat.claim_ms:
            return "expired"
        if self.tries >= self.chat.claim_tries:
            return "locked"
        if hmac.compare_digest(given.strip().upper().encode(), self.code.upper().encode()):
            return "right"
        self.tries += 1
        return "wrong"

    def close(self) -> None:
        """There is an owner now."""
        self.code = None
