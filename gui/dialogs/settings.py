"""The settings: reviewer, look, what happens after a verdict, recognition of scans, the office's code lists, which rules are on."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core import reference
from core.errors import Unreadable
from core.results import FAMILIES
from core.review_file import user_name
from core.rules.base import Rule
from core.text import fold
from gui import theme
from gui.dialogs.base import Dialog, label
from gui.profile import OCR, RULES_OFF, is_on, rules_off, set_on
from gui.state import State

THEMES = {"跟随系统": "system", "浅色": "light", "深色": "dark"}
_RULE = int(Qt.ItemDataRole.UserRole)


class SettingsDialog(Dialog):
    """Nothing changes before 确定."""

    def __init__(self, state: State, parent: QWidget | None = None, rules: Sequence[Rule] | None = None) -> None:
        super().__init__("设置", parent, 640, 560)
        self._state = state
        self.tabs = QTabWidget()
        self.tabs.addTab(self._general(), "常规")
        self.tabs.addTab(self._lists(), "科目库")
        self.tabs.addTab(self._profile(rules), "规则")
        self.body.addWidget(self.tabs, 1)
        self.foot.addStretch(1)
        ok = self.button("确定", "primary", True)
        cancel = self.button("取消")
        ok.clicked.connect(self.accept)
        cancel.clicked.connect(self.reject)

    # ---- general

    def _general(self) -> QWidget:
        page = QWidget()
        form = QFormLayout(page)
        form.setContentsMargins(theme.px(14), theme.px(14), theme.px(14), theme.px(14))
        form.setVerticalSpacing(theme.px(10))
        stored = self._state.settings
        self.reviewer = QLineEdit(str(stored.value("reviewer", "") or ""))
        self.reviewer.setPlaceholderText(user_name() or "姓名")
        self.reviewer.setMaxLength(40)
        self.theme = QComboBox()
        self.theme.addItems(list(THEMES))
        self.theme.setCurrentIndex(max(0, list(THEMES.values()).index(str(stored.value("theme", "system")))
                                       if str(stored.value("theme", "system")) in THEMES.values() else 0))
        self.font_size = QComboBox()
        for factor in theme.SCALES:
            self.font_size.addItem(f"{factor:.0%}", factor)
        present = float(str(stored.value("font_scale", 1.0)))
        self.font_size.setCurrentIndex(min(range(len(theme.SCALES)), key=lambda i: abs(theme.SCALES[i] - present)))
        self.advance = QCheckBox("裁定后跳到下一处待核问题")
        self.advance.setChecked(is_on(stored, "advance"))
        self.ocr = QCheckBox("识别扫描页（离线，较慢；关闭后扫描页列为未读）")
        self.ocr.setChecked(is_on(stored, OCR))
        for text, field in (("审核人(&N)", self.reviewer), ("主题(&T)", self.theme), ("字号(&S)", self.font_size)):
            form.addRow(text, field)
            field.setAccessibleName(text.split("(")[0])
        form.addRow("", self.advance)
        form.addRow("", self.ocr)
        form.addRow("", label("审核人姓名和时间会记在每条裁定上，并写入导出的工作簿。", "secondary"))
        return page

    # ---- code lists

    def _lists(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(theme.px(14), theme.px(14), theme.px(14), theme.px(14))
        column.addWidget(label("导入本单位使用的科目库（xlsx 或 csv，含科目编码和科目名称两列），优先于程序自带的科目表。", "secondary"))
        row = QHBoxLayout()
        self.year = QSpinBox()
        self.year.setRange(2007, 2100)
        self.year.setValue(date.today().year)
        self.year.setAccessibleName("年度")
        self.year.setSuffix(" 年")
        self.budget = QComboBox()
        self.budget.addItems(list(reference.BUDGETS))
        self.budget.setAccessibleName("科目类别")
        choose = QPushButton("导入…")
        choose.clicked.connect(self._choose_list)
        row.addWidget(self.year)
        row.addWidget(self.budget, 1)
        row.addWidget(choose)
        column.addLayout(row)
        self.lists = QTreeWidget()
        self.lists.setHeaderLabels(["年度", "类别", "科目数"])
        self.lists.setRootIsDecorated(False)
        self.lists.setAccessibleName("已导入的科目库")
        column.addWidget(self.lists, 1)
        below = QHBoxLayout()
        self.list_message = QLabel()
        self.list_message.setWordWrap(True)
        remove = QPushButton("删除所选")
        remove.clicked.connect(self._remove_list)
        below.addWidget(self.list_message, 1)
        below.addWidget(remove)
        column.addLayout(below)
        self._show_lists()
        return page

    def _show_lists(self) -> None:
        self.lists.clear()
        for year, budget, count in reference.office_lists():
            item = QTreeWidgetItem([str(year), budget, str(count)])
            item.setData(0, _RULE, (year, budget))
            self.lists.addTopLevelItem(item)
        for column in range(2):
            self.lists.resizeColumnToContents(column)

    def _choose_list(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "导入科目库", "", "科目库 (*.xlsx *.csv)")
        if path:
            self.import_list(Path(path))

    def import_list(self, path: Path) -> bool:
        """Takes in a list for the chosen year and kind; says what came of it."""
        try:
            reference.import_office_list(path, self.year.value(), self.budget.currentText())
        except (Unreadable, OSError) as error:
            self.list_message.setText(f"未能导入：{error}")
            self.list_message.setStyleSheet(f"color: {theme.colours().error}")
            return False
        self._show_lists()
        self.list_message.setText(f"已导入 {path.name}，下次检查时生效")
        self.list_message.setStyleSheet(f"color: {theme.colours().ok}")
        return True

    def _remove_list(self) -> None:
        item = self.lists.currentItem()
        if item is not None:
            year, budget = item.data(0, _RULE)
            reference.remove_office_list(year, budget)
            self._show_lists()
            self.list_message.setText("已删除，下次检查时恢复使用自带科目表")
            self.list_message.setStyleSheet("")

    # ---- rules

    def _profile(self, rules: Sequence[Rule] | None) -> QWidget:
        if rules is None:
            from core.review import known_rules
            rules = known_rules()
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(theme.px(14), theme.px(14), theme.px(14), theme.px(14))
        column.addWidget(label("取消勾选的规则不再执行，下次检查时生效。只想在一份文件里忽略某条规则，请在问题清单中操作。", "secondary"))
        self.rule_filter = QLineEdit()
        self.rule_filter.setPlaceholderText("筛选编号、标题")
        self.rule_filter.setAccessibleName("筛选规则")
        self.rule_filter.setClearButtonEnabled(True)
        column.addWidget(self.rule_filter)
        self.rules = QTreeWidget()
        self.rules.setHeaderHidden(True)
        self.rules.setAccessibleName("启用的规则")
        off = rules_off(self._state.settings)
        seen: set[str] = set()
        for family, name in FAMILIES.items():
            top = QTreeWidgetItem([name])
            top.setFlags(top.flags() | Qt.ItemFlag.ItemIsAutoTristate | Qt.ItemFlag.ItemIsUserCheckable)
            for rule in (r for r in rules if r.family == family):
                if rule.id in seen:
                    continue
                seen.add(rule.id)
                item = QTreeWidgetItem([f"{rule.id}  {rule.title}"])
                item.setData(0, _RULE, rule.id)
                item.setToolTip(0, rule.title)
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(0, Qt.CheckState.Unchecked if rule.id in off else Qt.CheckState.Checked)
                top.addChild(item)
            if top.childCount():
                top.setText(0, f"{name}（{top.childCount()}）")
                self.rules.addTopLevelItem(top)
        column.addWidget(self.rules, 1)
        everything = QPushButton("全部启用")
        everything.clicked.connect(lambda: self._check_all())
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(everything)
        column.addLayout(row)
        self.rule_filter.textChanged.connect(self._narrow)
        return page

    def _items(self) -> list[QTreeWidgetItem]:
        tops = [self.rules.topLevelItem(i) for i in range(self.rules.topLevelItemCount())]
        found = [top.child(k) for top in tops if top is not None for k in range(top.childCount())]
        return [item for item in found if item is not None]

    def _check_all(self) -> None:
        for item in self._items():
            item.setCheckState(0, Qt.CheckState.Checked)

    def _narrow(self, text: str) -> None:
        wanted = fold(text).lower()
        for item in self._items():
            item.setHidden(wanted not in fold(item.text(0)).lower())
        for i in range(self.rules.topLevelItemCount()):
            top = self.rules.topLevelItem(i)
            if top is not None:
                shown = any(not item.isHidden() for item in self._items() if item.parent() is top)
                top.setHidden(not shown)
                top.setExpanded(bool(wanted) and shown)

    # ---- putting it to use

    def accept(self) -> None:
        settings = self._state.settings
        before = (is_on(settings, OCR), rules_off(settings))
        off = {str(i.data(0, _RULE)) for i in self._items() if i.checkState(0) == Qt.CheckState.Unchecked}
        settings.setValue("reviewer", self.reviewer.text().strip())
        settings.setValue("theme", THEMES[self.theme.currentText()])
        settings.setValue("font_scale", self.font_size.currentData())
        set_on(settings, "advance", self.advance.isChecked())
        set_on(settings, OCR, self.ocr.isChecked())
        settings.setValue(RULES_OFF, sorted(off))
        settings.sync()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            from gui.app import apply_theme
            apply_theme(app, self._state)
        self._state.settings_changed.emit()
        if before != (self.ocr.isChecked(), frozenset(off)) and self._state.result is not None:
            self._state.message.emit("设置将在下次检查时生效，按 F5 重新检查")
        super().accept()
