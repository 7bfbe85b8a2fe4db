from dataclasses import replace
from decimal import Decimal

import pytest

from core.model import Place, Span, Table
from core.reading.forms import read_form
from tests.builders import document, grid, section, table
from tests.rules.running import at, failures, holds, not_run, severity

PROJECTS = [["示例县示例局", "12.00", "12.00", "", "", "", ""], ["示例县示例局", "12.00", "12.00", "", "", "", ""],
            ["道路维修经费", "8.00", "8.00", "", "", "", ""], ["遗属补助", "4.00", "4.00", "", "", "", ""]]
CARRIED = [["示例县示例局", "2.00", "2.00", "", ""], ["示例县示例局", "2.00", "2.00", "", ""], ["环境整治资金", "2.00", "2.00", "", ""]]
SPENDING = [["合计", None, "114.00", "100.00", "14.00"], ["205", "教育支出", "114.00", "100.00", "14.00"]]
GENERAL = [["合计", None, "112.00", "100.00", "12.00"], ["205", "教育支出", "112.00", "100.00", "12.00"]]


def form(number, name, amount="80,000", *, whole=None, central="0", county=None, own="0", year="2024", department="051-示例县示例局", goal="完成维修",
         value="≥1个", rate="100%", kind="一次性项目(1年结束)"):
    whole = amount if whole is None else whole
    county = amount if county is None else county
    rows = [["项目名称", None, name, None, None, None, None, None], ["主管部门及代码", None, department, None, None, "实施单位", "示例县示例局", None],
            ["项目属性", None, kind, None, None, "项目期", "1年", None],
            ["项目资金(元)", None, "实施期资金总额:", None, whole, "年度资金总额:", None, amount],
            [None, None, "其中:中央财政资金", None, central, "其中:中央财政资金", None, central],
            [None, None, "省级财政资金", None, "0", "省级财政资金", None, "0"], [None, None, "市县(区)财政资金", None, whole if county == amount else county, "市县(区)财政资金", None, county],
            [None, None, "单位自筹", None, own, "单位自筹", None, own], [None, None, "其他资金", None, "", "其他资金", None, ""],
            ["总体目标", None, "实施期目标", None, None, "年度目标", None, None], [None, None, "完成维修", None, None, goal, None, None],
            ["绩效指标", "一级指标", "二级指标", "三级指标", "指标值", "二级指标", "三级指标", "指标值"],
            [None, "产出指标", "数量指标", name + "数量", value, "数量指标", name + "数量", value],
            [None, None, "质量指标", "资金使用合规率", rate, "质量指标", "资金使用合规率", rate],
            [None, None, "时效指标", "完成及时率", "≥98%", "时效指标", "完成及时率", "≥98%"]]
    cells, made = read_form(grid(rows, 30 + number), year)
    return Table(f"绩效{number}", "performance", "performance", "项目支出绩效目标表", (30 + number,), (), cells, (), form=made)


FORMS = (form(1, "道路维修经费"), form(2, "遗属补助", "40,000"))


def doc(*forms, text="", title="2、项目绩效目标", role="project_performance_note", carried=True, **more):
    tables = [table("表三", SPENDING), table("表五", GENERAL), table("表十二", PROJECTS, bodies=["示例县示例局"])]
    tables += [table("表十三", CARRIED, bodies=["示例县示例局"])] if carried else []
    return document([*tables, *forms], [section(title, text, role=role)] if text else [], **more)


TOLD = ("2024年示例县示例局纳入绩效目标管理的二级项目{}个，共计金额{}万元。其中：其他运转类项目1个，涉及金额4.00万元；特定目标类项目1个，涉及金额8.00万元。"
        "公开项目绩效目标2个，涉及项目金额12.00万元，占部门（单位）项目支出总额的{}%。")


def test_classes_add_up():
    assert holds("P001", doc(text=TOLD.format(2, "12.00", "100")))
    (found,) = failures("P001", doc(text=TOLD.format(2, "12.50", "100")))
    assert (found.expected, found.actual) == (Decimal("12.00"), Decimal("12.50"))
    assert failures("P001", doc(text=TOLD.format(3, "12.00", "100")))
    assert not_run("P001", doc(text="绩效目标见附件。"))


def test_counts_and_amounts_against_the_project_tables():
    assert holds("P002", doc(text=TOLD.format(2, "12.00", "100")))
    assert holds("P002", doc(text=TOLD.format(3, "14.00", "100"))), "with what was carried over"
    (mixed,) = failures("P002", doc(text=TOLD.format(2, "14.00", "100")))
    assert "口径不一致" in mixed.message
    assert failures("P002", doc(text=TOLD.format(9, "12.00", "100")))
    assert not_run("P002", doc(text="绩效目标见附件。"))


def test_the_share_of_project_spending_may_leave_out_what_was_carried_over():
    assert holds("R001", doc(text=TOLD.format(2, "12.00", "100")))
    assert failures("R001", doc(text=TOLD.format(2, "12.00", "90")))


def test_as_many_forms_as_told():
    assert holds("P003", doc(*FORMS, text=TOLD.format(2, "12.00", "100")))
    (found,) = failures("P003", doc(FORMS[0], text=TOLD.format(2, "12.00", "100")))
    assert (found.expected, found.actual) == (Decimal(2), Decimal(1))
    assert not_run("P003", doc(FORMS[0], text=TOLD.format(2, "12.00", "100"), unread_pages=(33,)))
    assert not_run("P003", doc())
    one_short = doc(FORMS[0], text=TOLD.format(2, "12.00", "100"), carried=False)
    assert not_run("P003", one_short) and failures("P007", one_short), "the project that lacks its form is told by name"
    one_more = doc(*FORMS, form(3, "遗属补助", "40,000"), text=TOLD.format(2, "12.00", "100"), carried=False)
    assert not_run("P003", one_more) and failures("P011", one_more) and not failures("P008", one_more)


OVERALL = "2024年编报部门整体支出绩效目标，涉及部门预算资金{}万元，其中基本支出{}万元，项目支出{}万元。"


@pytest.mark.parametrize(("figures", "verdict"), [(("114.00", "100.00", "14.00"), None), (("112.00", "100.00", "12.00"), None),
                                                  (("14.00", "2.00", "12.00"), "error"), (("99.00", "100.00", "14.00"), "error")])
def test_the_whole_budget(figures, verdict):
    d = doc(text=OVERALL.format(*figures), title="1、整体绩效目标", role="overall_performance_note")
    assert (holds("P004", d) if verdict is None else verdict in {severity("P004", f) for f in failures("P004", d)})


UNITS = OVERALL.format("114.00", "100.00", "14.00")[:-1] + "；机关及下属预算单位4个，其中{}个单位（包括机关）编报了单位整体绩效目标，涉及资金{}万元。"


@pytest.mark.parametrize(("units", "money", "fails"), [(4, "114.00", False), (3, "90.00", False), (4, "113.00", True), (5, "114.00", True)])
def test_units_with_a_target_are_not_more_than_all(units, money, fails):
    d = doc(text=UNITS.format(units, money), title="1、整体绩效目标", role="overall_performance_note")
    assert bool(failures("P004", d)) is fails


def test_only_the_total_wrong_is_a_warning():
    d = doc(text="2024年编报单位整体绩效目标，涉及资金14.00万元。", title="1、整体绩效目标", role="overall_performance_note")
    assert [severity("P004", f) for f in failures("P004", d)] == ["warning"]
    assert not_run("P004", doc())


def test_funds_add_up():
    assert holds("P005", doc(*FORMS))
    found = failures("P005", doc(form(1, "道路维修经费", central="5,000")))
    assert at(found[0]) == ("绩效1", "道路维修经费", "实施期资金总额", "80,000") and found[0].expected == Decimal(85000)
    assert not_run("P005", doc())


def test_form_amounts_equal_the_project_table():
    assert holds("P006", doc(*FORMS))
    (found,) = failures("P006", doc(form(1, "道路维修经费", "90,000"), FORMS[1]))
    assert at(found) == ("绩效1", "道路维修经费", "年度资金总额", "90,000")
    assert (found.evidence[1].table, found.evidence[1].row, found.expected) == ("表十二", "道路维修经费", Decimal(80000))
    assert not_run("P006", doc())


def test_two_projects_of_one_name_are_paired_by_amount():
    rows = [["示例县示例局", "6.00", "6.00", "", "", "", ""], ["生活补助", "1.00", "1.00", "", "", "", ""], ["生活补助", "5.00", "5.00", "", "", "", ""]]
    d = document([table("表十二", rows, bodies=["示例县示例局"]), form(1, "生活补助", "50,000"), form(2, "生活补助", "10,000")])
    assert holds("P006", d) and holds("P011", d)


def test_a_project_without_a_form():
    assert holds("P007", doc(*FORMS))
    (found,) = failures("P007", doc(FORMS[0]))
    assert at(found)[:2] == ("表十二", "遗属补助")
    assert not failures("P007", doc(FORMS[0], unread_pages=(40,)))
    assert not_run("P007", doc())


def test_a_form_whose_name_was_not_read_may_be_the_missing_one():
    d = doc(FORMS[0], form(2, ""))
    assert not failures("P007", d) and not failures("P008", d)


def test_converted_text_softens_what_forms_say():
    d = doc(form(1, "道路维修经费", "90,000"), FORMS[1])
    assert severity("P006", failures("P006", type(d)(**{**{k: v for k, v in d.__dict__.items() if not k.startswith("_")}, "form": "text"}))[0]) == "warning"


def test_a_form_without_a_project():
    assert holds("P008", doc(*FORMS))
    (found,) = failures("P008", doc(*FORMS, form(3, "社区工作者工资及保险", "0")))
    assert at(found)[:2] == ("绩效3", "社区工作者工资及保险")
    assert not_run("P008", doc())


def test_nearly_the_same_name_is_one_finding():
    d = doc(form(1, "道路维修费经费"), FORMS[1])
    (found,) = failures("P009", d)
    assert (found.expected, found.actual) == ("道路维修经费", "道路维修费经费")
    assert not failures("P007", d) and not failures("P008", d)
    assert holds("P009", doc(*FORMS)) and not_run("P009", doc())


def test_a_project_twice():
    (found,) = failures("P011", doc(*FORMS, form(3, "遗属补助", "40,000")))
    assert len(found.evidence) == 2
    assert holds("P011", doc(*FORMS)) and not_run("P011", doc())


def test_the_year_of_a_form():
    assert holds("P012", doc(*FORMS))
    found = failures("P012", doc(*(form(n, f"项目{n}", year="(2023年度)") for n in (1, 2))))
    assert len({f.group for f in found}) == 1 and found[0].expected == "2024年度"
    made = form(1, "项目", year="2023")
    assert made.form is not None
    dated = replace(made, form=replace(made.form, year_span=Span("(2023年度)", (Place(31, (200.0, 80.0, 300.0, 92.0)),))))
    assert at(failures("P012", doc(dated))[0])[3] == "(2023年度)", "the line that states the year is the place"
    assert not_run("P012", doc())


def test_all_amounts_zero_is_one_finding():
    zero = [form(n, name, "0") for n, name in ((1, "道路维修经费"), (2, "遗属补助"))]
    assert len(failures("P013", doc(*zero))) == 1
    assert not failures("P006", doc(*zero))
    assert holds("P013", doc(*FORMS)) and not_run("P013", doc())


def test_one_year_projects_have_one_amount():
    assert holds("P014", doc(*FORMS))
    assert failures("P014", doc(form(1, "道路维修经费", whole="90,000")))
    assert not_run("P014", doc(form(1, "道路维修经费", kind="延续性项目")))


def test_another_department():
    others = [form(n, f"项目{n}") for n in (1, 2, 3)]
    (found,) = failures("P015", doc(*others, form(4, "项目4", department="907-综合股")))
    assert (found.expected, found.actual) == ("051-示例县示例局", "907-综合股")
    assert holds("P015", doc(*others)) and not_run("P015", doc(*FORMS))


def test_goals_of_the_year():
    assert holds("P016", doc(*FORMS))
    (found,) = failures("P016", doc(form(1, "道路维修经费", goal="")))
    assert found.group == "年度目标未填"
    assert not_run("P016", doc())


@pytest.mark.parametrize(("values", "word"), [({"value": "≥"}, "比较符号"), ({"rate": "120%"}, "100%"), ({"value": "12月31日前XX月XX日前"}, "残留")])
def test_values_of_indicators(values, word):
    assert word in failures("P017", doc(form(1, "道路维修经费", **values)))[0].message


def test_good_values_of_indicators():
    assert holds("P017", doc(*FORMS)) and not_run("P017", doc())


def test_the_same_indicators_for_two_projects():
    same = [form(1, "甲"), form(2, "甲")]
    assert holds("P018", doc(*same)), "one project is not two"
    twin = Table("绩效2", "performance", "performance", "项目支出绩效目标表", (32,), (), (), (),
                 form=type(same[0].form)({**same[0].form.fields, "项目名称": FORMS[1].form.fields["项目名称"]}, same[0].form.funds, same[0].form.indicators))
    (found,) = failures("P018", doc(same[0], twin))
    assert severity("P018", found) == "info"
    assert not_run("P018", doc(FORMS[0]))


def test_indicators_that_only_repeat_the_name_above_them():
    assert holds("P023", doc(*FORMS))
    made = form(1, "道路维修经费")
    copied = tuple(replace(i, name=replace(i.name, text=i.level2)) for i in made.form.indicators)
    (found,) = failures("P023", doc(replace(made, form=replace(made.form, indicators=copied))))
    assert severity("P023", found) == "warning" and "6 个三级指标" in found.message
    one = (replace(copied[0]), *made.form.indicators[1:])
    assert holds("P023", doc(replace(made, form=replace(made.form, indicators=one)))), "one may be a short name"
    assert not_run("P023", doc())


def test_the_source_of_funds():
    assert holds("P019", doc(*FORMS))
    (found,) = failures("P019", doc(form(1, "道路维修经费", county="0", own="80,000")))
    assert found.actual == "单位自筹"
    assert not_run("P019", doc())


def test_targets_below_project_spending_without_a_project_table():
    def told(amount):
        return document([table("表三", SPENDING)], [section("四、绩效目标设置情况", f"本部门编报绩效目标的项目共5个，涉及项目预算资金{amount}万元。", role="performance_note")])
    assert holds("P020", told("14.00"))
    assert severity("P020", failures("P020", told("13.00"))[0]) == "info"
    assert severity("P020", failures("P020", told("5.00"))[0]) == "warning"
    assert severity("P020", failures("P020", told("15.00"))[0]) == "warning"
    assert not_run("P020", doc())


def test_a_budget_above_what_was_spent_is_right_in_accounts():
    text = "编报绩效目标的2024年度项目5个，涉及预算金额15.00万元。"
    assert holds("P020", document([table("表三", SPENDING)], [section("十、绩效", text, role="performance_note")], kind="部门决算"))


STAGES = "编报绩效目标的2024年度项目{}个，涉及预算金额{}万元；绩效自评的2024年度项目5个，涉及预算金额15.00万元，平均得分95.00分。"


def test_the_stages_of_performance_management_speak_of_the_same_projects():
    def told(count, amount):
        return document([], [section("十、绩效", STAGES.format(count, amount), role="performance_note")], kind="部门决算")
    assert holds("P022", told(5, "15.00")) and holds("P022", told(4, "12.00"))
    (found,) = failures("P022", told(5, "14.00"))
    assert (found.expected, found.actual) == (Decimal("14.00"), Decimal("15.00"))
    assert {at(found)[3], found.evidence[1].text} == {"14.00万元", "15.00万元"}
    assert failures("P022", told(4, "15.00"))
    assert not_run("P022", doc())


GRADES = "绩效自评的2024年度项目{}个，涉及预算金额9.00万元（其中，绩效评级为“优”的项目3个；绩效评级为“良”的项目1个；绩效评级为“合格”的项目0个；绩效评级为“不合格”的项目0个）。"


def test_grades_add_up():
    assert holds("P021", doc(text=GRADES.format(4)))
    assert failures("P021", doc(text=GRADES.format(5)))[0].expected == Decimal(4)
    assert not_run("P021", doc())
