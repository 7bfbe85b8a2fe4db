"""Columns and headings of tables without lines: which headings name a column, what stands below each, and over which columns others reach.

Cells of a heading are centred, across and down; that is what tells a name over several columns from the name of one.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from core.model import Cell, Place
from core.numbers import looks_numeric
from core.reading.blocks import Piece, storeys_of
from core.reading.grids import text_of
from core.reading.pdf import PageFacts

NEAR = 3.0
"""Points by which the middle of a heading may miss the middle of what it stands over."""


@dataclass(slots=True)
class OpenColumn:
    """A column: its heading and the reach of what stands below it, either of which may be missing. `x0`, `x1`: the least room it takes."""

    x0: float
    x1: float
    heading: Piece | None


@dataclass(frozen=True, slots=True)
class Reach:
    """Texts below each other: how far left and right they reach, and whether they are figures."""

    x0: float
    x1: float
    figures: bool


def reaches(pieces: Sequence[Piece]) -> list[Reach]:
    """Pieces that overlap from above, directly or through others, from left to right."""
    groups: list[list[Piece]] = []
    right = 0.0
    for piece in sorted(pieces, key=lambda p: p.x0):
        if groups and piece.x0 < right + 1:
            groups[-1].append(piece)
            right = max(right, piece.x1)
        else:
            groups.append([piece])
            right = piece.x1
    return [Reach(min(p.x0 for p in g), max(p.x1 for p in g), all(looks_numeric(p.text) for p in g)) for g in groups]


# ---------------------------------------------------------------- names of columns

def leaves_of(heading: Sequence[Piece], centred: bool = True) -> list[Piece]:
    """The headings that name one column: nothing stands below them, and being `centred` they reach down to the foot of the heading."""
    if not heading:
        return []
    top, foot = min(p.middle for p in heading), max(p.middle for p in heading)
    out: list[Piece] = []
    for piece in heading:
        size = max(c.size for c in piece.chars)
        lower = sorted((p for p in heading if p.middle > piece.middle + 0.6 * size), key=lambda p: p.x0)
        if any(p.over(piece) for p in lower):
            continue
        beside = [p for p in heading if abs(p.middle - piece.middle) <= 0.6 * size]
        if centred and lower and (piece.middle < (top + foot) / 2 - 0.5 * size or _centred_over(piece, lower, beside)):
            continue
        out.append(piece)
    return sorted(out, key=lambda p: p.x0)


def _centred_over(piece: Piece, lower: Sequence[Piece], beside: Sequence[Piece]) -> bool:
    """Whether a heading stands over the gap between lower ones of one storey, in the middle of some of them, with none `beside` it there."""
    left = [p for p in lower if p.x1 <= piece.x0]
    right = [p for p in lower if p.x0 >= piece.x1]
    if not left or not right or abs(left[-1].middle - right[0].middle) > NEAR:
        return False
    others = [p for p in (*lower, *beside) if p is not piece]
    for first in left[-4:]:
        for last in right[:4]:
            run = [p for p in lower if first.x0 <= p.x0 and p.x1 <= last.x1]
            if any(p.x0 < last.x1 and p.x1 > first.x0 and not any(p is r for r in run) for p in beside if p is not piece):
                continue
            low = max((p.x1 for p in others if p.x1 <= first.x0), default=first.x0 - 200)
            high = min((p.x0 for p in others if p.x0 >= last.x1), default=last.x1 + 200)
            if _tiles(run, (piece.x0 + piece.x1) / 2, low, high):
                return True
    return False


def _tiles(run: Sequence[Piece], middle: float, low: float, high: float) -> bool:
    """Whether columns side by side, each with its heading in its middle, can fill a room with that middle between `low` and `high`.

    With the left edge L given, the others follow: each is as far right of its heading as the one before it is left. So every edge is
    L + shift or shift - L.
    """
    shift, sign = 0.0, 1
    least, most = low - 2, run[0].x0 + 2
    for piece, after in zip(run, [*(p.x0 for p in run[1:]), high], strict=True):
        shift, sign = piece.x0 + piece.x1 - shift, -sign
        a, b = sign * (piece.x1 - 2 - shift), sign * (after + 2 - shift)
        least, most = max(least, min(a, b)), min(most, max(a, b))
    if sign > 0:
        left = middle - shift / 2
        return least <= left <= most
    return least <= most and abs(shift / 2 - middle) < NEAR


# ---------------------------------------------------------------- columns

_EMPTY, _NAMELESS, _SECOND = 0.3, 1.0, 1.2


def columns_of(leaves: Sequence[Piece], body: Sequence[Reach]) -> list[OpenColumn]:
    """Headings and the texts below them paired in order, so that columns centred at their headings overlap least.

    A heading may have nothing below it, and a column no heading; texts of one column may stand apart (a short one at the left, a figure
    at the right).
    """
    best: dict[tuple[int, int, int], tuple[float, list[OpenColumn]]] = {(0, 0, 0): (0.0, [])}  # headings and texts placed, texts in the last column

    def offer(state: tuple[int, int, int], cost: float, before: list[OpenColumn], column: OpenColumn) -> None:
        if before:
            cost += _crowding(before[-1], column)
        if state not in best or cost < best[state][0]:
            best[state] = cost, [*before, column]

    for i, j in product(range(len(leaves) + 1), range(len(body) + 1)):
        for last in range(3):
            if (i, j, last) not in best:
                continue
            cost, before = best[i, j, last]
            if i < len(leaves):
                leaf = leaves[i]
                offer((i + 1, j, 0), cost + _EMPTY, before, OpenColumn(leaf.x0, leaf.x1, leaf))
                for taken in (1, 2):
                    if j + taken <= len(body):
                        extra = (_SECOND if taken == 2 else 0.0) + sum(_apart(leaf, c) for c in body[j:j + taken])
                        offer((i + 1, j + taken, taken), cost + extra, before,
                              OpenColumn(min(leaf.x0, body[j].x0), max(leaf.x1, body[j + taken - 1].x1), leaf))
            if j < len(body):
                offer((i, j + 1, 1), cost + _NAMELESS, before, OpenColumn(body[j].x0, body[j].x1, None))
    return min((best[state] for state in best if state[:2] == (len(leaves), len(body))), key=lambda b: b[0])[1]


def columns_from_left(leaves: Sequence[Piece], body: Sequence[Reach]) -> list[OpenColumn] | None:
    """The columns where headings stand at the left of theirs: names begin below them, or, without names, figures end where the next
    begins. None where it is not so."""
    names = [b for b in body if not b.figures]
    in_line = [any(abs(b.x0 - leaf.x0) < 1.5 for leaf in leaves) for b in names]
    touching = [any(-1 < leaf.x0 - b.x1 < 2.5 for leaf in leaves) for b in body if leaves and b.x1 < leaves[-1].x0 + 1]
    if not (all(in_line) if names else len(touching) > 1 and sum(touching) >= 0.7 * len(touching)):
        return None
    columns = [OpenColumn(leaf.x0, leaf.x1, leaf) for leaf in leaves]
    filled: set[int] = set()
    for reach in body:
        own = max((k for k, c in enumerate(columns) if c.x0 <= reach.x0 + 1.5), default=None)
        after = columns[own + 1].x0 if own is not None and own + 1 < len(columns) else float("inf")
        if own is None or own in filled or reach.x1 > after + 1:
            return None
        filled.add(own)
        columns[own].x1 = max(columns[own].x1, reach.x1)
    return columns


def _apart(leaf: Piece, body: Reach) -> float:
    """What it costs that texts don't stand under their heading: figures may lie to its right and names to its left, hardly otherwise."""
    gap = max(body.x0 - leaf.x1, leaf.x0 - body.x1, 0.0)
    wrong = body.x1 < leaf.x0 if body.figures else body.x0 > leaf.x1
    return 0.2 + 0.01 * gap + 0.4 * wrong if gap else 0.0


def _room(column: OpenColumn) -> tuple[float, float]:
    """What a column takes when its heading stands in its middle."""
    if column.heading is None:
        return column.x0, column.x1
    middle = (column.heading.x0 + column.heading.x1) / 2
    half = max(middle - column.x0, column.x1 - middle)
    return middle - half, middle + half


def _crowding(left: OpenColumn, right: OpenColumn) -> float:
    """How badly two neighbours overlap: as printed, and as centred."""
    printed, centred = left.x1 - right.x0, _room(left)[1] - _room(right)[0]
    return (1.0 + 0.1 * printed if printed > 1 else 0.0) + (min(0.02 * centred, 0.6) if centred > 4 else 0.0)


def cuts_of(columns: Sequence[OpenColumn], left: float, right: float, exact: bool) -> list[float]:
    """Where the columns part: midway between the rooms of neighbours, never through a text; and the edges of the table, `exact` or as
    wide as its outer columns want."""
    if not columns:
        return []
    cuts = [left if exact else min(left, _room(columns[0])[0])]
    for a, b in pairwise(columns):
        middle = (_room(a)[1] + _room(b)[0]) / 2
        cuts.append(min(max(middle, a.x1), b.x0) if a.x1 <= b.x0 else (a.x1 + b.x0) / 2)
    return [*cuts, right if exact else max(right, _room(columns[-1])[1])]


# ---------------------------------------------------------------- the heading as cells

@dataclass(slots=True)
class _Placed:
    """A heading with the storeys and columns it covers, ends exclusive."""

    piece: Piece
    top: int
    foot: int
    start: int = 0
    end: int = 0

    def meets(self, other: _Placed) -> bool:
        return self.top < other.foot and other.top < self.foot and self.start < other.end and other.start < self.end


def heading_rows(heading: Sequence[Piece], leaves: Sequence[Piece], cuts: Sequence[float], facts: PageFacts,
                 drawn: Callable[[Piece], tuple[float, float] | None] | None = None, exact: bool = False) -> tuple[list[list[Cell | None]], list[float]]:
    """The rows of the heading: names of columns reach down to its foot, others over the columns they are centred on. With their
    upper edges and the lower one of the last. `drawn` tells the line below a heading that reaches over some columns; `exact` edges of the
    table don't give way."""
    if not heading:
        return [], []
    width = len(cuts) - 1
    storeys, placed = _storeys_covered(heading, leaves)
    done: list[_Placed] = []
    for own in sorted(placed, key=lambda p: (not any(p.piece is leaf for leaf in leaves), p.top, p.piece.x0)):
        at = _at(cuts, (own.piece.x0 + own.piece.x1) / 2)
        if any(own.piece is leaf for leaf in leaves):
            own.start, own.end = at, at + 1
        else:
            above = max((p for p in done if p.foot <= own.top and p.start <= at < p.end), key=lambda p: p.top, default=None)
            room = range(above.start, above.end) if above is not None else range(width)
            shut = {j for p in done if p.top < own.foot and p.foot > own.top for j in range(p.start, p.end)}
            shut |= {_at(cuts, (p.piece.x0 + p.piece.x1) / 2) for p in placed if p is not own and p.top < own.foot and p.foot > own.top}
            own.start, own.end = _reach(own.piece, at, [j for j in room if j not in shut], cuts, drawn(own.piece) if drawn is not None else None,
                                        0.0 if exact else _MARGIN)
        if own.start < own.end and not any(p.meets(own) for p in done):
            done.append(own)
    rows = sorted({p.top for p in done})  # no row for headings that only stand between two
    grid: list[list[Cell | None]] = [[Cell("", Place(facts.number, _box(facts, cuts, j, j + 1, heading)), r, j) for j in range(width)] for r in range(len(rows))]
    for own in done:
        top, foot = rows.index(own.top), sum(r < own.foot for r in rows)
        for r in range(top, foot):
            grid[r][own.start:own.end] = [None] * (own.end - own.start)
        box = facts.shown((cuts[own.start], own.piece.top - 2, cuts[own.end], own.piece.bottom + 2))
        grid[top][own.start] = Cell(text_of(own.piece.chars), Place(facts.number, box), top, own.start, foot - top, own.end - own.start)
    used = [storeys[r] for r in rows]
    return grid, [min(p.top for p in heading) - 2, *((a + b) / 2 for a, b in pairwise(used)), max(p.bottom for p in heading) + 2]


def _storeys_covered(heading: Sequence[Piece], leaves: Sequence[Piece]) -> tuple[list[float], list[_Placed]]:
    """Where the storeys of a heading are, and for each of its texts the storeys it covers.

    From the lowest up: a text ends where those below it begin and stands in the middle of what it covers, so the storey between two
    that only such texts stand at is none.
    """
    foot = max(p.middle for p in heading)
    upper = [p for p in heading if not any(p is leaf for leaf in leaves)]
    storeys = sorted({min(p.middle for p in storey) for storey in storeys_of([p for p in heading if p.middle > foot - 3 or any(p is u for u in upper)])})
    begins: list[tuple[Piece, float, float]] = []
    for group in reversed(storeys_of(heading)):
        own: list[tuple[Piece, float, float]] = []
        for piece in group:
            if any(piece is u for u in upper):
                end = min((begin for _, begin, _ in _under(piece, begins)), default=foot + 4)
                free = [s for s in storeys if s < end - 3] or [piece.middle]
                spans = [(a, b) for a in free for b in free if a <= b]
            else:
                spans = [(a, storeys[-1]) for a in storeys]
            own.append((piece, *min(spans, key=lambda s: (round(abs(sum(s) / 2 - piece.middle) / 6), s[0] - s[1]))))
        between = group[0].middle
        if all(abs(begin - piece.middle) > 3 for piece, begin, _ in own) and len(storeys) > 1:
            storeys = [s for s in storeys if abs(s - between) > 3]
        begins += own
    rows = {s: i for i, s in enumerate(storeys)}
    return storeys, [_Placed(piece, top := _row(rows, begin), max(_row(rows, last), top) + 1) for piece, begin, last in begins]


def _row(rows: dict[float, int], middle: float) -> int:
    return rows[min(rows, key=lambda s: abs(s - middle))]


def _under(piece: Piece, lower: Sequence[tuple[Piece, float, float]]) -> list[tuple[Piece, float, float]]:
    """The headings below one: those it overlaps, and its neighbours on either side, as far as they don't begin beside it."""
    direct = [p for p in lower if p[0].over(piece)]
    left = max((p for p in lower if p[0].x1 <= piece.x0), key=lambda p: p[0].x1, default=None)
    right = min((p for p in lower if p[0].x0 >= piece.x1), key=lambda p: p[0].x0, default=None)
    return [p for p in (*direct, left, right) if p is not None and p[1] > piece.middle + 3]


def _reach(piece: Piece, at: int, free: Sequence[int], cuts: Sequence[float], line: tuple[float, float] | None, margin: float) -> tuple[int, int]:
    """The run of free columns around column `at` that the line below a heading shows, or in whose middle it stands; of equally good ones
    the widest."""
    own = next((j for j in (at, at - 1, at + 1) if j in free), None)
    if own is None:
        return 0, 0
    low = high = own
    while low - 1 in free:
        low -= 1
    while high + 1 in free:
        high += 1
    if line is not None:
        under = [j for j in range(low, high + 1) if line[0] <= (cuts[j] + cuts[j + 1]) / 2 <= line[1]]
        if own in under:
            return under[0], under[-1] + 1
    middle = (piece.x0 + piece.x1) / 2

    def away(span: tuple[int, int], margin: float) -> int:
        """How far from the middle of the span. The outer edges of a table may lie further out than its texts tell."""
        least = (cuts[span[0]] - margin * (span[0] == 0) + cuts[span[1]]) / 2
        most = (cuts[span[0]] + cuts[span[1]] + margin * (span[1] == len(cuts) - 1)) / 2
        return round(max(least - middle, middle - most, 0.0) / 12)

    spans = [(a, b + 1) for a in range(low, own + 1) for b in range(own, high + 1) if cuts[a] <= piece.x0 + 2 and cuts[b + 1] >= piece.x1 - 2]
    return min(spans or [(own, own + 1)], key=lambda s: (s[1] - s[0] == 1, away(s, margin), away(s, 0.0), s[0] - s[1]))


_MARGIN = 60.0


def _at(cuts: Sequence[float], x: float) -> int:
    return next((j for j in range(len(cuts) - 1) if x < cuts[j + 1]), len(cuts) - 2)


def _box(facts: PageFacts, cuts: Sequence[float], start: int, end: int, heading: Sequence[Piece]) -> tuple[float, float, float, float]:
    return facts.shown((cuts[start], min(p.top for p in heading) - 2, cuts[end], max(p.bottom for p in heading) + 2))
