"""The sentences of why not and of quality, case by case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from planner.domain.conversations import Channel
from planner.locale import language
from planner.planning.day_blockers import Wish
from planner.planning.plan import Engine, Quality, Slot
from planner.planning.why_not import Holder, WhyNot
from planner.services.why_words import Speaker, quality_short, quality_words, why_not_line

ENGLISH = Speaker(language("en"), {}, {"b": "Bo Prøve", "c": "Ciw Prøve"})
DANISH = replace(ENGLISH, language=language("da"))
SLOT = Slot(date(2026, 11, 24), 540, 30, Channel.PHONE)
TIME = Holder("b", SLOT, date(2026, 12, 2))
PRICES = [
    (WhyNot(Wish(SLOT.on), alone=0, free=SLOT), "as good; 09:00 is free", "lige så god; kl. 09.00 er ledig"),
    (WhyNot(Wish(SLOT.on), alone=-2, free=SLOT), "2 points better; 09:00 is free", "2 point bedre; kl. 09.00 er ledig"),
    (
        WhyNot(Wish(SLOT.on), alone=1, free=SLOT),
        "at most 1 point dearer; 09:00 is free",
        "højst 1 point dyrere; kl. 09.00 er ledig",
    ),
    (
        WhyNot(Wish(SLOT.on), at_least=3, alone=7, free=SLOT),
        "3 to 7 points dearer; 09:00 is free",
        "3 til 7 point dyrere; kl. 09.00 er ledig",
    ),
    (
        WhyNot(Wish(SLOT.on), at_least=26, alone=-3, holders=(TIME,)),
        "at least 26 points dearer; taken by Bo Prøve (latest Wed 2 Dec)",
        "mindst 26 point dyrere; optaget af Bo Prøve (senest on 02-12)",
    ),
    (
        WhyNot(Wish(SLOT.on), alone=5, holders=(TIME,)),
        "5 points dearer for the citizen; taken by Bo Prøve (latest Wed 2 Dec)",
        "5 point dyrere for borgeren; optaget af Bo Prøve (senest on 02-12)",
    ),
    (
        WhyNot(Wish(SLOT.on), alone=0, holders=(TIME,)),
        "as good for the citizen, but taken by Bo Prøve (latest Wed 2 Dec)",
        "lige så god for borgeren, men optaget af Bo Prøve (senest on 02-12)",
    ),
    (
        WhyNot(Wish(SLOT.on), alone=-1, holders=(TIME, TIME, TIME)),
        "1 point better for the citizen, but taken by Bo Prøve (latest Wed 2 Dec) and 2 more",
        "1 point bedre for borgeren, men optaget af Bo Prøve (senest on 02-12) og 2 andre",
    ),
]


@pytest.mark.parametrize(("answer", "english", "danish"), PRICES)
def test_a_price_is_said_for_whom_it_is(answer: WhyNot, english: str, danish: str) -> None:
    assert why_not_line(answer, ENGLISH) == english
    assert why_not_line(answer, DANISH) == danish


def test_everybody_is_named_where_that_is_wanted() -> None:
    answer = WhyNot(Wish(SLOT.on), at_least=1, holders=(TIME, replace(TIME, citizen_id="c"), TIME))
    assert "Ciw Prøve" in why_not_line(answer, ENGLISH, every=True)
    assert "Ciw Prøve" not in why_not_line(answer, ENGLISH)


@pytest.mark.parametrize(
    ("quality", "english", "danish"),
    [
        (Quality(7, 7, 0, proven=True), "proved the best possible", "bevist bedst mulig"),
        (Quality(0, 0, 0), "proved the best possible", "bevist bedst mulig"),
        (Quality(3680, 3675, 0), "at most 0.2 % from the best possible", "højst 0,2 % fra det bedst mulige"),
        (Quality(10_001, 10_000, 0), "at most 0.1 % from the best possible", "højst 0,1 % fra det bedst mulige"),
        (Quality(3, 2, 0), "at most 1 point from the best possible", "højst 1 point fra det bedst mulige"),
        (Quality(4, 0, 0), "at most 4 points from the best possible", "højst 4 point fra det bedst mulige"),
    ],
)
def test_the_quality_is_never_said_better_than_it_is(quality: Quality, english: str, danish: str) -> None:
    """Percent are rounded up; where the best possible costs next to nothing, points say more."""
    assert quality_words(quality, language("en")) == english
    assert quality_words(quality, language("da")) == danish


def test_the_status_line_says_which_engine_it_was() -> None:
    quality = Quality(3680, 3675, 0, engine=Engine.INSTANT)
    assert quality_short(quality, language("da")) == "hurtig plan: højst 0,2 % fra det bedst mulige"
    assert quality_short(replace(quality, engine=Engine.EXACT), language("en")).startswith("plan: at most")
