"""Templates are read strictly, and what is put into them is data."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import Fault, InputError, PlannerError
from planner.exchange.paper_files import check_new, save_text
from planner.exchange.template_files import NAMES, template_of
from planner.locale import CODES
from planner.services.templates import PLACEHOLDERS, PaperKind, filled, read_template

SUMMONS = PaperKind.SUMMONS


def fault(text: str) -> Fault:
    """The only fault of a template."""
    with pytest.raises(InputError) as caught:
        read_template(text, SUMMONS, "summons.da.txt")
    assert caught.value.exit_code == 2
    (found,) = caught.value.faults
    return found


@pytest.mark.parametrize(
    ("text", "found", "allowed"),
    [
        ("Kære {navn}", 'unknown placeholder "navn"', "one of caseworker, interpreter"),
        ("Kære {nmae}", 'unknown placeholder "nmae"', "name (the nearest valid one)"),
        ("{covered}", 'unknown placeholder "covered"', "one of caseworker, "),
        ("{name.__class__}", 'unknown placeholder "name.__class__"', "one of"),
        ("{name!r}", 'unknown placeholder "name!r"', "name (the nearest valid one)"),
        ("{}", 'unknown placeholder ""', "one of"),
        ("Kære {name", "a brace that stands alone", "twice"),
        ("Kære name}", "a brace that stands alone", "twice"),
        ("[phne] Vi ringer", 'unknown condition "phne"', "phone (the nearest valid one)"),
        ("[!phne] Vi ringer", 'unknown condition "phne"', "phone (the nearest valid one)"),
        ("[] Vi ringer", "a condition without a word", "one of"),
    ],
)
def test_a_fault_names_file_line_and_the_nearest_valid_name(text: str, found: str, allowed: str) -> None:
    told = fault(f"Hej\n{text}")
    assert told.path == "summons.da.txt:2"
    assert told.found == found
    assert allowed in told.allowed


@pytest.mark.parametrize("text", ["", "\n\n", " \n"])
def test_an_empty_template_is_a_fault(text: str) -> None:
    assert fault(text).found == "nothing"


def test_all_faults_come_at_once() -> None:
    with pytest.raises(InputError) as caught:
        read_template("{a}\n[b] {c}\n}", SUMMONS, "x")
    assert [one.path for one in caught.value.faults] == ["x:1", "x:2", "x:2", "x:3"]


def test_lines_stand_where_their_conditions_hold() -> None:
    template = read_template(
        "Hej {name}\n\n[phone] Vi ringer.\n[!phone] Vi mødes.\n[in_person place] Her: {place}\n\n\n[interpreter] Tolk.",
        SUMMONS,
        "x",
    )
    assert filled(template, {"name": "Bo"}, {"phone"}) == "Hej Bo\n\nVi ringer.\n"
    assert filled(template, {"name": "Bo", "place": "By"}, {"in_person"}) == "Hej Bo\n\nVi mødes.\nHer: By\n"
    assert filled(template, {"name": "Bo", "interpreter": "fa"}, {"phone"}).endswith("Vi ringer.\n\nTolk.\n")


def test_signs_can_be_meant_as_they_are() -> None:
    template = read_template("{{ {name} }}\n[[phone] x", SUMMONS, "x")
    assert filled(template, {"name": "Bo"}, set()) == "{ Bo }\n[phone] x\n"


@given(st.text(max_size=30), st.text(max_size=30))
def test_values_are_data(name: str, place: str) -> None:
    """Whatever stands in a value stands in the text, once and as it is."""
    template = read_template("<{name}|{place}>", SUMMONS, "x")
    text = filled(template, {"name": f"a{name}a", "place": f"b{place}b"}, {"phone"})
    if "\n\n" not in name + place:
        assert text == f"<a{name}a|b{place}b>\n"


@given(st.text(max_size=60))
def test_any_text_is_a_template_or_a_fault(text: str) -> None:
    """Never another error."""
    with suppress(InputError):
        template = read_template(text, SUMMONS, "x")
        assert filled(template, dict.fromkeys(PLACEHOLDERS[SUMMONS], "x"), {"phone"}).endswith("\n")


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("kind", PaperKind)
def test_the_shipped_templates_are_sound(tmp_path: Path, kind: PaperKind, code: str) -> None:
    template = template_of(kind, code, tmp_path)
    text = filled(template, {name: f"<{name}>" for name in PLACEHOLDERS[kind]}, {"phone", "self_booked"})
    assert "jobsamtale" not in text.casefold()
    assert "<name>" in text
    for line in text.splitlines():
        assert line == line.rstrip()


def test_the_municipalitys_own_takes_the_shipped_ones_place(tmp_path: Path) -> None:
    (tmp_path / "summons.da.txt").write_text("\ufeffHej {name}", encoding="utf-8")
    assert filled(template_of(SUMMONS, "da", tmp_path), {"name": "Bo"}, set()) == "Hej Bo\n"
    assert "Dear" in filled(template_of(SUMMONS, "en", tmp_path), {"name": "Bo"}, set())


def _own_fault(folder: Path) -> Fault:
    with pytest.raises(InputError) as caught:
        template_of(SUMMONS, "da", folder)
    return caught.value.faults[0]


def test_a_misspelt_file_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "sumons.da.txt").write_text("Hej", encoding="utf-8")
    told = _own_fault(tmp_path)
    assert told.path.endswith("sumons.da.txt")
    assert told.allowed == "summons.da.txt (the nearest valid one)"
    assert "summons.da.txt" in NAMES


@pytest.mark.parametrize("data", [b"\xff\xfe", b"x" * 70_000])
def test_a_file_that_is_no_text_is_told(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "summons.da.txt").write_bytes(data)
    assert _own_fault(tmp_path).path.endswith("summons.da.txt")


def test_a_folder_in_a_templates_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "summons.da.txt").mkdir()
    assert _own_fault(tmp_path).found == "no ordinary file"


def test_a_text_is_saved_for_its_owner_and_never_over_another(tmp_path: Path) -> None:
    path = tmp_path / "brev.txt"
    save_text(str(path), "Kære Bo\n")
    assert path.read_bytes() == "Kære Bo\n".encode()
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600
    for refuse in (check_new, lambda name: save_text(name, "x")):
        with pytest.raises(PlannerError, match="something of that name already"):
            refuse(str(path))
    assert path.read_bytes() == "Kære Bo\n".encode()


@pytest.mark.parametrize("name", ["no/such/folder/x.txt", "a\0b", "x" * 300])
def test_a_name_that_cannot_be_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PlannerError, match="cannot be written"):
        save_text(name, "x")
