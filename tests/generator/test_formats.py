"""Word, Excel and scanned variants, and the bundled sample."""
from __future__ import annotations

import json
from pathlib import Path

import docx
import openpyxl
import pypdfium2

from core.paths import resource
from tests.generator import office, sample
from tests.generator.__main__ import main
from tests.generator.make import Case, generate, paper_of
from tests.generator.scan import scanned

SMALL = Case("shanxi-budget", "medical", 7, projects=2, carried=1, blocks=1)


def test_a_word_file_has_every_table(tmp_path: Path) -> None:
    paper = paper_of(SMALL)
    made = office.docx(paper, tmp_path, "a")
    opened = docx.Document(str(made.path))
    assert len(opened.tables) == len([g for g in paper.grids() if g.rows or g.header])
    third = next(g for g in paper.grids() if g.id == "表三")
    read = opened.tables[2]
    assert [read.cell(2, 0).text, read.cell(2, 2).text] == [third.rows[0].cells[0], third.rows[0].cells[2]]


def test_a_workbook_has_numbers_as_numbers(tmp_path: Path) -> None:
    paper = paper_of(SMALL)
    made = office.xlsx(paper, tmp_path, "a")
    sheet = openpyxl.load_workbook(made.path)["表三"]
    grid = next(g for g in paper.grids() if g.id == "表三")
    found = [row for row in sheet.iter_rows(values_only=True) if row[0] == "合计"]
    assert found[0][2] == float(grid.rows[0].cells[2] or 0)
    assert any(row[0] == "208" for row in sheet.iter_rows(values_only=True)), "codes stay text"


def test_a_scan_is_a_picture_without_text(tmp_path: Path) -> None:
    source = generate(SMALL, tmp_path)
    made = scanned(source, tmp_path, "scan", dpi=100, pages=[4, 5, 6])
    book = pypdfium2.PdfDocument(made.path)
    assert len(book) == 3
    assert not any(p.get_textpage().get_text_range().strip() for p in book)
    assert all(any(o.type == 3 for o in p.get_objects()) for p in book)
    book.close()
    assert [t["id"] for t in made.truth["tables"]]
    assert all(1 <= t["title_page"] <= 3 for t in made.truth["tables"])


def test_the_command_writes_files_truths_and_a_manifest(tmp_path: Path) -> None:
    assert main([str(tmp_path), "--templates", "shanghai-budget", "--styles", "rects", "--plant", "wrong_total_row", "code_order", "--each", "1"]) == 0
    manifest = json.loads((tmp_path / "MANIFEST.json").read_text("utf-8"))
    assert [f["role"] for f in manifest["files"]][0] == "control"
    assert manifest["injected_kinds"]["wrong_total_row"] == 1
    for entry in manifest["files"]:
        truth = json.loads((tmp_path / entry["truth"]).read_text("utf-8"))
        assert truth["file"] == entry["file"] and (tmp_path / entry["file"]).exists()
        assert entry["control"] in (None, manifest["files"][0]["file"])


def _text(path: Path) -> list[str]:
    book = pypdfium2.PdfDocument(path)
    out = [p.get_textpage().get_text_range() for p in book]
    book.close()
    return out


def test_regenerating_the_sample_gives_the_same_text(tmp_path: Path) -> None:
    made = sample.make(tmp_path)
    assert _text(made.path) == _text(resource("sample.pdf"))
    kept = json.loads(resource("sample.truth.json").read_text("utf-8"))
    assert kept["injected"] == json.loads(json.dumps(made.truth["injected"], ensure_ascii=False))


def test_the_sample_is_small_made_up_and_has_errors_of_many_families() -> None:
    kept = json.loads(resource("sample.truth.json").read_text("utf-8"))
    assert 30 <= kept["pages"] <= 45
    assert resource("sample.pdf").stat().st_size < 600_000
    assert kept["unit"].startswith("示例县")
    assert 8 <= len(kept["injected"]) <= 13
    assert len({i["family"] for i in kept["injected"]}) >= 8
