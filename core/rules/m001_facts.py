"""M001–M002, M005: one name, one year, one kind of body all through the document."""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from os.path import commonprefix

from rapidfuzz.distance import Levenshtein

from core.model import Document, Span
from core.results import ERROR, INFO, WARNING, Evidence, Outcome, not_run, of_cell, of_span, passed, problem
from core.rules.base import Case, rule
from core.rules.passages import Passage, is_blank_template, narrative, softened, title_evidence
from core.text import fold, fold_with_map

_LABEL = re.compile(r"^.*?(?:名称|部门|单位|主管部门)(?:[(（][^)）]*[)）])?[:：]")
_SUFFIX = re.compile(r"[(](?:部门|单位|本级|机关|汇总|本部|部门本级|单位本级)[)]$|(?:本级|本部|机关)$")
_OPENING = re.compile(r"(20\d\d)年(?:度)?(?P<name>[^\d,。;:、()\"]{4,40}?)(?:[(](?:部门|单位)[)])?(?=(?:部门|单位)?(?:预算|决算)?(?:预算收入|决算收入|收入预算|支出预算|收入总计|支出总计|"
                      r"一般公共预算(?:当年|安排|财政)|财政拨款(?:收支|安排)|政府采购(?:预算|支出)|纳入绩效目标))")
_HOLDER = re.compile(r"(?:截至|截止)(?:到)?20\d\d年\d{1,2}月\d{1,2}日,?(?P<name>[^\d,。;:、()\"]{4,40}?)(?:共有|占有使用|使用的)")
_ANCHOR = re.compile(r"(?:截[至止]到?)?20\d\d年(?:度|\d{1,2}月\d{1,2}日)?,?|(?:^|[。;])(?=[^\d,。;:]{4,40}20\d\d年)")
_TELLING = frozenset("一二三四五六七八九十东西南北中上下前后大小新老")
"""Characters that tell one body from its sister (第一中学, 第二中学): names that differ by them are both right."""
_SELF = re.compile(r"(?:本|我|该)(?:部门|单位|局|委|办|院|校|镇|乡|中心)|^(?:部门|单位)$")
_ORGAN = re.compile(r"(?:局|委|办|部|厅|院|校|所|站|队|馆|园|会|处|中心|政府|机关|学校|医院|小学|中学|幼儿园|法院|检察院|街道)$")
_LOOKING_BACK = re.compile(r"自评|评价|考核|执行|完成情况|上年|较|比|截[至止]|20\d\d年(?:末|底|\d)|20\d\d[-—~至]|回顾|总结")
"""Headings that rightly bear another year: last year's evaluation, the date of the assets."""
_YEAR = re.compile(r"(?<![\d.,])(20\d\d)(?=年|单位|部门|预算)")


def _plain(name: str) -> str:
    return _SUFFIX.sub("", fold(name))


def _shortened(short: str, full: str) -> bool:
    """Whether one name is the other with parts left out (示例街道 for 某区人民政府示例街道办事处)."""
    rest = iter(full)
    return len(short) < len(full) and all(char in rest for char in short)


def _same(one: str, two: str) -> bool:
    a, b = _plain(one), _plain(two)
    return a == b or _shortened(a, b) or _shortened(b, a)


def _near(one: str, two: str) -> bool:
    """One or two characters apart in a name of some length."""
    a, b = _plain(one), _plain(two)
    distance = Levenshtein.distance(a, b)
    return 0 < distance <= (1 if len(b) < 8 else 2)


def _close(one: str, two: str) -> bool:
    """Nearly the same, or the same but for the word that ends it (商务局 for 商务委员会)."""
    a, b = _plain(one), _plain(two)
    return _near(a, b) or len(commonprefix([a, b])) * 10 >= 6 * len(b)


def _body_lines(doc: Document) -> Iterator[tuple[str, str, Span]]:
    """Table id, name and place of each 单位名称：… line."""
    for table in doc.tables:
        if table.body_span is not None:
            name = _LABEL.sub("", table.body_span.text).strip()
            if name and len(fold(name)) > 2:
                yield table.id, name, table.body_span


@rule(id="M001", title="单位名称前后不一致", family="metadata", basis=("mof-check-2017",),
      example="封面是“示例县卫生健康局”，表三上方是“示例县卫生健康和体育局”。", remedy="核对全称，全文统一。")
def one_name(case: Case) -> Iterable[Outcome]:
    """封面、各表上方的单位（部门）名称和说明文字中的名称应当一致。相差一两个字的最可能是笔误；说明文字只查“某年度某单位预算收入总计……”这类以本单位开头的句子。简称不算不一致。"""
    doc = case.doc
    name = doc.unit_name.value
    if not name or is_blank_template(doc):
        yield not_run("全文单位名称一致", "没有识别出封面的单位名称")
        return
    wrong = False
    lines = list(_body_lines(doc))
    usual = Counter(_plain(n) for _, n, _ in lines).most_common(1)
    for table, printed, span in lines:
        outlier = usual[0][1] * 2 > len(lines) and _plain(printed) != usual[0][0]
        if _same(printed, name) and not (outlier and _near(printed, usual[0][0])):
            continue
        if not outlier and not _near(printed, name):
            if _plain(printed) == usual[0][0] and usual[0][1] > 1:
                wrong = True
                yield problem("各表的单位名称与封面一致", f"各表上方的名称是“{printed}”，封面是“{name}”", *of_span(span, table=table),
                              *of_span(doc.unit_name.span, "expected"), expected=name, actual=printed, severity=WARNING,
                              suggestion="确认二者是否同一单位，统一为全称。", group="all-tables")
            continue
        wrong = True
        yield problem("各表的单位名称与封面一致", f"{table}上方的名称是“{printed}”，与“{name}”不一致", *of_span(span, table=table),
                      *of_span(doc.unit_name.span, "expected"), expected=name, actual=printed,
                      severity=softened(ERROR if _near(printed, name) or outlier else WARNING, span.ocr), suggestion="改为本单位全称。",
                      group=f"body-{_plain(printed)}")
    for passage, printed, start, end in _named(doc):
        if _same(printed, name) or not (_near(printed, name) or _ORGAN.search(printed)) or any(_same(printed, n) for _, n, _ in lines):
            continue
        wrong = True
        yield problem("说明文字的单位名称与封面一致", f"说明文字中的单位名称是“{printed}”，封面是“{name}”", *passage.at(start, end),
                      *of_span(doc.unit_name.span, "expected"), expected=name, actual=printed,
                      severity=softened(ERROR if _close(printed, name) else WARNING, passage.ocr), suggestion="改为本单位全称。",
                      group=f"text-{_plain(printed)}")
    if not wrong:
        yield passed("全文单位名称一致")


def _named(doc: Document) -> Iterator[tuple[Passage, str, int, int]]:
    """Names in sentences about this body's own figures: paragraph, name, start, end."""
    own = _plain(doc.unit_name.value)
    others = _other_bodies(doc)
    for passage in narrative(doc):
        text, where = fold_with_map(passage.text)
        hits = {(h.start("name"), h.end("name")) for pattern in (_OPENING, _HOLDER) for h in pattern.finditer(text)}
        hits |= {span for anchor in _ANCHOR.finditer(text) if (span := _misspelt(text, anchor.end(), own, others)) is not None}
        for start, end in sorted(hits):
            if not _SELF.search(text[start:end]):
                yield passage, text[start:end], where[start], where[end - 1] + 1


def _other_bodies(doc: Document) -> str:
    """Where the document names bodies other than itself: its organisation, its tables."""
    section = doc.section("organisation")
    texts = [p.text for p in section.paragraphs] if section is not None else []
    return "|".join(fold(t) for t in (*texts, *(line.name for table in doc.tables for line in table.lines if not line.code)))


def _misspelt(text: str, start: int, own: str, others: str) -> tuple[int, int] | None:
    """The name that stands at this place, when it is nearly the body's own."""
    rest = text[start:start + len(own) + 6]
    if len(own) < 5 or rest.startswith(own):
        return None
    ends = [end for end in range(4, len(rest) + 1) if _ORGAN.search(rest[:end])]
    if not ends or any(_same(rest[:end], own) for end in ends):
        return None
    end = min(ends, key=lambda e: Levenshtein.distance(rest[:e], own))
    name = rest[:end]
    alike = len(commonprefix([name, own])) * 10 >= 6 * len(own)
    distance = Levenshtein.distance(name, own)
    told_apart = len(name) == len(own) and any(a != b and {a, b} & _TELLING for a, b in zip(name, own, strict=True))
    slip = distance == 1 and len(own) >= 7 or distance == 2 and len(own) >= 9 or distance <= 4 and alike
    if name in others or told_apart or not slip:
        return None
    return start, start + end


@rule(id="M002", title="年度不一致", family="metadata", basis=("mof-2016-143",),
      example="2024 年预算公开，表六的标题写“2023年”。", remedy="改为本年度；确为上年对比的，写明“上年”。")
def one_year(case: Case) -> Iterable[Outcome]:
    """封面、目录、章节标题、表题和列标题应是同一年度。上年只能出现在对比的列和句子中。发文字号里的年份（〔2017〕89号）和金额（2083.68）不算年度。"""
    doc, year = case.doc, case.doc.year
    if year is None:
        yield not_run("全文年度一致", "没有识别出文件的年度")
        return
    wrong = False
    for where, text, evidence, severity in _dated(doc, year):
        years = [int(y) for y in _YEAR.findall(text)]
        odd = [y for y in years if y != year]
        if not years or not odd:
            continue
        wrong = True
        yield problem("全文年度一致", f"{where}“{text}”的年度是 {odd[0]} 年，本文件是 {year} 年的", *evidence, *of_span(doc.year_fact.span, "expected"),
                      expected=f"{year}年", actual=f"{odd[0]}年", severity=softened(severity, any(e.ocr for e in evidence)),
                      suggestion=f"改为 {year} 年。")
    for passage, odd_year, start, end in _openings(doc, year):
        wrong = True
        yield problem("全文年度一致", f"说明文字以“{passage.text[start:end]}”开头叙述本年{'预算' if '预算' in doc.kind else '收支'}，本文件是 {year} 年的",
                      *passage.at(start, end), *of_span(doc.year_fact.span, "expected"), expected=f"{year}年", actual=f"{odd_year}年",
                      severity=softened(ERROR, passage.ocr), suggestion=f"改为 {year} 年。")
    tables = [t for t in doc.tables if t.kind == "budget" and t.title]
    bare = [t for t in tables if not _YEAR.search(fold(t.title))]
    if bare and len(bare) * 4 <= len(tables):
        for table in bare:
            wrong = True
            yield problem("全文年度一致", f"{table.id}表题“{table.title}”没有年度，其他表都有", *title_evidence(table), expected=f"{year}年",
                          actual=table.title, severity=INFO, suggestion=f"表题补上“{year}年”。", group="no-year")
    if not wrong:
        yield passed("全文年度一致")


def _dated(doc: Document, year: int) -> Iterator[tuple[str, str, tuple[Evidence, ...], str]]:
    """Titles and headings that must bear the year of the document."""
    for entry in doc.toc:
        if _LOOKING_BACK.search(fold(entry.title)):
            continue
        yield "目录", entry.title, of_span(entry.span), ERROR
    for section in doc.sections:
        if section.level < 3 and not _LOOKING_BACK.search(fold(section.title)):
            yield "标题", section.title, of_span(section.span), ERROR
    for table in doc.tables:
        if table.kind not in ("budget", "unknown"):
            continue
        if table.kind == "budget" or table.title_span is not None:
            yield f"{table.id}表题", table.title, title_evidence(table), ERROR if table.kind == "budget" else WARNING
        headings = [cell for row in table.header for cell in row if cell is not None and cell.text]
        own = any(f"{year}年" in fold(c.text) or "本年" in c.text for c in headings)
        for cell in headings:
            found = {int(y) for y in _YEAR.findall(fold(cell.text))}
            if found and not found <= {year, year - 1} or (found == {year - 1} and not own and "执行" not in cell.text and "上年" not in cell.text):
                yield f"{table.id}列标题", fold(cell.text), (of_cell(cell, table.id, "", fold(cell.text)),), WARNING


def _openings(doc: Document, year: int) -> Iterator[tuple[Passage, int, int, int]]:
    """Paragraphs that open with another year and this body's own name: "2023年度某局预算收入总计…"."""
    own = re.escape(fold(doc.unit_name.value)) if doc.unit_name.value else "本部门"
    pattern = re.compile(rf"^[\"]?(20\d\d)年(?:度)?,?(?:{own}|本部门|本单位|我部门|我单位|我局)(?:[(][^)]*[)])?(?:部门|单位)?[^,。;]{{0,12}}?(?:收入|支出|收支|财政拨款|预算|决算)")
    for passage in narrative(doc):
        text, where = fold_with_map(passage.text)
        hit = pattern.match(text)
        if hit and int(hit.group(1)) != year:
            yield passage, int(hit.group(1)), where[hit.start(1)], where[hit.end() - 1] + 1


_WORDING = {
    "单位": re.compile(r"本部门(?![(（/、]?(?:和|及|或|、)?(?:所属)?单位)|我部门|部门预算报表|部门预算情况说明|部门预算收支数据|编制部门[:：]|部门决算情况说明|"
                     r"(?:本年)?部门预算支出总计"),
    "部门": re.compile(r"本单位|我单位|单位预算报表|单位预算情况说明|单位预算收支数据|编制单位[:：]|单位决算情况说明|(?:本年)?单位预算支出总计"),
}
_BOTH = re.compile(r"部门[(（/、]单位|单位[(（/、]部门|部门和单位|部门及单位|部门、单位|本部门[^。]{0,6}本单位")
_QUIET = frozenset({"duties", "organisation", "glossary", "performance", "front", "project_note", "overall_performance_note",
                    "project_performance_note", "performance_note"})


@rule(id="M005", title="“部门”与“单位”混用", family="metadata", severity=WARNING, basis=("mof-2016-143",),
      example="单位预算的说明写“本部门2024年……”。", remedy="单位预算用“本单位”，部门预算用“本部门”。")
def department_or_unit(case: Case) -> Iterable[Outcome]:
    """部门预算（决算）与单位预算（决算）的口径不同，文字应与封面一致。只查几种固定写法；“部门（单位）”“预算部门”“主管部门”“部门预算支出经济科目”不算。"""
    doc = case.doc
    kind = "部门" if doc.kind.startswith("部门") else "单位" if doc.kind.startswith("单位") else ""
    relation = "“部门”“单位”的写法与封面一致"
    if not kind:
        yield not_run(relation, "没有识别出是部门还是单位的公开文件")
        return
    other = "单位" if kind == "部门" else "部门"
    found: list[tuple[str, tuple[Evidence, ...], bool]] = []
    for section in doc.sections:
        hit = _WORDING[kind].search(section.title)
        if hit and not _BOTH.search(section.title):
            found.append((hit.group(), of_span(section.span), section.span.ocr))
    for passage in narrative(doc):
        if passage.role in _QUIET:
            continue
        for hit in _WORDING[kind].finditer(passage.text):
            if not _BOTH.search(passage.text[max(0, hit.start() - 4):hit.end() + 10]):
                found.append((hit.group(), passage.at(*hit.span()), passage.ocr))
    found += _labels(doc, kind)
    for word, evidence, ocr in found:
        yield problem(relation, f"这是{kind}{doc.kind[2:]}，文中写作“{word}”", *evidence, expected=word.replace(other, kind), actual=word,
                      severity=softened(WARNING if word[0] in "本我" or len(word) > 4 else INFO, ocr), suggestion=f"“{other}”改为“{kind}”。",
                      group=word)
    if not found:
        yield passed(relation)


_BODY_LABEL = re.compile(r"^(?:编制|预算|填报|公开)?(部门|单位)(?:名称)?[:]")


def _labels(doc: Document, kind: str) -> list[tuple[str, tuple[Evidence, ...], bool]]:
    """Lines above tables that say 单位名称 where the other tables say 部门名称, or the other way round."""
    lines = [(hit, table, table.body_span) for table in doc.tables if table.body_span is not None
             and (hit := _BODY_LABEL.match(fold(table.body_span.text)))]
    odd = [(hit, table, span) for hit, table, span in lines if hit.group(1) != kind]
    if not odd or len(odd) * 2 > len(lines):
        return []
    return [(hit.group().rstrip(":"), of_span(span, table=table.id), span.ocr) for hit, table, span in odd]


_GRADE = re.compile(r"(?:省本?级|市本?级|区本?级|县本?级)(?=(?:财政|预算主管部门|部门预算|单位预算|预算单位|部门决算|单位决算))")


@rule(id="M008", title="级次用语与封面不符", family="metadata", severity=WARNING, basis=("mof-check-2017", "template"),
      example="区级部门的名词解释写“市级预算主管部门”“市级财政”。", remedy="改为本级用语。")
def grade(case: Case) -> Iterable[Outcome]:
    """封面写明是“区级”“市级”等某一级的，名词解释和说明中指本级财政、本级预算主管部门的用语应是同一级。多见于照搬上级模板。“省直部门”是省模板自带的，不算；同一处还提到本级的不算。"""
    doc = case.doc
    relation = "级次用语与封面一致"
    cover = fold("".join([doc.year_fact.span.text if doc.year_fact.span else "", *(p.text for p in doc.front)]))
    own = {g.group()[0] for g in _GRADE.finditer(cover)}
    if len(own) != 1:
        yield not_run(relation, "封面没有写明是哪一级的公开文件")
        return
    mine = own.pop()
    wrong = False
    for passage in narrative(doc):
        if passage.role != "glossary":
            continue
        hits = [h for h in _GRADE.finditer(passage.text) if h.group()[0] != mine]
        if not hits or any(h.group()[0] == mine for h in _GRADE.finditer(passage.text)):
            continue
        for hit in hits:
            wrong = True
            right = mine + hit.group()[1:]
            yield problem(relation, f"封面是{mine}级的公开文件，名词解释写作“{passage.around(hit.start(), hit.end(), 6)}”", *passage.at(*hit.span()),
                          expected=right, actual=hit.group(), severity=softened(WARNING, passage.ocr), suggestion=f"“{hit.group()}”改为“{right}”。",
                          group=hit.group())
    if not wrong:
        yield passed(relation)
