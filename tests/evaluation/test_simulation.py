"""The simulation as a whole: the same people under every policy, the same result however it is run, and its figures."""

from __future__ import annotations

import math
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent import futures
from dataclasses import replace
from datetime import timedelta
from multiprocessing import active_children
from statistics import fmean
from typing import Any

import pytest
from scipy.stats import t as students_t

from planner.errors import InputError
from planner.evaluation.simulation import running
from planner.evaluation.simulation.estimates import difference, estimate, level, t_quantile
from planner.evaluation.simulation.fates import Draw
from planner.evaluation.simulation.measures import MEASURES, percentile
from planner.evaluation.simulation.parameters import read_parameters, shipped_text
from planner.evaluation.simulation.running import Task, simulate
from planner.evaluation.simulation.sensitivity import MAIN, cases, value_of, varied
from planner.evaluation.simulation.tally import Tally, total
from planner.plain import parse_toml
from tests.evaluation.simulating import START, setup
from tests.full import many


def test_two_of_five_insured_leave_within_thirteen_weeks() -> None:
    fates = Draw("many", read_parameters(), START, 52, many(3000, 30_000)).fates()
    new = [one for one in fates if one.group == "6.1" and one.enters > START]
    assert len(new) > 1000
    left = sum(one.leaves is not None and one.leaves - one.enters <= timedelta(weeks=13) for one in new)
    # A few percent are laid off with a return date, which follows a distribution of its own.
    assert left / len(new) == pytest.approx(0.40 * 0.92 + 0.08 * 0.5, abs=0.04)
    assert all(one.to_job for one in new)


def test_the_caseload_stays_about_as_large_as_it_was() -> None:
    fates = Draw("level", read_parameters(), START, 52, 2000).fates()
    for week in (0, 13, 26, 39, 52):
        day = START + timedelta(weeks=week)
        present = sum(one.enters <= day and (one.leaves is None or one.leaves > day) for one in fates)
        assert present == pytest.approx(2000, rel=0.06), week


def test_without_inflow_and_exits_the_same_people_stay() -> None:
    own = b'[inflow]\nbalance = { value = 0 }\n[groups."6.1"]\nleave_within_13_weeks = { value = 0 }\n'
    own += b'laid_off = { value = 0 }\n[groups."6.6"]\nshare = { value = 0 }\n[groups."6.9"]\nshare = { value = 0 }\n'
    fates = Draw("still", read_parameters(own), START, 52, 40).fates()
    assert len(fates) == 40
    assert all(one.leaves is None for one in fates)


def test_one_figure_changes_nothing_else_in_anybodys_fate() -> None:
    usual, more = (
        Draw("alike", read_parameters(own), START, 26, 50).fates()
        for own in (None, b"[need]\nvoiced = { value = 0.9 }\n")
    )
    assert usual != more
    assert [replace(one, facts=()) for one in usual] == [replace(one, facts=()) for one in more]


def test_every_policy_sees_the_same_people() -> None:
    made = setup()
    seen = made.do(Task(0, 0, 0))
    assert len({(tally.came, tally.left, tally.remaining, tally.citizen_days) for tally in seen}) == 1
    assert seen[0] != seen[-1]
    assert made.do(Task(0, 0, 0)) == seen
    assert made.do(Task(0, 1, 0)) != seen
    assert replace(made, seed=2).do(Task(0, 0, 0)) != seen


def test_the_number_of_processes_changes_nothing() -> None:
    made = setup(b"[run]\nwarm_up_weeks = { value = 1 }\n")
    alone, together = simulate(made), simulate(made, 2)
    assert together.done == alone.done
    for policy in range(len(made.policies)):
        assert together.tallies(policy) == alone.tallies(policy)


def test_what_was_done_before_an_interruption_is_kept() -> None:
    made = setup(weeks=1, citizens=2)

    def stop(done: int, of: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    outcome = simulate(made, progress=stop)
    assert outcome.interrupted
    assert len(outcome.done) == 3
    assert outcome.repetitions() == range(1), "the second repetition is not complete"
    assert outcome.tallies(0) == [total(made.do(Task(0, 0, worker))[0] for worker in (0, 1))]


@pytest.fixture
def _heard() -> Iterator[None]:
    """Ctrl+C is heard, also where the tests run in the background, which begins deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_heard")
def test_an_interruption_ends_the_processes_too() -> None:
    made = setup(weeks=2, citizens=6, caseworkers=3, repetitions=4)

    def stop(done: int, of: int) -> None:
        signal.raise_signal(signal.SIGINT)

    outcome = simulate(made, 2, stop)
    assert outcome.interrupted
    assert 1 <= len(outcome.done) < len(made.tasks())
    assert outcome.repetitions() == range(1), "of the first repetition what there is"
    assert active_children() == []


@pytest.mark.usefixtures("_heard")
@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="needs a signal to one thread")
def test_ctrl_c_while_waiting_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    main, waiting = threading.main_thread().ident, threading.Event()
    assert main is not None

    def wait_pressed(*words: Any, **named: Any) -> Any:
        waiting.set()
        return futures.wait(*words, **named)

    def press() -> None:
        waiting.wait()
        signal.pthread_kill(main, signal.SIGINT)

    monkeypatch.setattr(running, "wait", wait_pressed)
    presser = threading.Thread(target=press)
    presser.start()
    outcome = simulate(setup(weeks=12, citizens=30), 2)
    presser.join()
    assert outcome.interrupted
    assert outcome.done == {}
    assert outcome.repetitions() == range(0)
    assert active_children() == []


def _after_the_first(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Let this happen while processes are still being started."""
    submit, submitted = futures.ProcessPoolExecutor.submit, [0]

    def submit_and(*words: Any, **named: Any) -> Any:
        future = submit(*words, **named)
        submitted[0] += 1
        if submitted[0] == 1:
            happens()
        return future

    monkeypatch.setattr(futures.ProcessPoolExecutor, "submit", submit_and)


@pytest.mark.usefixtures("_heard")
@pytest.mark.skipif(os.name == "nt", reason="needs a signal to one process")
@pytest.mark.parametrize(
    "press", [lambda: signal.raise_signal(signal.SIGINT), lambda: os.kill(os.getpid(), signal.SIGINT)]
)
def test_ctrl_c_while_the_processes_are_started_is_heard(
    press: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()
    other = threading.Thread(target=over.wait)  # to which the system may give what the terminal sends
    other.start()
    _after_the_first(monkeypatch, press)
    outcome = simulate(setup(weeks=12, citizens=30), 2)
    over.set()
    other.join()
    assert outcome.interrupted
    assert outcome.done == {}
    assert active_children() == []


@pytest.mark.usefixtures("_heard")
@pytest.mark.skipif(os.name == "nt", reason="needs a signal to one process")
def test_ctrl_c_never_comes_to_the_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    def press() -> None:
        for child in active_children():
            assert child.pid is not None
            os.kill(child.pid, signal.SIGINT)

    _after_the_first(monkeypatch, press)
    made = setup(weeks=1, citizens=2)
    outcome = simulate(made, 2)
    assert not outcome.interrupted
    assert len(outcome.done) == len(made.tasks())


def test_intervals_are_those_of_student() -> None:
    for freedom in range(1, 200):
        assert t_quantile(freedom) == pytest.approx(students_t.ppf(0.975, freedom), abs=1e-4)
    found = estimate([1.0, 2.0, 3.0, None])
    assert found is not None
    low, high = students_t.interval(0.95, 2, loc=2, scale=1 / math.sqrt(3))
    assert (found.mean, found.low, found.high, found.n) == pytest.approx((2, low, high, 3), abs=1e-4)
    assert estimate([None]) is None
    cut = level([0.0, 100.0], 100)
    assert cut is not None
    assert (cut.mean, cut.low, cut.high) == (50, 0, 100)
    assert level([None], 100) is None
    assert estimate([4.0]) is not None
    paired = difference([1.0, 5.0, None], [2.0, 6.0, 3.0])
    assert paired is not None
    assert (paired.mean, paired.low, paired.high, paired.n) == (1, 1, 1, 2)


def test_measures_against_plain_arithmetic() -> None:
    tally = Tally(
        citizen_days=3652,
        held=30,
        soon_in_job=3,
        minutes=1800,
        missed=6,
        waits=[(10, True), (20, False)],
        gaps=[91, 92, *[30] * 18],
        weeks=[(900, 1000), (900, 1000)],
    )
    months = 3652 / (365.25 / 12)
    found = {name: measure.of(tally) for name, measure in MEASURES.items()}
    assert found == pytest.approx(
        {
            "hours": 30 / months,
            "held": 30 / months,
            "soon_in_job": 10,
            "wait_mean": 15,
            "wait_p90": 20,
            "not_reached": 50,
            "missed": 600 / months,
            "gap_p95": 91,
            "gap_max": 92,
            "gap_long": 5,
            "load": 90,
        }
    )
    assert [measure.of(Tally()) for measure in MEASURES.values()] == [None] * len(MEASURES)
    assert percentile(list(range(1, 101)), 95) == 95


def test_the_main_parameters_are_varied_one_at_a_time_within_their_bounds() -> None:
    usual = read_parameters()
    found = cases(usual)
    assert len(found) == 2 * len(MAIN)
    for keys, value, parameters in found:
        before = value_of(usual, keys)
        assert before is not None
        assert value_of(parameters, keys) == value
        assert value == pytest.approx(before * (1.25 if value > before else 0.75), rel=0.04)
        assert [other for other in MAIN if value_of(parameters, other) != value_of(usual, other)] == [keys]
    sure = read_parameters(b"[need]\nscreening_right = { value = 0.9 }\n")
    assert value_of(varied(sure, ("need", "screening_right"), 1.25), ("need", "screening_right")) == 1
    long = read_parameters(b"[office]\nin_person_minutes = { value = 170 }\n")
    assert value_of(varied(long, ("office", "in_person_minutes"), 1.25), ("office", "in_person_minutes")) == 180
    without = read_parameters(b'[groups."6.6"]\nexamination = { value = 0 }\n')
    assert len(cases(without)) == len(found) - 2


def test_every_shipped_value_says_where_it_comes_from() -> None:
    def sources(table: object) -> list[str]:
        assert isinstance(table, dict)
        if "value" in table:
            return [str(table["source"])]
        return [source for key, below in table.items() if key != "schema" for source in sources(below)]

    found = sources(parse_toml(shipped_text(), "parameters.toml"))
    assert len(found) > 30
    assert all(source.endswith(".") for source in found)
    assert sum(not source.startswith("Assumed") for source in found) == 6


@pytest.mark.parametrize(
    ("own", "faults"),
    [
        (b"[need.high]\nvalue = 2", ["p:$.need.high.value"]),
        (b"[need.high]\nvalue = nan", ["p:$.need.high.value"]),
        (b"[need.high]\nvalue = -1e400", ["p:$.need.high.value"]),
        (b"[need.high]\nvalue = true", ["p:$.need.high.value"]),
        (b"[need.high]\nsource = 'only'", ["p:$.need.high.value"]),
        (b"[need.hihg]\nvalue = 0.1", ["p:$.need.hihg"]),
        (b"need = 3", ["p:$.need"]),
        (b"schema = 'planner-law/1'", ["p:$.schema"]),
        (b"[need]\nhigh = { value = 0.5 }\nlow = { value = 0.6 }", ["p:$.need.low.value"]),
        (b"[layoff]\nleast_weeks = { value = 30 }", ["p:$.layoff.most_weeks.value"]),
        (
            b"[office]\nhorizon_weeks = { value = 1 }\nhours_per_week = { value = 0 }",
            ["p:$.office.hours_per_week.value", "p:$.office.horizon_weeks.value"],
        ),
        (b'[groups."6.99"]\nshare = { value = 1 }', ['p:$.groups["6.99"]']),
        (
            b'[groups."6.2"]\nshare = { value = 1 }',
            [
                f'p:$.groups["6.2"].{key}'
                for key in ("leave_within_13_weeks", "shape", "to_job", "laid_off", "examination")
            ],
        ),
        (b"".join(b'[groups."%s".share]\nvalue = 0\n' % name for name in (b"6.1", b"6.6", b"6.9")), ["p:$.groups"]),
        (b"need = [", ["p"]),
        (b"\xff", ["p"]),
    ],
)
def test_hostile_parameters_are_told_by_place(own: bytes, faults: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        read_parameters(own, "p")
    assert sorted(fault.path for fault in caught.value.faults) == sorted(faults)


@pytest.mark.parametrize(
    "own",
    [
        b'[groups."6.1"]\nleave_within_13_weeks = { value = 1e-300 }\nshape = { value = 0.3 }\n',
        b'[groups."6.1"]\nleave_within_13_weeks = { value = 0.95 }\nshape = { value = 0.3 }\n',
        b'[groups."6.1"]\nleave_within_13_weeks = { value = 0 }\nlaid_off = { value = 1 }\n',
        b"[layoff]\nleast_weeks = { value = 0 }\nmost_weeks = { value = 0 }\n",
        b"[need]\nacute_per_year = { value = 100 }\n[attendance]\nill_days = { value = 104 }\n",
        b"[office]\nhours_per_week = { value = 50 }\nphone_minutes = { value = 180 }\n",
        b"[office]\nhours_per_week = { value = 1 }\nill_days_per_year = { value = 100 }\n",
        b"[run]\nwarm_up_weeks = { value = 0 }\n[examination]\nmost_weeks = { value = 0 }\n",
    ],
)
def test_the_outermost_values_are_simulated_all_the_same(own: bytes) -> None:
    made = setup(own, weeks=2, citizens=6)
    made = replace(made, variants=(varied(made.variants[0], ("run", "warm_up_weeks"), 0.1),))
    seen = made.do(Task(0, 0, 0))
    assert all(len(tally.weeks) == 2 for tally in seen)


def test_repetitions_that_are_complete_are_reported_by_repetition() -> None:
    made = setup(weeks=1, citizens=2)
    outcome = simulate(made)
    found = [MEASURES["load"].of(tally) for tally in outcome.tallies(0)]
    parts = [made.do(Task(0, 1, worker))[0] for worker in (0, 1)]
    assert found[1] == MEASURES["load"].of(total(parts))
    assert fmean(one.held for one in parts) * 2 == outcome.tallies(0)[1].held
