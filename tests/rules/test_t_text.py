"""T: marks, words, brackets, document numbers, figures, terms."""
from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.t001_marks import doubled, unpaired
from core.rules.t004_slips import _likely
from tests.builders import document, paragraph, section, table
from tests.rules.running import at, failures, holds, not_run, severity

RULES = ("T001", "T002", "T003", "T004", "T005", "T006", "T007", "T008", "T009")
CLEAN = "依据晋财社〔2023〕292号，预算1,720.00万元（含上年结转），“三公”经费0万元；人民政府政府采购预算3.60万元，占0.21%。"


def text(*paragraphs, **more):
    return document(sections=[section("三、说明", *paragraphs, role="expenditure_note")], **more)


@pytest.mark.parametrize("rule_id", RULES)
def test_ordinary_text_holds(rule_id):
    assert holds(rule_id, text(CLEAN)), failures(rule_id, text(CLEAN))


@pytest.mark.parametrize("rule_id", RULES)
def test_without_text_nothing_is_looked_at(rule_id):
    assert not_run(rule_id, document())


@pytest.mark.parametrize("mark", ["。；", "。。", "，，", "；。", "、，", "。;", "：："])
def test_doubled_marks_are_told_at_their_place(mark):
    (found,) = failures("T001", text(f"预算二级单位{mark}本年支出5.00万元。"))
    assert found.evidence[0].text == mark and severity("T001", found) == "warning"


@pytest.mark.parametrize("fine", ["等等……。", "一是……；二是……", "。。。", "说：“好。”，又说", "比例1:1,共2;其中", "http://a", "1.2.3"])
def test_marks_that_belong_together(fine):
    assert not list(doubled(fine))


@pytest.mark.parametrize(("words", "hit"), [("主要原因是主要原因是人员增加。", "主要原因是主要原因是"), ("收入5.00万元万元。", "万元万元"), ("安排的的资金。", "的的")])
def test_doubled_words_from_the_list(words, hit):
    (found,) = failures("T002", text(words))
    assert found.actual == hit


@pytest.mark.parametrize("fine", ["人民政府政府采购预算", "事业单位单位资金", "的的确确", "一元元件", "基层组织组织开展", "收入增加，增加额为"])
def test_words_that_meet_by_chance(fine):
    assert holds("T002", text(fine))


def test_lone_brackets_and_quotes():
    assert unpaired("中央财政补助(晋财社【2023】282号") == [6]
    assert unpaired("补贴(2023)312号)") == [12]
    (found,) = failures("T003", text("按照“三公经费管理规定执行。"))
    assert found.actual == "“" and severity("T003", found) == "info"


@pytest.mark.parametrize("fine", ["1）职责；2）机构。", "（一）职责（二）机构", "（款)", "《关于印发〈目录〉的通知》", "一）概况", "（1）收入"])
def test_what_needs_no_partner(fine):
    assert not unpaired(fine)


def test_a_paragraph_cut_by_a_page_is_read_with_its_neighbour():
    assert holds("T003", text("用于业务（含差旅、培训", "和会议）等支出。"))


def test_a_lone_bracket_in_a_project_name_is_told_at_its_cell():
    made = document([table("表十二", [["见习补贴晋财社(2023)312号)", "5.00", "5.00", "", "", "", ""]])], [section("三、说明", "有。")])
    (found,) = failures("T003", made)
    assert at(found)[0] == "表十二" and found.actual == ")"


@given(st.lists(st.sampled_from(["（", "）", "“", "”", "字"]), max_size=8).map("".join))
def test_pairing_is_lost_or_kept_for_each_kind(sample):
    wrapped = f"（{sample}）" if not unpaired(sample) else sample
    assert bool(unpaired(wrapped)) == bool(unpaired(sample))


@pytest.mark.parametrize(("number", "says"), [("晋财资〔20173〕318号", "不是四位"), ("晋财社〔2039〕1号", "晚于")])
def test_impossible_years_of_document_numbers(number, says):
    (found,) = failures("T004", text(f"依据{number}文件安排。"))
    assert says in found.message and severity("T004", found) == "warning" and number in found.evidence[0].text


def test_old_money_is_doubtful_in_a_project_but_old_rules_are_not():
    assert [severity("T004", o) for o in failures("T004", text("依据国发〔1994〕12号文件。"))] == []
    made = document([table("表十三", [["就业补助资金晋财社〔2002〕223号", "5.00", "5.00", "", ""]])])
    (found,) = failures("T004", made)
    assert severity("T004", found) == "warning" and found.actual == "晋财社〔2002〕223号"


def test_other_brackets_are_one_hint():
    found = failures("T004", text("晋财社【2023】292号、晋财社(2023)31号、晋财社[2023]2号。"))
    assert {severity("T004", o) for o in found} == {"info"} and len({o.group for o in found}) == 1 and len(found) == 3


@pytest.mark.parametrize(("figure", "meant"), [("35.949.39", "35,949.39"), ("1,23.45", None), ("5,884,31", "5,884.31")])
def test_a_figure_typed_wrong_is_an_error_at_its_place(figure, meant):
    (found,) = failures("T005", text(f"预算收入总计{figure}万元。"))
    assert (found.evidence[0].text, found.expected, severity("T005", found)) == (figure, meant, "error")


@pytest.mark.parametrize("fine", ["5,884.31万元", "1,234,567元", "截至2024.5.24共10元", "增加12，5.00万元", "99.84%"])
def test_figures_typed_right(fine):
    assert holds("T005", text(f"有{fine}。"))


def test_a_cell_that_is_no_number_is_told_at_the_cell():
    made = document([table("表三", [["208", "社会保障和就业支出", "17.169.17", "", ""]])])
    (found,) = failures("T005", made)
    assert at(found) == ("表三", "208 社会保障和就业支出", "2024年预算数/合计", "17.169.17") and found.expected == "17,169.17"


@given(st.integers(1, 999), st.integers(0, 999), st.integers(0, 99))
def test_the_figure_meant_keeps_every_digit(a, b, c):
    assert _likely(f"{a}.{b:03d}.{c:02d}") == f"{a},{b:03d}.{c:02d}"


def test_blanks_inside_figures_are_one_hint():
    found = failures("T006", text("收入35892. 39万元，支出5884 .31万元。"))
    assert len(found) == 2 and len({o.group for o in found}) == 1 and found[0].expected == "35892.39"


@pytest.mark.parametrize(("wrong", "right"), [("国有资产经营预算", "国有资本经营"), ("政府性基本预算", "政府性基金"), ("习进平", "习近平")])
def test_wrong_terms(wrong, right):
    (found,) = failures("T007", text(f"安排{wrong}拨款收入0万元。"))
    assert found.expected == right and severity("T007", found) == "error"


def test_a_term_read_from_a_picture_is_a_warning():
    made = text("x")
    read = replace(paragraph("安排国有资产经营预算拨款。"), ocr=True)
    (found,) = failures("T007", replace(made, sections=(replace(made.sections[0], paragraphs=(read,)),)))
    assert severity("T007", found) == "warning"


@pytest.mark.parametrize("fine", ["国有资产占有使用情况", "国有资产经营公司", "公务用车运行维护费"])
def test_right_terms(fine):
    assert holds("T007", text(fine))


def test_bare_wan():
    (found,) = failures("T008", text("预算1720.00万，其中870.00万元，1.5万人。"))
    assert found.expected == "1720.00万元"


def test_mixed_widths_are_one_hint():
    found = failures("T009", text("行政事业单位医疗（款)行政单位医疗(项）。"))
    assert len(found) == 2 and len({o.group for o in found}) == 1


def test_a_word_that_only_looks_like_a_slip_is_none():
    assert holds("T007", text("把学习进平台、进社区。"))
    assert [severity("T007", o) for o in failures("T007", text("纳入政府性资金预算管理。"))] == ["warning"]


def test_a_figure_of_a_converted_text_may_be_the_conversions_slip():
    made = text("收入总计35.949.39万元。")
    assert [severity("T005", o) for o in failures("T005", made)] == ["error"]
    assert [severity("T005", o) for o in failures("T005", replace(made, form="text"))] == ["warning"]
