"""The figures of a form and of an experience package: the measures, as they may leave the program."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from planner.domain.citizens import TargetGroup
from planner.domain.conversations import Channel
from planner.evaluation.evidence import Evidence, Span
from planner.evaluation.measures import ALL, Row, measure
from planner.evaluation.shares import FEWEST
from planner.locale import N_, Language

#: Experiments share target groups, so the forms of all of them can tell of the group in which they differ.
BESIDE_OTHERS = N_(
    "Forms and packages of several experiments or periods can be subtracted from each other: together they can tell "
    "of fewer than five persons what each of them withholds. Mind that before you hand on more than one."
)
#: The parts that are told; a reason for postponing is in somebody's own words, and stays here.
_HELD = {
    Channel.PHONE.value: N_("Held by phone"),
    Channel.DIGITAL.value: N_("Held digitally"),
    Channel.IN_PERSON.value: N_("Held in person"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: name, definition and unit are messages; `n` counts the persons that it rests on.

    A zero rests on those who could have been counted. Without a value nothing is recorded, or it is withheld because
    too few persons stand behind it.
    """

    id: str
    name: str
    definition: str
    unit: str
    value: float | None = None
    n: int | None = None
    is_withheld: bool = False
    decimals: int = 0

    def text(self, language: Language) -> str:
        """The value in words."""
        if self.is_withheld:
            return language.text("withheld")
        return language.text("not recorded") if self.value is None else language.number(self.value, self.decimals)


def figures(
    evidence: Evidence, span: Span, groups: Collection[TargetGroup], certificate_cost: float | None = None
) -> tuple[Figure, ...]:
    """What was measured of the citizens in these target groups, of all where none is named.

    Raises InputError where rules are missing for the period.
    """
    people = tuple(one for one in evidence.caseload.citizens if not groups or one.target_group in groups)
    ids = {one.id for one in people}
    records = tuple(one for one in evidence.records if one.citizen_id in ids)
    of = Evidence(replace(evidence.caseload, citizens=people), records, evidence.rules)
    report = measure(of, span, certificate_cost=certificate_cost).exported()
    everybody = report.row("citizens").total.persons
    priced = (row for row in report.rows if certificate_cost is not None or row.measure.id != "certificates_saved")
    told = (row for row in priced if row.part == ALL or (row.measure.id == "held" and row.part in _HELD))
    return tuple(_figure(row, everybody) for row in told)


def _figure(row: Row, everybody: int | None) -> Figure:
    about, total = row.measure, row.total
    persons = total.persons or 0
    return Figure(
        id=about.id if row.part == ALL else f"{about.id}-{row.part}",
        name=_HELD.get(row.part, about.name),
        definition=about.definition,
        unit=about.unit,
        value=total.value,
        n=None if total.value is None else everybody if persons < FEWEST else persons,
        is_withheld=total.withheld,
        decimals=about.decimals,
    )
