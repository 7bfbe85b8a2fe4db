"""Grids: merged cells, open tables, wrapped cells."""
from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from core.reading.grids import JOIN, _merge
from tests.reading.papers import page, pdf, table, texts

HEAD = ["项目名称", "合计", "基本支出", "项目支出"]
BODY = [["合计", "120.50", "100.50", "20.00"], ["示例县示例局", "100.50", "100.50", ""], ["示例县示例中心", "20.00", "", "20.00"]]
XS = [60, 260, 350, 440, 530]


def test_merged_cells_cover_their_places() -> None:
    def draw(canvas: Canvas) -> None:
        for y in (700, 660, 640):
            canvas.line(60, y, 360, y)
        canvas.line(160, 680, 360, 680)
        for x in (60, 160, 360):
            canvas.line(x, 640, x, 700)
        canvas.line(260, 640, 260, 680)
        for x, y, text in ((80, 676, "项目"), (220, 686, "预算数"), (180, 666, "合计"), (280, 666, "其中"), (64, 646, "甲"), (180, 646, "1.00"), (280, 646, "0.50")):
            canvas.drawString(x, y, text)

    (grid,) = page(pdf(draw)).grids
    assert texts(grid) == [["项目", "预算数", None], [None, "合计", "其中"], ["甲", "1.00", "0.50"]]
    first = grid.rows[0][0]
    assert first is not None and (first.row_span, first.column_span) == (2, 1)


@pytest.mark.parametrize("rules", ["h", "none"])
def test_a_table_without_column_lines_has_its_columns(rules: str) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawCentredString(300, 740, "2024年项目支出预算表（本年预算）")
        canvas.drawString(450, 722, "单位：万元")
        table(canvas, [HEAD, *BODY], XS, 712, rules=rules)

    (grid,) = page(pdf(draw)).grids
    assert texts(grid) == [HEAD, *BODY]
    assert grid.ruled is False


def test_an_empty_borderless_table_is_seen_by_its_headings() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawCentredString(300, 740, "2024年财政拨款安排“三公”经费支出预算表")
        table(canvas, [HEAD, ["因公出国（境）费", "", "", ""], ["公务接待费", "", "", ""], ["合计", "", "", ""]], XS, 712, rules="none")
        canvas.drawString(60, 600, "注：本表无数据")

    (grid,) = page(pdf(draw)).grids
    assert [row[0] for row in texts(grid)] == ["项目名称", "因公出国（境）费", "公务接待费", "合计"]
    assert len(grid.rows[0]) == 4


def test_a_wrapped_cell_is_one_text() -> None:
    def draw(canvas: Canvas) -> None:
        for y in (700, 660):
            canvas.line(60, y, 300, y)
        for x in (60, 160, 300):
            canvas.line(x, 660, x, 700)
        canvas.drawString(64, 686, "机关事业单位基本")
        canvas.drawString(64, 668, "养老保险缴费支出")
        canvas.drawString(200, 686, "35892.")
        canvas.drawString(200, 668, "39")

    (grid,) = page(pdf(draw)).grids
    assert texts(grid) == [["机关事业单位基本养老保险缴费支出", "35892.39"]]


def test_prose_is_no_table() -> None:
    def draw(canvas: Canvas) -> None:
        for i in range(12):
            canvas.drawString(60, 700 - 18 * i, "2024年度预算收入总计100.00万元，其中：本年收入100.00万元，上年结转0万元。")

    assert page(pdf(draw)).grids == []


@given(st.lists(st.tuples(st.sampled_from([100.0, 200.0, 300.0]), st.floats(0, 500), st.floats(1, 80)), min_size=1, max_size=30))
@settings(max_examples=80, deadline=None)
def test_merging_lines_loses_and_invents_nothing(raw: list[tuple[float, float, float]]) -> None:
    """Every piece lies inside a merged line, merged lines keep apart, and none is longer than its pieces and the gaps allowed."""
    lines = [(y, x, x + length) for y, x, length in raw]
    merged = _merge(lines)
    for y, a, b in lines:
        assert any(abs(m[0] - y) < 1e-6 and m[1] <= a and b <= m[2] for m in merged)
    for y in {m[0] for m in merged}:
        row = sorted(m for m in merged if m[0] == y)
        assert all(p[2] + JOIN < q[1] for p, q in zip(row, row[1:], strict=False))
        for _, a, b in row:
            pieces = sorted((x0, x1) for k, x0, x1 in lines if k == y and x0 >= a and x1 <= b)
            assert min(p[0] for p in pieces) == a and max(p[1] for p in pieces) == b
