"""N001: every amount of the narrative equals the cell it speaks of."""
from __future__ import annotations

from collections.abc import Iterable, Iterator

from core.model import Document
from core.narrative.binding import Bound
from core.narrative.facts import Told, narrative
from core.narrative.judge import agrees, own_unit, shown
from core.narrative.lexer import Figure
from core.numbers import Amount
from core.results import ERROR, FAIL, WARNING, Outcome, not_run, passed, problem
from core.rules.base import Case, rule
from core.rules.passages import softened


@rule(id="N001", title="文字金额与表格不一致", family="narrative", basis=("mof-2016-143", "template"),
      example="说明写“人员经费318.20万元”，基本支出表人员经费合计为308.20。", remedy="核对说明与表格，改正有误的一方；两处应为同一个数。")
def amounts(case: Case) -> Iterable[Outcome]:
    """说明文字中的每个金额都按所在章节和主语对应到表格的一个单元格，两处应为同一个数。元与万元先换算，换算的四舍五入不算差错；表中空白视为零。"""
    found = False
    for told in narrative(case.doc).told:
        for outcome in _outcomes(case.doc, told):
            found = True
            yield outcome
    if not found:
        yield not_run("文字金额 = 表格", "说明文字中没有可对应到表格的金额")


def _outcomes(doc: Document, told: Told) -> Iterator[Outcome]:
    s, binding = told.statement, told.binding
    figures = [f for f in (s.value, *s.again) if f is not None]
    if binding is None or not figures:
        return
    for number, figure in enumerate(figures):
        relation = f"“{told.label}”{'（再次提到）' if number else ''}（{told.section.title}）= {binding.cells[0].label if binding.cells else '表格'}"
        if not binding.cells:
            yield not_run(relation, binding.missing, *told.evidence(figure, "value"))
        else:
            outcome = _compare(doc, told, figure, binding.cells, relation, binding.soft)
            yield outcome if binding.sure or outcome.status != FAIL else not_run(relation, binding.missing, *told.evidence(figure, "value"))
    yield from _budgets(doc, told)


def _budgets(doc: Document, told: Told) -> Iterator[Outcome]:
    """三公 in accounts: the budget figure stands in the table too."""
    if told.topic != "three_public" or told.binding is None or not told.binding.cells:
        return
    bound = told.binding.cells[0]
    key = bound.column.key.replace(".决算数", ".预算数")
    column = bound.table.column(key)
    if column is None or key == bound.column.key or bound.line is None:
        return
    cell = Bound(bound.table, bound.line, column, bound.line.cells.get(key), bound.row)
    for name, figure in told.statement.budgets:
        yield _compare(doc, told, figure, (cell,), f"“{told.label}”{name} = {cell.label}", False)


def _compare(doc: Document, told: Told, figure: Figure, cells: tuple[Bound, ...], relation: str, soft: bool) -> Outcome:
    amounts = [(c, a) for c in cells if (a := c.amount) is not None]
    evidence = told.evidence(figure, "value")
    if not amounts:
        return not_run(relation, f"{cells[0].label}印的不是规范的数字", *evidence)
    first, expected = amounts[0]
    if figure.amount is None:
        return problem(relation, f"“{told.label}”的金额“{figure.text}”不是规范的数字，{first.label}为{_cell_text(first)}", *evidence, first.evidence(),
                       expected=own_unit(doc, expected), actual=figure.text, suggestion="改正金额的小数点或千分位。", severity=_severity(told, ERROR))
    fitting = next((c for c, a in amounts if agrees(figure.amount, a)), None)
    if fitting is not None:
        return passed(relation, *evidence, fitting.evidence(), figures=f"{figure.text} = {_cell_text(fitting)}")
    if soft:
        return _soft(relation, figure, first, expected, told)
    return problem(
        relation, f"{told.section.title}中“{told.label}”为{figure.text}，与{first.label}的{_cell_text(first)}不一致", *evidence, first.evidence(),
        expected=own_unit(doc, expected), actual=own_unit(doc, figure.amount), figures=f"{figure.text} ≠ {_cell_text(first)}",
        suggestion=f"核对后改为{shown(expected.to(figure.unit).value, figure.unit)}，或更正表格。", severity=_severity(told, ERROR))


def _soft(relation: str, figure: Figure, bound: Bound, expected: Amount, told: Told) -> Outcome:
    """机关运行经费 may be less than 公用经费 where 事业单位 are included; it can't be more."""
    assert figure.amount is not None
    places = told.evidence(figure, "value")
    if figure.amount.value < expected.to(figure.unit).value:
        return not_run(relation, f"{figure.text}小于{bound.label}的{_cell_text(bound)}：含事业单位时可以不等，未作判断", *places)
    return problem(relation, f"“{told.label}”{figure.text}大于{bound.label}的{_cell_text(bound)}，机关运行经费是公用经费的一部分", *places, bound.evidence(),
                   expected=expected.value, actual=figure.amount.to(expected.unit).value, severity=WARNING)


def _cell_text(bound: Bound) -> str:
    text = bound.cell.text.strip() if bound.cell is not None else ""
    return f"{text}{bound.table.amount_unit}" if text else "空白（0）"


def _severity(told: Told, severity: str) -> str:
    return softened(severity, told.statement.source.paragraph.ocr)
