"""Printed figures as Decimals with their unit and precision, and equality within rounding.

A printed figure stands for an interval of half a unit of its last digit to each side (checks.md part 2): a sum of
n addends may therefore differ from its printed total by half a unit for each of the n + 1 figures.
"""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

YUAN, WAN = "元", "万元"
_SCALE = {YUAN: Decimal(1), "千元": Decimal(1000), WAN: Decimal(10000), "亿元": Decimal(100000000)}
_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|[-+]?\.\d+")
_MINUS = str.maketrans({"−": "-", "－": "-", "–": "-", "—": "-", "﹣": "-", "‐": "-", "‑": "-", "△": "-", "▲": "-",
                        "，": ",", "．": ".", "。": ".", "﹒": "."})
NOTHING = frozenset({"", "-", "--", "---", "无", "/", "\\", "0", "*", "——"})


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure as printed. `value` is in `unit`; `digits` is the number of decimals printed."""

    value: Decimal
    unit: str = ""
    digits: int = 0

    @property
    def half(self) -> Decimal:
        """Half a unit of the last printed digit: the rounding that this figure may carry."""
        return Decimal(5).scaleb(-self.digits - 1)

    def to(self, unit: str) -> Amount:
        """The same figure in another unit of money; precision moves with it. Unknown units stay as they are."""
        if unit == self.unit or unit not in _SCALE or self.unit not in _SCALE:
            return self
        factor = _SCALE[self.unit] / _SCALE[unit]
        shift = int(factor.log10())
        return Amount(self.value * factor, unit, self.digits - shift)


def parse_decimal(text: str) -> tuple[Decimal, int] | None:
    """A printed number and its count of decimals, or None when the text is not one well-formed number.

    Takes full width digits, thousands separators, inner blanks ("35892. 39"), minus signs of any form and
    (1,234.00) for a negative. "17.169.17" or "1,23" are not numbers.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_MINUS)
    plain = "".join(plain.split())
    negative = False
    if len(plain) > 2 and plain[0] == "(" and plain[-1] == ")":
        plain, negative = plain[1:-1], True
    if not _NUMBER.fullmatch(plain):
        return None
    value = Decimal(plain.replace(",", ""))
    digits = len(plain.rpartition(".")[2]) if "." in plain else 0
    return (-value if negative else value), digits


def parse_amount(text: str, unit: str = "") -> Amount | None:
    """A printed cell as an amount; None when it is no number (blank cells too: see `is_blank`)."""
    parsed = parse_decimal(text)
    return None if parsed is None else Amount(parsed[0], unit, parsed[1])


def is_blank(text: str) -> bool:
    """True where a table allows a blank for zero: nothing, a dash, 无."""
    plain = unicodedata.normalize("NFKC", text).translate(_MINUS)
    return "".join(plain.split()) in NOTHING - {"0"}


def looks_numeric(text: str) -> bool:
    """True for text that was meant as a figure, well-formed or not ("17.169.17", "1,23.4")."""
    plain = unicodedata.normalize("NFKC", text).translate(_MINUS)
    plain = "".join(plain.split())
    return bool(plain) and any(c.isdigit() for c in plain) and all(c.isdigit() or c in ".,-+()%" for c in plain)


def tolerance(amounts: Iterable[Amount], unit: str) -> Decimal:
    """How far a relation between these figures may be off by rounding alone, in `unit`.

    Half a unit of the last digit for each figure, rounded up to the coarsest printed digit. One figure printed twice has no
    allowance: use `agree` with `same=True`.
    """
    halves = [a.to(unit) for a in amounts]
    if not halves:
        return Decimal(0)
    digits = min(a.digits for a in halves)
    total = sum((a.half for a in halves), Decimal(0))
    step = Decimal(1).scaleb(-digits)
    return (total / step).to_integral_value(ROUND_CEILING) * step


def same_figure(left: Amount, right: Amount) -> bool:
    """Two prints of one fact: equal, or equal once the finer is rounded to the coarser's digits."""
    right = right.to(left.unit) if left.unit and right.unit else right
    if left.value == right.value:
        return True
    if left.digits == right.digits:
        return False
    allowed = max(left.half, right.half)
    return abs(left.value - right.value) <= allowed


def show(value: Decimal) -> str:
    """A Decimal as plain digits, never in exponent form."""
    text = format(value, "f")
    return "0" if text in {"-0", "-0.00"} else text
