"""N012, N013: sums that a sentence tells of itself: areas, enumerations with their total, quarterly plans."""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from core.model import Document
from core.narrative.facts import Told, narrative
from core.narrative.judge import own_unit, shown, sum_fits, total_of
from core.narrative.lexer import Figure
from core.numbers import Amount, same_figure
from core.results import WARNING, Evidence, Outcome, not_run, passed, problem
from core.rules.base import Case, rule

_COMPLEMENTS = ((re.compile("^地上"), re.compile("^地下")), (re.compile("^计容"), re.compile("^(?:不计容|非计容)")),
                (re.compile("^(?:自有|产权)"), re.compile("^(?:租用|租赁|出租|借用)")), (re.compile("^办公用房"), re.compile("^业务用房")))
_CLOSING = re.compile("合计|共计|总计")
_QUARTER = re.compile("第[一二三四]季度")
_TOTAL_WORD = re.compile("总预算|总额|预算资金|预算安排|总金额|合计|共计|总计")


@dataclass(frozen=True)
class _Sum:
    whole: Told
    parts: tuple[Told, ...]


def _figure(told: Told) -> Figure | None:
    return told.statement.count if told.statement.count is not None and told.statement.count.kind == "area" else told.statement.value


def _amount(told: Told) -> Amount | None:
    figure = _figure(told)
    return figure.amount if figure is not None else None


def _evidence(told: Told, role: str) -> tuple[Evidence, ...]:
    figure = _figure(told)
    return told.evidence(figure, "面积" if figure.kind == "area" else "value", role) if figure is not None else ()


@rule(id="N012", title="面积分项之和不等于总面积", family="narrative", severity=WARNING, basis=("mof-2016-143",),
      example="“建筑面积9200平方米，其中地上5100平方米、地下4000平方米”，两项之和为9100平方米。", remedy="核对面积，改正有误的一项。")
def areas(case: Case) -> Iterable[Outcome]:
    """一句话里写明总面积和互补的两部分（地上与地下、计容与不计容等）的，两部分之和应等于总面积。"""
    told_of = narrative(case.doc)
    sums = [s for head in told_of.told if head.statement.count is not None and head.statement.count.kind == "area"
            for s in _complementary(head, [t for t in told_of.told if t.statement.parent is head.statement])]
    if not sums:
        yield not_run("面积各部分之和 = 总面积", "文字没有写面积的各个部分")
        return
    wrong = [s for s in sums if not _holds(s)]
    for held in sums:
        if held not in wrong:
            yield passed(f"“{held.whole.label}” = 各部分之和", *_evidence(held.whole, "actual"), *(e for p in held.parts for e in _evidence(p, "addend")))
    yield from _explained(wrong)


def _complementary(head: Told, parts: list[Told]) -> Iterator[_Sum]:
    areas = [p for p in parts if p.statement.count is not None and p.statement.count.kind == "area"]
    if any(p.subject.startswith("其他") for p in areas) or re.search(r"[,，、；;]其他[^,，。；;]{0,8}\d", head.statement.source.text):
        return
    for one, two in _COMPLEMENTS:
        first = next((p for p in areas if one.match(p.subject)), None)
        second = next((p for p in areas if two.match(p.subject)), None)
        if first is not None and second is not None:
            yield _Sum(head, (first, second))


def _holds(one: _Sum) -> bool:
    whole = _amount(one.whole)
    parts = [a for p in one.parts if (a := _amount(p)) is not None]
    return whole is None or len(parts) < len(one.parts) or sum_fits(parts, whole)


def _explained(wrong: list[_Sum]) -> Iterator[Outcome]:
    """One finding for all sums that one changed figure would put right; else one for each."""
    if not wrong:
        return
    culprit = _single_cause(wrong)
    told_all = list(dict.fromkeys(t for s in wrong for t in (s.whole, *s.parts)))
    if culprit is not None:
        told, right = culprit
        figure = _figure(told)
        assert figure is not None and figure.amount is not None
        rest = [e for t in told_all if t is not told for e in _evidence(t, "addend")]
        yield problem("面积各部分之和 = 总面积", f"“{told.label}”{figure.text}与所列各部分不合，改为{shown(right, figure.unit)}则都成立", *_evidence(told, "actual"), *rest,
                      expected=right, actual=figure.amount.value, clues=(f"{figure.text}改为{shown(right, figure.unit)}后，所列关系全部成立",),
                      suggestion=f"核对是否应为{shown(right, figure.unit)}。")
        return
    for one in wrong:
        whole = _figure(one.whole)
        assert whole is not None and whole.amount is not None
        total = total_of([a for p in one.parts if (a := _amount(p)) is not None], whole.unit)
        yield problem(f"“{one.whole.label}” = 各部分之和", f"“{one.whole.label}”{whole.text}，所列各部分之和为{shown(total, whole.unit)}", *_evidence(one.whole, "actual"),
                      *(e for p in one.parts for e in _evidence(p, "addend")), expected=total, actual=whole.amount.value, suggestion="核对各项面积。")


def _single_cause(wrong: list[_Sum]) -> tuple[Told, Decimal] | None:
    """The one figure whose change makes two or more failing sums hold."""
    if len(wrong) < 2:
        return None
    shared = [t for t in (wrong[0].whole, *wrong[0].parts) if all(t is s.whole or t in s.parts for s in wrong)]
    for told in shared:
        answers = {_solve(s, told) for s in wrong}
        if len(answers) == 1:
            (answer,) = answers
            if answer is not None:
                return told, answer
    return None


def _solve(one: _Sum, told: Told) -> Decimal | None:
    whole = _amount(one.whole)
    parts = {p: _amount(p) for p in one.parts}
    if whole is None or any(a is None for a in parts.values()):
        return None
    if told is one.whole:
        return total_of([a for a in parts.values() if a is not None], whole.unit)
    return whole.value - total_of([a for p, a in parts.items() if p is not told and a is not None], whole.unit)


@rule(id="N013", title="文字分项之和不等于合计", family="narrative", severity=WARNING, basis=("mof-2016-143",),
      example="“项目总预算1170万元，其中甲870万元、乙70万元、丙180万元、丁60万元，合计1170万元”，四项之和为1180万元。", remedy="核对各分项和合计。")
def enumerations(case: Case) -> Iterable[Outcome]:
    """文字逐项列出金额并写出合计的，各项之和应等于合计；列出各季度用款计划的，四个季度之和应等于年度预算；“其中”所列各项之和不应超过总数。"""
    found = False
    told_of = narrative(case.doc)
    groups: dict[tuple[int, int], list[Told]] = {}
    for told in told_of.told:
        s = told.statement
        if s.parent is not None and s.value is not None and not s.in_reason and told.topic not in ("performance", "procurement", "assets") \
                and "采购" not in s.parent.subject:
            groups.setdefault((id(s.parent), s.group), []).append(told)
    for members in groups.values():
        head = told_of.find(members[0].statement.parent)
        if head is None or len(members) < 2 and head.topic != "project":
            continue
        for outcome in _group(case.doc, head, members):
            found = True
            yield outcome
    for outcome in _quarters(case.doc, list(told_of.told)):
        found = True
        yield outcome
    if not found:
        yield not_run("分项之和 = 合计", "文字没有逐项列出金额")


def _group(doc: Document, head: Told, members: list[Told]) -> Iterator[Outcome]:
    closing = next((m for m in members if _CLOSING.fullmatch(m.subject)), None)
    parts = members[:members.index(closing)] if closing is not None else members
    amounts = [a for p in parts if (a := _amount(p)) is not None]
    relation = f"“{head.label}”各分项之和（{head.section.title}）"
    addends = tuple(e for p in parts for e in _evidence(p, "addend"))
    if len(amounts) < len(parts):
        yield not_run(relation, "分项中有不规范的数字", *addends)
        return
    whole = closing or head
    figure = _figure(whole)
    if figure is None or figure.amount is None:
        return
    if closing is not None:
        yield from _closes(doc, head, closing)
    if not amounts or len(amounts) < 2 and amounts[0].to(figure.unit).value < figure.amount.value:
        return
    total = total_of(amounts, figure.unit)
    evidence = (*_evidence(whole, "actual"), *addends)
    text = " + ".join(shown(a.to(figure.unit).value) for a in amounts)
    if sum_fits(amounts, figure.amount):
        yield passed(relation, *evidence, figures=f"{text} = {figure.text}")
    elif closing is None and sum_fits(_outer(amounts), figure.amount):
        yield passed(relation, *evidence, figures=f"{text}，其中有下一级的分项")
    elif closing is not None or total > figure.amount.value:
        how = "" if closing is not None else "，超过总数"
        yield problem(relation, f"“{head.label}”所列各项之和为{shown(total, figure.unit)}{how}，文字写作{figure.text}", *evidence,
                      expected=own_unit(doc, Amount(total, figure.unit, 2)), actual=own_unit(doc, figure.amount), suggestion="核对各分项和合计。")
    else:
        yield not_run(relation, f"所列各项之和{shown(total, figure.unit)}小于{figure.text}，可能只列了一部分", *evidence)


def _outer(amounts: list[Amount]) -> list[Amount]:
    """The amounts without those that are parts of the one before them: 用车30（购置费0；运行费30）."""
    kept: list[Amount] = []
    index = 0
    while index < len(amounts):
        kept.append(amounts[index])
        end = next((e for e in range(len(amounts), index + 1, -1) if amounts[index].value and sum_fits(amounts[index + 1:e], amounts[index])), index + 1)
        index = end
    return kept


def _closes(doc: Document, head: Told, closing: Told) -> Iterator[Outcome]:
    """The closing 合计 repeats the head's figure."""
    one, two = _figure(head), _figure(closing)
    if one is None or two is None or one.amount is None or two.amount is None:
        return
    relation = f"“{head.label}” = 合计（{head.section.title}）"
    evidence = (*_evidence(head, "actual"), *_evidence(closing, "expected"))
    if same_figure(one.amount, two.amount):
        yield passed(relation, *evidence)
    else:
        yield problem(relation, f"“{head.label}”{one.text}，同一句的合计为{two.text}", *evidence, expected=own_unit(doc, two.amount), actual=own_unit(doc, one.amount),
                      suggestion="核对后统一。")


def _quarters(doc: Document, told: list[Told]) -> Iterator[Outcome]:
    sections = list(dict.fromkeys(t.section.id for t in told if _QUARTER.search(t.subject)))
    for section in sections:
        own = [t for t in told if t.section.id == section and t.statement.value is not None]
        quarters = [t for t in own if _QUARTER.search(t.subject)]
        names = {m.group() for t in quarters if (m := _QUARTER.search(t.subject))}
        if len(quarters) != 4 or len(names) != 4:
            continue
        relation = "四个季度用款计划之和 = 年度预算"
        addends = tuple(e for t in quarters for e in _evidence(t, "addend"))
        total = next((t for t in own if t not in quarters and _TOTAL_WORD.search(t.subject)), None)
        amounts = [a for t in quarters if (a := _amount(t)) is not None]
        if total is None or len(amounts) < 4:
            yield not_run(relation, "同一节没有写年度预算总额", *addends)
            continue
        figure = _figure(total)
        if figure is None or figure.amount is None:
            continue
        evidence = (*_evidence(total, "actual"), *addends)
        if sum_fits(amounts, figure.amount):
            yield passed(relation, *evidence)
        else:
            expected = total_of(amounts, figure.unit)
            yield problem(relation, f"四个季度用款计划之和为{shown(expected, figure.unit)}，“{total.label}”为{figure.text}", *evidence,
                          expected=own_unit(doc, Amount(expected, figure.unit, 2)), actual=own_unit(doc, figure.amount), suggestion="核对季度计划和年度预算。")
