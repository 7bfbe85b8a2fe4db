"""What was not checked, and why: reasons with the relations behind each."""
from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QHeaderView, QLineEdit, QTreeWidget, QTreeWidgetItem, QWidget

from core.overview import not_run
from core.results import FAMILIES, Check
from core.text import fold
from gui import theme
from gui.dialogs.base import Dialog, children, label
from gui.state import State


class NotRunDialog(Dialog):
    """Broken rules first. Choosing a relation that has a place goes there."""

    def __init__(self, state: State, parent: QWidget | None = None) -> None:
        super().__init__("未执行的核对", parent, 780, 520)
        self._state = state
        groups = not_run(state.result) if state.result else ()
        total = sum(len(g.checks) for g in groups)
        head = f"共 {total} 条核对没有执行。没有执行的不算通过：请看原因，必要时人工核对。" if total else "全部核对都已执行。"
        self.body.addWidget(label(head))
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("筛选原因、规则、表")
        self.filter.setAccessibleName("筛选")
        self.filter.setClearButtonEnabled(True)
        self.body.addWidget(self.filter)
        self.tree = QTreeWidget()
        self.tree.setAccessibleName("未执行的核对")
        self.tree.setHeaderLabels(["原因 / 核对关系", "规则", "类别"])
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        for group in groups:
            top = QTreeWidgetItem([f"{'■ 规则出错：' if group.broken else ''}{group.reason}（{len(group.checks)} 条）"])
            top.setFont(0, theme.font(bold=True))
            top.setToolTip(0, group.reason)
            if group.broken:
                top.setForeground(0, QColor(theme.colours().error))
            for check in group.checks:
                item = QTreeWidgetItem([check.relation, check.rule, FAMILIES.get(check.family, check.family)])
                item.setToolTip(0, check.relation)
                item.setData(0, Qt.ItemDataRole.UserRole, check)
                top.addChild(item)
            self.tree.addTopLevelItem(top)
            top.setExpanded(len(groups) <= 4 or group.broken)
        self.tree.itemActivated.connect(self._go)
        self.filter.textChanged.connect(self._narrow)
        self.body.addWidget(self.tree, 1)
        copy = self.button("复制清单")
        copy.clicked.connect(self.copy)
        self.close_button()

    def _narrow(self, text: str) -> None:
        wanted = fold(text).lower()
        for i in range(self.tree.topLevelItemCount()):
            top = self.tree.topLevelItem(i)
            if top is None:
                continue
            own = wanted in fold(top.text(0)).lower()
            shown = 0
            for item in children(top):
                hit = own or wanted in fold(item.text(0) + item.text(1) + item.text(2)).lower()
                item.setHidden(not hit)
                shown += hit
            top.setHidden(not own and not shown)
            if wanted and shown and not own:
                top.setExpanded(True)

    def _go(self, item: QTreeWidgetItem) -> None:
        check = item.data(0, Qt.ItemDataRole.UserRole)
        if isinstance(check, Check) and check.evidence:
            self._state.select_evidence(check.evidence[0], "not_run")

    def copy(self) -> None:
        lines = ["原因\t规则\t核对关系"]
        for group in not_run(self._state.result) if self._state.result else ():
            lines += [f"{group.reason}\t{c.rule}\t{c.relation}" for c in group.checks]
        QGuiApplication.clipboard().setText("\n".join(lines))
