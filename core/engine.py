"""Formulas and rules on a disclosure: passed, found, not run, broken; findings grouped by cause, coverage, hints."""
from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from core.coverage import coverage
from core.errors import Step, no_step
from core.findings import findings_of
from core.formulas import formula_rules
from core.formulas.wording import CONVERTED_NOTE
from core.layouts import GENERIC, ROLES, Template
from core.layouts import template as template_by_id
from core.model import Document
from core.reference import Reference, load_reference
from core.results import BROKEN, ERROR, FAIL, FAMILIES, SKIPPED, WARNING, Check, Outcome, Result
from core.rules import load_rules
from core.rules.base import Case, Rule

log = logging.getLogger(__name__)
CONVERTED = frozenset({"arithmetic", "cross_table", "codes"})
"""Families whose relations fail where a conversion to text has lost a column or a row."""
OCR_NOTE = "（依据的是识别文字，需对照原页核对）"


@dataclass(frozen=True)
class Ran:
    """A rule and one of its outcomes."""

    rule: Rule
    outcome: Outcome


def check(document: Document, template: Template | str | None = None, reference: Reference | None = None, *,
          prior: Sequence[Document] = (), select: Sequence[str] = (), ignore: Sequence[str] = (), extra: Sequence[Rule] = (),
          step: Step = no_step) -> Result:
    """Everything that checking this disclosure gives. `prior`: last year's and other units' disclosures; `extra`: the reviewer's own rules.

    `step` is called once a rule and may raise Cancelled.
    """
    start = time.perf_counter()
    chosen = _template(document, template)
    case = Case(document, chosen, reference or load_reference(document.year), tuple(prior))
    rules = wanted(rules_for(chosen, extra), select, ignore)
    partly = partly_read(document)
    ran: list[Ran] = []
    for number, rule in enumerate(rules):
        step(number, len(rules), rule.title)
        ran += [Ran(rule, _cautious(rule, o, document, partly)) for o in outcomes(rule, case)]
    step(len(rules), len(rules), "整理结果")
    findings = findings_of(document, [(r.rule, r.outcome) for r in ran], case.reference)
    checks = tuple(Check(r.rule.id, r.outcome.relation, r.outcome.status, r.outcome.reason, r.outcome.figures, r.rule.family, r.outcome.evidence)
                   for r in ran)
    return Result(document, findings, checks, coverage(document, [r.outcome for r in ran]), {"check": time.perf_counter() - start})


def _template(document: Document, template: Template | str | None) -> Template:
    if isinstance(template, Template):
        return template
    name = template or document.template
    return template_by_id(name) if name else GENERIC


def rules_for(template: Template, extra: Sequence[Rule] = ()) -> list[Rule]:
    """The rules that apply under this template, by id: its formulas, the rules in Python, the reviewer's own."""
    python = [r for r in load_rules().values() if not r.templates or any(template.id.startswith(t) for t in r.templates)]
    return [*sorted((*formula_rules(template), *python), key=lambda r: r.id), *extra]


def wanted(rules: Iterable[Rule], select: Sequence[str] = (), ignore: Sequence[str] = ()) -> list[Rule]:
    """Those rules that `select` names (all when empty) and `ignore` does not: by id, or family in English or Chinese."""
    return [r for r in rules if (not select or _named(r, select)) and not _named(r, ignore)]


def _named(rule: Rule, words: Sequence[str]) -> bool:
    names = {rule.id.lower(), rule.family.lower(), FAMILIES.get(rule.family, "")}
    return any(word.strip().lower() in names for word in words)


def outcomes(rule: Rule, case: Case) -> list[Outcome]:
    """What a rule says of a case. A table that it needs and that is absent, and a rule that breaks, are outcomes too."""
    for name in rule.tables:
        if case.table(name) is None:
            known = case.template.table(name)
            return [Outcome(SKIPPED, rule.title, reason=f"没有{known.id}（{known.title}）" if known else f"没有{ROLES.get(name, name)}")]
    try:
        return list(rule.run(case))
    except Exception as error:  # one broken rule must not hide what the others found; it is shown as broken
        log.exception("rule %s broke on %s", rule.id, case.doc.path)
        return [Outcome(BROKEN, rule.title, reason=f"规则运行出错（{type(error).__name__}: {error}），未能检查；请把日志发给开发者")]


def _cautious(rule: Rule, outcome: Outcome, document: Document, partly: Sequence[tuple[str, int]]) -> Outcome:
    """What rests on recognised characters, or on a table that went through a conversion to text, is never an error by itself."""
    if outcome.status != FAIL:
        return outcome
    for table, page in partly:
        if any(e.table == table for e in outcome.evidence) or re.search(rf"{table}(?![一二三四五六七八九十\d])", outcome.relation):
            return replace(outcome, status=SKIPPED, reason=f"{table}可能有一部分在没有识别的{_called(document, page)}")
    severity = outcome.severity or rule.severity
    if severity != ERROR:
        return outcome
    if any(e.ocr for e in outcome.evidence):
        return replace(outcome, severity=WARNING, message=outcome.message if "识别" in outcome.message else outcome.message + OCR_NOTE)
    if document.form == "text" and rule.family in CONVERTED:
        return replace(outcome, severity=WARNING, message=outcome.message + CONVERTED_NOTE)
    return outcome


def _called(document: Document, number: int) -> str:
    known = next((p.id for p in document.pages if p.number == number), number)
    return f"第 {known} 页" if isinstance(known, int) else f"“{known}”"


def partly_read(document: Document) -> tuple[tuple[str, int], ...]:
    """Budget tables that run over a page nobody has read, or reach the foot of the page before one: (table, unread page)."""
    unread = set(document.unread_pages)
    sizes = {p.number: p.height for p in document.pages}
    found: list[tuple[str, int]] = []
    for table in document.tables if unread else ():
        pages = [n for p in table.pages if (n := document.page_number(p)) is not None]
        if table.kind == "performance" or not pages:
            continue
        inside = next((u for u in sorted(unread) if pages[0] < u < pages[-1]), None)
        boxes = [c.place.box for row in (table.rows or table.header)[-1:] for c in row if c is not None and c.place is not None and c.place.box is not None]
        low = max((b[3] for b in boxes), default=0.0) > 0.8 * sizes.get(pages[-1], 1e9)
        if inside is not None or pages[-1] + 1 in unread and low:
            found.append((table.id, inside or pages[-1] + 1))
    return tuple(found)


def run_rule(rule: Rule | str, document: Document, *, template: Template | str | None = None, reference: Reference | None = None,
             prior: Sequence[Document] = ()) -> list[Outcome]:
    """The outcomes of one rule on a document, for tests and the rule pages. A rule is given itself or by id."""
    chosen = _template(document, template)
    if isinstance(rule, str):
        rule = next(r for r in rules_for(chosen) if r.id == rule)
    case = Case(document, chosen, reference or load_reference(document.year), tuple(prior))
    return [_cautious(rule, o, document, partly_read(document)) for o in outcomes(rule, case)]
