"""Documents with scanned pages: the text pages are worked on at once, the scans follow, and nothing the reviewer did is lost."""
from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from PySide6.QtCore import QObject, QPoint, Qt, Signal

from core.model import Cell, Document
from core.results import Result
from core.review import Options, open_review
from core.review_file import CONFIRMED
from gui import undo
from gui.banner import said, verdict_of
from gui.job import Job
from gui.state import READY, State
from gui.tables_model import LOOK
from tests.generator.make import Generated
from tests.generator.scan import scanned
from tests.gui.desk import result_for

SCANS = (4, 5)


def recognised(cell: Cell | None) -> Cell | None:
    return replace(cell, confidence=0.87) if cell is not None and cell.place and cell.place.page in SCANS else cell


def whole(path: Path) -> Result:
    """The result when pages 4 and 5 were recognised."""
    result = result_for(path)
    doc = result.document
    tables = tuple(replace(t, header=tuple(tuple(map(recognised, r)) for r in t.header), rows=tuple(tuple(map(recognised, r)) for r in t.rows))
                   for t in doc.tables)
    findings = tuple(replace(f, evidence=tuple(replace(e, ocr=e.page in SCANS) for e in f.evidence)) for f in result.findings)
    return replace(result, document=replace(doc, tables=tables, ocr_pages=SCANS), findings=findings)


def without(result: Result) -> Result:
    """What is known before pages 4 and 5 are read."""
    doc = result.document
    known: Document = replace(doc, tables=tuple(t for t in doc.tables if not set(t.pages) & set(SCANS)), ocr_pages=(), unread_pages=SCANS)
    return replace(result, document=known, findings=tuple(f for f in result.findings if not any(e.page in SCANS for e in f.evidence)))


class TwoStages(QObject):
    """A reader that leaves the scans out at once, and recognises them when the test says so."""

    progressed = Signal(int, int, str)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    made: list[TwoStages] = []

    def __init__(self, path: Path, options: Options) -> None:
        super().__init__()
        self.path, self.options, self.stopped = path, options, False
        self.made.append(self)

    def start(self) -> None:
        if self.options.ocr:
            self.progressed.emit(8, 9, "扫描页 2/2（第 5 页）：文字识别")
        else:
            self.succeeded.emit(without(whole(self.path)))

    def finish(self) -> None:
        self.succeeded.emit(whole(self.path))

    def cancel(self) -> None:
        self.stopped = True


@pytest.fixture
def options(monkeypatch):
    """What the settings say; tests change it."""
    box = [Options()]
    monkeypatch.setattr(State, "options", lambda self: box[0])
    return box


@pytest.fixture
def two(window, state, qtbot, tmp_path, options):
    """A document with unread scans open in the window."""
    TwoStages.made.clear()
    state._reader = TwoStages
    path = tmp_path / "扫描.pdf"
    path.write_bytes(Path(state.current.path).read_bytes())
    doc = state.open([path])[0]
    qtbot.waitUntil(lambda: doc.result is not None and window.page_view.canvas.count > 0)
    return doc


def strip_of(window):
    from gui.scan_strip import ScanStrip
    return window.findChild(ScanStrip)


def test_text_pages_are_shown_while_scans_are_recognised(window, state, two):
    assert two.status == READY and two.unread == SCANS and two.scan is not None
    assert [r.options.ocr for r in TwoStages.made] == [False, True]
    strip = strip_of(window)
    assert strip.isVisible() and "第 4–5 页" in strip._which._full and "正在识别" in strip._which._full
    assert "扫描页 2/2（第 5 页）" in strip._step.text()
    assert undo.can_decide(state)
    assert verdict_of(two)[1] != "通过"


def test_the_whole_result_keeps_verdicts_selection_place_and_filter(window, state, qtbot, two):
    finding = next(f for f in two.result.findings if f.rule == "N204")
    state.select_finding(finding)
    undo.decide(state, [finding], CONFIRMED)
    window.page_view.canvas.go_to_page(3)
    view, chosen, listed = replace(two.view), state.selection, replace(state.filter, severities=frozenset({"error", "info"}))
    state.set_filter(listed)
    TwoStages.made[-1].finish()
    assert two.scan is None and two.unread == () and two.result.document.ocr_pages == SCANS
    assert two.verdict(finding).state == CONFIRMED and two.undo.canUndo()
    assert state.selection == chosen and state.filter == listed
    assert (two.view.page, two.view.zoom) == (view.page, view.zoom) and abs(two.view.y - view.y) < 2
    assert not strip_of(window).isVisible()
    assert "第 4–5 页为扫描件，已识别" in window.banner._about._full


def test_findings_of_scans_are_not_new_because_they_came_later(window, state, two):
    TwoStages.made[-1].finish()
    assert not any(two.review.is_new(f) for f in two.result.findings)
    state.recheck(two)
    TwoStages.made[-1].finish()
    assert not any(two.review.is_new(f) for f in two.result.findings)


def test_recognition_can_be_stopped_and_taken_up_again(window, state, two):
    window.do_stop()
    assert two.scan is None and two.status == READY and TwoStages.made[-1].stopped
    strip = strip_of(window)
    assert "尚未识别" in strip._which._full and strip._button.text() == "识别扫描页"
    strip._button.click()
    assert two.scan is not None and TwoStages.made[-1].options.ocr
    TwoStages.made[-1].finish()
    assert two.unread == ()


def test_without_recognition_in_the_settings_scans_stay_unread_until_asked_for(window, state, qtbot, tmp_path, options):
    TwoStages.made.clear()
    options[0] = Options(ocr=False)
    state._reader = TwoStages
    path = tmp_path / "扫描.pdf"
    path.write_bytes(Path(state.current.path).read_bytes())
    doc = state.open([path])[0]
    qtbot.waitUntil(lambda: doc.result is not None)
    assert doc.scan is None and len(TwoStages.made) == 1 and strip_of(window).isVisible()
    window.do_recognise()
    assert TwoStages.made[-1].options.ocr and doc.scan is not None


def test_a_check_anew_reads_everything_at_once(window, state, two):
    TwoStages.made[-1].finish()
    state.recheck(two)
    assert TwoStages.made[-1].options.ocr and two.busy and two.scan is None


def test_closing_or_checking_anew_stops_the_recognition(window, state, two):
    running = TwoStages.made[-1]
    state.recheck(two)
    assert running.stopped and state._recognisers.get(two.number) is not running
    running = TwoStages.made[-1]
    state.close(two)
    assert running.stopped and not state._recognisers


def test_a_file_changed_meanwhile_is_not_mixed_with_its_earlier_self(window, state, two):
    before = two.result
    reader = TwoStages.made[-1]
    other = whole(two.path)
    reader.succeeded.emit(replace(other, document=replace(other.document, sha256="0" * 64)))
    assert two.result is before and two.stale and two.scan is None


def test_the_finding_of_last_time_is_chosen_when_its_scan_is_read(window, state, qtbot, two):
    TwoStages.made[-1].finish()
    finding = next(f for f in two.result.findings if f.rule == "X105")
    state.select_finding(finding)
    state.remember_place()
    path = two.path
    state.close(two)
    state.flush()
    doc = state.open([path])[0]
    qtbot.waitUntil(lambda: doc.result is not None)
    assert doc.selection.finding == ""
    state.remember_place()
    TwoStages.made[-1].finish()
    assert doc.selection.finding == finding.fingerprint


def test_recognised_figures_are_marked_everywhere(qtbot, window, state, two):
    TwoStages.made[-1].finish()
    finding = next(f for f in two.result.findings if f.rule == "X105")
    state.select_finding(finding)
    model = window.tables.model
    qtbot.waitUntil(lambda: model.table is two.table())
    row, column = finding.evidence[0].cell
    index = model.index(row - model.headers, column)
    assert index.data(LOOK).ocr and "87%" in index.data(Qt.ItemDataRole.ToolTipRole)
    assert "识 " in window.findings.model.text(finding, 3)
    assert "识别，置信度 87%" in window.detail.body.toPlainText()
    assert two.lookup.recognised(4) and not two.lookup.recognised(3)


def test_a_dotted_line_is_under_recognised_figures(window, state, qtbot, two):
    TwoStages.made[-1].finish()
    canvas = window.page_view.canvas
    canvas.go_to_page(4)
    left, _, right, bottom = two.lookup.recognised(4)[0]
    line = canvas.to_view(4, (left, bottom, right, bottom))
    picture = canvas.viewport().grab().toImage()
    ratio = picture.devicePixelRatio()
    ink = {picture.pixelColor(QPoint(round(x * ratio), round((line.top() + dy) * ratio))).name()
           for x in range(round(line.left()), round(line.right())) for dy in (-1, 0, 1)}
    assert "#8a97a6" in ink


@pytest.mark.parametrize(("progress", "text"), [
    ((16, 58, "第 17/58 页：识别文字与表格"), "第 17/58 页：识别文字与表格"), ((43, 44, "扫描页 3/4（第 27 页）：文字识别"), "扫描页 3/4（第 27 页）：文字识别"),
    ((40, 157, "收入总表与收支总表的收入应一致"), "规则 40/157：收入总表与收支总表的收入应一致"), ((0, 0, "等待中"), "等待中")])
def test_progress_says_what_is_being_done(progress, text):
    assert said(progress) == text


class ThreadReader(QObject):
    """Reads in a thread, so that recognition can be replaced by something quick."""

    progressed = Signal(int, int, str)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    made: list[ThreadReader] = []

    def __init__(self, path: Path, options: Options) -> None:
        super().__init__()
        self.made.append(self)  # a thread must outlive what it says last
        self._job = Job(lambda step: open_review(path, options, step))
        self._job.progressed.connect(self.progressed)
        self._job.succeeded.connect(self.succeeded)
        self._job.failed.connect(self.failed)

    def start(self) -> None:
        self._job.start()

    def cancel(self) -> None:
        self._job.cancel()

    @classmethod
    def finish(cls) -> None:
        for reader in cls.made:
            reader._job.wait()
        cls.made.clear()


def test_a_pdf_with_scanned_pages_is_read_in_two_stages(state, qtbot, tmp_path, pdf, options, monkeypatch):
    from core.reading.pages import RawPage
    from gui.state import OpenDocument
    scan = scanned(Generated(pdf, {"style": "", "tables": []}, None), tmp_path / "scan", "s", dpi=60)  # type: ignore[arg-type]
    mixed = tmp_path / "部分扫描.pdf"
    with pikepdf.open(pdf) as text, pikepdf.open(scan.path) as pictures:
        text.pages[3] = pictures.pages[3]
        text.save(mixed)
    monkeypatch.setattr("core.reading.ocr.ocr_page", lambda data, number, **_: RawPage(number, 595, 842, "scan", ()))
    state._reader = ThreadReader
    steps: list[str] = []
    state.progress_changed.connect(lambda doc: steps.append(doc.scan[2]) if doc.scan else None)
    doc: OpenDocument = state.open([mixed])[0]
    qtbot.waitUntil(lambda: doc.result is not None, timeout=20000)
    assert doc.unread == (4,)
    qtbot.waitUntil(lambda: doc.scan is None, timeout=20000)
    ThreadReader.finish()
    assert doc.unread == () and any("扫描页 1/1（第 4 页）：文字识别" in s for s in steps)
