"""What may have gone wrong when a figure is off: digits swapped, a point moved, a row left out. Said as hints, in Chinese."""
from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from core.formulas.figures import Figure, Instance
from core.numbers import show

_SHIFTS = {Decimal(10): 1, Decimal(100): 2, Decimal(1000): 3, Decimal(10000): 4}


def slip(actual: Decimal, expected: Decimal) -> str:
    """How one printed figure may have come out of the other by a single slip of the pen; "" when no slip explains it."""
    if actual == expected or not actual or not expected:
        return ""
    if actual == -expected:
        return "正负号相反，可能多写或漏写了负号"
    if (actual < 0) != (expected < 0):
        return ""
    for factor, places in _SHIFTS.items():
        if actual == expected * factor or expected == actual * factor:
            way = "右" if actual > expected else "左"
            unit = "，也可能混用了元与万元" if places == 4 else ""
            return f"小数点可能错移了 {places} 位（向{way}）{unit}"
    one, two = _aligned(abs(actual), abs(expected))
    if len(one) == len(two):
        wrong = [i for i, (a, b) in enumerate(zip(one, two, strict=True)) if a != b]
        if len(wrong) == 2 and one[wrong[0]] == two[wrong[1]] and one[wrong[1]] == two[wrong[0]]:
            near = "相邻的" if wrong[1] - wrong[0] == 1 or one[wrong[0] + 1:wrong[1]] == "." else ""
            return f"{near}两个数字“{two[wrong[0]]}”“{two[wrong[1]]}”可能颠倒"
        if len(wrong) == 1:
            return f"可能把“{two[wrong[0]]}”错写成“{one[wrong[0]]}”（一个数字不同）"
    plain_one, plain_two = one.replace(".", ""), two.replace(".", "")
    short, long = sorted((plain_one, plain_two), key=len)
    if len(long) == len(short) + 1 >= 4 and any(long[:i] + long[i + 1:] == short for i in range(len(long))):
        return "可能漏写了一位数字" if len(plain_one) < len(plain_two) else "可能多写了一位数字"
    return ""


def _aligned(one: Decimal, two: Decimal) -> tuple[str, str]:
    digits = max(_digits(one), _digits(two))
    step = Decimal(1).scaleb(-digits)
    return show(one.quantize(step)), show(two.quantize(step))


def _digits(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def addend(instance: Instance) -> str:
    """Whether the difference is one of the addends: left out, or counted twice."""
    if instance.left is None or instance.sign != "=":
        return ""
    parts = [t for t in instance.terms if t.figure is not instance.left and t.figure.amount is not None and t.figure.value]
    if len(parts) < 2:
        return ""
    off = instance.residual
    for term in parts:
        value = -term.factor * term.figure.value
        where = f"“{term.figure.row}”行" if term.figure.row != instance.left.row else f"“{term.figure.column}”列"
        if off == -value:
            return f"差额正好等于{where}的 {show(abs(term.figure.value))}，可能漏加了它"
        if off == value:
            return f"差额正好等于{where}的 {show(abs(term.figure.value))}，可能把它加了两次"
        if off in (2 * value, -2 * value):
            return f"差额正好是{where} {show(abs(term.figure.value))} 的两倍，可能正负号弄反"
    return ""


def stale(figure: Figure, mended: Sequence[Instance]) -> str:
    """A subtotal that fits neither its rows nor anything else: the rows were changed and the subtotal was not."""
    own = [i for i in mended if i.left is not None and i.left.key == figure.key and len(i.terms) > 2]
    others = [i for i in mended if i not in own and i.factor(figure.key)]
    if own and others:
        return "下级各行与其他表相符，只有本行不符，可能是明细调整后没有重新合计"
    return ""


def shifted(wrong: Sequence[tuple[Figure, Decimal]]) -> str:
    """Figures of one row that stand in each other's columns."""
    for one, one_expected in wrong:
        for two, two_expected in wrong:
            if repr(one.key) < repr(two.key) and one.value != two.value and one.value == two_expected and two.value == one_expected:
                if not one.value or not two.value:
                    full = one if one.value else two
                    blank = two if one.value else one
                    return f"{show(full.value)} 可能填错了列：应填在“{blank.column}”列，却填在“{full.column}”列"
                return f"“{one.column}”列与“{two.column}”列的数可能互换了"
    return ""


def hints(figure: Figure, expected: Decimal, mended: Sequence[Instance], partners: Sequence[tuple[Figure, Decimal]] = ()) -> tuple[str, ...]:
    """Everything that can be said of how this figure went wrong, the surest first."""
    found = [shifted([(figure, expected), *partners]), slip(figure.value, expected)]
    if not any(found):
        found += [addend(i) for i in mended if i.left is not None and i.left.key == figure.key][:1]
    if not any(found):
        found.append(stale(figure, mended))
    if figure.ocr:
        found.append(f"识别的数若读作 {show(expected)}，有关各式都成立，请看原页印的是不是它")
    return tuple(f"{text}。" for text in dict.fromkeys(found) if text)
