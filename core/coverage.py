"""How much of what is printed has been verified: every amount in tables and narrative, and whether a relation took it in."""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from core.model import Box, Document, Span, Table
from core.results import FAIL, PASS, Coverage, Evidence, Outcome

NARRATIVE = "文字"
_FIGURE = re.compile(r"\d[\d,，]*(?:[.．]\s?\d+)?\s*(?:亿元|万元|千元|元|[%％])")


def coverage(document: Document, outcomes: Iterable[Outcome]) -> Coverage:
    """Counts over the printed amounts; a figure is verified when a relation that ran stands on it."""
    seen = [e for o in outcomes if o.status in (PASS, FAIL) for e in (o.evidence if o.verifies is None else o.verifies)]
    cells = frozenset((e.table, *e.cell) for e in seen if e.cell is not None)
    parts: list[tuple[str, int, int]] = []
    verified: set[tuple[str, int, int]] = set()
    for table in document.tables:
        printed = set(amount_places(table))
        known = printed & cells
        verified |= known
        if printed:
            parts.append((table.id, len(printed), len(known)))
    words = [e for e in seen if e.cell is None and e.page is not None]
    total = hit = 0
    for span in narrative_figures(document):
        total += 1
        hit += _covered(span, words)
    if total:
        parts.append((NARRATIVE, total, hit))
    return Coverage(sum(p[1] for p in parts), sum(p[2] for p in parts), tuple(parts), frozenset(verified))


def amount_places(table: Table) -> Iterator[tuple[str, int, int]]:
    """Every printed amount of a table: amount columns of its rows, funds of a performance form."""
    for _, _, cell in table.amount_cells():
        yield table.id, cell.row, cell.column
    if table.form is not None:
        for cell in table.form.funds.values():
            if any(c.isdigit() for c in cell.text):
                yield table.id, cell.row, cell.column


def narrative_figures(document: Document) -> Iterator[Span]:
    """Every sum of money and every percentage in the narrative, with its place."""
    for _, paragraph in document.paragraphs():
        for match in _FIGURE.finditer(paragraph.text):
            yield paragraph.span(match.start(), match.end())


def _covered(span: Span, words: list[Evidence]) -> bool:
    """Whether some evidence is this very figure and not a sentence around it."""
    for place in span.places:
        for evidence in words:
            if evidence.page != place.page:
                continue
            if place.box is not None and evidence.box is not None:
                if _inside(evidence.box, place.box):
                    return True
            elif evidence.text and len(evidence.text) <= len(span.text) + 2 and _number(evidence.text) == _number(span.text):
                return True
    return False


def _number(text: str) -> str:
    return "".join(c for c in text if c.isdigit() or c == ".")


def _inside(one: Box, other: Box) -> bool:
    """Whether most of `one` lies in `other`."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    area = (one[2] - one[0]) * (one[3] - one[1])
    return width > 0 and height > 0 and area > 0 and width * height >= 0.6 * area

