"""Hints at what went wrong."""
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clues import addend, shifted, slip
from core.formulas import FormulaOutcome, parse
from core.formulas.evaluate import Evaluator
from core.formulas.figures import Figure
from core.layouts import template
from core.numbers import Amount
from core.rules.base import Case
from tests.builders import document, table


@pytest.mark.parametrize(("actual", "expected", "told"), [
    ("1235.40", "1253.40", "颠倒"), ("12.34", "123.40", "小数点"), ("1.00", "10000.00", "元与万元"), ("-5.00", "5.00", "正负号"),
    ("974.00", "975.00", "错写成"), ("97.50", "975.40", "漏写"), ("9754.05", "975.45", "多写"), ("123.00", "456.00", ""), ("5.00", "5.00", ""),
])
def test_slips_of_the_pen(actual, expected, told):
    said = slip(Decimal(actual), Decimal(expected))
    assert told in said if told else said == ""


@given(st.integers(100000, 10**8), st.integers(1, 4))
def test_a_swap_of_neighbours_is_always_seen(number, place):
    digits = list(str(number))
    digits[place], digits[place + 1] = digits[place + 1], digits[place]
    wrong, right = Decimal("".join(digits)).scaleb(-2), Decimal(number).scaleb(-2)
    assert bool(slip(wrong, right)) == (wrong != right)


def instance_of(total, *parts):
    rows = [["合计", None, total, "", ""], *[[str(201 + i), f"示例{i}", p, "", ""] for i, p in enumerate(parts)]]
    doc = document([table("表三", rows)])
    (outcome,) = Evaluator(Case(doc, template("shanxi-budget"), None)).run(parse("表三[合计].合计 = 求和(表三[类].合计)"))
    assert isinstance(outcome, FormulaOutcome) and outcome.instance is not None
    return outcome.instance


@pytest.mark.parametrize(("total", "told"), [("30.00", "漏加"), ("90.00", "两次"), ("35.00", "漏加"), ("10.00", "正负号"), ("61.00", "")])
def test_the_difference_is_one_addend(total, told):
    said = addend(instance_of(total, "30.00", "25.00", "5.00") if total != "30.00" else instance_of(total, "30.00", "30.00", "0.00"))
    assert told in said if told else said == ""


def figure(column, value):
    return Figure(("", "表三", 3, column), "表三", "示例", column, Amount(Decimal(value), "万元", 2) if value else None)


def test_a_figure_in_the_wrong_column():
    wrong = [(figure("基本支出", "12.00"), Decimal("0.00")), (figure("项目支出", ""), Decimal("12.00"))]
    assert "填错了列" in shifted(wrong)


def test_two_figures_exchanged():
    assert "互换" in shifted([(figure("基本支出", "12.00"), Decimal("9.00")), (figure("项目支出", "9.00"), Decimal("12.00"))])


def test_two_unrelated_errors_are_no_shift():
    assert shifted([(figure("基本支出", "12.00"), Decimal("9.00")), (figure("项目支出", "7.00"), Decimal("12.00"))]) == ""


def test_figures_of_text_and_of_tables_are_compared_without_falling_over():
    said = Figure(("", "文字", "3.1", 0), "文字", "示例", "基本支出", Amount(Decimal("7.00"), "万元", 2))  # type: ignore[arg-type]
    assert shifted([(said, Decimal("9.00")), (figure("项目支出", "8.00"), Decimal("12.00"))]) == ""
