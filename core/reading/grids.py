"""Ruling lines and characters of a page to grids of cells and lines of text.

Works in reading space (see `pdf.PageFacts`); the boxes that leave here are those of the page as shown.
"""
from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.model import Box, Cell, Place, Word, join_boxes
from core.reading.pages import Block, RawGrid, RawLine, RawPage
from core.reading.pdf import Char, PageFacts

if TYPE_CHECKING:
    from core.reading.open_cells import Carry

SNAP = 2.2
"""Lines nearer than this are one."""
JOIN = 3.0
"""A gap in a line shorter than this is none (dashes, cell by cell borders)."""

HLine = tuple[float, float, float]


@dataclass(slots=True)
class Lattice:
    """The lines of one table: sorted column and row positions, and which pieces between them are drawn.

    `across[i][j]`: row line i is drawn between column lines j and j+1; `down[i][j]`: column line j between row lines i and i+1.
    """

    xs: list[float]
    ys: list[float]
    across: list[list[bool]]
    down: list[list[bool]]

    @property
    def box(self) -> Box:
        return (self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])


# ---------------------------------------------------------------- lines

def _merge(lines: Iterable[HLine]) -> list[HLine]:
    """Lines at about the same position joined where they touch or nearly touch."""
    groups: list[list[HLine]] = []
    for line in sorted(lines):
        if groups and line[0] - groups[-1][-1][0] <= SNAP / 2 and line[0] - groups[-1][0][0] <= SNAP:
            groups[-1].append(line)
        else:
            groups.append([line])
    merged: list[HLine] = []
    for group in groups:
        position = sum(g[0] for g in group) / len(group)
        start, end = None, 0.0
        for _, a, b in sorted(group, key=lambda g: g[1]):
            if start is None:
                start, end = a, b
            elif a <= end + JOIN:
                end = max(end, b)
            else:
                merged.append((position, start, end))
                start, end = a, b
        if start is not None:
            merged.append((position, start, end))
    return merged


def _components(horizontal: list[HLine], vertical: list[HLine]) -> list[tuple[list[HLine], list[HLine]]]:
    """Lines that touch one another, directly or through others: one group a table."""
    parent = list(range(len(horizontal) + len(vertical)))

    def find(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    order = sorted(range(len(vertical)), key=lambda k: vertical[k][0])
    positions = [vertical[k][0] for k in order]
    for h, (y, x0, x1) in enumerate(horizontal):
        for k in order[bisect_left(positions, x0 - JOIN):bisect_right(positions, x1 + JOIN)]:
            if vertical[k][1] - JOIN <= y <= vertical[k][2] + JOIN:
                a, b = find(h), find(len(horizontal) + k)
                parent[a] = b
    groups: dict[int, tuple[list[HLine], list[HLine]]] = defaultdict(lambda: ([], []))
    for h, line in enumerate(horizontal):
        groups[find(h)][0].append(line)
    for k, line in enumerate(vertical):
        groups[find(len(horizontal) + k)][1].append(line)
    return [g for g in groups.values() if len(g[0]) >= 2 and len(g[1]) >= 2]


def _positions(values: Iterable[float]) -> list[float]:
    out: list[list[float]] = []
    for value in sorted(values):
        if out and value - out[-1][-1] <= SNAP:
            out[-1].append(value)
        else:
            out.append([value])
    return [sum(g) / len(g) for g in out]


def _drawn(lines: list[HLine], positions: list[float], cuts: list[float]) -> list[list[bool]]:
    table = [[False] * (len(cuts) - 1) for _ in positions]
    for position, start, end in lines:
        row = min(range(len(positions)), key=lambda i: abs(positions[i] - position))
        for j in range(len(cuts) - 1):
            middle = (cuts[j] + cuts[j + 1]) / 2
            if start - JOIN <= middle <= end + JOIN:
                table[row][j] = True
    return table


def lattices(facts: PageFacts) -> list[Lattice]:
    """The ruled tables of a page, from top to bottom."""
    found: list[Lattice] = []
    for hs, vs in _components(_merge(facts.horizontal), _merge(facts.vertical)):
        xs, ys = _positions(v[0] for v in vs), _positions(h[0] for h in hs)
        if len(xs) < 2 or len(ys) < 2:
            continue
        across = _drawn(hs, ys, xs)
        down_by_x = _drawn(vs, xs, ys)
        down = [[down_by_x[j][i] for j in range(len(xs))] for i in range(len(ys) - 1)]
        found.append(Lattice(xs, ys, across, down))
    return sorted(found, key=lambda t: (t.ys[0], t.xs[0]))


# ---------------------------------------------------------------- cells

def _areas(lattice: Lattice) -> list[list[int]]:
    """For each small field of the lattice the number of the cell it belongs to (fields not parted by a line are one cell)."""
    rows, cols = len(lattice.ys) - 1, len(lattice.xs) - 1
    parent = list(range(rows * cols))

    def find(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i in range(rows):
        for j in range(cols):
            if j + 1 < cols and not lattice.down[i][j + 1]:
                parent[find(i * cols + j)] = find(i * cols + j + 1)
            if i + 1 < rows and not lattice.across[i + 1][j]:
                parent[find(i * cols + j)] = find((i + 1) * cols + j)
    return [[find(i * cols + j) for j in range(cols)] for i in range(rows)]


@dataclass(slots=True)
class _Field:
    """A cell on the lattice: rows top..bottom and columns left..right, both inclusive."""

    top: int
    left: int
    bottom: int
    right: int


def _fields(areas: list[list[int]]) -> list[_Field]:
    spans: dict[int, _Field] = {}
    members: dict[int, int] = defaultdict(int)
    for i, row in enumerate(areas):
        for j, area in enumerate(row):
            members[area] += 1
            if area in spans:
                f = spans[area]
                f.top, f.left, f.bottom, f.right = min(f.top, i), min(f.left, j), max(f.bottom, i), max(f.right, j)
            else:
                spans[area] = _Field(i, j, i, j)
    out: list[_Field] = []
    for area, f in spans.items():
        if members[area] == (f.bottom - f.top + 1) * (f.right - f.left + 1):
            out.append(f)
        else:
            # a line is missing somewhere: the fields stand for themselves rather than swallow their neighbours
            out += [_Field(i, j, i, j) for i in range(f.top, f.bottom + 1) for j in range(f.left, f.right + 1) if areas[i][j] == area]
    return out


def text_of(chars: Sequence[Char]) -> str:
    """The text of a cell: its lines joined without a blank (a wrap is no blank), printed blanks between words kept."""
    return "".join(_line_text(line) for line in _text_lines(chars)).strip()


def _text_lines(chars: Sequence[Char]) -> list[list[Char]]:
    """Characters as lines, from top to bottom. Figures and Chinese may sit on slightly different baselines."""
    lines: list[list[Char]] = []
    for char in sorted(chars, key=lambda c: c.base):
        if lines:
            last = lines[-1]
            reference = last[0]
            if abs(char.base - reference.base) <= 0.45 * max(char.size, reference.size):
                last.append(char)
                continue
        lines.append([char])
    return [sorted(line, key=lambda c: c.x0) for line in lines]


def _line_text(line: Sequence[Char]) -> str:
    out: list[str] = []
    previous: Char | None = None
    for char in line:
        if previous is not None and char.text == previous.text and abs(char.x0 - previous.x0) < 0.15 * char.size and \
                abs(char.x1 - previous.x1) < 0.15 * char.size:
            continue  # bold by double print
        out.append(char.text)
        previous = char
    return " ".join("".join(out).split())


def ruled_grid(lattice: Lattice, chars: Sequence[Char], facts: PageFacts) -> RawGrid:
    """The cells of a ruled table with the characters that stand in them. Columns and rows that no cell needs are dropped."""
    xs, ys = lattice.xs, lattice.ys
    fields = _fields(_areas(lattice))
    owner: dict[tuple[int, int], _Field] = {}
    for f in fields:
        for i in range(f.top, f.bottom + 1):
            for j in range(f.left, f.right + 1):
                owner[i, j] = f
    content: dict[int, list[Char]] = defaultdict(list)
    for char in chars:
        i = bisect_right(ys, (char.top + char.bottom) / 2) - 1
        j = bisect_right(xs, (char.x0 + char.x1) / 2) - 1
        i, j = min(max(i, 0), len(ys) - 2), min(max(j, 0), len(xs) - 2)
        content[id(owner[i, j])].append(char)
    kept_x = _needed([(f.left, f.right + 1) for f in fields], xs, [bool(content[id(f)]) for f in fields])
    kept_y = _needed([(f.top, f.bottom + 1) for f in fields], ys, [bool(content[id(f)]) for f in fields], rows=True)
    column = {x: k for k, x in enumerate(kept_x)}
    row = {y: k for k, y in enumerate(kept_y)}
    grid: list[list[Cell | None]] = [[None] * (len(kept_x) - 1) for _ in range(len(kept_y) - 1)]
    for f in fields:
        left, right = _floor(kept_x, f.left), _ceil(kept_x, f.right + 1)
        top, bottom = _floor(kept_y, f.top), _ceil(kept_y, f.bottom + 1)
        c, r = column[left], row[top]
        wide, tall = column[right] - c, row[bottom] - r
        if wide <= 0 or tall <= 0 or grid[r][c] is not None:
            continue
        inside = content[id(f)]
        box = (xs[f.left], ys[f.top], xs[f.right + 1], ys[f.bottom + 1])
        tight = join_boxes([(k.x0, k.top, k.x1, k.bottom) for k in inside if k.text.strip()]) if any(k.text.strip() for k in inside) else box
        tight = (max(tight[0], box[0]), max(tight[1], box[1]), min(tight[2], box[2]), min(tight[3], box[3]))
        grid[r][c] = Cell(text_of(inside), Place(facts.number, facts.shown(box)), r, c, tall, wide)
    return RawGrid(facts.number, facts.shown(lattice.box), tuple(tuple(r) for r in grid), tuple(xs[k] for k in kept_x),
                   tuple(ys[k] for k in kept_y))


def _needed(spans: list[tuple[int, int]], positions: list[float], filled: list[bool], rows: bool = False) -> list[int]:
    """Which lattice lines really part cells. Narrow stripes that hold no text (double lines, fine invisible grids) vanish."""
    last = len(positions) - 1
    used = {0, last}
    for start, end in spans:
        used.add(start)
        used.add(end)
    kept = sorted(used)
    minimum = 3.0 if rows else 4.0
    changed = True
    while changed and len(kept) > 2:
        changed = False
        for k in range(len(kept) - 1):
            a, b = kept[k], kept[k + 1]
            if positions[b] - positions[a] < minimum and not any(f and s >= a and e <= b for (s, e), f in zip(spans, filled, strict=True)):
                drop = b if b != last else a
                if drop not in (0, last):
                    kept.remove(drop)
                    changed = True
                    break
    return kept


def _floor(kept: list[int], value: int) -> int:
    return kept[max(bisect_right(kept, value) - 1, 0)]


def _ceil(kept: list[int], value: int) -> int:
    return kept[min(bisect_left(kept, value), len(kept) - 1)]


# ---------------------------------------------------------------- lines of text

def text_lines(chars: Sequence[Char], facts: PageFacts) -> list[RawLine]:
    """Characters outside grids as lines of text, from top to bottom; far apart pieces of one line stay one line with a wide blank."""
    out: list[RawLine] = []
    for line in _text_lines(chars):
        visible = [c for c in line if c.text.strip()]
        if not visible:
            continue
        text: list[str] = []
        boxes: list[Box | None] = []
        previous: Char | None = None
        for char in line:
            if previous is not None:
                if char.text == previous.text and abs(char.x0 - previous.x0) < 0.15 * char.size:
                    continue
                gap = char.x0 - previous.x1
                if gap > 1.5 * char.size and text and text[-1] != "\u3000":
                    text.append("\u3000")
                    boxes.append(None)
            if char.text == " " and (not text or text[-1] in " \u3000"):
                continue
            text.append(char.text)
            boxes.append(facts.shown((char.x0, char.top, char.x1, char.bottom)))
            previous = char if char.text.strip() else previous
        while text and not text[-1].strip():
            text.pop()
            boxes.pop()
        out.append(RawLine(facts.number, "".join(text), join_boxes([b for b in boxes if b is not None]), tuple(boxes),
                           max(c.size for c in visible)))
    return out


def words_of(chars: Sequence[Char], facts: PageFacts) -> tuple[Word, ...]:
    """Runs of characters without a gap, for searching and for finding what was clicked."""
    words: list[Word] = []
    for line in _text_lines(chars):
        run: list[Char] = []
        for char in [*line, None]:
            if char is None or not char.text.strip() or (run and char.x0 - run[-1].x1 > 0.6 * char.size):
                if run:
                    words.append(Word("".join(c.text for c in run), facts.shown(join_boxes([(c.x0, c.top, c.x1, c.bottom) for c in run]))))
                run = []
            if char is not None and char.text.strip():
                run.append(char)
    return tuple(words)


def read_page(facts: PageFacts, carry: Carry | None = None) -> tuple[RawPage, Carry | None]:
    """Lines and grids of a page, from top to bottom, and the open table that goes on overleaf (give it with the next page)."""
    from core.reading.open_grids import open_grids

    tables = [t for t in lattices(facts) if len(t.xs) > 2 or len(t.ys) > 2]
    inside: dict[int, list[Char]] = defaultdict(list)
    rest: list[Char] = []
    for char in facts.chars:
        x, y = (char.x0 + char.x1) / 2, (char.top + char.bottom) / 2
        for k, t in enumerate(tables):
            if t.xs[0] - 1 <= x <= t.xs[-1] + 1 and t.ys[0] - 1 <= y <= t.ys[-1] + 1:
                inside[k].append(char)
                break
        else:
            rest.append(char)
    placed: list[tuple[float, Block]] = []
    for k, t in enumerate(tables):
        grid = ruled_grid(t, inside[k], facts)
        filled = [c for r in grid.rows for c in r if c is not None and c.text]
        if len(filled) < 2 or len(grid.rows) * len(grid.rows[0]) < 2:
            rest += inside[k]
            continue
        placed.append((t.ys[0], grid))
    rest, inferred, goes_on = open_grids(rest, facts, carry)
    placed += inferred
    for line, base in _with_base(rest, facts):
        placed.append((base, line))
    placed.sort(key=lambda p: p[0])
    kind = "text" if facts.chars else "blank"
    return RawPage(facts.number, facts.width, facts.height, kind, tuple(b for _, b in placed), words_of(facts.chars, facts)), goes_on


def _with_base(chars: Sequence[Char], facts: PageFacts) -> list[tuple[RawLine, float]]:
    out: list[tuple[RawLine, float]] = []
    for line in _text_lines(chars):
        made = text_lines(line, facts)
        if made:
            out.append((made[0], line[0].base - 0.5 * line[0].size))
    return out
