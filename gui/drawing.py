"""Draws pages in a thread of its own and hands the pictures to the window; keeps as many as a limit of memory allows."""
from __future__ import annotations

import atexit
import logging
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap

from core.errors import Unreadable
from core.images import Pages

log = logging.getLogger(__name__)

CACHE_BYTES = 96 * 1024 * 1024
OPEN_FILES = 3


@dataclass(frozen=True, slots=True)
class Picture:
    """A page (from 1) of a file drawn `width` by `height` device pixels, turned, or the tile `clip` of it."""

    path: Path
    stamp: tuple[float, int]
    page: int
    width: int
    height: int
    turn: int
    clip: tuple[int, int, int, int]


class Renderer(QObject):
    """The drawing thread. Only the latest wishes are kept: what has scrolled away is not drawn."""

    opened = Signal(object, object)
    """(path, list of page sizes in points, or None when the file cannot be drawn)"""
    drawn = Signal(object, QImage)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wake = threading.Condition()
        self._wishes: list[Picture] = []
        self._to_open: list[tuple[Path, tuple[float, int]]] = []
        self._stop = self._guarded = False
        self._files: OrderedDict[tuple[Path, tuple[float, int]], Pages] = OrderedDict()
        self._thread = threading.Thread(target=self._run, name="renderer", daemon=True)
        self._thread.start()

    def open(self, path: Path, stamp: tuple[float, int]) -> None:
        with self._wake:
            self._to_open.append((path, stamp))
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

    def _run(self) -> None:
        while True:
            with self._wake:
                while not (self._stop or self._to_open or self._wishes):
                    self._wake.wait()
                if self._stop:
                    break
                task: tuple[Path, tuple[float, int]] | Picture = self._to_open.pop(0) if self._to_open else self._wishes.pop(0)
            try:
                self._do(task)
            except RuntimeError:  # the window is gone
                break
        for pages in self._files.values():
            pages.close()

    def _do(self, task: tuple[Path, tuple[float, int]] | Picture) -> None:
        try:
            if isinstance(task, Picture):
                pages = self._file(task.path, task.stamp)
                pixels = pages.draw(task.page, task.width, task.height, task.clip, task.turn)
                image = QImage(pixels.data, pixels.width, pixels.height, pixels.width * 4, QImage.Format.Format_RGB32).copy()
                self.drawn.emit(task, image)
            else:
                self.opened.emit(task[0], self._file(*task).sizes())
        except (Unreadable, OSError, ValueError) as error:
            log.warning("cannot draw %s: %s", task, error)
            if not isinstance(task, Picture):
                self.opened.emit(task[0], None)

    def _file(self, path: Path, stamp: tuple[float, int]) -> Pages:
        key = (path, stamp)
        if key in self._files:
            self._files.move_to_end(key)
        else:
            self._files[key] = Pages(path)
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
        self._by_page: dict[tuple[Path, tuple[float, int], int, int], list[Picture]] = {}

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


def _page_of(picture: Picture) -> tuple[Path, tuple[float, int], int, int]:
    return (picture.path, picture.stamp, picture.page, picture.turn)
