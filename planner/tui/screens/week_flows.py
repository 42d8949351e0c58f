"""What each command of the week does: put a conversation elsewhere, accept, undo, and go about in the weeks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Protocol

from planner.locale import N_
from planner.services.moving import Carried, Landing
from planner.services.results import Done
from planner.services.week_view import Kind, Talk
from planner.tui.screens.telling import Asking, at_once, redo, undo
from planner.tui.widgets.week_grid import WeekGrid

if TYPE_CHECKING:  # the desk brings the engine along, which the first frame must not wait for
    from planner.services.desk import Desk

PUT_DOWN = "move_talk"


class Stage(Asking, Protocol):
    """What a flow of the week can do; the week's screen is one."""

    @property
    def grid(self) -> WeekGrid:
        """The grid."""

    def released(self) -> tuple[Carried, Landing]:
        """What was let go first and is not yet put, with its place."""

    def step(self, weeks: int) -> None:
        """Go so many weeks on, with what is carried."""

    def this_week(self) -> None:
        """Show the week of today."""

    def look_at(self, day: date) -> None:
        """Show the week of a day."""

    async def show_in_list(self, citizen_id: str) -> None:
        """Go to today's list, to that citizen."""


async def put_down(stage: Stage) -> None:
    """Put what was let go in its place: a booking is moved, a proposal accepted at that time."""
    carried, landing = stage.released()
    fault = await stage.change(_putting(carried, landing), N_("moved") if carried.talk.booking else N_("booked"))
    if fault:
        stage.refuse(fault)
        stage.grid.aim(carried.slot.on, carried.slot.start)
        stage.look_at(carried.slot.on)


def _putting(carried: Carried, landing: Landing) -> Callable[[Desk], Done]:
    citizen_id, slot, booking = carried.talk.citizen_id, landing.slot, carried.talk.booking
    if booking is None:
        return lambda desk: desk.accept(citizen_id, slot)
    return lambda desk: desk.move(citizen_id, slot.on, slot.start, booking.on, booking.start)


async def accept(stage: Stage) -> None:
    """Book the proposal under the cursor where it is."""
    talk = stage.grid.talk
    if talk is None or talk.kind not in (Kind.PROPOSED, Kind.TENTATIVE):
        stage.refuse(stage.language.text("There is no proposal here to accept"))
        return
    stage.grid.aim(talk.slot.on, talk.slot.start)
    await at_once(stage, _accepting(talk), N_("booked"))


def _accepting(talk: Talk) -> Callable[[Desk], Done]:
    return lambda desk: desk.accept(talk.citizen_id, talk.slot)


async def show_in_list(stage: Stage) -> None:
    """Go to the citizen under the cursor in today's list."""
    talk = stage.grid.talk
    if talk is None:
        stage.refuse(stage.language.text("There is no conversation here"))
    else:
        await stage.show_in_list(talk.citizen_id)


Flow = Callable[[Stage], Awaitable[None]]

#: What waits for the store, one after the other.
FLOWS: Mapping[str, Flow] = {
    PUT_DOWN: put_down,
    "accept": accept,
    "undo": undo,
    "redo": redo,
    "show_in_list": show_in_list,
}
#: What only looks, and acts before the next key.
AT_ONCE: Mapping[str, Callable[[Stage], None]] = {
    "next_week": lambda stage: stage.step(1),
    "previous_week": lambda stage: stage.step(-1),
    "this_week": lambda stage: stage.this_week(),
    "next_talk": lambda stage: stage.grid.next_talk(1),
    "previous_talk": lambda stage: stage.grid.next_talk(-1),
}
