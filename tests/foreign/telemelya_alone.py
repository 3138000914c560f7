"""Starts the published telemelya server on the port given. Runs in its own environment (.foreign/venv), not in ours.

Its Bot API and control routes are untouched; only what it keeps things in is replaced: Redis by fakeredis, and the S3
bucket by a dictionary, so that no service has to run.
"""

from __future__ import annotations

import sys

import fakeredis
import uvicorn
from telemelya.server import media, state
from telemelya.server.app import app


async def connect_state() -> None:
    """Instead of a connection to Redis."""
    state.state_manager._redis = fakeredis.FakeAsyncRedis(decode_responses=True)


class Shelf:
    """Instead of the bucket."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    async def put_object(self, *, Bucket: str, Key: str, Body: bytes, ContentType: str) -> None:  # noqa: N803
        """Keep a file, as the S3 client is asked to."""
        self.files[Key] = Body


async def connect_media() -> None:
    """Instead of a connection to S3."""
    media.media_manager._client = Shelf()


async def close_media() -> None:
    """There is no connection to close."""


state.state_manager.connect = connect_state
media.media_manager.connect = connect_media
media.media_manager.close = close_media
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="info")
