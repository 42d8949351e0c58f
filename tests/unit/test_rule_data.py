"""The shipped law packs and experiments against the figures that were agreed, written out here a second time."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest

import planner.rules
from planner.domain.citizens import Cadence, FactKind, TargetGroup
from planner.domain.conversations import Channel
from planner.domain.periods import Period
from planner.rules.format import Experiment, LawPack, Parameter, Requirement

RULES = Path(planner.rules.__file__).parent
LAW_FILES = sorted((RULES / "packs").glob("*.toml"))
EXPERIMENT_FILES = sorted((RULES / "experiments").glob("*.toml"))
ALL_FILES = [*LAW_FILES, *EXPERIMENT_FILES]

Document = TypeVar("Document", LawPack, Experiment)


def read(path: Path, kind: type[Document]) -> Document:
    """The file as the strict structure that the rules are made of."""
    return msgspec.convert(tomllib.loads(path.read_text("utf-8")), type=kind, strict=True)


@cache
def packs() -> dict[str, LawPack]:
    """Every shipped law pack by id."""
    return {pack.id: pack for pack in (read(path, LawPack) for path in LAW_FILES)}


@cache
def experiments() -> dict[str, Experiment]:
    """Every shipped experiment by id."""
    return {found.id: found for found in (read(path, Experiment) for path in EXPERIMENT_FILES)}


def all_requirements() -> Iterator[tuple[str, Requirement]]:
    """Every requirement with the id of its pack."""
    return ((pack.id, requirement) for pack in packs().values() for requirement in pack.requirements)


def strings(node: object) -> Iterator[str]:
    """Every text in a parsed file."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from strings(value)


def by_path(path: Path) -> str:
    """A file's name as the name of its test case."""
    return path.stem


# --- the files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", LAW_FILES, ids=by_path)
def test_a_law_file_has_the_agreed_shape_and_its_own_name(path: Path) -> None:
    assert read(path, LawPack).id == path.stem


@pytest.mark.parametrize("path", EXPERIMENT_FILES, ids=by_path)
def test_an_experiment_file_has_the_agreed_shape_and_its_own_name(path: Path) -> None:
    assert read(path, Experiment).id == path.stem


def test_the_catalogue_holds_exactly_the_agreed_packs_and_experiments() -> None:
    assert set(packs()) == {"law-2015", "law-2020", "law-2024", "law-2026"}
    assert set(experiments()) == {
        "company-ratio",
        "earnings-deduction",
        "education-order-exemption",
        "flexible-contact-insured",
        "flexible-contact-other-groups",
        "flexible-education",
        "flexible-integration-contact",
        "flexible-sickness-follow-up",
        "freed-pool-funds",
        "graduate-entrepreneurship",
        "individual-integration-programme",
        "job-rotation",
        "ledighedsydelse-no-reassessment",
        "medical-certificates",
        "micro-loans",
        "psychological-treatment",
        "rehabilitation-team-discretion",
    }


def test_every_day_since_july_2015_has_exactly_one_law() -> None:
    day, several = date(2015, 7, 1), list[date]()
    while day < date(2032, 1, 1):
        in_force = [
            pack.id
            for pack in packs().values()
            if pack.valid_from <= day and (pack.valid_to is None or day <= pack.valid_to)
        ]
        if len(in_force) != 1:
            several.append(day)
        day += timedelta(days=1)
    assert several == []
    assert min(pack.valid_from for pack in packs().values()) == date(2015, 7, 1)


@pytest.mark.parametrize("path", ALL_FILES, ids=by_path)
def test_texts_keep_the_words_of_the_trade_and_speak_of_nothing_internal(path: Path) -> None:
    words = " ".join(strings(tomllib.loads(path.read_text("utf-8")))).casefold()
    for banned in ("jobsamtale", "klient", "client", "interview", "seed", "domain.md", "contract.md", "todo", "fixme"):
        assert banned not in words
    assert " møde " not in words
    assert " møder " not in words


@pytest.mark.parametrize("path", ALL_FILES, ids=by_path)
def test_danish_and_english_are_two_texts_and_end_alike(path: Path) -> None:
    pairs = [table for table in tables(tomllib.loads(path.read_text("utf-8"))) if set(table) == {"da", "en"}]
    assert pairs
    for pair in pairs:
        da, en = str(pair["da"]), str(pair["en"])
        assert da == da.strip()
        assert en == en.strip()
        assert da[-1:] in ".?" or en[-1:] not in ".?", pair
        assert "  " not in da + en


def tables(node: object) -> Iterator[dict[str, object]]:
    """Every table in a parsed file."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from tables(value)
    elif isinstance(node, list):
        for value in node:
            yield from tables(value)


# --- the law, figure by figure ------------------------------------------------------------------------------------

FIGURES = (
    "count", "every", "at", "cadence", "anchor", "grace", "during", "starts", "starts_after", "within", "renew",
    "again", "lead", "code", "spacing",
)  # fmt: skip


def figures(requirement: Requirement) -> str:
    """A requirement in one line: its kind, and each figure that the file states, named where it is not the first."""
    parts: list[str] = [requirement.kind]
    for name in FIGURES:
        value = getattr(requirement, name)
        if value is None or (name, value) == ("starts", "spell"):
            continue
        parts.append(str(value) if len(parts) == 1 else f"{name} {value}")
    switches = [name for name in ("after_first", "exemptible") if getattr(requirement, name)]
    return ", ".join([*parts, *switches])


FIRST_WEEK = "milestone, P1W"
EVERY_THIRD_MONTH = "recurring, P3M, anchor last"
FOUR_IN_SIX = "quota, 4, within P6M"
FOUR_IN_SIX_OR_EXEMPT = "quota, 4, within P6M, exemptible"
SIX_A_YEAR = "quota, 6, within P12M, renew P12M"
WEEK_EIGHT = "milestone, P8W"
TEAM = "item, P4W, code rehabilitation-team"
TEAM_CERTIFICATE = "item, P4W, code LÆ265"
REASSESSMENT = "item, P12M, again P18M, lead P2M, code LAS-74c"
FUND_AT_16 = "item, P16M, lead P3M, code a-kasse"
ON_NEED = "need, standard"
ON_NEED_LATER = "need, standard, starts_after P6M"

INTEGRATION = {"integration-rhythm": EVERY_THIRD_MONTH}
NEW_CLARIFICATION = {"rehabilitation-team": TEAM, "rehabilitation-certificate": TEAM_CERTIFICATE}

LAW_2015: dict[str, dict[str, str]] = {
    "6.1": {
        "insured-rhythm": "recurring, P4W, anchor spell, grace P2W, during P6M",
        "insured-after-half-year": "recurring, P3M, anchor last, starts_after P6M",
    },
    "6.2": {"welfare-first-week": FIRST_WEEK, "welfare-rhythm": EVERY_THIRD_MONTH},
    "6.3": {"welfare-first-week": FIRST_WEEK, "welfare-rhythm-activity-ready": EVERY_THIRD_MONTH},
    "6.4": {"education-first-week": FIRST_WEEK, "welfare-rhythm": EVERY_THIRD_MONTH},
    "6.5": {"education-first-week": FIRST_WEEK, "welfare-rhythm": EVERY_THIRD_MONTH},
    "6.6": {
        "sickness-first": WEEK_EIGHT,
        "sickness-rhythm": "recurring, P4W, anchor last, after_first",
        "sickness-certificate": "item, P8W, code LÆ285",
    },
    "6.7": {"course-rhythm": SIX_A_YEAR, **NEW_CLARIFICATION},
    "6.8": {"course-rhythm": SIX_A_YEAR},
    "6.9": {"flex-job-rhythm": EVERY_THIRD_MONTH, "flex-job-reassessment": REASSESSMENT},
    "6.10": {},
    "6.11": {},
    "6.12": {},
    "6.13": {},
    "int": INTEGRATION,
}

WELFARE_2020 = {"welfare-first-week": FIRST_WEEK, "welfare-rhythm": FOUR_IN_SIX, "on-need": ON_NEED_LATER}
LAW_2020: dict[str, dict[str, str]] = {
    "6.1": {"insured-rhythm": FOUR_IN_SIX, "insured-a-kasse-16-months": FUND_AT_16, "on-need": ON_NEED_LATER},
    "6.2": WELFARE_2020,
    "6.3": WELFARE_2020,
    "6.4": WELFARE_2020,
    "6.5": WELFARE_2020,
    "6.6": {"sickness-first": WEEK_EIGHT, "sickness-rhythm": FOUR_IN_SIX},
    "6.7": {"course-rhythm": FOUR_IN_SIX, "on-need": ON_NEED_LATER, **NEW_CLARIFICATION},
    "6.8": {"course-rhythm": FOUR_IN_SIX, "on-need": ON_NEED_LATER},
    "6.9": {"flex-job-rhythm": FOUR_IN_SIX, "flex-job-reassessment": REASSESSMENT, "on-need": ON_NEED_LATER},
    "6.10": {"vocational-rehabilitation-rhythm": FOUR_IN_SIX, "on-need": ON_NEED_LATER},
    "6.11": {},
    "6.12": {"on-need-other-groups": ON_NEED_LATER},
    "6.13": {"on-need-other-groups": ON_NEED_LATER},
    "int": INTEGRATION,
}

LAW_2024 = {
    **LAW_2020,
    "6.1": {
        "insured-rhythm": "quota, 3, starts handover, within P6M",
        "insured-a-kasse-16-months": FUND_AT_16,
        "on-need": ON_NEED_LATER,
    },
}

LAW_2026: dict[str, dict[str, str]] = {
    "6.1": {
        "insured-rhythm": "quota, 2, starts handover, within P6M, exemptible",
        "insured-a-kasse-16-months": FUND_AT_16,
        "on-need-after-half-year": ON_NEED_LATER,
    },
    "6.2": {"welfare-rhythm": FOUR_IN_SIX_OR_EXEMPT, "on-need-after-half-year": ON_NEED_LATER},
    "6.3": {"welfare-first-week": FIRST_WEEK, "on-need": ON_NEED},
    "6.4": {"welfare-first-week": FIRST_WEEK, "on-need": ON_NEED},
    "6.5": {"welfare-first-week": FIRST_WEEK, "on-need": ON_NEED},
    "6.6": {"sickness-rhythm": "quota, 1, within P6M"},
    "6.7": {"on-need": ON_NEED},
    "6.8": {"on-need": ON_NEED},
    "6.9": {
        "flex-job-rhythm": FOUR_IN_SIX_OR_EXEMPT,
        "on-need-after-half-year": ON_NEED_LATER,
    },
    "6.10": {"on-need": ON_NEED},
    "6.11": {},
    "6.12": {},
    "6.13": {},
    "int": INTEGRATION,
}

LAWS = {"law-2015": LAW_2015, "law-2020": LAW_2020, "law-2024": LAW_2024, "law-2026": LAW_2026}
CASES = [(pack, group, expected) for pack, groups in LAWS.items() for group, expected in groups.items()]


@pytest.mark.parametrize(("pack", "group", "expected"), CASES, ids=[f"{pack}-{group}" for pack, group, _ in CASES])
def test_each_group_has_exactly_the_agreed_demands(pack: str, group: str, expected: dict[str, str]) -> None:
    target = TargetGroup(group)
    stated = {r.id: figures(r) for r in packs()[pack].requirements if target in r.groups}
    assert stated == expected


def test_the_table_speaks_of_every_target_group() -> None:
    for groups in LAWS.values():
        assert set(groups) == {group.value for group in TargetGroup}


def test_no_pack_has_two_requirements_of_one_name() -> None:
    for pack in packs().values():
        names = [requirement.id for requirement in pack.requirements]
        assert len(names) == len(set(names)), pack.id


def test_no_group_has_two_rules_of_contact_on_need_in_one_pack() -> None:
    for pack in packs().values():
        for group in TargetGroup:
            needs = [r.id for r in pack.requirements if r.kind == "need" and group in r.groups]
            assert len(needs) <= 1, (pack.id, group, needs)


NEEDED = {
    "recurring": {"every", "anchor"},
    "quota": {"count", "within"},
    "milestone": {"at"},
    "item": {"at", "code"},
    "need": {"cadence"},
}
ALLOWED = {
    "recurring": {"grace", "during", "starts_after", "after_first"},
    "quota": {"spacing", "renew", "starts", "starts_after"},
    "milestone": set[str](),
    "item": {"again", "lead"},
    "need": {"starts_after"},
}


@pytest.mark.parametrize(("pack", "requirement"), [pytest.param(p, r, id=f"{p}-{r.id}") for p, r in all_requirements()])
def test_a_requirement_states_the_keys_of_its_kind_and_no_others(pack: str, requirement: Requirement) -> None:
    plain = {"starts": "spell"}
    stated = {name for name in FIGURES if getattr(requirement, name) not in (None, plain.get(name))}
    assert NEEDED[requirement.kind] <= stated <= NEEDED[requirement.kind] | ALLOWED[requirement.kind]
    assert requirement.groups


# --- channels and facts -------------------------------------------------------------------------------------------


def counting_on(pack: LawPack, day: date, *, first: bool) -> set[str]:
    """The channels that some rule of the pack lets count on a day."""
    counting: set[str] = set()
    for rule in pack.channels:
        if (rule.valid_from or date.min) <= day <= (rule.valid_to or date.max):
            counting |= (
                {"in_person"} if first and rule.first_in_person else {channel.value for channel in rule.channels}
            )
    return counting


ALL_CHANNELS = {"in_person", "phone", "digital"}


@pytest.mark.parametrize(
    ("pack", "day", "first", "later"),
    [
        ("law-2015", date(2015, 7, 1), ALL_CHANNELS, ALL_CHANNELS),
        ("law-2015", date(2019, 12, 31), ALL_CHANNELS, ALL_CHANNELS),
        ("law-2020", date(2020, 3, 11), {"in_person"}, {"in_person"}),
        ("law-2020", date(2020, 3, 12), ALL_CHANNELS, ALL_CHANNELS),
        ("law-2020", date(2021, 12, 31), ALL_CHANNELS, ALL_CHANNELS),
        ("law-2020", date(2022, 1, 1), {"in_person"}, {"in_person"}),
        ("law-2020", date(2023, 3, 19), {"in_person"}, {"in_person"}),
        ("law-2020", date(2023, 3, 20), {"in_person"}, ALL_CHANNELS),
        ("law-2024", date(2024, 1, 1), {"in_person"}, ALL_CHANNELS),
        ("law-2026", date(2026, 7, 1), {"in_person"}, ALL_CHANNELS),
    ],
)
def test_the_channels_that_count_follow_the_law_of_the_day(
    pack: str, day: date, first: set[str], later: set[str]
) -> None:
    assert counting_on(packs()[pack], day, first=True) == first
    assert counting_on(packs()[pack], day, first=False) == later


def test_a_letter_never_counts_anywhere() -> None:
    for pack in packs().values():
        assert all(Channel.LETTER not in rule.channels for rule in pack.channels)
    for experiment in experiments().values():
        assert all(Channel.LETTER not in effect.channels for effect in experiment.effects)


@pytest.mark.parametrize("pack", LAWS)
def test_facts_lift_the_duty_of_all_but_sickness_pension_and_integration(pack: str) -> None:
    groups = ["6.1", "6.2", "6.3", "6.4", "6.5", "6.7", "6.8", "6.9", "6.10"]
    within = {
        kind.value: rule.within
        for rule in packs()[pack].fact_exemptions
        for kind in rule.kinds
        if [group.value for group in rule.groups] == groups
    }
    assert within == {
        "job_start": "P6W",
        "rehire": "P6W",
        "parental_leave": "P6W",
        "pension": "P6W",
        "education_start": "P6W",
        "weather_layoff": None,
        "work_sharing": None,
    }


def test_a_quarter_may_be_exempted_from_july_2026_only() -> None:
    shares = {pack.id: pack.exemption_share for pack in packs().values() if pack.exemption_share}
    assert set(shares) == {"law-2026"}
    rule = shares["law-2026"]
    assert (rule.limit_percent, rule.within, {g.value for g in rule.groups}) == (25, "P6M", {"6.1", "6.2", "6.9"})
    exemptible = {group for _, r in all_requirements() if r.exemptible for group in r.groups}
    assert exemptible == set(rule.groups)


# --- how sure the texts are ---------------------------------------------------------------------------------------

UNVERIFIED = {
    "law-2015": {
        "education-first-week", "welfare-rhythm", "course-rhythm", "rehabilitation-team",
        "rehabilitation-certificate", "flex-job-rhythm",
    },
    "law-2020": {
        "rehabilitation-team", "rehabilitation-certificate", "integration-rhythm", "on-need-other-groups",
    },
    "law-2024": {
        "rehabilitation-team", "rehabilitation-certificate", "flex-job-reassessment", "integration-rhythm",
        "on-need-other-groups",
    },
    "law-2026": {"welfare-first-week", "integration-rhythm", "on-need"},
}  # fmt: skip


@pytest.mark.parametrize("pack", LAWS)
def test_a_requirement_is_stated_no_surer_than_its_sources(pack: str) -> None:
    found = {r.id: r.confidence for r in packs()[pack].requirements}
    surest = "described_before_adoption" if pack == "law-2026" else "adopted"
    assert found == {name: "unverified" if name in UNVERIFIED[pack] else surest for name in found}


def test_nothing_of_the_2026_law_is_called_adopted() -> None:
    pack = packs()["law-2026"]
    sureness: list[str] = [rule.confidence for rule in pack.channels]
    sureness += [rule.confidence for rule in pack.fact_exemptions]
    sureness += [pack.exemption_share.confidence] if pack.exemption_share else []
    assert "adopted" not in sureness


def test_what_has_no_public_source_is_unverified() -> None:
    for pack, requirement in all_requirements():
        if requirement.source.startswith("Ingen"):
            assert requirement.confidence == "unverified", (pack, requirement.id)


def test_an_experiment_only_applied_for_claims_no_result_and_is_unverified() -> None:
    applied = {found.id for found in experiments().values() if found.status == "applied"}
    assert applied == {
        "flexible-sickness-follow-up",
        "freed-pool-funds",
        "individual-integration-programme",
        "flexible-education",
        "education-order-exemption",
        "earnings-deduction",
    }
    for name in applied:
        experiment = experiments()[name]
        assert experiment.results == ()
        assert experiment.confidence == "unverified"
        assert experiment.municipalities == ()
        assert experiment.period_from is None
        assert bool(experiment.effects) == (name == "flexible-sickness-follow-up")


def test_an_experiment_names_its_municipalities_and_period_or_says_that_they_are_unknown() -> None:
    network = (
        "Aalborg Brønderslev Frederikshavn Hjørring Jammerbugt Læsø Mariagerfjord Morsø Rebild Thisted Vesthimmerland"
    )
    for experiment in experiments().values():
        assert experiment.municipalities or experiment.municipalities_note, experiment.id
        assert (experiment.period_from and experiment.period_to) or experiment.period_note, experiment.id
        assert set(experiment.municipalities) <= set(network.split()), experiment.id


def test_money_is_reported_as_the_network_reported_it() -> None:
    texts = [(result.text.da, result.source) for result in experiments()["medical-certificates"].results]
    assert any("12,2 mio. kr." in text and "13. november 2020" in source for text, source in texts)
    assert any("5 mio. kr." in text and "26. april" in source for text, source in texts)


# --- experiments --------------------------------------------------------------------------------------------------

NEED_PARAMETERS: dict[str, str | int] = {
    "close": "P2W",
    "standard": "P6W",
    "light": "P13W",
    "safety_net": "P13W",
    "screening_from": "P1W",
    "screening_target": "P2W",
    "screening_latest": "P3W",
    "await_working_days": 10,
    "default_cadence": "standard",
}
WAIT_PARAMETERS: dict[str, str | int] = {"await_working_days": 10, "safety_net": "P13W"}

INSURED = {"insured-rhythm", "insured-after-half-year", "on-need", "on-need-after-half-year"}
OTHERS = {
    "welfare-first-week", "education-first-week", "welfare-rhythm", "welfare-rhythm-activity-ready", "course-rhythm",
    "vocational-rehabilitation-rhythm", "on-need", "on-need-after-half-year",
}  # fmt: skip
EFFECTS: dict[str, dict[str, set[str]]] = {
    "flexible-contact-insured": {"replace": INSURED, "permit": INSURED, "reason_required": INSURED},
    "flexible-contact-other-groups": {"replace": OTHERS, "permit": OTHERS, "reason_required": OTHERS},
    "flexible-sickness-follow-up": {"replace": {"sickness-rhythm"}},
    "flexible-integration-contact": {"permit": {"integration-rhythm"}, "reason_required": {"integration-rhythm"}},
    "ledighedsydelse-no-reassessment": {"lift": {"flex-job-reassessment"}, "add": set()},
    "rehabilitation-team-discretion": {"discretion": {"rehabilitation-team"}},
    "medical-certificates": {
        "discretion": {"sickness-certificate", "rehabilitation-certificate"},
        "permit": {"sickness-first", "sickness-rhythm", "course-rhythm", "vocational-rehabilitation-rhythm"},
    },
    "job-rotation": {"add": set()},
    "company-ratio": {"add": set()},
    "graduate-entrepreneurship": {"add": set()},
    "micro-loans": {"add": set()},
    "psychological-treatment": {"add": set()},
}
GROUPS = {
    "flexible-contact-insured": "6.1",
    "flexible-contact-other-groups": "6.2 6.3 6.4 6.5 6.7 6.8 6.10",
    "flexible-sickness-follow-up": "6.6",
    "flexible-integration-contact": "int",
    "ledighedsydelse-no-reassessment": "6.9",
    "rehabilitation-team-discretion": "6.7 6.8",
    "medical-certificates": "6.6 6.7 6.8 6.10",
    "job-rotation": "6.1 6.2 6.3",
    "company-ratio": " ".join(group.value for group in TargetGroup),
    "graduate-entrepreneurship": "6.1 6.2 6.3",
    "micro-loans": "6.1 6.2 6.3",
    "psychological-treatment": "6.1 6.2 6.3 6.4 6.5 6.6 6.7 6.8 6.9",
}
AWAITS = {
    "flexible-contact-insured": "rehire",
    "flexible-contact-other-groups": "rehire examination medical_record treatment",
    "flexible-sickness-follow-up": "examination medical_record treatment recovery",
    "flexible-integration-contact": "treatment medical_record placement",
    "medical-certificates": "medical_record",
}
COUNT_TOO = {
    "flexible-contact-insured": ("phone digital in_person", "group"),
    "flexible-contact-other-groups": ("phone digital in_person", "group"),
    "flexible-integration-contact": ("phone digital in_person", "mentor company_consultant provider group"),
}
AGENDA = {
    "ledighedsydelse-no-reassessment": "still-in-flex-job-group available",
    "job-rotation": "job-rotation-possible",
    "company-ratio": "placement-beyond-ratio",
    "graduate-entrepreneurship": "follow-business-plan",
    "micro-loans": "follow-business-plan",
    "psychological-treatment": "treatment-can-be-offered",
}
PARAMETERS = {
    "flexible-contact-insured": NEED_PARAMETERS,
    "flexible-contact-other-groups": NEED_PARAMETERS,
    "flexible-sickness-follow-up": NEED_PARAMETERS,
    "flexible-integration-contact": WAIT_PARAMETERS,
    "medical-certificates": WAIT_PARAMETERS,
}
NAMES = [path.stem for path in EXPERIMENT_FILES]


def words(values: Iterable[object]) -> set[str]:
    """The values as plain texts."""
    return {str(value) for value in values}


@pytest.mark.parametrize("name", NAMES)
def test_an_experiment_does_what_was_agreed_and_nothing_else(name: str) -> None:
    experiment = experiments()[name]
    effects = {effect.effect: set(effect.requirements) for effect in experiment.effects}
    assert len(effects) == len(experiment.effects)
    assert effects == EFFECTS.get(name, {})
    assert words(experiment.groups) == set(GROUPS.get(name, "").split())
    assert words(kind for e in experiment.effects for kind in e.awaits) == set(AWAITS.get(name, "").split())
    channels, counterparts = COUNT_TOO.get(name, ("", ""))
    assert words(channel for e in experiment.effects for channel in e.channels) == set(channels.split())
    assert words(who for e in experiment.effects for who in e.counterparts) == set(counterparts.split())
    added = [point for e in experiment.effects for point in e.agenda]
    assert added == AGENDA.get(name, "").split() == [point.id for point in experiment.agenda]
    assert {key: found.default for key, found in experiment.parameters.items()} == PARAMETERS.get(name, {})


@pytest.mark.parametrize("name", ["graduate-entrepreneurship", "micro-loans"])
def test_a_business_plan_takes_the_place_of_availability(name: str) -> None:
    (effect,) = experiments()[name].effects
    assert effect.when_fact is FactKind.BUSINESS_PLAN
    assert effect.suppress == ("available",)


@pytest.mark.parametrize("name", NAMES)
def test_every_effect_meets_a_requirement_that_some_pack_knows_for_its_groups(name: str) -> None:
    experiment = experiments()[name]
    known: dict[str, set[TargetGroup]] = {}
    for _, requirement in all_requirements():
        known.setdefault(requirement.id, set()).update(requirement.groups)
    for effect in experiment.effects:
        groups = set(effect.groups or experiment.groups)
        assert groups
        for requirement_id in effect.requirements:
            assert groups & known.get(requirement_id, set()), (effect.effect, requirement_id)


def test_what_an_experiment_takes_off_the_agenda_is_on_some_agenda() -> None:
    points = {point.id for experiment in experiments().values() for point in experiment.agenda}
    for experiment in experiments().values():
        for effect in experiment.effects:
            assert set(effect.suppress) <= points


def test_an_agenda_point_reads_the_same_wherever_it_appears() -> None:
    titles: dict[str, set[tuple[str, str]]] = {}
    for experiment in experiments().values():
        for point in experiment.agenda:
            titles.setdefault(point.id, set()).add((point.title.da, point.title.en))
    assert {point for point, found in titles.items() if len(found) > 1} == set()


@pytest.mark.parametrize("name", ["flexible-contact-insured", "flexible-contact-other-groups"])
def test_a_need_cadence_leaves_no_rhythm_of_the_law_standing_beside_it(name: str) -> None:
    experiment = experiments()[name]
    replaced = {r for effect in experiment.effects if effect.effect == "replace" for r in effect.requirements}
    for pack, requirement in all_requirements():
        if requirement.kind != "item" and set(requirement.groups) & set(experiment.groups):
            assert requirement.id in replaced, (pack, requirement.id)


BOUNDED = [
    pytest.param(parameter, id=f"{name}-{key}")
    for name, experiment in experiments().items()
    for key, parameter in experiment.parameters.items()
]


@pytest.mark.parametrize("parameter", BOUNDED)
def test_a_default_lies_within_its_bounds(parameter: Parameter) -> None:
    default, low, high = parameter.default, parameter.minimum, parameter.maximum
    if isinstance(default, str) and default in set(Cadence):
        assert (low, high) == (None, None)
        return
    assert low is not None
    assert high is not None
    anchor = date(2026, 1, 1)

    def size(value: str | int) -> int:
        return value if isinstance(value, int) else Period.parse(value).days_from(anchor)

    assert size(low) <= size(default) <= size(high)
    assert size(low) < size(high)


def test_a_requirement_that_only_one_pack_knows_is_meant_so() -> None:
    seen: dict[str, set[str]] = {}
    for pack, requirement in all_requirements():
        seen.setdefault(requirement.id, set()).add(pack)
    assert {name for name, found in seen.items() if len(found) == 1} == {
        "education-first-week",
        "insured-after-half-year",
        "on-need-after-half-year",
        "sickness-certificate",
        "welfare-rhythm-activity-ready",
    }
