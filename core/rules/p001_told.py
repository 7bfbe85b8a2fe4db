"""P001–P004: what the text says of performance targets: counts and amounts by class, against the project tables and the forms."""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from core.model import Document
from core.narrative.binding import TOTAL, Bound, locate
from core.narrative.facts import Narrative, Told, narrative
from core.narrative.forms import forms, leaves_add_up, pairs, plain, project_total, projects, unnamed
from core.narrative.judge import own_unit, shown, sum_fits, total_of
from core.narrative.lexer import Figure
from core.numbers import Amount, same_figure, tolerance
from core.results import ERROR, INFO, WARNING, Evidence, Outcome, not_run, passed, problem
from core.rules.base import Case, rule
from core.rules.passages import softened

_ALL = re.compile(r"(?:二级|纳入绩效(?:目标)?管理的?(?:二级)?)项目(?:支出)?$|编报(?:了)?绩效目标的(?:\d{4}年度?)?(?:二级)?项目$")
_PUBLIC = re.compile(r"公开(?:的)?(?:项目)?(?:支出)?(?:绩效目标|项目)(?:表)?$")
_KINDS = (re.compile("其他运转类"), re.compile("特定目标类"))
_WHOLE = re.compile(r"涉及(?:部门|单位)?(?:预算)?资金$")
NOTHING = "说明中没有写绩效项目的个数和金额"


@dataclass(frozen=True)
class _Head:
    told: Told
    parts: tuple[Told, ...]


def _heads(all_told: Narrative) -> list[_Head]:
    own = [t for t in all_told.of("performance") if t.statement.count is not None]
    heads = [t for t in own if _ALL.search(t.subject) or _PUBLIC.search(t.subject)]
    return [_Head(h, tuple(t for t in own if t.statement.parent is h.statement and any(k.search(t.subject) for k in _KINDS))) for h in heads]


def _severity(told: Told, severity: str = ERROR) -> str:
    return softened(severity, told.statement.source.paragraph.ocr)


def _of(told: Told, figure: Figure | None, what: str, role: str = "actual") -> tuple[Evidence, ...]:
    return told.evidence(figure, what, role) if figure is not None else ()


@rule(id="P001", title="绩效项目分类之和与总数不符", family="performance", basis=("mof-2021-101", "template"),
      example="“二级项目12个，共计820.00万元。其中其他运转类4个120.00万元，特定目标类8个690.00万元”，金额之和为810.00万元。",
      remedy="核对分类的个数和金额。")
def classes(case: Case) -> Iterable[Outcome]:
    """绩效管理情况中写的二级项目个数和金额，应等于其他运转类与特定目标类之和。"""
    found = False
    for head in _heads(narrative(case.doc)):
        if len(head.parts) < 2:
            continue
        for outcome in _class_sums(case.doc, head):
            found = True
            yield outcome
    if not found:
        yield not_run("绩效项目总数 = 其他运转类 + 特定目标类", "说明中没有分类写绩效项目的个数和金额")


def _class_sums(doc: Document, head: _Head) -> Iterator[Outcome]:
    told = head.told
    for what, pick in (("个数", "count"), ("金额", "value")):
        whole: Figure | None = getattr(told.statement, pick)
        parts = [f for t in head.parts if (f := getattr(t.statement, pick)) is not None]
        if whole is None or len(parts) < len(head.parts):
            continue
        relation = f"“{told.label}”{what} = 其他运转类 + 特定目标类"
        role = "count" if pick == "count" else "value"
        evidence = (*told.evidence(whole, role), *(e for t in head.parts for e in _of(t, getattr(t.statement, pick), role, "addend")))
        amounts = [f.amount for f in parts if f.amount is not None]
        if whole.amount is None or len(amounts) < len(parts):
            yield not_run(relation, "其中有不规范的数字", *evidence)
            continue
        total = total_of(amounts, whole.amount.unit)
        figures = " + ".join(f.text for f in parts) + f" = {whole.text}"
        if pick == "count" and total == whole.amount.value or pick == "value" and sum_fits(amounts, whole.amount):
            yield passed(relation, *evidence, figures=figures)
            continue
        yield problem(relation, f"“{told.label}”{what}为{whole.text}，两类之和为{shown(total, whole.unit)}", *evidence,
                      expected=own_unit(doc, Amount(total, whole.amount.unit, whole.amount.digits)) if pick == "value" else total,
                      actual=own_unit(doc, whole.amount) if pick == "value" else whole.amount.value, figures=figures,
                      group=f"绩效项目分类{what}之和为{shown(total, whole.unit)}、总数写作{whole.text}", suggestion="核对分类的个数、金额和总数。", severity=_severity(told))


@rule(id="P002", title="绩效项目个数或金额与项目表不符", family="performance", basis=("mof-2021-101", "template"), tables=("projects",),
      example="“二级项目18个，共计260.50万元”，项目支出表260.50万元只有5个项目。", remedy="个数和金额用同一口径：只含本年预算项目，或连同上年结转项目。")
def against_tables(case: Case) -> Iterable[Outcome]:
    """说明中写的二级项目个数和金额，应与项目支出表（本年预算）一致，或者与连同上年结转的两张表一致；个数与金额的口径应相同。"""
    found = False
    doc = case.doc
    this, carried = projects(doc, "projects"), projects(doc, "carried_projects")
    total, more = project_total(doc, "projects"), project_total(doc, "carried_projects")
    sure = leaves_add_up(doc, "projects") and (not carried or leaves_add_up(doc, "carried_projects"))
    for head in _heads(narrative(doc)):
        count, value = head.told.statement.count, head.told.statement.value
        if count is None or count.amount is None or total is None or doc.table("projects") is None:
            continue
        found = True
        yield _counted(doc, head.told, count, value, (len(this), total), (len(this) + len(carried), _plus(total, more)), sure)
    if not found:
        yield not_run("绩效项目个数、金额 = 项目支出表", NOTHING)


def _plus(one: Amount, two: Amount | None) -> Amount:
    return one if two is None else Amount(one.value + two.to(one.unit).value, one.unit, min(one.digits, two.digits))


def _counted(doc: Document, told: Told, count: Figure, value: Figure | None, this: tuple[int, Amount], both: tuple[int, Amount], sure: bool) -> Outcome:
    relation = f"“{told.label}”个数、金额 = 项目支出表"
    table = doc.table("projects")
    bound = locate(table, TOTAL, ("合计",)) if table is not None else None
    evidence = (*told.evidence(count, "count"), *_of(told, value, "value"), *((bound.evidence(),) if bound else ()))
    assert count.amount is not None
    counted = {k for k, (n, _) in (("本年", this), ("合并", both)) if count.amount.value == n}
    if value is None or value.amount is None:
        valued = {"本年", "合并"}
    else:
        valued = {k for k, (_, a) in (("本年", this), ("合并", both))
                  if same_figure(value.amount, a) or k == "合并" and abs(value.amount.value - a.to(value.amount.unit).value) <= tolerance((a, a), a.unit)}
    if counted & valued:
        return passed(relation, *evidence, figures=f"{count.text}、{value.text if value else ''}")
    if not sure:
        return not_run(relation, "项目支出表的单位与项目层次未能可靠区分，不能数出项目个数", *evidence)
    tables = f"本年预算项目{this[0]}个、{shown(this[1].value, this[1].unit)}" + (
        f"，连同上年结转{both[0]}个、{shown(both[1].value, both[1].unit)}" if both[0] != this[0] else "")
    said = f"{count.text}{f'、{value.text}' if value else ''}"
    if counted and not valued and value is not None and value.amount is not None:  # the number of projects tells which tables are meant; the amount is what is off
        right = this[1] if "本年" in counted else both[1]
        more = doc.table("carried_projects")
        second = locate(more, TOTAL, ("合计",)) if more is not None and "本年" not in counted else None
        return problem(relation, f"“{told.label}”写作{said}，{count.text}项目的金额应为{shown(right.to(value.unit).value, value.unit)}（{tables}）", *told.evidence(value, "value"),
                       *evidence, *((second.evidence(),) if second else ()), expected=own_unit(doc, right), actual=own_unit(doc, value.amount),
                       group=f"绩效项目写作{said}", suggestion="个数和金额按同一口径改写。", severity=_severity(told))
    why = "个数与金额的口径不一致" if counted and valued else "与项目支出表不符"
    return problem(relation, f"“{told.label}”写作{said}，{why}（{tables}）", *evidence, expected=f"{this[0]}个、{shown(this[1].value, this[1].unit)}", actual=said,
                   group=f"绩效项目写作{said}", suggestion="个数和金额按同一口径改写。", severity=_severity(told))


@rule(id="P003", title="公开的绩效目标表个数不符", family="performance", severity=WARNING, basis=("mof-2021-101", "template"),
      example="说明写“公开项目绩效目标37个”，附件中有36张绩效目标表。", remedy="补上缺少的绩效目标表，或更正个数。")
def number_of_forms(case: Case) -> Iterable[Outcome]:
    """说明中写的公开项目绩效目标个数，应等于所附项目支出绩效目标表的张数。"""
    relation = "公开项目绩效目标个数 = 绩效目标表张数"
    doc = case.doc
    told = [h.told for h in _heads(narrative(doc)) if _PUBLIC.search(h.told.subject)]
    have = len(forms(doc))
    if not told:
        yield not_run(relation, "说明中没有写公开项目绩效目标的个数")
    for one in told:
        count = one.statement.count
        if count is None or count.amount is None:
            continue
        evidence = one.evidence(count, "count")
        if count.amount.value == have:
            yield passed(relation, *evidence, figures=f"{count.text} = {have}张")
        elif doc.unread_pages:
            yield not_run(relation, f"有{len(doc.unread_pages)}页没有读出，只读到{have}张绩效目标表", *evidence)
        elif not have and not case.template.switches.get("performance_forms", False):
            yield not_run(relation, "文件中没有绩效目标表", *evidence)
        elif _named_apart(doc, count.amount.value):
            yield not_run(relation, f"{count.text}与项目支出表的项目数相符，缺少或多出的绩效目标表已按项目逐张报告", *evidence)
        else:
            yield problem(relation, f"说明称公开项目绩效目标{count.text}，文件中有{have}张绩效目标表", *evidence, expected=count.amount.value, actual=Decimal(have),
                          suggestion="补上缺少的绩效目标表，或更正个数。", severity=softened(WARNING, bool(doc.ocr_pages)))


def _named_apart(doc: Document, count: Decimal) -> bool:
    """Whether the number told is that of the projects in the tables, and the forms that are too few or too many are known by name (P007, P011)."""
    matched, lonely, rows = pairs(doc)
    this = [*projects(doc, "projects"), *projects(doc, "carried_projects")]
    told_by_name = [f for f in lonely if any(plain(f.name) == plain(p.name) for p in this)] + [r for r in rows if r.table.role == "projects"]
    return bool(forms(doc)) and len(matched) + len(rows) == len(this) == count and bool(told_by_name) and not unnamed(doc) and len(lonely) + len(rows) == len(told_by_name)


@rule(id="P004", title="整体绩效目标金额与预算表不符", family="performance", basis=("mof-2021-101", "template"), tables=("expenditure",),
      example="“涉及部门预算资金820.00万元，其中基本支出0.40万元”，支出总表基本支出为375.20万元。", remedy="按支出总表（或本年预算）填写资金总额、基本支出和项目支出。")
def overall(case: Case) -> Iterable[Outcome]:
    """整体绩效目标涉及的资金应是部门（单位）的全部预算：等于基本支出与项目支出之和，并与支出总表（含上年结转）或本年预算一致。"""
    told_of = narrative(case.doc)
    heads = [t for t in told_of.of("performance") if t.statement.value is not None and _WHOLE.search(t.subject) and t.statement.count is None]
    if not heads:
        yield not_run("整体绩效目标金额 = 支出总表", "说明中没有写整体绩效目标涉及的资金")
        return
    head = heads[0]
    parts = {name: next((t for t in told_of.of("performance") if t.statement.parent is head.statement and t.subject.endswith(name)), None)
             for name in ("基本支出", "项目支出")}
    yield from _overall_sum(case.doc, head, [t for t in parts.values() if t is not None])
    yield from _units(case.doc, head, told_of)
    wrong = []
    for name, told in (("资金总额", head), *parts.items()):
        if told is None or told.statement.value is None or told.statement.value.amount is None:
            continue
        cells = _whole_cells(case.doc, "合计" if name == "资金总额" else name)
        amounts = [(c, a) for c in cells if (a := c.amount) is not None]
        if not amounts:
            continue
        fitting = next((c for c, a in amounts if same_figure(told.statement.value.amount, a)), None)
        if fitting is not None:
            yield passed(f"整体绩效目标{name} = {fitting.label}", *told.evidence(told.statement.value, "value"), fitting.evidence())
        else:
            wrong.append((name, told, amounts[0][0]))
    if wrong:
        yield _overall_problem(case.doc, wrong)


def _units(doc: Document, head: Told, all_told: Narrative) -> Iterator[Outcome]:
    """其中N个单位编报了单位整体绩效目标，涉及资金…: all of it when all units did, never more than the whole."""
    own = [t for t in all_told.of("performance") if t.statement.count is not None and t.statement.count.amount is not None and t.section is head.section]
    units = next((t for t in own if t.subject.endswith("预算单位")), None)
    some = next((t for t in own if t is not units and t.statement.value is not None and "单位" in t.statement.source.text[t.statement.start:t.statement.start + 24]), None)
    whole = head.statement.value
    if units is None or some is None or whole is None or whole.amount is None:
        return
    count, all_units, value = some.statement.count, units.statement.count, some.statement.value
    if count is None or all_units is None or value is None or value.amount is None or count.amount is None or all_units.amount is None:
        return
    relation = "编报整体绩效目标的单位及资金不多于全部"
    evidence = (*some.evidence(value, "value"), *some.evidence(count, "count"), *head.evidence(whole, "value", "expected"), *units.evidence(all_units, "count", "expected"))
    everyone = count.amount.value == all_units.amount.value
    over = count.amount.value > all_units.amount.value
    if not over and (same_figure(value.amount, whole.amount) or not everyone and value.amount.value < whole.amount.to(value.amount.unit).value):
        yield passed(relation, *evidence)
        return
    said = f"{count.text}单位涉及资金{value.text}，全部{all_units.text}单位、资金{whole.text}"
    yield problem(relation, f"编报整体绩效目标的{said}，两者不符", *evidence, expected=own_unit(doc, whole.amount), actual=own_unit(doc, value.amount),
                  suggestion="核对单位个数和资金。", severity=_severity(some, ERROR if over or everyone else WARNING))


def _whole_cells(doc: Document, column: str) -> list[Bound]:
    """The cells of the whole budget with what was carried over, and of this year's alone."""
    found: list[Bound] = []
    for role, row, keys, side in (("expenditure", TOTAL, (column,), None), ("general", TOTAL, (column,), None),
                                  ("summary", r"(?:支出)?总计", ("当年预算安排",) if column == "合计" else (), 1),
                                  ("projects", TOTAL, ("合计",) if column == "项目支出" else (), None)):
        table = doc.table(role)
        bound = locate(table, row, keys, side) if table is not None and keys else None
        if bound is not None:
            found.append(bound)
    return found


def _overall_sum(doc: Document, head: Told, parts: list[Told]) -> Iterator[Outcome]:
    figures = [t.statement.value for t in parts if t.statement.value is not None]
    amounts = [f.amount for f in figures if f.amount is not None]
    whole = head.statement.value
    if len(parts) < 2 or whole is None or whole.amount is None or len(amounts) < len(parts):
        return
    relation = "整体绩效目标资金 = 基本支出 + 项目支出"
    evidence = (*head.evidence(whole, "value"), *(e for t in parts for e in _of(t, t.statement.value, "value", "addend")))
    if sum_fits(amounts, whole.amount):
        yield passed(relation, *evidence)
        return
    total = total_of(amounts, whole.amount.unit)
    yield problem(relation, f"整体绩效目标涉及资金{whole.text}，基本支出与项目支出之和为{shown(total, whole.unit)}", *evidence,
                  expected=own_unit(doc, Amount(total, whole.amount.unit, whole.amount.digits)), actual=own_unit(doc, whole.amount),
                  suggestion="核对总额和两项支出。", severity=_severity(head))


def _overall_problem(doc: Document, wrong: list[tuple[str, Told, Bound]]) -> Outcome:
    evidence: list[Evidence] = []
    said = []
    for name, told, cell in wrong:
        figure = told.statement.value
        assert figure is not None and cell.amount is not None
        evidence += [*told.evidence(figure, "value"), cell.evidence()]
        said.append(f"{name}{figure.text}（{cell.label}为{shown(cell.amount.to(figure.unit).value, figure.unit)}）")
    name, told, cell = wrong[0]
    figure = told.statement.value
    assert figure is not None and figure.amount is not None and cell.amount is not None
    strict = any(n == "基本支出" for n, _, _ in wrong)
    return problem("整体绩效目标金额 = 支出总表", f"整体绩效目标所写金额与预算表不符：{'；'.join(said)}", *evidence, expected=own_unit(doc, cell.amount),
                   actual=own_unit(doc, figure.amount), suggestion="按支出总表填写资金总额、基本支出和项目支出。", severity=_severity(told, ERROR if strict else WARNING))


@rule(id="P020", title="绩效目标资金少于项目支出", family="performance", severity=INFO, basis=("mof-2021-101", "custom"),
      example="编报绩效目标的项目6个、300.00万元，项目支出950.00万元。", remedy="说明未编报绩效目标的项目，或核对金额。")
def covered(case: Case) -> Iterable[Outcome]:
    """编报绩效目标的项目资金一般应覆盖全部项目支出。金额小于项目支出的，提示核对口径；大于项目支出的，多半有误。决算公开写的是项目的预算金额，预算大于支出属正常。"""
    relation = "绩效目标资金 = 项目支出"
    doc = case.doc
    table = doc.table("expenditure")
    bound = locate(table, TOTAL, ("项目支出",)) if table is not None else None
    told = next((h.told for h in _heads(narrative(doc)) if _ALL.search(h.told.subject) and h.told.statement.value is not None), None)
    if doc.table("projects") is not None:
        yield not_run(relation, "有项目支出表，已按项目表核对")
        return
    if told is None or told.statement.value is None or told.statement.value.amount is None or bound is None or bound.amount is None:
        yield not_run(relation, NOTHING if told is None else "未识别到支出总表的项目支出")
        return
    value, amount = told.statement.value, bound.amount
    evidence = (*told.evidence(value, "value"), bound.evidence())
    assert value.amount is not None
    if same_figure(value.amount, amount):
        yield passed(relation, *evidence)
        return
    gap = amount.to(value.unit).value - value.amount.value
    part = value.amount.value / amount.to(value.unit).value * 100 if amount.value else Decimal(100)
    if gap < 0 and "决算" in doc.kind:
        yield passed("绩效目标预算金额 ≥ 项目支出决算", *evidence)
        return
    if gap < 0:
        yield problem(relation, f"绩效目标涉及资金{value.text}大于{bound.label}的{shown(amount.to(value.unit).value, value.unit)}", *evidence, expected=own_unit(doc, amount),
                      actual=own_unit(doc, value.amount), severity=WARNING, suggestion="核对金额。")
        return
    yield problem(relation, f"绩效目标涉及资金{value.text}，是项目支出{shown(amount.to(value.unit).value, value.unit)}的{shown(part)}%，差{shown(gap, value.unit)}未说明", *evidence,
                  expected=own_unit(doc, amount), actual=own_unit(doc, value.amount), severity=WARNING if part < 50 else INFO,
                  suggestion="说明未编报绩效目标的项目，或核对金额。")


_STAGES = (("绩效目标", re.compile(r"编报绩效目标的(?:\d{4}年度?)?项目$")), ("绩效跟踪", re.compile(r"绩效(?:跟踪|监控)(?:评价)?的(?:\d{4}年度?)?项目$")),
           ("绩效自评", re.compile(r"绩效自评(?:价)?的(?:\d{4}年度?)?项目$")))


@rule(id="P022", title="绩效目标、跟踪、自评的金额不一致", family="performance", severity=WARNING, basis=("mof-2021-101", "template"),
      example="编报绩效目标的项目6个、1501.01万元，绩效自评的项目6个、1601.01万元。", remedy="核对各阶段的项目个数和预算金额；确有调整的，说明原因。")
def stages(case: Case) -> Iterable[Outcome]:
    """编报绩效目标、绩效跟踪、绩效自评的项目个数相同的，涉及的预算金额也应相同；金额相同的，个数也应相同。年中调整过预算的除外，故作提醒。"""
    relation = "绩效目标、跟踪、自评的金额一致"
    own = [t for t in narrative(case.doc).of("performance") if t.statement.count is not None and t.statement.value is not None]
    found = [(name, told) for name, pattern in _STAGES if (told := next((t for t in own if pattern.search(t.subject)), None)) is not None]
    if len(found) < 2:
        yield not_run(relation, "说明中没有分别写绩效目标、跟踪、自评的项目个数和金额")
        return
    wrong = False
    for (before, one), (after, two) in zip(found, found[1:], strict=False):
        a, b, m, n = one.statement.value, two.statement.value, one.statement.count, two.statement.count
        if a is None or b is None or m is None or n is None or not (a.amount and b.amount and m.amount and n.amount):
            continue
        counts, amounts = m.amount.value == n.amount.value, same_figure(a.amount, b.amount)
        if counts == amounts:
            continue
        wrong = True
        what, first, second = ("value", a, b) if counts else ("count", m, n)
        yield problem(relation, f"{before}的项目{m.text}、{a.text}，{after}的项目{n.text}、{b.text}，{'个数相同而金额不同' if counts else '金额相同而个数不同'}",
                      *two.evidence(second, what), *one.evidence(first, what, "expected"), expected=own_unit(case.doc, a.amount) if counts else m.amount.value,
                      actual=own_unit(case.doc, b.amount) if counts else n.amount.value)
    if not wrong:
        yield passed(relation)


_GRADES = (re.compile("评级为优"), re.compile("评级为良"), re.compile("评级为合格"), re.compile("评级为不合格"))


@rule(id="P021", title="绩效评级个数之和与自评项目数不符", family="performance", basis=("template",),
      example="绩效自评项目5个，优3个、良1个、合格0个、不合格0个。", remedy="核对自评项目数和各等级个数。")
def grades(case: Case) -> Iterable[Outcome]:
    """决算公开中，绩效自评的项目数应等于优、良、合格、不合格各等级项目数之和。"""
    relation = "绩效自评项目数 = 优 + 良 + 合格 + 不合格"
    own = [t for t in narrative(case.doc).of("performance") if t.statement.count is not None and t.statement.count.amount is not None]
    whole = next((t for t in own if re.search(r"绩效自评的(?:\d{4}年度)?项目$", t.subject)), None)
    parts = [t for g in _GRADES if (t := next((o for o in own if g.search(o.subject)), None)) is not None]
    if whole is None or len(parts) < 3 or whole.statement.count is None or whole.statement.count.amount is None:
        yield not_run(relation, "说明中没有写自评项目数和各等级的个数")
        return
    total = sum((t.statement.count.amount.value for t in parts if t.statement.count and t.statement.count.amount), Decimal(0))
    evidence = (*whole.evidence(whole.statement.count, "count"), *(e for t in parts for e in _of(t, t.statement.count, "count", "addend")))
    if total == whole.statement.count.amount.value:
        yield passed(relation, *evidence)
        return
    yield problem(relation, f"绩效自评项目{whole.statement.count.text}，各等级之和为{shown(total, '个')}", *evidence, expected=total,
                  actual=whole.statement.count.amount.value, suggestion="核对自评项目数和各等级个数。", severity=_severity(whole))
