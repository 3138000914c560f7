"""Every language says everything, with the same variables, and nothing is said by nobody."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from core import errors
from core.errors import VektorError
from handlers.commands import COMMANDS
from locales.texts import FOLDER, LOCALES, MissingText, Texts, supported

REPOSITORY = Path(__file__).resolve().parents[2]
CODE = [path for part in ("handlers", "bot", "storage") for path in (REPOSITORY / part).rglob("*.py")]


class Variables(Visitor):
    """Names of the variables of one sentence."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: Any) -> None:  # noqa: N802 - the library's name
        self.names.add(node.id.name)


def sentences(locale: str) -> dict[str, set[str]]:
    """Variables by key. A line that Fluent cannot read fails the test."""
    parsed = FluentParser().parse((FOLDER / f"{locale}.ftl").read_text(encoding="utf-8"))
    junk = [entry.content for entry in parsed.body if isinstance(entry, ast.Junk)]
    assert not junk, f"{locale}.ftl cannot be read at {junk}"
    found: dict[str, set[str]] = {}
    for entry in parsed.body:
        if isinstance(entry, ast.Message):
            assert entry.id.name not in found, f"{entry.id.name} stands twice in {locale}.ftl"
            variables = Variables()
            variables.visit(entry)
            found[entry.id.name] = variables.names
    return found


def test_every_language_has_the_same_keys_with_the_same_variables() -> None:
    first, *others = (sentences(locale) for locale in LOCALES)
    for other in others:
        assert other == first


def test_every_error_of_ours_has_its_sentence() -> None:
    known = sentences("en")
    found = {e.key for e in vars(errors).values() if isinstance(e, type) and issubclass(e, VektorError)}
    assert found <= known.keys()


def test_every_command_says_what_it_does() -> None:
    known = sentences("en")
    for command in COMMANDS:
        assert f"command-{command.name}" in known
        assert (f"usage-{command.name}" in known) == command.argument
        assert (f"key-{command.name}" in known) == command.menu


def test_no_sentence_is_an_orphan_and_no_named_key_is_missing() -> None:
    named, prefixes = set(), set()
    for path in CODE:
        text = path.read_text(encoding="utf-8")
        named |= set(re.findall(r"[\"']([a-z]+(?:-[a-z0-9]+)+)[\"']", text))
        prefixes |= set(re.findall(r"f[\"']([a-z]+(?:-[a-z]+)*-)\{", text))
    prefixes |= {"error-"}
    known = set(sentences("en"))
    orphans = {key for key in known - named if not key.startswith(tuple(prefixes))}
    assert not orphans
    families = {key.partition("-")[0] for key in known}
    missing = {key for key in named - known if key.partition("-")[0] in families}
    assert not missing


def test_a_missing_key_is_an_error() -> None:
    with pytest.raises(MissingText, match="no-such-sentence"):
        Texts("en")("no-such-sentence")


def test_a_missing_variable_is_an_error_in_tests() -> None:
    with pytest.raises(MissingText, match="status-today"):
        Texts("en", strict=True)("status-today")


def test_a_language_without_a_file_is_refused_by_name() -> None:
    with pytest.raises(MissingText, match="'fr'"):
        Texts("fr")


@pytest.mark.parametrize(("asked", "given"), [("de-AT", "de"), ("pt-br", "en"), ("", "en"), (None, "en")])
def test_an_unknown_language_falls_back_to_english(asked: str | None, given: str) -> None:
    assert supported(asked) == given


@pytest.mark.parametrize("locale", LOCALES)
def test_what_is_shown_over_a_button_is_short_enough(locale: str) -> None:
    texts = Texts(locale, strict=True)
    for key, variables in sentences(locale).items():
        if key.startswith(("tap-", "toast-")):
            assert not variables
            assert len(texts(key)) <= 200


@pytest.mark.parametrize("locale", LOCALES)
def test_menu_descriptions_fit_telegram(locale: str) -> None:
    texts = Texts(locale, strict=True)
    for command in COMMANDS:
        assert 1 <= len(texts(f"command-{command.name}")) <= 256
