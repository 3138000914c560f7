"""The command menu beside the text field: per chat, in its language. Cosmetics: access is decided elsewhere."""

from __future__ import annotations

import logging

from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.types import BotCommand, BotCommandScopeChat

from handlers.commands import COMMANDS
from handlers.ports import Role
from locales.texts import Texts

logger = logging.getLogger(__name__)


def menu_of(texts: Texts, role: Role) -> list[BotCommand]:
    """The commands that a role is shown."""
    offered = [command for command in COMMANDS if role.may_act or command.followers]
    return [BotCommand(command=command.name, description=texts(f"command-{command.name}")) for command in offered]


async def publish_menu(bot: Bot, chat_id: int, texts: Texts, role: Role) -> None:
    """Show the menu in one chat. A menu that cannot be shown costs nothing but itself."""
    try:
        await bot.set_my_commands(menu_of(texts, role), scope=BotCommandScopeChat(chat_id=chat_id))
    except AiogramError as error:
        logger.warning("no command menu in chat %s: %s", chat_id, error)
