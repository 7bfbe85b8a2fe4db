"""C010–C013: codes and names against the lists and against each other."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz

from core.model import Line
from core.reference import GOVERNMENT, LISTS, CodeList, Subject
from core.results import ERROR, INFO, WARNING, Outcome, not_run, of_cell, passed, problem
from core.rules.base import Case, rule
from core.rules.coded import Side, code_evidence, coded_sides, letters, name_evidence, same_name, subject_name
from core.rules.passages import softened

_SETTLED = 2020
"""From this budget year on the names of classes and groups are those of the bundled rows; older documents get hints."""


@dataclass(frozen=True)
class Verdict:
    """What the list says of a code and its printed name. `severity` is "" when all is well."""

    severity: str = ""
    message: str = ""
    expected: str = ""
    of_code: bool = False
    suggestion: str = ""


def judge(codes: CodeList, code: str, name: str, year: int | None) -> Verdict:
    """Whether a printed code exists and bears that name; never more than a hint from rows that nobody read."""
    rows = codes.of(code)
    book = LISTS[codes.key]
    if not rows:
        return _unknown(codes, code, name, book)
    if not name or any(same_name(s.name, name) for s in rows):
        return _validity(rows, name, year, book)
    sure = [s for s in rows if s.sure]
    named = [s.code for s in codes.named(subject_name(name)) if len(s.code) == len(code)]
    hint = f"“{subject_name(name)}”在科目表中的编码是 {named[0]}。" if len(set(named)) == 1 else ""
    listed = (sure or list(rows))[0].name
    message = f"科目 {code} 的名称印作“{name}”，{book}科目表中是“{listed}”"
    if not sure:
        return Verdict(INFO, message + "（参考表此行未经核实，请对照当年科目书）", listed, False, hint)
    near = max(fuzz.ratio(letters(name), letters(s.name)) for s in rows) >= 80
    old = (year is None or year < _SETTLED) and not any(s.confidence == "office" for s in sure)
    return Verdict(WARNING if near or old else ERROR, message, listed, False, hint or f"名称改为“{listed}”，或更正编码。")


def _unknown(codes: CodeList, code: str, name: str, book: str) -> Verdict:
    near = codes.nearest_code(code, name)
    same = near is not None and bool(name) and same_name(near.name, name)
    if same and near is not None and near.sure:
        return Verdict(ERROR, f"科目编码 {code} 不在{book}科目表中；“{name}”的编码是 {near.code}，疑印错一位", near.code, True,
                       f"编码改为 {near.code}。")
    hint = f"最接近的是 {near.code} {near.name}。" if near is not None else ""
    if codes.must_have(code):
        return Verdict(ERROR, f"科目编码 {code}（{name}）不在本单位导入的{book}科目表中", near.code if near else "", True, hint)
    return Verdict(INFO, f"科目编码 {code}（{name}）不在内置的{book}参考表中，请对照当年科目书", near.code if near else "", True, hint)


def _validity(rows: tuple[Subject, ...], name: str, year: int | None, book: str) -> Verdict:
    own = [s for s in rows if not name or same_name(s.name, name)]
    if year is None or any((s.valid_from or 0) <= year <= (s.valid_to or 9999) for s in own):
        return Verdict()
    row = own[0]
    since = f"自 {row.valid_from} 年起使用" if (row.valid_from or 0) > year else f"用到 {row.valid_to} 年为止"
    return Verdict(INFO, f"科目 {row.code} {row.name} {since}，本文件是 {year} 年的", "", True, f"核对 {year} 年{book}科目表。")


def _severity(side: Side, verdict: Verdict, line: Line) -> str:
    severity = WARNING if verdict.severity == ERROR and not side.table.recognised else verdict.severity
    return softened(severity, any(c.ocr for c in line.cells.values()))


@rule(id="C010", title="科目编码与名称不符", family="codes", basis=("budget-law-32", "budget-law-37"),
      example="2210201 的名称印作“行政单位医疗”，科目表中是“住房公积金”。", remedy="对照当年《政府收支分类科目》更正名称或编码。")
def code_name(case: Case) -> Iterable[Outcome]:
    """编码和名称应与当年《政府收支分类科目》一致。逐行查科目表：编码是否存在、名称是否是这一编码的名称（改过名的新旧名称都算对）。单位自己导入的科目表优先；内置参考表中未经核实的行只作提示，不据以判错。"""
    found = False
    for side in coded_sides(case.doc):
        if not side.list_key:
            continue
        found = True
        relation = f"{side.table.id}：编码与名称符合{LISTS[side.list_key]}科目表"
        codes = case.reference.lists[side.list_key]
        wrong = False
        for line in side.lines:
            if len(line.code) not in (3, 5, 7) or not line.code.isdigit():
                continue
            verdict = judge(codes, line.code, line.name, case.doc.year)
            if not verdict.severity:
                continue
            wrong = True
            first, second = (code_evidence, name_evidence) if verdict.of_code else (name_evidence, code_evidence)
            yield problem(relation, f"{side.table.id}{verdict.message}", *first(side.table, line), *second(side.table, line, "source"),
                          expected=verdict.expected or None, actual=line.code if verdict.of_code else line.name,
                          severity=_severity(side, verdict, line), suggestion=verdict.suggestion,
                          group=f"{line.code}-{letters(line.name)}")
        if not wrong:
            yield passed(relation)
    if not found:
        yield not_run("编码与名称符合科目表", "没有带科目编码的表")


@rule(id="C011", title="同一科目在各表中名称不同", family="codes", severity=WARNING, basis=("budget-law-32",),
      example="2080505 在表二和表三中的名称不同。", remedy="统一为科目表中的名称。")
def one_name_for_a_code(case: Case) -> Iterable[Outcome]:
    """同一编码在各张表中应是同一名称。不同的名称中至少有一个是错的：科目表能判定的由 C010 报出，这里只报科目表判定不了的。"""
    uses: dict[tuple[str, str], list[tuple[Side, Line]]] = {}
    for side in coded_sides(case.doc):
        for line in side.lines:
            if line.name:
                uses.setdefault((side.list_key, line.code), []).append((side, line))
    several = {key: own for key, own in uses.items() if len({id(s.table) for s, _ in own}) > 1}
    if not several:
        yield not_run("同一编码同一名称", "没有在两张表中都出现的科目")
        return
    wrong = False
    for (list_key, code), own in several.items():
        counts = Counter(letters(line.name) for _, line in own)
        if len(counts) == 1 or (list_key and _settled(case, list_key, code, own)):
            continue
        wrong = True
        usual, times = counts.most_common(1)[0]
        shown = next(line.name for _, line in own if letters(line.name) == usual)
        for side, line in own:
            if letters(line.name) == usual:
                continue
            where = next((s, o) for s, o in own if letters(o.name) == usual)
            said = f"其他 {times} 处是“{shown}”" if times > 1 else f"{where[0].table.id}中是“{shown}”"
            yield problem("同一编码同一名称", f"{side.table.id}中科目 {code} 的名称是“{line.name}”，{said}",
                          *name_evidence(side.table, line), *name_evidence(where[0].table, where[1], "expected"),
                          expected=shown, actual=line.name, severity=softened(WARNING, side.ocr), suggestion="核对后统一名称。",
                          group=f"{code}-{letters(line.name)}")
    if not wrong:
        yield passed("同一编码同一名称")


def _settled(case: Case, list_key: str, code: str, own: Iterable[tuple[Side, Line]]) -> bool:
    """Whether C010 says which of the names is wrong."""
    codes = case.reference.lists[list_key]
    return any(judge(codes, code, line.name, case.doc.year).severity in (ERROR, WARNING) for _, line in own)


def _basic_names(case: Case) -> Iterator[tuple[Line, str, str]]:
    """Rows of a basic-expenditure table without codes: line, key of the department name, key of the government name ("" if none)."""
    table = case.table("basic")
    if table is None or any(line.code for line in table.lines):
        return
    keys = [c.key for c in table.columns if c.kind == "name"]
    government = next((c.key for c in table.columns if c.kind == "text" and "政府" in c.label), "")
    for line in table.lines:
        if not line.total and keys and keys[0] in line.cells and line.name:
            yield line, keys[0], government


@rule(id="C012", title="经济分类科目名称不在科目表中", family="codes", severity=WARNING, basis=("economic-2017-98", "budget-law-46"), tables=("basic",),
      example="部门预算支出经济科目一栏印作“机关工资福利支出”，那是政府预算的科目。", remedy="部门预算用 301 起的科目，政府预算用 501 起的科目，名称照抄科目表。")
def economic_names(case: Case) -> Iterable[Outcome]:
    """没有编码的基本支出分经济科目表，逐行按名称查科目表：部门预算一栏应是部门预算支出经济分类的名称，政府预算一栏应是政府预算的名称，两套科目不可混用。"""
    rows = list(_basic_names(case))
    relation = "经济科目名称在科目表中"
    table = case.table("basic")
    if not rows or table is None:
        yield not_run(relation, "表中有编码（由 C010 检查）或没有科目名称")
        return
    department, government = case.reference.department_economic, case.reference.government_economic
    wrong = False
    for line, own_key, government_key in rows:
        pairs = [(own_key, department, government)] + ([(government_key, government, department)] if government_key in line.cells else [])
        for key, codes, other in pairs:
            cell = line.cells[key]
            name = subject_name(cell.text)
            if not name or any(same_name(name, listed) for listed in codes.by_name):
                continue
            wrong = True
            near = codes.nearest_name(name)
            mixed = any(same_name(name, s.name) and s.sure for s in other.subjects)
            book, not_book = LISTS[codes.key], LISTS[other.key]
            message = (f"{table.id}“{cell.text}”是{not_book}的科目，这一栏应填{book}的科目" if mixed else
                       f"{table.id}“{cell.text}”不在{book}科目表中" + (f"，最接近的是“{near.name}”" if near else ""))
            severity = WARNING if mixed or (near is not None and near.sure) else INFO
            column = table.column(key)
            yield problem(relation, message, of_cell(cell, table.id, line.label, column.label if column else key), expected=near.name if near else None, actual=cell.text,
                          severity=softened(severity, cell.ocr), suggestion="对照科目表更正名称。", group=letters(name))
    if not wrong:
        yield passed(relation)


@rule(id="C013", title="部门经济科目与政府经济科目不对应", family="codes", severity=INFO, basis=("economic-2017-98",), tables=("basic",),
      example="“公务接待费”对应到“机关资本性支出”。", remedy="对照两套经济分类科目的对应关系更正。")
def economic_pairs(case: Case) -> Iterable[Outcome]:
    """同一行的部门预算经济科目与政府预算经济科目应符合两套科目的对应关系（机关与事业单位各有一套）。参考的对应关系多数未经核实，只作提示。"""
    rows = [(line, own, other) for line, own, other in _basic_names(case) if other and other in line.cells and line.cells[other].text]
    relation = "部门与政府经济科目的对应关系"
    table = case.table("basic")
    if not rows or table is None:
        yield not_run(relation, "表中没有政府预算经济科目一栏")
        return
    names = {letters(s.name) for s in case.reference.lists[GOVERNMENT].subjects}
    mapping = {letters(name): {letters(o) for o in others} for name, others in case.reference.mapping.items()}
    wrong = False
    for line, own, other in rows:
        allowed = mapping.get(letters(line.cells[own].text))
        printed = letters(line.cells[other].text)
        if allowed is None or printed in allowed or printed not in names:
            continue
        wrong = True
        column = table.column(other)
        yield problem(relation, f"{table.id}“{line.cells[own].text}”对应到“{line.cells[other].text}”，参考对应关系中没有这一对",
                      of_cell(line.cells[other], table.id, line.label, column.label if column else other), actual=line.cells[other].text,
                      suggestion="核对两套经济分类科目的对应关系。", group=f"{letters(line.cells[own].text)}-{printed}")
    if not wrong:
        yield passed(relation)
