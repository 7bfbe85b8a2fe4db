"""N009, N021, N022: the items of the narrative as a whole: all rows told, budgets adding up, changes of the three budgets adding up."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from core.model import Document
from core.narrative.binding import item_lines
from core.narrative.facts import Narrative, Told, narrative
from core.narrative.judge import own_unit, shown, sum_fits, total_of
from core.numbers import Amount, tolerance
from core.results import WARNING, Evidence, Outcome, not_run, of_cell, passed, problem
from core.rules.base import Case, rule


def _items(all_told: Narrative) -> list[Told]:
    return [t for t in all_told.told if t.statement.item is not None and not t.statement.in_reason and t.topic in ("notes", "general")]


@rule(id="N009", title="表中科目没有逐项说明", family="narrative", severity=WARNING, basis=("mof-2016-143", "template"),
      example="一般公共预算支出表有“购房补贴”148.80万元，编制说明逐项列示中没有这一项。", remedy="补上这一项的说明。")
def every_row_told(case: Case) -> Iterable[Outcome]:
    """说明文字逐项列示支出科目的，一般公共预算支出表中有金额的每个项级科目都应列到。"""
    relation = "每个项级科目都有说明"
    told = _items(narrative(case.doc))
    table = case.doc.table("general")
    if len(told) < 3 or table is None:
        yield not_run(relation, "文字没有逐项说明科目" if table is not None else "未识别到一般公共预算支出表")
        return
    column = table.column("合计")
    bound = {id(b.line) for t in told if t.binding for b in t.binding.cells if b.line is not None}
    vague = sum(1 for t in told if t.binding is None or not t.binding.cells)
    missing = []
    for line, names in item_lines(table):
        cell = line.cells.get(column.key) if column is not None else None
        if cell is not None and cell.amount is not None and cell.amount.value and id(line) not in bound:
            missing.append((line, names, cell))
    for line, names, cell in missing:
        name = f"{relation}：{line.label}"
        evidence = of_cell(cell, table.id, line.label, column.label if column else "", "actual")
        if vague:
            yield not_run(name, "文字中有未能对应到表格的条目，可能就是这一科目", evidence)
        else:
            yield problem(name, f"{table.id}“{line.label}”{cell.text}{table.amount_unit}，说明没有列到“{'—'.join(names)}”", evidence, expected="逐项说明", actual="未列",
                          suggestion="补上这一项的说明。")
    if not missing:
        yield passed(relation)


@rule(id="N022", title="各项预算（决算）之和与总数不符", family="narrative", basis=("template",),
      example="各项全年预算之和为150.60万元，总的全年预算写作150.80万元。", remedy="核对各项和总数。")
def items_add_up(case: Case) -> Iterable[Outcome]:
    """逐项说明了全部科目的，各项年初（全年）预算之和应等于总的年初（全年）预算，各项支出之和应等于一般公共预算支出总额。"""
    told_of = narrative(case.doc)
    told = _items(told_of)
    table = case.doc.table("general")
    rows = len([1 for line, _ in item_lines(table) if any(c.amount and c.amount.value for c in line.cells.values())]) if table is not None else 0
    found = False
    if len(told) >= 3 and len(told) >= rows:
        for outcome in (*_budgets(case.doc, told_of, told), *_values(case.doc, told_of, told)):
            found = True
            yield outcome
    if not found:
        yield not_run("各项之和 = 总数", "文字没有逐项说明全部科目")


def _head(all_told: Narrative, told: list[Told]) -> Told | None:
    first = told[0]
    return next((t for t in all_told.told if t.section is first.section and t.statement.item is None and t.binding is not None
                 and t.binding.quantity in ("general_total", "appropriation_general_out") and t.statement.value is not None), None)


def _values(doc: Document, all_told: Narrative, told: list[Told]) -> Iterator[Outcome]:
    head = _head(all_told, told)
    if head is None or head.statement.value is None or head.statement.value.amount is None:
        return
    amounts = [t.statement.value.amount for t in told if t.statement.value is not None and t.statement.value.amount is not None]
    if len(amounts) < len(told):
        return
    addends = [e for t in told if t.statement.value is not None for e in t.evidence(t.statement.value, "value", "addend")]
    yield _sum(doc, head, "支出", head.statement.value.amount, amounts, [*head.evidence(head.statement.value, "value"), *addends])


def _budgets(doc: Document, all_told: Narrative, told: list[Told]) -> Iterator[Outcome]:
    head = _head(all_told, told)
    if head is None:
        return
    for name, figure in head.statement.budgets:
        own = [(t, f) for t in told for n, f in t.statement.budgets if n == name]
        amounts = [f.amount for _, f in own if f.amount is not None]
        if figure.amount is None or len(own) != len(told) or len(amounts) < len(own):
            continue
        addends = [e for t, f in own for e in t.evidence(f, "budget", "addend")]
        yield _sum(doc, head, name, figure.amount, amounts, [*head.evidence(figure, "budget"), *addends])


def _sum(doc: Document, head: Told, name: str, whole: Amount, amounts: list[Amount], evidence: list[Evidence]) -> Outcome:
    relation = f"各项{name}之和 = “{head.label}”{name}"
    total = total_of(amounts, whole.unit)
    if sum_fits(amounts, whole):
        return passed(relation, *evidence, figures=f"{shown(total)} = {shown(whole.value)}")
    return problem(relation, f"{len(amounts)}项{name}之和为{shown(total, whole.unit)}，“{head.label}”{name}写作{shown(whole.value, whole.unit)}", *evidence,
                   expected=own_unit(doc, Amount(total, whole.unit, whole.digits)), actual=own_unit(doc, whole), suggestion="核对各项和总数。")


Moved = tuple[Told, Amount]


def _turned(head: Moved, parts: Sequence[Moved]) -> list[Told]:
    """The statements of which any one would put the sum right if its direction word were the opposite."""
    unit = head[1].unit
    gap = sum((a.to(unit).value for _, a in parts), Decimal(0)) - head[1].value
    allowed = tolerance([a for _, a in (head, *parts) if a.value], unit)
    return [told for told, amount in (head, *parts) if amount.value and told.statement.marks
               and abs(gap + (2 if told is head[0] else -2) * amount.to(unit).value) <= allowed]


@rule(id="N021", title="财政拨款增减额与三本预算不符", family="narrative", severity=WARNING, basis=("template",),
      example="财政拨款支出比上年增加245.65万元，一般公共预算增加245.56万元，其他两本持平。", remedy="核对财政拨款支出和三本预算的增减额。")
def three_budgets(case: Case) -> Iterable[Outcome]:
    """财政拨款支出的增减额，应等于一般公共预算、政府性基金、国有资本经营预算拨款支出增减额之和。"""
    relation = "财政拨款支出增减额 = 三本预算增减额之和"
    told_of = narrative(case.doc)

    def moved(name: str) -> tuple[Told, Amount] | None:
        told = next(iter(told_of.quantity(name, topic="notes")), None)
        if told is None or told.statement.sign is None or told.statement.value is None or told.statement.value.amount is None:
            return None
        change = told.statement.change
        if change is None:
            return (told, Amount(Decimal(0), told.statement.value.amount.unit, 2)) if told.statement.sign == 0 else None
        return None if change.amount is None else (told, Amount(change.amount.value * told.statement.sign, change.amount.unit, change.amount.digits))
    head = moved("appropriation_out")
    parts = [p for n in ("appropriation_general_out", "appropriation_fund_out", "appropriation_capital_out") if (p := moved(n)) is not None]
    if head is None or len(parts) < 2:
        yield not_run(relation, "文字没有分三本预算写增减额")
        return
    told, whole = head
    total = sum((a.to(whole.unit).value for _, a in parts), Decimal(0))
    evidence = [e for t, _ in (head, *parts) for f in (t.statement.change or t.statement.value,) if f is not None
                for e in t.evidence(f, "change", "actual" if t is told else "addend")]
    if abs(total - whole.value) <= tolerance([whole, *(a for _, a in parts if a.value)], whole.unit):
        yield passed(relation, *evidence, figures=f"{shown(whole.value)} = " + " + ".join(shown(a.value) for _, a in parts))
        return
    turned = _turned(head, parts)
    if turned:
        said = "、".join(f"“{t.label}”写作“{t.statement.marks[0].text}”" for t in turned)
        words = [e for t in turned for m in t.statement.marks[:1] for e in t.words(m.start, m.end, column="增减方向")]
        yield problem(relation, f"{said}，财政拨款与三本预算的增减方向不合，{'其中一处' if len(turned) > 1 else '这一处'}应相反", *words, *evidence,
                      actual=turned[0].statement.marks[0].text, suggestion="核对增减方向。")
        return
    yield problem(relation, f"“{told.label}”增减{shown(whole.value, whole.unit)}，三本预算增减之和为{shown(total, whole.unit)}", *evidence,
                  expected=own_unit(case.doc, Amount(total, whole.unit, whole.digits)), actual=own_unit(case.doc, whole), suggestion="核对增减额和方向。")
