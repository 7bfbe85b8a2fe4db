from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.narrative.judge import around, percent_fits, ratio, rounded, sum_fits
from core.numbers import Amount
from tests.builders import document, section
from tests.rules.running import at, failures, holds, not_run, severity


def told(text, role="expenditure_note", title="三、支出预算情况说明", **more):
    return document([], [section(title, *([text] if isinstance(text, str) else text), role=role)], **more)


PARTS = "支出预算300.00万元，其中：基本支出100.00万元，占{}%；项目支出200.00万元，占{}%。"


def test_a_share_is_its_part_of_the_whole():
    assert holds("R001", told(PARTS.format("33.33", "66.67")))
    (found,) = failures("R001", told(PARTS.format("23.33", "66.67")))
    assert (found.expected, found.actual, at(found)) == (Decimal("33.33"), Decimal("23.33"), ("", "基本支出", "占比", "23.33%"))
    assert not_run("R001", told("支出预算300.00万元。"))


def test_a_share_of_a_named_base():
    text = "纳入绩效目标管理的项目9个，共计金额50.00万元，占项目支出总额的100%。"
    assert not_run("R001", told(text, "performance_note", "十、绩效管理情况"))


def test_a_last_digit_moved_to_make_a_hundred_is_a_residue():
    text = "支出预算600.00万元，其中：甲支出100.00万元，占16.67%；乙支出100.00万元，占16.67%；丙支出400.00万元，占66.66%。"
    assert holds("R001", told(text))
    assert failures("R001", told(text.replace("66.66", "66.65")))


def test_shares_add_up_to_a_hundred():
    assert holds("R002", told(PARTS.format("33.33", "66.67")))
    assert not_run("R002", told(PARTS.format("33.33", "96.67"))), "the share itself is told by R001"
    assert not_run("R002", told("支出预算300.00万元，其中：基本支出100.00万元，占33.33%；项目支出100.00万元，占33.33%。"))


def test_shares_each_right_by_coarse_figures_but_not_together():
    text = "支出预算3万元，其中：甲支出1万元，占40.0%；乙支出2万元，占75.0%。"
    assert holds("R001", told(text))
    assert failures("R002", told(text))


GROWTH = "“三公”经费预算93.00万元，比2023年预算101.20万元，减少8.20万元，下降{}%，原因是节约。"


@pytest.mark.parametrize(("printed", "fails"), [("8.10", False), ("8.1", False), ("8.12", True), ("18.10", True)])
def test_growth_by_two_years(printed, fails):
    doc = told(GROWTH.format(printed), "three_public_note", "七、“三公”经费增减变动原因说明")
    assert bool(failures("R003", doc)) is fails


def test_growth_printed_as_a_fraction_is_recognised():
    (found,) = failures("R003", told(GROWTH.format("0.08"), "three_public_note", "七、“三公”经费增减变动原因说明"))
    assert found.expected == Decimal("8.10") and "漏乘100" in found.clues[0]


def test_growth_with_last_year_worked_back():
    text = "预算收入总计107.00万元，其中：本年收入100.00万元，上年结转7.00万元，比上年增加7.00万元，增长{}%，主要原因是甲。"
    assert holds("R003", told(text.format("7.00"), "change_note", "一、收支变动情况及原因"))
    assert failures("R003", told(text.format("7.53"), "change_note", "一、收支变动情况及原因"))


def test_small_bases_leave_room_for_rounding():
    assert holds("R003", told("“三公”经费预算0.62万元，比上年预算0.50万元，增加0.12万元，增长22.22%，原因是甲。", "three_public_note", "七、“三公”经费增减变动原因说明"))


def test_growth_without_figures_is_not_run():
    assert not_run("R003", told("支出预算100.00万元。"))
    assert not_run("R003", told("支出预算增长5.00%。"))


def test_a_percentage_of_nothing():
    zero = "收入支出总计307.82万元。与2023年度相比，收入支出总计增加307.82万元，增长100.00%。主要原因：新成立。"
    (found,) = failures("R004", told(zero, "change_note", "一、收入支出决算总体情况说明"))
    assert severity("R004", found) == "info" and at(found)[3] == "100.00%"
    assert not_run("R003", told(zero, "change_note", "一、收入支出决算总体情况说明"))
    assert holds("R004", told(GROWTH.format("8.10"), "three_public_note", "七、“三公”经费增减变动原因说明"))
    assert not_run("R004", told("支出预算100.00万元。"))


DONE = "一般公共预算财政拨款支出年初预算为{}万元，全年预算为200.00万元，支出决算为100.00万元，完成{}预算的{}%。"


def test_completion_of_the_budget_it_names():
    title = "五、一般公共预算财政拨款支出决算情况说明"
    assert holds("R005", told(DONE.format("80.00", "年初", "125.00"), "general_note", title))
    assert holds("R005", told(DONE.format("80.00", "全年", "50.00"), "general_note", title))
    (found,) = failures("R005", told(DONE.format("80.00", "年初", "50.00"), "general_note", title))
    assert found.expected == Decimal("125.00")
    (empty,) = failures("R005", told(DONE.format("0", "年初", "50.00"), "general_note", title))
    assert severity("R005", empty) == "warning" and "全年预算" in empty.expected
    assert not_run("R005", told("支出决算为100.00万元。", "general_note", title))


@given(st.integers(1, 10**7), st.integers(1, 10**7))
def test_a_correctly_rounded_percentage_always_fits(part, whole):
    one, two = Amount(Decimal(part) / 100, "万元", 2), Amount(Decimal(whole) / 100, "万元", 2)
    printed = Amount(rounded(one.value / two.value * 100, 2), "%", 2)
    possible = ratio(around(one), around(two))
    assert possible is None or percent_fits(printed, possible)


@given(st.lists(st.decimals(0, 10**6, places=4), min_size=2, max_size=12))
def test_rounded_parts_of_a_rounded_sum_fit(values):
    parts = [Amount(rounded(v, 2), "万元", 2) for v in values]
    assert sum_fits(parts, Amount(rounded(sum(values), 2), "万元", 2))


def test_a_part_with_a_share_of_its_own_is_not_the_whole_of_those_after_it():
    assert not_run("R001", told("甲支出1400万元，占77.78%；乙支出200万元，占11.11%；丙支出200万元，占11.11%。"))


def test_a_share_within_what_stands_before_in_the_middle():
    text = "收入预算{}万元，其中：本年收入90.00万元，占90%；上年结转10.00万元，占10%。本年收入中，一般公共预算{}万元，占100%；政府性基金预算0万元。"
    assert holds("R001", told(text.format("100.00", "90.00"), "income_note", "二、收入预算情况说明"))
    (found,) = failures("R001", told(text.format("100.00", "80.00"), "income_note", "二、收入预算情况说明"))
    assert found.expected == Decimal("88.89") and at(found)[3] == "100%"


TWICE = "公务接待费支出预算2.50万元，支出决算2.00万元，完成预算的80.00%，较预算减少0.50万元，降低{}%，较2022年度决算增加0.40万元，增长{}%，主要是来访增多。"


@pytest.mark.parametrize(("budget", "year", "wrong"), [("20.00", "25.00", 0), ("30.00", "25.00", 1), ("20.00", "35.00", 1)])
def test_a_figure_compared_with_budget_and_year_has_two_rates(budget, year, wrong):
    doc = told(TWICE.format(budget, year), "three_public_note", "七、“三公”经费支出决算情况说明", year=2023, kind="部门决算")
    assert len(failures("R003", doc)) == wrong
    assert not failures("N003", doc) and not failures("N005", doc)
