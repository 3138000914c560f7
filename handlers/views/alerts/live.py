"""What became of trading with real money, as it is told."""

from __future__ import annotations

from aiogram.utils.formatting import Text

from core import events as e
from handlers.views.figures import multiple, plain
from handlers.views.plain import lines, verdict
from handlers.views.reader import Reader
from handlers.views.times import day_moment
from handlers.views.words import side_word


def mode_changed(event: e.ModeChanged, reader: Reader) -> Text:
    """Another mode."""
    texts = reader.texts
    return lines(verdict(texts("alert-mode", mode=event.mode, by=event.by)), texts(f"mode-{event.mode}"))


def live_confirmed(event: e.LiveConfirmed, reader: Reader) -> Text:
    """Real money trades, on this evidence."""
    texts = reader.texts
    if event.mean is None:
        shown = texts("alert-live-without")
    elif event.low is None or event.high is None:
        shown = texts("alert-live-mean", mean=multiple(event.mean), trades=event.trades)
    else:
        span = f"{multiple(event.low)} … {multiple(event.high)}"
        shown = texts("alert-live-edge", mean=multiple(event.mean), span=span, trades=event.trades)
    return lines(verdict(texts("alert-live", by=event.by)), shown)


def full_size(event: e.FullSizeConfirmed, reader: Reader) -> Text:
    """Entries are as large as the risk rules say."""
    return verdict(reader.texts("record-full", by=event.by, count=event.trades))


def stranger_held(event: e.StrangerHeld, reader: Reader) -> Text:
    """A position that is not ours, left alone."""
    texts = reader.texts
    name = f"{event.coin} {side_word(event.side, texts)} {plain(event.size)}"
    return lines(
        verdict(texts("alert-stranger", name=name)),
        texts("alert-stranger-stop") if event.stop_rests else texts("alert-stranger-bare"),
    )


def operator_away(event: e.OperatorAway, reader: Reader) -> Text:
    """Nobody is there."""
    return verdict(reader.texts("alert-away", hours=f"{event.hours:.0f}"))


def wallet_ending(event: e.WalletEnding, reader: Reader) -> Text:
    """The key ends."""
    texts = reader.texts
    head = texts("alert-wallet-ended") if not event.days else texts("alert-wallet", count=event.days)
    when = Text(event.wallet, " · ", day_moment(event.until_ms, reader.zone))
    return lines(verdict(head), when, texts("alert-wallet-cure"))
