"""The fixtures of the chat tests."""

from __future__ import annotations

from tests.handlers.fixtures import make_blank, open_blank, open_office

__all__ = ["make_blank", "open_blank", "open_office"]
