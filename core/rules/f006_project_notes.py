"""F006: a note on a project has all the headings that its template gives it."""
from __future__ import annotations

import re
from collections.abc import Iterable

from core.model import Document, Section
from core.results import WARNING, Outcome, not_run, of_span, passed, problem
from core.rules.base import Case, rule
from core.rules.f001_parts import BLANK, UNREAD, bare
from core.rules.passages import is_blank_template, softened
from core.text import fold

_USUAL = 4
"""With fewer of the headings a note is written in another form."""


def _within(doc: Document, note: Section) -> list[Section]:
    """The note and the sections under it."""
    return [s for s in doc.sections if s is note or s.id.startswith(f"{note.id}.")]


@rule(id="F006", title="项目说明缺少小节", family="structure", severity=WARNING, basis=("template",),
      example="项目经费情况说明有概述、立项依据至年度预算安排六节，没有“绩效目标”。", remedy="补写这一节。")
def project_notes(case: Case) -> Iterable[Outcome]:
    """模板规定了项目经费情况说明各小节的，每个项目的说明都应写全。小节不到四个的，视为另一种写法，不查。"""
    doc, relation = case.doc, "项目说明的小节齐全"
    wanted = case.template.switches.get("project_note_headings", ())
    notes = [s for s in doc.sections if s.role == "project_note"]
    if not wanted or not notes or is_blank_template(doc):
        yield not_run(relation, BLANK if wanted and notes else "模板没有规定，或文件没有项目说明")
        return
    for note in notes:
        parts = _within(doc, note)
        heads = [bare(s.title) for s in parts[1:]] + [bare(p.text)[:14] for s in parts for p in s.paragraphs]
        found = [next((s for s in parts[1:] if re.search(pattern, bare(s.title))), None) for pattern in wanted]
        missing = [n for n, (part, pattern) in enumerate(zip(found, wanted, strict=True)) if part is None and not any(re.match(pattern, h) for h in heads)]
        name = f"“{note.title}”{relation}"
        if not missing:
            yield passed(name)
        elif len(wanted) - len(missing) < _USUAL or doc.unread_pages:
            yield not_run(name, UNREAD if doc.unread_pages else "小节与模板的写法不同")
        else:
            titles = "、".join(f"“{wanted[n].split('|')[0]}”" for n in missing)
            before = next((part for part in reversed(found[:missing[0]]) if part is not None), note)
            yield problem(name, f"“{fold(note.title)}”没有{titles}一节", *of_span(before.span, "place"), *of_span(note.span, "source"), expected=titles.strip("“”"),
                          severity=softened(WARNING, note.span.ocr), suggestion=f"补写{titles}。")
