"""What the soak proof asks for, in one place: how long, how flat, how exact. Every number with its reason."""

from __future__ import annotations

from dataclasses import dataclass

HOUR_MS = 3_600_000
QUARTER_MS = 900_000


@dataclass(frozen=True, slots=True)
class Accepted:
    """The bounds. Times are market time unless they say otherwise."""

    warm_up_h: int = 12
    """Caches, the thread pool, the allocator's arenas and the first pages of every table are filled by then."""
    growth_mib: float = 4.0
    """Most that the fitted line of resident memory may rise over the hours after the warm-up. One object of 1 KiB kept
    for each of the 720 scans of 60 hours is 0.7 MiB and drowns in what the allocator breathes; a kept reading of the
    markets (0.1 MiB) a scan is 70."""
    growth_share: float = 0.03
    """… or this share of the mean, whichever is more: the heap breathes by its size."""
    blocks_share: float = 0.03
    """Most that the fitted line of the interpreter's allocated blocks may rise, of their mean: what the allocator of
    the C library hides, this shows."""
    full_share: float = 0.5
    """\"Most of the time\": the share of the motions after the warm-up at which all places are taken."""
    bare_ms: int = 5_000
    """Longest time that a position may be without a stop over its whole size (SPEC R2)."""
    loose_ms: int = 330_000
    """Longest time that an order may outlive its position, and two stops one position: a scan mark and its work. What
    a stop that was moved leaves behind is cancelled by the next look, and a stepped venue is looked at once a mark."""
    drift: float = 0.02
    """By how much a share of the equity may be off that was true when the order was sized: fees and fills since."""
    moved: float = 0.005
    """The same for open risk and gross notional, in shares of the equity: the marks of the others have moved on."""
    stall_s: float = 0.1
    """Longest turn of the event loop, in time of the processor that the loop's own thread used. It is 0.02 on a machine
    that is shared; a full collection that looks at what start-up loaded takes 0.2."""
    waiting_most: int = 50
    """Messages that may wait at a look; at the end none may."""
