"""A formula on a disclosure: every place it speaks of gives an outcome with its cells."""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from core.formulas import rows, values
from core.formulas.facts import narrative_facts
from core.formulas.figures import Figure, FormulaOutcome, Instance, of_line
from core.formulas.nesting import by_amounts
from core.formulas.syntax import (
    CHILDREN,
    CURRENT,
    EVERY_CODE,
    EVERY_FORM,
    EVERY_NAME,
    EVERY_ROW,
    FORM,
    FORMS,
    LAST_YEAR,
    NARRATIVE,
    PARENT,
    Binary,
    Call,
    Comparison,
    Formula,
    Negative,
    Node,
    Number,
    Reference,
    Source,
    references,
)
from core.formulas.values import NotRun, Value
from core.formulas.wording import describe, failure
from core.layouts import Template
from core.model import Document, Form, Line, Span, Table
from core.numbers import Amount, is_blank, parse_amount
from core.results import PASS, SKIPPED, WARNING, Evidence
from core.rules.base import Case
from core.text import fold

SURE = 0.85
"""OCR cells below this confidence are not calculated with."""


class Elsewhere(Exception):
    """The formula does not speak of this row: another side of the table, no children."""


@dataclass
class Scope:
    """What names mean while one place is evaluated."""

    documents: dict[str, Document]
    bound: dict[str, tuple[Table, Line | None, str]] = field(default_factory=dict)
    form: tuple[Table, Form] | None = None
    column: str = ""
    unit: str = ""
    convert: bool = True

    def at(self, column: str) -> Scope:
        return replace(self, column=column, unit="")


class Evaluator:
    """Evaluates formulas on one case."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._facts: dict[str, tuple[Amount, Span]] | None = None
        self._tables: dict[str, Table] = {}
        self._allowed = Decimal(0)

    # -------------------------------------------------------------- outcomes

    def run(self, formula: Formula, severity: str = "", allowed: Decimal = Decimal(0)) -> Iterator[FormulaOutcome]:
        """The outcome of every place that `formula` speaks of. Places where all is blank or zero are counted in one.

        `allowed`: what two tables drawn up apart may differ by, beyond rounding.
        """
        self._allowed = allowed
        trivial: list[FormulaOutcome] = []
        refused: set[str] = set()
        found = False
        for documents in self._documents(formula):
            if isinstance(documents, str):
                yield FormulaOutcome(SKIPPED, formula.text, reason=documents)
                return
            for outcome in self._everywhere(formula, Scope(documents), severity):
                found = True
                if outcome.status == PASS and outcome.instance is not None and outcome.instance.trivial:
                    trivial.append(outcome)
                elif outcome.status != SKIPPED or outcome.evidence:
                    yield outcome
                elif outcome.reason not in refused:
                    refused.add(outcome.reason)
                    yield outcome
        if len(trivial) == 1:
            yield trivial[0]
        elif trivial:
            seen = dict.fromkeys(e for o in trivial for e in o.evidence if e.text.strip())
            yield FormulaOutcome(PASS, f"{formula.text}（另有 {len(trivial)} 处各数均为空或零）", tuple(seen), figures="0 = 0")
        elif not found:
            yield FormulaOutcome(SKIPPED, formula.text, reason="没有可计算的行")

    def _documents(self, formula: Formula) -> Iterator[dict[str, Document] | str]:
        """The documents that 上年 and 单位 mean: once for each unit."""
        wanted = {r.document for r in formula.references()} | {s.document for s in (formula.quantifier.sources if formula.quantifier else ())}
        doc = self.case.doc
        base = {"": doc}
        if LAST_YEAR in wanted:
            year = doc.year
            last = next((d for d in self.case.prior if year is not None and d.year == year - 1
                         and fold(d.unit_name.value) == fold(doc.unit_name.value)), None)
            if last is None:
                yield "没有提供本单位上一年度的公开文件"
                return
            base[LAST_YEAR] = last
        if "单位" not in wanted:
            yield base
            return
        units = [d for d in self.case.prior if d.year == doc.year and d.kind.startswith("单位")]
        if not units or doc.kind.startswith("单位"):
            yield "没有提供所属单位的公开文件" if not units else "本文件是单位公开，不与所属单位比较"
            return
        for unit in units:
            yield {**base, "单位": unit}

    def _everywhere(self, formula: Formula, scope: Scope, severity: str) -> Iterator[FormulaOutcome]:
        try:
            places = list(self._places(formula, scope))
        except NotRun as why:
            yield FormulaOutcome(SKIPPED, formula.text, reason=str(why))
            return
        once = formula.condition is not None and not self._depends(formula)
        if once and (reason := self._refused(formula, scope)):
            yield FormulaOutcome(SKIPPED, formula.text, reason=reason)
            return
        for place in places:
            if formula.condition is not None and not once and (reason := self._refused(formula, place)):
                yield FormulaOutcome(SKIPPED, formula.text, reason=reason)
                continue
            for comparison in formula.comparisons:
                yield from self._columns(formula, comparison, place, severity)

    def _depends(self, formula: Formula) -> bool:
        assert formula.condition is not None
        names = {CURRENT, CHILDREN, PARENT, FORM} | {s.alias for s in (formula.quantifier.sources if formula.quantifier else ())}
        return any((f"{r.document}.{r.name}" if r.document else r.name) in names and r.row is None
                   for _, part in formula.condition.parts for c in part for side in (c.left, c.right) for r in references(side))

    def _refused(self, formula: Formula, scope: Scope) -> str:
        """Why the condition does not let the formula run; empty when it does."""
        assert formula.condition is not None
        truth = True
        try:
            for word, part in formula.condition.parts:
                holds = all(self._instance(c, replace(scope, unit="")).holds() for c in part)
                truth = truth and holds if word == "且" else truth or holds
        except (NotRun, Elsewhere) as why:
            return f"条件“{formula.condition.text}”无法判断：{why}"
        return "" if truth else f"不适用：条件“{formula.condition.text}”不成立"

    def _columns(self, formula: Formula, comparison: Comparison, scope: Scope, severity: str) -> Iterator[FormulaOutcome]:
        for column in self._wildcard(comparison, scope):
            here = scope.at(column)
            try:
                yield self._outcome(comparison, here, severity)
            except Elsewhere:
                continue
            except NotRun as why:
                yield FormulaOutcome(SKIPPED, describe(comparison, here.bound, column) or formula.text, reason=str(why))

    def _wildcard(self, comparison: Comparison, scope: Scope) -> list[str]:
        """The amount columns that `*` stands for; one empty name where there is no `*`."""
        starred = [r for side in (comparison.left, comparison.right) for r in references(side) if r.column == "*"]
        if not starred:
            return [""]
        first = starred[0]
        try:
            table, lines = self._lines(first, scope)
        except Elsewhere:
            return []
        except NotRun:
            return [""] if first.name == CURRENT else ["合计"]
        sides = {o.side for o in lines}
        return [c.key for c in table.columns if c.kind == "amount" and c.side in sides]

    def _outcome(self, comparison: Comparison, scope: Scope, severity: str) -> FormulaOutcome:
        instance = self._instance(comparison, scope)
        evidence = _evidence(instance)
        bad = instance.unsure
        if bad:
            shown = "、".join(f"{f.where}“{f.printed}”" for f in bad)
            return FormulaOutcome(SKIPPED, instance.relation, evidence, reason=f"{shown}不是规范的金额", figures=instance.figures, instance=instance)
        doubtful = [t.figure for t in instance.terms if t.figure.cell is not None and t.figure.cell.confidence is not None
                    and t.figure.cell.confidence < SURE]
        if doubtful:
            shown = "、".join(f"{f.where}“{f.printed}”" for f in doubtful[:3])
            return FormulaOutcome(SKIPPED, instance.relation, evidence, reason=f"{shown}识别把握不足，需人工核对", figures=instance.figures)
        if instance.holds():
            return FormulaOutcome(PASS, instance.relation, evidence, figures=instance.figures, instance=instance)
        if scope.convert and self._mislabelled(comparison, scope):
            return FormulaOutcome(SKIPPED, instance.relation, evidence, figures=instance.figures,
                                  reason="两表标注的金额单位不同，但按同一单位计算相符：请先核对金额单位")
        if reason := self._renamed(instance, scope):
            return FormulaOutcome(SKIPPED, instance.relation, evidence, figures=instance.figures, reason=reason)
        return failure(instance, evidence, self.case.doc.amount_unit, WARNING if instance.ocr and severity == "error" else "")

    def _mislabelled(self, comparison: Comparison, scope: Scope) -> bool:
        plain = self._instance(comparison, replace(scope, unit="", convert=False))
        units = {t.figure.amount.unit for t in plain.terms if t.figure.amount}
        return len(units) > 1 and plain.holds() and not plain.trivial

    def _renamed(self, instance: Instance, scope: Scope) -> str:
        """Where a row is missing in one table but its like stands there under another code or name, codes and names come first."""
        for figure in instance.missing:
            table = scope.documents[figure.document].table(figure.table)
            others = [t.figure for t in instance.terms if not t.figure.missing and t.figure.amount]
            if table is None or not others:
                continue
            wanted = {rows.plain_name(o.row.split(" ", 1)[-1]) for o in others}
            codes = {o.row.split(" ", 1)[0] for o in others}
            for line in table.lines:
                if line.code and line.code not in codes and rows.plain_name(line.name) in wanted:
                    return f"{table.id}“{line.label}”与另一表同名而编码不同，请先核对科目编码"
        return ""

    # -------------------------------------------------------------- places

    def _places(self, formula: Formula, scope: Scope) -> Iterator[Scope]:
        quantifier = formula.quantifier
        if quantifier is None:
            yield scope
        elif quantifier.kind == EVERY_FORM:
            forms = scope.documents[""].forms()
            if not forms:
                raise NotRun("没有绩效目标表")
            for table in forms:
                assert table.form is not None
                yield replace(scope, form=(table, table.form))
        elif quantifier.kind == EVERY_ROW:
            for source in quantifier.sources:
                table = self._table(source.document, source.name, scope)
                for line in self._source_lines(table, source):
                    yield replace(scope, bound={CURRENT: (table, line, "")})
        else:
            yield from self._joined(formula, quantifier.sources, scope, quantifier.kind)

    def _source_lines(self, table: Table, source: Source) -> list[Line]:
        lines: list[Line] = []
        for side in sorted({o.side for o in table.lines}):
            own = [o for o in table.lines if o.side == side]
            lines += rows.select(table, source.row, own) if source.row else own
        return lines

    def _joined(self, formula: Formula, sources: tuple[Source, ...], scope: Scope, kind: str) -> Iterator[Scope]:
        tables = [(s, self._table(s.document, s.name, scope)) for s in sources]
        keyed: list[dict[str, list[Line]]] = []
        for source, table in tables:
            side = self._side(formula, source, table)
            found: dict[str, list[Line]] = {}
            for line in self._source_lines(table, source):
                key = _join_key(table, line, kind)
                if key and line.side == side:
                    found.setdefault(key, []).append(line)
            keyed.append(found)
        for key in dict.fromkeys(k for found in keyed for k in found):
            if any(len(found.get(key, ())) > 1 for found in keyed):
                continue
            bound = {source.alias: (table, found[key][0] if key in found else None, key)
                     for (source, table), found in zip(tables, keyed, strict=True)}
            if kind == EVERY_NAME and self._alike(key, keyed):
                continue
            yield replace(scope, bound=bound)

    def _alike(self, key: str, keyed: list[dict[str, list[Line]]]) -> bool:
        """A name missing in one table while a nearly equal one is left over there: the names differ, not the figures."""
        for found in keyed:
            if key in found:
                continue
            left_over = [k for k in found if not all(k in other for other in keyed)]
            if any(_near(key, other) for other in left_over):
                return True
        return False

    def _side(self, formula: Formula, source: Source, table: Table) -> int:
        for reference in formula.references():
            if reference.name == source.name and reference.document == source.document and reference.column not in (None, "*"):
                column = table.column(reference.column or "")
                if column is not None:
                    return column.side
        return 0

    # -------------------------------------------------------------- values

    def _instance(self, comparison: Comparison, scope: Scope) -> Instance:
        left, right = self._value(comparison.left, scope), self._value(comparison.right, scope)
        for side in (left, right):
            if side.terms and all(t.figure.absent for t in side.terms):
                raise NotRun(f"{side.terms[0].figure.table}没有{'、'.join(dict.fromkeys(f'“{t.figure.column}”列' for t in side.terms))}")
        allowed = values.tolerance(left, right) + self._allowed
        residual = left.number - right.number
        linear = left.linear and right.linear
        terms = tuple(left.terms) + tuple(values.negative(right).terms)
        trivial = bool(terms) and not any(t.figure.value for t in terms) and not any(t.figure.malformed for t in terms) and residual == 0
        sign = comparison.sign
        made = Instance(sign, scope.unit, residual, allowed, terms if linear else (), left.single, right.single, left.number, right.number,
                        "", describe(comparison, scope.bound, scope.column), _words(comparison.right, scope, right), trivial)
        shown = sign if made.holds() else {"=": "≠", "≤": ">", "≥": "<", "≠": "="}.get(sign, f"不{sign}")
        return replace(made, figures=f"{left.text} {shown} {right.text}")

    def _value(self, node: Node, scope: Scope) -> Value:
        if isinstance(node, Number):
            return values.constant(node.value, node.text)
        if isinstance(node, Negative):
            return values.negative(self._value(node.inner, scope))
        if isinstance(node, Binary):
            left, right = self._value(node.left, scope), self._value(node.right, scope)
            if node.sign in "+-":
                return values.add(left, right, node.sign)
            return values.multiply(left, right) if node.sign == "*" else values.divide(left, right)
        if isinstance(node, Call):
            return self._call(node, scope)
        return self._single(node, scope)

    def _call(self, call: Call, scope: Scope) -> Value:
        first = call.arguments[0]
        if call.function == "求和":
            return values.total([v for argument in call.arguments for v in self._addends(argument, scope)])
        if call.function == "行数":
            if not isinstance(first, Reference):
                raise NotRun("行数() 里要写一张表")
            if first.name == FORMS:
                return values.constant(Decimal(len(scope.documents[""].forms())))
            return values.constant(Decimal(len(self._lines(first, scope)[1])))
        inner = [self._value(a, scope) for a in call.arguments]
        if call.function == "绝对值":
            return values.absolute(inner[0])
        if call.function == "四舍五入":
            return values.rounded(inner[0], int(inner[1].number) if len(inner) > 1 else 0)
        pick = max if call.function == "最大" else min
        return pick(inner, key=lambda v: v.number)

    def _addends(self, node: Node, scope: Scope) -> list[Value]:
        if isinstance(node, Reference):
            return [values.of_figure(f, self._unit(f, scope)) for f in self._figures(node, scope)]
        return [self._value(node, scope)]

    def _single(self, reference: Reference, scope: Scope) -> Value:
        figures = self._figures(reference, scope)
        if len(figures) != 1:
            raise NotRun(f"“{reference.text}”有 {len(figures)} 行，要用 求和(…)" if figures else f"没有“{reference.text}”这一行")
        return values.of_figure(figures[0], self._unit(figures[0], scope))

    def _unit(self, figure: Figure, scope: Scope) -> str:
        if not scope.convert:
            return ""
        if not scope.unit and figure.amount is not None:
            scope.unit = figure.amount.unit
        return scope.unit

    # -------------------------------------------------------------- figures

    def _figures(self, reference: Reference, scope: Scope) -> list[Figure]:
        if reference.name == NARRATIVE:
            return [self._fact(reference)]
        if reference.name == FORM:
            assert scope.form is not None
            return [_form_figure(*scope.form, reference.column or "")]
        if reference.name == FORMS:
            forms = scope.documents[""].forms()
            if not forms:
                raise NotRun("没有绩效目标表")
            return [_form_figure(t, t.form, reference.column or "") for t in forms if t.form is not None]
        key = scope.column if reference.column == "*" else reference.column or ""
        table, lines = self._lines(reference, scope)
        unit = table.amount_unit
        column = table.column(key)
        if column is None:
            if _optional(self.case.template, table, key):
                return [Figure((reference.document, table.id, o.index, key), table.id, o.label, key, absent=True,
                               document=reference.document) for o in lines]
            raise NotRun(f"{table.id}没有“{key}”列")
        figures = [of_line(table, o, column.key, unit, reference.document) for o in lines]
        if reference.name == CHILDREN and _goes_on_beside(table, column.side):
            raise NotRun(f"{table.id}的科目分几栏并列，下级没有认全")
        across = reference.name == CURRENT and reference.column != "*"
        if any(table.doubtful(o) and (across or f.amount is None and not f.malformed) for o, f in zip(lines, figures, strict=True)):
            raise NotRun(f"{table.id}有模板没有的栏目，其中有数字，不能断定这一行的空白为零、各栏齐全")
        bound = self._bound(reference, scope)
        if bound is not None and bound[1] is None:
            label = _label_elsewhere(scope, bound[2])
            figures = [Figure((reference.document, table.id, f"缺:{bound[2]}", column.key), table.id, label, column.label, missing=True,
                              document=reference.document)]
        return figures

    def _lines(self, reference: Reference, scope: Scope) -> tuple[Table, list[Line]]:
        """The table and rows of a reference, on the side where its column stands."""
        key = scope.column if reference.column == "*" else reference.column
        if reference.name in (CURRENT, CHILDREN, PARENT):
            table, line, _ = scope.bound[CURRENT]
            assert line is not None
            column = table.column(key) if key else None
            if column is not None and column.side != line.side:
                raise Elsewhere
            return table, self._relatives(reference, table, line)
        bound = self._bound(reference, scope)
        if bound is not None:
            return bound[0], [bound[1]] if bound[1] is not None else []
        table = self._table(reference.document, reference.name, scope)
        column = table.column(key) if key else None
        if key and column is None and not _optional(self.case.template, table, key):
            raise NotRun(f"{table.id}没有“{key}”列")
        sides = [column.side] if column is not None else sorted({o.side for o in table.lines})
        for side in sides:
            own = [o for o in table.lines if o.side == side]
            lines = rows.select(table, reference.row, own) if reference.row else own
            if lines or table.empty:
                return table, lines
        raise NotRun(f"{table.id}没有“{reference.row}”这一行")

    def _relatives(self, reference: Reference, table: Table, line: Line) -> list[Line]:
        if reference.name == CURRENT:
            return [line]
        if reference.name == PARENT:
            parents = [o for o in table.lines if o.side == line.side and o.index == line.parent]
            if not parents:
                raise Elsewhere
            return parents
        children = table.children(line)
        if reference.row:
            children = rows.select(table, reference.row, children)
        if not children:
            raise Elsewhere
        return children

    def _bound(self, reference: Reference, scope: Scope) -> tuple[Table, Line | None, str] | None:
        if reference.row is not None:
            return None
        return scope.bound.get(f"{reference.document}.{reference.name}" if reference.document else reference.name)

    def _table(self, document: str, name: str, scope: Scope) -> Table:
        table = scope.documents[document].table(name)
        if table is None:
            known = self.case.template.table(name)
            shown = f"{known.id}（{known.title}）" if known else name
            raise NotRun(f"{document + '文件' if document else ''}没有{shown}")
        if document:
            return table
        if name not in self._tables:
            known = self.case.template.table(table.id)
            self._tables[name] = by_amounts(table) if known is not None and known.hierarchy == "names" else table
        return self._tables[name]

    def _fact(self, reference: Reference) -> Figure:
        if self._facts is None:
            self._facts = dict(narrative_facts(self.case))
        name = reference.column or ""
        found = self._facts.get(name)
        if found is None:
            raise NotRun(f"文字中没有找到“{name}”")
        amount, span = found
        return Figure(("", NARRATIVE, name, ""), "", name, "", amount, span=span)


# ------------------------------------------------------------------ helpers

def _join_key(table: Table, line: Line, kind: str) -> str:
    if rows.is_total(table, line):
        return "合计" if kind == EVERY_CODE and line.level == 0 else ""
    return line.code if kind == EVERY_CODE else rows.plain_name(line.name)


def _near(one: str, other: str) -> bool:
    """Two names that a reader would take for one: one longer by a few characters, or a few characters differ."""
    if min(len(one), len(other)) < 4:
        return False
    common = len(set(one) & set(other))
    return common >= 0.75 * max(len(set(one)), len(set(other)))


def _label_elsewhere(scope: Scope, key: str) -> str:
    return next((line.label for _, line, k in scope.bound.values() if line is not None and k == key), key)


def _goes_on_beside(table: Table, side: int) -> bool:
    """Whether the rows of a side go on in further columns (科目编码 科目名称 金额 printed once more) that the template does not name."""
    return any(c.kind == "text" and c.side == side and c.path and re.fullmatch("(?:经济分类)?科目(?:编码|代码)", c.path[-1]) for c in table.columns)


def _optional(template: Template, table: Table, key: str) -> bool:
    layout = template.table(table.id) or template.table(table.role) if table.role else template.table(table.id)
    return layout is not None and any(c.key == key and c.optional for c in layout.columns)


def _form_figure(table: Table, form: Form, path: str) -> Figure:
    period = next((p for p in ("实施期", "年度") if path.startswith(p)), "")
    label = path[len(period):].lstrip(".")
    cell = form.funds.get((period, label))
    if cell is None:
        if not any(p == period for p, _ in form.funds):
            raise NotRun(f"{table.id}没有读到{period}资金")
        return Figure(("", table.id, path, path), table.id, label, period)
    amount = cell.amount or parse_amount(cell.text, form.unit)
    if amount is not None and not amount.unit:
        amount = Amount(amount.value, form.unit, amount.digits)
    malformed = amount is None and bool(cell.text.strip()) and not is_blank(cell.text)
    return Figure(("", table.id, cell.row, cell.column), table.id, label, period, amount, cell, malformed=malformed)


def _evidence(instance: Instance) -> tuple[Evidence, ...]:
    """The figures' places: the one compared first, then what it is compared with."""
    out: dict[Evidence, None] = {}
    single, other = (instance.left, instance.right) if instance.left is not None or instance.right is None else (instance.right, None)
    for figure, role in ((single, "actual"), (other, "expected")):
        if figure is not None:
            out.update(dict.fromkeys(figure.evidence(role)))
    for term in instance.terms:
        if term.figure not in (single, other):
            out.update(dict.fromkeys(term.figure.evidence("addend")))
    return tuple(out)


def _words(node: Node, scope: Scope, value: Value) -> str:
    if value.single is not None and not isinstance(node, Call):
        return value.single.where
    if isinstance(node, Call) and node.function == "求和" and len(node.arguments) == 1:
        argument = node.arguments[0]
        if isinstance(argument, Reference) and argument.name == CHILDREN:
            return f"下级 {len(value.terms)} 行之和"
    names = list(references(node))
    if names and all(r.name == CURRENT for r in names):
        return "本行" + "".join(f"“{r.column}”" for r in names) + "各列之和" if _only_sums(node) else ""
    return ""


def _only_sums(node: Node) -> bool:
    if isinstance(node, Binary):
        return node.sign == "+" and _only_sums(node.left) and _only_sums(node.right)
    return isinstance(node, Reference)


