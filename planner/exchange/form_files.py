"""The evaluation form as Markdown and as a Word document; texts in it are data, never markup."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from planner.domain.text import visible
from planner.errors import PlannerError
from planner.evaluation.form import Form, Point, Table
from planner.locale import N_

if TYPE_CHECKING:
    from docx.document import Document

#: Signs that Markdown or HTML could act on, and what only acts at the beginning of a line.
_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~&!$^]|:(?=//))")
_START = re.compile(r"^(\s*)([-+=]|\d+[.)](?=\s|$))", re.MULTILINE)


def form_markdown(form: Form) -> str:
    """The form as Markdown."""
    return "\n".join(_markdown(form)) + "\n"


def _markdown(form: Form) -> Iterator[str]:
    yield f"# {_escaped(form.title)}: {_escaped(form.subtitle)}"
    yield ""
    yield "| | |"
    yield "|---|---|"
    yield from (f"| {_escaped(name)} | {_escaped(value)} |" for name, value in form.facts)
    for point in form.points:
        yield ""
        yield f"## {point.number}. {_escaped(point.heading)}"
        for line in _paragraphs(point):
            yield ""
            yield _escaped(line)
        for table in point.tables:
            yield ""
            yield from _markdown_table(table)
    yield ""
    yield f"*{_escaped(form.limits)}*"


def _markdown_table(table: Table) -> Iterator[str]:
    yield f"**{_escaped(table.heading)}**"
    yield ""
    yield "| " + " | ".join(map(_escaped, table.columns)) + " |"
    yield "|" + "---|" * len(table.columns)
    yield from ("| " + " | ".join(map(_escaped, row)) + " |" for row in table.rows)


def _paragraphs(point: Point) -> list[str]:
    return [*point.lines, *(line for line in point.text.splitlines() if line.strip())]


def _escaped(text: str) -> str:
    safe = _SIGNS.sub(r"\\\1", visible(text))
    return _START.sub(lambda found: f"{found[1]}{found[2][:-1]}\\{found[2][-1]}", safe)


def check_word() -> None:
    """Raise PlannerError where Word documents cannot be written here."""
    try:
        import docx  # noqa: F401
    except ImportError:
        raise PlannerError(
            N_("Word documents need the extra “form”: pip install samtaleplanner[form]. A .md file needs nothing.")
        ) from None


def form_docx(form: Form) -> bytes:
    """The form as a Word document; raises PlannerError where the library is missing."""
    check_word()
    from docx import Document

    document = Document()
    about = document.core_properties
    about.author = about.last_modified_by = about.comments = ""
    about.title = visible(f"{form.title}: {form.subtitle}")
    about.language = {"da": "da-DK", "en": "en-GB"}[form.language]
    document.add_heading(visible(form.title), 0)
    _word_table(document, Table("", (), form.facts))
    for point in form.points:
        document.add_heading(f"{point.number}. {visible(point.heading)}", 1)
        for line in _paragraphs(point):
            document.add_paragraph(visible(line))
        for table in point.tables:
            document.add_heading(visible(table.heading), 2)
            _word_table(document, table)
    document.add_paragraph().add_run(visible(form.limits)).italic = True
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _word_table(document: Document, table: Table) -> None:
    from docx.shared import Emu, Pt

    rows = [table.columns, *table.rows] if table.columns else [*table.rows]
    made = document.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    cells = made._cells  # asking for each cell by row and column takes time with the square of the table
    for place, text in enumerate(text for row in rows for text in row):
        run = cells[place].paragraphs[0].add_run(visible(text))
        run.font.size, run.bold = Pt(8), place < len(table.columns)
    # The first column holds sentences. Word goes by the widths of the cells, other programs by those of the columns.
    width = sum(column.width or 0 for column in made.columns)
    first = width // 3
    for place, column in enumerate(made.columns):
        column.width = Emu((width - first) // (len(rows[0]) - 1) if place else first)
        for cell in cells[place :: len(rows[0])]:
            cell.width = column.width
