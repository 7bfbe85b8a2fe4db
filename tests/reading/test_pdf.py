"""Characters and lines of pages: what is shown is read, at its place, however the page is turned."""
from __future__ import annotations

import pytest
from reportlab.pdfgen.canvas import Canvas

from core.errors import Unreadable
from core.reading.pdf import PdfFile
from tests.generator.pdf import font
from tests.reading.papers import facts, page, pdf, table, texts

ROWS = [["科目", "合计"], ["教育支出", "12.50"], ["住房公积金", "3.40"]]
XS = [60, 260, 400]


def _draw(canvas: Canvas) -> None:
    table(canvas, ROWS, XS, 700)


def _text(chars: object) -> str:
    return "".join(c.text for c in chars)  # type: ignore[attr-defined]


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("rules", ["lines", "rects"])
def test_a_ruled_table_reads_cell_by_cell(rules: str, plain: bool) -> None:
    data = pdf(lambda c: table(c, ROWS, XS, 700, rules=rules))
    (grid,) = page(data, plain=plain).grids
    assert texts(grid) == ROWS


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_boxes_are_those_of_the_page_as_shown(rotate: int) -> None:
    """A cell's box holds its ink on the rendered page, on turned pages too."""
    import pypdfium2 as pdfium

    data = pdf(_draw, rotate=rotate)
    (grid,) = page(data).grids
    assert texts(grid) == ROWS
    picture = pdfium.PdfDocument(data)[0].render(scale=2).to_pil().convert("L")
    for row in grid.rows:
        for cell in row:
            assert cell is not None and cell.place is not None and cell.place.box is not None
            x0, y0, x1, y1 = (v * 2 for v in cell.place.box)
            inside = picture.crop((round(x0) + 3, round(y0) + 3, round(x1) - 3, round(y1) - 3))
            assert inside.getextrema()[0] < 100, f"no ink in {cell.text}"


def test_text_turned_on_an_upright_page_is_read_and_placed() -> None:
    """A landscape table drawn sideways on a portrait page, without /Rotate."""
    def sideways(canvas: Canvas) -> None:
        canvas.translate(595, 0)
        canvas.rotate(90)
        canvas.setFont(canvas._fontname, 10)
        table(canvas, ROWS, XS, 500)

    data = pdf(sideways)
    read = page(data)
    assert texts(read.grids[0]) == ROWS
    box = read.grids[0].box
    assert box is not None and box[3] - box[1] > box[2] - box[0], "on the page as shown the table stands upright"


def test_what_the_crop_box_hides_is_not_read() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(100, 780, "页面之外")
        canvas.drawString(100, 500, "页面之内")

    found = facts(pdf(draw, crop=(50, 100, 545, 700)))
    assert _text(found.chars) == "页面之内"
    assert found.chars[0].x0 == pytest.approx(50, abs=1), "counted from the crop box"


def test_what_a_clip_hides_is_not_read() -> None:
    """A spreadsheet draws a cell's text twice over a page break and clips away the half that belongs overleaf."""
    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        path = canvas.beginPath()
        path.rect(50, 400, 400, 100)
        canvas.clipPath(path, stroke=0)
        canvas.drawString(60, 450, "可见文字")
        canvas.drawString(60, 300, "被裁去的文字")
        canvas.restoreState()

    assert _text(facts(pdf(draw)).chars) == "可见文字"


def test_invisible_text_is_counted_but_not_read() -> None:
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(60, 500)
        text.setTextRenderMode(3)
        text.textOut("隐藏的识别层")
        canvas.drawText(text)

    found = facts(pdf(draw))
    assert not found.chars
    assert found.hidden == 6


def test_radicals_are_read_as_the_characters_meant() -> None:
    assert _text(facts(pdf(lambda c: c.drawString(60, 500, "⽬录收⼊⽀出"))).chars) == "目录收入支出"


def test_white_boxes_behind_text_are_no_table() -> None:
    def draw(canvas: Canvas) -> None:
        for i in range(6):
            canvas.setFillColorRGB(1, 1, 1)
            canvas.rect(60, 600 - 20 * i, 400, 20, stroke=0, fill=1)
            canvas.setFillColorRGB(0, 0, 0)
            canvas.drawString(64, 606 - 20 * i, f"第{i}行文字")

    assert page(pdf(draw)).grids == []


def test_a_bar_chart_is_no_table() -> None:
    def draw(canvas: Canvas) -> None:
        for i, height in enumerate((100, 40, 70)):
            canvas.setFillColorRGB(0.2, 0.4, 0.8)
            canvas.rect(100 + 60 * i, 300, 30, height, stroke=0, fill=1)
            canvas.setFillColorRGB(0, 0, 0)
            canvas.drawString(100 + 60 * i, 285, "一二三"[i])

    assert page(pdf(draw)).grids == []


@pytest.mark.parametrize(("data", "part"), [(b"not a pdf at all", "不是 PDF"), (b"%PDF-1.7\ngarbage", "损坏")])
def test_what_is_no_pdf_is_said(data: bytes, part: str) -> None:
    with pytest.raises(Unreadable, match=part):
        PdfFile(data)


def test_an_encrypted_file_says_what_to_do() -> None:
    import io

    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf(_draw))) as opened:
        opened.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(Unreadable, match="加密"):
        PdfFile(out.getvalue())


@pytest.mark.parametrize("plain", [False, True])
def test_a_watermark_across_the_page_is_no_part_of_the_text(plain: bool) -> None:
    def draw(canvas: Canvas) -> None:
        _draw(canvas)
        canvas.saveState()
        canvas.translate(120, 640)
        canvas.rotate(30)
        canvas.setFont(font(), 40)
        canvas.drawString(0, 0, "内部示例")
        canvas.restoreState()

    data = pdf(draw)
    (grid,) = page(data, plain=plain).grids
    assert texts(grid) == ROWS
    assert _text(facts(data, plain=plain).chars) == "".join(sum(ROWS, []))
