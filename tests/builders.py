"""Small documents in memory, so that a rule can be tested without a PDF."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.layouts import template
from core.model import Cell, Document, Fact, Page, Paragraph, Place, Section, Span, Table, TocEntry
from core.reading.tables import Row, build_lines, generic_columns, header_height, header_paths, match_columns, with_amounts


def grid(rows: Sequence[Sequence[str | None]], page: int = 1, first: int = 0, top: float = 100.0) -> tuple[Row, ...]:
    """Rows of texts as cells with made-up boxes; None is a place that the cell left of it (else above it) covers."""
    texts = [list(r) for r in rows]
    out: list[list[Cell | None]] = []
    for r, row in enumerate(texts):
        cells: list[Cell | None] = []
        for c, text in enumerate(row):
            if text is None:
                cells.append(None)
                continue
            wide = 1
            while c + wide < len(row) and row[c + wide] is None and not _from_above(texts, r, c + wide):
                wide += 1
            tall = 1
            while r + tall < len(texts) and c < len(texts[r + tall]) and texts[r + tall][c] is None and _from_above(texts, r + tall, c):
                tall += 1
            box = (50.0 + 60 * c, top + 15 * (first + r), 50.0 + 60 * (c + wide), top + 15 * (first + r + tall))
            cells.append(Cell(text, Place(page, box), first + r, c, tall, wide))
        out.append(cells)
    return tuple(tuple(r) for r in out)


def _from_above(texts: Sequence[Sequence[str | None]], r: int, c: int) -> bool:
    """Whether a covered place belongs to the cell above: its left neighbour column is closed by a text or it starts the row."""
    if r == 0 or c >= len(texts[r - 1]):
        return False
    left = next((texts[r][k] for k in range(c - 1, -1, -1) if texts[r][k] is not None), None)
    above_open = texts[r - 1][c] is not None or _from_above(texts, r - 1, c)
    same_left = c > 0 and texts[r][c - 1] is not None and texts[r - 1][c] is not None
    return above_open and (left is None or same_left or texts[r - 1][c] is not None)


HEADERS: dict[str, list[list[str | None]]] = {
    "表一": [["收入", None, "支出", None, None, None], ["项目", "2024年", "项目", "2024年合计", "当年预算安排", "上年结转安排"]],
    "表二": [["项目", None, "本年收入", None, None, None, None, None, "上年结转"],
           ["科目编码", "科目名称", "合计", "一般公共预算", "政府性基金", "国有资本经营预算", "财政专户管理资金", "单位资金", None]],
    "表三": [["项目", None, "2024年预算数", None, None], ["科目编码", "科目名称", "合计", "基本支出", "项目支出"]],
    "表四": [["收入", None, "支出", None, None, None, None], ["项目", "金额", "项目", "小计", "一般公共预算", "政府性基金预算", "国有资本经营预算"]],
    "表五": [["项目", None, "2024年预算数", None, None], ["科目编码", "科目名称", "合计", "基本支出", "项目支出"]],
    "表六": [["部门预算支出经济科目名称", "政府预算支出经济科目名称", "2024年预算数", None, None], [None, None, "合计", "人员经费", "公用经费"]],
    "表七": [["项目", None, "政府性基金收入预算"], ["收入科目编码", "科目名称", None]],
    "表八": [["科目编码", "科目名称", "合计", "基本支出", "项目支出"]],
    "表九": [["国有资本经营预算收入", None, None, "国有资本经营预算支出", None, None, None, None],
           ["收入科目编码", "科目名称", "国有资本经营收入预算", "科目编码", "科目名称", "合计", "基本支出", "项目支出"]],
    "表十": [["项目", "2024年预算数", None, None, None], [None, "合计", "一般公共预算", "政府性基金预算", "国有资本经营预算"]],
    "表十一": [["单位名称", "2024预算数", None, None, None], [None, "合计", "一般公共预算", "政府性基金预算", "国有资本经营预算"]],
    "表十二": [["项目名称", "合计", "2024年财政拨款", None, None, "财政专户管理资金", "单位资金"],
            [None, None, "一般公共预算", "政府性基金预算", "国有资本经营预算", None, None], ["1", "2", "3", "4", "5", "6", "7"]],
    "表十三": [["项目名称", "合计", "2024年财政拨款", None, None], [None, None, "一般公共预算", "政府性基金预算", "国有资本经营预算"],
            ["1", "2", "3", "4", "5"]],
}


def table(table_id: str, rows: Sequence[Sequence[str | None]], *, template_id: str = "shanxi-budget", page: int = 5,
          header: Sequence[Sequence[str | None]] | None = None, title: str | None = None, unit: str | None = None,
          notes: Sequence[str] = (), bodies: Sequence[str] = ()) -> Table:
    """A table of a template with these body rows. The header is the template's usual one (HEADERS) unless given."""
    layout = template(template_id).table(table_id)
    head = list(header if header is not None else HEADERS[table_id])
    cells = grid([*head, *rows], page)
    height = len(head) if header is not None or table_id in HEADERS else header_height(cells)
    width = max((len(r) for r in cells), default=0)
    paths = header_paths(cells[:height], width)
    if layout is None:
        columns = generic_columns(paths, cells[height:])
        unit = unit or ""
        name, role, kind, hierarchy, totals = title or table_id, "", "unknown", "code", ("合计",)
    else:
        columns, _ = match_columns(layout, paths)
        unit = layout.unit if unit is None else unit
        name, role, kind, hierarchy, totals = title or f"2024年{layout.title}", layout.role, "budget", layout.hierarchy, layout.totals
    body = with_amounts(cells[height:], columns, unit)
    lines = build_lines(table_id, body, columns, hierarchy, totals, bodies)
    title_span = Span(name, (Place(page, (50.0, 60.0, 400.0, 75.0)),))
    unit_span = Span(f"单位：{unit}", (Place(page, (400.0, 80.0, 480.0, 92.0)),)) if unit else None
    note_spans = tuple(Span(n, (Place(page, (50.0, 700.0 + 12 * i, 400.0, 710.0 + 12 * i)),)) for i, n in enumerate(notes))
    return Table(table_id, role, kind, name, (page,), cells[:height], body, columns, lines, unit, title_span, None, unit_span, None,
                 note_spans, row_pages=(page,) * len(body))


def paragraph(text: str, section: str = "3.1", page: int = 20, top: float = 100.0) -> Paragraph:
    """A paragraph whose characters stand 40 to a line, 10 points each."""
    chars = tuple((page, (50.0 + 10 * (i % 40), top + 14 * (i // 40), 60.0 + 10 * (i % 40), top + 12 + 14 * (i // 40)))
                  for i in range(len(text)))
    return Paragraph(text, section, chars)


def section(title: str, *texts: str, role: str = "", level: int = 2, id: str = "3.1", page: int = 20) -> Section:
    span = Span(title, (Place(page, (50.0, 80.0, 300.0, 94.0)),))
    paragraphs = tuple(paragraph(t, id, page, 100.0 + 60 * i) for i, t in enumerate(texts))
    return Section(id, title, level, span, paragraphs, role)


def toc(*entries: tuple[str, str]) -> tuple[TocEntry, ...]:
    return tuple(TocEntry(title, number, 2, Span(f"{title}{number}", (Place(2, (50.0, 100.0 + 14 * i, 500.0, 112.0 + 14 * i)),)))
                 for i, (title, number) in enumerate(entries))


def document(tables: Sequence[Table] = (), sections: Sequence[Section] = (), contents: Sequence[TocEntry] = (), *,
             template_id: str = "shanxi-budget", kind: str = "部门预算", unit_name: str = "示例县示例局", year: int | None = 2024,
             amount_unit: str = "万元", pages: int = 40, front: Sequence[Paragraph] = (), properties: Mapping[str, str] | None = None,
             **more: Any) -> Document:
    """A document of these parts; everything else is plausible and quiet."""
    cover = Span(unit_name, (Place(1, (100.0, 200.0, 400.0, 230.0)),))
    year_span = Span(f"{year}年度{kind}公开", (Place(1, (100.0, 240.0, 400.0, 270.0)),))
    numbered = tuple(Page(n, 595.0, 842.0, "text", (), str(n - 2) if n > 2 else "") for n in range(1, pages + 1))
    return Document("示例.pdf", "0" * 64, "pdf", numbered, template_id, "测试", kind, Fact(unit_name, cover), year,
                    Fact(str(year or ""), year_span), amount_unit, tuple(sections), tuple(contents), tuple(tables), tuple(front),
                    properties or {}, **more)
