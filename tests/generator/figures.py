"""Amounts as text: the looks a figure can have in print, and back."""
from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
MYRIAD = Decimal(10000)


def rounded(value: Decimal, digits: int = 2) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def wan(yuan: Decimal, separators: bool = False) -> str:
    """元 as 万元 with two digits."""
    return f"{rounded(yuan / MYRIAD):,}" if separators else f"{rounded(yuan / MYRIAD)}"


def said(yuan: Decimal, separators: bool = False) -> str:
    """万元 as a sentence has it: a bare 0 where there is nothing."""
    return wan(yuan, separators) if yuan else "0"


def share(part: Decimal, whole: Decimal) -> str:
    return f"{rounded(part * 100 / whole)}%" if part else "0%"


@dataclass(frozen=True)
class Look:
    """How the tables print amounts. `unit` is 万元 or 元."""

    unit: str = "万元"
    separators: bool = False
    blank: str = ""
    gap: str = ""
    full_width: bool = False
    digits: int = 2

    def __call__(self, yuan: Decimal | None) -> str:
        if not yuan:
            return self.blank
        return self.text(yuan / MYRIAD if self.unit == "万元" else yuan)

    def text(self, value: Decimal) -> str:
        """A figure that is already in the table's unit."""
        text = f"{rounded(value, self.digits):,}" if self.separators else f"{rounded(value, self.digits)}"
        if self.gap and "." in text:
            text = text.replace(".", "." + self.gap)
        if self.full_width:
            text = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in text)
        return text


def parsed(text: str | None) -> Decimal | None:
    """The value of a printed figure; None for blanks, dashes and words."""
    plain = re.sub(r"[\s,]", "", unicodedata.normalize("NFKC", text or ""))
    if plain.startswith("(") and plain.endswith(")"):
        plain = "-" + plain[1:-1]
    return Decimal(plain) if re.fullmatch(r"-?\d+(\.\d+)?", plain) else None
