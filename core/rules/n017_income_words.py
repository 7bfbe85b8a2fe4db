"""N017: income explained by functional classes of spending."""
from __future__ import annotations

from collections.abc import Iterable

from core.narrative.binding import plain_row
from core.narrative.facts import narrative
from core.results import WARNING, Outcome, not_run, passed, problem
from core.rules.base import Case, rule

_SOURCES = frozenset({"其他收入", "事业收入", "经营收入", "利息收入", "捐赠收入", "债务收入", "国有资本经营收入"})


@rule(id="N017", title="收入按支出科目表述", family="narrative", severity=WARNING, basis=("budget-rules-40",),
      example="收入变动原因写“农林水收入210.40万元”，农林水是支出功能科目，不是收入来源。", remedy="按资金来源（一般公共预算拨款、上年结转等）说明收入的变动。")
def income_by_function(case: Case) -> Iterable[Outcome]:
    """收入应按资金来源（财政拨款、事业收入、上年结转等）表述。把“某某支出”科目改称“某某收入”，是把支出的功能分类当成了收入来源。"""
    relation = "收入按资金来源表述"
    table = case.doc.table("expenditure") or case.doc.table("general")
    if table is None:
        yield not_run(relation, "未识别到支出表")
        return
    names = {plain_row(o.name) for o in table.lines if not o.total}
    found = wrong = False
    for told in narrative(case.doc).told:
        s = told.statement
        if not told.subject.endswith("收入"):
            continue
        found = True
        if told.binding is not None and told.binding.quantity.startswith("income_") or told.subject in _SOURCES:
            continue  # an income item by its own right, though a class of spending has the same name
        if told.subject.removesuffix("收入") + "支出" not in names:
            continue
        wrong = True
        yield problem(relation, f"“{told.subject}”是把支出科目“{told.subject.removesuffix('收入')}支出”当作收入来源", *(e for f in s.figures[:1] for e in told.evidence(f, "value")),
                      expected="按资金来源表述", actual=told.subject, group="收入变动用支出功能科目说明", suggestion="按资金来源说明收入的变动。")
    if not found:
        yield not_run(relation, "文字没有分项写收入")
    elif not wrong:
        yield passed(relation)
