"""Finding, cell and page follow each other, and outlines lie on the figures at every zoom, rotation and crop."""
from __future__ import annotations

import random

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage

from core.images import Pages
from gui.page_view import PageCanvas
from gui.state import View
from tests.gui.desk import result_for, write_pdf


def test_a_finding_brings_cell_and_page(window, state):
    finding = next(f for f in state.result.findings if f.rule == "X105")
    state.select_finding(finding)
    assert window.tables.model.table.id == "表六"
    index = window.tables.view.currentIndex()
    assert (index.row() + window.tables.model.headers, index.column()) == finding.evidence[0].cell
    canvas = window.page_view.canvas
    assert canvas.viewport().rect().contains(canvas.to_view(4, finding.evidence[0].box).center().toPoint())


def test_a_cell_brings_its_finding_and_its_place(window, state):
    finding = next(f for f in state.result.findings if f.rule == "X105")
    state.select_table(state.lookup.tables["表六"])
    window.tables.view.setCurrentIndex(window.tables.model.index(0, 2))
    assert state.selection.finding == finding.fingerprint
    rows = window.findings.view.selectionModel().selectedRows()
    assert [window.findings.model.rows[r.row()] for r in rows] == [finding]
    canvas = window.page_view.canvas
    assert canvas.viewport().rect().contains(canvas.to_view(4, finding.evidence[0].box).center().toPoint())


def test_a_click_on_the_page_brings_the_cell_under_it(window, state):
    cell = state.lookup.cell("表五", 4, 2)
    canvas = window.page_view.canvas
    canvas.reveal(3, cell.place.box)
    canvas.choose_at(canvas.to_view(3, cell.place.box).center())
    assert state.selection.table == "表五" and state.selection.cell == (4, 2)
    index = window.tables.view.currentIndex()
    assert (index.row() + window.tables.model.headers, index.column()) == (4, 2)


def test_a_jump_keeps_the_zoom(window, state, qtbot):
    window.page_view.canvas.set_zoom(1.5)
    for _ in range(6):
        state.step_finding(1)
    assert window.page_view.canvas.percent == 150


def test_unlocked_the_page_stays(window, state):
    window.do_sync()
    before = window.page_view.canvas.verticalScrollBar().value()
    state.select_finding(next(f for f in state.result.findings if f.rule == "N204"))
    assert window.page_view.canvas.verticalScrollBar().value() == before
    window.do_goto_place()
    assert window.page_view.canvas.verticalScrollBar().value() != before


def test_a_total_lights_its_parts_and_adds_them_up(window, state):
    state.select_cell("表六", 3, 2)
    assert state.trace is not None and len(state.trace.parts) == 5
    text = window.detail.body.toPlainText()
    assert "构成（5 项）" in text and "962.12" in text
    parts = {p.cell for p in state.trace.parts}
    lit = {(r + 2, c) for r in range(window.tables.model.rowCount()) for c in range(window.tables.model.columnCount())
           if window.tables.model.look(r + 2, c, window.tables.model.cell(r, c)).part}
    assert lit == parts


def test_the_same_choice_again_is_silent(window, state, qtbot):
    state.step_finding(1)
    with qtbot.assertNotEmitted(state.selection_changed):
        state.select(state.selection)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [None, (30, 12, 7, 55)])
@pytest.mark.parametrize("zoom", [0.5, 1.0, 2.37])
def test_outlines_lie_on_the_print(qtbot, state, tmp_path, rotate, crop, zoom):
    """The frame drawn around a cell in the PDF is found in the rendered page within a pixel of where the canvas would outline it."""
    path = tmp_path / "turned.pdf"
    result = result_for(path)
    write_pdf(result.document, path, rotate, crop)
    canvas = PageCanvas(state)
    qtbot.addWidget(canvas)
    canvas.resize(900, 700)
    doc = state.open([path])[0]
    qtbot.waitUntil(lambda: doc.result is not None)
    doc.view = View(zoom=zoom)
    canvas.set_document(doc)
    qtbot.waitUntil(lambda: canvas.count > 0)
    pages = Pages(path)
    boxes = [c.place for t in result.document.tables for c in state.lookup.cells(t) if c.place.box]
    pictures: dict[int, QImage] = {}
    for place in random.Random(7).sample(boxes, 30):
        wide, high = canvas._pixel_sizes[place.page - 1]
        if place.page not in pictures:
            pixels = pages.draw(place.page, wide, high)
            pictures[place.page] = QImage(pixels.data, wide, high, wide * 4, QImage.Format.Format_RGB32).copy()
        outline = canvas.to_view(place.page, place.box).translated(-canvas.page_rect(place.page).topLeft())
        image = pictures[place.page]
        for x, y in ((outline.left(), outline.center().y()), (outline.right(), outline.center().y()),
                     (outline.center().x(), outline.top()), (outline.center().x(), outline.bottom())):
            assert _dark_near(image, x, y), (place, zoom, rotate, crop)
    pages.close()
    canvas.stop()


def _dark_near(image: QImage, x: float, y: float) -> bool:
    return any(image.pixelColor(px, py).lightness() < 200
               for px in range(max(0, int(x) - 1), min(image.width(), int(x) + 3))
               for py in range(max(0, int(y) - 1), min(image.height(), int(y) + 3)))


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_points_of_a_turned_page_go_there_and_back(window, state, turn):
    canvas = window.page_view.canvas
    for _ in range(turn // 90):
        canvas.turn_page()
    canvas.reveal(3, (200.0, 300.0, 240.0, 320.0))
    middle = canvas.to_view(3, (200.0, 300.0, 240.0, 320.0)).center()
    page, x, y = canvas.from_view(QPointF(middle))
    assert page == 3 and abs(x - 220) < 1 and abs(y - 310) < 1


def test_the_page_is_drawn(window, state, qtbot):
    canvas = window.page_view.canvas
    canvas.go_to_page(3)
    qtbot.waitUntil(lambda: canvas._cache.get(canvas._pictures(3)[0]) is not None, timeout=5000)
    image = canvas.viewport().grab().toImage()
    assert any(image.pixelColor(x, y).lightness() < 100 for x in range(0, image.width(), 2) for y in range(0, image.height(), 3))


def test_frozen_columns_stay_level_with_the_body(window, state, qtbot):
    window.resize(1000, 600)
    window.above.setSizes([200, 340, 460])
    window.desk.setSizes([200, 300])
    state.select_table(state.lookup.tables["表五"])
    view = window.tables.view
    qtbot.waitUntil(lambda: view._frozen_columns == 2 and view.verticalScrollBar().maximum() > 0)
    for row in (13, 2, 9, 0, 13):
        state.select_cell("表五", row + 2, 3)
        qtbot.wait(5)
        assert view.rowViewportPosition(row) == view.frozen.rowViewportPosition(row)


def test_a_wider_table_after_a_narrower_one_keeps_its_columns(window, state):
    for name in ("表十", "表五", "表一", "表五"):
        state.select_table(state.lookup.tables[name])
        view = window.tables.view
        assert all(view.columnWidth(c) >= 40 for c in range(window.tables.model.columnCount()))
