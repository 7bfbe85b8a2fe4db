"""Rows of texts to the grid of an open table: where the heading ends, which reading of its columns fits best, each text in its cell."""
from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.layouts import TableLayout
from core.model import Cell, Place
from core.numbers import is_blank, looks_numeric
from core.reading.blocks import Piece, joined, whole_names
from core.reading.grids import text_of
from core.reading.open_columns import columns_from_left, columns_of, cuts_of, heading_rows, leaves_of, reaches
from core.reading.pages import RawGrid
from core.reading.pdf import PageFacts
from core.reading.tables import TOTAL_NAME, YEAR_IN_HEADING, header_paths, match_columns, names_sums
from core.text import fold

_FIRST = re.compile(r"\d{3}(?:\d\d){0,2}$|[一二三四五六七八九十]+、|[(（][一二三四五六七八九十]+[)）]|(?:部门|单位)?(?:合计|总计)$")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Carry:
    """The columns of an open table that reached the foot of its page, for the part overleaf."""

    cuts: tuple[float, ...]
    ruled_rows: bool
    heading: frozenset[str] = frozenset()
    """The texts of its heading, to know it again where each page repeats it."""


@dataclass(frozen=True, slots=True)
class OpenRows:
    """The rows of an open table from top to bottom, each with its texts, and the edges above, between and below them.

    `left`, `right`: how far the table reaches; `exact` where lines say so. `cuts`: where its columns part, when lines show that.
    `drawn`: the line below a heading, when it is drawn below some columns only.
    """

    rows: Sequence[Sequence[Piece]]
    edges: Sequence[float]
    left: float
    right: float
    exact: bool = False
    cuts: Sequence[float] | None = None
    drawn: Callable[[Piece], tuple[float, float] | None] | None = None


def grid_of(table: OpenRows, facts: PageFacts, layouts: Sequence[TableLayout], carry: Carry | None) -> RawGrid | None:
    """The reading that cuts through the fewest texts and fits one of the layouts best; without any, that which leaves the fewest columns
    without a name. None when there are no columns. With `carry` the columns are those of the page before, and a heading that is repeated is left out."""
    rows = table.rows
    if carry is not None:
        again = next((i for i, row in enumerate(rows) if any(p.text not in carry.heading for p in row)), len(rows))
        return _made([], [], rows[again:], table.edges[again:], _widened(carry.cuts, table), facts) if again < len(rows) else None
    height = _first_body_row(rows)
    numbers = [rows[height - 1]] if height > 1 and counts(rows[height - 1]) else []
    heading = whole_names([p for row in rows[:height - len(numbers)] for p in row])
    texts = [p for row in rows[height:] for p in row if not TOTAL_NAME.fullmatch(fold(p.text))]
    body = reaches(texts)
    options = [leaves_of(heading), leaves_of(heading, centred=False)]
    options += [sorted((p for p in heading if any(c.heading.fullmatch(YEAR_IN_HEADING.sub("", fold(p.text))) for c in layout.columns)),
                       key=lambda p: p.x0) for layout in layouts]
    best: tuple[int, int, int] | None = None
    grid: RawGrid | None = None
    for leaves in options:
        nameless = 0
        if table.cuts is not None:
            cuts = list(table.cuts)
        else:
            named = sorted([*leaves, *(n for row in numbers for n in row if not any(n.over(leaf) for leaf in leaves))], key=lambda p: p.x0)
            columns = columns_from_left(named, body) or columns_of(named, body)
            if len(columns) < 2:
                continue
            cuts = cuts_of(columns, table.left, table.right, table.exact)
            nameless = sum(c.heading is None for c in columns)
        top, edges = heading_rows(heading, leaves, cuts, facts, table.drawn, table.exact)
        made = _made(top, edges, [*numbers, *rows[height:]], table.edges[height - len(numbers):], cuts, facts)
        across = sum(first < last for first, last in (columns_under(cuts, p) for p in texts))
        worth = -across, _fit(made, layouts), -nameless
        if best is None or worth > best:
            best, grid = worth, made
    return grid


def _widened(cuts: Sequence[float], table: OpenRows) -> list[float]:
    """Columns of the page before, the outer ones as wide as this page's texts want."""
    return [min(cuts[0], table.left), *cuts[1:-1], max(cuts[-1], table.right)]


def _made(heading: list[list[Cell | None]], tops: list[float], rows: Sequence[Sequence[Piece]], edges: Sequence[float], cuts: list[float],
          facts: PageFacts) -> RawGrid:
    """The rows of the heading, whose edges are `tops`, and those below it, each text in its column."""
    ys = [*(tops[:-1] if rows else tops), *(edges if rows else ())]
    grid = [*heading, *(_row_of(row, cuts, ys, i, facts) for i, row in enumerate(rows, len(heading)))]
    box = facts.shown((cuts[0], ys[0], cuts[-1], ys[-1]))
    header = len(heading) + bool(heading and rows and counts(rows[0]))
    return RawGrid(facts.number, box, tuple(tuple(r) for r in grid), tuple(cuts), tuple(ys), ruled=False, header=header or None)


def _fit(grid: RawGrid, layouts: Sequence[TableLayout]) -> int:
    """How many columns of the layout that fits best are found."""
    heights = [grid.header] if grid.header is not None else range(1, min(5, len(grid.rows) + 1))
    return max((match_columns(layout, header_paths(grid.rows[:h], len(grid.rows[0])), True)[1] for layout in layouts for h in heights), default=0)


def _first_body_row(rows: Sequence[Sequence[Piece]]) -> int:
    """Where the heading ends: before the first figure, code, item or total, and before names without figures that
    stand in line with the first of those."""
    for i, row in enumerate(rows):
        if not row:
            continue
        if counts(row):
            return i + 1
        texts = [fold(p.text) for p in row]
        if any(looks_numeric(t) and not _YEAR.fullmatch(t) or is_blank(t) for t in texts) or _FIRST.match(texts[0]) and (
                len(row) == 1 or not names_sums(texts)):
            return i - _names_before(rows[:i], row[0])
    return max((i + 1 for i, row in enumerate(rows) if row), default=0)


def _names_before(rows: Sequence[Sequence[Piece]], first: Piece) -> int:
    """How many of the last rows are names without figures: alone in their rows, the first in line with others or with the text after them."""
    alone = 0
    while alone + 1 < len(rows) and len(rows[-1 - alone]) == 1:
        alone += 1
    edges = [row[0].x0 for row in rows[len(rows) - alone:]]
    left = min(edges, default=0.0)
    if alone and (sum(abs(x - left) < 2 for x in edges) > 1 or abs(first.x0 - left) < 2):
        return alone - next(k for k, x in enumerate(edges) if abs(x - left) < 2)
    return 0


def counts(row: Sequence[Piece]) -> bool:
    """A row of column numbers, 1 2 3 …, perhaps after 栏次."""
    numbers = [t for p in row if looks_numeric(t := fold(p.text))]
    return len(numbers) >= 2 and all(n.isdigit() for n in numbers) and all(int(b) == int(a) + 1 for a, b in pairwise(numbers))


def _row_of(row: Sequence[Piece], cuts: list[float], ys: Sequence[float], index: int, facts: PageFacts) -> list[Cell | None]:
    """The texts of a row as the cells of its columns."""
    width = len(cuts) - 1
    cells: list[Cell | None] = []
    spans: dict[int, tuple[int, Piece]] = {}
    for piece in row:
        first, last = columns_under(cuts, piece)
        if first in spans:
            before = spans[first]
            spans[first] = (max(before[0], last), joined([before[1], piece]))
        else:
            if first and not spans and TOTAL_NAME.fullmatch(fold(piece.text)):
                first = 0  # a total is centred over the columns it stands for
            spans[first] = (last, piece)
    j = 0
    while j < width:
        last = spans[j][0] if j in spans else j
        box = facts.shown((cuts[j], ys[index], cuts[last + 1], ys[index + 1]))
        text = text_of(spans[j][1].chars) if j in spans else ""
        cells.append(Cell(text, Place(facts.number, box), index, j, 1, last - j + 1))
        cells += [None] * (last - j)
        j = last + 1
    return cells


def columns_under(cuts: list[float], piece: Piece) -> tuple[int, int]:
    """First and last column that a piece covers; a slight overhang into the next column counts for nothing."""
    first, last = _column_at(cuts, piece.x0 + 0.5), _column_at(cuts, piece.x1 - 0.5)
    width = piece.x1 - piece.x0
    while first < last and cuts[first + 1] - piece.x0 < 0.3 * min(width, cuts[first + 1] - cuts[first]):
        first += 1
    while first < last and piece.x1 - cuts[last] < 0.3 * min(width, cuts[last + 1] - cuts[last]):
        last -= 1
    return first, last


def _column_at(cuts: list[float], x: float) -> int:
    for j in range(len(cuts) - 1):
        if x < cuts[j + 1]:
            return j
    return len(cuts) - 2
