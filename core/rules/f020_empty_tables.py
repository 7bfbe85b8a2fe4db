"""F020–F022: empty tables and the notes under them."""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from core.model import Document, Span, Table
from core.results import ERROR, INFO, WARNING, Outcome, not_run, of_cell, of_span, passed, problem
from core.rules.base import Case, rule
from core.rules.f001_parts import BLANK
from core.rules.passages import converted, is_blank_template, narrative, softened, title_evidence
from core.text import fold

_SAYS_EMPTY = re.compile(r"无数据|空表|为空|不涉及|未安排|未发生|没有|无[^。,;]{0,24}(?:预算|收入|支出|拨款|经费|项目|安排|内容|事项)|"
                         r"^[(]?(?:注|说明|备注)?[:]?(?:本(?:表|部门|单位))?无[。.]?[)]?$")
_SURELY_EMPTY = re.compile(r"本表无数据|本表(?:为|是)?空表|本表为空")
_FUNDS = {"fund": "政府性基金", "fund_income": "政府性基金", "capital": "国有资本"}
NO_TABLES = "没有识别出报表"


def _tables(doc: Document) -> list[Table]:
    return [t for t in doc.tables if t.kind == "budget" and any(c.kind == "amount" for c in t.columns)]


def _unread(doc: Document, table: Table) -> bool:
    return any(page in doc.unread_pages for page in table.pages)


def _blank(table: Table) -> bool:
    """No figure at all; printed zeros are figures."""
    return not any(True for _ in table.amount_cells())


def _told_none(doc: Document, table: Table) -> bool:
    """Whether the narrative says that there is nothing of this table's fund: then the reader knows, though not from the table."""
    fund = _FUNDS.get(table.role, "")
    none = re.compile(f"(?:无|没有|未安排|未发生|不涉及)[^。;,]{{0,12}}{fund}|{fund}[^。;,]{{0,12}}(?:为零|为空|为0(?![.\\d]))")
    return bool(fund) and any(none.search(fold(p.text)) for p in narrative(doc))


def _empty_notes(doc: Document, table: Table) -> Iterator[Span]:
    """Whatever under or in the table says that it is empty."""
    for note in table.notes:
        if _SAYS_EMPTY.search(fold(note.text)):
            yield note
    for row in table.rows:
        for cell in row:
            if cell is not None and cell.place is not None and len(cell.text) > 1 and _SAYS_EMPTY.search(fold(cell.text)) \
                    and re.match(r"[(（]?(?:注|说明|备注|本表|本部门|本单位|无)", cell.text):
                yield Span(cell.text, (cell.place,), cell.ocr)
    for passage in narrative(doc):
        text = fold(passage.text)
        on_page = any(e.page in table.pages for e in passage.at(0, 1))
        if on_page and ("本表" in text or "空表" in text) and _SAYS_EMPTY.search(text):
            yield Span(passage.text, (), passage.ocr)


@rule(id="F020", title="空表没有说明", family="structure", basis=("mof-2016-143", "template"),
      example="“三公”经费表各栏都是空白，表下没有“注：本表无数据”。", remedy="在表下注明“本表无数据”或没有该项预算的原因；实际有数据的补填。")
def empty_table_note(case: Case) -> Iterable[Outcome]:
    """没有数据的表也要公开，并在表下说明是空表。没有说明的空白表，公众无法区分是没有这项预算，还是漏填。逐格印了 0 的表不算空白，但政府性基金、国有资本经营预算表全为 0 而无说明的作提醒；文字部分说明了没有这项预算的，也只作提醒。"""
    doc = case.doc
    tables = _tables(doc)
    if not tables or is_blank_template(doc):
        yield not_run("空表有说明", BLANK if tables else NO_TABLES)
        return
    for table in tables:
        relation = f"{table.id}：空表有说明"
        if not table.empty:
            continue
        blank = _blank(table)
        notes = list(_empty_notes(doc, table))
        if notes:
            yield passed(relation, *of_span(notes[0], "source", table.id))
        elif _unread(doc, table):
            yield not_run(relation, "表所在页未识别")
        elif blank or table.role in _FUNDS:
            ocr = any(c is not None and c.ocr for row in table.rows for c in row)
            state = "没有任何数据" if blank else "各栏全为 0"
            severity = INFO if table.role == "operating" else ERROR if blank and not _told_none(doc, table) else WARNING
            yield problem(relation, f"{table.id}《{table.title}》{state}，表下也没有空表说明", *title_evidence(table), expected="注：本表无数据",
                          severity=softened(severity, ocr or converted(doc)), suggestion="在表下注明“本表无数据”及原因；实际有数据的补填。")
        else:
            yield passed(relation)
    if not any(t.empty for t in tables):
        yield passed("空表有说明")


@rule(id="F021", title="有数据的表注明为空表", family="structure", basis=("mof-2016-143", "template"),
      example="表八列有 120.00 万元支出，表下却写“注：本表无数据”。", remedy="删去空表说明；如数据不属于本表，更正数据。")
def note_on_filled_table(case: Case) -> Iterable[Outcome]:
    """有数据的表，表下不应再写“本表无数据”或没有该项预算。数据与说明至少有一个是错的，多半是沿用上年的说明。"""
    doc = case.doc
    tables = _tables(doc)
    if not tables:
        yield not_run("有数据的表没有空表说明", NO_TABLES)
        return
    wrong = False
    for table in tables:
        if table.empty:
            continue
        fund = _FUNDS.get(table.role, "")
        for note in table.notes:
            text = fold(note.text)
            own = bool(fund) and bool(re.search(f"(?:无|没有){fund}[^。,;]*(?:预算|收入|支出|拨款|安排)", text))
            if not (_SURELY_EMPTY.search(text) or own):
                continue
            wrong = True
            line, column, cell = next(x for x in table.amount_cells() if x[2].amount and x[2].amount.value)
            yield problem(f"{table.id}：有数据的表没有空表说明", f"{table.id}有数据（{line.label or column.label} {cell.text}），表下却注明“{note.text}”",
                          *of_span(note, table=table.id), of_cell(cell, table.id, line.label, column.label, "source"), actual=note.text,
                          severity=softened(ERROR, note.ocr or cell.ocr), suggestion="删去空表说明，或更正表中数据。")
    if not wrong:
        yield passed("有数据的表没有空表说明")


@rule(id="F022", title="空表说明写的是另一本预算", family="structure", basis=("mof-2016-143", "template"),
      example="国有资本经营预算表下写“无政府性基金预算”。", remedy="把说明改为本表对应的预算。")
def note_of_right_fund(case: Case) -> Iterable[Outcome]:
    """政府性基金预算表、国有资本经营预算表的空表说明，应写本表对应的那一本预算。说明写成另一本，多半是复制后没有改。"""
    found = wrong = False
    for table in _tables(case.doc):
        own = _FUNDS.get(table.role)
        if own is None:
            continue
        for note in table.notes:
            text = fold(note.text)
            if not _SAYS_EMPTY.search(text):
                continue
            found = True
            other = next((f for f in dict.fromkeys(_FUNDS.values()) if f != own and f in text), "")
            if other and own not in text:
                wrong = True
                yield problem(f"{table.id}：说明写的是本表的预算", f"{table.id}《{table.title}》的说明写的是“{other}”预算，本表是“{own}”预算",
                              *of_span(note, table=table.id), expected=own, actual=other, severity=softened(ERROR, note.ocr),
                              suggestion=f"说明中的“{other}”改为“{own}”。")
    if not found:
        yield not_run("空表说明写的是本表的预算", "政府性基金、国有资本经营预算表下没有空表说明")
    elif not wrong:
        yield passed("空表说明写的是本表的预算")


