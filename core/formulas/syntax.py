"""Text of a check formula to its tree, and mistakes told in Chinese with place and hint."""
from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from core.layouts import Template
from core.text import fold

CURRENT, CHILDREN, PARENT, FORM, NARRATIVE = "本行", "下级", "上级", "本张", "文字"
FORMS = "绩效"
LAST_YEAR, UNITS = "上年", "单位"
EVERY_ROW, EVERY_CODE, EVERY_NAME, EVERY_FORM = "每行", "每码", "每名", "每张"
_SIGNS = str.maketrans({"（": "(", "）": ")", "，": ",", "：": ":", "＝": "=", "＋": "+", "－": "-", "−": "-", "—": "-", "×": "*", "＊": "*",
                        "÷": "/", "／": "/", "＜": "<", "＞": ">", "≦": "≤", "≧": "≥", "［": "[", "］": "]", "【": "[", "】": "]",
                        "．": ".", "。": ".", "％": "%", "\u3000": " "})


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in the formula something stands, counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Number:
    value: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """`表三[合计].基本支出`. `row` is the text between the brackets, `column` "*" for every amount column."""

    name: str
    row: str | None
    column: str | None
    document: str
    spot: Spot

    @property
    def text(self) -> str:
        document = f"{self.document}." if self.document else ""
        row = f"[{self.row}]" if self.row is not None else ""
        return f"{document}{self.name}{row}" + (f".{self.column}" if self.column else "")


@dataclass(frozen=True, slots=True)
class Negative:
    inner: Node


@dataclass(frozen=True, slots=True)
class Binary:
    left: Node
    sign: str
    right: Node


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple[Node, ...]
    spot: Spot


Node = Number | Reference | Negative | Binary | Call


@dataclass(frozen=True, slots=True)
class Comparison:
    left: Node
    sign: str
    right: Node


@dataclass(frozen=True, slots=True)
class Condition:
    """Comparisons joined by 且 or 或, from left to right."""

    parts: tuple[tuple[str, tuple[Comparison, ...]], ...]
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """A table in a quantifier, perhaps narrowed to some rows, perhaps of another document."""

    name: str
    row: str | None
    document: str
    spot: Spot

    @property
    def alias(self) -> str:
        return f"{self.document}.{self.name}" if self.document else self.name


@dataclass(frozen=True, slots=True)
class Quantifier:
    kind: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Formula:
    """A parsed formula. `comparisons` are the links of A = B = C."""

    text: str
    comparisons: tuple[Comparison, ...]
    quantifier: Quantifier | None = None
    condition: Condition | None = None

    def references(self) -> Iterator[Reference]:
        """Every reference in it, the condition's too."""
        comparisons = list(self.comparisons)
        if self.condition:
            comparisons += [c for _, part in self.condition.parts for c in part]
        for comparison in comparisons:
            yield from references(comparison.left)
            yield from references(comparison.right)


def references(node: Node) -> Iterator[Reference]:
    if isinstance(node, Reference):
        yield node
    elif isinstance(node, Negative):
        yield from references(node.inner)
    elif isinstance(node, Binary):
        yield from references(node.left)
        yield from references(node.right)
    elif isinstance(node, Call):
        for argument in node.arguments:
            yield from references(argument)


class FormulaError(ValueError):
    """A formula that cannot be understood: what, where, and what may have been meant. All Chinese."""

    def __init__(self, what: str, text: str, line: int = 1, column: int = 1, hint: str = "") -> None:
        self.what, self.text, self.line, self.column, self.hint = what, text, line, column, hint
        shown = text.splitlines()[line - 1] if 0 < line <= len(text.splitlines()) else text
        pointer = "　" * max(0, column - 1) + "↑"
        super().__init__(f"公式第 {line} 行第 {column} 个字：{what}" + (f"{hint}" if hint else "") + f"\n{shown}\n{pointer}")


# ------------------------------------------------------------------ tree

def _spot(token: Token) -> Spot:
    return Spot(token.line or 1, token.column or 1)


@v_args(inline=True)
class _Builder(Transformer[Token, object]):
    def number(self, value: Token, percent: Token | None = None) -> Number:
        amount = Decimal(str(value))
        return Number(amount / 100 if percent else amount, f"{value}{percent or ''}")

    def negative(self, inner: Node) -> Negative:
        return Negative(inner)

    def binary(self, left: Node, sign: Token, right: Node) -> Binary:
        return Binary(left, str(sign), right)

    def call(self, function: Token, *arguments: Node) -> Call:
        return Call(str(function), arguments, _spot(function))

    def path(self, *names: Token) -> str:
        return ".".join(str(n).strip() for n in names)

    def reference(self, *parts: Token | str) -> Reference:
        document, name, row, column = "", None, None, None
        for part in parts:
            if not isinstance(part, Token):
                column = part
            elif part.type == "DOCUMENT":
                document = str(part).rstrip(". \t")
            elif part.type == "ROW":
                row = str(part)[1:-1].strip()
            else:
                name = part
        assert name is not None
        return Reference(str(name), row, column, document, _spot(name))

    def source(self, *parts: Token) -> Source:
        made = self.reference(*parts)
        return Source(made.name, made.row, made.document, made.spot)

    def quantifier(self, kind: Token, *sources: Source) -> Quantifier:
        return Quantifier(str(kind), sources)

    def relation(self, first: Node, *rest: Node | Token) -> tuple[Comparison, ...]:
        links: list[Comparison] = []
        left = first
        for sign, right in zip(rest[::2], rest[1::2], strict=True):
            assert isinstance(sign, Token) and not isinstance(right, Token)
            links.append(Comparison(left, _compare(str(sign)), right))
            left = right
        return tuple(links)

    def logic(self, first: tuple[Comparison, ...], *rest: object) -> tuple[tuple[str, tuple[Comparison, ...]], ...]:
        parts: list[tuple[str, tuple[Comparison, ...]]] = [("且", first)]
        for word, part in zip(rest[::2], rest[1::2], strict=True):
            assert isinstance(part, tuple)
            parts.append((str(word), part))
        return tuple(parts)

    def condition(self, parts: tuple[tuple[str, tuple[Comparison, ...]], ...]) -> Condition:
        return Condition(parts, "")

    def start(self, *parts: object) -> Formula:
        comparisons: tuple[Comparison, ...] = ()
        quantifier: Quantifier | None = None
        condition: Condition | None = None
        for part in parts:
            if isinstance(part, Quantifier):
                quantifier = part
            elif isinstance(part, Condition):
                condition = part
            elif isinstance(part, tuple):
                comparisons = part
        return Formula("", comparisons, quantifier, condition)


def _compare(sign: str) -> str:
    return {"<=": "≤", ">=": "≥", "<>": "≠", "!=": "≠"}.get(sign, sign)


@cache
def _parser() -> Lark:
    return Lark(Path(__file__).with_name("grammar.lark").read_text("utf-8"), parser="lalr", lexer="contextual", propagate_positions=False)


# ------------------------------------------------------------------ parse

_EXPECT = {"COMPARE": "比较号（= ≤ ≥ ≠ < >）", "NAME": "表名", "ROW": "[行]", "RPAR": "右括号 )", "LPAR": "左括号 (", "DOT": "“.列名”",
           "NUMBER": "数", "_THEN": "“则”", "_COLON": "冒号", "_IF": "“如果”", "STAR": "列名或 *", "ADD": "+ 或 -"}


def parse(text: str, template: Template | None = None) -> Formula:
    """A formula from its text; FormulaError when it cannot be understood. With a template its table and column names are checked."""
    formula = _read(text)
    if template is not None:
        _check_names(formula, text, template)
    return formula


@lru_cache(maxsize=1024)
def _read(text: str) -> Formula:
    plain = text.translate(_SIGNS)
    if not plain.strip():
        raise FormulaError("公式是空的。", text)
    try:
        tree = _parser().parse(plain)
    except UnexpectedInput as error:
        raise _mistake(error, text, plain) from None
    made = _Builder().transform(tree)
    assert isinstance(made, Formula)
    condition = made.condition
    if condition is not None:
        start, end = text.find("如果"), text.find("则")
        condition = Condition(condition.parts, text[start + 2:end].strip(" ,，"))
    formula = Formula(" ".join(text.split()), made.comparisons, made.quantifier, condition)
    _check_use(formula, text)
    return formula


def _mistake(error: UnexpectedInput, text: str, plain: str) -> FormulaError:
    expected: set[str] = set()
    if isinstance(error, UnexpectedToken | UnexpectedEOF):
        expected = set(error.expected)
    elif isinstance(error, UnexpectedCharacters):
        expected = set(error.allowed or ())
    at_end = isinstance(error, UnexpectedEOF) or isinstance(error, UnexpectedToken) and error.token.type == "$END"
    lines = plain.splitlines() or [""]
    line, column = (len(lines), len(lines[-1]) + 1) if at_end else (max(error.line, 1), max(error.column, 1))
    for opening, closing, name in (("(", ")", "括号"), ("[", "]", "方括号")):
        if plain.count(opening) != plain.count(closing):
            more = opening if plain.count(opening) > plain.count(closing) else closing
            return FormulaError(f"{name}不成对，", text, line, column, f"多了一个“{more}”，或少了与它配对的一个。")
    if at_end and "COMPARE" in expected:
        return FormulaError("公式没有写完，", text, line, column, "缺少比较号和右边，例如“= 表五[合计].基本支出”。")
    found = "公式在这里结束了" if at_end else f"看不懂“{lines[line - 1][column - 1:column + 7]}”"
    hints = [_EXPECT[e] for e in ("COMPARE", "_THEN", "_COLON", "NAME", "NUMBER", "STAR", "ROW", "DOT", "RPAR") if e in expected]
    hint = f"，这里应是{'、'.join(hints)}。" if hints else "。"
    return FormulaError(found, text, line, column, hint)


def _check_use(formula: Formula, text: str) -> None:
    """本行 needs 每行, a join's tables must be named in it, 求和 takes one thing."""
    quantifier = formula.quantifier
    kind = quantifier.kind if quantifier else ""
    for reference in formula.references():
        spot = reference.spot
        if reference.name in (CURRENT, CHILDREN, PARENT) and kind != EVERY_ROW:
            raise FormulaError(f"“{reference.name}”要写在“每行(表名): …”里面。", text, spot.line, spot.column)
        if reference.name == FORM and kind != EVERY_FORM:
            raise FormulaError("“本张”要写在“每张(绩效): …”里面。", text, spot.line, spot.column)
        if reference.name not in (FORMS, NARRATIVE, FORM) and reference.column is None and not _counted(formula, reference):
            raise FormulaError(f"“{reference.text}”没有写明列，", text, spot.line, spot.column, f"例如“{reference.text}.合计”。")
        if reference.row is None and reference.name not in (CURRENT, CHILDREN, PARENT, FORM, FORMS, NARRATIVE) and \
                not _counted(formula, reference) and not _bound(quantifier, reference):
            raise FormulaError(f"“{reference.text}”没有写明行，", text, spot.line, spot.column, f"例如“{reference.name}[合计].{reference.column}”。")
    if quantifier and quantifier.kind in (EVERY_CODE, EVERY_NAME) and len(quantifier.sources) < 2:
        spot = quantifier.sources[0].spot
        raise FormulaError(f"“{quantifier.kind}”要写两张以上的表，", text, spot.line, spot.column, f"例如“{quantifier.kind}(表二, 表三): …”。")


def _bound(quantifier: Quantifier | None, reference: Reference) -> bool:
    return quantifier is not None and any(s.name == reference.name and s.document == reference.document for s in quantifier.sources)


def _counted(formula: Formula, reference: Reference) -> bool:
    return any(reference in call.arguments for comparison in formula.comparisons for side in (comparison.left, comparison.right)
               for call in calls(side) if call.function == "行数")


def calls(node: Node) -> Iterator[Call]:
    if isinstance(node, Call):
        yield node
        for argument in node.arguments:
            yield from calls(argument)
    elif isinstance(node, Negative):
        yield from calls(node.inner)
    elif isinstance(node, Binary):
        yield from calls(node.left)
        yield from calls(node.right)


def _check_names(formula: Formula, text: str, template: Template) -> None:
    tables = {fold(n): t for t in template.tables for n in (t.id, t.role)}
    sources = formula.quantifier.sources if formula.quantifier else ()
    special = {CURRENT, CHILDREN, PARENT, FORM, FORMS, NARRATIVE}
    named: list[Source | Reference] = [*sources, *formula.references()]
    for item in named:
        if item.name not in special and fold(item.name) not in tables:
            known = [t.id for t in template.tables]
            raise FormulaError(f"模板“{template.name}”没有“{item.name}”这张表。", text, item.spot.line, item.spot.column,
                               _did_you_mean(item.name, [*known, *(t.role for t in template.tables)], known))
    every = [tables[fold(s.name)] for s in sources if fold(s.name) in tables]
    for reference in formula.references():
        if reference.column in (None, "*") or reference.name in (FORM, FORMS, NARRATIVE):
            continue
        layouts = every if reference.name in (CURRENT, CHILDREN, PARENT) else [tables[fold(reference.name)]]
        amounts = [c.key for layout in layouts for c in layout.columns if c.kind == "amount"]
        if layouts and fold(reference.column or "") not in {fold(a) for a in amounts}:
            where = layouts[0].id
            raise FormulaError(f"“{where}”没有“{reference.column}”这一列。", text, reference.spot.line, reference.spot.column,
                               _did_you_mean(reference.column or "", amounts, amounts, f"{where}."))


def _did_you_mean(word: str, known: list[str], shown: list[str], prefix: str = "") -> str:
    near = difflib.get_close_matches(word, known, 1, 0.5)
    return (f"是否指“{prefix}{near[0]}”？" if near else "") + f"可用的有：{'、'.join(dict.fromkeys(shown))}。"
