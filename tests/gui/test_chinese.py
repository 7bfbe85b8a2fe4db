"""What Qt itself says is Chinese as well."""
from __future__ import annotations

from PySide6.QtWidgets import QDialogButtonBox

from gui.app import speak_chinese


def test_buttons_that_qt_names_are_chinese(qapp, qtbot):
    translator = speak_chinese(qapp)
    try:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        qtbot.addWidget(box)
        assert box.button(QDialogButtonBox.StandardButton.Cancel).text().startswith("取消")
    finally:
        qapp.removeTranslator(translator)
