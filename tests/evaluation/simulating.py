"""Small simulations: a fate and an office that a case can state in a line, and a setup that is quickly done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from planner.domain.caseload import Adoption
from planner.domain.citizens import Cadence, Fact, TargetGroup
from planner.evaluation.simulation.fates import Fate
from planner.evaluation.simulation.office import Office, office
from planner.evaluation.simulation.parameters import Parameters, read_parameters
from planner.evaluation.simulation.policies import Policy, policies
from planner.evaluation.simulation.running import Setup
from planner.exchange.rule_files import load_rules

#: A Monday under the law of 2015, against which the experiments were written.
START = date(2018, 1, 1)
ADOPTIONS = tuple(
    Adoption(name, START, None, "") for name in ("flexible-contact-insured", "flexible-sickness-follow-up")
)
#: Everybody comes, and nobody is ill.
PUNCTUAL = b"[attendance]\nno_show = { value = 0 }\nill_per_year = { value = 0 }\n"


def fate(
    who: str = "a",
    group: TargetGroup = TargetGroup.INSURED,
    enters: int = 0,
    leaves: int | None = None,
    *,
    to_job: bool = False,
    need: Cadence = Cadence.STANDARD,
    facts: Sequence[Fact] = (),
    needs: Sequence[int] = (),
) -> Fate:
    """Somebody who comes and leaves on a day, counted from the first Monday."""
    return Fate(
        id=who,
        group=group,
        enters=on(enters),
        leaves=None if leaves is None else on(leaves),
        to_job=to_job,
        need=need,
        facts=tuple(facts),
        needs=tuple(on(day) for day in needs),
        lot=0.5,
    )


def on(days: int) -> date:
    """The date so many days after the first Monday."""
    return START + timedelta(days=days)


def one_office(fates: Sequence[Fate], policy: Policy | None = None, own: bytes = PUNCTUAL) -> Office:
    """A caseworker with exactly these citizens, under the law alone unless a policy is given."""
    parameters = read_parameters(own)
    return Office("test", parameters, load_rules(), policy or Policy("fixed"), office(parameters, START), fates)


def flexible() -> Policy:
    """Flexible contact for everybody."""
    return Policy("flexible", ADOPTIONS)


def setup(
    own: bytes | None = None,
    *,
    weeks: int = 3,
    caseworkers: int = 2,
    citizens: int = 8,
    repetitions: int = 2,
    seed: int = 1,
    variants: tuple[Parameters, ...] = (),
) -> Setup:
    """A simulation that takes a second or two."""
    return Setup(
        rules=load_rules(),
        variants=(read_parameters(own), *variants),
        policies=policies(ADOPTIONS, [50]),
        start=START,
        weeks=weeks,
        caseworkers=caseworkers,
        citizens=citizens,
        repetitions=repetitions,
        seed=seed,
    )
