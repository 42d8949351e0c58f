"""What the card says of a citizen."""

from __future__ import annotations

from datetime import timedelta

from planner.domain.citizens import Exemption, Unavailable
from planner.locale import language
from planner.planning.plan import Bucket
from planner.tui.rows import View
from planner.tui.widgets.card_text import card_text
from tests.tui.fakes import TITLES, TODAY, row


def _lines(**about: object) -> list[str]:
    shown = row("k-1", "Udskudt Prøvesen", Bucket.WAITING, **about)  # type: ignore[arg-type]
    return [text for text, _ in card_text(shown, View(language("da"), TODAY, TITLES), 120)]


def test_a_postponement_stands_on_the_card_with_its_reason() -> None:
    stretch = Unavailable(TODAY, TODAY + timedelta(days=6), reason="venter på\x1b[2J svar")
    until = TODAY + timedelta(days=7)
    (line,) = [line for line in _lines(unavailable=(stretch,)) if line.startswith("Udskudt til ")]
    assert line.startswith(f"Udskudt til {until:%d-%m-%Y}: venter på")
    assert "\x1b" not in line
    assert not any(line.startswith("Udskudt til ") for line in _lines(unavailable=(Unavailable(TODAY, until),)))


def test_an_exemption_stands_there_until_it_is_over() -> None:
    told = [Exemption(TODAY, last, "i arbejde") for last in (None, TODAY, TODAY - timedelta(days=1))]
    assert [any("i arbejde" in line for line in _lines(exemption=one)) for one in told] == [True, True, False]
