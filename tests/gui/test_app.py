"""Starting: one window for all documents, shown before the heavy parts are loaded, with every action named and keyed."""
from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLineEdit

from gui import actions, theme
from gui.instance import Instance

ROOT = Path(__file__).resolve().parents[2]


def test_a_second_start_hands_its_paths_to_the_first(tmp_path, qtbot):
    first = Instance(tmp_path)
    opened, forward = [], []
    first.watch(opened.extend, lambda: forward.append(1))
    script = f"from pathlib import Path\nfrom gui.instance import Instance\ni = Instance(Path({str(tmp_path)!r}))\nassert not i.first\n" \
             "assert i.hand_over(['示例 (一).pdf'], 8)"
    later = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    qtbot.waitUntil(lambda: bool(forward), timeout=9000)
    assert later.wait(5) == 0
    assert [p.name for p in opened] == ["示例 (一).pdf"] and opened[0].is_absolute()
    first.leave()


def test_a_window_that_does_not_answer_is_not_waited_for(tmp_path):
    first = Instance(tmp_path)
    assert not first.hand_over(["a.pdf"], 0.2)
    assert not list((tmp_path / "inbox").iterdir())
    first.leave()


def test_the_window_is_shown_before_heavy_modules_are_loaded():
    script = "import sys\nimport gui.app, gui.main_window\n" \
             "heavy = {'pdfplumber', 'pdfminer', 'openpyxl', 'cv2', 'onnxruntime', 'rapidocr', 'numpy', 'pypdfium2', 'docx'} & set(sys.modules)\n" \
             "assert not heavy, heavy"
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, check=True)


def test_no_shortcut_is_a_bare_letter_or_used_twice():
    keys = Counter(QKeySequence(k).toString() for a in actions.ACTIONS for k in a.keys)
    assert all(n == 1 for n in keys.values()), [k for k, n in keys.items() if n > 1]
    for key in keys:
        assert key.startswith(("Ctrl+", "Alt+", "F", "Shift+F")), key
        assert key not in ("Ctrl+Space", "Ctrl+.", "Shift+Space", "Ctrl+/")


def test_every_action_is_carried_out_by_the_window(window):
    for action in actions.ACTIONS:
        assert callable(getattr(window, f"do_{action.id}")), action.id


def test_every_control_has_a_chinese_name(window):
    window.load_rest()
    nameless = []
    for kind in (QAbstractButton, QLineEdit, QAbstractItemView):
        for widget in window.findChildren(kind):
            own = widget.metaObject().className()
            if widget.objectName().startswith("qt_") or own in ("QTableCornerButton", "QComboBoxListView", "QLineEditIconButton"):
                continue  # parts that Qt makes itself
            name = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
            if not name or name.isascii():
                nameless.append((own, widget.objectName(), type(widget.parent()).__name__, name))
    assert not nameless


def _contrast(one: str, two: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b
    high, low = sorted((light(one), light(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_text_stands_out_from_its_ground_in_both_themes():
    for c in (theme.LIGHT, theme.DARK):
        pairs = [(c.ink, c.surface), (c.ink, c.ground), (c.ink, c.selection), (c.secondary, c.surface), (c.strong, c.surface),
                 (c.error, c.error_soft), (c.warning, c.warning_soft), (c.hint, c.hint_soft), (c.error, c.surface), (c.warning, c.surface),
                 (c.ok, c.surface), (c.accent_ink, c.accent)]
        for ink, ground in pairs:
            assert _contrast(ink, ground) >= (4.5 if ink != c.accent_ink else 3.9), (c.dark, ink, ground)


def test_cells_are_copied_as_a_spreadsheet_takes_them(window, state, qapp):
    state.select_table(state.lookup.tables["表六"])
    view = window.tables.view
    view.setFocus()
    view.selectionModel().select(window.tables.model.index(0, 2), view.selectionModel().SelectionFlag.ClearAndSelect)
    view.selectionModel().select(window.tables.model.index(1, 3), view.selectionModel().SelectionFlag.Select)
    window.do_copy()
    assert qapp.clipboard().text() == "1030.05\t\n\t962.12"
    window.do_copy_headers()
    assert qapp.clipboard().text().splitlines()[1] == "合计\t人员经费"


def test_the_status_bar_adds_up_the_selection(window, state):
    state.select_table(state.lookup.tables["表六"])
    model, view = window.tables.model, window.tables.view
    view.selectionModel().clear()
    for row in (1, 7):
        view.selectionModel().select(model.index(row, 2), view.selectionModel().SelectionFlag.Select)
    assert window._sum.text() == "选中 2 格　求和 1,004.97"


def test_a_finding_is_copied_as_a_paragraph(window, state, qapp):
    finding = next(f for f in state.result.findings if f.rule == "X105")
    state.select_finding(finding)
    window.findings.view.setFocus()
    window.do_copy()
    text = qapp.clipboard().text()
    assert text.startswith("【错误】X105") and "实为 1030.05" in text and "依据：" in text


def test_theme_and_font_size_change_while_running(window, state):
    window.do_theme()
    assert theme.colours().dark
    window.do_font_larger()
    assert theme.scale() > 1
    window.do_theme()
    assert not theme.colours().dark
    window.do_font_smaller()


def test_a_folder_of_the_parts_of_one_disclosure_opens_as_one(state, tmp_path):
    folder = tmp_path / "示例县示例局"
    folder.mkdir()
    for name in ("01封面.pdf", "02预算报表.pdf", "03情况说明.pdf"):
        (folder / name).write_bytes(b"%PDF")
    assert [d.path for d in state.open([folder])] == [folder]


def test_findings_of_a_folder_come_in_the_order_of_its_parts():
    from gui.lookup import _in_folder
    names = ["附件10.pdf 第 1 页", "附件2.pdf 第 10 页", "附件2.pdf 第 9 页"]
    assert sorted(names, key=_in_folder) == names[::-1]


def test_dropped_folders_open_every_disclosure_in_them(state, tmp_path):
    for name in ("a.pdf", "b/c.docx", "~$c.docx", "b/读我.md"):
        path = tmp_path / "folder" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    opened = state.open([tmp_path / "folder"])
    assert [d.path.name for d in opened] == ["a.pdf", "c.docx"]
