"""The verdict at a glance: passed or not, counts, how many are decided, which relations ran, how much is verified."""
from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.layouts import templates
from core.model import Document
from core.reading.pages import printed_page
from core.results import BROKEN, FAIL, PASS, SKIPPED, Result
from gui import theme
from gui.state import ERROR, STOPPED, OpenDocument, State
from gui.widgets import Elided


class Bar(QWidget):
    """A share as a bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_share(self, share: float) -> None:
        self._share = share
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(110), theme.px(8))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:  # ended even when drawing fails
            self._draw(painter)

    def _draw(self, painter: QPainter) -> None:
        c = theme.colours()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.line))
        rect = QRectF(self.rect())
        painter.drawRoundedRect(rect, 3, 3)
        painter.setBrush(QColor(c.ok))
        rect.setWidth(rect.width() * self._share)
        painter.drawRoundedRect(rect, 3, 3)


def verdict_of(doc: OpenDocument) -> tuple[str, str, str]:
    """(sign, word, severity) of a checked document: what is dismissed no longer counts, what did not run is not approval."""
    result = doc.result
    assert result is not None
    standing = Counter(f.severity for f in result.findings if doc.verdict(f).state != "dismissed")
    waiting = any(not doc.verdict(f).decided for f in result.findings if f.severity == "warning")
    if standing["error"]:
        return ("■", "未通过", "error")
    if standing["warning"] and waiting:
        return ("▲", "待核", "warning")
    if result.status_count(BROKEN) or result.document.unread_pages:
        return ("○", "不完整", "warning")
    if not result.status_count(PASS) and not result.status_count(FAIL):
        return ("○", "未检查", "warning")
    return ("✓", "通过", "ok")


class Banner(QFrame):
    """One line under the tabs. While reading it shows how far; when something is wrong with the file it says what to do."""

    def __init__(self, state: State, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._colour = ""
        self._stack = QStackedWidget(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self._stack.addWidget(self._make_result())
        self._stack.addWidget(self._make_progress())
        self._stack.addWidget(self._make_notice())
        for signal in (state.result_changed, state.verdicts_changed, state.documents_changed, state.theme_changed, state.current_changed):
            signal.connect(self.refresh)
        state.progress_changed.connect(self._further)
        self.refresh()

    def _label(self, row: QHBoxLayout, name: str = "") -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.RichText)
        if name:
            label.setAccessibleName(name)
        row.addWidget(label)
        return label

    def _line(self, row: QHBoxLayout) -> QFrame:
        line = QFrame(self)
        line.setProperty("kind", "vline")
        line.setFixedSize(1, 16)
        row.addWidget(line)
        return line

    def _row(self) -> tuple[QWidget, QHBoxLayout]:
        page = QWidget(self)
        row = QHBoxLayout(page)
        row.setContentsMargins(14, 0, 14, 0)
        row.setSpacing(12)
        return page, row

    def _make_result(self) -> QWidget:
        page, row = self._row()
        self._verdict = self._label(row, "结论")
        self._counts = self._label(row, "问题数")
        self._line(row)
        self._decided = self._label(row, "已裁定")
        self._line(row)
        self._checks = self._label(row, "核对关系")
        self._checks.linkActivated.connect(lambda _: self._show_reasons())
        self._checks.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByKeyboard | Qt.TextInteractionFlag.LinksAccessibleByMouse)
        self._last_line = self._line(row)
        self._covered = self._label(row, "已核验金额")
        self._bar = Bar(self)
        row.addWidget(self._bar)
        self._share = self._label(row)
        self._about = Elided(self, right=True)
        self._about.setProperty("kind", "secondary")
        row.addWidget(self._about, 1)
        row.addStretch(0)  # takes the room of what is left out
        self._parts = row
        return page

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_way()

    def _give_way(self) -> None:
        """In a narrow window the template, the bar and then the share are left out, so that nothing of the verdict is cut."""
        left_out: list[QWidget] = []
        giving_way: tuple[tuple[QWidget, ...], ...] = ((self._about,), (self._bar,), (self._last_line, self._covered, self._share))
        for group in giving_way:
            if self._wanted(left_out) > self.width():
                left_out += group
        for group in giving_way:
            for widget in group:
                if widget.isHidden() != (widget in left_out):
                    widget.setVisible(widget not in left_out)

    def _wanted(self, left_out: Sequence[QWidget]) -> int:
        """How wide the parts of the line are without some."""
        items = (self._parts.itemAt(i) for i in range(self._parts.count()))
        shown = [w for item in items if item is not None and (w := item.widget()) is not None and w not in left_out]
        margins = self._parts.contentsMargins()
        return (sum(theme.px(130) if w is self._about else max(w.sizeHint().width(), w.minimumWidth()) for w in shown)
                + self._parts.spacing() * (len(shown) - 1) + margins.left() + margins.right())

    def _make_progress(self) -> QWidget:
        page, row = self._row()
        self._step = QLabel(self)
        self._step.setMinimumWidth(260)
        self._progress_bar = QProgressBar(self)
        self._progress_bar.setTextVisible(False)
        self._progress_bar.setFixedHeight(6)
        self._progress_bar.setAccessibleName("读取进度")
        self._stop = QPushButton("停止", self)
        self._stop.setAccessibleName("停止读取")
        self._stop.clicked.connect(lambda: self._state.action_requested.emit("stop"))
        row.addWidget(self._step)
        row.addWidget(self._progress_bar, 1)
        row.addWidget(self._stop)
        return page

    def _make_notice(self) -> QWidget:
        page, row = self._row()
        self._notice = QLabel(self)
        self._notice.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._notice.setWordWrap(True)
        self._first = QPushButton(self)
        self._second = QPushButton(self)
        self._first.setAccessibleName("处理")
        self._second.setAccessibleName("另一种处理")
        self._first.clicked.connect(lambda: self._answer(True))
        self._second.clicked.connect(lambda: self._answer(False))
        row.addWidget(self._notice, 1)
        row.addWidget(self._first)
        row.addWidget(self._second)
        return page

    # ---- what is shown

    def refresh(self) -> None:
        self.setFixedHeight(theme.px(40))
        doc = self._state.current
        if doc is not None:
            self._tell(doc)
        self.setVisible(doc is not None)  # last: a progress bar that is on the screen paints at once, and what lies below it

    def _tell(self, doc: OpenDocument) -> None:
        if doc.corrupt is not None:
            backup = "可以改用上一份完好的裁定" if doc.corrupt.backup else "没有可用的备份"
            self._say(f"裁定文件已损坏，未作任何改动；{backup}。处理之前不能裁定。", "error", "改用上一份" if doc.corrupt.backup else "", "从空白开始")
        elif doc.busy:
            self._progress(doc)
        elif doc.status == ERROR:
            self._say(f"未能检查：{doc.error}", "error", "重试", "")
        elif doc.status == STOPPED:
            self._say("已停止读取，尚无结果。", "warning", "重新读取", "")
        elif doc.stale:
            self._say("文件在磁盘上已更改，当前结果来自更改之前。", "warning", "重新检查", "暂不")
        elif doc.result is not None:
            self._result(doc, doc.result)

    def _ground(self, colour: str) -> None:
        """The colour behind the line; painted, since a style sheet would be worked out anew for everything on it."""
        if colour != self._colour:
            self._colour = colour
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(self._colour or theme.colours().surface))
            painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(theme.colours().line))

    def _result(self, doc: OpenDocument, result: Result) -> None:
        c = theme.colours()
        self._stack.setCurrentIndex(0)
        sign, word, tone = verdict_of(doc)
        colour = c.ok if tone == "ok" else c.severity(tone)
        soft = {"error": "#fff6f4" if not c.dark else "#2c1f20", "warning": "#fffaf0" if not c.dark else "#2b2619",
                "ok": "#f4fbf7" if not c.dark else "#18261f"}[tone]
        self._ground(soft)
        big = theme.px(15)
        self._verdict.setText(f"<span style='color:{colour}; font-size:{big}px; font-weight:700'>{sign} {word}</span>")
        counts = Counter(f.severity for f in result.findings)
        dismissed = sum(doc.verdict(f).state == "dismissed" for f in result.findings)
        numbers = "&nbsp;&nbsp;".join(f"<span style='color:{c.severity(s)}; font-size:{big}px; font-weight:600'>{counts[s]}</span> {name}"
                                      for s, name in theme.SEVERITY_NAMES.items())
        self._counts.setText(numbers)
        decided = sum(doc.verdict(f).decided for f in result.findings)
        out = f"（排除 {dismissed}）" if dismissed else ""
        self._decided.setText(f"已裁定 <b>{decided}</b> / {len(result.findings)}{out}")
        self._checks.setText(self._relations(result))
        coverage = result.coverage
        share = coverage.verified / coverage.amounts if coverage.amounts else 0.0
        self._covered.setText("已核验金额")
        self._bar.set_share(share)
        self._share.setText(f"{int(share * 100)}%<span style='color:{c.secondary}'>（{coverage.verified:,} / {coverage.amounts:,}）</span>")
        self._share.setToolTip("至少经一条关系核对过的金额 / 全部金额")
        self._about.set_full(self._template(result))
        self._give_way()

    def _relations(self, result: Result) -> str:
        c = theme.colours()
        count = {s: result.status_count(s) for s in (PASS, FAIL, SKIPPED, BROKEN)}
        text = f"核对关系 <b style='color:{c.ok}'>{count[PASS]:,}</b> 通过 · <b style='color:{c.error if count[FAIL] else c.ink}'>{count[FAIL]:,}</b> 不符"
        if count[SKIPPED]:
            text += f" · <b>{count[SKIPPED]:,}</b> 未执行"
        if count[BROKEN]:
            text += f" · <b style='color:{c.error}'>{count[BROKEN]:,}</b> 失败"
        if count[SKIPPED] or count[BROKEN]:
            text += f" <a href='why' style='color:{c.accent}'>原因</a>"
        return text

    def _template(self, result: Result) -> str:
        document = result.document
        name = next((t.name for t in templates() if t.id == document.template), "未识别版式，按通用规则检查")
        read = tuple(p for p in document.ocr_pages if p not in document.unread_pages)  # the others are told by the strip below
        parts = [f"{named_pages(document, read)}为扫描件，已识别"] if read else []
        parts.append(name)
        return " · ".join(parts)

    def _further(self, doc: OpenDocument) -> None:
        if doc is self._state.current:
            self._progress(doc)

    def _progress(self, doc: OpenDocument) -> None:
        if not doc.busy or doc.corrupt is not None:
            return
        self._ground(theme.colours().surface)
        self._stack.setCurrentIndex(1)
        done, total, _ = doc.progress
        self._step.setText(said(doc.progress))
        self._progress_bar.setRange(0, total if total else 0)
        self._progress_bar.setValue(done)

    def _say(self, text: str, tone: str, first: str, second: str) -> None:
        c = theme.colours()
        self._ground(c.severity_soft(tone))
        self._stack.setCurrentIndex(2)
        self._notice.setText(f"{theme.SEVERITY_SIGNS[tone]} {text}")
        style = f"color: {c.severity(tone)}; font-weight: 600;"
        if self._notice.styleSheet() != style:
            self._notice.setStyleSheet(style)
        for button, word in ((self._first, first), (self._second, second)):
            button.setText(word)
            button.setAccessibleName(word)
            button.setVisible(bool(word))

    def _answer(self, yes: bool) -> None:
        doc = self._state.current
        if doc is None:
            return
        if doc.corrupt is not None:
            self._state.resolve_corrupt(doc, yes)
        elif doc.stale and not yes:
            self._state.accept_stale(doc)
        else:
            self._state.recheck(doc)

    def _show_reasons(self) -> None:
        from gui.dialogs import NotRunDialog
        NotRunDialog(self._state, self.window()).exec()


def said(progress: tuple[int, int, str]) -> str:
    """How far the work is, in words. Reading says itself where it is; checking gives the title of the rule."""
    done, total, label = progress
    if not total or label.startswith(("第", "扫描页", "正在", "等待", "读取", "识别", "整理")):
        return label
    return f"规则 {done}/{total}：{label}"


def named_pages(document: Document, pages: tuple[int, ...]) -> str:
    """Pages by number as people name them, in a disclosure of several files each by its file: 第 3–5、9 页."""
    ids = {p.number: p.id for p in document.pages}
    files: dict[str, list[int]] = {}
    for page in pages:
        file, number = printed_page(ids.get(page, page)) or ("", page)
        files.setdefault(file, []).append(number)
    return "，".join(f"{file} 第 {ranges(tuple(own))} 页".lstrip() for file, own in files.items())


def ranges(pages: tuple[int, ...]) -> str:
    """Page numbers as people write them: 3–5、9."""
    runs: list[list[int]] = []
    for page in sorted(pages):
        if runs and page == runs[-1][1] + 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    return "、".join(str(a) if a == b else f"{a}–{b}" for a, b in runs)
