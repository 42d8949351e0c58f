"""The first view in the screen's terms: its lines written down and read again, its picture, and taking it over."""

from __future__ import annotations

import json
from asyncio import to_thread
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.segment import Segment
from rich.style import Style
from textual.driver import Driver
from textual.geometry import Region
from textual.strip import Strip

from planner.first_view import AHEAD, LINES, PICTURE, Depends, First, PaintedTerminal, depends_on
from planner.glances import with_count
from planner.locale import Language
from planner.planning.plan import Bucket
from planner.services.keymap import Keys
from planner.services.results import Row, Today
from planner.services.sieve import Sieve
from planner.tui.list_state import ListState
from planner.tui.list_words import folded_card, hidden_remark, nobody_card
from planner.tui.rows import Cells, View, cells
from planner.tui.widgets.card_text import Line, Tone, card_lines, wrapped
from planner.tui.widgets.citizen_card import CitizenCard
from planner.tui.widgets.citizen_list import CitizenList, Groups, KeptRow
from planner.tui.widgets.key_footer import KeyFooter
from planner.tui.widgets.status_line import StatusLine, Ways, said_of

if TYPE_CHECKING:  # the desk brings the engine along, which the first frame must not wait for
    from planner.services.desk import Desk
    from planner.services.replanning import Ahead
    from planner.tui.screens.today import TodayScreen

#: For a text that is wrapped later.
WIDEST = 10_000
_ENTER = "\x1b[?1049h"
KeptGroups = Sequence[tuple[Bucket, Sequence[KeptRow]]]


@dataclass(frozen=True, slots=True)
class FirstView:
    """The groups with their lines, the remark after them, what `StatusLine.say` was given, and the card."""

    groups: KeptGroups
    remark: str
    status: tuple[Ways, str, bool]
    card: Sequence[Line]


def written(view: FirstView) -> str:
    """The view as it is kept."""
    groups = [
        [bucket.value, [[row.id, *(getattr(row.cells, name) for name in Cells.__slots__)] for row in rows]]
        for bucket, rows in view.groups
    ]
    plain = [groups, view.remark, view.status, view.card]
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def read(data: str) -> FirstView:
    """The view again."""
    groups, remark, (ways, quality, strained), card = json.loads(data)
    return FirstView(
        groups=[(Bucket(name), [_row(Bucket(name), *row) for row in rows]) for name, rows in groups],
        remark=remark,
        status=([(day, facts) for day, facts in ways], quality, strained),
        card=[(text, Tone(tone)) for text, tone in card],
    )


def _kept(row: Row | KeptRow, view: View) -> KeptRow:
    return row if isinstance(row, KeptRow) else KeptRow(row.citizen.id, row.part.bucket, cells(row, view))


def _row(bucket: Bucket, citizen_id: str, *cells: Any) -> KeptRow:
    return KeptRow(citizen_id, bucket, Cells(*cells))


class Opening:
    """What is seen first when the program is opened: as it was left the last time, and kept for the next.

    `looks`: how the user wants the screen to look. Where the picture of the last time was there too, nothing need be
    kept before something changes.
    """

    def __init__(self, looks: Callable[[], tuple[object, ...]], first: First) -> None:
        self.first = None
        with suppress(ValueError, TypeError):  # written by another version of the program
            self.first = None if first.lines is None else read(first.lines)
        self._looks = looks
        #: Whether it is on the terminal before the screen is.
        self.is_painted = first.painted is not None
        self._is_whole = self.is_painted
        self._kept: object = None
        self._ahead: object = None

    def forget(self) -> None:
        """Something has changed: the picture of the last time does not hold any more."""
        self._is_whole = False

    def keep(self, screen: TodayScreen, desk: Desk, today: Today, left: Mapping[str, object], card: list[Line]) -> None:
        """Keep how the screen would look, which was `left` so; the card is that of the first citizen."""
        depends = self._depends(screen, left)
        former, self._kept = self._kept, (today, desk.state_of(today), depends)
        if former == self._kept or (former is None and self._is_whole):
            return
        groups, remark = screen.query_one(CitizenList).content
        status = screen.query_one(StatusLine).said
        painted = picture(screen, groups, remark, status, card)
        plain = View(screen.language, today.today, today.plan.titles)

        def keep() -> None:
            kept = [(bucket, [_kept(row, plain) for row in rows]) for bucket, rows in groups]
            _keep(desk, today, today, FirstView(kept, remark, status, card), painted, depends)

        screen.run_worker(keep, thread=True, group="first", exclusive=True)

    def keep_ahead(
        self, screen: TodayScreen, desk: Desk, today: Today, left: Callable[[], Mapping[str, object]]
    ) -> None:
        """Keep how the next working day's list will look if nothing changes until then."""
        depends = self._depends(screen, left())
        former, self._ahead = self._ahead, (desk.state_of(today), today.today, depends)
        if former == self._ahead:
            return
        sieve, folded = screen.sieve, screen.query_one(CitizenList).folded

        def shape() -> tuple[Ahead, FirstView] | None:
            ahead = desk.ahead()
            return (
                None if ahead is None else (ahead, first_view(ahead.today, screen.language, screen.keys, sieve, folded))
            )

        async def keep() -> None:
            shaped = await to_thread(shape)
            if shaped is None or screen.closing or self._depends(screen, left()) != depends:
                return
            ahead, view = shaped
            painted = picture(screen, view.groups, view.remark, view.status, view.card)
            await to_thread(_keep, desk, ahead, ahead.today, view, painted, depends, AHEAD)

        screen.run_worker(keep(), group="ahead", exclusive=True, exit_on_error=False)

    def _depends(self, screen: TodayScreen, left: Mapping[str, object]) -> Depends:
        return depends_on(screen.language.code, left, (screen.size.width, screen.size.height), self._looks())


def _keep(
    desk: Desk, of: Today | Ahead, today: Today, view: FirstView, painted: str, depends: Depends, when: str = ""
) -> None:
    counted = with_count(written(view), len(today.rows))
    desk.keep_glance(of, when + LINES, counted, *depends.lines)
    desk.keep_glance(of, when + PICTURE, painted.encode("utf-8", "replace"), *depends.picture)


def first_view(today: Today, language: Language, keys: Keys, sieve: Sieve, folded: Collection[Bucket]) -> FirstView:
    """How a list looks that is opened: filtered, and with these groups folded."""
    state, plain = ListState(sieve=sieve), View(language, today.today, today.plan.titles)
    groups = state.groups(today)
    kept = [(bucket, [_kept(row, plain) for row in rows]) for bucket, rows in groups]
    hidden = len(today.rows) - len(state.order)
    if not groups:
        card = nobody_card(hidden, WIDEST, language, keys)
    elif groups[0][0] in folded:
        card = folded_card(language, keys)
    else:
        card = card_lines(groups[0][1][0], plain)
    return FirstView(kept, hidden_remark(hidden, language, keys), said_of(today, language, sieve), card)


def picture(
    screen: TodayScreen, groups: Groups, remark: str, status: tuple[Ways, str, bool], card: Sequence[Line]
) -> str:
    """The screen as it looks when it is opened on this list: the cursor on the first line, and that one's card."""
    rows: list[Strip] = [Strip([])] * screen.size.height
    for region, strips in _parts(screen, groups, remark, status, card):
        for y, strip in enumerate(strips[: region.height], region.y):
            if y < len(rows):
                rows[y] = Strip.join([rows[y], strip])
    for one in screen.app.get_line_filters():
        rows = [row.apply_filter(one, screen.styles.background) for row in rows]
    console = screen.app.console
    return "".join(f"\x1b[{y}H{row.render(console)}" for y, row in enumerate(rows, 1))


def _parts(
    screen: TodayScreen, groups: Groups, remark: str, status: tuple[Ways, str, bool], card: Sequence[Line]
) -> Iterator[tuple[Region, list[Strip]]]:
    """What stands where, from left to right."""
    top, footer = screen.query_one(StatusLine), screen.query_one(KeyFooter)
    yield top.region, [top.strip(*status)]
    yield footer.region, list(footer.render_lines(Region(0, 0, *footer.region.size)))
    lines, beside = screen.query_one(CitizenList), screen.query_one(CitizenCard)
    height, count = lines.region.height, lines.count_of(groups, remark)
    rows = lines.at_first(groups, remark, height)
    yield lines.region, lines.with_bar([*rows, *[Strip([])] * (height - len(rows))], count)
    yield beside.region, _framed(beside, wrapped(card, beside.scrollable_content_region.width))


def _framed(card: CitizenCard, lines: Sequence[Line]) -> list[Strip]:
    """The card with its border on one side: beside the list on the left, below it on top."""
    (left, over), ground = (card.styles.border_left, card.styles.border_top), card.rich_style
    _, ink = left if left[0] else over
    border = ground + Style(color=ink.rich_color)
    before = [Segment("│", border), Segment(" ", ground)] if left[0] else [Segment(" ", ground)]
    strips = card.with_bar([Strip([*before, *strip]) for strip in card.strips(lines)], len(lines))
    return strips if left[0] else [Strip([Segment("─" * card.region.width, border)]), *strips]


def taking_over(base: type[Driver], painted: PaintedTerminal) -> type[Driver]:
    """A driver for a terminal that shows the picture already."""

    class TakesOver(base):  # type: ignore[misc, valid-type]
        """Paints over the picture instead of wiping it first."""

        def start_application_mode(self) -> None:
            """Read keys, and leave the terminal as it was before the picture."""
            super().start_application_mode()
            self.attrs_before = list(painted.attributes)
            painted.is_taken = True

        def write(self, data: str) -> None:
            """Write to the terminal, which is on the other screen already when it begins."""
            if data != _ENTER or painted.is_taken:
                super().write(data)

    return TakesOver
