"""Sheets read as they are shown."""
from __future__ import annotations

import datetime as dt
import json
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles import Border, Side
from openpyxl.worksheet.worksheet import Worksheet

from core.errors import Unreadable
from core.numbers import parse_decimal
from core.reading import read_document
from core.reading.displayed import displayed
from core.reading.excel import read_excel
from core.reading.pages import RawGrid, RawPage
from core.reading.sheets import address
from tests.truth import SHARED

ACCOUNTING = '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ '


def sheet(ws: Worksheet, rows: list[list[object]], ruled: tuple[int, int] | None = None) -> Worksheet:
    for row in rows:
        ws.append(row)
    thin = Side(style="thin")
    for r in range(*ruled) if ruled else ():
        for c in range(1, ws.max_column + 1):
            ws.cell(r, c).border = Border(thin, thin, thin, thin)
    return ws


def save(book: openpyxl.Workbook, folder: Path) -> Path:
    path = folder / "a.xlsx"
    book.save(path)
    return path


def texts(grid: RawGrid) -> list[list[str | None]]:
    return [[c.text if c else None for c in row] for row in grid.rows]


def shape(page: RawPage) -> list[object]:
    return [texts(b) if isinstance(b, RawGrid) else b.text for b in page.blocks]


def budget() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    ws = book.active
    assert ws is not None
    ws.title = "表一"
    sheet(ws, [["2024年支出表", None, None], ["单位名称：某局", None, "单位：万元"], ["项目", "预算数", None], [None, "合计", "基本"],
               ["合计", 12.5, 2.25], ["注：本表无数据", None, None]], (3, 6))
    for merged in ("A1:C1", "A3:A4", "B3:C3"):
        ws.merge_cells(merged)
    for row in ws.iter_rows(min_row=5, max_row=5, min_col=2):
        for cell in row:
            cell.number_format = "0.00"
    return book


def test_title_unit_table_and_note_are_told_apart(tmp_path: Path) -> None:
    (page,) = read_excel(save(budget(), tmp_path))
    assert shape(page) == ["2024年支出表", "单位名称：某局", "单位：万元",
                           [["项目", "预算数", None], [None, "合计", "基本"], ["合计", "12.50", "2.25"]], "注：本表无数据"]


def test_a_cell_names_its_sheet_and_address(tmp_path: Path) -> None:
    cell = read_excel(save(budget(), tmp_path))[0].grids[0].rows[2][1]
    assert cell and cell.place and (cell.place.page, cell.place.box, cell.row, cell.column) == ("表一!B5", None, 2, 1)


def test_without_rules_the_table_is_found_by_its_filling(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    sheet(book.active, [["收入表"], ["单位：万元"], ["项目", "金额"], ["一、税收", 1], ["二、其他", 2], ["注：说明"], [], ["支出表"], ["项目", "金额"], ["三、支出", 3]])
    (page,) = read_excel(save(book, tmp_path))
    assert shape(page) == ["收入表", "单位：万元", [["项目", "金额"], ["一、税收", "1"], ["二、其他", "2"]], "注：说明", "支出表",
                           [["项目", "金额"], ["三、支出", "3"]]]


def test_a_title_and_unit_row_inside_the_rules_are_put_back_out(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    sheet(book.active, [["支出表", None], ["部门：某局", "单位：万元"], ["项目", "金额"], ["甲", 1]], (1, 5)).merge_cells("A1:B1")
    assert shape(read_excel(save(book, tmp_path))[0]) == ["支出表", "部门：某局", "单位：万元", [["项目", "金额"], ["甲", "1"]]]


def test_a_heading_over_the_whole_width_is_no_title_where_that_stands_above(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    ws = book.active
    assert ws is not None
    sheet(ws, [["“三公”经费支出决算表", None], [None, "单位：万元"], ["“三公”经费", None], ["预算数", "决算数"], [11.77, 10.64]], (3, 6))
    ws.merge_cells("A3:B3")
    (page,) = read_excel(save(book, tmp_path))
    assert [len(b.rows) for b in page.blocks if isinstance(b, RawGrid)] == [3]


def test_hidden_rows_columns_and_sheets_are_not_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    ws = book.active
    assert ws is not None
    sheet(ws, [["项目", "藏", "金额"], ["甲", 9, 1], ["密", 9, 9], ["乙", 9, 2]], (1, 5))
    ws.row_dimensions[3].hidden = True
    ws.column_dimensions["B"].hidden = True
    other = book.create_sheet("隐藏表")
    other["A1"] = "不应出现"
    other.sheet_state = "hidden"
    pages = read_excel(save(book, tmp_path))
    assert len(pages) == 1 and texts(pages[0].grids[0]) == [["项目", "金额"], ["甲", "1"], ["乙", "2"]]


def test_a_merge_whose_first_row_is_hidden_still_shows_its_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    ws = book.active
    assert ws is not None
    sheet(ws, [["项目", "金额"], ["甲", 1], [None, 2], [None, 3]], (1, 5)).merge_cells("A2:A4")
    ws.row_dimensions[2].hidden = True
    assert texts(read_excel(save(book, tmp_path))[0].grids[0]) == [["项目", "金额"], ["甲", "2"], [None, "3"]]


def test_a_formula_never_calculated_is_shown_not_blank(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    sheet(book.active, [["项目", "金额"], ["甲", 1], ["合计", "=SUM(B2:B2)"]], (1, 4))
    assert texts(read_excel(save(book, tmp_path))[0].grids[0])[2] == ["合计", "=SUM(B2:B2)"]


def test_a_sheet_may_show_zeros_as_nothing(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    sheet(book.active, [["项目", "金额"], ["甲", 0]], (1, 3)).sheet_view.showZeros = False
    assert texts(read_excel(save(book, tmp_path))[0].grids[0])[1] == ["甲", ""]


def test_contents_are_lines(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    sheet(book.active, [["目  录"], ["表一", "收支总表", 1], ["表二", "收入总表", 2]])
    assert shape(read_excel(save(book, tmp_path))[0]) == ["目 录", "表一\t收支总表\t1", "表二\t收入总表\t2"]


@pytest.mark.parametrize(("value", "form", "shown"), [
    (1234567.5, "#,##0.00", "1,234,567.50"), (0.125, "0%", "13%"), (2.675, "0.00", "2.68"), (-3.2, "#,##0.00_ ", "-3.20"), (0, ACCOUNTING, "-"),
    (-12.5, ACCOUNTING, "-12.50"), (0.1 + 0.2, "General", "0.3"), (-5, r"#,##0.00_);[Red]\(#,##0.00\)", "(5.00)"), (-0.001, "0.00", "0.00"),
    (3, '0"万元"', "3万元"), (45292, 'yyyy"年"m"月"d"日"', "2024年1月1日"), (dt.datetime(2024, 3, 5), "yyyy/m/d", "2024/3/5"), (7, "00", "07"),
    (12000, "0.0,", "12.0"), (0, "#,##0.00;-#,##0.00;", ""), (208, "@", "208"), (1234.5, "[$¥-804]#,##0.0", "¥1,234.5"), (12345, "0.00E+00", "1.23E+04"),
])
def test_values_as_shown(value: object, form: str, shown: str) -> None:
    assert displayed(value, form) == shown


@given(st.decimals(min_value=-10**9, max_value=10**9, places=2))
def test_two_decimals_survive_being_stored_as_binary(value: object) -> None:
    shown = parse_decimal(displayed(float(str(value)), "#,##0.00"))
    assert shown is not None and shown == (abs(value) * 0 + value, 2)  # type: ignore[operator,arg-type]


def test_addresses() -> None:
    assert [address(5, 2), address(0, 25), address(0, 26), address(9, 701)] == ["C6", "Z1", "AA1", "ZZ10"]


def old_excel(cells: list[tuple[int, int, object]], merged: list[tuple[int, int, int, int]]) -> bytes:
    """The smallest .xls stream: one sheet, texts and numbers, one style with rules and two decimals."""
    def record(kind: int, data: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(data)) + data
    def begin(kind: int) -> bytes:
        return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 1997, 0, 0))
    def text(value: str, width: str) -> bytes:
        return struct.pack(f"<{width}B", len(value), 1) + value.encode("utf-16-le")
    font = record(0x31, struct.pack("<HHHHHBBBB", 210, 0, 0, 400, 0, 0, 0, 134, 0) + text("宋体", "B"))
    look = record(0xE0, struct.pack("<HHHBBBBIIH", 0, 2, 0, 0, 0, 0, 0, 0x1111, 0, 0))
    head = begin(5) + record(0x42, struct.pack("<H", 1200)) + font * 5 + look * 16
    sheet_body = begin(0x10)
    for r, c, value in cells:
        if isinstance(value, str):
            sheet_body += record(0x204, struct.pack("<HHH", r, c, 15) + text(value, "H"))
        else:
            sheet_body += record(0x203, struct.pack("<HHHd", r, c, 15, value))
    sheet_body += record(0xE5, struct.pack("<H", len(merged)) + b"".join(struct.pack("<HHHH", *m) for m in merged)) + record(0x0A)
    name = text("表一", "B")
    bound = len(head) + 4 + 6 + len(name) + 4
    return head + record(0x85, struct.pack("<IBB", bound, 0, 0) + name) + record(0x0A) + sheet_body


def test_an_old_xls(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(old_excel([(0, 0, "项目"), (0, 1, "预算数"), (1, 0, "合计"), (1, 1, 12.5), (1, 2, 3.0)], [(0, 0, 1, 2)]))
    assert texts(read_excel(path)[0].grids[0]) == [["项目", "预算数", None], ["合计", "12.50", "3.00"]]


@pytest.mark.parametrize("data", [b"", b"<html><table/></html>", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096, b"rubbish"])
def test_what_cannot_be_read_is_told_in_words(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(data)
    with pytest.raises(Unreadable, match="[一-龥]"):
        read_excel(path)


def test_a_damaged_sheet_is_told(tmp_path: Path) -> None:
    path = save(budget(), tmp_path)
    with zipfile.ZipFile(path) as parts:
        members = {n: parts.read(n) for n in parts.namelist()}
    members["xl/worksheets/sheet1.xml"] = members["xl/worksheets/sheet1.xml"][:200]
    with zipfile.ZipFile(path, "w") as parts:
        for name, data in members.items():
            parts.writestr(name, data)
    with pytest.raises(Unreadable, match="损坏"):
        read_excel(path)


def test_an_empty_book_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="空"):
        read_excel(save(openpyxl.Workbook(), tmp_path))


@pytest.mark.shared
def test_every_cell_of_the_excel_sample() -> None:
    path = SHARED / "samples" / "xiaoyi-medical-2024-tables.xlsx"
    if not path.exists():
        pytest.skip("needs ../shared")
    truth = json.loads((SHARED / "samples" / "xiaoyi-medical-2024-a.truth.json").read_text("utf-8"))
    grids = [g for page in read_excel(path) for g in page.grids]
    assert len(grids) == 13
    for grid, table in zip(grids, truth["tables"][:13], strict=True):
        wanted = table["header"]["rows"] + table["body"]["rows"]
        assert texts(grid) == [[None if c is None else c.replace("\n", "") for c in row] for row in wanted], table["id"]


def test_a_unit_line_or_a_tables_title_names_no_body(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    sheet(book.active, [["收入支出决算总表", None], [None, "单位：万元"], ["项目", "决算数"], ["一、财政拨款", 1]], (3, 5))
    doc = read_document(save(book, tmp_path))
    assert (doc.unit_name.value, doc.kind) == ("", "")


def test_a_sheet_without_rules_may_have_a_column_the_template_does_not_know(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet(book.active, [["2025年一般公共预算“三公”经费、会议费支出表"], ["部门：示例市示例局", "", "", "", "", "", "单位：万元"],
                        ["合计", "因公出国（境）费", "公务用车购置及运行费小计", "公务用车购置费", "公务用车运行费", "公务接待费", "会议费"],
                        ["9.00", "0.00", "6.00", "0.00", "6.00", "3.00", "2.50"]])
    (made,) = read_document(save(book, tmp_path), template="standard-budget").tables
    assert made.role == "three_public" and made.lines[0].cells["公务用车运行费"].text == "6.00"
