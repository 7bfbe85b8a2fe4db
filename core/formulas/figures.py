"""A printed figure as formulas see it, and an evaluated relation between figures."""
from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from core.model import Cell, Line, Span, Table
from core.numbers import Amount, is_blank, show
from core.results import Evidence, Outcome, of_cell, of_span

Key = tuple[str, str, int | str, int | str]
"""(document, table, row, column) of a figure: which cell, whatever its value."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell (blank ones too), a figure of the narrative, or the place of a row (`missing`) or column (`absent`) that is not there."""

    key: Key
    table: str
    row: str
    column: str
    amount: Amount | None = None
    cell: Cell | None = None
    span: Span | None = None
    malformed: bool = False
    missing: bool = False
    absent: bool = False
    document: str = ""

    @property
    def value(self) -> Decimal:
        return self.amount.value if self.amount else Decimal(0)

    @property
    def printed(self) -> str:
        if self.cell is not None and self.cell.text.strip():
            return "".join(self.cell.text.split())
        return show(self.amount.value) if self.amount else ""

    @property
    def ocr(self) -> bool:
        return self.cell.ocr if self.cell is not None else bool(self.span and self.span.ocr)

    def evidence(self, role: str) -> tuple[Evidence, ...]:
        if self.document:
            return ()
        if self.cell is not None:
            return (of_cell(self.cell, self.table, self.row, self.column, role),)
        return of_span(self.span, role, self.table, self.row, self.column)

    @property
    def where(self) -> str:
        """How a message names it: 表三“208 社会保障和就业支出”行“合计”列."""
        document = f"{self.document}的" if self.document else ""
        if self.span is not None:
            return f"{document}文字中的“{self.row}”"
        row = f"“{self.row}”行" if self.row else ""
        return f"{document}{self.table}{row}“{self.column}”列"


def of_line(table: Table, line: Line, column: str, unit: str, document: str = "") -> Figure:
    """The figure of a row in a column. A covered place is blank; a figure that is no number is `malformed`."""
    printed = table.column(column)
    cell = line.cells.get(column)
    index = printed.index if printed else -1
    row = len(table.header) + line.index if cell is None else cell.row
    key = (document, table.id, row, index if cell is None else cell.column)
    label = printed.label if printed else column
    amount = cell.amount if cell is not None else None
    if amount is not None and not amount.unit and unit:
        amount = Amount(amount.value, unit, amount.digits)
    malformed = cell is not None and amount is None and not _blank(cell.text)
    return Figure(key, table.id, line.label, label, amount, cell, malformed=malformed, document=document)


def _blank(text: str) -> bool:
    return not text.strip() or is_blank(text)


@dataclass(frozen=True, slots=True)
class Term:
    """A figure times a factor (unit conversion included) in `left - right`."""

    figure: Figure
    factor: Decimal


@dataclass(frozen=True)
class Instance:
    """One relation put in figures: `left - right` is `residual`, right within `tolerance`. All in `unit`.

    `terms` is empty where the relation is not linear in its figures.
    """

    sign: str
    unit: str
    residual: Decimal
    tolerance: Decimal
    terms: tuple[Term, ...]
    left: Figure | None
    right: Figure | None
    left_value: Decimal
    right_value: Decimal
    figures: str
    relation: str
    words: str = ""
    """The right side in words: 下级 7 行之和, 表五“合计”行“基本支出”列."""
    trivial: bool = False

    def holds(self, residual: Decimal | None = None) -> bool:
        off = self.residual if residual is None else residual
        if self.sign == "=":
            return abs(off) <= self.tolerance
        if self.sign == "≠":
            return abs(off) > self.tolerance
        if self.sign == "≤":
            return off <= self.tolerance
        if self.sign == "≥":
            return off >= -self.tolerance
        return off < -self.tolerance if self.sign == "<" else off > self.tolerance

    @property
    def unsure(self) -> tuple[Figure, ...]:
        """Figures that cannot be trusted as read."""
        return tuple(t.figure for t in self.terms if t.figure.malformed)

    @property
    def missing(self) -> tuple[Figure, ...]:
        return tuple(t.figure for t in self.terms if t.figure.missing)

    @property
    def ocr(self) -> bool:
        return any(t.figure.ocr for t in self.terms)

    def factor(self, key: Key) -> Decimal:
        return sum((t.factor for t in self.terms if t.figure.key == key), Decimal(0))

    def solve(self, figure: Figure) -> Decimal | None:
        """What `figure` would have to be, in its own unit, for the relation to hold exactly."""
        factor = self.factor(figure.key)
        return None if not factor else figure.value - self.residual / factor


@dataclass(frozen=True)
class FormulaOutcome(Outcome):
    """An outcome that remembers its relation, so that causes can be told from consequences."""

    instance: Instance | None = field(default=None, compare=False)
