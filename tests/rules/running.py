"""Running one Python rule on a document made in memory."""
from __future__ import annotations

import importlib
import pkgutil

import core.rules
from core.layouts import template
from core.model import Document
from core.reference import Reference, load_reference
from core.results import FAIL, PASS, SKIPPED, Outcome
from core.rules.base import REGISTRY, Case

for _module in pkgutil.iter_modules(core.rules.__path__):
    importlib.import_module(f"core.rules.{_module.name}")


def run(rule_id: str, doc: Document, *, prior: tuple[Document, ...] = (), reference: Reference | None = None) -> list[Outcome]:
    """Every outcome of a rule, as the engine gets them."""
    case = Case(doc, template(doc.template), reference or load_reference(doc.year), prior)
    return list(REGISTRY[rule_id].run(case))


def failures(rule_id: str, doc: Document, **more: object) -> list[Outcome]:
    return [o for o in run(rule_id, doc, **more) if o.status == FAIL]  # type: ignore[arg-type]


def severity(rule_id: str, outcome: Outcome) -> str:
    return outcome.severity or REGISTRY[rule_id].severity


def holds(rule_id: str, doc: Document, **more: object) -> bool:
    """At least one relation was looked at and none failed."""
    statuses = {o.status for o in run(rule_id, doc, **more)}  # type: ignore[arg-type]
    return PASS in statuses and FAIL not in statuses


def not_run(rule_id: str, doc: Document, **more: object) -> bool:
    """Nothing was looked at, and each relation says why."""
    outcomes = run(rule_id, doc, **more)  # type: ignore[arg-type]
    return bool(outcomes) and all(o.status == SKIPPED and o.reason for o in outcomes)


def at(outcome: Outcome) -> tuple[str, str, str, str]:
    """Table, row, column and text of the first evidence."""
    first = outcome.evidence[0]
    return first.table, first.row, first.column, first.text
