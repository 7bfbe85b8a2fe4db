"""Arithmetic on printed figures: the number, how far rounding may move it, and which figures it came from."""
from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from core.formulas.figures import Figure, Term
from core.numbers import Amount, same_figure, show

_ZERO = Decimal(0)
_SHOWN = 12


class NotRun(Exception):
    """A relation that cannot be evaluated; the text says why, in Chinese."""


@dataclass(frozen=True)
class Value:
    """A computed value in one unit. `slack`: how much rounding of the printed figures may have moved it to each side.

    `step` is the coarsest printed digit among its figures (None without any); `linear` says that `terms` with their factors
    and `constant` are the whole of it.
    """

    number: Decimal
    text: str
    terms: tuple[Term, ...] = ()
    slack: Decimal = _ZERO
    step: Decimal | None = None
    linear: bool = True
    single: Figure | None = None
    amount: Amount | None = None

    @property
    def printed(self) -> list[Term]:
        return [t for t in self.terms if t.figure.amount is not None]

    @property
    def lone(self) -> Term | None:
        """The only figure printed in it, when it is nothing but that figure."""
        printed = self.printed
        return printed[0] if self.linear and len(printed) == 1 and self.amount is not None else None


def constant(number: Decimal, text: str = "") -> Value:
    return Value(number, text or show(number))


def of_figure(figure: Figure, unit: str) -> Value:
    if figure.amount is None:
        return Value(_ZERO, "空", (Term(figure, Decimal(1)),), single=figure)
    amount = figure.amount.to(unit) if unit else figure.amount
    factor = _factor(figure.amount, unit)
    text = show(figure.amount.value) + (figure.amount.unit if amount.unit != figure.amount.unit else "")
    return Value(amount.value, text, (Term(figure, factor),), amount.half, Decimal(1).scaleb(-amount.digits), single=figure, amount=amount)


def _factor(amount: Amount, unit: str) -> Decimal:
    one = Amount(Decimal(1), amount.unit)
    return one.to(unit).value if unit else Decimal(1)


def _step(*values: Value) -> Decimal | None:
    steps = [v.step for v in values if v.step is not None]
    return max(steps) if steps else None


def _blank(value: Value) -> bool:
    return not value.printed and bool(value.terms)


def negative(value: Value) -> Value:
    terms = tuple(Term(t.figure, -t.factor) for t in value.terms)
    amount = replace(value.amount, value=-value.amount.value) if value.amount else None
    return replace(value, number=-value.number, text=f"-{value.text}", terms=terms, single=None, amount=amount)


def add(left: Value, right: Value, sign: str = "+") -> Value:
    if sign == "-":
        turned = negative(right)
        text = left.text if _blank(right) else f"{left.text} - {_bracketed(right)}"
    else:
        turned = right
        text = right.text if _blank(left) and not _blank(right) else left.text if _blank(right) else f"{left.text} + {right.text}"
    one = left.amount if not turned.printed and turned.number == 0 else turned.amount if not left.printed and left.number == 0 else None
    return Value(left.number + turned.number, text, left.terms + turned.terms, left.slack + right.slack, _step(left, right),
                 left.linear and right.linear, None, one)


def _bracketed(value: Value) -> str:
    return f"({value.text})" if " " in value.text else value.text


def total(values: list[Value]) -> Value:
    if not values:
        return Value(_ZERO, "空")
    shown = [v.text for v in values if not _blank(v)] or ["空"]
    if len(shown) > _SHOWN:
        shown = [*shown[:_SHOWN - 4], "…", *shown[-2:], f"（共 {len(shown)} 项）"]
        text = " + ".join(shown[:-1]) + shown[-1]
    else:
        text = " + ".join(shown)
    printed = [v for v in values if v.printed]
    only = printed[0].amount if len(printed) == 1 and all(v.number == 0 for v in values if v is not printed[0]) else None
    return Value(sum((v.number for v in values), _ZERO), text, tuple(t for v in values for t in v.terms), sum((v.slack for v in values), _ZERO),
                 _step(*values), all(v.linear for v in values), values[0].single if len(values) == 1 else None, only)


def multiply(left: Value, right: Value) -> Value:
    text = f"{_bracketed(left)} × {_bracketed(right)}"
    slack = abs(left.number) * right.slack + abs(right.number) * left.slack + left.slack * right.slack
    if left.terms and right.terms:
        return Value(left.number * right.number, text, left.terms + right.terms, slack, None, False)
    fixed, moving = (left, right) if not left.terms else (right, left)
    terms = tuple(Term(t.figure, t.factor * fixed.number) for t in moving.terms)
    return Value(left.number * right.number, text, terms, slack, None, moving.linear)


def divide(left: Value, right: Value) -> Value:
    if right.number == 0:
        raise NotRun("除数为零，不计算比率")
    text = f"{_bracketed(left)} ÷ {_bracketed(right)}"
    if not right.terms:
        terms = tuple(Term(t.figure, t.factor / right.number) for t in left.terms)
        return Value(left.number / right.number, text, terms, left.slack / abs(right.number), None, left.linear)
    low = abs(right.number) - right.slack
    if low <= 0:
        raise NotRun("除数接近零，比率没有意义")
    quotient = left.number / right.number
    slack = (abs(left.number) + left.slack) / low - abs(quotient)
    return Value(quotient, text, left.terms + right.terms, slack, None, False)


def absolute(value: Value) -> Value:
    turned = negative(value) if value.number < 0 else value
    return replace(turned, text=f"|{value.text}|")


def rounded(value: Value, digits: int) -> Value:
    """A figure rounded to `digits`; it then stands for that rounded figure exactly."""
    number = value.number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return Value(number, f"{_bracketed(value)} 取 {digits} 位小数", value.terms, Decimal(5).scaleb(-digits - 1), Decimal(1).scaleb(-digits),
                 value.linear)


def tolerance(left: Value, right: Value) -> Decimal:
    """How far two sides may be apart by rounding alone (checks.md part 2). Figure against figure: only as `same_figure` allows."""
    if left.amount is not None and right.amount is not None and left.linear and right.linear:
        off = abs(left.number - right.number)
        return off if same_figure(left.amount, right.amount) else _ZERO
    step = _step(left, right)
    slack = left.slack + right.slack
    if step is None or not (left.linear and right.linear):
        return slack
    return (slack / step).to_integral_value(ROUND_CEILING) * step
