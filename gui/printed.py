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
NEAR = 12
"""So many rows to each side may tell for a row that stands on several pages."""


def page_of(selection: Selection, lookup: Lookup, leaves: Sequence[Leaf], sheets: bool) -> int | None:
    """The one page (by its place among `leaves`) on which the chosen row, paragraph or title is printed; None when that is not plain.

    `sheets` says that every sheet is one page, so that a row tells for its whole table.
    """
    table = lookup.tables.get(selection.table)
    if table is not None:
        row = selection.cell[0] - len(table.header) if selection.cell is not None else -1
        return _page_of_row(table, row, leaves, sheets)
    for text in _texts(selection, lookup):
        found = _only(leaves, [text])
        if found is not None:
            return found
    return None


def _only(leaves: Sequence[Leaf], pieces: Sequence[str]) -> int | None:
    """The only page that prints all of these."""
    wanted = [p for p in map(fold, pieces) if p]
    if sum(map(len, wanted)) < LEAST:
        return None
    found = [n for n, leaf in enumerate(leaves) if all(p in leaf.text for p in wanted)]
    return found[0] if len(found) == 1 else None


def _page_of_row(table: Table, row: int, leaves: Sequence[Leaf], sheets: bool) -> int | None:
    """A row is known by its cells; else it lies between two rows known to be on one page. Headings count as just above the first row."""
    rows = [[c.text for c in line if c is not None and c.text] for line in table.rows]

    def told(number: int) -> int | None:
        """Two cells may stand together anywhere: they have to follow each other."""
        return _only(leaves, rows[number] if len(rows[number]) > 2 else ["".join(rows[number])])

    def first(numbers: range) -> int | None:
        return next((page for n in numbers if (page := told(n)) is not None), None)

    own = told(row) if 0 <= row < len(rows) else None
    if own is not None:
        return own
    row = max(row, -1)
    above, below = first(range(row - 1, max(-1, row - 1 - NEAR), -1)), first(range(row + 1, min(len(rows), row + 1 + NEAR)))
    if above is None and below is None:
        return _only(leaves, [table.title]) if sheets or row < 0 else None
    if sheets or row < 0:
        return below if above is None else above
    return above if above == below else None


def _texts(selection: Selection, lookup: Lookup) -> Iterator[str]:
    """The words that the chosen place itself prints, the surest first."""
    finding = lookup.finding(selection.finding)
    if finding is not None and selection.evidence < len(finding.evidence):
        yield finding.evidence[selection.evidence].text
    for section, paragraph in lookup.result.document.paragraphs():
        if selection.page in (paragraph.page, section.page):
            yield paragraph.text[:START]
            yield paragraph.text[-START:]
