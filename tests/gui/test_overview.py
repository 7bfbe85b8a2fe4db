"""The overview can be used by mouse and by keys, and leads to the place that it speaks of."""
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QPushButton

from core.overview import Edge
from gui import theme
from gui.bars import BarList
from gui.overview import Overview
from tests.gui.demo import demo_result


@pytest.fixture
def state(demo_state):
    return demo_state


@pytest.fixture
def page(qtbot, state):
    made = Overview(state)
    qtbot.addWidget(made)
    made.resize(1500, 860)
    made.show()
    return made


def test_an_edge_clicked_lists_its_relations_with_figures(page, qtbot):
    edge = page.map.edge_between("表五", "表六")
    at = page.map.point_on(edge).toPoint()
    qtbot.mouseClick(page.map, Qt.MouseButton.LeftButton, pos=at)
    assert page.relations.isVisible()
    assert "1000.05 ≠ 1000.50" in page.relations.list.item(0).text()


def test_a_failed_relation_leads_to_its_finding(page, qtbot, state):
    page.map._choose(page.map.edge_between("表五", "表六"))
    with qtbot.waitSignal(page.left):
        page.relations.list.itemClicked.emit(page.relations.list.item(0))
    assert state.current.finding().rule == "X105" and state.selection.cell is not None


def test_a_relation_that_holds_leads_to_its_first_cell(page, qtbot, state):
    page.map._choose(page.map.edge_between("表一", "表二"))
    with qtbot.waitSignal(page.left):
        page.relations.list.itemClicked.emit(page.relations.list.item(0))
    assert state.selection.table == "表一" and state.current.finding() is None


def test_keys_go_through_the_edges_that_fail_first(page, qtbot):
    page.map.setFocus()
    qtbot.keyClick(page.map, Qt.Key.Key_Right)
    assert isinstance(page.map.current, Edge) and page.map.current.relations.failed
    assert "不符" in page.map.accessibleDescription()
    qtbot.keyClick(page.map, Qt.Key.Key_Return)
    assert page.relations.isVisible()
    qtbot.keyClick(page.relations, Qt.Key.Key_Escape)
    assert not page.relations.isVisible() and page.map.current is None


def test_a_node_clicked_lists_what_is_inside_it(page, qtbot):
    node = next(n for n in page.map._nodes if n.key == "表三")
    qtbot.mouseClick(page.map, Qt.MouseButton.LeftButton, pos=page.map.centre_of(node).toPoint())
    assert [page.relations.list.item(i).text()[:2] for i in range(page.relations.list.count())] == ["通过"]


def test_a_bar_leads_to_the_cell_it_was_taken_from(page, qtbot, state):
    bars = next(b for b in page.findChildren(BarList) if b.accessibleName() == "收入来源")
    with qtbot.waitSignal(page.left):
        qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(40, 10))
    assert (state.selection.table, state.selection.cell) == ("表二", (2, 3))


def test_bars_are_told_in_words_and_chosen_by_keys(page, qtbot, state):
    bars = next(b for b in page.findChildren(BarList) if b.accessibleName() == "支出结构")
    assert "基本支出 1,000.50" in bars.accessibleDescription()
    bars.setFocus()
    qtbot.keyClick(bars, Qt.Key.Key_Down)
    qtbot.keyClick(bars, Qt.Key.Key_Return)
    assert state.selection.table == "表三"


def test_a_missing_requirement_leads_to_its_finding(page, qtbot, state):
    button = next(b for b in page.findChildren(QPushButton) if "没有政府采购情况说明" in b.accessibleName())
    with qtbot.waitSignal(page.left):
        button.click()
    assert state.current.finding().rule == "F004"


def test_nothing_open_shows_a_sentence_and_no_error(qtbot, empty_state):
    made = Overview(empty_state)
    qtbot.addWidget(made)
    made.resize(800, 500)
    made.show()
    assert made._stack.currentIndex() == 0


def test_a_new_result_is_drawn_when_the_page_is_seen(page, state):
    page.hide()
    result = demo_result()
    state.set_result(state.current, type(result)(result.document, (), result.checks[:1], result.coverage))
    page.show()
    assert len(page.map._edges) == 1


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_control_has_a_name_and_the_map_is_painted(page, qapp, state, mode):
    theme.apply(qapp, mode)
    state.theme_changed.emit()
    image = page.map.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    colours = {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
    assert len(colours) > 4
    assert all(b.accessibleName() or b.text() for b in page.findChildren(QPushButton))
    theme.apply(qapp, "light")
