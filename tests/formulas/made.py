"""Made-up disclosures as Documents without a file, and changes in their cells."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from core.model import Document, Table
from core.numbers import is_blank, parse_amount
from tests.builders import document, table
from tests.generator import plants
from tests.generator.make import Case, paper_of
from tests.generator.paper import Paper
from tests.generator.truth import truth

CASES = (
    Case(), Case(seed=2, single=True), Case(seed=3, fund=True, own=True, carried_basic=True), Case(seed=4, fund=True),
    Case("shanghai-budget", seed=1), Case("shanghai-budget", seed=2, single=True), Case("shanghai-budget", seed=3, single=True, fund=True, own=True),
    Case("shanghai-accounts", seed=1, fund=True), Case("shanghai-accounts", seed=2, own=True), Case("national-accounts", seed=3),
)


def of_paper(paper: Paper) -> Document:
    """The tables of a generated paper as if they had been read."""
    said = truth(paper, None, "示例.pdf", "ruled", [])
    tables = []
    for page, raw in enumerate((t for t in said["tables"] if t["kind"] == "budget"), 5):
        unit = (raw["amount_unit_line"] or "").replace(":", "：").split("：")[-1].strip()
        tables.append(table(raw["id"], raw["body"]["rows"], template_id=said["template"], page=page, header=_spread(raw["header"]),
                            title=raw["title"], unit=unit, notes=raw["notes"], bodies=[said["unit"]]))
    return document(tables, template_id=said["template"], kind=said["kind"], unit_name=said["unit"], year=said["year"],
                    amount_unit="元" if said["template"] == "shanghai-budget" else "万元")


def _spread(header: dict[str, Any]) -> list[list[str | None]]:
    """Header rows with a merged cell's text in every place that it covers."""
    rows = [list(r) for r in header["rows"]]
    for span in header["spans"]:
        for r in range(span["r"], span["r"] + span["rs"]):
            for c in range(span["c"], span["c"] + span["cs"]):
                rows[r][c] = rows[span["r"]][span["c"]]
    return rows


@cache
def made(case: Case) -> Document:
    return of_paper(paper_of(case))


def planted(case: Case, kind: str, most: int = 2) -> list[tuple[Document, dict[str, object]]]:
    """Documents of a case with one error each, and what was planted."""
    paper = paper_of(case)
    out = []
    for change in plants.sites(paper, kind, 0, most):
        changed, said = plants.plant(paper, kind, change)
        if said.get("old") != said.get("new"):
            out.append((of_paper(changed), said))
    return out


def with_cell(doc: Document, table_id: str, row: int, column: int, text: str) -> Document:
    """The document with another text in one cell, given by its place in the printed grid."""
    return replace(doc, tables=tuple(_changed(t, row, column, text) if t.id == table_id else t for t in doc.tables))


def _changed(old: Table, row: int, column: int, text: str) -> Table:
    lines = []
    for line in old.lines:
        cells = {key: replace(cell, text=text, amount=None if is_blank(text) else parse_amount(text, old.amount_unit))
                 if (cell.row, cell.column) == (row, column) else cell for key, cell in line.cells.items()}
        lines.append(replace(line, cells=cells))
    return replace(old, lines=tuple(lines))


def cell_of(doc: Document, table_id: str, row: str, column: str) -> tuple[str, int, int]:
    """The place of a cell by names, for `with_cell`."""
    found = doc.table(table_id)
    assert found is not None
    side = found.column(column).side if found.column(column) else 0
    line = next(o for o in found.find(row) if o.side == side)
    return table_id, line.cells[column].row, line.cells[column].column


def without(doc: Document, tables: Sequence[str]) -> Document:
    return replace(doc, tables=tuple(t for t in doc.tables if t.id not in tables))
