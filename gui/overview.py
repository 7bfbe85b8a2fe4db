"""The overview page: the relation map, what the money is made of, what is verified, what was not checked, what must be published."""
from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from html import escape

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLayoutItem,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.overview import (
    AGREES,
    DOUBTFUL,
    NOT_RUN,
    WRONG,
    Edge,
    Node,
    Part,
    Requirement,
    compositions,
    coverage_parts,
    not_run,
    relation_map,
    requirements,
)
from core.results import BROKEN, FAIL, PASS, Check, Evidence, Finding, Result
from gui import theme
from gui.bars import Bar, BarList
from gui.relation_map import STATE_NAMES, RelationMap, state_colour
from gui.state import State

REASONS_SHOWN = 5
STATE_SIGNS = {AGREES: "✓", WRONG: "■", DOUBTFUL: "▲", NOT_RUN: "○"}
_CHECK_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_TOLD_ROLE = int(Qt.ItemDataRole.UserRole) + 2


def figure(value: Decimal) -> str:
    """A figure with separators, decimals as printed."""
    return f"{value:,f}"


class Overview(QWidget):
    """The page. `left` is emitted when something was chosen that the desk shows (a cell, a finding, a table)."""

    left = Signal()

    def __init__(self, state: State, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("overview")
        self.setAccessibleName("总览")
        self._state = state
        self._shown: Result | None = None
        self._late = False
        self.map = RelationMap()
        self.relations = RelationList(state)
        self.relations.left.connect(self.left)
        self.relations.closed.connect(self._close_relations)
        self.map.edge_chosen.connect(self._show_edge)
        self.map.node_chosen.connect(self._show_node)
        self._legend = QLabel()
        self._cards = QVBoxLayout()
        self._build()
        self.setFocusProxy(self.map)
        state.result_changed.connect(self._outdated)
        state.theme_changed.connect(self._force)
        self.refresh()

    def _build(self) -> None:
        page = QWidget()
        across = QHBoxLayout(page)
        gap = theme.px(10)
        across.setContentsMargins(gap, gap, gap, gap)
        across.setSpacing(gap)
        left = Card("勾稽关系图", "线越粗关系越多；点线看每一条算式")
        left.body.addWidget(self._legend)
        left.body.addWidget(self.map, 1)
        left.body.addWidget(self.relations)
        self.relations.hide()
        across.addWidget(left, 55)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        holder = QWidget()
        holder.setLayout(self._cards)
        self._cards.setContentsMargins(0, 0, theme.px(4), 0)
        self._cards.setSpacing(gap)
        scroll.setWidget(holder)
        scroll.viewport().setAutoFillBackground(False)
        holder.setAutoFillBackground(False)
        across.addWidget(scroll, 44)
        empty = QLabel("打开一份公开文件并检查后，这里显示勾稽关系、收支构成和核验情况")
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setProperty("kind", "secondary")
        empty.setWordWrap(True)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(empty)
        self._stack.addWidget(page)

    # ---- filling

    def _outdated(self) -> None:
        """A new result; drawn at once when the page is seen, else when it is next shown."""
        if self.isVisible():
            self.refresh()
        else:
            self._late = True

    def _force(self) -> None:
        self._shown = None
        self._outdated()

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        if self._late or self._shown is not self._state.result:
            self.refresh()

    def refresh(self) -> None:
        result = self._state.result
        self._late = False
        if result is not None and result is self._shown:
            return
        self._shown = result
        self._stack.setCurrentIndex(0 if result is None else 1)
        while self._cards.count():
            item = self._cards.takeAt(0)
            card = item.widget() if item is not None else None
            if card is not None:
                card.setParent(None)  # gone at once: until it is deleted it would lie under the new ones
                card.deleteLater()
        self._close_relations()
        if result is None:
            self.map.set_map((), ())
            return
        self._legend.setText("&nbsp;&nbsp;&nbsp;&nbsp;".join(
            f'<span style="color:{state_colour(s)}">{"┅" if s == NOT_RUN else "━"} {STATE_NAMES[s]}</span>'
            for s in (AGREES, WRONG, DOUBTFUL, NOT_RUN)))
        nodes, edges = relation_map(result)
        self.map.set_map(nodes, edges)
        self._add_compositions(result)
        self._add_coverage(result)
        self._add_not_run(result)
        self._add_requirements(result)
        self._cards.addStretch(1)

    def _add_compositions(self, result: Result) -> None:
        colours = {"收入来源": "ok", "支出功能分类": "related", "支出结构": "accent"}
        for made in compositions(result.document):
            card = Card(f"{made.title}（{made.unit}）" if made.unit else made.title)
            whole = sum((s.value for s in made.shares), Decimal(0))
            longest = max((abs(s.value) for s in made.shares), default=Decimal(1)) or Decimal(1)
            bars = BarList(made.title)
            bars.set_bars([Bar(s.label, figure(s.value), float(abs(s.value) / longest), colours[made.title] + ("~" if i % 2 and made.title == "支出结构" else ""),
                               f"{s.label}　{figure(s.value)}{made.unit}" + (f"　占 {s.value / whole:.2%}" if whole else "") + "\n点击到表中查看", s.evidence)
                           for i, s in enumerate(made.shares)])
            bars.chosen.connect(self._go_to)
            card.body.addWidget(bars)
            self._cards.addWidget(card)

    def _add_coverage(self, result: Result) -> None:
        coverage = result.coverage
        share = _percent(coverage.verified / coverage.amounts) if coverage.amounts else "—"
        card = Card(f"已核验金额　{share}", f"{coverage.verified:,} / {coverage.amounts:,} 个金额至少经一条关系核对")
        bars = BarList("各部分已核验金额")
        bars.set_bars([Bar(p.label, _percent(p.ratio), p.ratio, "ok" if p.ratio >= 0.95 else "warning" if p.ratio > 0 else "idle",
                           f"{p.label}：{p.verified:,} / {p.amounts:,} 个金额已核验", p)
                       for p in coverage_parts(result)])
        bars.chosen.connect(self._go_to_part)
        card.body.addWidget(bars)
        self._cards.addWidget(card)

    def _add_not_run(self, result: Result) -> None:
        groups = not_run(result)
        total = sum(len(g.checks) for g in groups)
        card = Card(f"未执行的核对（{total}）", "" if total else "全部核对都已执行")
        for group in groups[:REASONS_SHOWN]:
            row = QHBoxLayout()
            row.setSpacing(theme.px(6))
            sign = "■ 规则出错" if group.broken else "·"
            text = QLabel(f"{sign} {group.reason}")
            text.setWordWrap(True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            if group.broken:
                text.setStyleSheet(f"color: {theme.colours().error}")
            button = link(f"{len(group.checks)} 条 查看", f"查看未执行的 {len(group.checks)} 条核对：{group.reason}")
            button.clicked.connect(lambda _=False, g=group: self._show_checks(f"未执行：{g.reason}", g.checks))
            row.addWidget(text, 1)
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            card.body.addLayout(row)
        if len(groups) > REASONS_SHOWN:
            rest = link(f"全部 {len(groups)} 种原因…", "查看全部未执行的核对和原因")
            rest.clicked.connect(self._show_all_not_run)
            card.body.addWidget(rest)
        self._cards.addWidget(card)

    def _show_all_not_run(self) -> None:
        from gui.dialogs import NotRunDialog
        NotRunDialog(self._state, self).exec()

    def _add_requirements(self, result: Result) -> None:
        found = requirements(result)
        if not found:
            return
        card = Card("公开要求")
        flow = FlowLayout(theme.px(16), theme.px(4))
        rank = {WRONG: 0, DOUBTFUL: 1, AGREES: 2, NOT_RUN: 3}
        for requirement in sorted(found, key=lambda r: rank[r.state]):
            flow.addWidget(self._requirement(requirement))
        card.body.addLayout(flow)
        self._cards.addWidget(card)

    def _requirement(self, requirement: Requirement) -> QWidget:
        button = link("", f"{STATE_NAMES[requirement.state]}：{requirement.label}")
        text = f"{STATE_SIGNS[requirement.state]} {requirement.label}"
        button.setText(QFontMetricsF(theme.font()).elidedText(text, Qt.TextElideMode.ElideRight, theme.px(420)))
        button.setToolTip(requirement.label + "".join(f"\n{c.reason}" for c in requirement.checks if c.reason)[:400])
        colours = theme.colours()
        colour = {AGREES: colours.ink, NOT_RUN: colours.secondary}.get(requirement.state, state_colour(requirement.state))
        button.setStyleSheet(f"QPushButton {{ color: {colour}; }}")
        button.clicked.connect(lambda: self._go_to_requirement(requirement))
        return button

    # ---- going to what was chosen

    def _show_edge(self, edge: Edge) -> None:
        self._show_checks(self.map.ends(edge), edge.relations.checks)

    def _show_node(self, node: Node) -> None:
        self._show_checks(f"{node.label}　表内关系" if node.table else node.label, node.own.checks, node.table)

    def _show_checks(self, title: str, checks: Sequence[Check], table: str = "") -> None:
        self.relations.show_checks(title, checks, table)
        self.relations.show()

    def _close_relations(self) -> None:
        self.relations.hide()
        self.map.select(None)

    def _go_to(self, evidence: Evidence) -> None:
        self._state.select_evidence(evidence, "overview")
        self.left.emit()

    def _go_to_part(self, part: Part) -> None:
        document = self._state.result.document if self._state.result else None
        if document is None:
            return
        if part.tables:
            table = document.table(part.tables[0])
            if table is not None:
                self._state.select_table(table, "overview")
        else:
            section = next((s for s in document.sections if s.paragraphs), None)
            if section is not None:
                place = section.span.place
                self._state.select_place(section.page, place.box if place else None, "overview")
        self.left.emit()

    def _go_to_requirement(self, requirement: Requirement) -> None:
        if requirement.finding is not None:
            self._state.select_finding(requirement.finding, source="overview")
            self.left.emit()
        else:
            self._show_checks(requirement.label, requirement.checks)


def _percent(ratio: float) -> str:
    """A share in whole percent that says 100 % only when it is all."""
    return "100%" if ratio >= 1 else f"{min(int(ratio * 100), 99)}%"


def link(text: str, spoken: str = "") -> QPushButton:
    """A button that looks like a link."""
    button = QPushButton(text)
    button.setProperty("kind", "link")
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    button.setAccessibleName(spoken or text)
    button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    return button


class Card(QFrame):
    """A white card with a heading and a body."""

    def __init__(self, title: str, remark: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.setAccessibleName(title)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(theme.px(16), theme.px(9), theme.px(16), theme.px(9))
        self.body.setSpacing(theme.px(6))
        head = QHBoxLayout()
        head.setSpacing(theme.px(12))
        heading = QLabel(title)
        heading.setProperty("kind", "heading")
        head.addWidget(heading)
        if remark:
            more = QLabel(remark)
            more.setProperty("kind", "secondary")
            more.setTextFormat(Qt.TextFormat.PlainText)
            head.addWidget(more, 1)
        head.addStretch(0 if remark else 1)
        self.body.addLayout(head)


class RelationList(QFrame):
    """The relations behind an edge, a node or a reason, each with its figures. Clicking one goes to its finding or first cell."""

    left = Signal()
    closed = Signal()

    def __init__(self, state: State, source: str = "overview", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._source = source
        self._table = ""
        self.title = QLabel()
        self.title.setProperty("kind", "heading")
        self.counts = QLabel()
        self.counts.setProperty("kind", "secondary")
        self.open_table = link("查看表格", "在表格区查看此表")
        self.open_table.clicked.connect(self._go_to_table)
        close = QToolButton()
        close.setText("✕")
        close.setAccessibleName("关闭关系清单")
        close.setToolTip("关闭（Esc）")
        close.clicked.connect(self.closed)
        self.list = QListWidget()
        self.list.setAccessibleName("关系清单")
        self.list.setItemDelegate(_CheckDelegate(self.list))
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.setUniformItemSizes(True)
        self.list.itemClicked.connect(self._go)
        self.list.itemActivated.connect(self._go)
        head = QHBoxLayout()
        head.setSpacing(theme.px(12))
        head.addWidget(self.title)
        head.addWidget(self.counts)
        head.addStretch(1)
        head.addWidget(self.open_table)
        head.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.px(6), 0, 0)
        column.setSpacing(theme.px(4))
        column.addWidget(_line())
        column.addLayout(head)
        column.addWidget(self.list)

    def show_checks(self, title: str, checks: Sequence[Check], table: str = "") -> None:
        self._table = table
        self.title.setText(title)
        self.open_table.setVisible(bool(table))
        counts = {"通过": 0, "不符": 0, "未执行": 0}
        self.list.clear()
        for check in checks:
            name = {PASS: "通过", FAIL: "不符"}.get(check.status, "未执行")
            counts[name] += 1
            told = check.figures or check.reason or self._told_by_finding(check)
            item = QListWidgetItem(f"{name}：{check.rule} {check.relation} {told}")
            item.setData(_CHECK_ROLE, check)
            item.setData(_TOLD_ROLE, told)
            item.setToolTip(f"<p>{escape(check.relation)}</p><p>{escape(told)}</p>")
            self.list.addItem(item)
        self.counts.setText(" · ".join(f"{n} {name}" for name, n in counts.items() if n) or "没有关系")
        self.list.setFixedHeight(max(1, min(len(checks), 5)) * theme.px(44) + 2)
        if checks:
            self.list.setCurrentRow(0)

    def _go(self, item: QListWidgetItem) -> None:
        check: Check = item.data(_CHECK_ROLE)
        if self._state.result is None:
            return
        finding = self._finding_of(check)
        if finding is not None:
            self._state.select_finding(finding, source=self._source)
        elif check.evidence:
            first = next((e for e in check.evidence if e.cell is not None), check.evidence[0])
            self._state.select_evidence(first, self._source)
        else:
            return
        self.left.emit()

    def _finding_of(self, check: Check) -> Finding | None:
        result = self._state.result
        if result is None or check.status != FAIL:
            return None
        return next((f for f in result.findings if f.rule == check.rule and f.relation == check.relation), None)

    def _told_by_finding(self, check: Check) -> str:
        """The figures of a relation that only its finding names."""
        finding = self._finding_of(check)
        if finding is None:
            return ""
        figures = (("实为", finding.actual), ("应为", finding.expected), ("差额", finding.difference))
        return "　".join(f"{name} {value}" for name, value in figures if value)

    def _go_to_table(self) -> None:
        table = self._state.lookup.tables.get(self._table) if self._state.lookup else None
        if table is not None:
            self._state.select_table(table, self._source)
            self.left.emit()

    def keyPressEvent(self, event: object) -> None:
        if getattr(event, "key", lambda: 0)() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)  # type: ignore[arg-type]


class _CheckDelegate(QStyledItemDelegate):
    """Two lines a relation: its wording, and the figures put in or why it did not run."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(theme.px(200), theme.px(44))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        check: Check = index.data(_CHECK_ROLE)
        colours = theme.colours()
        state = option.state
        rect: QRect = option.rect
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(colours.selection))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(colours.hover))
        sign, colour = {PASS: ("✓", colours.ok), FAIL: ("✗", colours.error), BROKEN: ("!", colours.error)}.get(check.status, ("○", colours.idle))
        left, half = rect.left() + theme.px(8), rect.height() // 2
        painter.setFont(theme.font(bold=True))
        painter.setPen(QColor(colour))
        painter.drawText(QRect(left, rect.top() + theme.px(2), theme.px(20), half), Qt.AlignmentFlag.AlignVCenter, sign)
        painter.setFont(theme.font(12, mono=True))
        painter.setPen(QColor(colours.secondary))
        painter.drawText(QRect(left + theme.px(20), rect.top() + theme.px(2), theme.px(52), half), Qt.AlignmentFlag.AlignVCenter, check.rule)
        text = left + theme.px(74)
        wide = rect.right() - text - theme.px(6)
        painter.setFont(theme.font())
        painter.setPen(QColor(colours.ink))
        painter.drawText(QRect(text, rect.top() + theme.px(2), wide, half), Qt.AlignmentFlag.AlignVCenter,
                         painter.fontMetrics().elidedText(check.relation, Qt.TextElideMode.ElideRight, wide))
        told = str(index.data(_TOLD_ROLE) or "")
        painter.setFont(theme.font(12, mono=bool(check.figures)))
        painter.setPen(QColor(colours.error if check.status in (FAIL, BROKEN) else colours.secondary))
        painter.drawText(QRect(text, rect.top() + half - theme.px(1), wide, half), Qt.AlignmentFlag.AlignVCenter,
                         painter.fontMetrics().elidedText(told, Qt.TextElideMode.ElideRight, wide))
        painter.restore()


def _line() -> QFrame:
    line = QFrame()
    line.setFixedHeight(1)
    line.setStyleSheet(f"background: {theme.colours().line_soft}; border: 0;")
    return line


class FlowLayout(QLayout):
    """Widgets beside each other, going on in the next line where the width ends."""

    def __init__(self, across: int, down: int) -> None:
        super().__init__()
        self._kept: list[QLayoutItem] = []
        self._across, self._down = across, down

    def addItem(self, item: QLayoutItem) -> None:
        self._kept.append(item)

    def count(self) -> int:
        return len(self._kept)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._kept[index] if 0 <= index < len(self._kept) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._kept.pop(index) if 0 <= index < len(self._kept) else None

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize(0, 0)
        for item in self._kept:
            size = size.expandedTo(item.minimumSize())
        return size

    def _place(self, rect: QRect, really: bool) -> int:
        x, y, high = rect.x(), rect.y(), 0
        for item in self._kept:
            size = item.sizeHint()
            if x > rect.x() and x + size.width() > rect.right() + 1:
                x, y, high = rect.x(), y + high + self._down, 0
            if really:
                item.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + self._across
            high = max(high, size.height())
        return y + high - rect.y()
