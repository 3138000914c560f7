"""The venue's words for what became of an order, as states of ours."""

from __future__ import annotations

from core.errors import VenueUnavailable
from core.trading.orders import TicketState


def state_of(status: str, *, executed: bool) -> TicketState:
    """Our state for the venue's word. What was ``executed`` in part and then ended counts as filled.

    A triggered order is still at work: its market order follows under the same id. Raises
    :class:`VenueUnavailable` for a word that is not known.

    >>> state_of("iocCancelRejected", executed=False), state_of("siblingFilledCanceled", executed=False)
    (<TicketState.REJECTED: 'rejected'>, <TicketState.CANCELLED: 'cancelled'>)
    """
    if status in ("open", "triggered"):
        return TicketState.RESTING
    if status == "filled":
        return TicketState.FILLED
    ended = status.lower()
    if ended.endswith("rejected"):
        return TicketState.FILLED if executed else TicketState.REJECTED
    if ended.endswith(("canceled", "cancel")):
        return TicketState.FILLED if executed else TicketState.CANCELLED
    raise VenueUnavailable(f"the venue reports an order as {status!r}, which is not known here")
