"""Searching names as people type them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.text import folded, found, sort_key

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
    strict = tuple(
        index for index, name in enumerate(names) if all(word in folded(name) for word in folded(query).split())
    )
    assert found(query, names)[: len(strict)] == strict
    assert not strict or found(query, names) == strict


#: Letters of names in this country and of those who came to it.
LETTERS = st.sampled_from("abcdefghijklmnopqrstuvwxyzæøåäöüéèñçšžłABCDEFGHIJKLMNOPQRSTUVWXYZÆØÅÄÖÉ -'")
PEOPLE = st.text(LETTERS, min_size=1, max_size=12)
Form = Literal["NFC", "NFD", "NFKC", "NFKD"]
FORMS: st.SearchStrategy[Form] = st.sampled_from(("NFC", "NFD", "NFKC", "NFKD"))
CASES: Mapping[str, Callable[[str], str]] = {"upper": str.upper, "lower": str.lower, "title": str.title}


@given(PEOPLE, st.data())
def test_any_part_of_a_name_finds_it(name: str, data: st.DataObject) -> None:
    """From any letter to any letter, in any case, composed or decomposed."""
    first = data.draw(st.integers(0, len(name) - 1))
    last = data.draw(st.integers(first + 1, len(name)))
    part = CASES[data.draw(st.sampled_from(sorted(CASES)))](name[first:last])
    here, there = data.draw(FORMS), data.draw(FORMS)
    assert found(unicodedata.normalize(here, part), [unicodedata.normalize(there, name)]) == (0,)


@given(PEOPLE)
def test_danish_letters_can_be_written_out(name: str) -> None:
    """As on a keyboard that lacks them: ae, oe, aa; and whoever is written so is found by the letters."""
    table = {"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa"}
    written = "".join(table.get(letter, letter) for letter in name)
    assert found(written, [name]) == (0,)
    assert found(name, [written]) == (0,)


@given(st.text(max_size=20))
def test_folding_is_done_once(text: str) -> None:
    """Folding again changes nothing."""
    assert folded(folded(text)) == folded(text)


@given(st.text(LETTERS, max_size=12), FORMS)
def test_composed_or_decomposed_is_the_same_name(name: str, form: Form) -> None:
    """Files from a Mac write Å as two signs."""
    other = unicodedata.normalize(form, name)
    assert folded(other) == folded(name)
    assert sort_key(other)[0] == sort_key(name)[0]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        *(
            ("aase", "Åse"),
            ("åse", "Aase"),
            ("AASE", "åse"),
            ("moede", "Ida Møde"),
            ("møde", "Moede"),
            ("ærø", "Aeroe"),
        ),
        *(("a\u030ase", "Åse"), ("åse", "A\u030ase"), ("aase", "A\u030ase"), ("o\u0308mer", "Ömer"), ("oemer", "Ömer")),
        *(("zoe", "Zoë"), ("rene", "René"), ("inger lise", "Inger-Lise"), ("sen prø", "Ida Prøvesen"), ("ǿ", "Ø")),
    ],
)
def test_cases_from_the_office(query: str, name: str) -> None:
    """What is typed finds who is meant."""
    assert found(query, [name]) == (0,)


def test_the_danish_order() -> None:
    """Æ, ø and å come last, and aa is å wherever it stands; ä and ö stand with æ and ø."""
    names = ["Zeynep", "Ærta", "Äikäs", "Øjvind", "Ömer", "Åse", "Aase", "Aage", "Anna", "anna-Lise", "Ørsted", "Ida"]
    ordered = sorted(names, key=sort_key)
    assert ordered[:4] == ["Anna", "anna-Lise", "Ida", "Zeynep"]
    assert ordered[4:6] == ["Äikäs", "Ærta"]
    assert ordered[6:9] == ["Øjvind", "Ömer", "Ørsted"]
    assert ordered[9:] == ["Aage", "Aase", "Åse"]
