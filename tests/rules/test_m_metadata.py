"""M: unit name, year, amount unit, 部门 or 单位, dates, file properties."""
from __future__ import annotations

from dataclasses import replace

import pytest

from core.model import Place, Span
from tests.builders import document, paragraph, section, table, toc
from tests.formulas.provinces import PROVINCES, province
from tests.rules.running import at, failures, holds, not_run, severity

NAME = "示例县医疗保险服务中心"
AMOUNTS = {"表一": ["收入总计", "5884.31", "支出总计", "5884.31", "", ""], "表二": ["合计", None, "5884.31", "5884.31", *[""] * 5],
           "表三": ["合计", None, "5884.31", "780.05", "5104.26"], "表五": ["合计", None, "5884.31", "780.05", "5104.26"]}


def one(table_id, *, body="", **more):
    made = table(table_id, [AMOUNTS[table_id]], **more)
    return replace(made, body_span=Span(body, (Place(5, (50.0, 80.0, 300.0, 92.0)),))) if body else made


def with_names(*bodies, text=""):
    tables = [one(t, body=f"单位名称：{b}" if b else "") for t, b in zip(("表一", "表二", "表三", "表五"), bodies, strict=False)]
    sections = [section("二、收入", text, role="income_note")] if text else []
    return document(tables, sections, unit_name=NAME, kind="单位预算")


def test_one_name_everywhere_holds():
    assert holds("M001", with_names(NAME, NAME, NAME, text=f"2024年度{NAME}预算收入总计5.00万元。"))


def test_without_a_name_on_the_cover_nothing_is_compared():
    assert not_run("M001", document(unit_name=""))


def test_a_name_one_character_off_is_an_error_at_its_line():
    (found,) = failures("M001", with_names(NAME, "示例县医疗保障服务中心", NAME))
    assert severity("M001", found) == "error" and found.evidence[0].text == "单位名称：示例县医疗保障服务中心" and at(found)[0] == "表二"


def test_another_body_on_one_table_is_an_error():
    (found,) = failures("M001", with_names(NAME, NAME, "另一县教育局", NAME))
    assert severity("M001", found) == "error" and at(found)[0] == "表三"


def test_a_short_form_on_every_table_is_fine():
    assert holds("M001", with_names(*["示例医疗保险服务中心"] * 4))


def test_another_name_on_every_table_is_one_warning():
    found = failures("M001", with_names(*["另一县教育局"] * 4))
    assert {severity("M001", o) for o in found} == {"warning"} and len({o.group for o in found}) == 1


@pytest.mark.parametrize("text", ["2024年度示例县医疗保障服务中心预算收入总计5.00万元。", "2024年示例县医疗保障服务中心政府采购预算总额1.00万元。",
                                  "截至2023年12月31日，示例县医疗保障服务中心共有公务用车编制3辆。"])
def test_a_near_miss_in_the_text_is_told_at_the_name(text):
    (found,) = failures("M001", with_names(NAME, text=text))
    assert found.evidence[0].text == "示例县医疗保障服务中心" and severity("M001", found) == "error"


@pytest.mark.parametrize("text", ["2024年本单位预算收入总计5.00万元。", "2024年医疗救助补助资金财政拨款安排5.00万元。", "示例县医疗保障局所属事业单位。"])
def test_other_names_in_other_sentences_are_fine(text):
    assert holds("M001", with_names(NAME, text=text))


def test_one_year_everywhere_holds():
    made = document([one("表三")], [section("二、收入", "2024年预算5.00万元，比2023年增加2083.68万元，依据晋财社〔2017〕89号。")],
                    toc(("表三2024年预算支出总表", "5")))
    assert holds("M002", made)
    assert not_run("M002", document(year=None))


def test_a_title_of_last_year_is_an_error_at_the_title():
    (found,) = failures("M002", document([one("表三", title="2023年预算支出总表")]))
    assert (found.actual, found.expected, severity("M002", found)) == ("2023年", "2024年", "error") and at(found)[3] == "2023年预算支出总表"


def test_contents_and_headings_are_looked_at_too():
    made = document(sections=[section("第三部分 2023年度部门预算情况说明", level=1)], contents=toc(("表三2022年预算支出总表", "5")))
    assert sorted(o.actual for o in failures("M002", made)) == ["2022年", "2023年"]


def test_a_column_of_last_year_is_fine_beside_this_years():
    both = [["科目编码", "科目名称", "2023年预算数", "2024年预算数", "项目支出"]]
    assert holds("M002", document([one("表三", header=both)]))
    only = [["项目", None, "2023年预算数", None, None], ["科目编码", "科目名称", "合计", "基本支出", "项目支出"]]
    (found,) = failures("M002", document([one("表三", header=only)]))
    assert severity("M002", found) == "warning"


def test_a_sentence_that_opens_with_another_year_is_told():
    made = document(sections=[section("二、收入", "2023年度示例县示例局预算收入总计5.00万元。")])
    (found,) = failures("M002", made)
    assert found.evidence[0].text.startswith("2023年度示例县示例局")


def test_last_years_execution_is_no_opening():
    assert holds("M002", document(sections=[section("二、收入", "2023年当年预算执行数为5.00万元。")]))


def test_amount_units():
    assert holds("M003", document([one("表三"), one("表五")]))
    assert not_run("M003", document())
    (found,) = failures("M003", document([one("表三"), one("表五", unit="")]))
    assert at(found)[0] == "表五" and severity("M003", found) == "error"


@pytest.mark.parametrize("where", [{"title": "2024年预算支出总表（单位：万元）"}, {"notes": ["注：金额单位：万元"]}])
def test_a_unit_stated_elsewhere_counts(where):
    assert holds("M003", document([one("表五", unit="", **where)]))


def test_an_unread_page_is_not_accused():
    assert not_run("M003", replace(document([one("表五", unit="")]), unread_pages=(5,)))


def test_a_unit_ten_thousand_times_off_is_told_at_the_unit():
    made = document([one("表一"), one("表二", unit="元"), one("表三"), one("表五")])
    (found,) = failures("M004", made)
    assert at(found)[0] == "表二" and found.evidence[0].text == "单位：元" and found.expected == "万元"
    assert holds("M004", document([one(t) for t in AMOUNTS]))
    assert not_run("M004", document([one("表一"), one("表三")]))


@pytest.mark.parametrize(("kind", "text", "word"), [("单位预算", "本部门2024年预算5.00万元。", "本部门"), ("部门预算", "我单位无机关运行经费。", "我单位")])
def test_the_wrong_kind_of_body_is_told(kind, text, word):
    (found,) = failures("M005", document(sections=[section("八、机关运行经费", text, role="operating_note")], kind=kind))
    assert found.evidence[0].text == word and severity("M005", found) == "warning"


@pytest.mark.parametrize(("kind", "text"), [
    ("单位预算", "占部门（单位）项目支出总额的100%，预算部门、主管部门和财政部门按部门预算支出经济科目编列。"), ("部门预算", "事业单位业务用车0辆，单位资金0万元，所属单位1个。"),
    ("部门预算", "本部门和本单位均按规定编制。")])
def test_usual_wording_is_left_alone(kind, text):
    assert holds("M005", document(sections=[section("三、说明", text, role="expenditure_note")], kind=kind))


def test_headings_count_and_an_unknown_kind_does_not():
    assert len(failures("M005", document(sections=[section("第二部分 2024年部门预算报表", level=1)], kind="单位预算"))) == 1
    assert not_run("M005", document(kind=""))


@pytest.mark.parametrize("date", ["2024年2月30日", "2024年13月1日", "2023年2月29日"])
def test_a_date_of_no_calendar(date):
    (found,) = failures("M006", document(sections=[section("十一、资产", f"截至{date}，共有3辆。")]))
    assert found.evidence[0].text == date


def test_real_dates_hold():
    assert holds("M006", document(sections=[section("十一、资产", "截至2024年2月29日，2023年12月31日。")]))
    assert not_run("M006", document(sections=[section("十一、资产", "无。")]))


@pytest.mark.parametrize(("properties", "says"), [({"Title": "某县教育局2022年部门决算"}, "年度不同"), ({"Author": "王小明"}, "王**"),
                                                  ({"Title": "某某市交通运输局单位预算公开说明"}, "另一单位")])
def test_properties_of_another_file_or_person(properties, says):
    (found,) = failures("M007", document(properties=properties))
    assert says in found.message and "王小明" not in str(found)


@pytest.mark.parametrize("properties", [{"Author": "Administrator", "Title": "Microsoft Word - 文档1"}, {"Title": "示例县示例局2024年部门预算"}, {"Author": "财政局"}])
def test_ordinary_properties_hold(properties):
    assert holds("M007", document(properties=properties))


def test_no_properties_nothing_to_say():
    assert not_run("M007", document())


def test_a_title_without_the_year_that_the_others_have_is_a_hint():
    tables = [one(t) for t in AMOUNTS]
    bare = replace(tables[2], title="预算支出总表", title_span=Span("预算支出总表", (Place(5, (50.0, 60.0, 400.0, 75.0)),)))
    (found,) = failures("M002", document([*tables[:2], bare, tables[3]]))
    assert at(found)[0] == "表三" and severity("M002", found) == "info"


def with_cover(cover, glossary):
    return document(front=[paragraph(cover, "", 1)], sections=[section("三、名词解释", glossary, role="glossary")])


def test_wording_of_another_grade_is_told():
    found = failures("M008", with_cover("某市某区2024年区级部门预算", "财政拨款收入：是市级预算主管部门从市级财政取得的拨款。"))
    assert [o.actual for o in found] == ["市级", "市级"] and len({o.group for o in found}) == 1 and found[0].expected == "区级"


def test_own_grade_or_no_grade_is_fine():
    assert holds("M008", with_cover("某市某区2024年区级部门预算", "是区级预算主管部门取得的拨款，指省直部门安排的经费。"))
    assert not_run("M008", with_cover("某县2024年部门预算", "是市级财政取得的拨款。"))


@pytest.mark.parametrize("text", ["2024年，示例县医疗保险服务站收入预算5.00万元。", "2024年示例县医疗保险服务局财政拨款的机关运行经费预算为15.22万元。"])
def test_a_name_nearly_right_after_the_year_is_told(text):
    (found,) = failures("M001", with_names(NAME, text=text))
    assert severity("M001", found) == "error" and found.evidence[0].text.startswith("示例县医疗保险服务")


def test_a_body_that_the_document_lists_is_no_misspelling():
    made = with_names(NAME, text="2024年示例县医疗保障服务中心财政拨款5.00万元。")
    listed = section("二、机构设置", "下设示例县医疗保障服务中心。", role="organisation", id="1.2")
    assert holds("M001", replace(made, sections=(listed, *made.sections)))


def test_a_label_above_one_table_that_differs_from_the_others():
    made = with_names(NAME, NAME, NAME, NAME)
    odd = replace(made.tables[1], body_span=Span(f"部门名称：{NAME}", made.tables[1].body_span.places))
    (found,) = failures("M005", replace(made, tables=(made.tables[0], odd, *made.tables[2:])))
    assert at(found)[0] == "表二" and found.expected == "单位名称"
    assert holds("M005", made)


def test_a_lone_table_with_another_unit_than_the_template_gives_is_a_warning():
    made = document([one("表一"), one("表二"), one("表三"), one("表五"), table("表十三", [["合计", "57.00", "57.00", "", ""]], unit="元")])
    (found,) = failures("M004", made)
    assert at(found)[0] == "表十三" and severity("M004", found) == "warning" and found.evidence[0].text == "单位：元"


def test_a_document_all_in_another_unit_is_fine():
    assert holds("M004", document([one(t, unit="元") for t in AMOUNTS]))


def test_a_name_before_the_year_counts_and_sister_bodies_do_not():
    made = document(sections=[section("四、财政拨款", "示范县医疗保障局2024年度财政拨款收入5.00万元。")], unit_name="示例县医疗保障局")
    (found,) = failures("M001", made)
    assert found.evidence[0].text == "示范县医疗保障局"
    assert holds("M001", document(sections=[section("四、财政拨款", "2024年示例县第二中学收入5.00万元。")], unit_name="示例县第一中学"))


def test_a_table_in_another_unit_that_prints_the_others_figure() -> None:
    right = province(PROVINCES[0])
    spans = tuple(replace(t, unit_span=Span("单位：万元", (Place(5, (400.0, 60.0, 480.0, 72.0)),))) for t in right.tables)
    right = replace(right, tables=spans)
    assert not failures("M004", right)

    def in_yuan(t):
        lines = tuple(replace(o, cells={k: replace(c, amount=replace(c.amount, unit="元") if c.amount else None) for k, c in o.cells.items()}) for o in t.lines)
        return replace(t, amount_unit="元", lines=lines, unit_span=replace(t.unit_span, text="单位：元"))

    wrong = replace(right, tables=tuple(in_yuan(t) if t.role == "basic" else t for t in right.tables))
    (found,) = failures("M004", wrong)
    assert found.evidence[0].text == "单位：元" and severity("M004", found) == "warning"


def test_pictures_that_nobody_read_are_told_once():
    word = replace(document([], [section("二、收入", "收入情况如下。", "［图片，没有读取］16 × 20 厘米", "［图片，没有读取］15 × 9 厘米", role="income_note")]),
                   path="预算公开.docx")
    (found,) = failures("M020", word)
    assert severity("M020", found) == "info" and "2 张" in found.message and len(found.evidence) == 2
    assert holds("M020", replace(word, sections=(section("二、收入", "收入情况如下。", role="income_note"),)))
    assert not_run("M020", replace(word, path="预算公开.pdf"))
