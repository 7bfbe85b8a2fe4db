"""The same papers as Word and Excel files."""
from __future__ import annotations

import json
import re
from pathlib import Path

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from tests.generator.figures import parsed
from tests.generator.make import Generated
from tests.generator.paper import Box, Grid, Heading, Paper, Para
from tests.generator.truth import truth


def _finish(paper: Paper, path: Path, style: str) -> Generated:
    known = truth(paper, None, path.name, style, [])
    known["producer"] = "python-docx" if style == "DOCX" else "openpyxl"
    path.with_name(path.name + ".truth.json").write_text(json.dumps(known, ensure_ascii=False), "utf-8")
    path.with_suffix(".truth.json").exists() or path.with_suffix(".truth.json").write_text(json.dumps(known, ensure_ascii=False), "utf-8")
    return Generated(path, known, paper)


def docx(paper: Paper, folder: Path, name: str) -> Generated:
    """A Word file: headings, paragraphs, real tables with merged cells, landscape sections where a table wants them."""
    folder.mkdir(parents=True, exist_ok=True)
    out = Document()
    out.styles["Normal"].font.size = Pt(10.5)
    for i, line in enumerate(paper.cover):
        p = out.add_paragraph()
        p.alignment = WD_ALIGN_PARAGRAPH.CENTER
        p.add_run(line).font.size = Pt(26 if i == 0 else 20)
    out.add_page_break()
    out.add_paragraph("目  录").alignment = WD_ALIGN_PARAGRAPH.CENTER
    for entry in paper.contents:
        out.add_paragraph(("　" * (entry.level - 1)) + entry.text)
    wide = False
    for block in paper.blocks:
        turned = isinstance(block, Grid) and block.landscape
        if turned != wide:
            section = out.add_section()
            section.orientation = WD_ORIENT.LANDSCAPE if turned else WD_ORIENT.PORTRAIT
            section.page_width, section.page_height = section.page_height, section.page_width
            wide = turned
        if isinstance(block, Heading):
            if block.new_page:
                out.add_page_break()
            out.add_heading(block.title, block.level)
        elif isinstance(block, Para):
            p = out.add_paragraph(block.text)
            p.paragraph_format.first_line_indent = Pt(21)
        elif isinstance(block, Grid):
            _word_table(out, block)
    path = folder / f"{name}.docx"
    out.core_properties.title = "".join(paper.cover)
    out.core_properties.author = paper.unit
    out.save(str(path))
    return _finish(paper, path, "DOCX")


def _word_table(out, grid: Grid) -> None:  # type: ignore[no-untyped-def]
    if grid.label:
        out.add_paragraph(grid.label)
    out.add_paragraph(grid.title).alignment = WD_ALIGN_PARAGRAPH.CENTER
    if grid.subtitle:
        out.add_paragraph(grid.subtitle).alignment = WD_ALIGN_PARAGRAPH.CENTER
    line = "\t".join(t for t in (grid.body_line, grid.unit_line) if t)
    if line:
        out.add_paragraph(line)
    rows = [*grid.header, *(r.cells for r in grid.rows)]
    boxes = [*grid.header_boxes, *(Box(b.r + len(grid.header), b.c, b.rs, b.cs) for b in grid.boxes)]
    if rows:
        table = out.add_table(len(rows), len(grid.widths))
        table.style = "Table Grid"
        for box in boxes:
            table.cell(box.r, box.c).merge(table.cell(box.r + box.rs - 1, box.c + box.cs - 1))
        for r, cells in enumerate(rows):
            for c, text in enumerate(cells):
                if text:
                    table.cell(r, c).text = text
            if r < len(grid.header):  # Word repeats these rows overleaf
                mark = OxmlElement("w:tblHeader")
                mark.set(qn("w:val"), "true")
                table.rows[r]._tr.get_or_add_trPr().append(mark)
    for note in [*grid.notes, *([grid.footer] if grid.footer else [])]:
        out.add_paragraph(note)


def xlsx(paper: Paper, folder: Path, name: str) -> Generated:
    """The numbered tables alone, one sheet each; amounts are numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    book = Workbook()
    book.remove(book.active)
    thin = Side(style="thin")
    for grid in paper.grids("budget"):
        sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", "", grid.id))
        width = len(grid.widths)
        row = 1
        if grid.label:
            sheet.cell(row, 1, grid.label)
            row += 1
        sheet.cell(row, 1, grid.title).font = Font(size=15)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=width)
        sheet.cell(row, 1).alignment = Alignment(horizontal="center")
        row += 1
        sheet.cell(row, 1, grid.body_line)
        sheet.cell(row, width, grid.unit_line)
        row += 1
        rows = [*grid.header, *(r.cells for r in grid.rows)]
        boxes = [*grid.header_boxes, *(Box(b.r + len(grid.header), b.c, b.rs, b.cs) for b in grid.boxes)]
        for r, cells in enumerate(rows):
            for c, text in enumerate(cells):
                cell = sheet.cell(row + r, c + 1)
                cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
                value = parsed(text) if r >= len(grid.header) and c in grid.amounts else None
                if value is not None:
                    cell.value = float(value)
                    digits = len((text or "").split(".")[1].strip()) if "." in (text or "") else 0
                    cell.number_format = ("#,##0" if "," in (text or "") else "0") + ("." + "0" * digits if digits else "")
                elif text:
                    cell.value = text
                    cell.alignment = Alignment(wrap_text=True)
        for box in boxes:
            sheet.merge_cells(start_row=row + box.r, end_row=row + box.r + box.rs - 1, start_column=box.c + 1, end_column=box.c + box.cs)
        row += len(rows)
        for note in grid.notes:
            sheet.cell(row, 1, note)
            row += 1
        for c, w in enumerate(grid.widths):
            sheet.column_dimensions[get_column_letter(c + 1)].width = max(8.0, w)
    path = folder / f"{name}.xlsx"
    book.save(path)
    return _finish(paper, path, "XLSX")
