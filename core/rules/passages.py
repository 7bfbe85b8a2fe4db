"""The text of a disclosure piece by piece, each piece able to say where any part of it stands. For rules that read wording."""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.model import Box, Cell, Document, Paragraph, Span, Table, Word, join_boxes
from core.results import INFO, WARNING, Evidence, of_cell, of_span

_PLACEHOLDER = re.compile(r"[XxＸｘ×]{2,}|增加[(（]减少[)）]|减少[(（]增加[)）]|增长[(（]下降[)）]|下降[(（]增长[)）]")


@dataclass(frozen=True)
class Passage:
    """A paragraph, cell, note or title. `role` is the role of its section, or the table's id for cells and notes."""

    text: str
    role: str
    source: Paragraph | Span | Cell
    table: str = ""
    row: str = ""
    column: str = ""

    @property
    def ocr(self) -> bool:
        return self.source.ocr

    @property
    def narrative(self) -> bool:
        return isinstance(self.source, Paragraph)

    def at(self, start: int = 0, end: int | None = None, role: str = "actual") -> tuple[Evidence, ...]:
        """Where `text[start:end]` stands: its own rectangles in a paragraph, the whole cell or line elsewhere."""
        if isinstance(self.source, Paragraph):
            return of_span(self.source.span(start, end), role, self.table, self.row, self.column)
        if isinstance(self.source, Span):
            return of_span(self.source, role, self.table, self.row, self.column)
        return (of_cell(self.source, self.table, self.row, self.column, role),)

    def around(self, start: int, end: int, width: int = 12) -> str:
        """The words around a hit, for the message."""
        return self.text[max(0, start - width):end + width].strip()


def narrative(doc: Document) -> Iterator[Passage]:
    """The paragraphs before the first section and those of every section."""
    for paragraph in doc.front:
        yield Passage(paragraph.text, "front", paragraph)
    for section, paragraph in doc.paragraphs():
        yield Passage(paragraph.text, section.role, paragraph)


def names(doc: Document) -> Iterator[Passage]:
    """The name cells of the numbered tables (项目名称, 科目名称 …)."""
    for table in doc.tables:
        if table.kind == "catalogue" or table.form is not None:
            continue
        keys = {c.key: c.label for c in table.columns if c.kind == "name"}
        for line in table.lines:
            for key, label in keys.items():
                cell = line.cells.get(key)
                if cell is not None and cell.text:
                    yield Passage(cell.text, table.role, cell, table.id, line.label, label)


def forms(doc: Document) -> Iterator[Passage]:
    """The values of performance forms: fields, indicators, footer."""
    for table in doc.forms():
        form = table.form
        if form is None:
            continue
        for label, cell in form.fields.items():
            if cell.text:
                yield Passage(cell.text, "performance", cell, table.id, label, form.project)
        for indicator in form.indicators:
            for cell_or_none, column in ((indicator.name, "三级指标"), (indicator.value, "指标值")):
                if cell_or_none is not None and cell_or_none.text:
                    yield Passage(cell_or_none.text, "performance", cell_or_none, table.id, indicator.level2 or form.project, column)
        if form.footer is not None:
            yield Passage(form.footer.text, "performance", form.footer, table.id, form.project)


def notes(doc: Document) -> Iterator[Passage]:
    for table in doc.tables:
        for note in table.notes:
            yield Passage(note.text, table.role, note, table.id)


def everything(doc: Document) -> Iterator[Passage]:
    """All text: narrative, notes, every cell of every table."""
    yield from narrative(doc)
    yield from notes(doc)
    for table in doc.tables:
        if table.form is not None and table.form.footer is not None:
            yield Passage(table.form.footer.text, table.role, table.form.footer, table.id)
        for row in (*table.header, *table.rows):
            for cell in row:
                if cell is not None and cell.text:
                    yield Passage(cell.text, table.role, cell, table.id)


def printed_lines(doc: Document) -> Iterator[tuple[int, str, Box]]:
    """The lines of every page as printed, from its words: for saying that something is there although it was not recognised."""
    for page in doc.pages:
        rows: list[list[Word]] = []
        for word in sorted(page.words, key=lambda w: ((w.box[1] + w.box[3]) / 2, w.box[0])):
            middle = (word.box[1] + word.box[3]) / 2
            if rows and rows[-1][0].box[1] <= middle <= rows[-1][0].box[3]:
                rows[-1].append(word)
            else:
                rows.append([word])
        for row in rows:
            ordered = sorted(row, key=lambda w: w.box[0])
            yield page.number, "".join(w.text for w in ordered), join_boxes([w.box for w in ordered])


def title_evidence(table: Table, role: str = "actual") -> tuple[Evidence, ...]:
    """Where a table begins: its title, else its first cell."""
    if table.title_span is not None and table.title_span.places:
        return of_span(table.title_span, role, table.id)
    first = next((c for row in (*table.header, *table.rows) for c in row if c is not None), None)
    if first is not None:
        return (of_cell(first, table.id, "", "", role),)
    return (Evidence(table.page, None, table.id, role=role),)


def softened(severity: str, ocr: bool) -> str:
    """The severity of a finding whose text was read from a picture: it may be the reading, so a person looks."""
    return (WARNING if severity == "error" else INFO) if ocr else severity


def converted(doc: Document) -> bool:
    """Whether what is not there may have been lost on the way: pages read by OCR, or a plain text made of another file."""
    return bool(doc.ocr_pages) or doc.form == "text"


def is_blank_template(doc: Document) -> bool:
    """Whether this is a form to be filled in rather than a disclosure: placeholders all over and hardly a figure."""
    marks = sum(len(_PLACEHOLDER.findall(p.text)) for p in narrative(doc))
    budget = [t for t in doc.tables if t.kind in ("budget", "unknown")]
    empty = sum(t.empty for t in budget)
    return marks >= 12 and empty * 10 >= 9 * len(budget)
