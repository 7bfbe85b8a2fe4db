"""S900: figures in amount columns that are no well-formed numbers."""
from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from core.formulas import Figure, FormulaOutcome, formula_rules
from core.formulas.figures import Key, of_line
from core.model import Table
from core.numbers import looks_numeric, show
from core.results import Outcome, not_run, passed, problem
from core.rules.base import Case, rule


@rule(id="S900", title="金额写法有误", family="arithmetic", basis=("mof-check-2017",),
      example="“12.345.67”有两个小数点；“1,23.45”千分位点错了位置。",
      remedy="按原始数据更正数字，千分位用“,”每三位一个，小数点只有一个。")
def amount_format(case: Case) -> Iterator[Outcome]:
    """表中金额应是规范的数：只有一个小数点，千分位每三位一个。写法有误的数无法参加计算，与它有关的勾稽关系都不能核对；
    能由其他数推算出它应是多少时，一并给出。"""
    wanted: dict[Key, list[tuple[int, Decimal]]] | None = None
    looked = False
    for table in case.doc.tables:
        bad = list(_malformed(table))
        if not bad:
            if any(True for _ in table.amount_cells()):
                looked = True
                yield passed(f"{table.id}各金额写法规范")
            continue
        looked = True
        wanted = _solutions(case) if wanted is None else wanted
        for figure in bad:
            expected = _agreed(wanted.get(figure.key, []), figure)
            told = f"，按与它有关的勾稽关系应为 {show(expected)}{table.amount_unit}" if expected is not None else ""
            yield problem(f"{figure.table}[{figure.row}].{figure.column} 写法规范",
                          f"{figure.where}的“{figure.printed}”不是规范的金额写法{told}。", *figure.evidence("actual"), expected=expected,
                          actual=figure.printed, suggestion=f"请把它改为 {show(expected)}。" if expected is not None else "请按原始数据更正。",
                          severity="" if table.recognised else "warning")
    if not looked:
        yield not_run("各金额写法规范", "没有识别出有金额的表")


def _malformed(table: Table) -> Iterator[Figure]:
    for line in table.lines:
        for column in table.columns:
            if column.kind == "amount" and column.key in line.cells:
                figure = of_line(table, line, column.key, table.amount_unit)
                if figure.malformed and looks_numeric(figure.printed) and "%" not in figure.printed:
                    yield figure


def _solutions(case: Case) -> dict[Key, list[tuple[int, Decimal]]]:
    """What each malformed figure would have to be by every relation where it alone is unknown, with the relation's length."""
    found: dict[Key, list[tuple[int, Decimal]]] = {}
    for known in formula_rules(case.template):
        if known.severity != "error":
            continue
        for outcome in known.run(case):
            instance = outcome.instance if isinstance(outcome, FormulaOutcome) else None
            if instance is None or instance.sign != "=" or len(instance.unsure) != 1:
                continue
            value = instance.solve(instance.unsure[0])
            if value is not None:
                found.setdefault(instance.unsure[0].key, []).append((len(instance.terms), value))
    return found


def _agreed(candidates: list[tuple[int, Decimal]], figure: Figure) -> Decimal | None:
    """The value that all relations agree on, taken from the shortest; one that has the printed digits settles a doubt."""
    if not candidates:
        return None
    digits = "".join(c for c in figure.printed if c.isdigit())
    for _, value in sorted(candidates):
        if show(value).replace(".", "").replace("-", "") == digits:
            return value
    values = [v for _, v in candidates]
    return min(candidates)[1] if max(values) - min(values) <= Decimal("0.05") else None
