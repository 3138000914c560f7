"""Every command and setting that the README lists exists."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from bot.__main__ import parser
from bot.environment import Environment

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()


def cli_commands() -> set[str]:
    action = next(a for a in parser()._actions if a.dest == "command")
    return set(action.choices or ())


def test_every_vektor_command_exists() -> None:
    named = set(re.findall(r"`vektor (\w+)", README))
    assert len(named) >= 8
    assert named <= cli_commands()


def test_every_option_exists() -> None:
    helped = {
        option
        for action in parser()._actions
        if action.dest == "command"
        for sub in action.choices.values()  # type: ignore[union-attr]
        for one in sub._actions
        for option in one.option_strings
    }
    assert set(re.findall(r"(--[a-z]+)", README)) <= helped


def test_every_make_target_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"make ([a-z-]+)", README))
    assert {"run", "test", "help"} <= named <= targets


def test_every_environment_variable_exists() -> None:
    named = set(re.findall(r"`((?:TELEGRAM|HYPERLIQUID|DATABASE)_[A-Z_]+)`", README))
    assert len(named) >= 4
    assert named <= {name.upper() for name in Environment.model_fields}


def test_every_chat_command_is_answered() -> None:
    from handlers.commands import COMMANDS

    named = set(re.findall(r"`/(\w+)", README))
    assert len(named) >= 14
    assert named <= {one.name for one in COMMANDS}


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([\w./-]+)\)", README))))
def test_every_link_leads_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


def test_the_help_of_the_program_comes_fast_because_it_loads_nothing() -> None:
    code = "import sys; from bot.__main__ import parser; parser(); print(sorted(m for m in sys.modules if m in HEAVY))"
    heavy = "HEAVY={'aiogram','numpy','sqlalchemy','aiohttp','PIL','pydantic','core.settings'};"
    import sys

    out = subprocess.run([sys.executable, "-c", heavy + code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert out.stdout.strip() == "[]"
