"""What single cells mean: dates, target groups, channels, cadences, yes and no, in Danish and English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from planner.domain.citizens import Cadence, TargetGroup
from planner.domain.conversations import TALKING, Channel
from planner.domain.text import folded, visible
from planner.exchange.tables import BadCell, Cell, cell_text, has_control
from planner.locale import N_
from planner.plain import masked
from planner.services.imported import Reason, because

LONGEST_TEXT = 200
FIRST_YEAR, LAST_YEAR = 1900, 2100
#: Two-digit years from here on belong to the last century.
LAST_CENTURY_FROM = 70

_SERIALS = range(18_264, 73_051)  # 1950 to 2099, counted from 1900
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_CLOCK = r"(?:[T ]+\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?Z?)?"
_DAY_FIRST = re.compile(rf"(\d{{1,2}})[-./ ](\d{{1,2}})[-./ ](\d{{4}}|\d{{2}}){_CLOCK}", re.ASCII)
_YEAR_FIRST = re.compile(rf"(\d{{4}})[-./]?(\d{{2}})[-./]?(\d{{2}}){_CLOCK}", re.ASCII)
_MONTH_NAMED = re.compile(r"([0-9]{1,2})\.?[- ]*([a-zæøå]{3,9})\.?[- ]*([0-9]{4}|[0-9]{2})")
_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_ENGLISH_MONTHS = {"may": 5, "oct": 10}
_GROUP = re.compile(r"6\s?[.,]\s?([0-9]{1,2})(?!\d)")
_GROUP_AS_DATE = re.compile(r"0?6[-. ]*([a-z]{3})[a-z]*\.?")
_SPLIT = re.compile(r"[,;/+&]|\bog\b|\band\b")


class Unread(Exception):
    """A cell cannot be read; `reason` says why without repeating anything personal."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Read:
    """What a cell means (None: expressly nothing), and what had to be guessed."""

    value: object
    warnings: tuple[Reason, ...] = ()


def read_text(cell: Cell) -> str:
    """A short text: white space drawn together, composed letters, whole numbers without a decimal."""
    if isinstance(cell, BadCell):
        raise Unread(cell.reason)
    text = cell_text(cell)
    if has_control(text):
        raise Unread(because(N_("there is a control character in it")))
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    if len(text) > LONGEST_TEXT:
        raise Unread(because(N_("it is longer than {most} characters"), most=LONGEST_TEXT))
    return text


def read_date(cell: Cell, epoch_1904: bool = False) -> Read:
    """A Danish or ISO date, a date cell of Excel, or the serial number of one."""
    if isinstance(cell, BadCell):
        raise Unread(cell.reason)
    if isinstance(cell, datetime):
        return Read(_within(cell.date(), cell))
    if isinstance(cell, date):
        return Read(_within(cell, cell))
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return Read(_serial(cell, cell, epoch_1904))
    text = cell_text(cell).strip()
    try:
        if match := _DAY_FIRST.fullmatch(text):
            return _dated(match[1], int(match[2]), match[3], cell)
        if match := _YEAR_FIRST.fullmatch(text):
            return Read(_within(date(int(match[1]), int(match[2]), int(match[3])), cell))
        if match := _MONTH_NAMED.fullmatch(text.casefold()):
            return _dated(match[1], _month(match[2]), match[3], cell)
    except ValueError:
        raise Unread(_no_date(cell)) from None
    number = text.replace(",", ".", 1)
    if text.isascii() and re.fullmatch(r"\d{5}(\.\d+)?", number):
        return Read(_serial(float(number), cell, epoch_1904))
    raise Unread(_no_date(cell))


def _dated(day: str, month: int, year: str, cell: Cell) -> Read:
    if len(year) == 4:
        return Read(_within(date(int(year), month, int(day)), cell))
    short = int(year)
    whole = (1900 if short >= LAST_CENTURY_FROM else 2000) + short
    warning = because(N_("the year {short} is taken as {year}"), short=year, year=whole)
    return Read(date(whole, month, int(day)), (warning,))


def _month(name: str) -> int:
    short = name[:3]
    return _MONTHS.index(short) + 1 if short in _MONTHS else _ENGLISH_MONTHS.get(short, 0)


def _serial(number: float, cell: Cell, epoch_1904: bool) -> date:
    if not _SERIALS.start <= number < _SERIALS.stop:  # said so that infinity and no number fail it too
        raise Unread(_no_date(cell))
    return (_EPOCH_1904 if epoch_1904 else _EPOCH) + timedelta(days=int(number))


def _within(day: date, cell: Cell) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Unread(_no_date(cell))
    return day


def _no_date(cell: Cell) -> Reason:
    return because(N_("“{value}” is not a date; write it as 21-11-2026"), value=shown(cell))


def shown(cell: Cell) -> str:
    """A cell as it may stand in a sentence: short, harmless, no CPR number in it."""
    text = visible(masked(cell_text(cell)[:200]).strip())
    return text if len(text) <= 40 else text[:39] + "…"


def key(text: str) -> str:
    """A word as it is compared: folded, letters and digits only."""
    return "".join(char for char in folded(text) if char.isalnum())


def _words(table: Mapping[object, str]) -> dict[str, object]:
    return {key(word): value for value, words in table.items() for word in words.split(", ")}


_GROUPS = _words(
    {
        TargetGroup.INSURED: "dagpenge, a-dagpenge, forsikret ledig, dagpengemodtager, a-dagpengemodtager, insured",
        TargetGroup.JOB_READY: "jobparat, jobparat kontanthjælp, kontanthjælp jobparat, "
        "jobparat kontanthjælpsmodtager, job-ready",
        TargetGroup.ACTIVITY_READY: "aktivitetsparat, aktivitetsparat kontanthjælp, kontanthjælp aktivitetsparat, "
        "aktivitetsparat kontanthjælpsmodtager, activity-ready",
        TargetGroup.EDUCATION_READY: "uddannelsesparat, uddannelsesparat uddannelseshjælp, åbenlyst uddannelsesparat, "
        "uddannelseshjælp uddannelsesparat, education-ready",
        TargetGroup.EDUCATION_ACTIVITY_READY: "aktivitetsparat uddannelseshjælp, uddannelseshjælp aktivitetsparat, "
        "aktivitetsparat uddannelseshjælpsmodtager",
        TargetGroup.SICKNESS: "sygedagpenge, sygemeldt, sygedagpengemodtager, sickness benefit, sickness",
        TargetGroup.JOB_CLARIFICATION: "jobafklaring, jobafklaringsforløb, job clarification",
        TargetGroup.RESOURCE_COURSE: "ressourceforløb, resource course",
        TargetGroup.FLEX_JOB: "fleksjob, ledighedsydelse, fleksjob/ledighedsydelse, ledighedsydelse/fleksjob, "
        "fleksjobvisiteret, flex job",
        TargetGroup.REHABILITATION: "revalidering, revalidend, forrevalidering, rehabilitation",
        TargetGroup.DISABILITY_PENSION: "førtidspension, førtidspensionist, disability pension",
        TargetGroup.YOUNG: "unge under 18, ung under 18",
        TargetGroup.SELF_SUPPORTING: "selvforsørgende, selvforsørget, self-supporting",
        TargetGroup.INTEGRATION: "int, int-kp, integration, integrationsprogram, integrationsprogrammet, "
        "integration programme",
    }
)
_CHANNELS = _words(
    {
        Channel.PHONE: "phone, telefon, telefonisk, telefonsamtale, tlf, telephone, pr telefon, by telephone",
        Channel.DIGITAL: "digital, digitalt, video, videosamtale, videomøde, online, teams, digitalt fremmøde, "
        "personligt digitalt fremmøde",
        Channel.IN_PERSON: "in_person, in person, fremmøde, personligt, personligt fremmøde, fysisk, fysisk fremmøde, "
        "ved fremmøde, face to face",
        Channel.LETTER: "letter, brev",
    }
)
_CADENCES = _words(
    {
        Cadence.CLOSE: "close, tæt, hver 2. uge, hver anden uge, 2 uger, hver 14. dag, P2W",
        Cadence.STANDARD: "standard, normal, hver 6. uge, 6 uger, P6W",
        Cadence.LIGHT: "light, let, lav, hver 13. uge, 13 uger, hvert kvartal, kvartalsvis, P13W",
        Cadence.AWAIT: "await, afvent, afventer, afventende, waiting",
    }
)
_NOTHING = frozenset(key(word) for word in ("nej", "ingen", "intet", "no", "none", "n", "falsk", "false", "0", "-"))
_YES = frozenset(key(word) for word in ("ja", "j", "yes", "y", "x", "sand", "true", "1"))
#: What is kept where a file says that an interpreter is needed, but not for which language.
SOME_INTERPRETER = "ja"
_NO_CHANNEL = N_("“{value}” is not a known channel; known are {known}")


def read_target_group(cell: Cell, epoch_1904: bool = False) -> Read:
    """A target group by number ("6.1", "6,1", "6.1 A-dagpenge") or by name; one that Excel made a date of, too."""
    text = read_text(cell)
    if (match := _DAY_FIRST.fullmatch(text)) and int(match[1]) == 6 and 1 <= int(match[2]) <= 12:
        return Read(TargetGroup(f"6.{int(match[2])}"), (because(N_("Excel had made a date of the target group")),))
    folded_text = folded(text)
    if match := _GROUP.match(folded_text):
        number = f"6.{int(match[1])}"
        if number in list(TargetGroup):
            doubtful = isinstance(cell, float) and number == "6.1"
            warning = because(N_("the target group is the number 6.1; if 6.10 is meant, the cell must be a text"))
            return Read(TargetGroup(number), (warning,) if doubtful else ())
    if (match := _GROUP_AS_DATE.fullmatch(folded_text)) and 1 <= (month := _month(match[1])) <= 12:
        return Read(TargetGroup(f"6.{month}"), (because(N_("Excel had made a date of the target group")),))
    codes = ", ".join(TargetGroup)
    return Read(_known(_GROUPS, cell, N_("“{value}” is not a known target group; known are {known}"), codes))


def read_channel(cell: Cell, epoch_1904: bool = False) -> Read:
    """One channel in which a citizen can be talked with, or "ingen" for no preference."""
    text = key(read_text(cell))
    if text in _NOTHING or not text:
        return Read(None)
    channel = _known(_CHANNELS, cell, _NO_CHANNEL, TALKING)
    if channel is Channel.LETTER:
        raise Unread(because(N_("a letter is not a conversation")))
    return Read(channel)


def read_channels(cell: Cell, epoch_1904: bool = False) -> Read:
    """Several channels separated by commas, strokes or "og"; "alle" for all three."""
    if key(read_text(cell)) in {"alle", "all"}:
        return Read(TALKING)
    parts = [part for part in _SPLIT.split(read_text(cell)) if part.strip()]
    found = {read_channel(part).value for part in parts}
    if None in found or not found:
        raise Unread(because(_NO_CHANNEL, value=shown(cell), known=TALKING))
    return Read(tuple(channel for channel in TALKING if channel in found))


def read_cadence(cell: Cell, epoch_1904: bool = False) -> Read:
    """A cadence by name or rhythm, or "ingen" for a citizen who is not screened yet."""
    text = key(read_text(cell))
    if text in _NOTHING or not text:
        return Read(None)
    return Read(
        _known(_CADENCES, cell, N_("“{value}” is not a known cadence; known are close, standard, light, await"))
    )


def read_interpreter(cell: Cell, epoch_1904: bool = False) -> Read:
    """The language of the interpreter, "ja" where none is named, or "nej"."""
    text = read_text(cell)
    if key(text) in _NOTHING or not key(text):
        return Read(None)
    return Read(SOME_INTERPRETER if key(text) in _YES else text)


def _known(table: Mapping[str, object], cell: Cell, message: str, known: object = None) -> object:
    found = table.get(key(read_text(cell)))
    if found is None:
        raise Unread(because(message, value=shown(cell), known=known))
    return found
