"""A docx read from its XML: what is printed, merged as printed, in order."""
from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from core.errors import Unreadable
from core.reading.numbering import chinese, shown
from core.reading.pages import RawGrid, RawLine
from core.reading.word import read_word
from tests.truth import SHARED

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" ' \
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'


def word(folder: Path, body: str, numbering: str = "", styles: str = "", footnotes: str = "") -> Path:
    path = folder / "a.docx"
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        for name, inner in (("numbering", numbering), ("styles", styles), ("footnotes", footnotes)):
            if inner:
                parts.writestr(f"word/{name}.xml", f"<w:{name} {W}>{inner}</w:{name}>")
    return path


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(text: str, span: int = 1, merge: str = "", inner: str = "") -> str:
    down = "" if not merge else "<w:vMerge/>" if merge == "continue" else '<w:vMerge w:val="restart"/>'
    return f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/>{down}</w:tcPr>{inner}{p(text)}</w:tc>'


def tbl(*rows: str, widths: tuple[int, ...] = (1000, 1000, 1000)) -> str:
    grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
    return f"<w:tbl><w:tblGrid>{grid}</w:tblGrid>{''.join(f'<w:tr>{r}</w:tr>' for r in rows)}</w:tbl>"


def texts(grid: RawGrid) -> list[list[str | None]]:
    return [[c.text if c else None for c in row] for row in grid.rows]


def lines(path: Path) -> list[str]:
    return [b.text for b in read_word(path)[0].blocks if isinstance(b, RawLine)]


def test_paragraphs_and_tables_stay_in_order_and_name_their_place(tmp_path: Path) -> None:
    path = word(tmp_path, p("标题") + tbl(tc("项目") + tc("金额")) + p("注：本表无数据"))
    (page,) = read_word(path)
    assert [type(b).__name__ for b in page.blocks] == ["RawLine", "RawGrid", "RawLine"]
    assert [b.page for b in page.blocks] == ["正文 段落 1", "正文 表格 1", "正文 段落 2"]


def test_merged_cells_cover_their_places(tmp_path: Path) -> None:
    path = word(tmp_path, tbl(tc("项目", 1, "restart") + tc("2024年", 2), tc("", 1, "continue") + tc("合计") + tc("基本"),
                              tc("一") + tc("1.00") + tc("2.00")))
    grid = read_word(path)[0].grids[0]
    assert texts(grid) == [["项目", "2024年", None], [None, "合计", "基本"], ["一", "1.00", "2.00"]]
    head = grid.rows[0]
    assert head[0] and head[0].row_span == 2 and head[1] and head[1].column_span == 2


def test_a_row_that_begins_later_leaves_blank_cells_before_it(tmp_path: Path) -> None:
    late = f"<w:trPr><w:gridBefore w:val='1'/></w:trPr>{tc('b')}{tc('c')}"
    assert texts(read_word(word(tmp_path, tbl(tc("1") + tc("2") + tc("3"), late)))[0].grids[0])[1] == ["", "b", "c"]


def test_an_invisible_fine_grid_gives_no_columns(tmp_path: Path) -> None:
    path = word(tmp_path, tbl(tc("甲", 3) + tc("乙", 2), tc("一", 2) + tc("二", 3), widths=(500, 480, 20, 500, 500)))
    assert texts(read_word(path)[0].grids[0]) == [["甲", "乙"], ["一", "二"]]


def test_a_table_in_a_cell_is_a_table_of_its_own(tmp_path: Path) -> None:
    path = word(tmp_path, tbl(tc("外") + tc("旁", inner=tbl(tc("内") + tc("1")))))
    grids = read_word(path)[0].grids
    assert [texts(g) for g in grids] == [[["外", "旁"]], [["内", "1"]]]


def test_a_frame_around_everything_is_no_table(tmp_path: Path) -> None:
    path = word(tmp_path, tbl(tc("题", inner=p("序") + tbl(tc("项目") + tc("1")))))
    page = read_word(path)[0]
    assert [b.text if isinstance(b, RawLine) else texts(b) for b in page.blocks] == ["序", [["项目", "1"]], "题"]


def test_deleted_hidden_and_field_codes_are_not_read(tmp_path: Path) -> None:
    body = ('<w:p><w:r><w:t>甲</w:t></w:r><w:del><w:r><w:delText>删</w:delText><w:t>删</w:t></w:r></w:del><w:ins><w:r><w:t>乙</w:t></w:r></w:ins>'
            '<w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGEREF x</w:instrText>'
            '<w:t>码</w:t></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:tab/><w:t>12</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>')
    assert lines(word(tmp_path, body)) == ["甲乙\t12"]


def test_contents_in_a_content_control_and_text_boxes_are_read_once(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{p('框内')}</w:txbxContent>"
    body = f"<w:sdt><w:sdtContent>{p('第一部分 概况')}</w:sdtContent></w:sdt><w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing>{box}" \
           f"</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    assert lines(word(tmp_path, body)) == ["第一部分 概况", "框内"]


def test_automatic_numbers_are_part_of_the_text(tmp_path: Path) -> None:
    level = '<w:lvl w:ilvl="{}"><w:start w:val="1"/><w:numFmt w:val="{}"/><w:lvlText w:val="{}"/></w:lvl>'
    numbering = '<w:abstractNum w:abstractNumId="7">' + level.format(0, "chineseCountingThousand", "%1、") + \
        level.format(1, "decimal", "%2.") + '</w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>'
    styles = '<w:style w:styleId="H"><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>'
    item = '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="3"/></w:numPr>'
    head = '<w:pStyle w:val="H"/>'
    body = p("职责", head) + p("甲", item) + p("乙", item) + p("机构", head) + p("丙", item)
    assert lines(word(tmp_path, body, numbering, styles)) == ["一、职责", "1.甲", "2.乙", "二、机构", "1.丙"]


@pytest.mark.parametrize(("wide", "high", "told"), [(16.0, 20.0, ["封面", "［图片，没有读取］16 × 20 厘米", "正文"]), (3.0, 3.0, ["封面", "正文"])])
def test_a_large_picture_is_told_in_its_place(tmp_path: Path, wide: float, high: float, told: list[str]) -> None:
    picture = (f'<w:p><w:r><w:drawing><wp:inline xmlns:wp="urn:wp"><wp:extent cx="{int(wide * 360000)}" cy="{int(high * 360000)}"/>'
               '<a:blip xmlns:a="urn:a"/></wp:inline></w:drawing></w:r></w:p>')
    assert lines(word(tmp_path, p("封面") + picture + p("正文"))) == told


def test_footnotes_follow_the_body(tmp_path: Path) -> None:
    note = f'<w:footnote w:type="separator">{p("线")}</w:footnote><w:footnote>{p("注一")}</w:footnote>'
    assert lines(word(tmp_path, p("正"), footnotes=note)) == ["正", "注一"]


@pytest.mark.parametrize(("number", "text"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (101, "一百零一"), (110, "一百一十"), (1005, "一千零五")])
def test_chinese_counting(number: int, text: str) -> None:
    assert chinese(number) == text


def test_other_number_formats() -> None:
    assert [shown(3, f) for f in ("decimal", "upperRoman", "lowerLetter", "decimalEnclosedCircle", "bullet")] == ["3", "III", "c", "③", ""]


@pytest.mark.parametrize("data", [b"", b"not a zip at all", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600])
def test_what_cannot_be_read_is_told_in_words(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(data)
    with pytest.raises(Unreadable, match="[一-龥]"):
        read_word(path)


def test_a_password_is_named_as_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(Unreadable, match="密码"):
        read_word(path)


def test_a_damaged_part_and_an_entity_bomb_are_refused(tmp_path: Path) -> None:
    for inner in ("<w:document", '<!DOCTYPE x [<!ENTITY a "b">]><x/>'):
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as parts:
            parts.writestr("word/document.xml", inner)
        path = tmp_path / "a.docx"
        path.write_bytes(data.getvalue())
        with pytest.raises(Unreadable):
            read_word(path)


@pytest.mark.shared
@pytest.mark.parametrize("name", ["xiaoyi-medical-2024", "xiaoyi-hrss-2024", "linxian-liujiahui-2026"])
def test_every_cell_of_the_word_samples(name: str) -> None:
    path = SHARED / "samples" / f"{name}-b.docx"
    if not path.exists():
        pytest.skip("needs ../shared")
    truth = json.loads((SHARED / "samples" / f"{name}-b.truth.json").read_text("utf-8"))
    grids = read_word(path)[0].grids
    assert len(grids) == len(truth["tables"])
    for grid, table in zip(grids, truth["tables"], strict=True):
        wanted = table["header"]["rows"] + table["body"]["rows"]
        plain = [[None if c is None else "".join(c.split()) for c in row] for row in wanted]
        assert [[None if c is None else "".join(c.split()) for c in row] for row in texts(grid)] == plain, table["id"]
