"""Vektor against Bot API servers that none of us wrote: claim, status, an alert, a close with its confirmation.

The servers are fetched by ``tests/foreign/install.sh``; where they are not, these tests skip and say so.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from tests.e2e.process import ROOT, Process
from tests.foreign.servers import TOKEN, WAIT_S, Place, Telemelya, TestApi, free_port

HERE = Path(__file__).parent
FOREIGN = ROOT / ".foreign"
PYTHON = FOREIGN / "venv" / "bin" / "python"
MODULES = FOREIGN / "node_modules"
NODE = shutil.which("node") or ""
SECRET = "a-secret-of-these-tests"

HAS_TEST_API = bool(NODE) and (MODULES / "telegram-test-api").is_dir()
NEEDS_TEST_API = pytest.mark.skipif(not HAS_TEST_API, reason="no telegram-test-api: run tests/foreign/install.sh")
NEEDS_TELEMELYA = pytest.mark.skipif(not PYTHON.exists(), reason="no telemelya: run tests/foreign/install.sh")

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Scene:
    """A foreign server and the Vektor that speaks through it."""

    place: Place
    vektor: Process
    code: str
    webhook: str


WAYS = [
    pytest.param(("telegram-test-api", "polling"), marks=NEEDS_TEST_API, id="telegram-test-api by polling"),
    pytest.param(("telegram-test-api", "webhook"), marks=NEEDS_TEST_API, id="telegram-test-api by webhook"),
    pytest.param(("telemelya", "webhook"), marks=NEEDS_TELEMELYA, id="telemelya by webhook"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=WAYS)
async def scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    """Both processes, started; the code of the owner read from Vektor's own words."""
    server, mode = request.param
    port, hook = free_port(), free_port()
    webhook = f"http://127.0.0.1:{hook}/telegram" if mode == "webhook" else ""
    async with AsyncExitStack() as stack:
        place = await stack.enter_async_context(await opened(stack, server, port, tmp_path_factory))
        environment = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_BASE": place.base, "TELEGRAM_MODE": mode}
        if webhook:
            environment |= {"TELEGRAM_WEBHOOK_URL": webhook, "TELEGRAM_WEBHOOK_PORT": str(hook)}
            environment |= {"TELEGRAM_WEBHOOK_SECRET": SECRET}
        folder = tmp_path_factory.mktemp("vektor")
        options = ("run", "--venue", "sim", "--speed", "60", "--state", "state")
        vektor = await stack.enter_async_context(Process(*options, cwd=folder, environment=environment))
        code = (await vektor.line(r"/start (\w+)$"))[1]
        yield Scene(place, vektor, code, webhook)


async def opened(stack: AsyncExitStack, server: str, port: int, folders: pytest.TempPathFactory) -> Place:
    """The foreign server, running, with what stands between."""
    folder, upstream = folders.mktemp("server"), f"http://127.0.0.1:{port}"
    if server == "telemelya":
        command, ready = [str(PYTHON), str(HERE / "telemelya_alone.py"), str(port)], "startup complete"
    else:
        command, ready = [NODE, str(HERE / "telegram_test_api.js"), str(port)], "ready"
    process = Process(cwd=folder, command=command, environment={"NODE_PATH": str(MODULES)})
    await stack.enter_async_context(process)
    await process.line(ready)
    return Telemelya(upstream) if server == "telemelya" else TestApi(upstream)


async def claimed(scene: Scene) -> None:
    """Make Ann the owner, once per scene."""
    if scene.code:
        await registered(scene)
        code, scene.code = scene.code, ""
        await scene.place.ask(f"/start {code}", "You own this desk")


async def registered(scene: Scene) -> None:
    """Wait until the webhook is known to the server, where there is one."""
    if not scene.webhook:
        return
    async with asyncio.timeout(WAIT_S), scene.place.changed:
        await scene.place.changed.wait_for(lambda: scene.place.target == scene.webhook)


async def test_the_code_makes_the_owner_and_status_answers(scene: Scene) -> None:
    await registered(scene)
    assert "no owner yet" in (await scene.place.ask("/start", "no owner")).text
    await claimed(scene)
    assert "SIM" in (await scene.place.ask("/status", "Free")).text


async def test_an_opened_position_is_told_with_its_chart(scene: Scene) -> None:
    await claimed(scene)
    told = await scene.place.wait(lambda m: "opened" in m.text and "Stop" in m.text)
    assert told.photo and "Target" in told.text
    pictures = [value for _, form in scene.place.calls for value in form.values() if isinstance(value, bytes)]
    assert pictures and all(picture.startswith((b"\x89PNG", b"\xff\xd8")) for picture in pictures)


async def test_positions_are_listed_and_one_is_closed_after_a_tap(scene: Scene) -> None:
    await claimed(scene)
    await scene.place.wait(lambda m: "opened" in m.text and "Stop" in m.text)
    listed = await scene.place.ask("/positions", "Liquidation")
    symbol = listed.buttons[0]["callback_data"].rpartition(":")[2]
    asked = await scene.place.ask(f"/close {symbol}", "cannot be undone")
    yes = next(key for key in asked.buttons if key["text"].startswith(f"Close {symbol}"))
    await scene.place.tap(asked, yes["callback_data"])
    record = await scene.place.wait(
        lambda m: m.number == asked.number and "Result" in m.text and bool(m.buttons) and "✅" in m.buttons[0]["text"]
    )
    assert "Closed · Ann" in record.buttons[0]["text"]
    answered = [form for method, form in scene.place.calls if method == "answerCallbackQuery"]
    assert answered[-1]["text"] == "Working …"


async def test_a_tap_that_comes_again_closes_nothing(scene: Scene) -> None:
    await claimed(scene)
    question = next(m for m in reversed(await scene.place.messages()) if "Result" in m.text)
    taps = [form for method, form in scene.place.calls if method in ("sendMessage", "answerCallbackQuery")]
    used = next(
        key["callback_data"]
        for form in taps
        if "cannot be undone" in form.get("text", "")
        for row in json.loads(form["reply_markup"])["inline_keyboard"]
        for key in row
    )
    before = len(scene.place.calls)
    await scene.place.tap(question, used)
    async with asyncio.timeout(WAIT_S), scene.place.changed:
        await scene.place.changed.wait_for(
            lambda: any(method == "answerCallbackQuery" for method, _ in scene.place.calls[before:])
        )
    (refusal,) = [form for method, form in scene.place.calls[before:] if method == "answerCallbackQuery"]
    assert refusal["show_alert"] == "true" and "decided" in refusal["text"]


async def test_a_push_without_the_secret_is_refused(scene: Scene) -> None:
    if not scene.webhook:
        pytest.skip("this scene polls")
    await registered(scene)
    async with aiohttp.ClientSession() as session:
        for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "guessed"}):
            async with session.post(scene.webhook, json={"update_id": 1}, headers=headers) as response:
                assert response.status == 401


async def test_vektor_ends_cleanly_with_equal_books(scene: Scene) -> None:
    assert await scene.vektor.stop() == 0
    assert any(": equal" in line for line in scene.vektor.lines), scene.vektor.lines
    assert not [line for line in scene.vektor.lines if "Traceback" in line or TOKEN in line]
