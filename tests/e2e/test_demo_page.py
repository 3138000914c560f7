"""The demonstration through its page in Chromium, as a newcomer meets it: START, a scan, a trade, a close.

Pictures of every step lie in pytest's folder for temporary files, at a phone's and at a desktop's size.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.e2e.demonstration import ANSWER_S, TRADE_S, Demonstration

PLACES = (os.environ.get("CHROMIUM", ""), *(shutil.which(n) or "" for n in ("chromium", "google-chrome")))
CHROMIUM = next((place for place in PLACES if place and os.access(place, os.X_OK)), "")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
SIZES = {"phone": (390, 844), "desktop": (1280, 800)}
ANSWER_MS, TRADE_MS = ANSWER_S * 1000, TRADE_S * 1000

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: install one or name it in the variable CHROMIUM"),
]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


async def opened(browser: Browser, url: str, size: str) -> Page:
    """The page at a size."""
    width, height = SIZES[size]
    page = await browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
    await page.goto(url)
    await expect(page.locator("#link-state")).to_have_text("connected", timeout=ANSWER_MS)
    return page


async def say(page: Page, text: str) -> None:
    """Type and send."""
    await page.fill("#words", text)
    await page.press("#words", "Enter")


async def close_first_position(page: Page, shots: Path, size: str) -> None:
    """Ask for the positions, tap a close button, confirm, and see the question become the record."""
    lists = page.locator(".post", has_text="Liquidation")
    listed = lists.nth(await lists.count())
    await say(page, "/positions")
    await expect(listed).to_contain_text("✓", timeout=ANSWER_MS)
    await page.screenshot(path=shots / f"{size}-4-positions.png")
    await listed.locator(".key", has_text=re.compile("^Close ")).first.click()
    question = page.locator(".post", has_text="cannot be undone").last
    await expect(question).to_be_visible(timeout=ANSWER_MS)
    await question.locator(".key").last.scroll_into_view_if_needed()
    await page.screenshot(path=shots / f"{size}-5-question.png")
    number = await question.get_attribute("data-id")
    await question.locator(".key", has_text=re.compile("^Close ")).click()
    record = page.locator(f'.post[data-id="{number}"]')
    await expect(record).to_contain_text("Result", timeout=ANSWER_MS)
    await expect(record.locator(".key")).to_contain_text("✅ Closed · Ann", timeout=ANSWER_MS)
    await expect(record.locator(".key")).to_be_disabled()
    await record.locator(".key").scroll_into_view_if_needed()
    await page.screenshot(path=shots / f"{size}-6-closed.png")


async def test_a_newcomer_presses_start_sees_a_scan_and_a_trade_and_closes_it(tmp_path: Path, browser: Browser) -> None:
    async with Demonstration(tmp_path) as demo:
        page = await opened(browser, demo.url, "phone")
        await expect(page.locator("#start")).to_have_text("START", timeout=ANSWER_MS)
        await page.screenshot(path=tmp_path / "phone-1-start.png")
        await page.reload()  # the address is gone from the bar by now; the code must have stayed
        await page.click("#start")
        await expect(page.locator(".post.mine").first).to_contain_text(f"/start {demo.code}", timeout=ANSWER_MS)
        await expect(page.locator(".post", has_text="You own this desk")).to_be_visible(timeout=ANSWER_MS)
        await page.screenshot(path=tmp_path / "phone-2-owner.png")
        trade = page.locator(".post:has(img)", has_text="opened").first
        await expect(trade).to_contain_text("Target", timeout=TRADE_MS)
        await trade.scroll_into_view_if_needed()
        await page.screenshot(path=tmp_path / "phone-3-trade.png")
        await close_first_position(page, tmp_path, "phone")
        desktop = await opened(browser, demo.url, "desktop")
        await say(desktop, "/scan")
        await expect(desktop.locator(".post", has_text="opened of").last).to_be_visible(timeout=ANSWER_MS)
        await desktop.screenshot(path=tmp_path / "desktop-3-scan.png")
        await close_first_position(desktop, tmp_path, "desktop")
        assert ": equal" in (await demo.end())[-1]
