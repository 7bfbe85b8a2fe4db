"""The reader on every look: each cell of each table exactly as it was printed."""
from __future__ import annotations

from pathlib import Path

import pytest

from core.reading import read_document
from tests.generator.compare import differences
from tests.generator.make import Case, generate
from tests.generator.styles import STYLES

TEMPLATES = (("shanxi-budget", "hrss"), ("shanghai-budget", "commerce"), ("shanghai-accounts", "urban"), ("national-accounts", "medical"))


def case_for(style: str, template: str, theme: str) -> Case:
    n = list(STYLES).index(style) + 1
    return Case(template, theme, n, 2024 + n % 2, style=style, single=n % 3 == 0, fund=theme == "urban", projects=4, carried=1, blocks=2)


OPEN = ("rows", "bare", "fullwidth")
"""Without vertical rules: read well, not yet exactly in every document."""


@pytest.mark.parametrize("style", [s if s not in OPEN else pytest.param(s, marks=pytest.mark.xfail(reason="open tables", strict=False)) for s in STYLES])
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
