"""How much has been verified: counted over tables and narrative, figure by figure."""
from core.coverage import coverage
from core.model import Cell, Form, Place, Table
from core.results import Evidence, Outcome, not_run, of_cell, of_span, passed
from tests.builders import document, section, table

ROWS = [["合计", None, "60.00", "20.00", "40.00"], ["205", "教育支出", "60.00", "20.00", ""]]


def spent():
    return table("表三", ROWS)


def cell(row, column):
    made = spent()
    line = made.line(row)
    return of_cell(line.cells[column], "表三", row, column)


def test_nothing_verified():
    assert (coverage(document([spent()]), []).amounts, coverage(document([spent()]), []).verified) == (5, 0)


def test_a_figure_counts_once_however_often_it_is_verified():
    outcomes = [passed("甲", cell("合计", "合计")), passed("乙", cell("合计", "合计"))]
    assert coverage(document([spent()]), outcomes).verified == 1


def test_what_did_not_run_verifies_nothing():
    assert coverage(document([spent()]), [not_run("甲", "缺表", cell("合计", "合计"))]).verified == 0


def test_a_failed_relation_has_looked_at_its_figures():
    bad = Outcome("fail", "甲", (cell("合计", "合计"), cell("205", "合计")))
    said = coverage(document([spent()]), [bad])
    assert said.verified == 2
    assert said.parts == (("表三", 5, 2),)
    assert len(said.cells) == 2


def test_a_rule_may_say_what_it_verified():
    outcome = Outcome("pass", "甲", (cell("合计", "合计"), cell("205", "合计")), verifies=(cell("合计", "合计"),))
    assert coverage(document([spent()]), [outcome]).verified == 1


def test_sums_of_money_and_percentages_in_the_narrative():
    part = section("三、支出预算情况说明", "支出1,200.50万元，占12.5%，比2023年增加3个项目。")
    assert coverage(document(sections=[part]), []).parts == (("文字", 2, 0),)


def test_the_very_figure_is_verified_and_not_the_sentence_around_it():
    part = section("三、支出预算情况说明", "支出1,200.50万元，占12.5%。")
    paragraph = part.paragraphs[0]
    doc = document(sections=[part])
    assert coverage(doc, [passed("甲", *of_span(paragraph.span(2, 10)))]).verified == 1
    assert coverage(doc, [passed("甲", *of_span(paragraph.span()))]).verified == 0


def test_without_boxes_figures_are_known_by_their_text():
    part = section("三、支出预算情况说明", "支出1,200.50万元。")
    plain = type(part.paragraphs[0])(part.paragraphs[0].text, part.id, tuple((20, None) for _ in part.paragraphs[0].text))
    doc = document(sections=[type(part)(part.id, part.title, part.level, part.span, (plain,))])
    assert coverage(doc, [passed("甲", Evidence(20, None, text="1,200.50"))]).verified == 1
    assert coverage(doc, [passed("甲", Evidence(20, None, text="1,200.51"))]).verified == 0


def test_funds_of_performance_forms_count():
    funds = {("年度", "总额"): Cell("10000", Place(30), 3, 7), ("年度", "中央"): Cell("", Place(30), 4, 7)}
    made = Table("绩效1", "performance", "performance", "绩效目标表", (30,), (), (), (), form=Form({}, funds, ()))
    assert coverage(document([made]), []).parts == (("绩效1", 1, 0),)
