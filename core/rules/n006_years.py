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
        for printed, start in _years(told):
            found = True
            yield _right_year(told, printed, start, year, relation)
    if not found:
        yield not_run(relation, "文字没有写明比较的年度")


def _years(told: Told) -> Iterator[tuple[int, int]]:
    """The years that a statement compares with: in 比2023年预算 and in 2023年执行数为."""
    s = told.statement
    base = _YEAR.search(s.base)
    if s.in_reason:
        return
    if base is not None and _one_of_several(s.source.text, int(base.group(1)), s.source.text.find(s.base, max(0, s.base_start - 1)) + base.start()):
        return
    if base is not None:
        start = s.source.text.find(s.base, max(0, s.base_start - 1))
        yield int(base.group(1)), start + base.start()
    if s.prior_year is not None and _one_of_several(s.source.text, *s.prior_year):
        return
    if s.prior_year is not None and (base is None or s.prior_year[1] != start + base.start()):
        yield s.prior_year


def _one_of_several(text: str, year: int, start: int) -> bool:
    """A year in a row of years (2024年…，2023年…，2022年…) that nothing is compared with."""
    before = re.split("[。;]", text[:start])[-1]
    return f"{year + 1}年" in before and not before.rstrip("约").endswith(("比", "较", "与", "同", "和"))


def _right_year(told: Told, printed: int, start: int, year: int, relation: str) -> Outcome:
    words = told.words(start, start + 5, column="对比年度") if start >= 0 else ()
    if printed == year - 1:
        return passed(f"{relation}：“{told.label}”", *words)
    return problem(f"{relation}：“{told.label}”", f"“{told.label}”与{printed}年比较，{year}年的公开应与{year - 1}年比较", *words, expected=f"{year - 1}年",
                   actual=f"{printed}年", group=f"与{printed}年比较", suggestion=f"改为{year - 1}年，并核对增减额。",
                   severity=softened(ERROR, told.statement.source.paragraph.ocr))


@rule(id="N014", title="同一数字的对比口径不一", family="narrative", severity=WARNING, basis=("mof-2016-143",),
      example="收入“比2024年预算执行数增加1520.40万元”，支出“比2024年预算增加1498.10万元”，本年数相同而增加额不同。",
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
        name = f"{relation}：“{one.label}”与“{two.label}”"
        if a.amount is None or b.amount is None:
            yield not_run(name, "其中有不规范的数字", *evidence)
        elif _kind(one) == _kind(two) and one.statement.sign == two.statement.sign and same_figure(a.amount, b.amount):
            yield passed(name, *evidence)
        elif _kind(one) == _kind(two):
            yield problem(name, f"“{one.label}”与“{two.label}”本年数相同，都与{one.statement.base}比，增减却分别为{_moved(one)}和{_moved(two)}", *evidence,
                          expected=own_unit(case.doc, b.amount), actual=own_unit(case.doc, a.amount), suggestion="核对两处的增减额和方向。")
        else:
            yield problem(name, f"“{one.label}”与{one.statement.base}比、“{two.label}”与{two.statement.base}比，本年数相同而增减额为{a.text}和{b.text}，口径不一", *evidence,
                          expected=own_unit(case.doc, b.amount), actual=own_unit(case.doc, a.amount),
                          suggestion="收入与支出用同一口径比较。")
    if not pairs:
        yield not_run(relation, "没有本年数相同、都写了增减额的收入与支出")


def _moved(told: Told) -> str:
    s = told.statement
    return f"{s.marks[0].text if s.marks else ''}{s.change.text if s.change else ''}"


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
