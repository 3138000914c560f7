"""How the exchange fails: the few HTTP failures it knows, as exceptions. A refused order is no failure but an answer."""

from __future__ import annotations

from core.errors import VektorError

UNREADABLE = "Failed to parse the request body as JSON"
UNSUITABLE = "Failed to deserialize the JSON body into the target type"
WRONG_TYPE = "Expected request with `Content-Type: application/json`"


class Unsuitable(VektorError):
    """The body is JSON, but not a request (HTTP 422)."""

    def __init__(self) -> None:
        super().__init__(UNSUITABLE)


class Broken(VektorError):
    """The exchange fails on this request (HTTP 500 with the body ``null``)."""


class Busy(VektorError):
    """Too many requests (HTTP 429)."""
