"""Which of many things were met before, oldest forgotten first, at a cost that does not grow with how many are kept."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field

PARTS = 16
"""Sets that the memory is made of: a single large one would stall its caller whenever it grows or is emptied."""


@dataclass(slots=True)
class Remembered:
    """The newest ``most`` things, at least; up to a part more.

    >>> memory = Remembered(16)
    >>> [memory.is_new(n) for n in (1, 2, 1)]
    [True, True, False]
    """

    most: int
    parts: deque[set[Hashable]] = field(default_factory=lambda: deque([set()]))

    def is_new(self, thing: Hashable) -> bool:
        """Whether it was not met before, or so long ago that it is forgotten; from now on it was."""
        for part in self.parts:
            if thing in part:
                return False
        if len(self.parts[-1]) * PARTS >= self.most:
            self.parts.append(set())
            if len(self.parts) > PARTS + 1:
                self.parts.popleft()
        self.parts[-1].add(thing)
        return True

    def __len__(self) -> int:
        """How many are kept."""
        return sum(map(len, self.parts))
