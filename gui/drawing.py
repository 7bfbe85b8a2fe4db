"""Draws pages in a thread of its own and hands the pictures to the window; keeps as many as a limit of memory allows.

Office files are made into PDF by another thread, for the document shown; then the book is opened anew with their pages.
"""
from __future__ import annotations

import atexit
import logging
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap

from core import convert
from core.errors import Cancelled, Unreadable
from core.images import Book, Leaf, parts_of

log = logging.getLogger(__name__)

CACHE_BYTES = 96 * 1024 * 1024
OPEN_FILES = 3
MADE = 6
"""Of so many documents what was made of their office files is kept."""

Key = tuple[Path, tuple[float, int]]
"""A document as it was at some time."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The pages of a document that can be shown. `bare` are its parts without pages, `more` says that some of these may yet get theirs."""

    leaves: tuple[Leaf, ...]
    bare: tuple[str, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A page (from 1) of a part of a document drawn `width` by `height` device pixels, turned, or the tile `clip` of it."""

    path: Path
    stamp: tuple[float, int]
    part: str
    page: int
    width: int
    height: int
    turn: int
    clip: tuple[int, int, int, int]


class Renderer(QObject):
    """The drawing thread. Only the latest wishes are kept: what has scrolled away is not drawn."""

    opened = Signal(object, object)
    """(key, Shown, or None when the file cannot be drawn); once more when pages have come"""
    drawn = Signal(object, QImage)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wake = threading.Condition()
        self._wishes: list[Picture] = []
        self._to_open: list[Key] = []
        self._stop = self._guarded = False
        self._files: OrderedDict[Key, Book] = OrderedDict()
        self._shown: Key | None = None
        self._making: Key | None = None
        self._maker: threading.Thread | None = None
        self._made: OrderedDict[Key, dict[str, bytes]] = OrderedDict()
        self._thread = threading.Thread(target=self._run, name="renderer", daemon=True)
        self._thread.start()

    def show(self, key: Key | None) -> None:
        """Says which document is shown: only for that one pages are made."""
        with self._wake:
            self._shown = key

    def open(self, key: Key) -> None:
        """Opens the document that is shown, or takes up the making of its pages where that was broken off."""
        with self._wake:
            self._shown = key
            self._to_open.append(key)
            self._wake.notify()

    def wish(self, pictures: list[Picture]) -> None:
        """Replaces what is still to be drawn; the first is drawn first."""
        with self._wake:
            self._wishes = pictures
            self._wake.notify()

    def stop(self) -> None:
        with self._wake:
            self._stop = True
            self._wake.notify()
        atexit.unregister(self.stop)
        self._thread.join(5)
        if self._maker is not None:
            self._maker.join(5)

    def _run(self) -> None:
        while True:
            with self._wake:
                while not (self._stop or self._to_open or self._wishes):
                    self._wake.wait()
                if self._stop:
                    break
                task: Key | Picture = self._to_open.pop(0) if self._to_open else self._wishes.pop(0)
            try:
                self._do(task)
            except RuntimeError:  # the window is gone
                break
        for book in self._files.values():
            book.close()

    def _do(self, task: Key | Picture) -> None:
        try:
            if isinstance(task, Picture):
                key = (task.path, task.stamp)
                book = self._file(key)
                if task.part not in book.parts:  # made for too many documents ago
                    self._open(key)
                    return
                pixels = book.draw(task.part, task.page, task.width, task.height, task.clip, task.turn)
                image = QImage(pixels.data, pixels.width, pixels.height, pixels.width * 4, QImage.Format.Format_RGB32).copy()
                self.drawn.emit(task, image)
            else:
                self._open(task)
        except (Unreadable, OSError, ValueError) as error:
            log.warning("cannot draw %s: %s", task, error)
            if not isinstance(task, Picture):
                self.opened.emit(task, None)

    def _open(self, key: Key) -> None:
        book = self._file(key)
        known = key in self._made
        if known and self._made[key] and set(book.bare) & set(self._made[key]):  # pages have come
            self._files.pop(key).close()
            book = self._file(key)
        wanted = not known and convert.program() is not None and any(Path(n or key[0].name).suffix.lower() in convert.SUFFIXES for n in book.bare)
        self.opened.emit(key, Shown(book.leaves, book.bare, wanted))
        if wanted:
            self._make(key, book.bare)

    # ---- making pages of office files

    def _make(self, key: Key, names: tuple[str, ...]) -> None:
        with self._wake:
            if self._making == key or key in self._made:
                return
            self._making = key
        self._maker = threading.Thread(target=self._convert, args=(key, names, self._maker), name="converter", daemon=True)
        self._maker.start()

    def _convert(self, key: Key, names: tuple[str, ...], before: threading.Thread | None) -> None:
        """Makes the pages of a document while it is the one shown, after what was being made for another has ended."""
        def step(done: int, total: int, label: str) -> None:
            with self._wake:
                if self._stop or self._shown != key:
                    if self._making == key:
                        self._making = None
                    raise Cancelled

        try:
            if before is not None:
                before.join()
            step(0, 0, "")
            made = convert.to_pdf(parts_of(key[0], names), step)
        except Cancelled:
            return
        except Exception:  # whatever it was, the document is shown as one without pages
            log.exception("no pages made for %s", key[0])
            made = {}
        with self._wake:
            self._making = None if self._making == key else self._making
            self._made[key] = made
            while len(self._made) > MADE:
                self._made.popitem(last=False)
            self._to_open.append(key)
            self._wake.notify()

    def _file(self, key: Key) -> Book:
        if key in self._files:
            self._files.move_to_end(key)
        else:
            self._files[key] = Book(key[0], self._made.get(key))
            if not self._guarded:  # registered after PDFium's own, so run before it: a page being drawn must not lose its library
                atexit.register(self.stop)
                self._guarded = True
            while len(self._files) > OPEN_FILES:
                self._files.popitem(last=False)[1].close()
        return self._files[key]


class Cache:
    """Pictures by what they show, the least recently seen dropped first."""

    def __init__(self, limit: int = CACHE_BYTES) -> None:
        self._limit, self._bytes = limit, 0
        self._kept: OrderedDict[Picture, QPixmap] = OrderedDict()
        self._by_page: dict[tuple[object, ...], list[Picture]] = {}

    def get(self, picture: Picture) -> QPixmap | None:
        found = self._kept.get(picture)
        if found is not None:
            self._kept.move_to_end(picture)
        return found

    def put(self, picture: Picture, pixmap: QPixmap) -> None:
        if picture in self._kept:
            return
        self._kept[picture] = pixmap
        self._by_page.setdefault(_page_of(picture), []).append(picture)
        self._bytes += pixmap.width() * pixmap.height() * 4
        while self._bytes > self._limit and len(self._kept) > 1:
            gone, old = self._kept.popitem(last=False)
            self._by_page[_page_of(gone)].remove(gone)
            self._bytes -= old.width() * old.height() * 4

    def others(self, picture: Picture) -> list[tuple[Picture, QPixmap]]:
        """The same page at other sizes, the most alike last, to show while the right one is being drawn."""
        same = [p for p in self._by_page.get(_page_of(picture), ()) if p != picture]
        return [(p, self._kept[p]) for p in sorted(same, key=lambda p: -abs(p.width - picture.width))]

    @property
    def bytes(self) -> int:
        return self._bytes


def _page_of(picture: Picture) -> tuple[object, ...]:
    return (picture.path, picture.stamp, picture.part, picture.page, picture.turn)
