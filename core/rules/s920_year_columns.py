"""S920: in tables that show two years beside each other the change and the rate must follow from the two years' figures."""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from core.model import Cell, Column, Line, Table
from core.numbers import Amount, is_blank, parse_amount
from core.results import ERROR, WARNING, Outcome, not_run, of_cell, passed, problem
from core.rules.base import Case, rule
from core.text import fold

_RATE = re.compile(r"[%％]|率|比例|幅度")
_CHANGE = re.compile(r"增减|增加|增长|变动|差额|比.*[±]")
_COMPARED = re.compile(r"[比较与].*(?:20\d\d年|上年)|增减|增长|±")
_WHOLE = frozenset({"合计", "小计", "总计"})


@dataclass(frozen=True)
class _Years:
    """Columns that belong together: the earlier year, the later one, and what is printed of their difference."""

    before: Column
    now: Column
    change: Column | None
    rate: Column | None


@rule(id="S920", title="两年增减与两年数不符", family="arithmetic", basis=("mof-2016-143",),
      example="上年执行数 120.00、本年预算数 150.00，“增减额”印作 20.00。", remedy="按两年的数重新计算增减额、增减率，更正有误的一处。")
def year_columns(case: Case) -> Iterator[Outcome]:
    """表中并列上年、本年和增减额、增减率的，增减额应等于本年减上年，增减率应等于增减额除以上年，都允许四舍五入的尾差；上年为零的不算增减率。
    多数行不符的，多半是栏目另有含义，不报差错。"""
    found = False
    for table in case.doc.tables:
        years = _years(table) if table.lines else None
        if years is None:
            continue
        found = True
        yield from _check(table, years)
    if not found:
        yield not_run("增减额、增减率 = 两年数之差", "没有并列两年数和增减的表")


def _years(table: Table) -> _Years | None:
    compared = [c for c in table.columns if c.side == 0 and any(_COMPARED.search(p) for p in c.path)]
    rate = next((c for c in compared if _RATE.search(c.path[-1])), None)
    change = next((c for c in compared if not _RATE.search(c.path[-1]) and _CHANGE.search("".join(c.path))), None)
    plain = [c for c in table.columns if c.side == 0 and c not in compared and c.kind != "name" and c.kind != "code"]
    printed = sorted({y for c in plain for p in c.path for y in re.findall(r"20\d\d(?=年)", p)})
    if len(printed) == 2:
        groups = [[c for c in plain if any(f"{y}年" in p for p in c.path)] for y in printed]
    else:
        groups = [[c for c in plain if any(re.match(word, p) and "结转" not in p for p in c.path)] for word in ("上年", "本年|当年")]
    pair = [_whole(group) for group in groups]
    if rate is None and change is None or pair[0] is None or pair[1] is None:
        return None
    return _Years(pair[0], pair[1], change, rate)


def _whole(group: list[Column]) -> Column | None:
    """The column of a year's total: the only one, or the one called 合计 or 小计."""
    return group[0] if len(group) == 1 else next((c for c in group if fold(c.path[-1]) in _WHOLE), None)


def _check(table: Table, years: _Years) -> Iterator[Outcome]:
    wrong: list[Outcome] = []
    right = 0
    for line in table.lines:
        if line.side:
            continue
        before, now = _amount(table, line, years.before), _amount(table, line, years.now)
        if before is None or now is None:
            continue
        difference = now.value - before.value
        slack = now.half + before.half
        for column in (years.change, years.rate):
            cell = line.cells.get(column.key) if column is not None else None
            told = parse_amount(cell.text.rstrip("%％"), table.amount_unit) if cell is not None else None
            if column is None or cell is None or told is None:
                continue
            if column is years.change:
                expected, allowed = difference, slack + told.half
            elif before.value <= before.half:
                continue
            else:
                expected = difference / before.value * 100
                allowed = (slack + abs(difference) / before.value * before.half) / before.value * 100 + told.half
            relation = f"{table.id}[{line.label}].{column.label} = {years.now.label} 与 {years.before.label} 之{'差' if column is years.change else '增减率'}"
            evidence = [of_cell(cell, table.id, line.label, column.label),
                        *(of_cell(c, table.id, line.label, k.label, "addend") for k in (years.now, years.before) if (c := line.cells.get(k.key)) is not None)]
            if abs(told.value - expected) <= allowed:
                right += 1
                yield passed(relation, *evidence)
                continue
            shown = expected.quantize(Decimal(1).scaleb(-told.digits))
            wrong.append(problem(relation, f"{table.id}“{line.label}”行“{column.label}”列为 {cell.text}，按本年 {now.value}、上年 {before.value} 应为 {shown}",
                                 *evidence, expected=shown, actual=told.value, severity=ERROR if table.recognised else WARNING,
                                 suggestion="核对两年的数与增减，更正有误的一处。"))
    if len(wrong) > right:
        yield not_run(f"{table.id}的增减额、增减率", f"{len(wrong)} 处与两年数之差不符，栏目可能另有含义")
    else:
        yield from wrong


def _amount(table: Table, line: Line, column: Column) -> Amount | None:
    """The year's figure; a blank is zero, anything else that is no figure is none."""
    cell: Cell | None = line.cells.get(column.key)
    if cell is None or is_blank(cell.text):
        return Amount(Decimal(0), table.amount_unit, 2)
    return parse_amount(cell.text, table.amount_unit)
