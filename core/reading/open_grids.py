"""Tables without column lines: half-ruled (row lines only) and borderless ones, columns inferred from where the text stands."""
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from core.layouts import TableLayout, templates
from core.model import Cell, Place
from core.numbers import looks_numeric
from core.reading.blocks import Piece, blocks_of, columns_in_band, joined, parted, pieces_of, rows_of
from core.reading.grids import SNAP, _merge, text_of
from core.reading.open_columns import columns_of, cuts_of, heading_rows, leaves_of, reaches
from core.reading.pages import RawGrid
from core.reading.pdf import Char, PageFacts
from core.reading.tables import TOTAL_NAME, YEAR_IN_HEADING, header_paths, is_number_row, looks_like_body, match_columns
from core.text import fold

_TITLE = re.compile(r".{3,60}?表(?:\([^)]{2,12}\))?(?:续表?)?")
_END = re.compile(r"注[:：]|说明[:：]|备注[:：]|[一二三四五六七八九十]{1,3}、.*(?:情况|说明)|第.部分|预算公开表|部门公开表|公开\d+表")
_BODY = re.compile(r"名称[:：]|编制(?:部门|单位)")
_PAGE = re.compile(r"-?(?:第)?\d{1,4}(?:页)?-?")
_HEADING = re.compile(r"合计|小计|项目|名称|编码|金额|预算|决算|支出|收入|经费")
_FIRST = re.compile(r"\d{3}(?:\d\d){0,2}$|[一二三四五六七八九十]+、|[(（][一二三四五六七八九十]+[)）]|(?:部门|单位)?(?:合计|总计)$")
_YEAR = re.compile(r"(?:19|20)\d\d")
_UNIT = re.compile(r"单位[:：]?(?:人民币)?(?:万元|元|千元|亿元)|金额单位")


@dataclass(frozen=True, slots=True)
class Carry:
    """The columns of an open table that reached the foot of its page, for the part overleaf."""

    cuts: tuple[float, ...]
    ruled_rows: bool
    heading: frozenset[str] = frozenset()
    """The texts of its heading, to know it again where each page repeats it."""


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
                goes_on = Carry(grid.xs, True)
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
                goes_on = Carry(grid.xs, False, carried.heading if carried is not None else _texts(grid.rows[:grid.header or 0]))
    return rest, found, goes_on


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
    columns = {_columns_of(list(carry.cuts), p)[0] for line in out for p in line}
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

def _half_ruled(facts: PageFacts, chars: Sequence[Char]) -> list[tuple[float, float, list[tuple[float, list[tuple[float, float]]]]]]:
    """Stacks of row lines of one width that no column line crosses: (top, bottom, [(y, drawn pieces)])."""
    vertical = _merge(facts.vertical)
    levels: list[tuple[float, list[tuple[float, float]]]] = []
    for y, x0, x1 in _merge(facts.horizontal):
        crossed = any(v[1] - 2 <= y <= v[2] + 2 and x0 - 2 <= v[0] <= x1 + 2 and v[2] - v[1] > 4 for v in vertical)
        if crossed or x1 - x0 < 20:
            continue
        if levels and abs(levels[-1][0] - y) <= SNAP:
            levels[-1][1].append((x0, x1))
        else:
            levels.append((y, [(x0, x1)]))
    stacks: list[list[tuple[float, list[tuple[float, float]]]]] = []
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


def _from_rows(chars: Sequence[Char], levels: list[tuple[float, list[tuple[float, float]]]], facts: PageFacts, layouts: Sequence[TableLayout],
               carry: Carry | None) -> RawGrid | None:
    """A grid from row lines: rows between the lines, columns inferred; a line missing under a column joins the rows there."""
    ys = [y for y, _ in levels]
    bands: list[list[Char]] = [[] for _ in ys[:-1]]
    for char in chars:
        middle = (char.top + char.bottom) / 2
        for i in range(len(ys) - 1):
            if ys[i] <= middle <= ys[i + 1]:
                bands[i].append(char)
                break
    for k in range(1, len(ys) - 1):
        line = levels[k][1]
        if sum(b - a for a, b in line) < 0.95 * (levels[0][1][-1][1] - levels[0][1][0][0]):
            # a line under some columns only: in the others both bands are one cell
            over = [c for c in bands[k - 1] if not any(a - 2 <= (c.x0 + c.x1) / 2 <= b + 2 for a, b in line)]
            moved = {id(c) for c in over}
            bands[k - 1] = [c for c in bands[k - 1] if id(c) not in moved]
            bands[k] = over + bands[k]
    rows: list[list[Piece]] = []
    for i, band in enumerate(bands):
        storeys = _storeys(band) if i < 2 else [list(band)]
        for k, storey in enumerate(storeys):
            if k:
                position = len(rows)
                ys.insert(position, min((max(c.bottom for c in storeys[k - 1]) + ys[position]) / 2, ys[position] - 1))
                levels = [*levels[:position], (ys[position], []), *levels[position:]]
            rows.append([joined(p) for p in columns_in_band(storey)])
    left = min(p[0] for _, drawn in levels for p in drawn)
    right = max(p[1] for _, drawn in levels for p in drawn)
    if carry is not None and not layouts and abs(carry.cuts[0] - left) < 4 and abs(carry.cuts[-1] - right) < 4:
        return _assemble(rows, list(carry.cuts), ys, facts, levels, _heading_height(rows))
    drawn = _drawn_cuts(facts, levels)
    if drawn is not None:
        return _assemble(rows, drawn, ys, facts, levels, _heading_height(rows))
    return _best(rows, left, right, ys, facts, levels, layouts)


def _storeys(band: Sequence[Char]) -> list[list[Char]]:
    """The rows of a heading band that no line parts: names standing over several others, the names proper, column numbers."""
    lines = pieces_of(band)
    if any(looks_numeric(p.text) and not p.text.isdigit() for line in lines for p in line):
        return [list(band)]
    upper: list[Char] = []
    numbers: list[Char] = []
    for i, line in enumerate(lines):
        if len(line) >= 2 and all(p.text.isdigit() for p in line):
            numbers += [c for p in line for c in p.chars]
            continue
        later = [p for below in lines[i + 1:] for p in below if not p.text.isdigit()]
        for piece in line:
            over = [p for p in later if p.x0 < piece.x1 and p.x1 > piece.x0]
            height = piece.bottom - piece.top
            if over and over[0].top - piece.bottom < 0.6 * height and abs(over[0].x0 + over[0].x1 - piece.x0 - piece.x1) < 1.2 * height:
                continue  # the next line of the same name
            beside = [p for p in later if p.x0 < piece.x1 + 60 and p.x1 > piece.x0 - 60 and p not in over]
            apart = [p for p in over + beside if over and abs(p.base - over[0].base) < 2]
            if len(apart) >= 2:
                upper += piece.chars
    taken = {id(c) for c in upper} | {id(c) for c in numbers}
    rest = [c for c in band if id(c) not in taken]
    return [part for part in (upper, rest, numbers) if part]


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
    left = min(p.x0 for row in rows for p in row) - 2
    right = max(p.x1 for row in rows for p in row) + 2
    if carry is not None:
        head = _first_body_row(rows)
        if {p.text for row in rows[:head] for p in row} <= carry.heading and head < len(rows):
            rows = rows[head:]
        return _bare_grid([], [], rows, [min(carry.cuts[0], left), *carry.cuts[1:-1], max(carry.cuts[-1], right)], facts)
    height = _first_body_row(rows)
    heading = [p for row in rows[:height] for p in row if not (row is rows[height - 1] and _counts(row))]
    numbers = rows[height - 1] if height > 1 and _counts(rows[height - 1]) else []
    body = reaches([p for row in rows[height:] for p in row if not TOTAL_NAME.fullmatch(fold(p.text))])
    options = [leaves_of(heading), leaves_of(heading, centred=False)]
    options += [sorted((p for p in heading if any(c.heading.fullmatch(YEAR_IN_HEADING.sub("", fold(p.text))) for c in layout.columns)),
                       key=lambda p: p.x0) for layout in layouts]
    best: tuple[int, int] | None = None
    grid: RawGrid | None = None
    for leaves in options:
        columns = columns_of(sorted([*leaves, *(n for n in numbers if not any(n.over(leaf) for leaf in leaves))], key=lambda p: p.x0), body)
        if len(columns) < 2:
            continue
        cuts = cuts_of(columns, left, right)
        made = _bare_grid(*heading_rows(heading, leaves, cuts, facts), [numbers] * bool(numbers) + rows[height:], cuts, facts)
        worth = _fit(made, layouts), -sum(c.heading is None for c in columns)
        if best is None or worth > best:
            best, grid = worth, made
    return grid


def _texts(rows: Sequence[Sequence[Cell | None]]) -> frozenset[str]:
    return frozenset(c.text for row in rows for c in row if c is not None and c.text)


def _first_body_row(rows: Sequence[Sequence[Piece]]) -> int:
    """Where the heading of a bare table ends: before the first figure, code, item or total, and before names without figures that
    stand in line with the first of those."""
    for i, row in enumerate(rows):
        if _counts(row):
            return i + 1
        texts = [fold(p.text) for p in row]
        if any(looks_numeric(t) and not _YEAR.fullmatch(t) for t in texts) or _FIRST.match(texts[0]) and (
                len(row) == 1 or not TOTAL_NAME.fullmatch(texts[0])):
            return i - _names_before(rows[:i], row[0])
    return len(rows)


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


def _bare_grid(heading: list[list[Cell | None]], tops: list[float], rows: Sequence[Sequence[Piece]], cuts: list[float], facts: PageFacts) -> RawGrid:
    """The rows of the heading, whose edges are `tops`, and those below it, each text in its column."""
    ys = [*(tops or [min(p.top for p in rows[0]) - 2]), *((max(p.bottom for p in a) + min(p.top for p in b)) / 2 for a, b in pairwise(rows))]
    if rows:
        ys.append(max(p.bottom for p in rows[-1]) + 2)
    grid = [*heading, *(_row_of(row, cuts, ys, i, facts, True) for i, row in enumerate(rows, len(heading)))]
    box = facts.shown((cuts[0], ys[0], cuts[-1], ys[-1]))
    header = len(heading) + bool(heading and rows and _counts(rows[0]))
    return RawGrid(facts.number, box, tuple(tuple(r) for r in grid), tuple(cuts), tuple(ys), ruled=False, header=header or None)


def _two_figures(row: Sequence[Piece]) -> bool:
    """Two figures above each other in what should be one row."""
    figures = [p for p in row if looks_numeric(p.text)]
    return any(a.over(b) for i, a in enumerate(figures) for b in figures[i + 1:])


# ---------------------------------------------------------------- both

def _best(rows: Sequence[Sequence[Piece]], left: float, right: float, ys: list[float], facts: PageFacts,
          levels: list[tuple[float, list[tuple[float, float]]]] | None, layouts: Sequence[TableLayout]) -> RawGrid | None:
    """The reading of the columns that fits the layout best; without a layout the plain one."""
    height = _heading_height(rows)
    options: list[list[float]] = []
    for strict, known in ((False, None), (True, None), *((False, layout) for layout in layouts)):
        cuts = _cuts(rows, left, right, height, strict, known)
        if len(cuts) >= 3 and cuts not in options:
            options.append(cuts)
    if not options:
        return None
    if not layouts or len(options) == 1:
        return _assemble(rows, options[0], list(ys), facts, levels, height)
    grids = [_assemble([[replace(p, chars=list(p.chars)) for p in row] for row in rows], cuts, list(ys), facts, levels, height) for cuts in options]
    return max(grids, key=lambda g: (_fit(g, layouts), -len(g.rows[0])))


def _fit(grid: RawGrid, layouts: Sequence[TableLayout]) -> int:
    """How many columns of the layout that fits best are found."""
    heights = [grid.header] if grid.header is not None else range(1, min(5, len(grid.rows) + 1))
    return max((match_columns(layout, header_paths(grid.rows[:h], len(grid.rows[0])), True)[1] for layout in layouts for h in heights), default=0)


def _heading_height(rows: Sequence[Sequence[Piece]]) -> int:
    """How many leading rows are headings: up to the first with a figure, a code or a total, or the first lone piece after a full row."""
    full = False
    for i, row in enumerate(rows):
        texts = [fold(p.text) for p in row]
        numbers = [t for t in texts if looks_numeric(t)]
        if _counts(row):
            return i + 1
        if numbers and not all(_YEAR.fullmatch(t) for t in numbers):
            return i
        if texts and _FIRST.match(texts[0]) and (len(row) == 1 or not TOTAL_NAME.fullmatch(texts[0])):
            return i
        if full and len(row) == 1:
            return i
        full |= len(row) >= 3
    return min(1, len(rows))


def _counts(row: Sequence[Piece]) -> bool:
    """A row of column numbers, 1 2 3 …, perhaps after 栏次."""
    numbers = [t for p in row if looks_numeric(t := fold(p.text))]
    return len(numbers) >= 2 and all(n.isdigit() for n in numbers) and all(int(b) == int(a) + 1 for a, b in pairwise(numbers))


def _clusters(pieces: Sequence[Piece]) -> list[list[float]]:
    """Pieces that overlap from above, directly or through others: [left, right] of each group."""
    out: list[list[float]] = []
    for piece in sorted(pieces, key=lambda p: p.x0):
        if out and piece.x0 < out[-1][1] + 1:
            out[-1][1] = max(out[-1][1], piece.x1)
        else:
            out.append([piece.x0, piece.x1])
    return out


def _cuts(rows: Sequence[Sequence[Piece]], left: float, right: float, height: int, strict: bool = False,
          layout: TableLayout | None = None) -> list[float]:
    """Where the columns part. `strict` takes only the lowest row of headings for names of columns; a layout only the names it knows.

    The body says where columns are (its pieces never span several, but for a centred total); the lowest headings add columns
    that are empty. A heading with no body below and a body with no heading above, side by side, are one column.
    """
    body = [p for row in rows[height:] for p in row if not TOTAL_NAME.fullmatch(fold(p.text))]
    numbered = next((row for row in rows[:height] if len(row) >= 2 and all(p.text.isdigit() for p in row)), None)
    leaves: list[Piece] = []
    for i, row in enumerate(rows[:height]):
        if row is numbered:
            continue
        below = [p for later in rows[i + 1:height] if later is not numbered for p in later]
        if strict and below:
            continue
        if layout is not None:
            leaves += [p for p in row if any(c.heading.fullmatch(YEAR_IN_HEADING.sub("", fold(p.text))) for c in layout.columns)]
            continue
        leaves += [p for p in row if not any(p.x0 < b.x1 and p.x1 > b.x0 for b in below)]
    columns = [(c, True) for c in _clusters(body)]
    owned: dict[int, Piece] = {}
    extra: list[list[float]] = []
    for leaf in leaves:
        over = [k for k, (c, _) in enumerate(columns) if leaf.x0 < c[1] and leaf.x1 > c[0]]
        if len(over) > 1:
            over = [max(over, key=lambda k: min(leaf.x1, columns[k][0][1]) - max(leaf.x0, columns[k][0][0]))]
        if over and over[0] not in owned:
            owned[over[0]] = leaf
        else:
            extra.append([leaf.x0, leaf.x1])
    clusters = [list(c) for c, _ in columns]
    for k, leaf in owned.items():
        reach = [min(clusters[k][0], leaf.x0), max(clusters[k][1], leaf.x1)]
        if not any(m != k and reach[0] < c[1] and reach[1] > c[0] for m, c in enumerate(clusters)):
            clusters[k] = reach
    bare = [k for k in range(len(clusters)) if k not in owned]
    for heading in sorted(extra):
        beside = [k for k in bare if not any(min(heading[0], clusters[k][0]) < c[0] < max(heading[1], clusters[k][1])
                                             for m, c in enumerate(clusters) if m != k)]
        if beside:
            k = min(beside, key=lambda k: abs(sum(clusters[k]) - sum(heading)))
            bare.remove(k)
            clusters[k] = [min(clusters[k][0], heading[0]), max(clusters[k][1], heading[1])]
        else:
            clusters.append(heading)
    if numbered is not None and len(numbered) > len(clusters):
        for piece in numbered:
            if not any(piece.x0 < c[1] and piece.x1 > c[0] for c in clusters):
                clusters.append([piece.x0, piece.x1])
    clusters.sort()
    return [left, *((a[1] + b[0]) / 2 for a, b in zip(clusters, clusters[1:], strict=False)), right]


def _drawn_cuts(facts: PageFacts, levels: list[tuple[float, list[tuple[float, float]]]]) -> list[float] | None:
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


def _assemble(rows: Sequence[Sequence[Piece]], cuts: list[float], ys: list[float], facts: PageFacts,
              levels: list[tuple[float, list[tuple[float, float]]]] | None, height: int) -> RawGrid:
    grid = [_row_of(row, cuts, ys, i, facts, i >= height) for i, row in enumerate(rows)]
    middles = [{_columns_of(cuts, p)[0]: (p.x0 + p.x1) / 2 for p in row} for row in rows[:6]]
    _spread_headings(grid, cuts, levels, middles)
    box = facts.shown((cuts[0], ys[0], cuts[-1], ys[-1]))
    return RawGrid(facts.number, box, tuple(tuple(r) for r in grid), tuple(cuts), tuple(ys), ruled=False)


def _row_of(row: Sequence[Piece], cuts: list[float], ys: Sequence[float], index: int, facts: PageFacts, body: bool) -> list[Cell | None]:
    """The texts of a row as the cells of its columns."""
    width = len(cuts) - 1
    cells: list[Cell | None] = []
    spans: dict[int, tuple[int, Piece]] = {}
    for piece in row:
        first, last = _columns_of(cuts, piece)
        if first in spans:
            before = spans[first]
            spans[first] = (max(before[0], last), joined([before[1], piece]))
        else:
            if first and not spans and body and TOTAL_NAME.fullmatch(fold(piece.text)):
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


def _columns_of(cuts: list[float], piece: Piece) -> tuple[int, int]:
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


def _spread_headings(grid: list[list[Cell | None]], cuts: list[float], levels: list[tuple[float, list[tuple[float, float]]]] | None,
                     middles: list[dict[int, float]]) -> None:
    """Heading rows: a name centred over several columns spans them; a name with nothing above or below takes that room too.

    `middles`: for each row, where the middle of the text lies that begins in a column.
    """
    height = 0
    while height < min(6, len(grid)) and not looks_like_body(tuple(grid[height])) and not is_number_row(tuple(grid[height])):
        height += 1
    if height < 2:
        return
    width = len(cuts) - 1
    owner: list[list[int | None]] = [[None] * width for _ in range(height)]
    for r in range(height):
        row = grid[r]
        named = [j for j, c in enumerate(row) if c is not None and c.text]
        for position, j in enumerate(named):
            cell = row[j]
            if cell is None:
                continue
            left = named[position - 1] + 1 if position else 0
            right = named[position + 1] if position + 1 < len(named) else width
            start, end = j, j + cell.column_span
            drawn = _drawn_piece(levels, r + 1, (cuts[j] + cuts[j + 1]) / 2) if levels is not None and r + 1 < len(levels) else None

            def free(k: int, r: int = r, j: int = j) -> bool:
                return _blank(grid[r], k) and any(not _blank(grid[b], k) for b in range(r + 1, height)) and (r == 0 or owner[r - 1][k] == owner[r - 1][j])

            below = any(not _blank(grid[b], k) for b in range(r + 1, height) for k in range(start, end))
            if r + 1 < height and (below or drawn is not None):
                while start - 1 >= left and free(start - 1) and (drawn is None or (cuts[start - 1] + cuts[start]) / 2 >= drawn[0]):
                    start -= 1
                while end < right and free(end) and (drawn is None or (cuts[end] + cuts[end + 1]) / 2 <= drawn[1]):
                    end += 1
                if drawn is None and j in middles[r]:
                    middle = middles[r][j]
                    spans = [(a, b) for a in range(start, j + 1) for b in range(j + cell.column_span, end + 1)]
                    start, end = min(spans, key=lambda s: (round(abs((cuts[s[0]] + cuts[s[1]]) / 2 - middle) / 15), s[0] - s[1]))
            for k in range(start, end):
                row[k] = None
                owner[r][k] = j
            row[start] = replace(cell, column=start, column_span=end - start)
        for k in range(width):
            if owner[r][k] is None and r:
                owner[r][k] = owner[r - 1][k]
    for j in range(width):
        for r in range(height):
            cell = grid[r][j]
            if cell is None or not cell.text or cell.column_span > 1:
                continue
            top, bottom = r, r + 1
            while top > 0 and grid[top - 1][j] is not None and _blank(grid[top - 1], j):
                top -= 1
            while bottom < height and grid[bottom][j] is not None and _blank(grid[bottom], j):
                bottom += 1
            for k in range(top, bottom):
                grid[k][j] = None
            grid[top][j] = replace(cell, row=top, row_span=bottom - top)
            break


def _drawn_piece(levels: list[tuple[float, list[tuple[float, float]]]], row: int, x: float) -> tuple[float, float] | None:
    return next((p for p in levels[row][1] if p[0] - 1 <= x <= p[1] + 1), None)


def _blank(row: list[Cell | None], j: int) -> bool:
    cell = row[j]
    return cell is not None and not cell.text
