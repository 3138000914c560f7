"""The state folder: the operator's own numbers, and the key of the simulated account."""

from __future__ import annotations

import secrets
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from core.errors import BadSetting
from core.settings import Settings

SETTINGS_FILE = "settings.toml"
KEY_FILE = "sim.key"
END_MS = 32_503_680_000_000
"""The year 3000: no market is made that far, and calendars end soon after."""


def read_settings(state: Path) -> tuple[Settings, Path | None]:
    """The numbers in force and the file that overrides some of them. Raises :class:`BadSetting` naming the entry."""
    file = state / SETTINGS_FILE
    if not file.is_file():
        return Settings(), None
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as mistake:
        raise BadSetting(f"{file}: {mistake}", name=str(file), value="", expected="TOML") from None
    return Settings.overridden(table), file


def simulated_key(state: Path, draw: Callable[[], str] = lambda: secrets.token_hex(32)) -> str:
    """The private key of the simulated account, made once and readable by its owner only. Worth nothing elsewhere."""
    file = state / KEY_FILE
    if not file.is_file():
        state.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(f"0x{draw()}\n", encoding="ascii")
    return file.read_text(encoding="ascii").strip()


def parse_time(text: str | None, option: str) -> int | None:
    """ISO 8601 (UTC unless it says otherwise) or epoch ms, as epoch ms. Raises :class:`BadSetting`."""
    if text is None:
        return None
    try:
        ms = int(text) if text.isdecimal() else epoch_ms(datetime.fromisoformat(text))
    except ValueError:
        ms = -1
    if not 0 <= ms < END_MS:
        expected = "ISO 8601 (2025-07-14T13:45) or epoch milliseconds, from 1970 to 2999"
        raise BadSetting(f"{option} {text!r} is no time; {expected}", name=option, value=text, expected=expected)
    return ms


def epoch_ms(moment: datetime) -> int:
    """A moment, of UTC unless it says otherwise."""
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def parse_speed(text: str) -> float | None:
    """A speed over 0, or ``None`` for ``step``. Raises :class:`BadSetting`."""
    if text == "step":
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0 < speed <= 100_000:
        expected = "a number over 0 and at most 100000, or step"
        raise BadSetting(f"--speed {text!r} cannot be; {expected}", name="--speed", value=text, expected=expected)
    return speed
