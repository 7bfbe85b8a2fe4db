"""Y: what the text says of last year against last year's disclosure."""
from __future__ import annotations

import pytest

from tests.builders import document, section, table
from tests.rules.running import failures, holds, not_run, run, severity


def last_year(total="100.00", **more):
    tables = [table("表一", [["收入总计", total, "支出总计", total, "", ""]]), table("表十一", [["部门合计", "56.26", "56.26", "", ""]])]
    return document(tables, **{"year": 2023, **more})


def this_year(*texts):
    return document(sections=[section("一、变动", *texts, role="change_note")])


@pytest.mark.parametrize("sentence", ["2024年度示例县示例局预算收入总计120.00万元，其中：本年收入110.00万元，上年结转10.00万元，比上年增加20.00万元，增长20.00%。",
                                      "预算收入总计80.00万元，比2023年预算减少20.00万元。", "预算收入总计100.00万元，比上年预算数持平。"])
def test_what_the_text_implies_is_what_was_published(sentence):
    assert holds("Y001", this_year(sentence), prior=(last_year(),))


def test_a_difference_is_a_warning_with_both_figures():
    (found,) = failures("Y001", this_year("预算收入总计120.00万元，比上年增加25.00万元。"), prior=(last_year(),))
    assert (str(found.actual), str(found.expected), severity("Y001", found)) == ("95.00", "100.00", "warning")
    assert found.evidence[0].text.startswith("预算收入总计120.00万元") and found.evidence[-1].table == "上年表一"


def test_rounding_is_no_difference():
    assert holds("Y001", this_year("预算收入总计120.00万元，比上年增加20.01万元。"), prior=(last_year(),))


def test_last_years_figure_stated_outright_is_compared_itself():
    made = this_year("本部门机关运行经费财政拨款预算52.68万元，比2023年预算56.26万元，减少3.58万元。")
    assert holds("Y001", made, prior=(last_year(),))
    wrong = this_year("本部门机关运行经费财政拨款预算52.68万元，比2023年预算57.26万元，减少4.58万元。")
    assert len(failures("Y001", wrong, prior=(last_year(),))) == 1


def test_yuan_and_wan_are_converted():
    prior = document([table("表一", [["收入总计", "1,000,000.00", "支出总计", "1,000,000.00", "", ""]], unit="元")], year=2023)
    assert holds("Y001", this_year("预算收入总计120.00万元，比上年增加20.00万元。"), prior=(prior,))


@pytest.mark.parametrize("prior", [(), (last_year(year=2022),), (last_year(unit_name="另一单位"),), (last_year(kind="部门决算"),)])
def test_without_last_years_disclosure_it_is_not_run(prior):
    assert not_run("Y001", this_year("预算收入总计120.00万元，比上年增加25.00万元。"), prior=prior)


@pytest.mark.parametrize("sentence", ["预算收入总计120.00万元，比2023年预算执行数增加25.00万元。", "预算收入总计120.00万元，其中：财政拨款收入110.00万元，比上年增加25.00万元。",
                                      "项目支出5.00万元，比上年增加1.00万元。"])
def test_other_comparisons_are_left_alone(sentence):
    assert not failures("Y001", this_year(sentence), prior=(last_year(),))


def test_a_total_that_last_years_file_lacks_is_said():
    outcomes = run("Y001", this_year("财政拨款安排的“三公”经费预算3.60万元，比2023年增加3.60万元。"), prior=(last_year(),))
    assert [o.reason for o in outcomes] == ["上年文件中没有识别出“三公”经费"]
