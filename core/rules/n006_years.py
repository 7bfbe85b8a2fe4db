"""N006, N014: what changes are compared with: the right year, and one base for both sides of one figure."""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from core.narrative.facts import Told, narrative
from core.narrative.judge import own_unit
from core.numbers import same_figure
from core.results import ERROR, WARNING, Outcome, not_run, passed, problem
from core.rules.base import Case, rule
from core.rules.passages import softened

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年")


@rule(id="N006", title="对比的年度不对", family="narrative", basis=("mof-2016-143", "template"),
      example="2024年预算写“比2022年预算增加”。", remedy="改为与上一年度比较，并核对增减额是按哪一年计算的。")
def comparison_year(case: Case) -> Iterable[Outcome]:
    """增减变动应与上一年度比较。文字写明比较年度的，应是公开年度的前一年。"""
    relation = "与上一年度比较"
    year = case.doc.year
    if year is None:
        yield not_run(relation, "未识别出公开年度")
        return
    found = False
    for told in narrative(case.doc).told:
        s = told.statement
        base = _YEAR.search(s.base)
        if base is None or s.in_reason:
            continue
        found = True
        printed = int(base.group(1))
        start = s.source.text.find(s.base, max(0, s.base_start - 1))
        words = told.words(start + base.start(), start + base.end(), column="对比年度") if start >= 0 else ()
        if printed == year - 1:
            yield passed(f"{relation}：“{told.label}”", *words)
            continue
        yield problem(f"{relation}：“{told.label}”", f"“{told.label}”与{printed}年比较，{year}年的公开应与{year - 1}年比较", *words, expected=f"{year - 1}年",
                      actual=f"{printed}年", group=f"与{printed}年比较", suggestion=f"改为{year - 1}年，并核对增减额。",
                      severity=softened(ERROR, s.source.paragraph.ocr))
    if not found:
        yield not_run(relation, "文字没有写明比较的年度")


@rule(id="N014", title="同一数字的对比口径不一", family="narrative", severity=WARNING, basis=("mof-2016-143",),
      example="收入“比2024年预算执行数增加24558.18万元”，支出“比2024年预算增加24491.71万元”，本年数相同而增加额不同。",
      remedy="收入和支出用同一口径（预算数或执行数）比较，并核对增减额。")
def one_base(case: Case) -> Iterable[Outcome]:
    """同一段说明里本年数相同的收入与支出，一个与上年预算数比、一个与上年执行数比，增减额就会不同，读者无从判断。"""
    relation = "收入与支出的对比口径一致"
    told = [t for t in narrative(case.doc).told if t.topic in ("notes", "change") and not t.statement.in_reason and t.statement.change is not None
            and t.statement.base and t.statement.value is not None and t.statement.value.amount is not None]
    pairs = list(_pairs(told))
    for one, two in pairs:
        a, b = one.statement.change, two.statement.change
        assert a is not None and b is not None
        evidence = (*one.evidence(a, "change"), *two.evidence(b, "change", "source"), *one.words(one.statement.base_start, a.start, "source", "对比口径"),
                    *two.words(two.statement.base_start, b.start, "source", "对比口径"))
        same_kind = _kind(one) == _kind(two)
        if same_kind and a.amount is not None and b.amount is not None and same_figure(a.amount, b.amount):
            yield passed(f"{relation}：“{one.label}”与“{two.label}”", *evidence)
        elif not same_kind:
            yield problem(f"{relation}：“{one.label}”与“{two.label}”",
                          f"“{one.label}”与{one.statement.base}比、“{two.label}”与{two.statement.base}比，本年数相同而增减额为{a.text}和{b.text}，口径不一",
                          *evidence, expected=own_unit(case.doc, b.amount) if b.amount else None, actual=own_unit(case.doc, a.amount) if a.amount else None,
                          suggestion="收入与支出用同一口径比较。")
    if not pairs:
        yield not_run(relation, "没有本年数相同、都写了增减额的收入与支出")


def _kind(told: Told) -> str:
    return "执行数" if "执行" in told.statement.base else "决算数" if "决算" in told.statement.base else "预算数"


def _pairs(told: list[Told]) -> Iterator[tuple[Told, Told]]:
    """An income and a spending statement of one section with the same figure for this year."""
    incomes = [t for t in told if "收入" in t.subject]
    others = [t for t in told if "支出" in t.subject and "收入" not in t.subject]
    for one in incomes:
        for two in others:
            if one.section is two.section and one.statement.value and two.statement.value and one.statement.value.amount and two.statement.value.amount \
                    and same_figure(one.statement.value.amount, two.statement.value.amount):
                yield one, two
                break
