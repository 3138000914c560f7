"""Which markets there are, and which one a person means (SPEC U1).

The list is a file the operator can edit; the venue's live terms replace the file's. Nothing here guesses: a name that
fits no market, or several, is refused with what would have been right.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from core.errors import AmbiguousSymbol, BadData, MissingArgument, TooLong, UnknownSymbol
from core.market.symbols import AssetClass, Market
from core.settings import Chat
from core.sifting import Refusal, Sifted

COLUMNS = (
    "symbol",
    "asset_class",
    "hyperliquid_coin",
    "binance_symbol",
    "binance_is_proxy",
    "max_leverage",
    "max_leverage_certain",
    "size_decimals",
    "margin_mode",
)
"""Header of a universe file."""
STAGE = "universe"
SHOWN = 6
"""Most names that an answer offers."""


class Terms(Protocol):
    """A market's live terms, as the venue lists them."""

    @property
    def coin(self) -> str:
        """The venue's name."""
        ...

    @property
    def max_leverage(self) -> int:
        """Highest leverage."""
        ...

    @property
    def size_decimals(self) -> int:
        """Decimals of a size."""
        ...

    @property
    def isolated_only(self) -> bool:
        """Whether cross margin is refused."""
        ...

    @property
    def delisted(self) -> bool:
        """Whether it trades no more."""
        ...


def parse_universe(rows: Iterable[Mapping[str, str | None]], file: str = "universe.csv") -> list[Market]:
    """Markets from the rows of a universe file (``csv.DictReader``), in its order.

    Raises :class:`BadData` naming file, line and value: a wrong class, number, margin mode, or a name that occurs
    twice (names count as the same whatever their case).
    """
    markets: list[Market] = []
    lines: dict[str, int] = {}
    for line, row in enumerate(rows, start=2):
        market = _market(row, file, line)
        for name in {market.symbol.casefold(), market.coin.casefold()}:
            if name in lines:
                raise _bad(file, line, name, f"a name that does not stand on line {lines[name]} already")
            lines[name] = line
        markets.append(market)
    if not markets:
        raise _bad(file, 2, "", f"at least one market under the header {','.join(COLUMNS)}")
    return markets


def resolve(text: str, markets: Sequence[Market], argument_most: int = Chat().argument_most) -> Market:
    """The market a person means by a symbol (``tsla``) or a venue name (``xyz:TSLA``).

    The exact spelling wins, then the same name in another case. Raises :class:`MissingArgument` for nothing,
    :class:`TooLong`, :class:`AmbiguousSymbol` when it begins or spells several names, else :class:`UnknownSymbol`
    with the nearest names. A beginning alone never picks a market: money may hang on it.
    """
    name = text.strip()
    if not name:
        raise MissingArgument("a symbol is missing", command="", usage="SYMBOL")
    if len(name) > argument_most:
        raise TooLong(f"{len(name)} characters are too many", length=len(name), limit=argument_most)
    for market in markets:
        if name in (market.symbol, market.coin):
            return market
    folded = name.casefold()
    same = [one for one in markets if folded in (one.symbol.casefold(), one.coin.casefold())]
    if len(same) == 1:
        return same[0]
    begun = same or [one for one in markets if one.symbol.casefold().startswith(folded)]
    if len(begun) > 1:
        choices = ", ".join([one.symbol for one in begun[:SHOWN]] + (["…"] if len(begun) > SHOWN else []))
        raise AmbiguousSymbol(f"{name!r} can mean {choices}", symbol=name, choices=choices)
    nearest = ", ".join(one.symbol for one in begun) or _nearest(folded, markets)
    raise UnknownSymbol(f"no market {name!r}; nearest: {nearest or 'none'}", symbol=name, nearest=nearest)


def tradable(markets: Sequence[Market], listings: Sequence[Terms]) -> Sifted[Market]:
    """The markets that the venue lists, under its live terms; one refusal for each it does not, or no more."""
    live = {one.coin: one for one in listings}
    kept, refused = [], []
    for market in markets:
        terms = live.get(market.coin)
        if terms is None or terms.delisted:
            rule = "not_listed" if terms is None else "delisted"
            refused.append(Refusal(market.symbol, STAGE, rule, detail=market.coin))
            continue
        kept.append(
            replace(
                market,
                max_leverage=terms.max_leverage,
                size_decimals=terms.size_decimals,
                isolated_only=terms.isolated_only,
            )
        )
    return Sifted(kept, refused)


def _nearest(folded: str, markets: Sequence[Market]) -> str:
    """The names most like a misspelt one."""
    bare = folded.rpartition(":")[2]
    by_name = {one.symbol.casefold(): one.symbol for one in markets}
    return ", ".join(by_name[name] for name in difflib.get_close_matches(bare, by_name, n=3, cutoff=0.5))


def _market(row: Mapping[str, str | None], file: str, line: int) -> Market:
    cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
    if set(row) != set(COLUMNS):
        raise _bad(file, line, ",".join(str(name) for name in row), f"{len(COLUMNS)} cells ({','.join(COLUMNS)})")
    for name in ("symbol", "hyperliquid_coin"):
        if not cells[name]:
            raise _bad(file, line, "", f"a name for {name}")
    if cells["asset_class"] not in list(AssetClass):
        raise _bad(file, line, cells["asset_class"], f"an asset_class of {', '.join(AssetClass)}")
    if cells["margin_mode"] not in ("cross", "isolated"):
        raise _bad(file, line, cells["margin_mode"], "a margin_mode of cross, isolated")
    return Market(
        symbol=cells["symbol"],
        asset_class=AssetClass(cells["asset_class"]),
        coin=cells["hyperliquid_coin"],
        max_leverage=_whole(cells["max_leverage"], 1, 200, "max_leverage", file, line),
        size_decimals=_whole(cells["size_decimals"], 0, 8, "size_decimals", file, line),
        isolated_only=cells["margin_mode"] == "isolated",
        binance_symbol=cells["binance_symbol"] or None,
        binance_is_proxy=cells["binance_is_proxy"] == "1",
    )


def _whole(cell: str, low: int, high: int, name: str, file: str, line: int) -> int:
    if not cell.isdecimal() or not low <= int(cell) <= high:
        raise _bad(file, line, cell, f"a whole number from {low} to {high} for {name}")
    return int(cell)


def _bad(file: str, line: int, value: str, expected: str) -> BadData:
    return BadData(
        f"{file} line {line}: {value!r} is wrong; {expected} would be right",
        file=file,
        line=line,
        value=value,
        expected=expected,
    )
