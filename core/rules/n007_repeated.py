"""N007, N019: the same fact told twice, and changes of parts that add up to the change of the whole."""
from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from core.narrative.facts import Narrative, Told, narrative
from core.narrative.judge import own_unit, shown
from core.narrative.lexer import Figure
from core.numbers import Amount, same_figure, tolerance
from core.results import ERROR, WARNING, Evidence, Outcome, not_run, passed, problem
from core.rules.base import Case, rule
from core.rules.passages import softened

_DIGITS = re.compile(r"\d[\d,.]*(?=亿|万|元|%|个|辆)")


@rule(id="N007", title="同一事实前后数字不一", family="narrative", severity=WARNING, basis=("mof-2016-143",),
      example="收入一段写“2023年专项补助资金486.20万元”，支出一段写“468.20万元”。", remedy="核对后统一。")
def repeated(case: Case) -> Iterable[Outcome]:
    """同一件事在说明中说了不止一次的，数字应当相同：条目标题与正文、收入段与支出段中逐字相同的句子。"""
    relation = "同一事实数字相同"
    told_of = narrative(case.doc)
    found = False
    seen: dict[tuple[str, str, str], tuple[Told, Figure]] = {}
    for told in told_of.told:
        s = told.statement
        if s.again and s.value is not None and (told.binding is None or not told.binding.cells):
            for again in s.again:
                found = True
                yield _same(case, told, s.value, told, again, relation)
        if not s.in_reason:
            continue
        for role, figure in (("value", s.value), ("prior", s.prior), ("change", s.change), ("rate", s.rate)):
            if figure is None:
                continue
            key = (told.section.id, role, _DIGITS.sub("#", s.source.text[s.segment_start:figure.start]))
            if len(key[2]) < 12:
                continue
            if key in seen:
                found = True
                yield _same(case, seen[key][0], seen[key][1], told, figure, relation)
            else:
                seen[key] = (told, figure)
    if not found:
        yield not_run(relation, "说明中没有重复的事实")


def _same(case: Case, one: Told, first: Figure, two: Told, second: Figure, relation: str) -> Outcome:
    evidence = (*two.evidence(second, "again"), *one.evidence(first, "value", "expected"))
    name = f"{relation}：“{one.label}”"
    if first.amount is None or second.amount is None:
        return not_run(name, "其中有不规范的数字", *evidence)
    if same_figure(first.amount, second.amount):
        return passed(name, *evidence, figures=f"{first.text} = {second.text}")
    return problem(name, f"“{one.label}”一处为{first.text}，一处为{second.text}", *evidence, expected=own_unit(case.doc, first.amount),
                   actual=own_unit(case.doc, second.amount), suggestion="核对后统一。")


@rule(id="N019", title="“三公”经费增减额与各项不符", family="narrative", basis=("mof-2016-143", "template"),
      example="“三公”经费比上年增加25万元，而各项中只有购置费增加20万元。", remedy="核对总额和各项的增减额。")
def three_public_changes(case: Case) -> Iterable[Outcome]:
    """“三公”经费的增减额应等于因公出国（境）费、公务接待费、公务用车购置及运行费增减额之和；公务用车购置及运行费的增减额等于购置费与运行费之和。"""
    told_of = narrative(case.doc)
    outcomes = [o for o in (_adds(case, told_of, "three_public", (("abroad",), ("reception",), ("cars",), ("car_buying", "car_running"))),
                            _adds(case, told_of, "cars", (("car_buying",), ("car_running",)))) if o is not None]
    yield from outcomes
    if not outcomes:
        yield not_run("“三公”经费增减额 = 各项增减额之和", "文字没有逐项写明“三公”经费的增减")


def _moved(told: Told) -> Amount | None:
    """The signed change of a statement; zero where it says 持平."""
    s = told.statement
    if s.sign is None or s.value is None or s.value.amount is None:
        return None
    if s.change is None:
        return Amount(Decimal(0), s.value.amount.unit, 2) if s.sign == 0 else None
    if s.change.amount is None:
        return None
    return Amount(s.change.amount.value * (s.sign or 0), s.change.amount.unit, s.change.amount.digits)


def _way(told: Told, role: str) -> tuple[Evidence, ...]:
    """The word that tells the direction."""
    return tuple(e for m in told.statement.marks[:1] for e in told.words(m.start, m.end, role, "增减方向"))


def _signed(value: Decimal, unit: str) -> str:
    return f"{'增加' if value > 0 else '减少'}{shown(abs(value), unit)}" if value else "没有增减"


def _adds(case: Case, all_told: Narrative, whole: str, wanted: tuple[tuple[str, ...], ...]) -> Outcome | None:
    def of(name: str) -> Told | None:
        return next((t for t in all_told.quantity(name, topic="three_public") if _moved(t) is not None), None)
    head = of(whole)
    if head is None:
        return None
    parts: list[Told] = []
    for names in wanted:
        if names == ("cars",) and of("cars") is None:
            continue
        if len(names) == 2 and of("cars") is not None:
            continue
        own = [of(n) for n in names]
        parts += [t for t in own if t is not None]
        if any(t is None for t in own):
            return None
    moved, changes = _moved(head), [_moved(t) for t in parts]
    assert moved is not None
    known = [c for c in changes if c is not None]
    total = sum((c.to(moved.unit).value for c in known), Decimal(0))
    relation = f"“{head.label}”增减额 = 各项增减额之和"
    figure = head.statement.change or head.statement.value
    assert figure is not None
    evidence = (*head.evidence(figure, "change"), *_way(head, "actual"), *(e for t in parts for f in (t.statement.change or t.statement.value,) if f is not None
                                                                           for e in (*t.evidence(f, "change", "addend"), *_way(t, "addend"))))
    if abs(total - moved.value) <= tolerance([moved, *[c for c in known if c.value]], moved.unit):
        return passed(relation, *evidence, figures=f"{shown(moved.value)} = " + " + ".join(shown(c.value) for c in known))
    return problem(relation, f"“{head.label}”{_signed(moved.value, moved.unit)}，各项合起来{_signed(total, moved.unit)}", *evidence,
                   expected=own_unit(case.doc, Amount(total, moved.unit, moved.digits)), actual=own_unit(case.doc, moved),
                   suggestion="核对总额和各项的增减额及方向。", severity=softened(ERROR, head.statement.source.paragraph.ocr))
