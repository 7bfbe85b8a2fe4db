"""A table is corrected on the page, by mouse and by keys; the correction is kept and the document checked again."""
import pytest
from PySide6.QtCore import QPointF, Qt

from core.corrections import KEPT, from_json, lines_of
from gui.correction import COLUMN, ROW, CorrectionTool, Line


@pytest.fixture
def tool(window, qtbot, state):
    window.load_rest()
    made = window.correction
    table = state.result.document.table("表五")
    state.select_table(table)
    window.page_view.canvas.go_to_page(table.page)
    qtbot.waitUntil(lambda: window.page_view.canvas.page == table.page, timeout=3000)
    assert made.begin()
    return made


def on_view(tool, x, y):
    """Where a point of the draft's page is in the viewport."""
    return tool._canvas.to_view(tool.draft.page, (x, y, x, y)).topLeft().toPoint()


def test_it_begins_with_the_lines_as_read(tool, state):
    table = state.result.document.table("表五")
    assert (tool.draft.xs, tool.draft.ys) == lines_of(table, table.page)
    assert tool.bar.isVisible() and "列" in tool.bar.what.text()


@pytest.mark.parametrize("turn", [0, 90])
def test_a_line_is_dragged_where_it_is_seen(tool, qtbot, turn):
    canvas = tool._canvas
    for _ in range(turn // 90):
        canvas.turn_page()
    canvas.reveal(tool.draft.page, tool.draft.box, flash=False)
    x, middle = tool.draft.xs[2], (tool.draft.ys[0] + tool.draft.ys[1]) / 2
    start, end = on_view(tool, x, middle), on_view(tool, x + 12, middle)
    assert tool.line_at(QPointF(start)) == Line(COLUMN, 2)
    view = canvas.viewport()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    tool._drag(QPointF(end))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=end)
    assert abs(tool.draft.xs[2] - (x + 12)) < 2
    tool.undo()
    assert tool.draft.xs[2] == x


def test_rows_are_split_by_a_click_and_joined_by_delete(tool, qtbot, window):
    rows = len(tool.draft.ys)
    tool.bar.modes[ROW].click()
    tool._canvas.reveal(tool.draft.page, tool.draft.box, flash=False)
    x = (tool.draft.xs[0] + tool.draft.xs[1]) / 2
    qtbot.mouseClick(tool._canvas.viewport(), Qt.MouseButton.LeftButton, pos=on_view(tool, x, (tool.draft.ys[2] + tool.draft.ys[3]) / 2))
    assert len(tool.draft.ys) == rows + 1
    window._escape()
    assert tool.adding == "" and tool.active
    tool._line = Line(ROW, 3)
    qtbot.keyClick(tool._canvas, Qt.Key.Key_Delete)
    assert len(tool.draft.ys) == rows
    window.do_undo()
    assert len(tool.draft.ys) == rows + 1


def test_lines_are_chosen_and_moved_by_keys(tool, qtbot):
    qtbot.keyClick(tool._canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(tool._canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    before = tool.draft.xs[1]
    qtbot.keyClick(tool._canvas, Qt.Key.Key_Right)
    assert tool.line == Line(COLUMN, 1) and tool.draft.xs[1] == before + 1


def test_applying_keeps_the_correction_on_disk_and_checks_again(tool, state, monkeypatch):
    from core.corrections import kept
    again = []
    monkeypatch.setattr(state, "recheck", again.append)
    monkeypatch.setattr("core.corrections.hash_file", lambda path: state.result.document.sha256)
    tool.set_name("表三")
    tool.apply()
    assert again == [state.current] and not tool.active
    (correction,) = from_json(state.current.review.extras[KEPT])
    assert (correction.table, correction.name) == ("表五", "表三")
    assert kept(state.current.path) == (correction,)
    tool.remove(correction)
    assert kept(state.current.path) == () and len(again) == 2


def test_a_missed_table_is_drawn(tool, state):
    page = tool.draft.page
    box = tool.draft.box
    tool.draw_table(page, box)
    assert tool.draft.table == "" and tool.draft.box == box


def test_escape_leaves_everything_as_it_was(tool, window, state):
    tool.add_line(ROW, (tool.draft.ys[2] + tool.draft.ys[3]) / 2)
    window._escape()
    assert not tool.active and KEPT not in state.current.review.extras


def test_without_a_document_it_does_not_begin(qtbot, empty_state):
    from gui.page_view import PageView
    view = PageView(empty_state)
    qtbot.addWidget(view)
    made = CorrectionTool(empty_state, view)
    assert not made.begin() and not made.active
    view.canvas.stop()
