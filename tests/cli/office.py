"""A small invented office for the command line: a Monday in November 2026 under the law of 2026."""

from __future__ import annotations

from typing import Any

TODAY = "2026-11-23"


def caseload(**changes: Any) -> dict[str, Any]:
    """The caseload file; `changes` replace its keys."""
    days = ("mon", "tue", "wed", "thu", "fri")
    return {
        "schema": "planner-caseload/1",
        "today": TODAY,
        "municipality": "Eksempelkøbing",
        "caseworker": {"working_hours": [{"weekday": day, "from": "08:00", "to": "15:00"} for day in days]},
        "citizens": [
            citizen("c-1", "Åse Eksempel", spell_start="2026-06-01", conversations=[held("2026-09-21")]),
            citizen("c-2", "Bo Prøve", spell_start="2026-06-01", conversations=[booked("2026-11-23", "10:00")]),
            citizen("c-3", "Åse Tænkt", target_group="6.6", spell_start="2026-11-02"),
            citizen("c-4", "Demo Ærlig", target_group="int", spell_start="2026-07-01", cadence="standard"),
            citizen("c-5", "Ib Opdigt", spell_start="2026-07-06", conversations=[held("2026-10-12")]),
            citizen("c-6", "Else Fantasi", spell_start="2026-07-06", conversations=[held("2026-10-13")]),
        ],
        **changes,
    }


def citizen(id_: str, name: str, **more: Any) -> dict[str, Any]:
    """A citizen, insured and in a new spell unless stated."""
    return {"id": id_, "name": name, "target_group": "6.1", "spell_start": "2026-10-05", **more}


def held(day: str, start: str = "09:00") -> dict[str, Any]:
    """A conversation that was held in person."""
    return {"date": day, "start": start, "minutes": 45, "channel": "in_person", "status": "held"}


def booked(day: str, start: str) -> dict[str, Any]:
    """A conversation that is booked by phone."""
    return {"date": day, "start": start, "minutes": 30, "channel": "phone", "status": "booked"}
