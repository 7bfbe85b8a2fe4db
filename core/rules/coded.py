"""Tables with subject codes as the code rules see them: one side at a time, with the list its codes belong to."""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from core.model import Cell, Column, Document, Line, Table
from core.reference import DEPARTMENT, FUNCTIONAL, GOVERNMENT, REVENUE
from core.results import Evidence, of_cell
from core.text import fold

_BY_DIGIT = {"1": REVENUE, "2": FUNCTIONAL, "3": DEPARTMENT, "5": GOVERNMENT}
_NUMBERING = re.compile(r"^(?:[一二三四五六七八九十]+、|[(（][一二三四五六七八九十\d]+[)）]|\d+[.、．])")
_LEVEL = re.compile(r"\((?:\d{2,3})?[类款项]\)$")


@dataclass(frozen=True)
class Side:
    """The coded lines of one side of a table. `list_key` names the code list (core.reference), "" when it cannot be told."""

    table: Table
    side: int
    list_key: str
    lines: tuple[Line, ...]
    """Lines with a code, in order."""
    segments: tuple[tuple[Line, ...], ...]
    """The same, parted where a line without a code stands between (a table that goes unit by unit)."""

    @property
    def ocr(self) -> bool:
        return any(c.ocr for line in self.lines for c in line.cells.values())


def coded_sides(doc: Document) -> Iterator[Side]:
    """Every side of every table that has a column of codes with codes in it."""
    for table in doc.tables:
        if table.kind == "catalogue" or table.form is not None:
            continue
        for side in sorted({c.side for c in table.columns if c.kind == "code"}):
            own = [line for line in table.lines if line.side == side]
            lines = tuple(line for line in own if any(ch.isdigit() for ch in line.code))
            if lines:
                yield Side(table, side, _list_of(lines), lines, _segments(own))


def _list_of(lines: tuple[Line, ...]) -> str:
    first = Counter(line.code[0] for line in lines).most_common(1)[0][0]
    return _BY_DIGIT.get(first, "")


def _segments(lines: list[Line]) -> tuple[tuple[Line, ...], ...]:
    out: list[list[Line]] = [[]]
    for line in lines:
        if any(ch.isdigit() for ch in line.code):
            out[-1].append(line)
        elif out[-1] and (line.total or any(c.amount is not None for c in line.cells.values())):
            out.append([])
    return tuple(tuple(part) for part in out if part)


def _cells(table: Table, line: Line, kind: str) -> list[tuple[Column, Cell]]:
    return [(c, line.cells[c.key]) for c in table.columns
            if c.side == line.side and c.kind == kind and c.key in line.cells and line.cells[c.key].text]


def code_evidence(table: Table, line: Line, role: str = "actual") -> tuple[Evidence, ...]:
    """The cell of the code; of 类|款|项 in three columns the last that is filled."""
    found = _cells(table, line, "code")
    return tuple(of_cell(cell, table.id, line.label, column.label, role) for column, cell in found[-1:])


def name_evidence(table: Table, line: Line, role: str = "actual") -> tuple[Evidence, ...]:
    """The cell of the name, else that of the code."""
    found = _cells(table, line, "name")
    return tuple(of_cell(cell, table.id, line.label, column.label, role) for column, cell in found[:1]) or code_evidence(table, line, role)


def subject_name(text: str) -> str:
    """A subject's name for comparison: folded, without a number before it or (类) behind."""
    return _LEVEL.sub("", _NUMBERING.sub("", fold(text)))


def same_name(one: str, two: str) -> bool:
    """Whether two names are equal once blanks, width and marks are out of the way."""
    return letters(one) == letters(two)


def letters(text: str) -> str:
    return "".join(ch for ch in subject_name(text) if ch.isalnum())


def chains(doc: Document) -> dict[tuple[str, str, str], Line]:
    """类, 款, 项 names of every functional item that the tables list."""
    found: dict[tuple[str, str, str], Line] = {}
    for side in coded_sides(doc):
        if side.list_key != FUNCTIONAL:
            continue
        by_code = {line.code: line for line in side.lines}
        for line in side.lines:
            above = by_code.get(line.code[:3]), by_code.get(line.code[:5])
            if len(line.code) == 7 and above[0] is not None and above[1] is not None:
                found.setdefault((subject_name(above[0].name), subject_name(above[1].name), subject_name(line.name)), line)
    return found
