"""Plain output is made to be heard: sentences and "label: value" lines, no signs or columns that only eyes can read."""

from __future__ import annotations

import re
from datetime import date, datetime, time

import pytest

from planner.cli.office_lines import office_lines
from planner.cli.spoken_keys import spoken_key
from planner.domain.caseload import Absence, Busy, Caseload, Caseworker, Hours, SharedCalendar, SharedKind
from planner.locale import language
from planner.services.commands import COMMANDS, MOVEMENTS
from tests.cli.conftest import Line
from tests.cli.test_faces import READING, SOMEBODY, VERBS, required

LANGUAGES = pytest.mark.parametrize("lang", ["da", "en"])
#: Verbs whose output is a file for a program, whatever the option.
FILES = {"schema", "export", "completion", "man", "demo"}
LINES = [
    *(pytest.param([*verb.split(), *required(VERBS[verb])], id=verb) for verb in sorted(READING - FILES)),
    pytest.param(["explain", SOMEBODY], id="explain somebody"),
    pytest.param(["explain", SOMEBODY, "--not", "+1w"], id="explain not"),
    pytest.param(["rules", "show", "flexible-contact-insured"], id="rules show experiment"),
    pytest.param(["triage"], id="triage"),
]
#: What a screen reader spells out, passes over, or takes for something else.
STUMBLES = re.compile(r"[\u2190-\u2bff·•|_{}\[\]<>=*#~^\\`@\t\x00-\x09\x0b-\x1f]")
#: Names of parameters, and how a cadence or a period is written, may hold an underscore.
CODES = re.compile(r"Parameter \w+:|, (?:written|skrives) \S+|planner [a-z-]+(?: --[a-z]+)*")
SHORT_DAYS = {
    "da": re.compile(r"\b(?:ma|ti|on|to|fr|lø|sø) \d\d-\d\d"),
    "en": re.compile(r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d"),
}


@LANGUAGES
@pytest.mark.parametrize("words", LINES)
def test_nothing_stumbles(demo: Line, words: list[str], lang: str) -> None:
    answer = demo(*words, "--lang", lang)
    assert (answer.code, answer.err) == (0, "")
    for line in answer.out.splitlines():
        told = CODES.sub("x", line)
        assert not STUMBLES.search(told), line
        assert not SHORT_DAYS[lang].search(told), line
        assert "  " not in told.lstrip(" "), f"columns: {line}"
        assert (len(told) - len(told.lstrip(" "))) % 3 == 0, line
        assert not re.search(r"\bP\d+[DWMY]\b", told), line
        assert not told.endswith(" ") or words == ["triage"], line


@pytest.mark.parametrize(
    ("key", "danish", "english"),
    [
        ("right", "højrepil", "right arrow"),
        ("/", "skråstreg", "slash"),
        ("?", "spørgsmålstegn", "question mark"),
        ("U", "stort U", "capital U"),
        ("u", "u", "u"),
        ("f8", "F8", "F8"),
        ("ctrl+z", "ctrl+z", "ctrl+z"),
        ("1", "1", "1"),
    ],
)
def test_keys_have_names(key: str, danish: str, english: str) -> None:
    assert spoken_key(key, language("da")) == danish
    assert spoken_key(key, language("en")) == english


@LANGUAGES
def test_no_two_keys_sound_alike(lang: str) -> None:
    keys = [key for entry in COMMANDS for key in entry.keys] + [key for entry in MOVEMENTS for key in entry.keys]
    heard = [spoken_key(key, language(lang)).casefold() for key in keys]
    assert len(set(heard)) == len(set(keys))
    assert not any(STUMBLES.search(name) for name in heard)


def test_weekdays_are_whole_where_they_are_heard_and_short_on_the_screen(line: Line) -> None:
    assert "tirsdag den 1. december kl. 09.30" in line("today").out
    assert "Tuesday 1 December at 09:30" in line("today", "--lang", "en").out
    assert language("da").short_day(a_tuesday()) == "ti 24-11"
    assert language("da", aloud=True).short_day(a_tuesday()) == "tirsdag den 24. november"
    assert language("en", aloud=True).short_day(a_tuesday()) == "Tuesday 24 November"


def test_a_wrong_line_is_told_in_a_sentence_and_not_in_brackets(line: Line) -> None:
    assert line("cadence", "c-1", "--lang", "en").err == (
        "planner cadence: error: the following arguments are required: CADENCE\n"
        "How it is written: planner cadence --help\n"
    )
    assert line("fly").err.splitlines()[-1] == "Sådan skrives det: planner --help"


def test_the_office_is_told_in_lines_and_written_as_json(line: Line) -> None:
    told = line("office").out.splitlines()
    assert told[0] == "Kommune: Eksempelkøbing"
    assert "Arbejdstid: mandag, tirsdag, onsdag, torsdag og fredag, 08.00 til 15.00" in told
    assert "En samtale, fremmøde: 45 minutter, varslet 8 dage før" in told
    assert told[-1] == "Som fil til planner office --set skrives det med: planner office --json"
    english = line("office", "--lang", "en").out
    assert "Conversations in person: every working day" in english
    assert "Conversations a day: no limit" in english


def test_a_whole_office_is_told() -> None:
    """Rooms, interpreters, absence, busy times over midnight, and names that a terminal would act on stay text."""
    lines = list(office_lines(whole_office(), language("en")))
    assert "Room: 1.07" in lines
    assert "   To be had: Tuesday, 09:00 to 10:00" in lines
    assert "Interpreter: Tolk, arabisk" in lines
    assert "   To be had: always" in lines
    assert "   Taken: Tuesday 1 December 2026, 09:00 to 11:00" in lines
    assert "Away: from Thursday 24 December 2026 to Thursday 31 December 2026" in lines
    assert "Closed: Thursday 24 December 2026" in lines
    assert "Conversations in person: Tuesday and Thursday" in lines
    assert "Busy: Monday 30 November 2026, 22:00 to 02:00 until Tuesday 1 December 2026; no title" in lines
    assert "Municipality: not stated" in lines


def a_tuesday() -> date:
    """A Tuesday."""
    return date(2026, 11, 24)


def busy_from(start: str, end: str) -> Busy:
    """A time that is taken."""
    return Busy(datetime.fromisoformat(start), datetime.fromisoformat(end))


def whole_office() -> Caseload:
    """An office with everything that can be set."""
    worker = Caseworker(
        working_hours=(Hours(0, time(8), time(15)),),
        in_person_days=(1, 3),
        max_per_day=8,
        busy=(busy_from("2026-11-30T22:00", "2026-12-01T02:00"),),
        absent=(Absence(date(2026, 12, 24), date(2026, 12, 31)),),
    )
    room = SharedCalendar(SharedKind.ROOM, "1.07", available=(Hours(1, time(9), time(10)),))
    taken = (busy_from("2026-12-01T09:00", "2026-12-01T11:00"),)
    interpreter = SharedCalendar(SharedKind.INTERPRETER, "Tolk", language="arabisk", busy=taken)
    return Caseload(
        today=date(2026, 11, 23),
        municipality="",
        caseworker=worker,
        closing_days=(date(2026, 12, 24),),
        shared_calendars=(room, interpreter),
    )
