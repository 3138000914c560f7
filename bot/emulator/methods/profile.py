"""``getMe`` and the texts a bot shows about itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bot.emulator import limits
from bot.emulator.wire import Json, Params, bad_request
from bot.emulator.world import World


def get_me(world: World, _: Params) -> Json:
    """The bot as a ``User``, with the fields only ``getMe`` returns."""
    return {
        **world.bot(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
    }


def _setter(parameter: str, attribute: str, limit: int) -> Callable[[World, Params], bool]:
    def set_text(world: World, params: Params) -> bool:
        text = params.text(parameter)
        if len(text) > limit:
            raise bad_request(f"{parameter} is too long: {len(text)} characters, at most {limit}")
        setattr(world.desk, attribute, text or (world.desk.name if attribute == "name" else ""))
        world.touch("desk", "desk")
        world.tell("profile", bot=world.bot())
        return True

    return set_text


def _getter(parameter: str, attribute: str) -> Callable[[World, Params], Json]:
    return lambda world, _: {parameter: getattr(world.desk, attribute)}


METHODS: Final[dict[str, Callable[[World, Params], object]]] = {
    "getMe": get_me,
    "setMyName": _setter("name", "name", limits.BOT_NAME),
    "getMyName": _getter("name", "name"),
    "setMyDescription": _setter("description", "description", limits.BOT_DESCRIPTION),
    "getMyDescription": _getter("description", "description"),
    "setMyShortDescription": _setter("short_description", "short_description", limits.BOT_SHORT_DESCRIPTION),
    "getMyShortDescription": _getter("short_description", "short_description"),
}
