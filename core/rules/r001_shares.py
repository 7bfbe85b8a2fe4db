"""R001, R002: shares recomputed from their parts and wholes, and adding up to 100."""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from core.model import Document
from core.narrative.binding import bind
from core.narrative.facts import Narrative, Told, narrative
from core.narrative.grammar import clean_subject
from core.narrative.judge import HUNDRED, around, percent_fits, percent_of, ratio, sum_fits
from core.numbers import Amount, tolerance
from core.results import ERROR, WARNING, Evidence, Outcome, not_run, passed, problem
from core.rules.base import Case, rule
from core.rules.passages import softened


@dataclass(frozen=True)
class _Whole:
    amount: Amount
    label: str
    evidence: tuple[Evidence, ...]

_WITHIN = re.compile(r"(?:.*[。;])?(?P<base>[^。;,:]{2,24}(?<!其))中[,:][^。]*$")
"""本年收入中，甲占…；乙占…: what stands before 中 is the whole, not the head of the group."""


@rule(id="R001", title="占比计算有误", family="percent", basis=("mof-2016-143", "template"),
      example="“基本支出375.20万元，占39.31%”，按支出合计1195.20万元应为31.39%。", remedy="用部分除以总数重算占比。")
def shares(case: Case) -> Iterable[Outcome]:
    """文字中的占比应等于部分除以总数。印出的数字各有半个末位的误差，占比落在这一范围内即为正确。"""
    found = False
    told_of = narrative(case.doc)
    for told in told_of.told:
        for outcome in _share(case.doc, told_of, told):
            found = True
            yield outcome
    if not found:
        yield not_run("占比 = 部分 ÷ 总数", "文字中没有占比")


def _share(doc: Document, all_told: Narrative, told: Told) -> Iterator[Outcome]:
    s = told.statement
    if s.share is None or s.value is None:
        return
    relation = f"“{told.label}”占比 = 部分 ÷ 总数（{told.section.title}）"
    evidence = (*told.evidence(s.share, "share"), *told.evidence(s.value, "value", "addend"))
    if s.share.amount is None or s.value.amount is None:
        yield not_run(relation, "其中有不规范的数字", *evidence)
        return
    wholes = _wholes(doc, all_told, told)
    if not wholes:
        yield not_run(relation, f"未找到占比的总数{f'（{s.share_base}）' if s.share_base else ''}", *evidence)
        return
    unit = s.value.amount.unit
    value = around(s.value.amount)
    usable = [w for w in wholes if w.amount.value > 0]
    if not usable:
        if not s.share.amount.value or not s.value.amount.value:
            yield passed(relation, *evidence, figures="总数为0")
        else:
            yield not_run(relation, "总数为0，占比无从计算", *evidence)
        return
    for whole in usable:
        possible = ratio(value, around(whole.amount, unit))
        if possible is not None and percent_fits(s.share.amount, possible):
            yield passed(relation, *evidence, *whole.evidence, figures=f"{s.value.text} ÷ {whole.label} = {s.share.text}")
            return
    whole = usable[0]
    right = percent_of(s.value.amount, whole.amount, s.share.amount.digits)
    step = Decimal(1).scaleb(-s.share.amount.digits)
    if abs(right - s.share.amount.value) <= step and _make_hundred(all_told, told):
        yield passed(relation, *evidence, *whole.evidence, figures=f"{s.value.text} ÷ {whole.label} = {right}%，为使各项之和为100%写作{s.share.text}（尾差）")
        return
    yield problem(relation, f"“{told.label}”{s.value.text}占{whole.label}应为{right}%，文字写作{s.share.text}", *evidence, *whole.evidence, expected=right,
                  actual=s.share.amount.value, suggestion=f"占比改为{right}%，或核对金额。",
                  severity=softened(ERROR if len(usable) == 1 or s.parent is not None else WARNING, s.source.paragraph.ocr))


def _make_hundred(all_told: Narrative, told: Told) -> bool:
    """Whether the printed shares of its group add up to exactly 100: then a last digit was moved on purpose."""
    s = told.statement
    group = [t.statement.share for t in all_told.told if s.parent is not None and t.statement.parent is s.parent and t.statement.share is not None]
    amounts = [f.amount for f in group if f.amount is not None]
    return len(amounts) == len(group) >= 2 and sum((a.value for a in amounts), Decimal(0)) == HUNDRED


def _wholes(doc: Document, all_told: Narrative, told: Told) -> list[_Whole]:
    """What the share is of: the base the words name, else the head of the group, else the section's first total."""
    s = told.statement
    within = _WITHIN.match(s.source.text[:s.start]) if not s.share_base else None
    base = clean_subject(within.group("base") if within is not None else s.share_base)
    if base:
        for topic in (told.topic, "expenditure", "income", "notes"):
            binding = bind(doc, topic, base)
            if binding is not None and binding.cells:
                return [_Whole(a, f"{c.label}{c.cell.text if c.cell else ''}", (c.evidence("source"),)) for c in binding.cells if (a := c.amount) is not None]
        named = next((t for t in all_told.told if t.section is told.section and t.statement is not s and t.statement.value is not None
                      and t.subject and t.subject in base), None)
        if named is not None or within is None:
            return [_told_whole(named)] if named is not None else []
    head = all_told.find(s.parent)
    if head is not None and head.statement.value is not None and head.statement.value.amount is not None:
        return [_told_whole(head)]
    if s.parent is None:
        first = next((t for t in all_told.told if t.section is told.section and t.statement.number < s.number and t.statement.value is not None
                      and t.statement.value.amount is not None and t.statement.parent is None and not t.statement.in_reason
                      and t.statement.share is None), None)
        if first is not None:
            return [_told_whole(first)]
    return []


def _told_whole(told: Told) -> _Whole:
    figure = told.statement.value
    assert figure is not None and figure.amount is not None
    return _Whole(figure.amount, f"“{told.label}”{figure.text}", told.evidence(figure, "value", "source"))


@rule(id="R002", title="占比之和不是100%", family="percent", basis=("mof-2016-143", "template"),
      example="各类支出占80.10%、12.50%、5.00%、2.50%，合计100.10%。", remedy="逐项重算占比。")
def shares_add_up(case: Case) -> Iterable[Outcome]:
    """各部分金额之和等于总数时，各部分占比之和应为100%（允许每项半个末位的尾差）。"""
    found = False
    all_told = narrative(case.doc)
    for head in all_told.told:
        parts = [t for t in all_told.told if t.statement.parent is head.statement and t.statement.share is not None]
        if len(parts) < 2 or head.statement.value is None:
            continue
        found = True
        yield _adds_up(head, parts)
    if not found:
        yield not_run("占比之和 = 100%", "文字中没有成组的占比")


def _adds_up(head: Told, parts: list[Told]) -> Outcome:
    relation = f"“{head.label}”各项占比之和 = 100%（{head.section.title}）"
    evidence = tuple(e for t in parts if t.statement.share is not None for e in t.evidence(t.statement.share, "share", "addend"))
    shares = [t.statement.share.amount for t in parts if t.statement.share is not None]
    values = [t.statement.value.amount for t in parts if t.statement.value is not None]
    whole = head.statement.value.amount if head.statement.value is not None else None
    printed = [a for a in shares if a is not None]
    amounts = [a for a in values if a is not None]
    if whole is None or len(printed) < len(parts) or len(amounts) < len(parts):
        return not_run(relation, "其中有缺少金额或不规范的数字", *evidence)
    if not whole.value:
        return not_run(relation, "总数为0", *evidence)
    if not sum_fits(amounts, whole):
        return not_run(relation, "所列各项金额之和不等于总数，占比之和不必是100%", *evidence)
    total = sum((a.value for a in printed), Decimal(0))
    allowed = tolerance([a for a in printed if a.value], "%")
    if abs(total - HUNDRED) <= allowed:
        return passed(relation, *evidence, figures=" + ".join(t.statement.share.text for t in parts if t.statement.share) + f" = {total}%")
    if any(not _fits(t, whole) for t in parts):
        return not_run(relation, f"其中有计算有误的占比，各项之和{total}%", *evidence)
    return problem(relation, f"“{head.label}”各项占比之和为{total}%，不是100%", *evidence, expected=HUNDRED, actual=total, suggestion="逐项重算占比。",
                   severity=softened(ERROR, head.statement.source.paragraph.ocr))


def _fits(told: Told, whole: Amount) -> bool:
    s = told.statement
    if s.value is None or s.share is None or s.value.amount is None or s.share.amount is None:
        return True
    possible = ratio(around(s.value.amount), around(whole, s.value.amount.unit))
    return possible is None or percent_fits(s.share.amount, possible)
