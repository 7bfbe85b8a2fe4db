"""Shows what a template finds in a disclosure: tables and columns, sections, and how each check formula came out. For writing templates."""
from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from core.engine import check
from core.errors import Unreadable
from core.layouts import Template, template, templates
from core.model import Document, Table
from core.reading import read_document
from core.results import FAIL, PASS, Result

FOUND, MISSING, STRANGE = "✓", "✗", "？"


def about(doc: Document) -> Iterator[str]:
    yield f"模板 {doc.template}：{doc.template_reason}"
    yield f"单位 {doc.unit_name.value or '（未读出）'}，{doc.year or '年度未读出'}，{doc.kind or '类别未读出'}，{len(doc.pages)} 页"


def tables(doc: Document, known: Template) -> Iterator[str]:
    """Each table of the template with its columns, then the tables that no layout fits: their titles are what `titles` must learn."""
    for layout in known.tables:
        table = next((t for t in doc.tables if t.recognised and t.role == layout.role), None)
        if table is None:
            yield f"  {MISSING if layout.required else '–'} {layout.id} {layout.title}：没有找到{'' if layout.required else '（可缺）'}"
            continue
        keys = {c.key for c in table.columns}
        lost = [c.key for c in layout.columns if c.key not in keys and not c.optional]
        extra = [c.label for c in table.columns if c.key not in {k.key for k in layout.columns}]
        yield f"  {STRANGE if lost or extra else FOUND} {layout.id} {table.title}（第 {table.page} 页，{len(table.rows)} 行）"
        if lost:
            yield f"      没有找到的栏目：{'、'.join(lost)}"
        if extra:
            yield f"      模板中没有的栏目：{'、'.join(extra)}"
    for table in doc.tables:
        if not table.recognised:
            yield f"  {STRANGE} 未识别的表“{table.title}”（第 {table.page} 页）：{_head(table)}"


def _head(table: Table) -> str:
    shown = "，".join(c.label for c in table.columns[:8])
    return f"{table.why or '表名不在模板中'}；栏目 {shown}"


def sections(doc: Document, known: Template) -> Iterator[str]:
    """Each section of the template, then the first headings of the body that it does not know."""
    for layout in known.sections:
        section = doc.section(layout.role)
        if section:
            yield f"  {FOUND} {layout.title} → “{section.title}”（第 {section.page} 页）"
        else:
            yield f"  {MISSING if layout.required else '–'} {layout.title}：没有找到{'' if layout.required else '（可缺）'}"
    for section in [s for s in doc.sections if not s.role and s.level <= 2][:30]:
        yield f"  {STRANGE} 模板中没有的标题“{section.title}”（第 {section.page} 页，第 {section.level} 级）"


def relations(result: Result, known: Template) -> Iterator[str]:
    """How often each formula of the template held, and why it did not run where it never did."""
    for relation in known.relations:
        own = [c for c in result.checks if c.rule == relation["id"]]
        count = {status: sum(c.status == status for c in own) for status in (PASS, FAIL)}
        mark = MISSING if count[FAIL] else FOUND if count[PASS] else "–"
        reasons = dict.fromkeys(c.reason for c in own if c.reason)
        why = "" if count[PASS] or count[FAIL] else f"，未运行：{'；'.join(list(reasons)[:3]) or '没有相应的表'}"
        yield f"  {mark} {relation['id']} {relation['title']}：通过 {count[PASS]}，不符 {count[FAIL]}{why}"


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="看一个模板在公开文件中找到了什么：表和栏目、章节、每条审核公式的结果。")
    parser.add_argument("file", type=Path, metavar="FILE", help="公开文件")
    parser.add_argument("template", nargs="?", default="", metavar="ID", help="模板编号；不写则自动识别")
    parser.add_argument("--ocr", action="store_true", help="也识别扫描页（较慢）")
    given = parser.parse_args(words)
    if given.template and given.template not in [t.id for t in templates()]:
        print(f"没有模板“{given.template}”。可用的：{'、'.join(t.id for t in templates())}", file=sys.stderr)
        return 2
    try:
        doc = read_document(given.file, ocr=given.ocr, template=given.template)
    except Unreadable as error:
        print(error, file=sys.stderr)
        return 2
    known = template(doc.template)
    parts = (("", about(doc)), ("表", tables(doc, known)), ("章节", sections(doc, known)), ("审核公式", relations(check(doc), known)))
    for title, lines in parts:
        print("\n".join([f"\n{title}", *lines] if title else lines))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
