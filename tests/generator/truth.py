"""What a generated file says, in the form that ../shared/tools/score.py reads."""
from __future__ import annotations

from typing import Any

from tests.generator.paper import Box, Grid, Paper
from tests.generator.pdf import Laid


def _spans(boxes: list[Box]) -> list[dict[str, int]]:
    return [{"r": b.r, "c": b.c, "rs": b.rs, "cs": b.cs} for b in boxes]


def table_truth(grid: Grid, laid: Laid | None, repeated: bool) -> dict[str, Any]:
    pages = laid.rows[grid.key] if laid else []
    title = laid.titles[grid.key] if laid else None
    on = sorted({*([title] if title else []), *pages, *(laid.headers[grid.key] if laid else [])})
    return {
        "id": grid.id, "kind": grid.kind, "title": grid.title, "title_page": title, "pages": [on[0], on[-1]] if on else None,
        "label": grid.label, "subtitle": grid.subtitle, "unit_line": grid.body_line, "amount_unit_line": grid.unit_line, "ncols": len(grid.widths),
        "columns": grid.paths, "role": grid.role,
        "header": {"rows": grid.header, "spans": _spans(grid.header_boxes), "repeated_on_each_page": repeated},
        "body": {"rows": [r.cells for r in grid.rows], "spans": _spans(grid.boxes), "row_pages": pages,
                 "cell_pages": [[None if t is None else page for t in r.cells] for r, page in zip(grid.rows, pages, strict=bool(laid))]},
        "notes": grid.notes, "footer": grid.footer, "layout": {"landscape": grid.landscape}, "project": grid.project,
    }


def truth(paper: Paper, laid: Laid | None, file: str, style: str, injected: list[dict[str, Any]], repeated: bool = True) -> dict[str, Any]:
    """The truth of one file. Without `laid` (docx, xlsx) there are no pages."""
    front = laid.front if laid else 0
    def label(page: int | None) -> str:
        return str(page - front) if page else ""
    sections = [{"id": h.id, "level": h.level, "title": h.title, "page": laid.headings[h.id] if laid else None,
                 "page_label": label(laid.headings[h.id] if laid else None)} for h in paper.headings()]
    toc = []
    for entry, page in laid.entries if laid else [(e, None) for e in paper.contents]:
        at = (laid.headings.get(entry.target) or laid.titles.get(entry.target) or 0) if laid else 0
        printed = str(at - front + entry.shift) if laid and paper.numbered_contents else ""
        toc.append({"text": entry.text, "level": entry.level, "printed_page": printed, "target": entry.target, "toc_page": page})
    paragraphs = [{"section": p.section, "style": p.style, "page": laid.page_of(p) if laid else None, "text": p.text} for p in paper.paragraphs()]
    return {
        "format": "budget-disclosure-truth/1", "file": file, "seed": paper.seed, "unit": paper.unit, "year": paper.year, "who": paper.who,
        "template": paper.template, "kind": f"{paper.who}{paper.kind}", "style": style, "producer": "reportlab", "pages": len(laid.sheets) if laid else None,
        "front_pages": front, "page_types": {"default": "text"}, "toc": toc, "sections": sections, "paragraphs": paragraphs,
        "charts": [{"title": t, "page": p} for t, p in laid.charts] if laid else [],
        "tables": [table_truth(g, laid, repeated) for g in paper.grids()], "native_findings": [], "injected": injected,
    }
