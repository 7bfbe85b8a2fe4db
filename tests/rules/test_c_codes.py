"""C: codes of the tables, by themselves, against the lists and against the text."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.layouts import template
from core.model import Line
from core.reference import OFFICE, CodeList, Reference, Subject, load_reference
from core.rules.c001_codes import _out_of_order
from core.rules.c010_names import judge
from tests.builders import document, section, table
from tests.rules.running import at, failures, holds, not_run, severity

TREE = [["合计", None, "30", "30", ""], ["208", "社会保障和就业支出", "10", "10", ""], ["20805", "行政事业单位养老支出", "10", "10", ""],
        ["2080505", "机关事业单位基本养老保险缴费支出", "10", "10", ""], ["221", "住房保障支出", "20", "20", ""],
        ["22102", "住房改革支出", "20", "20", ""], ["2210201", "住房公积金", "20", "20", ""]]
ALL = ("C001", "C002", "C003", "C004", "C010")


def tree(*changes: tuple[int, int, str], drop: tuple[int, ...] = (), more: tuple[tuple[int, list], ...] = ()):
    rows = [list(r) for r in TREE]
    for r, c, text in changes:
        rows[r][c] = text
    for index, row in more:
        rows.insert(index, row)
    return [r for i, r in enumerate(rows) if i not in drop]


def doc(rows, table_id="表三", **more):
    return document([table(table_id, rows)], **more)


@pytest.mark.parametrize("rule_id", ALL)
def test_a_proper_tree_holds(rule_id):
    assert holds(rule_id, doc(tree()))


@pytest.mark.parametrize("rule_id", [*ALL, "C011", "C012", "C013", "C020", "C005"])
def test_without_coded_tables_nothing_is_run(rule_id):
    if rule_id in ("C012", "C013"):
        coded = template("shanghai-budget").table("表8")
        assert coded is not None
        made = document([table("表8", [["301", "01", "基本工资", "5", "5", ""]], template_id="shanghai-budget",
                               header=[["类", "款", "科目名称", "合计", "人员经费", "公用经费"]])], template_id="shanghai-budget")
        assert not_run(rule_id, made)
    else:
        assert not_run(rule_id, document())


def test_a_code_of_six_digits_is_told_at_its_cell():
    (found,) = failures("C001", doc(tree((3, 0, "208050"))))
    assert at(found) == ("表三", "208050 机关事业单位基本养老保险缴费支出", "项目/科目编码", "208050")


def test_a_missing_group_is_told_once_for_each_item_under_one_cause():
    found = failures("C002", doc(tree(drop=(2,), more=((4, ["2080506", "机关事业单位职业年金缴费支出", "", "", ""]),))))
    assert [at(o)[3] for o in found] == ["2080505", "2080506"]
    assert len({o.group for o in found}) == 1 and found[0].expected == "20805"


def test_a_parent_below_its_child_is_told():
    rows = tree()
    rows[2], rows[3] = rows[3], rows[2]
    (found,) = failures("C002", doc(rows))
    assert at(found)[3] == "2080505"


def test_a_table_of_items_only_has_no_parents_to_miss():
    assert not_run("C002", doc([r for r in tree() if len(r[0]) == 7]))


def test_order_points_at_the_row_that_stands_wrong():
    rows = tree(more=((3, ["2080599", "其他行政事业单位养老支出", "", "", ""]),))
    (found,) = failures("C003", doc(rows))
    assert at(found)[3] == "2080599"


def test_units_one_after_the_other_start_again():
    rows = [["", "示例一中心", "30", "30", ""], *tree()[1:], ["", "示例二中心", "30", "30", ""], *tree()[1:]]
    assert holds("C003", doc(rows)) and holds("C004", doc(rows))


def test_a_duplicate_names_both_rows():
    (found,) = failures("C004", doc(tree(more=((7, ["2210201", "住房公积金", "1", "1", ""]),))))
    assert [e.cell for e in found.evidence] == [(9, 0), (8, 0)]


@given(st.lists(st.sampled_from(["201", "20101", "208", "20805", "210", "221"]), max_size=8))
def test_what_is_left_after_taking_out_the_outliers_ascends(codes):
    lines = [Line("t", i, 0, code, "", 1, None, {}) for i, code in enumerate(codes)]
    wrong = {line.index for line in _out_of_order(lines)}
    rest = [c for i, c in enumerate(codes) if i not in wrong]
    assert rest == sorted(rest)
    assert bool(wrong) == (codes != sorted(codes))


def three_columns(*codes):
    rows = [[a, b, c, "名称", "1", "1", ""] for a, b, c in codes]
    return document([table("表3", rows, template_id="shanghai-budget",
                           header=[["类", "款", "项", "科目名称", "合计", "基本支出", "项目支出"]])], template_id="shanghai-budget")


def test_unpadded_groups_are_one_warning_with_their_count():
    (found,) = failures("C005", three_columns(("208", "", ""), ("208", "5", ""), ("208", "5", "05")))
    assert "2 处" in found.message and severity("C005", found) == "warning"
    assert holds("C005", three_columns(("208", "", ""), ("208", "05", ""), ("208", "05", "05")))


def test_a_name_of_another_subject_is_an_error_at_the_name():
    (found,) = failures("C010", doc(tree((6, 1, "行政单位医疗"))))
    assert at(found) == ("表三", "2210201 行政单位医疗", "项目/科目名称", "行政单位医疗")
    assert (severity("C010", found), found.expected) == ("error", "住房公积金")


def test_a_digit_slip_offers_the_code_of_the_name():
    (found,) = failures("C010", doc(tree((3, 0, "2080515"))))
    assert (at(found)[3], found.expected, severity("C010", found)) == ("2080515", "2080505", "error")


def test_an_unknown_code_is_a_hint_unless_the_office_has_the_book():
    rows = tree((6, 0, "2210277"), (6, 1, "某某补贴"))
    assert [severity("C010", o) for o in failures("C010", doc(rows))] == ["info"]
    base = load_reference(2024)
    own = tuple(Subject(c, n, OFFICE) for c, n in (("221", "住房保障支出"), ("22102", "住房改革支出"), ("2210201", "住房公积金")))
    lists = {**base.lists, "functional_expenditure": CodeList("functional_expenditure", (*own, *base.functional.subjects), frozenset({"221"}))}
    book = Reference(2024, lists, base.catalogue, base.mapping, base.regulations)
    assert [severity("C010", o) for o in failures("C010", doc(rows), reference=book)] == ["error"]


def test_rows_that_nobody_read_never_accuse():
    codes = CodeList("functional_expenditure", (Subject("2010102", "一般行政管理事务", "inferred"),))
    assert judge(codes, "2010102", "行政运行", 2024).severity == "info"


@pytest.mark.parametrize("printed", ["住房 公积金", "住房公积金（项）", "（一）住房公积金"])
def test_marks_and_blanks_make_no_other_name(printed):
    assert holds("C010", doc(tree((6, 1, printed))))


def test_both_names_of_a_renamed_code_are_right():
    codes = load_reference().functional
    assert not judge(codes, "2081105", "残疾人就业", 2024).severity
    assert not judge(codes, "2081105", "残疾人就业和扶贫", 2024).severity


def test_a_code_not_yet_in_use_is_a_hint():
    assert judge(load_reference().functional, "20139", "社会工作事务", 2022).severity == "info"
    assert not judge(load_reference().functional, "20139", "社会工作事务", 2024).severity


def unlisted(second_name):
    one = [*tree(), ["2219999", "某项支出", "1", "1", ""]]
    two = [*tree(), ["2219999", second_name, "1", "1", ""]]
    return document([table("表三", one), table("表五", two)])


def test_one_code_with_two_names_over_the_tables():
    (found,) = failures("C011", unlisted("另项支出"))
    assert {e.table for e in found.evidence} == {"表三", "表五"}
    assert holds("C011", unlisted("某项 支出"))


def test_what_the_list_settles_is_not_told_twice():
    made = document([table("表三", tree()), table("表五", tree((6, 1, "行政单位医疗")))])
    assert not failures("C011", made)


def economic(*rows):
    return document([table("表六", [["合计", None, "9", "9", ""], *[[a, b, "1", "1", ""] for a, b in rows]])])


def test_names_of_both_economic_classifications_hold():
    assert holds("C012", economic(("工资福利支出", ""), ("基本工资", "工资奖金津补贴")))
    assert holds("C013", economic(("基本工资", "工资奖金津补贴")))


def test_a_government_subject_in_the_department_column_is_told():
    (found,) = failures("C012", economic(("机关工资福利支出", ""), ("基本工资", "工资奖金津补贴")))
    assert at(found)[3] == "机关工资福利支出" and at(found)[0] == "表六"


def test_a_misspelt_economic_subject_offers_the_nearest():
    (found,) = failures("C012", economic(("基本工姿", "工资奖金津补贴")))
    assert found.expected == "基本工资"


def test_an_unusual_pair_is_only_a_hint():
    (found,) = failures("C013", economic(("基本工资", "会议费")))
    assert severity("C013", found) == "info"


def with_text(text, rows=None):
    return document([table("表三", rows or tree())], [section("三、支出", text, role="expenditure_note")])


@pytest.mark.parametrize("text", ["1.“住房保障支出（类）住房改革支出（款）住房公积金（项）”20.00万元。",
                                  "1.“住房保障支出-住房改革支出-住房公积金”科目20.00万元。",
                                  "住房保障支出（221类）住房改革支出（02款）住房公积金（01项）20.00万元。"])
def test_an_item_named_as_in_the_table_holds(text):
    assert holds("C020", with_text(text))


def test_a_level_too_deep_is_an_error_that_gives_the_right_item():
    text = "1.“住房保障支出（类）住房保障支出（款）住房改革支出（项）”20.00万元。"
    (found,) = failures("C020", with_text(text))
    assert severity("C020", found) == "error" and found.expected == "住房保障支出-住房改革支出-住房公积金（2210201）"
    assert "住房保障支出（类）" in found.evidence[0].text


def test_an_item_that_no_table_has_is_a_warning():
    (found,) = failures("C020", with_text("“教育支出（类）普通教育（款）学前教育（项）”1.00万元。"))
    assert severity("C020", found) == "warning"
