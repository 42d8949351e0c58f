"""What holds for the whole office: its week, closing days and settings, and the adopted experiments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from planner.domain.caseload import Adoption, Busy, Caseload
from planner.errors import Fault, InputError, NotFound, Refused
from planner.locale import N_
from planner.phrases import Phrase
from planner.planning.making import check_rules
from planner.rules.format import Experiment
from planner.rules.parameters import parameter_faults
from planner.rules.ruleset import RuleSet
from planner.services import said
from planner.services.importing import CALENDARS, remembered_busy
from planner.services.messages import VERBS
from planner.services.ports import Office, Reading
from planner.services.results import Done
from planner.services.room import Room


def set_retention(room: Room, months: int | None) -> Done:
    """How many months a closed case is kept before it is proposed for erasure; None: none is proposed."""
    with room.store.write() as unit:
        unit.save_office(replace(unit.office(), retention_months=months))
        seq = room.record(unit, "retention" if months else "retention_none", None, {"months": months} if months else {})
    values = {"months": months} if months else {}
    return Done(seq, VERBS["retention" if months else "retention_none"], values, None)


def set_office(room: Room, office: Office) -> Done:
    """Put another office in the place of the one that stands; busy times from calendars stay, whatever it says."""
    with room.store.write() as unit:
        before = unit.office().caseworker.busy
        kept = _from_calendars(unit).total()
        becomes = with_calendars(unit, office)
        unit.save_office(becomes)
        seq = room.record(unit, "office", None, {})
    gone = (Counter(before) - Counter(becomes.caseworker.busy)).total()
    if gone:
        return Done(seq, N_("The office was changed; busy times taken out: {gone}"), {"gone": gone}, None)
    if kept:
        return Done(seq, N_("The office was changed; busy times kept from calendars: {kept}"), {"kept": kept}, None)
    return Done(seq, VERBS["office"], {}, None)


def with_calendars(view: Reading, office: Office) -> Office:
    """The office with the busy times that stand in the present one because a calendar brought them."""
    imported = _from_calendars(view)
    if not imported:
        return office
    own = (Counter(office.caseworker.busy) - imported).elements()
    busy = sorted((*own, *imported.elements()), key=lambda one: (one.start, one.end, one.title))
    return replace(office, caseworker=replace(office.caseworker, busy=tuple(busy)))


def calendar_times(room: Room) -> tuple[Busy, ...]:
    """The busy times of the office that came from calendars."""
    with room.store.read() as view:
        return tuple(_from_calendars(view).elements())


def _from_calendars(view: Reading) -> Counter[Busy]:
    """What calendars brought, as far as it still stands in the office."""
    memories = view.mappings(CALENDARS)
    brought = Counter(one for memory in memories for one in remembered_busy(memory))
    return brought & Counter(view.office().caseworker.busy)


def adopt(room: Room, adoption: Adoption) -> Done:
    """Put an experiment in force; raises InputError with every fault, RuleConflict beside one that contradicts it."""
    experiment = room.rules.experiments.get(adoption.experiment)
    if experiment is None:
        raise NotFound(N_("No experiment is called “{name}”"), name=adoption.experiment)
    faults = term_faults(experiment, adoption)
    authority = said.clean(adoption.authority)
    if not authority:
        faults.append(Fault("$.authority", Phrase("nothing"), Phrase("on what legal basis it is in force here")))
    if faults:
        raise InputError(N_("The adoption cannot be taken"), faults)
    detail = {"experiment": adoption.experiment, "first": adoption.first, "last": adoption.last}
    with room.store.write() as unit:
        _check_alone(unit.adoptions(), adoption)
        _check_agreement(room.refreshed(unit).caseload(room.clock.today()), adoption, room.rules)
        unit.save_adoption(replace(adoption, authority=authority))
        seq = room.record(unit, "adopt", None, detail)
    return Done(seq, VERBS["adopt"], {**detail, "experiment": experiment.title}, None)


def term_faults(experiment: Experiment, adoption: Adoption) -> list[Fault]:
    """What is wrong with an adoption's period and parameters."""
    faults = parameter_faults(experiment, adoption.parameters, "$.parameters")
    if adoption.last is not None and adoption.last < adoption.first:
        first = adoption.first.isoformat()
        faults.append(Fault("$.to", adoption.last.isoformat(), Phrase("a date from {first} on", first=first)))
    return faults


def end_adoption(room: Room, experiment: str, last: date) -> Done:
    """Let an adoption end with the day `last`."""
    detail = {"experiment": experiment, "last": last}
    with room.store.write() as unit:
        own = [a for a in unit.adoptions() if a.experiment == experiment]
        running = [a for a in own if a.first <= last and (a.last is None or a.last > last)]
        if not own:
            raise NotFound(N_("The experiment “{name}” is not adopted here"), name=experiment)
        if not running:
            raise Refused(N_("No adoption of “{name}” runs on and beyond {last}"), name=experiment, last=last)
        unit.save_adoption(replace(running[-1], last=last))
        seq = room.record(unit, "end_adoption", None, detail)
    known = room.rules.experiments.get(experiment)
    return Done(seq, VERBS["end_adoption"], {**detail, "experiment": known.title if known else experiment}, None)


def _check_agreement(caseload: Caseload, wanted: Adoption, rules: RuleSet) -> None:
    """Raise RuleConflict where the adoption contradicts another, today or on a day to come."""
    adoptions = (*caseload.adoptions, wanted)
    turns = {*(adoption.first for adoption in adoptions), *(pack.valid_from for pack in rules.packs)}
    for day in sorted({caseload.today, *(turn for turn in turns if turn > caseload.today)}):
        if day == caseload.today or wanted.in_force(day):
            check_rules(replace(caseload, today=day, adoptions=adoptions), rules)


def _check_alone(adoptions: Iterable[Adoption], wanted: Adoption) -> None:
    for known in adoptions:
        apart = (known.last is not None and known.last < wanted.first) or (
            wanted.last is not None and wanted.last < known.first
        )
        if known.experiment == wanted.experiment and not apart:
            raise Refused(
                N_("The experiment “{name}” is adopted already from {first}"), name=known.experiment, first=known.first
            )
