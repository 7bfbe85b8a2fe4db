"""Text of open tables: characters to pieces of lines, pieces to the blocks that stood in one cell, blocks to rows."""
from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.numbers import looks_numeric
from core.reading.grids import _text_lines
from core.reading.pdf import Char
from core.reading.tables import TOTAL_NAME

_FIGURE = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d\d)")
_UNITS = "元万亿千百"


@dataclass(slots=True)
class Piece:
    """A run of text on one line, without a wide gap inside."""

    x0: float
    x1: float
    top: float
    bottom: float
    base: float
    chars: list[Char]

    @property
    def text(self) -> str:
        """Without blanks."""
        return "".join(c.text for c in self.chars if c.text.strip())

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    def over(self, other: Piece) -> bool:
        """Whether the two stand in one column, as far as their own width tells."""
        return self.x0 < other.x1 and other.x0 < self.x1


def pieces_of(chars: Sequence[Char]) -> list[list[Piece]]:
    """The lines of the given characters, each as its pieces from left to right."""
    lines: list[list[Piece]] = []
    for line in _text_lines(chars):
        row: list[Piece] = []
        blanks: list[Char] = []
        for char in line:
            if not char.text.strip():
                blanks.append(char)
                continue
            apart = 0.3 if row and char.text.isdigit() and row[-1].chars[-1].text.isdigit() else 0.9
            if row and char.x0 - row[-1].x1 <= apart * char.size:
                p = row[-1]
                p.x1, p.top, p.bottom = max(p.x1, char.x1), min(p.top, char.top), max(p.bottom, char.bottom)
                p.chars += [*blanks, char]
            else:
                row.append(Piece(char.x0, char.x1, char.top, char.bottom, char.base, [char]))
            blanks = []
        if row:
            lines.append(row)
    return lines


def parted(lines: Sequence[Sequence[Piece]]) -> list[list[Piece]]:
    """The lines with pieces parted where two columns nearly touch: at a narrow gap next to which others begin or end too, after a whole
    figure, or where Chinese text that is set close leaves room for which no blank was printed."""
    pieces = [p for line in lines for p in line]
    starts, ends = sorted(p.x0 for p in pieces), sorted(p.x1 for p in pieces)
    return [[part for piece in line for part in _parts(piece, starts, ends)] for line in lines]


def _parts(piece: Piece, starts: Sequence[float], ends: Sequence[float]) -> list[Piece]:
    visible = [c for c in piece.chars if c.text.strip()]
    gaps = sorted(b.x0 - a.x1 for a, b in pairwise(visible))
    usual = gaps[len(gaps) // 2] if len(gaps) > 2 else 0.0
    parts: list[list[Char]] = [[visible[0]]]
    blanks: list[Char] = []
    before = visible[0]
    for char in piece.chars[1:]:
        if not char.text.strip():
            blanks.append(char)
            continue
        gap = (char.x0 - before.x1) / char.size
        aligned = _as_many(starts, char.x0) + _as_many(ends, before.x1)
        set_apart = len(gaps) > 2 and not blanks and _is_han(before.text) and _is_han(char.text) and gap > usual / char.size + 0.28
        if gap > 0.28 and aligned or gap > 0.15 and not blanks and _after_figure(parts[-1], char.text) or gap > 0.18 and aligned == 2 or set_apart:
            parts.append([char])
        else:
            parts[-1] += [*blanks, char]
        before, blanks = char, []
    return [_piece(p) for p in parts] if len(parts) > 1 else [piece]


def _after_figure(chars: Sequence[Char], text: str) -> bool:
    """Whether a name or a code begins after a figure that is whole, and no unit of it."""
    figure = "".join(c.text for c in chars if c.text.strip())
    return _FIGURE.fullmatch(figure) is not None and (text.isdigit() or _is_han(text) and text not in _UNITS)


def _is_han(text: str) -> bool:
    return "\u4e00" <= text <= "\u9fff"


def _as_many(edges: Sequence[float], x: float) -> bool:
    return bisect_right(edges, x + 0.7) - bisect_left(edges, x - 0.7) >= 3


def _piece(chars: list[Char]) -> Piece:
    return Piece(chars[0].x0, max(c.x1 for c in chars), min(c.top for c in chars), max(c.bottom for c in chars), chars[0].base, chars)


def columns_in_band(lines: Sequence[Sequence[Piece]]) -> list[list[Piece]]:
    """The pieces of a row grouped by the columns they stand in (wrapped lines of one cell are one group)."""
    groups: list[list[Piece]] = []
    for line in lines:
        for piece in line:
            for group in groups:
                if any(piece.over(g) for g in group):
                    group.append(piece)
                    break
            else:
                groups.append([piece])
    return sorted(groups, key=lambda g: min(p.x0 for p in g))


def joined(group: list[Piece]) -> Piece:
    return Piece(min(p.x0 for p in group), max(p.x1 for p in group), min(p.top for p in group), max(p.bottom for p in group),
                  group[0].base, [c for p in group for c in p.chars])


def blocks_of(lines: Sequence[Sequence[Piece]]) -> list[Piece]:
    """The texts of the cells: lines that follow each other at the distance of wrapped lines are one.

    That distance is the smallest there is, provided that whole figures, which never wrap, keep further apart; without one there is none.
    """
    pieces = sorted((p for line in lines for p in line), key=lambda p: p.base)
    below = [_next_below(pieces, i) for i in range(len(pieces))]
    steps = {(i, k): _step(pieces[i], pieces[k]) for i, found in enumerate(below) for k in found}
    apart = min((d for (i, k), d in steps.items() if _whole_figure(pieces[i]) and _whole_figure(pieces[k])), default=_WIDEST / _CLOSER)
    near = [d for d in steps.values() if d < min(_WIDEST, _CLOSER * apart)]
    if not near or len(near) > 0.8 * len(steps):
        return pieces
    limit = min(min(near) + 0.25, _CLOSER * apart)
    above = [[i for i, found in enumerate(below) if k in found] for k in range(len(pieces))]
    group = list(range(len(pieces)))
    for (i, k), distance in steps.items():
        if distance <= limit and len(below[i]) == len(above[k]) == 1 and not (len(pieces[i].text) < 3 and TOTAL_NAME.fullmatch(pieces[k].text)):
            group[k] = group[i]
    return _grouped(pieces, group)


def _grouped(pieces: Sequence[Piece], group: Sequence[int]) -> list[Piece]:
    """One piece for each number in `group`, of all that bear it."""
    made: dict[int, list[Piece]] = {}
    for piece, number in zip(pieces, group, strict=True):
        made.setdefault(number, []).append(piece)
    return [joined(g) for g in made.values()]


_WIDEST = 1.75
"""No lines of one cell stand further apart than this many times the size of their letters."""
_CLOSER = 0.95
"""Lines of one cell stand closer than rows, be it a little."""


def whole_names(heading: Sequence[Piece]) -> list[Piece]:
    """Headings with the lines of one name joined, also where they stand no closer than its storeys: one above the other alone, and in line."""
    pieces = sorted(heading, key=lambda p: p.base)
    group = list(range(len(pieces)))
    for i, upper in enumerate(pieces):
        below = _next_below(pieces, i)
        if len(below) != 1:
            continue
        lower = pieces[below[0]]
        in_line = abs(lower.x0 + lower.x1 - upper.x0 - upper.x1) < 4 or abs(lower.x0 - upper.x0) < 1
        alone = sum(p.over(lower) and abs(p.base - upper.base) < 2 for p in pieces) == 1
        full = upper.x1 - upper.x0 > lower.x1 - lower.x0 - 0.5 * upper.chars[0].size  # only the last line of a name is short
        if in_line and alone and full and _step(upper, lower) < _WIDEST:
            group[below[0]] = group[i]
    return _grouped(pieces, group)


def _next_below(pieces: Sequence[Piece], i: int) -> list[int]:
    """The pieces of the next line below that stand in the column of piece `i`."""
    found: list[int] = []
    for k in range(i + 1, len(pieces)):
        if found and pieces[k].base - pieces[found[0]].base > 2:
            break
        if pieces[k].base - pieces[i].base > 2 and pieces[k].over(pieces[i]):
            found.append(k)
    return found


def _step(upper: Piece, lower: Piece) -> float:
    """From the last line of one to the first of the other, in sizes of the letters."""
    return (min(c.base for c in lower.chars) - max(c.base for c in upper.chars)) / max(upper.chars[0].size, 1.0)


def _whole_figure(piece: Piece) -> bool:
    text = piece.text
    return looks_numeric(text) and not text.endswith(".") and ("." in text or sum(c.isdigit() for c in text) > 2)


def rows_of(blocks: Sequence[Piece]) -> list[list[Piece]]:
    """Blocks beside each other are one row: whatever hangs together, directly or through others, from left to right."""
    rows: list[list[Piece]] = []
    bottom = 0.0
    for block in sorted(blocks, key=lambda b: b.top):
        trim = 0.15 * max(c.size for c in block.chars)
        if rows and block.top + trim < bottom:
            rows[-1].append(block)
            bottom = max(bottom, block.bottom - trim)
        else:
            rows.append([block])
            bottom = block.bottom - trim
    return [sorted(row, key=lambda b: b.x0) for row in rows]


def storeys_of(heading: Sequence[Piece]) -> list[list[Piece]]:
    """The blocks of a heading by the height of their middle. One that reaches over two storeys stands between them, in one of its own."""
    storeys: list[list[Piece]] = []
    for block in sorted(heading, key=lambda b: b.middle):
        size = max(c.size for c in block.chars)
        if storeys and block.middle - storeys[-1][0].middle < 0.35 * size:
            storeys[-1].append(block)
        else:
            storeys.append([block])
    return [sorted(storey, key=lambda b: b.x0) for storey in storeys]
