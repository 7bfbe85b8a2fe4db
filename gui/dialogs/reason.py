"""Asks why a finding is dismissed or a rule ignored: a choice or free text."""
from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QRadioButton, QWidget

from core.review_file import REASONS
from gui.dialogs.base import Dialog, label

LIMIT = 200


class ReasonDialog(Dialog):
    """Choices by Alt+number or arrow keys; typing fills in another reason. Enter dismisses."""

    def __init__(self, title: str, what: str, parent: QWidget | None = None, reasons: Sequence[str] = REASONS, verb: str = "排除") -> None:
        super().__init__(title, parent, 460, 320)
        self.body.addWidget(label(what))
        self._group = QButtonGroup(self)
        for number, reason in enumerate(reasons, 1):
            choice = QRadioButton(f"{reason}（&{number}）" if number < 10 else reason)
            choice.setAccessibleName(reason)
            self._group.addButton(choice, number - 1)
            self.body.addWidget(choice)
        self._reasons = tuple(reasons)
        self.other = QRadioButton("其他理由（&0）：")
        self._group.addButton(self.other, len(reasons))
        self.body.addWidget(self.other)
        self.text = QLineEdit()
        self.text.setAccessibleName("其他理由")
        self.text.setPlaceholderText("写明理由")
        self.text.setMaxLength(LIMIT)
        self.body.addWidget(self.text)
        self.body.addStretch(1)
        self.foot.addStretch(1)
        self.ok = self.button(verb, "primary", True)
        cancel = self.button("取消")
        self.ok.clicked.connect(self.accept)
        cancel.clicked.connect(self.reject)
        self.text.textEdited.connect(lambda _: self.other.setChecked(True))
        self.other.toggled.connect(lambda on: self.text.setFocus() if on else None)
        self.text.textChanged.connect(lambda _: self._check())
        self._group.idToggled.connect(lambda *_: self._check())
        if reasons:
            self._group.button(0).setChecked(True)
            self._group.button(0).setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.other.setChecked(True)
        self._check()

    @property
    def reason(self) -> str:
        chosen = self._group.checkedId()
        return self._reasons[chosen] if 0 <= chosen < len(self._reasons) else self.text.text().strip()

    def _check(self) -> None:
        self.ok.setEnabled(bool(self.reason))


def ask_reason(title: str, what: str, parent: QWidget | None = None, reasons: Sequence[str] = REASONS, verb: str = "排除") -> str | None:
    """The reason given, None when it was thought better of."""
    dialog = ReasonDialog(title, what, parent, reasons, verb)
    return dialog.reason if dialog.exec() == ReasonDialog.DialogCode.Accepted else None
