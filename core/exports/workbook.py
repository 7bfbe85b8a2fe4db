"""The findings workbook: summary, findings, every relation, the rules, and the tables as printed. Plain features that WPS has, too."""
from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell as Field
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from core import PROGRAM, __version__
from core.exports.files import replacing
from core.exports.summary import SEVERITIES, STATUSES, pages_text, summary_facts, verdict_of
from core.model import Cell, PageId, Table
from core.numbers import is_blank, parse_amount, parse_decimal
from core.results import BROKEN, ERROR, FAIL, FAMILIES, INFO, PASS, SKIPPED, WARNING, Evidence, Finding, Result
from core.review import Entry
from core.review_file import NAMES
from core.rules.base import Rule

SUMMARY, FINDINGS, CHECKS, RULES = "汇总", "问题清单", "核对关系", "规则说明"
FINDING_COLUMNS = ("规则编号", "级别", "类别", "页", "表", "行", "列", "问题", "应为", "实为", "差额", "建议", "依据", "裁定", "理由", "备注", "审核人", "时间",
                   "关系", "算式")
CHECK_COLUMNS = ("规则编号", "类别", "关系", "状态", "原因", "算式", "页", "表")
RULE_COLUMNS = ("规则编号", "规则", "级别", "类别", "说明", "公式", "示例", "处理", "依据", "适用模板", "问题", "通过", "不符", "未运行", "出错")
MOST_TABLE_SHEETS = 300
"""Beyond this the parsed tables of further documents are left out: a workbook of thousands of sheets opens nowhere."""
LAST_ROW = 1_048_576
LINE_HEIGHT, TALLEST_ROW = 14.5, 409.0
EXACT_DIGITS = 15
"""Excel keeps no more: a longer figure stays text."""

_WIDTHS = {"规则编号": 10, "级别": 7, "类别": 10, "页": 6, "表": 10, "行": 22, "列": 16, "问题": 50, "应为": 13, "实为": 13, "差额": 12, "建议": 36,
           "依据": 36, "裁定": 8, "理由": 18, "备注": 24, "审核人": 10, "时间": 20, "关系": 46, "算式": 46, "状态": 10, "原因": 46, "文件": 28,
           "规则": 36, "说明": 60, "公式": 46, "示例": 36, "处理": 36, "适用模板": 20}
_INK = "1D2733"
_FILLS = {ERROR: PatternFill("solid", fgColor="FBE4E2"), WARNING: PatternFill("solid", fgColor="FDF1DC"),
          INFO: PatternFill("solid", fgColor="EEF1F4"), "related": PatternFill("solid", fgColor="DCEBFB")}
_INKS = {ERROR: "B3261E", WARNING: "9A5B00", INFO: "5A6675"}
_LINE = Side("thin", color="D8DEE5")


class _Looks:
    """Styles that cells share. A style is made once on a spare cell and its number copied: setting each part on each cell takes seconds."""

    def __init__(self, sheet: Worksheet) -> None:
        self._spare: Any = Field(sheet, row=1, column=1)
        self._made: dict[tuple[Any, ...], Any] = {}

    def put(self, target: Any, *, bold: bool = False, ink: str = _INK, fill: PatternFill | None = None, across: str = "left",
            up: str = "top", form: str = "General", link: bool = False, size: int = 10, lined: bool = True) -> None:
        key = (bold, ink, fill.fgColor.rgb if fill else None, across, up, form, link, size, lined)
        if key not in self._made:
            spare = self._spare
            spare.font = Font("微软雅黑", size, bold=bold, color="1F5FA6" if link else ink, underline="single" if link else None)
            spare.fill = fill or PatternFill()
            spare.alignment = Alignment(across, up, wrap_text=True)
            spare.border = Border(_LINE, _LINE, _LINE, _LINE) if lined else Border()
            spare.number_format = form
            self._made[key] = copy(spare._style)
        target._style = copy(self._made[key])


@dataclass
class _Sheet:
    """Where the grid of a table begins, so that a finding can point at a cell of it."""

    title: str
    first: int
    table: Table


@dataclass
class _Book:
    entries: Sequence[Entry]
    rules: Sequence[Rule]
    wb: Workbook = field(default_factory=Workbook)
    sheets: dict[int, list[_Sheet]] = field(default_factory=lambda: defaultdict(list))
    rows: dict[tuple[int, int], int] = field(default_factory=dict)
    """Document and finding number to its row in the list of findings."""
    left_out: int = 0

    def __post_init__(self) -> None:
        self.many = len(self.entries) > 1
        first = self.wb.active
        assert isinstance(first, Worksheet)
        first.title = SUMMARY
        self.names = {name.casefold() for name in (SUMMARY, FINDINGS, CHECKS, RULES)}
        self.looks = _Looks(first)
        self.summary = first
        self.findings = self._sheet(FINDINGS)
        self.checks = self._sheet(CHECKS)
        self.rule_sheet = self._sheet(RULES)

    def _sheet(self, title: str) -> Worksheet:
        sheet: Worksheet = self.wb.create_sheet(title)
        return sheet

    def results(self) -> Iterator[tuple[int, Entry, Result]]:
        for number, entry in enumerate(self.entries):
            if entry.result is not None:
                yield number, entry, entry.result


def write_workbook(target: Path, entries: Sequence[Entry], rules: Iterable[Rule] = ()) -> None:
    """Write the workbook of one or many disclosures. Raises TargetBusy when it is open elsewhere; the old file then stays whole.

    `rules` are explained on a sheet of their own. The reviewer's verdicts come with each entry.
    """
    book = _Book(entries, tuple(rules))
    _number_findings(book)
    _write_tables(book)
    _write_findings(book)
    _write_checks(book)
    _write_rules(book)
    _write_summary(book)
    for sheet in book.wb.worksheets:
        _fit_heights(sheet)
        _set_up_print(sheet)
    book.wb.properties.creator = PROGRAM
    book.wb.properties.title = "公开文件审核问题清单"
    with replacing(target) as draft:
        book.wb.save(draft)


# ------------------------------------------------------------------ values

def put_text(cell: Any, text: str) -> None:
    """Set text as text: what begins like a formula or an error value stays what was printed, also when edited in Excel."""
    plain = ILLEGAL_CHARACTERS_RE.sub("", text).encode("utf-8", "replace").decode("utf-8")
    cell.value = plain
    if plain:
        cell.data_type = "s"


def _guard(cell: Any) -> None:
    """The mark Excel itself sets for a leading apostrophe. After the style, which would replace it."""
    if isinstance(cell.value, str) and cell.value[:1] in ("=", "+", "-", "@"):
        cell.quotePrefix = True


def as_number(text: str) -> tuple[Decimal, str] | None:
    """A printed figure as a number and the format that prints it the same way; None when Excel could not hold it exactly."""
    parsed = parse_decimal(text)
    if parsed is None:
        return None
    value, digits = parsed
    if len(value.as_tuple().digits) > EXACT_DIGITS:
        return None
    whole = "#,##0" if "," in unicodedata.normalize("NFKC", text) else "0"
    return value, f"{whole}.{'0' * digits}" if digits else whole


def _figure(finding: Finding, text: str) -> tuple[Decimal, str] | None:
    """Expected or actual as a number where it is an amount. Codes and counts of digits only stay text unless a difference was drawn."""
    return as_number(text) if finding.difference or re.fullmatch(r"-?\d+\.\d+", text) else None


def _fill_row(book: _Book, sheet: Worksheet, row: int, values: Sequence[Any], **look: Any) -> list[Any]:
    cells = []
    for column, value in enumerate(values, 1):
        cell = sheet.cell(row, column)
        own = dict(look)
        if isinstance(value, tuple):
            cell.value, own["form"] = value
            own["across"] = "right"
        elif isinstance(value, str):
            put_text(cell, value)
        elif value is not None:
            cell.value = value
        book.looks.put(cell, **own)
        _guard(cell)
        cells.append(cell)
    return cells


def _head(book: _Book, sheet: Worksheet, names: Sequence[str], row: int = 1) -> None:
    _fill_row(book, sheet, row, names, bold=True, fill=_FILLS["related"], across="center", up="center")
    for column, name in enumerate(names, 1):
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS.get(name, 10)


def _close_list(sheet: Worksheet, columns: int, frozen: str) -> None:
    sheet.freeze_panes = frozen
    sheet.auto_filter.ref = f"A1:{get_column_letter(columns)}{max(sheet.max_row, 1)}"


def _link(cell: Any, sheet: str, place: str, tip: str = "") -> None:
    name = sheet.replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{name}'!{place}", tooltip=tip or None)


def _page(page: PageId | None) -> PageId | None:
    return page or None


# ------------------------------------------------------------------ findings

def _number_findings(book: _Book) -> None:
    row = 2
    for number, _, result in book.results():
        for index in range(len(result.findings)):
            book.rows[number, index] = row
            row += 1


def _write_findings(book: _Book) -> None:
    sheet = book.findings
    names = (("文件",) if book.many else ()) + FINDING_COLUMNS
    _head(book, sheet, names)
    shift = len(names) - len(FINDING_COLUMNS)
    for number, entry, result in book.results():
        for index, finding in enumerate(result.findings):
            row = book.rows[number, index]
            if row > LAST_ROW:
                break
            cells = _fill_row(book, sheet, row, [*((entry.path.name,) if book.many else ()), *_finding_values(entry, finding)])
            severity = cells[shift + 1]
            book.looks.put(severity, bold=True, ink=_INKS.get(finding.severity, _INK), fill=_FILLS.get(finding.severity))
            _link_to_table(book, number, finding, cells[shift + 4:shift + 7])
    _close_list(sheet, len(names), f"{get_column_letter(shift + 2)}2")
    column = get_column_letter(shift + FINDING_COLUMNS.index("裁定") + 1)
    # On paper the place, the problem and the figures; twenty columns on one page nobody can read.
    sheet.print_area = f"A1:{get_column_letter(shift + FINDING_COLUMNS.index('建议') + 1)}{max(sheet.max_row, 1)}"
    choice = DataValidation("list", formula1=f'"{",".join(NAMES.values())}"', allow_blank=True)
    choice.add(f"{column}2:{column}{max(sheet.max_row, 2)}")
    sheet.add_data_validation(choice)


def _finding_values(entry: Entry, finding: Finding) -> list[Any]:
    place = finding.place
    verdict = entry.verdicts.get(finding.fingerprint)
    return [
        finding.rule, SEVERITIES.get(finding.severity, finding.severity), FAMILIES.get(finding.family, finding.family),
        _page(place.page) if place else None, place.table if place else "", place.row if place else "", place.column if place else "",
        finding.message, _figure(finding, finding.expected) or finding.expected, _figure(finding, finding.actual) or finding.actual,
        as_number(finding.difference) or finding.difference, finding.suggestion, finding.basis,
        NAMES.get(verdict.state, verdict.state) if verdict else "", verdict.reason if verdict else "", verdict.note if verdict else "",
        verdict.reviewer if verdict else "", verdict.when if verdict else "", finding.relation, finding.figures,
    ]


def _link_to_table(book: _Book, number: int, finding: Finding, cells: Sequence[Any]) -> None:
    """Table, row and column of a finding lead to the cell it stands on."""
    spot = next((s for e in finding.evidence if (s := _spot(book, number, e))), None)
    if spot is None:
        return
    sheet, place = spot
    for cell in cells:
        if cell.value:
            _link(cell, sheet, place, "转到表格中的这一格")
            book.looks.put(cell, link=True)


def _spot(book: _Book, number: int, evidence: Evidence) -> tuple[str, str] | None:
    sheet = _sheet_of(book, number, evidence)
    if sheet is None:
        return None
    row, column = evidence.cell or (0, 0)
    return sheet.title, f"{get_column_letter(column + 1)}{sheet.first + row if evidence.cell else max(sheet.first - 1, 1)}"


def _sheet_of(book: _Book, number: int, evidence: Evidence) -> _Sheet | None:
    """The sheet of the evidence's table; of several tables with one number, the one on its page."""
    named = [s for s in book.sheets[number] if evidence.table and s.table.id == evidence.table]
    return next((s for s in named if evidence.page in s.table.pages), named[0] if named else None)


# ------------------------------------------------------------------ checks and rules

def _write_checks(book: _Book) -> None:
    sheet = book.checks
    names = (("文件",) if book.many else ()) + CHECK_COLUMNS
    _head(book, sheet, names)
    shift = len(names) - len(CHECK_COLUMNS)
    row = 2
    for number, entry, result in book.results():
        for check in result.checks:
            if row > LAST_ROW:
                break
            first = check.evidence[0] if check.evidence else None
            cells = _fill_row(book, sheet, row, [
                *((entry.path.name,) if book.many else ()), check.rule, FAMILIES.get(check.family, check.family), check.relation,
                STATUSES.get(check.status, check.status), check.reason, check.figures, _page(first.page) if first else None,
                first.table if first else ""])
            if check.status != PASS:
                kind = {FAIL: ERROR, BROKEN: WARNING}.get(check.status, INFO)
                book.looks.put(cells[shift + 3], ink=_INKS[kind], fill=_FILLS[kind])
            if first and (spot := _spot(book, number, first)):
                _link(cells[shift + 7], *spot)
                book.looks.put(cells[shift + 7], link=True)
            row += 1
    _close_list(sheet, len(names), f"{get_column_letter(shift + 2)}2")


def _write_rules(book: _Book) -> None:
    """Every rule of the catalogue, and those that only this check knows (the reviewer's own), with what became of each."""
    from core.reference import regulations

    found: Counter[str] = Counter()
    states: dict[str, Counter[str]] = defaultdict(Counter)
    for _, _, result in book.results():
        found.update(f.rule for f in result.findings)
        for check in result.checks:
            states[check.rule][check.status] += 1
    known = regulations()
    sheet = book.rule_sheet
    _head(book, sheet, RULE_COLUMNS)
    row = 1
    for rule in book.rules:
        row += 1
        own = states[rule.id]
        basis = "；".join(known[key].text if key in known else key for key in rule.basis)
        _fill_row(book, sheet, row, [
            rule.id, rule.title, SEVERITIES.get(rule.severity, rule.severity), FAMILIES.get(rule.family, rule.family), rule.explanation,
            rule.formula, rule.example, rule.remedy, basis, "、".join(rule.templates) or "全部", found[rule.id], own[PASS], own[FAIL],
            own[SKIPPED], own[BROKEN]])
    listed = {rule.id for rule in book.rules}
    for name in sorted({*found, *states} - listed - {""}):
        row += 1
        own = states[name]
        _fill_row(book, sheet, row, [name, *[""] * 9, found[name], own[PASS], own[FAIL], own[SKIPPED], own[BROKEN]])
    _close_list(sheet, len(RULE_COLUMNS), "C2")


# ------------------------------------------------------------------ tables as printed

def _write_tables(book: _Book) -> None:
    for number, _, result in book.results():
        wanted = sum(t.kind not in ("performance", "catalogue") for t in result.document.tables) + 2
        if book.many and len(book.wb.worksheets) + wanted > MOST_TABLE_SHEETS:
            book.left_out += 1
            continue
        colours = _colours(result)
        gathered: dict[str, tuple[Worksheet, int]] = {}
        for table in result.document.tables:
            group = {"performance": "绩效目标表", "catalogue": "目录"}.get(table.kind, "")
            if group and group in gathered:
                sheet, row = gathered[group]
            else:
                sheet, row = book._sheet(_free_name(book, group or table.id or "表", number)), 1
            end = _write_table(book, number, table, sheet, row, colours)
            if group:
                gathered[group] = (sheet, end + 2)


def _free_name(book: _Book, wanted: str, number: int) -> str:
    """A sheet name that Excel takes: 31 characters, none of []:*?/\\, no other of the same name in any case."""
    plain = re.sub(r"[\[\]:*?/\\]", "_", f"{number + 1}·{wanted}" if book.many else wanted).strip("'") or "表"
    name, count = plain[:31], 1
    while name.casefold() in book.names:
        count += 1
        tail = f"({count})"
        name = plain[:31 - len(tail)] + tail
    book.names.add(name.casefold())
    return name


def _colours(result: Result) -> dict[tuple[str, int, int], tuple[str, int]]:
    """Table and grid place of each cell that a finding stands on: its severity (the gravest), or that it is related; and the finding."""
    order = [ERROR, WARNING, INFO, "related"]
    found: dict[tuple[str, int, int], tuple[str, int]] = {}
    for index, finding in enumerate(result.findings):
        for evidence in finding.evidence:
            if not evidence.table or evidence.cell is None:
                continue
            kind = finding.severity if evidence.role == "actual" else "related"
            key = (evidence.table, *evidence.cell)
            if key not in found or order.index(kind) < order.index(found[key][0]):
                found[key] = (kind, index)
    return found


def _write_table(book: _Book, number: int, table: Table, sheet: Worksheet, row: int,
                 colours: dict[tuple[str, int, int], tuple[str, int]]) -> int:
    """One table from `row` on: title, a line of facts, the grid with its merges, notes. Gives the last row used."""
    grid = (*table.header, *table.rows)
    width = max((len(r) for r in grid), default=1)
    alone = row == 1
    title = sheet.cell(row, 1)
    put_text(title, table.title or table.id)
    book.looks.put(title, bold=True, size=13, lined=False)
    title.alignment = Alignment("left", "center")
    facts = sheet.cell(row + 1, 1)
    pages = "、".join(map(str, table.pages))
    put_text(facts, "　".join(p for p in (f"第 {pages} 页" if pages else "", f"单位：{table.amount_unit}" if table.amount_unit else "",
                                          "" if table.recognised else f"未识别：{table.why}" if table.why else "未识别") if p))
    book.looks.put(facts, ink="6C7A89", lined=False)
    facts.alignment = Alignment("left", "center")
    first = row + 2
    book.sheets[number].append(_Sheet(sheet.title, first, table))
    widths: dict[int, int] = {}
    kinds = {c.index: c.kind for c in table.columns}
    for r, cells in enumerate(grid):
        for c, cell in enumerate(cells):
            if cell is None:
                continue
            colour = colours.get((table.id, r, c))
            _write_cell(book, sheet, first + r, c + 1, cell, r < len(table.header), kinds.get(c, "text"), colour[0] if colour else "")
            if colour:
                _link(sheet.cell(first + r, c + 1), FINDINGS, f"A{book.rows[number, colour[1]]}", "转到问题清单")
            if cell.column_span == 1:
                widths[c] = max(widths.get(c, 0), _width(cell.text))
    _merge(sheet, grid, first)
    for c in range(width):
        dimension = sheet.column_dimensions[get_column_letter(c + 1)]
        wanted = min(max(widths.get(c, 0) + 3, 9), 42)
        dimension.width = wanted if alone else max(dimension.width, wanted)
    end = first + len(grid)
    for note in table.notes:
        put_text(sheet.cell(end, 1), note.text)
        book.looks.put(sheet.cell(end, 1), lined=False)
        sheet.cell(end, 1).alignment = Alignment("left", "top")
        end += 1
    if alone and table.header:
        sheet.freeze_panes = f"A{first + len(table.header)}"
        _filter(sheet, table, first, width)
    return end


def _filter(sheet: Worksheet, table: Table, first: int, width: int) -> None:
    """Filter buttons on the last header row, unless merged body rows would be torn apart."""
    merged = any(cell is not None and cell.row_span > 1 for row in table.rows for cell in row)
    if table.rows and not merged and table.kind not in ("performance", "unknown"):
        top = first + len(table.header) - 1
        sheet.auto_filter.ref = f"A{top}:{get_column_letter(width)}{top + len(table.rows)}"


def _write_cell(book: _Book, sheet: Worksheet, row: int, column: int, cell: Cell, head: bool, kind: str, colour: str) -> None:
    target = sheet.cell(row, column)
    number = None if head or is_blank(cell.text) or (cell.amount is None and not _fund(cell, kind)) else as_number(cell.text)
    fill = _FILLS.get(colour) or (_FILLS[INFO] if head else None)
    ink = _INKS.get(colour, _INK)
    if number is None:
        put_text(target, cell.text)
        across = "center" if head else "right" if kind == "amount" else "left"
        book.looks.put(target, bold=head or colour in _INKS, ink=ink, fill=fill, across=across, up="center", form="@" if kind == "code" else "General")
    else:
        target.value, form = number
        book.looks.put(target, bold=colour in _INKS, ink=ink, fill=fill, across="right", up="center", form=form)
    _guard(target)


def _fund(cell: Cell, kind: str) -> bool:
    """A figure with decimals in a form, which has no amount columns: an amount as well."""
    amount = parse_amount(cell.text) if kind == "text" else None
    return amount is not None and amount.digits > 0


def _merge(sheet: Worksheet, grid: Sequence[Sequence[Cell | None]], first: int) -> None:
    """Merge as printed; a span that another already covers, or that runs off the grid, is left alone rather than make a broken file."""
    taken: set[tuple[int, int]] = set()
    for r, cells in enumerate(grid):
        for c, cell in enumerate(cells):
            if cell is None or (cell.row_span == 1 and cell.column_span == 1):
                continue
            area = {(r + i, c + j) for i in range(cell.row_span) for j in range(cell.column_span)}
            others = area - {(r, c)}
            if area & taken or any(i >= len(grid) or j >= len(grid[i]) or grid[i][j] is not None for i, j in others):
                continue
            taken |= area
            sheet.merge_cells(start_row=first + r, start_column=c + 1, end_row=first + r + cell.row_span - 1, end_column=c + cell.column_span)


def _width(text: str) -> int:
    return max((sum(2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in line) for line in text.splitlines()), default=0)


# ------------------------------------------------------------------ summary

def _write_summary(book: _Book) -> None:
    sheet = book.summary
    title = sheet.cell(1, 1)
    put_text(title, "公开文件审核汇总")
    book.looks.put(title, bold=True, size=16, lined=False)
    title.alignment = Alignment("left", "center")
    put_text(sheet.cell(2, 1), f"{PROGRAM} {__version__}")
    book.looks.put(sheet.cell(2, 1), ink="6C7A89", lined=False)
    sheet.cell(2, 1).alignment = Alignment("left", "center")
    row = _summary_of_many(book, sheet, 4) if book.many else _summary_of_one(book, sheet, 4)
    row = _summary_of_families(book, sheet, row + 1)
    _summary_of_not_run(book, sheet, row + 1)
    for column, width in zip("ABCDEFGHIJKLMNOPQR", (30 if book.many else 16, 30 if book.many else 60, *[14] * 16), strict=True):
        sheet.column_dimensions[column].width = width


def _decided(entry: Entry, result: Result) -> str:
    decided = sum(1 for f in result.findings if (v := entry.verdicts.get(f.fingerprint)) is not None and v.decided)
    return f"{decided} / {len(result.findings)}"


def _summary_of_one(book: _Book, sheet: Worksheet, row: int) -> int:
    entry = book.entries[0] if book.entries else None
    if entry is None:
        return row
    facts: list[tuple[str, Any]] = [("文件", str(entry.path))]
    if entry.result is None:
        facts.append(("无法检查", entry.error))
    else:
        coverage = entry.result.coverage
        facts += [("结论", verdict_of(entry.result)), *summary_facts(entry.result), ("已裁定", _decided(entry, entry.result)),
                  ("核对比例", (Decimal(coverage.verified) / coverage.amounts, "0.0%") if coverage.amounts else ""),
                  ("文件指纹", entry.result.document.sha256)]
    for label, value in facts:
        name, cell = _fill_row(book, sheet, row, [label, value])
        book.looks.put(name, bold=True, fill=_FILLS[INFO])
        if label == "结论" and entry.result is not None:
            grave = ERROR if entry.result.count(ERROR) else WARNING if entry.result.count(WARNING) else ""
            book.looks.put(cell, bold=True, ink=_INKS.get(grave, "1B7F4B"), fill=_FILLS.get(grave))
        elif not isinstance(value, str):
            cell.alignment = Alignment("left", "top")
        row += 1
    return row


def _summary_of_many(book: _Book, sheet: Worksheet, row: int) -> int:
    names = ("文件", "结论", "单位", "类型", "年度", "模板", "页数", "错误", "警告", "提示", "已裁定", "核对通过", "核对不符", "核对未运行", "规则出错", "金额",
             "已核对金额", "未读的页")
    _fill_row(book, sheet, row, names, bold=True, fill=_FILLS["related"], across="center", up="center")
    top = row
    for entry in book.entries:
        row += 1
        if entry.result is None:
            cells = _fill_row(book, sheet, row, [entry.path.name, f"无法检查：{entry.error}", *[""] * 16])
            book.looks.put(cells[1], ink=_INKS[ERROR], fill=_FILLS[ERROR])
            continue
        result, doc = entry.result, entry.result.document
        _fill_row(book, sheet, row, [
            entry.path.name, verdict_of(result), doc.unit_name.value, doc.kind, doc.year, doc.template, len(doc.pages), result.count(ERROR),
            result.count(WARNING), result.count(INFO), _decided(entry, result), result.status_count(PASS), result.status_count(FAIL),
            result.status_count(SKIPPED), result.status_count(BROKEN), result.coverage.amounts, result.coverage.verified,
            pages_text(doc.unread_pages)])
    sheet.freeze_panes = f"B{top + 1}"
    sheet.auto_filter.ref = f"A{top}:{get_column_letter(len(names))}{row}"
    if book.left_out:
        row += 1
        put_text(sheet.cell(row, 1), f"文件较多，后面 {book.left_out} 份文件的表格未附在本工作簿中；需要时请单独导出。")
    return row + 1


def _summary_of_families(book: _Book, sheet: Worksheet, row: int) -> int:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for _, _, result in book.results():
        for finding in result.findings:
            counts[finding.family][finding.severity] += 1
    if not counts:
        return row
    _fill_row(book, sheet, row, ["类别", "问题（错误 / 警告 / 提示）"], bold=True, fill=_FILLS["related"], across="center")
    for family in sorted(counts, key=list(FAMILIES).index):
        row += 1
        own = counts[family]
        _fill_row(book, sheet, row, [FAMILIES[family], f"{own[ERROR]} / {own[WARNING]} / {own[INFO]}"])
    return row + 1


def _summary_of_not_run(book: _Book, sheet: Worksheet, row: int) -> None:
    """Why relations were not evaluated, most frequent first."""
    reasons: Counter[str] = Counter()
    for _, _, result in book.results():
        reasons.update(c.reason or "未说明" for c in result.checks if c.status in (SKIPPED, BROKEN))
    if not reasons:
        return
    _fill_row(book, sheet, row, ["未运行（次）", "原因"], bold=True, fill=_FILLS["related"], across="center")
    for reason, count in sorted(reasons.items(), key=lambda item: (-item[1], item[0]))[:50]:
        row += 1
        _fill_row(book, sheet, row, [count, reason])


def _fit_heights(sheet: Any) -> None:
    """A height for each row with wrapped text. Excel fits rows only when a cell is edited, and never those with merged cells."""
    spans = {(r.min_row, r.min_col): r for r in sheet.merged_cells.ranges}
    widths = [sheet.column_dimensions[get_column_letter(c)].width for c in range(1, sheet.max_column + 1)]
    for row in sheet.iter_rows():
        most = 1.0
        for cell in row:
            if not isinstance(cell.value, str) or not cell.alignment.wrap_text:
                continue
            span = spans.get((cell.row, cell.column))
            room = sum(widths[span.min_col - 1:span.max_col]) if span else widths[cell.column - 1]
            tall = span.max_row - span.min_row + 1 if span else 1
            most = max(most, _lines(cell.value, room) / tall)
        if most > 1:
            sheet.row_dimensions[row[0].row].height = min(LINE_HEIGHT * most + 2, TALLEST_ROW)


def _lines(text: str, room: float) -> int:
    """How many lines a text takes in a column of that width, which counts digits. A little room stays free at both sides."""
    return sum(max(1, math.ceil(_width(line) * 1.05 / max(room - 1, 1))) for line in text.split("\n"))


def _set_up_print(sheet: Any) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    if sheet.title in (FINDINGS, CHECKS, RULES):
        sheet.print_title_rows = "1:1"
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
