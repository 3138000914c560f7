"""A symbol as a person gives it: typed after the command, or picked where it was left out."""

from __future__ import annotations

from collections.abc import Sequence

from core.desk import Desk
from core.errors import MissingArgument, SurplusArgument
from core.flows.status import Status
from core.market.symbols import Market
from core.market.universe import resolve
from handlers.commands import Request


def market_of(request: Request, desk: Desk) -> Market:
    """The market that the argument means.

    Raises the :class:`core.errors.UserMistake` of ``resolve``, :class:`SurplusArgument` for more than one symbol.
    """
    if not request.argument:
        raise MissingArgument(
            f"/{request.name} needs a symbol", command=f"/{request.name}", usage=f"/{request.name} BTC"
        )
    name, *more = request.argument.split()
    market = resolve(name, desk.universe, desk.settings.chat.argument_most)
    if more:
        usage = f"/{request.name} {market.symbol}"
        raise SurplusArgument(f"/{request.name} takes one symbol", surplus=" ".join(more), usage=usage)
    return market


def offered(standing: Status, desk: Desk, most: int) -> Sequence[str]:
    """Symbols to pick from: those held, then the first of the universe."""
    held = [line.position.symbol for line in standing.positions]
    return [*held, *(market.symbol for market in desk.universe if market.symbol not in held)][:most]
