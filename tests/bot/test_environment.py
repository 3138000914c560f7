"""A wrong ``.env`` value is named with what would be right, and a secret never shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.environment import Environment, read_environment
from core.errors import BadSetting

KEY = "0x" + "ab" * 32


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Environment.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def env(folder: Path, text: str) -> Path:
    file = folder / ".env"
    file.write_text(text)
    return file


def test_an_empty_example_is_the_default(tmp_path: Path) -> None:
    example = Path(__file__).resolve().parents[2] / ".env.example"
    assert read_environment(example) == read_environment(tmp_path / "absent")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("TELEGRAM_MODE=push", "TELEGRAM_MODE is 'push'; expected: Input should be 'polling' or 'webhook'"),
        (
            "TELEGRAM_WEBHOOK_PORT=99999",
            "TELEGRAM_WEBHOOK_PORT is '99999'; expected: Input should be less than or equal to 65535",
        ),
        ("TELEGRAM_OWNER_ID=ann", "TELEGRAM_OWNER_ID is 'ann'; expected: Input should be a valid integer"),
        ("TIMEZONE=Mars/Olympus", "TIMEZONE is 'Mars/Olympus'; expected: a name of the IANA time zone database"),
        ("LOCALE=xx", "LOCALE is 'xx'; expected: Input should be 'en' or 'de'"),
        ("DATABASE_URL=mysql://x/y", "DATABASE_URL is 'mysql://x/y'"),
        ("HYPERLIQUID_ACCOUNT=0x12", "HYPERLIQUID_ACCOUNT is '0x12'"),
        ("HYPERLIQUID_API_BASE=localhost", "HYPERLIQUID_API_BASE is 'localhost'"),
        ("TELEGRAM_TOKEN=secretsecret", "TELEGRAM_TOKEN is (hidden); expected: digits, a colon and characters"),
        ("HYPERLIQUID_API_KEY=0xdeadbeef", "HYPERLIQUID_API_KEY is (hidden); expected: 0x and 64 hex digits"),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, line: str, words: str) -> None:
    with pytest.raises(BadSetting) as mistake:
        read_environment(env(tmp_path, line))
    assert str(mistake.value).startswith(words)
    assert "deadbeef" not in str(mistake.value)
    assert "secretsecret" not in str(mistake.value)


def test_secrets_hide_in_repr(tmp_path: Path) -> None:
    read = read_environment(env(tmp_path, f"HYPERLIQUID_API_KEY={KEY}\nTELEGRAM_TOKEN=12:hush\n"))
    assert read.hyperliquid_api_key is not None
    assert read.hyperliquid_api_key.get_secret_value() == KEY
    assert "abab" not in repr(read)
    assert "hush" not in repr(read)
