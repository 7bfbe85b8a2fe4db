"""What formulas say of figures: equal within rounding, units converted, blanks, rows that are missing, conditions."""
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.formulas import fact_provider, parse
from core.formulas.evaluate import Evaluator
from core.formulas.facts import PROVIDERS
from core.layouts import template
from core.model import Cell, Form, Place, Span, Table
from core.numbers import Amount
from core.results import FAIL, PASS, SKIPPED
from core.rules.base import Case
from tests.builders import document, table

TREE = [["合计", None, "60.00", "20.00", "40.00"], ["205", "教育支出", "60.00", "20.00", "40.00"], ["20502", "普通教育", "60.00", "20.00", "40.00"],
        ["2050201", "学前教育", "25.00", "5.00", "20.00"], ["2050202", "小学教育", "35.00", "15.00", "20.00"]]


def run(formula, *tables, allowed="0", severity="error", **more):
    doc = document(tables, **more)
    case = Case(doc, template(doc.template), None, tuple(more.get("prior", ())))
    return list(Evaluator(case).run(parse(formula), severity, Decimal(allowed)))


def rows(*changes):
    made = [list(r) for r in TREE]
    for row, column, text in changes:
        made[row][column] = text
    return made


def states(outcomes):
    return {o.status for o in outcomes}


def test_rows_add_up():
    (good,) = {o.status for o in run("每行(表三): 本行.合计 = 本行.基本支出 + 本行.项目支出", table("表三", TREE))}
    assert good == PASS


def test_a_row_that_does_not_add_up_names_its_cells():
    bad = [o for o in run("每行(表三): 本行.合计 = 本行.基本支出 + 本行.项目支出", table("表三", rows((3, 2, "26.00")))) if o.status == FAIL]
    (outcome,) = bad
    assert (outcome.expected, outcome.actual) == (Decimal("25.00"), Decimal("26.00"))
    assert [(e.row, e.column.split("/")[-1], e.role) for e in outcome.evidence] == [
        ("2050201 学前教育", "合计", "actual"), ("2050201 学前教育", "基本支出", "addend"), ("2050201 学前教育", "项目支出", "addend")]
    assert outcome.figures == "26.00 ≠ 5.00 + 20.00"
    assert "多 1.00万元" in outcome.message


def test_levels_are_never_added_together():
    assert states(run("每行(表三[有下级]): 本行.* = 求和(下级.*)", table("表三", TREE))) == {PASS}


def test_each_column_of_a_hierarchy_is_its_own_relation():
    outcomes = run("每行(表三[有下级]): 本行.* = 求和(下级.*)", table("表三", rows((2, 3, "21.00"))))
    assert sorted(o.relation for o in outcomes if o.status == FAIL) == ["表三[205 教育支出].基本支出 = 求和(下级.基本支出)",
                                                                           "表三[20502 普通教育].基本支出 = 求和(下级.基本支出)"]


@pytest.mark.parametrize(("total", "state"), [("0.30", PASS), ("0.31", PASS), ("0.32", PASS), ("0.33", FAIL)])
def test_rounding_grows_with_the_addends_and_no_further(total, state):
    small = [["合计", None, total, "", ""], ["205", "教育支出", "0.10", "", ""], ["206", "科学技术支出", "0.10", "", ""], ["208", "社会保障和就业支出", "0.10", "", ""]]
    (outcome,) = run("表三[合计].合计 = 求和(表三[类].合计)", table("表三", small))
    assert outcome.status == state


def test_one_figure_printed_twice_must_be_equal():
    (outcome,) = run("表三[合计].合计 = 表五[合计].合计", table("表三", TREE), table("表五", rows((0, 2, "60.01"))))
    assert outcome.status == FAIL


def test_the_allowance_of_a_relation():
    (outcome,) = run("表三[合计].合计 = 表五[合计].合计", table("表三", TREE), table("表五", rows((0, 2, "60.01"))), allowed="0.01")
    assert outcome.status == PASS


def test_yuan_and_ten_thousand_yuan_are_converted():
    other = [["合计", None, "600000.00", "200000.00", "400000.00"]]
    assert states(run("表三[合计].* = 表五[合计].*", table("表三", TREE), table("表五", other, unit="元"))) == {PASS}


def test_a_wrong_unit_label_is_no_wrong_sum():
    (outcome,) = run("表三[合计].合计 = 表五[合计].合计", table("表三", TREE), table("表五", TREE, unit="元"))
    assert outcome.status == SKIPPED
    assert "金额单位" in outcome.reason


def test_blank_is_zero():
    assert states(run("每行(表三): 本行.合计 = 本行.基本支出 + 本行.项目支出", table("表三", [["合计", None, "5.00", "", "5.00"], ["205", "教育支出", "—", "", "无"]]))) == {PASS}


def test_places_where_all_is_zero_are_told_once():
    empty = [["合计", None, "", "", ""], *[[f"20{i}", f"示例{i}", "", "", "0.00"] for i in range(1, 9)]]
    (outcome,) = run("每行(表三): 本行.合计 = 本行.基本支出 + 本行.项目支出", table("表三", empty))
    assert outcome.status == PASS
    assert "9 处" in outcome.relation
    assert len(outcome.evidence) == 8


def test_a_malformed_figure_is_not_calculated_with():
    outcomes = run("每行(表三): 本行.合计 = 本行.基本支出 + 本行.项目支出", table("表三", rows((3, 2, "2.5.00"))))
    (skipped,) = [o for o in outcomes if o.status == SKIPPED]
    assert "2.5.00" in skipped.reason


def unsure(old: Table, confidence: float) -> Table:
    lines = tuple(replace(o, cells={k: replace(c, confidence=confidence) for k, c in o.cells.items()}) for o in old.lines)
    return replace(old, lines=lines)


def test_doubtful_characters_are_not_calculated_with():
    (outcome,) = run("表三[合计].合计 = 表五[合计].合计", unsure(table("表三", TREE), 0.4), table("表五", TREE))
    assert outcome.status == SKIPPED
    assert "识别" in outcome.reason


def test_recognised_characters_only_warn():
    (outcome,) = run("表三[合计].合计 = 表五[合计].合计", unsure(table("表三", TREE), 0.97), table("表五", rows((0, 2, "61.00"))))
    assert (outcome.status, outcome.severity) == (FAIL, "warning")
    assert "识别" in outcome.message


def test_a_missing_table_is_said():
    (outcome,) = run("表六[合计].合计 = 表五[合计].基本支出", table("表五", TREE))
    assert outcome.status == SKIPPED
    assert "表六" in outcome.reason


def test_a_missing_row_is_said():
    (outcome,) = run("表三[229].合计 = 0", table("表三", TREE))
    assert outcome.status == SKIPPED
    assert "229" in outcome.reason


def test_several_rows_of_one_name_need_a_sum():
    twice = [*TREE, ["2050202", "小学教育", "1.00", "1.00", ""]]
    (outcome,) = run("表三[小学教育].合计 = 35.00", table("表三", twice))
    assert "求和" in outcome.reason


def test_codes_join_two_tables():
    outcomes = run("每码(表三, 表五): 表三.合计 = 表五.合计", table("表三", TREE), table("表五", rows((4, 2, "34.00"))))
    assert [o.relation for o in outcomes if o.status == FAIL] == ["表三[2050202 小学教育].合计 = 表五[2050202 小学教育].合计"]
    assert len(outcomes) == 5


def test_a_code_that_one_table_lacks_counts_as_zero_there():
    outcomes = run("每码(表三, 表五): 表五.合计 = 表三.合计", table("表三", TREE), table("表五", TREE[:4]))
    (bad,) = [o for o in outcomes if o.status == FAIL]
    assert "表五没有“2050202 小学教育”这一行" in bad.message


def test_a_mistyped_code_is_left_to_the_code_rules():
    outcomes = run("每码(表三, 表五): 表五.合计 = 表三.合计", table("表三", TREE), table("表五", rows((4, 0, "2050302"))))
    assert FAIL not in states(outcomes)
    assert any("编码" in o.reason for o in outcomes if o.status == SKIPPED)


def test_names_join_with_counters_left_out():
    summary = [["", "", "五、教育支出", "60.00", "60.00", ""], ["", "", "六、科学技术支出", "", "", ""]]
    assert states(run("每名(表一[大项], 表三[类]): 表一.支出合计 = 表三.合计", table("表一", summary), table("表三", TREE))) == {PASS}


def test_a_condition_that_does_not_hold_is_said():
    (outcome,) = run("如果 表三[合计].基本支出 = 0 则 表三[合计].合计 = 1", table("表三", TREE))
    assert outcome.status == SKIPPED
    assert "不成立" in outcome.reason


def test_a_condition_of_each_row():
    outcomes = run("每行(表三): 如果 本行.基本支出 > 10 则 本行.合计 ≥ 30", table("表三", TREE))
    assert [o.status for o in outcomes].count(PASS) == 4
    assert FAIL not in states(outcomes)


def test_or_in_a_condition():
    (outcome,) = run("如果 表三[合计].基本支出 = 0 或 表三[合计].合计 > 50 则 表三[合计].合计 = 60", table("表三", TREE))
    assert outcome.status == PASS


@pytest.mark.parametrize(("sign", "right", "state"), [("≤", "60.00", PASS), ("≤", "59.00", FAIL), ("≥", "60.00", PASS), ("≥", "61.00", FAIL),
                                                     ("<", "60.00", FAIL), (">", "59.00", PASS), ("≠", "61.00", PASS), ("≠", "60.00", FAIL)])
def test_comparisons(sign, right, state):
    (outcome,) = run(f"表三[合计].合计 {sign} {right}", table("表三", TREE))
    assert outcome.status == state


def test_functions():
    outcomes = run("绝对值(表三[合计].基本支出 - 表三[合计].项目支出) = 20 = 最大(5, 20) = 四舍五入(19.6)", table("表三", TREE))
    assert states(outcomes) == {PASS}


def test_ratios_allow_what_rounding_allows():
    small = [["合计", None, "0.62", "0.50", "0.12"]]
    assert states(run("表三[合计].合计 / 表三[合计].基本支出 = 1.2222", table("表三", small))) == {PASS}
    assert states(run("表三[合计].合计 / 表三[合计].基本支出 = 1.35", table("表三", small))) == {FAIL}


def test_a_ratio_to_zero_is_not_run():
    (outcome,) = run("表三[合计].合计 / 表三[合计].基本支出 = 1", table("表三", [["合计", None, "1.00", "", "1.00"]]))
    assert outcome.status == SKIPPED


def test_rows_are_counted():
    assert states(run("行数(表三[项]) = 2", table("表三", TREE))) == {PASS}


def test_last_year_is_said_when_not_given():
    (outcome,) = run("上年.表三[合计].合计 ≤ 表三[合计].合计", table("表三", TREE))
    assert (outcome.status, "上一年度" in outcome.reason) == (SKIPPED, True)


def test_last_year_is_found_by_unit_and_year():
    last = document([table("表三", rows((0, 2, "70.00")))], year=2023)
    case = Case(document([table("表三", TREE)]), template("shanxi-budget"), None, (last,))
    (outcome,) = Evaluator(case).run(parse("上年.表三[合计].合计 ≤ 表三[合计].合计"))
    assert outcome.status == FAIL


def test_a_department_against_each_of_its_units():
    unit = document([table("表三", rows((4, 2, "36.00")))], kind="单位预算", unit_name="示例县示例中心")
    case = Case(document([table("表三", TREE)]), template("shanxi-budget"), None, (unit,))
    outcomes = list(Evaluator(case).run(parse("每码(表三, 单位.表三): 表三.合计 ≥ 单位.表三.合计")))
    assert [o.evidence[0].row for o in outcomes if o.status == FAIL] == ["2050202 小学教育"]


def test_narrative_facts_come_from_whoever_reads_the_sentences():
    span = Span("60.00万元", (Place(20, (1.0, 1.0, 2.0, 2.0)),))

    @fact_provider
    def told(case):
        return {"示例总额": (Amount(Decimal("60.00"), "万元", 2), span)}
    try:
        assert states(run("表三[合计].合计 = 文字.示例总额", table("表三", TREE))) == {PASS}
        assert states(run("表三[合计].合计 = 文字.别的总额", table("表三", TREE))) == {SKIPPED}
    finally:
        PROVIDERS.remove(told)


def form(name: str, total: str, central: str) -> Table:
    cells = {("年度", "总额"): Cell(total, Place(30), 3, 7), ("年度", "中央"): Cell(central, Place(30), 4, 7)}
    return Table(name, "performance", "performance", "项目支出绩效目标表", (30,), (), (), (), form=Form({}, cells, ()))


def test_forms_one_by_one_and_together():
    tables = (form("绩效1", "10000", "10000"), form("绩效2", "50000", "40000"), table("表三", TREE))
    assert [o.status for o in run("每张(绩效): 本张.年度总额 = 本张.年度中央", *tables)] == [PASS, FAIL]
    assert states(run("求和(绩效.年度总额) = 6 * 10000", *tables)) == {PASS}
    assert states(run("行数(绩效) = 2", *tables)) == {PASS}


@given(st.lists(st.integers(0, 10**9), min_size=2, max_size=9), st.integers(0, 2))
def test_rounded_sums_always_pass(cents, digits):
    """Whatever the true figures are, printing each rounded never makes a sum fail."""
    true = [Decimal(c).scaleb(-4) for c in cents]
    step = Decimal(1).scaleb(-digits)
    printed = [format(v.quantize(step), "f") for v in (sum(true), *true)]
    made = [["合计", None, printed[0], "", ""], *[[str(201 + i), f"示例{i}", p, "", ""] for i, p in enumerate(printed[1:])]]
    (outcome,) = run("表三[合计].合计 = 求和(表三[类].合计)", table("表三", made))
    assert outcome.status == PASS


def test_a_figure_under_an_unknown_heading_leaves_sums_and_blanks_unjudged():
    head = [["科目编码", "科目名称", "合计", "基本支出", "项目支出", "经营支出"]]
    made = table("表三", [["合计", None, "9.00", "4.00", "", "5.00"]], header=head)
    assert states(run("每行(表三): 本行.合计 = 本行.基本支出 + 本行.项目支出", made)) == {SKIPPED}
    assert states(run("表三[合计].项目支出 = 表三[合计].基本支出", made)) == {SKIPPED}
    assert states(run("表三[合计].合计 = 表三[合计].基本支出", made)) == {FAIL}


def test_children_that_go_on_in_further_columns_are_not_added_up():
    head = [["科目编码", "科目名称", "决算数", "科目编码", "科目名称", "决算数", "科目编码", "科目名称", "决算数"]]
    body = [["301", "工资福利支出", "9.00", "302", "商品和服务支出", "7.00", "30299", "其他商品和服务支出", "2.00"],
            ["30101", "基本工资", "9.00", "30201", "办公费", "5.00", "", "", ""]]
    three = table("表6", body, template_id="shanghai-accounts", header=head)
    outcomes = run("每行(表6[有下级]): 本行.* = 求和(下级.*)", three, template_id="shanghai-accounts")
    assert states(outcomes) == {PASS, SKIPPED} and any("并列" in o.reason for o in outcomes)
    two = table("表6", [r[:6] for r in body], template_id="shanghai-accounts", header=[head[0][:6]])
    assert FAIL in states(run("每行(表6[有下级]): 本行.* = 求和(下级.*)", two, template_id="shanghai-accounts"))
