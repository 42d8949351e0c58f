"""What is simulated, and what was found: in plain lines, as data, and as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from planner.domain.caseload import Adoption
from planner.domain.text import visible
from planner.evaluation.simulation.estimates import Estimate, difference, level
from planner.evaluation.simulation.measures import MEASURES, Measure
from planner.evaluation.simulation.office import office
from planner.evaluation.simulation.parameters import Parameters, plain
from planner.evaluation.simulation.policies import FIXED, FLEXIBLE, Policy, check, policies
from planner.evaluation.simulation.running import Outcome, Setup
from planner.evaluation.simulation.sensitivity import name_of, value_of
from planner.evaluation.simulation.tally import Tally
from planner.locale import N_, Language
from planner.plain import quoted
from planner.rules.ruleset import RuleSet
from planner.services.demo import ADOPTED

SIMULATING = N_("Simulating…")
SCHEMA = "planner-simulation-result/1"
#: The measures that the sensitivity table tells.
_TOLD = ("hours", "soon_in_job", "wait_mean", "gap_p95")
_INTERVALS = N_(
    "In brackets: 95 % confidence intervals by Student’s t over the repetitions. They cover chance under what is "
    "assumed, not whether it is true; planner simulate --show-parameters prints it with its sources."
)
_NO_INTERVALS = N_(
    "Of one repetition there are no confidence intervals, so any difference may be chance; "
    "planner simulate --show-parameters prints what is assumed with its sources."
)
_NO_EFFECT = N_(
    "What becomes of each citizen is drawn beforehand, the same under every policy, and no conversation changes "
    "it: nothing here says that anybody finds a job sooner."
)


@dataclass(frozen=True, slots=True)
class Size:
    """How much is simulated, and by which number chance is drawn."""

    weeks: int
    caseworkers: int
    citizens: int
    repetitions: int
    seed: int


def usual_experiments() -> list[str]:
    """The ids of flexible contact for all groups."""
    return [name for name in ADOPTED if name.startswith("flexible-")]


def setup(
    rules: RuleSet,
    variants: tuple[Parameters, ...],
    adoptions: tuple[Adoption, ...],
    start: date,
    size: Size,
    mixtures: Sequence[int] = (),
) -> Setup:
    """The fixed rhythm beside these adoptions, and mixtures in percent; raises where adoptions disagree."""
    check(office(variants[0], start), list(variants[0].groups), adoptions, rules)
    return Setup(
        rules=rules,
        variants=variants,
        policies=policies(adoptions, list(mixtures)),
        start=start,
        weeks=size.weeks,
        caseworkers=size.caseworkers,
        citizens=size.citizens,
        repetitions=size.repetitions,
        seed=size.seed,
    )


@dataclass(slots=True)
class Report:
    """The outcome in one language; `varied`: the parameter and value of each variant after the first."""

    outcome: Outcome
    varied: tuple[tuple[tuple[str, ...], float], ...]
    language: Language
    _known: dict[tuple[int, int], list[Tally]] = field(default_factory=dict)

    # --- figures ---------------------------------------------------------------------------------------------------

    def values(self, measure: Measure, policy: int, variant: int = 0) -> list[float | None]:
        """The measure in each repetition."""
        return [measure.of(tally) for tally in self._tallies(policy, variant)]

    def _tallies(self, policy: int, variant: int = 0) -> list[Tally]:
        if (policy, variant) not in self._known:
            self._known[policy, variant] = self.outcome.tallies(policy, variant)
        return self._known[policy, variant]

    def _level(self, measure: Measure, policy: int) -> Estimate | None:
        return level(self.values(measure, policy), measure.most)

    def _differences(self, measure: Measure, variant: int = 0) -> list[Estimate | None]:
        """Each policy after the first less the first."""
        first = self.values(measure, 0, variant)
        others = range(1, len(self.outcome.setup.policies))
        return [difference(first, self.values(measure, policy, variant)) for policy in others]

    def _loads(self, policy: int) -> list[float | None]:
        """The load of each week in percent, over all repetitions."""
        found = []
        for number in range(self.outcome.setup.weeks):
            weeks = [tally.weeks[number] for tally in self._tallies(policy) if number < len(tally.weeks)]
            available = sum(one for _, one in weeks)
            found.append(100 * sum(used for used, _ in weeks) / available if available else None)
        return found

    # --- lines -----------------------------------------------------------------------------------------------------

    def lines(self) -> Iterator[str]:
        """Everything in sentences, a heading and its lines for each measure."""
        yield from self._head()
        for measure in MEASURES.values():
            yield ""
            yield from self._measured(measure)
        yield ""
        yield self.language.text("load by week, in %")
        yield from self._weeks()
        if self.varied:
            yield ""
            yield from self._sensitivity()
        yield ""
        yield self.language.text(_INTERVALS if len(self.outcome.repetitions()) > 1 else _NO_INTERVALS)
        yield self.language.text(_NO_EFFECT)

    def interrupted(self) -> str:
        """How much was done before Ctrl+C, and that nothing else is in the figures."""
        if not self.outcome.done:
            return self.language.text("Interrupted before the first run was done: there is nothing to report.")
        return self.language.text(
            "Interrupted: {done} of {count} runs of a caseworker are done; what is reported rests on those.",
            done=len(self.outcome.done),
            count=len(self.outcome.setup.tasks()),
        )

    def _head(self) -> Iterator[str]:
        setup, text = self.outcome.setup, self.language.text
        if self.outcome.interrupted:
            yield self.interrupted()
        yield text(
            "Weeks simulated: {weeks}, from {first}; before them, not counted: {warm_up}.",
            weeks=setup.weeks,
            first=setup.start + timedelta(weeks=self._warm_up),
            warm_up=self._warm_up,
        )
        yield text(
            "Caseworkers: {caseworkers}, with {citizens} citizens each; repetitions: {repetitions}; seed: {seed}.",
            caseworkers=setup.caseworkers,
            citizens=setup.citizens,
            repetitions=len(self.outcome.repetitions()),
            seed=setup.seed,
        )
        yield text("Law: {title}.", title=self.language.title(setup.rules.law_on(setup.start).title))
        named = (setup.rules.experiments[one.experiment].title for one in setup.policies[-1].adoptions)
        names = self.language.joined([self.language.title(title) for title in named])
        yield text("Adopted under “{policy}”: {names}.", policy=self._name(setup.policies[-1]), names=names)

    @property
    def _warm_up(self) -> int:
        return self.outcome.setup.variants[0].run.warm_up_weeks.value

    def _name(self, policy: Policy) -> str:
        if policy.name in (FIXED, FLEXIBLE):
            return self.language.text(N_("fixed rhythm") if policy.name == FIXED else N_("flexible contact"))
        return self.language.text("mixed, {percent} %", percent=round(100 * policy.share))

    def _measured(self, measure: Measure) -> Iterator[str]:
        text, policies = self.language.text, self.outcome.setup.policies
        title = text(measure.title)
        yield f"{title[:1].upper()}{title[1:]}"
        yield f"   {text(measure.definition)}"
        for number, policy in enumerate(policies):
            found = self._level(measure, number)
            yield f"   {self._name(policy)}: {self._shown(found, measure.decimals)}"
        for policy, found in zip(policies[1:], self._differences(measure), strict=True):
            less = text("{policy} less {first}", policy=self._name(policy), first=self._name(policies[0]))
            yield f"   {less}: {self._shown(found, measure.decimals)}"

    def _shown(self, found: Estimate | None, decimals: int) -> str:
        if found is None:
            return self.language.text("nothing to measure")
        number = self.language.number
        if found.low is None or found.high is None:
            return number(found.mean, decimals)
        return self.language.text(
            "{mean} ({low} to {high})",
            mean=number(found.mean, decimals),
            low=number(found.low, decimals),
            high=number(found.high, decimals),
        )

    def _weeks(self) -> Iterator[str]:
        setup = self.outcome.setup
        loads = [self._loads(policy) for policy in range(len(setup.policies))]
        first = setup.start + timedelta(weeks=self._warm_up)
        for number in range(setup.weeks):
            year, week, _ = (first + timedelta(weeks=number)).isocalendar()
            shown = (
                f"{self._name(policy)} {self.language.number(load)}"
                for policy, of in zip(setup.policies, loads, strict=True)
                if (load := of[number]) is not None
            )
            yield f"   {self.language.week(year, week)}: {'; '.join(shown) or '–'}"

    def _sensitivity(self) -> Iterator[str]:
        setup, text = self.outcome.setup, self.language.text
        yield text(
            "{policy} less {first}, with one parameter at a time a quarter smaller and larger",
            policy=self._name(setup.policies[-1]),
            first=self._name(setup.policies[0]),
        )
        titles = "; ".join(text(MEASURES[name].title) for name in _TOLD)
        yield text("In each line: {measures}.", measures=titles)
        yield f"   {text('as assumed')}: {self._told(0)}"
        for variant, (keys, value) in enumerate(self.varied, 1):
            before = value_of(setup.variants[0], keys) or 0.0
            yield f"   {name_of(keys)} {_plain(before)} → {_plain(value)}: {self._told(variant)}"

    def _told(self, variant: int) -> str:
        parts = []
        for name in _TOLD:
            measure = MEASURES[name]
            found = self._differences(measure, variant)[-1]
            parts.append(self._shown(found, measure.decimals))
        return "; ".join(parts)

    # --- data ------------------------------------------------------------------------------------------------------

    def data(self) -> dict[str, Any]:
        """Everything for another program; `complete` says whether nothing was interrupted."""
        setup = self.outcome.setup
        return {
            "schema": SCHEMA,
            "complete": not self.outcome.interrupted,
            "start": setup.start.isoformat(),
            "counted_from": (setup.start + timedelta(weeks=self._warm_up)).isoformat(),
            "weeks": setup.weeks,
            "caseworkers": setup.caseworkers,
            "citizens": setup.citizens,
            "seed": setup.seed,
            "repetitions": len(self.outcome.repetitions()),
            "law": setup.rules.law_on(setup.start).id,
            "interval": "95 %, Student's t over the repetitions",
            "measures": {name: self._defined(measure) for name, measure in MEASURES.items()},
            "policies": [self._policy(number) for number in range(len(setup.policies))],
            "sensitivity": [self._variant(variant) for variant in range(1, len(self.varied) + 1)],
            "parameters": plain(setup.variants[0]),
        }

    def _defined(self, measure: Measure) -> dict[str, str]:
        return {"title": self.language.text(measure.title), "definition": self.language.text(measure.definition)}

    def _policy(self, number: int) -> dict[str, Any]:
        policy, tallies = self.outcome.setup.policies[number], self._tallies(number)
        counts = ("came", "left", "remaining", "passed_by", "held", "no_shows", "called_off_ill", "called_off_by_us")
        return {
            "policy": policy.name,
            "share": policy.share if policy.adoptions else 0.0,
            "adoptions": [adoption.experiment for adoption in policy.adoptions],
            "measures": {name: _figure(self._level(one, number)) for name, one in MEASURES.items()},
            "less_first": None
            if number == 0
            else {name: _figure(self._differences(one)[number - 1]) for name, one in MEASURES.items()},
            "counts": {name: sum(getattr(tally, name) for tally in tallies) for name in counts},
            "load_by_week": self._loads(number),
        }

    def _variant(self, variant: int) -> dict[str, Any]:
        keys, value = self.varied[variant - 1]
        found = {name: _figure(self._differences(one, variant)[-1]) for name, one in MEASURES.items()}
        return {"parameter": name_of(keys), "value": value, "flexible_less_fixed": found}

    def csv(self) -> bytes:
        """The same as a table: semicolons and decimal commas, as a Danish spreadsheet reads it."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
        writer.writerow(("policy", "measure", "week", "mean", "low", "high", "repetitions"))
        for number, policy in enumerate(self.outcome.setup.policies):
            for name, measure in MEASURES.items():
                writer.writerow((policy.name, name, "", *_cells(self._level(measure, number))))
            for week, load in enumerate(self._loads(number), 1):
                writer.writerow((policy.name, "load_of_week", week, _comma(load), "", "", ""))
        for name, measure in MEASURES.items():
            for policy, found in zip(self.outcome.setup.policies[1:], self._differences(measure), strict=True):
                writer.writerow((f"{policy.name}_less_{FIXED}", name, "", *_cells(found)))
        for variant, (keys, value) in enumerate(self.varied, 1):
            for name, measure in MEASURES.items():
                case = f"{FLEXIBLE}_less_{FIXED} {name_of(keys)}={_comma(value)}"
                writer.writerow((case, name, "", *_cells(self._differences(measure, variant)[-1])))
        return out.getvalue().encode("utf-8-sig")


def parameter_lines(parameters: Parameters, language: Language) -> Iterator[str]:
    """What is assumed as a file that --parameters takes, each value with its source."""
    data = plain(parameters)
    yield f"schema = {quoted(data.pop('schema'))}"
    for path, table in _tables((), data):
        yield ""
        yield f"[{name_of(path)}]"
        for name, one in table.items():
            source = one["source"] or language.text("No source is stated.")
            yield f"{name} = {{ value = {_plain(one['value'])}, source = {quoted(visible(source))} }}"


def _tables(path: tuple[str, ...], data: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """The innermost tables, each with the keys that lead to it."""
    if data and all("value" in one for one in data.values()):
        yield path, data
    else:
        for key, below in data.items():
            yield from _tables((*path, key), below)


def _figure(found: Estimate | None) -> dict[str, float | int | None] | None:
    return None if found is None else {"mean": found.mean, "low": found.low, "high": found.high, "n": found.n}


def _cells(found: Estimate | None) -> Sequence[object]:
    if found is None:
        return "", "", "", 0
    return _comma(found.mean), _comma(found.low), _comma(found.high), found.n


def _comma(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}".replace(".", ",")


def _plain(value: float) -> str:
    return f"{value:g}"
