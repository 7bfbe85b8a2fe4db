"""Sentences that every template needs: changes against another year, shares, lists of parts."""
from __future__ import annotations

import random
from decimal import Decimal

from tests.generator.figures import rounded, said, wan

REASONS_UP = ("项目支出预算增加", "人员经费按政策标准调增", "新增民生保障类项目", "业务工作量增加，相应安排经费")
REASONS_DOWN = ("落实过紧日子要求，压减一般性支出", "人员调出，人员经费相应减少", "部分项目已完工，不再安排预算", "严格控制公务活动，减少相关支出")


TOPICS = {
    "three": (("公务活动批次增加，相应安排经费", "车辆使用年限较长，维修费用增加"), ("落实过紧日子要求，压减公务支出", "严格控制公务活动，减少相关支出")),
    "operating": (("人员增加，公用经费定额相应增加", "办公设备维修支出增加"), ("落实过紧日子要求，压减办公经费", "人员减少，公用经费定额相应减少")),
}
"""Reasons for more and for less, by what changed."""


def ratio(now: Decimal, before: Decimal) -> str:
    """The size of a change in percent of the year before."""
    return f"{rounded(abs(now - before) * 100 / before)}%"


def alike(now: Decimal, before: Decimal) -> bool:
    """Whether two amounts are the same in print."""
    return wan(now) == wan(before)


def reason(rng: random.Random, up: bool, topic: str = "") -> str:
    more, less = TOPICS.get(topic, (REASONS_UP, REASONS_DOWN))
    return rng.choice(more if up else less)


def compared(rng: random.Random, now: Decimal, before: Decimal, than: str, lead: str = "，主要原因是", same: str = "与上年预算数相同",
             topic: str = "") -> str:
    """比上年增加X万元，增长Y%，主要原因是… or the same-as sentence."""
    if alike(now, before):
        return same
    up = now > before
    grown = f"，{'增长' if up else '下降'}{ratio(now, before)}" if before else ""
    return f"{than}{'增加' if up else '减少'}{wan(abs(now - before))}万元{grown}{lead}{reason(rng, up, topic)}"


def listed(parts: list[str]) -> str:
    return "、".join(parts)


def amount(value: Decimal, separators: bool = True) -> str:
    return f"{said(value, separators)}万元"
