"""The Bot API methods the local chat answers, by name in lower case (Telegram does not mind the case).

A method is a plain function of the world and the call's parameters: it validates everything first, then changes the
world, then returns the result. Two calls wait for something and therefore live elsewhere: ``getUpdates``
(:mod:`bot.emulator.polling`) and the webhook's delivery (:mod:`bot.emulator.courier`). Whatever is missing here is
answered 404, exactly as by Telegram for a method that does not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bot.emulator.methods import callbacks, chats, commands, edits, forums, media, messages, pins, profile, webhook
from bot.emulator.wire import Params
from bot.emulator.world import World

Method = Callable[[World, Params], object]

METHODS: Final[dict[str, Method]] = {
    name.lower(): method
    for subject in (profile, messages, media, edits, callbacks, chats, pins, forums, commands, webhook)
    for name, method in subject.METHODS.items()
}
