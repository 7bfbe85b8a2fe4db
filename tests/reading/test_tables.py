"""Printed grids to named columns and nested lines."""
from __future__ import annotations

import re
from dataclasses import replace

import pytest

from core.layouts import ColumnLayout, template, templates
from core.reading.tables import build_lines, generic_columns, header_height, header_paths, is_number_row, match_columns
from tests.builders import HEADERS, grid, table


@pytest.mark.parametrize("table_id", list(HEADERS))
def test_every_usual_heading_is_found_and_named(table_id: str) -> None:
    layout = template("shanxi-budget").table(table_id)
    assert layout is not None
    body = [["合计" if i == 0 else "" for i in range(len(HEADERS[table_id][0]))]]
    cells = grid([*HEADERS[table_id], *body])
    assert header_height(cells) == len(HEADERS[table_id])
    columns, found = match_columns(layout, header_paths(cells[:len(HEADERS[table_id])], len(cells[0])))
    assert [c.key for c in columns] == [c.key for c in layout.columns]
    assert found == len(layout.columns)


def test_an_extra_printed_column_shifts_no_other() -> None:
    layout = template("shanxi-budget").table("表三")
    assert layout is not None
    cells = grid([["科目编码", "科目名称", "序号", "合计", "基本支出", "项目支出"]])
    columns, found = match_columns(layout, header_paths(cells, 6))
    assert found == 5
    assert [c.key for c in columns] == ["科目编码", "科目名称", "序号", "合计", "基本支出", "项目支出"]
    assert columns[2].kind == "text"


def test_a_heading_that_the_one_above_ran_into_is_known_where_there_are_no_lines() -> None:
    layout = template("shanxi-budget").table("表三")
    assert layout is not None
    paths = header_paths(grid([["科目编码", "项目科目名称", "合计", "基本支出", "项目支出"]]), 5)
    assert match_columns(layout, paths, loose=True)[0][1].key == "科目名称" and match_columns(layout, paths)[1] == 4


def test_an_absent_optional_column_shifts_no_other() -> None:
    made = table("表1", [["收入总计", "10", "支出总计", "10"]], template_id="shanghai-budget",
                 header=[["本年收入", None, "本年支出", None], ["项目", "预算数", "项目", "预算数"]])
    assert [c.key for c in made.columns] == ["收入项目", "收入", "支出项目", "支出合计"]


def test_column_numbers_belong_to_the_header() -> None:
    assert is_number_row(grid([["1", "2", "3"]])[0])
    assert is_number_row(grid([["栏次", "1", "2"]])[0])
    assert not is_number_row(grid([["1", "3", "9"]])[0])
    assert header_height(grid([["项目名称", "合计", "单位资金"], ["1", "2", "3"], ["示例项目", "5.00", ""]])) == 2


def test_codes_nest_and_the_total_is_above_all() -> None:
    made = table("表三", [["合计", None, "10", "4", "6"], ["208", "社会保障和就业支出", "10", "4", "6"], ["20805", "养老支出", "4", "4", ""],
                        ["2080505", "基本养老", "4", "4", ""], ["20899", "其他", "6", "", "6"]])
    by_code = {line.code: line for line in made.lines}
    assert made.total_line() is made.lines[0]
    assert by_code["208"].parent == 0 and by_code["20805"].parent == by_code["208"].index
    assert by_code["2080505"].parent == by_code["20805"].index
    assert [c.code for c in made.children(by_code["208"])] == ["20805", "20899"]
    assert [c.code for c in made.children(made.lines[0])] == ["208"], "levels are never added together"


def test_three_code_columns_make_one_code_and_bare_digits_are_padded() -> None:
    made = table("表8", [["301", "", "工资福利支出", "3", "3", "0"], ["301", "2", "津贴补贴", "3", "3", "0"], ["合计", None, None, "3", "3", "0"]],
                 template_id="shanghai-budget",
                 header=[["项目", None, None, "一般公共预算基本支出", None, None], ["经济分类科目编码", None, "经济分类科目名称", "合计", "人员经费", "公用经费"],
                         ["类", "款", None, None, None, None]])
    assert [line.code for line in made.lines] == ["301", "30102", ""]
    assert made.lines[2].total and made.lines[2].name == "合计"


def test_economic_classes_are_told_from_subjects_of_the_same_name() -> None:
    made = table("表六", [["合计", "", "9", "9", ""], ["工资福利支出", "", "9", "9", ""], ["其他工资福利支出", "工资福利支出", "9", "9", ""]])
    assert [line.level for line in made.lines] == [0, 1, 2]


def test_bodies_and_projects_nest_by_name() -> None:
    made = table("表十二", [[name, "1.00", "1.00", "", "", "", ""] for name in
                         ("示例县示例局", "示例县示例局", "培训经费", "示例县示例中心", "示例县办公楼修缮项目", "2024年遗属补助")], bodies=["示例县示例局"])
    assert [line.level for line in made.lines] == [1, 2, 3, 2, 3, 3]
    assert [line.parent for line in made.lines] == [None, 0, 1, 0, 3, 3]


def test_two_sides_are_lines_of_their_own() -> None:
    made = table("表一", [["一、一般公共预算", "10", "一、一般公共服务支出", "10", "10", ""], ["收入总计", "10", "支出总计", "10", "10", ""]])
    assert {(line.side, line.name) for line in made.lines} == {(0, "一、一般公共预算"), (1, "一、一般公共服务支出"), (0, "收入总计"), (1, "支出总计")}
    assert made.line("支出总计") is not None and "收入" not in made.line("支出总计").cells  # type: ignore[union-attr]


def test_a_malformed_figure_has_no_amount_but_keeps_its_text() -> None:
    made = table("表三", [["合计", None, "17.169.17", "1.00", ""]])
    cell = made.lines[0].cells["合计"]
    assert cell.amount is None and cell.text == "17.169.17"


def test_a_bare_zero_is_as_exact_as_its_neighbours() -> None:
    made = table("表三", [["合计", None, "10.25", "10.25", "0"], ["208", "社会保障和就业支出", "10.25", "10.25", "0"]])
    assert {c.amount.digits for _, _, c in made.amount_cells() if c.amount} == {2}


def test_an_unknown_table_gets_columns_by_what_stands_in_them() -> None:
    cells = grid([["序号", "事项名称", "金额"], ["1", "甲", "3.00"], ["2", "乙", "4.50"]])
    columns = generic_columns(header_paths(cells[:1], 3), cells[1:])
    assert [c.kind for c in columns][1:] == ["name", "amount"]
    assert [line.name for line in build_lines("未识别1", cells[1:], columns)] == ["甲", "乙"]


def test_every_template_can_be_told_from_its_titles() -> None:
    """No title of a template's table fits another table of the same template."""
    for known in templates():
        for layout in known.tables:
            fitting = [t.id for t in known.tables if t.fits(f"2024年{layout.title}")]
            assert fitting == [layout.id], (known.id, layout.id, fitting)


def test_column_numbers_after_two_captions_belong_to_the_header() -> None:
    assert is_number_row(grid([["栏次", "", "1", "栏次", "", "2"]])[0])


def test_of_two_years_side_by_side_the_later_is_read() -> None:
    head = [["收入", None, None, "支出", None, None, None], ["项目", "2023年", "2024年", "项目", "合计", "当年预算安排", "上年结转安排"]]
    made = table("表一", [["收入总计", "9.00", "10.00", "支出总计", "10.00", "10.00", ""]], header=head)
    column = made.column("收入")
    assert column is not None and column.path[-1] == "2024年"


def test_a_figure_under_an_unknown_heading_makes_its_row_doubtful() -> None:
    head = [["科目编码", "科目名称", "合计", "基本支出", "项目支出", "经营支出"]]
    made = table("表三", [["205", "教育支出", "9.00", "4.00", "3.00", "2.00"], ["206", "科学技术支出", "7.00", "4.00", "3.00", "0.00"]], header=head)
    assert [made.doubtful(line) for line in made.lines] == [True, False]
    beside = table("表三", [["205", "教育支出", "9.00", "4.00", "5.00", "2.00"]], header=[[*head[0][:5], "比上年增减%"]])
    assert not beside.doubtful(beside.lines[0])


def test_codes_of_bodies_are_no_codes_of_subjects() -> None:
    rows = grid([["单位编码", "单位名称", "科目编码", "项目支出"], ["305301", "示例局", "2013801", "9.00"]])
    assert [c.kind for c in generic_columns(header_paths(rows[:1], 4), rows[1:])] == ["text", "name", "code", "amount"]


def test_a_group_of_last_years_columns_is_left_aside() -> None:
    head = [["科目编码", "科目名称", "2023年预算数", None, None, "2024年预算数", None, None, "2024年比2023年增减%"],
            [None, None, "合计", "基本支出", "项目支出", "合计", "基本支出", "项目支出", None]]
    made = table("表五", [["205", "教育支出", "8.00", "4.00", "4.00", "9.00", "4.00", "5.00", "12.50"]], header=head)
    (line,) = made.lines
    assert [line.cells[k].text for k in ("合计", "基本支出", "项目支出")] == ["9.00", "4.00", "5.00"]
    assert not made.doubtful(line)


def test_a_heading_kept_apart_is_not_taken_from_below_another() -> None:
    known = template("shanxi-budget").table("表三")
    assert known is not None
    layout = replace(known, columns=(
        ColumnLayout("科目编码", re.compile("科目编码"), "code"), ColumnLayout("项目支出", re.compile("项目支出"), apart=re.compile("财政拨款"))))
    head = grid([["科目编码", "财政拨款", None, "项目支出"], [None, "基本支出", "项目支出", None]])
    columns, found = match_columns(layout, header_paths(head, 4))
    assert found == 2 and columns[3].key == "项目支出" and columns[2].kind == "text"


def test_a_side_that_goes_on_beside_itself_is_one_list() -> None:
    head = [["人员经费", None, None, "公用经费", *[None] * 5], ["科目编码", "科目名称", "金额"] * 3]
    body = [["301", "工资福利支出", "9.00", "302", "商品和服务支出", "7.00", "30299", "其他商品和服务支出", "2.00"],
            ["30101", "基本工资", "9.00", "30201", "办公费", "5.00", "310", "资本性支出", "1.00"],
            ["人员经费合计", None, "9.00", "公用经费合计", None, None, None, None, "8.00"]]
    made = table("表6", body, template_id="national-accounts", header=head)
    office = next(o for o in made.lines if o.code == "302")
    assert [o.code for o in made.children(office)] == ["30201", "30299"]
    total = made.total_line(1)
    assert total is not None and total.name == "公用经费合计" and total.cells["右决算数"].text == "8.00"
    assert {o.code for o in made.children(total)} == {"302", "310"}


def test_a_total_under_the_codes_of_bodies_is_the_total() -> None:
    made = table("收入总表", [["122", "示例局", "9.00"], ["合计", None, "9.00"]], template_id="standard-budget", header=[["单位编码", "单位名称", "合计"]])
    total = made.total_line()
    assert total is not None and total.cells["合计"].text == "9.00"


def test_planned_and_spent_may_stand_above_the_items() -> None:
    items = ["合计", "因公出国（境）费", "公务用车购置及运行维护费", None, None, "公务接待费"]
    head = [["预算数", *[None] * 5, "决算数", *[None] * 5], items * 2, [None, None, "小计", "公务用车购置费", "公务用车运行维护费", None] * 2]
    made = table("表7", [["9.00", "", "6.00", "", "6.00", "3.00"] * 2], template_id="national-accounts", header=head)
    assert made.lines[0].cells["公务用车运行费.决算数"].text == "6.00" and made.lines[0].cells["合计.预算数"].text == "9.00"


def test_last_year_s_columns_may_be_called_so_in_words() -> None:
    items = ["合计", "因公出国（境）费", "公务用车购置及运行费", None, None, "公务接待费"]
    head = [["上年预算数", *[None] * 5, "本年预算数", *[None] * 5], items * 2, [None, None, "小计", "公务用车购置费", "公务用车运行费", None] * 2]
    made = table("三公经费表", [["8.00", "", "6.00", "", "6.00", "2.00", "9.00", "", "6.00", "", "6.00", "3.00"]], template_id="standard-budget", header=head)
    assert made.lines[0].cells["合计"].text == "9.00" and {c.text for k, c in made.lines[0].cells.items() if k.startswith("公务接待费")} == {"3.00"}


def test_codes_in_three_columns_have_a_heading_of_two_rows_in_every_table() -> None:
    head = [["科目编码", None, None, "科目名称", "合计", "基本支出", "项目支出"], ["类", "款", "项", None, None, None, None]]
    made = table("支出总表", [["合计", None, None, None, "9.00", "9.00", ""], ["208", "", "", "社会保障和就业支出", "9.00", "9.00", ""],
                          ["208", "05", "", "行政事业单位养老支出", "9.00", "9.00", ""], ["208", "05", "01", "行政单位离退休", "9.00", "9.00", ""]],
                 template_id="standard-budget", header=head)
    assert [o.code for o in made.lines[1:]] == ["208", "20805", "2080501"] and [c.kind for c in made.columns[:4]] == ["code", "code", "code", "name"]


def test_the_heading_of_codes_in_accounts_may_say_either_word() -> None:
    body = [["30101", "基本工资", "9.00", "30201", "办公费", "5.00"]]
    for word in ("编码", "代码"):
        head = [["人员经费", None, None, "公用经费", None, None], [f"科目{word}", "科目名称", "决算数"] * 2]
        made = table("表6", body, template_id="national-accounts", header=head)
        assert [(o.code, o.name) for o in made.lines] == [("30101", "基本工资"), ("30201", "办公费")]


def test_codes_of_subjects_may_stand_behind_those_of_bodies() -> None:
    body = [["119", "", "示例局", "9.00", "9.00", ""], ["", "208", "社会保障和就业支出", "9.00", "9.00", ""]]
    for name in ("支出总表", "一般公共预算支出表"):
        made = table(name, body, template_id="standard-budget", header=[["单位编码", "科目编码", "单位名称（科目）" if name[0] == "一" else "科目名称", "合计", "基本支出", "项目支出"]])
        assert [o.code for o in made.lines] == ["", "208"]
