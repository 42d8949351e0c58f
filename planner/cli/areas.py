"""Every verb with its sentence, by the module that has it, so that only the module of the verb written is loaded."""

from __future__ import annotations

from planner.catalogue import N_

TYPE_CHECKING = False
if TYPE_CHECKING:  # the help of the program needs no more than this module
    from collections.abc import Collection, Mapping

#: For each module of this package its verbs in the order of the help, each with what it does.
AREAS: Mapping[str, Mapping[str, str]] = {
    "day": {
        "today": N_("print today's list in the order of need"),
        "search": N_("find citizens by any part of the name"),
        "slots": N_("list free times for a citizen"),
        "log": N_("print what was done, newest first"),
        "keys": N_("print the keys of the screen and the verb for each"),
    },
    "weeks": {
        "week": N_("print a week: conversations, proposals, busy and free time"),
        "capacity": N_("print the capacity of the next twelve weeks, beside the fixed rhythm"),
    },
    "evidence": {
        "evidence": N_("measure a period: what was done, beside what the fixed rhythm asks"),
    },
    "triage": {
        "triage": N_("decide about one citizen after the other, by numbered choices"),
    },
    "actions": {
        "accept": N_("book the proposal, an alternative or another time"),
        "move": N_("move a booked conversation to another time"),
        "postpone": N_("postpone with a reason"),
        "exempt": N_("exempt from the remaining conversations, or end that"),
        "cadence": N_("set how closely to keep in touch"),
        "fact": N_("note a fact that moves or lifts conversations"),
        "held": N_("record that a conversation was held"),
        "no-show": N_("record that the citizen did not come"),
        "cancel": N_("record that a booked conversation is cancelled"),
        "note": N_("write a note, or read the notes"),
        "accept-all": N_("book the proposals of several citizens as one action"),
        "call-off": N_("call off all that is booked on a day, and be away that day"),
        "undo": N_("take back the last change"),
        "redo": N_("do again what was taken back"),
    },
    "citizen": {
        "citizen": N_("tell the whole story of a citizen, newest first"),
        "channels": N_("say in which channels a citizen can talk"),
        "interpreter": N_("say whether a citizen needs an interpreter"),
        "availability": N_("note when a citizen cannot be met, or print it"),
    },
    "conversation": {
        "summons": N_("print the summons to what is booked next"),
        "offer": N_("offer times that the citizen can choose among until a deadline"),
        "pick": N_("book the offered time that the citizen chose"),
        "case-note": N_("print the note of a conversation held, for the case system"),
    },
    "planning": {
        "plan": N_("plan a whole caseload, from a file or from the store"),
        "check": N_("judge a plan by its caseload: hard rules, cost, and what is proved of it"),
        "explain": N_("say for one citizen how each date came about, or what the whole plan cannot keep"),
        "schema": N_("print the JSON Schema of the caseload file, the plan or the experience package"),
    },
    "rulebook": {
        "rules": N_("list the law packs and the experiments"),
    },
    "experiments": {
        "experiments": N_("list the experiments as they stand here, or print one in full"),
        "what-if": N_("say what would change with an experiment or without it; saves nothing"),
    },
    "form": {
        "form": N_("fill in the evaluation form of an experiment"),
    },
    "survey": {
        "survey": N_("ask the staff in rounds, and lay the rounds beside each other"),
    },
    "supervision": {
        "supervision": N_("draw a random sample of cases, and write down what is found in them"),
    },
    "network": {
        "network": N_("hand experience on to other municipalities, and take theirs over"),
    },
    "simulate": {
        "simulate": N_("simulate caseloads over weeks: the law's fixed rhythm beside flexible contact"),
    },
    "office": {
        "adopt": N_("adopt an experiment here, on a stated authority"),
        "end-adoption": N_("end an adopted experiment"),
        "office": N_("print the office's hours and settings, or set them"),
    },
    "settings": {
        "settings": N_("print the program's settings as they are written, or write one"),
    },
    "files": {
        "import": N_("import a caseload file, a list from a case system, or a calendar"),
        "export": N_("export the booked conversations"),
        "demo": N_("try the program with invented citizens; with --json print them as a caseload file"),
    },
    "keys": {
        "init": N_("make the encrypted store, or encrypt the one that is there"),
        "key": N_("what opens the store: list it, or change it"),
    },
    "backup": {
        "backup": N_("make a backup of the store now"),
        "restore": N_("list the backups, or go back to one of them"),
        "doctor": N_("say how store, keys and backups stand; nothing personal is printed"),
    },
    "records": {
        "looks": N_("print who looked at whom and for what, newest first"),
        "insight": N_("write down everything that is held on a citizen, and who looked"),
        "close": N_("close a case, or open it again"),
        "erase": N_("list the closed cases, or erase some of them for good"),
    },
    "start": {
        "start": N_("a short guided start: language, municipality, hours, import or demo"),
    },
    "completion": {
        "completion": N_("print a script that lets a shell complete verbs and options"),
    },
    "manual": {
        "man": N_("print the manual page, for man to show"),
    },
}
SENTENCES: Mapping[str, str] = {name: sentence for verbs in AREAS.values() for name, sentence in verbs.items()}


def wanted(words: Collection[str]) -> tuple[str, ...]:
    """The modules one of whose verbs is among the words of a command line, wherever it stands there."""
    return tuple(module for module, verbs in AREAS.items() if not verbs.keys().isdisjoint(words))
