"""The made-up disclosure of tests.gui.desk in parts: three PDFs and a text file, as a folder, a .zip and a Result whose places name them."""
from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pikepdf

from core.model import Page, PageId
from core.reading.folders import page_name
from core.results import Finding, Result, of_span
from tests.gui.desk import result_for, write_pdf

NAMES = ("1 概况.pdf", "2 预算报表.pdf", "4 情况说明.pdf")
STARTS = (1, 2, 6)
"""The first page of each in the whole; pages 2 to 5 have tables, 6 and 7 text."""
BARE = "3 补充说明.txt"


def id_of(page: int) -> str:
    """What places call a page of the whole."""
    at = max(n for n, start in enumerate(STARTS) if start <= page)
    return page_name(page - STARTS[at] + 1, NAMES[at])


def folder_of(path: Path, turned: int = 0) -> Path:
    """The folder with its parts. The second is stored turned by so many degrees and looks the same."""
    path.mkdir()
    whole = path.parent / f"{path.name}-whole.pdf"
    for at, (name, start) in enumerate(zip(NAMES, STARTS, strict=True)):
        write_pdf(result_for(path).document, whole, turned if at == 1 else 0, (30, 12, 7, 55) if at == 1 and turned else None)
        end = [*STARTS, 8][at + 1]
        with pikepdf.open(whole) as pdf:
            del pdf.pages[end - 1:]
            del pdf.pages[:start - 1]
            pdf.save(path / name)
    (path / BARE).write_text("补充说明\n本年公务接待费比上年减少。\n", "utf-8")
    return path


def zip_of(folder: Path) -> Path:
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w") as out:
        for file in folder.iterdir():
            out.write(file, file.name)
    return path


def parts_result(path: Path, many: int = 4) -> Result:
    """As `tests.gui.desk.result_for`, read from parts; one finding more, in the part without pages."""
    result = _renamed(result_for(path, many))
    document = result.document
    named = tuple(replace(p, name=id_of(p.number), number=p.number + (p.number > 5)) for p in document.pages)
    pages = (*named[:5], Page(6, 1.0, 1.0, "text", name=BARE), *named[5:])
    text = document.sections[0].paragraphs[0]
    bare = replace(text, text="本年公务接待费比上年减少。", chars=((f"{BARE} 正文 第 2 行", None),) * 13)
    section = replace(document.sections[0], paragraphs=(text, bare))
    document = replace(document, form="folder", pages=pages, sections=(section, *document.sections[1:]))
    finding = Finding("T001", "text_quality", "warning", "说明没有金额", "补充说明没有写明金额。", of_span(bare.span(2, 7)))
    return replace(result, document=document, findings=(*result.findings, finding))


def _renamed(value: Any) -> Any:
    """The same with every page called as places call it in parts."""
    if isinstance(value, tuple):
        return tuple(map(_renamed, value))
    if isinstance(value, Mapping):
        return {k: _renamed(v) for k, v in value.items()}
    if not is_dataclass(value) or isinstance(value, Page):
        return value
    changed = {}
    for f in fields(value):
        old = getattr(value, f.name)
        if f.name == "page":
            changed[f.name] = _name(old)
        elif f.name in ("pages", "row_pages") and all(isinstance(p, int) for p in old):
            changed[f.name] = tuple(map(_name, old))
        elif f.name == "chars":
            changed[f.name] = tuple((_name(page), box) for page, box in old)
        else:
            changed[f.name] = _renamed(old)
    return type(value)(**changed)


def _name(page: PageId | None) -> PageId | None:
    return id_of(page) if isinstance(page, int) else page
