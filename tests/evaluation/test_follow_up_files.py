"""Survey and supervision as files: what stands in them is what was counted, and nothing rests on fewer than five."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from planner.domain.follow_up import Scale, Supervision, SurveyRound
from planner.evaluation.shares import FEWEST
from planner.exchange.question_files import checklist, survey_questions
from planner.exchange.result_files import FileKind, supervision_bytes, survey_bytes
from planner.locale import language
from tests.full import PATIENCE, many

pytestmark = pytest.mark.timeout(PATIENCE)
SVG = "{http://www.w3.org/2000/svg}"
ENGLISH = language("en")
NOWHERE = Path("nowhere")
QUESTIONS, CHECKLIST = survey_questions(NOWHERE), checklist(NOWHERE)
#: 24 answers to one question before, 25 after; too few to another.
ROUNDS = (
    SurveyRound("Zero", date(2026, 8, 17), {"meaning": (1, 9, 10, 4), "timing": (1, 1, 1, 1)}),
    SurveyRound("Half a year on", date(2026, 11, 16), {"meaning": (0, 5, 5, 15)}),
)
SAMPLE = Supervision(date(2026, 9, 1), 1, 20, 90, tally={"availability": (15, 5, 0), "deviation-reasoned": (2, 2, 16)})
tallies = st.dictionaries(
    st.sampled_from([one.id for one in QUESTIONS]), st.tuples(*[st.integers(0, 40)] * len(Scale)), max_size=6
)


def rows(data: bytes) -> list[list[str]]:
    """The CSV, read again."""
    return list(csv.reader(data.decode("utf-8-sig").splitlines(), delimiter=";"))


def stacks(root: ElementTree.Element) -> list[tuple[str, float]]:
    """The parts of stacked bars: what each is, and how long."""
    found = [(one.findtext(f"{SVG}title"), float(one.attrib["width"])) for one in list(root.iter(f"{SVG}rect"))[1:]]
    return [(about, width) for about, width in found if about is not None]


def texts(root: ElementTree.Element) -> list[str]:
    """What is written in the picture."""
    return [one.text or "" for one in root.iter(f"{SVG}text")]


def test_a_survey_in_a_workbook_has_shares_and_intervals_as_numbers() -> None:
    """Wilson for 9 of 24: 21.16 to 57.29."""
    book = load_workbook(io.BytesIO(survey_bytes(ROUNDS, QUESTIONS, FileKind.XLSX, ENGLISH)))
    sheet = book["Survey"]
    found = list(sheet.iter_rows(values_only=True))
    meaning = "Do the conversations make sense for the citizen?"
    assert found[2] == (meaning, "Zero", "17 Aug 2026", 24, "not, or little", 37.5, 21.16, 57.29, None)
    assert found[8][3:6] == (25, "to a high or very high extent", 60)
    assert found[9][1:] == ("Zero", "17 Aug 2026", None, None, None, None, None, "fewer than 5")
    assert rows(survey_bytes(ROUNDS, QUESTIONS, FileKind.CSV, language("da")))[2][5:8] == ["37,5", "21,16", "57,29"]


def test_a_survey_is_drawn_as_stacked_bars_with_n() -> None:
    root = ElementTree.fromstring(survey_bytes(ROUNDS, QUESTIONS, FileKind.SVG, ENGLISH))
    drawn = stacks(root)
    assert [about for about, _ in drawn] == [
        "don't know: 4 %",
        "not, or little: 38 %",
        "to some extent: 42 %",
        "to a high or very high extent: 17 %",
        "not, or little: 20 %",
        "to some extent: 20 %",
        "to a high or very high extent: 60 %",
    ]
    assert sum(width for _, width in drawn[:4]) == pytest.approx(sum(width for _, width in drawn[4:]), abs=0.3)
    assert drawn[1][1] == pytest.approx(9 * drawn[0][1], abs=0.5)
    assert {"n = 24", "n = 25", "fewer than 5 answers: not shown"} <= set(texts(root))
    assert "Half a year on, 16 Nov 2026" in texts(root)


def test_supervision_is_drawn_with_intervals_on_one_scale() -> None:
    """15 of 20 said yes: the bar fills three quarters, from 53 to 89 per cent lies the interval."""
    root = ElementTree.fromstring(supervision_bytes((SAMPLE,), CHECKLIST, FileKind.SVG, ENGLISH))
    (bar,) = [one for one in root.iter(f"{SVG}rect") if one.attrib["width"] != "100%"]
    (whisker,) = [one.attrib["d"] for one in root.iter(f"{SVG}path")]
    room = float(bar.attrib["width"]) / 0.75
    low, high = float(whisker.split()[0][1:]), float(whisker.split("H")[1].split("m")[0])
    left = float(bar.attrib["x"])
    assert ((low - left) / room, (high - left) / room) == pytest.approx((0.5313, 0.8881), abs=0.001)
    assert "yes 75 % (53–89); n = 20" in texts(root)


def test_supervision_in_files() -> None:
    found = rows(supervision_bytes((SAMPLE,), CHECKLIST, FileKind.CSV, ENGLISH))
    assert found[1][1:] == ["1 Sep 2026", "20", "75", "53,13", "88,81", "", ""]
    # Sixteen were not relevant, but of the others there are only four.
    assert found[2][1:] == ["1 Sep 2026", "", "", "", "", "", "fewer than 5"]
    book = load_workbook(io.BytesIO(supervision_bytes((SAMPLE,), CHECKLIST, FileKind.XLSX, ENGLISH)))
    assert [cell.value for cell in book["Supervision"][2]][2:4] == [20, 75]


@pytest.mark.parametrize("kind", FileKind)
def test_nothing_asked_yet_is_a_file_too(kind: FileKind) -> None:
    assert survey_bytes((), QUESTIONS, kind, ENGLISH)
    assert supervision_bytes((), CHECKLIST, kind, ENGLISH)


@settings(max_examples=many(30, 500), deadline=None)
@given(st.lists(tallies, min_size=1, max_size=3))
def test_whatever_was_answered_shares_add_up_and_too_few_are_not_told(found: list[dict[str, tuple[int, ...]]]) -> None:
    rounds = [SurveyRound(f"R{n}", date(2026, 8, 1 + n), tally) for n, tally in enumerate(found)]
    _, *told = rows(survey_bytes(rounds, QUESTIONS, FileKind.CSV, ENGLISH))
    wordings = {question.text.en: question.id for question in QUESTIONS}
    shown: dict[tuple[str, str], list[float]] = {}
    for question, name, _, n, _, *figures, gone in told:
        counted = sum(rounds[int(name[1:])].tally.get(wordings[question], ()))
        assert bool(gone) == (counted < FEWEST)
        if gone:
            assert [n, *figures] == [""] * 4
            continue
        share, low, high = (float(one.replace(",", ".")) for one in figures)
        assert (int(n), 0 <= low <= share <= high <= 100) == (counted, True)
        shown.setdefault((question, name), []).append(share)
    assert all(len(all_of) == len(Scale) and sum(all_of) == pytest.approx(100, abs=0.03) for all_of in shown.values())
    root = ElementTree.fromstring(survey_bytes(rounds, QUESTIONS, FileKind.SVG, ENGLISH))
    assert sum(text.startswith("n = ") for text in texts(root)) == len(shown)
