"""The last-resort dialog: what happened, that the work is saved, the details to copy."""
from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from gui import theme
from gui.dialogs.base import Dialog, label, open_path


class CrashDialog(Dialog):
    """Told once; the program goes on."""

    def __init__(self, details: str, saved: bool, parent: QWidget | None = None) -> None:
        super().__init__("程序遇到意外错误", parent, 640, 420)
        last = details.strip().splitlines()[-1] if details.strip() else "没有更多信息"
        self.body.addWidget(label("刚才的操作没有完成，程序可以继续使用。", "title"))
        kept = "你的裁定和备注已经保存。" if saved else "裁定未能保存：请不要关闭窗口，稍后程序会再次尝试；必要时用“另存裁定”留一份。"
        notice = label(kept)
        notice.setStyleSheet(f"color: {theme.colours().ok if saved else theme.colours().error};")
        self.body.addWidget(notice)
        self.body.addWidget(label(f"原因：{last}", "secondary"))
        self.details = QPlainTextEdit(details)
        self.details.setReadOnly(True)
        self.details.setAccessibleName("错误详情")
        self.details.setFont(theme.font(12, mono=True))
        self.body.addWidget(self.details, 1)
        copy = self.button("复制详情")
        copy.clicked.connect(self.copy)
        folder = self.button("打开日志文件夹")
        folder.clicked.connect(self._folder)
        self.close_button("继续使用")

    def copy(self) -> None:
        QGuiApplication.clipboard().setText(self.details.toPlainText())

    def _folder(self) -> None:
        from gui.app import log_path
        open_path(log_path().parent)
