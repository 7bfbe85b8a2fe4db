"""Pages to a Document: tables over pages, what stands around them, contents, sections, facts."""
from __future__ import annotations

from collections.abc import Sequence

import pytest
from reportlab.pdfgen.canvas import Canvas

from core.errors import Cancelled
from core.model import Document
from core.reading import read_document
from core.text import fold
from tests.generator.pdf import font
from tests.reading.papers import Draw, pdf, table

HEAD = ["科目编码", "科目名称", "合计", "基本支出", "项目支出"]
XS = [60, 130, 300, 370, 440, 510]


def read(data: bytes, tmp_path: object, template: str = "shanxi-budget") -> Document:
    file = tmp_path / "示例.pdf"  # type: ignore[operator]
    file.write_bytes(data)
    return read_document(file, template=template)


def titled(rows: Sequence[Sequence[str]], title: str = "2024年预算支出总表", note: str = "", top: float = 760, rules: str = "lines") -> Draw:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, top, "预算公开表3")
        canvas.drawCentredString(290, top - 20, title)
        canvas.drawString(60, top - 40, "部门名称：示例县示例局")
        canvas.drawString(450, top - 40, "单位：万元")
        table(canvas, rows, XS, top - 50, rules=rules)
        if note:
            canvas.drawString(60, top - 70 - 20 * len(rows), note)
    return draw


def bare(rows: Sequence[Sequence[str]], xs: Sequence[float] = XS, top: float = 780) -> Draw:
    return lambda canvas: table(canvas, rows, xs, top)


BODY = [["合计", "", "10.00", "4.00", "6.00"], ["208", "社会保障和就业支出", "10.00", "4.00", "6.00"], ["20805", "行政事业单位养老支出", "4.00", "4.00", ""],
        ["20899", "其他社会保障和就业支出", "6.00", "", "6.00"]]


def test_a_note_may_stand_in_brackets(tmp_path: object) -> None:
    (made,) = read(pdf(titled([HEAD, *BODY], note="（备注：本单位无此项收支，故此表无数据。）")), tmp_path).tables
    assert len(made.notes) == 1


def test_title_label_body_unit_and_note_are_no_rows(tmp_path: object) -> None:
    (made,) = read(pdf(titled([HEAD, *BODY], note="注：本表无数据")), tmp_path).tables
    assert (made.id, made.role, made.title) == ("表三", "expenditure", "2024年预算支出总表")
    assert made.label_span is not None and made.label_span.text == "预算公开表3"
    assert made.body_span is not None and fold(made.body_span.text) == "部门名称:示例县示例局"
    assert made.unit_span is not None and fold(made.unit_span.text) == "单位:万元"
    assert [n.text for n in made.notes] == ["注：本表无数据"]
    assert len(made.header) == 1 and len(made.rows) == 4


@pytest.mark.parametrize("repeated", [True, False])
def test_a_table_over_three_pages_is_one(repeated: bool, tmp_path: object) -> None:
    again = [HEAD] if repeated else []
    (made,) = read(pdf(titled([HEAD, *BODY[:2]]), bare([*again, BODY[2]]), bare([*again, BODY[3]])), tmp_path).tables
    assert made.pages == (1, 2, 3)
    assert [[c.text for c in row if c] for row in made.rows] == BODY
    assert made.row_pages == (1, 1, 2, 3)
    assert [c.row for row in made.rows for c in row[:1] if c] == [1, 2, 3, 4], "rows are counted through the whole table"


def test_the_last_row_alone_on_a_page_with_fewer_columns_keeps_its_columns(tmp_path: object) -> None:
    """A spreadsheet collapses the merged cells of a total that falls alone on the next page."""
    rows = [HEAD, *BODY[1:]]
    total = bare([["合计", "10.00", "4.00", "6.00"]], [60, 300, 370, 440, 510])
    (made,) = read(pdf(titled(rows), total), tmp_path).tables
    line = made.total_line()
    assert line is not None
    assert {k: c.text for k, c in line.cells.items() if c.amount} == {"合计": "10.00", "基本支出": "4.00", "项目支出": "6.00"}


def test_a_new_title_begins_a_new_table(tmp_path: object) -> None:
    data = pdf(titled([HEAD, *BODY]), titled([HEAD, *BODY], "2024年一般公共预算支出预算表（不含上年结转）"))
    assert [t.id for t in read(data, tmp_path).tables] == ["表三", "表五"]


def test_two_tables_on_one_page(tmp_path: object) -> None:
    def draw(canvas: Canvas) -> None:
        titled([HEAD, *BODY])(canvas)
        titled([HEAD, *BODY], "2024年一般公共预算支出预算表（不含上年结转）", top=500)(canvas)

    assert [t.id for t in read(pdf(draw), tmp_path).tables] == ["表三", "表五"]


def test_a_title_at_the_foot_of_the_page_before(tmp_path: object) -> None:
    def first(canvas: Canvas) -> None:
        canvas.drawString(60, 700, "一段说明文字，写在表名之前，占去这一页的上半部分。")
        canvas.drawCentredString(290, 60, "2024年预算支出总表")

    (made,) = read(pdf(first, bare([HEAD, *BODY])), tmp_path).tables
    assert made.id == "表三"


def test_a_title_inside_the_grid_is_put_back_out(tmp_path: object) -> None:
    def draw(canvas: Canvas) -> None:
        for y in (700, 680, 660, 640, 620):
            canvas.line(60, y, 510, y)
        for x in XS:
            canvas.line(x, 620, x, 660 if x not in (60, 510) else 700)
        canvas.drawCentredString(285, 686, "2024年预算支出总表")
        canvas.drawString(400, 666, "单位：万元")
        for i, row in enumerate([HEAD, BODY[0]]):
            for j, text in enumerate(row):
                canvas.drawString(XS[j] + 4, 646 - 20 * i, text)

    (made,) = read(pdf(draw), tmp_path).tables
    assert (made.id, len(made.header), len(made.rows)) == ("表三", 1, 1)
    assert made.unit_span is not None and fold(made.unit_span.text) == "单位:万元"


def test_a_table_no_template_knows_is_shown_as_read(tmp_path: object) -> None:
    (made,) = read(pdf(titled([["事项", "内容", "金额", "甲", "乙"], ["一", "二", "3.00", "1.00", "2.00"]], "2024年示例情况表")), tmp_path).tables
    assert (made.kind, made.title) == ("unknown", "2024年示例情况表")


def test_contents_sections_paragraphs_and_page_numbers(tmp_path: object) -> None:
    def cover(canvas: Canvas) -> None:
        canvas.drawCentredString(300, 500, "示例县示例局")
        canvas.drawCentredString(300, 470, "2024年度部门预算公开")

    def contents(canvas: Canvas) -> None:
        canvas.drawCentredString(300, 780, "目 录")
        for i, (text, number) in enumerate((("第一部分 概况", 1), ("一、本部门职责", 1), ("二、机构设置情况", 2))):
            canvas.drawString(60, 740 - 20 * i, f"{text}{'.' * 60}{number}")

    def first(canvas: Canvas) -> None:
        canvas.drawString(60, 760, "第一部分 概况")
        canvas.drawString(60, 730, "一、本部门职责")
        canvas.drawString(80, 700, "示例局负责示例县的示例工作，承担示例职责，落实示例要求，并按规定向社会公开示例情")
        canvas.drawString(60, 685, "况。")
        canvas.drawString(80, 670, "第二段另起一行。")
        canvas.drawCentredString(300, 30, "— 1 —")

    def second(canvas: Canvas) -> None:
        canvas.drawString(60, 760, "二、机构设置情况")
        canvas.drawString(80, 730, "下设三个股室。")
        canvas.drawCentredString(300, 30, "— 2 —")

    doc = read(pdf(cover, contents, first, second), tmp_path)
    assert [(fold(e.title), e.printed_page) for e in doc.toc] == [("第一部分概况", "1"), ("一、本部门职责", "1"), ("二、机构设置情况", "2")]
    assert [(s.role, s.level, s.page) for s in doc.sections] == [("part_overview", 1, 3), ("duties", 2, 3), ("organisation", 2, 4)]
    paragraphs = [p.text for p in doc.sections[1].paragraphs]
    assert len(paragraphs) == 2 and paragraphs[0].endswith("示例情况。") and paragraphs[1] == "第二段另起一行。"
    assert [p.label for p in doc.pages] == ["", "", "1", "2"]
    assert (doc.unit_name.value, doc.year, doc.kind) == ("示例县示例局", 2024, "部门预算")
    span = doc.sections[1].paragraphs[0].span(0, 3)
    assert span.text == "示例局" and span.places[0].page == 3


def test_reading_can_be_stopped_at_any_page(tmp_path: object) -> None:
    file = tmp_path / "a.pdf"  # type: ignore[operator]
    file.write_bytes(pdf(titled([HEAD, *BODY]), bare(BODY), bare(BODY)))
    seen: list[str] = []

    def step(done: int, total: int, label: str) -> None:
        seen.append(label)
        if done == 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        read_document(file, step=step)
    assert len(seen) == 2 and "第 2/3 页" in seen[1]


def test_the_same_file_reads_the_same_twice(tmp_path: object) -> None:
    data = pdf(titled([HEAD, *BODY]), bare(BODY))
    assert read(data, tmp_path) == read(data, tmp_path)


def test_a_form_number_between_title_and_table_is_no_title(tmp_path: object) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawCentredString(290, 760, "支出决算表")
        canvas.drawString(450, 740, "公开03表")
        canvas.drawString(60, 720, "部门：示例县示例局")
        canvas.drawString(430, 720, "金额单位：万元")
        table(canvas, [HEAD, ["205", "教育支出", "3.00", "1.00", "2.00"]], XS, 710)

    (made,) = read(pdf(draw), tmp_path, "national-accounts").tables
    assert (made.title, made.role) == ("支出决算表", "expenditure")


def test_a_bodys_name_before_the_year_is_no_part_of_the_title(tmp_path: object) -> None:
    rows = [HEAD, ["合计", "", "3.00", "1.00", "2.00"]]
    (made,) = read(pdf(titled(rows, "示例县示例局2024年预算支出总表")), tmp_path).tables
    assert made.id == "表三"


def test_a_title_too_long_for_its_line_is_one_title(tmp_path: object) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(font(), 15)
        canvas.drawCentredString(297, 760, "2024年一般公共预算安排基本支出分经济科目表（不含上")
        canvas.drawCentredString(297, 742, "年结转）")
        canvas.setFont(font(), 10)
        canvas.drawString(450, 730, "单位：万元")
        table(canvas, [["部门预算支出经济科目名称", "政府预算支出经济科目名称", "合计", "人员经费", "公用经费"], ["合计", "", "9.00", "9.00", ""]], XS, 720)

    (made,) = read(pdf(draw), tmp_path).tables
    assert made.role == "basic" and made.title.endswith("分经济科目表（不含上年结转）")
    assert made.title_span is not None and made.title_span.places[0].box is not None


def test_a_body_alone_on_the_cover_is_the_body(tmp_path: object) -> None:
    def cover(canvas: Canvas) -> None:
        canvas.drawCentredString(297, 600, "2024年部门综合预算公开报告")
        canvas.drawCentredString(297, 560, "示例县人民政府办公室")

    read_back = read(pdf(cover, lambda c: c.drawString(60, 700, "第一部分 部门概况")), tmp_path)
    assert (read_back.unit_name.value, read_back.year) == ("示例县人民政府办公室", 2024)


def test_a_name_wrapped_on_the_cover_is_the_one_of_the_tables(tmp_path: object) -> None:
    def cover(canvas: Canvas) -> None:
        for y, text in ((700, "2024年部门预算"), (660, "预算主管部门：示例县"), (640, "示例局")):
            canvas.drawCentredString(300, y, text)

    assert read(pdf(cover, titled([HEAD, *BODY])), tmp_path).unit_name.value == "示例县示例局"
