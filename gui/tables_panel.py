"""The parsed table as printed: frozen headers and first columns, merged cells, and how each cell fares."""
from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from core.model import Cell, Table
from core.numbers import show
from gui import theme
from gui.state import Selection, State
from gui.tables_model import CELL, LOOK, Look, TableModel, as_tsv, selection_sum, unique_cells
from gui.widgets import Elided

MAX_WIDTH = 300
LINES = 8


def paint_cell(painter: QPainter, rect: QRect, text: str, look: Look, *, header: bool = False, chosen: bool = False, current: bool = False) -> None:
    """A printed cell with its marks: ground, corner, sign and outline; colour is never the only one of them."""
    c = theme.colours()
    ground = c.header if header else c.surface
    if look.part:
        ground = c.related_soft
    if look.severity and not header:
        ground = c.severity_soft(look.severity)
    if chosen:
        ground = c.selection
    painter.fillRect(rect, QColor(ground))
    painter.setPen(QColor(c.line_soft if not header else c.line))
    painter.drawLine(rect.topRight(), rect.bottomRight())
    painter.drawLine(rect.bottomLeft(), rect.bottomRight())
    if look.verified and not header:
        size = theme.px(7)
        painter.setPen(Qt.PenStyle.NoPen)
        corner = QColor(c.ok)
        corner.setAlphaF(0.45)
        painter.setBrush(corner)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        left, top = float(rect.left()), float(rect.top())
        painter.drawPolygon(QPolygonF([QPointF(left, top), QPointF(left + size, top), QPointF(left, top + size)]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    inner = rect.adjusted(theme.px(6), theme.px(2), -theme.px(6), -theme.px(2))
    sign = theme.SEVERITY_SIGNS[look.severity] if look.severity else "○" if look.unverified else ""
    if sign:
        painter.setFont(theme.font(9 if look.severity else 10))
        painter.setPen(QColor(c.severity(look.severity) if look.severity else c.idle))
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, sign)
        inner.setLeft(inner.left() + theme.px(13))
    font = theme.font(12.5 if header else 13, bold=look.bold or header)
    painter.setFont(font)
    painter.setPen(QColor(c.severity(look.severity) if look.severity and not header else c.secondary if header else c.ink))
    if header:
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    elif look.number:
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    else:
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWrapAnywhere
    if look.number and QFontMetrics(font).horizontalAdvance(text) > inner.width():
        text = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideLeft, inner.width())
    painter.drawText(inner, int(flags), text)
    if look.ocr and text:
        _paint_recognised(painter, inner, text, flags)
    _paint_outline(painter, rect, look, current)


def _paint_recognised(painter: QPainter, inner: QRect, text: str, flags: Qt.AlignmentFlag | Qt.TextFlag) -> None:
    """A dotted line under what was recognised from a picture."""
    box = painter.boundingRect(inner, int(flags), text)
    painter.setPen(QPen(QColor(theme.colours().idle), 1, Qt.PenStyle.DotLine))
    level = min(box.bottom() + 1, inner.bottom())
    painter.drawLine(max(box.left(), inner.left()), level, min(box.right(), inner.right()), level)


def _paint_outline(painter: QPainter, rect: QRect, look: Look, current: bool) -> None:
    c = theme.colours()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if look.part or look.total:
        painter.setPen(QPen(QColor(c.related), 2 if look.total else 1, Qt.PenStyle.SolidLine if look.total else Qt.PenStyle.DashLine))
        painter.drawRect(rect.adjusted(1, 1, -2, -2))
    if look.role:
        wrong = look.role in ("actual", "place")
        colour = c.severity(look.tone) if wrong else c.related
        pen = QPen(QColor(colour), 2, Qt.PenStyle.SolidLine if wrong else Qt.PenStyle.DashLine)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawRect(rect.adjusted(1, 1, -2, -2))
        if look.active:
            painter.setPen(QPen(QColor(colour), 1))
            painter.drawRect(rect.adjusted(3, 3, -4, -4))
    elif current:
        painter.setPen(QPen(QColor(c.accent), 2))
        painter.drawRect(rect.adjusted(1, 1, -2, -2))


class CellDelegate(QStyledItemDelegate):
    """Draws the cells of the body."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        look = index.data(LOOK) or Look()
        state = option.state
        rect: QRect = option.rect
        view = self.parent()
        current = isinstance(view, QTableView) and view.currentIndex() == index
        painter.save()
        paint_cell(painter, rect, str(index.data() or ""), look, chosen=bool(state & QStyle.StateFlag.State_Selected), current=current)
        painter.restore()


class PrintedHeader(QHeaderView):
    """The printed header of the table, over as many rows as it has, merged cells merged."""

    chosen = Signal(int, int)

    def __init__(self, model: TableModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._table_model = model
        self._heights: list[int] = []
        self.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(theme.px(24))
        self.setAccessibleName("表头")

    def measure(self) -> None:
        """Row heights from what is printed in each at the present widths."""
        table = self._table_model.table
        metrics = QFontMetrics(theme.font(12.5, bold=True))
        self._heights = []
        for row in table.header if table else ():
            height = theme.row_height()
            for cell in row:
                if cell is None or cell.row_span > 1:
                    continue
                wide = sum(self.sectionSize(c) for c in range(cell.column, cell.column + cell.column_span)) - theme.px(12)
                box = metrics.boundingRect(QRect(0, 0, max(wide, 30), 1000), int(Qt.TextFlag.TextWordWrap), cell.text)
                height = max(height, min(box.height() + theme.px(8), theme.px(80)))
            self._heights.append(height)
        self._stretch(table, metrics)
        self.updateGeometry()
        self.viewport().update()

    def _stretch(self, table: Table | None, metrics: QFontMetrics) -> None:
        """Cells merged over several header rows need room too; the last row gives it."""
        for row in table.header if table else ():
            for cell in row:
                if cell is None or cell.row_span < 2:
                    continue
                rows = range(cell.row, min(cell.row + cell.row_span, len(self._heights)))
                wide = sum(self.sectionSize(c) for c in range(cell.column, cell.column + cell.column_span)) - theme.px(12)
                box = metrics.boundingRect(QRect(0, 0, max(wide, 30), 1000), int(Qt.TextFlag.TextWordWrap), cell.text)
                lack = min(box.height() + theme.px(8), theme.px(110)) - sum(self._heights[r] for r in rows)
                if lack > 0 and rows:
                    self._heights[rows[-1]] += lack

    def take_heights(self, other: PrintedHeader) -> None:
        """The frozen copy is as high as the whole header, whose hidden columns it cannot measure."""
        self._heights = list(other._heights)
        self.updateGeometry()
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), max(1, sum(self._heights)))

    def _rect(self, cell: Cell) -> QRect:
        left = self.sectionViewportPosition(cell.column)
        last = min(cell.column + cell.column_span, self.count()) - 1
        right = self.sectionViewportPosition(last) + self.sectionSize(last)
        top = sum(self._heights[:cell.row])
        return QRect(left, top, right - left, sum(self._heights[cell.row:cell.row + cell.row_span]))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self.viewport()) as painter:  # ended even when drawing fails
            self._draw(painter)

    def _draw(self, painter: QPainter) -> None:
        painter.fillRect(self.viewport().rect(), QColor(theme.colours().header))
        table, model = self._table_model.table, self._table_model
        if table is None or not self._heights:
            return
        selection = model._state.selection
        for row in table.header:
            for cell in row:
                if cell is not None and cell.row < len(self._heights):
                    look = model.look(cell.row, cell.column, cell)
                    current = selection.table == table.id and selection.cell == (cell.row, cell.column)
                    paint_cell(painter, self._rect(cell), cell.text, look, header=True, current=current)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        table = self._table_model.table
        if table is None or event.button() != Qt.MouseButton.LeftButton:
            return
        for row in table.header:
            for cell in row:
                if cell is not None and cell.row < len(self._heights) and self._rect(cell).contains(event.position().toPoint()):
                    self.chosen.emit(cell.row, cell.column)
                    return


class GridView(QTableView):
    """The body with a frozen copy of its first columns."""

    chosen = Signal(int, int)
    hovered = Signal(object)
    selected = Signal(list)
    pulled = Signal(int, int)
    """A column that the reviewer made this wide."""

    def __init__(self, model: TableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table_model = model
        self._frozen_columns = 0
        self._quiet = False
        self.widths: dict[int, int] = {}
        """Columns that the reviewer made as wide as this, for a font of scale 1."""
        self._hover: object = None
        self._settle = QTimer(self, singleShot=True, interval=60)
        self._settle.timeout.connect(self._settled)
        self._prepare(self)
        self.head = PrintedHeader(model, self)
        self.setHorizontalHeader(self.head)
        self.setModel(model)
        self.setItemDelegate(CellDelegate(self))
        self.setAccessibleName("解析出的表格")
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setAccessibleName("行号")
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        self.frozen = QTableView(self)
        self._prepare(self.frozen)
        self.frozen_head = PrintedHeader(model, self.frozen)
        self.frozen.setHorizontalHeader(self.frozen_head)
        self.frozen.setModel(model)
        self.frozen.setSelectionModel(self.selectionModel())
        self.frozen.setItemDelegate(CellDelegate(self))
        self.frozen.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.frozen.verticalHeader().setAccessibleName("固定列行号")
        self.frozen.verticalHeader().hide()
        self.frozen.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.frozen.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.frozen.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.frozen.setFrameShape(QFrame.Shape.NoFrame)
        self.frozen.setAccessibleName("固定列")
        self.frozen.hide()
        self.viewport().stackUnder(self.frozen)
        for signal in (self.verticalScrollBar().valueChanged, self.frozen.verticalScrollBar().valueChanged,
                       self.frozen.verticalScrollBar().rangeChanged):
            signal.connect(self._level)
        self.head.sectionResized.connect(self._resized)
        self.frozen_head.sectionResized.connect(self._frozen_resized)
        self.head.chosen.connect(self.chosen)
        self.frozen_head.chosen.connect(self.chosen)
        self.selectionModel().currentChanged.connect(self._current_changed)
        self.selectionModel().selectionChanged.connect(lambda *_: self.selected.emit(self.selectedIndexes()))

    def _prepare(self, view: QTableView) -> None:
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setShowGrid(False)
        view.setWordWrap(True)
        view.setCornerButtonEnabled(False)
        view.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        view.setMouseTracking(True)
        view.viewport().setMouseTracking(True)
        view.viewport().installEventFilter(self)
        view.setTabKeyNavigation(False)

    # ---- what is shown

    def fill(self, table: Table | None) -> None:
        """Shows a table: spans, widths, heights and frozen columns."""
        self._quiet = True
        self._table_model.set_table(table)
        self.clearSpans()
        self.frozen.clearSpans()
        if table is not None:
            headers = len(table.header)
            for row in table.rows:
                for cell in row:
                    if cell is not None and (cell.row_span > 1 or cell.column_span > 1):
                        self.setSpan(cell.row - headers, cell.column, cell.row_span, cell.column_span)
                        self.frozen.setSpan(cell.row - headers, cell.column, cell.row_span, cell.column_span)
        self.measure()
        self._quiet = False

    def measure(self) -> None:
        """Column widths and row heights for the present font."""
        quiet, self._quiet = self._quiet, True
        self._measure()
        self._quiet = quiet

    def _measure(self) -> None:
        table, model = self._table_model.table, self._table_model
        if table is None:
            self.frozen.hide()
            self.head.measure()
            return
        plain, bold = QFontMetrics(theme.font()), QFontMetrics(theme.font(bold=True))
        widths = [theme.px(48)] * model.columnCount()
        most = min(theme.px(MAX_WIDTH), max(theme.px(120), int(self.viewport().width() * 0.36)))
        for column, texts in enumerate(_longest(table, len(widths))):
            for text in texts:
                widths[column] = max(widths[column], min(bold.horizontalAdvance(text) + theme.px(26), most))
        for row in table.header:
            for cell in row:
                if cell is not None and cell.column < len(widths):
                    share = min(bold.horizontalAdvance(cell.text), theme.px(110) * cell.column_span) // cell.column_span + theme.px(14)
                    for column in range(cell.column, min(cell.column + cell.column_span, len(widths))):
                        widths[column] = max(widths[column], share)
        self._spread(widths)
        for column, wide in self.widths.items():
            if column < len(widths):
                widths[column] = theme.px(wide)
        for column, wide in enumerate(widths):
            self.setColumnWidth(column, wide)
        self._heights(table, widths, plain)
        number = QFontMetrics(theme.font(12)).horizontalAdvance(str(max(100, len(table.rows)))) + theme.px(10)
        self.verticalHeader().setFixedWidth(number)
        self._freeze(table, widths)
        self.head.measure()
        self.frozen_head.take_heights(self.head)
        self.updateGeometries()
        self._place_frozen()

    def _spread(self, widths: list[int]) -> None:
        """Room that is left goes to the columns of words."""
        left = self.viewport().width() - sum(widths) - 2
        texts = [i for i in range(len(widths)) if self._table_model._kinds.get(i) != "amount"]
        if left > 0 and texts:
            for i in texts:
                widths[i] += min(left // len(texts), theme.px(120))

    def _heights(self, table: Table, widths: list[int], metrics: QFontMetrics) -> None:
        """Rows as tall as their text needs. Most need one line, and only the others cost anything."""
        usual, line, em = theme.row_height(), metrics.height(), metrics.horizontalAdvance("国")
        tall: dict[int, int] = {}
        for number, row in enumerate(table.rows):
            height = usual
            for cell in row:
                if cell is None or cell.row_span > 1 or len(cell.text) < 8:
                    continue
                sign = theme.px(13) if self._table_model.may_have_sign(cell.row, cell.column) else 0
                wide = sum(widths[cell.column:cell.column + cell.column_span]) - theme.px(13) - sign
                if "\n" not in cell.text and len(cell.text) * em <= wide:
                    continue
                lines = sum(max(1, -(-metrics.horizontalAdvance(part) // max(wide, 20))) for part in cell.text.split("\n"))
                if lines > 1:
                    height = max(height, min(lines, LINES) * line + theme.px(8))
            if height != usual:
                tall[number] = height
        for view in (self, self.frozen):
            header = view.verticalHeader()
            header.setDefaultSectionSize(usual)
            for number in range(header.count()):  # a model that is reset keeps the heights of the table before
                if header.sectionSize(number) != tall.get(number, usual):
                    header.resizeSection(number, tall.get(number, usual))

    def _freeze(self, table: Table, widths: list[int]) -> None:
        """Leading columns of codes and names stay in sight, as long as they leave room for the figures."""
        count = 0
        if table.kind in ("budget", "catalogue") or table.columns:
            for column in sorted(table.columns, key=lambda c: c.index):
                if column.kind == "amount" or column.index != count:
                    break
                count += 1
        count = min(count, 2)
        while count and (sum(widths[:count]) > self.viewport().width() * 0.56 or _cuts_header(table, count)):
            count -= 1
        self._frozen_columns = count if sum(widths) > self.viewport().width() else 0
        for number, wide in enumerate(widths):
            self.frozen.setColumnHidden(number, number >= self._frozen_columns)
            if number < self._frozen_columns:
                self.frozen.setColumnWidth(number, wide)

    def _place_frozen(self) -> None:
        wide = sum(self.columnWidth(c) for c in range(self._frozen_columns))
        self.frozen.setVisible(bool(self._frozen_columns))
        if self._frozen_columns:
            self.frozen.horizontalHeader().setFixedHeight(self.horizontalHeader().height())
            self.frozen.setGeometry(self.verticalHeader().width() + self.frameWidth(), self.frameWidth(), wide,
                                    self.viewport().height() + self.horizontalHeader().height())
            self._level()

    def _level(self, *_: int) -> None:
        """The frozen columns stand where the body stands, whatever they would like themselves."""
        bar = self.frozen.verticalScrollBar()
        if bar.value() != self.verticalScrollBar().value():
            bar.setValue(self.verticalScrollBar().value())

    def _frozen_resized(self, column: int, before: int, wide: int) -> None:
        """A frozen column that the reviewer pulls wider; the copies that are only hidden there have no say."""
        if column < self._frozen_columns and wide:
            self.setColumnWidth(column, wide)

    def _resized(self, column: int, before: int, wide: int) -> None:
        if column < self._frozen_columns and self.frozen.columnWidth(column) != wide:
            self.frozen.setColumnWidth(column, wide)
        if not self._quiet:
            self.pulled.emit(column, wide)
            self.head.measure()
            self.frozen_head.take_heights(self.head)
            self._place_frozen()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width() and self._table_model.table is not None:
            self._settle.start()
        self._place_frozen()

    def _settled(self) -> None:
        """The width has stopped changing."""
        self.measure()

    # ---- choosing

    def show_cell(self, row: int, column: int) -> None:
        """Makes a body cell the current one, in sight beside the frozen columns, without telling anybody."""
        index = self._table_model.index(row, column)
        if not index.isValid():
            return
        self._quiet = True
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._quiet = False
        self._bring(row, column)

    def _bring(self, row: int, column: int) -> None:
        top, high = self.rowViewportPosition(row), self.rowHeight(row)
        view = self.viewport().height()
        if top < high or top + 2 * high > view:
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() + top - (view - high) // 2)
        if column >= self._frozen_columns:
            left, wide = self.columnViewportPosition(column), self.columnWidth(column)
            edge = sum(self.columnWidth(c) for c in range(self._frozen_columns))
            if left < edge or left + wide > self.viewport().width():
                middle = edge + (self.viewport().width() - edge - wide) // 2
                self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() + left - max(edge, middle))

    def clear_choice(self) -> None:
        self._quiet = True
        self.selectionModel().clear()
        self._quiet = False

    def _current_changed(self, index: QModelIndex, before: QModelIndex) -> None:
        self.viewport().update()
        self.frozen.viewport().update()
        if not self._quiet and index.isValid():
            cell = index.data(CELL)
            row = cell.row if cell else index.row() + self._table_model.headers
            self.chosen.emit(row, cell.column if cell else index.column())

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        views = {self.viewport(): self, self.frozen.viewport(): self.frozen} if hasattr(self, "frozen") else {}
        view = views.get(watched)  # type: ignore[call-overload]
        if view is not None and event.type() in (QEvent.Type.MouseMove, QEvent.Type.Leave):
            index = view.indexAt(event.position().toPoint()) if isinstance(event, QMouseEvent) else QModelIndex()
            cell = index.data(CELL) if index.isValid() else None
            if cell is not self._hover:
                self._hover = cell
                self.hovered.emit(cell)
        if view is self.frozen and event.type() == QEvent.Type.MouseButtonPress:
            self.setFocus()
        if view is self.frozen and isinstance(event, QWheelEvent):
            self.wheelEvent(event)
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text().isprintable() and event.text() and not event.modifiers() & (
                Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            event.ignore()  # no jump by typed letters: they belong to the input method
            return
        super().keyPressEvent(event)


def _longest(table: Table, columns: int) -> list[list[str]]:
    """The few longest texts of each column; the printed width of the others need not be measured."""
    found: list[list[tuple[int, str]]] = [[] for _ in range(columns)]
    for row in table.rows:
        for cell in row:
            if cell is not None and cell.column_span == 1 and cell.column < columns:
                text = cell.text if "\n" not in cell.text else max(cell.text.split("\n"), key=len)
                best, size = found[cell.column], len(text.encode())
                if len(best) < 3 or size > best[-1][0]:
                    best.append((size, text))
                    best.sort(reverse=True)
                    del best[3:]
    return [[text for _, text in best] for best in found]


def _cuts_header(table: Table, count: int) -> bool:
    """Whether a merged header cell lies on both sides of the first `count` columns."""
    return any(cell is not None and cell.column < count < cell.column + cell.column_span for row in table.header for cell in row)


class TablesPanel(QWidget):
    """The table of the selection, with its name and unit above it."""

    summed = Signal(str)

    def __init__(self, state: State, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.model = TableModel(state, self)
        self.view = GridView(self.model, self)
        self.head = QFrame(self)
        self.head.setProperty("kind", "panelhead")
        self._id = QLabel(self)
        self._id.setProperty("kind", "heading")
        self._title = Elided(self)
        self._unit = QLabel(self)
        self._unit.setProperty("kind", "secondary")
        self.head_row = QHBoxLayout(self.head)
        self.head_row.setContentsMargins(10, 0, 12, 0)
        self.head_row.setSpacing(8)
        self.head_row.addWidget(self._id)
        self.head_row.addWidget(self._title, 1)
        self.head_row.addWidget(self._unit)
        self._empty = QLabel("在左侧选择一张表，或在页面上点一个数", self)
        self._empty.setProperty("kind", "empty")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self._stack, 1)
        self.setFocusProxy(self.view)
        self.view.chosen.connect(self._choose)
        self.view.hovered.connect(self._hover)
        self.view.selected.connect(self._sum)
        self.view.pulled.connect(self._keep_width)
        self._behind = QTimer(self, singleShot=True, interval=0)
        self._behind.timeout.connect(self._reload)
        state.result_changed.connect(self._behind.start)  # a large table takes its time: the rest of the window answers first
        state.selection_changed.connect(self._follow)
        state.trace_changed.connect(self._remark)
        state.verdicts_changed.connect(self._remark)
        state.theme_changed.connect(self._style)
        self._style()

    def add_to_head(self, widget: QWidget) -> None:
        """Puts a widget at the left of the head (the switch between table and text)."""
        self.head_row.insertWidget(0, widget)

    def set_unverified(self, on: bool) -> None:
        self.model.show_unverified = on
        self._remark()

    def _style(self) -> None:
        self.head.setFixedHeight(theme.px(34))
        if self.model.table is not None:
            self.view.measure()

    def _reload(self) -> None:
        lookup = self._state.lookup
        shown = self._state.selection.table or (self.model.table.id if self.model.table else "")
        table = lookup.tables.get(shown) if lookup else None
        if table is None and lookup is not None:
            table = next(iter(lookup.tables.values()), None)
        self._show(table)
        self._follow(self._state.selection)

    def _show(self, table: Table | None) -> None:
        before = self.model.table
        same = table is not None and before is not None and table.id == before.id  # read anew: it stays where it was scrolled to
        bars = self.view.verticalScrollBar(), self.view.horizontalScrollBar()
        places = [bar.value() for bar in bars]
        self.view.widths = self._kept_widths(table)
        self.view.fill(table)
        for bar, place in zip(bars, places, strict=True):
            bar.setValue(place if same else 0)
        self._stack.setCurrentIndex(1 if table is not None else 0)
        self._id.setText(table.id if table else "")
        self._id.setVisible(table is not None)
        self._title.set_full(table.title if table else "")
        unit = table.amount_unit if table else ""
        notes = [] if table is None or table.recognised else ["未识别版式，按原样显示"]
        self._unit.setText("　".join([*notes, *([f"单位：{unit}"] if unit else [])]))

    def _widths_key(self, table: Table, columns: int) -> str:
        """Where the settings keep the widths of a table: the same table of other documents shares them."""
        result = self._state.result
        return f"columns/{result.document.template if result else ''}-{table.id}-{columns}"

    def _kept_widths(self, table: Table | None) -> dict[int, int]:
        if table is None:
            return {}
        columns = max((len(r) for r in (*table.header, *table.rows)), default=0)
        kept = str(self._state.settings.value(self._widths_key(table, columns), "") or "")
        pairs = (pair.split(":") for pair in kept.split(";") if pair)
        return {int(column): int(wide) for column, wide in pairs}

    def _keep_width(self, column: int, wide: int) -> None:
        table = self.model.table
        if table is not None and wide:
            self.view.widths[column] = round(wide / theme.scale())
            kept = ";".join(f"{c}:{w}" for c, w in sorted(self.view.widths.items()))
            self._state.settings.setValue(self._widths_key(table, self.model.columnCount()), kept)

    def _follow(self, selection: Selection) -> None:
        if self._behind.isActive():
            return
        lookup = self._state.lookup
        table = lookup.tables.get(selection.table) if lookup and selection.table else None
        if table is not None and table is not self.model.table:
            self._show(table)
        else:
            self._remark()
        if table is None or selection.cell is None:
            if selection.source != "table":
                self.view.clear_choice()
            return
        row, column = selection.cell
        if row >= self.model.headers and selection.source != "table":
            self.view.show_cell(row - self.model.headers, column)
        elif row < self.model.headers:
            self.view.clear_choice()
            self.view.verticalScrollBar().setValue(0)

    def _remark(self) -> None:
        self.model.refresh()
        for view in (self.view, self.view.frozen):
            view.viewport().update()
            view.horizontalHeader().viewport().update()

    def _choose(self, row: int, column: int) -> None:
        if self.model.table is not None:
            self._state.select_cell(self.model.table.id, row, column, source="table")

    def _hover(self, cell: Cell | None) -> None:
        if cell is not None and self.model.table is not None:
            trace = self._state.trace_of((self.model.table.id, cell.row, cell.column))
            if trace is not None:
                self._state.set_trace(trace)
                return
        self._state.rest_trace()

    def _sum(self, indexes: list[QModelIndex]) -> None:
        cells = unique_cells(self.model, indexes)
        count, figures, total = selection_sum(cells)
        if count < 2 or not figures:
            self.summed.emit("")
        else:
            self.summed.emit(f"选中 {count} 格　求和 {_grouped(show(total))}")

    def copy(self, headers: bool = False) -> bool:
        text = as_tsv(self.model, self.view.selectedIndexes(), headers)
        if text:
            QGuiApplication.clipboard().setText(text)
        return bool(text)


def _grouped(text: str) -> str:
    whole, _, rest = text.partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return sign + f"{int(digits or 0):,}" + (f".{rest}" if rest else "")
