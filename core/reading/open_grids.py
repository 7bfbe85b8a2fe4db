"""Tables without column lines: half-ruled (row lines only) and borderless ones, columns inferred from where the text stands."""
from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from core.layouts import TableLayout, templates
from core.numbers import looks_numeric
from core.reading.blocks import Piece, blocks_of, columns_in_band, joined, parted, pieces_of, rows_of
from core.reading.grids import SNAP, _merge
from core.reading.open_cells import Carry, OpenRows, columns_under, grid_of
from core.reading.pages import RawGrid
from core.reading.pdf import Char, PageFacts
from core.text import fold

Level = tuple[float, list[tuple[float, float]]]
"""The height of a row line, and the pieces that are drawn of it."""

_TITLE = re.compile(r".{3,60}?表(?:\([^)]{2,12}\))?(?:续表?)?")
_END = re.compile(r"注[:：]|说明[:：]|备注[:：]|[一二三四五六七八九十]{1,3}、.*(?:情况|说明)|第.部分|预算公开表|部门公开表|公开\d+表")
_BODY = re.compile(r"名称[:：]|编制(?:部门|单位)")
_PAGE = re.compile(r"-?(?:第)?\d{1,4}(?:页)?-?")
_HEADING = re.compile(r"合计|小计|项目|名称|编码|金额|预算|决算|支出|收入|经费")
_UNIT = re.compile(r"单位[:：]?(?:人民币)?(?:万元|元|千元|亿元)|金额单位")


def open_grids(chars: list[Char], facts: PageFacts, carry: Carry | None = None) -> tuple[list[Char], list[tuple[float, RawGrid]], Carry | None]:
    """Inferred tables among characters outside ruled ones: what is left, each grid with its top, and what goes on overleaf."""
    found: list[tuple[float, RawGrid]] = []
    rest = chars
    goes_on: Carry | None = None
    foot = max((c.bottom for c in chars if not _is_label(c, facts)), default=0.0)
    for top, bottom, levels in _half_ruled(facts, chars):
        inside = [c for c in rest if top - 1 <= (c.top + c.bottom) / 2 <= bottom + 1]
        grid = _from_rows(inside, levels, facts, _layouts_above(rest, top), carry if carry is not None and carry.ruled_rows else None)
        if grid is not None:
            taken = {id(c) for c in inside}
            rest = [c for c in rest if id(c) not in taken]
            found.append((top, grid))
            if bottom > foot - 3:
                goes_on = Carry(grid.xs, True, _heading(grid, carry))
    regions: list[tuple[list[list[Piece]], Carry | None]] = [(lines, None) for lines in _borderless(rest)]
    if carry is not None and not carry.ruled_rows:
        more = _carried_lines(rest, carry)
        if more:
            regions.insert(0, (more, carry))
    for lines, carried in regions:
        inside = [c for line in lines for p in line for c in p.chars]
        top = min(c.top for c in inside)
        grid = _from_lines(lines, facts, _layouts_above(rest, top), carried)
        if grid is not None:
            taken = {id(c) for c in inside}
            rest = [c for c in rest if id(c) not in taken]
            found.append((top, grid))
            if max(c.bottom for c in inside) > foot - 3:
                goes_on = Carry(grid.xs, False, _heading(grid, carried))
    return rest, found, goes_on


def _heading(grid: RawGrid, carry: Carry | None) -> frozenset[str]:
    """The texts of the heading of a table, its own or that of the page it began on."""
    if grid.header is None and carry is not None:
        return carry.heading
    return frozenset("".join(c.text.split()) for row in grid.rows[:grid.header or 0] for c in row if c is not None and c.text)


def _is_label(char: Char, facts: PageFacts) -> bool:
    """A character in the strip of page numbers."""
    return char.bottom > 0.9 * facts.reading_size[1]


def _layouts_above(chars: Sequence[Char], top: float) -> list[TableLayout]:
    """The layouts of the template tables whose title stands next above, one a template at most."""
    near = [c for c in chars if top - 130 < c.bottom <= top + 2]
    for line in reversed(pieces_of(near)):
        text = "".join(p.text for p in line)
        found = [layout for known in templates() if (layout := known.layout_for(text)) is not None]
        if found:
            return found
    return []


def _carried_lines(chars: Sequence[Char], carry: Carry) -> list[list[Piece]]:
    """Lines from the head of the page that stand in the columns of the table before; none when the page begins with anything else."""
    out: list[list[Piece]] = []
    lines = pieces_of(chars)
    for i, line in enumerate(lines):
        text = fold("".join(p.text for p in line))
        if _END.match(text) or _TITLE.fullmatch(text) and len(line) == 1 or len(text) > 45 and len(line) == 1:
            break
        if _is_page_label(lines, i):
            continue
        if any(p.x0 < carry.cuts[0] - _BESIDE or p.x1 > carry.cuts[-1] + _BESIDE for p in line):
            break
        out.append(line)
    columns = {columns_under(list(carry.cuts), p)[0] for line in out for p in line}
    return out if len(columns) >= 2 and any(looks_numeric(p.text) for line in out for p in line) else []


_BESIDE = 60.0
"""How far a text may stand outside columns that were empty so far, when only their headings told where they are."""


def _is_page_label(lines: Sequence[Sequence[Piece]], i: int) -> bool:
    """A page number: alone on the first or last line of its page, and further from the others than the lines of a wrapped cell."""
    line = lines[i]
    if i not in (0, len(lines) - 1) or len(line) != 1 or not _PAGE.fullmatch(fold(line[0].text)):
        return False
    beside = lines[1 if i == 0 else i - 1] if len(lines) > 1 else None
    return beside is None or abs(beside[0].base - line[0].base) > 1.75 * line[0].chars[0].size


# ---------------------------------------------------------------- half-ruled

def _half_ruled(facts: PageFacts, chars: Sequence[Char]) -> list[tuple[float, float, list[Level]]]:
    """Stacks of row lines of one width that no column line crosses: (top, bottom, [(y, drawn pieces)])."""
    vertical = _merge(facts.vertical)
    levels: list[Level] = []
    for y, x0, x1 in _merge(facts.horizontal):
        crossed = any(v[1] - 2 <= y <= v[2] + 2 and x0 - 2 <= v[0] <= x1 + 2 and v[2] - v[1] > 4 for v in vertical)
        if crossed or x1 - x0 < 20:
            continue
        if levels and abs(levels[-1][0] - y) <= SNAP:
            levels[-1][1].append((x0, x1))
        else:
            levels.append((y, [(x0, x1)]))
    stacks: list[list[Level]] = []
    for level in levels:
        left, right = min(p[0] for p in level[1]), max(p[1] for p in level[1])
        for stack in stacks:
            wide = [(min(p[0] for p in s[1]), max(p[1] for p in s[1])) for s in stack]
            a, b = min(w[0] for w in wide), max(w[1] for w in wide)
            near = level[0] - stack[-1][0] < 90
            if near and left >= a - 4 and right <= b + 4 or near and left <= a + 4 and right >= b - 4:
                stack.append(level)
                break
        else:
            stacks.append([level])
    out = []
    for stack in stacks:
        if len(stack) < 3:
            continue
        top, bottom = stack[0][0], stack[-1][0]
        inside = [c for c in chars if top < (c.top + c.bottom) / 2 < bottom]
        rows = pieces_of(inside)
        several = sum(len(r) >= 2 for r in rows)
        plainly = several >= 2 and (max(len(r) for r in rows) >= 3 or several >= 0.4 * len(rows))
        if len(rows) >= 2 and (plainly or several and _layouts_above(chars, top)):
            out.append((top, bottom, stack))
    return out


def _from_rows(chars: Sequence[Char], levels: Sequence[Level], facts: PageFacts, layouts: Sequence[TableLayout], carry: Carry | None) -> RawGrid | None:
    """A grid from row lines: rows between the lines, columns inferred; a line missing under a column joins the rows there."""
    ys = [y for y, _ in levels]
    left = min(p[0] for _, drawn in levels for p in drawn)
    right = max(p[1] for _, drawn in levels for p in drawn)
    bands: list[list[list[Piece]]] = [[] for _ in ys[:-1]]
    for line in parted(pieces_of(chars)):
        for i in range(len(ys) - 1):
            within = [p for p in line if ys[i] <= p.middle < ys[i + 1]]
            if within:
                bands[i].append(within)
    for k in range(1, len(ys) - 1):
        drawn = levels[k][1]
        if sum(b - a for a, b in drawn) < 0.95 * (right - left):
            # a line under some columns only: in the others both bands are one cell
            over = [[p for p in line if not any(a - 2 <= (p.x0 + p.x1) / 2 <= b + 2 for a, b in drawn)] for line in bands[k - 1]]
            bands[k - 1] = [kept for line, moved in zip(bands[k - 1], over, strict=True) if (kept := [p for p in line if p not in moved])]
            bands[k] = [line for line in over if line] + bands[k]
    rows: list[list[Piece]] = []
    edges = [ys[0]]
    for i, band in enumerate(bands):
        storeys = _storeys(band) if i < 2 else [band]
        for k, storey in enumerate(storeys):
            if k:
                edges.append(min((max(p.bottom for line in storeys[k - 1] for p in line) + ys[i + 1]) / 2, ys[i + 1] - 1))
            rows.append([joined(g) for g in columns_in_band(storey)])
        if not storeys:
            rows.append([])
        edges.append(ys[i + 1])
    same = carry is not None and not layouts and abs(carry.cuts[0] - left) < 4 and abs(carry.cuts[-1] - right) < 4
    table = OpenRows(rows, edges, left, right, True, _drawn_cuts(facts, levels), lambda piece: _drawn_below(levels, piece, right - left))
    return grid_of(table, facts, layouts, carry if same else None)


def _drawn_below(levels: Sequence[Level], piece: Piece, width: float) -> tuple[float, float] | None:
    """The line right below a text, when it is drawn under some columns only."""
    drawn = next((drawn for y, drawn in levels if y > piece.bottom - 2), [])
    middle = (piece.x0 + piece.x1) / 2
    return next((p for p in drawn if p[0] - 1 <= middle <= p[1] + 1 and p[1] - p[0] < 0.95 * width), None)


def _storeys(lines: list[list[Piece]]) -> list[list[list[Piece]]]:
    """The rows of a heading band that no line parts: names standing over several others, the names proper, column numbers."""
    if any(looks_numeric(p.text) and not p.text.isdigit() for line in lines for p in line):
        return [lines]
    upper: list[list[Piece]] = []
    names: list[list[Piece]] = []
    numbers: list[list[Piece]] = []
    for i, line in enumerate(lines):
        if len(line) >= 2 and all(p.text.isdigit() for p in line):
            numbers.append(line)
            continue
        later = [p for below in lines[i + 1:] for p in below if not p.text.isdigit()]
        above = [p for p in line if _stands_over_several(p, later)]
        upper += [above] if above else []
        names += [rest] if (rest := [p for p in line if p not in above]) else []
    return [part for part in (upper, names, numbers) if part]


def _stands_over_several(piece: Piece, later: Sequence[Piece]) -> bool:
    over = [p for p in later if p.over(piece)]
    height = piece.bottom - piece.top
    if not over or over[0].top - piece.bottom < 0.6 * height and abs(over[0].x0 + over[0].x1 - piece.x0 - piece.x1) < 1.2 * height:
        return False  # nothing below, or the next line of the same name
    beside = [p for p in later if p.x0 < piece.x1 + 60 and p.x1 > piece.x0 - 60 and p not in over]
    return sum(abs(p.base - over[0].base) < 2 for p in over + beside) >= 2


def _drawn_cuts(facts: PageFacts, levels: Sequence[Level]) -> list[float] | None:
    """Column positions given away by row lines that are drawn cell by cell; None when the lines run through."""
    ends: list[list[float]] = []
    top, bottom = levels[0][0] - 2, levels[-1][0] + 2
    pieces = [h for h in facts.horizontal if top <= h[0] <= bottom]
    for value in sorted(v for h in pieces for v in h[1:]):
        if ends and value - ends[-1][-1] <= 2:
            ends[-1].append(value)
        else:
            ends.append([value])
    cuts = [sum(e) / len(e) for e in ends if len(e) >= max(3, 0.8 * len(levels))]
    if len(cuts) < 3:
        return None
    first, last = min(h[1] for h in pieces), max(h[2] for h in pieces)
    cuts = ([first] if cuts[0] - first > 4 else []) + cuts + ([last] if last - cuts[-1] > 4 else [])
    return cuts if len(cuts) >= 4 else None


# ---------------------------------------------------------------- borderless

def _borderless(chars: Sequence[Char]) -> list[list[list[Piece]]]:
    """For each title of a table whose heading stands in columns, the lines below it up to its note or the next title."""
    lines = pieces_of(chars)
    texts = [fold("".join(p.text for p in line)) for line in lines]
    titles = [i for i, line in enumerate(lines) if len(line) == 1 and _TITLE.fullmatch(texts[i]) and not _UNIT.search(texts[i])]
    found: list[list[list[Piece]]] = []
    for position, title in enumerate(titles):
        stop = titles[position + 1] if position + 1 < len(titles) else len(lines)
        body: list[list[Piece]] = []
        for i in range(title + 1, stop):
            line, text = lines[i], texts[i]
            if not body and len(line) <= 2 and (_UNIT.search(text) or _BODY.search(text)):
                continue
            if _END.match(text) or len(line) == 1 and len(text) > 45 or _is_page_label(lines, i):
                break
            body.append(line)
        known = any(t.layout_for(texts[title]) is not None for t in templates())
        if known and len(body) >= 3 and any(len(line) >= 2 for line in body):
            found.append(body)
            continue
        head = next((i for i, line in enumerate(body[:8]) if len(line) >= 3 and not any(looks_numeric(p.text) for p in line)
                     and sum(bool(_HEADING.search(fold(p.text))) for p in line) >= 2), None)
        if head is None or len(body) < head + 2:
            continue
        found.append(body)
    return found


def _from_lines(lines: list[list[Piece]], facts: PageFacts, layouts: Sequence[TableLayout], carry: Carry | None) -> RawGrid | None:
    """A grid from bare lines: wrapped lines are one text, texts beside each other one row, headings parted into their storeys."""
    lines = parted(lines)
    rows = rows_of(blocks_of(lines))
    if any(_two_figures(row) for row in rows):
        rows = lines
    edges = [min(p.top for p in rows[0]) - 2, *((max(p.bottom for p in a) + min(p.top for p in b)) / 2 for a, b in pairwise(rows)),
             max(p.bottom for p in rows[-1]) + 2]
    left, right = min(p.x0 for row in rows for p in row) - 2, max(p.x1 for row in rows for p in row) + 2
    return grid_of(OpenRows(rows, edges, left, right), facts, layouts, carry)


def _two_figures(row: Sequence[Piece]) -> bool:
    """Two figures above each other in what should be one row."""
    figures = [p for p in row if looks_numeric(p.text)]
    return any(a.over(b) for i, a in enumerate(figures) for b in figures[i + 1:])
