"""What the dialogs have in common: margins, headings, Chinese buttons, opening a folder."""
from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QTreeWidgetItem, QVBoxLayout, QWidget

from gui import theme


class Dialog(QDialog):
    """A dialog with a column for its contents and a row of buttons below. Esc closes it."""

    def __init__(self, title: str, parent: QWidget | None = None, wide: int = 560, high: int = 420) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
        self.resize(theme.px(wide), theme.px(high))
        self.body = QVBoxLayout()
        self.body.setSpacing(theme.px(8))
        self.foot = QHBoxLayout()
        self.foot.setSpacing(theme.px(8))
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(16), theme.px(14), theme.px(16), theme.px(14))
        column.setSpacing(theme.px(12))
        column.addLayout(self.body, 1)
        column.addLayout(self.foot)

    def button(self, text: str, kind: str = "", default: bool = False) -> QPushButton:
        """A button at the foot."""
        made = QPushButton(text)
        if kind:
            made.setProperty("kind", kind)
        made.setDefault(default)
        made.setAutoDefault(default)
        self.foot.addWidget(made)
        return made

    def close_button(self, text: str = "关闭") -> QPushButton:
        self.foot.addStretch(1)
        made = self.button(text, default=True)
        made.clicked.connect(self.accept)
        return made


def label(text: str, kind: str = "", buddy: QWidget | None = None) -> QLabel:
    """Plain text that may be selected and wraps."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if kind:
        made.setProperty("kind", kind)
    if buddy is not None:
        made.setBuddy(buddy)
    return made


def open_path(path: Path) -> bool:
    """Opens a file or folder with the program that the system has for it."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def children(item: QTreeWidgetItem | None) -> list[QTreeWidgetItem]:
    """The entries below one of a tree."""
    found = [item.child(k) for k in range(item.childCount())] if item is not None else []
    return [child for child in found if child is not None]
