"""The experiments as they stand here, in words, and their parameters as people write them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from planner.bootstrap import plan_form, templates
from planner.domain.caseload import Adoption
from planner.domain.citizens import Citizen, Exemption, TargetGroup
from planner.errors import PlannerError, RuleConflict
from planner.exchange.rule_files import load_rules
from planner.locale import language
from planner.planning.making import make_plan
from planner.rules.format import Parameter
from planner.rules.parameters import bounds, sort_of
from planner.rules.ruleset import RuleSet
from planner.services.catalogue import Standing, catalogue, exempted
from planner.services.desk import Desk
from planner.services.experiment_words import in_full, sections, standing_line
from planner.services.parameter_words import bounds_words, overrides, read_value, value_words
from planner.services.today import listed
from planner.store.engine import open_store
from tests.services.office import MONDAY, FixedClock, days, desk_on, job_ready, office

RULES = load_rules()
INSURED = "flexible-contact-insured"
#: The entries of the catalogue, and whether each was approved.
ALL = {
    "approved": {
        *("flexible-contact-insured", "flexible-contact-other-groups", "flexible-integration-contact"),
        *("ledighedsydelse-no-reassessment", "rehabilitation-team-discretion", "medical-certificates", "job-rotation"),
        *("company-ratio", "graduate-entrepreneurship", "micro-loans", "psychological-treatment"),
    },
    "applied": {
        *("flexible-sickness-follow-up", "freed-pool-funds", "individual-integration-programme"),
        *("flexible-education", "education-order-exemption", "earnings-deduction"),
    },
}


def adopted(experiment: str, first: int, last: int | None = None) -> Adoption:
    """An adoption, its period in days from today."""
    return Adoption(experiment, days(first), None if last is None else days(last), "opdigtet")


def test_the_catalogue_is_whole() -> None:
    """Every experiment says what it changed, since when as far as known, from which source, and how sure that is."""
    found = {status: {e.id for e in RULES.experiments.values() if e.status == status} for status in ALL}
    assert found == ALL
    for experiment in RULES.experiments.values():
        assert experiment.changed.da != experiment.changed.en
        assert experiment.period_note is not None or experiment.period_from is not None
        assert experiment.municipalities or experiment.municipalities_note is not None
        assert experiment.source
        if experiment.status == "approved" and experiment.id not in (
            "flexible-contact-other-groups",
            "flexible-integration-contact",
        ):
            assert experiment.results, experiment.id


@pytest.mark.parametrize(
    ("adoptions", "standing"),
    [
        ([], Standing.NOT_ADOPTED),
        ([adopted(INSURED, -9)], Standing.IN_FORCE),
        ([adopted(INSURED, 0, 0)], Standing.IN_FORCE),
        ([adopted(INSURED, 1)], Standing.COMING),
        ([adopted(INSURED, -9, -1)], Standing.ENDED),
        ([adopted(INSURED, -9, -5), adopted(INSURED, 3)], Standing.COMING),
        ([adopted(INSURED, -9, -5), adopted(INSURED, -2)], Standing.IN_FORCE),
    ],
)
def test_how_an_experiment_stands(adoptions: list[Adoption], standing: Standing) -> None:
    entries = catalogue(RULES, adoptions, MONDAY, language("da"))
    entry = next(entry for entry in entries if entry.experiment.id == INSURED)
    assert entry.standing is standing
    order = list(Standing)
    assert [order.index(e.standing) for e in entries] == sorted(order.index(e.standing) for e in entries)
    assert len(entries) == len(RULES.experiments)


@pytest.mark.parametrize("code", ["da", "en"])
def test_everything_about_an_experiment_is_said(code: str) -> None:
    speaks = language(code)
    terms = replace(adopted(INSURED, -9), parameters={"light": "P8W"})
    for entry in catalogue(RULES, [terms], MONDAY, speaks):
        text = "\n".join(line for section in sections(entry, RULES, MONDAY, speaks) for line in section.lines)
        assert "{" not in text
        assert entry.experiment.source in text
        assert speaks.title(entry.experiment.changed) in text
        for result in entry.experiment.results:
            assert speaks.title(result.text) in text
        for parameter in entry.experiment.parameters.values():
            assert bounds_words(parameter, speaks) in text
    first = catalogue(RULES, [terms], MONDAY, speaks)[0]
    said = "\n".join(line for section in sections(first, RULES, MONDAY, speaks) for line in section.lines)
    assert "opdigtet" in said
    assert {
        "da": "Let kadence: 8 uger her i stedet for 13 uger",
        "en": "Light cadence: 8 weeks here, instead of 13 weeks",
    }[code] in said
    assert language(code).date(days(-9)) in standing_line(first, speaks)


def test_whom_the_limit_counts() -> None:
    out = Exemption(days(-5), None, "i arbejde om lidt")
    over = Exemption(days(-50), days(-1), "overstået")
    people = (
        job_ready("Åse Undtaget", 1, exemption=out),
        job_ready("Bo Undtaget", 2, exemption=out),
        job_ready("Ib Forbi", 3, exemption=over),
        Citizen("p-4", "Else Syg", TargetGroup.SICKNESS, days(-30), exemption=out),
    )
    caseload = office(*people)
    plan = make_plan(caseload, RULES)
    rows = exempted(listed(caseload, plan), RULES)
    assert [row.citizen.name for row in rows] == ["Bo Undtaget", "Åse Undtaget"]
    assert plan.exempted_share is not None
    assert plan.exempted_share.exempted == len(rows)


LIGHT = RULES.experiments[INSURED].parameters["light"]
WAIT = RULES.experiments[INSURED].parameters["await_working_days"]
USUAL = RULES.experiments[INSURED].parameters["default_cadence"]


@pytest.mark.parametrize(
    ("parameter", "text", "value"),
    [
        (LIGHT, "8 uger", "P8W"),
        (LIGHT, "8u", "P8W"),
        (LIGHT, "+8w", "P8W"),
        (LIGHT, "P8W", "P8W"),
        (LIGHT, "p3m", "P3M"),
        (LIGHT, "3 måneder", "P3M"),
        (LIGHT, "60 Dage", "P60D"),
        (WAIT, "7", 7),
        (USUAL, "Tæt", "close"),
        (USUAL, "light", "light"),
    ],
)
def test_a_value_is_read_as_people_write_it(parameter: Parameter, text: str, value: object) -> None:
    assert read_value(parameter, text, language("da")) == value


@pytest.mark.parametrize(
    ("parameter", "text", "why"),
    [
        (LIGHT, "1 uge", "4 uger til 26 uger"),
        (LIGHT, "99 uger", "uden for grænserne"),
        (LIGHT, "snart", "kan ikke læses"),
        (LIGHT, "8", "kan ikke læses"),
        (WAIT, "0", "1 til 20"),
        (WAIT, "ti", "kan ikke læses"),
        (USUAL, "6 uger", "tæt"),
        (LIGHT, "", "kan ikke læses"),
    ],
)
def test_what_is_out_of_bounds_is_refused_with_the_bounds(parameter: Parameter, text: str, why: str) -> None:
    with pytest.raises(PlannerError) as caught:
        read_value(parameter, text, language("da"))
    assert why in language("da").text(caught.value.message, **caught.value.values)


@pytest.mark.parametrize("code", ["da", "en"])
def test_every_value_is_read_as_it_is_written(code: str) -> None:
    """What stands in a field of the screen can be saved as it stands; its bounds can be written too."""
    speaks = language(code)
    for experiment in RULES.experiments.values():
        for parameter in experiment.parameters.values():
            assert read_value(parameter, value_words(parameter.default, speaks), speaks) == parameter.default
            if sort_of(parameter.default) != "a cadence":
                for bound in bounds(parameter):
                    assert read_value(parameter, value_words(bound, speaks), speaks) == bound
        values = {name: parameter.default for name, parameter in experiment.parameters.items()}
        assert overrides(experiment, values) == {}


def rivals() -> RuleSet:
    """The shipped rules and an experiment that changes what another one changes."""
    known = RULES.experiments[INSURED]
    other = msgspec.structs.replace(known, id="flexible-too", title=msgspec.structs.replace(known.title, da="Rivalen"))
    return RuleSet(RULES.packs, {**RULES.experiments, "flexible-too": other})


def test_a_contradiction_names_both_as_people_know_them(tmp_path: Path) -> None:
    clock, insured = FixedClock(), Citizen("p-1", "Pål Kulisseby", TargetGroup.INSURED, days(-150))
    with Desk(open_store(tmp_path / "s.db", clock, 0.0), rivals(), clock, plan_form(), templates()) as desk:
        desk.load_caseload(office(insured, adoptions=(adopted(INSURED, -100),)))
        rival = Adoption("flexible-too", days(40), None, "opdigtet", {"light": "P10W"})
        with pytest.raises(RuleConflict) as caught:
            desk.adopt(rival)
        said = in_full(caught.value, desk.rules, language("da"))
        assert "“Rivalen”" in said[1]
        assert "“Fleksibelt kontaktforløb for forsikrede ledige”" in said[1]
        assert len(desk.caseload().adoptions) == 1
        desk.end_adoption(INSURED, days(39))
        desk.adopt(rival)


def test_every_fault_is_a_sentence(tmp_path: Path) -> None:
    with desk_on(tmp_path, office()) as desk, pytest.raises(PlannerError) as caught:
        desk.adopt(Adoption(INSURED, days(0), days(-1), " ", {"light": "P99W"}))
    assert len(in_full(caught.value, RULES, language("en"))) == 4
