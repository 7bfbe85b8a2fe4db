"""A table's rows are as tall as its own text needs, whatever table was shown before it."""
from gui import theme
from gui.tables_model import TableModel
from gui.tables_panel import GridView
from tests.builders import table

TALL = ["", "合计", "1", "1", ""], ["208", "很长的科目名称" * 12, "1", "1", ""]
FLAT = ["", "合计", "1", "1", ""], ["208", "教育支出", "1", "1", ""]


def test_a_tall_row_does_not_stay_for_the_next_table(qtbot, demo_state):
    view = GridView(TableModel(demo_state))
    qtbot.addWidget(view)
    view.resize(600, 300)
    view.show()
    view.fill(table("表三", list(TALL)))
    assert view.rowHeight(1) > theme.row_height()
    view.fill(table("表五", list(FLAT)))
    assert [view.rowHeight(i) for i in range(2)] == [theme.row_height()] * 2
    assert view.frozen.rowHeight(1) == theme.row_height()
