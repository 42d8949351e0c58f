"""The arithmetic of windows a second time, from the agreed definitions alone, against what the rules say.

Each oracle here states one kind of requirement in a few lines; random histories must give the same windows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from itertools import count

from hypothesis import assume, given
from hypothesis import strategies as st

from planner.domain.caseload import Caseload
from planner.domain.citizens import Cadence, Citizen, Fact, FactKind, TargetGroup
from planner.domain.conversations import TALKING, Channel, Conversation, Counterpart, Status
from planner.domain.periods import Period
from planner.exchange.rule_files import load_rules
from planner.rules.assessment import assess
from planner.rules.format import Bilingual, ChannelRule, LawPack, Requirement
from planner.rules.ruleset import RuleSet
from planner.rules.windows import Window, WindowKind, WindowStatus
from tests.builders import adoption, caseload, citizen, conversation, day, fact, held
from tests.strategies import caseloads, near

DUE, COVERED, MISSED = WindowStatus.DUE, WindowStatus.COVERED, WindowStatus.MISSED
TEXT = Bilingual(da="Prøve", en="Trial")


def rules_with(*requirements: Requirement) -> RuleSet:
    """A law with these requirements, by phone, digitally or in person."""
    channels = ChannelRule(
        channels=TALKING, chosen_by="citizen", reference="§ 1", source="invented", confidence="unverified"
    )
    law = LawPack(
        schema="planner-law/1",
        id="law-trial",
        version=1,
        title=TEXT,
        valid_from=date(2000, 1, 1),
        source="invented",
        channels=(channels,),
        requirements=requirements,
    )
    return RuleSet((law,), {})


def requirement(**keys: object) -> Requirement:
    """A requirement on citizens of 6.1."""
    fixed = {
        "id": "trial",
        "title": TEXT,
        "reference": "§ 1",
        "source": "invented",
        "confidence": "unverified",
        "groups": (TargetGroup.INSURED,),
    }
    return Requirement(**fixed, **keys)  # type: ignore[arg-type]


@dataclass(frozen=True, order=True)
class Expected:
    """A window by its status and dates."""

    status: str
    earliest: date
    target: date
    latest: date


@dataclass(frozen=True)
class History:
    """A citizen's spell on a planning date, with the days of what counts and of what is agreed on."""

    start: date
    today: date
    conversations: tuple[Conversation, ...]

    @property
    def counted(self) -> list[date]:
        """Days of held conversations with the caseworker in the spell; a letter is none."""
        return sorted(
            c.on
            for c in self.conversations
            if c.status is Status.HELD
            and c.channel is not Channel.LETTER
            and c.counterpart is Counterpart.CASEWORKER
            and c.on >= self.start
        )

    @property
    def agreed(self) -> list[date]:
        """Days of booked conversations that would count."""
        return sorted(
            c.on
            for c in self.conversations
            if c.status is Status.BOOKED
            and c.channel is not Channel.LETTER
            and c.counterpart is Counterpart.CASEWORKER
            and c.on >= self.today
        )

    def caseload(self) -> Caseload:
        """The citizen alone in an office."""
        return caseload(citizen(start=self.start, conversations=self.conversations), today=self.today)


@st.composite
def histories(draw: st.DrawFn, longest: int = 500, agreed: bool = True) -> History:
    """A spell with up to six conversations of all sorts."""
    start = draw(st.one_of(st.dates(date(2015, 8, 1), date(2027, 1, 1)), st.sampled_from(NOTABLE_STARTS)))
    today = start + timedelta(days=draw(st.integers(0, longest)))
    talks = []
    for _ in range(draw(st.integers(0, 6))):
        past = draw(st.booleans()) or not agreed
        on = draw(near(today, (today - start).days + 20, 0)) if past else draw(near(today, 0, 60))
        status = draw(st.sampled_from((Status.HELD, Status.HELD, Status.NO_SHOW))) if past else Status.BOOKED
        channel = draw(st.sampled_from((*TALKING, Channel.LETTER)))
        who = draw(st.sampled_from((Counterpart.CASEWORKER, Counterpart.CASEWORKER, Counterpart.MENTOR)))
        talks.append(conversation(on, status, channel=channel, counterpart=who))
    return History(start, today, tuple(talks))


#: Month ends, a leap day, week 53, and days before Easter and Christmas.
NOTABLE_STARTS = tuple(
    day(d) for d in ("2016-01-31", "2016-02-29", "2019-08-31", "2020-12-28", "2023-11-30", "2024-02-29", "2026-12-31")
)


def windows_of(history: History, rule: Requirement) -> list[Window]:
    """What the rules say of the requirement."""
    load = history.caseload()
    found = assess(load, load.citizens[0], rules_with(rule)).windows
    return [window for window in found if window.requirement == rule.id]


def told(windows: Sequence[Window], *statuses: WindowStatus) -> list[Expected]:
    """The windows with one of the statuses, by dates."""
    return sorted(Expected(w.status.value, w.earliest, w.target, w.latest) for w in windows if w.status in statuses)


def wanted(history: History, earliest: date, target: date, latest: date) -> Expected:
    """A demanded window: covered by what is agreed on inside it or, when its last day is over, at all."""
    inside = any(earliest <= on and (on <= latest or latest < history.today) for on in history.agreed)
    return Expected((COVERED if inside else DUE).value, earliest, target, latest)


# --- recurring from the start of the spell -----------------------------------------------------------------------


@dataclass(frozen=True)
class Grid:
    """Periods (start + (k−1)·every, start + k·every], each with its grace."""

    start: date
    every: Period
    grace: Period

    def first(self, k: int) -> date:
        """The first day of period k."""
        return self.every.after(self.start, k - 1) + timedelta(days=1)

    def last(self, k: int) -> date:
        """The last day of period k."""
        return self.every.after(self.start, k)

    def latest(self, k: int) -> date:
        """The last day of its grace."""
        return self.grace.after(self.last(k))


def recurring_from_start(history: History, grid: Grid) -> list[Expected]:
    """The current period, and beside it the latest missed one until something counted is held."""
    served: set[int] = set()
    for on in history.counted:
        own = next((k for k in count(1) if grid.first(k) > on or (on <= grid.latest(k) and k not in served)), 0)
        if grid.first(own) <= on:
            served.add(own)
    over = [k for k in range(1, 400) if grid.latest(k) < history.today]
    current = next(k for k in count(1) if k not in over and k not in served)
    found = [wanted(history, grid.first(current), grid.last(current), grid.latest(current))]
    missed = [k for k in over if k not in served]
    if missed and not any(on > grid.latest(missed[-1]) for on in history.counted):
        k = missed[-1]
        found.append(wanted(history, grid.first(k), grid.last(k), grid.latest(k)))
    return sorted(found)


@given(histories(), st.sampled_from(("P4W", "P2W", "P1M", "P3M")), st.sampled_from((None, "P1W", "P2W")))
def test_recurring_from_the_start_of_the_spell(history: History, every: str, grace: str | None) -> None:
    grid = Grid(history.start, Period.parse(every), Period.parse(grace or "P0D"))
    assume(history.start not in history.counted)
    rule = requirement(kind="recurring", anchor="spell", every=every, grace=grace)
    assert told(windows_of(history, rule), DUE, COVERED) == recurring_from_start(history, grid)


# --- recurring from the last conversation ------------------------------------------------------------------------


def recurring_from_last(history: History, every: Period) -> list[Expected]:
    """The next one from half a period after the last to a whole period after it."""
    anchor = max(history.counted, default=history.start)
    latest = every.after(anchor)
    half = anchor + timedelta(days=(latest - anchor).days // 2)
    return [wanted(history, half, latest, latest)]


@given(histories(), st.sampled_from(("P3M", "P4W", "P1M", "P10D")))
def test_recurring_from_the_last_conversation(history: History, every: str) -> None:
    rule = requirement(kind="recurring", anchor="last", every=every)
    assert told(windows_of(history, rule), DUE, COVERED) == recurring_from_last(history, Period.parse(every))


# --- quota -------------------------------------------------------------------------------------------------------


def quota(history: History, many: int, within: Period, spacing: Period) -> list[Expected]:
    """The next of what is left, spread over the stretch; none when it is over or enough were held."""
    start, end = history.start, within.after(history.start)
    inside = [on for on in history.counted if start <= on <= end]
    left = many - len(inside)
    if left <= 0 or history.today > end:
        return []
    target = start + timedelta(days=(len(inside) + 1) * (end - start).days // many)
    latest = end - timedelta(days=(left - 1) * spacing.days)
    earliest = max(start, spacing.after(inside[-1])) if inside else start
    return [wanted(history, earliest, target, latest)]


@given(histories(longest=250), st.integers(1, 6), st.sampled_from(("P6M", "P26W", "P12M")))
def test_a_quota(history: History, many: int, within: str) -> None:
    rule = requirement(kind="quota", count=many, within=within)
    expected = quota(history, many, Period.parse(within), Period(days=14))
    assert told(windows_of(history, rule), DUE, COVERED) == expected


@given(histories(longest=400, agreed=False), st.integers(1, 6))
def test_a_quota_that_is_not_filled_is_missed_and_no_longer_due(history: History, many: int) -> None:
    end = Period(months=6).after(history.start)
    assume(history.today > end)
    windows = windows_of(history, requirement(kind="quota", count=many, within="P6M"))
    enough = sum(on <= end for on in history.counted) >= many
    assert not told(windows, DUE, COVERED)
    assert bool(told(windows, MISSED)) is not enough


# --- milestone ---------------------------------------------------------------------------------------------------


def milestone(history: History, at: Period) -> list[Expected]:
    """Due from the start until one counted conversation is held."""
    latest = at.after(history.start)
    return [] if history.counted else [wanted(history, history.start, latest, latest)]


@given(histories(longest=120), st.sampled_from(("P1W", "P8W", "P1M")))
def test_a_milestone(history: History, at: str) -> None:
    rule = requirement(kind="milestone", at=at)
    assert told(windows_of(history, rule), DUE, COVERED) == milestone(history, Period.parse(at))


# --- need cadence, screening, waiting and the safety net ---------------------------------------------------------

FLEXIBLE = "flexible-contact-insured"
PERIODS = {Cadence.CLOSE: 14, Cadence.STANDARD: 42, Cadence.LIGHT: 91}
SAFETY_NET = 91


def flexible(history: History, cadence: Cadence | None, *facts_: Fact, net: int | None = None) -> Caseload:
    """The citizen under the experiment that puts a need cadence in the rhythm's place."""
    person = citizen(start=history.start, cadence=cadence, conversations=history.conversations, facts=facts_)
    parameters = {} if net is None else {"safety_net": f"P{net}W"}
    return caseload(person, today=history.today, adoptions=[adoption(FLEXIBLE, "2015-01-01", None, parameters)])


def need_windows(load: Caseload) -> list[Window]:
    """The need that the experiment puts there, without the follow-ups after what has happened."""
    windows = assess(load, load.citizens[0], load_rules()).windows
    return [w for w in windows if w.kind is WindowKind.NEED and w.requirement == FLEXIBLE]


def cadence_window(history: History, cadence: Cadence | None, net: int = SAFETY_NET) -> list[Expected]:
    """Screening of the new, else the cadence from the last conversation, never past the safety net."""
    start = history.start
    if cadence is None and not history.counted:
        dates = [start + timedelta(weeks=n) for n in (1, 2, 3)]
        return [wanted(history, *dates)]
    anchor, length = max(history.counted, default=start), PERIODS[cadence or Cadence.STANDARD]
    latest = anchor + timedelta(days=min(length * 3 // 2, net))
    target = min(anchor + timedelta(days=length), latest)
    return [wanted(history, min(anchor + timedelta(days=length // 2), latest), target, latest)]


def before_2024() -> st.SearchStrategy[History]:
    """Histories under the laws in which the municipality meets the insured from the first day of the spell."""
    return histories().filter(lambda history: history.today < date(2024, 1, 1))


RHYTHMS = st.sampled_from((None, Cadence.CLOSE, Cadence.STANDARD, Cadence.LIGHT))


@given(before_2024(), RHYTHMS)
def test_a_need_cadence(history: History, cadence: Cadence | None) -> None:
    assert told(need_windows(flexible(history, cadence)), DUE, COVERED) == cadence_window(history, cadence)


@given(before_2024(), RHYTHMS, st.integers(4, 26))
def test_the_safety_net_of_an_adoption_caps_every_cadence(history: History, cadence: Cadence | None, net: int) -> None:
    windows = need_windows(flexible(history, cadence, net=net))
    assert told(windows, DUE, COVERED) == cadence_window(history, cadence, net * 7)


@given(before_2024(), RHYTHMS)
def test_who_wants_more_contact_has_at_least_a_close_cadence(history: History, cadence: Cadence | None) -> None:
    assume(cadence is not None or history.counted)
    wish = fact(FactKind.WANTS_MORE_CONTACT, history.start)
    expected = cadence_window(history, Cadence.CLOSE)
    assert told(need_windows(flexible(history, cadence, wish)), DUE, COVERED) == expected


@given(before_2024(), st.integers(43, 300), st.booleans())
def test_who_waits_for_a_rehire_is_met_in_the_ten_working_days_after_it(
    history: History, ahead: int, documented: bool
) -> None:
    back = history.today + timedelta(days=ahead)
    load = flexible(history, Cadence.STANDARD, fact(FactKind.REHIRE, back, documented=documented))
    (window,) = need_windows(load)
    resumed = load.office.working_days_after(back, 10)
    net = max(history.counted, default=history.start) + timedelta(days=SAFETY_NET)
    if documented:
        assert (window.earliest, window.latest) == (back + timedelta(days=1), resumed)
    else:
        assert window.latest == min(net, resumed)
    assert window.earliest <= window.target <= window.latest


# --- the office's own examples -----------------------------------------------------------------------------------


def due_of(load: Caseload, name: str) -> list[tuple[str, str, str]]:
    """The due windows of a requirement of the first citizen under the shipped rules."""
    windows = assess(load, load.citizens[0], load_rules()).windows
    return [
        (str(w.earliest), str(w.target), str(w.latest))
        for w in windows
        if w.requirement == name and w.status in (DUE, COVERED)
    ]


def insured(*talks: Conversation, cadence: Cadence | None = None) -> Citizen:
    """An insured citizen since New Year 2018."""
    return citizen(start="2018-01-01", conversations=talks, cadence=cadence)


def test_the_second_period_of_four_weeks() -> None:
    load = caseload(insured(held("2018-01-25")), today="2018-02-05")
    assert due_of(load, "insured-rhythm") == [("2018-01-30", "2018-02-26", "2018-03-12")]


def test_a_conversation_in_the_grace_does_not_move_the_next_deadline() -> None:
    load = caseload(insured(held("2018-01-25"), held("2018-03-05")), today="2018-03-06")
    assert due_of(load, "insured-rhythm") == [("2018-02-27", "2018-03-26", "2018-04-09")]


def test_a_light_cadence_is_capped_by_the_safety_net() -> None:
    person = insured(held("2018-01-25"), cadence=Cadence.LIGHT)
    load = caseload(person, today="2018-02-05", adoptions=[adoption(FLEXIBLE)])
    found = assess(load, person, load_rules())
    assert due_of(load, FLEXIBLE) == [("2018-03-11", "2018-04-26", "2018-04-26")]
    assert found.fixed_latest == day("2018-03-12")
    assert {w.requirement: w.status for w in found.windows}["insured-rhythm"] is WindowStatus.LIFTED


def test_two_conversations_between_handover_and_half_a_year() -> None:
    person = citizen(start="2026-06-01", conversations=[held("2026-09-21")])
    assert due_of(caseload(person, today="2026-11-23"), "insured-rhythm") == [
        ("2026-10-05", "2026-12-01", "2026-12-01")
    ]


def test_the_reassessment_is_lifted_and_two_questions_are_asked_instead() -> None:
    person = citizen(group="6.9", start="2019-06-01", conversations=[held("2020-03-02")])
    load = caseload(person, today="2020-04-01", adoptions=[adoption("ledighedsydelse-no-reassessment")])
    found = assess(load, person, load_rules())
    plain = assess(replace(load, adoptions=()), person, load_rules())
    name = "flex-job-reassessment"
    assert {w.requirement: w.status for w in found.windows}.get(name) in (None, WindowStatus.LIFTED)
    assert {w.requirement: w.status for w in plain.windows}[name] is DUE
    assert {"still-in-flex-job-group", "available"} <= set(found.agenda)


# --- what must hold whatever the history -------------------------------------------------------------------------

KINDS = st.sampled_from(
    (
        requirement(kind="recurring", anchor="spell", every="P4W", grace="P2W", during="P6M"),
        requirement(kind="recurring", anchor="spell", every="P1M"),
        requirement(kind="recurring", anchor="last", every="P3M"),
        requirement(kind="quota", count=4, within="P6M"),
        requirement(kind="quota", count=6, within="P12M", renew="P12M"),
        requirement(kind="milestone", at="P1W"),
    )
)


def deadlines(history: History, rule: Requirement) -> list[date]:
    """The latest days of what is demanded and not passed."""
    windows = windows_of(history, rule)
    return sorted(w.latest for w in windows if w.status is DUE and w.latest >= history.today)


@given(histories(agreed=False), KINDS, st.integers(0, 500))
def test_one_more_conversation_never_makes_a_deadline_earlier(history: History, rule: Requirement, back: int) -> None:
    on = history.today - timedelta(days=back)
    assume(on > history.start)
    more = replace(history, conversations=(*history.conversations, held(on)))
    before, after = deadlines(history, rule), deadlines(more, rule)
    if before and after:
        assert after[0] >= before[0]


@given(histories(), KINDS)
def test_attempts_are_no_contact(history: History, rule: Requirement) -> None:
    attempts = tuple(
        conversation(history.today - timedelta(days=n), status)
        for n in (1, 8)
        for status in (Status.NO_SHOW, Status.CANCELLED_BY_CITIZEN, Status.CANCELLED_BY_US)
    )
    tried = replace(history, conversations=(*history.conversations, *attempts))
    assert told(windows_of(tried, rule), DUE, MISSED) == told(windows_of(history, rule), DUE, MISSED)


@given(histories(), KINDS)
def test_what_was_held_in_an_earlier_spell_counts_for_nothing(history: History, rule: Requirement) -> None:
    before = tuple(held(history.start - timedelta(days=n)) for n in (1, 20, 90))
    more = replace(history, conversations=(*history.conversations, *before))
    assert windows_of(more, rule) == windows_of(history, rule)


@given(st.data())
def test_an_adoption_outside_its_period_changes_nothing(data: st.DataObject) -> None:
    load = data.draw(caseloads(most=1))
    assume(load.citizens)
    past = tuple(replace(a, first=day("2001-01-01"), last=load.today - timedelta(days=1)) for a in load.adoptions)
    coming = tuple(replace(a, first=load.today + timedelta(days=1), last=None) for a in load.adoptions)
    bare = assess(replace(load, adoptions=()), load.citizens[0], load_rules())
    for outside in (past, coming):
        assert assess(replace(load, adoptions=outside), load.citizens[0], load_rules()) == bare


@given(st.data())
def test_law_and_experiment_never_demand_the_same_twice(data: st.DataObject) -> None:
    load = data.draw(caseloads(most=1))
    assume(load.citizens)
    windows = assess(load, load.citizens[0], load_rules()).windows
    due = {w.requirement for w in windows if w.status is DUE}
    assert not due & {w.requirement for w in windows if w.status in (WindowStatus.LIFTED, WindowStatus.DISCRETIONARY)}
    for name in due:
        assert len({w.binding for w in windows if w.requirement == name and w.status is DUE}) == 1


@given(st.data())
def test_every_window_is_in_order_and_derived(data: st.DataObject) -> None:
    load = data.draw(caseloads(most=1))
    assume(load.citizens)
    for window in assess(load, load.citizens[0], load_rules()).windows:
        assert window.because
        # Of a quota with too few held too late, spacing may demand the next one after its last day.
        if window.kind is not WindowKind.QUOTA:
            assert window.earliest <= window.target <= window.latest
        assert 1 <= window.priority <= 4


# --- what a fact answers ---------------------------------------------------------------------------------------------


@given(st.integers(-20, 200), st.integers(0, 200))
def test_a_certificate_answers_its_item_as_a_conversation_that_covers_it_does(on: int, today: int) -> None:
    """But only from the day on which it was obtained, and only in the spell for which it was."""
    start, law = date(2018, 2, 5), load_rules()
    obtained, case = start + timedelta(on), replace(caseload(), today=start + timedelta(today))
    sick = Citizen("s-1", "Prøve", TargetGroup.SICKNESS, start)
    talk = Conversation(obtained, time(9), 30, Channel.PHONE, status=Status.HELD, agenda=("LÆ285",))

    def windows(one: Citizen) -> list[tuple[str, date, date, date]]:
        found = (w for w in assess(case, one, law).windows if w.requirement == "sickness-certificate")
        return [(w.status, w.earliest, w.target, w.latest) for w in found]

    by_fact = windows(replace(sick, facts=(Fact(FactKind.MEDICAL_CERTIFICATE, obtained),)))
    assert by_fact == windows(replace(sick, conversations=(talk,)) if 0 <= on <= today else sick)
