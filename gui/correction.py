"""Correcting how a table was read, on the page: drag lines, add and take away rows and columns, name the table, draw a missed one."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from core.corrections import (
    KEPT,
    Correction,
    added,
    describe,
    from_json,
    guess_lines,
    lines_of,
    moved,
    taken,
    to_json,
    with_correction,
    without,
)
from core.layouts import template
from core.model import Box, Table
from gui import theme
from gui.page_view import PageCanvas, PageView
from gui.state import State

REACH = 6.0
COLUMN, ROW = "column", "row"


@dataclass(frozen=True)
class Line:
    """A column or row line of the draft, by its number."""

    kind: str
    index: int


class CorrectionTool(QObject):
    """The draft over the page and the bar above it. `begin` starts with the chosen table; nothing is kept before 应用."""

    changed = Signal()
    ended = Signal()

    def __init__(self, state: State, view: PageView) -> None:
        super().__init__(view)
        self._state = state
        self._view = view
        self._canvas: PageCanvas = view.canvas
        self.draft: Correction | None = None
        self._history: list[Correction] = []
        self._line: Line | None = None
        self._dragging = False
        self._adding = ""
        self._drawn_from: tuple[int, float, float] | None = None
        self._drawn_to: tuple[float, float] | None = None
        self.bar = CorrectionBar(self, view)
        self.bar.hide()
        layout = view.layout()
        if isinstance(layout, QBoxLayout):
            layout.insertWidget(1, self.bar)
        self._canvas.overlays.append(self._paint)
        self._canvas.guest = self.take
        state.current_changed.connect(self.cancel)
        state.result_changed.connect(self._after_check)

    # ---- beginning and ending

    @property
    def active(self) -> bool:
        return not self.bar.isHidden()

    def begin(self) -> bool:
        """Starts with the chosen table on the page shown; says so when there is none to correct."""
        result = self._state.result
        if result is None or self._state.current is None or self._state.current.review is None:
            self._state.message.emit("请先打开并检查一份文件")
            return False
        if not isinstance(self._canvas.id_of(self._canvas.page), int):  # corrections are kept by the number of the page in its file
            self._state.message.emit("只有单个 PDF 文件中的表格可以更正")
            return False
        self.bar.show()
        table = self._state.current.table()
        page = self._canvas.page
        if table is None or page not in table.pages:
            table = next((t for t in result.document.tables if page in t.pages), None)
        if table is not None:
            self.choose(table, page)
        else:
            self.bar.refresh()
            self._canvas.viewport().update()
        self._canvas.setFocus()
        return True

    def choose(self, table: Table, page: int) -> None:
        """Takes a table's lines on a page as the draft: as corrected before, else as read."""
        earlier = next((c for c in self.kept() if c.page == page and table.id in (c.table, c.name)), None)
        lines = lines_of(table, page)
        if earlier is None and lines is None:
            self._state.message.emit("这张表没有页面位置，无法在页面上更正")
            return
        as_read = next((c.table for c in self.kept() if c.name == table.id and c.table), table.id)
        self.draft = earlier if earlier is not None or lines is None else Correction(page, as_read, *lines)
        self._history = []
        self._line = None
        self._refresh()

    def cancel(self) -> None:
        """Leaves without a change."""
        if self.active:
            self.bar.hide()
            self.draft, self._line, self._history, self._adding = None, None, [], ""
            self._canvas.viewport().unsetCursor()
            self._canvas.viewport().update()
            self.ended.emit()

    def step_back(self) -> None:
        """Esc: no more adding, then no more correcting."""
        if self._adding:
            self.set_adding("")
        else:
            self.cancel()

    def kept(self) -> tuple[Correction, ...]:
        """The corrections of the open document's review."""
        doc = self._state.current
        if doc is None or doc.review is None:
            return ()
        try:
            return from_json(doc.review.extras.get(KEPT, []))
        except ValueError:
            self._state.message.emit("已保存的表格更正无法识别，未予采用")
            return ()

    def apply(self) -> None:
        """Keeps the draft with the review and checks again."""
        if self.draft is None:
            return
        if len(self.draft.xs) < 2 or len(self.draft.ys) < 2:
            self._state.message.emit("表格至少要有一行一列")
            return
        self._keep(with_correction(self.kept(), self.draft))
        self.cancel()
        self._state.message.emit("已更正，正在重新检查")

    def remove(self, correction: Correction) -> None:
        """Takes a kept correction back and checks again."""
        self._keep(without(self.kept(), correction.key))
        self.cancel()
        self._state.message.emit("已取消更正，正在重新检查")

    def _keep(self, corrections: Sequence[Correction]) -> None:
        doc = self._state.current
        if doc is None or doc.review is None:
            return
        doc.review.extras[KEPT] = to_json(corrections)
        self._state.touch(doc)
        self._state.flush()  # the reading process takes them from the file
        self._state.recheck(doc)

    def _after_check(self) -> None:
        if self.active and self.draft is None:
            self.bar.refresh()

    # ---- changing the draft

    def _change(self, new: Correction) -> None:
        if self.draft is not None and new != self.draft:
            self._history.append(self.draft)
            self.draft = new
            self._refresh()

    def undo(self) -> None:
        if self._history:
            self.draft = self._history.pop()
            self._line = None
            self._refresh()

    def _refresh(self) -> None:
        self.bar.refresh()
        self._canvas.viewport().update()
        self.changed.emit()

    def add_line(self, kind: str, at: float) -> None:
        if self.draft is not None:
            columns = kind == COLUMN
            self._change(self.draft.with_lines(columns, added(self.draft.lines(columns), at)))

    def take_line(self, line: Line) -> None:
        """Joins the rows or columns on both sides of a line."""
        if self.draft is not None:
            columns = line.kind == COLUMN
            self._change(self.draft.with_lines(columns, taken(self.draft.lines(columns), line.index)))
            self._line = None

    def take_chosen(self) -> None:
        if self._line is not None:
            self.take_line(self._line)

    def move_line(self, line: Line, to: float) -> None:
        if self.draft is not None:
            columns = line.kind == COLUMN
            self._change(self.draft.with_lines(columns, moved(self.draft.lines(columns), line.index, to)))

    def set_name(self, name: str) -> None:
        if self.draft is not None:
            self._change(replace(self.draft, name="" if name == self.draft.table else name))

    def set_header(self, rows: int) -> None:
        if self.draft is not None:
            self._change(replace(self.draft, header=rows))

    def set_adding(self, what: str) -> None:
        """What the next click adds: column, row, table, or nothing."""
        self._adding = what
        self.bar.refresh()

    def draw_table(self, page: int, box: Box) -> None:
        """A table that was not found, drawn as a rectangle; its first lines are guessed from the print in it."""
        result = self._state.result
        if result is None or box[2] - box[0] < 20 or box[3] - box[1] < 10:
            return
        words = next((p.words for p in result.document.pages if p.number == page), ())
        self.draft = Correction(page, "", *guess_lines(words, box))
        self._history, self._line = [], None
        self._refresh()

    # ---- painting

    def _lines(self) -> list[tuple[Line, Box]]:
        """The lines of the draft with the thin boxes they cover on the page."""
        d = self.draft
        if d is None:
            return []
        left, top, right, bottom = d.box
        return [*((Line(COLUMN, i), (x, top, x, bottom)) for i, x in enumerate(d.xs)),
                *((Line(ROW, i), (left, y, right, y)) for i, y in enumerate(d.ys))]

    def _paint(self, painter: QPainter, page: int, to_view: Callable[[Box], QRectF]) -> None:
        if not self.active:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        accent, other = QColor(theme.PAGE.accent), QColor("#c06a1a")
        if self._drawn_from is not None and self._drawn_to is not None and self._drawn_from[0] == page:
            painter.setPen(QPen(accent, 2, Qt.PenStyle.DashLine))
            painter.drawRect(to_view(_box(self._drawn_from[1:], self._drawn_to)))
        if self.draft is not None and self.draft.page == page:
            fill = QColor(accent)
            fill.setAlpha(14)
            painter.fillRect(to_view(self.draft.box), fill)
            self._paint_header(painter, to_view)
            for line, box in self._lines():
                chosen = line == self._line
                painter.setPen(QPen(accent if line.kind == COLUMN else other, 3 if chosen else 1.6,
                                    Qt.PenStyle.SolidLine))
                rect = to_view(box)
                painter.drawLine(rect.topLeft(), rect.bottomRight())
                if line.kind == COLUMN:
                    painter.fillRect(QRectF(rect.left() - 3, rect.top() - 8, 7, 7) if rect.height() >= rect.width()
                                     else QRectF(rect.left() - 8, rect.top() - 3, 7, 7), accent)
        painter.restore()

    def _paint_header(self, painter: QPainter, to_view: Callable[[Box], QRectF]) -> None:
        d = self.draft
        if d is None or d.header < 1:
            return
        shade = QColor(theme.PAGE.related)
        shade.setAlpha(40)
        painter.fillRect(to_view((d.xs[0], d.ys[0], d.xs[-1], d.ys[min(d.header, len(d.ys) - 1)])), shade)

    # ---- mouse and keys

    def line_at(self, point: QPointF) -> Line | None:
        """The line under a point of the viewport."""
        if self.draft is None:
            return None
        best: tuple[float, Line] | None = None
        for line, box in self._lines():
            rect = self._canvas.to_view(self.draft.page, box)
            upright = rect.height() >= rect.width()
            off = abs(point.x() - rect.left()) if upright else abs(point.y() - rect.top())
            along = rect.top() - 9 <= point.y() <= rect.bottom() + 4 if upright else rect.left() - 9 <= point.x() <= rect.right() + 4
            if along and off <= REACH and (best is None or off < best[0]):
                best = (off, line)
        return best[1] if best else None

    def take(self, event: QEvent) -> bool:
        """Mouse and keys over the page, while a table is corrected. Says whether they were meant for it."""
        if not self.active:
            return False
        if isinstance(event, QKeyEvent):
            return self._key(event)
        if isinstance(event, QContextMenuEvent):
            self._menu(event)
            return True
        if isinstance(event, QMouseEvent):
            if event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
                return self._press(event.position())
            if event.type() == QEvent.Type.MouseMove and event.buttons() in (Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton):
                return self._drag(event.position())
            if event.type() == QEvent.Type.MouseButtonRelease and event.button() == Qt.MouseButton.LeftButton:
                return self._release(event.position())
            if event.type() == QEvent.Type.MouseButtonDblClick:
                return True
        return False

    def _press(self, point: QPointF) -> bool:
        self._canvas.setFocus()
        where = self._canvas.from_view(point)
        if where is None:
            return True
        page, x, y = where
        if self._adding == "table":
            self._drawn_from, self._drawn_to = where, (x, y)
            return True
        if self._adding and self.draft is not None and page == self.draft.page:
            self.add_line(self._adding, x if self._adding == COLUMN else y)
            return True
        self._line = self.line_at(point)
        self._dragging = self._line is not None
        if self._dragging and self.draft is not None:
            self._history.append(self.draft)
        elif self._line is None:
            self._choose_at(page, x, y)
        self._refresh()
        return True

    def _choose_at(self, page: int, x: float, y: float) -> None:
        lookup = self._state.lookup
        hit = lookup.cell_at(page, x, y) if lookup else None
        if hit is not None and (self.draft is None or self.draft.page != page or hit.table.id not in (self.draft.table, self.draft.name)) \
                and not self._history:
            self.choose(hit.table, page)

    def _drag(self, point: QPointF) -> bool:
        where = self._canvas.from_view(point)
        if self._drawn_from is not None and where is not None:
            self._drawn_to = where[1:]
            self._canvas.viewport().update()
            return True
        if self._dragging and self._line is not None and self.draft is not None and where is not None:
            columns = self._line.kind == COLUMN
            self.draft = self.draft.with_lines(columns, moved(self.draft.lines(columns), self._line.index, where[1] if columns else where[2]))
            self._refresh()
            return True
        over = self.line_at(point)
        if over is None:
            self._canvas.viewport().setCursor(Qt.CursorShape.CrossCursor if self._adding else Qt.CursorShape.ArrowCursor)
        else:
            rect = self._canvas.to_view(self.draft.page, next(b for line, b in self._lines() if line == over)) if self.draft else QRectF()
            self._canvas.viewport().setCursor(Qt.CursorShape.SplitHCursor if rect.height() >= rect.width() else Qt.CursorShape.SplitVCursor)
        return True

    def _release(self, point: QPointF) -> bool:
        if self._drawn_from is not None and self._drawn_to is not None:
            page, *start = self._drawn_from
            box = _box((start[0], start[1]), self._drawn_to)
            self._drawn_from = self._drawn_to = None
            self._adding = ""
            self.draw_table(page, box)
            return True
        if self._dragging and self._history and self._history[-1] == self.draft:
            self._history.pop()  # pressed, not moved
        self._dragging = False
        self._refresh()
        return True

    def _menu(self, event: QContextMenuEvent) -> None:
        point = QPointF(event.pos())
        where, line = self._canvas.from_view(point), self.line_at(point)
        menu = QMenu(self._canvas)
        if line is not None:
            self._line = line
            word = "合并两侧的列（删除列线）" if line.kind == COLUMN else "合并上下两行（删除行线）"
            menu.addAction(word).triggered.connect(lambda: self.take_line(line))
        if where is not None and self.draft is not None and where[0] == self.draft.page:
            menu.addAction("在此处加列线（拆分列）").triggered.connect(lambda: self.add_line(COLUMN, where[1]))
            menu.addAction("在此处加行线（拆分行）").triggered.connect(lambda: self.add_line(ROW, where[2]))
            row = sum(1 for y in self.draft.ys if y <= where[2])
            menu.addAction(f"以上 {row} 行是表头").triggered.connect(lambda: self.set_header(row))
        menu.exec(event.globalPos())

    def _key(self, event: QKeyEvent) -> bool:
        key, held = event.key(), event.modifiers()
        control = bool(held & Qt.KeyboardModifier.ControlModifier)
        kinds = {Qt.Key.Key_Left: (COLUMN, -1), Qt.Key.Key_Right: (COLUMN, 1), Qt.Key.Key_Up: (ROW, -1), Qt.Key.Key_Down: (ROW, 1)}
        if key == Qt.Key.Key_Escape:
            self.step_back()
        elif key == Qt.Key.Key_Z and control:
            self.undo()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.apply()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._line is not None:
            self.take_line(self._line)
        elif key in kinds and self.draft is not None:
            kind, by = kinds[Qt.Key(key)]
            if control or self._line is None or self._line.kind != kind:
                self._step_line(kind, by)
            else:
                lines = self.draft.xs if kind == COLUMN else self.draft.ys
                self.move_line(self._line, lines[self._line.index] + by)
        else:
            return False
        return True

    def _step_line(self, kind: str, by: int) -> None:
        """Goes to the next line of a kind (with Ctrl and an arrow)."""
        count = len((self.draft.xs if kind == COLUMN else self.draft.ys) if self.draft else ())
        start = self._line.index if self._line is not None and self._line.kind == kind else (-1 if by > 0 else count)
        self._line = Line(kind, max(0, min(count - 1, start + by)))
        self._refresh()

    @property
    def line(self) -> Line | None:
        return self._line

    @property
    def adding(self) -> str:
        return self._adding

    @property
    def can_undo(self) -> bool:
        return bool(self._history)


def _box(one: Sequence[float], two: Sequence[float]) -> Box:
    return (min(one[0], two[0]), min(one[1], two[1]), max(one[0], two[0]), max(one[1], two[1]))


class CorrectionBar(QFrame):
    """What is being corrected, its name, and the buttons."""

    def __init__(self, tool: CorrectionTool, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panelhead")
        self.setAccessibleName("更正表格识别")
        self._tool = tool
        self.what = QLabel()
        self.what.setProperty("kind", "heading")
        self.name = QComboBox()
        self.name.setAccessibleName("这是哪张表")
        self.name.setToolTip("表名认错时在此改正，列名和核对关系随之改变")
        self.name.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.name.setMinimumContentsLength(8)
        self.name.activated.connect(self._named)
        self.ok = QPushButton("应用并重新检查")
        self.ok.setProperty("kind", "primary")
        self.ok.setToolTip("应用并重新检查（Enter）")
        self.ok.setAccessibleName("应用并重新检查")
        self.ok.clicked.connect(tool.apply)
        self.no = QPushButton("取消")
        self.no.setToolTip("Esc")
        self.no.clicked.connect(tool.cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(12), theme.px(5), theme.px(8), theme.px(4))
        column.setSpacing(theme.px(3))
        head, row = QHBoxLayout(), QHBoxLayout()
        for part in (head, row):
            part.setSpacing(theme.px(6))
            column.addLayout(part)
        head.addWidget(self.what)
        head.addWidget(self.name, 1)
        head.addWidget(self.ok)
        head.addWidget(self.no)
        self.modes: dict[str, QToolButton] = {}
        for mode, text, tip in ((COLUMN, "＋列线", "点页面加一条列线，拆分列"), (ROW, "＋行线", "点页面加一条行线，拆分行"),
                                ("table", "补画表格", "在页面上拖出没有识别到的表格")):
            button = QToolButton()
            button.setText(text)
            button.setCheckable(True)
            button.setToolTip(tip)
            button.setAccessibleName(tip)
            button.clicked.connect(lambda on, m=mode: tool.set_adding(m if on else ""))
            self.modes[mode] = button
            row.addWidget(button)
        self.delete = self._button("删线", "删除所选的线，合并两侧（Delete）", tool.take_chosen)
        self.undo = self._button("撤销", "撤销上一步（Ctrl+Z）", tool.undo)
        self.earlier = self._button("已有更正", "查看并取消已有的更正", self._list)
        for tool_button in (self.delete, self.undo, self.earlier):
            row.addWidget(tool_button)
        row.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_words()

    def _fit_words(self) -> None:
        """In a narrow bar shorter words, whole, rather than words with dots."""
        roomy = self.width() >= theme.px(450)
        self.ok.setText("应用并重新检查" if roomy else "应用")
        self.modes["table"].setText("补画表格" if roomy else "补画")
        count = len(self._tool.kept())
        self.earlier.setText(("已有更正" if roomy else "已有") + (f" {count}" if count else ""))

    def _button(self, text: str, tip: str, does: Callable[[], object]) -> QToolButton:
        made = QToolButton()
        made.setText(text)
        made.setToolTip(tip)
        made.setAccessibleName(tip)
        made.clicked.connect(lambda _=False: does())
        return made

    def refresh(self) -> None:
        draft, tool = self._tool.draft, self._tool
        for mode, button in self.modes.items():
            button.setChecked(mode == tool.adding)
        self.delete.setEnabled(tool.line is not None)
        self.undo.setEnabled(tool.can_undo)
        self.ok.setEnabled(draft is not None)
        self.name.setEnabled(draft is not None)
        count = len(tool.kept())
        self._fit_words()
        self.earlier.setEnabled(bool(count))
        for mode in (COLUMN, ROW):
            self.modes[mode].setEnabled(draft is not None)
        if draft is None:
            self.what.setText("点选要更正的表，或补画表格")
            return
        self.what.setText(f"{len(draft.ys) - 1} 行 × {len(draft.xs) - 1} 列")
        self._fill_names(draft)

    def _fill_names(self, draft: Correction) -> None:
        result = self._tool._state.result
        try:
            layouts = template(result.document.template).tables if result else ()
        except KeyError:
            layouts = ()
        self.name.clear()
        self.name.addItem(f"保持：{draft.table}" if draft.table else "不定表名", "")
        for layout in layouts:
            self.name.addItem(f"{layout.id} {layout.title}", layout.id)
        self.name.setCurrentIndex(max(0, self.name.findData(draft.name)))

    def _named(self, index: int) -> None:
        self._tool.set_name(str(self.name.itemData(index) or ""))

    def _list(self) -> None:
        menu = QMenu(self)
        lookup = self._tool._state.lookup
        for correction in self._tool.kept():
            table = lookup.tables.get(correction.name or correction.table) if lookup else None
            action = menu.addAction(f"取消：{describe(correction, table)}")
            action.triggered.connect(lambda _=False, c=correction: self._tool.remove(c))
        menu.exec(self.earlier.mapToGlobal(self.earlier.rect().bottomLeft()))
