"""A web page in the same browser, and another program on the same machine, against the local chat."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from bot.emulator.server import LocalTelegram
from tests.bot.emulator.conftest import KEY, TOKEN


@pytest.mark.parametrize("site", ["cross-site", "same-site", "same-origin", "none"])
async def test_no_browser_reaches_the_bot_api_even_by_a_picture_or_a_link(
    telegram: LocalTelegram, session: aiohttp.ClientSession, site: str
) -> None:
    """Pictures, links and forms bear no Origin; what every browser adds to them is Sec-Fetch-Site."""
    async with session.get(
        f"{telegram.base_url}/bot{TOKEN}/getUpdates?offset=999999999", headers={"Sec-Fetch-Site": site}
    ) as response:
        assert response.status == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_another_site_cannot_even_lead_to_the_control_routes(
    telegram: LocalTelegram, session: aiohttp.ClientSession, site: str
) -> None:
    headers = {"Sec-Fetch-Site": site, "X-Chat-Key": KEY}
    async with session.get(f"{telegram.base_url}/control/snapshot", headers=headers) as response:
        assert response.status == 403


async def test_the_cookie_alone_lets_nobody_speak(telegram: LocalTelegram) -> None:
    """Cookies know no ports: every other server on 127.0.0.1 that the person visits is sent ours."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as browser, browser.get(telegram.page_url) as page:
        (cookie,) = page.cookies.values()
    assert KEY not in cookie.value
    stolen = {"Cookie": f"{cookie.key}={cookie.value}"}
    async with aiohttp.ClientSession() as thief:
        body = {"as": "Ann", "text": "/flatten"}
        async with thief.post(f"{telegram.base_url}/control/say", json=body, headers=stolen) as response:
            assert response.status == 403
        async with thief.post(
            f"{telegram.base_url}/control/say", json=body, headers={"X-Chat-Key": cookie.value}
        ) as response:
            assert response.status == 403


@pytest.mark.parametrize(
    "request_line",
    [b"GET /control/snapshot HTTP/1.1\r\nX-Chat-Key: \xff\xfe", b"GET /bot\xff:demo/getMe HTTP/1.1", b"GET / HTTP/1.1"],
)
async def test_bytes_that_are_no_text_are_refused_like_any_wrong_key(
    telegram: LocalTelegram, request_line: bytes
) -> None:
    port = int(telegram.base_url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request_line + b"\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n" % port)
    status = int((await reader.readline()).split()[1])
    assert status in (400, 401, 403)
    writer.close()
