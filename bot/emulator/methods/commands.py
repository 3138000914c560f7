"""The command menu: lists by scope and language, and which of them a person sees in a chat.

Scopes are cosmetics, never access control: anybody may type any command.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Final

from bot.emulator import limits
from bot.emulator.methods.chats import role_of
from bot.emulator.records import Chat
from bot.emulator.wire import Json, Params, bad_request
from bot.emulator.world import World

_NAME: Final = re.compile(rf"[a-z0-9_]{{1,{limits.COMMAND_NAME}}}")
_SCOPES: Final[dict[str, tuple[str, ...]]] = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}


def _slot(world: World, params: Params) -> str:
    scope = params.mapping("scope") or {"type": "default"}
    kind = str(scope.get("type", ""))
    if kind not in _SCOPES:
        raise bad_request(f"can't parse BotCommandScope: unsupported type {kind!r}; use one of {', '.join(_SCOPES)}")
    ids = [scope.get(name, "") for name in _SCOPES[kind]]
    if ids:
        ids[0] = world.chat(str(ids[0])).id
    if len(ids) > 1:
        ids[1] = Params(scope).integer("user_id")
    return slot(kind, *ids, language=params.text("language_code"))


def slot(kind: str, *ids: int, language: str = "") -> str:
    """The key under which a scope's list is kept."""
    return json.dumps([kind, *ids, language])


def _command(item: object) -> Json:
    name = str(item.get("command", "")).removeprefix("/") if isinstance(item, dict) else ""
    description = str(item.get("description", "")).strip() if isinstance(item, dict) else ""
    if not _NAME.fullmatch(name):
        raise bad_request(f"BOT_COMMAND_INVALID: {name!r} must be 1-32 characters a-z, 0-9 and _")
    if not 1 <= len(description) <= limits.COMMAND_DESCRIPTION:
        raise bad_request(f"BOT_COMMAND_DESCRIPTION_INVALID: /{name} needs 1-256 characters of description")
    return {"command": name, "description": description}


def set_my_commands(world: World, params: Params) -> bool:
    """``setMyCommands``: at most 100 of a scope; an empty list removes it."""
    key = _slot(world, params)
    items = params.sequence("commands") or []
    if len(items) > limits.COMMANDS:
        raise bad_request(f"BOT_COMMANDS_TOO_MUCH: {len(items)}, at most {limits.COMMANDS}")
    commands = [_command(item) for item in items]
    if commands:
        world.desk.commands[key] = commands
    else:
        world.desk.commands.pop(key, None)
    _menus_changed(world)
    return True


def delete_my_commands(world: World, params: Params) -> bool:
    """``deleteMyCommands``."""
    world.desk.commands.pop(_slot(world, params), None)
    _menus_changed(world)
    return True


def get_my_commands(world: World, params: Params) -> list[Json]:
    """``getMyCommands``: exactly this scope and language, without falling back."""
    return world.desk.commands.get(_slot(world, params), [])


def _menus_changed(world: World) -> None:
    world.touch("desk", "desk")
    world.tell("commands")


def menu(world: World, chat: Chat, user_id: int, language: str) -> list[Json]:
    """The commands a person is offered in a chat: the narrowest scope wins, in their language or the common one."""
    if chat.type == "private":
        scopes = [slot("chat", chat.id, language=""), slot("all_private_chats"), slot("default")]
    else:
        admin = role_of(world, chat, user_id) in ("creator", "administrator")
        scopes = [slot("chat_member", chat.id, user_id)]
        scopes += [slot("chat_administrators", chat.id)] if admin else []
        scopes += [slot("chat", chat.id)]
        scopes += [slot("all_chat_administrators")] if admin else []
        scopes += [slot("all_group_chats"), slot("default")]
    for scope in scopes:
        *where, _ = json.loads(scope)
        for key in (json.dumps([*where, language]), json.dumps([*where, ""])):
            if key in world.desk.commands:
                return world.desk.commands[key]
    return []


def set_chat_menu_button(world: World, params: Params) -> bool:
    """``setChatMenuButton``: the commands list or the default; a web app is refused."""
    button = params.mapping("menu_button") or {"type": "default"}
    if button.get("type") not in ("commands", "default"):
        raise bad_request(f"menu button {button.get('type')!r} is not supported by the local chat; use commands")
    key = str(world.reachable(params.text("chat_id")).id) if params.has("chat_id") else ""
    world.desk.menu_buttons[key] = {"type": button["type"]}
    world.touch("desk", "desk")
    return True


def get_chat_menu_button(world: World, params: Params) -> Json:
    """``getChatMenuButton``: the chat's own, else the one for all."""
    own = world.desk.menu_buttons.get(params.text("chat_id"))
    return own or world.desk.menu_buttons.get("", {"type": "commands"})


METHODS: Final[dict[str, Callable[[World, Params], object]]] = {
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
}
