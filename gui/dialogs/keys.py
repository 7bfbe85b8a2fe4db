"""The key help, made from the actions table."""
from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHeaderView, QLineEdit, QTreeWidget, QTreeWidgetItem, QWidget

from core.text import fold
from gui import theme
from gui.actions import ACTIONS, MENUS
from gui.dialogs.base import Dialog, children, label


class KeysDialog(Dialog):
    """All actions with their keys, by menu."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("快捷键", parent, 760, 640)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("筛选，例如：下一处、Ctrl+E")
        self.filter.setAccessibleName("筛选快捷键")
        self.filter.setClearButtonEnabled(True)
        self.tree = QTreeWidget()
        self.tree.setAccessibleName("快捷键清单")
        self.tree.setHeaderLabels(["操作", "按键", "说明"])
        self.tree.setRootIsDecorated(False)
        self.tree.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.tree.header().setStretchLastSection(True)
        for menu in MENUS:
            top = QTreeWidgetItem([menu])
            top.setFont(0, theme.font(bold=True))
            for action in (a for a in ACTIONS if a.menu == menu and a.keys):
                keys = "　或　".join(QKeySequence(k).toString(QKeySequence.SequenceFormat.NativeText) for k in action.keys)
                item = QTreeWidgetItem([f"　{action.text.rstrip('…')}", keys, action.tip])
                item.setFont(1, theme.font(12.5, mono=True))
                top.addChild(item)
            if top.childCount():
                self.tree.addTopLevelItem(top)
        self.tree.expandAll()
        self.body.addWidget(self.filter)
        self.body.addWidget(self.tree, 1)
        self.body.addWidget(label("没有单个字母的快捷键，开着中文输入法也都有效。", "secondary"))
        self.filter.textChanged.connect(self._narrow)
        self.close_button()

    def _narrow(self, text: str) -> None:
        wanted = fold(text).lower()
        for i in range(self.tree.topLevelItemCount()):
            top = self.tree.topLevelItem(i)
            shown = 0
            for item in children(top):
                hit = wanted in fold("".join(item.text(c) for c in range(3))).lower()
                item.setHidden(not hit)
                shown += hit
            if top:
                top.setHidden(not shown)

    def shown(self) -> list[str]:
        """The actions that pass the filter."""
        found = self.tree.findItems("*", Qt.MatchFlag.MatchWildcard | Qt.MatchFlag.MatchRecursive)
        return [i.text(0).strip() for i in found if i.parent() is not None and not i.isHidden()]
