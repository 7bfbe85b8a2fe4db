"""Figures, years and direction words of a paragraph, with their places in it.

Everything works on the folded text (full and half width alike, no blanks); `Folded.span` leads back to the printed characters.
"""
from __future__ import annotations

import re
from dataclasses import dataclass, field

from core.model import Paragraph, Span
from core.numbers import Amount, parse_decimal
from core.text import fold_with_map

_MONEY = {"亿元": "亿元", "万元": "万元", "千元": "千元", "元": "元", "万": "万元"}
_COUNTS = "人次|批次|台\\(套\\)|个|辆|台|套|家|名|张|项|宗|份|间|处|分|人|层"
_AREAS = "平方米|平米|m2|公顷|亩"
_UNIT = re.compile(
    rf"(?P<percent>%|个?百分点)|(?P<area>{_AREAS})|(?P<money>亿元|万元|千元|元|万(?=[,;。、)(合]|$))|(?P<count>{_COUNTS})")
_NUMBER = re.compile(r"(?<![\dA-Za-z.])(?:-(?=\d))?\d(?:[\d,.]*\d)?")
_LIMIT = re.compile(r"(?:\([^()]{1,6}\))?(?:及)?(?:以上|以下|以内)|/")
_PER = re.compile(r"(?:每[^,;。]{0,6}|人均|标准为?|单价)$")

UP = ("增加", "增长", "上升", "提高", "调增", "上涨", "增多", "增幅", "增")
DOWN = ("减少", "下降", "降低", "压减", "压缩", "缩减", "调减", "下调", "降幅", "减")
SAME = ("持平", "相同", "一致", "不变", "无变化", "没有变化", "无增减", "未变化", "相等")
_WORDS = dict.fromkeys(UP, 1) | dict.fromkeys(DOWN, -1) | dict.fromkeys(SAME, 0)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its unit. `kind`: amount, percent, count, area or limit (a threshold such as 50万元以上: no fact).

    `amount` is None when the digits are malformed ("17.169.17"). `start`, `end` count in the folded text, unit included.
    """

    kind: str
    text: str
    unit: str
    amount: Amount | None
    start: int
    end: int
    digits_end: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A direction word: `sign` 1 up, -1 down, 0 the same."""

    sign: int
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Folded:
    """A paragraph's folded text with the way back to its printed characters."""

    text: str
    where: tuple[int, ...]
    paragraph: Paragraph = field(repr=False)

    def span(self, start: int, end: int) -> Span:
        """The printed rectangles of a piece of the folded text."""
        if start >= end or start >= len(self.where):
            return self.paragraph.span(0, 0)
        return self.paragraph.span(self.where[start], self.where[min(end, len(self.where)) - 1] + 1)

    def printed_gap(self, index: int) -> bool:
        """Whether blanks stand before this character in print."""
        return index > 0 and self.where[index] > self.where[index - 1] + 1


def folded(paragraph: Paragraph) -> Folded:
    text, where = fold_with_map(paragraph.text)
    return Folded(text, tuple(where), paragraph)


def direction(word: str) -> int:
    return _WORDS[word]


def figures(source: Folded) -> list[Figure]:
    """Every number that carries a unit, in order."""
    found: list[Figure] = []
    for match in _NUMBER.finditer(source.text):
        start, end = _unglued(source, match.start(), match.end())
        unit = _UNIT.match(source.text, end)
        if unit is None:
            continue
        digits = source.text[start:end]
        parsed = parse_decimal(digits)
        kind = str(unit.lastgroup)
        name = unit.group()
        if kind == "money":
            kind, name = "amount", _MONEY[name]
            if _LIMIT.match(source.text, unit.end()) or _PER.search(source.text[max(0, start - 8):start]):
                kind = "limit"
        elif kind == "percent":
            name = "%" if name == "%" else "百分点"
        amount = None if parsed is None else Amount(parsed[0], name, parsed[1])
        found.append(Figure(kind, source.text[start:unit.end()], name, amount, start, unit.end(), end))
    return found


def _unglued(source: Folded, start: int, end: int) -> tuple[int, int]:
    """Digits that only the removal of blanks has put together are two numbers ("2024 2995.39"): keep the last."""
    for index in range(end - 1, start, -1):
        if source.printed_gap(index) and source.text[index].isdigit() and source.text[index - 1].isdigit():
            return index, end
    return start, end
