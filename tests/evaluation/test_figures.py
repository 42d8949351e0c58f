"""The figures of the form and the package: the measures of those whom the experiment is about, as they may leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings

from planner.domain.caseload import Caseload
from planner.domain.citizens import Citizen, TargetGroup
from planner.domain.conversations import Channel, Conversation, Status
from planner.evaluation.definitions import MEASURES
from planner.evaluation.evidence import Evidence, Span
from planner.evaluation.figures import Figure, figures
from planner.evaluation.measures import measure
from planner.evaluation.shares import FEWEST
from planner.exchange.rule_files import load_rules
from planner.locale import language
from tests.full import PATIENCE, many
from tests.services.office import office
from tests.strategies import caseloads

pytestmark = pytest.mark.timeout(PATIENCE)
RULES = load_rules()
YEAR = Span(date(2026, 1, 1), date(2026, 6, 30))


def met(n: int, group: TargetGroup, *talks: tuple[date, Channel, Status]) -> Citizen:
    """Somebody since New Year who was talked with."""
    held = tuple(Conversation(on, time(9), 30, channel, status=status) for on, channel, status in talks)
    return Citizen(f"c-{n}", f"Opdigt {n}", group, date(2026, 1, 1), conversations=held)


def test_figures_of_a_known_office() -> None:
    held, gone = Status.HELD, Status.NO_SHOW
    early, late = date(2026, 3, 2), date(2026, 4, 13)
    own, other = TargetGroup.INSURED, TargetGroup.SICKNESS
    people = [
        *(met(n, own, (early, Channel.PHONE, held), (late, Channel.PHONE, held)) for n in range(5)),
        *(met(n, own, (early, Channel.IN_PERSON, held), (late, Channel.DIGITAL, held)) for n in range(5, 11)),
        *(met(n, own, (early, Channel.PHONE, gone), (early, Channel.LETTER, held)) for n in range(11, 15)),
        *(met(n, other, (early, Channel.PHONE, held)) for n in range(15, 40)),
    ]
    evidence = Evidence(replace(office(*people), today=YEAR.last), (), RULES)
    found = {one.id: one for one in figures(evidence, YEAR, (own,))}
    assert (found["citizens"].value, found["held"].value, found["held"].n) == (15, 22, 11)
    assert found["minutes"].value == 660
    assert [found[f"held-{name}"].value for name in ("phone", "digital", "in_person")] == [10, 6, 6]
    assert (found["no_shows"].value, found["no_shows"].is_withheld) == (None, True)
    # Nobody's proposals were taken, which fifteen could have.
    assert (found["accepted"].value, found["accepted"].n) == (0, 15)
    assert (found["certificates"].value, found["certificates"].is_withheld) == (None, False)
    assert figures(evidence, YEAR, ())[0].value == 40


@settings(max_examples=many(10, 300), deadline=None)
@given(caseloads(most=8))
def test_no_figure_of_any_caseload_rests_on_fewer_than_five(caseload: Caseload) -> None:
    last = caseload.today
    span = Span(max(last - timedelta(days=60), RULES.packs[0].valid_from), last)
    evidence = Evidence(caseload, (), RULES)
    found = figures(evidence, span, ())
    assert {one.id for one in found} >= {one.id for one in MEASURES} - {"certificates_saved"}
    whole = measure(evidence, span)
    for figure in found:
        assert figure.n is None or figure.n >= FEWEST
        assert (figure.value is None) == (figure.n is None)
        assert not (figure.is_withheld and figure.value is not None)
        if figure.value is not None and "-" not in figure.id:
            assert figure.value == whole.row(figure.id).total.value


def test_a_figure_is_told_as_it_was_measured() -> None:
    speaks = language("da")
    assert Figure("x", "", "", "", 7.25, 9, decimals=1).text(speaks) == "7,2"
    assert Figure("x", "", "", "", 7, 9).text(speaks) == "7"
    assert Figure("x", "", "", "").text(speaks) == speaks.text("not recorded")
    assert Figure("x", "", "", "", is_withheld=True).text(speaks) == speaks.text("withheld")
