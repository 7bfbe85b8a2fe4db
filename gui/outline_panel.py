"""The list at the left: tables and sections in document order, each with how it fares and its page."""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from core.model import PageId, Section, Table
from core.results import FAIL, PASS
from gui import theme
from gui.state import Selection, State

ITEM = Qt.ItemDataRole.UserRole + 1
_KINDS = {"performance": "绩效目标表", "catalogue": "购买服务目录", "unknown": "其他表格"}
_RANK = {"": 0, "info": 1, "warning": 2, "error": 3}
_YEAR = re.compile(r"^\s*\d{4}\s*年(度)?\s*")


@dataclass(frozen=True)
class Item:
    """A line of the list. `state`: a severity, ok, idle (nothing was checked), or "" for a heading."""

    text: str
    strong: str = ""
    page: str = ""
    state: str = ""
    table: Table | None = None
    section: Section | None = None
    indent: int = 0

    @property
    def heading(self) -> bool:
        return self.table is None and self.section is None


_STATE_NAMES = {"error": "有错误", "warning": "有警告", "info": "有提示", "ok": "核对相符", "idle": "未核对"}


class OutlineModel(QAbstractListModel):
    """Headings, tables and sections of the current document."""

    def __init__(self, state: State, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.items: list[Item] = []

    def rebuild(self) -> None:
        self.beginResetModel()
        self.items = self._make()
        self.endResetModel()

    def _make(self) -> list[Item]:
        doc = self._state.current
        if doc is None or doc.result is None:
            return []
        document = doc.result.document
        worst_table, worst_section = self._worst()
        passed = {e.table for c in doc.result.checks if c.status in (PASS, FAIL) for e in c.evidence if e.table}
        items: list[Item] = []
        word = "决算报表" if "决算" in document.kind else "预算报表"
        for kind in ("budget", "performance", "catalogue", "unknown"):
            tables = [t for t in document.tables if t.kind == kind]
            if tables:
                items.append(Item(_KINDS.get(kind, word)))
                for table in tables:
                    state = worst_table.get(table.id, "") or ("ok" if table.id in passed else "idle")
                    title = _title(table)
                    items.append(Item(title, table.id, self._page(table.page), state, table))
        if document.sections:
            items.append(Item("章节与说明"))
            least = min(s.level for s in document.sections)
            for number, section in enumerate(document.sections):
                page = self._page(section.page)
                state = worst_section.get(number, "") or ("ok" if section.paragraphs else "idle")
                items.append(Item(section.title, "", page, state, None, section, min(2, section.level - least)))
        return items

    def _worst(self) -> tuple[dict[str, str], dict[int, str]]:
        """The gravest undismissed finding of each table, and of each section by its number."""
        doc = self._state.current
        assert doc is not None and doc.result is not None
        tables: dict[str, str] = {}
        sections: dict[int, str] = {}
        starts = [(self._number(s.page) or 0, (s.span.places[0].box or (0, 0, 0, 0))[1] if s.span.places else 0.0, n)
                  for n, s in enumerate(doc.result.document.sections)]
        for finding in doc.result.findings:
            place = finding.place
            if place is None or doc.verdict(finding).state == "dismissed":
                continue
            if doc.lookup and place.table in doc.lookup.tables:
                if _RANK[finding.severity] > _RANK[tables.get(place.table, "")]:
                    tables[place.table] = finding.severity
            elif (number := self._number(place.page)) is not None:
                here = (number, place.box[1] if place.box else 0.0)
                before = [n for page, top, n in starts if page and (page, top - 2) <= here]
                if before and _RANK[finding.severity] > _RANK[sections.get(before[-1], "")]:
                    sections[before[-1]] = finding.severity
        return tables, sections

    def _number(self, page: PageId | None) -> int | None:
        lookup = self._state.lookup
        return lookup.number(page) if lookup else None

    def _page(self, page: PageId) -> str:
        """The number of a page as it is counted on the screen; parts without pages have none, and spoil the count of the others."""
        lookup = self._state.lookup
        counted = lookup is not None and (isinstance(page, int) or len(lookup.pages) == len(lookup.result.document.pages))
        return str(self._number(page) or "") if counted else ""

    def row_of(self, selection: Selection) -> int:
        """The line that a selection belongs to: its table, else the last section before its place."""
        if selection.table:
            return next((i for i, x in enumerate(self.items) if x.table is not None and x.table.id == selection.table), -1)
        number = self._number(selection.page)
        if number is None:
            return -1
        here = (number, selection.box[1] + 2 if selection.box else 0.0)
        found = -1
        for i, item in enumerate(self.items):
            if item.section is not None and item.section.span.places:
                place = item.section.span.places[0]
                start = self._number(place.page)
                if start is not None and (start, place.box[1] if place.box else 0.0) <= here:
                    found = i
        return found

    # ---- Qt

    def rowCount(self, parent: QModelIndex | Any = None) -> int:
        return 0 if parent and parent.isValid() else len(self.items)

    def flags(self, index: QModelIndex | Any) -> Qt.ItemFlag:
        if index.isValid() and self.items[index.row()].heading:
            return Qt.ItemFlag.ItemIsEnabled
        return super().flags(index)

    def data(self, index: QModelIndex | Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        item = self.items[index.row()]
        full = f"{item.strong} {item.text}".strip()
        if role == ITEM:
            return item
        if role == Qt.ItemDataRole.DisplayRole:
            return full
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return full if item.heading else f"{full}，{_STATE_NAMES[item.state]}" + (f"，第{item.page}页" if item.page else "")
        if role == Qt.ItemDataRole.ToolTipRole and not item.heading:
            return f"{full}\n{_STATE_NAMES[item.state]}" + (f"，第 {item.page} 页" if item.page else "")
        return None


def _title(table: Table) -> str:
    title = _YEAR.sub("", table.title) or table.title
    if table.form is not None and table.form.project:
        return table.form.project
    return title if title != table.id else ""


class LineDelegate(QStyledItemDelegate):
    """Sign, name, page."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        c = theme.colours()
        item: Item = index.data(ITEM)
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        if item.heading:
            painter.setFont(theme.font(12))
            painter.setPen(QColor(c.secondary))
            painter.drawText(rect.adjusted(theme.px(12), theme.px(3), 0, 0), Qt.AlignmentFlag.AlignVCenter, item.text)
            painter.restore()
            return
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(c.selection))
            painter.drawRoundedRect(rect.adjusted(theme.px(4), 1, -theme.px(4), -1), 4, 4)
        sign = theme.SEVERITY_SIGNS.get(item.state) or {"ok": "✓", "idle": "○"}[item.state]
        tone = {"ok": c.ok, "idle": c.idle}.get(item.state) or c.severity(item.state)
        left = rect.left() + theme.px(12) + item.indent * theme.px(10)
        painter.setFont(theme.font(12))
        painter.setPen(QColor(tone))
        painter.drawText(QRect(left, rect.top(), theme.px(16), rect.height()), Qt.AlignmentFlag.AlignVCenter, sign)
        left += theme.px(20)
        page_font = theme.font(12)
        wide = QFontMetrics(page_font).horizontalAdvance(item.page) + theme.px(8)
        right = rect.right() - theme.px(10)
        painter.setFont(page_font)
        painter.setPen(QColor(c.faint))
        painter.drawText(QRect(right - wide, rect.top(), wide, rect.height()), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, item.page)
        room = right - wide - left
        painter.setPen(QColor(c.ink))
        if item.strong:
            bold = theme.font(bold=True)
            painter.setFont(bold)
            painter.drawText(QRect(left, rect.top(), room, rect.height()), Qt.AlignmentFlag.AlignVCenter, item.strong)
            taken = QFontMetrics(bold).horizontalAdvance(item.strong) + theme.px(5)
            left, room = left + taken, room - taken
        font = theme.font()
        painter.setFont(font)
        painter.drawText(QRect(left, rect.top(), max(0, room), rect.height()), Qt.AlignmentFlag.AlignVCenter,
                         QFontMetrics(font).elidedText(item.text, Qt.TextElideMode.ElideRight, max(0, room)))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        item: Item = index.data(ITEM)
        return QSize(100, theme.px(28) if item.heading else theme.row_height())


class OutlineView(QListView):
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() and event.text().isprintable() and not event.modifiers() & (
                Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            event.ignore()
        else:
            super().keyPressEvent(event)


class OutlinePanel(QWidget):
    """The list and its selection."""

    def __init__(self, state: State, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._quiet = False
        self.model = OutlineModel(state, self)
        self.view = OutlineView(self)
        self.view.setModel(self.model)
        self.view.setItemDelegate(LineDelegate(self.view))
        self.view.setAccessibleName("表格和章节")
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.view.setContentsMargins(0, 4, 0, 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.setFocusProxy(self.view)
        self.view.selectionModel().currentChanged.connect(self._current)
        self.view.clicked.connect(self._current)
        state.result_changed.connect(self._rebuild)
        state.verdicts_changed.connect(self._rebuild)
        state.selection_changed.connect(self._follow)
        state.theme_changed.connect(self._rebuild)
        self._rebuild()

    def _rebuild(self) -> None:
        place = self.view.verticalScrollBar().value()
        self._quiet = True
        self.model.rebuild()
        self._quiet = False
        self.view.verticalScrollBar().setValue(place)
        self._follow(self._state.selection)

    def _current(self, index: QModelIndex, before: QModelIndex | None = None) -> None:
        if self._quiet or not index.isValid():
            return
        item = self.model.items[index.row()]
        if item.table is not None:
            self._state.select_table(item.table, "outline")
        elif item.section is not None and item.section.span.places:
            place = item.section.span.places[0]
            self._state.select_place(place.page, place.box, "outline")

    def _follow(self, selection: Selection) -> None:
        row = self.model.row_of(selection)
        self._quiet = True
        if row >= 0:
            index = self.model.index(row)
            self.view.setCurrentIndex(index)
            self.view.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)
        else:
            self.view.selectionModel().clear()
        self._quiet = False
