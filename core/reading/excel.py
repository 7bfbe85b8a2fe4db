"""Tables posted as .xlsx or .xls: every visible sheet as a part, figures as the sheet shows them."""
from __future__ import annotations

import os
import zipfile
import zlib
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from core.errors import Unreadable
from core.reading.displayed import displayed
from core.reading.office import Held, Source, head, is_encrypted_office, is_ole, is_zip, open_parts, opened, source
from core.reading.pages import RawPage
from core.reading.sheets import Address, Sheet, blocks_of

_PROGRAM = "Excel 或 WPS 表格"


def read_excel(file: str | Path | Held) -> list[RawPage]:
    """The visible sheets that hold anything, each as a part under its name. What the file is decides, not its suffix."""
    path = source(file)
    start = head(path)
    if is_zip(start):
        sheets = _new(path)
    elif is_ole(start) and is_encrypted_office(path):
        raise Unreadable(f"{path.name} 有打开密码，请先在 {_PROGRAM} 中去掉密码再打开。")
    elif is_ole(start) or start[:2] == b"\x09\x08":
        sheets = _old(path)
    elif start.lstrip()[:1] == b"<":
        raise Unreadable(f"{path.name} 实际是网页而不是表格文件，请用 {_PROGRAM} 打开并另存为 .xlsx 后再试。")
    else:
        raise Unreadable(f"{path.name} 已损坏或不是表格文件，请用 {_PROGRAM} 打开并另存为 .xlsx 后再试。")
    pages: list[RawPage] = []
    for sheet in sheets:
        blocks = blocks_of(sheet)
        if blocks:
            pages.append(RawPage(len(pages) + 1, 841.9, 595.3, "text", blocks))
    if not pages:
        raise Unreadable(f"{path.name} 的可见工作表都是空的，无法检查。")
    return pages


# ------------------------------------------------------------------ xlsx

def _new(path: Source) -> list[Sheet]:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    open_parts(path, "xl/workbook.xml", _PROGRAM).close()
    try:
        book = openpyxl.load_workbook(opened(path), data_only=True)
        formulas = _formulas(path)
    except (InvalidFileException, zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, EOFError, TypeError,
            AttributeError, IndexError) as error:
        raise Unreadable(f"{path.name} 已损坏，无法读取工作表，请用 {_PROGRAM} 打开并另存后再试。") from error
    since_1904 = book.epoch.year == 1904
    return [_new_sheet(sheet, formulas, since_1904) for sheet in book.worksheets if sheet.sheet_state == "visible"]


def _formulas(path: Source) -> dict[tuple[str, int, int], str]:
    """The formulas of the book, for cells whose result was never stored. Read only where there are any."""
    with zipfile.ZipFile(opened(path)) as parts:
        names = [n for n in parts.namelist() if n.startswith("xl/worksheets/") and n.endswith(".xml")]
        if not any(b"<f>" in (data := parts.read(n)) or b"<f " in data for n in names):
            return {}
    import openpyxl
    book = openpyxl.load_workbook(opened(path))
    return {(sheet.title, int(cell.row or 1) - 1, int(cell.column or 1) - 1): str(cell.value)
            for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.data_type == "f"}


def _new_sheet(sheet: Any, formulas: dict[tuple[str, int, int], str], since_1904: bool) -> Sheet:
    zeros = bool(getattr(sheet.sheet_view, "showZeros", True) is not False)
    texts: dict[Address, str] = {}
    edged: set[Address] = set()
    sizes: dict[Address, float] = {}
    for row in sheet.iter_rows():
        for cell in row:
            at = (int(cell.row) - 1, int(cell.column) - 1)
            if cell.value is not None:
                text = displayed(cell.value, cell.number_format, since_1904)
                if not zeros and cell.data_type == "n" and cell.value == 0:
                    text = ""
            else:
                # A formula that no program has calculated is shown as it stands rather than passed over as blank.
                text = formulas.get((sheet.title, *at), "")
            if text:
                texts[at] = text
                if cell.font is not None and cell.font.size:
                    sizes[at] = float(cell.font.size)
            if cell.has_style:
                border = cell.border
                sides = [bool(side is not None and side.style) for side in (border.left, border.right, border.top, border.bottom)]
                if sides[0] or sides[1] or sides[2] and sides[3]:
                    edged.add(at)
    merged = tuple((r.min_row - 1, r.min_col - 1, r.max_row, r.max_col) for r in sheet.merged_cells.ranges)
    hidden_rows = frozenset(n - 1 for n, d in sheet.row_dimensions.items() if d.hidden)
    hidden_columns = frozenset(n - 1 for d in sheet.column_dimensions.values() if d.hidden and d.min and d.max
                               for n in range(d.min, min(d.max, 1000) + 1))
    return Sheet(sheet.title, texts, merged, frozenset(edged), hidden_rows, hidden_columns, sizes)


# ------------------------------------------------------------------ xls

def _old(path: Source) -> list[Sheet]:
    import struct

    import xlrd
    from xlrd.compdoc import CompDocError

    try:
        # xlrd prints its complaints; they go nowhere a reviewer looks.
        with Path(os.devnull).open("w") as quiet:
            book = xlrd.open_workbook(file_contents=path.read_bytes(), formatting_info=True, logfile=quiet)
    except xlrd.XLRDError as error:
        if "encrypt" in str(error).lower() or "password" in str(error).lower():
            raise Unreadable(f"{path.name} 有打开密码，请先在 {_PROGRAM} 中去掉密码再打开。") from None
        raise Unreadable(f"{path.name} 不是可读的表格文件，请用 {_PROGRAM} 打开并另存为 .xlsx 后再试。") from error
    except (CompDocError, AssertionError, struct.error, IndexError, KeyError, ValueError, UnicodeDecodeError, TypeError,
            AttributeError, NotImplementedError) as error:
        raise Unreadable(f"{path.name} 已损坏，无法读取工作表，请用 {_PROGRAM} 打开并另存为 .xlsx 后再试。") from error
    return [_old_sheet(book, sheet) for sheet in book.sheets() if sheet.visibility == 0]


def _old_sheet(book: Any, sheet: Any) -> Sheet:
    import xlrd

    texts: dict[Address, str] = {}
    edged: set[Address] = set()
    sizes: dict[Address, float] = {}
    for r in range(sheet.nrows):
        for c in range(sheet.row_len(r)):
            cell = sheet.cell(r, c)
            look = book.xf_list[cell.xf_index] if cell.xf_index is not None and cell.xf_index < len(book.xf_list) else None
            form = book.format_map[look.format_key].format_str if look is not None and look.format_key in book.format_map else "General"
            if cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
                hide = cell.value == 0 and not getattr(sheet, "show_zero_values", 1)
                text = "" if hide else displayed(float(cell.value), form, book.datemode == 1)
            elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
                text = "TRUE" if cell.value else "FALSE"
            elif cell.ctype == xlrd.XL_CELL_ERROR:
                text = xlrd.error_text_from_code.get(cell.value, "#ERROR")
            else:
                text = str(cell.value)
            if text:
                texts[r, c] = text
                if look is not None and look.font_index < len(book.font_list):
                    sizes[r, c] = book.font_list[look.font_index].height / 20
            if look is not None:
                border = look.border
                if border.left_line_style or border.right_line_style or border.top_line_style and border.bottom_line_style:
                    edged.add((r, c))
    merged = tuple((top, left, bottom, right) for top, bottom, left, right in sheet.merged_cells)
    hidden_rows = frozenset(r for r, info in sheet.rowinfo_map.items() if info.hidden)
    hidden_columns = frozenset(c for c, info in sheet.colinfo_map.items() if info.hidden)
    return Sheet(sheet.name, texts, merged, frozenset(edged), hidden_rows, hidden_columns, sizes)
