"""F: parts, contents, empty tables, detail, glossary, residue."""
from __future__ import annotations

from dataclasses import replace

import pytest

from core.layouts import template
from core.model import Document, Place, Span, Word
from core.rules.f001_parts import out_of_order
from core.rules.f010_contents import gaps, ordinal
from tests.builders import HEADERS, document, section, table, toc
from tests.formulas.provinces import PROVINCES, province
from tests.rules.running import at, failures, holds, not_run, run, severity

SHANXI = template("shanxi-budget")
BODY = {"表六": [["合计", None, "5", "5", ""], ["工资福利支出", "", "5", "5", ""], ["基本工资", "工资奖金津补贴", "5", "5", ""]],
        "表三": [["合计", None, "5", "5", ""], ["208", "社会保障和就业支出", "5", "5", ""], ["20805", "行政事业单位养老支出", "5", "5", ""],
               ["2080505", "机关事业单位基本养老保险缴费支出", "5", "5", ""]]}


def one_table(table_id, page, rows=None, notes=()):
    width = max(len(r) for r in HEADERS[table_id])
    return table(table_id, rows or BODY.get(table_id) or [["合计", *["5"] * (width - 1)]], page=page, notes=notes)


def full(drop_sections=(), drop_tables=(), drop_entries=(), titles=None, pages=None, extra=(), tables=None) -> Document:
    """Every section and table of the template, with contents whose numbers are right."""
    made = tables or [one_table(t.id, 5 + i) for i, t in enumerate(SHANXI.tables) if t.id not in drop_tables]
    sections, entries = [], []
    ids = {1: 0, 2: 0, 3: 0}
    for layout in SHANXI.sections:
        ids[layout.level] += 1
        for deeper in range(layout.level + 1, 4):
            ids[deeper] = 0
        title = layout.title.replace("部门（单位）", "部门")
        page = 3 if ids[1] == 1 else 5 if ids[1] == 2 else 20 + ids[2] if ids[1] == 3 else 39
        if layout.role in drop_sections:
            continue
        if layout.level < 3:
            entries.append((title, str(page - 2)))
        if layout.role == "part_tables":
            entries += [(f"{t.id}2024年{t.title}", str(5 + i - 2)) for i, t in enumerate(SHANXI.tables)]
        text = "一、基本支出：指……。" if layout.role == "glossary" else "有关内容。"
        sections.append(section(title, text, role=layout.role, level=layout.level,
                                id=".".join(str(ids[n]) for n in range(1, layout.level + 1)), page=page))
    entries = [((titles or {}).get(t, t), (pages or {}).get(t, n)) for t, n in entries if t not in drop_entries]
    return document(made, [*sections, *extra], toc(*entries))


def test_a_full_disclosure_holds():
    for rule_id in ("F001", "F002", "F003", "F004", "F010", "F011", "F012", "F013", "F014", "F030", "F031", "F050"):
        assert holds(rule_id, full()), (rule_id, failures(rule_id, full()))


def test_without_a_known_template_nothing_is_asked_for():
    made = document(template_id="generic")
    for rule_id in ("F001", "F002", "F003", "F004", "F005", "F040"):
        assert not_run(rule_id, made), rule_id


def test_a_missing_section_is_told_once_behind_the_one_before():
    (found,) = failures("F001", full(drop_sections={"operating_note"}))
    assert found.expected == "八、机关运行经费增减变动原因说明" and severity("F001", found) == "error"
    assert found.evidence[0].text == "七、“三公”经费增减变动原因说明"


def test_a_part_missing_with_all_its_sections_is_one_finding():
    children = {"duties", "organisation", "part_overview"}
    found = failures("F001", full(drop_sections=children))
    assert [o.expected for o in found] == ["第一部分 概况"] and "其下 2 节" in found[0].message


def test_a_heading_close_to_it_is_unrecognised_rather_than_missing():
    near = section("九、机关运行经费增减变动原因说明", "内容", level=2, id="3.8")
    (found,) = failures("F001", full(drop_sections={"operating_note"}, extra=[near]))
    assert "未识别" in found.message and at(found)[3] == near.title and severity("F001", found) == "info"


def test_nothing_is_missing_while_pages_are_unread():
    made = replace(full(drop_sections={"operating_note"}, drop_tables={"表八"}), unread_pages=(30,))
    assert not failures("F001", made) and not failures("F002", made)


def test_a_document_of_tables_only_is_not_asked_for_sections():
    assert not_run("F001", document([one_table("表三", 5)]))


def test_a_missing_table_is_told_at_its_line_of_the_contents():
    (found,) = failures("F002", full(drop_tables={"表八"}))
    assert found.expected == SHANXI.by_id["表八"].title and severity("F002", found) == "error"
    assert at(found)[0] == "表八" and "政府性基金预算支出表" in at(found)[3]


def test_an_unrecognised_table_with_a_close_title_is_offered():
    loose = replace(one_table("表八", 12), id="未1", role="", kind="unknown", title="政府性基金支出预算表")
    made = full(drop_tables={"表八"})
    (found,) = failures("F002", replace(made, tables=(*made.tables, loose)))
    assert "未识别" in found.message and severity("F002", found) == "warning"


def test_no_table_at_all_is_one_warning():
    (found,) = failures("F002", document(sections=[section("一、本部门职责", role="duties")]))
    assert severity("F002", found) == "warning"


def test_swapped_tables_are_told():
    made = full()
    swapped = list(made.tables)
    swapped[7], swapped[8] = swapped[8], swapped[7]
    assert len(failures("F003", replace(made, tables=tuple(swapped)))) == 1


def test_out_of_order_takes_the_fewest():
    assert out_of_order([1, 2, 5, 3, 4]) == [2]
    assert out_of_order([]) == []


def test_a_table_printed_twice_points_at_the_second():
    made = full()
    again = one_table("表八", 15)
    (found,) = failures("F004", replace(made, tables=(*made.tables, again)))
    assert found.evidence[0].page == 15 and severity("F004", found) == "error"


def test_the_catalogue_may_be_absent_when_the_text_says_so():
    assert holds("F005", document(sections=[section("（一）政府购买服务指导性目录", "我单位无政府购买服务项目。", role="service_catalogue_note")]))
    assert len(failures("F005", document(sections=[section("（一）政府购买服务指导性目录", "见附件", role="service_catalogue_note")]))) == 1


def test_an_entry_without_body_is_told():
    made = full()
    (found,) = failures("F010", replace(made, toc=(*made.toc, *toc(("十三、某某特别事项", "38")))))
    assert "某某特别事项" in found.evidence[0].text


def test_an_entry_whose_table_is_missing_is_left_to_the_table_rule():
    assert not failures("F010", full(drop_tables={"表八"}))


@pytest.mark.parametrize("title", ["表八2024年政府性基金预算支出表（不含上年结转）", "九、政府采购情况"])
def test_a_body_item_that_the_contents_leave_out_is_told(title):
    (found,) = failures("F011", full(drop_entries={title}))
    assert found.expected is not None and found.expected in title


def test_a_level_that_the_contents_never_list_is_not_asked_for():
    assert not failures("F011", full())


def test_titles_that_differ_are_told_and_years_left_to_their_own_rule():
    (found,) = failures("F012", full(titles={"二、收入预算情况说明": "二、收入预算有关情况的说明"}))
    assert found.expected == "二、收入预算情况说明"
    assert holds("F012", full(titles={"表三2024年预算支出总表": "表三2023年预算支出总表"}))


def test_order_of_the_contents():
    made = full()
    entries = list(made.toc)
    entries[-2], entries[-3] = entries[-3], entries[-2]
    assert len(failures("F013", replace(made, toc=tuple(entries)))) == 1


def test_a_wrong_page_number_gives_the_right_one():
    (found,) = failures("F014", full(pages={"第四部分 名词解释": "41"}))
    assert (found.actual, found.expected) == ("41", "37") and found.evidence[0].text == "第四部分 名词解释41"


def test_page_numbers_without_labels_are_judged_by_most_entries():
    made = full(pages={"第四部分 名词解释": "41"})
    bare = replace(made, pages=tuple(replace(p, label="") for p in made.pages))
    assert [o.expected for o in failures("F014", bare)] == ["37"]


def test_one_misread_label_accuses_nobody():
    made = full()
    pages = tuple(replace(p, label="99") if p.number == 39 else p for p in made.pages)
    assert holds("F014", replace(made, pages=pages))


def test_contents_without_numbers_or_no_contents_are_not_compared():
    assert not_run("F014", replace(full(), toc=toc(("一、本部门职责", ""))))
    for rule_id in ("F010", "F011", "F012", "F013", "F014"):
        assert not_run(rule_id, replace(full(), toc=())), rule_id


EMPTY8 = [["合计", None, "", "", ""]]


def test_an_empty_table_needs_a_note():
    (found,) = failures("F020", document([one_table("表八", 12, EMPTY8)]))
    assert severity("F020", found) == "error" and found.evidence[0].table == "表八"


@pytest.mark.parametrize("note", ["注：本表无数据", "注:本部门2024年无政府性基金预算财政拨款安排的预算，故本表为空表。", "说明：本单位没有使用政府性基金预算拨款安排的支出。"])
def test_any_usual_note_will_do(note):
    made = document([one_table("表八", 12, EMPTY8, [note])])
    assert holds("F020", made) and not failures("F022", made)


def test_printed_zeros_are_no_blank_table():
    zeros = [["合计", None, "0.00", "0.00", "0.00"]]
    assert [severity("F020", o) for o in failures("F020", document([one_table("表八", 12, zeros)]))] == ["warning"]
    assert holds("F020", document([one_table("表三", 7, zeros)]))


def test_a_table_on_an_unread_page_is_not_judged():
    assert not_run("F020", replace(document([one_table("表八", 12, EMPTY8)]), unread_pages=(12,)))


@pytest.mark.parametrize("note", ["注：本表无数据", "本部门无政府性基金预算安排的支出。"])
def test_a_filled_table_with_that_note_contradicts_itself(note):
    (found,) = failures("F021", document([one_table("表八", 12, None, [note])]))
    assert found.evidence[0].text == note and found.evidence[1].cell is not None


def test_other_notes_under_a_filled_table_are_fine():
    assert holds("F021", document([one_table("表八", 12, None, ["注：本表不含上年结转，部分金额可能存在尾差"])]))


def test_a_note_about_the_other_fund_is_told():
    made = document([one_table("表九", 13, [["合计", None, *[""] * 6]], ["注：本部门无政府性基金预算，故本表为空表。"])])
    (found,) = failures("F022", made)
    assert (found.expected, found.actual) == ("国有资本", "政府性基金")
    assert holds("F022", document([one_table("表九", 13, [["合计", None, *[""] * 6]], ["注：本部门无国有资本经营预算，故本表为空表。"])]))


def test_notes_are_not_run_without_tables():
    for rule_id in ("F020", "F021", "F022", "F030", "F031"):
        made = document([one_table("表六", 9, [["合计", None, "", "", ""]])]) if rule_id == "F031" else document()
        assert not_run(rule_id, made), rule_id


def test_a_group_without_items_is_told_at_its_code():
    (found,) = failures("F030", document([one_table("表三", 7, BODY["表三"][:3])]))
    assert at(found) == ("表三", "20805 行政事业单位养老支出", "项目/科目编码", "20805")


def test_a_class_without_items_is_told():
    (found,) = failures("F031", document([one_table("表六", 9, [*BODY["表六"], ["商品和服务支出", "", "2", "", "2"]])]))
    assert at(found)[3] == "商品和服务支出"


def test_a_coded_class_without_items_is_an_error():
    rows = [["301", "", "工资福利支出", "5", "5", ""], ["301", "01", "基本工资", "5", "5", ""], ["302", "", "商品和服务支出", "2", "", "2"]]
    made = document([table("表8", rows, template_id="shanghai-budget", header=[["类", "款", "科目名称", "合计", "人员经费", "公用经费"]])],
                    template_id="shanghai-budget")
    (found,) = failures("F031", made)
    assert severity("F031", found) == "error" and at(found)[3] == "商品和服务支出"


def with_glossary(*entries, text="本年基本支出、“三公”经费和机关运行经费如下。"):
    return document(sections=[section("三、支出", text, role="expenditure_note"), section("第四部分 名词解释", *entries, role="glossary", level=1, id="4")])


def test_terms_used_must_be_explained():
    found = failures("F040", with_glossary("一、基本支出：指……。", "二、机关运行经费是指……。"))
    assert [o.expected for o in found] == ["“三公”经费"]


@pytest.mark.parametrize("entry", ["3.“三公”经费：指……", "三、\"三公\"经费，是指……", "（三）“三公”经费：……"])
def test_an_entry_may_be_written_in_any_usual_way(entry):
    assert holds("F040", with_glossary("一、基本支出：指……。二、机关运行经费：指行政单位……。", entry))


def test_a_term_only_mentioned_inside_another_entry_is_not_explained():
    found = failures("F040", with_glossary("一、基本支出：指……。", "二、“三公”经费：指列入机关运行经费的……。"))
    assert [o.expected for o in found] == ["机关运行经费"]


def test_a_term_is_used_where_it_stands_without_its_ending():
    def doc(*entries):
        return document(sections=[section("编制说明", "项目支出5.00万元。", role="part_notes"), section("名词解释", *entries, role="glossary", id="4")],
                        template_id="shanghai-budget")
    assert [o.expected for o in failures("F040", doc("一、基本支出预算：指……。"))] == ["项目支出预算"]
    assert holds("F040", doc("一、项目支出预算：指……。")) and holds("F040", doc("一、项目支出：指……。"))


@pytest.mark.parametrize(("text", "hit"), [
    ("比上年增加（减少）3.60万元。", "增加（减少）"), ("收入预算XX万元。", "XX"), ("支出为××万元。", "××"), ("截至XX月XX日。", "XX月XX日"),
    ("比上年减少，主要原因是。", "主要原因是"), ("无收入支出的，仍保留该表格式，并在本表下方作下述说明：", "仍保留该表格式，并在本表下方作下述说明")])
def test_residue_is_told_at_its_words(text, hit):
    found = failures("F050", document(sections=[section("一、说明", text)]))
    assert found and found[0].actual == hit and hit in "".join(e.text for e in found[0].evidence)


@pytest.mark.parametrize("text", ["联系电话184XXXX8886。", "主要原因是：", "比上年增加3.60万元，主要原因是人员增加。", "MAX系统XXVI版", "增加（减少以负数填列）"])
def test_what_is_no_residue(text):
    assert holds("F050", document(sections=[section("一、说明", text)]))


def test_the_same_residue_many_times_is_one_cause():
    found = failures("F050", document(sections=[section("一、说明", "收入XX万元，支出XX万元。", "其中XX万元。")]))
    assert len(found) == 3 and len({o.group for o in found}) == 1


def test_a_blank_template_is_one_hint_and_nothing_else():
    made = document([one_table("表八", 12, EMPTY8)], [section("一、说明", "XX局收入XXX万元，比上年增加（减少）XX万元。" * 6, role="glossary")])
    (found,) = failures("F051", made)
    assert severity("F051", found) == "info"
    for rule_id in ("F001", "F002", "F020", "F040", "F050"):
        assert not_run(rule_id, made), rule_id
    assert holds("F051", full())
    assert not_run("F051", document())


def test_a_table_label_at_the_foot_of_the_page_before_counts_too():
    made = full()
    label = Span("表八", (Place(11, (50.0, 800.0, 90.0, 812.0)),))
    tables = tuple(replace(t, label_span=label) if t.id == "表八" else t for t in made.tables)
    entry = [e for e in made.toc if e.title.startswith("表八")][0]
    moved = tuple(replace(e, printed_page="9") if e is entry else e for e in made.toc)
    assert holds("F014", replace(made, tables=tables, toc=moved)) and failures("F014", replace(made, toc=moved))
    assert run("F014", made)


def test_a_heading_that_the_body_may_leave_out_is_not_missed():
    made = document(sections=[section("示例局主要职能", role="duties", level=1)], contents=toc(("一、部门主要职能", ""), ("五、部门预算表", "")),
                    template_id="shanghai-budget")
    assert not failures("F010", made)


def test_sections_of_a_kind_need_one_entry_for_all():
    made = document(sections=[section("示例局主要职能", role="duties", level=1, id="1"), section("甲项目经费情况说明", role="project_note", level=1, id="2"),
                              section("乙专项经费情况说明", role="project_note", level=1, id="3")],
                    contents=toc(("一、部门主要职能", ""), ("七、项目经费情况说明", "")), template_id="shanghai-budget")
    assert holds("F011", made)


def test_one_instruction_left_in_is_one_hit():
    (found,) = failures("F050", document(sections=[section("八、基金", "无收入支出的，仍保留该表格式，并在本表下方作下述说明：")]))
    assert found.actual == "仍保留该表格式，并在本表下方作下述说明"


def printed_on(made, number, text):
    """The same document with this line printed on a page."""
    pages = tuple(replace(p, words=(Word(text, (60.0, 90.0, 400.0, 104.0)),)) if p.number == number else p for p in made.pages)
    return replace(made, pages=pages)


def test_a_title_that_stands_on_a_page_is_not_missing():
    (found,) = failures("F002", printed_on(full(drop_tables={"表八"}), 12, "2024年政府性基金预算支出表（不含上年结转）"))
    assert severity("F002", found) == "warning" and "没有识别出" in found.message and found.evidence[0].page == 12
    (found,) = failures("F001", printed_on(full(drop_sections={"operating_note"}), 22, "八、“三公”以外：机关运行经费增减变动原因说明"))
    assert severity("F001", found) == "error"
    (found,) = failures("F001", printed_on(full(drop_sections={"operating_note"}), 22, "八、机关运行经费增减变动原因说明"))
    assert severity("F001", found) == "info" and found.evidence[0].page == 22


def test_the_title_in_the_contents_alone_does_not_count():
    (found,) = failures("F002", printed_on(full(drop_tables={"表八"}), 2, "2024年政府性基金预算支出表（不含上年结转）"))
    assert severity("F002", found) == "error"


def test_a_table_whose_columns_do_not_fit_is_a_hint():
    made = full(drop_tables={"表八"})
    loose = replace(one_table("表八", 12), id="未识别1", role="", kind="unknown")
    made = replace(made, tables=(*made.tables, loose))
    (found,) = failures("F002", made)
    assert severity("F002", found) == "info" and "栏目" in found.message
    assert not failures("F012", made) and not failures("F014", made)


@pytest.mark.parametrize(("text", "number"), [("一", 1), ("十", 10), ("十二", 12), ("二十", 20), ("三十五", 35), ("x", 0)])
def test_ordinals(text, number):
    assert ordinal(text) == number


def test_gaps_count_under_each_higher_heading_anew():
    assert gaps(["第一部分 概况", "一、甲", "二、乙", "第二部分 表", "一、丙", "（一）子", "（二）子", "二、丁"]) == []
    assert gaps(["一、甲", "二、乙", "四、丁"]) == [(2, 3)]
    assert gaps(["三、甲", "五、乙"]) == [(1, 4)]
    assert gaps(["一、甲", "一、乙", "二、丙"]) == []


def test_a_number_left_out_is_told_in_contents_and_body():
    made = document(sections=[section("四、实施方案", level=2, id="7.4"), section("六、年度预算安排", level=2, id="7.6")],
                    contents=toc(("四、说明", ""), ("六、其他", "")))
    assert [o.evidence[0].text for o in failures("F015", made)] == ["六、其他", "六、年度预算安排"]
    assert holds("F015", full())
    assert not_run("F015", document())


def test_headings_among_paragraphs_count_too():
    made = document(sections=[section("甲项目经费情况说明", "一、项目概述", "某项目，一句话。", "三、实施主体", role="project_note", level=1, id="7")],
                    contents=())
    assert len(failures("F015", made)) == 1


def test_a_number_left_out_by_a_section_that_is_told_missing_is_not_told_again():
    gone = full(drop_sections={"operating_note"})
    assert failures("F001", gone) and not failures("F015", replace(gone, toc=()))


def test_a_workbook_of_tables_alone_lacks_no_section():
    stray = section("收入支出决算表", role="part_tables", level=1, id="1")
    assert not_run("F001", replace(document([one_table("表三", 7)], [stray]), form="xlsx")) and failures("F001", document([one_table("表三", 7)], [stray]))


def test_rows_of_an_unrecognised_table_are_no_headings():
    titles = [section(t, page=10, id=f"2.{i}") for i, t in enumerate(("八、卫生健康支出", "十、节能环保支出"))]
    made = document([replace(one_table("表三", 10), kind="unknown", role="", id="未识别1")], [*titles, section("一、甲", id="3.1"), section("二、乙", id="3.2")])
    assert holds("F015", made) and failures("F015", document([one_table("表三", 10)], titles))


def test_what_a_conversion_may_have_lost_is_a_warning():
    made = full(drop_sections={"operating_note"}, drop_tables={"表八"})
    for rule_id in ("F001", "F002"):
        assert [severity(rule_id, o) for o in failures(rule_id, replace(made, form="text"))] == ["warning"]
        assert [severity(rule_id, o) for o in failures(rule_id, replace(made, ocr_pages=(30,)))] == ["warning"]


def test_a_table_that_the_bodys_own_contents_leave_out_is_only_a_warning():
    tables = [table(i, [["合计", "", "", "", ""]]) for i in ("表三", "表五")]
    listed = [(f"2024年{t}", "") for t in ("预算收支总表", "预算收入总表", "预算支出总表", "项目支出预算表（本年预算）")]

    def said(contents):
        doc = document(tables, contents=toc(*contents), sections=[section("一、本部门职责", "职责。", role="duties")])
        return {o.expected: severity("F002", o) for o in failures("F002", doc)}
    assert said(listed)["项目支出预算表（上年结转）"] == "warning" and said(listed)["项目支出预算表（本年预算）"] == "error"
    assert said(listed)["政府性基金预算支出表（不含上年结转）"] == "error"
    assert said([])["项目支出预算表（上年结转）"] == "error"


def test_an_empty_fund_table_that_the_text_explains_only_warns():
    said = section("八、政府性基金情况", "本部门没有使用政府性基金预算安排的支出。", role="fund_note")
    assert [severity("F020", o) for o in failures("F020", document([one_table("表八", 12, EMPTY8)], [said]))] == ["warning"]


def test_years_of_evaluations_and_dates_of_assets_are_no_wrong_years():
    titles = ("八、2023年度绩效自评结果", "九、截至2023年12月31日国有资产占有使用情况")
    assert holds("M002", document(sections=[section(t, "内容。") for t in titles], contents=toc(*((t, "") for t in titles))))
    assert failures("M002", document(sections=[section("第三部分 2023年部门预算情况说明", "内容。", level=1)]))


@pytest.mark.parametrize("text", ["申请人应如实填写申请表。", "活动安排可根据实际情况调整。", "应根据实际情况调整种植结构。"])
def test_sentences_of_a_project_are_no_instructions(text):
    assert holds("F050", document(sections=[section("一、项目概述", text)]))


def test_where_places_differ_a_missing_table_accuses_only_when_the_contents_promise_it() -> None:
    provinces = province(PROVINCES[0])
    assert holds("F002", provinces)
    without = replace(provinces, tables=tuple(t for t in provinces.tables if t.role != "basic"))
    (lacking,) = failures("F002", without)
    assert severity("F002", lacking) == "warning"
    (promised,) = failures("F002", replace(without, toc=toc(("六、一般公共预算基本支出表", "7"))))
    assert severity("F002", promised) == "error"
    other = replace(provinces.tables[0], id="未识别1", role="", kind="unknown", title="部门基本支出预算表")
    assert not failures("F002", replace(without, tables=(*without.tables, other))), "drawn up in another way"
    assert not_run("F003", provinces)


def test_a_paragraph_headed_by_its_own_words_is_a_section_where_headings_go_by_custom() -> None:
    made = province(PROVINCES[0])
    text = "（二）“三公”经费预算：2025年“三公”经费预算数为20.00万元。"

    def lacking(*texts):
        doc = replace(made, sections=(section("五、其他重要事项的情况说明", *texts, id="1", level=2),))
        return {o.expected for o in failures("F001", doc)}
    assert "“三公”经费情况说明" in lacking("有关内容。") and "“三公”经费情况说明" not in lacking(text)
    explained = "3.“三公”经费：指用财政拨款安排的因公出国（境）费、公务用车购置及运行费和公务接待费。"
    assert "“三公”经费情况说明" in lacking(explained), "a term of the glossary is no section"


def test_a_heading_worded_like_a_table_is_the_heading():
    made = document([table("收支总表", [["一、财政拨款收入", "5", "一、教育支出", "5"]], template_id="standard-budget",
                           header=[["收入", None, "支出", None], ["项目", "预算数", "项目", "预算数"]], title="部门收支总表")],
                    [section("第三部分 情况说明", "", level=1, id="3"), section("一、收支预算总体情况", "有关内容。", level=2, id="3.1")],
                    toc(("第三部分 情况说明", ""), ("一、收支预算总体情况", "")), template_id="standard-budget")
    assert holds("F011", made) and not failures("F012", made)


def test_the_headings_of_a_part_that_the_contents_do_not_open():
    parts = [section(f"第{n}部分 说明", "", level=1, id=str(i)) for i, n in enumerate("一二", 1)]
    inner = [section(f"{n}、事项{n}", "有关内容。", level=2, id=f"{p}.{i}") for p, ns in ((1, "一二三四五六"), (2, "一二")) for i, n in enumerate(ns, 1)]
    entries = [(s.title, "") for s in (*parts, *inner[:6])]
    made = document([], [parts[0], *inner[:6], parts[1], *inner[6:]], toc(*entries), template_id="standard-budget")
    assert not failures("F011", made)
    (found,) = failures("F011", replace(made, toc=toc(*[e for e in entries if e[0] != "三、事项三"])))
    assert found.expected == "三、事项三"


def test_the_body_s_name_over_its_tables_is_no_other_title():
    made = full()
    tables = tuple(replace(t, title=f"{made.unit_name.value}{t.title}") for t in made.tables)
    assert len(made.unit_name.value) > 3 and not failures("F012", replace(made, tables=tables))


def test_a_numbered_paragraph_may_be_its_own_heading():
    made = full(drop_sections={"service_catalogue_note"})
    assert failures("F001", made)
    last = replace(made.sections[-2], paragraphs=section("其他说明", "（一）政府购买服务指导性目录：按照本级目录执行。").paragraphs)
    assert not failures("F001", replace(made, sections=(*made.sections[:-2], last, made.sections[-1])))
