"""A parsed table as Qt sees it: the printed body, with what is known of each cell."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from core.model import Cell, Table
from core.numbers import looks_numeric
from core.results import Evidence
from gui import theme
from gui.state import State

CELL = Qt.ItemDataRole.UserRole + 1
LOOK = Qt.ItemDataRole.UserRole + 2

AnyIndex = QModelIndex | Any


@dataclass(frozen=True)
class Look:
    """How a cell is marked. `role` "" means the chosen finding does not stand on it."""

    severity: str = ""
    verified: bool = False
    unverified: bool = False
    role: str = ""
    tone: str = ""
    active: bool = False
    part: bool = False
    total: bool = False
    bold: bool = False
    number: bool = False
    ocr: bool = False


class TableModel(QAbstractTableModel):
    """The body of one table. Row and column of the printed grid are (body row + header rows, column)."""

    def __init__(self, state: State, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.table: Table | None = None
        self.show_unverified = False
        self._bold: set[int] = set()
        self._kinds: dict[int, str] = {}
        self._severity: dict[tuple[int, int], str] = {}
        self._evidence: dict[tuple[int, int], tuple[int, Evidence]] = {}
        self._parts: frozenset[tuple[int, int]] = frozenset()
        self._total: tuple[int, int] | None = None

    @property
    def headers(self) -> int:
        return len(self.table.header) if self.table else 0

    def set_table(self, table: Table | None) -> None:
        self.beginResetModel()
        self.table = table
        deep = table is not None and any(line.level > 1 for line in table.lines)
        self._bold = {line.index for line in table.lines if line.total or (deep and line.level == 1)} if table else set()
        self._kinds = {c.index: c.kind for c in table.columns} if table else {}
        self._collect()
        self.endResetModel()

    def refresh(self) -> None:
        """Marks may have changed; the cells are the same."""
        self._collect()
        if self.rowCount() and self.columnCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))

    def _collect(self) -> None:
        self._severity, self._evidence, self._parts, self._total = {}, {}, frozenset(), None
        doc, table = self._state.current, self.table
        if doc is None or doc.lookup is None or table is None:
            return
        rank = {"": 0, "info": 1, "warning": 2, "error": 3}
        for finding in doc.lookup.result.findings:
            if doc.verdict(finding).state == "dismissed":
                continue
            for evidence in finding.evidence:
                if (evidence.table == table.id and evidence.cell and evidence.role in ("actual", "place")
                        and rank[finding.severity] > rank[self._severity.get(evidence.cell, "")]):
                    self._severity[evidence.cell] = finding.severity
        chosen = doc.finding()
        if chosen is not None:
            for number, evidence in enumerate(chosen.evidence):
                if evidence.table == table.id and evidence.cell:
                    self._evidence.setdefault(evidence.cell, (number, evidence))
        if doc.trace is not None:
            self._parts = frozenset(p.cell for p in doc.trace.parts if p.table == table.id and p.cell)
            self._total = doc.trace.total.cell if doc.trace.total.table == table.id else None

    def may_have_sign(self, row: int, column: int) -> bool:
        """Whether a sign stands before a cell's text, or would when a dismissal is taken back."""
        lookup, table = self._state.lookup, self.table
        return lookup is not None and table is not None and bool(lookup.findings_by_spot.get((table.id, row, column)))

    # ---- Qt

    def rowCount(self, parent: AnyIndex = None) -> int:
        return len(self.table.rows) if self.table and not (parent and parent.isValid()) else 0

    def columnCount(self, parent: AnyIndex = None) -> int:
        if self.table is None or (parent and parent.isValid()):
            return 0
        return max((len(r) for r in (*self.table.header, *self.table.rows)), default=0)

    def cell(self, row: int, column: int) -> Cell | None:
        """The printed cell at a body row; the merged one where it covers the place."""
        if self.table is None or self._state.lookup is None:
            return None
        return self._state.lookup.cell(self.table.id, row + self.headers, column)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        cell = self.cell(index.row(), index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text if cell else ""
        if role == CELL:
            return cell
        if role == LOOK:
            return self.look(index.row() + self.headers, index.column(), cell)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.tip(cell)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.spoken(cell, index.row(), index.column())
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return str(section + 1) if orientation == Qt.Orientation.Vertical else self.column_name(section)

    def column_name(self, column: int) -> str:
        if self.table is None:
            return ""
        return next((c.label for c in self.table.columns if c.index == column), "")

    def row_name(self, row: int) -> str:
        if self.table is None:
            return ""
        return next((o.label for o in self.table.lines if o.index == row), "")

    def look(self, row: int, column: int, cell: Cell | None) -> Look:
        """How the cell at a place of the printed grid is marked."""
        if cell is None or self.table is None:
            return Look()
        spot = (cell.row, cell.column)
        result = self._state.result
        kind = self._kinds.get(column, "")
        number = kind == "amount" or (kind not in ("code", "name") and looks_numeric(cell.text))
        verified = result is not None and (self.table.id, *spot) in result.coverage.cells
        found = self._evidence.get(spot)
        chosen = self._state.current.finding() if found and self._state.current else None
        body = row - self.headers
        return Look(
            self._severity.get(spot, ""), verified,
            self.show_unverified and not verified and cell.amount is not None and bool(cell.amount.value),
            found[1].role if found else "", chosen.severity if chosen else "", found is not None and found[0] == self._state.selection.evidence,
            spot in self._parts, spot == self._total, body < 0 or body in self._bold, number, cell.ocr,
        )

    def tip(self, cell: Cell | None) -> str:
        """The printed text, where it stands, and what has been checked of it."""
        if cell is None or self.table is None or self._state.lookup is None:
            return ""
        spot = (self.table.id, cell.row, cell.column)
        lines = [cell.text] if cell.text else []
        if cell.place is not None:
            lines.append(f"第 {cell.place.page} 页" if isinstance(cell.place.page, int) else str(cell.place.page))
        if cell.confidence is not None:
            lines.append(f"识别文字，置信度 {cell.confidence:.0%}")
        checks = self._state.lookup.checks_by_spot.get(spot, [])
        if checks:
            wrong = sum(c.status == "fail" for c in checks)
            lines.append(f"参与核对 {len(checks)} 条关系" + (f"，不符 {wrong} 条" if wrong else "，全部相符"))
        elif cell.amount is not None and cell.amount.value:
            lines.append("尚无关系核对此金额")
        lines += [f"{theme.SEVERITY_SIGNS[f.severity]} {f.title}" for f in self._state.lookup.findings_by_spot.get(spot, [])[:4]]
        return "\n".join(lines)

    def spoken(self, cell: Cell | None, row: int, column: int) -> str:
        """What a screen reader says: row, column, figure, state."""
        if cell is None:
            return ""
        look = self.look(row + self.headers, column, cell)
        state = f"，有{theme.SEVERITY_NAMES[look.severity]}" if look.severity else "，已核验" if look.verified else ""
        state += "，识别所得" if look.ocr else ""
        return "，".join(x for x in (self.row_name(row), self.column_name(column), cell.text or "空") if x) + state


def unique_cells(model: TableModel, indexes: Iterable[AnyIndex]) -> list[Cell]:
    """The printed cells of a selection, a merged one once."""
    found: dict[tuple[int, int], Cell] = {}
    for index in indexes:
        cell = model.cell(index.row(), index.column())
        if cell is not None:
            found[(cell.row, cell.column)] = cell
    return list(found.values())


def selection_sum(cells: Sequence[Cell]) -> tuple[int, int, Decimal]:
    """How many cells, how many figures among them, and their sum."""
    figures = [c.amount.value for c in cells if c.amount is not None]
    return len(cells), len(figures), sum(figures, Decimal(0))


def as_tsv(model: TableModel, indexes: Sequence[AnyIndex], headers: bool = False) -> str:
    """A selection as a spreadsheet takes it: tabs and lines, cells with breaks or tabs in quotes, a merged cell once."""
    if not indexes or model.table is None:
        return ""
    chosen = {(i.row(), i.column()) for i in indexes}
    rows = range(min(r for r, _ in chosen), max(r for r, _ in chosen) + 1)
    columns = range(min(c for _, c in chosen), max(c for _, c in chosen) + 1)
    lines: list[str] = []
    if headers:
        for line in model.table.header:
            lines.append("\t".join(_quoted(line[c].text if c < len(line) and line[c] else "") for c in columns))  # type: ignore[union-attr]
    for r in rows:
        if any((r, c) in chosen for c in columns):
            source = model.table.rows[r]
            lines.append("\t".join(_quoted(source[c].text if (r, c) in chosen and c < len(source) and source[c] else "")  # type: ignore[union-attr]
                                   for c in columns))
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in '\t\n"') else text
