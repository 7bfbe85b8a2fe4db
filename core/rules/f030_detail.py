"""F030–F031: how far down the tables go: functions to 项, economic classes to 款."""
from __future__ import annotations

from collections.abc import Iterable

from core.model import Line, Table
from core.reference import DEPARTMENT, FUNCTIONAL, GOVERNMENT
from core.results import ERROR, WARNING, Outcome, not_run, passed, problem
from core.rules.base import Case, rule
from core.rules.coded import Side, code_evidence, coded_sides, letters, name_evidence
from core.rules.passages import converted, softened

_OTHER = "其他支出"
"""A class and an item of it bear the same name: by names alone they cannot be told apart."""


_SPENDING = frozenset({"expenditure", "general", "fund", "capital"})
"""What the law wants down to 项 is spending; a table of income by the same subjects may stop before."""


def _has_amount(line: Line) -> bool:
    return any(c.amount is not None and c.amount.value for c in line.cells.values())


def _leaves(side: Side, below: int) -> list[Line]:
    """Lines with an amount and a shorter code than `below` digits that have no line under them."""
    codes = {line.code for line in side.table.lines if line.code}
    return [line for line in side.lines if line.code.isdigit() and len(line.code) in (3, 5) and len(line.code) < below
            and _has_amount(line) and not any(len(c) > len(line.code) and c.startswith(line.code) for c in codes)]


@rule(id="F030", title="支出功能分类没有细化到项", family="structure", basis=("budget-law-46", "budget-rules-6", "mof-2016-143"),
      example="表五列有 20805 行政事业单位养老支出，其下没有项级科目。", remedy="把款级科目细化到项级。")
def function_to_item(case: Case) -> Iterable[Outcome]:
    """一般公共预算支出应按功能分类公开到项：每个有金额的类级、款级科目下面都应列出项级科目。"""
    found = False
    for side in coded_sides(case.doc):
        if side.list_key != FUNCTIONAL or side.table.kind != "budget":
            continue
        found = True
        relation = f"{side.table.id}：功能分类列到项级"
        leaves = _leaves(side, 7)
        for line in leaves:
            level = "类" if len(line.code) == 3 else "款"
            yield problem(relation, f"{side.table.id}“{line.label}”只列到{level}级，其下没有项级科目", *code_evidence(side.table, line),
                          *name_evidence(side.table, line, "source"), actual=line.code, severity=softened(ERROR if side.table.role in _SPENDING else WARNING, side.ocr or converted(case.doc)),
                          suggestion="细化到项级科目。", group=f"{side.table.id}-detail" if len(leaves) > 3 else "")
        if not leaves:
            yield passed(relation)
    if not found:
        yield not_run("功能分类列到项级", "没有按功能分类编码列示的表")


def _named_leaves(table: Table) -> list[Line]:
    return [line for line in table.lines if line.level == 1 and not line.total and _has_amount(line) and not table.children(line)
            and letters(line.name) != _OTHER]


@rule(id="F031", title="基本支出经济分类没有细化到款", family="structure", basis=("budget-law-46", "budget-rules-6", "mof-check-2017"), tables=("basic",),
      example="基本支出表列有“商品和服务支出”，其下没有办公费、差旅费等款级科目。", remedy="把类级科目细化到款级。")
def economy_to_item(case: Case) -> Iterable[Outcome]:
    """一般公共预算基本支出应按经济分类公开到款：每个有金额的类级科目下面都应列出款级科目。"""
    table = case.table("basic")
    relation = "经济分类列到款级"
    if table is None or not table.lines or table.empty:
        yield not_run(relation, "基本支出表没有数据")
        return
    sides = [s for s in coded_sides(case.doc) if s.table is table and s.list_key in (DEPARTMENT, GOVERNMENT)]
    leaves = [(line, s.ocr) for s in sides for line in _leaves(s, 5)]
    if not sides:
        if not any(line.level == 2 for line in table.lines):
            yield not_run(relation, "表中没有编码，名称也分不出类、款")
            return
        leaves = [(line, any(c.ocr for c in line.cells.values())) for line in _named_leaves(table)]
    for line, ocr in leaves:
        yield problem(relation, f"{table.id}“{line.label}”只列到类级，其下没有款级科目", *name_evidence(table, line), actual=line.label,
                      severity=softened(ERROR if sides else WARNING, ocr or converted(case.doc)), suggestion="细化到款级科目。")
    if not leaves:
        yield passed(relation)
