"""The caseworker's decisions about a citizen: postpone, exempt, set the cadence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from planner.domain.calendar import ONE_DAY
from planner.domain.citizens import Cadence, Citizen, Exemption
from planner.domain.periods import Period
from planner.errors import Refused
from planner.locale import N_
from planner.planning.composing import exempted_share
from planner.planning.plan import ExemptedShare
from planner.rules.format import LawPack
from planner.rules.law_facts import exempted_by_decision, in_first_months
from planner.services import said
from planner.services.ports import Postponement
from planner.services.results import Done
from planner.services.room import Room, done, nearest_duty


def postpone(room: Room, citizen_id: str, until: date, reason: str) -> Done:
    """No conversation before `until`; a postponement that still runs is replaced."""
    why = said.reason(reason)
    with room.acting("postpone", citizen_id) as act:
        if until <= act.today:
            raise Refused(N_("It can only be postponed to a day after today"))
        booked = next((talk for talk in act.citizen.booked() if act.today <= talk.on < until), None)
        if booked is not None:
            raise Refused(N_("A conversation is booked on {on}; cancel it first"), on=booked.on)
        running = [p for p in act.unit.postponements(act.key) if p.last >= act.today]
        made = running[0] if running else Postponement("", act.today, act.today, "")
        act.unit.save_postponement(act.key, replace(made, last=until - ONE_DAY, reason=why))
        act.detail.update(until=until, reason=why)
        latest = nearest_duty(act, room)
    made_known = done("postpone", act)
    if latest is None or until <= latest:
        return made_known
    late = N_("{name}: postponed until {until}; that is after the latest day {latest}")
    return replace(made_known, message=late, values={**made_known.values, "latest": latest})


def exempt(room: Room, citizen_id: str, reason: str, until: date | None) -> Done:
    """Exempt from the remaining conversations, where the law in force allows it and within its limit."""
    why = said.reason(reason)
    with room.acting("exempt", citizen_id) as act:
        pack = room.rules.law_on(act.today)
        last = until or _last_day(act.citizen, pack)
        check_exemptible(act.citizen, exempted_share(act.caseload, pack), pack, act.today)
        if last < act.today:
            raise Refused(N_("The exemption would be over already on {until}"), until=last)
        act.unit.save_citizen(act.key, replace(act.citizen, exemption=Exemption(act.today, last, why)))
        act.detail.update(until=last, reason=why)
    return done("exempt", act)


def end_exemption(room: Room, citizen_id: str) -> Done:
    """End the exemption with yesterday; one that began today was never in force."""
    with room.acting("end_exemption", citizen_id) as act:
        decision = act.citizen.exemption
        if decision is None or (decision.until is not None and decision.until < act.today):
            raise Refused(N_("The citizen is not exempted"))
        ended = replace(decision, until=act.today - ONE_DAY) if decision.on < act.today else None
        act.unit.save_citizen(act.key, replace(act.citizen, exemption=ended))
    return done("end_exemption", act)


def set_cadence(room: Room, citizen_id: str, cadence: Cadence | None) -> Done:
    """How closely to keep in touch; None takes the screening back."""
    with room.acting("cadence", citizen_id) as act:
        act.unit.save_citizen(act.key, replace(act.citizen, cadence=cadence))
        act.detail.update(cadence=cadence)
    return done("cadence", act)


def _last_day(citizen: Citizen, pack: LawPack) -> date:
    rule = pack.exemption_share
    return Period.parse(rule.within).after(citizen.spell_start) - ONE_DAY if rule else citizen.spell_start


def check_exemptible(citizen: Citizen, share: ExemptedShare | None, pack: LawPack, today: date) -> None:
    """Raise Refused where no reason could help: the law or its limit does not allow it for this citizen."""
    rule = pack.exemption_share
    if rule is None or share is None:
        raise Refused(N_("The law in force ({law}) knows no exemption by decision"), law=pack.id)
    if not in_first_months(citizen, pack, today):
        raise Refused(
            N_("Only the groups {groups} can be exempted, and only until {period} after the spell began"),
            groups=", ".join(rule.groups),
            period=rule.within,
        )
    if exempted_by_decision(citizen, pack, today):
        raise Refused(N_("The citizen is exempted already"))
    if share.exempted >= share.allowed:
        raise Refused(
            N_("The limit is reached: {exempted} of {eligible} are exempted, and {percent} % allow {allowed}"),
            exempted=share.exempted,
            eligible=share.eligible,
            percent=rule.limit_percent,
            allowed=share.allowed,
        )
