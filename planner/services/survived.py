"""What is told at the start after a crash: whether all that was saved is here, and what was saved last."""

from __future__ import annotations

from dataclasses import dataclass

from planner.locale import N_, Language
from planner.services.journal import log
from planner.services.results import Entry
from planner.services.room import Room

_ALL_HERE = N_(
    "The program was not closed in order last time. Everything that was saved is here; "
    "the last action, {date} {time}: {what}"
)
_LOST = N_(
    "The program was not closed in order last time, and what was written last cannot be read. See what is missing "
    "after the last action that is here, {date} {time}: {what}"
)
_LOST_ALL = N_("The program was not closed in order last time, and nothing that was written then can be read.")


@dataclass(frozen=True, slots=True)
class Survived:
    """The last action that is here, whether more was written, and whether something typed and not saved was kept."""

    last: Entry | None
    has_lost: bool
    has_draft: bool

    def text(self, language: Language) -> str:
        """What was kept, in the user's language."""
        if self.last is None:
            return language.text(_LOST_ALL)
        at = self.last.at
        told = language.text(
            _LOST if self.has_lost else _ALL_HERE,
            date=language.date(at.date()),
            time=language.time(at.hour * 60 + at.minute),
            what=self.last.text(language),
        )
        draft = language.text("What was typed and not saved comes back.")
        return f"{told}\n{draft}" if self.has_draft else told


def survived(room: Room) -> Survived | None:
    """What was kept where the store was not closed in order before; None where it was, and where nothing was done."""
    last = log(room, 1, None) if room.store.was_cut_off else ()
    if not last:
        return Survived(None, has_lost=True, has_draft=False) if room.store.has_lost else None
    with room.store.read() as view:
        return Survived(last[0], room.store.has_lost, view.kept_draft() is not None)
