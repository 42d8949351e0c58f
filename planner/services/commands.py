"""The command table: every action, declared once. Bindings, footer, palette, help and the verb check derive from it.

Texts are msgids. A label that ends in an ellipsis opens a dialog. No key needs AltGr on a Danish keyboard, and none is
one that a terminal cannot tell from another (ctrl+i, ctrl+j, ctrl+m, ctrl+h) or that stops its output (ctrl+s).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from planner.locale import N_

FOOTER_LIMIT = 6

Where = Literal["today", "week", "capacity", "citizen", "experiments", "evidence", "everywhere"]


EVERYWHERE: tuple[Where, ...] = ("everywhere",)
#: Where one citizen is selected.
ON_ONE: tuple[Where, ...] = ("today", "citizen")
#: Wherever something can be changed.
ON_ALL: tuple[Where, ...] = (*ON_ONE, "week", "experiments", "evidence")


@dataclass(frozen=True, slots=True)
class Command:
    """One action: its keys, its text in help and palette, and its verb on the line.

    `where`: the screens on which it holds, or every one. `writes`: changes the store. `short`: its text in the footer,
    empty for one that is not shown there. `verb` is empty where the line has no use for it (help, quitting).
    """

    id: str
    keys: tuple[str, ...]
    text: str
    where: tuple[Where, ...] = ("today",)
    writes: bool = False
    short: str = ""
    verb: str = ""

    def holds(self, place: Where) -> bool:
        """Whether its keys act on that screen."""
        return place in self.where or "everywhere" in self.where


@dataclass(frozen=True, slots=True)
class Movement:
    """Keys that only move the cursor; no command may use them."""

    id: str
    keys: tuple[str, ...]
    text: str


COMMANDS: tuple[Command, ...] = (
    Command(
        "accept",
        ("a",),
        N_("Accept the proposal"),
        where=("today", "citizen", "week"),
        short=N_("accept"),
        writes=True,
        verb="accept",
    ),
    Command("next_alternative", ("n", "right"), N_("Show the next alternative"), verb="explain"),
    Command("previous_alternative", ("left",), N_("Show the previous alternative"), verb="explain"),
    Command("choice_1", ("1",), N_("Show the proposal"), verb="explain"),
    Command("choice_2", ("2",), N_("Show the first alternative"), verb="explain"),
    Command("choice_3", ("3",), N_("Show the second alternative"), verb="explain"),
    Command("why", ("w",), N_("Why this day, and why not another…"), where=ON_ONE, verb="explain"),
    Command("whole_plan", ("W",), N_("What the whole plan cannot keep…"), verb="explain"),
    Command(
        "choose_time", ("t",), N_("Choose another time…"), where=ON_ONE, short=N_("time…"), writes=True, verb="accept"
    ),
    Command("change_channel", ("c",), N_("Change the channel…"), where=ON_ONE, writes=True, verb="accept"),
    Command("summons", ("b",), N_("Book, and show the summons to copy…"), where=ON_ONE, writes=True, verb="summons"),
    Command(
        "offer", ("e",), N_("Offer times to choose among, or withdraw them…"), where=ON_ONE, writes=True, verb="offer"
    ),
    Command("pick", ("y",), N_("Book the offered time that was chosen…"), where=ON_ONE, writes=True, verb="pick"),
    Command(
        "postpone",
        ("p",),
        N_("Postpone with a reason…"),
        where=ON_ONE,
        short=N_("postpone…"),
        writes=True,
        verb="postpone",
    ),
    Command("exempt", ("x",), N_("Exempt, or end the exemption…"), where=ON_ONE, writes=True, verb="exempt"),
    Command("set_cadence", ("s",), N_("Set the cadence (screening)…"), where=ON_ONE, writes=True, verb="cadence"),
    Command("add_fact", ("f",), N_("Add a fact…"), where=ON_ONE, writes=True, verb="fact"),
    Command(
        "held", ("h",), N_("Record a conversation held…"), where=ON_ONE, short=N_("held…"), writes=True, verb="held"
    ),
    Command(
        "case_note",
        ("d",),
        N_("Case note to copy, with its tick “filed”…"),
        where=ON_ONE,
        writes=True,
        verb="case-note",
    ),
    Command("no_show", ("o",), N_("Record a no-show"), where=ON_ONE, writes=True, verb="no-show"),
    Command("cancelled", ("v",), N_("Record a cancellation…"), where=ON_ONE, writes=True, verb="cancel"),
    Command("note", ("i",), N_("Write a note…"), where=ON_ONE, writes=True, verb="note"),
    Command("close_case", ("X",), N_("Close the case, or open it again…"), where=ON_ONE, writes=True, verb="close"),
    Command("erase", ("E",), N_("Erase closed cases for good…"), where=ON_ONE, writes=True, verb="erase"),
    Command("insight", ("I",), N_("Write down all that is held on the citizen…"), where=ON_ONE, verb="insight"),
    Command("looks", ("L",), N_("Who looked at the citizen…"), where=ON_ONE, verb="looks"),
    Command("mark", ("space",), N_("Mark for a common action, or not any more"), verb="accept-all"),
    Command("next_marked", ("m",), N_("Go to the next that is marked"), verb="accept-all"),
    Command(
        "accept_all", ("A",), N_("Accept all that are marked, else all looked through"), writes=True, verb="accept-all"
    ),
    Command("call_off", ("D",), N_("Call off a whole day…"), writes=True, verb="call-off"),
    Command("filter", ("F",), N_("Show only some…"), verb="today"),
    Command("fold", ("z",), N_("Fold the group, or unfold it")),
    Command("fold_all", ("Z",), N_("Fold all groups, or unfold them")),
    Command(
        "adopt",
        ("a",),
        N_("Adopt the experiment…"),
        where=("experiments",),
        short=N_("adopt…"),
        writes=True,
        verb="adopt",
    ),
    Command(
        "end_adoption",
        ("e",),
        N_("End the adoption…"),
        where=("experiments",),
        short=N_("end…"),
        writes=True,
        verb="end-adoption",
    ),
    Command(
        "what_if",
        ("w",),
        N_("What if the experiment were on, off or set otherwise…"),
        where=("experiments",),
        short=N_("what if…"),
        verb="what-if",
    ),
    Command(
        "exempted",
        ("x",),
        N_("Who is exempted, against the limit…"),
        where=("experiments",),
        short=N_("exempted…"),
        verb="experiments",
    ),
    Command(
        "period",
        ("t",),
        N_("Measure another period…"),
        where=("evidence",),
        short=N_("period…"),
        verb="evidence",
    ),
    Command(
        "divide",
        ("b",),
        N_("Divide the figures by month, target group, experiment…"),
        where=("evidence",),
        short=N_("divide…"),
        verb="evidence",
    ),
    Command(
        "write_figures",
        ("w",),
        N_("Write the figures to a file…"),
        where=("evidence",),
        short=N_("write…"),
        verb="evidence",
    ),
    Command(
        "survey",
        ("s",),
        N_("Survey: rounds, and forms to count…"),
        where=("evidence",),
        short=N_("survey…"),
        writes=True,
        verb="survey",
    ),
    Command(
        "supervise",
        ("v",),
        N_("Supervision: draw a sample, write down what is found…"),
        where=("evidence",),
        short=N_("supervision…"),
        writes=True,
        verb="supervision",
    ),
    Command("form", ("f",), N_("Evaluation form of an experiment…"), where=("evidence",), writes=True, verb="form"),
    Command(
        "measure_experiment",
        ("e",),
        N_("Measure the period of an experiment…"),
        where=("evidence",),
        verb="evidence",
    ),
    Command("beside", ("i",), N_("Lay an extract from jobindsats beside…"), where=("evidence",), verb="evidence"),
    Command(
        "network",
        ("n",),
        N_("Experience of other municipalities: hand on, compare, adopt…"),
        where=("evidence",),
        writes=True,
        verb="network",
    ),
    Command(
        "simulation",
        ("m",),
        N_("Simulate the fixed rhythm beside what is adopted here…"),
        where=("evidence",),
        verb="simulate",
    ),
    Command("search", ("/", "ctrl+f"), N_("Search by name…"), where=ON_ONE, verb="search"),
    Command(
        "undo", ("u", "ctrl+z"), N_("Undo the last change"), where=ON_ALL, short=N_("undo"), writes=True, verb="undo"
    ),
    Command("redo", ("U", "ctrl+y"), N_("Redo what was undone"), where=ON_ALL, writes=True, verb="redo"),
    Command(
        "move_talk",
        ("m",),
        N_("Move the conversation: arrows carry it…"),
        ("week",),
        writes=True,
        short=N_("move…"),
        verb="move",
    ),
    Command("next_week", (".",), N_("Next week"), ("week",), short=N_("next week"), verb="week"),
    Command("previous_week", (",",), N_("Previous week"), ("week",), short=N_("previous"), verb="week"),
    Command("this_week", ("t",), N_("This week"), ("week",), verb="week"),
    Command("next_talk", ("n",), N_("Next conversation in the week"), ("week",), verb="week"),
    Command("previous_talk", ("p",), N_("Previous conversation in the week"), ("week",), verb="week"),
    Command("show_in_list", ("l",), N_("Show the citizen in today's list"), ("week",), verb="today"),
    Command("see_week", ("v",), N_("See that week"), ("capacity",), short=N_("see the week"), verb="week"),
    Command("citizen", ("enter",), N_("The citizen's whole story"), verb="citizen"),
    Command(
        "unfold_entry",
        ("enter", "right"),
        N_("Unfold what the cursor is on"),
        where=("citizen",),
        short=N_("unfold"),
        verb="citizen",
    ),
    Command("fold_entry", ("left",), N_("Fold it up again"), where=("citizen",), verb="citizen"),
    Command("next_citizen", ("n",), N_("Next citizen of the list"), where=("citizen",), short=N_("next"), verb="today"),
    Command("previous_citizen", ("N",), N_("Previous citizen of the list"), where=("citizen",), verb="today"),
    Command(
        "edit_entry",
        ("r",),
        N_("Correct the fact, or amend the note, that the cursor is on…"),
        where=("citizen",),
        short=N_("correct…"),
        writes=True,
        verb="fact",
    ),
    Command(
        "remove_entry",
        ("R", "delete"),
        N_("Remove the fact or absence that the cursor is on…"),
        where=("citizen",),
        writes=True,
        verb="fact",
    ),
    Command("channels", ("C",), N_("The citizen's channels…"), where=("citizen",), writes=True, verb="channels"),
    Command(
        "availability",
        ("m",),
        N_("When the citizen cannot be met…"),
        where=("citizen",),
        writes=True,
        verb="availability",
    ),
    Command("interpreter", ("T",), N_("Interpreter…"), where=("citizen",), writes=True, verb="interpreter"),
    Command("log", ("l",), N_("Show or hide the log"), where=("citizen",), verb="log"),
    Command("today", ("f2",), N_("Today's list"), where=EVERYWHERE, verb="today"),
    Command("week", ("f3",), N_("The week with its conversations"), where=EVERYWHERE, verb="week"),
    Command("capacity", ("f4",), N_("Capacity of the next twelve weeks"), where=EVERYWHERE, verb="capacity"),
    Command("experiments", ("f5",), N_("Experiments"), where=EVERYWHERE, verb="experiments"),
    Command("evidence", ("f7",), N_("Evidence: measures, survey, supervision"), where=EVERYWHERE, verb="evidence"),
    Command("palette", ("ctrl+p",), N_("Find a command or a citizen…"), where=EVERYWHERE, verb="search"),
    Command(
        "theme",
        ("f8",),
        N_("Other colours: dark, light, high contrast, the terminal's own"),
        where=EVERYWHERE,
        verb="settings",
    ),
    Command("settings", ("f6",), N_("Settings: hours, conversations, colours…"), where=EVERYWHERE, verb="settings"),
    Command(
        "names",
        ("ctrl+n",),
        N_("Mask the names, or show them, until the program ends"),
        where=EVERYWHERE,
        verb="settings",
    ),
    Command("hide", ("f9",), N_("Hide the screen until a key is pressed"), where=EVERYWHERE),
    Command("lock", ("ctrl+l",), N_("Lock; the passphrase opens again"), where=EVERYWHERE),
    Command("help", ("?", "f1"), N_("Help: all keys…"), short=N_("help…"), where=EVERYWHERE, verb="keys"),
    Command("quit", ("q", "ctrl+q"), N_("Quit"), where=EVERYWHERE),
)

MOVEMENTS: tuple[Movement, ...] = (
    Movement("down", ("down", "j"), N_("Next citizen")),
    Movement("up", ("up", "k"), N_("Previous citizen")),
    Movement("first", ("home", "g"), N_("First citizen")),
    Movement("last", ("end", "G"), N_("Last citizen")),
    Movement("page_down", ("pagedown",), N_("One page down")),
    Movement("page_up", ("pageup",), N_("One page up")),
    Movement("card", ("tab",), N_("Go to the card beside the list")),
    Movement("back", ("escape",), N_("Back to the list; close a dialog")),
)

#: Where the first of the table that have a short text are not those that one needs most.
_FOOTERS: Mapping[Where, tuple[str, ...]] = {
    "evidence": ("period", "divide", "write_figures", "survey", "supervise", "help"),
    "citizen": ("unfold_entry", "edit_entry", "accept", "held", "next_citizen", "help"),
}
_KEY_SIGNS = {"right": "→", "left": "←", "down": "↓", "up": "↑", "pagedown": "pgdn", "pageup": "pgup", "escape": "esc"}


def command(command_id: str) -> Command:
    """The command with that id; raises KeyError when there is none."""
    for entry in COMMANDS:
        if entry.id == command_id:
            return entry
    raise KeyError(command_id)


def share_a_place(one: Command, other: Command) -> bool:
    """Whether one key cannot mean both: there is a screen on which both can be run."""
    return any(other.holds(place) for place in one.where) or "everywhere" in one.where


def commands_of(place: Where) -> tuple[Command, ...]:
    """The commands that hold on a screen: its own, then those that hold everywhere."""
    own = [entry for entry in COMMANDS if place in entry.where]
    return (*own, *(entry for entry in COMMANDS if "everywhere" in entry.where and entry not in own))


def footer_commands(place: Where) -> tuple[Command, ...]:
    """The commands that the footer of a screen shows, at most six."""
    if place in _FOOTERS:
        return tuple(command(command_id) for command_id in _FOOTERS[place])
    return tuple(entry for entry in commands_of(place) if entry.short)[:FOOTER_LIMIT]


def key_name(key: str) -> str:
    """A key as it is written for people: an arrow for an arrow key, F1 for f1."""
    if key in _KEY_SIGNS:
        return _KEY_SIGNS[key]
    return key.upper() if key[0] == "f" and key[1:].isdigit() else key


def key_names(keys: tuple[str, ...]) -> str:
    """All keys of a command as they are written for people."""
    return ", ".join(key_name(key) for key in keys)
