"""`planner man`: the manual as a roff page for `man`, made from the tree of verbs, in the user's language."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator

from planner import __version__
from planner.cli.context import Context
from planner.cli.parser import Verbs
from planner.cli.tree import Argument, Level, tree
from planner.locale import N_, Language

EXIT_CODES = (
    (0, N_("done")),
    (1, N_("another failure")),
    (2, N_("a file or an option is wrong; a line for each fault says where, what was found and what is allowed")),
    (3, N_("adopted experiments conflict")),
    (4, N_("nobody of that name, or several")),
    (5, N_("refused by a rule or a limit; the sentence gives the figures")),
    (6, N_("the store cannot be opened, read or written")),
    (7, N_("somebody else changed it meanwhile")),
    (70, N_("the program has a fault")),
)
ENVIRONMENT = (
    ("PLANNER_STORE", N_("the file of the store, where --store names none")),
    ("PLANNER_CONFIG", N_("the settings file")),
)
EXAMPLES = (
    ("planner today", N_("who needs a decision, in order")),
    ("planner triage", N_("decide about one citizen after the other, by numbered choices")),
    ('planner explain "Ida Påfund"', N_("how each date came about")),
    ('planner accept "Ida Påfund"', N_("book the proposal")),
    ("planner undo", N_("take back the last change")),
    ("planner today --json", N_("the same list as JSON, for another program")),
)


def register(verbs: Verbs) -> None:
    """Add the verb."""
    verbs.verb("man", man)


def man(context: Context, options: Namespace) -> int:
    """The manual page; with --json the tree of verbs as data."""
    root = tree(context.language)
    if context.json:
        context.out.json({"schema": "planner-verbs/1", "version": __version__, **_data(root)})
        return 0
    for line in page(root, context.language):
        context.out.raw(line)
    return 0


def page(root: Level, language: Language) -> Iterator[str]:
    """The page in roff, one request or sentence a line."""
    text = language.text
    common = {one.flags for one in root.options}
    yield f'.TH PLANNER 1 "" "planner {roff(__version__)}" "{roff(text("planner, the manual"))}"'
    yield ".nh"
    yield ".ad l"
    yield f".SH {roff(text('NAME'))}"
    yield f"planner \\- {roff(text('plans conversations with citizens'))}"
    yield f".SH {roff(text('SYNOPSIS'))}"
    yield ".B planner"
    yield f".RI [ {roff(text('OPTION'))} ]..."
    yield f".RI [ {roff(text('VERB'))} ...]"
    yield f".SH {roff(text('DESCRIPTION'))}"
    yield roff(root.description)
    yield from _paragraph(
        text(
            "A citizen is named by id or by any part of the name; aase finds Åse. Dates can be written 24-11, "
            "24-11-2026, 2026-11-24 or +2w (weeks). Every change is saved at once and can be undone."
        )
    )
    yield f".SH {roff(text('OPTIONS FOR EVERY VERB'))}"
    for one in root.options:
        yield from _item(one)
    yield f".SH {roff(text('VERBS'))}"
    for level in root.all():
        if level is not root:
            yield from _verb(level, common, root)
    yield f".SH {roff(text('EXAMPLES'))}"
    for line, said in EXAMPLES:
        yield from _tagged(f"\\fB{roff(line)}\\fR", text(said))
    yield f".SH {roff(text('ENVIRONMENT'))}"
    for name, said in ENVIRONMENT:
        yield from _tagged(f"\\fB{name}\\fR", text(said))
    yield f".SH {roff(text('EXIT STATUS'))}"
    for code, said in EXIT_CODES:
        yield from _tagged(str(code), text(said))


def _verb(level: Level, common: set[tuple[str, ...]], root: Level) -> Iterator[str]:
    yield f".SS {roff(level.below)}"
    yield f"\\fB{roff(usage(level, root))}\\fR"
    yield from _paragraph(level.description)
    for one in (*level.places, *level.options):
        if (one.help or one.choices) and one.flags not in common:
            yield from _item(one)


def usage(level: Level, root: Level) -> str:
    """How the verb is written, without the options that every verb has."""
    shared = " ".join(f"[{one.flags[0]} {one.shown}]" if one.value else f"[{one.flags[0]}]" for one in _shared(root))
    return " ".join(level.usage.replace(shared, "").split())


def _shared(root: Level) -> list[Argument]:
    return [one for one in root.options if one.flags in {own.flags for own in root.verbs[0].options}]


def _item(one: Argument) -> Iterator[str]:
    flags = ", ".join(f"\\fB{roff(flag)}\\fR" for flag in one.flags)
    value = f"\\fI{roff(one.shown)}\\fR" if one.value else ""
    yield from _tagged(" ".join(filter(None, (flags, value))), one.help)


def _tagged(tag: str, said: str) -> Iterator[str]:
    yield ".TP"
    yield tag
    yield roff(said) or "\\&"


def _paragraph(said: str) -> Iterator[str]:
    yield ".PP"
    yield roff(said)


def roff(text: str) -> str:
    """A text as roff shows it: nothing in it is a request, and every sign is itself, whatever the encoding."""
    shown = "".join(_SIGNS.get(char) or (char if char.isascii() else f"\\[u{ord(char):04X}]") for char in text)
    return f"\\&{shown}" if shown.startswith(".") else shown


_SIGNS = {"\\": "\\e", "-": "\\-", "'": "\\(aq", "`": "\\(ga", "^": "\\(ha", "~": "\\(ti", '"': "\\(dq", "\n": " "}


def _data(level: Level) -> dict[str, object]:
    return {
        "verb": level.below,
        "description": level.description,
        "arguments": [_argument_data(one) for one in (*level.places, *level.options)],
        "verbs": [_data(verb) for verb in level.verbs],
    }


def _argument_data(one: Argument) -> dict[str, object]:
    return {
        "name": one.name,
        "flags": list(one.flags),
        "value": one.shown if one.value else None,
        "help": one.help,
        "choices": [word for word, _ in one.choices],
        "required": one.required,
    }
