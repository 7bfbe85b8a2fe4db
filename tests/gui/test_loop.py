"""The reviewer's loop in the real window, by keyboard alone."""
from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.review_file import CONFIRMED, DISMISSED, OPEN
from gui.state import Filter

F8, ENTER = Qt.Key.Key_F8, Qt.Key.Key_Return
CTRL, SHIFT, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


def press(window, key, modifier=Qt.KeyboardModifier.NoModifier):
    target = QApplication.activePopupWidget() or QApplication.focusWidget() or window
    QTest.keyClick(target, key, modifier)
    QApplication.processEvents()


def states(state):
    return [state.current.verdict(f).state for f in sorted(state.result.findings, key=state.order)]


def test_first_finding_is_decided_with_two_keys_after_opening(window, state):
    press(window, F8)
    assert state.current.finding() is not None
    press(window, Qt.Key.Key_1, CTRL)
    assert states(state).count(CONFIRMED) == 1


def test_twenty_findings_are_decided_with_at_most_two_keys_each(window, state):
    keys = 0
    press(window, F8)
    for number in range(20):
        if number % 3 == 2:
            press(window, Qt.Key.Key_2, CTRL)
            press(window, ENTER)
            keys += 2
        else:
            press(window, Qt.Key.Key_1, CTRL)
            keys += 1
    decided = [s for s in states(state) if s != OPEN]
    assert len(decided) == 20 and decided.count(DISMISSED) == 6
    assert keys <= 40


def test_a_dismissal_carries_the_reason_that_was_chosen(window, state):
    press(window, F8)
    finding = state.current.finding()
    press(window, Qt.Key.Key_2, CTRL)
    press(window, Qt.Key.Key_3)
    assert state.current.verdict(finding).reason == "原文如此，有据可查"


def test_after_a_decision_the_next_open_finding_is_shown(window, state):
    press(window, F8)
    order = state.listed()
    press(window, Qt.Key.Key_1, CTRL)
    assert state.current.finding() is order[1]


def test_undo_and_redo_say_what_and_restore_it(window, state):
    press(window, F8)
    finding = state.current.finding()
    press(window, Qt.Key.Key_1, CTRL)
    assert window.actions_by_id["undo"].text() == f"撤销：属实 {finding.rule}"
    press(window, Qt.Key.Key_Z, CTRL)
    assert state.current.verdict(finding).state == OPEN
    press(window, Qt.Key.Key_Y, CTRL)
    assert state.current.verdict(finding).state == CONFIRMED


def test_a_note_is_kept_on_enter_and_dropped_on_escape(window, state):
    press(window, F8)
    finding = state.current.finding()
    press(window, Qt.Key.Key_F2)
    window.detail.note.insert("已电话核实")
    press(window, ENTER)
    assert state.current.verdict(finding).note == "已电话核实"
    press(window, Qt.Key.Key_F2)
    window.detail.note.insert("写错了")
    press(window, Qt.Key.Key_Escape)
    assert state.current.verdict(finding).note == "已电话核实"


def test_f8_walks_the_filtered_findings_in_document_order_and_wraps(window, state):
    state.set_filter(Filter(severities=frozenset({"warning"})))
    expected = [f for f in sorted(state.result.findings, key=state.order) if f.severity == "warning"]
    seen = []
    for _ in range(len(expected) + 1):
        press(window, F8)
        seen.append(state.current.finding())
    assert seen == [*expected, expected[0]]
    press(window, F8, SHIFT)
    assert state.current.finding() is expected[-1]


def test_f8_starts_where_the_reviewer_is(window, state):
    state.select_table(state.lookup.tables["表六"])
    press(window, F8)
    assert state.current.finding().place.page == 4


def test_ctrl_f8_skips_what_is_decided(window, state):
    order = state.listed()
    press(window, F8)
    press(window, Qt.Key.Key_1, CTRL)
    press(window, F8, SHIFT)
    assert state.current.finding() is order[0]
    press(window, F8, CTRL)
    assert state.current.finding() is order[1]


def test_alt_right_walks_the_evidence(window, state):
    finding = next(f for f in state.result.findings if f.rule == "X105")
    state.select_finding(finding)
    press(window, Qt.Key.Key_Right, ALT)
    assert state.selection.page == finding.evidence[1].page and state.selection.table == "表五"
    press(window, Qt.Key.Key_Left, ALT)
    assert state.selection.table == "表六"


def test_f6_goes_round_the_panels(window):
    seen = []
    for _ in range(5):
        press(window, Qt.Key.Key_F6)
        seen.append(QApplication.focusWidget())
    assert len(set(seen)) == 5


def test_several_rows_are_decided_at_once_and_undone_at_once(window, state):
    window.findings.view.setFocus()
    window.findings.view.selectRow(0)
    for _ in range(3):
        press(window, Qt.Key.Key_Down, SHIFT)
    press(window, Qt.Key.Key_1, CTRL)
    assert states(state).count(CONFIRMED) == 4
    press(window, Qt.Key.Key_Z, CTRL)
    assert states(state).count(CONFIRMED) == 0


def test_letters_typed_anywhere_change_nothing(window, state):
    press(window, F8)
    before = (state.selection, states(state))
    for panel in window.panels():
        panel.setFocus()
        QTest.keyClicks(panel, "abcdjknpxyz")
    assert (state.selection, states(state)) == before


def test_ignoring_a_rule_dismisses_its_findings_until_undone(window, state):
    from gui import undo
    finding = next(f for f in state.result.findings if f.rule == "S201")
    undo.ignore_rule(state, "S201", "不适用于本单位")
    assert state.current.verdict(finding).state == DISMISSED
    state.current.undo.undo()
    assert state.current.verdict(finding).state == OPEN


def test_chips_count_what_they_would_list(window, state):
    chips = {f.value: f.chip for f in window.findings.chips._facets}
    for severity in ("error", "warning", "info"):
        assert chips[severity].count == sum(f.severity == severity for f in state.result.findings)
    state.set_filter(Filter(severities=frozenset({"error"})))
    families = [f.family for f in state.result.findings if f.severity == "error"]
    assert chips["arithmetic"].count == families.count("arithmetic")
    press(window, F8)
    press(window, Qt.Key.Key_1, CTRL)
    assert chips["confirmed"].count == 1 and chips["open"].count == len(families) - 1


def test_ctrl_f_in_the_list_goes_to_its_filter_and_elsewhere_to_the_search(window, state):
    window.findings.view.setFocus()
    press(window, Qt.Key.Key_F, CTRL)
    assert window.findings.text.hasFocus()
    window.page_view.canvas.setFocus()
    press(window, Qt.Key.Key_F, CTRL)
    assert window.left.currentWidget() is window.search


def test_zoom_keys_work_on_the_number_pad_too(window):
    before = window.page_view.canvas.percent
    press(window, Qt.Key.Key_Plus, CTRL | Qt.KeyboardModifier.KeypadModifier)
    assert window.page_view.canvas.percent > before
