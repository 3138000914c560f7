"""Secrets and switches: the only reader of the environment and of ``.env``. Numbers live in ``core/settings.py``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.exchange.hyperliquid.signing import SecretKey
from bot.redaction import redacted
from core.errors import BadSetting

LOCALES = ("en", "de")
WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class Environment(BaseSettings):
    """One field per variable of ``.env.example``; secrets hide themselves in ``repr`` and logs."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore")

    telegram_token: SecretStr | None = None
    telegram_api_base: str | None = Field(default=None, pattern=r"^https?://\S+$")
    telegram_mode: Literal["polling", "webhook"] = "polling"
    telegram_webhook_url: str | None = Field(default=None, pattern=r"^https?://\S+$")
    telegram_webhook_port: int = Field(default=8443, ge=1, le=65535)
    telegram_webhook_secret: SecretStr | None = None
    telegram_owner_id: int | None = Field(default=None, gt=0)
    telegram_followers_chat: int | None = None
    database_url: str | None = Field(default=None, pattern=r"^(sqlite|postgresql)(\+\w+)?://\S+$")
    hyperliquid_account: str | None = Field(default=None, pattern=r"^0x[0-9a-fA-F]{40}$")
    hyperliquid_api_key: SecretStr | None = None
    hyperliquid_api_base: str | None = Field(default=None, pattern=r"^https?://\S+$")
    live_trading: Literal["mainnet"] | None = None
    live_evidence: Path | None = None
    binance_api_base: str | None = Field(default=None, pattern=r"^https?://\S+$")
    binance_stream_base: str | None = Field(default=None, pattern=r"^wss?://\S+$")
    bybit_stream_base: str | None = Field(default=None, pattern=r"^wss?://\S+$")
    okx_stream_base: str | None = Field(default=None, pattern=r"^wss?://\S+$")
    okx_api_base: str | None = Field(default=None, pattern=r"^https?://\S+$")
    locale: Literal["en", "de"] = "en"
    timezone: str = "UTC"

    @field_validator("timezone")
    @classmethod
    def known_zone(cls, value: str) -> str:
        """Only names of the IANA database."""
        if value not in available_timezones():
            raise ValueError("a name of the IANA time zone database, such as Europe/Berlin")
        return value

    @field_validator("telegram_token")
    @classmethod
    def token_form(cls, value: SecretStr | None) -> SecretStr | None:
        """``digits:characters``, as BotFather gives it."""
        if value is not None:
            digits, _, rest = value.get_secret_value().partition(":")
            if not digits.isdigit() or not rest:
                raise ValueError("digits, a colon and characters, as BotFather gives it")
        return value

    @field_validator("telegram_webhook_secret")
    @classmethod
    def secret_form(cls, value: SecretStr | None) -> SecretStr | None:
        """What Telegram takes; it would refuse another one again and again."""
        if value is not None and not WEBHOOK_SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("1 to 256 of A-Z a-z 0-9 _ -")
        return value

    @field_validator("hyperliquid_api_key")
    @classmethod
    def key_form(cls, value: SecretStr | None) -> SecretStr | None:
        """0x and 64 hex digits, of a key that can be."""
        if value is not None:
            try:
                SecretKey(value.get_secret_value())
            except BadSetting:
                raise ValueError("0x and 64 hex digits, the private key of an API wallet") from None
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The operator's time zone."""
        return ZoneInfo(self.timezone)


SECRETS = {"telegram_token", "telegram_webhook_secret", "hyperliquid_api_key"}


def read_environment(env_file: Path | None = Path(".env")) -> Environment:
    """The environment, checked. Raises :class:`BadSetting` naming the variable, its value and what would be right."""
    try:
        return Environment(_env_file=env_file)  # type: ignore[call-arg]
    except UnicodeDecodeError:
        raise BadSetting(
            f"{env_file} is no UTF-8 text", name=str(env_file), value="(hidden)", expected="UTF-8"
        ) from None
    except ValidationError as mistake:
        first = mistake.errors()[0]
        name = str(first["loc"][0])
        value = "(hidden)" if name in SECRETS else repr(redacted(without_password(str(first["input"]))))
        expected = str(first["msg"]).removeprefix("Value error, ")
        raise BadSetting(
            f"{name.upper()} is {value}; expected: {expected}", name=name.upper(), value=value, expected=expected
        ) from None


def without_password(value: str) -> str:
    """An address without who logs in there, and with what.

    >>> without_password("mysql://ann:secret@db/vektor"), without_password("Mars/Olympus")
    ('mysql://(hidden)@db/vektor', 'Mars/Olympus')
    """
    scheme, mark, rest = value.partition("://")
    return f"{scheme}{mark}(hidden)@{rest.rpartition('@')[2]}" if "@" in rest else value
