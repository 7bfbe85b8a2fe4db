"""Y001: what the text says of last year against last year's own disclosure."""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from core.model import Cell, Document, Line
from core.numbers import Amount, parse_amount, same_figure, show, tolerance
from core.results import WARNING, Evidence, Outcome, not_run, passed, problem
from core.rules.base import Case, rule
from core.rules.passages import Passage, narrative, softened
from core.text import fold, fold_with_map

Total = Callable[[Document], tuple[str, Line, str, Cell] | None]
_MONEY = r"(\d[\d,]*(?:\.\d+)?)(万元|元)"
_CHANGE = re.compile(rf"比(?:上年|(20\d\d)年)(?:年初)?(?:部门)?(?:预算|决算)?(?:数)?(?:{_MONEY})?,?(?P<way>增加|减少|增长|下降|持平|相同)(?:了)?(?:{_MONEY})?")
_EXECUTION = re.compile(r"执行数|完成数|调整")


def _of(role: str, row: str, column: str) -> Total:
    """A total of a table: its row by name ("" for the total row), its column by key."""
    def find(doc: Document) -> tuple[str, Line, str, Cell] | None:
        table = doc.table(role)
        if table is None:
            return None
        line = table.line(row) if row else table.total_line() or (table.lines[0] if len(table.lines) == 1 else None)
        cell = line.cells.get(column) if line is not None else None
        known = table.column(column)
        return (table.id, line, known.label if known else column, cell) if line is not None and cell is not None and cell.amount else None
    return find


def _first(*ways: Total) -> Total:
    return lambda doc: next((found for way in ways if (found := way(doc)) is not None), None)


_SUBJECTS: tuple[tuple[re.Pattern[str], str, Total], ...] = (
    (re.compile(rf"(?:预算)?收入(?:预算)?总计(?:为)?{_MONEY}|(?<!拨款)收入预算(?:为)?{_MONEY}"), "收入总计", _of("summary", "收入总计", "收入")),
    (re.compile(rf"(?:预算)?支出(?:预算)?总计(?:为)?{_MONEY}|(?<!拨款)支出预算(?:为)?{_MONEY}"), "支出总计", _of("summary", "支出总计", "支出合计")),
    (re.compile(rf"一般公共预算(?:当年支出|拨款支出预算)(?:为)?{_MONEY}"), "一般公共预算支出", _of("general", "", "合计")),
    (re.compile(rf"\"三公\"经费(?:财政拨款)?预算(?:数|总额|安排)?(?:为)?{_MONEY}"), "“三公”经费", _of("three_public", "", "合计")),
    (re.compile(rf"机关运行经费(?:财政拨款)?预算(?:数|总额|安排)?(?:为)?{_MONEY}"), "机关运行经费",
     _first(_of("operating", "", "合计"), _of("three_public", "", "机关运行经费"))),
)
_PARTS = re.compile(r"其中:(?!本年)|财政拨款收入\d|财政拨款支出预算\d")
"""Words after which a change no longer speaks of the total before them."""


@dataclass(frozen=True)
class Statement:
    """A total of this year, its change against last year, and last year's figure where the text gives it."""

    name: str
    total: Total
    passage: Passage
    start: int
    end: int
    now: Amount
    change: Amount
    before: Amount | None

    @property
    def implied(self) -> Decimal:
        """Last year's total as it follows from the text, in the unit of this year's."""
        return self.now.value - self.change.to(self.now.unit).value


def statements(doc: Document) -> Iterator[Statement]:
    """Every sentence that gives a total of this year and its change against last year's budget or accounts."""
    for passage in narrative(doc):
        text, where = fold_with_map(passage.text)
        for change in _CHANGE.finditer(text):
            if _EXECUTION.search(change.group()) or (change.group(1) and doc.year is not None and int(change.group(1)) != doc.year - 1):
                continue
            begin = max(text.rfind("。", 0, change.start()), text.rfind(";", 0, change.start())) + 1
            clause = text[begin:change.start()]
            hits = [(hit, name, total) for pattern, name, total in _SUBJECTS for hit in pattern.finditer(clause)]
            if not hits or "比" in clause[max(h.end() for h, _, _ in hits):]:
                continue
            hit, name, total = max(hits, key=lambda x: x[0].end())
            if _PARTS.search(clause[hit.end():]):
                continue
            figures = [g for g in hit.groups() if g]
            now = parse_amount(figures[0], figures[1])
            moved = _moved(change, now)
            if now is None or moved is None:
                continue
            before = parse_amount(change.group(2), change.group(3)) if change.group(2) else None
            yield Statement(name, total, passage, where[begin + hit.start()], where[change.end() - 1] + 1, now, moved, before)


def _moved(change: re.Match[str], now: Amount | None) -> Amount | None:
    way = change.group("way")
    if way in ("持平", "相同"):
        return Amount(Decimal(0), now.unit, now.digits) if now is not None else None
    amount = parse_amount(change.group(5), change.group(6)) if change.group(5) else None
    if amount is None:
        return None
    return amount if way in ("增加", "增长") else Amount(-amount.value, amount.unit, amount.digits)


def prior_of(case: Case) -> Document | None:
    """Last year's disclosure of the same body and kind, among those given."""
    doc = case.doc
    for other in case.prior:
        same_body = fold(other.unit_name.value) == fold(doc.unit_name.value)
        if same_body and doc.year is not None and other.year == doc.year - 1 and other.kind[-2:] == doc.kind[-2:]:
            return other
    return None


@rule(id="Y001", title="文字所述上年数与上年公开数不符", family="cross_document", severity=WARNING, basis=("mof-2016-143", "mof-check-2017"),
      example="说明称收入总计 120.00 万元、比上年增加 20.00 万元，上年公开的收入总计却是 95.00 万元。", remedy="核对上年公开数；口径有调整的，在说明中写明。")
def prior_totals(case: Case) -> Iterable[Outcome]:
    """给出上年公开文件时，用本年数减去所述增减额，得出文字所说的上年数，与上年文件中的总数比较（收入总计、支出总计、一般公共预算支出、“三公”经费、机关运行经费）。所比的是上年执行数的不查。上年机构或口径有调整时可以不同，故作提醒。"""
    relation = "文字所述上年数等于上年公开数"
    prior = prior_of(case)
    if prior is None:
        yield not_run(relation, "没有给出本单位上年的公开文件" if not case.prior else "给出的文件中没有本单位上年同类的公开文件")
        return
    said = list(statements(case.doc))
    if not said:
        yield not_run(relation, "文字没有与上年总数比较")
        return
    for one in said:
        name = f"{one.name}：所述上年数等于上年公开数"
        found = one.total(prior)
        if found is None or found[3].amount is None:
            yield not_run(name, f"上年文件中没有识别出{one.name}")
            continue
        table, line, column, cell = found
        published = found[3].amount.to(one.now.unit)
        stated = one.before if one.before is not None else Amount(one.implied, one.now.unit, max(one.now.digits, one.change.digits))
        stated = stated.to(one.now.unit)
        allowed = tolerance([one.now, one.change, published], one.now.unit)
        equal = same_figure(stated, published) if one.before is not None else abs(stated.value - published.value) <= allowed
        evidence = (*one.passage.at(one.start, one.end), Evidence(None, None, f"上年{table}", line.label, column, cell.text, "source", cell.ocr))
        figures = (f"所述上年数 {show(stated.value)}；上年公开 {show(published.value)}（{one.now.unit}）" if one.before is not None else
                   f"{show(one.now.value)} - ({show(one.change.to(one.now.unit).value)}) = {show(stated.value)}；上年公开 {show(published.value)}（{one.now.unit}）")
        if equal:
            yield passed(name, *one.passage.at(one.start, one.end), figures=figures)
        else:
            yield problem(name, f"按文字所述推算，上年{one.name}是 {show(stated.value)}{one.now.unit}，上年公开的是 {show(published.value)}{one.now.unit}",
                          *evidence, expected=published.value, actual=stated.value, figures=figures,
                          severity=softened(WARNING, one.passage.ocr or cell.ocr), suggestion="核对上年公开数和增减额；口径调整的写明原因。")

