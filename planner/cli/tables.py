"""Import a list from a case system: which column holds what, the dry run, and what was taken."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from planner.cli.context import Context, read_bytes, say_assumed
from planner.cli.files import agree
from planner.cli.output import is_interactive
from planner.domain.citizens import Cadence, TargetGroup
from planner.domain.conversations import Channel
from planner.errors import PlannerError
from planner.locale import N_, Language
from planner.progress import READING
from planner.services import words
from planner.services.imported import DryRun, Reason

if TYPE_CHECKING:
    from planner.exchange.column_map import ColumnMap
    from planner.exchange.tables import Table

T = TypeVar("T")

FIELD_NAMES: Mapping[str, str] = {
    "id": N_("the citizen's id or case number"),
    "name": N_("the name"),
    "cpr": N_("the CPR number"),
    "target_group": N_("the target group"),
    "spell_start": N_("the first day of the spell"),
    "unemployment_start": N_("the first day of unemployment"),
    "handover_on": N_("the day the a-kasse handed the case over"),
    "cadence": N_("the cadence"),
    "preferred_channel": N_("the preferred channel"),
    "channels": N_("the channels the citizen can use"),
    "interpreter": N_("the interpreter's language"),
    "last_conversation": N_("the last conversation"),
    "last_channel": N_("the channel of the last conversation"),
}
#: What a row must say of somebody who is not known yet, beside an id or a CPR number.
NEEDED_FOR_NEW = frozenset({"name", "target_group", "spell_start"})
#: So many of a kind are told one by one before an import; the rest are counted.
MOST_SHOWN = 20
#: Nobody answers so often in vain; input that has ended would.
MOST_QUESTIONS = 20


class NoMapping(PlannerError):
    """Nobody has said which column holds what; `lines` are a mapping file to begin with."""

    exit_code = 2

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__(
            N_("It is not known which column holds what. Save these lines in a file and name it with --map:")
        )
        self.lines = lines


def import_table(context: Context, options: Namespace, name: str) -> int:
    """Show what the file would change; then, once agreed, take all of it or nothing."""
    from planner.exchange.column_map import read_column_map, signature
    from planner.exchange.import_rows import rows
    from planner.exchange.table_file import read_table

    path = Path(name)
    stated = read_column_map(read_bytes(options.map)) if options.map else None
    with context.reading() as reach:
        reach(READING, 0, 0)
        table = read_table(path, stated.sheet if stated else None)
    desk = context.desk()
    mark = signature(table.header)
    column_map = stated or _known_map(context, table, mark, options.ask)
    with context.reading() as reach:
        reach(READING, 0, 0)
        found = rows(table, column_map, context.today())
        run = desk.preview(found, reach)
    if not context.json:
        _print_run(context, run)
    done = None
    # Before anything is taken: rejected rows that cannot be kept must not be lost behind an import that went in.
    rejected_file = None if options.dry_run else _write_rejected(context, path, table, run)
    if not context.json:
        context.out.line(_totals(context, run))
    if not options.dry_run:
        if run.new or run.changed:
            agree(context, options)
        with context.changing() as reach:
            imported = desk.import_rows(found, mark, column_map.document(), reach)
        run, done = imported.run, imported.seq
    if context.json:
        context.out.json(_run_data(run, context.language, rejected_file, done))
    elif done is not None:
        context.out.line(context.text("Imported. Undo it with: planner undo"))
        say_assumed(context)
    return 0


def _known_map(context: Context, table: Table, mark: str, ask: bool) -> ColumnMap:
    from planner.exchange.column_map import column_map_of, guess, write_column_map

    remembered = context.desk().mapping(mark)
    suggestion = guess(table.header) if remembered is None else column_map_of(dict(remembered))
    if remembered is not None and not ask:
        return suggestion
    if is_interactive():
        return _asked(context, table, suggestion)
    raise NoMapping(tuple(write_column_map(suggestion).decode("utf-8").splitlines()))


def _asked(context: Context, table: Table, suggestion: ColumnMap) -> ColumnMap:
    from planner.exchange.column_map import ColumnMap

    out = context.out
    out.error(context.text("The file has these columns:"))
    for number, column in enumerate(table.header, 1):
        out.error(f"{number}. {column}")
    out.error(context.text("Answer with a number, 0 for none, or only Enter for what is proposed."))
    columns: dict[str, tuple[str, ...]] = {}
    needed = NEEDED_FOR_NEW - suggestion.fixed.keys() if not context.desk().present().citizens else frozenset()
    for ours, title in FIELD_NAMES.items():
        guessed = suggestion.columns.get(ours, ())
        must = ours in needed or (ours == "cpr" and "id" not in columns)
        chosen = _column(context, table, context.text(title), guessed, must)
        if chosen:
            columns[ours] = chosen
    return ColumnMap(columns, suggestion.values, suggestion.fixed, suggestion.sheet)


def _column(context: Context, table: Table, title: str, guessed: tuple[str, ...], must: bool) -> tuple[str, ...]:
    question = context.text("Which column holds {field}? Enter alone: none.", field=title)
    if guessed:
        guess = context.language.joined([f"“{column}”" for column in guessed])
        question = context.text("Which column holds {field}? Enter alone: {guess}.", field=title, guess=guess)
    none = {"-", "0"} - set(table.header)
    for _ in range(MOST_QUESTIONS):
        answer = context.out.question(question)
        if not answer or answer in none:
            chosen = () if answer else guessed
            if chosen or not must:
                return chosen
            context.out.error(context.text("This column is needed; without it no citizen can be taken."))
            continue
        if answer in table.header:
            return (answer,)
        if answer.isascii() and answer.isdigit() and 1 <= int(answer[:6]) <= len(table.header):
            return (table.header[int(answer[:6]) - 1],)
        context.out.error(context.text("There is no such column."))
    raise PlannerError(N_("Nothing was imported."))


def _write_rejected(context: Context, source: Path, table: Table, run: DryRun) -> Path | None:
    from planner.exchange.rejected_file import write_rejected

    titles = context.text("row"), context.text("reason")
    path = write_rejected(source, table.header, run.rejected, lambda reason: said(reason, context.language), titles)
    if path is not None:
        context.out.error(context.text("The rejected rows are kept in {path}", path=path))
    return path


def said(reason: Reason, language: Language) -> str:
    """A reason in the user's language."""
    return language.text(reason.message, **{name: _shown(value, language) for name, value in reason.values.items()})


def _shown(value: object, language: Language) -> object:
    match value:
        case Reason():
            return said(value, language)
        case TargetGroup():
            return language.text(words.target_group(value))
        case Channel():
            return language.text(words.channel(value))
        case Cadence():
            return language.text(words.cadence(value))
        case date():
            return language.date(value)
        case tuple():
            return language.joined([str(_shown(item, language)) for item in value])
        case None:
            return "-"
    return value


def _print_run(context: Context, run: DryRun) -> None:
    out, text, language = context.out, context.text, context.language
    out.line(text("New: {count}", count=len(run.new)))
    for new in _first(context, run.new):
        out.line(f"  {words.person(new.citizen) if new.citizen.id else new.citizen.shown_name}")
    nothing = text("nothing stated")
    out.line(text("Changed: {count}", count=len(run.changed)))
    for changed in _first(context, run.changed):
        out.line(f"  {words.person(changed.citizen)}")
        for change in changed.changes:
            stated = {"old": change.old, "new": change.new}
            values = {name: nothing if one in (None, ()) else _shown(one, language) for name, one in stated.items()}
            what = text(FIELD_NAMES.get(change.field, change.field))
            out.line("    " + text("{what}: {old}, now {new}", what=what, **values))
    out.line(text("Unchanged: {count}", count=len(run.unchanged)))
    out.line(text("Rejected: {count}", count=len(run.rejected)))
    for rejected in _first(context, run.rejected):
        reasons = ". ".join(said(reason, language) for reason in rejected.reasons)
        out.line("  " + text("Row {number}: {text}", number=rejected.number, text=reasons))
    if run.warnings or run.notes:
        out.line(text("To know:"))
    for number, warning in _first(context, run.warnings):
        out.line("  " + text("Row {number}: {text}", number=number, text=said(warning, language)))
    for note in _first(context, run.notes):
        out.line("  " + said(note, language))


def _first(context: Context, found: Sequence[T]) -> Iterator[T]:
    yield from found[:MOST_SHOWN]
    if more := found[MOST_SHOWN:]:
        context.out.line("  " + context.text("… and {n} more", n=len(more)))


def _totals(context: Context, run: DryRun) -> str:
    return context.text(
        "New: {new}, changed: {changed}, unchanged: {unchanged}, rejected: {rejected}",
        new=len(run.new),
        changed=len(run.changed),
        unchanged=len(run.unchanged),
        rejected=len(run.rejected),
    )


def _run_data(run: DryRun, language: Language, rejected_file: Path | None, done: int | None) -> dict[str, object]:
    return {
        "new": [{"row": one.row.number, "id": one.citizen.id, "name": one.citizen.shown_name} for one in run.new],
        "changed": [
            {
                "row": one.row.number,
                "id": one.citizen.id,
                "name": one.citizen.shown_name,
                "changes": {
                    change.field: [str(_shown(change.old, language)), str(_shown(change.new, language))]
                    for change in one.changes
                },
            }
            for one in run.changed
        ],
        "unchanged": list(run.unchanged),
        "rejected": [
            {"row": one.number, "reasons": [said(reason, language) for reason in one.reasons]} for one in run.rejected
        ],
        "warnings": [{"row": number, "text": said(warning, language)} for number, warning in run.warnings],
        "notes": [said(note, language) for note in run.notes],
        "rejected_file": str(rejected_file) if rejected_file else None,
        "done": done,
    }
