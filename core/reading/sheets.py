"""A sheet of cells to lines and grids: where its tables begin and end, merged cells, what is hidden left out."""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from core.model import Cell, Place
from core.reading.pages import Block, RawGrid, RawLine
from core.text import fold

Address = tuple[int, int]

_UNIT = re.compile(r"(?:金额)?单位[:：].{0,6}元|(?:部门|单位|编制单位|编制部门|预算单位|填报单位)(?:名称)?[:：]|制表日期|填报日期")
_NOTE = re.compile(r"(?:备?注|说明|附注|填表说明)\d?[:：、.]|注\d|[*＊※]")
_CONTENTS = re.compile("目录|目次|附表目录")


@dataclass(frozen=True)
class Sheet:
    """A sheet as shown. Rows and columns count from 0; hidden ones are named and never read."""

    name: str
    texts: Mapping[Address, str]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    """First row, first column, row after the last, column after the last."""
    bordered: frozenset[Address] = frozenset()
    """Cells with a rule on a side, or above and below."""
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    sizes: Mapping[Address, float] = field(default_factory=dict)


def address(row: int, column: int) -> str:
    """The name of a cell in a spreadsheet: (5, 2) is C6."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def blocks_of(sheet: Sheet) -> tuple[Block, ...]:
    """The lines and tables of a sheet from top to bottom. A cell's place names sheet and cell ("表一!C6")."""
    view = _View(sheet)
    out: list[Block] = []
    headed = False
    for rows, is_table in _runs(view):
        if is_table:
            out += _table(view, rows, headed)
        else:
            headed = any(_is_unit([view.shown(row, c) for c in view.filled(row)]) for row in rows)
            out += [line for row in rows for line in _lines(view, row)]
    return tuple(out)


class _View:
    """A sheet without its hidden rows and columns and the blank margin, merged cells resolved."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        filled = {a for a, t in sheet.texts.items() if t.strip()}
        rows = {r for r, _ in filled} | {r for r, _ in sheet.bordered}
        columns = {c for _, c in filled} | {c for _, c in sheet.bordered}
        self.rows = [r for r in range(min(rows, default=0), max(rows, default=-1) + 1) if r not in sheet.hidden_rows]
        self.columns = [c for c in range(min(columns, default=0), max(columns, default=-1) + 1) if c not in sheet.hidden_columns]
        self.covered: dict[Address, Address] = {}
        for top, left, bottom, right in sheet.merged:
            for r in range(top, bottom):
                for c in range(left, right):
                    self.covered[r, c] = (top, left)

    def text(self, row: int, column: int) -> str:
        return self.sheet.texts.get((row, column), "").strip()

    def filled(self, row: int) -> list[int]:
        """Columns of this row with text of their own; a merged cell whose first column or row is hidden shows where it begins."""
        return [c for c in self.columns if self.shown(row, c)]

    def shown(self, row: int, column: int) -> str:
        head = self.covered.get((row, column))
        if head is None:
            return self.text(row, column)
        return self.text(*head) if (row, column) == self.begin(head) else ""

    def begin(self, head: Address) -> Address:
        """The first visible place of a merged cell."""
        row, column = head
        while row in self.sheet.hidden_rows and self.covered.get((row + 1, column)) == head:
            row += 1
        while column in self.sheet.hidden_columns and self.covered.get((row, column + 1)) == head:
            column += 1
        return row, column

    def ruled(self, row: int) -> bool:
        """Whether this row stands in a ruled table: most of what it shows lies in bordered cells."""
        edged = [c for c in self.columns if (row, c) in self.sheet.bordered]
        if not edged:
            return False
        return all((row, c) in self.sheet.bordered for c in self.filled(row)) or len(edged) * 2 >= len(self.columns)


def _runs(view: _View) -> Iterator[tuple[list[int], bool]]:
    """Successive rows that are a table together, or lines."""
    kinds = {r: view.ruled(r) for r in view.rows}
    if not any(kinds.values()):
        kinds = _unruled(view)
    run: list[int] = []
    for row in view.rows:
        if run and kinds[row] != kinds[run[-1]]:
            yield run, kinds[run[-1]]
            run = []
        run.append(row)
    if run:
        yield run, kinds[run[-1]]


def _unruled(view: _View) -> dict[int, bool]:
    """Which rows of a sheet without rules are a table's, by how they are filled."""
    kinds: dict[int, bool] = {}
    inside = False
    contents = False
    for row in view.rows:
        filled = view.filled(row)
        texts = [view.shown(row, c) for c in filled]
        contents = contents or len(texts) == 1 and bool(_CONTENTS.fullmatch(fold(texts[0])))
        if not filled or contents or _NOTE.match(texts[0]) and len(filled) == 1:
            inside = False
        elif not inside:
            inside = len(filled) > 1 and not _is_unit(texts)
        kinds[row] = inside
    return kinds


def _is_unit(texts: list[str]) -> bool:
    return bool(texts) and all(_UNIT.match(fold(t)) for t in texts)


def _lines(view: _View, row: int) -> list[RawLine]:
    """A row outside tables as a line; the body's name on the left and the unit on the right are lines of their own."""
    filled = [(" ".join(view.shown(row, c).split()), view.sheet.sizes.get((row, c), 10.5)) for c in view.filled(row)]
    if not filled:
        return []
    if not _is_unit([t for t, _ in filled]):
        filled = [("\t".join(t for t, _ in filled), filled[0][1])]
    return [RawLine(view.sheet.name, text, None, (None,) * len(text), size, indent=True) for text, size in filled]


def _table(view: _View, rows: list[int], headed: bool) -> list[Block]:
    """A run of table rows: title and unit rows swallowed on top and notes below go out as lines, the rest is the grid.

    Where the unit line stands above it (`headed`) the title does too, and a cell over the whole width is the table's first heading.
    """
    before: list[RawLine] = []
    after: list[RawLine] = []
    while rows and (not view.filled(rows[0]) or _swallowed(view, rows[0], len(rows), headed)):
        before += _lines(view, rows[0])
        rows = rows[1:]
    while rows and (not view.filled(rows[-1]) and not _edged(view, rows[-1]) or _is_note(view, rows[-1])):
        after = _lines(view, rows[-1]) + after
        rows = rows[:-1]
    if not rows:
        return [*before, *after]
    return [*before, _grid(view, rows), *after]


def _edged(view: _View, row: int) -> bool:
    return any((row, c) in view.sheet.bordered for c in view.columns)


def _swallowed(view: _View, row: int, left: int, headed: bool) -> bool:
    """A title over the whole width or a unit line, drawn as the table's first rows."""
    filled = view.filled(row)
    texts = [view.shown(row, c) for c in filled]
    if _is_unit(texts):
        return True
    if len(filled) != 1 or left < 3 or headed and not fold(texts[0]).endswith("表"):
        return False
    wide = sum(view.covered.get((row, c)) == view.covered.get((row, filled[0])) is not None for c in view.columns)
    return wide == len(view.columns) > 1


def _is_note(view: _View, row: int) -> bool:
    filled = view.filled(row)
    return len(filled) == 1 and bool(_NOTE.match(view.shown(row, filled[0])))


def _grid(view: _View, rows: list[int]) -> RawGrid:
    columns = _used_columns(view, rows)
    out: list[tuple[Cell | None, ...]] = []
    row_at = {r: i for i, r in enumerate(rows)}
    column_at = {c: i for i, c in enumerate(columns)}
    for r in rows:
        line: list[Cell | None] = []
        for c in columns:
            head = view.covered.get((r, c))
            begin = view.begin(head) if head is not None else (r, c)
            if head is not None and begin[0] not in row_at:
                # A merge that reaches in from outside the table begins at its first row or column here.
                begin = (rows[0], begin[1])
            if head is not None and begin[1] not in column_at:
                begin = (begin[0], columns[0])
            if begin != (r, c):
                line.append(None)
                continue
            text = view.text(*head) if head is not None else view.text(r, c)
            tall = sum(view.covered.get((k, c)) == head for k in rows) if head is not None else 1
            wide = sum(view.covered.get((r, k)) == head for k in columns) if head is not None else 1
            place = Place(f"{view.sheet.name}!{address(*(head or (r, c)))}")
            line.append(Cell(text, place, row_at[r], column_at[c], tall, wide))
        out.append(tuple(line))
    # a sheet says itself which cell is in which column, with or without rules
    return RawGrid(view.sheet.name, None, _without_tail(tuple(out)), ruled=True)


def _used_columns(view: _View, rows: list[int]) -> list[int]:
    """The table's columns: from its first to its last; those that no cell begins in or is drawn in are left out."""
    used = {c for r in rows for c in view.columns if view.shown(r, c) or (r, c) in view.sheet.bordered}
    first, last = min(used), max(used)
    begun = {view.begin(view.covered[r, c])[1] if (r, c) in view.covered else c for r in rows for c in range(first, last + 1)}
    return [c for c in view.columns if first <= c <= last and c in begun]


def _without_tail(rows: tuple[tuple[Cell | None, ...], ...]) -> tuple[tuple[Cell | None, ...], ...]:
    """A long tail of blank rows is formatting that ran on, not rows of the table; a few are printed blanks and stay."""
    end = len(rows)
    while end > 1 and all(c is None or not c.text for c in rows[end - 1]):
        end -= 1
    return rows[:end] if len(rows) - end > 5 else rows
