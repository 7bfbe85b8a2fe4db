"""The picture of a result: which tables agree with which, what the money is made of, what is verified, what was not checked."""
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.layouts import GENERIC, Template, plain_title, template
from core.model import Cell, Document, Line, Table
from core.results import BROKEN, ERROR, FAIL, PASS, SKIPPED, Check, Evidence, Finding, Result, of_cell
from core.text import fold

NARRATIVE, PERFORMANCE, CATALOGUE = "情况说明", "绩效目标表", "目录"
AGREES, WRONG, DOUBTFUL, NOT_RUN = "agrees", "wrong", "doubtful", "not_run"
SHORT = {
    "summary": "收支总表", "income": "收入总表", "expenditure": "支出总表", "appropriation": "拨款收支", "general": "一般公共",
    "basic": "基本支出", "fund_income": "基金收入", "fund": "基金支出", "capital": "国资经营", "three_public": "三公经费",
    "operating": "机关运行", "projects": "项目支出", "carried_projects": "结转项目",
}
_TELLING = {"narrative", "percent", "procurement", "assets", "performance", "text_quality"}
_SUM_NAMES = re.compile(r".*(合计|总计|小计)$|.*其中.*|.*行次$|.*预算数$")


@dataclass(frozen=True)
class Relations:
    """Checks that belong together, counted by how they came out. `warned` are failures that a person must decide on."""

    checks: tuple[Check, ...] = ()
    passed: int = 0
    failed: int = 0
    warned: int = 0
    skipped: int = 0

    @property
    def state(self) -> str:
        if self.failed:
            return WRONG
        if self.warned:
            return DOUBTFUL
        return AGREES if self.passed else NOT_RUN

    @property
    def label(self) -> str:
        wrong = self.failed + self.warned
        parts = [f"{self.passed}✓" if self.passed else "", f"{wrong}✗" if wrong else "", f"{self.skipped}○" if self.skipped else ""]
        return " ".join(p for p in parts if p)

    @property
    def spoken(self) -> str:
        parts = [f"{self.passed} 条相符" if self.passed else "", f"{self.failed} 条不符" if self.failed else "",
                 f"{self.warned} 条需核对" if self.warned else "", f"{self.skipped} 条未执行" if self.skipped else ""]
        return "，".join(p for p in parts if p) or "没有核对关系"


@dataclass(frozen=True)
class Node:
    """A table or part. `own` are the relations inside it."""

    key: str
    label: str
    title: str
    own: Relations
    state: str = NOT_RUN
    table: str = ""


@dataclass(frozen=True)
class Edge:
    """All relations between two nodes."""

    one: str
    two: str
    relations: Relations

    @property
    def state(self) -> str:
        return self.relations.state


@dataclass(frozen=True)
class Share:
    """A bar: what, how much, and the cell it was taken from."""

    label: str
    value: Decimal
    evidence: Evidence


@dataclass(frozen=True)
class Composition:
    """The parts of a whole, in printed order."""

    title: str
    unit: str
    shares: tuple[Share, ...]


@dataclass(frozen=True)
class Part:
    """How much of a part is verified. `tables` are the ids it stands for."""

    label: str
    amounts: int
    verified: int
    tables: tuple[str, ...] = ()

    @property
    def ratio(self) -> float:
        return self.verified / self.amounts if self.amounts else 1.0


@dataclass(frozen=True)
class NotRun:
    """Checks that could not run for one reason."""

    reason: str
    checks: tuple[Check, ...]
    broken: bool = False


@dataclass(frozen=True)
class Requirement:
    """Something that the rules of publication ask for. `state`: agrees, wrong, doubtful, not_run."""

    label: str
    state: str
    finding: Finding | None
    checks: tuple[Check, ...]


# ------------------------------------------------------------------ relation map

def relation_map(result: Result) -> tuple[tuple[Node, ...], tuple[Edge, ...]]:
    """Nodes in document order and the edges between them."""
    document = result.document
    layout = _layout(document)
    names = _Names(document, layout)
    severities = _severities(result.findings)
    between: dict[tuple[str, str], list[Check]] = {}
    within: dict[str, list[Check]] = {}
    for check in result.checks:
        keys = names.of(check)
        if len(keys) == 1:
            within.setdefault(keys[0], []).append(check)
        for other in keys[1:]:
            pair = (keys[0], other) if names.order(keys[0]) <= names.order(other) else (other, keys[0])
            between.setdefault(pair, []).append(check)
    edges = tuple(Edge(one, two, _counted(checks, severities)) for (one, two), checks in between.items())
    touched = {key for edge in edges for key in (edge.one, edge.two)} | within.keys()
    nodes: list[Node] = []
    for key in names.keys:
        if key not in touched and key not in names.shown:
            continue
        own = _counted(within.get(key, ()), severities)
        states = [own.state if own.checks else "", *(e.state for e in edges if key in (e.one, e.two))]
        state = next((s for s in (WRONG, DOUBTFUL, AGREES) if s in states), NOT_RUN)
        nodes.append(Node(key, names.labels[key], names.titles[key], own, state, names.tables.get(key, "")))
    return tuple(nodes), edges


def _layout(document: Document) -> Template:
    try:
        return template(document.template)
    except KeyError:
        return GENERIC


class _Names:
    """Which node a piece of evidence or a name in a relation belongs to."""

    def __init__(self, document: Document, layout: Template) -> None:
        self.keys: list[str] = []
        self.labels: dict[str, str] = {}
        self.titles: dict[str, str] = {}
        self.tables: dict[str, str] = {}
        self.shown: set[str] = set()
        self._node: dict[str, str] = {}
        for table in document.tables:
            if table.kind == "performance":
                self._add(PERFORMANCE, PERFORMANCE, PERFORMANCE, table.id, True)
                self._node[table.id] = PERFORMANCE
            elif table.kind == "catalogue":
                self._add(CATALOGUE, "购买服务目录", table.title or CATALOGUE, table.id, True)
                self._node[table.id] = CATALOGUE
            else:
                known = layout.table(table.id)
                self._add(table.id, _short(table.id, table.role, table.title), table.title, table.id, known is not None)
                self._node[table.id] = table.id
        for missing in layout.tables:
            if missing.id not in self._node:
                self._add(missing.id, f"{_short(missing.id, missing.role, missing.title)}（无）", f"{missing.title}：文件中没有此表", "", False)
                self._node[missing.id] = missing.id
        if any(s.paragraphs for s in document.sections):
            self._add(NARRATIVE, NARRATIVE, "情况说明（文字部分）", "", True)
        self._pattern = _names_pattern([*self._node, PERFORMANCE, NARRATIVE])
        self._order = {key: index for index, key in enumerate(self.keys)}

    def _add(self, key: str, label: str, title: str, table: str, shown: bool) -> None:
        if key not in self.labels:
            self.keys.append(key)
            self.labels[key], self.titles[key] = label, title
            if table:
                self.tables[key] = table
        if shown:
            self.shown.add(key)

    def order(self, key: str) -> int:
        return self._order[key]

    def of(self, check: Check) -> list[str]:
        """The nodes of a check, the one spoken of first in front; from its wording where it has no evidence."""
        found = [self._of_evidence(e, check.family) for e in check.evidence]
        if check.status in (SKIPPED, BROKEN):
            found += [self._node.get(name, name) for name in self._pattern.findall(fold(check.relation))]
            if check.family in _TELLING:
                found.append(NARRATIVE)
        return [key for key in dict.fromkeys(found) if key and key in self.labels]

    def _of_evidence(self, evidence: Evidence, family: str) -> str:
        if evidence.table in self._node:
            return self._node[evidence.table]
        return NARRATIVE if family in _TELLING | {"custom", "cross_table"} else ""


def _names_pattern(names: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted((fold(n) for n in names if n), key=len, reverse=True)
    return re.compile("|".join(re.escape(n) + (r"(?!\d)" if n[-1].isdigit() else "") for n in longest_first) or r"(?!)")


def _short(table_id: str, role: str, title: str) -> str:
    name = SHORT.get(role) or re.sub(r"^(部门|单位)?(预算|决算)?", "", plain_title(title))
    if len(name) > 9:
        name = name[:8] + "…"
    return f"{table_id} {name}".strip()


def _severities(findings: Sequence[Finding]) -> dict[tuple[str, str], str]:
    return {(f.rule, f.relation): f.severity for f in findings}


def _counted(checks: Iterable[Check], severities: Mapping[tuple[str, str], str]) -> Relations:
    """Checks with what failed in front. A failure counts as wrong unless its finding says that a person must decide."""
    listed = tuple(checks)
    failed = [c for c in listed if c.status == FAIL]
    wrong = sum(1 for c in failed if severities.get((c.rule, c.relation), ERROR) == ERROR)
    rank = {FAIL: 0, BROKEN: 1, SKIPPED: 2, PASS: 3}
    return Relations(tuple(sorted(listed, key=lambda c: rank.get(c.status, 4))), sum(1 for c in listed if c.status == PASS), wrong,
                     len(failed) - wrong, sum(1 for c in listed if c.status in (SKIPPED, BROKEN)))


# ------------------------------------------------------------------ composition

def compositions(document: Document) -> tuple[Composition, ...]:
    """Sources of income, expenditure by function, expenditure by structure: those that the document's tables give."""
    made = (_income(document), _functions(document), _structure(document))
    return tuple(c for c in made if c is not None and c.shares)


def _first(document: Document, *roles: str) -> Table | None:
    return next((t for role in roles for t in document.tables if t.role == role), None)


def _total(table: Table) -> Line | None:
    return table.total_line() or (table.lines[0] if len(table.lines) == 1 else None)


def _share(table: Table, line: Line, key: str, label: str) -> Share | None:
    cell: Cell | None = line.cells.get(key)
    if cell is None or cell.amount is None or not cell.amount.value:
        return None
    column = table.column(key)
    return Share(label, cell.amount.value, of_cell(cell, table.id, line.label, column.label if column else key))


def _across(table: Table, line: Line) -> list[Share]:
    """The parts of a total row: its amount columns that are no totals themselves."""
    found = [_share(table, line, c.key, c.key.split("/")[-1].split(".")[0]) for c in table.columns
             if c.kind == "amount" and c.side == line.side and not _SUM_NAMES.match(fold(c.key))]
    return [s for s in found if s is not None]


def _income(document: Document) -> Composition | None:
    table = _first(document, "income")
    line = _total(table) if table else None
    if table is not None and line is not None:
        return Composition("收入来源", table.amount_unit, tuple(_across(table, line)))
    table = _first(document, "summary")
    column = next((c.key for c in table.columns if c.kind == "amount" and c.side == 0), None) if table else None
    if table is None or column is None:
        return None
    lines = [o for o in table.lines if o.side == 0 and not o.total and not _SUM_NAMES.match(fold(o.name)) and o.level <= 1]
    shares = [_share(table, o, column, _bare(o.name)) for o in lines]
    return Composition("收入来源", table.amount_unit, tuple(s for s in shares if s is not None))


def _functions(document: Document) -> Composition | None:
    table = _first(document, "expenditure", "general")
    column = table.column("合计") if table else None
    if table is None or column is None:
        return None
    shares = [_share(table, o, column.key, o.name) for o in table.lines if o.level == 1 and not o.total and o.code]
    found = sorted((s for s in shares if s is not None), key=lambda s: -s.value)
    return Composition("支出功能分类", table.amount_unit, tuple(found))


def _structure(document: Document) -> Composition | None:
    table = _first(document, "expenditure", "general")
    line = _total(table) if table else None
    if table is None or line is None:
        return None
    return Composition("支出结构", table.amount_unit, tuple(sorted(_across(table, line), key=lambda s: -s.value)))


def _bare(name: str) -> str:
    return re.sub(r"^[一二三四五六七八九十]+、|^\d+[.、]", "", name)


# ------------------------------------------------------------------ coverage, not run, requirements

def coverage_parts(result: Result) -> tuple[Part, ...]:
    """Verified amounts by part, neighbouring tables that are verified entirely as one, performance forms as one."""
    kinds = {t.id: t.kind for t in result.document.tables}
    parts: list[Part] = []
    for name, amounts, verified in result.coverage.parts:
        if not amounts:
            continue
        kind = kinds.get(name, "")
        part = Part(PERFORMANCE if kind == "performance" else name, amounts, verified, (name,) if name in kinds else ())
        last = parts[-1] if parts else None
        if last is not None and last.label == part.label == PERFORMANCE:
            parts[-1] = Part(last.label, last.amounts + amounts, last.verified + verified, (*last.tables, *part.tables))
        elif last is not None and kind == "budget" and last.tables and kinds[last.tables[0]] == "budget" \
                and last.verified == last.amounts and verified == amounts:
            joined = (*last.tables, name)
            label = "、".join(joined) if len(joined) == 2 else f"{joined[0]} 至 {name}"
            parts[-1] = Part(label, last.amounts + amounts, last.verified + verified, joined)
        else:
            parts.append(part)
    return tuple(parts)


def not_run(result: Result) -> tuple[NotRun, ...]:
    """Checks that did not run, by reason, broken rules first, then the most frequent reason."""
    groups: dict[tuple[bool, str], list[Check]] = {}
    for check in result.checks:
        if check.status in (SKIPPED, BROKEN):
            groups.setdefault((check.status == BROKEN, check.reason or "未说明原因"), []).append(check)
    ordered = sorted(groups.items(), key=lambda g: (not g[0][0], -len(g[1])))
    return tuple(NotRun(reason, tuple(checks), broken) for (broken, reason), checks in ordered)


def requirements(result: Result) -> tuple[Requirement, ...]:
    """What the rules of publication ask for, one entry a rule of the structure family, as ticked or not."""
    groups: dict[str, list[Check]] = {}
    for check in result.checks:
        if check.family == "structure":
            groups.setdefault(check.rule, []).append(check)
    findings: dict[str, Finding] = {}
    for finding in result.findings:
        findings.setdefault(finding.rule, finding)
    return tuple(_requirement(checks, findings.get(rule)) for rule, checks in groups.items())


def _requirement(checks: Sequence[Check], finding: Finding | None) -> Requirement:
    ran = [c for c in checks if c.status in (PASS, FAIL)]
    failed = [c for c in ran if c.status == FAIL]
    if failed:
        state = WRONG if finding is None or finding.severity == ERROR else DOUBTFUL
        label = finding.title if finding is not None else failed[0].relation
        if len(ran) > 1:
            label = f"{label}（{len(ran) - len(failed)} / {len(ran)}）"
        return Requirement(label, state, finding, tuple(checks))
    first = (ran or checks)[0]
    label = first.relation if len(checks) == 1 else f"{first.relation} 等 {len(ran) or len(checks)} 项"
    return Requirement(label, AGREES if ran else NOT_RUN, None, tuple(checks))
