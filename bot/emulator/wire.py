"""How a Bot API request is read and how an answer is written.

Telegram takes parameters from the query, a form, JSON or multipart, all at once, and every client library uses another
mixture: a number may come as ``5`` or ``"5"``, a list as JSON inside a string, a file as ``attach://name``. This module
turns all of them into :class:`Params` and refuses what has the wrong type; it knows no method.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web

Json = dict[str, Any]

_TRUE: Final = {"true", "1", "yes", "y"}


class ApiError(Exception):
    """A refusal in Telegram's words: HTTP status, description and, at times, parameters."""

    def __init__(self, code: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad_request(description: str, parameters: Json | None = None) -> ApiError:
    """The usual refusal, HTTP 400."""
    return ApiError(400, f"Bad Request: {description}", parameters)


def forbidden(description: str) -> ApiError:
    """The bot may not speak there, HTTP 403."""
    return ApiError(403, f"Forbidden: {description}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Params:
    """The parameters of one call, by name, with the files that came along."""

    values: Json = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Whether a parameter was given and is not empty."""
        return self.values.get(name) not in (None, "") or name in self.uploads

    def text(self, name: str, default: str = "") -> str:
        """A string; numbers are taken as their digits."""
        value = self.values.get(name)
        if value is None:
            return default
        if isinstance(value, bool | dict | list):
            raise bad_request(f'can\'t parse "{name}": a string is expected')
        return str(value)

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number, also when written as a string."""
        value = self.values.get(name)
        if value in (None, ""):
            return default
        try:
            return int(str(value).strip())
        except ValueError:
            raise bad_request(f'invalid {name} specified: a number is expected, got "{value}"') from None

    def flag(self, name: str) -> bool:
        """True or false; anything but a clear yes is no."""
        return str(self.values.get(name, "")).strip().lower() in _TRUE

    def parsed(self, name: str) -> Any:
        """A JSON value, whether it arrived as such or inside a string; None when absent."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None

    def mapping(self, name: str) -> Json | None:
        """A JSON object, or None when absent."""
        value = self.parsed(name)
        if value is not None and not isinstance(value, dict):
            raise bad_request(f"can't parse {name}: an object is expected")
        return value

    def sequence(self, name: str) -> list[Any] | None:
        """A JSON array, or None when absent."""
        value = self.parsed(name)
        if value is not None and not isinstance(value, list):
            raise bad_request(f"can't parse {name}: an array is expected")
        return value

    def described(self) -> Json:
        """The parameters as the log shows them: files by name and size, never their bytes."""
        files = {k: {"file": u.name, "bytes": len(u.data), "type": u.content_type} for k, u in self.uploads.items()}
        return {**self.values, **files}


async def read_params(request: web.Request) -> Params:
    """Everything a request carries; later sources (body) win over earlier ones (query)."""
    values: Json = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json":
        values.update(_json_body(await request.text()))
        return Params(values, uploads)
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            with value.file as file:
                uploads[name] = Upload(value.filename or name, value.content_type, file.read())
        else:
            values[name] = value if isinstance(value, str) else value.decode()
    return Params(values, uploads)


def _json_body(text: str) -> Json:
    if not text.strip():
        return {}
    try:
        body = json.loads(text)
    except ValueError:
        raise bad_request("can't parse request JSON object") from None
    if not isinstance(body, dict):
        raise bad_request("request JSON must be an object")
    return body


def success(result: object) -> web.Response:
    """The envelope of a result."""
    return _answer({"ok": True, "result": result}, 200)


def failure(error: ApiError) -> web.Response:
    """The envelope of a refusal; a flood wait is repeated in the ``Retry-After`` header, as Telegram does."""
    body: Json = {"ok": False, "error_code": error.code, "description": error.description}
    if error.parameters:
        body["parameters"] = error.parameters
    response = _answer(body, error.code)
    if error.parameters and "retry_after" in error.parameters:
        response.headers["Retry-After"] = str(error.parameters["retry_after"])
    return response


def _answer(body: Json, status: int) -> web.Response:
    return web.Response(text=json.dumps(body, ensure_ascii=False), content_type="application/json", status=status)
