"""Photos, documents and albums, and fetching them back by ``getFile``.

Files come as uploads (also ``attach://name``) or as the id of a file already here. An internet address is refused: the
local chat never leaves the machine.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from typing import Any, Final

from bot.emulator import limits
from bot.emulator.formatting import read_text
from bot.emulator.methods.sending import Envelope, read_envelope, send
from bot.emulator.pictures import read_picture
from bot.emulator.records import StoredFile
from bot.emulator.wire import ApiError, Json, Params, Upload, bad_request
from bot.emulator.world import World


def send_photo(world: World, params: Params) -> Json:
    """``sendPhoto``: up to 10 MB, sides together up to 10 000 px, at most 20 times as long as wide."""
    return _send_one(world, params, "photo")


def send_document(world: World, params: Params) -> Json:
    """``sendDocument``: any file up to 50 MB."""
    return _send_one(world, params, "document")


def _send_one(world: World, params: Params, kind: str) -> Json:
    envelope = read_envelope(world, params)
    caption = caption_of(params)
    media = stored(world, params, params.values.get(kind), kind, field=kind)
    return send(world, envelope, {**media_field(kind, media), **caption, **_looks(params.values)})


def caption_of(params: Params) -> Json:
    """Caption and its entities, at most 1024 UTF-16 units."""
    formatted = read_text(params, "caption", limit=limits.CAPTION, entities="caption_entities")
    if not formatted.text:
        return {}
    return {"caption": formatted.text, **({"caption_entities": formatted.entities} if formatted.entities else {})}


def _looks(given: Json) -> Json:
    flags = {"show_caption_above_media": "show_caption_above_media", "has_spoiler": "has_media_spoiler"}
    return {field: True for name, field in flags.items() if str(given.get(name, "")).lower() == "true"}


def send_media_group(world: World, params: Params) -> list[Json]:
    """``sendMediaGroup``: 2 to 10 photos, or 2 to 10 documents; an album carries no keyboard."""
    envelope = read_envelope(world, params)
    if envelope.markup:
        raise bad_request("reply markup is not allowed in an album")
    items = params.sequence("media") or []
    low, high = limits.ALBUM
    if not low <= len(items) <= high:
        raise bad_request(f"there must be {low} to {high} media in an album, got {len(items)}")
    contents = [media_content(world, params, item) for item in items]
    if len({"photo" in content for content in contents}) > 1:
        raise bad_request("documents can't be mixed with other media types in an album")
    return _send_album(world, envelope, contents)


def _send_album(world: World, envelope: Envelope, contents: list[Json]) -> list[Json]:
    album = str(13_000_000_000_000_000 + world.serial())
    return [send(world, envelope, {"media_group_id": album, **content}) for content in contents]


def media_content(world: World, params: Params, item: Any) -> Json:
    """The message content of one ``InputMediaPhoto`` or ``InputMediaDocument``."""
    if not isinstance(item, dict) or item.get("type") not in ("photo", "document"):
        kind = item.get("type") if isinstance(item, dict) else item
        raise bad_request(f"can't parse InputMedia: type {kind!r} is not supported; use photo or document")
    inner = Params(item, params.uploads)
    file = stored(world, params, item.get("media"), item["type"])
    return {**media_field(item["type"], file), **caption_of(inner), **_looks(item)}


def stored(world: World, params: Params, given: Any, kind: str, field: str = "") -> StoredFile:
    """The file a call means: an upload (kept now) or one already here; ApiError 400 for anything else."""
    upload = params.uploads.get(field)
    if isinstance(given, str) and given.startswith("attach://"):
        upload = params.uploads.get(given.removeprefix("attach://"))
    if upload is not None:
        return _keep(world, upload, kind)
    if isinstance(given, str) and given in world.files:
        file = world.files[given]
        if kind == "photo" and not file.width:
            raise bad_request("can't use file of type Document as Photo")
        return file
    if isinstance(given, str) and given.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content: the local chat opens no internet addresses; upload the file")
    if not given:
        raise bad_request(f"there is no {kind} in the request")
    raise bad_request("wrong file identifier/HTTP URL specified")


def _keep(world: World, upload: Upload, kind: str) -> StoredFile:
    if not upload.data:
        raise bad_request("file must be non-empty")
    number = world.serial()
    if kind == "photo":
        file = _photo(upload, number)
    else:
        if len(upload.data) > limits.DOCUMENT_BYTES:
            raise ApiError(413, "Request Entity Too Large")
        mime = mimetypes.guess_type(upload.name)[0] or upload.content_type or "application/octet-stream"
        file = StoredFile(f"BQACAgLocal{number:012d}", f"documents/file_{number}", upload.name, mime, len(upload.data))
    world.files[file.file_id] = file
    world.blobs[file.file_id] = upload.data
    world.touch("file", file.file_id)
    return file


def _photo(upload: Upload, number: int) -> StoredFile:
    if len(upload.data) > limits.PHOTO_BYTES:
        raise bad_request(f"file is too big: {len(upload.data)} bytes, at most {limits.PHOTO_BYTES} for a photo")
    picture = read_picture(upload.data)
    if picture is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    long, short = max(picture.width, picture.height), min(picture.width, picture.height)
    if picture.width + picture.height > limits.PHOTO_SIDES or short == 0 or long > limits.PHOTO_RATIO * short:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    mime = "image/jpeg" if picture.kind == "jpg" else f"image/{picture.kind}"
    path = f"photos/file_{number}.{picture.kind}"
    return StoredFile(
        f"AgACAgLocal{number:012d}", path, upload.name, mime, len(upload.data), picture.width, picture.height
    )


def media_field(kind: str, file: StoredFile) -> Json:
    """``photo`` (one size: the original) or ``document`` of a message."""
    card: Json = {"file_id": file.file_id, "file_unique_id": file.unique_id, "file_size": file.size}
    if kind == "photo":
        return {"photo": [{**card, "width": file.width, "height": file.height}]}
    return {"document": {**card, "file_name": file.name, "mime_type": file.mime_type}}


def get_file(world: World, params: Params) -> Json:
    """``getFile``: where to download a file of up to 20 MB."""
    file = world.files.get(params.text("file_id"))
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if file.size > limits.DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "file_size": file.size,
        "file_path": file.path,
    }


METHODS: Final[dict[str, Callable[[World, Params], object]]] = {
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "sendMediaGroup": send_media_group,
    "getFile": get_file,
}
