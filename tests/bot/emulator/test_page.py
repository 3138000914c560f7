"""The chat page, driven by Chromium: a person types, taps, sees; and nothing said can harm the page."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, async_playwright, expect

from bot.emulator.server import LocalTelegram
from tests.bot.emulator.chat_client import ChatClient
from tests.bot.emulator.conftest import BotApiCaller, buttons, png

GROUP = -1002000000001
PLACES = (
    os.environ.get("CHROMIUM", ""),
    "/usr/bin/chromium",
    *(shutil.which(n) or "" for n in ("chromium", "google-chrome")),
)
CHROMIUM = next((place for place in PLACES if place and os.access(place, os.X_OK)), "")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: install one or name it in the variable CHROMIUM"),
]


@pytest.fixture
async def page(telegram: LocalTelegram) -> AsyncIterator[Page]:
    """The open page; any complaint of the browser and any request to elsewhere fails the test."""
    complaints: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = await browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
        page = await context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if line.type in ("error", "warning") else None)
        page.on(
            "request", lambda r: None if r.url.startswith(telegram.base_url) else complaints.append(f"left: {r.url}")
        )
        await page.goto(telegram.page_url)
        await expect(page.locator("#link-state")).to_have_text("connected", timeout=20_000)
        yield page
        await browser.close()
    assert complaints == []


async def type_and_send(page: Page, text: str) -> None:
    await page.fill("#words", text)
    await page.press("#words", "Enter")


async def test_a_conversation_from_start_to_confirmed(page: Page, api: BotApiCaller, chat: ChatClient) -> None:
    await type_and_send(page, "/start")
    await expect(page.locator(".post.mine .text")).to_have_text("/start")
    (update,) = await api.result("getUpdates")
    assert (update["message"]["text"], update["message"]["from"]["id"]) == ("/start", 1001)
    await expect(page.locator(".post.mine .ticks.seen")).to_have_count(0)
    await api.result("getUpdates", offset=update["update_id"] + 1)
    await expect(page.locator(".post.mine .ticks.seen")).to_have_count(1)

    keyboard = {"keyboard": [["📊 Status", {"text": "⏸ Pause", "style": "danger"}]], "resize_keyboard": True}
    status = await api.result("sendMessage", chat_id=1001, text="Vektor · PAPER", reply_markup=keyboard)
    await api.result("pinChatMessage", chat_id=1001, message_id=status["message_id"])
    await expect(page.locator("#pinned")).to_contain_text("Vektor · PAPER")
    await page.click("#reply-keyboard >> text=Pause")
    assert (await chat.wait_text("⏸ Pause"))["from"]["id"] == 1001

    asked = await api.result("sendMessage", chat_id=1001, text="Close BTC?", reply_markup=buttons("yes", "no"))
    await page.click(".inline-keyboard >> text=YES")
    await expect(page.locator(".key.busy")).to_have_text("YES")
    query = (await api.result("getUpdates", offset=-1))[0]["callback_query"]
    await api.result("answerCallbackQuery", callback_query_id=query["id"], text="Working…")
    await expect(page.locator(".toast")).to_have_text("Working…")
    await expect(page.locator(".key.busy")).to_have_count(0)
    done = {"inline_keyboard": [[{"text": "✅ Closed", "disabled": {}}]]}
    await api.result(
        "editMessageText", chat_id=1001, message_id=asked["message_id"], text="BTC closed", reply_markup=done
    )
    await expect(page.locator(".post").last).to_contain_text("BTC closed")
    await expect(page.locator(".inline-keyboard .key")).to_be_disabled()


async def test_an_alert_must_be_dismissed(page: Page, api: BotApiCaller) -> None:
    await api.result("sendMessage", chat_id=1001, text="x", reply_markup=buttons("yes"))
    await page.click(".inline-keyboard .key")
    query = (await api.result("getUpdates"))[0]["callback_query"]
    await api.result("answerCallbackQuery", callback_query_id=query["id"], text="Not allowed", show_alert=True)
    await expect(page.locator("dialog.alert p")).to_have_text("Not allowed")
    await page.click("dialog.alert >> text=OK")
    await expect(page.locator("dialog")).to_have_count(0)


async def test_commands_complete_on_a_slash(page: Page, api: BotApiCaller, chat: ChatClient) -> None:
    names = ("status", "stop", "scan", "help")
    await api.result("setMyCommands", commands=[{"command": n, "description": f"About {n}"} for n in names])
    await page.fill("#words", "/st")
    await expect(page.locator("#suggestions button")).to_have_count(2)
    await page.press("#words", "ArrowDown")
    await page.press("#words", "Enter")
    assert (await chat.wait_text("/stop"))["entities"][0]["type"] == "bot_command"
    await page.click("#menu")
    await page.click("#suggestions >> text=/help")
    await chat.wait_text("/help")


async def test_one_speaks_as_whoever_one_chooses(page: Page, api: BotApiCaller, chat: ChatClient) -> None:
    await page.click("[data-person='1002']")
    await expect(page.locator("#start")).to_be_visible()
    await page.click("#start")
    assert (await chat.wait_text("/start", who="Bob"))["from"]["id"] == 1002
    await page.click(f"[data-chat='{GROUP}']")
    await page.click("[data-person='1003']")
    await type_and_send(page, "hello group")
    assert (await chat.wait_text("hello group", "group"))["from"]["id"] == 1003
    await page.click("[data-person='1087968824']")
    await type_and_send(page, "/flatten")
    assert (await chat.wait_text("/flatten", "group"))["sender_chat"]["id"] == GROUP
    await api.result("sendMessage", chat_id=1001, text="for Ann")
    await expect(page.locator("[data-person='1001'] .badge")).to_have_text("1")


async def test_a_picture_is_enlarged_and_survives_an_edit(page: Page, api: BotApiCaller) -> None:
    sent = (await api.upload("sendPhoto", {"photo": ("a.png", png(320, 240))}, chat_id="1001", caption="one"))["result"]
    picture = page.locator(".photo img")
    await expect(picture).to_have_js_property("naturalWidth", 320)
    await picture.evaluate("node => { node.dataset.same = 'yes'; }")
    await api.result("editMessageCaption", chat_id=1001, message_id=sent["message_id"], caption="two")
    await expect(page.locator(".post .text")).to_have_text("two")
    await expect(picture).to_have_attribute("data-same", "yes")
    await page.click(".photo")
    await expect(page.locator(".lightbox img")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator(".lightbox")).to_have_count(0)


async def test_an_album_is_one_bubble(page: Page, api: BotApiCaller) -> None:
    files = {f"f{i}": (f"{i}.png", png()) for i in range(3)}
    media = '[{"type":"photo","media":"attach://f0","caption":"three"},{"type":"photo","media":"attach://f1"},{"type":"photo","media":"attach://f2"}]'
    await api.upload("sendMediaGroup", files, chat_id="1001", media=media)
    await expect(page.locator(".photo")).to_have_count(3)
    await expect(page.locator(".post")).to_have_count(1)
    await expect(page.locator(".post .text")).to_have_text("three")


async def test_what_is_said_never_becomes_markup(page: Page, api: BotApiCaller, chat: ChatClient) -> None:
    attack = "<img src=x onerror=document.title='owned'><script>alert(1)</script>"
    await chat.say("Ann", attack)
    link = [{"type": "text_link", "offset": 0, "length": 4, "url": "javascript:alert(1)"}]
    await api.result("sendMessage", chat_id=1001, text="link", entities=link, reply_markup=buttons("<b>x</b>"))
    await expect(page.locator(".post.mine .text")).to_have_text(attack)
    await expect(page.locator(".post.theirs .text a")).not_to_have_attribute("href", "javascript:alert(1)")
    assert await page.locator("#timeline script, #timeline img, .inline-keyboard b").count() == 0
    assert await page.title() != "owned"


async def test_entities_are_drawn(page: Page, api: BotApiCaller) -> None:
    html = (
        "<b>bold</b> <i>italic</i> <u>under</u> <s>gone</s> <code>code</code> <tg-spoiler>secret</tg-spoiler> "
        '<a href="https://example.org">link</a> <tg-time unix="1795435200" format="T">12:00 UTC</tg-time>'
        "<pre>a table</pre><blockquote expandable>a\nb\nc\nd\ne</blockquote>"
    )
    await api.result("sendMessage", chat_id=1001, text=html, parse_mode="HTML")
    text = page.locator(".post .text")
    for tag, words in (("b", "bold"), ("i", "italic"), ("u", "under"), ("s", "gone"), ("pre", "a table")):
        await expect(text.locator(tag)).to_have_text(words)
    await expect(text.locator("time")).to_have_attribute("datetime", "2026-11-23T12:00:00.000Z")
    await text.locator(".spoiler").click()
    await expect(text.locator(".spoiler.open")).to_have_text("secret")
    quote = text.locator("blockquote")
    folded = await quote.evaluate("q => q.clientHeight")
    await quote.click()
    assert await quote.evaluate("q => q.clientHeight") > folded


async def test_troubles_are_armed_from_the_page(page: Page, api: BotApiCaller) -> None:
    await page.click("#open-trouble")
    await page.click("#drawer >> text=429 · wait 7 s")
    await expect(page.locator("#drawer")).to_contain_text("Armed: too_many_requests")
    assert (await api("sendMessage", chat_id=1001, text="x"))["error_code"] == 429
    await expect(page.locator("#drawer")).to_contain_text("Nothing is armed")
    await page.click("#drawer >> text=Calls")
    await expect(page.locator(".entry .bad")).to_have_text("429")
    await page.click("#drawer >> text=Trouble")
    await page.click("#drawer >> text=Block the bot")
    await expect(page.locator("#start")).to_have_text("RESTART BOT")
    assert (await api("sendMessage", chat_id=1001, text="x"))["error_code"] == 403


SIZES = ((360, 740), (390, 844), (412, 915), (1280, 800))


async def sent_row(page: Page, api: BotApiCaller, chat_id: int, columns: int) -> list[int]:
    """Send a table row; answers the lines it takes on the page and by how much the page is too wide."""
    row = ("1234567890" * 3)[:columns]
    await api.result("sendMessage", chat_id=chat_id, text=f"<pre>{row}</pre>", parse_mode="HTML")
    last = page.locator(".post pre").last
    await expect(last).to_have_text(row)
    lines = await last.evaluate("p => p.querySelector('code').getClientRects().length")
    return [lines, await page.evaluate("document.documentElement.scrollWidth - innerWidth")]


async def test_tables_of_28_columns_fit_and_nothing_sticks_out(page: Page, api: BotApiCaller) -> None:
    for width, height in SIZES:
        await page.set_viewport_size({"width": width, "height": height})
        assert await sent_row(page, api, 1001, 28) == [1, 0], f"{width} px, private"
        bottom = await page.locator("#composer").evaluate("c => Math.round(c.getBoundingClientRect().bottom)")
        assert bottom == height


async def test_tables_of_22_columns_fit_in_a_group(page: Page, api: BotApiCaller) -> None:
    await page.click(f"[data-chat='{GROUP}']")
    for width, height in SIZES:
        await page.set_viewport_size({"width": width, "height": height})
        assert await sent_row(page, api, GROUP, 22) == [1, 0], f"{width} px, group"


async def test_on_a_phone_people_and_chats_are_in_a_drawer(page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    await expect(page.locator("#sidebar")).not_to_be_visible()
    await page.click("#open-sidebar")
    await page.click("[data-person='1003']")
    await page.click(f"[data-chat='{GROUP}']")
    await expect(page.locator("#sidebar")).not_to_be_visible()
    await expect(page.locator("#title")).to_have_text("Vektor followers")
    await expect(page.locator("#me")).to_have_attribute("title", "Speaking as Fay")


async def test_a_change_in_the_middle_of_a_click_does_not_lose_it(page: Page, api: BotApiCaller) -> None:
    sent = await api.result("sendMessage", chat_id=1001, text="live", reply_markup=buttons("yes"))
    for selector in ("[data-person='1002']", "[data-person='1001']", ".inline-keyboard .key"):
        await page.hover(selector)
        await page.mouse.down()
        await api.result(
            "editMessageText", chat_id=1001, message_id=sent["message_id"], text=selector, reply_markup=buttons("yes")
        )
        await expect(page.locator("#chats .last").first).to_be_visible()
        await page.mouse.up()
        if "person" in selector:
            await expect(page.locator(selector)).to_have_attribute("aria-checked", "true")
    await expect(page.locator(".key.busy")).to_have_count(1)


async def test_the_page_comes_back_by_itself_and_the_key_leaves_the_address(page: Page, chat: ChatClient) -> None:
    assert "key" not in page.url
    await chat.say("Ann", "before")
    await page.reload()
    await expect(page.locator(".post.mine .text")).to_have_text("before")
