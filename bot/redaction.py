"""Keeps the bot's token out of every log line: it stands in each URL, so any HTTP error would print it."""

from __future__ import annotations

import logging
import re

BOT_PATH = re.compile(r"/bot\d+(?::|%3[Aa])[^/\s'\"]+")


def redacted(text: str) -> str:
    """The text without tokens.

    >>> redacted("GET https://api.telegram.org/bot12345:AAExample_Token-0123456789abcdefghi/getMe failed")
    'GET https://api.telegram.org/bot<token>/getMe failed'
    >>> redacted("/bot12345%3AAExample/getMe")
    '/bot<token>/getMe'
    """
    return BOT_PATH.sub("/bot<token>", text)


class TokenRedaction(logging.Filter):
    """Filter for log handlers: rewrites the message and its traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, redacted."""
        record.msg, record.args = redacted(record.getMessage()), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = redacted(record.exc_text)
        return True


def redact_logs() -> None:
    """Put the filter on every handler of the root logger. Call after logging was configured."""
    for handler in logging.getLogger().handlers:
        if not any(isinstance(one, TokenRedaction) for one in handler.filters):
            handler.addFilter(TokenRedaction())
