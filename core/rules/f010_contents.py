"""F010–F014: the contents against the body: entries, titles, order, page numbers."""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from core.model import Document, Section, Table, TocEntry
from core.results import INFO, WARNING, Evidence, Outcome, not_run, of_span, passed, problem
from core.rules.base import Case, rule
from core.rules.f001_parts import BLANK, UNREAD, bare, body_lines, number_of, out_of_order
from core.rules.passages import is_blank_template, title_evidence
from core.text import fold

_YEAR = re.compile(r"(?:19|20)\d\d年度?")
NO_CONTENTS = "文件没有目录"


@dataclass(frozen=True)
class Item:
    """A section or table of the body that an entry of the contents may mean."""

    key: str
    title: str
    pages: tuple[int, ...]
    """Where it begins; several when its label stands at the foot of the page before."""
    thing: Section | Table

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        if isinstance(self.thing, Table):
            return title_evidence(self.thing, "expected")
        return of_span(self.thing.span, "expected")


def body_items(doc: Document) -> list[Item]:
    """Sections and numbered tables in the order of the body."""
    found: list[Item] = []
    for section in doc.sections:
        page = section.page
        found.append(Item(f"section:{section.id}", section.title, (page,) if isinstance(page, int) else (), section))
    for table in doc.tables:
        if table.kind in ("budget", "unknown") and table.title:
            places = [s.place.page for s in (table.title_span, table.label_span) if s is not None and s.place is not None] or [table.page]
            found.append(Item(f"table:{table.id}", table.title, tuple(p for p in places if isinstance(p, int)), table))
    return found


def match(case: Case, items: Sequence[Item]) -> list[Item | None]:
    """For each entry of the contents the item it means: by the template's names first, then by the wording."""
    by_role = {i.thing.role: i for i in reversed(items) if i.thing.role}
    by_wording = {fold(i.title): i for i in reversed(items)}
    by_bare = {_nameless(case.doc, i.title): i for i in reversed(items)}
    found: list[Item | None] = []
    tables = [i for i in items if isinstance(i.thing, Table)]
    for entry in case.doc.toc:
        title = fold(entry.title)
        layout = case.template.layout_for(bare(entry.title))
        exact = by_wording.get(title)
        if exact is not None and isinstance(exact.thing, Section) and exact.thing.level > 1 and number_of(entry.title):
            item: Item | None = exact  # a heading may be worded like a table (一、收支预算总体情况)
        elif layout is not None:
            item = by_role.get(layout.role) or next((i for i in tables if not i.thing.role and (layout.fits(bare(i.title)) or layout.fits(i.title))), None)
        else:
            role = next((s.role for s in case.template.sections if s.pattern.fullmatch(title)), "")
            item = by_wording.get(title) or by_role.get(role) or by_bare.get(_nameless(case.doc, entry.title)) or _alike(entry, items)
        found.append(item)
    return found


def _nameless(doc: Document, title: str) -> str:
    """A title without number, year and the body's own name: many print the name over each table and not in the contents."""
    plain, name = bare(title), fold(doc.unit_name.value)
    return plain.replace(name, "", 1) if len(name) > 3 and plain != name else plain


def _alike(entry: TocEntry, items: Sequence[Item]) -> Item | None:
    """The item with nearly the same title; less will do when it bears the same number."""
    def likeness(item: Item) -> float:
        same = bool(number_of(entry.title)) and number_of(entry.title) == number_of(item.title)
        return fuzz.ratio(bare(entry.title), bare(item.title)) + (15 if same else 0)

    best = max(items, key=likeness, default=None)
    return best if best is not None and likeness(best) >= 88 else None


def _known_missing(case: Case, entry: TocEntry) -> bool:
    """Whether F001 or F002 already says that this is not in the body."""
    layout = case.template.layout_for(bare(entry.title))
    if layout is not None:
        return case.doc.table(layout.id) is None
    role = next((s.role for s in case.template.sections if s.required and s.pattern.fullmatch(fold(entry.title))), "")
    return bool(role) and case.doc.section(role) is None


def _optional(case: Case, entry: TocEntry) -> bool:
    """Whether the template lets the body go without this heading (a part that is only tables)."""
    titles = {fold(entry.title), bare(entry.title)}
    return any(not s.required and any(s.pattern.fullmatch(t) for t in titles) for s in case.template.sections)


@rule(id="F010", title="目录所列内容正文中没有", family="structure", severity=WARNING, basis=("mof-2016-143",),
      example="目录列有“十三、其他情况”，正文没有这一节。", remedy="补充正文，或删去目录中的这一条。")
def entries_in_body(case: Case) -> Iterable[Outcome]:
    """目录所列的每一条，正文都应有相应的章节或报表。模板规定而正文缺少的由 F001、F002 报出，这里报其余的。"""
    if not case.doc.toc:
        yield not_run("目录各条正文中都有", NO_CONTENTS)
        return
    items = body_items(case.doc)
    printed: set[str] | None = None
    for entry, item in zip(case.doc.toc, match(case, items), strict=True):
        relation = f"目录“{entry.title}”在正文中"
        if item is None and printed is None:
            printed = {text for text, _ in body_lines(case.doc)}
        if item is not None or fold(entry.title) in (printed or ()):
            yield passed(relation)
        elif _known_missing(case, entry):
            yield not_run(relation, "正文缺少这一章节或报表，已另作一条问题报告")
        elif _optional(case, entry):
            yield not_run(relation, "模板不要求正文有这一标题")
        elif case.doc.unread_pages:
            yield not_run(relation, UNREAD)
        else:
            near = max(items, key=lambda i: fuzz.ratio(bare(entry.title), bare(i.title)), default=None)
            close = near is not None and fuzz.ratio(bare(entry.title), bare(near.title)) >= 60
            yield problem(relation, f"目录所列“{entry.title}”在正文中未识别" + (f"，最接近的是“{near.title}”" if near and close else ""),
                          *of_span(entry.span), *(near.evidence if near and close else ()), actual=entry.title, severity=INFO if close else WARNING,
                          suggestion="核对目录与正文，二者标题应一致。")


@rule(id="F011", title="正文内容未列入目录", family="structure", severity=WARNING, basis=("mof-2016-143",),
      example="正文有“表九”，目录中没有。", remedy="在目录中补上这一条。")
def body_in_entries(case: Case) -> Iterable[Outcome]:
    """正文的各部分、各节和各张报表应列入目录。目录本来就不列某一层标题的（同层大多未列），不报。"""
    doc = case.doc
    if not doc.toc:
        yield not_run("正文各项都在目录中", NO_CONTENTS)
        return
    items = body_items(doc)
    found = [i for i in match(case, items) if i is not None]
    listed = {i.key for i in found}
    roles = {i.thing.role for i in found if isinstance(i.thing, Section)}
    groups: dict[str, list[Item]] = {}
    for item in items:
        if isinstance(item.thing, Table):
            if item.thing.role and item.thing.kind == "budget":
                groups.setdefault("报表", []).append(item)
        elif item.thing.role or item.thing.level <= 2:
            parent = item.thing.id.rpartition(".")[0] if item.thing.level > 2 else ""
            groups.setdefault(f"{item.thing.level}级标题{parent}", []).append(item)
    parts_listed = {_part_of(i.thing) for i in found if isinstance(i.thing, Section)}
    wrong = False
    for name, own in groups.items():
        inside = sum(i.key in listed for i in own)
        if inside == 0 or (inside < 0.6 * len(own) and not name.startswith("3")):
            yield not_run(f"{name}都在目录中", "目录不列这一层")
            continue
        for item in own:
            bare_part = isinstance(item.thing, Section) and bool(_part_of(item.thing)) and _part_of(item.thing) not in parts_listed
            if item.key not in listed and not bare_part and not (item.thing.role and item.thing.role in roles):
                wrong = True
                evidence = tuple(Evidence(e.page, e.box, e.table, e.row, e.column, e.text, "actual", e.ocr) for e in item.evidence)
                yield problem(f"“{item.title}”在目录中", f"正文的“{item.title}”没有列入目录", *evidence, *of_span(doc.toc[0].span, "place"),
                              expected=item.title, suggestion="在目录中补上这一条。")
    if not wrong:
        yield passed("正文各项都在目录中")


def _part_of(section: Section) -> str:
    """The part above a heading, "" for a part itself: contents may list the headings of one part and not those of another."""
    return section.id.rpartition(".")[0]


def _plain(title: str) -> str:
    return _YEAR.sub("", fold(title))


@rule(id="F012", title="目录标题与正文标题不同", family="structure", severity=WARNING, basis=("mof-2016-143",),
      example="目录作“其他重要事项说明”，正文作“其他重要事项的情况说明”。", remedy="统一目录与正文的标题。")
def same_titles(case: Case) -> Iterable[Outcome]:
    """目录的标题应与正文一致。有的模板目录与正文用语本来就不同（正文不带序号），只比较去掉序号和年份后的文字；个别字有出入的作提示。"""
    relation = "目录标题与正文一致"
    if not case.doc.toc:
        yield not_run(relation, NO_CONTENTS)
        return
    if case.template.switches.get("numbered_headings") is False or is_blank_template(case.doc):
        yield not_run(relation, BLANK if is_blank_template(case.doc) else "这一模板的目录与正文标题写法不同")
        return
    wrong = False
    for entry, item in zip(case.doc.toc, match(case, body_items(case.doc)), strict=True):
        if item is None or _nameless(case.doc, entry.title) == _nameless(case.doc, item.title) or _plain(item.title) in _plain(entry.title):
            continue
        wrong = True
        strict = case.template.switches.get("toc_page_numbers") is True and fuzz.ratio(bare(entry.title), bare(item.title)) < 90
        yield problem(relation, f"目录作“{entry.title}”，正文作“{item.title}”", *of_span(entry.span), *item.evidence, expected=item.title,
                      actual=entry.title, severity=WARNING if strict else INFO, suggestion="统一标题。")
    if not wrong:
        yield passed(relation)


@rule(id="F013", title="目录次序与正文不同", family="structure", severity=WARNING, basis=("mof-2016-143",),
      example="目录中表八在表九之后。", remedy="按正文次序调整目录。")
def same_order(case: Case) -> Iterable[Outcome]:
    """目录各条的次序应与正文出现的次序一致。章节与报表分别比较；同一内容在目录中列了两次的不算。"""
    relation = "目录次序与正文一致"
    if not case.doc.toc:
        yield not_run(relation, NO_CONTENTS)
        return
    pairs = [(e, i) for e, i in zip(case.doc.toc, match(case, body_items(case.doc)), strict=True) if i is not None]
    tables = [(e, i) for e, i in pairs if isinstance(i.thing, Table)]
    sections = [(e, i) for e, i in pairs if isinstance(i.thing, Section)]
    place = {i.key: n for n, i in enumerate(body_items(case.doc))}
    wrong = [part[n] for part in (sections, tables) for n in out_of_order([place[i.key] for _, i in part])]
    repeated = Counter(i.key for _, i in pairs)
    wrong = [(e, i) for e, i in wrong if repeated[i.key] == 1]
    for entry, _ in wrong:
        yield problem(relation, f"目录中“{entry.title}”的次序与正文不同", *of_span(entry.span), actual=entry.title, suggestion="按正文次序调整目录。",
                      group="order" if len(wrong) > 2 else "")
    if not wrong:
        yield passed(relation)


def _expected(doc: Document, pairs: Sequence[tuple[int, Item]]) -> dict[str, set[int]]:
    """Printed page numbers at which each item may be found; empty where it cannot be told."""
    labels = {p.number: int(p.label) for p in doc.pages if p.label.isdigit()}
    offset = _usual([number - label for number, label in labels.items()], 3)
    if offset is None and not labels:
        offset = _usual([item.pages[0] - printed for printed, item in pairs if item.pages], 4)
    found: dict[str, set[int]] = {}
    for _, item in pairs:
        own = {labels[p] for p in item.pages if p in labels}
        if offset is not None:
            own |= {p - offset for p in item.pages}
        found[item.key] = own
    return found


def _usual(numbers: Sequence[int], least: int) -> int | None:
    if len(numbers) < least:
        return None
    number, times = Counter(numbers).most_common(1)[0]
    return number if times >= 0.6 * len(numbers) else None


@rule(id="F014", title="目录页码与正文不符", family="structure", severity=WARNING, basis=("mof-2016-143", "custom"),
      example="目录称“第四部分 名词解释”在第 37 页，实际在第 34 页。", remedy="更新目录页码（文字处理软件中“更新域”）。")
def page_numbers(case: Case) -> Iterable[Outcome]:
    """目录所印页码应是该章节、报表所在页印着的页码。页脚没有印页码的，按多数条目推算的差数比较。目录不印页码的模板不查。"""
    relation = "目录页码与正文一致"
    doc = case.doc
    entries = [(e, i) for e, i in zip(doc.toc, match(case, body_items(doc)), strict=True)]
    numbered = [(e, i) for e, i in entries if e.printed_page.isdigit()]
    if not doc.toc or not numbered:
        yield not_run(relation, NO_CONTENTS if not doc.toc else "目录没有印页码")
        return
    if doc.form != "pdf":
        yield not_run(relation, "文件没有固定的页")
        return
    known = [(e, i) for e, i in numbered if i is not None and i.pages]
    expected = _expected(doc, [(int(e.printed_page), i) for e, i in known])
    wrong = [(e, i) for e, i in known if expected[i.key] and int(e.printed_page) not in expected[i.key]]
    unknown = sum(not expected[i.key] for _, i in known)
    for entry, item in wrong:
        right = min(expected[item.key], key=lambda n: abs(n - int(entry.printed_page)))
        yield problem(f"目录“{entry.title}”的页码", f"目录称“{entry.title}”在第 {entry.printed_page} 页，实际在第 {right} 页", *of_span(entry.span),
                      *item.evidence, expected=str(right), actual=entry.printed_page, suggestion=f"页码改为 {right}。",
                      group="pages" if len(wrong) > max(3, len(known) // 3) else "")
    missing = [e for e, _ in entries if not e.printed_page]
    if missing and case.template.switches.get("toc_page_numbers") and len(missing) * 2 < len(doc.toc):
        for entry in missing:
            yield problem("目录各条都有页码", f"目录“{entry.title}”没有页码", *of_span(entry.span), severity=INFO, suggestion="补上页码。", group="unnumbered")
    if unknown:
        yield not_run(relation, f"{unknown} 条所在页没有印页码，无法比较")
    elif not wrong:
        yield passed(relation)


_STYLES = (re.compile(r"^第([一二三四五六七八九十]+)部分"), re.compile(r"^([一二三四五六七八九十]+)、"), re.compile(r"^\(([一二三四五六七八九十]+)\)"))
_DIGITS = {c: i for i, c in enumerate("一二三四五六七八九十", 1)}


def ordinal(text: str) -> int:
    """一 … 九十九 as a number; 0 for anything else."""
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS.get(text, 0)
    return (_DIGITS.get(tens, 0) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)


def gaps(titles: Sequence[str]) -> list[tuple[int, int]]:
    """Places where a number is left out: index of the title behind the gap, and the number that is missing.

    Each style of number counts by itself and begins again under a title of a higher style.
    """
    last = [0] * len(_STYLES)
    found: list[tuple[int, int]] = []
    for index, title in enumerate(titles):
        style, number = _numbered(title)
        if style < 0 or not number:
            continue
        if last[style] and number == last[style] + 2:
            found.append((index, number - 1))
        last[style] = number
        last[style + 1:] = [0] * (len(_STYLES) - style - 1)
    return found


def _told_missing(case: Case, title: str, number: int) -> bool:
    """Whether the section of that number before this one is one the template asks for and the body lacks."""
    role = next((s.role for s in case.doc.sections if s.role and s.title == title), "")
    layouts = case.template.sections
    at = next((n for n, x in enumerate(layouts) if role and x.role == role), 0)
    before = next((x for x in reversed(layouts[:at]) if x.level == layouts[at].level), None)
    return before is not None and before.required and case.doc.section(before.role) is None and _numbered(before.title)[1] == number


def _numbered(title: str) -> tuple[int, int]:
    """Style and number of a title; (-1, 0) when it has none."""
    return next(((s, ordinal(hit.group(1))) for s, pattern in enumerate(_STYLES) if (hit := pattern.match(fold(title)))), (-1, 0))


def _headings(doc: Document) -> list[tuple[str, tuple[Evidence, ...]]]:
    """Headings of the body in order: those of sections, and short numbered paragraphs that read like one.

    On the pages of a table that was not recognised what reads like a heading may be a row of it (十、节能环保支出).
    """
    found: list[tuple[str, tuple[Evidence, ...]]] = []
    doubtful = {page for table in doc.tables if not table.recognised for page in table.pages}
    for section in doc.sections:
        if not section.role and section.page in doubtful and section.title.endswith(("支出", "收入")):
            continue
        found.append((section.title, of_span(section.span)))
        if section.role == "glossary":
            continue
        for paragraph in section.paragraphs:
            if len(paragraph.text) <= 24 and not re.search("[。；;，,：:]", paragraph.text) and _STYLES[1].match(fold(paragraph.text)):
                found.append((paragraph.text, of_span(paragraph.span())))
    return found


@rule(id="F015", title="标题序号不连续", family="structure", severity=WARNING, basis=("template", "custom"),
      example="“四、实施方案”之后直接是“六、年度预算安排”，缺“五、”。", remedy="补上缺少的一节，或改正序号。")
def numbers_in_a_row(case: Case) -> Iterable[Outcome]:
    """目录和正文中“第几部分”“几、”“（几）”的序号应当连续。跳过一个序号，多半是漏了一节或一条。有页面未识别时不查正文。"""
    doc = case.doc
    parts = [("目录", [(e.title, of_span(e.span)) for e in doc.toc])] if not is_blank_template(doc) else []
    parts += [("正文", _headings(doc))] if parts and not doc.unread_pages and not doc.ocr_pages else []
    told: set[tuple[str, int]] = set()
    looked = False
    for name, titles in parts:
        relation = f"{name}标题序号连续"
        if len(titles) < 2:
            continue
        looked = True
        found = gaps([t for t, _ in titles])
        for index, number in found:
            title, evidence = titles[index]
            if (bare(title), number) in told:
                continue
            if name == "正文" and _told_missing(case, title, number):
                continue  # F001 says which section it is
            told.add((bare(title), number))
            yield problem(relation, f"{name}中“{title}”之前缺少序号 {number} 的一{'条' if name == '目录' else '节'}", *evidence, actual=title,
                          severity=INFO if _STYLES[0].match(fold(title)) and name == "正文" else WARNING, suggestion="补上缺少的一节，或改正序号。")
        if not found:
            yield passed(relation)
    if not looked:
        yield not_run("标题序号连续", BLANK if is_blank_template(doc) else "没有目录，也没有识别出正文标题")
