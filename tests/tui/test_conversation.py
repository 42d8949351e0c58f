"""From proposal to filed at the screen: summons, offer of times, the citizen's choice, held, and the case note."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest
from textual.widgets import Input

from planner.domain.citizens import Cadence
from planner.domain.conversations import Channel, Conversation, Offer, OfferedTime, Status
from planner.errors import Fault, Refused
from planner.locale import language
from planner.phrases import Phrase
from planner.planning.plan import Bucket
from planner.tui.dialogs.confirm import ConfirmDialog
from planner.tui.dialogs.held import HeldDialog
from planner.tui.dialogs.paper import CaseNoteDialog, PaperDialog, SaveDialog
from planner.tui.dialogs.pick import PickDialog
from planner.tui.rows import View, cells
from planner.tui.widgets.card_text import card_text
from planner.tui.widgets.choice_list import ChoiceList
from planner.tui.widgets.tick import Tick
from tests.tui.fakes import TITLES, TODAY, FakeDesk, proposal, row, slot
from tests.tui.stage import Stage, staged

COPIED = "Copied, if the terminal allows it. The clipboard now holds personal data."
#: The study's figure for registering one conversation.
CLICKS = 40
KEYS_FOR_ONE = ("b", "enter", "h", "1", "enter", "enter", "space")


def _offer(until: int) -> Offer:
    times = tuple(
        OfferedTime(TODAY + timedelta(days=until + n), time(9, 30 * (n % 2)), 30, Channel.PHONE) for n in (1, 2)
    )
    return Offer(TODAY - timedelta(days=9), TODAY + timedelta(days=until), times)


async def _shown(stage: Stage, kind: type[object]) -> None:
    await stage.until(lambda: isinstance(stage.app.screen, kind), kind.__name__)
    await stage.opened()


async def test_from_proposal_to_filed_in_seven_keys() -> None:
    """Booked and summoned, held with a point that was covered, the note copied and ticked; each key is counted."""
    async with staged(at="k-06") as stage:
        first, second, held, tick, save, copy, filed = KEYS_FOR_ONE
        await stage.press(first)
        await _shown(stage, PaperDialog)
        await stage.press(second)
        await stage.closed()
        await stage.until(lambda: COPIED in stage.toasts, "the toast")
        assert stage.app.clipboard == "summons en Dorte Deadline\n"
        await stage.settled()
        stage.people.select("k-06")  # the day of the conversation: she stands on top of the list
        await stage.press(held)
        await _shown(stage, HeldDialog)
        await stage.press(tick, save)
        await stage.noted()
        await stage.press(copy)
        await stage.until(lambda: stage.app.clipboard == "case-note en Dorte Deadline\n", "the copy")
        await stage.press(filed)
        await stage.closed()
        await stage.until(lambda: len(stage.desk.calls) == 3, "the tick")
        verbs = [call[0] for call in stage.desk.calls]
        assert verbs == ["accept", "held", "filed"]
        assert stage.desk.calls[1][-1] == ("job-rotation",)
        assert len(KEYS_FOR_ONE) == 7 < CLICKS


def test_the_readme_prints_the_count() -> None:
    """The figure beside the study's is the one that is counted."""
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert f"{len(KEYS_FOR_ONE)} keys" in readme.replace("\n", " ")
    assert "forty clicks" in readme.replace("\n", " ")


async def test_a_summons_to_what_is_booked_books_nothing() -> None:
    """The text comes at once; escape leaves it; the clipboard stays as it was."""
    async with staged(at="k-11") as stage:
        await stage.press("b")
        await _shown(stage, PaperDialog)
        assert "summons en Frida Fremtid" in stage.text()
        assert "! Mind Frida Fremtid" in stage.text()
        await stage.press("escape")
        await stage.closed()
        assert (stage.desk.calls, stage.app.clipboard, stage.selected) == ([], "", "k-11")


async def test_a_summons_without_a_proposal_is_refused() -> None:
    """With what to do instead."""
    async with staged(at="k-08") as stage:
        await stage.press("b")
        await stage.noticed("choose a time first")


async def test_a_slot_that_is_gone_is_not_summoned_to() -> None:
    """The desk's sentence is shown, and no text."""
    async with staged(FakeDesk(refusals=[Refused("Taken")]), at="k-06") as stage:
        await stage.press("b")
        await stage.until(lambda: stage.toasts == ["Taken"], "the refusal")
        assert stage.app.screen is stage.today


async def test_a_summons_that_comes_too_late_asks_with_the_safe_answer_in_focus() -> None:
    """Enter leaves it; only the other answer shows the text."""
    async with staged(FakeDesk(late=True), at="k-11") as stage:
        await stage.press("b")
        await _shown(stage, ConfirmDialog)
        assert "Show it nevertheless?" in stage.text()
        await stage.press("enter")
        await stage.closed()
        await stage.press("b")
        await _shown(stage, ConfirmDialog)
        await stage.press("shift+tab", "enter")
        await _shown(stage, PaperDialog)


async def test_the_text_in_the_other_language_and_in_a_file(tmp_path: Path) -> None:
    """l changes the language; s asks for a name, and a name that is refused is not lost."""
    taken = tmp_path / "taken.txt"
    taken.write_text("mine", encoding="utf-8")
    async with staged(at="k-11") as stage:
        await stage.press("b")
        await _shown(stage, PaperDialog)
        await stage.press("l")
        await stage.until(lambda: "summons da Frida Fremtid" in stage.text(), "the Danish text")
        await stage.press("s")
        await _shown(stage, SaveDialog)
        field = stage.dialog.query_one("#file", Input)
        assert field.value == "~/summons-k-11.txt"
        field.value = str(taken)
        await stage.press("enter")
        await stage.until(lambda: "something of that name already" in stage.text(), "the refusal")
        await stage.opened()
        field = stage.dialog.query_one("#file", Input)
        assert field.value == str(taken)
        field.value = str(tmp_path / "new.txt")
        await stage.press("enter")
        await stage.closed()
        await stage.until(lambda: bool(stage.toasts), "the toast")
        assert "It holds personal data." in stage.toasts[-1]
        assert (tmp_path / "new.txt").read_text(encoding="utf-8") == "summons da Frida Fremtid\n"
        assert taken.read_text(encoding="utf-8") == "mine"


async def test_times_are_offered_chosen_and_taken_back() -> None:
    """Offer, text, the choice by its number, and two undos back to the start."""
    async with staged(at="k-06") as stage:
        start = stage.desk.rows
        await stage.press("e")
        await stage.opened()
        assert stage.dialog.query_one("#until", Input).value == "01-12-2026"
        stage.dialog.query_one("#count", Input).value = "2"
        await stage.press("enter")
        await _shown(stage, PaperDialog)
        assert "offer en Dorte Deadline" in stage.text()
        await stage.press("enter")
        await stage.closed()
        await stage.settled()
        assert stage.desk.calls == [("offer", "k-06", TODAY + timedelta(days=8), 2, Channel.PHONE)]
        stage.people.select("k-06")
        standing = "The citizen may choose until 1 Dec 2026."
        await stage.until(lambda: standing in " ".join(stage.card().split()), "the offer on the card")
        await stage.press("y")
        await _shown(stage, PickDialog)
        await stage.press("2")
        await stage.closed()
        await stage.until(lambda: len(stage.desk.calls) == 2, "the booking")
        assert stage.desk.calls[1] == ("pick", "k-06", 2)
        await stage.press("u", "u")
        await stage.until(lambda: stage.desk.rows == start, "the start")


async def test_what_was_filled_in_is_not_lost_when_no_time_is_free() -> None:
    """The dialog comes back with the sentence and the figures."""
    async with staged(FakeDesk(refusals=[Refused("No time is free")]), at="k-06") as stage:
        await stage.press("e")
        await stage.opened()
        stage.dialog.query_one("#count", Input).value = "x"
        await stage.press("enter")
        await stage.until(lambda: "must be a whole number" in stage.text(), "the fault")
        stage.dialog.query_one("#count", Input).value = "7"
        await stage.press("enter")
        await stage.until(lambda: "No time is free" in stage.text(), "the refusal")
        await stage.opened()
        assert stage.dialog.query_one("#count", Input).value == "7"


async def test_an_offer_that_stands_is_shown_again_or_withdrawn() -> None:
    """One that ran out can be made anew."""
    rows = tuple(
        replace(found, citizen=replace(found.citizen, offer=made))
        for found, made in (
            (row("k-1", "Prøve Åben", Bucket.WAITING), _offer(3)),
            (row("k-2", "Prøve Udløbet", Bucket.EVENT_PASSED), _offer(-1)),
        )
    )
    async with staged(FakeDesk(rows=rows), at="k-1") as stage:
        await stage.press("e")
        await _shown(stage, PickDialog)
        assert "Make a new offer" not in stage.text()
        await stage.press("1")
        await _shown(stage, PaperDialog)
        await stage.press("escape")
        await stage.closed()
        await stage.press("e")
        await _shown(stage, PickDialog)
        await stage.press("2")
        await stage.closed()
        await stage.until(lambda: stage.desk.calls == [("withdraw", "k-1")], "the withdrawal")
        await stage.settled()
        stage.people.select("k-2")
        await stage.press("e")
        await _shown(stage, PickDialog)
        assert "Make a new offer" in stage.text()


async def test_nothing_can_be_chosen_where_nothing_is_offered() -> None:
    """Said at once."""
    async with staged(at="k-06") as stage:
        await stage.press("y")
        await stage.noticed("No times are offered to the citizen")


@pytest.mark.parametrize(("until", "bucket"), [(3, Bucket.WAITING), (-1, Bucket.EVENT_PASSED)])
@pytest.mark.parametrize("code", ["da", "en"])
def test_row_and_card_say_how_an_offer_stands(until: int, bucket: Bucket, code: str) -> None:
    """A word and a date, in both languages."""
    found = row("k-1", "Prøve", bucket)
    found = replace(found, citizen=replace(found.citizen, offer=_offer(until)))
    view = View(language(code), TODAY, TITLES)
    wanted = {
        ("en", 3): ("may choose until Thu 26 Nov", "The citizen may choose until 26 Nov 2026."),
        ("en", -1): ("no answer by Sun 22 Nov", "No answer by 22 Nov 2026."),
        ("da", 3): ("kan vælge til og med to 26-11", "Borgeren kan vælge til og med 26-11-2026."),
        ("da", -1): ("intet svar inden sø 22-11", "Intet svar inden 22-11-2026."),
    }[code, until]
    assert cells(found, view).reason == wanted[0]
    assert f" {wanted[1]}" in [text for text, _ in card_text(found, view, 120)]


async def test_the_cadence_from_now_on_is_part_of_what_was_held() -> None:
    """As it is unless chosen; numbers tick points only while no field has the focus."""
    async with staged(at="k-01") as stage:
        await stage.press("h")
        await _shown(stage, HeldDialog)
        stage.dialog.query_one("#cadence", ChoiceList).go(3)
        minutes = stage.dialog.query_one("#minutes", Input)
        minutes.focus()
        minutes.value = ""
        await stage.press("1", "5")
        assert minutes.value == "15"
        assert not stage.dialog.query_one(Tick).value
        await stage.press("enter")
        await stage.noted()
        assert stage.desk.calls == [("held", "k-01", Channel.DIGITAL, TODAY, 15, (), Cadence.LIGHT)]


async def test_the_case_note_can_be_ticked_later_and_the_tick_taken_back() -> None:
    """The cursor stays; what is filed is said on the card; the space bar takes the tick back."""
    talk = Conversation(TODAY - timedelta(days=1), time(9), 30, Channel.PHONE, status=Status.HELD)
    rows = (row("k-1", "Prøve", Bucket.WAITING, conversations=(talk,)), row("k-2", "Anden", Bucket.WAITING))
    async with staged(FakeDesk(rows=rows), at="k-1") as stage:
        await stage.press("d")
        await stage.noted()
        await stage.press("space")
        await stage.closed()
        await stage.settled()
        assert stage.desk.calls == [("filed", "k-1", None, True)]
        assert stage.selected == "k-1"
        await stage.until(lambda: "held · filed" in stage.card(), "the card")
        await stage.press("d")
        await stage.noted()
        assert stage.dialog.query_one(Tick).value
        await stage.press("space")
        await stage.closed()
        await stage.until(lambda: len(stage.desk.calls) == 2, "the tick taken back")
        assert stage.desk.calls[1] == ("filed", "k-1", None, False)


async def test_a_template_that_is_wrong_is_told_with_file_and_line() -> None:
    """What was recorded stays recorded; no text is shown."""
    fault = Fault("case-note.da.txt:3", Phrase("unknown placeholder {name}", name="“nmae”"), Phrase("name"))
    async with staged(FakeDesk(templates=(fault,)), at="k-02") as stage:
        await stage.press("h")
        await _shown(stage, HeldDialog)
        await stage.press("enter")
        await stage.closed()
        told = "A template is wrong. case-note.da.txt:3: found unknown placeholder “nmae”; allowed: name"
        await stage.until(lambda: stage.toasts[-1:] == [told], "the fault")
        assert [call[0] for call in stage.desk.calls] == ["held"]


async def test_the_note_after_held_leaves_the_cursor_where_the_work_goes_on() -> None:
    """The next in need is selected, and ticking the note of the one before does not jump back."""
    async with staged(at="k-02") as stage:
        await stage.press("h")
        await _shown(stage, HeldDialog)
        await stage.press("enter")
        await stage.noted()
        assert isinstance(stage.app.screen, CaseNoteDialog)
        assert "Case note: Anna Eksempel" in stage.text()
        await stage.until(lambda: stage.selected == "k-03", "the next in need")
        await stage.press("space")
        await stage.closed()
        await stage.settled()
        assert stage.selected == "k-03"


@pytest.mark.parametrize("name", ["[@click=app.quit]x[/]", "\x1b]52;c;aGVq\x07", "[/]", "{name}", "a\nb"])
async def test_hostile_names_are_shown_and_copied_as_they_are(name: str) -> None:
    """No markup, no escape, in any of the texts and dialogs."""
    found = row("k-1", name, Bucket.OVERDUE, days=-1, offer=proposal(slot(1)))
    found = replace(found, citizen=replace(found.citizen, offer=_offer(3)))
    async with staged(FakeDesk(rows=(found,))) as stage:
        for key, kind in (("b", PaperDialog), ("e", PickDialog), ("y", PickDialog), ("d", CaseNoteDialog)):
            await stage.press(key)
            await _shown(stage, kind)
            assert "\x1b" not in stage.text()
            await stage.press("escape")
            await stage.closed()
            await stage.settled()
