"""What the market did, as it is told: another regime, extreme crowding, a cascade that is over, a market that ended."""

from __future__ import annotations

from aiogram.utils.formatting import Text

from core import events as e
from core.signals.cascade import MARKET, HitRate
from handlers.views.figures import percent
from handlers.views.liq import rate, tier_word, totals
from handlers.views.plain import lines, verdict
from handlers.views.reader import Reader
from handlers.views.regime import breadth
from handlers.views.words import regime_word, side_word


def regime_changed(event: e.RegimeChanged, reader: Reader) -> Text:
    """The whole market is in another state."""
    before, after = regime_word(event.before, reader.texts), regime_word(event.after, reader.texts)
    counts = breadth(event.bullish, event.bearish, event.neutral, event.correlation, reader)
    return lines(verdict(reader.texts("alert-regime", before=before, after=after)), counts)


def crowding_extreme(event: e.CrowdingExtreme, reader: Reader) -> Text:
    """One side of a market is extremely crowded."""
    texts = reader.texts
    head = texts("alert-crowded", symbol=event.symbol, side=side_word(event.side, texts))
    change = "–" if event.interest_change is None else percent(event.interest_change, 0)
    figures = texts(
        "alert-crowded-figures",
        funding=percent(event.funding_a_year, 0),
        interest=change,
        score=f"{event.score:+.2f}".replace("-", "−"),
    )
    return lines(verdict(head), figures)


def cascade_exhausted(event: e.CascadeExhausted, reader: Reader) -> Text:
    """A liquidation cascade is over."""
    texts = reader.texts
    name = texts("liq-market") if event.symbol == MARKET else event.symbol
    way = side_word(event.direction, texts) or "–"
    head = texts("alert-cascade", symbol=name, tier=tier_word(event.tier, reader), side=way)
    measured = rate(HitRate(event.hits, event.followed))
    return lines(
        verdict(head),
        " · ".join(totals(event.long_usd, event.short_usd, reader)),
        texts("alert-cascade-rate", rate=measured),
    )


def delisted(event: e.MarketDelisted, reader: Reader) -> Text:
    """The exchange has ended a market."""
    head = verdict(reader.texts("alert-delisted", symbol=event.symbol))
    return lines(head, reader.texts("alert-delisted-held")) if event.held else head
