"""S900, S910, S920: figures well written, what can be said of tables that no template knows, two years beside each other."""
from __future__ import annotations

from dataclasses import replace

from tests.builders import document, table
from tests.rules.running import at, failures, holds, not_run, severity

OTHER = [["205", "教育支出", "60.00", "20.00", "40.00"], ["20502", "普通教育", "60.00", "20.00", "40.00"]]


def spending(total: str):
    return document([table("表三", [["合计", None, total, "20.00", "40.00"], ["205", "教育支出", "60.00", "20.00", "40.00"]])])


def unknown(*rows):
    made = table("附表", rows, template_id="generic", header=[["科目编码", "科目名称", "合计", "甲", "乙"]], title="示例附表")
    return document([replace(made, id="未识别1")], template_id="generic")


def test_a_badly_written_figure_is_told_at_its_cell_with_the_right_one():
    assert holds("S900", spending("60.00"))
    (found,) = failures("S900", spending("6.0.00"))
    assert at(found)[0] == "表三" and at(found)[3] == "6.0.00" and str(found.expected) == "60.00"
    assert not_run("S900", document())


def test_an_unknown_table_is_added_up_and_only_warns():
    assert holds("S910", unknown(*OTHER))
    wrong = failures("S910", unknown(["205", "教育支出", "61.00", "20.00", "40.00"], OTHER[1]))
    assert wrong and {severity("S910", o) for o in wrong} == {"warning"}
    assert not_run("S910", document()) and not_run("S910", spending("60.00"))


def test_a_group_with_its_own_subtotal_is_added_once():
    head = [["单位名称", "“三公”经费", None, None, None, None, None, "增减%"],
            [None, "合计", "因公出国（境）费", "公务用车购置及运行费", None, None, "公务接待费", None],
            [None, None, None, "小计", "购置费", "运行费", None, None]]
    made = table("未识别1", [["示例局", "25.00", "0", "20.00", "8.00", "12.00", "5.00", "3.10"]], header=head)
    assert holds("S910", document([made]))
    assert failures("S910", document([table("未识别1", [["示例局", "29.00", "0", "20.00", "8.00", "12.00", "5.00", "3.10"]], header=head)]))


def test_a_group_within_a_group_that_has_its_own_subtotal_is_added_once():
    head = [["单位代码", "单位名称", "合计", "本年收入", None, None, None, "上年结转"], [None, None, None, "小计", "一般公共预算", "单位资金", None, None],
            [None, None, None, None, None, "小计", "其他收入", None]]
    made = table("未识别1", [["122", "示例局", "30.00", "25.00", "20.00", "5.00", "5.00", "5.00"]], header=head, template_id="generic")
    assert holds("S910", document([made], template_id="generic"))


def test_rates_are_not_added_up():
    head = [["科目编码", "科目名称", "上年数", "增减%"]]
    body = [["205", "教育支出", "60.00", "2.00"], ["20501", "教育管理事务", "20.00", "3.00"], ["20502", "普通教育", "40.00", "1.50"]]
    made = replace(table("附表", body, template_id="generic", header=head), id="未识别1")
    assert holds("S910", document([made], template_id="generic"))


def two_years(*changes: tuple[int, int, str], words: tuple[str, str] = ("2024年执行数", "2025年预算数")):
    head = [["科目编码", "科目名称", words[0], words[1], None, None, "增减情况", None], [None, None, None, "小计", "基本支出", "项目支出", "增减额", "增减%"]]
    body = [["205", "教育支出", "60.00", "66.00", "66.00", "", "6.00", "10.00"], ["208", "社会保障和就业支出", "30.00", "20.00", "20.00", "", "-10.00", "-33.33"],
            ["210", "卫生健康支出", "", "5.00", "5.00", "", "5.00", ""]]
    for row, column, text in changes:
        body[row][column] = text
    return document([table("一般公共预算支出表", body, template_id="standard-budget", header=head)], template_id="standard-budget")


def test_change_and_rate_follow_from_two_years():
    assert holds("S920", two_years()) and holds("S920", two_years(words=("上年预算数", "本年预算数")))
    (change,) = failures("S920", two_years((0, 6, "9.00")))
    assert at(change) == ("一般公共预算支出表", "205 教育支出", "增减情况/增减额", "9.00") and str(change.expected) == "6.00"
    (rate,) = failures("S920", two_years((1, 7, "-33.53")))
    assert str(rate.expected) == "-33.33" and severity("S920", rate) == "error"
    assert not_run("S920", document())


def test_columns_that_mean_something_else_are_left_alone():
    other = two_years((0, 6, "1.00"), (0, 7, "1.00"), (1, 6, "1.00"), (1, 7, "1.00"))
    assert not failures("S920", other)
