"""Pages as pixels, drawn as people see them: /Rotate applied, inside the crop box. The only user of pypdfium2's drawing.

PDFium works on one thread at a time, so every call into it goes through one lock.
"""
from __future__ import annotations

import ctypes
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import Unreadable

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
