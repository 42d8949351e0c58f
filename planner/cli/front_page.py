"""The help of the program as a whole, laid out as argparse lays out that of each verb, without loading it."""

from __future__ import annotations

from planner.catalogue import CODES, N_
from planner.cli.areas import SENTENCES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

DESCRIPTION = N_(
    "Plans conversations with citizens: who needs one now, when, how and why. "
    "Without a verb the screen with today's list opens."
)
#: The options for every verb, each with what stands for its value and what it does.
COMMON: Mapping[str, tuple[str, str]] = {
    "--lang": (f"{{{','.join(CODES)}}}", N_("language: Danish or English")),
    "--json": ("", N_("print JSON")),
    "--store": (N_("PATH"), N_("the file of the store")),
    "--show-names": ("", N_("show names in full where the settings mask them")),
    "--today": (N_("DATE"), N_("plan as if it were this day (for trying things)")),
}
#: How far in the sentences begin at most, how far each level goes in, and what a sentence has at least.
_MOST_LEFT, _INDENT, _LEAST_RIGHT = 24, 2, 11


def front_page(text: Callable[[str], str], columns: int) -> Iterator[str]:
    """The lines of the help in the language of `text`, for a terminal of so many columns."""
    width = columns - 2
    common = [(f"{flag} {text(shown)}".rstrip(), text(meant)) for flag, (shown, meant) in COMMON.items()]
    own = [
        ("-h, --help", text("show this help message and exit")),
        ("--version", text("show program's version number and exit")),
    ]
    written = ["[-h]", *(f"[{option}]" for option, _ in [*common, own[1]])]
    yield from _usage(text("usage: ") + "planner", written, [text("VERB"), "..."], width)
    yield ""
    yield from _broken(text(DESCRIPTION), max(width, _LEAST_RIGHT))
    verbs = [(f"{'':{_INDENT}}{name}", text(sentence)) for name, sentence in SENTENCES.items()]
    longest = max(len(name) for name, _ in [*own, *common, *verbs])
    left = min(longest + 2 * _INDENT, _MOST_LEFT, max(width - 20, 2 * _INDENT))
    sections = {"options": own, "options for every verb": common}
    for title, entries in sections.items():
        yield from ("", f"{text(title)}:")
        for name, meant in entries:
            yield from _entry(name, meant, left, width)
    yield from ("", f"{text('verbs')}:", "", f"{'':{_INDENT}}{text('VERB')}")
    for name, meant in verbs:
        yield from _entry(name, meant, left, width)


def _usage(start: str, options: Sequence[str], places: Sequence[str], width: int) -> Iterator[str]:
    whole = " ".join((start, *options, *places))
    if len(whole) <= width:
        yield whole
        return
    indent = " " * len(start)
    line = start
    for parts in (options, places):
        for part in parts:
            if len(line) + 1 + len(part) > width and line != indent:
                yield line
                line = indent
            line = f"{line} {part}"
        yield line
        line = indent


def _entry(name: str, meant: str, left: int, width: int) -> Iterator[str]:
    start = f"{'':{_INDENT}}{name}"
    lines = _broken(meant, max(width - left, _LEAST_RIGHT))
    if len(start) + 2 <= left:
        yield f"{start:{left}}{lines.pop(0)}"
    else:
        yield start
    for line in lines:
        yield f"{'':{left}}{line}"


def _broken(text: str, width: int) -> list[str]:
    """The text in lines of at most so many signs."""
    lines, line = list[str](), ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if len(longer) <= width:
            line = longer
        elif "-" in word.lstrip("-") or len(word) > width:  # which may be taken apart
            from textwrap import wrap

            return wrap(text, width)
        else:
            lines.append(line)
            line = word
    return [*lines, line]
