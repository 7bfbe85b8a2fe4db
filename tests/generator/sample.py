"""The disclosure that the program opens with: a made-up department with a dozen errors of many families."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from core.paths import resource
from tests.generator import plants
from tests.generator.make import Case, Generated, paper_of, render
from tests.generator.styles import Style

CASE = Case("shanxi-budget", "hrss", 11, 2025, projects=9, carried=1, blocks=5)
STYLE = Style("sample", wide=("表二", "表九", "表十二"))
PLAN = (
    ("wrong_subtotal_group", 3), ("t5_t6_basic", 2), ("t10_three_public_total", 0), ("narrative_share", 1), ("narrative_direction", 2),
    ("performance_amount_mismatch", 1), ("performance_funds_sum", 5), ("code_name_mismatch", 2), ("catalogue_name_mismatch", 3),
    ("missing_note_on_empty_table", 1), ("vehicles_sum", 3), ("toc_page_wrong", 4), ("doubled_punctuation", 5),
)


def make(folder: Path, name: str = "sample") -> Generated:
    """The sample and its truth in a folder. Each error is looked for in the paper without error, so that they don't disturb each other."""
    paper = paper_of(CASE)
    plan: list[tuple[str, plants.Change]] = []
    for kind, place in PLAN:
        found = plants.sites(paper, kind, CASE.seed)
        plan.append((kind, found[place % len(found)]))
    return render(paper, STYLE, folder, name, plan)


def write() -> str:
    """Regenerates resources/sample.pdf and the list of what is planted in it."""
    made = make(resource())
    made.path.with_suffix(".truth.json").unlink()
    known: list[dict[str, Any]] = made.truth["injected"]
    resource("sample.truth.json").write_text(json.dumps({"file": "sample.pdf", "unit": made.truth["unit"], "year": made.truth["year"], "pages": made.truth["pages"],
                                                         "injected": known}, ensure_ascii=False, indent=1), "utf-8")
    return f"{made.path}: {made.truth['pages']} pages, {made.path.stat().st_size} bytes, {len(known)} errors"
