"""F001–F005: the parts, sections, tables and the attachment that the template asks for: there, in order, once."""
from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from rapidfuzz import fuzz

from core.layouts import SectionLayout, TableLayout, plain_title
from core.model import Document, Section, Table
from core.results import ERROR, INFO, WARNING, Evidence, Outcome, not_run, of_span, passed, problem
from core.rules.base import Case, rule
from core.rules.passages import converted, is_blank_template, narrative, printed_lines, softened, title_evidence
from core.text import fold

_NUMBER = re.compile(r"^(?:第[一二三四五六七八九十]+部分|[一二三四五六七八九十]+、|[(（][一二三四五六七八九十\d]+[)）]|\d+[.、．]|"
                     r"(?:附?表|公开)[一二三四五六七八九十\d]+(?:表)?[:：、.]?)\s*")
_HEAD = re.compile("[:。,;]")
_BRACKETS = re.compile(r"\([^)]*\)")
_NO_SERVICE = re.compile(r"无(?:购买|政府购买)|无.{0,8}(?:目录|项目)|不涉及|未安排|没有")
_MINOR = frozenset({"assets_note", "performance_note", "other_note", "glossary", "part_overview", "part_tables", "part_notes", "part_other"})
"""Roles whose absence is a warning: a heading by custom, or something the regulation asks for step by step."""
UNREAD = "有未识别的页面，不能断定缺失"
NO_TEMPLATE = "未识别公开模板，不知道应有哪些内容"
BLANK = "这是空白模板，尚未填报"


def bare(title: str) -> str:
    """A title without its number, year, blanks."""
    return _NUMBER.sub("", plain_title(title))


def says_none(text: str) -> bool:
    """Whether a text says that there is no service to be bought."""
    return bool(_NO_SERVICE.search(fold(text)))


def number_of(title: str) -> str:
    """The number before a title ("二、"), "" when it has none."""
    found = _NUMBER.match(plain_title(title))
    return found.group().strip() if found else ""


def _reason_not_to_accuse(case: Case, things: Sequence[object]) -> str:
    if not things:
        return NO_TEMPLATE
    return BLANK if is_blank_template(case.doc) else ""


def _parents(layouts: Sequence[SectionLayout]) -> dict[str, str]:
    """Role of a section to the role of the section that it belongs to."""
    found: dict[str, str] = {}
    open_roles: list[SectionLayout] = []
    for layout in layouts:
        while open_roles and open_roles[-1].level >= layout.level:
            open_roles.pop()
        if open_roles:
            found[layout.role] = open_roles[-1].role
        open_roles.append(layout)
    return found


def _nearest_heading(doc: Document, layout: SectionLayout) -> tuple[str, tuple[Evidence, ...]] | None:
    """A heading, or a short paragraph, that may be meant for this section."""
    wanted = bare(layout.title)
    best: tuple[float, str, tuple[Evidence, ...]] | None = None
    for section in doc.sections:
        if not section.role:
            score = fuzz.ratio(wanted, bare(section.title))
            if score >= 75 and (best is None or score > best[0]):
                best = score, section.title, of_span(section.span, "actual")
    for passage in narrative(doc):
        head = passage.text[:len(layout.title) + 6]
        if _NUMBER.match(fold(head)) or len(passage.text) <= len(layout.title) + 6:
            score = fuzz.ratio(wanted, bare(head)[:len(wanted) + 2])
            if score >= 85 and (best is None or score > best[0]):
                best = score, passage.text[:40], passage.at(0, len(layout.title) + 6)
    return (best[1], best[2]) if best else None


def body_lines(doc: Document) -> list[tuple[str, Evidence]]:
    """Printed lines outside the contents, folded, with their place. A page with an entry or two of the contents is no page of contents."""
    entries = Counter(p.page for e in doc.toc for p in e.span.places)
    contents = {page for page, count in entries.items() if count > 2 or len(doc.toc) <= 2}
    return [(fold(text), Evidence(page, box, text=text)) for page, text, box in printed_lines(doc) if page not in contents]


def _printed(lines: Sequence[tuple[str, Evidence]], fits: Callable[[str], object]) -> Evidence | None:
    """The line that is this title, although no section or table was made of it."""
    return next((place for text, place in lines if len(text) <= 60 and fits(text)), None)


def _place_of(case: Case, index: int) -> tuple[Evidence, ...]:
    """Where a missing section would stand: behind the last one before it that is there."""
    for layout in reversed(case.template.sections[:index]):
        section = case.doc.section(layout.role)
        if section is not None:
            return of_span(section.span, "place")
    return ()


def _headed(text: str, layout: SectionLayout) -> bool:
    """Whether the first words of a paragraph are the section's heading. In the glossary they are a term that is explained."""
    head, *rest = _HEAD.split(fold(text[:60]), maxsplit=1)
    return layout.pattern.fullmatch(head) is not None and not (rest and re.match("是?指|反映", rest[0]))


@rule(id="F001", title="缺少章节", family="structure", basis=("mof-2016-143", "budget-law-14"),
      example="情况说明中没有“机关运行经费增减变动原因说明”一节。", remedy="补充该章节；没有相关内容的也应保留标题并说明“无”。")
def sections_present(case: Case) -> Iterable[Outcome]:
    """公开模板要求的部分和章节应当齐全：职责、机构设置、报表、情况说明各节、名词解释。没有相应事项的，也应保留标题并作说明。标题与模板相近但不相同的，报“未识别”，由人判断；有扫描页未识别时不断定缺失。"""
    layouts, doc = case.template.sections, case.doc
    relation = "模板要求的章节齐全"
    reason = _reason_not_to_accuse(case, layouts)
    if not reason and all(s.role in ("", "part_tables") for s in doc.sections) and (not doc.sections or doc.form == "xlsx"):
        reason = "文件中没有文字部分（报表可能单独公开）"
    if reason:
        yield not_run(relation, reason)
        return
    parents = _parents(layouts)
    custom = bool(case.template.switches.get("sections_by_custom"))
    missing = {x.role for x in layouts if x.required and doc.section(x.role) is None}
    lines = body_lines(doc) if missing else []
    for index, layout in enumerate(layouts):
        if not layout.required:
            continue
        one = f"有“{layout.title}”"
        if layout.role not in missing:
            yield passed(one)
            continue
        children = [x for x in layouts if parents.get(x.role) == layout.role and x.required]
        parent = parents.get(layout.role, "")
        if parent in missing and not any(parents.get(x.role) == parent and x.required and x.role not in missing for x in layouts):
            yield not_run(one, "所属部分整体缺失，已作为一条问题报告")
            continue
        if (custom or layout.level > 2) and any(_headed(p.text, layout) for p in narrative(doc)):
            yield passed(one)  # a paragraph that its own words head: "（二）“三公”经费预算：2025年……"
            continue
        near = _nearest_heading(doc, layout)
        seen = _printed(lines, layout.pattern.fullmatch)
        if near is None and seen is not None:
            near = seen.text, (seen,)
        if near is not None:
            yield problem(one, f"未识别章节“{layout.title}”，最接近的是“{near[0]}”，请确认是否同一章节", *near[1], expected=layout.title, actual=near[0],
                          severity=INFO if bare(near[0]) == bare(layout.title) else WARNING, suggestion=f"标题改为“{layout.title}”。")
            continue
        if doc.unread_pages:
            yield not_run(one, UNREAD)
            continue
        whole = f"（连同其下 {len(children)} 节）" if children and all(x.role in missing for x in children) else ""
        severity = WARNING if custom or layout.role in _MINOR and not whole or layout.level > 2 else ERROR
        yield problem(one, f"缺少章节“{layout.title}”{whole}", *_place_of(case, index), expected=layout.title,
                      severity=softened(severity, converted(doc)), suggestion="补充该章节；确无内容的，保留标题并说明“无”。")


def _nearest_table(doc: Document, layout: TableLayout) -> Table | None:
    def likeness(table: Table) -> float:
        return max(fuzz.ratio(bare(layout.title), bare(table.title)),
                   fuzz.ratio(_BRACKETS.sub("", bare(layout.title)), _BRACKETS.sub("", bare(table.title))))

    loose = [t for t in doc.tables if not t.role and t.title and t.kind == "unknown"]
    best = max(loose, key=likeness, default=None)
    return best if best is not None and likeness(best) >= 75 else None


def _kin(doc: Document, layout: TableLayout) -> Table | None:
    """A table that some places draw up in another way: of the same subject (基本支出), with columns of its own."""
    subject = _SUBJECTS.get(layout.role)
    return next((t for t in doc.tables if subject and t.kind == "unknown" and subject.search(fold(t.title))), None)


_SUBJECTS = {"basic": re.compile("基本支出"), "fund": re.compile("政府性基金"), "three_public": re.compile("三公"), "general": re.compile("一般公共预算.*支出"),
             "income": re.compile("收入.*表"), "expenditure": re.compile("支出.*表"), "summary": re.compile("收支.*表"), "appropriation": re.compile("财政拨款.*表")}


def _table_place(case: Case, layout: TableLayout) -> tuple[Evidence, ...]:
    """The line of the contents that promises the table, else the table before it."""
    for entry in case.doc.toc:
        if layout.fits(bare(entry.title)) or layout.fits(entry.title):
            return of_span(entry.span, "place", layout.id)
    before = case.template.tables[:case.template.tables.index(layout)]
    for earlier in reversed(before):
        table = case.doc.table(earlier.id)
        if table is not None:
            return tuple(Evidence(e.page, e.box, layout.id, text=e.text, role="place") for e in title_evidence(table))
    return ()


_ALWAYS = frozenset({"summary", "income", "expenditure", "appropriation", "general", "basic", "three_public", "fund"})
"""Tables that the ministry asks of everybody in every year; the others came and went with the templates of the years."""


def _promised(case: Case, layout: TableLayout) -> bool:
    """Whether this table is owed for sure: the regulation names it, or the contents do not leave it out of the tables they list."""
    several = sum(_listed(case, x) for x in case.template.tables) >= 3
    return layout.role in _ALWAYS or not several or _listed(case, layout)


def _listed(case: Case, layout: TableLayout) -> bool:
    """Whether the contents promise this table."""
    return any(layout.fits(bare(entry.title)) or layout.fits(entry.title) for entry in case.doc.toc)


@rule(id="F002", title="缺少报表", family="structure", basis=("mof-2016-143", "budget-rules-5", "template"),
      example="没有“国有资本经营预算收支预算表”。", remedy="补充该表；没有数据的也要列出空表并注明。")
def tables_present(case: Case) -> Iterable[Outcome]:
    """模板规定的报表应全部公开，没有数据的也要列空表并说明。每缺一张报一条，依赖它的勾稽关系记为未执行。标题相近但认不准的报“未识别”；有页面未识别时不断定缺失。"""
    layouts, doc = [x for x in case.template.tables if x.required], case.doc
    relation = "模板规定的报表齐全"
    reason = _reason_not_to_accuse(case, layouts)
    if reason:
        yield not_run(relation, reason)
        return
    if not any(doc.table(x.id) for x in layouts):
        if doc.unread_pages:
            yield not_run(relation, UNREAD)
        else:
            yield problem(relation, f"没有识别出模板规定的任何一张报表（应有 {len(layouts)} 张），报表可能在另一个文件中", severity=WARNING,
                          suggestion="把报表文件一并打开；如报表是图片，先做文字识别。")
        return
    custom = bool(case.template.switches.get("tables_by_custom"))
    lines = [(bare(text), place) for text, place in body_lines(doc)] if any(doc.table(x.id) is None for x in layouts) else []
    for layout in layouts:
        one = f"有{layout.id}《{layout.title}》"
        if doc.table(layout.id) is not None:
            yield passed(one)
            continue
        near = _nearest_table(doc, layout)
        seen = _printed(lines, layout.fits)
        if near is not None and layout.fits(bare(near.title)):
            yield problem(one, f"有表题“{near.title}”，但表的栏目没有按{layout.id}识别，相关勾稽未执行", *title_evidence(near), expected=layout.title,
                          actual=near.title, severity=INFO, suggestion="在窗口中核对这张表的识别结果，必要时更正栏线。")
        elif near is None and seen is not None:
            yield problem(one, f"有表题“{seen.text}”，但没有识别出{layout.id}的表格，相关勾稽未执行", seen, expected=layout.title, actual=seen.text,
                          severity=WARNING, suggestion="核对该页是否有表格；有的，在窗口中更正识别结果。")
        elif custom and not _listed(case, layout) and (kin := _kin(doc, layout)) is not None:
            yield not_run(one, f"最接近的是“{kin.title}”，栏目与通行的表不同")
        elif near is not None:
            yield problem(one, f"未识别{layout.id}《{layout.title}》，最接近的是“{near.title}”，请确认是否同一张表", *title_evidence(near),
                          expected=layout.title, actual=near.title, severity=WARNING, suggestion=f"表题改为“{layout.title}”。")
        elif doc.unread_pages:
            yield not_run(one, UNREAD)
        else:
            severity = ERROR if _promised(case, layout) and (not custom or _listed(case, layout)) else WARNING
            yield problem(one, f"缺少{layout.id}《{layout.title}》", *_table_place(case, layout), expected=layout.title,
                          severity=softened(severity, converted(doc)), suggestion="补充该表；没有数据的列出空表并注明“本表无数据”。")


def out_of_order(numbers: Sequence[int]) -> list[int]:
    """Positions of the fewest numbers to take out so that the rest ascend."""
    tails: list[int] = []
    ends: list[int] = []
    back: list[int] = []
    for index, number in enumerate(numbers):
        at = bisect_left(tails, number)
        back.append(ends[at - 1] if at else -1)
        tails[at:at + 1] = [number]
        ends[at:at + 1] = [index]
    kept: set[int] = set()
    index = ends[-1] if ends else -1
    while index >= 0:
        kept.add(index)
        index = back[index]
    return [i for i in range(len(numbers)) if i not in kept]


@rule(id="F003", title="章节或报表次序与模板不同", family="structure", severity=WARNING, basis=("template",),
      example="“九、政府采购情况”排在“八、机关运行经费”之前。", remedy="按模板次序调整。")
def order(case: Case) -> Iterable[Outcome]:
    """章节和报表应按模板的次序排列，便于公众查找和上下年对照。模板之间次序有别，故作为提醒。"""
    done = False
    section_order = {x.role: i for i, x in enumerate(case.template.sections)}
    sections: list[Section] = list({s.role: s for s in reversed(case.doc.sections) if s.role in section_order}.values())[::-1]
    table_order = {x.id: i for i, x in enumerate(case.template.tables)}
    tables: list[Table] = list({t.id: t for t in reversed(case.doc.tables) if t.id in table_order}.values())[::-1]
    switches = case.template.switches
    if switches.get("tables_by_custom"):
        yield not_run("章节和报表的次序", "各地的次序不一，模板没有规定")
        return
    severity = INFO if switches.get("numbered_headings") is False or switches.get("sections_by_custom") else WARNING
    if len(sections) > 1:
        done = True
        wrong = out_of_order([section_order[s.role] for s in sections])
        for i in wrong:
            yield problem("章节次序与模板一致", f"章节“{sections[i].title}”的次序与模板不同", *of_span(sections[i].span), actual=sections[i].title,
                          severity=severity, suggestion="按模板次序调整。", group="sections" if len(wrong) > 2 else "")
        if not wrong:
            yield passed("章节次序与模板一致")
    if len(tables) > 1:
        done = True
        wrong = out_of_order([table_order[t.id] for t in tables])
        for i in wrong:
            yield problem("报表次序与模板一致", f"{tables[i].id}《{tables[i].title}》的次序与模板不同", *title_evidence(tables[i]),
                          actual=tables[i].title, severity=severity, suggestion="按模板次序调整。", group="tables" if len(wrong) > 2 else "")
        if not wrong:
            yield passed("报表次序与模板一致")
    if not done:
        yield not_run("章节和报表的次序", NO_TEMPLATE if not case.template.tables else "识别出的章节、报表不足两个")


@rule(id="F004", title="报表重复", family="structure", basis=("template",),
      example="表八印了两次。", remedy="删去重复的表；如应为另一张表，更正表题并换上该表。")
def table_twice(case: Case) -> Iterable[Outcome]:
    """同一张报表只应出现一次。重复的表多半是把另一张表的位置占了，或两次导出的数不一致。"""
    seen: dict[str, Table] = {}
    wrong = False
    for table in case.doc.tables:
        if table.kind != "budget" or not table.role:
            continue
        first = seen.setdefault(table.role, table)
        if first is table:
            continue
        wrong = True
        whole = table.title_span is not None and (table.total_line() is not None or len(table.rows) >= len(first.rows))
        same = "，内容相同" if _texts(first) == _texts(table) else "，内容不同"
        yield problem(f"{table.id}只出现一次", f"{table.id}《{table.title}》出现两次{same}", *title_evidence(table),
                      *title_evidence(first, "source"), actual=table.title, severity=ERROR if whole and not doc_is_scanned(table) else WARNING,
                      suggestion="删去重复的表，或更正表题。")
    if not seen:
        yield not_run("每张报表只出现一次", "没有识别出模板中的报表")
    elif not wrong:
        yield passed("每张报表只出现一次")


def _texts(table: Table) -> list[list[str]]:
    return [[fold(c.text) if c is not None else "" for c in row] for row in table.rows]


def doc_is_scanned(table: Table) -> bool:
    return any(c is not None and c.ocr for row in table.rows for c in row)


@rule(id="F005", title="缺少政府购买服务指导性目录", family="structure", severity=WARNING, basis=("mof-order-102", "template"),
      example="模板要求附目录，文件中既无目录，也未说明没有。", remedy="附上本部门的指导性目录，或说明没有政府购买服务项目。")
def service_catalogue(case: Case) -> Iterable[Outcome]:
    """模板要求附政府购买服务指导性目录的，应附目录，或在该节写明没有。"""
    relation = "附有政府购买服务指导性目录或说明没有"
    if not case.template.switches.get("service_catalogue"):
        yield not_run(relation, "模板不要求附目录")
        return
    section = case.doc.section("service_catalogue_note")
    if case.doc.table("catalogue") is not None:
        yield passed(relation)
    elif section is None:
        yield not_run(relation, "没有“政府购买服务指导性目录”一节（由 F001 检查）")
    elif any(says_none(p.text) for p in section.paragraphs) or len("".join(p.text for p in section.paragraphs)) > 20:
        yield passed(relation)
    elif case.doc.unread_pages:
        yield not_run(relation, UNREAD)
    else:
        yield problem(relation, "“政府购买服务指导性目录”一节既没有目录，也没有说明", *of_span(section.span), suggestion="附上目录，或写明没有政府购买服务项目。")
