"""Measures on data with known answers, and beside a second computation: SQL on the store that they came from."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise, product
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from sqlcipher3 import dbapi2 as sqlite3

from planner.domain.caseload import Adoption, Caseload
from planner.domain.citizens import Cadence, Citizen, Exemption, Fact, FactKind, TargetGroup
from planner.domain.conversations import UNKNOWN_START, Channel, Counterpart, Status
from planner.domain.periods import Period
from planner.evaluation.definitions import MEASURES
from planner.evaluation.evidence import Evidence, Span
from planner.evaluation.measures import By, Report, measure
from planner.evaluation.observations import NAMING
from planner.evaluation.telling import figure_rows, value_text
from planner.exchange.rule_files import load_rules
from planner.locale import language
from planner.rules.fixed_rhythm import demanded
from planner.services.clock import DANISH_TIME
from planner.services.demo import demo_caseload
from planner.services.desk import Desk
from tests.builders import held
from tests.full import PATIENCE, many
from tests.services.office import MONDAY, FixedClock, days, desk_on, job_ready, office, talk
from tests.strategies import caseloads

pytestmark = pytest.mark.timeout(PATIENCE)
RULES = load_rules()
MONTH = Span(MONDAY, days(30))


def measured(desk: Desk, span: Span = MONTH, by: By | None = None) -> Report:
    """The measures of what the desk has."""
    return measure(Evidence(replace(desk.caseload(), today=span.last), desk.records(), desk.rules), span, by)


def value(report: Report, name: str, part: str = "") -> float | None:
    """The whole figure of a measure."""
    return report.row(name, part).total.value


def asked(folder: Path, query: str, *values: object) -> list[tuple[object, ...]]:
    """What the store itself answers."""
    with closing(sqlite3.connect(folder / "s.db")) as connection:
        return list(connection.execute(query, values))


HELD = """
    SELECT channel, count(*), sum(minutes), count(DISTINCT citizen) FROM conversations
    WHERE status = ? AND channel <> 'letter' AND counterpart = 'caseworker' AND on_date BETWEEN ? AND ?
    GROUP BY channel
"""


def test_a_month_of_work_in_the_office(tmp_path: Path) -> None:
    """Seven citizens: proposals taken, changed, postponed, undone; held and not shown up; each counted as it stands."""
    clock = FixedClock()
    with desk_on(tmp_path, office(*(job_ready(number=n) for n in range(1, 8))), clock) as desk:
        parts = {part.id: part for part in desk.today().plan.citizens}
        proposals = {name: part.proposal for name, part in parts.items() if part.proposal}
        assert len(proposals) == 7
        first, second, third = (proposals[name] for name in ("p-1", "p-2", "p-3"))
        desk.accept("p-1")
        other_time = replace(second.slot, start=second.slot.start + 300)
        other_channel = next(
            slot for slot in desk.slots("p-3", Channel.DIGITAL) if slot.channel is not third.slot.channel
        )
        desk.accept("p-2", other_time)
        desk.accept("p-3", other_channel)
        together = {name: proposals[name].slot for name in ("p-4", "p-5")}
        desk.accept_all(together)
        desk.postpone("p-6", days(5), "venter på journaloplysninger")
        desk.postpone("p-7", days(6), "Venter på  Journaloplysninger")
        desk.set_cadence("p-7", Cadence.LIGHT)
        desk.undo()
        desk.postpone("p-7", days(7), "flytter")
        desk.undo()
        clock.moment = datetime(2026, 12, 20, 9, 0, tzinfo=DANISH_TIME)
        desk.held("p-1", channel=first.slot.channel, on=first.slot.on, minutes=40)
        desk.no_show("p-2", None)
        report = measured(desk)
    told = {
        name: value(report, name) for name in ("accepted", "changed", "postponed", "unrecorded", "no_shows", "held")
    }
    assert told == {"accepted": 3, "changed": 2, "postponed": 2, "unrecorded": 0, "no_shows": 1, "held": 1}
    assert value(report, "changed", "time") == 1
    assert value(report, "postponed", "venter på journaloplysninger") == 2
    assert value(report, "minutes") == 40
    assert first.covers
    span = (MONTH.first.isoformat(), MONTH.last.isoformat())
    assert [row[1:] for row in asked(tmp_path, HELD, "held", *span)] == [(1, 40, 1)]
    assert [row[1] for row in asked(tmp_path, HELD, "no_show", *span)] == [1]
    undone = "SELECT target FROM journal WHERE verb = 'undo'"
    standing = f"SELECT verb, detail FROM journal WHERE target IS NULL AND seq NOT IN ({undone})"
    rows = [(str(verb), json.loads(str(detail))) for verb, detail in asked(tmp_path, standing)]
    outcomes = [detail.get("proposal") for verb, detail in rows if verb == "accept"]
    outcomes += [one for verb, detail in rows if verb == "accept_all" for one in detail["proposals"]]
    assert outcomes.count("as_proposed") == told["accepted"]
    assert len(outcomes) - outcomes.count("as_proposed") == told["changed"]
    assert sum(verb == "postpone" for verb, _ in rows) == told["postponed"]


@settings(max_examples=many(8, 200), deadline=None)
@given(caseloads(most=6))
def test_what_is_counted_is_what_the_store_counts(caseload: Caseload) -> None:
    """Random caseloads: conversations, minutes, no-shows and persons against SQL on the store, in all and by month."""
    last = caseload.today
    first = max(last - timedelta(days=150), RULES.packs[0].valid_from)
    clock = FixedClock(datetime(last.year, last.month, last.day, 8, tzinfo=DANISH_TIME))
    with TemporaryDirectory() as name:
        folder = Path(name)
        with desk_on(folder, caseload, clock) as desk:
            report = measured(desk, Span(first, last), By.MONTH)
            assert {record.verb for record in desk.records()} == set()
        for number, span in enumerate((Span(first, last), *Span(first, last).months())):
            days_of = (span.first.isoformat(), span.last.isoformat())
            rows = asked(folder, HELD, "held", *days_of)
            for channel in Channel:
                known = [row for row in report.rows if (row.measure.id, row.part) == ("held", channel.value)]
                figures = [figure for row in known for figure in (row.total, *row.figures)]
                counted = [(n, persons) for own, n, _, persons in rows if own == channel.value]
                assert [(f.value, f.persons) for f in figures[number : number + 1] if f.value] == counted
            minutes, no_shows = ((row.total, *row.figures)[number] for row in map(report.row, ("minutes", "no_shows")))
            assert minutes.value == sum(int(str(total)) for _, _, total, _ in rows)
            assert no_shows.value == sum(int(str(n)) for _, n, _, _ in asked(folder, HELD, "no_show", *days_of))


def flat(*citizens: Citizen, adoptions: tuple[Adoption, ...] = (), today: date = MONDAY) -> Evidence:
    """Evidence without any action in the journal."""
    return Evidence(replace(office(*citizens, adoptions=adoptions), today=today), (), RULES)


def test_what_the_fixed_rhythm_would_have_demanded_and_was_not_held() -> None:
    """Due every fourth week from 4 January 2016 on, by half past eleven: four in sixteen weeks, of which one is held.

    The three others would have been 45 minutes each, in person.
    """
    adopted = Adoption("flexible-contact-insured", date(2016, 1, 1), None, "forsøgsbevilling")
    own = Citizen("p-1", "Prøve", TargetGroup.INSURED, date(2016, 1, 4), conversations=(held("2016-02-20"),))
    span = Span(date(2016, 1, 4), date(2016, 5, 9))
    report = measure(flat(own, adoptions=(adopted,), today=span.last), span, By.MONTH)
    assert value(report, "fixed_demanded") == 4
    assert (value(report, "not_held"), value(report, "freed_hours")) == (3, 2.25)
    assert value(report, "beyond") == 0
    row = report.row("not_held")
    assert sum(one.value or 0 for one in row.figures) == row.total.value


def test_a_conversation_of_which_only_the_day_is_known_adds_no_minutes() -> None:
    """Two held beyond what the law asked for, one of them known from a list: two count, and the time of one."""
    known, listed = talk(3, Status.HELD), talk(2, Status.HELD, UNKNOWN_START)
    own = Citizen("p-1", "Prøve", TargetGroup.INTEGRATION, days(0), conversations=(known, listed))
    report = measure(flat(own, today=days(6)), Span(MONDAY, days(6)))
    assert (value(report, "held"), value(report, "minutes")) == (2, 30)
    assert (value(report, "beyond"), value(report, "beyond_hours")) == (2, 0.5)


@settings(max_examples=many(10, 300), deadline=None)
@given(caseloads(most=4))
def test_demanded_and_held_add_up(caseload: Caseload) -> None:
    """Demanded less not held is held less beyond, citizen by citizen and in all; the months add up to the whole."""
    of = Evidence(caseload, (), RULES)
    span = Span(max(caseload.today - timedelta(days=150), RULES.packs[0].valid_from), caseload.today)
    report = measure(of, span, By.MONTH)
    found = {name: value(report, name) or 0 for name in ("fixed_demanded", "not_held", "beyond")}
    wanted = counted = more = 0
    for citizen in caseload.citizens:
        ended = citizen.ended_on()
        first, last = max(span.first, citizen.spell_start), min(span.last, ended or span.last)
        if first > last:
            continue
        start = replace(caseload, today=first, citizens=())
        law = len(demanded(start, of.known(citizen, first, held_today=False), RULES, last))
        own = sum(
            one.status is Status.HELD
            and one.channel is not Channel.LETTER
            and one.counterpart is Counterpart.CASEWORKER
            and first <= one.on <= last
            for one in citizen.conversations
        )
        wanted, counted, more = wanted + law, counted + max(0, law - own), more + max(0, own - law)
    assert found == {"fixed_demanded": wanted, "not_held": counted, "beyond": more}
    for row in report.rows:
        if row.measure.kind == "sum" and row.total.value:
            assert sum(one.value or 0 for one in row.figures) == pytest.approx(row.total.value)


def test_the_longest_time_without_contact() -> None:
    """Nobody talked with one for 110 days since the spell began; the other was talked with 30 days ago."""
    report = measure(
        flat(job_ready(), job_ready(number=2, conversations=(talk(-30, Status.HELD),))), Span(days(-60), MONDAY)
    )
    assert value(report, "longest_gap") == 110
    assert report.row("longest_gap").total.persons == 2


def test_the_exempted_share_is_that_of_the_last_day() -> None:
    """Ten could be exempted, of whom five are; a sixth exemption has ended."""
    decision = Exemption(days(-20), None, "finder selv arbejde")
    over = Exemption(days(-20), days(-2), "finder selv arbejde")
    people = [
        job_ready(number=n, spell=-60, exemption=decision if n <= 5 else over if n == 6 else None) for n in range(1, 11)
    ]
    row = measure(flat(*people), Span(days(-30), MONDAY)).row("exempted_share")
    assert (row.total.value, row.total.persons, row.total.withheld) == (50, 10, False)


def test_a_share_that_tells_of_four_is_withheld() -> None:
    decision = Exemption(days(-20), None, "finder selv arbejde")
    people = [job_ready(number=n, spell=-60, exemption=decision if n <= 4 else None) for n in range(1, 11)]
    row = measure(flat(*people), Span(days(-30), MONDAY)).row("exempted_share")
    assert (row.total.value, row.total.withheld) == (40, True)


def sick(number: int, *, agenda: tuple[str, ...] = ()) -> Citizen:
    """On sickness benefit since February 2018, when a certificate was due in week eight."""
    talks = (held("2018-03-20", agenda=agenda),) if agenda else ()
    return Citizen(f"s-{number}", "Prøve", TargetGroup.SICKNESS, date(2018, 2, 5), conversations=talks)


def test_certificates_that_an_experiment_left_to_judgement() -> None:
    """Of six, one conversation covered the certificate in time: five were not obtained, at 500 each."""
    adopted = Adoption("medical-certificates", date(2018, 1, 1), None, "forsøgsbevilling")
    people = [sick(number, agenda=("LÆ285",) if number == 1 else ()) for number in range(1, 7)]
    span = Span(date(2018, 3, 1), date(2018, 4, 30))
    of = flat(*people, adoptions=(adopted,), today=span.last)
    report = measure(of, span, certificate_cost=500)
    assert (value(report, "certificates"), value(report, "certificates_saved")) == (5, 2500)
    assert value(measure(of, span), "certificates_saved") is None


@pytest.mark.parametrize(
    ("obtained", "noted", "counted"),
    [
        ("2018-03-20", "2018-03-20", 5),
        ("2018-04-02", "2018-04-25", 5),  # on the last day, and noted weeks later
        ("2018-04-03", "2018-04-03", 6),
        ("2018-02-04", "2018-02-04", 6),  # for an earlier spell
    ],
)
def test_a_certificate_obtained_outside_conversations_was_obtained(obtained: str, noted: str, counted: int) -> None:
    """Week eight of a spell from 5 February ends on 2 April."""
    adopted = Adoption("medical-certificates", date(2018, 1, 1), None, "forsøgsbevilling")
    on, noted_on = date.fromisoformat(obtained), date.fromisoformat(noted)
    fact = Fact(FactKind.MEDICAL_CERTIFICATE, on, noted_on=noted_on)
    people = [replace(sick(1), facts=(fact,)), *(sick(number) for number in range(2, 7))]
    span = Span(date(2018, 3, 1), date(2018, 4, 30))
    report = measure(flat(*people, adoptions=(adopted,), today=span.last), span, certificate_cost=500)
    assert value(report, "certificates") == counted
    assert value(report, "certificates_saved") == 500 * counted


def test_another_fact_is_no_certificate() -> None:
    adopted = Adoption("medical-certificates", date(2018, 1, 1), None, "forsøgsbevilling")
    record = Fact(FactKind.MEDICAL_RECORD, date(2018, 3, 20), noted_on=date(2018, 3, 20))
    span = Span(date(2018, 3, 1), date(2018, 4, 30))
    of = flat(replace(sick(1), facts=(record,)), adoptions=(adopted,), today=span.last)
    assert value(measure(of, span), "certificates") == 1


def test_without_such_an_experiment_nothing_is_said_of_certificates() -> None:
    span = Span(date(2018, 3, 1), date(2018, 4, 30))
    report = measure(flat(sick(1), today=span.last), span, certificate_cost=500)
    assert value(report, "certificates") is None
    assert value(report, "certificates_saved") is None
    assert not report.row("certificates").total.withheld


def test_a_conversation_counts_for_the_experiment_of_its_day() -> None:
    """Adopted on 1 March: two conversations before stand under none, three after under the experiment."""
    adopted = Adoption("flexible-contact-insured", date(2016, 3, 1), None, "forsøgsbevilling")
    talks = tuple(held(day) for day in ("2016-01-20", "2016-02-29", "2016-03-01", "2016-03-20", "2016-04-10"))
    own = Citizen("p-1", "Prøve", TargetGroup.INSURED, date(2016, 1, 4), conversations=talks)
    span = Span(date(2016, 1, 4), date(2016, 4, 30))
    report = measure(flat(own, adoptions=(adopted,), today=span.last), span, By.EXPERIMENT)
    assert report.columns == ("flexible-contact-insured", "none")
    assert [one.value for one in report.row("held").figures] == [3, 2]


def test_a_conversation_counts_for_the_cadence_of_its_day(tmp_path: Path) -> None:
    clock = FixedClock()
    with desk_on(
        tmp_path, office(job_ready(cadence=Cadence.LIGHT, conversations=(talk(-9, Status.HELD),))), clock
    ) as desk:
        desk.set_cadence("p-1", Cadence.CLOSE)
        clock.moment += timedelta(days=3)
        desk.held("p-1", cadence=Cadence.STANDARD)
        clock.moment += timedelta(days=3)
        desk.held("p-1", channel=Channel.DIGITAL)
        report = measured(desk, Span(days(-20), days(10)), By.CADENCE)
    figures = dict(zip(report.columns, report.row("held").figures, strict=True))
    assert {name: figure.value for name, figure in figures.items()} == {"light": 1, "standard": 2}


def test_months_and_quarters_cover_the_period_without_a_gap() -> None:
    span = Span(date(2026, 1, 31), date(2026, 11, 5))
    for cut in (span.months(), span.quarters()):
        assert (cut[0].first, cut[-1].last) == (span.first, span.last)
        assert all(Period(days=1).after(one.last) == two.first for one, two in pairwise(cut))
    assert [one.first.month for one in span.quarters()] == [1, 4, 7, 10]


@settings(max_examples=many(10, 300), deadline=None)
@given(caseloads(most=12))
def test_nothing_of_fewer_than_five_is_exported(caseload: Caseload) -> None:
    """Every figure that leaves rests on five persons or more, or is a zero where five could have been counted."""
    span = Span(max(caseload.today - timedelta(days=100), RULES.packs[0].valid_from), caseload.today)
    for by in (None, *By):
        whole = measure(Evidence(caseload, (), RULES), span, by)
        report, everybody = whole.exported(), whole.row("citizens")
        for row in report.rows:
            for figure, all_there in zip((row.total, *row.figures), (everybody.total, *everybody.figures), strict=True):
                if figure.withheld:
                    assert (figure.value, figure.persons) == (None, None)
                elif figure.value is not None and figure.persons:
                    assert figure.persons >= 5
                elif figure.value is not None:
                    assert figure.value == 0
                    assert (all_there.persons or 0) >= 5


def test_what_follows_from_a_withheld_figure_is_withheld_with_it() -> None:
    """In the demo a cadence's conversations are withheld for the sake of their channels; its minutes told them."""
    today = date(2026, 11, 26)
    whole = Evidence(demo_caseload(today), (), RULES)
    found = 0
    for first, by in product((date(2026, 1, 1), date(2026, 4, 1)), By):
        report = measure(whole, Span(first, date(2026, 8, 31)), by)
        gone = {
            name: [one.withheld for one in (report.row(name).total, *report.row(name).figures)]
            for name in ("held", "minutes", "fixed_demanded", "beyond")
        }
        found += sum(gone["held"])
        for talks, minutes, wanted, beyond in zip(*gone.values(), strict=True):
            assert minutes or not talks
            assert beyond or not (talks or wanted)
    assert found


def test_a_reason_that_few_gave_is_not_named_outside(tmp_path: Path) -> None:
    with desk_on(tmp_path, office(*(job_ready(number=n) for n in range(1, 9)))) as desk:
        for number in range(1, 9):
            desk.postpone(f"p-{number}", days(5), "ferie" if number < 8 else "indlagt på sygehuset")
        report = measured(desk)
    assert [row.part for row in report.rows if row.measure.id == "postponed"] == ["", "ferie", "indlagt på sygehuset"]
    assert [row.part for row in report.exported().rows if row.measure.id == "postponed"] == [""]


def test_a_reason_that_names_somebody_is_counted_and_told_nowhere(tmp_path: Path) -> None:
    """However many gave it: a citizen's name and a CPR number are in nothing that is told."""
    caseload = office(*(replace(job_ready(number=n), name=f"Prøve Nr{n}esen") for n in range(1, 11)))
    with desk_on(tmp_path, caseload) as desk:
        for number in range(1, 11):
            desk.postpone(f"p-{number}", days(5), "Ring til Prøve Nr1esen" if number < 6 else "se 070761-4285")
        report = measured(desk)
    rows = {row.part: row.total.value for row in report.rows if row.measure.id == "postponed"}
    assert rows == {"": 10, NAMING: 10}
    rows_told = json.dumps(figure_rows(report.exported(), language("da"), {}))
    assert "esen" not in rows_told
    assert "070761" not in rows_told


def test_every_measure_is_in_every_report() -> None:
    report = measure(flat(), Span(days(-30), MONDAY), By.GROUP)
    assert {row.measure.id for row in report.rows} == {one.id for one in MEASURES}
    assert all(one.definition.endswith(".") and one.unit for one in MEASURES)


@pytest.mark.parametrize(("code", "one"), [("da", "1 beslutning"), ("en", "1 decision")])
def test_one_is_told_as_one_in_every_unit_that_is_counted(code: str, one: str) -> None:
    speaks, of = language(code), {about.id: about for about in MEASURES}
    assert value_text(of["postponed"], 1, speaks) == one
    for about in MEASURES:
        unit = speaks.text(about.unit)
        assert value_text(about, 2, speaks).endswith(f" {unit}")
        is_counted = about.decimals == 0 and about.unit != "DKK"
        assert value_text(about, 1, speaks).endswith(f" {unit}") is not is_counted
