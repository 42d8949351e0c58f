"""What the caseworker has decided about a citizen and still holds: postponed, exempted, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from planner.domain.calendar import ONE_DAY
from planner.domain.citizens import Citizen, Exemption
from planner.locale import Language


def postponed_until(citizen: Citizen, today: date) -> date | None:
    """The first day on which a conversation is possible again; None where nothing is postponed."""
    stretch = citizen.postponement(today)
    return stretch.last + ONE_DAY if stretch is not None and stretch.last is not None else None


def postponement_line(citizen: Citizen, today: date, language: Language) -> str:
    """Until when it is postponed and why; empty where nothing is."""
    stretch, until = citizen.postponement(today), postponed_until(citizen, today)
    if stretch is None or until is None:
        return ""
    return language.text("Postponed until {until}: {reason}", until=until, reason=stretch.reason)


def exemption_in_force(citizen: Citizen, today: date) -> Exemption | None:
    """The decision to exempt, where it is not over."""
    decision = citizen.exemption
    return decision if decision is not None and (decision.until is None or decision.until >= today) else None


def decision_lines(citizen: Citizen, today: date, language: Language) -> Iterator[str]:
    """A line for each decision that holds on the day."""
    if line := postponement_line(citizen, today, language):
        yield line
    decision = exemption_in_force(citizen, today)
    if decision is None:
        return
    if decision.until is None:
        yield language.text("Exempt: {reason}", reason=decision.reason)
    else:
        yield language.text("Exempt until {until}: {reason}", until=decision.until, reason=decision.reason)


def decisions_data(citizen: Citizen, today: date) -> dict[str, object]:
    """The same as plain data."""
    stretch, until = citizen.postponement(today), postponed_until(citizen, today)
    decision = exemption_in_force(citizen, today)
    return {
        "postponed": {"until": until.isoformat(), "reason": stretch.reason} if stretch and until else None,
        "exempt": {
            "until": decision.until.isoformat() if decision.until else None,
            "reason": decision.reason,
        }
        if decision
        else None,
    }
