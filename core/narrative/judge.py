"""Figures of sentences recomputed: intervals of what the printed digits can mean, and the verdicts on them (checks.md part 2)."""
from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from core.model import Document
from core.numbers import Amount, same_figure, tolerance

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Range:
    """All values that printed figures can stand for."""

    low: Decimal
    high: Decimal

    def meets(self, other: Range) -> bool:
        return self.low <= other.high and other.low <= self.high

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Range) -> Range:
        return Range(self.low - other.high, self.high - other.low)


def around(amount: Amount, unit: str = "") -> Range:
    """What a printed figure can stand for; a bare 0 is zero."""
    plain = amount.to(unit) if unit else amount
    half = Decimal(0) if _nothing(amount) else plain.half
    return Range(plain.value - half, plain.value + half)


def ratio(part: Range, whole: Range) -> Range | None:
    """The percentages that part / whole can come to; None when the whole may be zero or less."""
    if whole.low <= 0:
        return None
    values = [p / w * HUNDRED for p in (part.low, part.high) for w in (whole.low, whole.high)]
    return Range(min(values), max(values))


def percent_fits(printed: Amount, possible: Range) -> bool:
    half = printed.half
    return Range(printed.value - half, printed.value + half).meets(possible)


def percent_of(part: Amount, whole: Amount, digits: int) -> Decimal:
    """The percentage as it should have been printed."""
    unit = part.unit
    return rounded(part.value / whole.to(unit).value * HUNDRED, max(digits, 2))


def rounded(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def agrees(printed: Amount, cell: Amount) -> bool:
    """Whether the text prints the cell's figure. A printed 0 is no rounding of more than half a cent of 万元."""
    if not printed.value and cell.value:
        return abs(cell.to(printed.unit).value) < Decimal("0.005")
    return same_figure(printed, cell)


def _plain(amounts: list[Amount], unit: str) -> list[Amount]:
    """The figures in one unit as sums take them: a bare 0 is exact, and a whole number beside decimals has only dropped its zeros."""
    moved = [a.to(unit) for a in amounts if not _nothing(a)]
    digits = max((a.digits for a in moved), default=0)
    return [Amount(a.value, a.unit, digits) if a.digits <= 0 and a.value == a.value.to_integral_value() else a for a in moved]


def _nothing(amount: Amount) -> bool:
    """A bare 0: nobody rounds an amount away to it (0.00 may be a rounded one)."""
    return not amount.value and amount.digits <= 0


def difference_fits(left: Amount, right: Amount, printed: Amount) -> bool:
    """Whether left − right is what is printed (without its sign), within rounding."""
    unit = printed.unit
    gap = abs(left.to(unit).value - right.to(unit).value)
    return abs(gap - abs(printed.value)) <= tolerance(_plain([left, right, printed], unit), unit)


def sum_fits(parts: list[Amount], whole: Amount) -> bool:
    unit = whole.unit
    counted = [p for p in parts if not _nothing(p)]
    if _nothing(whole):
        return not any(p.value for p in counted)
    if len(counted) == 1:
        return same_figure(whole, counted[0])
    total = sum((p.to(unit).value for p in parts), Decimal(0))
    return abs(total - whole.value) <= tolerance(_plain([*parts, whole], unit), unit)


def total_of(parts: list[Amount], unit: str) -> Decimal:
    return sum((p.to(unit).value for p in parts), Decimal(0))


def own_unit(doc: Document, amount: Amount) -> Decimal:
    """A figure in the document's own unit, for `expected` and `actual`."""
    return amount.to(doc.amount_unit).value if doc.amount_unit else amount.value


def shown(value: Decimal, unit: str = "") -> str:
    """A recomputed figure for a message: two decimals for 万元 and percentages, whole 元 and counts without."""
    if unit not in ("", "万元", "亿元", "%") and value == value.to_integral_value():
        return f"{format(value.quantize(Decimal(1)), 'f')}{unit}"
    return f"{format(rounded(value, 2), 'f')}{unit}"
