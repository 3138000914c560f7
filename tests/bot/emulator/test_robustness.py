"""Whatever a bot sends, the answer is a result or a refusal in Telegram's words, never a crash; and the package is alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from yarl import URL

from bot.emulator.clock import SteppedClock
from bot.emulator.methods import METHODS
from bot.emulator.people import OWNER
from bot.emulator.server import LocalTelegram
from bot.emulator.wire import ApiError, Params
from bot.emulator.world import World
from tests.bot.emulator.conftest import KEY, NOON_MS, TOKEN

NAMES = (
    "chat_id", "text", "message_id", "caption", "photo", "media", "reply_markup", "reply_parameters", "entities",
    "caption_entities", "parse_mode", "commands", "scope", "message_ids", "reaction", "user_id", "from_chat_id", "action",
    "name", "url", "allowed_updates", "callback_query_id", "message_thread_id", "file_id", "menu_button", "draft_id",
    "link_preview_options", "secret_token", "icon_color", "document",
)  # fmt: skip
LIKELY = st.sampled_from([
    1001, -1002000000001, 1, 0, "1", "HTML", "x", "", "chat", [], {}, {"type": "chat", "chat_id": 1001}, {"type": "emoji"},
    {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}, {"inline_keyboard": [[{"text": "a", "copy_text": "b"}]]},
    {"inline_keyboard": "a"}, {"keyboard": [[1]]}, {"message_id": "x"}, {"type": "photo", "media": {}}, [{}], ["a"], [[]],
    [{"type": "photo"}, {"type": "photo"}], [{"type": "bold", "offset": "0", "length": 1}], "[1", "{}", True, 1.5, "٣",
    {"chat_id": [], "message_id": 1}, {"type": "chat_member", "chat_id": 1001, "user_id": "x"}, "--1", "²",
])  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=6,
)


VALUES = st.fixed_dictionaries(
    {"chat_id": st.just(1001) | st.just(1001) | LIKELY, "message_id": st.just(1) | st.just(1) | LIKELY},
    optional={name: LIKELY | ANYTHING for name in NAMES if name not in ("chat_id", "message_id")},
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(METHODS)), VALUES)
def test_no_parameters_make_a_method_stumble(method: str, values: dict[str, Any]) -> None:
    world = World(bot_id=7, bot_name="Vektor", owner_id=OWNER, clock=SteppedClock(NOON_MS))
    METHODS["sendmessage"](world, Params({"chat_id": OWNER, "text": "first"}))
    try:
        result = METHODS[method](world, Params(values))
    except ApiError as refusal:
        assert refusal.description.startswith(("Bad Request: ", "Forbidden: "))  # noqa: PT017 - either outcome is right
    else:
        assert result is not None


@pytest.mark.parametrize(
    "path", ["/bot%ff:demo/getMe", "/bot7:demo-test/%ff", "/bot/getMe", "/file/bot7:demo-test/%ff"]
)
async def test_odd_addresses_are_refused_not_crashed_on(
    telegram: LocalTelegram, session: aiohttp.ClientSession, path: str
) -> None:
    async with session.get(URL(telegram.base_url + path, encoded=True)) as response:
        assert 400 <= response.status < 500


async def test_odd_keys_are_refused_not_crashed_on(telegram: LocalTelegram, session: aiohttp.ClientSession) -> None:
    for headers in ({"X-Chat-Key": "ключ"}, {"Cookie": "chat=ключ"}):
        async with session.get(telegram.base_url + "/control/log", headers=headers) as response:
            assert response.status == 403


async def test_odd_control_requests_are_refused(telegram: LocalTelegram, session: aiohttp.ClientSession) -> None:
    bodies: list[Any] = [[], {}, {"as": {}}, {"as": "Ann", "text": {}}, {"as": "Ann", "text": "x", "ago": "long"}]
    bodies += [{"as": "Ann", "chat": "@x", "text": "x"}, {"kind": []}, {"kind": "kicked", "chat": 1001}, {"ms": "x"}]
    for route in ("say", "edit", "tap", "forge_callback", "fault", "advance"):
        for body in bodies:
            url = f"{telegram.base_url}/control/{route}"
            async with session.post(url, json=body, headers={"X-Chat-Key": KEY}) as response:
                assert response.status < 500, (route, body, await response.text())


@pytest.mark.parametrize("owner_id", [0, -5, 1002, 1087968824])
def test_the_owner_has_a_number_of_their_own(owner_id: int) -> None:
    with pytest.raises(ValueError, match="owner_id"):
        LocalTelegram(token=TOKEN, page_key=KEY, clock=SteppedClock(NOON_MS), owner_id=owner_id)


def test_the_package_needs_nothing_of_ours_and_no_telegram_library() -> None:
    code = "import sys, bot.emulator.server; print('\\n'.join(sys.modules))"
    root = Path(__file__).parents[3]
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
    ).stdout.split()
    foreign = [
        m for m in loaded if m.startswith(("aiogram", "telegram", "core", "handlers", "jobs", "storage", "pydantic"))
    ]
    ours = [m for m in loaded if m.startswith("bot.") and not m.startswith("bot.emulator")]
    assert foreign + ours == []
