"""Reading measured on the disclosures beside the project; skipped where they are absent."""
from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.reading import read_document
from core.text import fold
from tests.truth import SHARED

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is absent")
MANIFEST = json.loads((SHARED / "samples" / "MANIFEST.json").read_text("utf-8"))["files"] if SHARED.is_dir() else []
TEXT = sorted(SHARED / "samples" / f["file"] for f in MANIFEST if f["role"] == "control" and not f.get("scanned_pages") and f["file"].endswith(".pdf"))
REAL = sorted((SHARED / "real").glob("*.pdf")) if SHARED.is_dir() else []


@pytest.mark.parametrize("path", TEXT, ids=lambda p: p.stem)
def test_every_filled_cell_is_read_as_printed(path: Path) -> None:
    doc = read_document(path, ocr=False)
    truth = json.loads(path.with_suffix(".truth.json").read_text("utf-8"))
    for table in truth["tables"]:
        made = next(t for t in doc.tables if t.pages[0] == table["pages"][0] and fold(t.title) == fold(table["title"]))
        rows = [[None if c is None else fold(c.text) for c in row] for row in made.rows]
        wanted = table["body"]["rows"]
        assert len(rows) == len(wanted), table["id"]
        for r, row in enumerate(wanted):
            for c, text in enumerate(row):
                assert text is None or (rows[r][c] or "") == fold(text), (table["id"], r + 1, c + 1)


@pytest.mark.parametrize("path", [p for p in REAL if "template" not in p.stem], ids=lambda p: p.stem)
def test_every_published_table_is_recognised(path: Path) -> None:
    doc = read_document(path, ocr=False)
    assert {f"表{n}" for n in range(1, 10)} <= {t.id for t in doc.tables}
    assert doc.unit_name.value and doc.year and doc.kind
