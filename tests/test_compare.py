"""Comparing two versions says what is solved, what is new, and what changed where."""
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.compare import ADDED, CHANGED, REMOVED, compare, difference
from core.results import Coverage, Finding, Result, of_cell
from tests.builders import document, section, table

TOTAL = ["", "合计", "1200.00", "1000.00", "200.00"]
HEALTH = ["210", "卫生健康支出", "200.00", "100.00", "100.00"]
SOCIAL = ["208", "社会保障和就业支出", "1000.00", "900.00", "100.00"]


def result(rows=(TOTAL, SOCIAL, HEALTH), text="本年支出 1200.00 万元，比上年增加 10.5%。", findings=(), **more):
    doc = document([table("表三", [list(r) for r in rows], **more)], [section("三、支出预算情况说明", text, role="expenditure_note")])
    return Result(doc, tuple(findings), (), Coverage(0, 0))


def finding(rule, row="合计", actual="1", page_result=None):
    cell = (page_result or result()).document.tables[0].rows[0][2]
    return Finding(rule, "arithmetic", "error", "合计不符", "…", (of_cell(cell, "表三", row, "合计"),), actual=actual)


def test_the_same_version_twice_changes_nothing():
    assert compare(result(), result()).same


def test_findings_are_matched_by_name_not_by_figure():
    before = result(findings=[finding("S201"), finding("X105")])
    after = result(findings=[finding("S201", actual="2"), finding("N001")])
    found = compare(before, after)
    assert [f.rule for f in found.solved] == ["X105"]
    assert [f.rule for f in found.new] == ["N001"]
    assert [(a.actual, b.actual) for a, b in found.staying] == [("1", "2")]


def test_one_of_two_equal_findings_solved():
    found = compare(result(findings=[finding("S201"), finding("S201")]), result(findings=[finding("S201")]))
    assert len(found.solved) == 1 and len(found.staying) == 1 and not found.new


def test_a_changed_figure_is_named_by_table_row_and_column():
    (change,) = compare(result(), result([TOTAL, SOCIAL, [*HEALTH[:3], "120.00", HEALTH[4]]])).cells
    assert (change.kind, change.after_table, change.row, change.column) == (CHANGED, "表三", "210 卫生健康支出", "基本支出")
    assert (change.before.text, change.after.text, change.difference) == ("100.00", "120.00", Decimal("20.00"))


def test_a_new_row_shifts_no_other_row():
    added = ["213", "农林水支出", "5.00", "5.00", ""]
    found = compare(result(), result([TOTAL, SOCIAL, added, HEALTH]))
    assert not found.cells
    assert [(r.kind, r.row) for r in found.rows] == [(ADDED, "213 农林水支出")]
    assert [(r.kind, r.row) for r in compare(result([TOTAL, SOCIAL, added, HEALTH]), result()).rows] == [(REMOVED, "213 农林水支出")]


def test_a_moved_row_is_no_change():
    assert compare(result(), result([TOTAL, HEALTH, SOCIAL])).same


def test_a_corrected_name_or_code_is_a_change_of_that_cell():
    (change,) = compare(result(), result([TOTAL, SOCIAL, ["210", "卫生健康支岀", *HEALTH[2:]]])).cells
    assert (change.column, change.before.text, change.after.text) == ("科目名称", "卫生健康支出", "卫生健康支岀")
    (change,) = compare(result(), result([TOTAL, SOCIAL, ["211", *HEALTH[1:]]])).cells
    assert (change.column, change.before.text, change.after.text) == ("科目编码", "210", "211")


def test_blank_and_figure_differ_by_the_figure():
    (change,) = compare(result([TOTAL, [*SOCIAL[:4], ""]]), result([TOTAL, SOCIAL])).cells
    assert change.difference == Decimal("100.00")


def test_a_changed_sentence_shows_the_figure_whole():
    (change,) = compare(result(), result(text="本年支出 1210.00 万元，比上年增加 10.5%。")).texts
    assert change.section == "三、支出预算情况说明"
    assert [p for p in change.pieces if p[0] != "equal"] == [(REMOVED, "1200.00"), (ADDED, "1210.00")]


def test_tables_that_come_or_go_are_named():
    before = result()
    more = document([*before.document.tables, table("表二", [["", "合计", "1", "1", "", "", "", "", ""]])], before.document.sections)
    found = compare(before, Result(more, (), (), Coverage(0, 0)))
    assert [name.split()[0] for name in found.tables_added] == ["表二"]
    assert not found.tables_removed


@given(st.text(alphabet="收支1234.5，。 ", max_size=30), st.text(alphabet="收支1234.5，。 ", max_size=30))
def test_the_pieces_give_both_texts_back(before, after):
    pieces = difference(before, after)
    assert "".join(t for k, t in pieces if k != REMOVED) == after
    assert "".join("".join(t.split()) for k, t in pieces if k != ADDED) == "".join(before.split())
