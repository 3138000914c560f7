"""Buttons from values. Each says what it does and to what; red is irreversible, green is agreement."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from aiogram.enums import ButtonStyle
from aiogram.types import (
    DisabledButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)

from core.events import Event, LiquidationNear
from core.flows.status import PositionLine
from core.market.candles import Timeframe
from core.risk.blackouts import Blackout
from handlers.callbacks import Answer, Frame, Lift, Look, Pick
from handlers.commands import COMMANDS
from handlers.views.figures import money, percent
from handlers.views.times import DAY, clock_text
from locales.texts import Texts

PER_ROW = 2
MENU_ROW = 3


def decide(nonce: str, yes: str, no: str, *, danger: bool) -> InlineKeyboardMarkup:
    """Two buttons under each other: the deed on top, the way out below."""
    style = ButtonStyle.DANGER if danger else ButtonStyle.SUCCESS
    agree = InlineKeyboardButton(text=yes, callback_data=Answer(nonce=nonce, yes=True).pack(), style=style)
    leave = InlineKeyboardButton(text=no, callback_data=Answer(nonce=nonce, yes=False).pack())
    return InlineKeyboardMarkup(inline_keyboard=[[agree], [leave]])


def undo(nonce: str, label: str) -> InlineKeyboardMarkup:
    """One button that takes back what was just done."""
    button = InlineKeyboardButton(text=label, callback_data=Answer(nonce=nonce, yes=True).pack())
    return InlineKeyboardMarkup(inline_keyboard=[[button]])


def settled(label: str) -> InlineKeyboardMarkup:
    """The record of a decision: a button that does nothing any more."""
    return InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text=label, disabled=DisabledButton())]])


def refresh(screen: str, texts: Texts) -> InlineKeyboardMarkup:
    """Draw the screen again."""
    return InlineKeyboardMarkup(inline_keyboard=[[_refresh(screen, texts)]])


def _refresh(screen: str, texts: Texts) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=texts("button-refresh"), callback_data=Look(screen=screen).pack())


def positions(lines: Sequence[PositionLine], texts: Texts) -> InlineKeyboardMarkup:
    """A way out of each position, and a fresh look."""
    rows = [[_close(line, texts)] for line in lines]
    return InlineKeyboardMarkup(inline_keyboard=[*rows, [_refresh("positions", texts)]])


def pick_close(lines: Sequence[PositionLine], texts: Texts) -> InlineKeyboardMarkup:
    """Which position to close, each with its live profit."""
    return InlineKeyboardMarkup(inline_keyboard=[[_close(line, texts)] for line in lines])


def _close(line: PositionLine, texts: Texts) -> InlineKeyboardButton:
    symbol = line.position.symbol
    label = texts(
        "button-close", symbol=symbol, side=texts(f"side-{line.position.side.value}"), share=percent(line.pnl_share)
    )
    return InlineKeyboardButton(text=label, callback_data=Pick(command="close", symbol=symbol).pack())


def pick(command: str, symbols: Sequence[str]) -> InlineKeyboardMarkup:
    """Symbols to choose from for a command."""
    buttons = [InlineKeyboardButton(text=s, callback_data=Pick(command=command, symbol=s).pack()) for s in symbols]
    rows = [buttons[i : i + PER_ROW] for i in range(0, len(buttons), PER_ROW)]
    return InlineKeyboardMarkup(inline_keyboard=rows)


def lift(found: Sequence[Blackout], texts: Texts, zone: ZoneInfo) -> InlineKeyboardMarkup:
    """A way off the list for each event."""
    rows = [
        InlineKeyboardButton(
            text=texts("button-lift", name=one.name, time=clock_text(one.at_ms, zone, DAY)),
            callback_data=Lift(name=one.name, at_ms=one.at_ms).pack(),
        )
        for one in found
    ]
    return InlineKeyboardMarkup(inline_keyboard=[[button] for button in rows])


def alert(event: Event, texts: Texts) -> InlineKeyboardMarkup | None:
    """What can be done about an alert, as one button that asks first; ``None`` for most."""
    if not isinstance(event, LiquidationNear) or not event.isolated or event.needed <= 0:
        return None
    symbol = event.position.symbol
    label = texts("button-margin", amount=money(event.needed), symbol=symbol)
    button = InlineKeyboardButton(text=label, callback_data=Pick(command="margin", symbol=symbol).pack())
    return InlineKeyboardMarkup(inline_keyboard=[[button]])


def timeframes(symbol: str, shown: str) -> InlineKeyboardMarkup:
    """The same chart at the other timeframes; the one shown cannot be tapped."""
    row = [
        InlineKeyboardButton(text=f"· {frame.value} ·", disabled=DisabledButton())
        if frame.value == shown
        else InlineKeyboardButton(text=frame.value, callback_data=Frame(symbol=symbol, timeframe=frame.value).pack())
        for frame in Timeframe
    ]
    return InlineKeyboardMarkup(inline_keyboard=[row])


def menu(texts: Texts) -> ReplyKeyboardMarkup:
    """The keys that stay under the text field."""
    keys = [KeyboardButton(text=texts(f"key-{command.name}")) for command in COMMANDS if command.menu]
    rows = [keys[i : i + MENU_ROW] for i in range(0, len(keys), MENU_ROW)]
    return ReplyKeyboardMarkup(
        keyboard=rows, is_persistent=True, resize_keyboard=True, input_field_placeholder=texts("menu-placeholder")
    )
