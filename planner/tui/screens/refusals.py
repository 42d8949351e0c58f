"""What is refused before a form is opened, so that nobody fills one in for nothing."""

from __future__ import annotations

from datetime import date

from planner.domain.citizens import Citizen
from planner.errors import Refused
from planner.locale import N_
from planner.rules.format import LawPack
from planner.rules.law_facts import in_first_months


def check_exemptible(pack: LawPack, citizen: Citizen, today: date) -> None:
    """Raise Refused where no reason could help: the law knows no exemption, or not for this citizen."""
    rule = pack.exemption_share
    if rule is None:
        raise Refused(N_("The law in force ({law}) knows no exemption by decision"), law=pack.id)
    if not in_first_months(citizen, pack, today):
        raise Refused(
            N_("Only the groups {groups} can be exempted, and only until {period} after the spell began"),
            groups=", ".join(rule.groups),
            period=rule.within,
        )


def check_booked(citizen: Citizen) -> None:
    """Raise Refused where nothing is booked that could be cancelled."""
    if not citizen.booked():
        raise Refused(N_("Nothing is booked that could be cancelled"))
