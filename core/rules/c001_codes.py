"""C001–C005: the codes of a table by themselves: form, parent, order, duplicates, padding."""
from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from core.model import Line
from core.reference import DEPARTMENT, GOVERNMENT
from core.results import ERROR, INFO, WARNING, Outcome, not_run, passed, problem
from core.rules.base import Case, rule
from core.rules.coded import Side, code_evidence, coded_sides
from core.rules.passages import softened

_FUNCTIONAL = re.compile(r"\d{3}(?:\d\d){0,2}")
_ECONOMIC = re.compile(r"\d{3}(?:\d\d)?")
NO_CODES = "没有带科目编码的表"


def _economic(side: Side) -> bool:
    return side.list_key in (DEPARTMENT, GOVERNMENT)


def _well_formed(side: Side, code: str) -> bool:
    return bool((_ECONOMIC if _economic(side) else _FUNCTIONAL).fullmatch(code))


def _severity(side: Side, severity: str, line: Line) -> str:
    if not side.table.recognised and severity == ERROR:
        severity = WARNING
    return softened(severity, any(c.ocr for c in line.cells.values()))


@rule(id="C001", title="科目编码位数不对", family="codes", basis=("budget-law-32", "budget-law-46"),
      example="科目编码印作“208050”（6 位）。", remedy="按类 3 位、款 5 位、项 7 位（经济分类：类 3 位、款 5 位）更正编码。")
def code_form(case: Case) -> Iterable[Outcome]:
    """支出功能分类科目编码应为 3 位（类）、5 位（款）或 7 位（项）数字，支出经济分类为 3 位（类）或 5 位（款）。位数不对的编码在科目表中不可能存在，也无法确定上级科目。"""
    found = False
    for side in coded_sides(case.doc):
        found = True
        relation = f"{side.table.id}：科目编码的位数"
        wrong = [line for line in side.lines if not _well_formed(side, line.code)]
        for line in wrong:
            kinds = "3 位或 5 位" if _economic(side) else "3、5 或 7 位"
            yield problem(relation, f"{side.table.id}“{line.label}”的科目编码“{line.code}”不是{kinds}数字", *code_evidence(side.table, line),
                          actual=line.code, severity=_severity(side, ERROR, line), suggestion="核对并更正编码，注意是否漏印或多印了一位。")
        if not wrong:
            yield passed(relation)
    if not found:
        yield not_run("科目编码的位数", NO_CODES)


@rule(id="C002", title="科目没有上级或上级在其下方", family="codes", basis=("budget-law-32", "budget-law-46"),
      example="表中有 2080505，却没有 20805 这一行。", remedy="补上缺少的类、款行，并把它放在下级科目之前。")
def code_parent(case: Case) -> Iterable[Outcome]:
    """每个款级、项级科目的上级（类、款）应在同一张表中列出，并且排在它的上方。缺了上级，逐级汇总关系就断了，读者也看不出这一科目属于哪一类。"""
    found = False
    for side in coded_sides(case.doc):
        well = [line for line in side.lines if _well_formed(side, line.code)]
        if not well:
            continue
        found = True
        relation = f"{side.table.id}：每个科目的上级"
        if not any(len(line.code) == 3 for line in well) or len({len(line.code) for line in well}) == 1:
            yield not_run(relation, "本表没有列出类级科目，或只列一级科目")
            continue
        elsewhere = {line.code for line in side.table.lines}
        wrong = False
        for segment in side.segments:
            above: set[str] = set()
            inside = {line.code for line in segment}
            for line in segment:
                code, parent = line.code, line.code[:-2]
                above.add(code)
                if len(code) == 3 or not _well_formed(side, code) or parent in above:
                    continue
                if parent in inside:
                    wrong = True
                    yield problem(relation, f"{side.table.id}“{line.label}”排在上级科目 {parent} 的前面", *code_evidence(side.table, line),
                                  expected=f"在 {parent} 之后", actual=code, severity=_severity(side, ERROR, line),
                                  suggestion="按类、款、项的次序重排。", group=f"{side.table.id}-{parent}")
                elif parent not in elsewhere:
                    wrong = True
                    level = "类" if len(parent) == 3 else "款"
                    yield problem(relation, f"{side.table.id}“{line.label}”缺少上级科目：表中没有{level}级 {parent} 这一行",
                                  *code_evidence(side.table, line), expected=parent, actual=code, severity=_severity(side, ERROR, line),
                                  suggestion=f"补列 {parent} 一行；如是编码印错，更正“{code}”。", group=f"{side.table.id}-{parent}")
        if not wrong:
            yield passed(relation)
    if not found:
        yield not_run("每个科目的上级", NO_CODES)


@rule(id="C003", title="科目次序颠倒", family="codes", severity=WARNING, basis=("budget-law-32",),
      example="2080506 排在 2080505 的前面。", remedy="按编码从小到大排列；如是编码印错，更正编码。")
def code_order(case: Case) -> Iterable[Outcome]:
    """同一张表的科目应按编码从小到大排列。次序颠倒多半是编码印错一位，或粘贴时错了行。分单位列示的表在每个单位内部比较；不按编码排列的表不查。"""
    found = False
    for side in coded_sides(case.doc):
        found = True
        relation = f"{side.table.id}：科目按编码排列"
        outliers = [line for segment in side.segments for part in _parts(side, segment) for line in _out_of_order(part)]
        if len(outliers) * 4 > len(side.lines):
            yield not_run(relation, "本表不按编码次序排列")
            continue
        for line in outliers:
            yield problem(relation, f"{side.table.id}“{line.label}”的次序不对：前后科目的编码与它不成升序", *code_evidence(side.table, line),
                          actual=line.code, severity=_severity(side, WARNING, line), suggestion="核对编码是否印错，或调整行次。")
        if not outliers:
            yield passed(relation)
    if not found:
        yield not_run("科目按编码排列", NO_CODES)


def _parts(side: Side, segment: Sequence[Line]) -> list[list[Line]]:
    """Economic classes come in any order (301, 303, 302): their items are compared within the class only."""
    if not _economic(side):
        return [list(segment)]
    parts: dict[str, list[Line]] = {}
    for line in segment:
        parts.setdefault(line.code[:3], []).append(line)
    return list(parts.values())


def _out_of_order(lines: Sequence[Line]) -> list[Line]:
    """The fewest lines to take out so that the rest ascend (equal codes may follow each other)."""
    tails: list[str] = []
    ends: list[int] = []
    back: list[int] = []
    for index, line in enumerate(lines):
        at = bisect_right(tails, line.code)
        back.append(ends[at - 1] if at else -1)
        if at == len(tails):
            tails.append(line.code)
            ends.append(index)
        else:
            tails[at] = line.code
            ends[at] = index
    kept: set[int] = set()
    index = ends[-1] if ends else -1
    while index >= 0:
        kept.add(index)
        index = back[index]
    return [line for i, line in enumerate(lines) if i not in kept]


@rule(id="C004", title="科目重复", family="codes", severity=WARNING, basis=("budget-law-32",),
      example="表三中 2210201 出现两次。", remedy="删去重复的行，或更正其中印错的编码，并核对合计。")
def code_twice(case: Case) -> Iterable[Outcome]:
    """同一科目编码在同一张表（同一单位）中只应出现一次。重复的行会使合计虚增，也可能是另一科目的编码印错。"""
    found = False
    for side in coded_sides(case.doc):
        found = True
        relation = f"{side.table.id}：科目不重复"
        wrong = False
        for segment in side.segments:
            seen: dict[str, Line] = {}
            for line in segment:
                first = seen.setdefault(line.code, line)
                if first is line:
                    continue
                wrong = True
                yield problem(relation, f"{side.table.id}科目编码 {line.code} 出现两次：“{first.name}”和“{line.name}”",
                              *code_evidence(side.table, line), *code_evidence(side.table, first, "source"), actual=line.code,
                              severity=_severity(side, WARNING, line), suggestion="删去重复行，或更正其中一行的编码。")
        if not wrong:
            yield passed(relation)
    if not found:
        yield not_run("科目不重复", NO_CODES)


@rule(id="C005", title="款、项编码没有补零", family="codes", severity=WARNING, basis=("budget-law-32",),
      example="经济分类款级编码印作“2”，应为“02”。", remedy="类 3 位，款、项各 2 位，不足的在前面补 0。")
def code_padding(case: Case) -> Iterable[Outcome]:
    """类、款、项分列的表中，款和项应各为 2 位。印作“2”“7”的编码与其他行格式不一致，常是表格软件把编码当数字存了。"""
    found = False
    for side in coded_sides(case.doc):
        table = side.table
        keys = [c.key for c in table.columns if c.kind == "code" and c.side == side.side]
        if len(keys) < 2:
            continue
        found = True
        relation = f"{table.id}：款、项编码各 2 位"
        short = [line for line in side.lines
                 if any(k in line.cells and len(line.cells[k].text.strip()) == 1 and line.cells[k].text.strip().isdigit() for k in keys[1:])]
        if short:
            evidence = [e for line in short for e in code_evidence(table, line)]
            shown = "、".join(f"“{e.text}”" for e in evidence[:4])
            yield problem(relation, f"{table.id}有 {len(short)} 处款级或项级编码没有补零（{shown}），与其他行格式不一致", *evidence,
                          actual=evidence[0].text, expected=evidence[0].text.strip().zfill(2),
                          severity=INFO if side.ocr else WARNING, suggestion="在前面补 0。", group="padding")
        else:
            yield passed(relation)
    if not found:
        yield not_run("款、项编码各 2 位", "没有类、款、项分列的表")
