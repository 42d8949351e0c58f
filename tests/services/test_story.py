"""The story of a citizen: everything once, in order; notes that amend, corrected facts, and how to be reached."""

from __future__ import annotations

import time as clock_time
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlcipher3 import dbapi2 as sqlite3

from planner.domain.caseload import Adoption, Caseload
from planner.domain.citizens import Cadence, Fact, FactKind, Unavailable
from planner.domain.conversations import Channel, Conversation, Status
from planner.errors import NotFound, Refused
from planner.exchange.rule_files import load_rules
from planner.locale import language
from planner.planning.plan import Bucket, CitizenPlan, FixedRhythm
from planner.rules.assessment import assess
from planner.rules.windows import Window
from planner.services.ports import Away, Note, Postponement
from planner.services.story import InForce, Kind, Moment, Records, Story, Written, tell
from planner.services.story_words import details, headline, presses, teller
from planner.store.chain import packed, row_hash, unpacked
from tests.full import many
from tests.services.office import MONDAY, FixedClock, days, desk_on, job_ready, office, talk
from tests.strategies import caseloads

RULES = load_rules()
FLEXIBLE = Adoption("flexible-contact-other-groups", days(-300), None, "opdigtet")


def part_of(citizen_id: str, windows: tuple[Window, ...] = ()) -> CitizenPlan:
    """A citizen's part of a plan with these windows."""
    return CitizenPlan(citizen_id, Bucket.WAITING, windows, FixedRhythm(), None)


def of_kind(story: Story, kind: Kind) -> list[Moment]:
    """The moments of one kind, newest first."""
    return [moment for moment in story.moments if moment.kind is kind]


@st.composite
def notes(draw: st.DrawFn, today: date) -> tuple[Note, ...]:
    """Notes, some of which amend an earlier one, or one that is not there."""
    found: list[Note] = []
    for number in range(draw(st.integers(0, 6))):
        at = datetime.combine(today - timedelta(days=draw(st.integers(0, 400))), time(draw(st.integers(0, 23))))
        amends = draw(st.sampled_from(["", "gone", *(note.key for note in found)]))
        text = draw(st.text(min_size=1, max_size=30).map(str.strip).filter(bool))  # a note that says nothing is refused
        found.append(Note(f"n-{number}", at, text, amends))
    return tuple(found)


@settings(max_examples=many(60, 1000), deadline=None, suppress_health_check=list(HealthCheck))
@given(caseload=caseloads(most=2), data=st.data())
def test_everything_stands_on_the_timeline_once_and_in_order(caseload: Caseload, data: st.DataObject) -> None:
    """Every fact, conversation, note, window, absence and postponement exactly once, newest first."""
    today = caseload.today
    for citizen in caseload.citizens:
        windows = assess(caseload, citizen, RULES).windows
        written = data.draw(notes(today))
        postponed = (Postponement("p-1", today, today + timedelta(days=9), "rejse"),)
        away = tuple(Away(f"a-{number}", one) for number, one in enumerate(citizen.unavailable) if not one.reason)
        story = tell(citizen, part_of(citizen.id, windows), today, Records(written, postponed, away))
        places = [moment.place for moment in story.ahead]
        assert places == sorted(places, reverse=True)
        assert [m.place for m in story.past] == sorted((m.place for m in story.past), reverse=True)
        assert all(moment.on >= today for moment in story.ahead)
        assert all(moment.on <= today for moment in story.past)
        keys = [moment.key for moment in story.moments]
        assert len(keys) == len(set(keys))

        def whats(kind: Kind, story: Story = story) -> list[object]:
            return [moment.what for moment in of_kind(story, kind)]

        assert sorted(map(repr, whats(Kind.CONVERSATION))) == sorted(map(repr, citizen.conversations))
        assert sorted(repr(one.fact) for one in whats(Kind.FACT)) == sorted(map(repr, citizen.facts))  # type: ignore[attr-defined]
        assert sorted(map(repr, whats(Kind.WINDOW))) == sorted(map(repr, windows))
        assert sorted(one.note.key for one in whats(Kind.NOTE)) == sorted(n.key for n in written)  # type: ignore[attr-defined]
        assert sorted(map(repr, [*whats(Kind.AWAY), *story.weekly])) == sorted(map(repr, away))
        assert whats(Kind.POSTPONEMENT) == list(postponed)
        assert whats(Kind.OFFER) == ([citizen.offer] if citizen.offer is not None else [])
        say = teller(story, language("da"), {})
        for moment in story.moments:
            assert headline(moment, say)
            assert all(details(moment, say))


def test_what_is_to_come_stands_above_and_an_overdue_duty_never_sinks(tmp_path: Path) -> None:
    """A duty of two months ago is the first thing to come, and presses; what was recorded today is past."""
    person = job_ready(
        spell=-300,
        cadence=Cadence.LIGHT,
        conversations=(talk(-200, Status.HELD), talk(-3), talk(8), talk(0, Status.NO_SHOW)),
        facts=(Fact(FactKind.REHIRE, days(50), documented=True), Fact(FactKind.HOLIDAY, days(-30), days(-20))),
    )
    with desk_on(tmp_path, office(person, adoptions=(FLEXIBLE,))) as desk:
        desk.note("p-1", "Ringede selv")
        story = desk.story(desk.today(), "p-1")
        assert {moment.kind for moment in story.ahead} >= {Kind.WINDOW, Kind.CONVERSATION, Kind.FACT}
        (booked,) = [m for m in story.ahead if m.kind is Kind.CONVERSATION]
        assert booked.on == days(8)
        pressing = [moment for moment in story.moments if presses(moment, MONDAY)]
        assert [m.on for m in pressing if m.kind is Kind.CONVERSATION] == [days(-3)]
        assert [moment.kind for moment in story.past[:3]] == [Kind.CONVERSATION, Kind.NOTE, Kind.LOG]
        (adopted,) = of_kind(story, Kind.ADOPTION)
        assert isinstance(adopted.what, InForce)
        assert of_kind(story, Kind.SPELL)[0].on == days(-300)


def test_a_window_unfolds_to_law_experiment_and_parameter(tmp_path: Path) -> None:
    person = job_ready(spell=-120, cadence=Cadence.LIGHT, conversations=(talk(-20, Status.HELD),))
    adoption = replace(FLEXIBLE, parameters={"light": "P10W"})
    with desk_on(tmp_path, office(person, adoptions=(adoption,))) as desk:
        today = desk.today()
        story = desk.story(today, "p-1")
        say = teller(story, language("en"), today.plan.titles)
        told = "\n".join(line for moment in of_kind(story, Kind.WINDOW) for line in details(moment, say))
    assert "The law: “" in told
    assert "Replaced by a cadence by need under the experiment" in told
    assert "Parameters of “" in told
    assert "10 weeks" in told


def test_the_log_is_part_of_the_story_and_says_what_was_taken_back(tmp_path: Path) -> None:
    with desk_on(tmp_path, office(job_ready())) as desk:
        desk.set_cadence("p-1", Cadence.CLOSE)
        desk.set_cadence("p-1", Cadence.LIGHT)
        desk.undo()
        story = desk.story(desk.today(), "p-1")
        say = teller(story, language("en"), {})
        assert [headline(moment, say) for moment in of_kind(story, Kind.LOG)] == [
            "taken back: cadence set to light contact",
            "cadence set to close contact",
        ]
        (cadence,) = of_kind(story, Kind.CADENCE)
        assert (cadence.what, cadence.on) == (Cadence.CLOSE, MONDAY)


def test_a_note_is_amended_and_never_overwritten(tmp_path: Path) -> None:
    """Both texts stay readable, newest first; each undo takes one away, and redo brings them back."""
    hands = FixedClock()
    with desk_on(tmp_path, office(job_ready()), hands) as desk:
        desk.note("p-1", "Starter 1. december")
        hands.moment += timedelta(hours=1)
        first = desk.notes("p-1")[0]
        desk.amend_note("p-1", first.key, "Nej, 1. januar")
        second = desk.notes("p-1")[1]
        assert (second.text, second.amends) == ("Nej, 1. januar", first.key)
        assert desk.notes("p-1")[0] == first
        story = desk.story(desk.today(), "p-1")
        newest, oldest = (moment.what for moment in of_kind(story, Kind.NOTE))
        assert isinstance(newest, Written)
        assert isinstance(oldest, Written)
        assert (newest.note, newest.amends, newest.number) == (second, first, 2)
        assert (oldest.note, oldest.amended_by, oldest.number) == (first, (second,), 1)
        say = teller(story, language("da"), {})
        for moment in of_kind(story, Kind.NOTE):
            told = " ".join((headline(moment, say), *details(moment, say)))
            assert "Starter 1. december" in told
            assert "Nej, 1. januar" in told
        desk.undo()
        assert desk.notes("p-1") == (first,)
        desk.redo()
        assert desk.notes("p-1") == (first, second)
        with pytest.raises(NotFound):
            desk.amend_note("p-1", "nothing", "x")
        with pytest.raises(Refused):
            desk.amend_note("p-1", first.key, "  ")
        desk.verify()


def test_a_note_from_before_notes_could_be_amended_is_taken_back_and_written_again(tmp_path: Path) -> None:
    """What the journal kept of it then has no word of what it amends."""
    with desk_on(tmp_path, office(job_ready())) as desk:
        desk.note("p-1", "Fra før")
    with closing(sqlite3.connect(tmp_path / "s.db")) as connection, connection:
        connection.row_factory = sqlite3.Row
        row = dict(connection.execute("SELECT * FROM journal WHERE verb = 'note'").fetchone())
        (change,) = unpacked(row["changes"])
        after = {name: value for name, value in (change.after or {}).items() if name != "amends"}
        row["changes"] = packed([replace(change, after=after)])
        moments = {name: datetime.fromisoformat(row[name]) for name in ("at_local", "at_utc")}
        values = (row["changes"], row_hash({**row, **moments}), row["seq"])
        connection.execute("UPDATE journal SET changes = ?, hash = ? WHERE seq = ?", values)
    with desk_on(tmp_path) as desk:
        desk.verify()
        desk.undo()
        assert not desk.notes("p-1")
        desk.redo()
        assert [note.text for note in desk.notes("p-1")] == ["Fra før"]


def test_a_fact_is_corrected_and_removed_for_a_reason(tmp_path: Path) -> None:
    facts = (Fact(FactKind.REHIRE, days(20), noted_on=days(-9)), Fact(FactKind.HOLIDAY, days(30)))
    with desk_on(tmp_path, office(job_ready(facts=facts))) as desk:
        rehire, holiday = desk.caseload().citizens[0].facts
        desk.change_fact("p-1", replace(rehire, on=days(25), until=days(40), documented=True, noted_on=None))
        changed = next(fact for fact in desk.caseload().citizens[0].facts if fact.key == rehire.key)
        assert (changed.on, changed.until, changed.documented, changed.noted_on) == (
            days(25),
            days(40),
            True,
            days(-9),
        )
        with pytest.raises(Refused):
            desk.change_fact("p-1", replace(rehire, until=days(1)))
        with pytest.raises(Refused):
            desk.change_fact("p-1", changed)
        with pytest.raises(Refused):
            desk.change_fact("p-1", replace(holiday, kind=changed.kind, on=days(25), until=days(40), documented=True))
        with pytest.raises(Refused):
            desk.remove_fact("p-1", holiday.key, " ")
        desk.remove_fact("p-1", holiday.key, "fejlregistreret")
        assert desk.log(1)[0].reason == "fejlregistreret"
        assert [fact.key for fact in desk.caseload().citizens[0].facts] == [rehire.key]
        with pytest.raises(NotFound):
            desk.remove_fact("p-1", holiday.key, "igen")


def test_channels_and_interpreter_are_set_within_reason(tmp_path: Path) -> None:
    with desk_on(tmp_path, office(job_ready(preferred_channel=Channel.DIGITAL))) as desk:
        done = desk.set_channels("p-1", [Channel.IN_PERSON, Channel.PHONE], None)
        assert done.text(language("da")) == "Åse Prøvesen: kanaler: telefon og fremmøde; foretrukken: ingen"
        assert desk.log(1)[0].text(language("da")) == done.text(language("da"))
        citizen = desk.caseload().citizens[0]
        assert (citizen.channels, citizen.preferred_channel) == ((Channel.PHONE, Channel.IN_PERSON), None)
        for channels, preferred in (([], None), ([Channel.LETTER], None), ([Channel.PHONE], Channel.DIGITAL)):
            with pytest.raises(Refused):
                desk.set_channels("p-1", channels, preferred)
        with pytest.raises(Refused, match="already"):
            desk.set_channels("p-1", [Channel.PHONE, Channel.IN_PERSON], None)
        assert desk.set_interpreter("p-1", " dari ").text(language("da")) == "Åse Prøvesen: tolk: dari"
        assert desk.caseload().citizens[0].interpreter == "dari"
        assert desk.set_interpreter("p-1", None).text(language("da")) == "Åse Prøvesen: tolk: ingen"
        with pytest.raises(Refused):
            desk.set_interpreter("p-1", "x" * 61)


def test_a_booking_in_an_absence_is_told_of(tmp_path: Path) -> None:
    with desk_on(tmp_path, office(job_ready(conversations=(talk(1),)))) as desk:
        told = desk.add_away("p-1", Unavailable(days(0), days(3))).text(language("da"))
        assert (
            told
            == "Åse Prøvesen: kan ikke fra 23-11-2026 til 26-11-2026. Der er booket en samtale i den tid: 24-11-2026"
        )
        weekly = Unavailable(weekday=1, start=time(9, 15), end=time(10))
        assert "Der er booket" in desk.add_away("p-1", weekly).text(language("da"))
        touching = Unavailable(weekday=1, start=time(9, 30), end=time(10))
        assert desk.add_away("p-1", touching).text(language("da")) == "Åse Prøvesen: kan ikke tirsdage 09.30–10.00"
        assert len(desk.away("p-1")) == 3
        for wrong in (Unavailable(days(3), days(2)), Unavailable(weekday=1, start=time(9), end=time(9)), weekly):
            with pytest.raises(Refused):
                desk.add_away("p-1", wrong)
        for one in desk.away("p-1"):
            desk.remove_away("p-1", one.key)
        assert not desk.away("p-1")
        with pytest.raises(NotFound):
            desk.remove_away("p-1", "nothing")
        desk.postpone("p-1", days(1), "rejse")
        assert not desk.away("p-1")


def test_ten_years_are_told_at_once(tmp_path: Path) -> None:
    """A thousand conversations and a thousand notes are put in order in well under a second."""
    talks = tuple(
        Conversation(MONDAY - timedelta(days=3 * n), time(9), 30, Channel.PHONE, status=Status.HELD, key=f"c-{n}")
        for n in range(1000)
    )
    written = tuple(Note(f"n-{n}", datetime(2020, 1, 1, 9) + timedelta(days=n), "x" * 200) for n in range(1000))  # noqa: DTZ001
    begun = clock_time.perf_counter()
    story = tell(job_ready(conversations=talks), part_of("p-1"), MONDAY, Records(written))
    assert clock_time.perf_counter() - begun < 1
    assert len(story.moments) == 2001
