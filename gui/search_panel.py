"""Search in the document: a field, all hits with page and snippet, the marks on the pages."""
from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.model import Document, Place
from core.search import Hit, Index, index
from gui import theme
from gui.job import Job
from gui.state import State

SOURCE = "search"
LIMIT = 5000
_NONE = QModelIndex()


class SearchPanel(QFrame):
    """Typing searches after a moment; Enter and F3 go on, Shift+Enter and Shift+F3 back, Esc closes and takes the marks away."""

    closed = Signal()

    def __init__(self, state: State, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "surface")
        self.setObjectName("search")
        self.setAccessibleName("在文件中查找")
        self._state = state
        self._index: Index | None = None
        self._of: Document | None = None
        self._job: Job | None = None
        self._hits: tuple[Hit, ...] = ()
        self._at = -1
        self.field = QLineEdit()
        self.field.setPlaceholderText("查找文字或金额，全半角、空格和千分位不计")
        self.field.setAccessibleName("查找内容")
        self.field.setClearButtonEnabled(True)
        self.count = QLabel()
        self.count.setProperty("kind", "secondary")
        self.count.setAccessibleName("查找结果数")
        self.count.setIndent(theme.px(8))
        self.model = _Hits(self)
        self.list = QListView()
        self.list.setAccessibleName("查找结果")
        self.list.setModel(self.model)
        self.list.setItemDelegate(_HitDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._wait = QTimer(self, singleShot=True, interval=150)
        self._build()
        self.field.textChanged.connect(lambda _: self._wait.start())
        self.field.installEventFilter(self)
        self._wait.timeout.connect(self._search)
        self.list.clicked.connect(lambda i: self._show(i.row()))
        self.list.activated.connect(lambda i: self._show(i.row()))
        self.list.selectionModel().currentChanged.connect(self._moved_in_list)
        state.result_changed.connect(self._outdated)

    def _build(self) -> None:
        previous, following, close = QToolButton(), QToolButton(), QToolButton()
        for button, text, name, tip in ((previous, "↑", "上一个查找结果", "上一个（Shift+F3）"), (following, "↓", "下一个查找结果", "下一个（F3）"),
                                        (close, "✕", "关闭查找", "关闭（Esc）")):
            button.setText(text)
            button.setAccessibleName(name)
            button.setToolTip(tip)
        previous.clicked.connect(lambda: self.step(-1))
        following.clicked.connect(lambda: self.step(1))
        close.clicked.connect(self.close_search)
        head, below = QHBoxLayout(), QHBoxLayout()
        for row in (head, below):
            row.setSpacing(theme.px(4))
        head.addWidget(self.field, 1)
        head.addWidget(close)
        below.addWidget(self.count, 1)
        below.addWidget(previous)
        below.addWidget(following)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(8), theme.px(6), theme.px(8), theme.px(6))
        column.setSpacing(theme.px(2))
        column.addLayout(head)
        column.addLayout(below)
        column.addWidget(self.list, 1)

    # ---- what the window calls

    def open_search(self, text: str = "") -> None:
        """Shows the panel with the field in focus; `text` fills it (the selected words, for example)."""
        self.show()
        if text:
            self.field.setText(text)
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self._prepare()
        if self.field.text() and not self._hits:
            self._search()

    def close_search(self) -> None:
        """Hides the panel and the marks; the field keeps its text for the next time."""
        self._hits, self._at = (), -1
        self.model.set_hits(())
        self.count.clear()
        self._state.set_marks(())
        self.hide()
        self.closed.emit()

    def step(self, by: int) -> None:
        """The next or previous hit; round at the ends."""
        if not self._hits:
            if self.field.text().strip():
                self._search()
            return
        following = (self._at + by) % len(self._hits) if self._at >= 0 else (0 if by > 0 else len(self._hits) - 1)
        if self._at >= 0 and len(self._hits) > 1 and (following - self._at) * by < 0:
            self._state.message.emit("已到末尾，从头继续" if by > 0 else "已到开头，从末尾继续")
        self._show(following)

    @property
    def hits(self) -> tuple[Hit, ...]:
        return self._hits

    # ---- searching

    def _outdated(self) -> None:
        result = self._state.result
        if result is None or result.document is not self._of:
            self._index, self._of = None, None
            self._hits, self._at = (), -1
            self.model.set_hits(())
            self.count.clear()
            if self.isVisible() and self.field.text().strip():
                self._search()

    def _prepare(self) -> None:
        """Makes the document ready for searching, off the window's thread."""
        result = self._state.result
        if result is None or self._of is result.document:
            return
        document = result.document
        self._of, self._index = document, None
        job = Job(lambda step: index(document), self)
        job.succeeded.connect(lambda made: self._ready(document, made))
        job.failed.connect(lambda error: self.count.setText("查找出错"))
        job.finished.connect(job.deleteLater)
        self._job = job
        job.start()

    def _ready(self, document: Document, made: Index) -> None:
        if document is self._of:
            self._index = made
            if self.field.text().strip():
                self._search()

    def _search(self) -> None:
        self._wait.stop()
        query = self.field.text()
        if self._state.result is None:
            self.count.setText("没有文件")
            return
        if self._index is None:
            self._prepare()
            self.count.setText("准备中…")
            return
        self._hits = self._index.search(query, LIMIT)
        self._at = -1
        self.model.set_hits(self._hits)
        self._state.set_marks([Place(h.page, box) for h in self._hits if h.page is not None for box in h.boxes])
        if not self._hits:
            self.count.setText("无结果" if query.strip() else "")
            return
        self._show(self._nearest())

    def _nearest(self) -> int:
        """The first hit at or after where the reviewer is."""
        page = self._state.selection.page or (self._state.current.view.page if self._state.current else 1)
        lookup = self._state.lookup
        here = lookup.number(page) if lookup else None
        if lookup is None or here is None:
            return 0
        return next((i for i, h in enumerate(self._hits) if (lookup.number(h.page) or 0) >= here), 0)

    def _show(self, position: int) -> None:
        if not 0 <= position < len(self._hits):
            return
        self._at = position
        more = "+" if len(self._hits) >= LIMIT else ""
        self.count.setText(f"{position + 1}/{len(self._hits)}{more}")
        row = self.model.index(position)
        selection = self.list.selectionModel()
        selection.blockSignals(True)
        self.list.setCurrentIndex(row)
        selection.blockSignals(False)
        self.list.scrollTo(row)
        self.list.viewport().update()
        hit = self._hits[position]
        lookup = self._state.lookup
        if hit.cell is not None and lookup is not None and hit.table in lookup.tables:
            self._state.select_cell(hit.table, *hit.cell, source=SOURCE)
        else:
            self._state.select_place(hit.page, hit.boxes[0] if hit.boxes else None, SOURCE)

    def _moved_in_list(self, current: QModelIndex, _: QModelIndex) -> None:
        if current.isValid() and self.list.hasFocus():
            self._show(current.row())

    # ---- keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key, shift = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if self._wait.isActive():
                    self._search()
                else:
                    self.step(-1 if shift else 1)
                return True
            if key == Qt.Key.Key_Down and self._hits:
                self.list.setFocus()
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_search()
        else:
            super().keyPressEvent(event)


class _Hits(QAbstractListModel):
    """The hits for the list; what is spoken of one is its page, place and snippet."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._hits: tuple[Hit, ...] = ()

    def set_hits(self, hits: tuple[Hit, ...]) -> None:
        self.beginResetModel()
        self._hits = hits
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NONE) -> int:
        return 0 if parent.isValid() else len(self._hits)

    def data(self, at: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        hit = self._hits[at.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{page_name(hit)}，{hit.where}：{hit.snippet}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{page_name(hit)}　{hit.where}\n{hit.snippet}"
        if role == Qt.ItemDataRole.UserRole:
            return hit
        return None


def page_name(hit: Hit) -> str:
    return f"第 {hit.page} 页" if isinstance(hit.page, int) else str(hit.page or "")


class _HitDelegate(QStyledItemDelegate):
    """Page, snippet with the hit standing out, and where it is, on one line."""

    def sizeHint(self, option: QStyleOptionViewItem, at: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(theme.px(160), theme.row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, at: QModelIndex | QPersistentModelIndex) -> None:
        hit: Hit = at.data(Qt.ItemDataRole.UserRole)
        colours = theme.colours()
        rect: QRect = option.rect
        painter.save()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(colours.selection if chosen else colours.hover))
        plain, strong = theme.font(), theme.font(bold=True)
        small = theme.font(12)
        metrics, bold = QFontMetrics(plain), QFontMetrics(strong)
        x, right = rect.left() + theme.px(6), rect.right() - theme.px(6)
        page = page_name(hit)
        painter.setFont(small)
        painter.setPen(QColor(colours.secondary))
        painter.drawText(QRect(x, rect.top(), theme.px(60), rect.height()), Qt.AlignmentFlag.AlignVCenter,
                         QFontMetrics(small).elidedText(page, Qt.TextElideMode.ElideMiddle, theme.px(60)))
        x += theme.px(64)
        room = right - x
        where = QFontMetrics(small).elidedText(hit.where, Qt.TextElideMode.ElideRight, self._room_for_where(hit, room, metrics, bold))
        side = QFontMetrics(small).horizontalAdvance(where) + theme.px(12) if where else 0
        if where:
            alone = not hit.before and not hit.after  # the place stands right behind the figure, so that places line up
            start = x + bold.horizontalAdvance(hit.match) + theme.px(10) if alone else right - side
            painter.drawText(QRect(start, rect.top(), right - start, rect.height()),
                             Qt.AlignmentFlag.AlignVCenter | (Qt.AlignmentFlag.AlignLeft if alone else Qt.AlignmentFlag.AlignRight), where)
        room -= side
        match = bold.elidedText(hit.match, Qt.TextElideMode.ElideRight, room)
        left = max(0, room - bold.horizontalAdvance(match))
        before = metrics.elidedText(hit.before, Qt.TextElideMode.ElideLeft, min(left, max(left // 2, left - metrics.horizontalAdvance(hit.after))))
        x = self._piece(painter, x, rect, before, plain, colours.ink)
        wide = bold.horizontalAdvance(match)
        painter.fillRect(QRect(x, rect.top() + theme.px(4), wide, rect.height() - theme.px(8)), QColor(colours.warning_soft))
        x = self._piece(painter, x, rect, match, strong, colours.ink)
        rest = right - side - x
        self._piece(painter, x, rect, metrics.elidedText(hit.after, Qt.TextElideMode.ElideRight, max(rest, 0)), plain, colours.ink)
        painter.restore()

    @staticmethod
    def _room_for_where(hit: Hit, room: int, metrics: QFontMetrics, bold: QFontMetrics) -> int:
        """What the snippet leaves: a lone figure says nothing without its row and column, a sentence speaks for itself."""
        words = metrics.horizontalAdvance(hit.before + hit.after) + bold.horizontalAdvance(hit.match) + theme.px(14)
        least = int(room * 0.45) if room > theme.px(240) else 0
        return max(least, room - words if room - words > theme.px(60) else 0)

    def _piece(self, painter: QPainter, x: int, rect: QRect, text: str, font: QFont, colour: str) -> int:
        painter.setFont(font)
        painter.setPen(QColor(colour))
        wide = QFontMetrics(font).horizontalAdvance(text)
        painter.drawText(QRect(x, rect.top(), wide + 2, rect.height()), Qt.AlignmentFlag.AlignVCenter, text)
        return x + wide
