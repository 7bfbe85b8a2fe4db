"""Rules in Python, for what a formula cannot say: the decorator, and what a rule is given."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.model import Document, Table
from core.results import ERROR, Outcome

if TYPE_CHECKING:
    from core.layouts import Template
    from core.reference import Reference


@dataclass(frozen=True)
class Case:
    """What a rule may look at: the disclosure, its template, the code lists, and other years' or units' disclosures."""

    doc: Document
    template: Template
    reference: Reference
    prior: tuple[Document, ...] = ()

    def table(self, name: str) -> Table | None:
        return self.doc.table(name)


Body = Callable[[Case], Iterable[Outcome]]


@dataclass(frozen=True)
class Rule:
    """A check as people know it. `basis`: keys of resources/reference/regulations.toml; `tables`: ids or roles it cannot do without."""

    id: str
    title: str
    family: str
    severity: str
    body: Body
    explanation: str = ""
    example: str = ""
    remedy: str = ""
    basis: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    formula: str = ""
    templates: tuple[str, ...] = ()
    source: str = "python"

    def run(self, case: Case) -> Iterator[Outcome]:
        yield from self.body(case)


REGISTRY: dict[str, Rule] = {}


def rule(*, id: str, title: str, family: str, severity: str = ERROR, basis: tuple[str, ...] = (), tables: tuple[str, ...] = (),
         example: str = "", remedy: str = "", templates: tuple[str, ...] = ()) -> Callable[[Body], Body]:
    """Register a function as a rule. Its docstring is the explanation that the reviewer reads (Chinese).

    The body yields `passed`, `problem` or `not_run` for every relation it looks at. When a table named in `tables` is absent the
    engine records one skipped check and does not call the body. `templates` limits the rule to templates whose id starts so.
    """
    def register(body: Body) -> Body:
        if id in REGISTRY and REGISTRY[id].body.__module__ != body.__module__:
            raise ValueError(f"rule {id} is defined twice")
        REGISTRY[id] = Rule(id, title, family, severity, body, (body.__doc__ or "").strip(), example, remedy, basis, tables,
                            templates=templates)
        return body
    return register
