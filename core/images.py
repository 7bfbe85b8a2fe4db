"""Pages as pixels, drawn as people see them: /Rotate applied, inside the crop box. The only user of pypdfium2's drawing.

`Pages` is one PDF. A `Book` is a disclosure: its own pages, those of the PDFs among its parts as one run, and what was made of its office files.
PDFium works on one thread at a time, so every call into it goes through one lock.
"""
from __future__ import annotations

import ctypes
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import Unreadable
from core.model import PageId
from core.text import fold

if TYPE_CHECKING:
    from core.reading.folders import Member

LOCK = threading.RLock()


@dataclass(frozen=True, slots=True)
class Pixels:
    """An opaque picture, four bytes a pixel: blue, green, red, unused."""

    width: int
    height: int
    data: bytes


class Pages:
    """A PDF opened for drawing. It is read into memory whole, so the file on disk is never locked."""

    def __init__(self, source: Path | bytes) -> None:
        import pypdfium2
        data = source.read_bytes() if isinstance(source, Path) else source
        with LOCK:
            try:
                self._pdf: Any = pypdfium2.PdfDocument(data)
            except pypdfium2.PdfiumError as error:
                raise Unreadable(f"无法显示此 PDF：{error}") from error
            self._pages: dict[int, Any] = {}
            self.count: int = len(self._pdf)

    def size(self, page: int) -> tuple[float, float]:
        """Width and height in points of a page (from 1) as it is shown."""
        with LOCK:
            wide, high = self._pdf.get_page_size(page - 1)
        return float(wide), float(high)

    def sizes(self) -> list[tuple[float, float]]:
        return [self.size(n) for n in range(1, self.count + 1)]

    def text(self, page: int) -> str:
        """What is printed on a page, folded for comparison."""
        with LOCK:
            own = self._page(page).get_textpage()
            try:
                return fold(own.get_text_range())
            finally:
                own.close()

    def draw(self, page: int, width: int, height: int, clip: tuple[int, int, int, int] | None = None, turn: int = 0) -> Pixels:
        """A page drawn `width` by `height` pixels large, or the part of that (left, top, right, bottom) in `clip`.

        `turn` turns it clockwise by 0, 90, 180 or 270 degrees on top of its own /Rotate; width and height are those after it.
        """
        import pypdfium2.raw as raw
        left, top, right, bottom = clip or (0, 0, width, height)
        wide, high = right - left, bottom - top
        with LOCK:
            handle = self._page(page)
            bitmap = raw.FPDFBitmap_CreateEx(wide, high, raw.FPDFBitmap_BGRx, None, wide * 4)
            try:
                raw.FPDFBitmap_FillRect(bitmap, 0, 0, wide, high, 0xFFFFFFFF)
                flags = raw.FPDF_ANNOT
                raw.FPDF_RenderPageBitmap(bitmap, handle.raw, -left, -top, width, height, turn // 90 % 4, flags)
                stride = raw.FPDFBitmap_GetStride(bitmap)
                data = ctypes.string_at(raw.FPDFBitmap_GetBuffer(bitmap), stride * high)
            finally:
                raw.FPDFBitmap_Destroy(bitmap)
        return Pixels(wide, high, data)

    def render(self, page: int, dpi: float = 150.0) -> Pixels:
        """A whole page at a resolution, as recognition wants it."""
        wide, high = self.size(page)
        return self.draw(page, max(1, round(wide * dpi / 72)), max(1, round(high * dpi / 72)))

    def _page(self, page: int) -> Any:
        if page not in self._pages:
            if len(self._pages) >= 6:  # a parsed page may hold large images
                self._pages.pop(next(iter(self._pages))).close()
            self._pages[page] = self._pdf[page - 1]
        return self._pages[page]

    def close(self) -> None:
        with LOCK:
            for handle in self._pages.values():
                handle.close()
            self._pages.clear()
            self._pdf.close()


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of a book: page `number` of its part ("" for a file by itself). `id` is what places call it.

    A page made from an office file has no id, because no place is known on it; it has its `text`, folded, instead.
    """

    part: str
    number: int
    size: tuple[float, float]
    id: PageId | None
    text: str = ""


class Book:
    """A disclosure opened for drawing. `made` holds what was made of parts that are no PDF: their names and PDFs.

    `leaves` are its pages in order, `bare` the names of the parts that have none.
    """

    def __init__(self, path: Path, made: Mapping[str, bytes] | None = None) -> None:
        from core.reading import is_folder, kind_of
        folder, made = is_folder(path), made or {}
        self._parts: dict[str, Pages] = {}
        leaves: list[Leaf] = []
        bare: list[str] = []
        try:
            for name, file in _files(path) if folder else [("", path)]:
                data = file.read_bytes()
                printed = kind_of(name or path.name, data) == "pdf"
                if not printed and name not in made:
                    bare.append(name)
                    continue
                pages = self._parts[name] = Pages(data if printed else made[name])
                for number, size in enumerate(pages.sizes(), 1):
                    named = None if not printed else _name(number, name) if folder else number
                    leaves.append(Leaf(name, number, size, named, "" if printed else pages.text(number)))
        except BaseException:
            self.close()
            raise
        self.leaves, self.bare = tuple(leaves), tuple(bare)

    @property
    def parts(self) -> Collection[str]:
        """The parts that have pages."""
        return self._parts.keys()

    def draw(self, part: str, page: int, width: int, height: int, clip: tuple[int, int, int, int] | None = None, turn: int = 0) -> Pixels:
        """As `Pages.draw`, of a page of a part."""
        return self._parts[part].draw(page, width, height, clip, turn)

    def close(self) -> None:
        for pages in self._parts.values():
            pages.close()


def parts_of(path: Path, names: Collection[str]) -> dict[str, tuple[str, bytes]]:
    """Suffix and content of the parts with these names, as `Book.bare` gives them."""
    from core.reading import is_folder
    files = _files(path) if is_folder(path) else [("", path)]
    return {name: (Path(name or path.name).suffix.lower(), file.read_bytes()) for name, file in files if name in names}


def _files(path: Path) -> Sequence[tuple[str, Path | Member]]:
    from core.reading.folders import open_folder
    return open_folder(path)


def _name(number: int, part: str) -> str:
    from core.reading.folders import page_name
    return page_name(number, part)
