"""A list of labelled bars: composition and coverage. Every bar can be chosen by mouse and keys and is told in words."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetricsF, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui import theme
from gui.relation_map import vivid


@dataclass(frozen=True)
class Bar:
    """`ratio` is the length (0..1), `colour` the name of a colour in the theme, `data` what is told when it is chosen."""

    label: str
    value: str
    ratio: float
    colour: str
    tip: str = ""
    data: Any = None


class BarList(QWidget):
    """Bars under each other: label, bar, value, all aligned."""

    chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._bars: tuple[Bar, ...] = ()
        self._at = -1

    @property
    def bars(self) -> tuple[Bar, ...]:
        return self._bars

    def set_bars(self, bars: Sequence[Bar]) -> None:
        self._bars = tuple(bars)
        self._at = -1
        self.setAccessibleDescription("；".join(f"{b.label} {b.value}" for b in self._bars))
        self.updateGeometry()
        self.update()

    # ---- geometry

    def _row(self) -> int:
        return theme.px(23)

    def _label_width(self) -> float:
        metrics = QFontMetricsF(theme.font())
        widest = max((metrics.horizontalAdvance(b.label) for b in self._bars), default=0.0)
        return min(max(widest + theme.px(16), theme.px(120)), max(self.width() * 0.38, theme.px(90)))

    def _value_width(self) -> float:
        metrics = QFontMetricsF(theme.font())
        return max((metrics.horizontalAdvance(b.value) for b in self._bars), default=0.0) + theme.px(16)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(360), max(1, len(self._bars)) * self._row())

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(220), max(1, len(self._bars)) * self._row())

    def _index_at(self, point: QPoint) -> int:
        index = point.y() // self._row()
        return index if 0 <= index < len(self._bars) else -1

    # ---- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font())
        colours = theme.colours()
        label, value, high = self._label_width(), self._value_width(), self._row()
        thick = theme.px(11)
        for index, bar in enumerate(self._bars):
            top = index * high
            if index == self._at:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(colours.hover))
                painter.drawRoundedRect(QRectF(0, top, self.width(), high), 4, 4)
                if self.hasFocus():
                    painter.setPen(QColor(colours.accent))
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.drawRoundedRect(QRectF(0.5, top + 0.5, self.width() - 1, high - 1), 4, 4)
            painter.setPen(QColor(colours.ink))
            shown = QFontMetricsF(theme.font()).elidedText(bar.label, Qt.TextElideMode.ElideRight, label - theme.px(10))
            painter.drawText(QRectF(theme.px(4), top, label, high), Qt.AlignmentFlag.AlignVCenter, shown)
            track = QRectF(label, top + (high - thick) / 2, max(self.width() - label - value, 10), thick)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.bar))
            painter.drawRoundedRect(track, 3, 3)
            if bar.ratio > 0:
                filled = QRectF(track)
                filled.setWidth(max(track.width() * min(bar.ratio, 1.0), 2.0))
                painter.setBrush(_colour(bar.colour))
                painter.drawRoundedRect(filled, min(3, filled.width() / 2), min(3, filled.width() / 2))
            painter.setPen(QColor(colours.ink))
            painter.drawText(QRectF(self.width() - value, top, value - theme.px(4), high),
                             Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, bar.value)

    # ---- choosing

    def _point(self, index: int) -> None:
        if index != self._at:
            self._at = index
            clickable = index >= 0 and self._bars[index].data is not None
            self.setCursor(Qt.CursorShape.PointingHandCursor if clickable else Qt.CursorShape.ArrowCursor)
            self.update()

    def _choose(self, index: int) -> None:
        if 0 <= index < len(self._bars) and self._bars[index].data is not None:
            self.chosen.emit(self._bars[index].data)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(self._index_at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        if not self.hasFocus():
            self._point(-1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose(self._index_at(event.position().toPoint()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event.key() in steps and self._bars:
            self._point(max(0, min(len(self._bars) - 1, self._at + steps[Qt.Key(event.key())])))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self._at)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._point(max(self._at, 0) if self._bars else -1)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._point(-1)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self._index_at(event.pos())
            if index >= 0:
                bar = self._bars[index]
                QToolTip.showText(event.globalPos(), bar.tip or f"{bar.label}　{bar.value}", self)
                return True
        return super().event(event)


def _colour(name: str) -> QColor:
    """A colour of the theme by name; "~" after it makes it half as strong."""
    colour = vivid(name.rstrip("~"))
    if name.endswith("~"):
        colour.setAlphaF(0.55)
    return colour
