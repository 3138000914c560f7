"""Photos, documents, albums and getting them back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.emulator.pictures import Picture, read_picture
from tests.bot.emulator.chat_client import ChatClient
from tests.bot.emulator.conftest import TOKEN, BotApiCaller, buttons, png


async def test_a_photo_keeps_its_bytes_and_size(api: BotApiCaller) -> None:
    data = png(320, 200)
    message = (await api.upload("sendPhoto", {"photo": ("chart.png", data)}, chat_id="1001", caption="BTC"))["result"]
    size = message["photo"][-1]
    assert (size["width"], size["height"], size["file_size"]) == (320, 200, len(data))
    file = await api.result("getFile", file_id=size["file_id"])
    async with api.session.get(f"{api.base_url}/file/bot{TOKEN}/{file['file_path']}") as response:
        assert await response.read() == data
        assert response.content_type == "image/png"


async def test_a_file_already_here_is_sent_again_by_its_id(api: BotApiCaller) -> None:
    message = (await api.upload("sendPhoto", {"photo": ("a.png", png())}, chat_id="1001"))["result"]
    again = await api.result("sendPhoto", chat_id=1001, photo=message["photo"][0]["file_id"])
    assert again["photo"] == message["photo"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"no picture at all", "IMAGE_PROCESS_FAILED"),
        (png(9000, 1001), "PHOTO_INVALID_DIMENSIONS"),
        (png(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
        (png() + b"0" * (10 * 1024 * 1024), "file is too big"),
        (b"", "file must be non-empty"),
    ],
    ids=["no picture", "too large", "too long", "too heavy", "empty"],
)
async def test_photos_telegram_would_not_take_are_refused(api: BotApiCaller, data: bytes, words: str) -> None:
    body = await api.upload("sendPhoto", {"photo": ("a.png", data)}, chat_id="1001")
    assert (body["error_code"], body["ok"]) == (400, False)
    assert words in body["description"]


async def test_the_local_chat_fetches_nothing_from_the_internet(api: BotApiCaller) -> None:
    assert "internet" in await api.refusal("sendPhoto", chat_id=1001, photo="https://example.org/a.png")
    assert "wrong file identifier" in await api.refusal("sendDocument", chat_id=1001, document="nonsense")
    assert "there is no photo" in await api.refusal("sendPhoto", chat_id=1001)


async def test_a_document_keeps_its_name(api: BotApiCaller) -> None:
    files = {"document": ("trades.csv", b"a,b\n1,2\n")}
    document = (await api.upload("sendDocument", files, chat_id="1001"))["result"]["document"]
    assert (document["file_name"], document["mime_type"], document["file_size"]) == ("trades.csv", "text/csv", 8)
    refusal = await api.refusal("sendPhoto", chat_id=1001, photo=document["file_id"])
    assert "can't use file of type Document as Photo" in refusal


async def test_a_document_is_saved_by_the_page_never_opened(api: BotApiCaller, chat: ChatClient) -> None:
    files = {"document": ("evil.html", b"<script>alert(1)</script>")}
    document = (await api.upload("sendDocument", files, chat_id="1001"))["result"]["document"]
    headers = {"X-Chat-Key": "a-key-of-the-tests-only"}
    async with api.session.get(f"{api.base_url}/control/file/{document['file_id']}", headers=headers) as response:
        assert response.content_type == "application/octet-stream"
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert response.headers["X-Content-Type-Options"] == "nosniff"


def album(*kinds: str) -> str:
    return json.dumps([{"type": kind, "media": f"attach://f{i}"} for i, kind in enumerate(kinds)])


async def send_album(api: BotApiCaller, *kinds: str, **more: str) -> dict[str, Any]:
    files = {f"f{i}": (f"{i}.png", png()) for i in range(len(kinds))}
    return await api.upload("sendMediaGroup", files, chat_id="1001", media=album(*kinds), **more)


async def test_an_album_is_several_messages_with_one_group_id(api: BotApiCaller) -> None:
    messages = (await send_album(api, "photo", "photo", "photo"))["result"]
    assert len({m["media_group_id"] for m in messages}) == 1
    assert len({m["message_id"] for m in messages}) == 3


async def test_albums_have_two_to_ten_of_a_kind_and_no_buttons(api: BotApiCaller) -> None:
    assert "2 to 10" in (await send_album(api, "photo"))["description"]
    assert "can't be mixed" in (await send_album(api, "photo", "document"))["description"]
    assert "not supported" in (await send_album(api, "photo", "video"))["description"]
    markup = json.dumps(buttons("a"))
    assert "not allowed" in (await send_album(api, "photo", "photo", reply_markup=markup))["description"]


async def test_unknown_files_are_refused(api: BotApiCaller) -> None:
    assert "wrong file_id" in await api.refusal("getFile", file_id="nonsense")
    async with api.session.get(f"{api.base_url}/file/bot{TOKEN}/photos/none.png") as response:
        assert response.status == 404


@pytest.mark.parametrize(
    ("data", "picture"),
    [
        (png(7, 9), Picture("png", 7, 9)),
        (b"GIF89a\x05\x00\x06\x00", Picture("gif", 5, 6)),
        (b"\xff\xd8\xff\xe0\x00\x04\x00\x00\xff\xc2\x00\x0b\x08\x00\x0a\x00\x14\x01", Picture("jpg", 20, 10)),
        (b"RIFF\0\0\0\0WEBPVP8X" + b"\0" * 8 + b"\x13\0\0\x09\0\0", Picture("webp", 20, 10)),
        (b"\xff\xd8\xff\xd9", None),
        (b"%PDF-1.7", None),
    ],
)
def test_a_pictures_header_tells_its_size(data: bytes, picture: Picture | None) -> None:
    assert read_picture(data) == picture
