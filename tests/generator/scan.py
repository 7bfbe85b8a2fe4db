"""A generated PDF as a scanner sees it: page pictures, a little turned and noisy, without text."""
from __future__ import annotations

import io
import json
import random
from collections.abc import Collection
from pathlib import Path

import numpy
import pypdfium2
from PIL import Image, ImageFilter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.generator.make import Generated


def scanned(source: Generated, folder: Path, name: str, *, dpi: int = 200, skew: float = 0.6, noise: float = 6.0, quality: int = 60, seed: int = 1,
            pages: Collection[int] | None = None) -> Generated:
    """The source with its pages (or some of them, from 1) replaced by pictures. Pages that are not scanned are left out."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(f"scan/{seed}")
    grains = numpy.random.default_rng(seed)
    path = folder / f"{name}.pdf"
    book = pypdfium2.PdfDocument(source.path.read_bytes())
    canvas = Canvas(str(path), invariant=1)
    chosen = [n for n in range(1, len(book) + 1) if pages is None or n in pages]
    for number in chosen:
        page = book[number - 1]
        w, h = page.get_size()
        picture = page.render(scale=dpi / 72).to_pil().convert("L")
        turned = picture.rotate(rng.uniform(-skew, skew), resample=Image.Resampling.BICUBIC, fillcolor=255).filter(ImageFilter.GaussianBlur(0.6))
        grey = numpy.asarray(turned, dtype=numpy.float32) + grains.normal(0, noise, (turned.height, turned.width)).astype(numpy.float32)
        buffer = io.BytesIO()
        Image.fromarray(grey.clip(0, 255).astype(numpy.uint8)).save(buffer, "JPEG", quality=quality)
        canvas.setPageSize((w, h))
        canvas.drawImage(ImageReader(buffer), 0, 0, w, h)
        canvas.showPage()
    canvas.save()
    book.close()
    known = {**source.truth, "file": path.name, "page_types": {"default": "scan"}, "style": f"{source.truth['style']}-scan"}
    if pages is not None:
        known = _kept(known, chosen)
    path.with_suffix(".truth.json").write_text(json.dumps(known, ensure_ascii=False), "utf-8")
    return Generated(path, known, source.paper)


def _kept(known: dict, chosen: list[int]) -> dict:  # type: ignore[type-arg]
    """The truth of these pages alone: tables that lie on them whole, with their new page numbers."""
    new = {old: i + 1 for i, old in enumerate(chosen)}
    tables = []
    for table in known["tables"]:
        pages = table["body"]["row_pages"]
        if pages and all(p in new for p in pages) and table["title_page"] in new:
            body = {**table["body"], "row_pages": [new[p] for p in pages]}
            if table["kind"] == "perf":  # forms are numbered as they come
                table = {**table, "id": f"绩效{1 + sum(t['kind'] == 'perf' for t in tables)}"}
            tables.append({**table, "body": body, "title_page": new[table["title_page"]], "pages": [new[table["title_page"]], new[pages[-1]]]})
    return {**known, "tables": tables, "pages": len(chosen), "sections": [], "paragraphs": [], "toc": [], "front_pages": 0}
