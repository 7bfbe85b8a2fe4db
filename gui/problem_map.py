"""Thin maps beside the scroll bars: where the listed findings lie in the whole document, and in the table shown."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QScrollBar, QTableView, QToolTip, QWidget

from core.model import Box, PageId
from gui import theme
from gui.page_view import PageCanvas
from gui.state import State
from gui.tables_panel import TablesPanel

_RANK = {"hit": 0, "info": 1, "warning": 2, "error": 3}
NEAR = 7.0


@dataclass(frozen=True)
class Mark:
    """A place between the top (0) and the end (1). `kind` is a severity, or hit for a search hit."""

    ratio: float
    kind: str
    tip: str = ""
    fingerprint: str = ""
    decided: bool = False


class ProblemMap(QWidget):
    """Draws marks; a click goes to the nearest one. Shapes tell the severities apart as colours do."""

    def __init__(self, state: State, bar: QScrollBar, parent: QWidget) -> None:
        super().__init__(parent)
        self._state = state
        self._bar = bar
        self.marks: tuple[Mark, ...] = ()
        self._soon = QTimer(self, singleShot=True, interval=30)
        self._soon.timeout.connect(self.refresh)
        for signal in (state.result_changed, state.current_changed, state.filter_changed, state.verdicts_changed, state.marks_changed,
                       state.theme_changed):
            signal.connect(self._later)
        state.selection_changed.connect(lambda _: self.update())
        bar.valueChanged.connect(lambda _: self.update())
        bar.rangeChanged.connect(self._later)
        self.setAccessibleName("问题分布")

    def _later(self, *_: object) -> None:
        self._soon.start()

    def collect(self) -> list[Mark]:
        raise NotImplementedError

    def refresh(self) -> None:
        found = sorted(self.collect(), key=lambda m: (_RANK[m.kind], m.ratio))
        self.marks = tuple(found)
        count = sum(1 for m in found if m.kind != "hit")
        self.setAccessibleDescription(f"{count} 处问题" if count else "没有问题")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(10), theme.px(100))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint_ground(painter)
        chosen = self._state.selection.finding
        wide = float(self.width())
        for mark in self.marks:
            self._paint_mark(painter, mark, wide, bool(chosen) and mark.fingerprint == chosen)

    def paint_ground(self, painter: QPainter) -> None:
        """What lies under the marks: nothing, or where the view is."""

    def _paint_mark(self, painter: QPainter, mark: Mark, wide: float, chosen: bool) -> None:
        c = theme.colours()
        colour = QColor("#d9a400") if mark.kind == "hit" else QColor(c.severity(mark.kind))
        if mark.decided:
            colour.setAlphaF(0.35)
        y = mark.ratio * self.height()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        if mark.kind == "hit":
            painter.drawRect(QRectF(0, y - 0.5, wide, 1.5))
        elif mark.kind == "error":
            painter.drawRect(QRectF(1, y - 1.5, wide - 2, 3.5))
        elif mark.kind == "warning":
            painter.drawPolygon(QPolygonF([QPointF(1, y + 2), QPointF(wide - 1, y + 2), QPointF(wide / 2, y - 3)]))
        else:
            painter.drawEllipse(QPointF(wide / 2, y), 1.8, 1.8)
        if chosen:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(c.accent))
            painter.drawRoundedRect(QRectF(0.5, y - 4.5, wide - 1, 9), 2, 2)

    def mark_at(self, y: float) -> Mark | None:
        """The mark nearest to a height, when it is near; of several there the gravest."""
        near = [m for m in self.marks if abs(m.ratio * self.height() - y) <= NEAR]
        return min(near, key=lambda m: (abs(m.ratio * self.height() - y) // 3, -_RANK[m.kind]), default=None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        mark = self.mark_at(event.position().y())
        lookup = self._state.lookup
        finding = lookup.finding(mark.fingerprint) if mark and lookup and mark.fingerprint else None
        if finding is not None:
            self._state.select_finding(finding, source="map")
        elif self.height():
            whole = self._bar.maximum() + self._bar.pageStep()
            self._bar.setValue(round(event.position().y() / self.height() * whole - self._bar.pageStep() / 2))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            mark = self.mark_at(float(event.pos().y()))
            if mark is not None and mark.tip:
                QToolTip.showText(event.globalPos(), mark.tip, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def _marks_of(self, place: Callable[[object], float | None]) -> list[Mark]:
        """A mark for every listed finding that `place` knows a ratio for."""
        doc = self._state.current
        if doc is None or doc.result is None:
            return []
        found = []
        for finding in self._state.listed():
            ratio = place(finding)
            if ratio is not None:
                tip = f"{theme.SEVERITY_SIGNS[finding.severity]} {finding.rule} {finding.title}"
                found.append(Mark(ratio, finding.severity, tip, finding.fingerprint, doc.verdict(finding).decided))
        return found


class PageMap(ProblemMap):
    """The whole document beside the pages: listed findings, search hits, and the part that is in view."""

    def __init__(self, state: State, canvas: PageCanvas, parent: QWidget) -> None:
        super().__init__(state, canvas.verticalScrollBar(), parent)
        self._canvas = canvas
        self.setFixedWidth(theme.px(10))
        state.theme_changed.connect(lambda: self.setFixedWidth(theme.px(10)))
        canvas.zoom_changed.connect(self._later)
        canvas.pages_known.connect(self._later)
        self.refresh()

    def _ratio(self, page: PageId | None, box: Box | None) -> float | None:
        number = self._canvas.number_of(page)
        if number is None:
            return None
        rect = self._canvas.to_view(number, box or (0.0, 0.0, 1.0, 1.0))
        whole = self._bar.maximum() + self._bar.pageStep()
        return min(1.0, max(0.0, (rect.center().y() + self._bar.value()) / whole)) if whole else None

    def collect(self) -> list[Mark]:
        def place(finding: object) -> float | None:
            evidence = getattr(finding, "place", None)
            return self._ratio(evidence.page, evidence.box) if evidence is not None else None

        doc = self._state.current
        hits = [Mark(ratio, "hit", "查找结果") for p in (doc.marks if doc else ()) if (ratio := self._ratio(p.page, p.box)) is not None]
        return hits + self._marks_of(place)

    def paint_ground(self, painter: QPainter) -> None:
        c = theme.colours()
        painter.fillRect(self.rect(), QColor(c.bar))
        whole = self._bar.maximum() + self._bar.pageStep()
        if whole and self._bar.maximum():
            top = self._bar.value() / whole * self.height()
            high = max(self._bar.pageStep() / whole * self.height(), 4.0)
            ground = QColor(c.related)
            ground.setAlphaF(0.18)
            painter.fillRect(QRectF(0, top, self.width(), high), ground)


class TableMap(ProblemMap):
    """Marks on the table's own scroll bar: rows with a listed finding. The mouse goes through to the bar."""

    def __init__(self, state: State, panel: TablesPanel) -> None:
        bar = panel.view.verticalScrollBar()
        super().__init__(state, bar, bar)
        self._panel = panel
        self._view: QTableView = panel.view
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        panel.model.modelReset.connect(self._later)
        self.show()
        self.refresh()

    def refresh(self) -> None:
        """The bar's range changes with its size; that is when the marks are laid over it anew."""
        self.setGeometry(self._bar.rect())
        super().refresh()

    def collect(self) -> list[Mark]:
        table = self._panel.model.table
        rows = self._panel.model.rowCount()
        length = self._view.verticalHeader().length()
        if table is None or not rows or not length:
            return []

        def place(finding: object) -> float | None:
            for evidence in getattr(finding, "evidence", ()):
                if evidence.table == table.id and evidence.cell is not None and evidence.role in ("actual", "place"):
                    row = evidence.cell[0] - self._panel.model.headers
                    if 0 <= row < rows:
                        header = self._view.verticalHeader()
                        return (header.sectionPosition(row) + header.sectionSize(row) / 2) / length
            return None
        return self._marks_of(place)
