"""Under the banner, while scanned pages are unread: which they are, how far their recognition is, and how to start or stop it."""
from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from gui import theme
from gui.banner import named_pages, said
from gui.state import READY, OpenDocument, State
from gui.widgets import Elided


class ScanStrip(QFrame):
    """Shown only while pages of the current document are unread."""

    def __init__(self, state: State, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._which = Elided(self)
        self._step = QLabel(self)
        self._step.setProperty("kind", "secondary")
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("扫描页识别进度")
        self._button = QPushButton(self)
        self._button.setAccessibleName("识别扫描页")
        self._button.clicked.connect(self._press)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 14, 0)
        row.setSpacing(12)
        row.addWidget(self._which, 1)
        row.addWidget(self._step)
        row.addWidget(self._bar)
        row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignVCenter)
        for signal in (state.result_changed, state.documents_changed, state.current_changed, state.theme_changed):
            signal.connect(self.refresh)
        state.progress_changed.connect(self._progressed)
        self.refresh()

    def refresh(self) -> None:
        doc = self._state.current
        shown = doc is not None and bool(doc.unread) and doc.status == READY and doc.corrupt is None
        self.setVisible(shown)
        if not shown or doc is None or doc.result is None:
            return
        self.setFixedHeight(theme.px(32))
        self._bar.setFixedSize(theme.px(180), theme.px(6))
        running = doc.scan is not None
        self._which.set_full(f"○ {named_pages(doc.result.document, doc.unread)}为扫描件，" + ("正在识别；与它们相连的表还不完整，其问题识别后可能消除"
                                                                         if running else "尚未识别；与它们相连的表不完整，其问题不一定成立"))
        self._step.setVisible(running)
        self._bar.setVisible(running)
        self._button.setText("停止" if running else "识别扫描页")
        self._button.setAccessibleName("停止识别扫描页" if running else "识别扫描页")
        self._further(doc)

    def _progressed(self, doc: OpenDocument) -> None:
        if doc is self._state.current:
            self._further(doc)

    def _further(self, doc: OpenDocument) -> None:
        if doc.scan is None:
            return
        done, total, label = doc.scan
        reading = label.startswith(("第 ", "正在"))  # the text pages are gone through once more on the way
        self._step.setText("准备识别" if reading else said(doc.scan))
        many = len(doc.unread)
        if label.startswith("扫描页"):  # counted behind the text pages
            self._bar.setRange(0, many)
            self._bar.setValue(max(0, done - (total - many)))
        elif reading or not total:
            self._bar.setRange(0, 0)
        else:
            self._bar.setRange(0, total)
            self._bar.setValue(done)

    def _press(self) -> None:
        doc = self._state.current
        if doc is not None:
            self._state.action_requested.emit("stop" if doc.scan is not None else "recognise")

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(theme.colours().hint_soft))
            painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(theme.colours().line))
