"""Who is under whom in a table nested by names only, where the names alone mislead and the amounts tell."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from core.model import Line, Table
from core.numbers import tolerance

_BODY, _PROJECT = 2, 3


def by_amounts(table: Table) -> Table:
    """The table as it stands where its sums hold; else nested as its amounts suggest, if every sum holds then.

    An unusual body ("示例县融媒体") reads like a project, and a project may bear the name of a body. A wrong figure is not
    explained away: where no nesting makes all sums hold, the names decide.
    """
    column = next((c.key for c in table.columns if c.kind == "amount"), None)
    if column is None or not table.lines or _holds(table, column):
        return table
    for levels in _other_levels(table, column):
        trial = replace(table, lines=_nested(table.lines, levels))
        if any(o.parent is not None for o in trial.lines) and _holds(trial, column):
            return trial
    return table


def _value(line: Line, column: str) -> Decimal:
    cell = line.cells.get(column)
    return cell.amount.value if cell is not None and cell.amount is not None else Decimal(0)


def _holds(table: Table, column: str) -> bool:
    return all(_adds_up(line, table.children(line), column) for line in table.lines if table.children(line))


def _adds_up(head: Line, parts: Sequence[Line], column: str) -> bool:
    amounts = [c.amount for o in (head, *parts) if (c := o.cells.get(column)) is not None and c.amount is not None]
    off = _value(head, column) - sum((_value(o, column) for o in parts), Decimal(0))
    return abs(off) <= tolerance(amounts, amounts[0].unit if amounts else "")


def _other_levels(table: Table, column: str) -> Iterator[list[int]]:
    """Levels to try: bodies without projects as projects, rows that the next rows add up to as bodies, both."""
    lines = table.lines
    given = [o.level for o in lines]
    childless = [_PROJECT if o.level == _BODY and i and not table.children(o) else o.level for i, o in enumerate(lines)]
    for base in (childless, given):
        if base is childless and childless != given:
            yield childless
        for least in (2, 1):
            heads = _heads(lines, base, column, least)
            if heads:
                yield [_BODY if i in heads else level for i, level in enumerate(base)]


def _heads(lines: Sequence[Line], levels: Sequence[int], column: str, least: int) -> set[int]:
    """Project rows whose amount the rows right below add up to, at least so many of them."""
    found: set[int] = set()
    index = 0
    while index < len(lines):
        end = _run(lines, levels, index, column, least) if levels[index] == _PROJECT and _value(lines[index], column) else 0
        if end:
            found.add(index)
            index = end
        else:
            index += 1
    return found


def _run(lines: Sequence[Line], levels: Sequence[int], head: int, column: str, least: int) -> int:
    """The row after the shortest run of projects below `head` that adds up to it; 0 when there is none."""
    for end in range(head + 1, len(lines)):
        if levels[end] != _PROJECT:
            return 0
        if end - head >= least and _adds_up(lines[head], lines[head + 1:end + 1], column):
            return end + 1
    return 0


def _nested(lines: Sequence[Line], levels: Sequence[int]) -> tuple[Line, ...]:
    total = next((o.index for o, level in zip(lines, levels, strict=True) if level == 0), None)
    above: dict[int, int] = {} if total is None else {0: total}
    out: list[Line] = []
    for line, level in zip(lines, levels, strict=True):
        for deeper in [k for k in above if k >= level and k]:
            del above[deeper]
        parent = None if level == 0 else next((above[k] for k in sorted(above, reverse=True) if k < level), None)
        out.append(replace(line, level=level, parent=parent if parent != line.index else None))
        if level:
            above[level] = line.index
    return tuple(out)
