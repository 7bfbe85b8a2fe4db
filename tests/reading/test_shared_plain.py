"""The fast path and plain pdfplumber on every text PDF beside the project: the same tables. A file of its own, so that it runs beside the others."""
from __future__ import annotations

from pathlib import Path

import pytest

from core.model import Document
from core.reading import read_document
from core.text import fold
from tests.reading.test_shared import REAL, TEXT
from tests.truth import SHARED

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is absent")


def grids(doc: Document) -> list[tuple[str, tuple[object, ...], list[list[str | None]]]]:
    return [(t.id, t.pages, [[fold(c.text) if c is not None else None for c in row] for row in (*t.header, *t.rows)]) for t in doc.tables]


@pytest.mark.parametrize("path", [*REAL, *TEXT], ids=lambda p: p.stem)
def test_plain_pdfplumber_reads_the_same_tables(path: Path) -> None:
    assert grids(read_document(path, ocr=False)) == grids(read_document(path, ocr=False, plain=True))
