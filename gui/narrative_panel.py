"""The narrative beside the page: every figure linked to the cells it was checked against, both ways."""
from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QHelpEvent,
    QMouseEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QTextBrowser, QTextEdit, QToolTip, QVBoxLayout, QWidget

from core.citations import AGREES, UNVERIFIED, WRONG, Citation, citations, citing, section_at, sentence_at
from core.model import Section
from core.results import Result
from gui import theme
from gui.overview import RelationList
from gui.state import Selection, State

SOURCE = "narrative"
STATE_WORDS = {AGREES: "相符", WRONG: "不符", UNVERIFIED: "未核验"}


class NarrativePanel(QWidget):
    """All sections with text, in order. The section of what is chosen is scrolled to; what cites the chosen cell is lit up."""

    def __init__(self, state: State, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("narrative")
        self.setAccessibleName("情况说明")
        self._state = state
        self._result: Result | None = None
        self._citations: tuple[Citation, ...] = ()
        self._blocks: dict[tuple[int, int], int] = {}
        self._heads: dict[int, int] = {}
        self._stale = True
        self.sections = QComboBox()
        self.sections.setAccessibleName("选择章节")
        self.sections.setToolTip("转到章节")
        self.sections.activated.connect(self._jump)
        self.counts = QLabel()
        self.counts.setProperty("kind", "secondary")
        self.text = _Text(self)
        self.text.anchorClicked.connect(self._clicked)
        self.detail = RelationList(state, SOURCE)
        self.detail.hide()
        self.detail.closed.connect(self.detail.hide)
        head = QFrame()
        head.setProperty("kind", "panelhead")
        across = QHBoxLayout(head)
        across.setContentsMargins(theme.px(10), theme.px(5), theme.px(10), theme.px(5))
        across.addWidget(self.sections, 1)
        across.addWidget(self.counts)
        below = QFrame()
        below.setProperty("kind", "surface")
        inner = QVBoxLayout(below)
        inner.setContentsMargins(theme.px(10), 0, theme.px(10), theme.px(6))
        inner.addWidget(self.detail)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.text, 1)
        column.addWidget(below)
        state.result_changed.connect(self._outdated)
        state.theme_changed.connect(self._outdated)
        state.selection_changed.connect(self._follow)
        self._fill()

    # ---- filling

    def _outdated(self) -> None:
        self._stale = True
        if self.isVisible():
            self._fill()

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        if self._stale or self._result is not self._state.result:
            self._fill()

    def _fill(self) -> None:
        self._stale = False
        self._result = self._state.result
        self.detail.hide()
        self.sections.clear()
        self._blocks, self._heads = {}, {}
        lookup = self._state.lookup
        ready = lookup is not None and lookup.result is self._result
        self._citations = lookup.citations if lookup is not None and ready else citations(self._result) if self._result else ()
        self._of_paragraph: dict[tuple[int, int], list[tuple[int, Citation]]] = {}
        for at, citation in enumerate(self._citations):
            self._of_paragraph.setdefault((citation.section, citation.paragraph), []).append((at, citation))
        with_text = [(i, s) for i, s in enumerate(self._result.document.sections) if s.paragraphs] if self._result else []
        for index, section in with_text:
            self.sections.addItem(section.title, index)
        self.sections.setEnabled(bool(with_text))
        counts = {s: sum(1 for c in self._citations if c.state == s) for s in STATE_WORDS}
        self.counts.setText("　".join(f"{STATE_WORDS[s]} {n}" for s, n in counts.items() if n))
        self.counts.setToolTip("文字部分的金额和百分比：与表格核对相符、不符，以及没有关系可核对的")
        document = self.text.document()
        document.clear()
        document.setDefaultFont(theme.font(14))
        cursor = QTextCursor(document)
        if not with_text:
            plain = QTextCharFormat()
            plain.setForeground(QColor(theme.colours().secondary))
            cursor.insertText("没有识别到情况说明的文字" if self._result else "打开文件后，这里显示情况说明及其核对结果", plain)
            return
        cursor.beginEditBlock()
        for index, section in with_text:
            self._write(cursor, index, section)
        cursor.endEditBlock()
        self.text.moveCursor(QTextCursor.MoveOperation.Start)
        self._follow(self._state.selection)

    def _write(self, cursor: QTextCursor, index: int, section: Section) -> None:
        colours = theme.colours()
        heading, head_block = QTextCharFormat(), QTextBlockFormat()
        heading.setFontWeight(QFont.Weight.DemiBold)
        heading.setForeground(QColor(colours.strong))
        head_block.setTopMargin(theme.px(14) if self._heads else theme.px(4))
        head_block.setBottomMargin(theme.px(4))
        if self._heads:
            cursor.insertBlock()
        cursor.setBlockFormat(head_block)
        cursor.setCharFormat(heading)
        cursor.insertText(section.title, heading)
        self._heads[index] = cursor.block().blockNumber()
        body = QTextBlockFormat()
        body.setLineHeight(128, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        body.setTextIndent(theme.px(28))
        body.setBottomMargin(theme.px(4))
        for number, paragraph in enumerate(section.paragraphs):
            cursor.insertBlock(body)
            self._blocks[(index, number)] = cursor.block().blockNumber()
            done = 0
            for at, citation in self._of_paragraph.get((index, number), ()):
                cursor.insertText(paragraph.text[done:citation.start], _plain())
                cursor.insertText(paragraph.text[citation.start:citation.end], _linked(at, citation))
                done = citation.end
            cursor.insertText(paragraph.text[done:], _plain())

    # ---- following what is chosen elsewhere

    def _follow(self, selection: Selection) -> None:
        if self._result is None or not self.isVisible():
            self.text.setExtraSelections([])
            self._stale = self._stale or not self.isVisible()
            return
        lit = self._cited(selection)
        self._light(lit)
        if selection.source == SOURCE:
            return
        if lit:
            self._scroll_to(lit[0])
        elif selection.page is not None and not selection.table:
            section = section_at(self._result.document, selection.page, selection.box)
            if section is not None:
                self._show_section(self._result.document.sections.index(section))

    def _cited(self, selection: Selection) -> list[Citation]:
        finding = self._state.current.finding() if self._state.current else None
        own = [c for c in self._citations if finding is not None and c.finding == finding]
        if own:
            return own
        if selection.table and selection.cell is not None:
            return list(citing(self._citations, selection.table, selection.cell))
        return []

    def _light(self, found: list[Citation]) -> None:
        """The sentences of these figures with a ground, the figures themselves with a stronger one."""
        colours = theme.colours()
        marks: list[QTextEdit.ExtraSelection] = []
        for citation in found:
            for span, colour, bold in ((self._sentence(citation), colours.related_soft, False),
                                       ((citation.start, citation.end), colours.selection, True)):
                cursor = self._cursor(citation, *span)
                if cursor is None:
                    continue
                mark = QTextEdit.ExtraSelection()
                mark.cursor = cursor
                mark.format.setBackground(QColor(colour))
                if bold:
                    mark.format.setFontWeight(QFont.Weight.DemiBold)
                marks.append(mark)
        self.text.setExtraSelections(marks)

    def _sentence(self, citation: Citation) -> tuple[int, int]:
        assert self._result is not None
        return sentence_at(self._result.document.sections[citation.section].paragraphs[citation.paragraph], citation.start)

    def _block(self, section: int, paragraph: int) -> QTextBlock | None:
        number = self._blocks.get((section, paragraph))
        return None if number is None else self.text.document().findBlockByNumber(number)

    def _cursor(self, citation: Citation, start: int, end: int) -> QTextCursor | None:
        block = self._block(citation.section, citation.paragraph)
        if block is None or not block.isValid():
            return None
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + start)
        cursor.setPosition(block.position() + end, QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _scroll_to(self, citation: Citation) -> None:
        cursor = self._cursor(citation, citation.start, citation.start)
        if cursor is None:
            return
        self._name_section(citation.section)
        rect = self.text.cursorRect(cursor)
        if not self.text.viewport().rect().adjusted(0, theme.px(20), 0, -theme.px(40)).contains(rect.topLeft()):
            bar = self.text.verticalScrollBar()
            bar.setValue(bar.value() + rect.top() - self.text.viewport().height() // 3)

    def _show_section(self, index: int) -> None:
        number = self._heads.get(index)
        if number is None:
            return
        self._name_section(index)
        rect = self.text.cursorRect(QTextCursor(self.text.document().findBlockByNumber(number)))
        bar = self.text.verticalScrollBar()
        bar.setValue(bar.value() + rect.top() - theme.px(8))

    def _name_section(self, index: int) -> None:
        self.sections.setCurrentIndex(self.sections.findData(index))

    # ---- choosing here

    def _jump(self, row: int) -> None:
        index = self.sections.itemData(row)
        if self._result is None or index is None:
            return
        self._show_section(index)
        section = self._result.document.sections[index]
        place = section.span.place
        self._state.select_place(section.page, place.box if place else None, SOURCE)

    def _clicked(self, url: QUrl) -> None:
        citation = self._citations[int(url.path())]
        assert self._result is not None
        paragraph = self._result.document.sections[citation.section].paragraphs[citation.paragraph]
        if citation.checks:
            self.detail.show_checks(f"“{paragraph.text[citation.start:citation.end]}”", citation.checks)
            self.detail.show()
        else:
            self.detail.hide()
        cells = citation.cells
        if citation.finding is not None:
            self._state.select_finding(citation.finding, source=SOURCE)
        elif cells:
            self._state.select_evidence(cells[0], SOURCE)
        else:
            place = paragraph.span(citation.start, citation.end).place
            self._state.select_place(place.page if place else paragraph.page, place.box if place else None, SOURCE)
        self._name_section(citation.section)
        self._light([citation])

    def choose_text(self, position: int) -> None:
        """A click on plain text: its sentence is shown on the page."""
        block = self.text.document().findBlock(position)
        key = next((k for k, number in self._blocks.items() if number == block.blockNumber()), None)
        if key is None or self._result is None:
            return
        paragraph = self._result.document.sections[key[0]].paragraphs[key[1]]
        start, end = sentence_at(paragraph, position - block.position())
        place = paragraph.span(start, end).place
        if place is not None:
            self._state.select_place(place.page, place.box, SOURCE)

    def told(self, href: str) -> str:
        """What a figure was checked against, in words."""
        citation = self._citations[int(QUrl(href).path())]
        if not citation.checks:
            return "没有关系可核对这个数字"
        lines = [f"{'✓ 相符' if c.status == 'pass' else '✗ 不符'}　{c.relation}" + (f"\n　　{c.figures}" if c.figures else "")
                 for c in citation.checks[:6]]
        more = len(citation.checks) - 6
        return "\n".join([*lines, *([f"另有 {more} 条"] if more > 0 else []), "点击转到对应单元格" if citation.cells else "点击转到问题"])


class _Text(QTextBrowser):
    """The text. Tab goes from figure to figure, Enter follows one."""

    def __init__(self, panel: NarrativePanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self._pressed = QPoint()
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.setAccessibleName("情况说明文字")
        self.setAccessibleDescription("带下划线的数字已核对：实线相符，波浪线不符，点线未核验。Tab 键逐个移动，回车查看对应单元格。")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.document().setDocumentMargin(theme.px(14))
        self.setStyleSheet("QTextBrowser { border: 0; border-radius: 0; padding: 0; }")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        at = event.position().toPoint()
        still = (at - self._pressed).manhattanLength() < 4
        if event.button() == Qt.MouseButton.LeftButton and still and not self.anchorAt(at) and not self.textCursor().hasSelection():
            self._panel.choose_text(self.cursorForPosition(at).position())

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            href = self.anchorAt(self.viewport().mapFromGlobal(event.globalPos()))
            if href:
                QToolTip.showText(event.globalPos(), self._panel.told(href), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)


def _plain() -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(QColor(theme.colours().ink))
    return made


def _linked(index: int, citation: Citation) -> QTextCharFormat:
    """A figure: a green line under what agrees, a wave in the colour of its finding under what fails, grey dots where nothing looked."""
    colours = theme.colours()
    made = _plain()
    made.setAnchor(True)
    made.setAnchorHref(f"cite:{index}")
    styles = {AGREES: (QTextCharFormat.UnderlineStyle.SingleUnderline, colours.ok),
              WRONG: (QTextCharFormat.UnderlineStyle.WaveUnderline, colours.severity(citation.severity)),
              UNVERIFIED: (QTextCharFormat.UnderlineStyle.DotLine, colours.faint)}
    style, colour = styles[citation.state]
    made.setUnderlineStyle(style)
    made.setUnderlineColor(QColor(colour))
    if citation.state == WRONG:
        made.setForeground(QColor(colours.severity(citation.severity)))
        made.setBackground(QColor(colours.severity_soft(citation.severity)))
        made.setFontWeight(QFont.Weight.DemiBold)
    elif citation.state == AGREES:
        made.setForeground(QColor(colours.strong))
    else:
        made.setForeground(QColor(colours.secondary))
    return made
