"""Two versions of a disclosure: what is solved, new and staying, and the tables and sentences that changed, side by side."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QMessageBox,
    QProgressDialog,
    QPushButton,
    QSplitter,
    QTableView,
    QTabWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from core.compare import ADDED, CHANGED, REMOVED, CellChange, Comparison, RowChange, TextChange, aligned_rows, compare
from core.model import Cell, Table
from core.results import Finding, Result
from gui import theme
from gui.dialogs.base import Dialog
from gui.state import State

_DATA = int(Qt.ItemDataRole.UserRole)
_NONE = QModelIndex()


class CompareView(QWidget):
    """`before` and `after` may be swapped. `finding_chosen` tells a finding and whether it is of the later version."""

    finding_chosen = Signal(object, bool)

    def __init__(self, before: Result, after: Result, names: tuple[str, str] = ("前一版本", "后一版本"), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("版本比较")
        self._results, self._names = (before, after), names
        self.comparison: Comparison = compare(before, after)
        self.heading, self.summary = QLabel(), QLabel()
        self.heading.setProperty("kind", "title")
        self.summary.setTextFormat(Qt.TextFormat.RichText)
        self.tabs = QTabWidget()
        swap = QPushButton("⇄ 对调前后")
        swap.setToolTip("把两个版本的先后对调")
        swap.clicked.connect(self.swap)
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        head.addWidget(swap)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        column.addLayout(head)
        column.addWidget(self.summary)
        column.addWidget(self.tabs, 1)
        self._fill()

    def swap(self) -> None:
        self._results, self._names = (self._results[1], self._results[0]), (self._names[1], self._names[0])
        self.comparison = compare(*self._results)
        self._fill()

    def _fill(self) -> None:
        c, found = theme.colours(), self.comparison
        self.heading.setText(f"{self._names[0]}　→　{self._names[1]}")
        numbers = ((len(found.solved), "已解决", c.ok), (len(found.new), "新增", c.error), (len(found.staying), "仍在", c.warning),
                   (len(found.cells), "处数字或文字改动", c.ink), (len(found.rows), "行增减", c.ink), (len(found.texts), "段说明改动", c.ink))
        self.summary.setText("&nbsp;&nbsp;&nbsp;&nbsp;".join(f'<b style="color:{colour}">{count}</b> {name}' for count, name, colour in numbers))
        self.tabs.clear()
        self.tabs.addTab(self._findings_page(), f"问题　{len(found.solved) + len(found.new) + len(found.staying)}")
        self.tables = TablesPage(*self._results, found)
        self.tabs.addTab(self.tables, f"表格　{len(found.cells) + len(found.rows)}")
        self.tabs.addTab(self._texts_page(), f"文字　{len(found.texts)}")

    def _findings_page(self) -> QWidget:
        page = QSplitter()
        c, found = theme.colours(), self.comparison
        self.lists: list[QListWidget] = []
        groups: Sequence[tuple[str, str, str, Sequence[tuple[Finding, bool, str]]]] = (
            ("✓ 已解决", c.ok, "前一版本有、后一版本没有的问题", [(f, False, "") for f in found.solved]),
            ("■ 新增", c.error, "后一版本才有的问题", [(f, True, "") for f in found.new]),
            ("▲ 仍在", c.warning, "两个版本都有的问题", [(b, True, _moved(a, b)) for a, b in found.staying]),
        )
        for name, colour, meaning, items in groups:
            holder = QWidget()
            column = QVBoxLayout(holder)
            column.setContentsMargins(theme.px(4), theme.px(8), theme.px(4), theme.px(4))
            title = QLabel(f"{name}　{len(items)}")
            title.setStyleSheet(f"color: {colour}; font-weight: 600")
            title.setToolTip(meaning)
            made = QListWidget()
            made.setAccessibleName(f"{name.split()[-1]}的问题")
            made.setWordWrap(True)
            made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            made.setStyleSheet(f"QListWidget::item {{ padding: {theme.px(4)}px {theme.px(6)}px; border-bottom: 1px solid {c.line_soft}; }}"
                               f"QListWidget::item:selected {{ background: {c.selection}; color: {c.ink}; }}")
            for finding, late, remark in items:
                item = QListWidgetItem(f"{theme.SEVERITY_SIGNS[finding.severity]} {finding.rule}　{finding.title}{remark}\n{_where(finding)}")
                item.setData(_DATA, (finding, late))
                item.setData(Qt.ItemDataRole.AccessibleTextRole,
                             f"{theme.SEVERITY_NAMES[finding.severity]}，{finding.title}，{_where(finding)}{remark}")
                item.setForeground(QColor(c.ink))
                item.setToolTip(finding.message)
                made.addItem(item)
            if not items:
                item = QListWidgetItem("无")
                item.setFlags(Qt.ItemFlag.NoItemFlags)
                made.addItem(item)
            made.itemActivated.connect(self._choose)
            column.addWidget(title)
            column.addWidget(made, 1)
            page.addWidget(holder)
            self.lists.append(made)
        return page

    def _choose(self, item: QListWidgetItem) -> None:
        data = item.data(_DATA)
        if data:
            self.finding_chosen.emit(*data)

    def _texts_page(self) -> QWidget:
        self.texts = QTextBrowser()
        self.texts.setAccessibleName("情况说明的改动")
        self.texts.document().setDocumentMargin(theme.px(14))
        self.texts.setHtml(texts_html(self.comparison.texts))
        return self.texts


def _where(finding: Finding) -> str:
    place = finding.place
    if place is None:
        return "全文"
    page = f"第{place.page}页 " if isinstance(place.page, int) else f"{place.page or ''} "
    return page + " · ".join(p for p in (place.table, place.row, place.column) if p)


def _moved(before: Finding, after: Finding) -> str:
    """How the figures of a finding that stays have changed."""
    if (before.actual, before.expected) == (after.actual, after.expected):
        return ""
    return f"　{before.actual} → {after.actual}" if before.actual != after.actual else f"　应为 {before.expected} → {after.expected}"


def texts_html(changes: Sequence[TextChange]) -> str:
    """Changed paragraphs by section: what went is struck out in red, what came is underlined in green."""
    c = theme.colours()
    if not changes:
        return f'<p style="color:{c.secondary}">情况说明没有改动。</p>'
    styles = {REMOVED: f"color:{c.error}; background:{c.error_soft}; text-decoration:line-through",
              ADDED: f"color:{c.ok}; background:{c.ok_soft}; text-decoration:underline"}
    parts: list[str] = []
    section = None
    for change in changes:
        if change.section != section:
            section = change.section
            parts.append(f'<p style="font-weight:600; color:{c.strong}; margin-top:{theme.px(12)}px">{escape(section)}</p>')
        name = {CHANGED: "改动", ADDED: "新增", REMOVED: "删除"}[change.kind]
        body = "".join(f'<span style="{styles[kind]}">{escape(text)}</span>' if kind in styles else escape(text)
                       for kind, text in change.pieces)
        place = (change.after or change.before)
        page = f"第 {place.place.page} 页" if place and place.place else ""
        parts.append(f'<p style="margin-left:{theme.px(10)}px"><span style="color:{c.secondary}">{name}　{page}</span>　{body}</p>')
    return "".join(parts)


class TablesPage(QWidget):
    """The changes in a list; the two tables of the chosen one beside each other, scrolled together, what differs marked."""

    def __init__(self, before: Result, after: Result, comparison: Comparison, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._results = (before, after)
        self._comparison = comparison
        self.list = QListWidget()
        self.list.setAccessibleName("表格的改动")
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        c = theme.colours()
        self.list.setStyleSheet(f"QListWidget::item {{ padding: {theme.px(3)}px {theme.px(6)}px; }}"
                                f"QListWidget::item:selected {{ background: {c.selection}; color: {c.ink}; }}")
        self.models = (SideModel(self), SideModel(self))
        self.views = (QTableView(), QTableView())
        sides = QSplitter()
        self._titles = (QLabel(), QLabel())
        for view, model, title, name in zip(self.views, self.models, self._titles, ("前一版本的表", "后一版本的表"), strict=True):
            _prepare(view, model, name)
            title.setProperty("kind", "heading")
            holder = QWidget()
            column = QVBoxLayout(holder)
            column.setContentsMargins(theme.px(4), theme.px(6), theme.px(4), 0)
            column.addWidget(title)
            column.addWidget(view, 1)
            sides.addWidget(holder)
        for one, two in (self.views, self.views[::-1]):
            one.verticalScrollBar().valueChanged.connect(two.verticalScrollBar().setValue)
            one.horizontalScrollBar().valueChanged.connect(two.horizontalScrollBar().setValue)
        split = QSplitter()
        split.addWidget(self.list)
        split.addWidget(sides)
        split.setStretchFactor(1, 1)
        split.setSizes([theme.px(320), theme.px(800)])
        across = QHBoxLayout(self)
        across.setContentsMargins(0, theme.px(4), 0, 0)
        across.addWidget(split)
        self._shown: tuple[str, str] = ("", "")
        self._fill()
        self.list.currentItemChanged.connect(lambda item, _: self._show(item))
        if self.list.count():
            self.list.setCurrentRow(next((i for i in range(self.list.count()) if self.list.item(i).data(_DATA) is not None), 0))
        else:
            self._titles[0].setText("表格没有改动")

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        QTimer.singleShot(0, self, lambda: self._show(self.list.currentItem()))  # sizes are known only now

    def _fill(self) -> None:
        found = self._comparison
        for names, word in ((found.tables_removed, "删除的表"), (found.tables_added, "新增的表")):
            for name in names:
                self.list.addItem(f"{word}：{name}")
        changes: list[CellChange | RowChange] = [*found.cells, *found.rows]
        table = None
        for change in sorted(changes, key=lambda c: self._order(c)):
            if change.table != table:
                table = change.table
                head = QListWidgetItem(table)
                head.setFlags(Qt.ItemFlag.ItemIsEnabled)
                head.setFont(theme.font(bold=True))
                head.setForeground(QColor(theme.colours().strong))
                self.list.addItem(head)
            item = QListWidgetItem(_told(change))
            item.setData(_DATA, change)
            self.list.addItem(item)

    def _order(self, change: CellChange | RowChange) -> int:
        ids = [after for _, after in self._comparison.matched]
        wanted = change.after_table if isinstance(change, CellChange) else change.table_id
        return ids.index(wanted) if wanted in ids else len(ids)

    def _show(self, item: QListWidgetItem | None) -> None:
        change = item.data(_DATA) if item is not None else None
        if change is None:
            return
        pair = self._pair(change)
        if pair is None:
            return
        if (pair[0].id, pair[1].id) != self._shown:
            self._shown = (pair[0].id, pair[1].id)
            self._load(*pair)
        self._point(change)

    def _pair(self, change: CellChange | RowChange) -> tuple[Table, Table] | None:
        wanted = {change.before_table, change.after_table} if isinstance(change, CellChange) else {change.table_id}
        for one, two in self._comparison.matched:
            if {one, two} & wanted:
                before, after = self._results[0].document.table(one), self._results[1].document.table(two)
                if before is not None and after is not None:
                    return before, after
        return None

    def _load(self, before: Table, after: Table) -> None:
        rows = aligned_rows(before, after)
        marked: tuple[set[int], set[int]] = (set(), set())
        for change in self._comparison.cells:
            if change.before_table == before.id and change.after_table == after.id:
                for number, cell in enumerate((change.before, change.after)):
                    if cell is not None:
                        marked[number].add(id(cell))
        for number, (model, table) in enumerate(zip(self.models, (before, after), strict=True)):
            model.fill(table, [pair[number] for pair in rows], marked[number])
            self._titles[number].setText(f"{table.id}　{table.title}")
            view = self.views[number]
            view.resizeColumnsToContents()
            for column in range(model.columnCount()):
                view.setColumnWidth(column, max(theme.px(56), min(view.columnWidth(column) + theme.px(8), theme.px(220))))

    def _point(self, change: CellChange | RowChange) -> None:
        cells = (change.before, change.after) if isinstance(change, CellChange) else \
            ((change.cells[0] if change.cells else None, None) if change.kind == REMOVED else (None, change.cells[0] if change.cells else None))
        for view, model, cell in zip(self.views, self.models, cells, strict=True):
            at = model.index_of(cell)
            if at is not None:
                view.setCurrentIndex(at)
                view.scrollTo(model.index(at.row(), 0), QAbstractItemView.ScrollHint.PositionAtCenter)
                view.scrollTo(at, QAbstractItemView.ScrollHint.EnsureVisible)
                bar, first = view.horizontalScrollBar(), view.columnAt(0)
                if first >= 0 and view.columnViewportPosition(first) < 0:  # no figure is cut in half
                    bar.setValue(bar.value() + view.columnViewportPosition(first) + view.columnWidth(first))


def _told(change: CellChange | RowChange) -> str:
    if isinstance(change, RowChange):
        return f"{'＋ 新增行' if change.kind == ADDED else '－ 删除行'}　{change.row}"
    before, after = (change.before.text if change.before else "", change.after.text if change.after else "")
    gap = change.difference
    more = f"（{gap:+,f}）" if gap is not None and gap else ""
    return f"{change.row} · {change.column}\n{before or '空'} → {after or '空'}{more}"


def _prepare(view: QTableView, model: SideModel, name: str) -> None:
    view.setModel(model)
    view.setAccessibleName(name)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setWordWrap(False)
    view.verticalHeader().setDefaultSectionSize(theme.row_height())
    view.verticalHeader().hide()
    view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)


class SideModel(QAbstractTableModel):
    """One of two tables with its rows at the height of their counterparts; what differs has a ground and a sign."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._table: Table | None = None
        self._rows: list[int | None] = []
        self._marked: set[int] = set()

    def fill(self, table: Table, rows: list[int | None], marked: set[int]) -> None:
        self.beginResetModel()
        self._table, self._rows, self._marked = table, rows, marked
        self.endResetModel()

    def cell(self, row: int, column: int) -> Cell | None:
        body = self._rows[row]
        if self._table is None or body is None or column >= len(self._table.rows[body]):
            return None
        return self._table.rows[body][column]

    def index_of(self, cell: Cell | None) -> QModelIndex | None:
        if cell is None or self._table is None:
            return None
        body = cell.row - len(self._table.header)
        return self.index(self._rows.index(body), cell.column) if body in self._rows else None

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NONE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _NONE) -> int:
        return 0 if parent.isValid() or self._table is None else len(self._table.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal and self._table is not None:
            column = self._table.columns[section]
            return column.path[-1] if column.path else column.key
        return None

    def data(self, at: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        cell = self.cell(at.row(), at.column())
        c = theme.colours()
        marked = cell is not None and id(cell) in self._marked
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{'◆ ' if marked else ''}{cell.text}" if cell is not None else ""
        if role == Qt.ItemDataRole.BackgroundRole:
            return QColor(c.raised) if self._rows[at.row()] is None else QColor(c.warning_soft) if marked else None
        if role == Qt.ItemDataRole.TextAlignmentRole and self._table is not None and self._table.columns[at.column()].kind == "amount":
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ToolTipRole and cell is not None:
            return cell.text
        return None


class CompareDialog(Dialog):
    """A window of its own beside the desk."""

    def __init__(self, state: State, before: Result, after: Result, names: tuple[str, str], parent: QWidget | None = None) -> None:
        super().__init__("版本比较", parent, 1180, 720)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint, True)
        self._state = state
        self.view = CompareView(before, after, names)
        self.view.finding_chosen.connect(self._go)
        self.body.addWidget(self.view, 1)
        self.close_button()

    def _go(self, finding: Finding, late: bool) -> None:
        """Shows a finding on the desk when its document is the one open there."""
        lookup = self._state.lookup
        own = lookup.finding(finding.fingerprint) if lookup else None
        if own is not None:
            self._state.select_finding(own, source="compare")
        else:
            self._state.message.emit("该问题属于另一个版本的文件")


# ------------------------------------------------------------------ choosing the other version

def compare_with(window: QWidget, state: State) -> None:
    """Asks for the other version (an open document, or a file) and shows the comparison. The chosen one counts as the earlier."""
    if state.result is None or state.current is None:
        state.message.emit("请先打开一份文件")
        return
    others = [d for d in state.documents if d is not state.current and d.result is not None]
    if not others:
        _from_file(window, state)
        return
    menu = QMenu("与另一版本比较", window)
    for doc in others:
        assert doc.result is not None
        menu.addAction(f"与 {doc.name} 比较（{doc.path.name}）").triggered.connect(
            lambda _=False, r=doc.result, n=doc.path.name: show_comparison(window, state, r, n))
    menu.addSeparator()
    menu.addAction("选择文件…").triggered.connect(lambda: _from_file(window, state))
    menu.exec(window.mapToGlobal(window.rect().center()))


def show_comparison(window: QWidget, state: State, other: Result, name: str) -> CompareDialog | None:
    if state.result is None or state.current is None:
        return None
    dialog = CompareDialog(state, other, state.result, (name, state.current.path.name), window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.show()
    return dialog


def _from_file(window: QWidget, state: State) -> None:
    path, _ = QFileDialog.getOpenFileName(window, "选择另一个版本（较早的）", str(state.current.path.parent if state.current else ""),
                                          "公开文件 (*.pdf *.docx *.xlsx *.xls)")
    if path:
        read_other(window, state, Path(path), lambda result: show_comparison(window, state, result, Path(path).name))


def read_other(window: QWidget, state: State, path: Path, done: Callable[[Result], object]) -> QProgressDialog:
    """Reads the other version away from the window's thread, with progress and a way to stop."""
    from gui.job import ReadJob
    progress = QProgressDialog(f"正在读取 {path.name}", "取消", 0, 0, window)
    progress.setWindowTitle("版本比较")
    progress.setMinimumDuration(0)
    progress.setAutoClose(False)
    job = ReadJob(path, state.options())

    def step(at: int, total: int, text: str) -> None:
        progress.setMaximum(total)
        progress.setValue(at)
        progress.setLabelText(f"{path.name}\n{text}")

    def finished(result: Result) -> None:
        progress.canceled.disconnect(job.cancel)
        progress.close()
        done(result)

    def failed(error: object) -> None:
        progress.canceled.disconnect(job.cancel)
        progress.close()
        QMessageBox.warning(window, "无法读取", f"{path.name}：{error}")

    job.progressed.connect(step)
    job.succeeded.connect(finished)
    job.failed.connect(failed)
    progress.canceled.connect(job.cancel)
    progress._job = job  # type: ignore[attr-defined]  # lives as long as the dialog
    job.start()
    return progress
