"""Performance forms and the catalogue, read by label."""
from __future__ import annotations

from core.reading.forms import is_catalogue, is_form, read_catalogue, read_form
from tests.builders import grid

FORM = [
    ["项目名称", None, "示例培训经费", None, None, None, None, None],
    ["主管部门及代码", None, "057-示例县示例局", None, None, "实施单位", "示例县示例局", None],
    ["项目资金(元)", None, "实施期资金总额:", None, "47,100", "年度资金总额:", None, "40,000"],
    [None, None, "其中:中央财政资金", None, "0", "其中:中央财政资金", None, "0"],
    [None, None, "省级财政资金", None, "7,100", "省级财政资金", None, "0"],
    [None, None, "市县(区)财政资金", None, "40,000", "市县(区)财政资金", None, "40,000"],
    [None, None, "单位自筹", None, "", "单位自筹", None, ""],
    ["总体目标", None, "实施期目标", None, None, "年度目标", None, None],
    [None, None, "三年内完成培训", None, None, "本年完成培训", None, None],
    ["绩效指标", "一级指标", "二级指标", "三级指标", "指标值", "二级指标", "三级指标", "指标值"],
    [None, "产出指标", "数量指标", "培训人数", "≥100人", "数量指标", "培训人数", "≥30人"],
    [None, None, "质量指标", "合格率", "≥95%", "质量指标", "合格率", "≥95%"],
]


def _form_grid() -> tuple:
    cells = [list(r) for r in grid(FORM)]
    return tuple(tuple(r) for r in cells)


def test_fields_are_found_by_their_labels() -> None:
    rows, form = read_form(_form_grid(), "2024")
    assert form.project == "示例培训经费"
    assert form.fields["主管部门及代码"].text == "057-示例县示例局" and form.fields["实施单位"].text == "示例县示例局"
    assert form.fields["实施期目标"].text == "三年内完成培训" and form.fields["年度目标"].text == "本年完成培训"
    assert (form.year, form.unit) == ("2024", "元")


def test_funds_are_told_apart_by_period_and_source() -> None:
    _, form = read_form(_form_grid())
    amounts = {key: str(cell.amount.value) for key, cell in form.funds.items() if cell.amount}
    assert amounts == {("实施期", "总额"): "47100", ("年度", "总额"): "40000", ("实施期", "中央"): "0", ("年度", "中央"): "0",
                       ("实施期", "省级"): "7100", ("年度", "省级"): "0", ("实施期", "市县"): "40000", ("年度", "市县"): "40000"}


def test_the_grid_holds_the_same_amounts_as_the_form() -> None:
    rows, form = read_form(_form_grid())
    cell = form.funds["年度", "总额"]
    assert rows[cell.row][cell.column] is cell


def test_indicators_have_their_value_on_each_side() -> None:
    _, form = read_form(_form_grid())
    read = [(i.period, i.level1, i.level2, i.name.text if i.name else "", i.value.text if i.value else "") for i in form.indicators]
    assert read == [("实施期", "产出指标", "数量指标", "培训人数", "≥100人"), ("年度", "产出指标", "数量指标", "培训人数", "≥30人"),
                    ("实施期", "产出指标", "质量指标", "合格率", "≥95%"), ("年度", "产出指标", "质量指标", "合格率", "≥95%")]


def test_a_budget_table_is_no_form() -> None:
    assert is_form(_form_grid())
    assert not is_form(grid([["项目名称", "合计", "一般公共预算"], ["示例培训经费", "1.00", "1.00"]]))


CATALOGUE = [["代码", "一级目录", "二级目录", "三级目录", "四级目录"], ["示例部门", None, None, None, None], ["A", "公共服务", "", "", ""],
             ["A01", "", "公共安全服务", "", ""], ["A0101", "", "", "公共安全隐患排查治理服务", ""], ["另一部门", None, None, None, None], ["A", "公共服务", "", "", ""]]


def test_the_catalogue_has_blocks_codes_and_levels() -> None:
    rows = grid(CATALOGUE)
    assert is_catalogue(rows)
    entries = read_catalogue(rows[1:])
    assert [(e.department, e.code, e.name, e.column) for e in entries] == [
        ("示例部门", "A", "公共服务", 1), ("示例部门", "A01", "公共安全服务", 2), ("示例部门", "A0101", "公共安全隐患排查治理服务", 3), ("另一部门", "A", "公共服务", 1)]


def test_a_list_of_projects_with_their_indicators_is_no_form() -> None:
    head = ["项目名称", "年度目标", "一级指标", "二级指标", "三级指标", "指标值"]
    assert not is_form(grid([head, ["示例项目", "示例目标", "产出指标", "数量指标", "示例数量", "≥10"]]))
    assert is_form(grid([["项目名称", "示例项目", "", ""], ["一级指标", "二级指标", "三级指标", "指标值"]]))
