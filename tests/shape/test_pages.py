"""What is written about the code is true of the code: the glossary, the drawing of the pipeline, the environment."""

from __future__ import annotations

import itertools
import re
import tomllib
from pathlib import Path

import pytest

from bot.environment import Environment

ROOT = Path(__file__).resolve().parents[2]


def test_every_file_that_the_glossary_names_exists() -> None:
    named = set(
        re.findall(r"`((?:bot|core|handlers|jobs|storage|locales|docs)/[\w./-]*)`", (ROOT / "CONTEXT.md").read_text())
    )
    assert len(named) > 25
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_the_pipeline_is_drawn_in_the_order_that_the_import_rules_hold() -> None:
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(c["layers"] for c in rules if c.get("containers") == ["core"])
    drawn = re.findall(r"^    (\w+) ", (ROOT / "core" / "__init__.py").read_text(), re.MULTILINE)
    ordered = [layer for layer in reversed(layers) if layer in drawn]
    assert len(drawn) == len(ordered) > 7
    assert drawn == ordered


def test_the_example_environment_lists_exactly_what_is_read() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    listed = [line.partition("=")[0] for line in lines if re.match(r"[A-Z_]+=", line)]
    assert sorted(listed) == sorted(name.upper() for name in Environment.model_fields)
    for before, line in itertools.pairwise(lines):
        if re.match(r"[A-Z_]+=", line):
            assert before.startswith("# "), f"{line} has no comment"


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "adr").glob("*.md")), ids=lambda p: p.stem)
def test_every_decision_says_why(page: Path) -> None:
    text = page.read_text()
    assert re.match(r"# \d+\. ", text)
    assert "**Decision.**" in text or "|" in text


def test_no_file_of_the_product_is_too_long() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for folder in ("bot", "core", "handlers", "jobs", "storage", "locales")
        for path in (ROOT / folder).rglob("*.py")
        if (lines := len(path.read_text().splitlines())) > 300 and path.name != "settings.py"
    }
    assert long == {}
