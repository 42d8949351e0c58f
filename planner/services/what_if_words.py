"""What would be different, in sentences that read well aloud and on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from planner.domain.text import sort_key, visible
from planner.locale import N_, NN_, Language
from planner.planning.plan import Slot
from planner.services import words
from planner.services.explanation import title_of
from planner.services.what_if import Deadline, Load, Move, WhatIf

_FEW = 8


class Weight(StrEnum):
    """What a line is: a heading, the answer itself, or one of its details."""

    HEADING = "heading"
    ANSWER = "answer"
    DETAIL = "detail"


Line = tuple[str, Weight]


class Teller:
    """Tells what differs, with the citizens' names.

    `few`: how many names a line about the agenda gives, which can concern everybody; None for all.
    """

    def __init__(self, found: WhatIf, names: Mapping[str, str], language: Language, few: int | None = _FEW) -> None:
        self._found = found
        self._names = names
        self._language = language
        self._few = few

    def lines(self) -> Iterator[Line]:
        """The whole answer, what matters most first."""
        found, text = self._found, self._language.text
        if found.nothing:
            yield (
                text("Nothing would change: nobody moves, no deadline falls away, and no hours are freed."),
                Weight.ANSWER,
            )
            return
        yield from self._loads()
        for heading, body in (
            (text("Deadlines, requirement by requirement"), self._deadlines()),
            (text("Proposals"), self._moves()),
            (text("Places in the list"), self._changes()),
            (text("Agenda"), self._points()),
        ):
            lines = list(body)
            if lines:
                yield heading, Weight.HEADING
                yield from ((line, Weight.DETAIL) for line in lines)

    def _loads(self) -> Iterator[Line]:
        found, text = self._found, self._language.text
        planned = text("In the weeks that are planned, until {last}", last=found.horizon_end)
        yield self._load(planned, *found.planned), Weight.ANSWER
        yield self._load(text("Over twelve weeks, as far as is known now"), *found.twelve_weeks), Weight.ANSWER

    def _load(self, when: str, before: Load, after: Load) -> str:
        language = self._language
        talks = language.plural("{n} conversation", "{n} conversations", after.conversations)
        gain = before.minutes - after.minutes
        values = {
            "when": when,
            "talks": talks,
            "before": before.conversations,
            "hours": _hours(abs(gain), language),
        }
        if before.conversations == after.conversations and gain:
            more, less = (
                N_("{when}: {talks}, as now, but {hours} hours more."),
                N_("{when}: {talks}, as now, in {hours} hours less."),
            )
            return language.text(less if gain > 0 else more, **values)
        if gain > 0:
            return language.text("{when}: {talks} instead of {before}; {hours} hours are freed.", **values)
        if gain < 0:
            return language.text("{when}: {talks} instead of {before}; it costs {hours} hours more.", **values)
        if before.conversations == after.conversations:
            return language.text("{when}: {talks}, as now.", **values)
        return language.text("{when}: {talks} instead of {before}, in as many hours.", **values)

    def _deadlines(self) -> Iterator[str]:
        by_requirement: dict[str, list[Deadline]] = {}
        for deadline in self._found.deadlines:
            by_requirement.setdefault(deadline.requirement, []).append(deadline)
        for requirement, deadlines in by_requirement.items():
            title = f"“{title_of(requirement, self._language, self._found.titles)}”"
            gone = [d.citizen for d in deadlines if d.after is None]
            new = [d.citizen for d in deadlines if d.before is None]
            later = [d.citizen for d in deadlines if d.before and d.after and d.after > d.before]
            sooner = [d.citizen for d in deadlines if d.before and d.after and d.after < d.before]
            for form, citizens in (
                (
                    NN_("{title} falls away for {n} citizen: {names}", "{title} falls away for {n} citizens: {names}"),
                    gone,
                ),
                (NN_("{title} is new for {n} citizen: {names}", "{title} is new for {n} citizens: {names}"), new),
                (
                    NN_("{title} gets later for {n} citizen: {names}", "{title} gets later for {n} citizens: {names}"),
                    later,
                ),
                (
                    NN_(
                        "{title} gets earlier for {n} citizen: {names}",
                        "{title} gets earlier for {n} citizens: {names}",
                    ),
                    sooner,
                ),
            ):
                yield from self._people(form, citizens, title=title)

    def _moves(self) -> Iterator[str]:
        moves = self._found.moves
        gone, new = [m for m in moves if m.after is None], [m for m in moves if m.before is None]
        others = [m for m in moves if m.before is not None and m.after is not None]
        yield from self._people(
            NN_("{n} proposal falls away: {names}", "{n} proposals fall away: {names}"), [m.citizen for m in gone]
        )
        yield from self._each(NN_("{n} new proposal", "{n} new proposals"), new)
        yield from self._each(NN_("{n} proposal moves", "{n} proposals move"), others)

    def _each(self, form: tuple[str, str], moves: list[Move]) -> Iterator[str]:
        if not moves:
            return
        language = self._language
        yield language.plural(*form, len(moves)) + ":"
        for move in sorted(moves, key=lambda m: sort_key(self._name(m.citizen))):
            assert move.after is not None
            after = _slot(move.after, language)
            name = self._name(move.citizen)
            if move.before is None:
                yield language.text(" - {name}: {after}", name=name, after=after)
            else:
                before = _slot(move.before, language)
                yield language.text(" - {name}: {after} instead of {before}", name=name, after=after, before=before)

    def _changes(self) -> Iterator[str]:
        ways: dict[tuple[str, str], list[str]] = {}
        for change in self._found.changes:
            way = words.bucket(change.before), words.bucket(change.after)
            ways.setdefault(way, []).append(change.citizen)
        text = self._language.text
        for (before, after), citizens in sorted(ways.items(), key=lambda item: -len(item[1])):
            form = NN_(
                "{n} citizen from “{before}” to “{after}”: {names}",
                "{n} citizens from “{before}” to “{after}”: {names}",
            )
            yield from self._people(form, citizens, before=text(before), after=text(after))

    def _points(self) -> Iterator[str]:
        ways: dict[tuple[str, bool], list[str]] = {}
        for point in self._found.points:
            ways.setdefault((point.point, point.added), []).append(point.citizen)
        added = NN_("{title} is added for {n} citizen: {names}", "{title} is added for {n} citizens: {names}")
        gone = NN_("{title} goes for {n} citizen: {names}", "{title} goes for {n} citizens: {names}")
        for (name, comes), citizens in sorted(ways.items()):
            title = f"“{title_of(name, self._language, self._found.titles)}”"
            yield from self._people(added if comes else gone, citizens, self._few, title=title)

    def _people(
        self, form: tuple[str, str], citizens: Iterable[str], few: int | None = None, **values: str
    ) -> Iterator[str]:
        names = sorted((self._name(citizen) for citizen in citizens), key=sort_key)
        if names:
            yield self._language.plural(*form, len(names), names=self._shortened(names, few), **values)

    def _shortened(self, names: list[str], few: int | None) -> str:
        if few is None or len(names) <= few:
            return self._language.joined(names)
        more = self._language.plural("{n} more", "{n} more", len(names) - few)
        return self._language.joined([*names[:few], more])

    def _name(self, citizen: str) -> str:
        return visible(self._names.get(citizen, citizen))


def heading_of(found: WhatIf, language: Language) -> str:
    """What was supposed, in a sentence."""
    title = title_of(found.supposed.experiment, language, found.titles)
    if found.supposed.adoption is None:
        return language.text("If “{title}” were switched off", title=title)
    return language.text("If “{title}” were in force on these terms", title=title)


def _hours(minutes: int, language: Language) -> str:
    hours = minutes / 60
    return language.number(hours, 0 if hours == int(hours) else 1)


def _slot(slot: Slot, language: Language) -> str:
    channel = language.text(words.channel(slot.channel))
    return f"{language.short_day(slot.on)} {language.time(slot.start)}, {channel}"
