"""``answerCallbackQuery``: once, within 150 seconds of the tap."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bot.emulator import limits
from bot.emulator.formatting import utf16_length
from bot.emulator.wire import Params, bad_request
from bot.emulator.world import World

_TOO_OLD: Final = "query is too old and response timeout expired or query ID is invalid"


def answer_callback_query(world: World, params: Params) -> bool:
    """Stop the button's spinner and show a toast or an alert to the one who tapped."""
    press = world.presses.get(params.text("callback_query_id"))
    text = params.text("text")
    if press is None or press.answered or world.now_ms() - press.created_ms > limits.CALLBACK_LIFE_MS:
        raise bad_request(_TOO_OLD)
    if utf16_length(text) > limits.CALLBACK_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    if params.has("url"):
        raise bad_request("URL_INVALID")
    press.answered = True
    world.touch("press", press.query_id)
    world.tell(
        "answered",
        query_id=press.query_id,
        person=press.person,
        chat=press.chat_id,
        message_id=press.message_id,
        text=text,
        alert=params.flag("show_alert"),
    )
    return True


METHODS: Final[dict[str, Callable[[World, Params], object]]] = {"answerCallbackQuery": answer_callback_query}
