"""N002, N003: this year less last year is the change that is told, and the direction words fit it."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from core.model import Document
from core.narrative.facts import Told, narrative
from core.narrative.judge import around, difference_fits, own_unit, percent_fits, ratio, shown
from core.narrative.lexer import Figure, Mark
from core.numbers import Amount
from core.results import ERROR, WARNING, Outcome, not_run, passed, problem
from core.rules.base import Case, rule
from core.rules.passages import softened

_WORD = {1: "增加", -1: "减少", 0: "持平"}


@rule(id="N002", title="增减额计算有误", family="narrative", basis=("mof-2016-143", "template"),
      example="“2024年收入1240.60万元，2023年1100.20万元，比上年增加147.40万元”，两数之差是140.40万元。",
      remedy="按本年数减上年数重算增减额，或更正两年的数字。")
def changes(case: Case) -> Iterable[Outcome]:
    """一句话里同时给出本年数、上年数和增减额的，本年数减上年数应等于增减额（允许四舍五入的尾差）。变动原因里的数字同样核对。"""
    found = False
    for told in narrative(case.doc).told:
        s = told.statement
        if s.change is None or s.prior is None or s.value is None:
            continue
        found = True
        yield _change(case.doc, told, s.value, s.prior, s.change)
    if not found:
        yield not_run("本年数 − 上年数 = 增减额", "文字中没有同时写明本年数、上年数和增减额的句子")


def _change(doc: Document, told: Told, value: Figure, prior: Figure, change: Figure) -> Outcome:
    relation = f"“{told.label}”本年数 − 上年数 = 增减额"
    evidence = (*told.evidence(change, "change"), *told.evidence(value, "value", "addend"), *told.evidence(prior, "prior", "addend"))
    if value.amount is None or prior.amount is None or change.amount is None:
        return not_run(relation, "其中有不规范的数字", *evidence)
    figures = f"{value.text} − {prior.text} = {change.text}"
    if difference_fits(value.amount, prior.amount, change.amount):
        return passed(relation, *evidence, figures=figures)
    unit = change.amount.unit
    right = abs(value.amount.to(unit).value - prior.amount.to(unit).value)
    return problem(relation, f"“{told.label}”{value.text}与上年{prior.text}相差{shown(right, unit)}，文字写作{change.text}", *evidence,
                   expected=own_unit(doc, Amount(right, unit, change.amount.digits)), actual=own_unit(doc, change.amount), figures=figures,
                   suggestion=f"增减额应为{shown(right, unit)}，或核对两年的数字。", severity=softened(ERROR, told.statement.source.paragraph.ocr))


@rule(id="N003", title="增减方向有误", family="narrative", basis=("mof-2016-143", "template"),
      example="“比上年增加4.73万元，减少6.1%”，前后方向相反。", remedy="按本年数与上年数的大小改正“增加”“减少”“持平”等用词。")
def directions(case: Case) -> Iterable[Outcome]:
    """“增加”“减少”“持平”“大于”“小于”等用词应与数字的大小关系一致；同一句里前后用词的方向也应相同。"""
    found = False
    for told in narrative(case.doc).told:
        for outcome in (*_words(told), *_versus(told)):
            found = True
            yield outcome
    if not found:
        yield not_run("增减方向与数字一致", "文字中没有增减方向的表述")


def _severity(told: Told, severity: str = ERROR) -> str:
    return softened(severity, told.statement.source.paragraph.ocr)


def _words(told: Told) -> Iterator[Outcome]:
    s = told.statement
    if not s.marks:
        return
    relation = f"“{told.label}”增减用词的方向"
    words = [e for m in s.marks for e in told.words(m.start, m.end, column="增减方向")]
    figures = [e for f, name in ((s.change, "change"), (s.rate, "rate"), (s.value, "value"), (s.prior, "prior")) if f is not None
               for e in told.evidence(f, name, "source")]
    if len({m.sign for m in s.marks}) > 1:
        yield _contradiction(told, relation)
        return
    sign = s.marks[0].sign
    actual = _actual_sign(told)
    if actual is None and sign > 0 and _more_than_all(told):
        assert s.value is not None and s.change is not None
        yield problem(relation, f"“{told.label}”{s.value.text}，却写比上年{s.marks[0].text}{s.change.text}，上年数成了负数", *words, *figures,
                      expected=_WORD[-1], actual=s.marks[0].text, severity=_severity(told), suggestion="核对增减方向和增减额。")
        return
    if actual is None:
        if len(s.marks) > 1 or s.change is not None:
            yield passed(relation, *words, figures="、".join(m.text for m in s.marks))
        return
    if actual == sign or sign != 0 and actual == 0 and _tiny(told):
        yield passed(relation, *words, *figures, figures=f"{s.value.text if s.value else ''}与{s.prior.text if s.prior else ''}：{s.marks[0].text}")
        return
    assert s.value is not None and s.prior is not None
    yield problem(relation, f"“{told.label}”{s.value.text}，上年{s.prior.text}，应为“{_WORD[actual]}”，文字写作“{s.marks[0].text}”", *words, *figures,
                  expected=_WORD[actual], actual=s.marks[0].text, severity=_severity(told), suggestion=f"改为“{_WORD[actual]}”，或核对两年的数字。")


def _more_than_all(told: Told) -> bool:
    """An increase larger than the figure itself would make last year's negative."""
    s = told.statement
    if s.value is None or s.change is None or s.value.amount is None or s.change.amount is None:
        return False
    unit = s.value.amount.unit
    return around(s.change.amount, unit).low > around(s.value.amount).high


def _tiny(told: Told) -> bool:
    change = told.statement.change
    return change is not None and change.amount is not None and change.amount.value <= change.amount.half * 2


def _actual_sign(told: Told) -> int | None:
    """The sign of value − prior when both are printed and the gap is more than rounding."""
    s = told.statement
    if s.value is None or s.prior is None or s.value.amount is None or s.prior.amount is None:
        return None
    unit = s.value.amount.unit
    one, two = s.value.amount.to(unit).value, s.prior.amount.to(unit).value
    return (one > two) - (one < two)


def _contradiction(told: Told, relation: str) -> Outcome:
    s = told.statement
    first = s.marks[0]
    right = _right_sign(told)
    wrong = next((m for m in s.marks if right is not None and m.sign != right), first)
    words = [e for m in sorted(s.marks, key=lambda m: m is not wrong) for e in told.words(m.start, m.end, column="增减方向")]
    sources = [e for f, name in ((s.change, "change"), (s.rate, "rate")) if f is not None for e in told.evidence(f, name, "source")]
    text = "、".join(f"“{m.text}”" for m in s.marks)
    said = f"“{told.label}”的增减用词前后方向相反（{text}）"
    fix = f"，按数字推算应为“{_WORD[right]}”" if right is not None else ""
    return problem(relation, said + fix, *words, *sources, expected=_WORD[right] if right is not None else None, actual=wrong.text,
                   severity=_severity(told), suggestion=f"把“{wrong.text}”改为“{_WORD[right]}”。" if right is not None else "核对增减方向，前后统一。")


def _right_sign(told: Told) -> int | None:
    """Which direction the figures tell: by the two years, else by which base gives the printed rate."""
    known = _actual_sign(told)
    if known:
        return known
    s = told.statement
    if s.value is None or s.change is None or s.rate is None or not (s.value.amount and s.change.amount and s.rate.amount):
        return None
    value, change = around(s.value.amount), around(s.change.amount, s.value.amount.unit)
    fits = []
    for sign in (1, -1):
        possible = ratio(change, value - change if sign > 0 else value + change)
        if possible is not None and percent_fits(s.rate.amount, possible):
            fits.append(sign)
    return fits[0] if len(fits) == 1 else None


def _versus(told: Told) -> Iterator[Outcome]:
    """决算数大于（小于）预算数."""
    s = told.statement
    if s.versus is None or s.value is None or s.value.amount is None or not s.budgets:
        return
    name, budget = _budget_named(told, s.versus)
    relation = f"“{told.label}”决算数与{name}的大小"
    evidence = (*told.words(s.versus.start, s.versus.end, column="大小关系"), *told.evidence(s.value, "value", "source"), *told.evidence(budget, "budget", "source"))
    if budget.amount is None:
        yield not_run(relation, "预算数不是规范的数字", *evidence)
        return
    gap = s.value.amount.value - budget.amount.to(s.value.amount.unit).value
    actual = (gap > Decimal(0)) - (gap < Decimal(0))
    if actual == s.versus.sign:
        yield passed(relation, *evidence, figures=f"{s.value.text} {s.versus.text} {budget.text}")
        return
    word = {1: "大于", -1: "小于", 0: "持平"}[actual]
    yield problem(relation, f"“{told.label}”决算{s.value.text}、{name}{budget.text}，应为“{word}”，文字写作“{s.versus.text}”", *evidence, expected=word,
                  actual=s.versus.text, severity=_severity(told, ERROR if len(s.budgets) == 1 else WARNING), suggestion=f"改为“{word}”，或核对预决算数。")


def _budget_named(told: Told, versus: Mark) -> tuple[str, Figure]:
    """The budget figure that the comparison names, else the last one given."""
    text = told.statement.source.text[versus.start:versus.end + 6]
    for name, figure in told.statement.budgets:
        if name[:2] in text:
            return name, figure
    return told.statement.budgets[-1]
