"""An office in which every text that somebody can write is hostile, in a store on which both faces can be tried."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from planner.bootstrap import plan_form, templates
from planner.domain.caseload import Adoption, Busy
from planner.domain.citizens import FactKind, Unavailable
from planner.domain.conversations import Channel
from planner.domain.cpr import looks_like_cpr
from planner.errors import Refused
from planner.exchange.caseload_file import read_caseload
from planner.exchange.rule_files import load_rules
from planner.services import said
from planner.services.desk import Desk
from planner.store import sqlite
from planner.store.engine import open_store
from tests.faults.hostile import HOSTILE, fitting
from tests.full import many
from tests.store.support import MONDAY, FixedClock

RULES = load_rules()
#: The free texts of a caseload file; they are hostile in `document`, but for those that name a rule.
FREE_TEXTS = frozenset(
    {
        *("CaseloadFile.municipality", "Contact.name", "Contact.telephone", "Contact.place", "Contact.link"),
        *("Adoption.experiment", "Adoption.authority", "Adoption.parameters", "Busy.title"),
        *("SharedCalendar.name", "SharedCalendar.language"),
        *("Citizen.id", "Citizen.name", "Citizen.interpreter", "Exemption.reason", "Conversation.agenda"),
    }
)


#: What each citizen of the store is called, and everything else about her.
TRIED = HOSTILE[:: many(5, 1)]


def citizen_id(number: int, text: str | None = None) -> str:
    """The text itself where an id may be like that; that of the store's citizen unless stated."""
    text = TRIED[number] if text is None else text
    return text if text.strip() and len(text) <= 100 and not looks_like_cpr(text) else f"k-{number:03}"


def document(texts: Sequence[str] = HOSTILE) -> dict[str, Any]:
    """A caseload file: a citizen for each text, and the texts in every field of the office in turn."""

    def some(step: int, count: int, most: int) -> list[str]:
        return [fitting(texts[(step + 7 * n) % len(texts)], most, f"nr. {n}") for n in range(count)]

    def joined(step: int, most: int) -> str:
        return fitting(" ".join(text[:30] for text in some(step, 40, 200)), most, "x")

    hours = [{"weekday": day, "from": "08:00", "to": "16:00"} for day in ("mon", "tue", "wed", "thu", "fri")]
    rooms = [{"kind": "room", "name": name} for name in some(0, 12, 200)]
    interpreters = [
        {"kind": "interpreter", "name": name, "language": tongue}
        for name, tongue in zip(some(3, 12, 200), some(0, 12, 200), strict=True)
    ]
    return {
        "schema": "planner-caseload/1",
        "today": MONDAY.isoformat(),
        "municipality": joined(1, 200),
        "contact": {
            "name": joined(2, 200),
            "telephone": joined(3, 100),
            "place": joined(4, 500),
            "link": joined(5, 500),
        },
        "adoptions": [
            {"experiment": "flexible-contact-insured", "from": "2026-08-01", "authority": joined(6, 2000)},
            {"experiment": "job-rotation", "from": "2026-01-01", "to": "2026-10-31", "authority": joined(13, 2000)},
        ],
        "caseworker": {"working_hours": hours, "busy": [_busy(n, text) for n, text in enumerate(texts)]},
        "shared_calendars": rooms + interpreters,
        "citizens": [_citizen(number, text) for number, text in enumerate(texts)],
    }


def _busy(number: int, title: str) -> dict[str, str]:
    """A quarter of an hour at the end of a working day."""
    start = datetime.combine(MONDAY, time(15, 45)) + timedelta(days=7 * (number // 5) + number % 5)
    return {
        "start": start.isoformat(timespec="minutes"),
        "end": (start + timedelta(minutes=15)).isoformat(timespec="minutes"),
        "title": title[:500],
    }


def _citizen(number: int, text: str) -> dict[str, Any]:
    """Insured for some months, with a conversation behind; and in one of five situations."""
    agenda = [fitting(text, 200, "x")]
    behind = {"date": (MONDAY - timedelta(days=20 + number % 60)).isoformat(), "start": "09:00", "minutes": 30}
    talks = [{**behind, "channel": "phone", "status": "held", "agenda": agenda}]
    ahead = (MONDAY + timedelta(days=7 * (number // 60) + (number // 5) % 5)).isoformat()
    found: dict[str, Any] = {
        "id": citizen_id(number, text),
        "name": fitting(text, 200, f"Opdigtet {number}"),
        "target_group": ("6.1", "6.2", "6.6")[number % 3],
        "spell_start": (MONDAY - timedelta(days=80 + number)).isoformat(),
        "interpreter": agenda[0] if number % 2 else None,
        "facts": [{"kind": "treatment", "date": (MONDAY + timedelta(days=3)).isoformat()}],
    }
    match number % 5:
        case 0:
            start = f"{8 + (number // 60) % 6:02}:{15 * ((number // 15) % 4):02}"
            talks.append({"date": ahead, "start": start, "minutes": 15, "channel": "phone", "agenda": agenda})
        case 1:
            found["exemption"] = {"on": MONDAY.isoformat(), "reason": fitting(text, 2000, "x")}
        case 2:
            times = [{"date": ahead, "start": "14:00", "minutes": 30, "channel": "phone"}]
            found["offer"] = {"on": MONDAY.isoformat(), "until": ahead, "times": times}
    return {**found, "conversations": talks}


def desk_on(store: Path) -> Desk:
    """The desk on the store, on the Monday of the cases."""
    clock = FixedClock()
    return Desk(open_store(store, clock, 0.0), RULES, clock, plan_form(), templates())


def fill(store: Path, texts: Sequence[str] = TRIED) -> None:
    """Make the store: by importing the file, and then by every verb that takes a text."""
    with desk_on(store) as desk:
        desk.load_caseload(read_caseload(json.dumps(document(texts)).encode(), RULES, MONDAY))
        for number, text in enumerate(texts):
            for _ in _told(desk, number, text):
                pass
        _tell_office(desk, texts)
        desk.today()
    sqlite.mark_demo(store)


def _told(desk: Desk, number: int, text: str) -> Iterator[object]:
    """Every verb about a citizen that takes a text; a blank one is refused where it would say nothing."""
    one = citizen_id(number, text)
    if not said.clean(text):
        with suppress(Refused):
            yield desk.note(one, text)
            raise AssertionError("a note that says nothing")
        text = f"{text}x"
    yield desk.note(one, text)
    yield desk.amend_note(one, desk.notes(one)[0].key, text)
    if number % 2 == 0:  # the others came with one
        yield desk.set_interpreter(one, fitting(text, 60, "x"))
    fact = next(fact for citizen in desk.find(one) if citizen.id == one for fact in citizen.facts)
    match number % 5:
        case 0 if number % 10:  # the others keep what is booked
            yield desk.cancel(one, by_citizen=True, reason=text)
        case 1 | 2:
            yield desk.remove_fact(one, fact.key, text)
        case 3:
            yield desk.postpone(one, MONDAY + timedelta(days=9 + number % 20), text)
            yield desk.add_away(one, Unavailable(weekday=2, start=time(9), end=time(12)))
        case 4:
            yield desk.held(one, channel=Channel.PHONE, on=MONDAY - timedelta(days=1), minutes=20, agenda=[text])
            yield desk.add_fact(one, FactKind.TREATMENT, MONDAY)


def _tell_office(desk: Desk, texts: Sequence[str]) -> None:
    """Every verb about the whole office that takes a text."""
    for number, text in enumerate(texts[:20]):
        start = datetime.combine(MONDAY + timedelta(days=70 + number), time(9))
        desk.import_calendar((Busy(start, start + timedelta(minutes=15), text),), text)
    desk.adopt(Adoption("micro-loans", MONDAY, None, " ".join(text[:30] for text in texts)[:2000]))
    desk.call_off(MONDAY + timedelta(days=60), texts[0] if texts[0].strip() else "x")
