"""About the program: version, that it works offline, and the licences of everything inside it."""
from __future__ import annotations

import platform
from pathlib import Path

import PySide6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QPlainTextEdit, QSplitter, QVBoxLayout, QWidget

import core
from core.paths import resource
from gui import theme
from gui.dialogs.base import Dialog, label

ENDINGS = (".txt", ".md", "")


def licence_files(folder: Path | None = None) -> list[Path]:
    """The licence texts that the program carries, by name; NOTICE first."""
    where = folder or resource("licences")
    if not where.is_dir():
        return []
    found = [p for p in where.rglob("*") if p.is_file() and p.suffix.lower() in ENDINGS and not p.name.startswith(".")]
    return sorted(found, key=lambda p: (not p.stem.upper().startswith("NOTICE"), p.name.lower()))


class AboutDialog(Dialog):
    """Name and version above, licences below."""

    def __init__(self, parent: QWidget | None = None, folder: Path | None = None) -> None:
        super().__init__("关于勾稽", parent, 760, 560)
        self._files = licence_files(folder)
        head = QHBoxLayout()
        head.setSpacing(theme.px(14))
        picture = QLabel()
        icon = theme.icon("app")
        if not icon.isNull():
            picture.setPixmap(icon.pixmap(theme.px(48), theme.px(48)))
            head.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(theme.px(2))
        texts.addWidget(label(f"勾稽　{getattr(core, '__version__', '')}", "brand"))
        texts.addWidget(label("部门（单位）预算、决算公开文件的勾稽核对与审核"))
        texts.addWidget(label("全部在本机完成：不联网、不上传、不收集任何信息。打开的文件只读取，从不改动。", "secondary"))
        texts.addWidget(label(f"Python {platform.python_version()} · Qt {PySide6.__version__} · {platform.system()} {platform.release()}", "faint"))
        head.addLayout(texts, 1)
        self.body.addLayout(head)
        self.list = QListWidget()
        self.list.setAccessibleName("许可证清单")
        self.list.addItems([f"{p.stem}" for p in self._files])
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName("许可证全文")
        self.text.setFont(theme.font(12, mono=True))
        self.body.addWidget(label("本程序使用的开源组件及其许可证", "heading"))
        split = QSplitter()
        split.addWidget(self.list)
        split.addWidget(self.text)
        split.setStretchFactor(1, 1)
        split.setSizes([theme.px(210), theme.px(500)])
        self.body.addWidget(split, 1)
        if not self._files:
            self.text.setPlainText("没有找到许可证文件（resources/licences）。")
        self.list.currentRowChanged.connect(self._show)
        self.list.setCurrentRow(0)
        self.close_button()

    def _show(self, row: int) -> None:
        if 0 <= row < len(self._files):
            self.text.setPlainText(self._files[row].read_text("utf-8", errors="replace"))
