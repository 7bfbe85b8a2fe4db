"""Figures that the narrative states, given to formulas as 文字.名称 by whoever reads the sentences."""
from __future__ import annotations

from collections.abc import Callable, Mapping

from core.model import Span
from core.numbers import Amount
from core.rules.base import Case

Facts = Mapping[str, tuple[Amount, Span]]
Provider = Callable[[Case], Facts]
PROVIDERS: list[Provider] = []


def fact_provider(provider: Provider) -> Provider:
    """Register a function that reads figures out of the narrative. Names given twice: the first one registered wins."""
    PROVIDERS.append(provider)
    return provider


def narrative_facts(case: Case) -> dict[str, tuple[Amount, Span]]:
    found: dict[str, tuple[Amount, Span]] = {}
    for provider in PROVIDERS:
        for name, fact in provider(case).items():
            found.setdefault(name, fact)
    return found
