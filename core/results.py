"""What checking says of a disclosure: outcomes of each relation, findings with their evidence, and coverage."""
from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from core.model import Box, Cell, Document, PageId, Place, Span
from core.numbers import show
from core.text import fold

PASS, FAIL, SKIPPED, BROKEN = "pass", "fail", "skipped", "failed"
ERROR, WARNING, INFO = "error", "warning", "info"
FAMILIES = {
    "structure": "结构完整", "arithmetic": "表内", "cross_table": "表间", "narrative": "文字", "percent": "百分比",
    "performance": "绩效", "assets": "资产", "procurement": "采购", "codes": "科目", "catalogue": "目录",
    "text_quality": "文本质量", "privacy": "隐私", "metadata": "基本信息", "cross_document": "跨文件", "custom": "自定义",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place that a finding or check stands on. `role`: actual, expected, addend, source, place."""

    page: PageId | None
    box: Box | None
    table: str = ""
    row: str = ""
    column: str = ""
    text: str = ""
    role: str = "actual"
    ocr: bool = False
    cell: tuple[int, int] | None = None
    """Row and column of the printed grid (header rows first), so that the window can select the cell."""


def of_cell(cell: Cell, table: str, row: str, column: str, role: str = "actual") -> Evidence:
    place = cell.place or Place(0)
    return Evidence(place.page, place.box, table, row, column, cell.text, role, cell.ocr, (cell.row, cell.column))


def of_span(span: Span | None, role: str = "actual", table: str = "", row: str = "", column: str = "") -> tuple[Evidence, ...]:
    """Evidence for text outside tables: one for each printed line of it, the text on the first."""
    if span is None:
        return ()
    return tuple(Evidence(p.page, p.box, table, row, column, span.text if i == 0 else "", role, span.ocr)
                 for i, p in enumerate(span.places))


@dataclass(frozen=True)
class Outcome:
    """One relation of one rule on one document. `figures` is the relation with the printed figures put in.

    `expected`, `actual` are Decimals in the document's unit, or text for things that are no figures. `severity` overrides the rule's.
    `key` tells apart outcomes of one rule at one place; `group` names the cause when many outcomes share it.
    """

    status: str
    relation: str
    evidence: tuple[Evidence, ...] = ()
    message: str = ""
    reason: str = ""
    expected: Decimal | str | None = None
    actual: Decimal | str | None = None
    figures: str = ""
    suggestion: str = ""
    severity: str = ""
    title: str = ""
    group: str = ""
    clues: tuple[str, ...] = ()
    verifies: tuple[Evidence, ...] | None = None
    """The figures that this relation verified when it passed; None means all evidence."""


def passed(relation: str, *evidence: Evidence, figures: str = "") -> Outcome:
    return Outcome(PASS, relation, evidence, figures=figures)


def not_run(relation: str, reason: str, *evidence: Evidence) -> Outcome:
    return Outcome(SKIPPED, relation, evidence, reason=reason)


def problem(relation: str, message: str, *evidence: Evidence, expected: Decimal | str | None = None,
            actual: Decimal | str | None = None, figures: str = "", suggestion: str = "", severity: str = "",
            title: str = "", group: str = "", clues: tuple[str, ...] = ()) -> Outcome:
    return Outcome(FAIL, relation, evidence, message, "", expected, actual, figures, suggestion, severity, title, group, clues)


@dataclass(frozen=True)
class Finding:
    """Something to decide on. Amounts are decimal strings in the document's own unit ("" when not a figure)."""

    rule: str
    family: str
    severity: str
    title: str
    message: str
    evidence: tuple[Evidence, ...]
    relation: str = ""
    expected: str = ""
    actual: str = ""
    difference: str = ""
    figures: str = ""
    suggestion: str = ""
    basis: str = ""
    count: int = 1
    clues: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()
    ordinal: int = 0

    @property
    def place(self) -> Evidence | None:
        return self.evidence[0] if self.evidence else None

    @cached_property
    def fingerprint(self) -> str:
        """A key that outlives a new parse or a reissue: rule, table, row and column names, not pages or figures."""
        first = self.place
        parts = [self.rule, first.table if first else "", fold(first.row) if first else "",
                 fold(first.column) if first else "", fold(self.relation), str(self.ordinal)]
        return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Check:
    """One evaluated relation, whether it held or not."""

    rule: str
    relation: str
    status: str
    reason: str = ""
    figures: str = ""
    family: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Coverage:
    """How many printed amounts there are and how many at least one passed or failed relation has verified."""

    amounts: int
    verified: int
    parts: tuple[tuple[str, int, int], ...] = ()
    """(part, amounts, verified) for each table and for the narrative, in document order."""
    cells: frozenset[tuple[str, int, int]] = frozenset()
    """(table id, grid row, grid column) of every verified cell."""


@dataclass(frozen=True)
class Result:
    """All that checking one disclosure gives."""

    document: Document
    findings: tuple[Finding, ...]
    checks: tuple[Check, ...]
    coverage: Coverage
    seconds: Mapping[str, float] = field(default_factory=dict)

    def count(self, severity: str) -> int:
        return sum(1 for f in self.findings if f.severity == severity)

    def status_count(self, status: str) -> int:
        return sum(1 for c in self.checks if c.status == status)


def as_text(value: Decimal | str | None) -> str:
    if value is None:
        return ""
    return show(value) if isinstance(value, Decimal) else value
