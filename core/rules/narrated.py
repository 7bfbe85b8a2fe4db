"""What the narrative states, for formulas: 文字.收入总计, 文字.政府采购总额, 文字.绩效项目个数 …"""
from __future__ import annotations

from collections.abc import Iterator

from core.formulas.facts import fact_provider
from core.model import Span
from core.narrative.facts import Told, narrative
from core.narrative.lexer import Figure
from core.numbers import Amount
from core.rules.b001_procurement import procurement_total
from core.rules.base import Case
from core.text import fold

_NAMES = {"货物": "政府采购货物", "工程": "政府采购工程", "服务": "政府采购服务"}


@fact_provider
def told_figures(case: Case) -> dict[str, tuple[Amount, Span]]:
    """The first figure of each name: bound quantities by their label, procurement, vehicles and performance by theirs."""
    found: dict[str, tuple[Amount, Span]] = {}
    for name, told, figure in _named(case):
        if figure is not None and figure.amount is not None:
            found.setdefault(fold(name).replace('"', ""), (figure.amount, told.span(figure)))
    return found


def _named(case: Case) -> Iterator[tuple[str, Told, Figure | None]]:
    told_of = narrative(case.doc)
    total = procurement_total(told_of)
    if total is not None:
        yield "政府采购总额", total, total.statement.value
    for told in told_of.told:
        s = told.statement
        if s.in_reason or not told.subject:
            continue
        if told.binding is not None and s.item is None:
            yield told.binding.label, told, s.value
            yield told.binding.label + "增减额", told, s.change
            yield told.binding.label + "增减率", told, s.rate
            yield told.binding.label + "占比", told, s.share
        elif told.topic == "procurement" and s.parent is not None:
            yield from ((full, told, s.value) for word, full in _NAMES.items() if word in told.subject)
        elif told.topic == "assets" and s.count is not None and s.count.unit == "辆":
            yield "车辆" + told.subject.removeprefix("公务用车").removesuffix("车辆"), told, s.count
        elif told.topic == "performance" and s.count is not None:
            yield told.subject + "个数", told, s.count
            yield told.subject + "金额", told, s.value
