"""Puts the panels together and carries out the actions of the table."""
from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QRect, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QCloseEvent,
    QDesktopServices,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QShortcut,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMenu,
    QMessageBox,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.paths import resource
from core.review_file import CONFIRMED, DISMISSED, OPEN
from gui import actions, theme, undo
from gui.banner import Banner, verdict_of
from gui.detail_panel import DetailPanel
from gui.findings_panel import FindingsPanel
from gui.job import warm_up
from gui.outline_panel import OutlinePanel
from gui.page_view import PAGE, WIDTH, PageView
from gui.scan_strip import ScanStrip
from gui.state import ERROR, READING, STOPPED, WAITING, Filter, OpenDocument, Selection, State
from gui.tables_panel import TablesPanel
from gui.welcome import Welcome
from gui.widgets import KeyButton, Segments, Tabs, Toast

if TYPE_CHECKING:
    from gui.correction import CorrectionTool

log = logging.getLogger(__name__)

WELCOME, DESK, OVERVIEW, COMPARE = range(4)
FILES = "公开文件 (*.pdf *.docx *.xlsx *.xls *.zip);;PDF (*.pdf);;Word (*.docx);;Excel (*.xlsx *.xls);;分成多个文件的公开材料 (*.zip);;所有文件 (*)"
TOOLBAR = (("open", "打开", ""), ("recheck", "重新检查", ""), ("previous", "上一处", ""), ("next", "下一处", ""), ("overview", "总览", ""),
           ("export", "导出 Excel", "primary"))


class MainWindow(QMainWindow):
    """The reviewer's desk."""

    def __init__(self, state: State) -> None:
        super().__init__()
        self.state = state
        self.setWindowTitle("勾稽[*]")
        self.setAcceptDrops(True)
        self.setMinimumSize(880, 480)
        self.actions_by_id = actions.build(self, self._handler)
        self.menus = actions.fill_menus(self.menuBar(), self.actions_by_id)
        self.menus["文件"].insertMenu(self.actions_by_id["open_sample"], self._recent_menu())
        self.state_page = DESK
        self._left_before = 0
        self._pulled = False
        self._build()
        self.toast = Toast(self)
        self._connect()
        self._style()
        self._documents_changed()
        self._update_actions()
        self._disk = QTimer(self, interval=4000)
        self._disk.timeout.connect(self._tick)
        self._disk.start()

    # ---- building

    def _build(self) -> None:
        state = self.state
        self.outline = OutlinePanel(state, self)
        self.page_view = PageView(state, self)
        self.tables = TablesPanel(state, self)
        self.findings = FindingsPanel(state, self)
        self.detail = DetailPanel(state, self)
        self.banner = Banner(state, self)
        self.welcome = Welcome(state, self)
        self.search: QWidget | None = None
        self.narrative: QWidget | None = None
        self.overview: QWidget | None = None
        self.correction: CorrectionTool | None = None
        self.left = QStackedWidget(self)
        self.left.addWidget(self.outline)
        self.right = QStackedWidget(self)
        self.right.addWidget(self.tables)
        self.switch = Segments(("表格", "文字"), self._show_right, self)
        self.tables.add_to_head(self.switch)
        self.above = QSplitter(Qt.Orientation.Horizontal, self)
        for widget in (self.left, self.page_view, self.right):
            self.above.addWidget(widget)
        self.bottom = QSplitter(Qt.Orientation.Horizontal, self)
        self.bottom.addWidget(self.findings)
        self.bottom.addWidget(self.detail)
        self.desk = QSplitter(Qt.Orientation.Vertical, self)
        self.desk.addWidget(self.above)
        self.desk.addWidget(self.bottom)
        for splitter in (self.above, self.bottom, self.desk):
            splitter.setChildrenCollapsible(False)
            splitter.splitterMoved.connect(self._splitter_pulled)
        self.left.setMinimumWidth(140)
        self.page_view.setMinimumWidth(260)
        self.right.setMinimumWidth(240)
        self.findings.setMinimumWidth(420)
        self.detail.setMinimumWidth(280)
        self.bottom.setMinimumHeight(150)
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self.welcome)
        self.pages.addWidget(self.desk)
        middle = QWidget(self)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._top_bar())
        column.addWidget(self.banner)
        column.addWidget(ScanStrip(state, self))
        column.addWidget(self.pages, 1)
        self.setCentralWidget(middle)
        self._status_bar()

    def _top_bar(self) -> QWidget:
        self.top = QFrame(self)
        self.top.setProperty("kind", "bar")
        row = QHBoxLayout(self.top)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(6)
        self._brand = QLabel("勾稽", self)
        self._brand.setProperty("kind", "brand")
        self.tabs = Tabs(self)
        self.tabs.setAccessibleName("已打开的文件")
        for name, word in (("ScrollLeftButton", "向左"), ("ScrollRightButton", "向右")):
            scroll = self.tabs.findChild(QToolButton, name)
            if scroll is not None:
                scroll.setAccessibleName(f"{word}滚动标签")
        self.tabs.currentChanged.connect(self._tab_chosen)
        self._plus = QToolButton(self)
        self._plus.setText("+")
        self._plus.setAccessibleName("打开文件")
        self._plus.setToolTip(f"打开文件（{actions.keys_of('open')}）")
        self._plus.clicked.connect(lambda: self.do_open())
        row.addWidget(self._brand)
        row.addSpacing(4)
        row.addWidget(self.tabs, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._plus)
        row.addSpacing(8)
        row.addStretch(1)
        self.buttons: dict[str, KeyButton] = {}
        for name, text, kind in TOOLBAR:
            button = KeyButton(text, actions.keys_of(name), kind, self)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(partial(self._run, name))
            row.addWidget(button)
            self.buttons[name] = button
        self.buttons["overview"].setCheckable(True)
        return self.top

    def _status_bar(self) -> None:
        bar = self.statusBar()
        bar.setSizeGripEnabled(False)
        self._where = QLabel(self)
        self._where.setAccessibleName("当前位置")
        self._sum = QLabel(self)
        self._sum.setAccessibleName("选中合计")
        self._saved = QLabel(self)
        self._rules = QLabel(self)
        bar.addWidget(self._where)
        bar.addWidget(self._sum)
        bar.addPermanentWidget(self._saved)
        bar.addPermanentWidget(self._rules)

    def _recent_menu(self) -> QMenu:
        menu = QMenu("最近打开", self)

        def fill() -> None:
            menu.clear()
            for path in self.state.recent():
                action = menu.addAction(path.name, partial(self.state.open, [path]))
                action.setEnabled(path.exists())
                action.setToolTip(str(path))
            menu.addSeparator()
            menu.addAction("清空列表", self.state.clear_recent)

        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(fill)
        return menu

    def _connect(self) -> None:
        state = self.state
        state.documents_changed.connect(self._documents_changed)
        state.current_changed.connect(self._current_changed)
        state.result_changed.connect(self._result_changed)
        state.progress_changed.connect(lambda _: self._tab_texts())
        state.selection_changed.connect(self._selection_changed)
        state.verdicts_changed.connect(self._update_actions)
        state.undo_changed.connect(self._update_actions)
        state.saved_changed.connect(self._show_saved)
        state.message.connect(lambda text: self.toast.say(text))
        state.action_requested.connect(self._run)
        state.theme_changed.connect(self._style)
        for view in (self.outline.view, self.tables.view, self.tables.view.frozen, self.findings.view, self.detail.body):
            view.viewport().installEventFilter(self)
        self.page_view.canvas.pages_known.connect(self._show_page_view)
        self.tables.summed.connect(self._sum.setText)
        self.detail.decided.connect(lambda: self.findings.view.setFocus())
        QApplication.instance().focusChanged.connect(self._focus_changed)  # type: ignore[union-attr]
        escape = QShortcut(QKeySequence("Esc"), self)
        escape.setContext(Qt.ShortcutContext.WindowShortcut)
        escape.activated.connect(self._escape)

    def load_rest(self) -> None:
        """The panels that are not needed to show the window, made once it is on the screen."""
        from gui.narrative_panel import NarrativePanel
        from gui.search_panel import SearchPanel
        if self.search is None:
            search = SearchPanel(self.state, self)
            search.closed.connect(self._search_closed)
            self.search = search
            self.left.addWidget(search)
        if self.narrative is None:
            self.narrative = NarrativePanel(self.state, self)
            self.right.addWidget(self._narrative_page(self.narrative))
        if self.correction is None:
            from gui.correction import CorrectionTool
            from gui.problem_map import PageMap, TableMap
            self.correction = CorrectionTool(self.state, self.page_view)
            self.page_view.add_beside(PageMap(self.state, self.page_view.canvas, self.page_view))
            self.table_map = TableMap(self.state, self.tables)

    def _polish(self) -> None:
        """Readies the desk while nothing is open, so that the first document finds it laid out."""
        if self.state.current is None:
            self.desk.resize(self.pages.size())
            for widget in (self.desk, self.top):
                widget.grab()

    def _narrative_page(self, panel: QWidget) -> QWidget:
        page = QWidget(self)
        head = QFrame(page)
        head.setProperty("kind", "panelhead")
        head.setFixedHeight(theme.px(34))
        self.state.theme_changed.connect(lambda: head.setFixedHeight(theme.px(34)))
        row = QHBoxLayout(head)
        row.setContentsMargins(10, 0, 12, 0)
        self.switch_too = Segments(("表格", "文字"), self._show_right, page)
        row.addWidget(self.switch_too)
        row.addStretch(1)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(panel, 1)
        page.setFocusProxy(panel)
        return page

    # ---- looks

    def _style(self) -> None:
        self.top.setFixedHeight(theme.px(42))
        self._plus.setFixedSize(theme.px(28), theme.px(28))
        actions.paint_icons(self.actions_by_id)
        self.tabs.setStyleSheet("QTabBar::close-button { subcontrol-position: right; }")
        for number in range(self.tabs.count()):
            self._close_button(number)
        self.statusBar().setFixedHeight(theme.px(25))
        self._fit_buttons()
        for widget in (self.top, self.statusBar()):
            widget.style().unpolish(widget)
            widget.style().polish(widget)
        self._show_saved()

    def _close_button(self, number: int) -> None:
        """Our own small cross: the style's is a bitmap that vanishes in the dark."""
        doc = self.state.documents[number]
        button = QToolButton(self.tabs)
        button.setIcon(theme.icon("close", theme.colours().faint))
        button.setFixedSize(theme.px(18), theme.px(18))
        button.setIconSize(button.size() * 0.62)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setProperty("document", doc.number)
        button.setAccessibleName(f"关闭 {doc.name}")
        button.setStyleSheet("QToolButton { padding: 0; border: 0; }")
        button.clicked.connect(partial(self._close, doc))
        self.tabs.setTabButton(number, QTabBar.ButtonPosition.RightSide, button)

    def _fit_buttons(self) -> None:
        roomy = self.width() >= theme.px(1400)
        for button in self.buttons.values():
            button.show_key(roomy)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit_buttons()
        if not self._pulled:
            self._lay_out()

    def restore(self) -> None:
        """Size, place and splitters as they were, on a screen that is there."""
        s = self.state.settings
        geometry = s.value("window/geometry")
        if isinstance(geometry, QByteArray) and not geometry.isEmpty():
            self.restoreGeometry(geometry)
            screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
            if not any(r.intersects(self.frameGeometry().adjusted(40, 0, -40, -40)) for r in screens):
                self._default_size()
        else:
            self._default_size()
        self.default_layout()
        for name, splitter in (("upper", self.above), ("lower", self.bottom), ("desk", self.desk)):
            saved = s.value(f"window/{name}")
            if isinstance(saved, QByteArray) and not saved.isEmpty():
                splitter.restoreState(saved)
                self._pulled = True
        for name in ("sync", "advance"):
            self.actions_by_id[name].setChecked(self._setting(name, True))
        QTimer.singleShot(0, self.load_rest)
        QTimer.singleShot(50, warm_up)
        QTimer.singleShot(120, self._polish)

    def _default_size(self) -> None:
        room: QRect = QGuiApplication.primaryScreen().availableGeometry()
        wide, high = min(1680, int(room.width() * 0.94)), min(1020, int(room.height() * 0.92))
        self.resize(wide, high)
        self.move(room.center().x() - wide // 2, room.center().y() - high // 2)

    def default_layout(self) -> None:
        self._pulled = False
        self._lay_out()

    def _splitter_pulled(self) -> None:
        """From now on the panels are as the reviewer wants them, also in a window of another size."""
        self._pulled = True

    def _lay_out(self) -> None:
        """The finding in full gets its lines and its words also in a small window; what is left is the page's and the table's."""
        wide, high = max(self.width(), 880), max(self.height() - theme.px(138), 400)
        if not self._left_before:  # widened for the hits of a search
            left = min(theme.px(248), wide // 5)
            self.above.setSizes([left, (wide - left) // 2, (wide - left) // 2])
        detail = max(int(wide * 0.31), min(theme.px(440), int(wide * 0.36)))
        self.bottom.setSizes([wide - detail, detail])
        lower = max(int(high * 0.34), min(theme.px(300), int(high * 0.46)))
        self.desk.setSizes([high - lower, lower])

    def _setting(self, name: str, default: bool) -> bool:
        return str(self.state.settings.value(name, "true" if default else "false")) == "true"

    # ---- following the state

    def _documents_changed(self) -> None:
        self.tabs.blockSignals(True)
        while self.tabs.count() > len(self.state.documents):
            self.tabs.removeTab(self.tabs.count() - 1)
        while self.tabs.count() < len(self.state.documents):
            self.tabs.addTab("")
        for number, doc in enumerate(self.state.documents):
            button = self.tabs.tabButton(number, QTabBar.ButtonPosition.RightSide)
            if button is not None and button.property("document") == doc.number:
                button.setAccessibleName(f"关闭 {doc.name}")
            else:
                self._close_button(number)
        if self.state.current in self.state.documents:
            self.tabs.setCurrentIndex(self.state.documents.index(self.state.current))
        self.tabs.blockSignals(False)
        self._tab_texts()
        self._update_actions()
        self._show_page()

    def _tab_texts(self) -> None:
        for number, doc in enumerate(self.state.documents):
            self.tabs.setTabText(number, self._tab_text(doc))
            self.tabs.setTabToolTip(number, f"{doc.name}\n{doc.path}\n{self._tab_state(doc)}")

    def _tab_text(self, doc: OpenDocument) -> str:
        name = self._tab_name(doc)
        name = name if len(name) <= 26 else name[:25] + "…"
        if doc.status == READING:
            done, total, _ = doc.progress
            return f"{name}  {int(100 * done / total)}%" if total else f"{name}  …"
        sign = {WAITING: "◌ ", ERROR: "✕ ", STOPPED: "◌ "}.get(doc.status, "")
        return ("⟳ " if doc.stale else sign) + name

    def _tab_name(self, doc: OpenDocument) -> str:
        """With many tabs the kind of disclosure is left to the tooltip where body and year tell the documents apart."""
        documents = self.state.documents
        short = doc.name.rsplit(" ", 1)[0] if doc.result is not None and doc.name.count(" ") == 2 else doc.name
        alone = sum(other.name.startswith(short) for other in documents) == 1
        return short if len(documents) > 3 and alone else doc.name

    def _tab_state(self, doc: OpenDocument) -> str:
        if doc.result is None:
            return {WAITING: "等待读取", READING: "正在读取", ERROR: doc.error, STOPPED: "已停止"}.get(doc.status, "")
        sign, word, _ = verdict_of(doc)
        return f"{sign} {word}，问题 {len(doc.result.findings)} 项，待核 {sum(not doc.verdict(f).decided for f in doc.result.findings)} 项"

    def _tab_chosen(self, number: int) -> None:
        if 0 <= number < len(self.state.documents):
            self.state.show(self.state.documents[number])

    def _current_changed(self) -> None:
        doc = self.state.current
        if doc is not None:
            self.tabs.setCurrentIndex(self.state.documents.index(doc))
        self._show_page()

    def _show_page(self) -> None:
        there = self.state.current is not None
        self.top.setVisible(there)
        if not there:
            self.pages.setCurrentIndex(WELCOME)
            self.setWindowTitle("勾稽[*]")
            return
        wanted = self.state_page if self.state_page < self.pages.count() else DESK
        self.pages.setCurrentIndex(wanted)
        assert self.state.current is not None
        self.setWindowTitle(f"{self.state.current.name}[*] — 勾稽")
        self._show_page_view()

    def _show_page_view(self) -> None:
        """Without pages, table and text have its room."""
        self.page_view.setVisible(self.page_view.canvas.expects_pages)

    def _result_changed(self) -> None:
        self._tab_texts()
        self._update_actions()
        self._show_page()
        result = self.state.result
        self._rules.setText("")
        if result is not None:
            rules = len({c.rule for c in result.checks if c.rule})
            seconds = result.seconds.get("total", 0.0)
            self._rules.setText(f"规则 {rules} · 用时 {seconds:.1f} 秒" if seconds else f"规则 {rules}")
        self._show_saved()

    def _selection_changed(self, selection: Selection) -> None:
        self._update_actions()
        self._where.setText(self._place_text(selection))
        self._sum.setText("")
        if selection.source == "reread":
            return
        if self.narrative is not None and selection.source not in ("narrative", "outline"):
            if selection.table and selection.source != "narrative":
                self._show_right(0)
            elif self._in_narrative(selection):
                self._show_right(1)
        elif selection.source == "outline":
            self._show_right(0 if selection.table else 1)
        if self.pages.currentIndex() == OVERVIEW and selection.source in ("overview", "step"):
            self._show_desk()

    def _in_narrative(self, selection: Selection) -> bool:
        """Whether a place is in the text: none of the tables is on that spot, and some section is."""
        lookup = self.state.lookup
        if lookup is None or selection.page is None or selection.table:
            return False
        if selection.box is None:
            return isinstance(selection.page, str) and not any(selection.page in t.pages for t in lookup.result.document.tables)
        x, y = (selection.box[0] + selection.box[2]) / 2, (selection.box[1] + selection.box[3]) / 2
        if lookup.cell_at(selection.page, x, y) is not None:
            return False
        return any(p.page == selection.page for _, paragraph in lookup.result.document.paragraphs() for p in paragraph.span().places[:1])

    def _place_text(self, selection: Selection) -> str:
        doc = self.state.current
        parts = []
        if selection.page is not None:
            parts.append(f"第 {selection.page} 页" if isinstance(selection.page, int) else str(selection.page))
        finding = doc.finding() if doc else None
        if finding is not None and finding.evidence:
            evidence = finding.evidence[min(selection.evidence, len(finding.evidence) - 1)]
            parts += [x for x in (evidence.table, evidence.row, evidence.column) if x]
        elif selection.table:
            parts.append(selection.table)
            model = self.tables.model
            if selection.cell and model.table is not None and model.table.id == selection.table:
                parts += [x for x in (model.row_name(selection.cell[0] - model.headers), model.column_name(selection.cell[1])) if x]
        return " · ".join(parts)

    def _show_saved(self) -> None:
        doc = self.state.current
        self.setWindowModified(self.state.unsaved)
        if doc is None or doc.result is None:
            self._saved.setText("")
        elif self.state.unsaved:
            self._saved.setText("正在保存…")
        else:
            self._saved.setText(f"已自动保存 {doc.saved_at[11:16]}" if doc.saved_at else "裁定自动保存")

    def _update_actions(self) -> None:
        doc = self.state.current
        finding = bool(doc and doc.finding()) or len(self.findings.chosen()) > 0
        actions.enable(self.actions_by_id, document=doc is not None, result=bool(doc and doc.result), finding=finding)
        able = bool(doc) and undo.can_decide(self.state)
        for name in ("confirm", "dismiss", "reopen", "note", "ignore_rule"):
            self.actions_by_id[name].setEnabled(finding and able)
        self.actions_by_id["stop"].setEnabled(bool(doc and (doc.busy or doc.scan is not None)))
        self.actions_by_id["recheck"].setEnabled(bool(doc and not doc.busy))
        self.actions_by_id["recognise"].setEnabled(bool(doc and doc.unread and doc.scan is None and not doc.busy))
        stack = doc.undo if doc else None
        for name, can, text in (("undo", stack.canUndo() if stack else False, stack.undoText() if stack else ""),
                                ("redo", stack.canRedo() if stack else False, stack.redoText() if stack else "")):
            action = self.actions_by_id[name]
            word = actions.BY_ID[name].text
            action.setEnabled(can)
            action.setText(f"{word}：{text}" if can and text else word)
        for name, button in self.buttons.items():
            button.setEnabled(self.actions_by_id[name].isEnabled())

    def _focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self.isAncestorOf(new):
            self._update_actions()

    # ---- actions

    def _handler(self, name: str) -> Callable[..., None]:
        return partial(self._run, name)

    def _run(self, name: str, *_: object) -> None:
        action = self.actions_by_id.get(name)
        if action is not None and not action.isEnabled():
            return
        getattr(self, f"do_{name}")()

    def do_open(self) -> None:
        folder = str(self.state.settings.value("folder", "") or Path.home())
        paths, _ = QFileDialog.getOpenFileNames(self, "打开公开文件", folder, FILES)
        if paths:
            self.state.settings.setValue("folder", str(Path(paths[0]).parent))
            self.state.open(paths)

    def do_open_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "打开文件夹", str(self.state.settings.value("folder", "") or Path.home()))
        if folder:
            self.state.settings.setValue("folder", folder)
            if not self.state.open([folder]):
                self.state.message.emit("这个文件夹里没有 PDF、Word 或 Excel 文件")

    def do_open_sample(self) -> None:
        self.state.open([resource("sample.pdf")])

    def do_close(self) -> None:
        if self.state.current is not None:
            self._close(self.state.current)

    def _close(self, doc: OpenDocument) -> None:
        if doc in self.state.documents:
            self.state.remember_place()
            self.state.close(doc)

    def do_recheck(self) -> None:
        self.state.recheck()

    def do_stop(self) -> None:
        doc = self.state.current
        if doc is not None:
            word = "识别扫描页" if doc.scan is not None else "读取"
            self.state.cancel(doc)
            self.state.message.emit(f"已停止{word}")

    def do_recognise(self) -> None:
        self.state.recognise()

    def do_compare(self) -> None:
        from gui.compare import compare_with
        compare_with(self, self.state)

    def do_export(self) -> None:
        from gui.dialogs import ExportDialog
        ExportDialog(self.state, self).exec()

    def do_import_review(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "导入裁定", str(self.state.settings.value("folder", "") or Path.home()), "裁定文件 (*.json)")
        if path:
            self.state.message.emit(undo.take_in(self.state, Path(path)))

    def do_share_review(self) -> None:
        doc = self.state.current
        if doc is None or doc.review is None:
            return
        suggested = doc.path.with_name(f"{doc.path.stem}.裁定.json")
        path, _ = QFileDialog.getSaveFileName(self, "另存裁定", str(suggested), "裁定文件 (*.json)")
        if path:
            try:
                Path(path).write_text(doc.review.to_json(), encoding="utf-8")
            except OSError as error:
                self.state.message.emit(f"未能保存：{error.strerror or error}")
            else:
                self.show_exported(Path(path))

    def do_settings(self) -> None:
        from gui.dialogs import SettingsDialog
        SettingsDialog(self.state, self).exec()
        self.apply_settings()

    def do_quit(self) -> None:
        self.close()

    def do_undo(self) -> None:
        if self.correction is not None and self.correction.active:
            self.correction.undo()
            return
        if self.state.current is not None:
            text = self.state.current.undo.undoText()
            self.state.current.undo.undo()
            self.state.message.emit(f"已撤销：{text}")

    def do_redo(self) -> None:
        if self.state.current is not None:
            text = self.state.current.undo.redoText()
            self.state.current.undo.redo()
            self.state.message.emit(f"已重做：{text}")

    def do_copy(self) -> None:
        self._copy(False)

    def do_copy_headers(self) -> None:
        self._copy(True)

    def _copy(self, headers: bool) -> None:
        focus = self.focusWidget()
        if focus is not None and self.tables.isAncestorOf(focus):
            done = self.tables.copy(headers)
        elif focus is not None and self.detail.isAncestorOf(focus) and self.detail.body.textCursor().hasSelection():
            self.detail.body.copy()
            done = True
        else:
            done = self.findings.copy()
        if done:
            self.state.message.emit("已复制")

    def do_find(self) -> None:
        """Search in the document; in the list of findings, its filter."""
        focus = self.focusWidget()
        if focus is not None and self.findings.isAncestorOf(focus):
            self.findings.focus_filter()
            return
        self.load_rest()
        assert self.search is not None
        self._show_desk()
        if self.left.currentWidget() is not self.search:
            self._widen_left()
        self.left.setCurrentWidget(self.search)
        self.search.open_search()  # type: ignore[attr-defined]

    def do_find_next(self) -> None:
        self._find(1)

    def do_find_previous(self) -> None:
        self._find(-1)

    def _find(self, by: int) -> None:
        if self.search is None or self.left.currentWidget() is not self.search:
            self.do_find()
        else:
            self.search.step(by)  # type: ignore[attr-defined]

    def _widen_left(self) -> None:
        """Hits need more room than names; the page gives it until the search is closed."""
        left, middle, right = self.above.sizes()
        lack = min(theme.px(340) - left, middle - max(self.page_view.minimumWidth(), theme.px(310)))
        if lack > 0:
            self._left_before = left
            self.above.setSizes([left + lack, middle - lack, right])

    def _search_closed(self) -> None:
        if self._left_before:
            left, middle, right = self.above.sizes()
            self.above.setSizes([self._left_before, middle + left - self._left_before, right])
            self._left_before = 0
        self.left.setCurrentWidget(self.outline)
        self.outline.view.setFocus()

    def do_filter(self) -> None:
        self._show_desk()
        self.findings.focus_filter()

    def do_clear_filter(self) -> None:
        self.findings.text.clear()
        self.state.set_filter(Filter())

    def do_next(self) -> None:
        self._step(1)

    def do_previous(self) -> None:
        self._step(-1)

    def do_next_open(self) -> None:
        self._step(1, undecided=True)

    def _step(self, by: int, undecided: bool = False) -> None:
        self._show_desk()
        self.state.step_finding(by, undecided)

    def do_confirm(self) -> None:
        self._decide(CONFIRMED)

    def do_reopen(self) -> None:
        self._decide(OPEN)

    def do_dismiss(self) -> None:
        found = self.findings.targets()
        if found:
            self.detail.ask_reason(lambda reason: self._decide(DISMISSED, reason))

    def _decide(self, verdict: str, reason: str = "") -> None:
        found = self.findings.targets()
        if self.detail.note.hasFocus():
            self.detail.note.clearFocus()
        if not undo.decide(self.state, found, verdict, reason):
            return
        if verdict != OPEN and self._setting("advance", True):
            self._advance()

    def _advance(self) -> None:
        """On to the next open finding of the list; when there is none, that is said."""
        doc = self.state.current
        if doc is None or doc.result is None:
            return
        if any(not doc.verdict(f).decided for f in self.state.listed()):
            self.state.step_finding(1, undecided=True)
        elif all(doc.verdict(f).decided for f in doc.result.findings):
            self.toast.say(f"{len(doc.result.findings)} 项问题已全部裁定", [(f"导出 {actions.keys_of('export')}", self.do_export)])
        else:
            self.state.message.emit("当前筛选下的问题已全部裁定")

    def do_note(self) -> None:
        self._show_desk()
        self.detail.focus_note()

    def do_ignore_rule(self) -> None:
        found = self.findings.targets()
        doc = self.state.current
        if not found or doc is None or doc.review is None:
            return
        rule = found[0].rule
        if rule in doc.review.ignored:
            undo.ignore_rule(self.state, rule, None)
            self.state.message.emit(f"规则 {rule} 已恢复")
            return
        from gui.dialogs import ask_reason
        reason = ask_reason("忽略规则", f"在本文件中忽略规则 {rule}（{found[0].title}）：它的问题都按排除计，可随时恢复。", self, verb="忽略")
        if reason:
            undo.ignore_rule(self.state, rule, reason)
            self.state.message.emit(f"已在本文件中忽略规则 {rule}，可撤销（{actions.keys_of('undo')}）")

    def do_advance(self) -> None:
        self.state.settings.setValue("advance", "true" if self.actions_by_id["advance"].isChecked() else "false")

    def do_overview(self) -> None:
        if self.pages.currentIndex() == OVERVIEW:
            self._show_desk()
            return
        if self.overview is None:
            from gui.overview import Overview
            overview = Overview(self.state, self)
            overview.left.connect(self._show_desk)
            self.overview = overview
            self.pages.insertWidget(OVERVIEW, overview)
        self.state_page = OVERVIEW
        self.pages.setCurrentIndex(OVERVIEW)
        self._mark_overview(True)
        self.overview.setFocus()

    def _mark_overview(self, on: bool) -> None:
        """Menu and button say that the overview lies over the desk, so that it is plain how to come back."""
        self.actions_by_id["overview"].setChecked(on)
        self.buttons["overview"].setChecked(on)

    def _show_desk(self) -> None:
        self.state_page = DESK
        self._mark_overview(False)
        if self.state.current is not None:
            self.pages.setCurrentIndex(DESK)

    def do_show_table(self) -> None:
        self._show_right(0)
        self.tables.view.setFocus()

    def do_show_narrative(self) -> None:
        self._show_right(1)
        if self.narrative is not None:
            self.narrative.setFocus()

    def _show_right(self, number: int) -> None:
        self.load_rest()
        self.right.setCurrentIndex(number)
        self.switch.choose(number)
        self.switch_too.choose(number)

    def do_zoom_in(self) -> None:
        self.page_view.canvas.zoom_by(1)

    def do_zoom_out(self) -> None:
        self.page_view.canvas.zoom_by(-1)

    def do_zoom_width(self) -> None:
        self.page_view.canvas.set_zoom(WIDTH)

    def do_zoom_page(self) -> None:
        self.page_view.canvas.set_zoom(PAGE)

    def do_turn(self) -> None:
        self.page_view.canvas.turn_page()

    def do_sync(self) -> None:
        on = not self._setting("sync", True)
        self.state.settings.setValue("sync", "true" if on else "false")
        self.actions_by_id["sync"].setChecked(on)
        self.state.settings_changed.emit()
        self.state.message.emit("页面跟随所选问题" if on else f"页面不再跟随；按 {actions.keys_of('goto_place')} 定位一次")

    def do_unverified(self) -> None:
        self.tables.set_unverified(self.actions_by_id["unverified"].isChecked())

    def do_structure(self) -> None:
        self.page_view.canvas.set_structure(self.actions_by_id["structure"].isChecked())

    def do_correct(self) -> None:
        self._show_desk()
        self.load_rest()
        if self.correction is not None:
            self.correction.begin()

    def do_font_larger(self) -> None:
        self._font(1)

    def do_font_smaller(self) -> None:
        self._font(-1)

    def _font(self, by: int) -> None:
        scales = theme.SCALES
        near = min(range(len(scales)), key=lambda i: abs(scales[i] - theme.scale()))
        wanted = scales[max(0, min(len(scales) - 1, near + by))]
        self.state.settings.setValue("font_scale", wanted)
        self.apply_settings()
        self.state.message.emit(f"字号 {wanted:.0%}")

    def do_theme(self) -> None:
        self.state.settings.setValue("theme", "light" if theme.colours().dark else "dark")
        self.apply_settings()

    def apply_settings(self) -> None:
        from gui.app import apply_theme
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        apply_theme(app, self.state)
        self.state.settings_changed.emit()

    def do_reset_layout(self) -> None:
        self.default_layout()

    def do_full_screen(self) -> None:
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def do_goto_page(self) -> None:
        self._show_desk()
        self.page_view.focus_page_box()

    def do_goto_place(self) -> None:
        """To the cell when one is chosen, and from the table on to the page."""
        self._show_desk()
        self.page_view.show_selection()
        selection = self.state.selection
        in_table = self.tables.isAncestorOf(self.focusWidget()) if self.focusWidget() else False
        if selection.table and selection.cell and not in_table:
            self._show_right(0)
            self.tables.view.setFocus()
        else:
            self.page_view.canvas.setFocus()

    def do_evidence_next(self) -> None:
        self.state.step_evidence(1)

    def do_evidence_previous(self) -> None:
        self.state.step_evidence(-1)

    def do_panel_next(self) -> None:
        self._panel(1)

    def do_panel_previous(self) -> None:
        self._panel(-1)

    def panels(self) -> list[QWidget]:
        """The panels in reading order, for F6."""
        left: QWidget = self.search if self.search is not None and self.left.currentWidget() is self.search else self.outline.view
        right: QWidget = self.tables.view if self.right.currentIndex() == 0 or self.narrative is None else self.narrative
        pages = [self.page_view.canvas] if self.page_view.isVisibleTo(self.desk) else []
        return [left, *pages, right, self.findings.view, self.detail.body]

    def _panel(self, by: int) -> None:
        self._show_desk()
        found = self.panels()
        focus = self.focusWidget()
        here = next((i for i, p in enumerate(found) if focus is not None and (p is focus or p.isAncestorOf(focus))), -1 if by > 0 else 0)
        found[(here + by) % len(found)].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def do_tab_next(self) -> None:
        self._tab(1)

    def do_tab_previous(self) -> None:
        self._tab(-1)

    def _tab(self, by: int) -> None:
        documents = self.state.documents
        if self.state.current in documents:
            self.state.show(documents[(documents.index(self.state.current) + by) % len(documents)])

    def do_rule_help(self) -> None:
        finding = self.state.current.finding() if self.state.current else None
        self._rules_dialog(finding.rule if finding else "")

    def do_rules(self) -> None:
        self._rules_dialog("")

    def _rules_dialog(self, rule: str) -> None:
        from gui.dialogs import RulesDialog
        RulesDialog(rule, self, template_id=self.state.result.document.template if self.state.result else "").exec()

    def do_keys(self) -> None:
        from gui.dialogs import KeysDialog
        KeysDialog(self).exec()

    def do_log(self) -> None:
        from gui.dialogs import LogDialog
        LogDialog(self).exec()

    def do_about(self) -> None:
        from gui.dialogs import AboutDialog
        AboutDialog(self).exec()

    def _escape(self) -> None:
        """One step back: correction, overview to desk, search to outline, else the filter."""
        if self.correction is not None and self.correction.active:
            self.correction.step_back()
        elif self.pages.currentIndex() in (OVERVIEW, COMPARE):
            self._show_desk()
        elif self.search is not None and self.left.currentWidget() is self.search:
            self.search.close_search()  # type: ignore[attr-defined]
        elif self.state.filter.active:
            self.do_clear_filter()

    def come_forward(self) -> None:
        """In front of everything, as when a file was opened from the file manager."""
        if self.isMinimized():
            self.showNormal()
        self.raise_()
        self.activateWindow()

    def show_exported(self, path: Path) -> None:
        """Says where an export lies, with the way there."""
        open_url = QDesktopServices.openUrl
        self.toast.say(f"已导出：{path.name}", [("打开文件", lambda: open_url(QUrl.fromLocalFile(str(path)))),
                                             ("打开所在文件夹", lambda: open_url(QUrl.fromLocalFile(str(path.parent))))])

    # ---- files dropped, wheel, closing

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event.mimeData().urls()):
            event.acceptProposedAction()
            self.welcome.set_over(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.welcome.set_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.welcome.set_over(False)
        paths = _dropped(event.mimeData().urls())
        if paths:
            event.acceptProposedAction()
            if not self.state.open(paths):
                self.state.message.emit("没有可打开的文件")

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Ctrl+wheel over a list or a text changes the font size, as it changes the zoom over the page."""
        if isinstance(event, QWheelEvent) and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.angleDelta().y():
                self._font(1 if event.angleDelta().y() > 0 else -1)
            return True
        return False

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowActivate:
            self.state.look_at_disk()
        return super().event(event)

    def _tick(self) -> None:
        self.state.look_at_disk()
        self.state.remember_place()

    def closeEvent(self, event: QCloseEvent) -> None:
        busy = [d for d in self.state.documents if d.busy or d.scan is not None]
        if busy and not self._really_close(len(busy)):
            event.ignore()
            return
        self._disk.stop()
        self.state.remember_place()
        self.state.save_session()
        self.state.cancel_all()
        s = self.state.settings
        s.setValue("window/geometry", self.saveGeometry())
        for name, splitter in (("upper", self.above), ("lower", self.bottom), ("desk", self.desk)):
            if self._pulled:
                s.setValue(f"window/{name}", splitter.saveState())
            else:
                s.remove(f"window/{name}")
        self.state.flush()
        self.page_view.canvas.stop()
        event.accept()

    def _really_close(self, count: int) -> bool:
        box = QMessageBox(QMessageBox.Icon.Question, "勾稽", f"还有 {count} 个文件正在读取。停止读取并退出吗？\n裁定已保存。", parent=self)
        leave = box.addButton("停止并退出", QMessageBox.ButtonRole.AcceptRole)
        box.addButton("继续读取", QMessageBox.ButtonRole.RejectRole)
        box.exec()
        return box.clickedButton() is leave


def _dropped(urls: Sequence[QUrl]) -> list[Path]:
    return [Path(u.toLocalFile()) for u in urls if u.isLocalFile()]

