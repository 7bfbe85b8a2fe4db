"""S900, S910: figures well written, and what can be said of tables that no template knows."""
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
