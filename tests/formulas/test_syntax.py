"""Check formulas as reviewers write them, and mistakes told with place and hint."""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.formulas import FormulaError, parse
from core.formulas.syntax import Binary, Call, Number, Reference
from core.layouts import template

SHANXI = template("shanxi-budget")


@pytest.mark.parametrize("text", [
    "表六[合计].合计 = 表五[合计].基本支出",
    "每行(表三): 本行.合计 = 本行.基本支出 + 本行.项目支出",
    "每行（表三［有下级］）：本行.* ＝ 求和（下级.*）",
    "表十三[合计].合计 = 表二[合计].上年结转 - (表三[合计].基本支出 - 表五[合计].基本支出)",
    "每码(表二, 表三): 表二.合计 + 表二.上年结转 = 表三.合计",
    "每名(表一[大项], 表三[类]): 表一.支出合计 = 表三.合计",
    "如果 表二[合计].单位资金 = 0 且 表二[合计].上年结转 > 0 则 表四[收入总计].收入 = 表一[收入总计].收入",
    "每码(表二, 表三): 如果 表二.上年结转 = 0 则 表三.合计 = 表二.合计",
    "上年.表三[合计].合计 <= 表三[合计].合计 * 120%",
    "每码(表三, 单位.表三): 表三.合计 ≥ 单位.表三.合计",
    "表一[收入总计].收入 = 文字.收入总计",
    "每张(绩效): 本张.年度总额 = 本张.年度中央 + 本张.年度省级",
    "行数(表十二[项]) = 行数(绩效)",
    "expenditure[合计].合计 = 表一[本年支出合计].支出合计",
])
def test_formulas_of_every_kind_are_understood(text):
    assert parse(text, SHANXI).comparisons


def test_multiplication_binds_before_addition():
    (comparison,) = parse("表三[合计].合计 = 1 + 2 * 3").comparisons
    assert isinstance(comparison.right, Binary)
    assert comparison.right.sign == "+"


def test_a_chain_is_two_comparisons():
    first, second = parse("表一[收入总计].收入 = 表一[支出总计].支出合计 = 表三[合计].合计").comparisons
    assert first.right == second.left


def test_names_keep_brackets_of_their_own():
    reference = parse("每行(表9): 本行.因公出国（境）费 ≥ 0", template("shanghai-budget")).comparisons[0].left
    assert isinstance(reference, Reference)
    assert reference.column == "因公出国(境)费"


def test_sum_of_several():
    right = parse("表三[合计].合计 = 求和(表三[类].合计, 1)").comparisons[0].right
    assert isinstance(right, Call)
    assert len(right.arguments) == 2


@pytest.mark.parametrize(("text", "column", "hint"), [
    ("表六[合计].和计 = 表五[合计].基本支出", 1, "是否指“表六.合计”"),
    ("表六[合计].合计 = 表伍[合计].基本支出", 13, "没有“表伍”这张表"),
    ("表六[合计].合计 = ", 13, "公式在这里结束了"),
    ("表六[合计].合计", 10, "缺少比较号"),
    ("表六[合计.合计 = 3", 3, "方括号不成对"),
    ("表六[合计].合计 == 3", 12, "看不懂"),
    ("求和(表三[类].合计 = 3", 0, "括号不成对"),
    ("本行.合计 = 3", 1, "每行(表名)"),
    ("表三.合计 = 3", 1, "没有写明行"),
    ("表三[合计] = 3", 1, "没有写明列"),
    ("每码(表二): 表二.合计 = 0", 4, "两张以上的表"),
    ("", 1, "空的"),
])
def test_mistakes_are_told_with_place_and_hint(text, column, hint):
    with pytest.raises(FormulaError) as caught:
        parse(text, SHANXI)
    assert hint in str(caught.value)
    if column:
        assert caught.value.column == column


def test_the_line_of_a_mistake_is_told():
    with pytest.raises(FormulaError) as caught:
        parse("表六[合计].合计 =\n  表五[合计].基本 支出 +", SHANXI)
    assert caught.value.line == 2


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_numbers_are_decimals(whole, part):
    right = parse(f"表三[合计].合计 = {whole}.{part}").comparisons[0].right
    assert isinstance(right, Number)
    assert str(right.value) == f"{whole}.{part}"


@given(st.text("表三[合计].*=+-()每行码:，本下级 12", max_size=30))
def test_any_text_is_understood_or_told_in_chinese(text):
    try:
        parse(text)
    except FormulaError as error:
        assert "公式" in str(error)
