"""The maps beside the scroll bars show every listed finding where it lies, and lead there."""
import pytest
from PySide6.QtCore import QPoint, Qt

from core.model import Place
from gui.problem_map import PageMap
from gui.state import Filter


@pytest.fixture
def page_map(window, qtbot):
    window.load_rest()
    made = window.findChild(PageMap)
    made.refresh()
    return made


def test_every_listed_finding_with_a_place_has_a_mark(page_map, state):
    placed = [f for f in state.listed() if f.place is not None and isinstance(f.place.page, int)]
    assert len(page_map.marks) == len(placed) > 0
    assert all(0 <= m.ratio <= 1 for m in page_map.marks)


def test_marks_lie_in_the_order_of_the_document(page_map, state):
    ratios = {m.fingerprint: m.ratio for m in page_map.marks}
    order = [ratios[f.fingerprint] for f in state.listed() if f.fingerprint in ratios]
    assert order == sorted(order)


def test_the_filter_narrows_the_marks(page_map, state):
    state.set_filter(Filter(severities=frozenset({"error"})))
    page_map.refresh()
    assert {m.kind for m in page_map.marks} == {"error"}


def test_a_click_goes_to_the_finding(page_map, qtbot, state):
    mark = next(m for m in page_map.marks if m.kind == "error")
    qtbot.mouseClick(page_map, Qt.MouseButton.LeftButton, pos=QPoint(4, round(mark.ratio * page_map.height())))
    assert state.selection.finding


def test_search_hits_are_marked_too(page_map, state):
    state.set_marks([Place(2, (10.0, 10.0, 20.0, 20.0))])
    page_map.refresh()
    assert [m.kind for m in page_map.marks].count("hit") == 1


def test_the_table_has_its_own_marks(window, state):
    window.load_rest()
    finding = next(f for f in state.result.findings if f.place and f.place.cell)
    state.select_finding(finding)
    window.table_map.refresh()
    assert any(m.fingerprint == finding.fingerprint for m in window.table_map.marks)
    assert window.table_map.size() == window.tables.view.verticalScrollBar().size()
