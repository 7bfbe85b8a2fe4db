"""A disclosure in parts on the page: one run of pages, never a wrong one, and pages made of office files."""
from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from core import convert
from core.errors import Cancelled
from core.images import Book, Leaf
from core.model import Place
from gui import theme
from gui.banner import named_pages
from gui.lookup import Lookup
from gui.printed import page_of
from gui.problem_map import PageMap
from gui.state import READY, Selection, State
from tests.gui.desk import result_for
from tests.gui.parts import BARE, NAMES, folder_of, id_of, parts_result, zip_of
from tests.gui.test_sync import _dark_near


class PartsReader(QObject):
    """A reader that gives the result in parts a moment later; that of one file for a file."""

    progressed = Signal(int, int, str)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()

    def __init__(self, path, options):
        super().__init__()
        self.path = path

    def start(self):
        whole = self.path.suffix in (".docx", ".xlsx", ".pdf")
        QTimer.singleShot(0, lambda: self.succeeded.emit(bare_result(self.path) if whole else parts_result(self.path)))

    def cancel(self):
        pass


def bare_result(path: Path):
    """What is read of a Word file: places without boxes, named as running text."""
    result = parts_result(path)
    text = result.document.sections[0].paragraphs[1]
    text = replace(text, chars=tuple(("正文 段落 3", None) for _ in text.chars))
    document = replace(result.document, form="docx", pages=(replace(result.document.pages[0], name="", number=1),), tables=(),
                       sections=(replace(result.document.sections[0], paragraphs=(text,)),))
    finding = result.findings[-1]
    return replace(result, document=document, findings=(replace(finding, evidence=(replace(finding.evidence[0], page="正文 段落 3"),)),), checks=())


@pytest.fixture
def state(state, monkeypatch):
    state._reader = PartsReader
    return state


@pytest.fixture
def folder(tmp_path):
    return folder_of(tmp_path / "示例县示例局2024年部门预算")


@pytest.fixture
def desk(qtbot, qapp, state):
    """The window with nothing open yet, and how to open something in it."""
    from gui.main_window import MainWindow
    theme.apply(qapp, "light", 1.0)
    window = MainWindow(state)

    def finish(_):
        for doc in state.documents:
            doc.status = READY

    qtbot.addWidget(window, before_close_func=finish)
    window.resize(1280, 900)
    window.restore()
    window.resize(1280, 900)
    window.show()
    qtbot.waitExposed(window)
    window.load_rest()

    def open_(path, pages=True):
        doc = state.open([path])[0]
        qtbot.waitUntil(lambda: doc.result is not None and (not pages or window.page_view.canvas.count > 0), timeout=10000)
        return window

    yield open_
    window.page_view.canvas.stop()


def finding(state: State, rule: str):
    return next(f for f in state.result.findings if f.rule == rule)


# ------------------------------------------------------------------ the PDFs of a folder or .zip

@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
def test_the_pages_of_all_parts_are_shown_as_one_run(desk, state, folder, packed):
    window = desk(zip_of(folder) if packed else folder)
    view = window.page_view
    assert not view.isHidden() and view.canvas.count == 7
    assert [view.canvas.id_of(n) for n in range(1, 8)] == [id_of(n) for n in range(1, 8)]
    view.canvas.go_to_page(4)
    assert (view._box.text(), view._total.text(), view._part.toolTip()) == ("4", "/ 7 页", NAMES[1])


def test_a_finding_brings_its_page_of_its_part(desk, state, folder):
    canvas = desk(folder).page_view.canvas
    for rule, page in (("X105", 4), ("N204", 6), ("C301", 3)):
        chosen = finding(state, rule)
        state.select_finding(chosen)
        box = canvas.to_view(chosen.place.page, chosen.place.box)
        assert (canvas.page, chosen.place.page) == (page, id_of(page))
        assert canvas.viewport().rect().contains(box.center().toPoint())


def test_a_click_on_the_page_brings_the_cell_under_it(desk, state, folder):
    window = desk(folder)
    canvas = window.page_view.canvas
    cell = state.lookup.cell("表五", 4, 2)
    canvas.reveal(cell.place.page, cell.place.box)
    canvas.choose_at(canvas.to_view(cell.place.page, cell.place.box).center())
    assert (state.selection.table, state.selection.cell, state.selection.page) == ("表五", (4, 2), id_of(3))
    assert window.tables.model.table.id == "表五" and window._where.text().startswith(id_of(3))


@pytest.mark.parametrize("turned", [0, 90, 270])
def test_outlines_lie_on_the_print_of_every_part(desk, state, tmp_path, turned):
    path = folder_of(tmp_path / "转过的2024年部门预算", turned)
    canvas = desk(path).page_view.canvas
    canvas.set_zoom(1.3)
    book = Book(path)
    seen = set()
    for table in state.result.document.tables:
        for cell in list(state.lookup.cells(table))[::9]:
            number = canvas.number_of(cell.place.page)
            wide, high = canvas._pixel_sizes[number - 1]
            pixels = book.draw(book.leaves[number - 1].part, book.leaves[number - 1].number, wide, high)
            image = QImage(pixels.data, wide, high, wide * 4, QImage.Format.Format_RGB32)
            outline = canvas.to_view(cell.place.page, cell.place.box).translated(-canvas.page_rect(number).topLeft())
            assert _dark_near(image, outline.left(), outline.center().y()) and _dark_near(image, outline.center().x(), outline.bottom()), cell
            seen.add(number)
    book.close()
    assert seen == {1, 2, 3, 4, 5}


def test_the_page_of_a_part_is_drawn(desk, state, folder, qtbot):
    canvas = desk(folder).page_view.canvas
    canvas.go_to_page(4)
    qtbot.waitUntil(lambda: canvas._cache.get(canvas._pictures(4)[0]) is not None, timeout=5000)
    image = canvas.viewport().grab().toImage()
    assert any(image.pixelColor(x, y).lightness() < 100 for x in range(0, image.width(), 2) for y in range(0, image.height(), 3))


def test_the_problem_map_knows_all_parts(desk, state, folder, qtbot):
    page_map = desk(folder).findChild(PageMap)
    state.set_marks([Place(id_of(7), (10.0, 10.0, 20.0, 20.0)), Place(f"{BARE} 正文 第 2 行")])
    page_map.refresh()
    ratios = {m.fingerprint: m.ratio for m in page_map.marks if m.kind != "hit"}
    placed = [f for f in state.listed() if f.place is not None and BARE not in str(f.place.page)]
    assert set(ratios) == {f.fingerprint for f in placed}
    order = [ratios[f.fingerprint] for f in placed]
    assert order == sorted(order) and order[0] < 0.4 < 0.7 < order[-1]
    assert [m.ratio > 0.85 for m in page_map.marks if m.kind == "hit"] == [True]


def test_the_list_at_the_left_follows_and_counts_pages_as_the_screen_does(desk, state, folder):
    window = desk(folder)
    model = window.outline.model
    section = next(n for n, i in enumerate(model.items) if i.section is not None and i.section.title.startswith("二、机关"))
    assert model.row_of(Selection(page=id_of(7), box=(50.0, 200.0, 60.0, 210.0))) == section
    assert {i.page for i in model.items} == {""}  # the part without pages is no page on the screen
    whole = replace(state.result.document, pages=tuple(p for p in state.result.document.pages if p.name != BARE))
    state.set_result(state.current, replace(state.result, document=whole))
    assert [i.page for i in model.items if i.table is not None] == ["1", "2", "3", "4", "5"]


def test_the_next_finding_is_the_one_after_the_chosen_place(desk, state, folder):
    desk(folder)
    state.select_place(id_of(5), (10.0, 10.0, 20.0, 20.0))
    assert state.step_finding(1).place.page == f"{BARE} 正文 第 2 行"
    assert state.step_finding(1).place.page == id_of(6)


def test_tables_of_parts_are_not_corrected_on_the_page(desk, state, folder, qtbot):
    window = desk(folder)
    with qtbot.waitSignal(state.message) as said:
        assert not window.correction.begin()
    assert "单个 PDF" in said.args[0]


def test_scanned_pages_are_told_by_their_part():
    document = parts_result(Path("某局")).document
    assert named_pages(document, (1, 3, 4, 7)) == f"{NAMES[0]} 第 1 页，{NAMES[1]} 第 2–3 页，{NAMES[2]} 第 1 页"
    assert named_pages(result_for().document, (2, 3, 5)) == "第 2–3、5 页"


def test_a_part_that_changes_on_disk_is_noticed(desk, state, folder, qtbot):
    desk(folder)
    (folder / BARE).write_text("补充说明改过了\n", "utf-8")
    state.look_at_disk()
    qtbot.waitUntil(lambda: state.current.stale)


# ------------------------------------------------------------------ what has no pages

def test_no_page_is_shown_for_what_is_in_a_part_without_pages(desk, state, folder):
    window = desk(folder)
    canvas = window.page_view.canvas
    state.select_finding(finding(state, "T001"))
    blank = canvas.viewport().grab().toImage()
    colours = {blank.pixelColor(x, 5).name() for x in range(blank.width())}
    assert colours == {theme.colours().canvas}  # no paper anywhere
    assert canvas.from_view(canvas.page_rect(1).center()) is None
    assert "补充说明没有写明金额" in window.detail.body.toPlainText()
    state.select_finding(finding(state, "X105"))
    assert canvas.page == 4 and canvas.from_view(canvas.page_rect(4).center())[0] == 4


def test_going_to_a_page_brings_the_pages_back(desk, state, folder):
    canvas = desk(folder).page_view.canvas
    for bring in (lambda: canvas.go_to_page(3), lambda: canvas.verticalScrollBar().setValue(canvas.verticalScrollBar().value() + 40)):
        state.select_finding(finding(state, "X105"))
        state.select_finding(finding(state, "T001"))
        assert canvas._missing
        bring()
        assert not canvas._missing


def test_a_file_without_pages_leaves_its_room_to_the_table(desk, state, tmp_path, qtbot):
    path = tmp_path / "说明.docx"
    path.write_bytes(b"PK")
    window = desk(path, pages=False)
    qtbot.wait(50)
    assert window.page_view.isHidden() and not window.right.isHidden()


# ------------------------------------------------------------------ pages made of office files

@pytest.fixture
def office(monkeypatch, tmp_path):
    """A LibreOffice that makes a PDF of two pages, the second with the words of the finding, when it is let go."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(tmp_path / "made.pdf"), pagesize=(595, 842))
    for text in ("第一页没有什么", "本年公务接待费比上年减少。"):
        canvas.setFont("STSong-Light", 12)
        canvas.drawString(60, 700, text)
        canvas.showPage()
    canvas.save()
    go, stopped = threading.Event(), threading.Event()
    asked: list[dict[str, tuple[str, bytes]]] = []

    def to_pdf(files, step):
        asked.append(dict(files))
        while not go.wait(0.02):
            try:
                step(0, 0, "")
            except Cancelled:
                stopped.set()
                raise
        return {name: (tmp_path / "made.pdf").read_bytes() for name in files}

    monkeypatch.setattr(convert, "program", lambda: "soffice")
    monkeypatch.setattr(convert, "to_pdf", to_pdf)
    made = type("Office", (), {"go": go, "stopped": stopped, "asked": asked})
    yield made
    go.set()


def test_pages_are_made_in_the_background_and_shown(desk, state, tmp_path, office, qtbot):
    path = tmp_path / "说明.docx"
    path.write_bytes(b"PK")
    window = desk(path, pages=False)
    canvas = window.page_view.canvas
    qtbot.waitUntil(lambda: not window.page_view.isHidden())  # the reviewer sees that they come
    assert canvas.count == 0 and office.asked == [{"": (".docx", b"PK")}]
    office.go.set()
    qtbot.waitUntil(lambda: canvas.count == 2)
    state.select_finding(state.result.findings[0])
    assert canvas.page == 2 and "不标位置" in canvas.note and "不标位置" in canvas.accessibleDescription()
    before = state.selection
    canvas.choose_at(canvas.page_rect(2).center())
    assert state.selection == before  # no place is known there


def test_where_the_page_is_not_told_it_is_said(desk, state, tmp_path, office, qtbot):
    path = tmp_path / "说明.docx"
    path.write_bytes(b"PK")
    window = desk(path, pages=False)
    office.go.set()
    qtbot.waitUntil(lambda: window.page_view.canvas.count == 2)
    state.select_place("正文 段落 99")
    assert window.page_view.canvas.page == 1 and "未能确定" in window.page_view.canvas.note


def test_pages_that_come_later_do_not_move_the_reviewer(desk, state, folder, office, qtbot):
    canvas = desk(folder).page_view.canvas
    assert canvas.count == 7
    canvas.go_to_page(6)
    office.go.set()
    qtbot.waitUntil(lambda: canvas.count == 9)
    assert canvas.page == 8 and canvas.id_of(8) == id_of(6)
    state.select_finding(finding(state, "T001"))
    assert canvas.page == 7 and canvas.part == BARE
    state.select_finding(finding(state, "X105"))
    assert canvas.page == 4


def test_what_waited_for_its_pages_is_shown_when_they_come(desk, state, folder, office, qtbot):
    canvas = desk(folder).page_view.canvas
    state.select_finding(finding(state, "T001"))
    assert canvas._missing == BARE
    office.go.set()
    qtbot.waitUntil(lambda: canvas.count == 9)
    assert (canvas.page, canvas.part, canvas._missing) == (7, BARE, "")


def test_closing_the_document_stops_the_making_of_its_pages(desk, state, tmp_path, office, qtbot):
    path = tmp_path / "说明.docx"
    path.write_bytes(b"PK")
    window = desk(path, pages=False)
    qtbot.waitUntil(lambda: len(office.asked) == 1)
    state.close(state.current)
    assert office.stopped.wait(2)
    office.go.set()
    state.open([path])
    qtbot.waitUntil(lambda: window.page_view.canvas.count == 2)
    assert len(office.asked) == 2


def test_pages_no_longer_kept_are_made_again(desk, state, tmp_path, office, qtbot, monkeypatch):
    monkeypatch.setattr("gui.drawing.MADE", 1)
    monkeypatch.setattr("gui.drawing.OPEN_FILES", 1)
    office.go.set()
    for name in ("说明.docx", "另一份.docx"):
        (tmp_path / name).write_bytes(b"PK")
        canvas = desk(tmp_path / name).page_view.canvas
    state.show(state.documents[0])
    canvas.set_zoom(0.7)
    qtbot.waitUntil(lambda: len(office.asked) == 3 and canvas.count == 2 and canvas._cache.get(canvas._pictures(1)[0]) is not None)


def test_closing_the_window_stops_the_making_of_pages(desk, state, tmp_path, office, qtbot):
    path = tmp_path / "说明.docx"
    path.write_bytes(b"PK")
    window = desk(path, pages=False)
    qtbot.waitUntil(lambda: len(office.asked) == 1)
    window.page_view.canvas.stop()
    assert office.stopped.is_set()


def test_when_no_pages_can_be_made_the_room_is_given_back(desk, state, tmp_path, office, qtbot, monkeypatch):
    monkeypatch.setattr(convert, "to_pdf", lambda files, step: {})
    path = tmp_path / "说明.docx"
    path.write_bytes(b"PK")
    window = desk(path, pages=False)
    qtbot.waitUntil(lambda: not window.page_view.canvas.expects_pages)
    assert window.page_view.isHidden()


# ------------------------------------------------------------------ on which page something is printed

def leaves(*texts):
    return [Leaf("a.xlsx", n, (1.0, 1.0), None, text) for n, text in enumerate(texts, 1)]


def printed(*rows):
    return "".join("".join(r) for r in rows)


def test_rows_tell_their_page():
    lookup = Lookup(result_for())
    tables = lookup.tables
    texts = [[c.text for c in row if c is not None] for row in tables["表五"].rows]
    split = leaves(printed(*texts[:7]), printed(*texts[7:]), "别的内容")
    head = len(tables["表五"].header)

    def where(row: int, sheets: bool = False, among=split):
        return page_of(Selection(table="表五", cell=(head + row, 0)), lookup, among, sheets)

    assert [where(r) for r in range(len(texts))] == [0] * 7 + [1] * (len(texts) - 7)
    twice = leaves(printed(*texts), printed(*texts))
    assert [where(r, among=twice) for r in range(3)] == [None] * 3  # it may be either
    assert where(0, among=leaves("什么也没有")) is None


def test_a_row_between_two_rows_of_a_page_is_on_that_page():
    lookup = Lookup(result_for())
    table = lookup.tables["表五"]
    head = len(table.header)
    texts = [[c.text for c in row if c is not None] for row in table.rows]
    without = [r for n, r in enumerate(texts) if n not in (3, 7)]
    among = leaves(printed(*without[:6]), printed(*without[6:]))

    def where(row: int, sheets: bool = False):
        return page_of(Selection(table="表五", cell=(head + row, 0)), lookup, among, sheets)

    assert where(3) == 0
    assert where(7) is None  # the page ends above or below it
    assert where(7, sheets=True) == 0  # a sheet is never parted
