"""One citizen explained: every window with its derivation, the proposal, and the fixed rhythm beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from planner.cli.listing import INDENT, proposal_data, slot_text
from planner.domain.citizens import Citizen
from planner.locale import Language
from planner.planning.plan import CitizenPlan, Plan, Proposal, Title
from planner.rules.windows import Because
from planner.services import words
from planner.services.decided import decision_lines, decisions_data
from planner.services.explanation import (
    fixed_rhythm_line,
    points_line,
    sentence,
    sentences,
    title_of,
    window_line,
    window_sentences,
)
from planner.services.why_words import Speaker, term_lines, term_points


def explanation_lines(citizen: Citizen, part: CitizenPlan, plan: Plan, language: Language) -> Iterator[str]:
    """The explanation in plain lines."""
    text, titles = language.text, plan.titles
    yield f"{words.person(citizen)}; {text(words.target_group(citizen.target_group))}"
    yield text("In the list under: {bucket}", bucket=text(words.bucket(part.bucket)))
    yield text(
        "The spell began {day}; {cadence}", day=citizen.spell_start, cadence=text(words.cadence(citizen.cadence))
    )
    if part.last_contact is not None:
        yield text("Last conversation: {day}", day=part.last_contact)
    yield from decision_lines(citizen, plan.today, language)
    for step in sentences(part.because, language, titles):
        yield step
    for number, window in enumerate(part.windows, 1):
        yield ""
        yield f"{number}. {window_line(window, language, titles, plan.today)}"
        for step in window_sentences(window, language, titles):
            yield f"{INDENT}{step}"
    yield ""
    if part.proposal is not None:
        yield from _proposal_lines(part.proposal, plan, language)
    else:
        yield text("No proposal.")
        yield from (f"{INDENT}{step}" for step in sentences(part.unplaced_because, language, titles))
    for later in part.later:
        yield text("Later: {slot}", slot=slot_text(later.slot, language))
    for question in part.questions:
        yield text("A question to decide, not a duty: {question}", question=title_of(question, language, titles))
    if part.reason_required:
        yield text("A deviation needs a written reason.")
    yield ""
    yield fixed_rhythm_line(part, language, titles)


def _proposal_lines(proposal: Proposal, plan: Plan, language: Language) -> Iterator[str]:
    text = language.text
    yield text("Proposal: {slot}", slot=slot_text(proposal.slot, language))
    if proposal.tentative:
        yield text("Tentative: it lies so far ahead that it may move.")
    if proposal.covers:
        names = [title_of(name, language, plan.titles) for name in proposal.covers]
        yield INDENT + text("Covers: {names}", names=language.joined(names))
    for point in proposal.agenda:
        yield INDENT + text("To talk about: {point}", point=title_of(point, language, plan.titles))
    for number, slot in enumerate(proposal.alternatives, 1):
        yield INDENT + text("Alternative {number}: {slot}", number=number, slot=slot_text(slot, language))
    for step in proposal.because:
        if term_points(step) is None:
            yield INDENT + sentence(step, language, plan.titles)
    for line in term_lines(proposal, Speaker(language, plan.titles, {})):
        yield f"{INDENT}{line}"
    yield f"{INDENT}{points_line(proposal.because, language)}"


def explanation_data(citizen: Citizen, part: CitizenPlan, plan: Plan, language: Language) -> dict[str, object]:
    """The explanation as plain data, the sentences in the user's language."""
    titles = plan.titles
    fixed = part.fixed_rhythm
    return {
        "schema": "planner-explanation/1",
        "id": citizen.id,
        "name": citizen.shown_name,
        "bucket": part.bucket.value,
        "because": sentences(part.because, language, titles),
        **decisions_data(citizen, plan.today),
        "windows": [
            {
                "requirement": window.requirement,
                "title": title_of(window.requirement, language, titles),
                "kind": window.kind.value,
                "status": window.status.value,
                "earliest": window.earliest.isoformat(),
                "target": window.target.isoformat(),
                "latest": window.latest.isoformat(),
                "because": window_sentences(window, language, titles),
            }
            for window in part.windows
        ],
        "proposal": proposal_data(part.proposal),
        "terms": terms_data(part.proposal.because, language, titles) if part.proposal else [],
        "points": part.proposal.cost if part.proposal else None,
        "unplaced_because": sentences(part.unplaced_because, language, titles),
        "questions": [title_of(question, language, titles) for question in part.questions],
        "fixed_rhythm": {
            "latest": fixed.latest.isoformat() if fixed.latest else None,
            "channel": fixed.channel.value if fixed.channel else None,
            "sentence": fixed_rhythm_line(part, language, titles),
        },
    }


def terms_data(steps: Sequence[Because], language: Language, titles: Mapping[str, Title]) -> list[dict[str, object]]:
    """The cost terms with their points, which sum to the cost."""
    return [
        {"code": step.code, "points": points, "sentence": sentence(step, language, titles)}
        for step in steps
        if (points := term_points(step)) is not None
    ]
