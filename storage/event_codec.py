"""Events as JSON and back: the class name is the kind, money travels as text.

A row of a kind or shape that this version does not know (an older or newer one wrote it) decodes to nothing and stays
where it is; it is never an error.
"""

from __future__ import annotations

import logging
from typing import get_args

import msgspec

from core.errors import BrokenInvariant
from core.events import Event
from storage.rows import plain

log = logging.getLogger(__name__)

KINDS: dict[str, type[Event]] = {kind.__name__: kind for kind in get_args(Event)}
_encoder = msgspec.json.Encoder(decimal_format="string", enc_hook=plain)


def encode(event: Event) -> tuple[str, str]:
    """Kind and body. Raises :class:`BrokenInvariant` for an event that would not read back (a NaN, a foreign type)."""
    kind = type(event).__name__
    try:
        body = _encoder.encode(event)
        msgspec.json.decode(body, type=KINDS[kind])
    except (KeyError, NotImplementedError, msgspec.ValidationError) as error:
        raise BrokenInvariant(f"event {kind} cannot be stored: {error}") from error
    return kind, body.decode()


def decode(kind: str, body: str) -> Event | None:
    """The event, or ``None`` with a line in the log when this version cannot read it."""
    if kind not in KINDS:
        log.warning("an event of the unknown kind %s is kept and not announced", kind)
        return None
    try:
        return msgspec.json.decode(body, type=KINDS[kind])
    except msgspec.DecodeError as error:
        log.warning("an event %s is kept and not announced, it cannot be read: %s", kind, error)
        return None
