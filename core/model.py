"""What a disclosure is, once read: frozen values that carry their place from the start.

Boxes are (left, top, right, bottom) in PDF points from the top left corner of the page as it is shown (after /Rotate,
inside the crop box). Inputs without pages name the sheet or part instead of a page number and may have no box.
"""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from core.numbers import Amount, parse_decimal
from core.text import fold

_BESIDE = re.compile("行次|栏次|序号|编号|备注|说明|人数|上年|增减|增长|比|率|%")
"""Headings of columns that stand beside a table's sums and are no part of them."""
Box = tuple[float, float, float, float]
PageId = int | str


def join_boxes(boxes: list[Box]) -> Box:
    """The smallest box around all of them."""
    return (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))


UNREAD_PICTURE = "［图片，没有读取］"
"""How a paragraph begins that stands for a picture large enough to hold a table or a page, of which nothing was read."""


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle on a page (counted from 1), or a sheet or part with no rectangle."""

    page: PageId
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without a blank. `confidence` is set for OCR words only (0..1)."""

    text: str
    box: Box
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Text outside tables with the rectangles it covers, one a line."""

    text: str
    places: tuple[Place, ...] = ()
    ocr: bool = False

    @property
    def place(self) -> Place | None:
        return self.places[0] if self.places else None


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed cell. `row` and `column` count from 0 in the table's printed grid (header rows first).

    `amount` is set when the text is a well-formed figure in an amount column; a blank cell has none (blank counts as
    zero, see `Table.value`). `confidence` is set for OCR cells only: the least of its words.
    """

    text: str
    place: Place | None
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    amount: Amount | None = None
    confidence: float | None = None

    @property
    def ocr(self) -> bool:
        return self.confidence is not None


@dataclass(frozen=True, slots=True)
class Column:
    """A named column. `key` is the template's name, unique in the table ("支出合计"); where no template fits it is the path.

    `path` is the printed header from the top ("2024年预算数", "合计"); `kind`: code, name, amount or text;
    `side`: 0 is the left or only half, 1 the right half of a two-sided table.
    """

    index: int
    key: str
    path: tuple[str, ...]
    kind: str
    side: int = 0

    @property
    def label(self) -> str:
        return "/".join(self.path) or self.key


@dataclass(frozen=True)
class Line:
    """One row of one side of a table, as the formulas see it.

    `index` is the body row (from 0). `level` is 0 for a total row, 1 类, 2 款, 3 项 where there are codes (1, 2 … by indentation or
    name otherwise); `parent` is the body row of the line above in the hierarchy on this side.
    """

    table: str
    index: int
    side: int
    code: str
    name: str
    level: int
    parent: int | None
    cells: Mapping[str, Cell]
    total: bool = False

    @property
    def label(self) -> str:
        """How a finding names this row: "20805 行政事业单位养老支出"."""
        return f"{self.code} {self.name}".strip()


@dataclass(frozen=True)
class Indicator:
    """A third-level indicator of a performance form. `period` is 实施期 or 年度."""

    period: str
    level1: str
    level2: str
    name: Cell | None
    value: Cell | None


@dataclass(frozen=True)
class Form:
    """A performance target form read by its labels.

    `fields`: printed label (项目名称, 主管部门及代码, 实施单位, 项目属性, 项目期, 项目概况, 立项依据, …, 实施期目标, 年度目标) to its value cell.
    `funds`: (period, label) to cell, period 实施期 or 年度, label 总额, 中央, 省级, 市县, 单位自筹, 其他.
    `labels`: the label cells themselves, by the same keys as `fields`. `year` is the printed (2024年度), "" if none.
    """

    fields: Mapping[str, Cell]
    funds: Mapping[tuple[str, str], Cell]
    indicators: tuple[Indicator, ...]
    year: str = ""
    unit: str = "元"
    footer: Span | None = None
    year_span: Span | None = None

    @property
    def project(self) -> str:
        cell = self.fields.get("项目名称")
        return cell.text if cell else ""


@dataclass(frozen=True)
class CatalogueEntry:
    """A row of the service catalogue. `column` is the level column its name stands in (1..4), 0 when it has none."""

    department: str
    code: str
    name: str
    column: int
    row: int
    code_cell: Cell | None
    name_cell: Cell | None


@dataclass(frozen=True)
class Table:
    """A table, joined over its pages.

    `id`: printed number (表三), 绩效1…, 目录, or the template's own. `role`: what the table is whatever the province calls it
    (summary, income, expenditure, appropriation, general, basic, fund_income, fund, capital, three_public, operating, projects,
    carried_projects, performance, catalogue; "" unrecognised). `header` and `rows` are the printed grid, None where a merged
    cell covers the place. `kind`: budget, performance, catalogue, unknown.
    """

    id: str
    role: str
    kind: str
    title: str
    pages: tuple[PageId, ...]
    header: tuple[tuple[Cell | None, ...], ...]
    rows: tuple[tuple[Cell | None, ...], ...]
    columns: tuple[Column, ...]
    lines: tuple[Line, ...] = ()
    amount_unit: str = ""
    title_span: Span | None = None
    label_span: Span | None = None
    unit_span: Span | None = None
    body_span: Span | None = None
    notes: tuple[Span, ...] = ()
    form: Form | None = None
    entries: tuple[CatalogueEntry, ...] = ()
    row_pages: tuple[PageId, ...] = ()
    why: str = ""

    @property
    def page(self) -> PageId:
        return self.pages[0]

    @property
    def recognised(self) -> bool:
        return self.kind != "unknown"

    @cached_property
    def _by_key(self) -> dict[str, Column]:
        return {c.key: c for c in self.columns}

    @cached_property
    def _by_name(self) -> dict[str, list[Line]]:
        found: dict[str, list[Line]] = {}
        for line in self.lines:
            for key in {fold(line.name), line.code, fold(line.label)}:
                if key:
                    found.setdefault(key, []).append(line)
        return found

    def column(self, key: str) -> Column | None:
        return self._by_key.get(key)

    @cached_property
    def _unnamed(self) -> tuple[Column, ...]:
        """Columns whose heading the template does not know, and which may therefore be a part of any sum."""
        if self.kind != "budget":
            return ()
        years = [set(re.findall(r"20\d\d(?=年)", c.label)) for c in self.columns]
        latest = max((y for own in years for y in own), default="")
        return tuple(c for c, own in zip(self.columns, years, strict=True) if c.kind == "text" and own <= {latest}
                     and c.key.rstrip("'") == ("/".join(c.path) or f"第{c.index + 1}列") and not _BESIDE.search(c.label))

    def doubtful(self, line: Line) -> bool:
        """Whether a figure stands in this row under a heading that the template does not know: then a blank may not be zero, nor a sum complete."""
        row = self.rows[line.index] if line.index < len(self.rows) else ()
        cells = (row[c.index] for c in self._unnamed if c.side == line.side and c.index < len(row))
        return any(number[0] != 0 for cell in cells if cell is not None and (number := parse_decimal(cell.text)) is not None)

    def find(self, row: str) -> list[Line]:
        """The lines whose name, code or label is `row` (blanks and width ignored)."""
        return self._by_name.get(fold(row), [])

    def line(self, row: str) -> Line | None:
        found = self.find(row)
        return found[0] if found else None

    def children(self, line: Line) -> list[Line]:
        return [o for o in self.lines if o.side == line.side and o.parent == line.index and o is not line]

    def total_line(self, side: int = 0) -> Line | None:
        return next((o for o in self.lines if o.total and o.side == side), None)

    def amount_cells(self) -> Iterator[tuple[Line, Column, Cell]]:
        """Every cell of an amount column with a figure in it."""
        for line in self.lines:
            for key, cell in line.cells.items():
                column = self._by_key[key]
                if column.kind == "amount" and cell.amount is not None:
                    yield line, column, cell

    @cached_property
    def empty(self) -> bool:
        """No amount other than zero anywhere in the body."""
        return not any(cell.amount.value for _, _, cell in self.amount_cells() if cell.amount)


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the narrative. `chars` gives each character of `text` its page and box."""

    text: str
    section: str
    chars: tuple[tuple[PageId, Box | None], ...] = ()
    ocr: bool = False

    @property
    def page(self) -> PageId | None:
        return self.chars[0][0] if self.chars else None

    def span(self, start: int = 0, end: int | None = None) -> Span:
        """The rectangles of `text[start:end]`, one for each printed line."""
        end = len(self.text) if end is None else end
        runs: list[tuple[PageId, list[Box]]] = []
        for page, box in self.chars[start:end]:
            if box is None:
                continue
            if runs and runs[-1][0] == page and _same_line(runs[-1][1][-1], box):
                runs[-1][1].append(box)
            else:
                runs.append((page, [box]))
        places = tuple(Place(page, join_boxes(boxes)) for page, boxes in runs)
        if not places and self.chars:
            places = (Place(self.chars[0][0]),)
        return Span(self.text[start:end], places, self.ocr)


def _same_line(one: Box, two: Box) -> bool:
    return abs((one[1] + one[3]) - (two[1] + two[3])) < max(one[3] - one[1], two[3] - two[1]) and two[0] > one[0] - 1


@dataclass(frozen=True)
class Section:
    """A part or section found in the body. `id` is "3.5" style; `level` 1 for 第N部分, 2 for 一、, 3 for （一）."""

    id: str
    title: str
    level: int
    span: Span
    paragraphs: tuple[Paragraph, ...] = ()
    role: str = ""

    @property
    def page(self) -> PageId:
        return self.span.places[0].page if self.span.places else 0


@dataclass(frozen=True)
class TocEntry:
    """A line of the contents: its title, and the page number printed behind it ("" when none)."""

    title: str
    printed_page: str
    level: int
    span: Span


@dataclass(frozen=True)
class Page:
    """A page as read. `label` is the printed page number ("" when none). `kind`: text, scan, blank.

    `grids` are the outlines of what was taken for tables on it: (box, xs of column lines, ys of row lines).
    `name` is what places call it in a disclosure of several files ("附表.pdf 第 2 页"; where the part has no pages, the part itself).
    """

    number: int
    width: float
    height: float
    kind: str
    words: tuple[Word, ...] = ()
    label: str = ""
    grids: tuple[tuple[Box, tuple[float, ...], tuple[float, ...]], ...] = ()
    name: str = ""

    @property
    def id(self) -> PageId:
        """What places call this page."""
        return self.name or self.number


@dataclass(frozen=True)
class Fact:
    """Something the document says of itself, and where."""

    value: str
    span: Span | None = None


@dataclass(frozen=True)
class Document:
    """A disclosure as read. `kind`: 部门预算, 单位预算, 部门决算, 单位决算 or "". `form`: pdf, docx, xlsx, text, folder."""

    path: str
    sha256: str
    form: str
    pages: tuple[Page, ...]
    template: str
    template_reason: str
    kind: str
    unit_name: Fact
    year: int | None
    year_fact: Fact
    amount_unit: str
    sections: tuple[Section, ...]
    toc: tuple[TocEntry, ...]
    tables: tuple[Table, ...]
    front: tuple[Paragraph, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    ocr_pages: tuple[int, ...] = ()
    unread_pages: tuple[int, ...] = ()

    @cached_property
    def _by_id(self) -> dict[str, Table]:
        found: dict[str, Table] = {}
        for table in self.tables:
            found.setdefault(table.id, table)
        return found

    @cached_property
    def _by_role(self) -> dict[str, Table]:
        found: dict[str, Table] = {}
        for table in self.tables:
            if table.role:
                found.setdefault(table.role, table)
        return found

    @cached_property
    def _numbers(self) -> dict[PageId, int]:
        return {page.id: page.number for page in self.pages}

    def page_number(self, page: PageId) -> int | None:
        """The number, as in `unread_pages`, of what places call a page; None for sheets and running text."""
        return self._numbers.get(page, page if isinstance(page, int) else None)

    def table(self, name: str) -> Table | None:
        """A table by its id (表三) or its role (expenditure)."""
        return self._by_id.get(name) or self._by_role.get(name)

    def forms(self) -> list[Table]:
        """The performance target forms, in order."""
        return [t for t in self.tables if t.kind == "performance" and t.form is not None]

    def paragraphs(self) -> Iterator[tuple[Section, Paragraph]]:
        for section in self.sections:
            for paragraph in section.paragraphs:
                yield section, paragraph

    def section(self, role: str) -> Section | None:
        """A section by the role its template gives it (income_note, three_public_note …)."""
        return next((s for s in self.sections if s.role == role), None)
