"""Keep the catalogues in step with the code: `python -m tests.catalogues [--check] [FRAGMENT.po …]`.

Extracts every message from `planner/`, updates both `.po` files, takes over translations from fragments and
compiles the `.mo` files. With `--check` it changes nothing and reports what is out of step.
"""

from __future__ import annotations

import argparse
import ast
import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from planner.catalogue import CODES, DOMAIN

CODE: Final = Path(__file__).parent.parent / "planner"
LOCALE: Final = CODE / "locale"
NAMES: Final = {"da": "Danish", "en": "English"}
PLURAL_FORMS: Final = "nplurals=2; plural=(n != 1);"

#: Called with a message as this argument (by position or name); two for a plural.
KEYWORDS: Final[Mapping[str, tuple[tuple[int, str], ...]]] = {
    "N_": ((0, "msgid"),),
    "NN_": ((0, "one"), (1, "many")),
    "text": ((0, "msgid"),),
    "plural": ((0, "one"), (1, "many")),
    "PlannerError": ((0, "message"),),
    "InputError": ((0, "message"),),
    "NotFound": ((0, "message"),),
    "Refused": ((0, "message"),),
    "StoreError": ((0, "message"),),
    "Stale": ((0, "message"),),
    "NotUnderstood": ((0, "message"),),
    "Ambiguous": ((0, "message"),),
    "Done": ((1, "message"),),
    "Meta": ((9, "description"),),
    "Phrase": ((0, "msgid"),),
    "Reason": ((0, "message"),),
    "because": ((0, "message"),),
}
#: `because` marks a message only where it is the one of imports; the rules' own takes a code.
REASONS: Final = "planner.services.imported import"
Msgid = str | tuple[str, str]


def messages_in(source: str) -> Iterator[Msgid]:
    """Every marked literal in Python source, in the order of the lines."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name == "Fault":  # found and allowed are two messages, where they are no data
            yield from filter(None, (_literal(call, 1, "found"), _literal(call, 2, "allowed")))
        if name == "because" and REASONS not in source:
            continue
        texts = [_literal(call, *place) for place in KEYWORDS.get(name, ())]
        match texts:
            case [str() as one]:
                yield one
            case [str() as one, str() as many]:
                yield one, many


def _literal(call: ast.Call, position: int, keyword: str) -> str | None:
    arguments = [item.value for item in call.keywords if item.arg == keyword]
    if len(call.args) > position:
        arguments = [call.args[position]]
    if arguments and isinstance(arguments[0], ast.Constant) and isinstance(arguments[0].value, str):
        return arguments[0].value
    return None


class Plain(Catalog):
    """A catalogue whose header names no time, tool or person."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The header's lines, as `write_po` and `write_mo` ask for them."""
        return [
            ("Project-Id-Version", DOMAIN),
            ("Language", str(self.locale)),
            ("Plural-Forms", PLURAL_FORMS),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def template() -> Catalog:
    """Every message of the program, untranslated."""
    catalogue = Catalog(domain=DOMAIN, charset="utf-8")
    for file in sorted(CODE.rglob("*.py")):
        for msgid in messages_in(file.read_text(encoding="utf-8")):
            catalogue.add(msgid)
    return catalogue


def path_of(code: str, ending: str) -> Path:
    """Where the catalogue of a language lies."""
    return LOCALE / code / "LC_MESSAGES" / f"{DOMAIN}.{ending}"


def read(path: Path, code: str) -> Catalog:
    """A catalogue from a file; an empty one where there is none."""
    if not path.exists():
        return Catalog(locale=code, domain=DOMAIN, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=code, domain=DOMAIN)


def updated(code: str, fragments: Sequence[Path] = ()) -> tuple[Catalog, list[str]]:
    """The language's catalogue in step with the code, and the messages of fragments that the code does not know."""
    known = read(path_of(code, "po"), code)
    comment = f"# The messages of planner in {NAMES[code]}; updated by `python -m tests.catalogues`."
    catalogue = Plain(locale=code, domain=DOMAIN, charset="utf-8", fuzzy=False, header_comment=comment)
    for message in template():
        if message.id:
            own = known.get(message.id)
            catalogue.add(message.id, own.string if own else None)
    unknown = []
    for path in fragments:
        for message in read(path, code):
            if message.id and message.string and not take_over(catalogue, message):
                unknown.append(f"{path.name}: {message.id}")
    return catalogue, unknown


def take_over(catalogue: Catalog, message: Message) -> bool:
    """Put a fragment's translation where none is; False where the code has no such message."""
    own = catalogue.get(message.id)
    if own is None:
        return False
    if not is_translated(own):
        own.string = message.string
    return True


def is_translated(message: Message) -> bool:
    """Whether every form of the message has a text."""
    return all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)


def po_bytes(catalogue: Catalog) -> bytes:
    """The catalogue as text."""
    out = io.BytesIO()
    write_po(out, catalogue, width=120, no_location=True, sort_output=True)
    return out.getvalue()


def mo_bytes(catalogue: Catalog) -> bytes:
    """The catalogue compiled."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def untranslated(catalogue: Catalog) -> list[str]:
    """The messages without a translation."""
    missing = [message.id for message in catalogue if message.id and not is_translated(message)]
    return [msgid if isinstance(msgid, str) else msgid[0] for msgid in missing]


def main(argv: Sequence[str] | None = None) -> int:
    """Update or check both catalogues; 1 when something is out of step or untranslated."""
    parser = argparse.ArgumentParser(prog="python -m tests.catalogues", description=__doc__)
    parser.add_argument(
        "fragments", nargs="*", type=Path, metavar="FRAGMENT.po", help="Danish translations to take over"
    )
    parser.add_argument("--check", action="store_true", help="change nothing")
    options = parser.parse_args(argv)
    lines: list[str] = []
    for code in CODES:
        catalogue, unknown = updated(code, options.fragments if code == "da" else ())
        lines += [f"{code}: unknown message in {line}" for line in unknown]
        if code == "da":
            lines += [f"{code}: not translated: {message}" for message in untranslated(catalogue)]
        lines += _write(code, catalogue, options.check)
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 1 if lines else 0


def _write(code: str, catalogue: Catalog, check: bool) -> list[str]:
    stale = []
    for ending, data in (("po", po_bytes(catalogue)), ("mo", mo_bytes(catalogue))):
        path = path_of(code, ending)
        if check:
            stale += [] if path.exists() and path.read_bytes() == data else [f"{code}: out of step: {path.name}"]
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    return stale


if __name__ == "__main__":
    sys.exit(main())
