"""P005, P006, P013, P019: the funds of performance forms: adding up, equal to the project tables, not all zero, of the right source."""
from __future__ import annotations

from collections.abc import Iterable, Iterator

from core.model import Document
from core.narrative.forms import PERIODS, Project, ProjectForm, all_zero, forms, in_unit_of, pairs, source_cells, unsure
from core.narrative.judge import shown, sum_fits, total_of
from core.numbers import Amount, is_blank
from core.results import ERROR, WARNING, Evidence, Outcome, not_run, passed, problem
from core.rules.base import Case, rule
from core.rules.passages import softened

NO_FORMS = "文件中没有读到绩效目标表"


def no_forms(doc: Document, relation: str) -> Outcome:
    """Said when there is no form to look at: why."""
    if doc.unread_pages:
        return not_run(relation, f"{NO_FORMS}，有{len(doc.unread_pages)}页没有读出")
    return not_run(relation, NO_FORMS)


@rule(id="P005", title="绩效目标表资金来源之和不等于总额", family="performance", basis=("mof-2021-101", "template"),
      example="年度资金总额47100元，中央0、省级0、市县47000、单位自筹0。", remedy="核对资金总额和各来源。")
def funds_add_up(case: Case) -> Iterable[Outcome]:
    """每张绩效目标表的实施期（年度）资金总额，应等于各资金来源之和。"""
    relation = "资金总额 = 各资金来源之和"
    every = forms(case.doc)
    if not every:
        yield no_forms(case.doc, relation)
    for form in every:
        for period in PERIODS:
            yield from _adds(case.doc, form, period, relation)


def _adds(doc: Document, form: ProjectForm, period: str, relation: str) -> Iterator[Outcome]:
    total_cell = form.form.funds.get((period, "总额"))
    total = form.amount(period)
    if total_cell is None:
        return
    cells = [(label, cell) for label, cell in source_cells(form, period)]
    if any(label in ("中央", "省级", "市县") for label, _ in cells):
        cells = [(label, cell) for label, cell in cells if label != "财政拨款"]
    name = f"{form.table.id}“{form.name}”{period}{relation}"
    evidence = (*form.evidence(total_cell, f"{period}资金总额"), *(e for label, cell in cells for e in form.evidence(cell, f"{period}{label}", "addend")))
    unread = [cell for _, cell in cells if cell.amount is None and not is_blank(cell.text)]
    if total is None or unread or len(cells) < 2:
        yield not_run(name, "资金栏没有分列来源或有不规范的数字", *evidence)
        return
    amounts = [cell.amount for _, cell in cells if cell.amount is not None]
    figures = " + ".join(shown(a.value) for a in amounts) + f" = {shown(total.value)}"
    if sum_fits(amounts, total) if amounts else not total.value:
        yield passed(name, *evidence, figures=figures)
        return
    added = total_of(amounts, total.unit)
    yield problem(name, f"绩效目标表“{form.name}”{period}资金总额{shown(total.value, total.unit)}，各来源之和为{shown(added, total.unit)}", *evidence, expected=added,
                  actual=total.value, figures=figures, suggestion="核对资金总额和各来源。", severity=softened(ERROR, unsure(doc, form)))


@rule(id="P006", title="绩效目标表金额与项目表不符", family="performance", basis=("mof-2021-101", "template"), tables=("projects",),
      example="绩效目标表年度资金总额910000元，项目支出表该项目81.00万元。", remedy="核对绩效目标表与项目支出表的金额。")
def amounts(case: Case) -> Iterable[Outcome]:
    """每张绩效目标表的年度资金总额（元）应等于项目支出表中同名项目的金额（万元）。两个项目同名的，按金额分别配对。"""
    relation = "绩效目标表资金总额 = 项目支出表金额"
    if not forms(case.doc):
        yield no_forms(case.doc, relation)
        return
    zero = all_zero(case.doc)
    matched, _, _ = pairs(case.doc)
    if not matched:
        yield not_run(relation, "没有名称相同的绩效目标表和项目")
    for form, row in matched:
        name = f"{form.table.id}“{form.name}”年度资金总额 = {row.table.id}“{row.name}”"
        evidence = (*form.evidence(form.total_cell, "年度资金总额"), *row.evidence())
        total, amount = form.total, row.amount()
        if total is None or amount is None:
            yield not_run(name, "其中有空白或不规范的数字", *evidence)
        elif in_unit_of(total, amount):
            yield passed(name, *evidence, figures=f"{shown(total.value, total.unit)} = {shown(amount.value, amount.unit)}")
        elif zero:
            yield not_run(name, "绩效目标表金额全部为0，见另一条", *evidence)
        else:
            yield _differs(case.doc, form, row, total, amount, name, evidence)


def _differs(doc: Document, form: ProjectForm, row: Project, total: Amount, amount: Amount, name: str, evidence: tuple[Evidence, ...]) -> Outcome:
    right = amount.to(total.unit)
    severity = WARNING if not total.value and row.table.role == "carried_projects" else ERROR
    return problem(name, f"绩效目标表“{form.name}”年度资金总额{shown(total.value, total.unit)}，{row.table.id}为{shown(amount.value, amount.unit)}（{shown(right.value, total.unit)}）",
                   *evidence, expected=right.value, actual=total.value, suggestion="核对绩效目标表与项目支出表的金额。",
                   group="" if total.value else f"绩效目标表资金填为0，{row.table.id}有金额",
                   severity=softened(severity, unsure(doc, form) or any(c.ocr for c in row.line.cells.values())))


@rule(id="P013", title="绩效目标表金额全部为0", family="performance", basis=("mof-2021-101",),
      example="18张绩效目标表的资金总额都是0元，项目支出表合计260.50万元。", remedy="按项目支出表填写各项目的资金。")
def not_all_zero(case: Case) -> Iterable[Outcome]:
    """项目支出表有金额的，绩效目标表的资金总额不应全部为0。"""
    relation = "绩效目标表填写了资金"
    every = forms(case.doc)
    if not every:
        yield no_forms(case.doc, relation)
        return
    table = case.doc.table("projects")
    evidence = [e for f in every for e in f.evidence(f.total_cell, "资金总额")]
    if not all_zero(case.doc):
        yield passed(relation, *evidence[:1])
        matched, _, _ = pairs(case.doc)
        yield from _some_zero(matched)
    elif table is None or table.empty:
        yield not_run(relation, "未识别到项目支出表，或项目支出表为空", *evidence[:1])
    else:
        yield problem(relation, f"{len(every)}张绩效目标表的资金总额全部为0，{table.id}却有金额", *evidence, expected="与项目支出表一致", actual="0",
                      suggestion="按项目支出表填写各项目的资金。", severity=softened(ERROR, unsure(case.doc, *every)))


def _some_zero(matched: list[tuple[ProjectForm, Project]]) -> Iterator[Outcome]:
    for form, row in matched:
        total, amount = form.total, row.amount()
        if total is not None and amount is not None and not amount.value and total.value:
            yield problem("有资金的绩效目标表在项目表中有金额", f"绩效目标表“{form.name}”资金{shown(total.value, total.unit)}，{row.table.id}该项目没有金额",
                          *form.evidence(form.total_cell, "资金总额"), *row.evidence(), expected="有金额", actual="0", severity=WARNING)


@rule(id="P019", title="绩效目标表资金来源与项目表不符", family="performance", severity=WARNING, basis=("mof-2021-101",), tables=("projects",),
      example="绩效目标表填“单位自筹8500.00元”，项目支出表该项目列在一般公共预算。", remedy="把资金填入相应的财政资金来源。")
def sources(case: Case) -> Iterable[Outcome]:
    """项目支出表列在财政拨款的项目，绩效目标表不应填作单位自筹；列在单位资金的，不应填作财政资金。"""
    relation = "绩效目标表资金来源 = 项目支出表资金来源"
    if not forms(case.doc):
        yield no_forms(case.doc, relation)
        return
    found = False
    for form, row in pairs(case.doc)[0]:
        own = form.amount("年度", "单位自筹")
        amount = row.amount()
        public = [a for k in ("一般公共预算", "政府性基金预算", "国有资本经营预算") if (a := row.amount(k)) is not None and a.value]
        if own is None or amount is None or not public:
            continue
        found = True
        name = f"{form.table.id}“{form.name}”{relation}"
        cell = form.form.funds.get(("年度", "单位自筹"))
        evidence = (*form.evidence(cell, "年度单位自筹"), *row.evidence("expected", "一般公共预算"))
        if own.value and sum(a.value for a in public) >= amount.value - amount.half:
            yield problem(name, f"绩效目标表“{form.name}”填单位自筹{shown(own.value, own.unit)}，{row.table.id}该项目全部由财政拨款安排", *evidence, expected="财政资金",
                          actual="单位自筹", suggestion="把资金填入相应的财政资金来源。")
        else:
            yield passed(name, *evidence)
    if not found:
        yield not_run(relation, "没有可比较的资金来源")
