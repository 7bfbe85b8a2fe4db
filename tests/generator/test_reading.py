"""The reader on every look: each cell of each table exactly as it was printed."""
from __future__ import annotations

from pathlib import Path

import pytest

from core.reading import read_document
from tests.generator import office
from tests.generator.compare import differences
from tests.generator.make import Case, generate, paper_of
from tests.generator.scan import scanned
from tests.generator.styles import STYLES

TEMPLATES = (("shanxi-budget", "hrss"), ("shanghai-budget", "commerce"), ("shanghai-accounts", "urban"), ("national-accounts", "medical"))


def case_for(style: str, template: str, theme: str) -> Case:
    n = list(STYLES).index(style) + 1
    return Case(template, theme, n, 2024 + n % 2, style=style, single=n % 3 == 0, fund=theme == "urban", projects=4, carried=1, blocks=2)


@pytest.mark.parametrize("style", list(STYLES))
@pytest.mark.parametrize(("template", "theme"), TEMPLATES, ids=[t for t, _ in TEMPLATES])
def test_every_cell_is_read_as_printed(style: str, template: str, theme: str, tmp_path: Path) -> None:
    made = generate(case_for(style, template, theme), tmp_path)
    document = read_document(made.path, ocr=False)
    assert differences(made.truth, document) == []


def test_a_table_of_no_template_is_read_too(tmp_path: Path) -> None:
    made = generate(Case("shanxi-budget", "hrss", 31, 2025, style="ruled", projects=2, carried=0, blocks=0, adjustments=True), tmp_path)
    document = read_document(made.path, ocr=False)
    assert differences(made.truth, document) == []
    assert next(t for t in document.tables if "资金调整情况表" in t.title).kind == "unknown"


@pytest.mark.parametrize(("template", "theme"), TEMPLATES[:2], ids=[t for t, _ in TEMPLATES[:2]])
def test_word_and_excel_files_are_read_exactly(template: str, theme: str, tmp_path: Path) -> None:
    paper = paper_of(Case(template, theme, 5, 2025, projects=3, blocks=1))
    word, book = office.docx(paper, tmp_path, "a"), office.xlsx(paper, tmp_path, "a")
    assert differences(word.truth, read_document(word.path)) == []
    numbered = {**book.truth, "tables": [t for t in book.truth["tables"] if t["kind"] == "budget"]}
    assert differences(numbered, read_document(book.path)) == []


@pytest.mark.slow
def test_a_scanned_page_is_read_as_printed(tmp_path: Path) -> None:
    source = generate(Case("shanxi-budget", "urban", 5, 2025, projects=2, carried=0, blocks=0), tmp_path)
    page = next(t["title_page"] for t in source.truth["tables"] if t["id"] == "表十")
    made = scanned(source, tmp_path, "scan", pages=[page])
    document = read_document(made.path, template="shanxi-budget")  # one page alone names no template
    assert differences(made.truth, document) == []
    assert all(c.confidence is not None for t in document.tables for row in t.rows for c in row if c is not None and c.text)
