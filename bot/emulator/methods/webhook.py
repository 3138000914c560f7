"""``setWebhook`` and its kin: where updates go when nobody polls.

Only addresses on this machine are accepted. Delivery itself is :mod:`bot.emulator.courier`.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from bot.emulator import limits
from bot.emulator.wire import Json, Params, bad_request
from bot.emulator.world import World

_SECRET: Final = re.compile(rf"[A-Za-z0-9_-]{{1,{limits.SECRET_TOKEN}}}")


def set_webhook(world: World, params: Params) -> bool:
    """``setWebhook``: an empty url removes it, like ``deleteWebhook``."""
    url, secret = params.text("url").strip(), params.text("secret_token")
    if url and not is_loopback(url):
        raise bad_request(f"bad webhook: {url} is not on this machine; the local chat delivers to 127.0.0.1 only")
    if secret and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters; use 1-256 of A-Z a-z 0-9 _ -")
    remember_allowed_updates(world, params)
    return _switch(world, params, url, secret)


def delete_webhook(world: World, params: Params) -> bool:
    """``deleteWebhook``."""
    return _switch(world, params, "", "")


def _switch(world: World, params: Params, url: str, secret: str) -> bool:
    desk = world.desk
    desk.webhook_url, desk.webhook_secret, desk.webhook_error, desk.webhook_error_s = url, secret, "", 0
    world.touch("desk", "desk")
    if params.flag("drop_pending_updates"):
        world.forget_until(desk.next_update_id)
    world.tell("webhook", url=url)
    return True


def remember_allowed_updates(world: World, params: Params) -> None:
    """Keep the list of wanted kinds; a call without one changes nothing, an empty one restores the default."""
    allowed = params.sequence("allowed_updates")
    if allowed is not None:
        world.desk.allowed_updates = [str(kind) for kind in allowed]
        world.touch("desk", "desk")


def get_webhook_info(world: World, _: Params) -> Json:
    """``getWebhookInfo``."""
    world.expire()
    desk = world.desk
    info: Json = {
        "url": desk.webhook_url,
        "has_custom_certificate": False,
        "pending_update_count": len(world.waiting),
    }
    if desk.webhook_url:
        info |= {"max_connections": 1, "ip_address": "127.0.0.1"}
    if desk.webhook_error:
        info |= {"last_error_date": desk.webhook_error_s, "last_error_message": desk.webhook_error}
    if desk.allowed_updates:
        info["allowed_updates"] = desk.allowed_updates
    return info


def is_loopback(url: str) -> bool:
    """Whether an http(s) address points at this machine by number or as ``localhost``."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https"):
        return False
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


METHODS: Final[dict[str, Callable[[World, Params], object]]] = {
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}
