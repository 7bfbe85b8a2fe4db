"""The rule catalogue: a list, and for each rule what it checks, why, an example, what to do, the basis, the formula."""
from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QSplitter, QTextBrowser, QVBoxLayout, QWidget

from core.layouts import templates
from core.reference import regulations
from core.results import FAMILIES
from core.rules.base import Rule
from core.text import fold
from gui import theme
from gui.dialogs.base import Dialog

_RULE = int(Qt.ItemDataRole.UserRole)


def page_of(rule: Rule) -> str:
    """The page of a rule as rich text."""
    known = regulations()
    c = theme.colours()
    sign, name = theme.SEVERITY_SIGNS[rule.severity], theme.SEVERITY_NAMES[rule.severity]
    parts = [f'<p style="font-size:{theme.px(17)}px; font-weight:600; margin-bottom:2px">{escape(rule.title)}</p>',
             f'<p style="color:{c.secondary}"><span style="color:{c.severity(rule.severity)}">{sign} {name}</span>　'
             f'{escape(rule.id)}　{escape(FAMILIES.get(rule.family, rule.family))}</p>']
    names = {t.id: t.name for t in templates()}
    where = "、".join(names.get(t, t) for t in rule.templates)
    for heading, text in (("检查什么", rule.explanation), ("审核公式", rule.formula), ("例子", rule.example), ("怎么处理", rule.remedy),
                          ("依据", "；".join(known[key].text if key in known else key for key in rule.basis)), ("需要的表", "、".join(rule.tables)),
                          ("适用模板", where or "全部")):
        if not text.strip():
            continue
        body = "<br>".join(escape(line.strip()) for line in text.strip().splitlines())
        if heading == "审核公式":
            body = f'<span style="font-family:{theme.mono_family()},{theme.family()}; background:{c.header}">&nbsp;{body}&nbsp;</span>'
        parts.append(f'<p style="margin-top:{theme.px(10)}px; margin-bottom:2px; color:{c.strong}; font-weight:600">{heading}</p><p>{body}</p>')
    return "".join(parts)


class RulesDialog(Dialog):
    """Opens at `rule_id`, of several the one of `template_id`. `rules` are all known ones unless given."""

    def __init__(self, rule_id: str = "", parent: QWidget | None = None, rules: Sequence[Rule] | None = None, template_id: str = "") -> None:
        super().__init__("规则目录", parent, 980, 640)
        self._template = template_id
        if rules is None:
            from core.review import known_rules
            rules = known_rules()
        self._rules = tuple(rules)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("编号、标题、公式")
        self.filter.setAccessibleName("筛选规则")
        self.filter.setClearButtonEnabled(True)
        self.family = QComboBox()
        self.family.setAccessibleName("类别")
        self.family.addItem("全部类别", "")
        for family, name in FAMILIES.items():
            count = sum(1 for r in self._rules if r.family == family)
            if count:
                self.family.addItem(f"{name} {count}", family)
        self.list = QListWidget()
        self.list.setAccessibleName("规则")
        self.list.setUniformItemSizes(True)
        self.page = QTextBrowser()
        self.page.setAccessibleName("规则说明")
        self.page.setOpenLinks(False)
        self.page.document().setDocumentMargin(theme.px(14))
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.addWidget(self.filter, 1)
        row.addWidget(self.family)
        column.addLayout(row)
        column.addWidget(self.list, 1)
        split = QSplitter()
        split.addWidget(left)
        split.addWidget(self.page)
        split.setStretchFactor(1, 1)
        split.setSizes([theme.px(400), theme.px(560)])
        self.body.addWidget(split, 1)
        self.list.currentItemChanged.connect(self._show)
        self.filter.textChanged.connect(lambda _: self._fill())
        self.family.currentIndexChanged.connect(lambda _: self._fill())
        self.close_button()
        self._fill()
        self.open_rule(rule_id)

    def open_rule(self, rule_id: str) -> None:
        rows = [i for i in range(self.list.count()) if self.list.item(i).data(_RULE).id == rule_id]
        own = [i for i in rows if self._template in self.list.item(i).data(_RULE).templates]
        self.list.setCurrentRow((own or rows or [0])[0])

    def _fill(self) -> None:
        before = self.list.currentItem()
        kept = before.data(_RULE) if before else None
        wanted, family = fold(self.filter.text()).lower(), self.family.currentData()
        self.list.clear()
        for rule in self._rules:
            if (family and rule.family != family) or wanted not in fold(f"{rule.id}{rule.title}{rule.formula}{rule.explanation}").lower():
                continue
            item = QListWidgetItem(f"{theme.SEVERITY_SIGNS[rule.severity]}  {rule.id}  {rule.title}")
            item.setData(_RULE, rule)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{rule.id} {rule.title}，{theme.SEVERITY_NAMES[rule.severity]}")
            item.setToolTip(rule.title + (f"\n适用：{'、'.join(rule.templates)}" if rule.templates else ""))
            item.setForeground(QColor(theme.colours().ink))
            self.list.addItem(item)
        rows = [i for i in range(self.list.count()) if self.list.item(i).data(_RULE) is kept]
        self.list.setCurrentRow(rows[0] if rows else 0)
        if not self.list.count():
            self.page.setPlainText("没有符合条件的规则")

    def _show(self, item: QListWidgetItem | None, _: QListWidgetItem | None = None) -> None:
        if item is not None:
            self.page.setHtml(page_of(item.data(_RULE)))
