"""Ground truth of ../shared/samples as Documents, so that rules can be tried on real figures without the PDF reader."""
from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from core.layouts import template
from core.model import Document, Table
from core.reading.forms import read_form
from core.text import fold
from tests.builders import document, grid, paragraph, section, table, toc

SHARED = Path(__file__).resolve().parents[2] / "shared"


def truth(name: str) -> dict[str, Any]:
    """The truth of a sample by file stem ("xiaoyi-medical-2024-a-short")."""
    loaded: dict[str, Any] = json.loads((SHARED / "samples" / f"{name}.truth.json").read_text("utf-8"))
    return loaded


def form_table(raw: dict[str, Any]) -> Table:
    """A performance form of the truth as a table with its form."""
    year = re.search(r"\d{4}", raw.get("subtitle") or "")
    rows, form = read_form(grid(raw["body"]["rows"], raw["pages"][0]), f"({year.group()}年度)" if year else "")
    return Table(raw["id"], "performance", "performance", raw["title"], (raw["pages"][0],), (), rows, (), form=form)


def as_document(data: dict[str, Any], template_id: str = "shanxi-budget") -> Document:
    """Budget tables, performance forms, sections with their paragraphs, and contents. The catalogue is left out."""
    layout = template(template_id)
    tables: list[Table] = []
    for raw in data["tables"]:
        if raw["kind"] == "perf":
            tables.append(form_table(raw))
        if raw["kind"] != "budget":
            continue
        unit = raw["amount_unit_line"].split("：")[-1].strip()
        tables.append(table(raw["id"], raw["body"]["rows"], template_id=template_id, page=raw["pages"][0], header=raw["header"]["rows"],
                            title=raw["title"], unit=unit, notes=raw["notes"], bodies=[data["unit"]]))
    texts: dict[str, list[str]] = {}
    pages: dict[str, int] = {}
    for p in data["paragraphs"]:
        texts.setdefault(p["section"], []).append(p["text"])
        pages.setdefault(p["section"], p["page"])
    sections = []
    for raw in data["sections"]:
        role = next((s.role for s in layout.sections if re.fullmatch(s.pattern, fold(raw["title"]))), "")
        made = section(raw["title"], role=role, level=raw["level"], id=raw["id"], page=raw["page"])
        paragraphs = tuple(paragraph(t, raw["id"], pages[raw["id"]], 100.0 + 60 * i) for i, t in enumerate(texts.get(raw["id"], [])))
        sections.append(type(made)(made.id, made.title, made.level, made.span, paragraphs, role))
    kind = "单位预算" if data["who"] == "单位" else "部门预算"
    return document(tables, sections, toc(*[(e["text"], e["printed_page"]) for e in data["toc"]]), template_id=template_id, kind=kind,
                    unit_name=data["unit"], year=data["year"], pages=data["pages"])
