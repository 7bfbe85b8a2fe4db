from dataclasses import replace
from decimal import Decimal

import pytest

from core.model import Page, Word
from tests.builders import document, section, table, toc
from tests.formulas.provinces import PROVINCES, province
from tests.rules.running import at, failures, holds, not_run, run, severity

SPENDING = [["合计", None, "100.00", "60.00", "40.00"], ["205", "教育支出", "100.00", "60.00", "40.00"], ["20502", "普通教育", "100.00", "60.00", "40.00"],
            ["2050201", "学前教育", "30.00", "30.00", ""], ["2050202", "小学教育", "50.00", "30.00", "20.00"], ["2050203", "初中教育", "20.00", "", "20.00"]]
BASIC = [["合计", "", "60.00", "50.00", "10.00"], ["工资福利支出", "", "50.00", "50.00", ""], ["基本工资", "工资奖金津补贴", "30.00", "30.00", ""],
         ["津贴补贴", "工资奖金津补贴", "20.00", "20.00", ""], ["商品和服务支出", "", "10.00", "", "10.00"], ["办公费", "办公经费", "10.00", "", "10.00"],
         ["邮电费", "办公经费", "", "", ""]]
THREE = [["因公出国（境）费", "", "", "", ""], ["公务接待费", "", "", "", ""], ["公务用车购置及运行费", "3.60", "3.60", "", ""], ["①公务用车购置费", "", "", "", ""],
         ["②公务用车运行维护费", "3.60", "3.60", "", ""], ["合计", "3.60", "3.60", "", ""]]
EMPTY_THREE = [[r[0], "", "", "", ""] for r in THREE]


def told(text, role="expenditure_note", title="三、支出预算情况说明", tables=None, **more):
    made = [table("表三", SPENDING), table("表五", SPENDING), table("表六", BASIC), table("表十", THREE)] if tables is None else tables
    return document(made, [section(title, *([text] if isinstance(text, str) else text), role=role)], **more)


# ------------------------------------------------------------ N001

def test_an_amount_equals_its_cell():
    assert holds("N001", told("支出预算100.00万元，其中：基本支出60.00万元。"))


def test_an_amount_that_differs_points_at_text_and_cell():
    (found,) = failures("N001", told("支出预算100.00万元，其中：基本支出61.00万元。"))
    assert at(found) == ("", "基本支出", "金额", "61.00万元")
    assert (found.evidence[-1].table, found.evidence[-1].row, found.evidence[-1].text) == ("表三", "合计", "60.00")
    assert (found.expected, found.actual, severity("N001", found)) == (Decimal("60.00"), Decimal("61.00"), "error")


def test_yuan_and_wan_are_converted_and_rounding_is_no_error():
    rows = [["205", None, None, "教育支出", "600,049.00", "600,049.00", ""], ["合计", None, None, None, "600,049.00", "600,049.00", ""]]
    header = [["项目", None, None, None, "支出预算", None, None], ["功能分类科目编码", None, None, "功能分类科目名称", "合计", "基本支出", "项目支出"],
              ["类", "款", "项", None, None, None, None]]
    spending = table("表3", rows, template_id="shanghai-budget", header=header)

    def written(text):
        return told(text, role="part_notes", title="2024年部门预算编制说明", tables=[spending], template_id="shanghai-budget", amount_unit="元")
    assert holds("N001", written("支出预算60.00万元。"))
    assert failures("N001", written("支出预算60.01万元。"))[0].expected == Decimal("600049.00")


def test_blank_is_zero_but_zero_is_no_rounding():
    assert holds("N001", told("因公出国（境）费0万元，公务用车运行维护费3.60万元。", "three_public_note", "七、“三公”经费增减变动原因说明"))
    assert failures("N001", told("公务用车运行维护费0万元。", "three_public_note", "七、“三公”经费增减变动原因说明"))


def test_a_malformed_amount_is_told_with_the_right_one():
    (found,) = failures("N001", told("支出预算10.0.00万元。"))
    assert found.expected == Decimal("100.00") and found.actual == "10.0.00万元"


def test_without_the_table_amounts_are_not_run():
    assert not_run("N001", told("支出预算100.00万元。", tables=[]))
    assert not_run("N001", document())


def test_a_narrower_total_may_hold_but_never_accuses():
    summary = [["一、一般公共预算", "90.00", "一、教育支出", "100.00", "90.00", "10.00"], ["本年收入合计", "90.00", "本年支出合计", "100.00", "90.00", "10.00"]]
    assert holds("N001", told("预算收入90.00万元。", "income_note", "二、收入预算情况说明", tables=[table("表一", summary)]))
    assert not_run("N001", told("预算收入100.00万元。", "income_note", "二、收入预算情况说明", tables=[table("表一", summary)]))


def test_income_and_spending_told_together():
    text = "2024年度收入总计100.00万元，支出总计100.00万元。与2023年度相比，收、支总计各增加20.00万元，增长{}%。"
    assert holds("R003", told(text.format("25.00"), "change_note", "一、收入支出决算总体情况说明"))
    assert failures("R003", told(text.format("20.00"), "change_note", "一、收入支出决算总体情况说明"))


# ------------------------------------------------------------ N002, N003

YEARS = "机关运行经费预算52.68万元，比2023年预算56.26万元，{}{}万元，下降6.36%，原因是办公经费减少。"


@pytest.mark.parametrize(("change", "fails"), [("3.58", False), ("3.85", True)])
def test_this_year_less_last_year_is_the_change(change, fails):
    doc = told(YEARS.format("减少", change), "operating_note", "八、机关运行经费增减变动原因说明")
    assert bool(failures("N002", doc)) is fails and holds("N002", doc) is not fails


def test_a_difference_told_inside_a_reason_is_checked():
    doc = told("预算收入总计9.00万元，比上年增加1.00万元，主要原因是甲中心2024年收入31403.76万元，2023年27555.26万元，比上年增加3855.50万元，增长13.99%。",
               "change_note", "一、部门预算收支数据变动情况及原因")
    (found,) = failures("N002", doc)
    assert (found.expected, found.actual) == (Decimal("3848.50"), Decimal("3855.50"))
    assert failures("R003", doc)


def test_without_two_years_there_is_no_difference():
    assert not_run("N002", told("支出预算100.00万元。"))


def test_opposite_words_in_one_sentence_name_the_wrong_one():
    (found,) = failures("N003", told("机关运行经费预算72.78万元，比2023年预算增加4.73万元，减少6.1%，原因是从简。", "operating_note", "八、机关运行经费增减变动原因说明"))
    assert at(found)[3] == "增加" and found.expected == "减少"


def test_a_word_against_the_two_years():
    (found,) = failures("N003", told(YEARS.format("增加", "3.58").replace("下降", "增长"), "operating_note", "八、机关运行经费增减变动原因说明"))
    assert found.expected == "减少"
    assert holds("N003", told(YEARS.format("减少", "3.58"), "operating_note", "八、机关运行经费增减变动原因说明"))


def test_the_same_told_of_different_figures():
    doc = told("1. “教育支出（类）普通教育（款）小学教育（项）”50.00万元，2023年预算执行数为49.00万元，与2023年预算执行数持平。", "part_notes", "编制说明")
    (found,) = failures("N003", doc)
    assert (found.expected, found.actual) == ("增加", "持平")


def test_an_increase_above_the_whole_makes_last_year_negative():
    assert failures("N003", told("“三公”经费预算3.60万元，比2023年增加13.60万元，原因是购车。", "three_public_note", "七、“三公”经费增减变动原因说明"))


def test_accounts_above_or_below_the_budget():
    text = "一般公共预算财政拨款支出年初预算为90.00万元，支出决算为100.00万元。决算数{}预算数的主要原因：追加。"
    assert holds("N003", told(text.format("大于"), "general_note", "五、一般公共预算财政拨款支出决算情况说明"))
    assert failures("N003", told(text.format("小于"), "general_note", "五、一般公共预算财政拨款支出决算情况说明"))


def test_without_direction_words_nothing_is_run():
    assert not_run("N003", told("支出预算100.00万元。"))


# ------------------------------------------------------------ N004, N005, N015

ITEM = "{}. “教育支出（类）普通教育（款）{}（项）”{}万元，主要用于{}。2023年当年预算执行数为{}万元，比2023年预算执行数{}{}%。{}"


def item_text(number=1, name="小学教育", value="50.00", purpose=None, prior="40.00", word="增加", rate="25.00", reason="主要原因是：小学教育经费增加。"):
    return ITEM.format(number, name, value, purpose or name, prior, word, rate, reason)


def items_doc(*texts, **more):
    return told(texts, "part_notes", "2024年部门预算编制说明", **more)


def test_a_reason_against_the_direction():
    (found,) = failures("N004", items_doc(item_text(reason="主要原因是：小学教育经费减少。")))
    assert found.actual == "小学教育经费减少" and severity("N004", found) == "warning"
    assert holds("N004", items_doc(item_text()))
    assert not_run("N004", items_doc(item_text(reason="主要原因是：在校生人数变化。")))


def test_a_section_that_asks_for_reasons():
    title = "八、机关运行经费增减变动原因说明"
    assert holds("N005", told(YEARS.format("减少", "3.58"), "operating_note", title))
    (found,) = failures("N005", told("机关运行经费预算52.68万元，比2023年预算56.26万元，减少3.58万元，下降6.36%。", "operating_note", title))
    assert severity("N005", found) == "error" and at(found)[3] == "3.58万元"
    assert failures("N005", told("机关运行经费预算52.68万元，比2023年预算减少3.58万元，主要原因是。", "operating_note", title))
    assert not_run("N005", told("机关运行经费预算52.68万元，与2023年预算持平。", "operating_note", title))


def test_the_reason_of_the_whole_serves_its_parts():
    assert holds("N005", told("“三公”经费预算3.60万元，比2023年增加3.60万元，主要原因是新增车辆。其中：公务用车运行维护费3.60万元，比上年增加3.60万元。",
                              "three_public_note", "七、“三公”经费增减变动原因说明"))


OWN_REASONS = ("“三公”经费预算3.60万元，比2023年预算增加1.10万元，主要原因是购车。其中：因公出国（境）费0万元，与2023年预算持平，主要原因是无此项支出；"
               "公务接待费0.60万元，比2023年预算增加0.10万元{}；公务用车购置费0万元，与2023年预算持平{}；公务用车运行费3.00万元，比2023年预算增加1.00万元，主要原因是油价上涨。")


def test_the_one_item_without_a_reason_of_its_own():
    def doc(*reasons):
        return told(OWN_REASONS.format(*reasons), "three_public_note", "一、“三公”经费预算情况说明")
    assert holds("N005", doc("，主要原因是客人增多", "，主要原因是无此项支出"))
    (moved,) = failures("N005", doc("", "，主要原因是无此项支出"))
    assert at(moved)[1:] == ("公务接待费", "增减额", "0.10万元") and severity("N005", moved) == "warning"
    (same,) = failures("N005", doc("，主要原因是客人增多", ""))
    assert at(same)[1] == "公务用车购置费" and severity("N005", same) == "info"
    assert [at(o)[1] for o in failures("N005", doc("", ""))] == ["公务接待费", "公务用车购置费"]
    without = OWN_REASONS.format("，主要原因是客人增多", "，主要原因是无此项支出").replace("，主要原因是购车", "")
    assert holds("N005", told(without, "three_public_note", "一、“三公”经费预算情况说明")), "the reasons of the parts serve the whole"


def test_an_unchanged_whole_wants_no_reason_beside_those_of_its_parts():
    part = "{}0万元，与2023年预算持平，主要原因是无此项支出；"
    parts = "".join(part.format(n) for n in ("因公出国（境）费", "公务接待费", "公务用车购置费", "公务用车运行费"))
    assert not failures("N005", told(f"“三公”经费预算0万元，与2023年预算持平。其中：{parts}", "three_public_note", "一、“三公”经费预算情况说明"))


def test_a_purpose_copied_from_another_item():
    texts = (item_text(1, "学前教育专项", "30.00", reason=""), item_text(2, "小学教育", "50.00", purpose="学前教育专项", reason=""))
    (found,) = failures("N015", items_doc(*texts))
    assert "学前教育专项" in found.message and "小学教育" in at(found)[1]
    assert holds("N015", items_doc(item_text(1, "学前教育", "30.00"), item_text(2, "小学教育")))
    assert not_run("N015", told("支出预算100.00万元。"))


# ------------------------------------------------------------ N006, N014

def test_the_year_of_comparison():
    assert holds("N006", items_doc(item_text()))
    (found,) = failures("N006", told("“三公”经费预算3.60万元，比2022年预算增加1.00万元，原因是购车。", "three_public_note", "七、“三公”经费增减变动原因说明"))
    assert (found.expected, found.actual, at(found)[3]) == ("2023年", "2022年", "2022年")
    assert not_run("N006", told("支出预算100.00万元，比上年增加1.00万元。"))
    assert not_run("N006", told("支出预算100.00万元。", year=None))


BOTH = "收入预算100.00万元，其中：财政拨款收入100.00万元，比2023年预算{}增加{}万元；支出预算100.00万元，其中：财政拨款支出预算100.00万元，比2023年预算增加8.00万元。"


def test_one_figure_compared_with_two_bases():
    assert holds("N014", told(BOTH.format("", "8.00"), "part_notes", "编制说明"))
    assert "口径不一" in failures("N014", told(BOTH.format("执行数", "9.00"), "part_notes", "编制说明"))[0].message
    assert failures("N014", told(BOTH.format("", "9.00"), "part_notes", "编制说明"))
    assert not_run("N014", told("支出预算100.00万元。"))


# ------------------------------------------------------------ N007, N019, N021

def test_one_fact_told_twice():
    twice = "预算收入总计9.00万元，比上年增加1.00万元，主要原因是：2023年小学项目资金为{}万元，本年取消。；本年部门预算支出总计9.00万元，比上年增加1.00万元，主要原因是：2023年小学项目资金为597.95万元，本年取消。"
    title = "一、部门预算收支数据变动情况及原因"
    assert holds("N007", told(twice.format("597.95"), "change_note", title))
    assert failures("N007", told(twice.format("579.95"), "change_note", title))
    assert not_run("N007", told("支出预算100.00万元。"))


THREE_TEXT = ("“三公”经费预算3.60万元，比2023年预算增加{}万元，原因是购车。其中：因公出国（境）费0万元，与上年预算数相同；公务接待费0万元，与上年预算数相同；"
              "公务用车运行维护费3.60万元，比上年预算增加1.00万元；公务用车购置费0万元，与上年预算数相同。")


def test_changes_of_the_parts_add_up():
    title = "七、“三公”经费增减变动原因说明"
    assert holds("N019", told(THREE_TEXT.format("1.00"), "three_public_note", title))
    (found,) = failures("N019", told(THREE_TEXT.format("1.20"), "three_public_note", title))
    assert found.expected == Decimal("1.00")
    (turned,) = failures("N019", told(THREE_TEXT.format("1.00").replace("增加", "减少", 1), "three_public_note", title))
    assert "减少1.00万元" in turned.message and turned.evidence[1].text == "减少"
    assert not_run("N019", told("支出预算100.00万元。"))


def test_changes_of_the_three_budgets_add_up():
    text = ("支出预算100.00万元，其中：财政拨款支出预算100.00万元，比2023年预算增加{}万元。财政拨款支出预算中，一般公共预算拨款支出预算100.00万元，比2023年预算增加8.00万元；"
            "政府性基金拨款支出预算0万元，与2023年预算持平；国有资本经营预算拨款支出预算0万元，与2023年预算持平。")
    assert holds("N021", told(text.format("8.00"), "part_notes", "编制说明"))
    assert failures("N021", told(text.format("9.00"), "part_notes", "编制说明"))
    (found,) = failures("N021", told(text.format("8.00").replace("增加", "减少", 1), "part_notes", "编制说明"))
    assert at(found)[3] == "减少" and found.evidence[1].text == "增加", "the words that disagree are the place"
    assert not_run("N021", told("支出预算100.00万元。"))


# ------------------------------------------------------------ N008, N009, N010

def test_a_list_against_the_rows():
    text = "基本支出60.00万元，其中：人员经费50.00万元，主要包括：{}；公用经费10.00万元，主要包括：{}。"

    def doc(one, two):
        return told(text.format(one, two), "basic_note", "六、一般公共预算基本支出情况说明")
    assert holds("N008", doc("基本工资、津贴补贴", "办公费"))
    (extra,) = failures("N008", doc("基本工资、津贴补贴", "办公费、邮电费"))
    assert at(extra)[3] == "邮电费"
    (absent,) = failures("N008", doc("基本工资", "办公费"))
    assert at(absent)[:2] == ("表六", "津贴补贴") and severity("N008", absent) == "warning"
    (open_list,) = failures("N008", doc("基本工资等", "办公费"))
    assert severity("N008", open_list) == "info" and not open_list.group
    assert not_run("N008", told("支出预算100.00万元。"))


def test_every_row_of_the_table_is_told():
    all_items = [item_text(1, "学前教育", "30.00"), item_text(2, "小学教育", "50.00"), item_text(3, "初中教育", "20.00")]
    assert holds("N009", items_doc(*all_items))
    rows = [*SPENDING, ["2050204", "高中教育", "9.00", "", "9.00"]]
    (found,) = failures("N009", items_doc(*all_items, tables=[table("表五", rows)]))
    assert at(found)[:2] == ("表五", "2050204 高中教育")
    assert not_run("N009", told("支出预算100.00万元。"))


def test_items_add_up_to_the_total():
    head = "一般公共预算拨款支出预算{}万元。"
    every = [item_text(1, "学前教育", "30.00"), item_text(2, "小学教育", "50.00"), item_text(3, "初中教育", "20.00")]
    assert holds("N022", items_doc(head.format("100.00"), *every))
    assert failures("N022", items_doc(head.format("101.00"), *every))
    assert not_run("N022", told("支出预算100.00万元。"))


def test_nothing_told_of_a_filled_table():
    title = "七、“三公”经费增减变动原因说明"
    (found,) = failures("N010", told("本部门无“三公”经费预算。", "three_public_note", title))
    assert found.evidence[-1].table == "表十"
    assert holds("N010", told("本部门无“三公”经费预算。", "three_public_note", title, tables=[table("表十", EMPTY_THREE)]))
    assert not_run("N010", told("本部门无“三公”经费预算。", "three_public_note", title, tables=[]))
    assert not_run("N010", told("下属事业单位无“三公”经费预算。", "three_public_note", title)), "said of others"
    assert not_run("N010", told("无“三公”经费财政拨款支出的部门，作下述说明：", "three_public_note", title))


# ------------------------------------------------------------ N012, N013, N017

AREA = "总建筑面积13459平方米，其中地上建筑面积为{}平方米（其中计容面积7998平方米，不计容面积105平方米），地下建筑面积为5356平方米。"


def test_areas_name_the_one_figure_that_puts_all_right():
    assert holds("N012", told(AREA.format("8103"), "project_note", "示例项目经费情况说明"))
    (found,) = failures("N012", told(AREA.format("8013"), "project_note", "示例项目经费情况说明"))
    assert (found.expected, at(found)[3]) == (Decimal(8103), "8013平方米") and found.clues
    assert not_run("N012", told("支出预算100.00万元。"))


def test_enumerations_with_their_total():
    text = "项目总预算60.00万，其中支持甲30.00万，支持乙{}万，合计60.00万。"
    assert holds("N013", told(text.format("30.00"), "project_note", "示例项目经费情况说明"))
    (found,) = failures("N013", told(text.format("31.00"), "project_note", "示例项目经费情况说明"))
    assert found.expected == Decimal("61.00")
    assert failures("N013", told("项目总预算61.00万，其中支持甲30.00万，支持乙30.00万，合计60.00万。", "project_note", "示例项目经费情况说明"))
    assert not_run("N013", told("支出预算100.00万元。"))


def test_a_part_of_the_list_only_is_not_judged():
    (one,) = run("N013", told("项目总预算60.00万，其中支持甲20.00万，支持乙30.00万。", "project_note", "示例项目经费情况说明"))
    assert one.status == "skipped" and "一部分" in one.reason


def test_quarters_add_up_to_the_year():
    text = "年度项目总预算40.00万元。第一季度用款计划10.00万元，第二季度用款计划10.00万元，第三季度用款计划10.00万元，第四季度用款计划{}.00万元。"
    assert holds("N013", told(text.format(10), "project_note", "示例项目经费情况说明"))
    assert failures("N013", told(text.format(12), "project_note", "示例项目经费情况说明"))


def test_income_named_after_a_class_of_spending():
    title = "一、部门预算收支数据变动情况及原因"
    (found,) = failures("N017", told("预算收入总计9.00万元，比上年增加1.00万元，主要原因是教育收入50.00万元，比上年49.00万元增加1.00万元。", "change_note", title))
    assert found.actual == "教育收入"
    assert holds("N017", told("本年收入9.00万元。", "change_note", title))
    assert not_run("N017", told("本年收入9.00万元。", "change_note", title, tables=[]))
    other = table("表三", [*SPENDING, ["229", "其他支出", "", "", ""]])
    assert holds("N017", told("收入预算9.00万元，其中：其他收入0万元。", "part_notes", "编制说明", tables=[other])), "an income item of its own"


def test_figures_of_one_of_several_bodies_do_not_accuse():
    text = "局机关机关运行经费8.00万元；下属监察大队机关运行经费2.00万元。"
    rows = [["部门合计", "10.00", "10.00", "", ""], ["示例县示例局", "10.00", "10.00", "", ""]]
    made = told(text, "operating_note", "八、机关运行经费增减变动原因说明", tables=[table("表十一", rows)])
    assert not failures("N001", made)
    assert failures("N001", told("机关运行经费8.00万元。", "operating_note", "八、机关运行经费增减变动原因说明", tables=[table("表十一", rows)]))


def test_a_row_of_years_compares_with_none():
    assert not failures("N006", told("支出预算2024年100.00万元，2023年预算90.00万元，2022年预算80.00万元。"))
    assert failures("N006", told("支出预算100.00万元，比2022年预算增加10.00万元。"))


@pytest.mark.parametrize("reason", ["系落实过紧日子要求", "因在编人员增加"])
def test_a_reason_needs_no_such_word(reason):
    title = "八、机关运行经费增减变动原因说明"
    assert not failures("N005", told(f"机关运行经费52.68万元，比上年减少3.58万元，下降6.36%，{reason}。", "operating_note", title))


def test_parts_of_a_part_are_not_added_twice():
    text = "“三公”经费45.00万元，其中：因公出国（境）费0万元；公务用车购置及运行维护费30.00万元（公务用车购置费10.00万元；公务用车运行维护费20.00万元）；公务接待费{}万元。"
    assert not failures("N013", told(text.format("15.00"), "three_public_note", "七、“三公”经费", tables=[]))
    assert failures("N013", told(text.format("17.00"), "three_public_note", "七、“三公”经费", tables=[]))


def test_what_an_open_list_leaves_out_is_told_once():
    names = ["基本工资", "津贴补贴", "奖金", "伙食补助费", "绩效工资", "住房公积金"]
    rows = [["合计", None, "60.00", "60.00", ""], ["工资福利支出", "", "60.00", "60.00", ""], *([n, "工资奖金津补贴", "10.00", "10.00", ""] for n in names)]
    text = "基本支出60.00万元，其中：人员经费60.00万元，主要包括：基本工资等；公用经费0万元。"
    made = document([table("表六", rows)], [section("六、一般公共预算基本支出情况说明", text, role="basic_note")])
    found = failures("N008", made)
    assert len(found) == 5 and len({o.group for o in found}) == 1 and found[0].group


def test_a_name_that_heads_its_paragraph_is_what_the_figure_speaks_of():
    text = "2.公务接待费。2025年预算数{}万元，与2024年预算数持平。"
    made = province(PROVINCES[0])

    def doc(amount):
        return replace(made, sections=(section("三、“三公”经费预算情况", text.format(amount), role="three_public_note"),))
    assert holds("N001", doc("5.00"))
    (found,) = failures("N001", doc("6.00"))
    assert at(found)[3].startswith("6.00")


def test_a_promised_title_that_is_printed_is_there():
    line = Word("附件：2024年部门预算表", (100.0, 100.0, 300.0, 112.0))
    made = document([], [section("第一部分 概况", "有关内容。", level=1, id="1")], toc(("第一部分 概况", ""), ("附件：2024年部门预算表", "")))
    assert failures("F010", made)
    page = Page(20, 595, 842, "text", (line,))
    assert not failures("F010", replace(made, pages=(page,)))


def test_income_and_spending_changed_alike_share_a_reason():
    text = "收入总计{}万元，比上年预算数80.00万元增加20.00万元，增长25.00%。支出总计100.00万元，比上年预算数80.00万元增加20.00万元，增长25.00%，主要原因是人员增加。"
    title = "一、部门预算收支数据变动情况及原因"
    assert holds("N005", told(text.format("100.00"), "change_note", title))
    assert failures("N005", told(text.format("100.00").replace("，主要原因是人员增加", ""), "change_note", title))
    assert failures("N005", told(text.format("105.00").replace("增加20.00万元", "增加25.00万元", 1), "change_note", title))


def test_spending_listed_after_income_is_no_part_of_the_last_income():
    text = "财政拨款收支总预算100.00万元。收入包括：一般公共预算拨款90.00万元、上年结转10.00万元；支出包括：教育支出60.00万元、卫生健康支出{}万元。"
    assert not failures("N013", told(text.format("40.00"), "appropriation_note", "四、财政拨款收支预算总体情况说明"))
    assert failures("N013", told(text.format("90.00"), "appropriation_note", "四、财政拨款收支预算总体情况说明"))


def test_purchases_paid_by_one_budget_are_no_part_of_the_services():
    text = "政府采购预算总额86.50万元：政府采购货物预算36.50万元、政府采购服务预算50.00万元；其中一般公共预算拨款政府采购86.50万元：政府采购货物预算36.50万元、政府采购服务预算50.00万元。"
    assert not failures("N013", told(text, "other_note", "五、其他重要事项的情况说明"))


def test_this_year_s_appropriation_is_not_the_total_with_what_was_carried_over():
    own = table("财政拨款收支总表", [["一、本年财政拨款收入", "90.00", "一、教育支出", "100.00"], ["二、上年财政拨款结转", "10.00", "", ""], ["收入总计", "100.00", "支出总计", "100.00"]],
                template_id="standard-budget", header=[["收入", None, "支出", None], ["项目", "预算数", "项目", "预算数"]])
    text = "财政拨款收支总预算100.00万元，其中：当年财政拨款收入{}万元，上年结转10.00万元。"
    assert holds("N001", told(text.format("90.00"), "appropriation_note", "四、财政拨款收支预算总体情况", [own], template_id="standard-budget"))
    assert failures("N001", told(text.format("91.00"), "appropriation_note", "四、财政拨款收支预算总体情况", [own], template_id="standard-budget"))


def test_a_budget_may_call_its_own_figures_those_of_the_year_s_beginning():
    text = "（二）支出预算：2025年年初预算数{}万元，其中：教育支出60.00万元，卫生健康支出40.00万元。"
    own = table("收支总表", [["一、财政拨款收入", "100.00", "一、教育支出", "60.00"], ["收入总计", "100.00", "支出总计", "100.00"]], template_id="standard-budget",
                header=[["收入", None, "支出", None], ["项目", "预算数", "项目", "预算数"]])
    assert holds("N001", told(text.format("100.00"), "", "二、收支总体情况", [own], template_id="standard-budget", year=2025))
    (found,) = failures("N001", told(text.format("109.00"), "", "二、收支总体情况", [own], template_id="standard-budget", year=2025))
    assert at(found)[3] == "109.00万元"
