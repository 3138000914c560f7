"""The one place where an opinion may go missing: it is named, counted, announced once, and never a broken invariant."""

from __future__ import annotations

import logging

import pytest

from core.errors import BrokenInvariant
from core.fail_open import Absences, fail_open
from core.sifting import Missed


def fails() -> int:
    raise ValueError("no volume")


def test_an_opinion_that_can_be_had_is_passed_on() -> None:
    assert fail_open("enrichment", "vwap", lambda: 3, 0) == (3, None)


def test_an_opinion_that_raises_leaves_its_neutral_value_and_one_warning(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        found, missed = fail_open("enrichment", "vwap", fails, 7)
    assert found == 7
    assert missed == Missed("enrichment", "vwap", "ValueError: no volume")
    assert [record.getMessage() for record in caplog.records] == [
        "enrichment: vwap is missing, its neutral value stands"
    ]
    assert caplog.records[0].exc_info is not None


def test_a_broken_invariant_is_no_missing_opinion() -> None:
    def breaks() -> int:
        raise BrokenInvariant("the book does not add up")

    with pytest.raises(BrokenInvariant):
        fail_open("enrichment", "vwap", breaks, 0)


def test_a_person_who_stops_the_program_is_obeyed() -> None:
    def stopped() -> int:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail_open("enrichment", "vwap", stopped, 0)


def test_a_lasting_absence_is_announced_once_and_so_is_its_end() -> None:
    absences, gone = Absences(), Missed("enrichment", "vwap", "ValueError: no volume")
    asked = ["vwap", "momentum"]
    assert absences.after("enrichment", asked, []).failed == []
    assert absences.after("enrichment", asked, [gone]).failed == [gone]
    assert absences.after("enrichment", asked, [gone]).failed == []
    assert absences.after("enrichment", asked, []).recovered == ["vwap"]
    assert absences.after("enrichment", asked, []).recovered == []
    assert absences.after("enrichment", asked, [gone]).failed == [gone]
    assert absences.counts["enrichment", "vwap"] == 3


def test_opinions_of_another_stage_are_left_alone() -> None:
    absences, gone = Absences(), Missed("gate", "claude", "TimeoutError: ")
    absences.after("gate", ["claude"], [gone])
    assert absences.after("enrichment", ["claude"], [gone]).failed == []
    assert list(absences.missing) == [("gate", "claude")]


def test_an_opinion_that_was_not_asked_has_not_recovered() -> None:
    absences, gone = Absences(), Missed("gate", "claude", "TimeoutError: ")
    absences.after("gate", ["claude"], [gone])
    assert absences.after("gate", [], []).recovered == []
    assert absences.after("gate", ["claude"], []).recovered == ["claude"]
