"""What becomes of each citizen, drawn before anybody is planned: no policy can change it.

Each aspect of each citizen has a random stream of her own, so that the same seed gives the same people under every
policy, and nearly the same under parameters that differ in one figure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from planner.domain.calendar import ONE_DAY
from planner.domain.citizens import Cadence, Fact, FactKind, TargetGroup
from planner.domain.conversations import Channel
from planner.evaluation.simulation.parameters import Group, Parameters

YEAR = 365.25
_QUARTER = 13 * 7
#: Days of a spell that no figure ends, for drawing how old it is at the beginning.
_UNENDING = 26 * 7
_LONGEST = 40 * 365
#: A smaller share of leavers in 13 weeks is taken as none.
_LEAST_SHARE = 1e-4


@dataclass(frozen=True, slots=True)
class Fate:
    """One citizen's spell from beginning to end (`leaves`: the first day after it), with all that happens in it.

    `facts` become known on their `noted_on`; `needs` are the days on which high need of a conversation arises;
    `ill` are stretches of days, first and last included; `lot` decides whether she takes part in a mixture.
    """

    id: str
    group: TargetGroup
    enters: date
    leaves: date | None = None
    to_job: bool = False
    need: Cadence = Cadence.STANDARD
    screened_right: bool = True
    preferred: Channel | None = None
    facts: tuple[Fact, ...] = ()
    needs: tuple[date, ...] = ()
    ill: tuple[tuple[date, date], ...] = ()
    talked_on: date | None = None
    lot: float = 0.0

    def is_ill(self, day: date) -> bool:
        """Whether she is ill on the day."""
        return any(first <= day <= last for first, last in self.ill)


@dataclass(frozen=True, slots=True)
class Draw:
    """Who comes to one caseworker: `key` names the caseworker's random streams; `weeks` from the Monday `start` on."""

    key: str
    parameters: Parameters
    start: date
    weeks: int
    citizens: int

    @property
    def end(self) -> date:
        """The day after the last week."""
        return self.start + timedelta(weeks=self.weeks)

    def fates(self) -> tuple[Fate, ...]:
        """Everybody on the caseload at the start, and everybody who comes later."""
        return (*self._stock(), *self._arrivals())

    def absent(self) -> frozenset[date]:
        """The days on which the caseworker turns out to be ill."""
        random = Random(f"{self.key}/caseworker")
        share = self.parameters.office.ill_days_per_year.value / YEAR * 7 / 5
        days = (self.start + timedelta(days=n) for n in range(7 * self.weeks))
        return frozenset(day for day in days if random.random() < share)

    def _stock(self) -> Iterator[Fate]:
        groups = [(name, group) for name, group in self.parameters.groups.items() if group.share.value]
        total = sum(group.share.value for _, group in groups)
        rank, reached = 0, 0.0
        for name, group in groups:
            reached += self.citizens * group.share.value / total
            while rank < round(reached):
                yield self._first(f"{name}-s{rank}", name, group)
                rank += 1

    def _first(self, who: str, name: TargetGroup, group: Group) -> Fate:
        """Somebody whose spell has begun before the start: long spells are met more often than short ones."""
        random = Random(f"{self.key}/{who}/age")
        laid_off, other = _means(self.parameters, group)
        returns = math.isfinite(other) and random.random() * (laid_off + other) < laid_off
        length = self._met_layoff(random) if returns else _met_spell(group, random)
        age = int(random.random() * (_UNENDING if length is None else length))
        enters = self.start - timedelta(days=age)
        left = None if length is None else self.start + timedelta(days=max(1, length - age))
        talked = self.start - timedelta(days=random.randint(1, 56))
        return self._fate(who, name, group, enters, left, returns, talked if talked > enters else None)

    def _arrivals(self) -> Iterator[Fate]:
        total = sum(group.share.value for group in self.parameters.groups.values())
        for name, group in self.parameters.groups.items():
            present = self.citizens * group.share.value / total
            rate = self.parameters.inflow.balance.value * present / sum(_means(self.parameters, group))
            random, day, number = Random(f"{self.key}/{name}/inflow"), 0.0, 0
            while rate > 0 and (day := day + random.expovariate(rate)) < 7 * self.weeks:
                who = f"{name}-n{number}"
                number += 1
                enters = self.start + timedelta(days=int(day))
                own = Random(f"{self.key}/{who}/age")
                returns = own.random() < group.laid_off.value
                length = self._layoff(own) if returns else _spell(group, own)
                left = None if length is None else enters + timedelta(days=max(1, length))
                yield self._fate(who, name, group, enters, left, returns, None)

    def _fate(
        self,
        who: str,
        name: TargetGroup,
        group: Group,
        enters: date,
        leaves: date | None,
        returns: bool,
        talked: date | None,
    ) -> Fate:
        p, until = self.parameters, min(leaves or self.end, self.end)
        random = Random(f"{self.key}/{who}/person")
        level, right, way, lot = (random.random() for _ in range(4))
        need = Cadence.CLOSE if level < p.need.high.value else Cadence.STANDARD
        need = Cadence.LIGHT if level >= 1 - p.need.low.value else need
        to_job = leaves is not None and (returns or random.random() < group.to_job.value)
        acute, wishes = self._acute(who, max(enters, self.start), until)
        facts = [*self._ending(who, enters, leaves, to_job, returns), *self._examined(who, group, enters), *wishes]
        return Fate(
            id=who,
            group=name,
            enters=enters,
            leaves=leaves,
            to_job=to_job,
            need=need,
            screened_right=right < p.need.screening_right.value,
            preferred=self._channel(way),
            facts=tuple(sorted(facts, key=lambda fact: (fact.noted_on or fact.on, fact.kind))),
            needs=acute,
            ill=tuple(self._illness(who, max(enters, self.start), until)),
            talked_on=talked,
            lot=lot,
        )

    def _channel(self, way: float) -> Channel:
        phone, digital = self.parameters.channels.phone.value, self.parameters.channels.digital.value
        if way < phone:
            return Channel.PHONE
        return Channel.DIGITAL if way < phone + digital else Channel.IN_PERSON

    def _ending(self, who: str, enters: date, leaves: date | None, to_job: bool, returns: bool) -> Iterator[Fact]:
        if leaves is None:
            return
        if returns:
            yield Fact(FactKind.REHIRE, leaves, documented=True, noted_on=enters)
            return
        notice = int(
            Random(f"{self.key}/{who}/notice").random() * (self.parameters.job_start.most_notice_days.value + 1)
        )
        kind = FactKind.JOB_START if to_job else FactKind.RECOVERY
        yield Fact(kind, leaves, documented=True, noted_on=max(enters, leaves - timedelta(days=notice)))

    def _examined(self, who: str, group: Group, enters: date) -> Iterator[Fact]:
        random, own = Random(f"{self.key}/{who}/examination"), self.parameters.examination
        if random.random() >= group.examination.value:
            return
        on = enters + timedelta(days=14 + int(random.random() * max(0, 7 * own.most_weeks.value - 14)))
        noted = max(enters, on - timedelta(weeks=own.notice_weeks.value))
        yield Fact(FactKind.EXAMINATION, on, documented=True, noted_on=noted)

    def _acute(self, who: str, first: date, until: date) -> tuple[tuple[date, ...], list[Fact]]:
        own, random = self.parameters.need, Random(f"{self.key}/{who}/acute")
        days, wishes = [], []
        for day in _now_and_then(random, own.acute_per_year.value, first, until):
            days.append(day)
            if random.random() < own.voiced.value:
                holds = day + timedelta(weeks=own.lasts_weeks.value)
                wishes.append(Fact(FactKind.WANTS_MORE_CONTACT, day, holds, noted_on=day))
        return tuple(days), wishes

    def _illness(self, who: str, first: date, until: date) -> Iterator[tuple[date, date]]:
        own = self.parameters.attendance
        if own.ill_days.value:
            for day in _now_and_then(Random(f"{self.key}/{who}/ill"), own.ill_per_year.value, first, until):
                yield day, day + timedelta(days=own.ill_days.value) - ONE_DAY

    def _layoff(self, random: Random) -> int:
        own = self.parameters.layoff
        return random.randint(7 * own.least_weeks.value, 7 * own.most_weeks.value)

    def _met_layoff(self, random: Random) -> int:
        most = 7 * self.parameters.layoff.most_weeks.value
        while (length := self._layoff(random)) < random.random() * most:
            pass
        return length


def no_show(key: str, who: str, attempt: int, share: float) -> bool:
    """Whether the citizen stays away from her conversation of that number."""
    return Random(f"{key}/{who}/attempt/{attempt}").random() < share


def _now_and_then(random: Random, per_year: float, first: date, until: date) -> Iterator[date]:
    day = 0.0
    while per_year > 0 and (day := day + random.expovariate(per_year / YEAR)) < (until - first).days:
        yield first + timedelta(days=int(day))


def _means(parameters: Parameters, group: Group) -> tuple[float, float]:
    """Mean days of a spell times the share of such spells: of those laid off, and of the others."""
    own, share = parameters.layoff, group.laid_off.value
    laid_off = max(1.0, 7 * (own.least_weeks.value + own.most_weeks.value) / 2) * share
    if share == 1:
        return laid_off, 0.0
    mean = _scale(group) * math.gamma(1 + 1 / group.shape.value) if _leaves(group) else math.inf
    return laid_off, mean * (1 - share)


def _leaves(group: Group) -> bool:
    return group.leave_within_13_weeks.value >= _LEAST_SHARE


def _scale(group: Group) -> float:
    """The Weibull scale in days at which the stated share has left after 13 weeks."""
    stay = -math.log(1 - group.leave_within_13_weeks.value)
    return float(_QUARTER / stay ** (1 / group.shape.value))


def _spell(group: Group, random: Random) -> int | None:
    """Days of a spell from its beginning; None where nobody leaves."""
    if not _leaves(group):
        return None
    return _days(_scale(group) * random.expovariate(1) ** (1 / group.shape.value))


def _met_spell(group: Group, random: Random) -> int | None:
    """Days of a spell that runs on a day picked at random: drawn in proportion to its length."""
    if not _leaves(group):
        return None
    shape = group.shape.value
    return _days(_scale(group) * random.gammavariate(1 + 1 / shape, 1) ** (1 / shape))


def _days(length: float) -> int:
    return max(1, round(min(_LONGEST, length)))
