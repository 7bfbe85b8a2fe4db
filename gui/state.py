"""What is open and what is chosen. Panels share this and nothing else: they tell it what was chosen and listen to its signals."""
from __future__ import annotations

import contextlib
import itertools
import json
import logging
import stat
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, QSettings, QTimer, Signal
from PySide6.QtGui import QUndoStack

from core import review_file
from core.model import Box, PageId, Place, Table
from core.paths import user_data
from core.results import Check, Evidence, Finding, Result
from core.review_file import CorruptReview, ReviewFile, Verdict
from gui.lookup import Lookup, Spot

log = logging.getLogger(__name__)

SAVE_DELAY = 400
RECENT = 12
WAITING, READING, READY, ERROR, STOPPED = "waiting", "reading", "ready", "error", "stopped"


@dataclass(frozen=True)
class Selection:
    """What is chosen in a document. `source` names the panel that chose it and does not make a selection a different one."""

    finding: str = ""
    table: str = ""
    cell: tuple[int, int] | None = None
    page: PageId | None = None
    box: Box | None = None
    evidence: int = 0
    source: str = field(default="", compare=False)


NOTHING = Selection()


@dataclass(frozen=True)
class Filter:
    """Which findings are listed. Empty sets let everything through."""

    severities: frozenset[str] = frozenset()
    verdicts: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()
    tables: frozenset[str] = frozenset()
    new: bool = False
    text: str = ""

    @property
    def active(self) -> bool:
        return self != Filter()


@dataclass(frozen=True)
class Trace:
    """A total being explained: the check that adds it up, the total itself, and its parts."""

    check: Check
    total: Evidence
    parts: tuple[Evidence, ...]


@dataclass
class View:
    """Where the reviewer is in the pages. `zoom` 0 means fit to width, -1 whole page."""

    page: int = 1
    x: float = 0.0
    y: float = 0.0
    zoom: float = 0.0
    turn: int = 0


@dataclass(eq=False)
class OpenDocument:
    """One open disclosure with everything that belongs to it."""

    path: Path
    number: int
    status: str = WAITING
    result: Result | None = None
    error: str = ""
    progress: tuple[int, int, str] = (0, 0, "等待中")
    review: ReviewFile | None = None
    undo: QUndoStack = field(default_factory=QUndoStack)
    selection: Selection = NOTHING
    filter: Filter = Filter()
    trace: Trace | None = None
    marks: tuple[Place, ...] = ()
    view: View = field(default_factory=View)
    lookup: Lookup | None = None
    stamp: tuple[float, int] = (0.0, 0)
    on_disk: tuple[float, int] = (0.0, 0)
    stale: bool = False
    corrupt: CorruptReview | None = None
    saved_at: str = ""
    text_only: bool = False
    """The reading under way leaves scanned pages for later."""
    scan: tuple[int, int, str] | None = None
    """How far the recognition of scanned pages is, while the result of the text pages is worked on; None when none is under way."""
    awaited: str = ""
    """The finding the reviewer was at, which may yet come from a scanned page."""

    @property
    def name(self) -> str:
        """The name on its tab."""
        doc = self.result.document if self.result else None
        if doc is not None and doc.unit_name.value:
            return f"{doc.unit_name.value} {doc.year or ''} {doc.kind}".replace("  ", " ").strip()
        return self.path.stem

    @property
    def busy(self) -> bool:
        return self.status in (WAITING, READING)

    @property
    def unread(self) -> tuple[int, ...]:
        """The scanned pages of which nothing is known yet."""
        return self.result.document.unread_pages if self.result else ()

    def verdict(self, finding: Finding) -> Verdict:
        return self.review.verdict(finding) if self.review else review_file.UNDECIDED

    def finding(self) -> Finding | None:
        """The chosen finding."""
        return self.lookup.finding(self.selection.finding) if self.lookup and self.selection.finding else None

    def table(self) -> Table | None:
        """The chosen table."""
        return self.lookup.tables.get(self.selection.table) if self.lookup and self.selection.table else None


class Reader(Protocol):
    """What reads and checks a file away from the window (gui.job.ReadJob)."""

    progressed: Any
    succeeded: Any
    failed: Any
    cancelled: Any

    def start(self) -> None: ...
    def cancel(self) -> None: ...


class State(QObject):
    """The shared state of the window."""

    documents_changed = Signal()
    current_changed = Signal()
    result_changed = Signal()
    """The current document has a new result (or lost it)."""
    progress_changed = Signal(object)
    """An OpenDocument is further than before; not only the current one."""
    selection_changed = Signal(object)
    trace_changed = Signal()
    marks_changed = Signal()
    verdicts_changed = Signal()
    undo_changed = Signal()
    filter_changed = Signal()
    saved_changed = Signal()
    theme_changed = Signal()
    settings_changed = Signal()
    recent_changed = Signal()
    message = Signal(str)
    action_requested = Signal(str)
    """A panel asks for an action of gui.actions by its id, for example "export"."""

    def __init__(self, settings: QSettings | None = None, reader: Callable[[Path, Any], Reader] | None = None,
                 parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings or QSettings(str(user_data() / "settings.ini"), QSettings.Format.IniFormat)
        self.documents: list[OpenDocument] = []
        self.current: OpenDocument | None = None
        self._reader = reader or _default_reader
        self._readers: dict[int, Reader] = {}
        self._recognisers: dict[int, Reader] = {}
        self._numbers = itertools.count(1)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="review-writer")
        self._unsaved: set[int] = set()
        self._decided: set[int] = set()
        self._write_failed = ""
        self._save_timer = QTimer(self, singleShot=True, interval=SAVE_DELAY)
        self._save_timer.timeout.connect(self.save_now)
        self._written.connect(self._on_written)
        self._looking: threading.Thread | None = None
        self._stamped.connect(self._on_stamped)

    _written = Signal(object, str, str)
    _stamped = Signal(object)

    # ---- the current document and its parts

    @property
    def result(self) -> Result | None:
        return self.current.result if self.current else None

    @property
    def lookup(self) -> Lookup | None:
        return self.current.lookup if self.current else None

    @property
    def selection(self) -> Selection:
        return self.current.selection if self.current else NOTHING

    @property
    def filter(self) -> Filter:
        return self.current.filter if self.current else Filter()

    @property
    def trace(self) -> Trace | None:
        return self.current.trace if self.current else None

    def select(self, selection: Selection) -> None:
        """Chooses something; the same thing again is silent, so panels that follow each other come to rest."""
        if self.current is None or selection == self.current.selection:
            return
        self.current.selection, self.current.awaited = selection, ""
        self.set_trace(self._trace_for(selection))
        self.selection_changed.emit(selection)

    def select_finding(self, finding: Finding, evidence: int = 0, source: str = "") -> None:
        """Chooses a finding with one of its pieces of evidence in front."""
        self.select(_selection_of(self.lookup, finding, evidence, source))

    def select_cell(self, table: str, row: int, column: int, source: str = "", keep: bool = True) -> None:
        """Chooses a printed cell: its place on the page with it, and its finding when it has one."""
        if self.lookup is None:
            return
        cell = self.lookup.cell(table, row, column)
        if cell is None:
            self.select(Selection(table=table, cell=(row, column), source=source))
            return
        page, box = (cell.place.page, cell.place.box) if cell.place else (None, None)
        finding, evidence = self._finding_at((table, cell.row, cell.column)) if keep else ("", 0)
        self.select(Selection(finding, table, (cell.row, cell.column), page, box, evidence, source))

    def select_table(self, table: Table, source: str = "") -> None:
        span = table.title_span
        place = span.place if span else None
        self.select(Selection(table=table.id, page=place.page if place else table.page, box=place.box if place else None, source=source))

    def select_place(self, page: PageId | None, box: Box | None = None, source: str = "") -> None:
        """Chooses a place on a page that is no cell, such as a section heading or a search hit."""
        self.select(Selection(page=page, box=box, source=source))

    def select_evidence(self, evidence: Evidence, source: str = "") -> None:
        """Goes to a place that a finding or check stands on, without leaving the finding when it is one of its own."""
        finding = self.current.finding() if self.current else None
        if finding is not None and evidence in finding.evidence:
            self.select_finding(finding, finding.evidence.index(evidence), source)
        elif evidence.cell is not None and self.lookup and evidence.table in self.lookup.tables:
            self.select_cell(evidence.table, *evidence.cell, source=source)
        else:
            self.select_place(evidence.page, evidence.box, source)

    def _finding_at(self, spot: Spot) -> tuple[str, int]:
        """The finding of a cell and which piece of its evidence the cell is; the chosen finding stays chosen where it can."""
        found = self.lookup.findings_by_spot.get(spot, []) if self.lookup else []
        if not found:
            return "", 0
        chosen = self.selection.finding
        rank = {"error": 0, "warning": 1, "info": 2}
        finding = next((f for f in found if f.fingerprint == chosen), None) or min(
            found, key=lambda f: (next((i for i, e in enumerate(f.evidence) if (e.table, *(e.cell or (-1, -1))) == spot), 99), rank[f.severity]))
        return finding.fingerprint, next((i for i, e in enumerate(finding.evidence) if e.cell and (e.table, *e.cell) == spot), 0)

    def _trace_for(self, selection: Selection) -> Trace | None:
        if self.lookup is None or not selection.table or selection.cell is None:
            return None
        return self.trace_of((selection.table, *selection.cell))

    def trace_of(self, spot: Spot) -> Trace | None:
        """How a total comes about, from the relation with the most parts among those that add it up."""
        checks = self.lookup.sums_of(spot) if self.lookup else []
        if not checks:
            return None
        check = max(checks, key=lambda c: sum(e.role == "addend" for e in c.evidence))
        total = next(e for e in check.evidence if e.cell and (e.table, *e.cell) == spot)
        return Trace(check, total, tuple(e for e in check.evidence if e.role == "addend"))

    def set_trace(self, trace: Trace | None) -> None:
        if self.current is not None and trace != self.current.trace:
            self.current.trace = trace
            self.trace_changed.emit()

    def rest_trace(self) -> None:
        """After a hover: explain the chosen cell again, if it is a total."""
        self.set_trace(self._trace_for(self.selection))

    def set_marks(self, marks: Sequence[Place]) -> None:
        """Places to mark on the pages (search hits)."""
        if self.current is not None and tuple(marks) != self.current.marks:
            self.current.marks = tuple(marks)
            self.marks_changed.emit()

    def set_filter(self, chosen: Filter) -> None:
        if self.current is not None and chosen != self.current.filter:
            self.current.filter = chosen
            self.filter_changed.emit()

    # ---- findings within the filter

    def order(self, finding: Finding) -> int:
        return self.lookup.document_order.get(finding.fingerprint, 0) if self.lookup else 0

    def passes(self, finding: Finding, chosen: Filter | None = None) -> bool:
        """Whether a finding is let through by a filter (the current one unless given)."""
        doc = self.current
        if doc is None:
            return False
        f = doc.filter if chosen is None else chosen
        if f.severities and finding.severity not in f.severities:
            return False
        if f.families and finding.family not in f.families:
            return False
        if f.verdicts and doc.verdict(finding).state not in f.verdicts:
            return False
        if f.tables and not any(e.table in f.tables for e in finding.evidence):
            return False
        if f.new and not (doc.review and (doc.review.is_new(finding) or doc.review.stale(finding))):
            return False
        return not f.text or _matches(finding, f.text, doc.verdict(finding))

    def listed(self) -> list[Finding]:
        """The findings that pass the filter, in document order."""
        if self.result is None:
            return []
        return sorted((f for f in self.result.findings if self.passes(f)), key=self.order)

    def step_finding(self, by: int, undecided: bool = False) -> Finding | None:
        """Goes to the next (1) or previous (-1) finding within the filter, from where the reviewer is; wraps with a note."""
        found = self.listed()
        if undecided:
            doc = self.current
            found = [f for f in found if doc and not doc.verdict(f).decided]
        if not found:
            self.message.emit("当前筛选下没有待核的问题" if undecided else "当前筛选下没有问题")
            return None
        here = self._position()
        if by > 0:
            target = next((f for f in found if self._key(f) > here), None)
        else:
            target = next((f for f in reversed(found) if self._key(f) < here), None)
        if target is None:
            target = found[0] if by > 0 else found[-1]
            if len(found) > 1:
                self.message.emit("已到末尾，从头继续" if by > 0 else "已到开头，从末尾继续")
        self.select_finding(target, source="step")
        return target

    def _key(self, finding: Finding) -> tuple[float, float, float]:
        return (float(self.order(finding)), 0.0, 0.0)

    def _position(self) -> tuple[float, float, float]:
        """Where the reviewer stands among the findings: at the chosen one, else just before the first one at or after the chosen place."""
        selection = self.selection
        finding = self.current.finding() if self.current else None
        if finding is not None:
            return self._key(finding)
        if selection.page is None or self.result is None:
            return (-1.0, 0.0, 0.0)
        lookup = self.lookup
        here = lookup.order_of(selection.page) if lookup else None
        top = selection.box[1] if selection.box else 0.0
        for f in sorted(self.result.findings, key=self.order):
            place = f.place
            page = lookup.order_of(place.page) if lookup and place else None
            if place and page is not None and here is not None and (page, (place.box or (0, 0))[1]) >= (here, top):
                return (float(self.order(f)) - 0.5, 0.0, 0.0)
        return (float(len(self.result.findings)), 0.0, 0.0)

    def step_evidence(self, by: int) -> None:
        """Goes to the next place of the chosen finding."""
        finding = self.current.finding() if self.current else None
        if finding and finding.evidence:
            self.select_finding(finding, (self.selection.evidence + by) % len(finding.evidence), "evidence")

    # ---- verdicts (changed by gui.undo commands only)

    def put_verdicts(self, verdicts: dict[str, Verdict | None]) -> None:
        doc = self.current
        if doc is None or doc.review is None:
            return
        for fingerprint, verdict in verdicts.items():
            doc.review.put(fingerprint, verdict)
        self.touch(doc)
        self.verdicts_changed.emit()

    def put_ignored(self, rule: str, ignored: review_file.Ignored | None) -> None:
        doc = self.current
        if doc is None or doc.review is None:
            return
        if ignored is None:
            doc.review.ignored.pop(rule, None)
        else:
            doc.review.ignored[rule] = ignored
        self.touch(doc)
        self.verdicts_changed.emit()

    @property
    def reviewer(self) -> str:
        return str(self.settings.value("reviewer", "") or "") or review_file.user_name()

    # ---- saving

    def touch(self, doc: OpenDocument, decision: bool = True) -> None:
        """Something of a document's review changed: it is on disk within two seconds. Only decisions are shown as unsaved."""
        self._unsaved.add(doc.number)
        if decision:
            self._decided.add(doc.number)
        if not self._save_timer.isActive():
            self._save_timer.start()
        self.saved_changed.emit()

    @property
    def unsaved(self) -> bool:
        return bool(self._decided)

    def save_now(self) -> None:
        """Hands every changed review to the writing thread."""
        for doc in self.documents:
            if doc.number in self._unsaved and doc.review is not None and doc.corrupt is None:
                text, path = doc.review.to_json(), review_file.file_of(doc.review.sha256)
                self._unsaved.discard(doc.number)
                self._writer.submit(self._write, doc, path, text)

    def _write(self, doc: OpenDocument, path: Path, text: str) -> None:
        try:
            review_file.write(path, text)
        except OSError as error:
            self._written.emit(doc, str(error), "")
        else:
            self._written.emit(doc, "", json.loads(text)["saved"])

    def _on_written(self, doc: OpenDocument, error: str, saved: str) -> None:
        if error:
            self._unsaved.add(doc.number)
            self._save_timer.start(5000)
            if error != self._write_failed:  # told once, tried again quietly
                log.error("review not saved: %s", error)
                self.message.emit(f"裁定未能保存：{error}。程序会继续重试，请勿关闭窗口。")
            self._write_failed = error
        else:
            if doc.number not in self._unsaved:
                self._decided.discard(doc.number)
            if self._write_failed:
                self.message.emit("裁定已重新保存成功")
            self._write_failed = ""
            doc.saved_at = saved
        self.saved_changed.emit()

    def flush(self) -> None:
        """Writes everything and waits for it; called when the window closes and by the last-resort error hook."""
        self._save_timer.stop()
        self.save_now()
        done: Future[None] = self._writer.submit(lambda: None)
        done.result(timeout=10)
        self.save_session()

    # ---- opening

    def open(self, paths: Iterable[Path | str]) -> list[OpenDocument]:
        """Opens disclosures, each in its own tab; one that is open already is only shown. Folders give their documents."""
        opened: list[OpenDocument] = []
        for path in _documents_in(Path(p) for p in paths):
            known = next((d for d in self.documents if _same(d.path, path)), None)
            if known is not None:
                opened.append(known)
                continue
            doc = OpenDocument(path, next(self._numbers), stamp=_stamp(path))
            doc.on_disk = doc.stamp
            doc.filter = self._remembered_filter()
            doc.view.zoom = float(str(self.settings.value("zoom", 0.0)))
            doc.undo.setUndoLimit(1000)
            doc.undo.indexChanged.connect(self.undo_changed)
            self.documents.append(doc)
            opened.append(doc)
            self._remember(path)
        if opened:
            self.documents_changed.emit()
            self.show(opened[0])
            QTimer.singleShot(0, self, self._start_next)
            QTimer.singleShot(50, self, self.save_session)
        return opened

    def show(self, doc: OpenDocument | None) -> None:
        if doc is not self.current:
            self.current = doc
            self.current_changed.emit()
            self.result_changed.emit()
            if doc is not None:
                self.selection_changed.emit(doc.selection)

    def close(self, doc: OpenDocument) -> None:
        self.cancel(doc)
        if doc.number in self._unsaved:
            self.save_now()
        position = self.documents.index(doc)
        self.documents.remove(doc)
        if self.current is doc:
            self.show(self.documents[min(position, len(self.documents) - 1)] if self.documents else None)
        self.documents_changed.emit()
        self.save_session()

    def recheck(self, doc: OpenDocument | None = None) -> None:
        """Reads and checks a document anew; verdicts, place and selection stay."""
        doc = doc or self.current
        if doc is None or doc.busy:
            return
        self._stop_recognising(doc)
        doc.status, doc.error, doc.stale = WAITING, "", False
        doc.progress = (0, 0, "等待中")
        self.documents_changed.emit()
        self._start_next()

    def cancel(self, doc: OpenDocument) -> None:
        """Stops reading a document, or recognising its scanned pages; what was found before stays."""
        stopped = doc.busy or doc.scan is not None
        reader = self._readers.pop(doc.number, None)
        if reader is not None:
            reader.cancel()
        self._stop_recognising(doc)
        if doc.busy:
            doc.status = READY if doc.result else STOPPED
        if stopped:
            self.documents_changed.emit()
            self._start_next()

    def _stop_recognising(self, doc: OpenDocument) -> None:
        reader = self._recognisers.pop(doc.number, None)
        if reader is not None:
            reader.cancel()
        doc.scan = None

    def cancel_all(self) -> None:
        for doc in list(self.documents):
            if doc.busy:
                doc.status = STOPPED
            doc.scan = None
        for reader in (*self._readers.values(), *self._recognisers.values()):
            reader.cancel()
        self._readers.clear()
        self._recognisers.clear()

    def _start_next(self) -> None:
        """Reads one document at a time and recognises the scanned pages of one: the shown one first."""
        self._read_next()
        self._recognise_next()

    def _read_next(self) -> None:
        if self._readers:
            return
        waiting = [d for d in self.documents if d.status == WAITING]
        if not waiting:
            return
        doc = self.current if self.current in waiting else waiting[0]
        assert doc is not None
        doc.status, doc.progress, doc.stamp = READING, (0, 0, "正在打开"), _stamp(doc.path)
        doc.on_disk = doc.stamp
        options = self.options()
        known = doc.result.document.ocr_pages if doc.result else ()
        doc.text_only = bool(options and options.ocr and not known)
        reader = self._reader(doc.path, replace(options, ocr=False) if doc.text_only else options)
        self._readers[doc.number] = reader
        reader.progressed.connect(lambda done, total, label: self._on_progress(doc, done, total, label))
        reader.succeeded.connect(lambda result: self._on_result(doc, result))
        reader.failed.connect(lambda error: self._on_failed(doc, error))
        reader.start()
        self.documents_changed.emit()

    def recognise(self, doc: OpenDocument | None = None) -> None:
        """Reads the scanned pages of a document that were left out, while its text pages are worked on."""
        doc = doc or self.current
        if doc is not None and doc.unread and doc.scan is None and not doc.busy:
            doc.scan = (0, len(doc.unread), "等待识别")
            self.documents_changed.emit()
            self._recognise_next()

    def _recognise_next(self) -> None:
        waiting = [d for d in self.documents if d.scan is not None and not d.busy]
        if self._recognisers or not waiting:
            return
        doc = self.current if self.current in waiting else waiting[0]
        assert doc is not None
        options = self.options()
        reader = self._reader(doc.path, replace(options, ocr=True) if options else options)
        self._recognisers[doc.number] = reader
        reader.progressed.connect(lambda done, total, label: self._on_scan_progress(doc, done, total, label))
        reader.succeeded.connect(lambda result: self._on_recognised(doc, result))
        reader.failed.connect(lambda error: self._on_scan_failed(doc, error))
        reader.start()

    def _on_scan_progress(self, doc: OpenDocument, done: int, total: int, label: str) -> None:
        if doc.scan is not None:
            doc.scan = (done, total, label)
            self.progress_changed.emit(doc)

    def _on_scan_failed(self, doc: OpenDocument, error: object) -> None:
        self._recognisers.pop(doc.number, None)
        doc.scan = None
        log.error("scans of %s: %s", doc.path, error)
        self.message.emit(f"扫描页未能识别：{error}")
        self.documents_changed.emit()
        self._start_next()

    def _on_recognised(self, doc: OpenDocument, result: Result) -> None:
        """The whole result takes the place of that of the text pages, unless the file has changed in between."""
        reader = self._recognisers.pop(doc.number, None)
        if doc not in self.documents or doc.result is None:
            return
        before, doc.scan = len(doc.result.findings), None
        if result.document.sha256 != doc.result.document.sha256:
            doc.stale = True
            self.documents_changed.emit()
        else:
            self.set_result(doc, result, getattr(reader, "lookup", None))
            now = len(result.findings)
            self.message.emit(f"{doc.name}：扫描页已识别，问题 {f'{before} → {now}' if now != before else now} 项")
        self._start_next()

    def options(self) -> Any:
        """How documents are read and checked, from the settings."""
        from gui.profile import options_of
        return options_of(self.settings)

    def _on_progress(self, doc: OpenDocument, done: int, total: int, label: str) -> None:
        if doc.status == READING:
            doc.progress = (done, total, label)
            self.progress_changed.emit(doc)

    def _on_failed(self, doc: OpenDocument, error: object) -> None:
        self._readers.pop(doc.number, None)
        doc.status, doc.error = ERROR, str(error)
        log.error("%s: %s", doc.path, error)
        self.documents_changed.emit()
        if doc is self.current:
            self.result_changed.emit()
        self._start_next()

    def _on_result(self, doc: OpenDocument, result: Result) -> None:
        reader = self._readers.pop(doc.number, None)
        if doc not in self.documents:
            return
        if doc.text_only and result.document.unread_pages:
            doc.scan = (0, len(result.document.unread_pages), "等待识别")
        self.set_result(doc, result, getattr(reader, "lookup", None))
        QTimer.singleShot(0, self, self._start_next)  # the window is painted first

    def set_result(self, doc: OpenDocument, result: Result, lookup: Lookup | None = None) -> None:
        """Takes a result, finds the review that belongs to it, and keeps the selection where the finding still exists."""
        source = result.document
        identity = review_file.identity_of(source.unit_name.value, source.kind, source.year)
        first = doc.review is None
        if doc.review is None or doc.review.sha256 != source.sha256:
            try:
                doc.review = review_file.start(source.sha256, str(doc.path), identity)
                doc.corrupt = None
                if doc.review.carried:
                    self.message.emit(f"已沿用此前版本的 {len(doc.review.verdicts)} 条裁定")
            except CorruptReview as error:
                log.error("corrupt review %s: %s", error.path, error.detail)
                doc.corrupt = error
                doc.review = error.backup or ReviewFile(source.sha256, str(doc.path), identity)
            if not first:
                doc.undo.clear()
        doc.result, doc.lookup, doc.status, doc.error = result, lookup or Lookup(result), READY, ""
        doc.trace = None
        if doc.scan is None and doc.review.begin(result.findings) and doc.corrupt is None:  # what is new is told of the whole document
            self.touch(doc, decision=False)
        if first and doc.corrupt is None:
            review_file.enter(doc.review)
        doc.selection = _selection_in(doc.lookup, doc.selection, doc.awaited)
        if first:
            self._restore_place(doc)
        self.documents_changed.emit()
        if doc is self.current:
            doc.trace = self._trace_for(doc.selection)
            self.result_changed.emit()
            self.selection_changed.emit(doc.selection)

    def resolve_corrupt(self, doc: OpenDocument, use_backup: bool) -> None:
        """Goes on after a corrupt review file: it is set aside, and the last good one or an empty one takes its place."""
        if doc.corrupt is None:
            return
        aside = review_file.set_aside(doc.corrupt.path)
        if not use_backup or doc.corrupt.backup is None:
            assert doc.review is not None
            doc.review = ReviewFile(doc.review.sha256, str(doc.path), doc.review.identity)
        doc.corrupt = None
        self.touch(doc)
        self.message.emit(f"损坏的裁定文件已另存为 {aside.name}")
        self.documents_changed.emit()
        self.verdicts_changed.emit()

    # ---- files that change, place and session

    def look_at_disk(self) -> None:
        """Notices documents that changed on disk since they were read. A share that does not answer must not hold up the window."""
        if self._looking is None or not self._looking.is_alive():
            paths = [d.path for d in self.documents if d.status == READY and not d.stale]
            self._looking = threading.Thread(target=self._stamps, args=(paths,), name="disk-watcher", daemon=True)
            self._looking.start()

    def _stamps(self, paths: list[Path]) -> None:
        stamps = {path: _stamp(path) for path in paths}
        with contextlib.suppress(RuntimeError):  # the window was closed meanwhile
            self._stamped.emit(stamps)

    def _on_stamped(self, stamps: dict[Path, tuple[float, int]]) -> None:
        changed = False
        for doc in self.documents:
            stamp = stamps.get(doc.path, doc.on_disk)
            if doc.status == READY and not doc.stale and stamp != doc.on_disk and stamp != (0.0, 0):
                doc.stale = changed = True
        if changed:
            self.documents_changed.emit()

    def accept_stale(self, doc: OpenDocument) -> None:
        """The reviewer goes on with the result of the file as it was."""
        doc.on_disk, doc.stale = _stamp(doc.path), False
        self.documents_changed.emit()

    def _restore_place(self, doc: OpenDocument) -> None:
        place = doc.review.extras.get("place") if doc.review else None
        if not isinstance(place, dict) or doc.lookup is None:
            return
        doc.view = View(int(place.get("page", 1)), float(place.get("x", 0)), float(place.get("y", 0)), float(place.get("zoom", 0)),
                        int(place.get("turn", 0)))
        if doc.selection == NOTHING:
            finding = doc.lookup.finding(str(place.get("finding", "")))
            if finding is not None:
                doc.selection = _selection_of(doc.lookup, finding, 0, "restore")
            elif doc.scan is not None and place.get("finding"):
                doc.awaited = str(place["finding"])
            elif place.get("table") in doc.lookup.tables:
                doc.selection = Selection(table=str(place["table"]), page=doc.view.page, source="restore")

    def remember_place(self) -> None:
        """Puts the reviewer's place of every document into its review, to come back to it."""
        for doc in self.documents:
            if doc.review is None or doc.result is None or doc.corrupt is not None:
                continue
            place = {"page": doc.view.page, "x": round(doc.view.x, 1), "y": round(doc.view.y, 1), "zoom": doc.view.zoom,
                     "turn": doc.view.turn, "finding": doc.selection.finding or doc.awaited, "table": doc.selection.table}
            if doc.review.extras.get("place") != place:
                doc.review.extras["place"] = place
                self.touch(doc, decision=False)

    def save_session(self) -> None:
        self.settings.setValue("session/paths", [str(d.path) for d in self.documents])
        self.settings.setValue("session/current", str(self.current.path) if self.current else "")
        if self.documents:
            self.settings.setValue("session/last", [str(d.path) for d in self.documents])

    def last_session(self) -> list[Path]:
        """The documents that were open when the program last had any."""
        return [Path(p) for p in _strings(self.settings.value("session/last", []))]

    def crashed_session(self) -> list[Path]:
        """The documents that were open when the program ended without saying so."""
        if str(self.settings.value("session/clean", "true")) == "true":
            return []
        return [Path(p) for p in _strings(self.settings.value("session/paths", []))]

    def recent(self) -> list[Path]:
        return [Path(p) for p in _strings(self.settings.value("recent", []))]

    def clear_recent(self) -> None:
        self.settings.setValue("recent", [])
        self.recent_changed.emit()

    def forget(self, path: Path) -> None:
        self.settings.setValue("recent", [str(p) for p in self.recent() if p != path])
        self.recent_changed.emit()

    def _remember(self, path: Path) -> None:
        known = [str(p) for p in self.recent() if p != path]
        self.settings.setValue("recent", [str(path), *known][:RECENT])
        self.recent_changed.emit()

    def _remembered_filter(self) -> Filter:
        chosen = _strings(self.settings.value("filter/severities", []))
        return Filter(severities=frozenset(chosen) & {"error", "warning", "info"})


def _selection_of(lookup: Lookup | None, finding: Finding, evidence: int, source: str) -> Selection:
    """A finding with one of its pieces of evidence in front."""
    pieces = finding.evidence
    if not pieces:
        return Selection(finding.fingerprint, source=source)
    evidence = max(0, min(evidence, len(pieces) - 1))
    piece = pieces[evidence]
    table = piece.table if lookup and piece.table in lookup.tables else ""
    return Selection(finding.fingerprint, table, piece.cell if table else None, piece.page, piece.box, evidence, source)


def _selection_in(lookup: Lookup, chosen: Selection, awaited: str) -> Selection:
    """The same selection in a new result: the finding with its evidence as it now stands, a cell only while it stands where it stood."""
    finding = lookup.finding(chosen.finding or awaited)
    if finding is not None:
        return _selection_of(lookup, finding, chosen.evidence, "reread")
    if chosen == NOTHING:
        return chosen
    cell = lookup.cell(chosen.table, *chosen.cell) if chosen.cell is not None else None
    if cell is not None and cell.place is not None and cell.place.page == chosen.page:
        return replace(chosen, finding="", evidence=0, source="reread")
    table = chosen.table if chosen.cell is None and chosen.table in lookup.tables else ""
    return replace(chosen, finding="", evidence=0, table=table, cell=None, source="reread")


def _default_reader(path: Path, options: Any) -> Reader:
    from gui.job import ReadJob
    return ReadJob(path, options)


def _strings(value: Any) -> list[str]:
    """A list from an ini file, which gives a lone entry as a text and an empty list as nothing."""
    if not value:
        return []
    return [value] if isinstance(value, str) else [str(v) for v in value]


KINDS = (".pdf", ".docx", ".xlsx", ".xls", ".txt")
"""The first four are looked for in folders."""


def _documents_in(paths: Iterable[Path]) -> list[Path]:
    """The disclosures meant: a folder stands for the files in it, unless these are the parts of one disclosure."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir() and not _one_disclosure(path):
            found += sorted(p for p in path.rglob("*") if p.suffix.lower() in KINDS[:4] and not p.name.startswith(("~$", ".")))
        else:
            found.append(path)
    return found


def _one_disclosure(folder: Path) -> bool:
    from core.reading.folders import is_disclosure  # the readers take a tenth of a second to load: not for a single file
    return is_disclosure(folder)


def _same(one: Path, two: Path) -> bool:
    return one == two or one.absolute() == two.absolute()


def _stamp(path: Path) -> tuple[float, int]:
    """When a file was last written, and its size; of a folder, those of the files in it."""
    try:
        info = path.stat()
        inside = [p.stat() for p in path.rglob("*") if p.is_file()] if stat.S_ISDIR(info.st_mode) else [info]
    except OSError:
        return (0.0, 0)
    return (max((i.st_mtime for i in inside), default=info.st_mtime), sum(i.st_size for i in inside))


def _matches(finding: Finding, text: str, verdict: Verdict) -> bool:
    from core.text import fold
    place = finding.place
    where = f"第{place.page}页{place.table}{place.row}{place.column}{place.text}" if place else ""
    hay = fold(f"{finding.rule} {finding.title} {finding.message} {where} {finding.expected} {finding.actual} {finding.difference} "
               f"{verdict.note} {verdict.reason}").lower()
    return all(fold(word).lower() in hay for word in text.split())
