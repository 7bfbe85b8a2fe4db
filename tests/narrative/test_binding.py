"""Subjects find their cells by role and column, in the layouts of two provinces."""
from core.layouts import template
from core.narrative.binding import bind, find_item
from core.narrative.facts import narrative, narrative_facts
from core.narrative.grammar import ItemPath
from core.reference import load_reference
from core.rules.base import Case
from tests.builders import document, section, table
from tests.formulas.provinces import PROVINCES, province

SUMMARY = [["一、一般公共预算", "90.00", "一、教育支出", "100.00", "90.00", "10.00"], ["本年收入合计", "90.00", "本年支出合计", "100.00", "90.00", "10.00"],
           ["上年结转", "10.00", "年终结转", "", "", ""], ["收入总计", "100.00", "支出总计", "100.00", "90.00", "10.00"]]
SPENDING = [["合计", None, "100.00", "60.00", "40.00"], ["205", "教育支出", "100.00", "60.00", "40.00"],
            ["20502", "普通教育", "100.00", "60.00", "40.00"], ["2050202", "小学教育", "100.00", "60.00", "40.00"]]
SHANGHAI_THREE = [["“三公”经费预算数", None, None, None, None, None, "机关运行经费预算数"],
                  ["合计", "因公出国(境)费", "公务接待费", "小计", "购置费", "运行费", "机关运行经费预算数"]]


def doc(*sections, **more):
    return document([table("表一", SUMMARY), table("表三", SPENDING), table("表五", SPENDING)], sections, **more)


def cells(binding):
    return [(c.table.id, c.row, c.column.key) for c in binding.cells]


def test_totals_and_parts_of_the_summary():
    d = doc()
    assert cells(bind(d, "change", "预算收入总计"))[0] == ("表一", "收入总计", "收入")
    assert cells(bind(d, "change", "上年结转"))[0] == ("表一", "上年结转", "收入")
    assert cells(bind(d, "change", "本年预算安排"))[0] == ("表一", "支出总计", "当年预算安排")
    assert cells(bind(d, "expenditure", "基本支出")) == [("表三", "合计", "基本支出")]


def test_a_class_is_looked_up_in_the_table_of_its_section():
    d = doc()
    assert cells(bind(d, "general", "教育支出(类)")) == [("表五", "205 教育支出", "合计")]
    assert bind(d, "general", "科学技术支出") is None


def test_a_table_that_is_not_there_is_said():
    binding = bind(doc(), "three_public", "三公经费预算")
    assert binding.cells == () and "三公" in binding.missing


def test_three_public_in_one_line_of_columns():
    three = table("表9", [["1.00", "", "1.00", "", "", "", "171.01"]], template_id="shanghai-budget", header=SHANGHAI_THREE)
    d = document([three], template_id="shanghai-budget")
    assert cells(bind(d, "three_public", "公务接待费")) == [("表9", "", "公务接待费")]
    assert cells(bind(d, "operating", "财政拨款的机关运行经费预算")) == [("表9", "", "机关运行经费")]


def test_an_item_is_found_by_its_three_names_else_by_its_code():
    general = doc().table("general")
    assert find_item(general, ItemPath(("教育支出", "普通教育", "小学教育"), ("", "", ""), 0, 0)).code == "2050202"
    assert find_item(general, ItemPath(("教育支出", "普通教育", "初小教育"), ("205", "02", "02"), 0, 0)).code == "2050202"
    assert find_item(general, ItemPath(("教育支出", "职业教育", "小学教育"), ("", "", ""), 0, 0)) is None


def test_subjects_of_a_reason_are_not_bound():
    d = doc(section("一、部门预算收支数据变动情况及原因", "预算收入总计100.00万元，比上年增加1.00万元，主要原因是：本年收入增加，本年收入50.00万元。", role="change_note"))
    assert [t.binding is not None for t in narrative(d).told] == [True, False]


def test_a_section_without_a_role_is_known_by_its_title():
    d = doc(section("三、2024年支出预算情况", "示例县示例局支出预算100.00万元，其中：基本支出60.00万元，占60.00%。"))
    assert [t.binding.quantity for t in narrative(d).told] == ["spending_total", "basic"]


def test_facts_name_quantity_role_span_and_cells():
    d = doc(section("三、支出预算情况说明", "示例县示例局支出预算100.00万元，其中：基本支出60.00万元，占60.00%。", role="expenditure_note"))
    facts = narrative_facts(Case(d, template("shanxi-budget"), load_reference(2024)))
    assert [(f.quantity, f.role, f.text, len(f.cells) > 0) for f in facts] == [
        ("spending_total", "value", "100.00万元", True), ("basic", "value", "60.00万元", True), ("basic", "share", "60.00%", False)]
    assert facts[0].span.text == "100.00万元"


def test_a_sentence_broken_over_two_paragraphs_is_read_as_one():
    d = doc(section("二、收入预算情况说明", "2024年度示例县示例局预算收入100.00万元，其中一般公共预算拨款收入比2023年增加",
                    "8.00万元。", role="income_note"))
    assert narrative(d).told[-1].statement.change.text == "8.00万元"


def test_the_year_s_own_appropriation_is_no_contradiction_of_the_total():
    d = province(PROVINCES[2])
    binding = bind(d, "appropriation", "财政拨款收入")
    assert cells(binding)[0] == ("财政拨款收支总表", "收入总计", "收入")
    assert ("财政拨款收支总表", "一、本年收入", "收入") in cells(binding)


def test_classes_in_the_note_on_the_summary_are_the_whole_budget_s():
    d = province(PROVINCES[1])
    binding = bind(d, "change", "教育支出")
    assert cells(binding)[0] == ("收支总表", "一、教育支出", "支出合计")
