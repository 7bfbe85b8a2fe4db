"""The list of findings with its filter chips, grouping, sorting and decisions on several at once."""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.numbers import parse_decimal
from core.results import FAMILIES, Finding
from core.review_file import NAMES
from gui import theme
from gui.actions import keys_of
from gui.findings_model import (
    ACTUAL,
    DIFFERENCE,
    EXPECTED,
    FAMILY,
    FINDING,
    GROUP,
    GROUPINGS,
    MESSAGE,
    PLACE,
    RULE,
    SEVERITY,
    VERDICT,
    FindingsModel,
    paragraph,
)
from gui.state import Filter, Selection, State

FIGURES = (ACTUAL, EXPECTED, DIFFERENCE)
GIVING_WAY = (FAMILY, DIFFERENCE, EXPECTED, ACTUAL)
"""The columns that a narrow list leaves out, one after the other, so that the message can be read."""


class Chip(QAbstractButton):
    """A rounded filter button with a sign, a word and a live count."""

    def __init__(self, text: str, sign: str = "", tone: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._word, self._sign, self._tone, self._count = text, sign, tone, 0
        self.setCheckable(True)
        self.setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_count(0)

    def set_count(self, count: int) -> None:
        self._count = count
        self.setAccessibleName(f"{self._word} {count} 项")
        self.updateGeometry()
        self.update()

    @property
    def count(self) -> int:
        return self._count

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme.font(12.5))
        wide = metrics.horizontalAdvance(f"{self._word} {self._count}") + theme.px(20)
        if self._sign:
            wide += theme.px(15)
        return QSize(wide, theme.px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:  # ended even when drawing fails
            self._draw(painter)

    def _draw(self, painter: QPainter) -> None:
        c = theme.colours()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        rect = self.rect().adjusted(1, 1, -1, -1)
        on = self.isChecked()
        ground = c.strong if on and not c.dark else c.selection if on else c.hover if self.underMouse() else c.surface
        painter.setPen(QPen(QColor(c.accent if self.hasFocus() else ground if on else c.line), 1.4 if self.hasFocus() else 1))
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
        ink = "#ffffff" if on and not c.dark else c.ink if self._count else c.faint
        left = rect.left() + theme.px(9)
        if self._sign:
            painter.setFont(theme.font(11))
            painter.setPen(QColor("#ffffff" if on and not c.dark else self._colour()))
            painter.drawText(QRect(left, rect.top(), theme.px(14), rect.height()), Qt.AlignmentFlag.AlignVCenter, self._sign)
            left += theme.px(15)
        painter.setFont(theme.font(12.5, bold=on))
        painter.setPen(QColor(ink))
        painter.drawText(QRect(left, rect.top(), rect.width(), rect.height()), Qt.AlignmentFlag.AlignVCenter, f"{self._word} {self._count}")

    def _colour(self) -> str:
        return theme.colours().severity(self._tone)


class MenuChip(QToolButton):
    """A rounded button that opens a menu of choices, for dimensions with many values."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.word = text
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._look: tuple[object, ...] = ()
        self.style_now(False)

    def style_now(self, active: bool, chosen: str = "") -> None:
        c = theme.colours()
        ground, ink = (c.strong, "#ffffff") if active and not c.dark else (c.selection, c.ink) if active else (c.surface, c.ink)
        self.setText(f"{chosen or self.word} ▾")
        look = (ground, ink, c.line, theme.scale())
        if look == self._look:
            return
        self._look = look
        self.setFixedHeight(theme.px(24))
        self.setStyleSheet(f"QToolButton {{ background: {ground}; color: {ink}; border: 1px solid {ground if active else c.line};"
                           f" border-radius: {theme.px(11)}px; padding: 0 {theme.px(9)}px; font-size: {theme.px(12.5)}px; }}"
                           f"QToolButton:focus {{ border-color: {c.accent}; }} QToolButton::menu-indicator {{ image: none; width: 0; }}")


def _with(chosen: Filter, field: str, values: frozenset[str]) -> Filter:
    changes: dict[str, Any] = {field: values}
    return replace(chosen, **changes)


@dataclass
class _Facet:
    chip: Chip
    field: str
    value: str


class ChipBar(QWidget):
    """Chips for severity, verdict, family and what is new; tables and what does not fit are in menus."""

    def __init__(self, state: State, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.setAccessibleName("问题筛选")
        self._all = Chip("全部", parent=self)
        self._facets: list[_Facet] = []
        for severity, name in theme.SEVERITY_NAMES.items():
            self._add("severities", severity, name, theme.SEVERITY_SIGNS[severity], severity)
        for verdict, name in (("open", "待核"), ("confirmed", "属实"), ("dismissed", "排除")):
            self._add("verdicts", verdict, name)
        self._new = Chip("新", parent=self)
        self._new.setToolTip("上次检查时没有、或数值已变的问题")
        for family, name in FAMILIES.items():
            self._add("families", family, name)
        self._more = MenuChip("类别", self)
        self._tables = MenuChip("表", self)
        self._all.clicked.connect(lambda: state.set_filter(Filter(text=state.filter.text)))
        self._new.clicked.connect(lambda: state.set_filter(replace(state.filter, new=not state.filter.new)))
        self.setFixedHeight(theme.px(26))
        for signal in (state.filter_changed, state.verdicts_changed, state.result_changed):
            signal.connect(self.refresh)
        state.theme_changed.connect(self._style)
        self.refresh()

    def _add(self, field: str, value: str, name: str, sign: str = "", tone: str = "") -> None:
        chip = Chip(name, sign, tone, self)
        chip.clicked.connect(lambda: self._toggle(field, value))
        self._facets.append(_Facet(chip, field, value))

    def _toggle(self, field: str, value: str) -> None:
        chosen: frozenset[str] = getattr(self._state.filter, field)
        self._state.set_filter(_with(self._state.filter, field, chosen ^ {value}))

    def _style(self) -> None:
        self.setFixedHeight(theme.px(26))
        self.refresh()

    def refresh(self) -> None:
        """Counts each chip as it would list under the other filters."""
        state = self._state
        f, doc = state.filter, state.current
        findings = state.result.findings if state.result else ()
        plain = Filter(text=f.text)
        self._all.set_count(sum(state.passes(x, plain) for x in findings))
        self._all.setChecked(f == plain)
        counts: dict[str, Counter[str]] = {}
        for field, value_of in _VALUES.items():
            others = _with(f, field, frozenset())
            listed = [x for x in findings if state.passes(x, others)]
            counts[field] = Counter(value for x in listed for value in value_of(x, doc.verdict(x).state if doc else ""))
        for facet in self._facets:
            facet.chip.set_count(counts[facet.field][facet.value])
            facet.chip.setChecked(facet.value in getattr(f, facet.field))
        self._new.set_count(sum(state.passes(x, replace(f, new=True)) for x in findings))
        self._new.setChecked(f.new)
        self._fill_tables(counts["tables"])
        self._lay_out()

    def _fill_tables(self, counts: Counter[str]) -> None:
        lookup, f = self._state.lookup, self._state.filter
        menu = QMenu(self)
        for name in lookup.tables if lookup else ():
            if counts[name] or name in f.tables:
                action = menu.addAction(f"{name}　{counts[name]}")
                action.setCheckable(True)
                action.setChecked(name in f.tables)
                action.triggered.connect(lambda _=False, n=name: self._toggle("tables", n))
        if not menu.isEmpty() and f.tables:
            menu.addSeparator()
            menu.addAction("全部表", lambda: self._state.set_filter(replace(self._state.filter, tables=frozenset())))
        self._tables.setMenu(menu)
        self._tables.setEnabled(not menu.isEmpty())
        self._tables.style_now(bool(f.tables), "、".join(sorted(f.tables))[:12] if f.tables else "")

    def _lay_out(self) -> None:
        """One row; families that do not fit go into a menu, so nothing is cut."""
        f = self._state.filter
        left, gap, room = 0, theme.px(6), self.width()
        high = theme.px(24)

        def place(widget: QWidget, before: int = 0) -> None:
            nonlocal left
            left += before
            wide = widget.sizeHint().width()
            widget.setGeometry(left, 1, wide, high)
            widget.setVisible(True)
            left += wide + gap

        place(self._all)
        self._new.setVisible(False)
        if self._new.count or f.new:
            place(self._new)
        menu_room = self._tables.sizeHint().width() + gap + self._more.sizeHint().width() + gap
        hidden: list[_Facet] = []
        group = ""
        for facet in self._facets:
            facet.chip.setVisible(False)
            if facet.field == "families" and not (facet.chip.count or facet.chip.isChecked()):
                continue
            before = theme.px(8) if group and facet.field != group else 0
            if hidden or left + before + facet.chip.sizeHint().width() + gap + menu_room > room:
                hidden.append(facet)
            else:
                place(facet.chip, before)
                group = facet.field
        self._more.setVisible(False)
        if hidden:
            self._fill_more(hidden)
            place(self._more)
        place(self._tables)

    def _fill_more(self, hidden: list[_Facet]) -> None:
        """The menu of the chips for which there is no room."""
        menu = QMenu(self)
        for number, facet in enumerate(hidden):
            if number and facet.field != hidden[number - 1].field:
                menu.addSeparator()
            action = menu.addAction(f"{facet.chip.text()}　{facet.chip.count}")
            action.setCheckable(True)
            action.setChecked(facet.chip.isChecked())
            action.triggered.connect(lambda _=False, x=facet: self._toggle(x.field, x.value))
        self._more.setMenu(menu)
        self._more.word = "类别" if all(x.field == "families" for x in hidden) else "更多"
        chosen = [x.chip.text() for x in hidden if x.chip.isChecked()]
        self._more.style_now(bool(chosen), "、".join(chosen)[:10])

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()


_VALUES: dict[str, Callable[[Finding, str], set[str]]] = {
    "severities": lambda f, _: {f.severity},
    "verdicts": lambda _, verdict: {verdict},
    "families": lambda f, _: {f.family},
    "tables": lambda f, _: {e.table for e in f.evidence if e.table},
}


class RowDelegate(QStyledItemDelegate):
    """Draws a row of the list; numbers to the right, the verdict in its colour, what is decided quieter."""

    def __init__(self, state: State, parent: QWidget) -> None:
        super().__init__(parent)
        self._state = state

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        c = theme.colours()
        rect: QRect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        group = index.data(GROUP)
        if group is not None:
            painter.fillRect(rect, QColor(c.raised))
            painter.setFont(theme.font(12.5, bold=True))
            painter.setPen(QColor(c.strong))
            painter.drawText(rect.adjusted(theme.px(10), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, str(group))
            painter.restore()
            return
        finding: Finding = index.data(FINDING)
        doc = self._state.current
        verdict = doc.verdict(finding).state if doc else "open"
        painter.fillRect(rect, QColor(c.selection if chosen else c.surface))
        painter.setPen(QColor(c.line_soft))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        column = index.column()
        if finding.fingerprint == self._state.selection.finding and column == SEVERITY:
            painter.fillRect(QRect(rect.left(), rect.top(), theme.px(3), rect.height()), QColor(c.accent))
        text = str(index.data() or "")
        ink, mono, bold, align = c.ink, False, False, Qt.AlignmentFlag.AlignLeft
        if column == SEVERITY:
            ink, align = c.severity(finding.severity), Qt.AlignmentFlag.AlignHCenter
        elif column == RULE:
            mono, ink = True, c.secondary if verdict == "dismissed" else c.ink
        elif column == FAMILY:
            ink = c.secondary
        elif column in FIGURES:
            align = Qt.AlignmentFlag.AlignRight
        elif column == VERDICT:
            ink, bold = {"confirmed": (c.error, True), "dismissed": (c.faint, False)}.get(verdict, (c.secondary, False))
        if verdict == "dismissed" and column not in (SEVERITY, VERDICT):
            ink = c.faint
        if column == MESSAGE and doc and doc.review and doc.review.is_new(finding):
            bold = True
        font = theme.font(12.5 if mono else 13, bold=bold, mono=mono)
        painter.setFont(font)
        painter.setPen(QColor(ink))
        inner = rect.adjusted(theme.px(4) if column == SEVERITY else theme.px(6), 0, -theme.px(6 if column not in FIGURES else 10), 0)
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, int(align | Qt.AlignmentFlag.AlignVCenter), shown)
        painter.restore()


class FindingsView(QTableView):
    """The rows. Arrow keys walk; Enter goes to the place."""

    entered_row = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_row.emit()
        elif event.text() and event.text().isprintable() and not event.modifiers() & (
                Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: object) -> None:
        super().focusInEvent(event)  # type: ignore[arg-type]
        if not self.currentIndex().isValid() and self.model() is not None and self.model().rowCount():
            self.selectRow(0)  # a screen reader says nothing of a list without a current row


class FindingsPanel(QWidget):
    """Chips, list and what to do with the chosen rows."""

    def __init__(self, state: State, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._quiet = False
        self.model = FindingsModel(state, self)
        self.model.grouping = str(state.settings.value("findings/grouping", ""))
        self.chips = ChipBar(state, self)
        self.text = QLineEdit(self)
        self.text.setPlaceholderText(f"筛选 {keys_of('filter')}")
        self.text.setAccessibleName("筛选文字")
        self.text.setClearButtonEnabled(True)
        self._group = MenuChip("不分组", self)
        self._group.setAccessibleName("分组")
        menu = QMenu(self)
        for key, name in GROUPINGS.items():
            menu.addAction(name, partial(self.set_grouping, key))
        self._group.setMenu(menu)
        self.view = FindingsView(self)
        self._prepare()
        self._empty = QLabel(self)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setProperty("kind", "empty")
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._empty)
        bar = QFrame(self)
        bar.setProperty("kind", "bar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(10, 4, 10, 4)
        row.setSpacing(8)
        row.addWidget(self.chips, 1)
        row.addWidget(self._group)
        row.addWidget(self.text)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self._stack, 1)
        self.setFocusProxy(self.view)
        self._typed = QTimer(self, singleShot=True, interval=150)
        self._typed.timeout.connect(lambda: state.set_filter(replace(state.filter, text=self.text.text().strip())))
        self.text.textChanged.connect(lambda _: self._typed.start())
        self.text.returnPressed.connect(self._to_list)
        state.result_changed.connect(self._rebuild)
        state.filter_changed.connect(self._rebuild)
        state.verdicts_changed.connect(self._verdicts)
        state.selection_changed.connect(self._follow)
        state.theme_changed.connect(self._style)
        self._style()
        self._rebuild()

    def _prepare(self) -> None:
        view = self.view
        view.setModel(self.model)
        view.setItemDelegate(RowDelegate(self._state, view))
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setAccessibleName("问题清单")
        view.setTabKeyNavigation(False)
        view.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        view.verticalHeader().hide()
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = view.horizontalHeader()
        header.setAccessibleName("问题清单表头")
        view.verticalHeader().setAccessibleName("问题清单行")
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.setMinimumSectionSize(theme.px(24))
        header.sectionClicked.connect(self._sort)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(MESSAGE, QHeaderView.ResizeMode.Stretch)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._menu)
        view.selectionModel().currentRowChanged.connect(self._current)
        view.doubleClicked.connect(lambda _: self._state.action_requested.emit("goto_place"))
        view.entered_row.connect(lambda: self._state.action_requested.emit("goto_place"))

    def _style(self) -> None:
        self.view.verticalHeader().setDefaultSectionSize(theme.px(26))
        self.view.horizontalHeader().setFixedHeight(theme.px(26))
        self.text.setFixedWidth(theme.px(170 if self.width() > theme.px(1000) else 118))
        self._group.style_now(bool(self.model.grouping), GROUPINGS[self.model.grouping])
        self._widths()
        self.view.viewport().update()

    def _widths(self) -> None:
        """Columns as wide as what is in them, the message takes the rest; in a narrow window figures give way before words."""
        plain, mono = QFontMetrics(theme.font()), QFontMetrics(theme.font(12.5, mono=True))
        findings = [r for r in self.model.rows if isinstance(r, Finding)]
        room = max(400, self.view.viewport().width())

        def widest(column: int, least: int, most: int) -> int:
            metrics = mono if column == RULE else plain
            texts = {self.model.text(f, column) for f in findings[:400]} | {"差额差"}
            if column in FIGURES:  # words in a column of figures are shortened, figures never
                texts = {t for t in texts if parse_decimal(t)} | {"差额差"}
            return max(theme.px(least), min(theme.px(most), max(map(metrics.horizontalAdvance, texts)) + theme.px(18)))

        widths = {SEVERITY: theme.px(30), RULE: widest(RULE, 54, 90), FAMILY: widest(FAMILY, 52, 84),
                  PLACE: widest(PLACE, 110, int(room * 0.24 / theme.scale())), VERDICT: theme.px(66)}
        for column in FIGURES:
            widths[column] = widest(column, 64, 150)
        for column in GIVING_WAY:  # the finding in full tells them too
            if room - sum(widths.values()) < theme.px(240):
                widths[column] = 0
            if self.view.isColumnHidden(column) != (not widths[column]):
                self.view.setColumnHidden(column, not widths[column])
        spare = room - sum(widths.values()) - theme.px(440)
        for column in (ACTUAL, EXPECTED):  # words get what the message can do without
            words = max((plain.horizontalAdvance(self.model.text(f, column)) for f in findings[:400]), default=0) + theme.px(18)
            more = max(0, min(words, theme.px(150)) - widths[column]) if widths[column] else 0
            widths[column] += min(more, max(spare, 0))
            spare -= more
        for column, wide in widths.items():
            if wide and wide != self.view.columnWidth(column):
                self.view.setColumnWidth(column, wide)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.text.setFixedWidth(theme.px(170 if self.width() > theme.px(1000) else 118))
        self._widths()

    # ---- content

    def _rebuild(self) -> None:
        if self._state.filter.text != self.text.text().strip():
            self.text.setText(self._state.filter.text)
        self._state.settings.setValue("filter/severities", sorted(self._state.filter.severities))
        kept = {f.fingerprint for f in self.chosen()}
        self._quiet = True
        self.model.rebuild()
        self.view.clearSpans()
        for number, row in enumerate(self.model.rows):
            if isinstance(row, str):
                self.view.setSpan(number, 0, 1, self.model.columnCount())
        self._widths()
        selection = self.view.selectionModel()
        if len(kept) > 1:
            for fingerprint in kept:
                number = self.model.row_of(fingerprint)
                if number >= 0:
                    selection.select(self.model.index(number, 0), QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows)
        self._quiet = False
        self._say_empty()
        self._follow(self._state.selection)

    def _say_empty(self) -> None:
        doc = self._state.current
        if self.model.rows or doc is None:
            self._stack.setCurrentIndex(0)
            return
        if doc.busy:
            text = "正在读取和检查，发现的问题会列在这里"
        elif doc.error:
            text = "未能检查此文件"
        elif doc.result and doc.result.findings:
            text = f"当前筛选下没有问题（{keys_of('clear_filter')} 清除筛选）"
        elif doc.result:
            skipped = doc.result.status_count("skipped") + doc.result.status_count("failed")
            text = "✓ 未发现问题" + (f"；另有 {skipped} 条核对未执行，见上方“原因”" if skipped else "")
        else:
            text = ""
        self._empty.setText(text)
        self._stack.setCurrentIndex(1)

    def _verdicts(self) -> None:
        if self._state.filter.verdicts or self._state.filter.new:
            self._rebuild()
        else:
            self.model.refresh()

    def set_grouping(self, grouping: str) -> None:
        self.model.grouping = grouping
        self._state.settings.setValue("findings/grouping", grouping)
        self._group.style_now(bool(grouping), GROUPINGS[grouping])
        self._rebuild()

    def _sort(self, column: int) -> None:
        """Ascending, descending, then document order again."""
        header = self.view.horizontalHeader()
        if self.model.sorting == (column, False):
            self.model.sorting = (column, True)
        elif self.model.sorting == (column, True):
            self.model.sorting = None
        else:
            self.model.sorting = (column, False)
        header.setSortIndicatorShown(self.model.sorting is not None)
        if self.model.sorting is not None:
            header.setSortIndicator(column, Qt.SortOrder.DescendingOrder if self.model.sorting[1] else Qt.SortOrder.AscendingOrder)
        self._rebuild()

    # ---- choosing

    def chosen(self) -> list[Finding]:
        """The findings of the chosen rows, in list order."""
        rows = sorted(i.row() for i in self.view.selectionModel().selectedRows())
        return [r for n in rows if n < len(self.model.rows) and isinstance(r := self.model.rows[n], Finding)]

    def targets(self) -> list[Finding]:
        """What a decision is about: several chosen rows, or the chosen finding."""
        rows = self.chosen()
        current = self._state.current.finding() if self._state.current else None
        if len(rows) > 1 and (current is None or current in rows):
            return rows
        return [current] if current is not None else rows

    def _current(self, index: QModelIndex, before: QModelIndex) -> None:
        if self._quiet or not index.isValid():
            return
        row = self.model.rows[index.row()]
        if isinstance(row, Finding):
            self._state.select_finding(row, source="findings")

    def _follow(self, selection: Selection) -> None:
        self.view.viewport().update()
        number = self.model.row_of(selection.finding) if selection.finding else -1
        self._quiet = True
        model = self.view.selectionModel()
        if number < 0:
            if not selection.finding and len(self.chosen()) < 2:
                model.clear()
        else:
            index = self.model.index(number, 0)
            if model.currentIndex().row() != number or not model.isRowSelected(number, QModelIndex()):
                model.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows)
            self.view.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)
        self._quiet = False

    def _to_list(self) -> None:
        self._typed.stop()
        self._state.set_filter(replace(self._state.filter, text=self.text.text().strip()))
        self.view.setFocus()
        if self.model.rows and self._state.selection.finding == "":
            first = next((n for n, r in enumerate(self.model.rows) if isinstance(r, Finding)), -1)
            if first >= 0:
                self.view.selectRow(first)

    def focus_filter(self) -> None:
        self.text.setFocus()
        self.text.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.text.hasFocus() and not self.text.text():
                self.view.setFocus()
            elif self._state.filter.active:
                self.text.clear()
                self._state.set_filter(Filter())
            return
        super().keyPressEvent(event)

    def copy(self) -> bool:
        """The chosen findings as paragraphs."""
        found = self.targets()
        doc = self._state.current
        if found and doc:
            QGuiApplication.clipboard().setText("\n\n".join(paragraph(f, NAMES[doc.verdict(f).state]) for f in found))
        return bool(found)

    def _menu(self, point: QPoint) -> None:
        found = self.targets()
        doc = self._state.current
        if not found or doc is None or doc.review is None:
            return
        menu = QMenu(self)
        ask = self._state.action_requested.emit
        many = f"（{len(found)} 项）" if len(found) > 1 else ""
        for action, text in (("confirm", "属实"), ("dismiss", "排除…"), ("reopen", "待核"), ("note", "备注…")):
            menu.addAction(f"{text}{many if action != 'note' else ''}\t{keys_of(action)}", partial(ask, action))
        menu.addSeparator()
        rule = found[0].rule
        if rule in doc.review.ignored:
            menu.addAction(f"恢复规则 {rule}", lambda: ask("ignore_rule"))
        else:
            menu.addAction(f"在本文件中忽略规则 {rule}…\t{keys_of('ignore_rule')}", lambda: ask("ignore_rule"))
        menu.addAction("只看此规则", lambda: self._state.set_filter(Filter(text=rule)))
        place = found[0].place
        if place and place.table:
            menu.addAction(f"只看{place.table}", lambda: self._state.set_filter(Filter(tables=frozenset({place.table}))))
        menu.addSeparator()
        menu.addAction(f"规则说明\t{keys_of('rule_help')}", lambda: ask("rule_help"))
        menu.addAction(f"复制\t{keys_of('copy')}", self.copy)
        menu.exec(self.view.viewport().mapToGlobal(point))
