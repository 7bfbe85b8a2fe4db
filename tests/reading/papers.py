"""One-page PDFs drawn for a test."""
from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import pikepdf
from reportlab.pdfgen.canvas import Canvas

from core.reading.grids import read_page
from core.reading.pages import RawGrid, RawPage
from core.reading.pdf import PageFacts, PdfFile
from tests.generator.pdf import font

Draw = Callable[[Canvas], None]


def pdf(*draws: Draw, size: tuple[float, float] = (595, 842), rotate: int = 0, crop: Sequence[float] | None = None) -> bytes:
    """A PDF with one page for each `draw`. Coordinates are reportlab's (from the bottom left)."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=size)
    for draw in draws:
        canvas.setFont(font(), 10)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    if not rotate and crop is None:
        return buffer.getvalue()
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(buffer.getvalue())) as opened:
        for page in opened.pages:
            if rotate:
                page.Rotate = rotate
            if crop is not None:
                page.CropBox = pikepdf.Array([float(c) for c in crop])
        opened.save(out)
    return out.getvalue()


def facts(data: bytes, number: int = 1, plain: bool = False) -> PageFacts:
    opened = PdfFile(data, plain)
    try:
        return opened.page(number)
    finally:
        opened.close()


def page(data: bytes, number: int = 1, plain: bool = False) -> RawPage:
    return read_page(facts(data, number, plain))[0]


def texts(grid: RawGrid) -> list[list[str | None]]:
    return [[c.text if c is not None else None for c in row] for row in grid.rows]


def table(canvas: Canvas, rows: Sequence[Sequence[str]], xs: Sequence[float], top: float, height: float = 20.0, *, rules: str = "lines") -> None:
    """Rows of texts. `rules`: lines (stroked), rects (thin filled rectangles), h (row lines only), none. A text at a figure's column is right-aligned."""
    ys = [top - height * i for i in range(len(rows) + 1)]
    for y in ys if rules in ("lines", "rects", "h") else []:
        if rules == "rects":
            canvas.rect(xs[0], y - 0.25, xs[-1] - xs[0], 0.5, stroke=0, fill=1)
        else:
            canvas.line(xs[0], y, xs[-1], y)
    for x in xs if rules in ("lines", "rects") else []:
        if rules == "rects":
            canvas.rect(x - 0.25, ys[-1], 0.5, ys[0] - ys[-1], stroke=0, fill=1)
        else:
            canvas.line(x, ys[0], x, ys[-1])
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            if text[:1].isdigit() and j:
                canvas.drawRightString(xs[j + 1] - 4, ys[i] - 14, text)
            else:
                canvas.drawString(xs[j] + 4, ys[i] - 14, text)
