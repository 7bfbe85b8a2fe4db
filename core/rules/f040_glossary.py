"""F040: terms that the disclosure uses are explained in its glossary."""
from __future__ import annotations

import re
from collections.abc import Iterable

from core.results import WARNING, Outcome, not_run, of_span, passed, problem
from core.rules.base import Case, rule
from core.rules.f001_parts import BLANK
from core.rules.passages import is_blank_template, narrative, softened
from core.text import fold

_HEAD = r"(?:^|[。;:、.)])[\"']?(?:[一二三四五六七八九十\d]+[、.)])?"


def _explained(term: str, text: str) -> bool:
    """Whether a glossary opens an entry with this term: the term, perhaps with quotes or a word behind, then ： or 是指."""
    plain = re.escape(term).replace('"', '"?')
    return bool(re.search(f"{_HEAD}\"?{plain}\"?[^。:,;]{{0,8}}?(?:[(][^)]*[)])?\"?,?(?::|是|指|专指|包括|包含|反映|即)", text))


@rule(id="F040", title="名词解释缺少所用术语", family="structure", severity=WARNING, basis=("mof-2016-143", "template"),
      example="正文用到“机关运行经费”，名词解释没有这一条。", remedy="在名词解释中补上该术语。")
def glossary(case: Case) -> Iterable[Outcome]:
    """正文和报表用到的专业术语，应在“名词解释”中说明。只查模板列出的术语；文中没有用到的不要求解释。"""
    doc = case.doc
    relation = "所用术语都有解释"
    section = doc.section("glossary")
    if not case.template.terms or is_blank_template(doc):
        yield not_run(relation, BLANK if case.template.terms else "模板没有规定要解释的术语")
        return
    parts = [s for s in doc.sections if section is not None and (s is section or s.id.startswith(f"{section.id}."))]
    text = "。".join(fold(t) for s in parts for t in (*([s.title] if s is not section else []), *(p.text for p in s.paragraphs)))
    if section is None or not text:
        yield not_run(relation, "没有识别出名词解释的内容")
        return
    start = doc.page_number(section.page) or 0
    if set(doc.unread_pages) & set(range(start, start + 4)):
        yield not_run(relation, "名词解释所在页未识别")
        return
    inside = {id(p) for s in parts for p in s.paragraphs}
    used = "。".join([fold(p.text) for p in narrative(doc) if id(p.source) not in inside] +
                    [fold(t.title) for t in doc.tables] +
                    [fold(c.text) for t in doc.tables if t.kind == "budget" for row in (*t.header, *t.rows) for c in row if c is not None and c.text])
    lacking: list[str] = []
    for term in case.template.terms:
        plain = fold(term)
        short = plain.removesuffix("预算").removesuffix("决算")
        one = f"“{term}”有解释"
        if short not in used:
            yield not_run(one, "文中没有用到这一术语")
        elif _explained(plain, text) or short != plain and _explained(short, text):
            yield passed(one)
        else:
            lacking.append(term)
    severity = softened(WARNING, any(p.ocr for p in section.paragraphs))
    if len(lacking) > 3:
        yield problem(relation, f"文中用到的 {len(lacking)} 个术语在名词解释中没有：{'、'.join(lacking)}", *of_span(section.span), severity=severity,
                      suggestion="在名词解释中补充这些术语。")
        return
    for term in lacking:
        yield problem(f"“{term}”有解释", f"文中用到“{term}”，名词解释中没有这一条", *of_span(section.span), expected=term, severity=severity,
                      suggestion=f"在名词解释中补充“{term}”。")
