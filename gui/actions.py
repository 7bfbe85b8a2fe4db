"""Every action of the window in one table: menus, toolbar, shortcuts, tooltips and the key help come from it.

Chinese input methods swallow bare letters, so no shortcut is a letter alone, and Ctrl+Space, Ctrl+. and Shift are left to them.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from gui import theme


@dataclass(frozen=True)
class Action:
    """One thing that the reviewer can do. `keys` are alternatives; `menu` "" keeps it out of the menus; `needs` says what must be there.

    `needs`: "" always, "document" an open one, "result" a checked one, "finding" a chosen finding.
    """

    id: str
    text: str
    keys: tuple[str, ...] = ()
    menu: str = ""
    needs: str = ""
    icon: str = ""
    tip: str = ""
    checkable: bool = False
    group: int = 0


MENUS = ("文件", "编辑", "审核", "查看", "转到", "帮助")

ACTIONS: tuple[Action, ...] = (
    Action("open", "打开…", ("Ctrl+O",), "文件", icon="open", tip="打开一个或多个公开文件"),
    Action("open_folder", "打开文件夹…", ("Ctrl+Shift+O",), "文件", tip="打开文件夹中的全部公开文件"),
    Action("open_sample", "打开示例文件", (), "文件"),
    Action("close", "关闭", ("Ctrl+W",), "文件", "document"),
    Action("recheck", "重新检查", ("F5",), "文件", "document", "refresh", "重新读取并检查当前文件，裁定保留", group=1),
    Action("stop", "停止读取", ("Ctrl+Shift+F5",), "文件", "document", group=1),
    Action("recognise", "识别扫描页", (), "文件", "document", group=1, tip="识别尚未读取的扫描页，然后重新检查"),
    Action("compare", "与另一版本比较…", ("Ctrl+D",), "文件", "result", tip="找出两个版本之间已解决、新增和仍在的问题", group=1),
    Action("export", "导出 Excel…", ("Ctrl+E",), "文件", "result", "export", "导出问题清单工作簿", group=2),
    Action("import_review", "导入裁定…", (), "文件", "result", group=2, tip="从另一位审核人的裁定文件导入"),
    Action("share_review", "另存裁定…", (), "文件", "result", group=2, tip="把裁定存成文件，交给另一位审核人"),
    Action("settings", "设置…", ("Ctrl+,",), "文件", group=3),
    Action("quit", "退出", ("Ctrl+Q",), "文件", group=4),
    Action("undo", "撤销", ("Ctrl+Z",), "编辑", "document", "undo"),
    Action("redo", "重做", ("Ctrl+Y", "Ctrl+Shift+Z"), "编辑", "document", "redo"),
    Action("copy", "复制", ("Ctrl+C",), "编辑", "result", tip="表格复制为制表符分隔，问题复制为一段文字", group=1),
    Action("copy_headers", "连同表头复制", ("Ctrl+Shift+C",), "编辑", "result", group=1),
    Action("find", "在文件中查找", ("Ctrl+F",), "编辑", "result", "search", group=2),
    Action("find_next", "下一个查找结果", ("F3",), "编辑", "result", group=2),
    Action("find_previous", "上一个查找结果", ("Shift+F3",), "编辑", "result", group=2),
    Action("filter", "筛选问题", ("Ctrl+L",), "编辑", "result", "filter", group=2),
    Action("clear_filter", "清除筛选", ("Ctrl+Shift+L",), "编辑", "result", group=2),
    Action("next", "下一处问题", ("F8",), "审核", "result", "next"),
    Action("previous", "上一处问题", ("Shift+F8",), "审核", "result", "previous"),
    Action("next_open", "下一处待核问题", ("Ctrl+F8",), "审核", "result"),
    Action("confirm", "属实", ("Ctrl+1",), "审核", "finding", "confirm", group=1),
    Action("dismiss", "排除…", ("Ctrl+2",), "审核", "finding", "dismiss", "说明理由后排除", group=1),
    Action("reopen", "待核", ("Ctrl+3",), "审核", "finding", "reopen", group=1),
    Action("note", "备注", ("F2",), "审核", "finding", "note", group=1),
    Action("ignore_rule", "在本文件中忽略此规则…", ("Ctrl+Shift+2",), "审核", "finding", group=2),
    Action("advance", "裁定后跳到下一处待核", (), "审核", checkable=True, group=3),
    Action("overview", "总览", ("Ctrl+Shift+V",), "查看", "result", "overview", "勾稽关系图、收支构成、核验范围", checkable=True),
    Action("show_table", "表格", ("Alt+1",), "查看", "result"),
    Action("show_narrative", "文字", ("Alt+2",), "查看", "result"),
    Action("zoom_in", "放大", ("Ctrl++", "Ctrl+="), "查看", "document", group=1),
    Action("zoom_out", "缩小", ("Ctrl+-",), "查看", "document", group=1),
    Action("zoom_width", "适合宽度", ("Ctrl+0",), "查看", "document", group=1),
    Action("zoom_page", "整页", ("Ctrl+9",), "查看", "document", group=1),
    Action("turn", "旋转页面", ("Ctrl+R",), "查看", "document", "turn", group=1),
    Action("sync", "同步定位", ("Ctrl+Shift+Y",), "查看", checkable=True, icon="sync", tip="问题、表格、页面互相跟随", group=2),
    Action("unverified", "标出未核验金额", ("Ctrl+Shift+U",), "查看", checkable=True, group=2),
    Action("structure", "显示识别的表格线", ("Ctrl+Shift+T",), "查看", checkable=True, group=2, tip="为什么这样识别：表、行、列的边界"),
    Action("correct", "更正表格识别…", ("Ctrl+Shift+E",), "查看", "result", group=2, tip="改列线、行线和表名，补画漏掉的表，然后重新检查"),
    Action("font_larger", "字号加大", ("Ctrl+Shift+=", "Ctrl+Shift++"), "查看", group=3),
    Action("font_smaller", "字号减小", ("Ctrl+Shift+-", "Ctrl+Shift+_"), "查看", group=3),
    Action("theme", "切换深色 / 浅色", ("Ctrl+Shift+D",), "查看", group=3),
    Action("reset_layout", "恢复默认布局", (), "查看", group=3),
    Action("full_screen", "全屏", ("F11",), "查看", group=3),
    Action("goto_page", "转到页…", ("Ctrl+G",), "转到", "document"),
    Action("goto_place", "转到对应的单元格或页面", ("F4",), "转到", "result"),
    Action("evidence_next", "下一个证据", ("Alt+Right",), "转到", "finding", group=1),
    Action("evidence_previous", "上一个证据", ("Alt+Left",), "转到", "finding", group=1),
    Action("panel_next", "下一个面板", ("F6",), "转到", "document", group=2),
    Action("panel_previous", "上一个面板", ("Shift+F6",), "转到", "document", group=2),
    Action("tab_next", "下一个文件", ("Ctrl+Tab", "Ctrl+PgDown"), "转到", "document", group=3),
    Action("tab_previous", "上一个文件", ("Ctrl+Shift+Tab", "Ctrl+PgUp"), "转到", "document", group=3),
    Action("rule_help", "规则说明", ("F1",), "帮助", tip="所选问题的规则、依据和示例"),
    Action("rules", "规则目录", ("Ctrl+F1",), "帮助"),
    Action("keys", "快捷键", ("Shift+F1",), "帮助"),
    Action("log", "运行日志", (), "帮助", group=1),
    Action("about", "关于勾稽", (), "帮助", group=1),
)

BY_ID = {a.id: a for a in ACTIONS}


def keys_of(action: str) -> str:
    """The first shortcut of an action, as printed on its button."""
    keys = BY_ID[action].keys
    return keys[0] if keys else ""


def build(window: QWidget, handler: Callable[[str], Callable[..., None]]) -> dict[str, QAction]:
    """The QActions of the window; `handler(id)` gives what each does."""
    made: dict[str, QAction] = {}
    for spec in ACTIONS:
        action = QAction(spec.text, window)
        action.setObjectName(spec.id)
        action.setShortcuts([QKeySequence(k) for k in spec.keys])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setCheckable(spec.checkable)
        hint = spec.tip or spec.text.rstrip("…")
        action.setToolTip(f"{hint}（{spec.keys[0]}）" if spec.keys else hint)
        action.setStatusTip(spec.tip)
        action.triggered.connect(handler(spec.id))
        window.addAction(action)
        made[spec.id] = action
    return made


def fill_menus(bar: QMenuBar, made: dict[str, QAction]) -> dict[str, QMenu]:
    """Menus in the order of the table, with a line between groups."""
    menus: dict[str, QMenu] = {}
    for title in MENUS:
        menu = bar.addMenu(title)
        menus[title] = menu
        group = 0
        for spec in (a for a in ACTIONS if a.menu == title):
            if spec.group != group:
                menu.addSeparator()
                group = spec.group
            menu.addAction(made[spec.id])
    return menus


def paint_icons(made: dict[str, QAction]) -> None:
    """Icons in the colours of the present theme."""
    for spec in ACTIONS:
        if spec.icon:
            made[spec.id].setIcon(theme.icon(spec.icon, theme.colours().secondary))
            made[spec.id].setIconVisibleInMenu(True)


def enable(made: dict[str, QAction], *, document: bool, result: bool, finding: bool) -> None:
    there = {"": True, "document": document, "result": result, "finding": finding}
    for spec in ACTIONS:
        made[spec.id].setEnabled(there[spec.needs])
