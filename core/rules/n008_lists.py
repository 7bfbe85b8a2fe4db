"""N008: what the text lists (人员经费主要包括…) against the rows of the basic expenditure table."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.model import Line, Table
from core.narrative.binding import plain_row
from core.narrative.facts import Told, narrative
from core.narrative.grammar import Listed
from core.results import INFO, WARNING, Evidence, Outcome, not_run, of_cell, passed, problem
from core.rules.base import Case, rule
from core.text import fold

_COLUMNS = {"personnel": ("人员经费", "左决算数"), "running": ("公用经费", "右决算数")}

_FEW = 3
"""More than so many subjects left out by an open list ("等") are told as one."""


@dataclass(frozen=True)
class _Row:
    line: Line
    filled: bool
    printed: bool


@rule(id="N008", title="文字列举的科目与表不符", family="narrative", severity=WARNING, basis=("mof-2016-143", "template"),
      example="“公用经费主要包括：办公费、印刷费、邮电费”，基本支出表中邮电费为空。", remedy="按基本支出表中有金额的科目改写列举。")
def lists(case: Case) -> Iterable[Outcome]:
    """“人员经费主要包括”“公用经费主要包括”列举的科目，在基本支出表中应有金额；表中有金额的科目也应列举，用“等”省略的只作提示。"""
    found = False
    for told in narrative(case.doc).told:
        if told.binding is None or told.binding.quantity not in _COLUMNS or not told.statement.listed:
            continue
        found = True
        table = case.doc.table("basic")
        relation = f"“{told.label}”列举的科目 = 基本支出表有金额的行"
        if table is None:
            yield not_run(relation, "未识别到基本支出表", *told.words(told.statement.listed[0].start, told.statement.listed[-1].end))
            continue
        if any(table.doubtful(o) for o in table.lines):
            yield not_run(relation, f"{table.id}有模板没有的栏目，科目没有认全", *told.words(told.statement.listed[0].start, told.statement.listed[-1].end))
            continue
        yield from _compare(told, table, _rows(table, _COLUMNS[told.binding.quantity]), relation)
    if not found:
        yield not_run("列举的科目 = 基本支出表有金额的行", "文字没有列举经济科目")


def _rows(table: Table, columns: tuple[str, ...]) -> dict[str, _Row]:
    """The 款 rows by name; a name may have several rows (行政、事业), one with an amount is enough."""
    column = next((c for k in columns if (c := table.column(k)) is not None), None)
    rows: dict[str, _Row] = {}
    if column is None:
        return rows
    for line in table.lines:
        if line.total or line.side != column.side or line.level < 2:
            continue
        cell = line.cells.get(column.key)
        filled = cell is not None and cell.amount is not None and bool(cell.amount.value)
        name = _name(line.name)
        before = rows.get(name)
        if before is None or filled and not before.filled:
            rows[name] = _Row(line, filled, cell is not None and cell.amount is not None)
    return rows


def _name(text: str) -> str:
    return plain_row(text).replace("费用", "费").removesuffix("支出")


def _compare(told: Told, table: Table, rows: dict[str, _Row], relation: str) -> Iterator[Outcome]:
    wrong = False
    listed = {_name(item.name): item for item in told.statement.listed}
    every = {_name(o.name) for o in table.lines}
    for name, item in listed.items():
        row = rows.get(name)
        if row is not None and row.filled:
            continue
        wrong = True
        yield _listed_wrongly(told, table, item, row, name in every, relation)
    left_out = [row for name, row in rows.items() if row.filled and name not in listed]
    for row in left_out:
        wrong = True
        yield problem(f"{relation}：{row.line.name}", f"{table.id}“{row.line.name}”有金额，文字“{told.label}主要包括”没有列举", *_cell(table, row),
                          *told.words(told.statement.listed[0].start, told.statement.listed[-1].end, "place", "列举"), expected=row.line.name, actual="未列举",
                          severity=INFO if told.statement.list_open else WARNING, suggestion="补上这一科目，或在列举后写“等”。",
                          group=relation if told.statement.list_open and len(left_out) > _FEW else "")
    if not wrong:
        yield passed(relation, *told.words(told.statement.listed[0].start, told.statement.listed[-1].end, column="列举"))


def _listed_wrongly(told: Told, table: Table, item: Listed, row: _Row | None, elsewhere: bool, relation: str) -> Outcome:
    evidence = [*told.words(item.start, item.end, column="列举")]
    severity = WARNING
    if row is not None:
        evidence += _cell(table, row)
        state = "为0" if row.printed else "没有金额"
        severity = INFO if row.printed else WARNING
    else:
        state = "不属于这一类" if elsewhere else "没有这一科目"
    return problem(f"{relation}：{item.name}", f"文字“{told.label}主要包括”列举了“{item.name}”，{table.id}中{state}", *evidence, expected="有金额的科目",
                   actual=item.name, severity=severity, suggestion="删去这一科目，或核对表中金额。")


def _cell(table: Table, row: _Row) -> list[Evidence]:
    for key, cell in row.line.cells.items():
        column = table.column(key)
        if column is not None and column.kind == "amount" and fold(column.key) in ("人员经费", "公用经费", "左决算数", "右决算数"):
            return [of_cell(cell, table.id, row.line.label, column.label, "source")]
    return []
