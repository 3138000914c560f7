"""Telegram's limits, in one place, so that the local chat refuses what Telegram would refuse.

Figures are those of the Bot API manual (10.3) and of the open source Bot API server; lengths of text are counted in
UTF-16 code units after markup has been read, ``callback_data`` in bytes. Nothing here is a preference of ours.
"""

from __future__ import annotations

from typing import Final

TEXT: Final = 4096
RAW_TEXT_BYTES: Final = 32 * 1024
CAPTION: Final = 1024
CALLBACK_ANSWER: Final = 200
CALLBACK_DATA_BYTES: Final = 64
COPY_TEXT: Final = 256
ENTITIES: Final = 100

BUTTONS: Final = 100
"""Buttons in one inline keyboard."""
COMMANDS: Final = 100
COMMAND_NAME: Final = 32
COMMAND_DESCRIPTION: Final = 256
BOT_NAME: Final = 64
BOT_DESCRIPTION: Final = 512
BOT_SHORT_DESCRIPTION: Final = 120
TOPIC_NAME: Final = 128
SECRET_TOKEN: Final = 256

PHOTO_BYTES: Final = 10 * 1024 * 1024
PHOTO_SIDES: Final = 10_000
"""Width and height together, in pixels."""
PHOTO_RATIO: Final = 20
DOCUMENT_BYTES: Final = 50 * 1024 * 1024
DOWNLOAD_BYTES: Final = 20 * 1024 * 1024
ALBUM: Final = (2, 10)
DELETE_MANY: Final = 100

POLL_UPDATES: Final = 100
POLL_SECONDS: Final = 50
UPDATE_LIFE_MS: Final = 24 * 3600 * 1000
CALLBACK_LIFE_MS: Final = 150 * 1000
DELETE_LIFE_MS: Final = 48 * 3600 * 1000
ACTION_LIFE_MS: Final = 5 * 1000
DRAFT_LIFE_MS: Final = 30 * 1000

FLOOD_ALL_PER_SECOND: Final = 30
FLOOD_CHAT_PER_SECOND: Final = 1
FLOOD_CHAT_BURST: Final = 5
FLOOD_GROUP_PER_MINUTE: Final = 20

WEBHOOK_FIRST_RETRY_S: Final = 1.0
WEBHOOK_LAST_RETRY_S: Final = 60.0
WEBHOOK_TIMEOUT_S: Final = 60.0
