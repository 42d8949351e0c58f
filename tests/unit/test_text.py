"""Searching names as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.text import found, matches

NAMES = ("Søren Prøvesen", "Åse Ærligtalt", "Soren Eksempel", "Mads Moe")


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("soeren", (0,)),
        ("prove", (0,)),
        ("PRØVE", (0,)),
        ("ase", (1,)),
        ("arligtalt", (1,)),
        ("aase aerl", (1,)),
        ("soren", (2,)),
        ("mo", (3,)),
        ("xyz", ()),
    ],
)
def test_plain_letters_find_danish_ones_where_nothing_else_fits(query: str, hits: tuple[int, ...]) -> None:
    """A name that is really written so comes first, alone."""
    assert found(query, NAMES) == hits


@given(st.text(max_size=4), st.lists(st.text(max_size=8), max_size=5))
def test_what_matches_strictly_is_all_that_is_found(query: str, names: list[str]) -> None:
    """The looser reading never adds to a strict hit."""
    strict = tuple(index for index, name in enumerate(names) if matches(query, name))
    assert found(query, names)[: len(strict)] == strict
    assert not strict or found(query, names) == strict
