"""M003–M004: every table says in which unit its amounts are, and the figures are of that size."""
from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from statistics import median

from core.model import Cell, Document, Line, Table
from core.results import ERROR, WARNING, Evidence, Outcome, not_run, of_cell, of_span, passed, problem
from core.rules.base import Case, rule
from core.rules.passages import converted, softened, title_evidence
from core.text import fold

_UNIT = re.compile(r"单位:?[(]?(?:人民币)?(?:亿元|万元|千元|元)|[(](?:单位:)?(?:亿元|万元|千元|元)[)]|金额单位")
_SCALE = {"元": 1, "千元": 1000, "万元": 10000, "亿元": 100000000}
_WHOLE = ("summary", "income", "expenditure", "appropriation", "general")
"""Tables whose greatest figure is of the size of the whole budget."""


def _says_unit(table: Table) -> bool:
    if table.unit_span is not None and table.unit_span.text.strip():
        return True
    texts = [table.title, *(s.text for s in (table.title_span, table.label_span, table.body_span, *table.notes) if s is not None)]
    texts += [c.text for row in table.header for c in row if c is not None]
    return any(_UNIT.search(fold(t)) for t in texts)


@rule(id="M003", title="表没有标明金额单位", family="metadata", basis=("mof-2016-143", "template"),
      example="表六右上角没有“单位：万元”。", remedy="在表的右上方补上“单位：万元”（或元）。")
def unit_stated(case: Case) -> Iterable[Outcome]:
    """每张有金额的表都应标明金额单位。没有单位，公众无法知道数字是元还是万元。表题、表头或表注中写明的也算。"""
    tables = [t for t in case.doc.tables if t.kind == "budget" and any(c.kind == "amount" for c in t.columns)]
    if not tables:
        yield not_run("各表标明金额单位", "没有识别出报表")
        return
    wrong = [t for t in tables if not _says_unit(t)]
    for table in tables:
        relation = f"{table.id}标明金额单位"
        if table not in wrong:
            yield passed(relation)
        elif any(page in case.doc.unread_pages for page in table.pages):
            yield not_run(relation, "表所在页未识别")
        else:
            ocr = any(c is not None and c.ocr for row in table.rows for c in row)
            usual = case.doc.amount_unit
            yield problem(relation, f"{table.id}《{table.title}》没有标明金额单位", *title_evidence(table), expected=f"单位：{usual}" if usual else None,
                          severity=softened(ERROR, ocr or converted(case.doc)), suggestion="在表的右上方补上“单位：万元”或“单位：元”。",
                          group="every-table" if len(wrong) > max(3, len(tables) // 2) else "")


def _greatest(table: Table) -> tuple[Line, str, Cell, Decimal] | None:
    cells = [(line, column.label, cell, abs(cell.amount.value)) for line, column, cell in table.amount_cells() if cell.amount is not None]
    return max(cells, key=lambda x: x[3], default=None)


@rule(id="M004", title="金额单位与数字大小不符", family="metadata", basis=("mof-2016-143", "custom"),
      example="表二标“单位：元”，数字与标“万元”的表三相同。", remedy="更正金额单位，或换算数字。")
def unit_fits(case: Case) -> Iterable[Outcome]:
    """收支总表、收入表、支出表、财政拨款表、一般公共预算表反映同一笔预算，换算成元后最大的数应在同一量级。相差约一万倍的，必有一张表的元、万元标错。其他表只与模板规定的单位比较：唯独一两张不同的，作提醒。"""
    relation = "各表数字的大小与金额单位相符"
    sizes = _sizes(case.doc)
    odd = _unlike_the_others(case)
    if len(sizes) < 3 and not odd:
        yield not_run(relation, "可比较的收支表不足三张")
        return
    middle = median(size for _, size, _ in sizes) if len(sizes) >= 3 else Decimal(0)
    wrong = False
    for table, size, evidence in sizes:
        ratio = size / middle if middle else Decimal(1)
        if not (Decimal(3000) <= ratio <= Decimal(30000) or Decimal(1) / 30000 <= ratio <= Decimal(1) / 3000):
            continue
        wrong = True
        likely = "元" if ratio > 1 else "万元"
        yield problem(relation, f"{table.id}标明的金额单位是“{table.amount_unit}”，换算后与其他表相差约一万倍，疑应为“{likely}”",
                      *(of_span(table.unit_span, table=table.id) or title_evidence(table)), evidence, expected=likely, actual=table.amount_unit,
                      severity=softened(ERROR, evidence.ocr), suggestion=f"金额单位改为“{likely}”，或换算数字。")
        odd = [t for t in odd if t is not table]
    for table in odd:
        wrong = True
        layout = case.template.table(table.id)
        usual = layout.unit if layout is not None and layout.unit else case.doc.amount_unit
        who = "模板和其他表都" if layout is not None and layout.unit else "其他表印有同一个数，"
        yield problem(relation, f"{table.id}标明的金额单位是“{table.amount_unit}”，{who}按“{usual}”，请核对",
                      *(of_span(table.unit_span, table=table.id) or title_evidence(table)), expected=usual, actual=table.amount_unit,
                      severity=WARNING, suggestion=f"金额单位改为“{usual}”，或换算数字。")
    if not wrong:
        yield passed(relation)


def _unlike_the_others(case: Case) -> list[Table]:
    """Tables that alone leave the unit the template gives them, while all the others keep theirs."""
    known = [(t, layout.unit) for t in case.doc.tables if t.kind == "budget" and t.unit_span is not None and t.amount_unit
             and (layout := case.template.table(t.id)) is not None and layout.unit]
    odd = [t for t, unit in known if t.amount_unit != unit]
    return (odd if odd and len(odd) * 4 <= len(known) else []) + _same_figure_in_another_unit(case)


def _same_figure_in_another_unit(case: Case) -> list[Table]:
    """Where the template leaves the unit open: the one table that differs, when its greatest figure is printed in the others too."""
    doc = case.doc
    free = [t for t in doc.tables if t.kind == "budget" and t.unit_span is not None and t.amount_unit
            and (layout := case.template.table(t.id)) is not None and not layout.unit]
    odd = [t for t in free if t.amount_unit != doc.amount_unit]
    if len(odd) != 1 or len(free) < 4 or (best := _greatest(odd[0])) is None or best[3] < 10:
        return []
    others = {abs(cell.amount.value) for t in free if t is not odd[0] for _, _, cell in t.amount_cells() if cell.amount is not None}
    return odd if best[3] in others else []


def _sizes(doc: Document) -> list[tuple[Table, Decimal, Evidence]]:
    """The greatest figure of each table of the whole budget, in 元."""
    found: list[tuple[Table, Decimal, Evidence]] = []
    for role in _WHOLE:
        table = doc.table(role)
        best = _greatest(table) if table is not None else None
        if table is None or best is None or not best[3] or table.amount_unit not in _SCALE:
            continue
        line, label, cell, value = best
        found.append((table, value * _SCALE[table.amount_unit], of_cell(cell, table.id, line.label, label, "source")))
    return found
