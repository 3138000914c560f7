"""Signs, and where they turned. Refuses to call a change out of zero a turn: it has nothing to turn from."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from core.market.candles import Floats, Ints


def signs(values: Floats) -> Ints:
    """+1, 0 or −1 per value; NaN is 0.

    >>> signs(np.array([2.5, -1.0, 0.0, np.nan]))
    array([ 1, -1,  0,  0])
    """
    return (values > 0).astype(np.int64) - (values < 0).astype(np.int64)


def fresh_turn(direction: npt.NDArray[np.signedinteger], fresh_bars: int) -> Ints:
    """Per row, the new sign of the latest change from one sign to the other if at most ``fresh_bars`` ago, else 0.

    Zeros in between are skipped: + 0 − turns at the −, and + 0 + does not turn.

    >>> fresh_turn(np.array([[1, 1, 0, -1, -1], [1, -1, -1, -1, -1], [0, 0, 0, 1, 1]]), 2)
    array([-1,  0,  0])
    """
    rows, bars = direction.shape
    lasting = np.maximum.accumulate(np.where(direction != 0, np.arange(bars), 0), axis=1)
    held = np.take_along_axis(direction, lasting, axis=1).astype(np.int64)
    turn = np.zeros(rows, dtype=np.int64)
    for column in range(max(1, bars - 1 - fresh_bars), bars):
        turned = held[:, column] * held[:, column - 1] < 0
        turn = np.where(turned, held[:, column], turn)
    return turn
