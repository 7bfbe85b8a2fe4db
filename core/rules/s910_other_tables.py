"""S910: tables that no template knows: what can be said of any table."""
from __future__ import annotations

import re
from collections.abc import Iterator

from core.formulas import Formula
from core.formulas.evaluate import Evaluator
from core.formulas.syntax import CHILDREN, CURRENT, EVERY_ROW, Binary, Call, Comparison, Node, Quantifier, Reference, Source, Spot
from core.model import Column, Table
from core.results import WARNING, Outcome, not_run
from core.rules.base import Case, rule
from core.text import fold

_HERE = Spot(1, 1)
_RATE = re.compile("增减|增长|比|率|%")
_TOTALS = frozenset({"合计", "总计", "小计"})


@rule(id="S910", title="未识别的表内加总不符", family="arithmetic", severity=WARNING, basis=("custom",),
      example="一张模板之外的表，第一列数字为“合计”，其后各列相加与它不等。",
      remedy="对照原表核对；表的结构读错的，可以排除。")
def other_tables(case: Case) -> Iterator[Outcome]:
    """模板之外的表没有约定的勾稽关系，只核对任何表都应成立的两点：打头的合计列等于其后各列之和，有编码层级的合计、类、款
    等于下级之和。表的结构可能与读取的不同，所以只作提示。"""
    tables = [t for t in case.doc.tables if t.kind == "unknown" and t.lines]
    if not tables:
        yield not_run("模板之外的表内加总", "没有模板之外的表")
    for table in tables:
        formulas = list(_formulas(table))
        if not formulas:
            yield not_run(f"{table.id}内的加总", "没有可识别的合计列或编码层级")
        for formula in formulas:
            yield from Evaluator(case).run(formula, WARNING)


def _formulas(table: Table) -> Iterator[Formula]:
    source = Source(table.id, None, "", _HERE)
    for side in sorted({c.side for c in table.columns}):
        amounts = [c for c in table.columns if c.side == side and c.kind == "amount" and not _RATE.search(c.label)]
        amounts = _parts_of_first(amounts)
        if len(amounts) > 2 and amounts[0].path and fold(amounts[0].path[-1]) in _TOTALS and not any(
                len(c.path) <= len(amounts[0].path) and fold(c.path[-1]) in _TOTALS for c in amounts[1:]):
            yield _every(source, Comparison(_ref(CURRENT, amounts[0].key), "=", _sum([_ref(CURRENT, c.key) for c in amounts[1:]])),
                         f"每行({table.id}): {amounts[0].label} = 其后各列之和")
    if any(line.code.isdigit() and table.children(line) for line in table.lines):
        narrowed = Source(table.id, "有下级", "", _HERE)
        for column in (c for c in table.columns if c.kind == "amount" and not _RATE.search(c.label)):
            children = Call("求和", (_ref(CHILDREN, column.key),), _HERE)
            yield _every(narrowed, Comparison(_ref(CURRENT, column.key), "=", children), f"每行({table.id}): 本行.{column.label} = 求和(下级.{column.label})")


def _parts_of_first(columns: list[Column]) -> list[Column]:
    """The first column and those beside it under the same heading; of a group that has its own 小计 only that."""
    if not columns:
        return []
    above = columns[0].path[:-1]
    depth = len(above)
    beside = [c for c in columns if c.path[:depth] == above and len(c.path) > depth]
    subtotals = {c.path[:-1] for c in beside if len(c.path) > depth + 1 and fold(c.path[-1]) in _TOTALS}
    return [c for c in beside if c is columns[0] or not any(_inside(c, group) for group in subtotals)]


def _inside(column: Column, group: tuple[str, ...]) -> bool:
    """Whether a column is a part of what this group's own 小计 holds, however deep."""
    own = column.path[:-1] == group and fold(column.path[-1]) in _TOTALS
    return column.path[:len(group)] == group and not own


def _every(source: Source, comparison: Comparison, text: str) -> Formula:
    return Formula(text, (comparison,), Quantifier(EVERY_ROW, (source,)))


def _ref(name: str, column: str) -> Reference:
    return Reference(name, None, column, "", _HERE)


def _sum(parts: list[Reference]) -> Node:
    made: Node = parts[0]
    for part in parts[1:]:
        made = Binary(made, "+", part)
    return made
