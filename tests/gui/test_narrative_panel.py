"""Figures in the narrative lead to their cells, cells to the sentences that cite them."""
import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextCursor

from gui.narrative_panel import NarrativePanel
from tests.gui.demo import SPEND


@pytest.fixture
def state(demo_state):
    return demo_state


@pytest.fixture
def panel(qtbot, state):
    made = NarrativePanel(state)
    qtbot.addWidget(made)
    made.resize(700, 500)
    made.show()
    return made


def link(panel, text, section=0):
    """The link on a figure."""
    found = [(i, c) for i, c in enumerate(panel._citations) if c.section == section]
    document = panel._result.document
    index = next(i for i, c in found if document.sections[c.section].paragraphs[c.paragraph].text[c.start:c.end] == text)
    return QUrl(f"cite:{index}")


def lit(panel):
    return [s.cursor.selectedText() for s in panel.text.extraSelections()]


def test_a_figure_leads_to_the_cell_it_was_checked_against(panel, state):
    panel._clicked(link(panel, "1200.50"))
    assert (state.selection.table, state.selection.cell) == ("表一", (7, 1))
    assert panel.detail.isVisible() and "N101" in panel.detail.list.item(0).text()


def test_a_failing_figure_leads_to_its_finding(panel, state):
    panel._clicked(link(panel, "10.33%"))
    assert state.current.finding().rule == "N105"


def test_an_unverified_figure_leads_to_its_place(panel, state):
    panel._clicked(link(panel, "112.36万元"))
    assert state.selection.page == 20 and state.selection.table == ""
    assert not panel.detail.isVisible()


def test_a_chosen_cell_lights_the_sentence_that_cites_it(panel, state):
    cell = state.lookup.tables["表三"].line("合计").cells["合计"]
    state.select_cell("表三", cell.row, cell.column)
    assert lit(panel) == [SPEND[:SPEND.index("；") + 1], "1200.50"]
    assert panel.sections.currentText() == "三、支出预算情况说明"


def test_a_chosen_finding_lights_its_figure(panel, state):
    state.select_finding(next(f for f in state.result.findings if f.rule == "N105"))
    assert lit(panel)[-1] == "10.33%"


def test_a_click_on_plain_text_shows_its_sentence_on_the_page(panel, state):
    block = panel._block(2, 0)
    panel.choose_text(block.position() + 3)
    assert state.selection.page == 22 and state.selection.box is not None


def test_the_keyboard_reaches_the_figures(panel, qtbot, state):
    panel.text.setFocus()
    panel.text.moveCursor(QTextCursor.MoveOperation.Start)
    qtbot.keyClick(panel.text, Qt.Key.Key_Tab)
    qtbot.keyClick(panel.text, Qt.Key.Key_Return)
    assert state.selection.table == "表一"


def test_a_section_is_chosen_from_the_list(panel, state):
    panel._jump(1)
    assert state.selection.page == 21


def test_the_figure_tells_what_it_was_checked_against(panel):
    assert "表三[合计].合计" in panel.told(link(panel, "1200.50", 1).toString())
    assert "没有关系" in panel.told(link(panel, "112.36万元").toString())


def test_nothing_open_says_so(qtbot, empty_state):
    made = NarrativePanel(empty_state)
    qtbot.addWidget(made)
    made.show()
    assert "打开文件" in made.text.toPlainText()
