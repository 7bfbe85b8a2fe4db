"""How a relation and its failure are said in plain Chinese."""
from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from core.formulas.figures import Figure, FormulaOutcome, Instance
from core.formulas.syntax import CHILDREN, CURRENT, PARENT, Binary, Call, Comparison, Negative, Node, Number
from core.model import Line, Table
from core.numbers import Amount, show
from core.results import FAIL, Evidence

Bound = Mapping[str, tuple[Table, Line | None, str]]
OCR_NOTE = "（所依据的文字由识别得来，需对照原页核对）"
CONVERTED_NOTE = "（依据的是转换成的文本，可能丢失了行列，需对照原件核对）"


def describe(comparison: Comparison, bound: Bound, column: str) -> str:
    """The relation with the row it speaks of put in: 表三[208 社会保障和就业支出].合计 = 求和(下级.合计)."""
    return f"{_say(comparison.left, bound, column)} {comparison.sign} {_say(comparison.right, bound, column)}"


def _say(node: Node, bound: Bound, column: str) -> str:
    if isinstance(node, Number):
        return node.text
    if isinstance(node, Negative):
        return f"-{_say(node.inner, bound, column)}"
    if isinstance(node, Call):
        return f"{node.function}({', '.join(_say(a, bound, column) for a in node.arguments)})"
    if isinstance(node, Binary):
        right = _say(node.right, bound, column)
        if isinstance(node.right, Binary) and node.sign != "+":
            right = f"({right})"
        return f"{_say(node.left, bound, column)} {node.sign} {right}"
    key = column if node.column == "*" else node.column
    tail = f".{key}" if key else ""
    if node.name in (CHILDREN, PARENT):
        return f"{node.name}{tail}"
    name = f"{node.document}.{node.name}" if node.document else node.name
    if node.row is None and (CURRENT if node.name == CURRENT else name) in bound:
        table, line, joined = bound[CURRENT if node.name == CURRENT else name]
        label = line.label if line is not None else joined
        shown = f"{node.document}.{table.id}" if node.document else table.id
        return f"{shown}[{label}]{tail}" if label else f"{shown}{tail}"
    row = f"[{node.row}]" if node.row is not None else ""
    return f"{name}{row}{tail}"


def amount_text(value: Decimal, unit: str) -> str:
    return f"{show(value)}{unit}"


def tidy(value: Decimal) -> Decimal:
    """A computed amount without digits that no figure printed."""
    plain = value.normalize()
    exponent = plain.as_tuple().exponent
    return plain.quantize(Decimal("0.01")) if isinstance(exponent, int) and exponent > -2 else plain


def in_unit(value: Decimal, unit: str, wanted: str) -> Decimal:
    return tidy(Amount(value, unit).to(wanted).value) if wanted else tidy(value)


def failure(instance: Instance, evidence: tuple[Evidence, ...], unit: str, severity: str = "") -> FormulaOutcome:
    """The outcome of a relation that does not hold, told with the figure it is about, what it should be and how far it is off."""
    figure: Figure | None
    if instance.left is None and instance.right is not None and instance.sign == "=":
        figure, actual, expected, words = instance.right, instance.right_value, instance.left_value, ""
    else:
        figure, actual, expected, words = instance.left, instance.left_value, instance.right_value, instance.words
    message = sentence(instance, figure, actual, expected, words)
    if instance.ocr:
        message += OCR_NOTE
    wanted = in_unit(expected, instance.unit, unit) if instance.sign == "=" else f"{instance.sign} {show(in_unit(expected, instance.unit, unit))}"
    return FormulaOutcome(FAIL, instance.relation, evidence, message, expected=wanted, actual=in_unit(actual, instance.unit, unit),
                          figures=instance.figures, severity=severity, suggestion=advice(figure), instance=instance)


def sentence(instance: Instance, figure: Figure | None, actual: Decimal, expected: Decimal, words: str) -> str:
    unit = instance.unit
    off = actual - expected
    if figure is None:
        return f"“{instance.relation}”不成立：{instance.figures}，相差 {amount_text(tidy(abs(off)), unit)}。"
    if figure.missing:
        shown = f"{figure.table}没有“{figure.row}”这一行"
    elif figure.amount is None:
        shown = f"{figure.where}为空"
    else:
        shown = f"{figure.where}为 {amount_text(tidy(actual), unit)}"
    other = f"{words}（{amount_text(tidy(expected), unit)}）" if words else amount_text(tidy(expected), unit)
    if instance.sign == "≤":
        return f"{shown}，不应大于{other}，超出 {amount_text(tidy(abs(off)), unit)}。"
    if instance.sign == "≥":
        return f"{shown}，不应小于{other}，少 {amount_text(tidy(abs(off)), unit)}。"
    if instance.sign != "=":
        return f"“{instance.relation}”不成立：{instance.figures}。"
    return f"{shown}，应为{other}，{'多' if off > 0 else '少'} {amount_text(tidy(abs(off)), unit)}。"


def advice(figure: Figure | None) -> str:
    if figure is None:
        return "请核对式中各数，更正填错的一个。"
    if figure.missing:
        return f"请核对{figure.table}是否漏列“{figure.row}”。"
    return f"请核对{figure.where}的数与其来源，更正填错的一处。"
