"""One finding in full: formula and figures, explanation, clues, evidence, and the decision. Without one, the chosen cell explained."""
from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from html import escape, unescape

from PySide6.QtCore import QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from core.numbers import show
from core.results import FAMILIES, Check, Evidence, Finding
from core.review_file import CONFIRMED, DISMISSED, NAMES, OPEN, REASONS
from core.text import fold
from gui import theme, undo
from gui.actions import keys_of
from gui.findings_model import page_of
from gui.state import State, Trace
from gui.widgets import KeyButton

MANY = 14
_TERM = re.compile(r"([^\s=+\-*/≤≥<>()（）\[\]：:，,]+)\[([^\]]*)\]\.([^\s=+\-*/≤≥<>()（）\[\]，,]+)")
_TAG = re.compile(r"<[^>]+>")
_KEYS = f"　{keys_of('evidence_previous').replace('Left', '←')}/→"
_ROLES = {"actual": "", "expected": "对照", "addend": "构成", "source": "来源", "place": ""}


class NoteEdit(QLineEdit):
    """The note. Enter and leaving keep what was typed, Esc drops it; keys of a composition belong to the input method."""

    kept = Signal(str)
    dropped = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.kept.emit(self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dropped.emit()
        else:
            super().keyPressEvent(event)


class DetailPanel(QWidget):
    """The finding beside the list."""

    decided = Signal()

    def __init__(self, state: State, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._shown: Finding | None = None
        self.setProperty("kind", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.body = QTextBrowser(self)
        self.body.setOpenLinks(False)
        self.body.setFrameShape(QFrame.Shape.NoFrame)
        self.body.setStyleSheet("QTextBrowser { border: 0; border-radius: 0; padding: 0; }")
        self.body.setAccessibleName("问题详情")
        self.body.anchorClicked.connect(self._go)
        self.confirm = self._button("属实", "confirm", "danger")
        self.dismiss = self._button("排除…", "dismiss", "")
        self.reopen = self._button("待核", "reopen", "")
        self.note = NoteEdit(self)
        self.note.setPlaceholderText(f"备注 {keys_of('note')}")
        self.note.setAccessibleName("备注")
        self.note.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.note.kept.connect(self._keep_note)
        self.note.dropped.connect(self._drop_note)
        self.note.returnPressed.connect(self._note_done)
        self._verdict = QLabel(self)
        self._verdict.setProperty("kind", "secondary")
        self._verdict.setWordWrap(True)
        self.buttons = QWidget(self)
        row = QHBoxLayout(self.buttons)
        row.setContentsMargins(14, 4, 14, 10)
        row.setSpacing(6)
        for widget in (self.confirm, self.dismiss, self.reopen):
            row.addWidget(widget)
        row.addWidget(self.note, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.body, 1)
        column.addWidget(self._verdict)
        column.addWidget(self.buttons)
        for signal in (state.result_changed, state.verdicts_changed, state.theme_changed, state.documents_changed):
            signal.connect(self.refresh)
        state.selection_changed.connect(lambda _: self.refresh())
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        roomy = self.width() >= theme.px(400)
        for button in (self.confirm, self.dismiss, self.reopen):
            button.show_key(roomy)

    def _button(self, text: str, action: str, kind: str) -> KeyButton:
        button = KeyButton(text, keys_of(action), kind, self)
        button.clicked.connect(lambda: self._state.action_requested.emit(action))
        return button

    # ---- what is shown

    def refresh(self) -> None:
        doc = self._state.current
        finding = doc.finding() if doc else None
        if finding is not self._shown:
            self._keep_note(self.note.text())
        self._shown = finding
        self.body.document().setDefaultStyleSheet(self._css())
        self.body.document().setDocumentMargin(theme.px(12))
        place = self.body.verticalScrollBar().value()
        before = self.body.property("about")
        if finding is not None:
            self.body.setHtml(self._finding(finding))
            about: object = finding.fingerprint
        elif doc is not None and doc.lookup is not None and doc.selection.table and doc.selection.cell:
            self.body.setHtml(self._cell(doc.selection.table, doc.selection.cell))
            about = (doc.selection.table, doc.selection.cell)
        else:
            hint = f"按 {keys_of('next')} 到下一处问题，点一个数看它的构成" if doc and doc.result else ""
            self.body.setHtml(f"<p class='faint'>{hint}</p>")
            about = ""
        self.body.setProperty("about", about)
        self.body.verticalScrollBar().setValue(place if about == before else 0)
        self._show_verdict(finding)

    def _css(self) -> str:
        c = theme.colours()
        mono = theme.mono_family()
        return f"""
            p {{ margin: 0 0 {theme.px(5)}px 0; }} a {{ color: {c.accent}; text-decoration: none; }}
            .title {{ font-size: {theme.px(15)}px; font-weight: 600; }} .second {{ color: {c.secondary}; font-size: {theme.px(12)}px; }}
            .plain {{ font-weight: 400; }} .faint {{ color: {c.faint}; }} .label {{ color: {c.secondary}; }} .mono {{ font-family: '{mono}'; font-size: {theme.px(12)}px; }}
            .formula td {{ background: {c.header}; padding: {theme.px(5)}px {theme.px(10)}px; }} .bad {{ color: {c.error}; }}
            .ok {{ color: {c.ok}; }} .on {{ font-weight: 600; }} td {{ padding: 1px {theme.px(6)}px 1px 0; }} .n {{ text-align: right; }}
        """

    def _finding(self, f: Finding) -> str:
        c = theme.colours()
        tone = c.severity(f.severity)
        sign = f"<span style='color:{tone}'>{theme.SEVERITY_SIGNS[f.severity]}</span>"
        second = "&nbsp;·&nbsp;".join(escape(x) for x in (f.rule, FAMILIES.get(f.family, f.family)) if x)
        parts = [f"<p class='title'>{sign} {escape(f.title)}&nbsp; <span class='second plain'>{second}</span></p>"]
        if f.relation or f.figures:
            inner = f"<div>{self._linked(f)}</div>" if f.relation else ""
            difference = f"　差额 {escape(f.difference)}" if f.difference else ""
            inner += f"<div class='mono'>{escape(f.figures)}{difference}</div>" if f.figures else ""
            parts.append(f"<table class='formula' width='100%' cellspacing='0'><tr><td>{inner}</td></tr></table>")
        rows: list[tuple[str, str]] = []
        figures = [f"{n}&nbsp;<b>{escape(v)}</b>" for n, v in (("实为", f.actual), ("应为", f.expected), ("差额", f.difference)) if v]
        if figures and not f.figures:
            rows.append(("数值", "　".join(figures)))
        rows.append(("说明", escape(f.message).replace("\n", "<br>")))
        if f.clues:
            rows.append(("线索", "<br>".join(map(escape, f.clues))))
        if f.suggestion:
            rows.append(("建议", escape(f.suggestion)))
        if f.evidence:
            several = len(f.evidence) > 1
            counter = f"<br><span class='faint'>{self._state.selection.evidence + 1}/{len(f.evidence)}</span>" if several else ""
            rows.append((f"证据{counter}", self._evidence(f)))
        follow_ups = escape("；".join(f.follow_ups[:6]))
        if f.count > 1:
            rows.append(("同因", f"共 {f.count} 处" + (f"：{follow_ups}" if follow_ups else "")))
        elif follow_ups:
            rows.append(("连带", follow_ups))
        if f.basis:
            rows.append(("依据", escape(f.basis)))
        table = "".join(f"<tr><td class='label' width='{theme.px(38)}' valign='top'>{n}</td><td>{v}</td></tr>" for n, v in rows)
        parts.append(f"<table width='100%' cellspacing='0' style='margin-top:{theme.px(6)}px'>{table}</table>")
        return "".join(parts)

    def _linked(self, finding: Finding) -> str:
        """The relation with each operand leading to its cell."""
        out, last = [], 0
        for match in _TERM.finditer(finding.relation):
            number = self._operand(finding, *match.groups())
            out.append(escape(finding.relation[last:match.start()]))
            text = escape(match.group())
            out.append(text if number is None else f"<a href='evidence:{number}'>{text}</a>")
            last = match.end()
        out.append(escape(finding.relation[last:]))
        return "".join(out)

    def _operand(self, finding: Finding, table: str, row: str, column: str) -> int | None:
        for number, evidence in enumerate(finding.evidence):
            if evidence.table == table and fold(row) in fold(evidence.row) and (fold(column) in fold(evidence.column) or column == "*"):
                return number
        return None

    def _evidence(self, finding: Finding) -> str:
        active = self._state.selection.evidence
        total = len(finding.evidence)
        first = max(0, min(active - MANY // 2, total - MANY))
        links = []
        for number in range(first, min(total, first + MANY)):
            e = finding.evidence[number]
            text = " ".join(x for x in (_ROLES.get(e.role, ""), page_of(e), "·".join(y for y in (e.table, e.row, e.column) if y), ) if x)
            figure = f" <span class='faint'>{escape(e.text[:24])}</span>" if e.text and finding.family != "privacy" else ""
            ocr = f" <span class='faint'>{self._recognised(e)}</span>" if e.ocr else ""
            style = " class='on'" if number == active else ""
            links.append(f"<a href='evidence:{number}'{style}>{'▸ ' if number == active else ''}{escape(text) or '此处'}</a>{figure}{ocr}")
        if total > MANY:
            links.append(f"<span class='faint'>共 {total} 处</span>")
        if total > 1 and self._fits(f"{links[-1]}{_KEYS}"):
            links[-1] += f"<span class='faint'>{_KEYS}</span>"
        return "<br>".join(links)

    def _fits(self, html: str) -> bool:
        """Whether a line stays one line beside its label."""
        room = self.body.viewport().width() - theme.px(38 + 6 + 2 * 12 + 8)
        return QFontMetrics(theme.font(bold=True)).horizontalAdvance(unescape(_TAG.sub("", html))) <= room

    def _recognised(self, evidence: Evidence) -> str:
        """That a figure was recognised from a picture, and how surely."""
        lookup = self._state.lookup
        cell = lookup.cell(evidence.table, *evidence.cell) if lookup and evidence.cell else None
        return f"识别，置信度 {cell.confidence:.0%}" if cell is not None and cell.confidence is not None else "识别"

    def _cell(self, table: str, spot: tuple[int, int]) -> str:
        """A cell that is in no finding: what it is, how it comes about, and every relation it is part of."""
        lookup = self._state.lookup
        assert lookup is not None
        cell = lookup.cell(table, *spot)
        if cell is None:
            return ""
        checks = lookup.checks_by_spot.get((table, cell.row, cell.column), [])
        name = next((e for c in checks for e in c.evidence if e.table == table and e.cell == (cell.row, cell.column)), None)
        where = "·".join(x for x in (table, name.row if name else "", name.column if name else "") if x)
        page = (f"第 {cell.place.page} 页" if isinstance(cell.place.page, int) else str(cell.place.page)) if cell.place else ""
        if cell.confidence is not None:
            page += f"　识别所得，置信度 {cell.confidence:.0%}"
        parts = [f"<p class='title'>{escape(cell.text) or '（空）'}</p>", f"<p class='second'>{escape(where)}　{page}</p>"]
        trace = self._state.trace_of((table, cell.row, cell.column))
        if trace is not None:
            parts.append(self._sum(trace))
        if checks:
            wrong = sum(c.status == "fail" for c in checks)
            parts.append(f"<p class='label'>参与核对 {len(checks)} 条，" + (f"<span class='bad'>不符 {wrong} 条</span>" if wrong else "<span class='ok'>全部相符</span>") + "</p>")
            parts += [self._check(c) for c in sorted(checks, key=lambda c: c.status != "fail")[:20]]
        elif cell.amount is not None and cell.amount.value:
            parts.append("<p class='faint'>○ 尚无关系核对此金额</p>")
        return "".join(parts)

    def _check(self, check: Check) -> str:
        sign = "<span class='bad'>■</span>" if check.status == "fail" else "<span class='ok'>✓</span>"
        figures = f"<br><span class='mono'>{escape(check.figures)}</span>" if check.figures and len(check.figures) < 300 else ""
        return f"<p>{sign} <span class='second'>{escape(check.rule)}</span> {escape(check.relation)}{figures}</p>"

    def _sum(self, trace: Trace) -> str:
        """The parts of a total, added up."""
        lookup = self._state.lookup
        assert lookup is not None
        rows = []
        for number, part in enumerate(trace.parts[:60]):
            name = "·".join(x for x in (part.row, part.column) if x) or page_of(part)
            rows.append(f"<tr><td class='n mono'>{'' if number == 0 else '+'}</td><td class='n mono'><a href='part:{number}'>{escape(part.text or '0')}</a></td>"
                        f"<td class='second'>{escape(part.table + ' ' if part.table != trace.total.table else '')}{escape(name)}</td></tr>")
        values = [c.amount.value for p in trace.parts if p.cell and (c := lookup.cell(p.table, *p.cell)) and c.amount is not None]
        if values and all(p.cell for p in trace.parts):
            total = sum(values, Decimal(0))
            rows.append(f"<tr><td class='n mono'>=</td><td class='n mono'><b>{escape(show(total))}</b></td><td class='second'>印作 {escape(trace.total.text)}</td></tr>")
        more = f"<p class='faint'>另有 {len(trace.parts) - 60} 项</p>" if len(trace.parts) > 60 else ""
        return f"<p class='label'>构成（{len(trace.parts)} 项）</p><table cellspacing='0'>{''.join(rows)}</table>{more}"

    def _go(self, url: QUrl) -> None:
        kind, _, number = url.toString().partition(":")
        doc = self._state.current
        if kind == "evidence" and self._shown is not None:
            self._state.select_finding(self._shown, int(number), "detail")
        elif kind == "part" and doc is not None:
            trace = self._state.trace_of((doc.selection.table, *doc.selection.cell)) if doc.selection.cell else None
            if trace is not None:
                self._state.select_evidence(trace.parts[int(number)], "detail")

    # ---- deciding

    def _show_verdict(self, finding: Finding | None) -> None:
        doc = self._state.current
        there = finding is not None and undo.can_decide(self._state)
        for widget in (self.confirm, self.dismiss, self.reopen, self.note):
            widget.setEnabled(there)
        self.buttons.setVisible(finding is not None)
        self._verdict.setVisible(False)
        if finding is None or doc is None:
            if not self.note.hasFocus():
                self.note.clear()
            return
        verdict = doc.verdict(finding)
        if not self.note.hasFocus():
            self.note.setText(verdict.note)
            self.note.setCursorPosition(0)
        for button, state in ((self.confirm, CONFIRMED), (self.dismiss, DISMISSED), (self.reopen, OPEN)):
            chosen = verdict.state == state and (state != OPEN)
            text = button.text().removeprefix("✓ ")
            button.setText(f"✓ {text}" if chosen else text)
            button.updateGeometry()
        if verdict.decided:
            said = " · ".join(x for x in (NAMES[verdict.state], verdict.reason, verdict.reviewer, verdict.when) if x)
            if doc.review and doc.review.stale(finding):
                said += "　（裁定时的数值与现在不同，请复核）"
            self._verdict.setContentsMargins(theme.px(14), 0, theme.px(14), theme.px(2))
            self._verdict.setText(said)
            self._verdict.setVisible(True)

    def ask_reason(self, then: Callable[[str], object]) -> None:
        """Offers the reasons for a dismissal, the last one first chosen, so that Enter is enough."""
        menu = QMenu(self)
        menu.setAccessibleName("排除理由")
        last = str(self._state.settings.value("last_reason", REASONS[0]))
        reasons = list(REASONS) if last in REASONS else [last, *REASONS]
        for number, reason in enumerate(reasons, 1):
            action = menu.addAction(f"&{number} {reason}", partial(self._reason, reason, then))
            if reason == last:
                menu.setActiveAction(action)
        menu.addSeparator()
        menu.addAction("&0 其他理由…", lambda: self._other_reason(then))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        spot = self.dismiss if self.dismiss.isVisible() else self
        menu.popup(spot.mapToGlobal(QPoint(0, -menu.sizeHint().height())))
        chosen = next((a for a in menu.actions() if a.text().endswith(last)), None)
        if chosen is not None:
            menu.setActiveAction(chosen)
        self.menu = menu

    def _other_reason(self, then: Callable[[str], object]) -> None:
        from gui.dialogs import ask_reason
        reason = ask_reason("排除", "写明排除的理由，它会随裁定保存并写入导出的清单。", self, ())
        if reason:
            self._reason(reason, then)

    def _reason(self, reason: str, then: Callable[[str], object]) -> None:
        self._state.settings.setValue("last_reason", reason)
        then(reason)

    def focus_note(self) -> None:
        if self.note.isEnabled():
            self.note.setFocus()
            self.note.selectAll()

    def _keep_note(self, text: str) -> None:
        if self._shown is not None and undo.can_decide(self._state):
            undo.annotate(self._state, self._shown, text.strip())

    def _drop_note(self) -> None:
        doc = self._state.current
        if doc and self._shown is not None:
            self.note.setText(doc.verdict(self._shown).note)
        self.decided.emit()

    def _note_done(self) -> None:
        self._keep_note(self.note.text())
        self.decided.emit()
