"""R003–R005: year-on-year percentages and completion rates recomputed."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from core.model import Document
from core.narrative.facts import Narrative, Told, narrative
from core.narrative.grammar import Statement
from core.narrative.judge import Range, around, percent_fits, percent_of, ratio, rounded, shown
from core.narrative.lexer import Figure
from core.numbers import Amount
from core.results import ERROR, INFO, WARNING, Evidence, Outcome, not_run, passed, problem
from core.rules.base import Case, rule
from core.rules.passages import softened


@dataclass(frozen=True)
class _Reading:
    """One way to read what a rate is of: the change and the base, as ranges and as figures."""

    change: Range
    base: Range
    right: Decimal | None
    words: str
    evidence: tuple[Evidence, ...]

    @property
    def zero_base(self) -> bool:
        return self.base.low <= 0 <= self.base.high


@rule(id="R003", title="增减百分比计算有误", family="percent", basis=("mof-2016-143", "template"),
      example="上年101.2万元、本年93.0万元，应为下降8.10%，文字写作下降0.08%。", remedy="用增减额除以上年数重算；注意不要漏乘100。")
def growth(case: Case) -> Iterable[Outcome]:
    """增减百分比应等于增减额除以上年数。文字没有写上年数的，用本年数减去增加额（加上减少额）推算。印出的数字各有半个末位的误差，落在这一范围内即为正确。"""
    found = False
    told_of = narrative(case.doc)
    for told in told_of.told:
        if told.statement.rate is None or told.statement.rate.unit != "%":
            continue
        found = True
        yield _growth(told_of, told, told.statement.rate)
    if not found:
        yield not_run("增减率 = 增减额 ÷ 上年数", "文字中没有增减百分比")


def _growth(all_told: Narrative, told: Told, rate: Figure) -> Outcome:
    relation = f"“{told.label}”增减率 = 增减额 ÷ 上年数（{told.section.title}）"
    printed = rate.amount
    evidence = told.evidence(rate, "rate")
    if printed is None:
        return not_run(relation, "百分比不是规范的数字", *evidence)
    signs = {m.sign for m in told.statement.marks if m.sign}
    if len(signs) > 1:
        return not_run(relation, "增减用词前后方向相反，见增减方向", *evidence)
    readings = list(_readings(all_told, told, signs.pop() if signs else 1))
    if not readings:
        return not_run(relation, "文字没有写明上年数或增减额，无从推算", *evidence)
    for reading in readings:
        possible = ratio(reading.change, reading.base)
        if possible is not None and percent_fits(printed, possible):
            return passed(relation, *evidence, *reading.evidence, figures=f"{reading.words} = {rate.text}")
    first = readings[0]
    if all(r.zero_base for r in readings):
        return not_run(relation, "上年数为0，不计算百分比", *evidence, *first.evidence)
    if first.right is None:
        return not_run(relation, "上年数推算为负数，无从计算", *evidence, *first.evidence)
    hint = ""
    if printed.value and (abs(first.right / printed.value) > 50) and abs(rounded(first.right / 100, printed.digits) - printed.value) <= Decimal(1).scaleb(-printed.digits):
        hint = "，似漏乘100"
    right = rounded(first.right, max(printed.digits, 2))
    return problem(relation, f"“{told.label}”的增减率按{first.words}应为{right}%，文字写作{rate.text}{hint}", *evidence, *first.evidence, expected=right,
                   actual=printed.value, suggestion=f"百分比改为{right}%，或核对金额。", clues=("百分比漏乘100",) if hint else (),
                   severity=softened(ERROR, told.statement.source.paragraph.ocr))


def _readings(all_told: Narrative, told: Told, sign: int) -> Iterator[_Reading]:
    s = told.statement
    holders = [s, *s.heads]
    for holder in holders:
        value = holder.value
        if value is None or value.amount is None:
            continue
        prior, change = s.prior, s.change
        if prior is not None and prior.amount is not None:
            yield _by_prior(all_told, told, holder, value, prior, value.amount, prior.amount)
        if change is not None and change.amount is not None:
            reading = _by_change(all_told, told, holder, value, change, sign)
            if reading is not None:
                yield reading


def _value_evidence(all_told: Narrative, told: Told, holder: Statement, value: Figure) -> tuple[Evidence, ...]:
    owner = all_told.find(holder) or told
    return owner.evidence(value, "value", "addend")


def _by_prior(all_told: Narrative, told: Told, holder: Statement, value: Figure, prior: Figure, one: Amount, two: Amount) -> _Reading:
    unit = one.unit
    base = around(two, unit)
    change = _absolute(around(one) - base)
    gap = abs(one.value - two.to(unit).value)
    right = gap / two.to(unit).value * 100 if two.value > 0 else None
    return _Reading(change, base, right, f"{value.text}与上年{prior.text}", (*_value_evidence(all_told, told, holder, value), *told.evidence(prior, "prior", "addend")))


def _by_change(all_told: Narrative, told: Told, holder: Statement, value: Figure, change: Figure, sign: int) -> _Reading | None:
    if value.amount is None or change.amount is None:
        return None
    unit = value.amount.unit
    gap = around(change.amount, unit)
    base = around(value.amount) - gap if sign > 0 else around(value.amount) + gap
    plain = value.amount.value - sign * change.amount.to(unit).value
    right = change.amount.to(unit).value / plain * 100 if plain > 0 else None
    word = "减增加额" if sign > 0 else "加减少额"
    return _Reading(gap, base, right, f"{value.text}{word}{change.text}得上年数{shown(plain, unit)}",
                    (*_value_evidence(all_told, told, holder, value), *told.evidence(change, "change", "addend")))


def _absolute(gap: Range) -> Range:
    if gap.high <= 0:
        return Range(-gap.high, -gap.low)
    return gap if gap.low >= 0 else Range(Decimal(0), max(gap.high, -gap.low))


@rule(id="R004", title="上年为0不应写增减百分比", family="percent", severity=INFO, basis=("mof-2016-143",),
      example="上年数为0，文字写“增长100%”。", remedy="上年数为0时只写增加额，不写百分比。")
def zero_base(case: Case) -> Iterable[Outcome]:
    """上年数为零时没有增减百分比可言，“增长100%”没有意义。只写增加额即可。"""
    relation = "上年数为0的不写百分比"
    found = wrong = False
    told_of = narrative(case.doc)
    for told in told_of.told:
        rate = told.statement.rate
        if rate is None:
            continue
        found = True
        sign = next((m.sign for m in told.statement.marks if m.sign), 1)
        readings = list(_readings(told_of, told, sign))
        if readings and all(r.base.low == r.base.high == 0 or r.zero_base and r.right is None for r in readings):
            wrong = True
            yield problem(relation, f"“{told.label}”上年数为0，文字写“{rate.text}”", *told.evidence(rate, "rate"), *readings[0].evidence, actual=rate.text,
                          expected="不写百分比", group="上年数为0仍写增减百分比", suggestion="上年数为0时只写增加额。")
    if not found:
        yield not_run(relation, "文字中没有增减百分比")
    elif not wrong:
        yield passed(relation)


@rule(id="R005", title="预算完成率有误", family="percent", basis=("mof-2016-143", "template"),
      example="“全年预算80.00万元，支出决算78.00万元，完成预算的79.50%”，应为97.50%。", remedy="用决算数除以所称的预算数重算，并核对所称的是年初预算还是全年预算。")
def completion(case: Case) -> Iterable[Outcome]:
    """“完成年初（全年）预算的…%”应等于决算数除以所称的预算数；所称的预算数为零时不能计算完成率，多半是写错了基数。"""
    found = False
    for told in narrative(case.doc).told:
        s = told.statement
        if s.done is None:
            continue
        found = True
        yield _completion(case.doc, told, s.done)
    if not found:
        yield not_run("完成率 = 决算数 ÷ 预算数", "文字中没有预算完成率")


def _completion(doc: Document, told: Told, done: Figure) -> Outcome:
    s = told.statement
    relation = f"“{told.label}”完成率 = 决算数 ÷ {s.done_base or '预算数'}"
    evidence = told.evidence(done, "done")
    if s.value is None or s.value.amount is None or done.amount is None or not s.budgets:
        return not_run(relation, "同一句没有写明决算数和预算数", *evidence)
    evidence = (*evidence, *told.evidence(s.value, "value", "addend"))
    name, budget = next(((n, f) for n, f in s.budgets if s.done_base and n[:2] == s.done_base[:2]), s.budgets[-1])
    if budget.amount is None:
        return not_run(relation, "预算数不是规范的数字", *evidence)
    evidence = (*evidence, *told.evidence(budget, "budget", "addend"))
    if budget.amount.value <= 0:
        other = next((n for n, f in s.budgets if f is not budget and _completes(s.value, f, done)), "")
        meant = f"，{done.text}是对{other}的完成率" if other else ""
        return problem(relation, f"“{told.label}”{name}为0，却写完成{name}的{done.text}{meant}", *evidence, actual=done.text,
                       expected=f"完成{other}的{done.text}" if other else "不写完成率", severity=WARNING, suggestion=f"把基数改为{other}。" if other else "核对预算数。")
    if _completes(s.value, budget, done):
        return passed(relation, *evidence, figures=f"{s.value.text} ÷ {budget.text} = {done.text}")
    right = percent_of(s.value.amount, budget.amount, done.amount.digits)
    return problem(relation, f"“{told.label}”决算{s.value.text}、{name}{budget.text}，完成率应为{right}%，文字写作{done.text}", *evidence, expected=right,
                   actual=done.amount.value, suggestion=f"完成率改为{right}%，或核对预决算数。", severity=softened(ERROR, s.source.paragraph.ocr))


def _completes(value: Figure, budget: Figure, done: Figure) -> bool:
    if value.amount is None or budget.amount is None or done.amount is None:
        return False
    possible = ratio(around(value.amount), around(budget.amount, value.amount.unit))
    return possible is not None and percent_fits(done.amount, possible)
