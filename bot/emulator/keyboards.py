"""``reply_markup``: which keyboards Telegram accepts and how they are kept.

Inline keyboards stay with their message, the others belong to the chat. Buttons that Telegram would refuse (65 bytes of
data, two actions at once, a colour that does not exist) are refused here with its words; unknown extras are dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from bot.emulator import limits
from bot.emulator.wire import Json, Params, bad_request

_ACTIONS: Final = (
    "callback_data", "url", "copy_text", "web_app", "login_url", "switch_inline_query",
    "switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "callback_game", "pay", "disabled",
)  # fmt: skip
_STYLES: Final = frozenset({"danger", "success", "primary"})
_CHAT_KEYBOARD: Final = frozenset(
    {"keyboard", "is_persistent", "resize_keyboard", "one_time_keyboard", "input_field_placeholder", "selective"}
)


@dataclass(frozen=True, slots=True)
class Markup:
    """A keyboard that was accepted."""

    kind: Literal["inline", "reply", "remove", "force_reply"]
    body: Json


def read_markup(params: Params, *, inline_only: bool = False) -> Markup | None:
    """The keyboard of a call, or None. Raises ApiError 400 for one that Telegram would refuse."""
    given = params.mapping("reply_markup")
    if not given:
        return None
    if "inline_keyboard" in given:
        body = {"inline_keyboard": _inline_rows(given["inline_keyboard"])}
        return Markup("inline", body) if body["inline_keyboard"] else None
    if inline_only:
        raise bad_request("inline keyboard expected")
    if "keyboard" in given:
        return Markup("reply", _reply_keyboard(given))
    if given.get("remove_keyboard"):
        return Markup("remove", {"remove_keyboard": True})
    if given.get("force_reply"):
        return Markup("force_reply", {k: v for k, v in given.items() if v is not None})
    raise bad_request("object expected as reply markup")


def _rows(value: Any) -> list[list[Any]]:
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        raise bad_request("can't parse keyboard: an array of arrays of buttons is expected")
    return [row for row in value if row]


def _inline_rows(value: Any) -> list[list[Json]]:
    rows = [[_inline_button(button) for button in row] for row in _rows(value)]
    if sum(len(row) for row in rows) > limits.BUTTONS:
        raise bad_request("reply markup is too long")
    return rows


def _inline_button(given: Any) -> Json:
    if not isinstance(given, dict):
        raise bad_request("can't parse InlineKeyboardButton: an object is expected")
    button = {k: v for k, v in given.items() if v is not None}
    if not str(button.get("text", "")).strip():
        raise bad_request("can't parse inline keyboard button: Text buttons must have non-empty text")
    actions = [name for name in _ACTIONS if name in button]
    if len(actions) != 1:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    _check_style(button)
    _check_action(button)
    return button


def _check_action(button: Json) -> None:
    data = button.get("callback_data")
    if data is not None and not 1 <= len(str(data).encode()) <= limits.CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not str(button["url"]).startswith(("http://", "https://", "tg://")):
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Unsupported URL protocol")
    if "copy_text" in button:
        copied = button["copy_text"]
        text = str(copied.get("text", "")) if isinstance(copied, dict) else ""
        if not 1 <= len(text) <= limits.COPY_TEXT:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _check_style(button: Json) -> None:
    if "style" in button and str(button["style"]) not in _STYLES:
        raise bad_request(f"can't parse button: unknown style {button['style']!r}; use danger, success or primary")


def _reply_keyboard(given: Json) -> Json:
    rows = [[_reply_button(button) for button in row] for row in _rows(given["keyboard"])]
    if not rows:
        raise bad_request("reply keyboard must have at least one button")
    return {**{k: v for k, v in given.items() if k in _CHAT_KEYBOARD and v is not None}, "keyboard": rows}


def _reply_button(given: Any) -> Json:
    button = {"text": given} if isinstance(given, str) else dict(given) if isinstance(given, dict) else {}
    if not str(button.get("text", "")).strip():
        raise bad_request("can't parse keyboard button: text must be non-empty")
    _check_style(button)
    return {k: v for k, v in button.items() if v is not None}
