"""The evidence shaped for the screen: a line for each thing that is measured, and its card with a plot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from textwrap import wrap

from planner.domain.follow_up import Scale
from planner.domain.text import visible
from planner.evaluation.measures import ALL, Figure, Row
from planner.evaluation.pictures import Bar
from planner.evaluation.shares import FEWEST
from planner.evaluation.spell_telling import curve_lines, group_name, length_lines
from planner.evaluation.spells import COMPARED, CURVE_DEFINITION, DEFINITION, NO_CURVES, Lengths, can_draw_curves
from planner.evaluation.supervision import kept, questions_of
from planner.evaluation.surveys import SCALE, SIGNS, asked, bar, percent, result, wording
from planner.evaluation.telling import NO_CLAIM, column_name, figure_text, measure_title, part_name, value_text
from planner.exchange.extract_telling import number_text
from planner.locale import N_, Language
from planner.reporting.shown import Shown
from planner.tui.plots import CURVES, Step, bars, curves
from planner.tui.widgets.card_text import Line, Tone
from planner.tui.widgets.headed_list import Headed

_MEASURE, _LENGTHS, _CURVE, _SURVEY, _SUPERVISION, _EXTRACT = "m:", "lengths", "curve", "s:", "v:", "x:"
_LEAST = 20
NO_ROUND = N_("No round of the survey yet: s begins one.")
NO_SAMPLE = N_("No sample yet: v draws one.")


def is_of_survey(line_id: str) -> bool:
    """Whether the line is a question of the survey."""
    return line_id.startswith(_SURVEY)


def is_of_supervision(line_id: str) -> bool:
    """Whether the line is a question of the checklist."""
    return line_id.startswith(_SUPERVISION)


def headed(shown: Shown, language: Language) -> list[Headed]:
    """A line for each measure, the spells, each question of survey and checklist, and each column of an extract."""
    text = language.text
    measures, spells = text("Measures"), text("Spells")
    lines = [
        Headed(_MEASURE + row.measure.id, measures, text(row.measure.name), _value(row, language))
        for row in shown.measured.report.rows
        if row.part == ALL
    ]
    lines += [
        Headed(_LENGTHS, spells, text("Length of the spells")),
        Headed(_CURVE, spells, text("Share of spells still running")),
    ]
    for name in asked(shown.survey, shown.rounds):
        found = result(shown.rounds[-1], name) if shown.rounds else None
        n = f"n = {found[0].n}" if found else ""
        lines.append(Headed(_SURVEY + name, text("Survey"), wording(name, shown.survey, language), n))
    for name in questions_of(shown.checklist, shown.samples):
        share = kept(shown.samples[-1], name) if shown.samples else None
        yes = f"{language.number(100 * share[0].value)} %" if share else ""
        lines.append(Headed(_SUPERVISION + name, text("Supervision"), wording(name, shown.checklist, language), yes))
    for place, name in enumerate(shown.wish.beside.columns if shown.wish.beside else ()):
        lines.append(Headed(f"{_EXTRACT}{place}", text("Extract from jobindsats"), name))
    return lines


def _value(row: Row, language: Language) -> str:
    value = row.total.value
    if value is None:
        return language.text("not recorded")
    return value_text(row.measure, value, language)


def card(line_id: str, shown: Shown, language: Language, width: int) -> list[Line]:
    """What the card says about one of the lines."""
    for start, told in (
        (_MEASURE, _measure),
        (_LENGTHS, _lengths),
        (_CURVE, _curve),
        (_SURVEY, _survey),
        (_SUPERVISION, _supervision),
        (_EXTRACT, _extract),
    ):
        if line_id.startswith(start):
            lines = told(line_id.removeprefix(start), shown, language, width)
            return list(chain(lines, _gap(), _wrapped(language.text(NO_CLAIM), Tone.MUTED, width)))
    return []


def _measure(name: str, shown: Shown, language: Language, width: int) -> Iterator[Line]:
    report, names = shown.measured.report, shown.measured.names
    rows = [row for row in report.rows if row.measure.id == name]
    measure, whole = rows[0].measure, rows[0]
    yield from _wrapped(measure_title(measure, language), Tone.STRONG, width)
    yield from _wrapped(figure_text(measure, whole.total, language), Tone.NOTICE, width)
    yield from _wrapped(language.text(measure.definition), Tone.MUTED, width)

    def drawn(found: Iterable[tuple[str, Figure]]) -> list[Line]:
        shown_bars = [Bar(label, one.value, figure_text(measure, one, language)) for label, one in found]
        return [(line, Tone.PLAIN) for line in bars(shown_bars, width)]

    if report.by is not None:
        yield from _gap()
        columns = [column_name(report.by, column, language, names) for column in report.columns]
        yield from drawn(zip(columns, whole.figures, strict=True))
    if len(rows) > 1:
        yield from _gap()
        yield from drawn((part_name(measure, row.part, language, names), row.total) for row in rows[1:])


def _lengths(_name: str, shown: Shown, language: Language, width: int) -> Iterator[Line]:
    groups = shown.measured.spells
    yield from _wrapped(language.text("Length of the spells"), Tone.STRONG, width)
    yield from _wrapped(language.text(DEFINITION), Tone.MUTED, width)
    if len(groups) > 1:
        yield from _wrapped(language.text(COMPARED), Tone.MUTED, width)
    for group in groups:
        yield from _gap()
        yield from _wrapped(group_name(group, language), Tone.HEADING, width)
        running = [
            Bar(language.date(one.on), one.running.median, _median(one.running, language))
            for one in (group.start, group.end)
        ]
        yield language.text("Running spells, median in weeks:"), Tone.PLAIN
        yield from ((line, Tone.PLAIN) for line in bars(running, width))
        for line in length_lines(group, language):
            yield from _wrapped(line, Tone.PLAIN, width)


def _median(lengths: Lengths, language: Language) -> str:
    return "–" if lengths.median is None else language.number(lengths.median, 1)


def _curve(_name: str, shown: Shown, language: Language, width: int) -> Iterator[Line]:
    groups = [group for group in shown.measured.spells if group.curve is not None and group.curve.points]
    yield from _wrapped(language.text("Share of spells still running"), Tone.STRONG, width)
    yield from _wrapped(language.text(CURVE_DEFINITION if can_draw_curves() else NO_CURVES), Tone.MUTED, width)
    if not groups:
        return
    yield from _gap()
    steps = [[Step(0, 1.0), *(Step(p.weeks, p.share) for p in g.curve.points)] for g in groups if g.curve]
    yield from ((line, Tone.PLAIN) for line in curves(steps, width, language.text("weeks")))
    for sign, group in zip(CURVES, groups, strict=False):
        yield from _gap()
        yield from _wrapped(f"{sign} {group_name(group, language)}", Tone.HEADING, width)
        for line in curve_lines(group.curve, language) if group.curve else ():
            yield from _wrapped(line, Tone.PLAIN, width)


def _survey(name: str, shown: Shown, language: Language, width: int) -> Iterator[Line]:
    yield from _wrapped(wording(name, shown.survey, language), Tone.STRONG, width)
    if not shown.rounds:
        yield from _wrapped(language.text(NO_ROUND), Tone.NOTICE, width)
        return
    signs = "; ".join(f"{SIGNS[one]} {language.text(word)}" for one, word in SCALE.items())
    yield from _wrapped(signs, Tone.MUTED, width)
    yield from _wrapped(language.text("In brackets the 95 % interval (Wilson) in per cent."), Tone.MUTED, width)
    for made in shown.rounds:
        found = result(made, name)
        yield from _gap()
        n = _few(language) if found is None else f"n = {found[0].n}"
        yield from _wrapped(f"{made.name}, {language.date(made.on)}: {n}", Tone.HEADING, width)
        if found is None:
            continue
        yield bar(found, max(width - 1, _LEAST)), Tone.PLAIN
        for one, share in zip(Scale, found, strict=True):
            told = f"{SIGNS[one]} {language.text(SCALE[one])}: {percent(share, language)}"
            yield from _wrapped(told, Tone.PLAIN, width)


def _supervision(name: str, shown: Shown, language: Language, width: int) -> Iterator[Line]:
    yield from _wrapped(wording(name, shown.checklist, language), Tone.STRONG, width)
    if not shown.samples:
        yield from _wrapped(language.text(NO_SAMPLE), Tone.NOTICE, width)
        return
    about = language.text("The share of yes among yes and no; in brackets the 95 % interval (Wilson) in per cent.")
    yield from _wrapped(about, Tone.MUTED, width)
    yield from _gap()
    rows = []
    for sample in shown.samples:
        found = kept(sample, name)
        told = _few(language) if found is None else f"{percent(found[0], language)}, n = {found[0].n}"
        rows.append(Bar(language.date(sample.on), found[0].value if found else None, told))
    yield from ((line, Tone.PLAIN) for line in bars(rows, width))


def _few(language: Language) -> str:
    return language.text("fewer than {fewest} answers: not shown", fewest=FEWEST)


def _extract(place: str, shown: Shown, language: Language, width: int) -> Iterator[Line]:
    extract = shown.wish.beside
    if extract is None:
        return
    yield from _wrapped(extract.columns[int(place)], Tone.STRONG, width)
    yield from _wrapped(language.text("Extract from jobindsats"), Tone.MUTED, width)
    yield from _gap()
    values = [(row.label, row.values[int(place)]) for row in extract.rows]
    rows = [Bar(label, value, number_text(value, language)) for label, value in values]
    yield from ((line, Tone.PLAIN) for line in bars(rows, width))


def _gap() -> Sequence[Line]:
    return [("", Tone.PLAIN)]


def _wrapped(text: str, tone: Tone, width: int) -> list[Line]:
    safe = visible(text)
    hanging = " " * (len(safe) - len(safe.lstrip(" ")))
    return [(part, tone) for part in wrap(safe, max(width, _LEAST), subsequent_indent=hanging)]
