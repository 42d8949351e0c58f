"""Names where somebody may look over a shoulder: initials, and the id where they would not tell two people apart."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest

from planner.domain.citizens import Citizen, TargetGroup
from planner.domain.masking import initials, masked, unmasked


def _people(**names: str) -> list[Citizen]:
    return [Citizen(key, name, TargetGroup.INSURED, date(2026, 10, 5)) for key, name in names.items()]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Åse Eksempel", "Å. E."),
        ("Anne-Marie Bjerg Prøvestrup", "A. B. P."),
        ("ib opdigt", "I. O."),
        (unicodedata.normalize("NFD", "Åse Østen"), "Å. Ø."),
        ("(Bo) [red]Prøve[/]", "B. R."),
        ("\x1b]52;c;a\x07 Bo", "5. B."),
        ("  ", ""),
        ("--", ""),
        ("王小明", "王."),
    ],
)
def test_a_name_is_its_initials(name: str, shown: str) -> None:
    assert initials(name) == shown


def test_the_id_tells_those_with_the_same_initials_apart() -> None:
    seen = masked(_people(a="Åse Eksempel", b="Bo Prøve", c="Åge Egesen", d="…"))
    assert [one.shown_name for one in seen] == ["Å. E. (a)", "B. P.", "Å. E. (c)", "(d)"]
    assert [one.name for one in seen] == ["Åse Eksempel", "Bo Prøve", "Åge Egesen", "…"]


def test_a_mask_is_no_part_of_what_is_known() -> None:
    people = _people(a="Åse Eksempel")
    assert list(masked(people)) == people
    assert [unmasked(one).shown_name for one in masked(people)] == ["Åse Eksempel"]
