"""The picture of who agrees with whom: tables around a ring, an edge for the relations between two of them."""
from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from core.overview import AGREES, DOUBTFUL, NOT_RUN, WRONG, Edge, Node
from gui import theme

STATE_COLOURS = {AGREES: "ok", WRONG: "error", DOUBTFUL: "warning", NOT_RUN: "idle"}
STATE_NAMES = {AGREES: "全部相符", WRONG: "有不符", DOUBTFUL: "需核对", NOT_RUN: "未执行"}
_RANK = {WRONG: 0, DOUBTFUL: 1, AGREES: 2, NOT_RUN: 3}


def state_colour(state: str) -> str:
    colour: str = getattr(theme.colours(), STATE_COLOURS[state])
    return colour


def vivid(name: str) -> QColor:
    """A colour of the theme for surfaces rather than text: where text must be dark to be read, lines and bars may shine."""
    colour = QColor(getattr(theme.colours(), name))
    return colour if theme.colours().dark or name == "error" else colour.lighter(128)


class RelationMap(QWidget):
    """Draws nodes and edges. Arrow keys go through the edges (those that fail first) and then the nodes, Enter chooses."""

    edge_chosen = Signal(object)
    node_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("勾稽关系图")
        self._nodes: tuple[Node, ...] = ()
        self._edges: tuple[Edge, ...] = ()
        self._items: list[Edge | Node] = []
        self._centres: dict[str, QPointF] = {}
        self._paths: list[QPainterPath] = []
        self._over: Edge | Node | None = None
        self._current: Edge | Node | None = None

    def set_map(self, nodes: Sequence[Node], edges: Sequence[Edge]) -> None:
        self._nodes = tuple(nodes)
        self._edges = tuple(sorted(edges, key=lambda e: -_RANK[e.state]))
        self._items = [*sorted(self._edges, key=lambda e: _RANK[e.state]), *self._nodes]
        self._over = self._current = None
        self.setAccessibleDescription(self._summary())
        self._arrange()
        self.update()

    @property
    def current(self) -> Edge | Node | None:
        return self._current

    def select(self, item: Edge | Node | None) -> None:
        """Shows an edge or node as the chosen one."""
        self._current = item
        if item is not None:
            self.setAccessibleDescription(self.describe(item))
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
        self.update()

    def _summary(self) -> str:
        counts = {s: sum(1 for e in self._edges if e.state == s) for s in STATE_NAMES}
        told = "，".join(f"{STATE_NAMES[s]} {n} 组" for s, n in counts.items() if n)
        return f"{len(self._nodes)} 张表或部分，{len(self._edges)} 组关系：{told}。用方向键逐组查看，回车列出算式。" if self._edges else "没有表间关系"

    def describe(self, item: Edge | Node) -> str:
        labels = {n.key: n.label for n in self._nodes}
        if isinstance(item, Edge):
            return f"{labels.get(item.one, item.one)} 与 {labels.get(item.two, item.two)}：{item.relations.spoken}"
        return f"{item.title or item.label}：表内{item.own.spoken}"

    def ends(self, edge: Edge) -> str:
        """The names of the two ends of an edge."""
        labels = {n.key: n.label for n in self._nodes}
        return f"{labels.get(edge.one, edge.one)}　↔　{labels.get(edge.two, edge.two)}"

    def edge_between(self, one: str, two: str) -> Edge | None:
        return next((e for e in self._edges if {e.one, e.two} == {one, two}), None)

    def point_on(self, edge: Edge) -> QPointF:
        """A point on the edge as drawn."""
        return self._paths[self._edges.index(edge)].pointAtPercent(0.5)

    def centre_of(self, node: Node) -> QPointF:
        return self._centres[node.key]

    # ---- geometry

    def sizeHint(self) -> QSize:
        return QSize(theme.px(760), theme.px(640))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(420), theme.px(300))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def _radius(self) -> float:
        return theme.px(8)

    def _arrange(self) -> None:
        """Nodes on an ellipse from the top clockwise; edges as curves drawn in towards the middle."""
        metrics = QFontMetricsF(theme.font())
        widest = max((metrics.horizontalAdvance(n.label) for n in self._nodes), default=0.0)
        wide = max(self.width() / 2 - widest - theme.px(34), theme.px(60))
        high = max(self.height() / 2 - theme.px(44), theme.px(60))
        wide, high = min(wide, high * 1.35), min(high, wide * 1.15)
        middle = QPointF(self.width() / 2, self.height() / 2)
        count = max(len(self._nodes), 1)
        self._centres = {}
        for index, node in enumerate(self._nodes):
            angle = 2 * math.pi * index / count - math.pi / 2
            self._centres[node.key] = middle + QPointF(math.cos(angle) * wide, math.sin(angle) * high)
        self._paths = [self._curve(edge, middle) for edge in self._edges]

    def _curve(self, edge: Edge, middle: QPointF) -> QPainterPath:
        one, two = self._centres[edge.one], self._centres[edge.two]
        between = (one + two) / 2
        apart = math.hypot(one.x() - two.x(), one.y() - two.y()) / max(min(self.width(), self.height()), 1)
        control = middle + (between - middle) * (0.42 + 0.36 * max(0.0, 1 - apart * 1.6))
        path = QPainterPath(self._towards(one, control))
        path.quadTo(control, self._towards(two, control))
        return path

    def _towards(self, start: QPointF, target: QPointF) -> QPointF:
        """The point on the rim of a node in the direction of `target`, so that lines end at the ring and not within it."""
        step = target - start
        length = math.hypot(step.x(), step.y()) or 1.0
        return start + step * (self._radius() / length)

    def _thickness(self, edge: Edge) -> float:
        return theme.px(10) / 10 * (1.4 + 1.1 * math.log2(len(edge.relations.checks) + 1) / 1.6)

    # ---- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font())
        focus = self._current if self._over is None else self._over
        order = sorted(range(len(self._edges)), key=lambda i: (self._lit(self._edges[i], focus), -_RANK[self._edges[i].state]))
        for index in order:
            self._draw_edge(painter, self._edges[index], self._paths[index], focus)
        taken = [self._label_rect(n) for n in self._nodes] + [self._node_rect(n) for n in self._nodes]
        for index in reversed(order):
            edge = self._edges[index]
            if edge.state in (WRONG, DOUBTFUL) or (focus is not None and self._lit(edge, focus)):
                self._draw_count(painter, edge, self._paths[index], taken, focus)
        for node in self._nodes:
            self._draw_node(painter, node, focus)

    def _lit(self, edge: Edge, focus: Edge | Node | None) -> bool:
        if isinstance(focus, Edge):
            return edge == focus
        return isinstance(focus, Node) and focus.key in (edge.one, edge.two)

    def _draw_edge(self, painter: QPainter, edge: Edge, path: QPainterPath, focus: Edge | Node | None) -> None:
        colour = vivid(STATE_COLOURS[edge.state])
        lit = self._lit(edge, focus)
        strength = 1.0 if lit else {AGREES: 0.5, NOT_RUN: 0.8}.get(edge.state, 0.95)
        if focus is not None and not lit:
            strength *= 0.35
        colour.setAlphaF(strength)
        pen = QPen(colour, self._thickness(edge) + (0.8 if lit else 0.0))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        if edge.state == NOT_RUN:
            pen.setDashPattern([0.5, 2.6])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)

    def _draw_count(self, painter: QPainter, edge: Edge, path: QPainterPath, taken: list[QRectF], focus: Edge | Node | None) -> None:
        font = theme.font(11.5)
        metrics = QFontMetricsF(font)
        size = metrics.size(0, edge.relations.label)
        wide, high = size.width() + theme.px(14), size.height() + theme.px(3)
        rect = QRectF()
        for percent in (0.5, 0.4, 0.6, 0.32, 0.68, 0.25, 0.75):
            at = path.pointAtPercent(percent)
            rect = QRectF(at.x() - wide / 2, at.y() - high / 2, wide, high)
            if not any(rect.intersects(other) for other in taken):
                break
        taken.append(rect)
        colour = QColor(state_colour(edge.state))
        ground = QColor(theme.colours().surface)
        if focus is not None and not self._lit(edge, focus):
            colour.setAlphaF(0.45)
        painter.setPen(QPen(colour, 1.3))
        painter.setBrush(ground)
        painter.drawRoundedRect(rect, high / 2, high / 2)
        painter.setFont(font)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, edge.relations.label)
        painter.setFont(theme.font())

    def _node_rect(self, node: Node) -> QRectF:
        r, at = self._radius() + 2, self._centres[node.key]
        return QRectF(at.x() - r, at.y() - r, 2 * r, 2 * r)

    def _label_rect(self, node: Node) -> QRectF:
        metrics = QFontMetricsF(theme.font())
        wide, high = metrics.horizontalAdvance(node.label) + 4, metrics.height()
        at, r, gap = self._centres[node.key], self._radius(), theme.px(6)
        x = at.x() - self.width() / 2
        if abs(x) < self.width() * 0.04:
            above = at.y() < self.height() / 2
            return QRectF(at.x() - wide / 2, at.y() - r - gap / 2 - high if above else at.y() + r + gap / 2, wide, high)
        left = at.x() + r + gap if x > 0 else at.x() - r - gap - wide
        return QRectF(left, at.y() - high / 2, wide, high)

    def _draw_node(self, painter: QPainter, node: Node, focus: Edge | Node | None) -> None:
        colours = theme.colours()
        colour = vivid(STATE_COLOURS[node.state])
        at, r = self._centres[node.key], self._radius()
        ends = {focus.one, focus.two} if isinstance(focus, Edge) else {focus.key} if isinstance(focus, Node) else set()
        lit = node.key in ends
        painter.setPen(QPen(colour, 2.6 if not lit else 3.4))
        painter.setBrush(QColor(colours.selection if lit else colours.surface))
        painter.drawEllipse(at, r, r)
        if node == self._current and self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), 1.2, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(at, r + 4, r + 4)
        painter.setPen(QColor(colours.secondary if node.state == NOT_RUN else colours.ink))
        painter.setFont(theme.font(bold=lit))
        rect = self._label_rect(node)
        painter.drawText(rect.adjusted(-8, 0, 8, 0), Qt.AlignmentFlag.AlignCenter, node.label)
        painter.setFont(theme.font())

    # ---- choosing

    def item_at(self, point: QPointF) -> Edge | Node | None:
        for node in self._nodes:
            if self._node_rect(node).adjusted(-3, -3, 3, 3).contains(point) or self._label_rect(node).contains(point):
                return node
        stroker = QPainterPathStroker()
        stroker.setWidth(theme.px(11))
        for edge, path in reversed(list(zip(self._edges, self._paths, strict=True))):
            if stroker.createStroke(path).contains(point):
                return edge
        return None

    def _choose(self, item: Edge | Node | None) -> None:
        self.select(item)
        if isinstance(item, Edge):
            self.edge_chosen.emit(item)
        elif isinstance(item, Node):
            self.node_chosen.emit(item)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self.item_at(event.position())
        if over is not self._over:
            self._over = over
            self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._over = None
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose(self.item_at(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        forward, back = (Qt.Key.Key_Right, Qt.Key.Key_Down), (Qt.Key.Key_Left, Qt.Key.Key_Up)
        if key in (*forward, *back, Qt.Key.Key_Home, Qt.Key.Key_End) and self._items:
            at = self._items.index(self._current) if self._current in self._items else -1 if key in forward else len(self._items)
            at = 0 if key == Qt.Key.Key_Home else len(self._items) - 1 if key == Qt.Key.Key_End else at + (1 if key in forward else -1)
            self.select(self._items[at % len(self._items)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._current is not None:
            self._choose(self._current)
        elif key == Qt.Key.Key_Escape and self._current is not None:
            self.select(None)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._current is None and self._items and event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.select(self._items[0])

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            item = self.item_at(QPointF(event.pos()))
            if item is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), f"{self.describe(item)}\n点击列出每一条算式", self)
            return True
        return super().event(event)
