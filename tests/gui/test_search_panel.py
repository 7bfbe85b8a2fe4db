"""Search by keys: type, Enter, F3, Esc; the hits are listed, counted and marked."""
import pytest
from PySide6.QtCore import Qt

from gui.search_panel import SearchPanel


@pytest.fixture
def state(demo_state):
    return demo_state


@pytest.fixture
def panel(qtbot, state):
    made = SearchPanel(state)
    qtbot.addWidget(made)
    made.resize(420, 300)
    made.open_search()
    qtbot.waitUntil(lambda: made._index is not None, timeout=5000)
    return made


def ask(panel, qtbot, text):
    panel.field.setText(text)
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)


def test_hits_are_counted_listed_and_marked(panel, qtbot, state):
    ask(panel, qtbot, "1200.50")
    assert panel.count.text() == f"1/{len(panel.hits)}" and len(panel.hits) > 5
    assert panel.model.rowCount() == len(panel.hits)
    assert len(state.current.marks) == len(panel.hits)
    assert (state.selection.table, state.selection.page) == ("表一", 5)


def test_enter_goes_on_and_wraps(panel, qtbot, state):
    ask(panel, qtbot, "公务接待费")
    count = len(panel.hits)
    assert count == 2
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    assert panel.count.text() == "2/2" and state.selection.page == 22
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    assert panel.count.text() == "1/2"
    panel.step(-1)
    assert panel.count.text() == "2/2"


def test_the_search_begins_where_the_reviewer_is(panel, qtbot, state):
    state.select_place(20)
    ask(panel, qtbot, "1200.50")
    assert panel.hits[panel._at].page == 20


def test_arrow_down_goes_into_the_list_and_shows_each_hit(panel, qtbot, state):
    ask(panel, qtbot, "公务接待费")
    qtbot.keyClick(panel.field, Qt.Key.Key_Down)
    panel.list.setFocus()
    qtbot.keyClick(panel.list, Qt.Key.Key_Down)
    assert panel.count.text() == "2/2"


def test_nothing_found_is_said(panel, qtbot, state):
    ask(panel, qtbot, "没有这个词")
    assert panel.count.text() == "无结果" and state.current.marks == ()


def test_escape_closes_and_takes_the_marks_away(panel, qtbot, state):
    ask(panel, qtbot, "合计")
    with qtbot.waitSignal(panel.closed):
        qtbot.keyClick(panel, Qt.Key.Key_Escape)
    assert state.current.marks == () and not panel.isVisible()
    panel.step(1)
    assert panel.hits, "F3 searches again for the last text"


def test_a_new_result_forgets_the_old_hits(panel, qtbot, state):
    from tests.gui.demo import demo_result
    ask(panel, qtbot, "合计")
    panel.hide()
    state.set_result(state.current, demo_result())
    assert panel.hits == () and panel.count.text() == ""


def test_without_a_document_it_says_so(qtbot, empty_state):
    made = SearchPanel(empty_state)
    qtbot.addWidget(made)
    made.open_search("合计")
    assert made.count.text() == "没有文件"
