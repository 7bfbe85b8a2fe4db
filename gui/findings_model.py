"""The findings as Qt sees them: filtered, grouped and sorted, document order unless the reviewer asks otherwise."""
from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from core.numbers import parse_decimal
from core.results import FAMILIES, Evidence, Finding
from core.review_file import NAMES
from gui import theme
from gui.state import State

FINDING = Qt.ItemDataRole.UserRole + 1
GROUP = Qt.ItemDataRole.UserRole + 2

COLUMNS = ("", "规则", "类别", "位置", "问题", "实为", "应为", "差额", "裁定")
SEVERITY, RULE, FAMILY, PLACE, MESSAGE, ACTUAL, EXPECTED, DIFFERENCE, VERDICT = range(9)
GROUPINGS = {"": "不分组", "table": "按表", "rule": "按规则", "severity": "按级别", "page": "按页", "family": "按类别"}
_PLACED = re.compile(r"(?P<table>\S+?)“[^”]*”行(“[^”]*”列)?(为|，)?\s*")
_RANK = {"error": 0, "warning": 1, "info": 2}

AnyIndex = QModelIndex | Any


def page_of(evidence: Evidence | None) -> str:
    if evidence is None or evidence.page is None:
        return ""
    return f"第{evidence.page}页" if isinstance(evidence.page, int) else str(evidence.page)


def where(finding: Finding) -> str:
    """Where a finding is, in one line: page, table, row, column."""
    place = finding.place
    if place is None:
        return "全文"
    parts = [page_of(place), "·".join(x for x in (place.table, place.row, place.column) if x)]
    return " ".join(p for p in parts if p) or "全文"


def recognised(finding: Finding) -> bool:
    """Whether a finding stands on what was recognised from a picture."""
    return any(e.ocr for e in finding.evidence)


def one_line(text: str) -> str:
    return " ".join(text.split())


def paragraph(finding: Finding, verdict: str = "") -> str:
    """A finding as a readable paragraph for the clipboard."""
    parts = [f"【{theme.SEVERITY_NAMES[finding.severity]}】{finding.rule} {finding.title}（{where(finding)}）", one_line(finding.message)]
    figures = [f"{name} {value}" for name, value in (("实为", finding.actual), ("应为", finding.expected), ("差额", finding.difference)) if value]
    if figures:
        parts.append("，".join(figures) + "。")
    if finding.suggestion:
        parts.append(f"建议：{finding.suggestion}")
    if finding.basis:
        parts.append(f"依据：{finding.basis}")
    if verdict:
        parts.append(f"裁定：{verdict}")
    return "\n".join(p for p in parts if p)


class FindingsModel(QAbstractTableModel):
    """Rows are findings, or a heading (a text) above each group."""

    def __init__(self, state: State, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.rows: list[Finding | str] = []
        self.grouping = ""
        self.sorting: tuple[int, bool] | None = None

    def rebuild(self) -> None:
        """Takes the listed findings anew."""
        self.beginResetModel()
        found = self._state.listed()
        if self.sorting is not None:
            column, backwards = self.sorting
            found.sort(key=self._sort_key(column), reverse=backwards)
        self.rows = list(found) if not self.grouping else self._grouped(found)
        self.endResetModel()

    def refresh(self) -> None:
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(COLUMNS) - 1))

    def _grouped(self, found: list[Finding]) -> list[Finding | str]:
        name = self._group_name
        groups: dict[str, list[Finding]] = {}
        for finding in found:
            groups.setdefault(name(finding), []).append(finding)
        keys = list(groups)
        if self.grouping == "severity":
            order = list(theme.SEVERITY_NAMES.values())
            keys.sort(key=order.index)
        elif self.grouping == "rule":
            keys.sort()
        rows: list[Finding | str] = []
        for key in keys:
            rows += [f"{key}　{len(groups[key])}", *groups[key]]
        return rows

    def _group_name(self, finding: Finding) -> str:
        place = finding.place
        if self.grouping == "table":
            table = self._state.lookup.tables.get(place.table) if self._state.lookup and place else None
            return f"{table.id} {table.title}" if table else (place.table if place and place.table else "全文与文字")
        if self.grouping == "rule":
            return f"{finding.rule} {finding.title}"
        if self.grouping == "severity":
            return theme.SEVERITY_NAMES[finding.severity]
        if self.grouping == "family":
            return FAMILIES.get(finding.family, finding.family)
        return page_of(place) or "全文"

    def _sort_key(self, column: int) -> Callable[[Finding], Any]:
        order = self._state.order
        if column in (ACTUAL, EXPECTED, DIFFERENCE):
            return lambda f: (_number((f.actual, f.expected, f.difference)[column - ACTUAL]), order(f))
        if column == SEVERITY:
            return lambda f: (_RANK[f.severity], order(f))
        if column == PLACE:
            return order
        return lambda f: (self.text(f, column), order(f))

    def row_of(self, fingerprint: str) -> int:
        return next((i for i, r in enumerate(self.rows) if isinstance(r, Finding) and r.fingerprint == fingerprint), -1)

    # ---- Qt

    def rowCount(self, parent: AnyIndex = None) -> int:
        return 0 if parent and parent.isValid() else len(self.rows)

    def columnCount(self, parent: AnyIndex = None) -> int:
        return len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return COLUMNS[section]
            if role == Qt.ItemDataRole.AccessibleTextRole:
                return COLUMNS[section] or "级别"
            if role == Qt.ItemDataRole.TextAlignmentRole:
                right = section in (ACTUAL, EXPECTED, DIFFERENCE)
                return int((Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter)
        return None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        if index.isValid() and isinstance(self.rows[index.row()], str):
            return Qt.ItemFlag.ItemIsEnabled
        return super().flags(index)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        if isinstance(row, str):
            if role == GROUP or (role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) and index.column() == 0):
                return row
            return None
        if role == FINDING:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(row, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(row, index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.spoken(row) if index.column() == 0 else self.text(row, index.column())
        return None

    def text(self, finding: Finding, column: int) -> str:
        if column == VERDICT:
            doc = self._state.current
            verdict = doc.verdict(finding) if doc else None
            text = NAMES[verdict.state] if verdict else ""
            if verdict and verdict.note:
                text += "·注"
            if doc and doc.review and doc.review.stale(finding):
                text += "*"
            return text
        return {
            SEVERITY: theme.SEVERITY_SIGNS[finding.severity], RULE: finding.rule, FAMILY: FAMILIES.get(finding.family, finding.family),
            PLACE: f"{'识 ' if recognised(finding) else ''}{where(finding)}", MESSAGE: _message(finding), ACTUAL: finding.actual, EXPECTED: finding.expected,
            DIFFERENCE: finding.difference,
        }[column]

    def _tip(self, finding: Finding, column: int) -> str:
        if column == VERDICT:
            doc = self._state.current
            verdict = doc.verdict(finding) if doc else None
            if verdict is None or verdict.empty:
                return "待核"
            stale = ["* 裁定时的数值与现在不同，请复核"] if doc and doc.review and doc.review.stale(finding) else []
            return "\n".join(x for x in (NAMES[verdict.state], verdict.reason, verdict.note, f"{verdict.reviewer} {verdict.when}".strip(), *stale) if x)
        if column in (PLACE, MESSAGE):
            ocr = "\n识：数据为识别所得，请对照原件" if recognised(finding) else ""
            return f"{finding.title}\n{where(finding)}\n{finding.message}{ocr}"
        if column == SEVERITY:
            return theme.SEVERITY_NAMES[finding.severity]
        return self.text(finding, column)

    def spoken(self, finding: Finding) -> str:
        """What a screen reader says of a row: severity, title, place, figures, verdict."""
        parts = [theme.SEVERITY_NAMES[finding.severity], finding.title, where(finding)]
        parts += [f"{n} {v}" for n, v in (("实为", finding.actual), ("应为", finding.expected), ("差额", finding.difference)) if v]
        parts += ["识别所得"] if recognised(finding) else []
        return "，".join([*parts, self.text(finding, VERDICT).replace("·注", "，有备注")])


def _message(finding: Finding) -> str:
    """What is wrong, in one line. A message that begins with its place is told by its title: the place stands in the column before."""
    text = one_line(finding.message) or finding.title
    placed = _PLACED.match(text)
    if placed and finding.place and placed["table"] == finding.place.table:
        text = f"{finding.title}：{text[placed.end():]}"
    return f"{text}（{finding.count} 处）" if finding.count > 1 else text


def _number(text: str) -> tuple[int, Any]:
    parsed = parse_decimal(text)
    return (0, parsed[0]) if parsed else (1, 0)
