"""On which page made from an office file something chosen is printed: only where its own words tell, for no place is known there."""
from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.images import Leaf
from core.model import Table
from core.text import fold
from gui.lookup import Lookup
from gui.state import Selection

LEAST = 6
"""Fewer characters than this tell nothing."""
START = 40


def page_of(selection: Selection, lookup: Lookup, leaves: Sequence[Leaf]) -> int | None:
    """The one page (by its place among `leaves`) on which the chosen row, paragraph or title is printed; None when that is not plain."""
    for pieces in _clues(selection, lookup):
        wanted = [p for p in map(fold, pieces) if p]
        if sum(map(len, wanted)) < LEAST:
            continue
        found = [n for n, leaf in enumerate(leaves) if all(p in leaf.text for p in wanted)]
        if len(found) == 1:
            return found[0]
    return None


def _clues(selection: Selection, lookup: Lookup) -> Iterator[list[str]]:
    """Words that stand together on the page, the surest first."""
    table = lookup.tables.get(selection.table)
    if table is not None:
        yield from _of_row(table, selection.cell[0] - len(table.header) if selection.cell is not None else -1)
        yield [table.title, *(c.label for c in table.columns if c.kind == "amount")]
        return
    document = lookup.result.document
    finding = lookup.finding(selection.finding)
    if finding is not None and selection.evidence < len(finding.evidence):
        yield [finding.evidence[selection.evidence].text]
    for section, paragraph in document.paragraphs():
        if selection.page in (paragraph.page, section.span.place.page if section.span.place else None):
            yield [paragraph.text[:START]]
            yield [paragraph.text[-START:]]


def _of_row(table: Table, row: int) -> Iterator[list[str]]:
    """A row alone, then with its neighbours: rows of the same words and figures stand in several tables."""
    rows = [[c.text for c in line if c is not None and c.text] for line in table.rows]
    if not 0 <= row < len(rows) or not rows[row]:
        return
    near = [rows[n] for n in (row - 1, row + 1) if 0 <= n < len(rows)]
    yield ["".join(rows[row])]
    if len(rows[row]) > 2:
        yield rows[row]
        for other in near:
            yield [*rows[row], *other]
