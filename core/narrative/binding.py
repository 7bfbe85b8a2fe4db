"""From a subject phrase to the table cell it speaks of, through table roles and column keys; never by finding an equal number.

A quantity has cells in order of preference: templates differ in whether 收入预算 includes what was carried over, so the cell of the total
and that of the year both count; the first that exists is the one a finding names.
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from core.model import Cell, Column, Document, Line, Place, Table
from core.narrative.grammar import ItemPath
from core.numbers import Amount, is_blank
from core.results import Evidence, of_cell
from core.text import fold

_NUMBERING = re.compile(r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十\d]+\)|\d{1,2}[.、]?|其中[:,]?|[:,])+")
_BODY = r"(?:.{0,40}(?:局|委员会|委|部|办公室|办事处|政府|中心|学校|院|所|站|队|馆|会|部门|单位|机关|镇|街道|乡)(?:\([^()]*\))?)?"
_PART = re.compile(r"[局委部厅院办](?:机关)?本级|[局委部厅院办]机关(?=机关)|(?:机关)?本级|.{0,6}[下所]属(?:单位)?[^各].{0,20}|二级(?:预算)?单位")
"""A subject that begins so is one body of several."""
_CLASS = re.compile(r"(?P<name>.{2,30}?)(?:\(类\))?(?:科目)?")
TOTAL, FIRST = "<total>", "<first>"


@dataclass(frozen=True)
class Bound:
    """A table cell that a figure speaks of. A blank cell, or an absent row, counts as zero."""

    table: Table
    line: Line | None
    column: Column
    cell: Cell | None
    row: str

    @property
    def amount(self) -> Amount | None:
        """The cell's figure; None when something is printed that is no well-formed figure."""
        if self.cell is None or self.cell.amount is None:
            if self.cell is not None and not is_blank(self.cell.text) or self.line is not None and self.table.doubtful(self.line):
                return None
            return Amount(Decimal(0), self.table.amount_unit, 2)
        return self.cell.amount

    @property
    def label(self) -> str:
        """How a finding names the cell: 表三“合计”行“基本支出”列."""
        return f"{self.table.id}“{self.row}”行“{self.column.key}”列" if self.row else f"{self.table.id}“{self.column.key}”列"

    def evidence(self, role: str = "expected") -> Evidence:
        if self.cell is not None:
            return of_cell(self.cell, self.table.id, self.row, self.column.label, role)
        span = self.table.title_span
        place = span.place if span and span.place else Place(self.table.page)
        return Evidence(place.page, place.box, self.table.id, self.row, self.column.label, self.table.title, role)


@dataclass(frozen=True)
class Binding:
    """What a statement's value is, and the cells that hold it. `missing`: the table it needs is not there."""

    quantity: str
    label: str
    cells: tuple[Bound, ...]
    missing: str = ""
    soft: bool = False
    sure: bool = True
    """Whether the very cell that the words mean is among the cells; when not, they may hold but never accuse."""


@dataclass(frozen=True)
class _Where:
    role: str
    row: str
    columns: tuple[str, ...]
    side: int | None = None
    instead: bool = False
    """Only where the cells before it are not there."""
    also: bool = False
    """A narrower or wider figure that some bodies mean: it may hold, but never accuses alone."""


@dataclass(frozen=True)
class _Quantity:
    id: str
    label: str
    topics: frozenset[str]
    pattern: re.Pattern[str]
    where: tuple[_Where, ...]
    soft: bool = False


def _q(id: str, label: str, topics: str, pattern: str, *where: _Where, soft: bool = False) -> _Quantity:
    return _Quantity(id, label, frozenset(topics.split()), re.compile(rf"{_BODY}(?:{pattern})(?:\([^()]*\))?"), where, soft)


def _w(role: str, row: str, *columns: str, side: int | None = None, instead: bool = False, also: bool = False) -> _Where:
    return _Where(role, row, columns, side, instead, also)


_IN_TOTAL = _w("summary", r"(?:收入)?总计", "收入", side=0)
_IN_YEAR = _w("summary", r"本年收入合计", "收入", side=0)
_IN_TABLE = _w("income", TOTAL, "合计")
_OUT_TOTAL = _w("summary", r"(?:支出)?总计", "支出合计", side=1)
_OUT_YEAR = _w("summary", r"本年支出合计", "支出合计", side=1)
_OUT_TABLE = _w("expenditure", TOTAL, "合计")
_APP_OUT = r"(?:支出)?总计"


def _three(id: str, label: str, pattern: str, row: str, key: str) -> Iterator[_Quantity]:
    yield _q(id, label, "three_public notes", pattern, _w("three_public", row, "合计"), _w("three_public", FIRST, key, key + ".决算数", key + "在后"))
    yield _q(id + "_budget", label + "预算数", "three_public_budget", pattern, _w("three_public", FIRST, key + ".预算数"))


def _income(id: str, label: str, pattern: str, row: str, *columns: str) -> _Quantity:
    return _q(id, label, "income change notes", pattern, _w("income", TOTAL, *columns), _w("summary", row, "收入", side=0))


def _appropriated(id: str, label: str, fund: str, column: str, role: str) -> Iterator[_Quantity]:
    yield _q(id, label, "appropriation", rf"{fund}(?:财政)?(?:拨款)?(?:收入|资金)?(?:预算)?",
             _w("appropriation", _APP_OUT, column, side=1), _w("appropriation", rf"{fund}.*", "收入", side=0))
    yield _q(id + "_out", label + "支出", "notes appropriation", rf"{fund}(?:财政)?拨款支出(?:预算|决算)?",
             _w("appropriation", _APP_OUT, column, side=1), _w(role, TOTAL, "合计"))


QUANTITIES: tuple[_Quantity, ...] = (
    _q("income_total", "收入总计", "change notes income",
       r"(?:部门|单位)?(?:预算|决算)?(?:收入|收支|收、支|收入支出)(?:预算|决算)?总(?:计|额)|(?:部门|单位)?收支总预算|(?:部门|单位)?收入(?:总)?预算(?:合计)?|(?:部门|单位)?预算收入(?:合计)?",
       _IN_TOTAL, _w("summary", r"本年收入合计", "收入", side=0, also=True), _w("income", TOTAL, "合计", also=True)),
    _q("income_year", "本年收入合计", "change notes income", r"(?:本年|当年)(?:度)?(?:预算|决算)?收入(?:预算|决算)?(?:合计|总计)?", _IN_YEAR, _IN_TABLE),
    _q("carried", "上年结转", "change notes income", r"(?:上年|年初)结转(?:收入|资金|安排|和结余)?",
       _w("summary", r"(?:上年|年初)结转.*", "收入", side=0), _w("income", TOTAL, "上年结转"), _w("summary", _APP_OUT, "上年结转安排", side=1)),
    _q("planned", "当年预算安排", "change notes expenditure", r"(?:本年|当年)预算安排",
       _w("summary", _APP_OUT, "当年预算安排", side=1), _w("summary", r"本年支出合计", "当年预算安排", side=1), _w("general", TOTAL, "合计", instead=True, also=True)),
    _q("spending_year", "本年支出合计", "change notes expenditure general", r"(?:本年|当年)(?:度)?(?:预算|决算)?支出(?:预算|决算)?(?:合计|总计)?", _OUT_YEAR, _OUT_TABLE),
    _q("spending_total", "支出总计", "change notes expenditure", r"(?:部门|单位)?(?:预算|决算)?支出(?:预算|决算)?(?:总计|合计|总额|总预算)?", _OUT_TOTAL, _OUT_TABLE, _w("summary", r"本年支出合计", "支出合计", side=1, also=True)),
    _income("income_general", "一般公共预算拨款收入", r"一般公共预算(?:财政)?(?:拨款)?(?:收入|资金)?", r"一般公共预算.*", "一般公共预算"),
    _income("income_fund", "政府性基金预算拨款收入", r"政府性基金(?:预算)?(?:财政)?(?:拨款)?(?:收入|资金)?", r"政府性基金.*", "政府性基金", "政府性基金预算"),
    _income("income_capital", "国有资本经营预算拨款收入", r"国有资[本产]经营(?:预算)?(?:财政)?(?:拨款)?(?:收入|资金)?", r"国有资本经营.*", "国有资本经营预算"),
    _income("income_special", "财政专户管理资金", r"财政专户(?:管理)?(?:的)?资金(?:收入)?", r"财政专户.*", "财政专户管理资金"),
    _income("income_own", "单位资金", r"单位资金(?:收入)?", r"单位资金.*", "单位资金"),
    _income("income_appropriated", "财政拨款收入", r"(?:本年|当年)?财政拨款(?:预算)?收入(?:预算)?", r"财政拨款收入", "财政拨款收入"),
    _income("income_service", "事业收入", r"事业(?:单位)?收入", r"事业收入.*", "事业收入"),
    _income("income_business", "经营收入", r"(?:事业单位)?经营收入", r"(?:事业单位)?经营收入", "事业单位经营收入", "经营收入"),
    _income("income_superior", "上级补助收入", r"上级补助收入", r"上级补助收入", "上级补助收入"),
    _income("income_affiliated", "附属单位上缴收入", r"附属单位上缴收入", r"附属单位上缴收入", "附属单位上缴收入"),
    _income("income_other", "其他收入", r"其他收入", r"其他收入", "其他收入"),
    _q("basic", "基本支出", "expenditure notes change", r"基本支出(?:预算|决算)?", _w("expenditure", TOTAL, "基本支出")),
    _q("projects", "项目支出", "expenditure notes change", r"项目支出(?:预算|决算)?", _w("expenditure", TOTAL, "项目支出"),
       _w("projects", TOTAL, "合计", instead=True)),
    _q("projects_shared", "项目支出总额", "performance", r"(?:部门\(单位\)|部门|单位)?项目支出(?:预算|决算)?(?:总额|合计)?",
       _w("expenditure", TOTAL, "项目支出"), _w("projects", TOTAL, "合计")),
    _q("submitted", "上缴上级支出", "expenditure", r"上缴上级支出", _w("expenditure", TOTAL, "上缴上级支出")),
    _q("business", "经营支出", "expenditure", r"经营支出", _w("expenditure", TOTAL, "经营支出")),
    _q("subsidies", "对附属单位补助支出", "expenditure", r"对附属单位补助支出", _w("expenditure", TOTAL, "对附属单位补助支出")),
    _q("appropriation_total", "财政拨款收支总计", "appropriation", r"财政拨款(?:收支|收入支出|收入|支出)(?:总预算|预算总计|决算总计|总计|预算|决算)?",
       _w("appropriation", r"(?:收入)?总计", "收入", side=0), _w("appropriation", _APP_OUT, "支出合计", side=1),
       _w("appropriation", r"本年(?:财政拨款)?收入(?:合计)?", "收入", side=0, also=True)),
    _q("appropriation_out", "财政拨款支出预算", "notes", r"财政拨款支出(?:预算|决算)?", _w("appropriation", _APP_OUT, "支出合计", side=1)),
    _q("appropriation_year", "当年财政拨款收入", "appropriation", r"(?:当年|本年)(?:财政)?拨款(?:收入)?|本年收入", _w("appropriation", r"本年(?:财政拨款)?收入(?:合计)?", "收入", side=0)),
    _q("appropriation_carried", "上年财政拨款结转", "appropriation", r"(?:上年|年初)(?:财政拨款)?结转(?:收入|资金|和结余)?",
       _w("appropriation", r"(?:上年|年初)(?:财政拨款)?结转.*", "收入", side=0)),
    *_appropriated("appropriation_general", "一般公共预算拨款", "一般公共预算", "一般公共预算", "general"),
    *_appropriated("appropriation_fund", "政府性基金预算拨款", "政府性基金(?:预算)?", "政府性基金预算", "fund"),
    *_appropriated("appropriation_capital", "国有资本经营预算拨款", "国有资[本产]经营(?:预算)?", "国有资本经营预算", "capital"),
    _q("general_total", "一般公共预算支出", "general", r"一般公共预算(?:财政拨款)?(?:当年)?(?:财政)?(?:拨款)?(?:支出)?(?:预算|决算)?(?:总额|合计|总计)?",
       _w("general", TOTAL, "合计")),
    _q("general_basic", "一般公共预算基本支出", "basic general", r"(?:一般公共预算)?(?:财政拨款)?(?:安排)?(?:的)?基本支出(?:预算|决算)?(?:合计)?",
       _w("basic", TOTAL, "合计"), _w("general", TOTAL, "基本支出", instead=True)),
    _q("personnel", "人员经费", "basic general", r"人员(?:经费|支出)(?:支出|合计)?", _w("basic", r"合计|人员经费合计", "人员经费", "左决算数")),
    _q("running", "公用经费", "basic general", r"(?:日常)?公用(?:经费|支出)(?:支出|合计)?", _w("basic", r"合计|公用经费合计", "公用经费", "右决算数")),
    *_three("three_public", "“三公”经费", r"(?:一般公共预算)?(?:财政拨款)?(?:安排)?(?:的)?三公经费(?:财政拨款)?(?:支出)?(?:年初)?(?:预算|决算)?(?:总额|数|合计)?", r"合计", "合计"),
    *_three("abroad", "因公出国（境）费", r"因公出国\(境\)(?:费用?|经费)?(?:支出)?(?:预算|决算)?数?", r"因公出国.*", "因公出国(境)费"),
    *_three("reception", "公务接待费", r"(?:国内)?公务接待(?:费用?|经费)?(?:支出)?(?:预算|决算)?数?", r"公务接待.*", "公务接待费"),
    *_three("cars", "公务用车购置及运行费", r"公务用车(?:购置(?:及|和)运行|运行及购置)(?:维护)?(?:费用?|经费)?(?:支出)?(?:预算|决算)?数?", r"公务用车(?:购置(?:及|和)运行|运行及购置).*", "公务用车购置及运行费"),
    *_three("car_buying", "公务用车购置费", r"公务用车购置(?:费用?|经费)?(?:支出)?(?:预算|决算)?数?", r"公务用车购置(?:费|经费|支出)?", "公务用车购置费"),
    *_three("car_running", "公务用车运行费", r"公务用车运行(?:维护)?(?:费用?|经费)?(?:支出)?(?:预算|决算)?数?", r"公务用车运行.*", "公务用车运行费"),
    _q("operating", "机关运行经费", "operating", r".*机关运行(?:经费)?(?:支出)?(?:财政拨款)?(?:支出)?(?:预算|决算)?(?:数|支出)?",
       _w("operating", TOTAL, "合计"), _w("three_public", FIRST, "机关运行经费")),
    _q("operating", "机关运行经费", "operating_accounts", r".*机关运行(?:经费)?(?:支出)?(?:财政拨款)?(?:支出)?(?:预算|决算)?(?:数|支出)?",
       _w("basic", r"公用经费合计|合计", "右决算数", "公用经费"), soft=True),
)
_CLASS_TABLES = {
    "general": (("general", None, ("合计",)), ("appropriation", 1, ("一般公共预算", "支出合计"))),
    "appropriation": (("appropriation", 1, ("支出合计",)),),
    "expenditure": (("expenditure", None, ("合计",)), ("summary", 1, ("支出合计",))),
    "change": (("summary", 1, ("支出合计",)), ("expenditure", None, ("合计",))),
    "notes": (("general", None, ("合计",)), ("expenditure", None, ("合计",))),
}


@lru_cache(maxsize=4096)
def plain_row(name: str) -> str:
    """A row's name without its numbering."""
    return _NUMBERING.sub("", fold(name))


def binds(subject: str, topic: str) -> bool:
    """Whether the section's own quantities include this subject."""
    return any(topic in q.topics and q.pattern.fullmatch(subject) for q in QUANTITIES)


def bind(doc: Document, topic: str, subject: str) -> Binding | None:
    """The cells that a subject phrase of a section with this topic speaks of; None when it speaks of no table."""
    if not subject or not topic:
        return None
    for quantity in QUANTITIES:
        if topic in quantity.topics and quantity.pattern.fullmatch(subject):
            found, missing, sure = _cells(doc, quantity.where)
            if not found and topic == "operating" and quantity.id == "operating" and doc.table("operating") is None:
                continue
            if (part := _PART.match(subject)) is not None:
                return Binding(quantity.id, quantity.label, tuple(found), f"“{part.group()}”只是本部门的一部分，表中是全部门的数", quantity.soft, False)
            return Binding(quantity.id, quantity.label, tuple(found), "" if found and sure else missing, quantity.soft, sure)
    if topic == "operating":
        return bind(doc, "operating_accounts", subject)
    return _bind_class(doc, topic, subject)


def _cells(doc: Document, where: Iterable[_Where]) -> tuple[list[Bound], str, bool]:
    found: list[Bound] = []
    sure = False
    missing: list[str] = []
    for place in where:
        if place.instead and found:
            continue
        table = doc.table(place.role)
        if table is None:
            missing.append(f"未识别到对应的表（{ROLE_NAMES.get(place.role, place.role)}）")
            continue
        bound = locate(table, place.row, place.columns, place.side)
        if bound is not None:
            found.append(bound)
            sure = sure or not place.also
        else:
            missing.append(f"{table.id}中未找到对应的行或列")
    return found, missing[0] if missing else "", sure


ROLE_NAMES = {
    "summary": "收支总表", "income": "收入总表", "expenditure": "支出总表", "appropriation": "财政拨款收支总表", "general": "一般公共预算支出表",
    "basic": "基本支出表", "three_public": "“三公”经费表", "operating": "机关运行经费表", "projects": "项目支出表", "carried_projects": "上年结转项目表",
    "fund": "政府性基金支出表", "capital": "国有资本经营预算表",
}


def locate(table: Table, row: str, columns: Iterable[str], side: int | None = None) -> Bound | None:
    """The cell of a row (TOTAL, FIRST, a pattern for names) in the first of these columns that the table has."""
    column = next((c for key in columns if (c := table.column(key)) is not None), None)
    if column is None:
        return None
    lines = [o for o in table.lines if (side is None or o.side == side) and o.side == column.side]
    if row == TOTAL:
        line = next((o for o in lines if o.total), None) or (lines[0] if lines and table.role in ("projects", "carried_projects", "operating") else None)
        if line is None and table.empty:
            return Bound(table, None, column, None, "合计")
    elif row == FIRST:
        line = next((o for o in lines if any(c.amount is not None for c in o.cells.values())), lines[0] if lines else None)
        if line is None and table.empty:
            return Bound(table, None, column, None, "")
    else:
        pattern = re.compile(row)
        line = next((o for o in lines if pattern.fullmatch(plain_row(o.name))), None)
    if line is None:
        return None
    return at(table, line, column)


def at(table: Table, line: Line, column: Column) -> Bound:
    return Bound(table, line, column, line.cells.get(column.key), line.label)


def _bind_class(doc: Document, topic: str, subject: str) -> Binding | None:
    match = _CLASS.fullmatch(subject)
    if match is None:
        return None
    name = match.group("name")
    for role, side, columns in _CLASS_TABLES.get(topic, ()):
        table = doc.table(role)
        if table is None:
            continue
        column = next((c for key in columns if (c := table.column(key)) is not None), None)
        if column is None:
            continue
        line = next((o for o in table.lines if (side is None or o.side == side) and not o.total and o.level <= 1 and plain_row(o.name) == name), None)
        if line is not None:
            return Binding("class:" + name, name, (at(table, line, column),))
    return None


def is_class_table(doc: Document, topic: str) -> Table | None:
    """The table whose 类 rows the members of a group in this section name."""
    for role, _, _ in _CLASS_TABLES.get(topic, ()):
        table = doc.table(role)
        if table is not None:
            return table
    return None


# ------------------------------------------------------------------ items 类、款、项

def chain(table: Table, line: Line) -> list[Line]:
    """The line and what stands above it in the hierarchy, the topmost first."""
    by_index = {o.index: o for o in table.lines if o.side == line.side}
    found = [line]
    while found[0].parent is not None and found[0].parent in by_index and len(found) < 5:
        above = by_index[found[0].parent]
        if above.total or above in found:
            break
        found.insert(0, above)
    return found


def item_lines(table: Table) -> list[tuple[Line, tuple[str, ...]]]:
    """The 项 rows of a table, each with the names of 类, 款 and 项."""
    found: list[tuple[Line, tuple[str, ...]]] = []
    for line in table.lines:
        names = tuple(fold(o.name) for o in chain(table, line))
        if len(names) == 3 and not line.total and line.level == 3:
            found.append((line, names))
    return found


def find_item(table: Table, path: ItemPath) -> Line | None:
    """The row of an item paragraph: by its three names, else by its code."""
    wanted = tuple(fold(n) for n in path.names)
    code = "".join(path.codes)
    lines = item_lines(table)
    exact = next((line for line, names in lines if names == wanted), None)
    if exact is not None or len(code) < 7:
        return exact
    return next((line for line, _ in lines if line.code == code), None)


def near_items(table: Table, path: ItemPath) -> list[Line]:
    """Rows that an item paragraph with a wrong 类 or 款 may mean: the same 项 name, or its 项 given as the 款."""
    wanted = [fold(n) for n in path.names]
    lines = item_lines(table)
    same = [line for line, names in lines if names[2] == wanted[2]]
    if same:
        return same
    return [line for line, names in lines if names[0] == wanted[0] and names[1] in wanted[1:]]
