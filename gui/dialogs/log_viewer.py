"""The log of the program: filtered by level and text, copied, its folder opened."""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QColor, QGuiApplication, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from gui import theme
from gui.dialogs.base import Dialog, label, open_path

LEVELS = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "ERROR": 40, "CRITICAL": 50}
NAMES = {"全部": 0, "信息以上": 20, "警告以上": 30, "错误以上": 40}
MOST = 5000
_HEAD = re.compile(r"^\d{4}-\d\d-\d\d[ T][\d:,.]+ (DEBUG|INFO|WARNING|ERROR|CRITICAL) ")


@dataclass(frozen=True, slots=True)
class Record:
    """A log entry with the lines that belong to it (tracebacks)."""

    level: int
    text: str


def records(text: str) -> Iterator[Record]:
    """The entries of a log file; lines without a head belong to the entry above."""
    level, lines = 20, list[str]()
    for line in text.splitlines():
        head = _HEAD.match(line)
        if head:
            if lines:
                yield Record(level, "\n".join(lines))
            level, lines = LEVELS[head.group(1)], []
        lines.append(line)
    if lines:
        yield Record(level, "\n".join(lines))


class LogDialog(Dialog):
    """The newest entries at the end."""

    def __init__(self, parent: QWidget | None = None, path: Path | None = None) -> None:
        super().__init__("运行日志", parent, 860, 560)
        if path is None:
            from gui.app import log_path
            path = log_path()
        self._path = path
        self._records: list[Record] = []
        self.level = QComboBox()
        self.level.addItems(list(NAMES))
        self.level.setAccessibleName("级别")
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("筛选文字")
        self.filter.setAccessibleName("筛选日志文字")
        self.filter.setClearButtonEnabled(True)
        again = QPushButton("刷新")
        again.clicked.connect(self.reload)
        row = QHBoxLayout()
        row.addWidget(self.level)
        row.addWidget(self.filter, 1)
        row.addWidget(again)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(theme.font(12, mono=True))
        self.text.setAccessibleName("日志内容")
        self.where = label(str(path), "secondary")
        self.body.addLayout(row)
        self.body.addWidget(self.text, 1)
        self.body.addWidget(self.where)
        copy = self.button("复制")
        copy.clicked.connect(self.copy)
        folder = self.button("打开文件夹")
        folder.clicked.connect(lambda: open_path(self._path.parent))
        self.level.currentIndexChanged.connect(lambda _: self._fill())
        self.filter.textChanged.connect(lambda _: self._fill())
        self.close_button()
        self.reload()

    def reload(self) -> None:
        try:
            text = self._path.read_text("utf-8", errors="replace")
        except OSError as error:
            text = ""
            self.where.setText(f"日志文件无法读取：{error.strerror or error}（{self._path}）")
        self._records = list(records(text))[-MOST:]
        self._fill()

    def _fill(self) -> None:
        least = NAMES[self.level.currentText()]
        wanted = self.filter.text().lower()
        shown = [r for r in self._records if r.level >= least and wanted in r.text.lower()]
        self.text.clear()
        colours = theme.colours()
        cursor = QTextCursor(self.text.document())
        for number, record in enumerate(shown):
            look = QTextCharFormat()
            look.setForeground(QColor(colours.error if record.level >= 40 else colours.warning if record.level >= 30 else colours.ink))
            cursor.insertText(("\n" if number else "") + record.text, look)
        if not shown:
            self.text.setPlaceholderText("没有符合条件的记录" if self._records else "还没有记录")
        bar = self.text.verticalScrollBar()
        bar.setValue(bar.maximum())

    def copy(self) -> None:
        """The selected text, else all that is shown."""
        chosen = self.text.textCursor().selectedText().replace("\u2029", "\n")
        QGuiApplication.clipboard().setText(chosen or self.text.toPlainText())
