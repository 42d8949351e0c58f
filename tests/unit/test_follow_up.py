"""Shares with their intervals, samples and bars: against other computations and for any numbers."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from planner.domain.follow_up import Finding, Scale, added, counted, drawn
from planner.evaluation.shares import Share, shares
from planner.evaluation.surveys import bar
from tests.full import many

COUNTS = st.lists(st.integers(0, 400), min_size=4, max_size=4).filter(any)


@settings(max_examples=many(50, 2000), deadline=None)
@given(st.integers(1, 400), st.data())
def test_the_interval_is_that_of_another_library(n: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, n))
    low, high = Share(count, n).interval
    other = binomtest(count, n).proportion_ci(0.95, method="wilson")
    assert abs(low - other.low) < 1e-9
    assert abs(high - other.high) < 1e-9
    assert 0 <= low <= count / n <= high <= 1


def test_nothing_is_known_of_nobody() -> None:
    assert Share(0, 0).interval == (0, 1)


@settings(max_examples=many(50, 2000), deadline=None)
@given(COUNTS)
def test_shares_are_shown_from_five_answers_on_and_never_before(counts: list[int]) -> None:
    found = shares(counts)
    assert (found is None) == (sum(counts) < 5)
    if found is not None:
        assert [share.count for share in found] == counts
        assert abs(sum(share.value for share in found) - 1) < 1e-9
        drawing = bar(found)
        assert len(drawing) == 40
        for sign, share in zip("?-=#", found, strict=True):
            assert abs(drawing.count(sign) - 40 * share.value) < 1


@settings(max_examples=many(30, 1000), deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.sampled_from(list(Scale))), max_size=12))
def test_a_tally_tells_nothing_of_the_order(answers: list[tuple[str, Scale]]) -> None:
    one_by_one: dict[str, tuple[int, ...]] = {}
    for answer in reversed(answers):
        one_by_one = added(one_by_one, counted([answer], Scale))
    together = added({}, counted(answers, Scale))
    assert list(one_by_one.items()) == list(together.items())
    assert sum(map(sum, together.values())) == len(answers)


def test_findings_are_counted_in_the_order_of_their_kind() -> None:
    assert counted([("a", Finding.NO), ("a", Finding.YES), ("a", Finding.NO)], Finding) == {"a": (1, 2, 0)}


@settings(max_examples=many(30, 1000), deadline=None)
@given(st.lists(st.text(max_size=2), unique=True, max_size=12), st.integers(0, 10**9), st.floats(0, 1))
def test_a_sample_is_the_same_again_whatever_the_order(ids: list[str], seed: int, part: float) -> None:
    size = int(part * len(ids))
    first = drawn(ids, size, seed)
    assert drawn(sorted(ids), size, seed) == drawn(reversed(ids), size, seed) == first
    assert len(set(first)) == size
    assert set(first) <= set(ids)


def test_everybody_is_drawn_as_often_as_anybody_else() -> None:
    ids = [f"c-{n}" for n in range(20)]
    times = dict.fromkeys(ids, 0)
    for seed in range(500):
        for one in drawn(ids, 5, seed):
            times[one] += 1
    # 125 expected, with a standard deviation of 10: nobody is five of them away.
    assert all(abs(count - 125) < 49 for count in times.values())
