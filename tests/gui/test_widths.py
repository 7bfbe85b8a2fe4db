"""Column widths that the reviewer pulled stay: for the next table and back, for another font size, and the next time."""
from __future__ import annotations

from gui import theme
from gui.tables_panel import TablesPanel


def test_a_pulled_column_keeps_its_width(window, state):
    view = window.tables.view
    state.select_table(state.lookup.tables["表六"])
    view.setColumnWidth(3, 177)
    other = view.columnWidth(2)
    state.select_table(state.lookup.tables["表一"])
    state.select_table(state.lookup.tables["表六"])
    assert view.columnWidth(3) == 177 and view.columnWidth(2) == other
    again = TablesPanel(state)
    again.resize(window.tables.size())
    again._show(state.lookup.tables["表六"])
    assert again.view.columnWidth(3) == 177


def test_a_pulled_column_grows_with_the_font(window, state):
    view = window.tables.view
    state.select_table(state.lookup.tables["表六"])
    view.setColumnWidth(3, 160)
    state.settings.setValue("font_scale", 1.5)
    window.apply_settings()
    assert view.columnWidth(3) == theme.px(160) == 240


def test_widths_that_were_not_pulled_are_not_kept(window, state):
    state.select_table(state.lookup.tables["表六"])
    window.resize(1500, 900)
    window.tables.view.measure()
    assert not [k for k in state.settings.allKeys() if k.startswith("columns/")]
