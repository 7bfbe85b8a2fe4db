"""Two versions of a disclosure side by side: findings solved, new and staying, changed figures, changed sentences."""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher

from core.layouts import plain_title
from core.model import Cell, Document, Line, Paragraph, Section, Span, Table
from core.results import Finding, Result
from core.text import fold

CHANGED, ADDED, REMOVED = "changed", "added", "removed"
_TOKEN = re.compile(r"[-+]?\d[\d,.]*%?|[^\W\d_]|\s+|.", re.DOTALL)
_YEAR = re.compile(r"(?:19|20)\d\d年?度?")


@dataclass(frozen=True)
class CellChange:
    """A figure or text that differs. The cell is None in the version where the row or column does not exist."""

    kind: str
    table: str
    row: str
    column: str
    before: Cell | None
    after: Cell | None
    before_table: str = ""
    after_table: str = ""

    @property
    def difference(self) -> Decimal | None:
        """After less before, where both are figures; a blank counts as zero."""
        one, two = _value(self.before), _value(self.after)
        return None if one is None or two is None else two - one


@dataclass(frozen=True)
class RowChange:
    """A row that one version has and the other has not."""

    kind: str
    table: str
    row: str
    cells: tuple[Cell, ...]
    table_id: str = ""


@dataclass(frozen=True)
class TextChange:
    """A paragraph that differs. `pieces` is the text as ("equal" | "removed" | "added", text)."""

    kind: str
    section: str
    pieces: tuple[tuple[str, str], ...]
    before: Span | None
    after: Span | None


@dataclass(frozen=True)
class Comparison:
    """What became of a disclosure from one version to the next."""

    solved: tuple[Finding, ...]
    new: tuple[Finding, ...]
    staying: tuple[tuple[Finding, Finding], ...]
    cells: tuple[CellChange, ...]
    rows: tuple[RowChange, ...]
    texts: tuple[TextChange, ...]
    tables_added: tuple[str, ...] = ()
    tables_removed: tuple[str, ...] = ()
    matched: tuple[tuple[str, str], ...] = ()
    """Ids of the tables that correspond, before and after."""

    @property
    def same(self) -> bool:
        return not (self.cells or self.rows or self.texts or self.tables_added or self.tables_removed)


def compare(before: Result, after: Result) -> Comparison:
    """Compare two checked versions. Findings are matched by fingerprint, cells by names, narrative by section."""
    solved, new, staying = _findings(before.findings, after.findings)
    pairs, gone, come = match_tables(before.document, after.document)
    cells: list[CellChange] = []
    rows: list[RowChange] = []
    for one, two in pairs:
        more_cells, more_rows = _table(one, two)
        cells += more_cells
        rows += more_rows
    return Comparison(solved, new, staying, tuple(cells), tuple(rows), tuple(_texts(before.document, after.document)),
                      tuple(_name(t) for t in come), tuple(_name(t) for t in gone), tuple((a.id, b.id) for a, b in pairs))


def _value(cell: Cell | None) -> Decimal | None:
    if cell is None or not cell.text.strip():
        return Decimal(0)
    return cell.amount.value if cell.amount is not None else None


def _name(table: Table) -> str:
    return table.form.project if table.form and table.form.project else f"{table.id} {table.title}".strip()


# ------------------------------------------------------------------ findings

Matched = tuple[tuple[Finding, ...], tuple[Finding, ...], tuple[tuple[Finding, Finding], ...]]


def _findings(before: Sequence[Finding], after: Sequence[Finding]) -> Matched:
    left: dict[str, list[Finding]] = {}
    for finding in before:
        left.setdefault(finding.fingerprint, []).append(finding)
    new: list[Finding] = []
    staying: list[tuple[Finding, Finding]] = []
    for finding in after:
        known = left.get(finding.fingerprint)
        if known:
            staying.append((known.pop(0), finding))
        else:
            new.append(finding)
    kept = Counter(id(one) for one, _ in staying)
    return tuple(f for f in before if id(f) not in kept), tuple(new), tuple(staying)


# ------------------------------------------------------------------ tables

def match_tables(before: Document, after: Document) -> tuple[list[tuple[Table, Table]], list[Table], list[Table]]:
    """Tables that correspond, those only in the first, those only in the second.

    By project name for performance forms, else by role, printed number or title; a table is taken once.
    """
    free = list(after.tables)
    pairs: list[tuple[Table, Table]] = []
    gone: list[Table] = []
    for table in before.tables:
        mate = _mate(table, free)
        if mate is None:
            gone.append(table)
        else:
            free.remove(mate)
            pairs.append((table, mate))
    return pairs, gone, free


def _mate(table: Table, free: Sequence[Table]) -> Table | None:
    same_kind = [t for t in free if (t.form is None) == (table.form is None)]
    if table.form is not None:
        project = fold(table.form.project)
        return next((t for t in same_kind if t.form and fold(t.form.project) == project), None)
    if table.role:
        for other in same_kind:
            if other.role == table.role and (other.id == table.id or plain_title(other.title) == plain_title(table.title)):
                return other
        return next((t for t in same_kind if t.role == table.role), None)
    title = plain_title(table.title)
    return next((t for t in same_kind if not t.role and title and plain_title(t.title) == title), None) or \
        next((t for t in same_kind if not t.role and t.id == table.id), None)


def _table(before: Table, after: Table) -> tuple[list[CellChange], list[RowChange]]:
    if before.form is not None and after.form is not None:
        return _form(before, after), []
    cells: list[CellChange] = []
    rows: list[RowChange] = []
    columns = _columns(before, after)
    for side in sorted({line.side for line in (*before.lines, *after.lines)}):
        old = [o for o in before.lines if o.side == side]
        new = [o for o in after.lines if o.side == side]
        for one, two in match_lines(old, new, before, after):
            if one is not None and two is not None:
                cells += _line(before, after, one, two, columns)
            elif one is not None:
                rows.append(RowChange(REMOVED, _name(before), one.label, tuple(c for c in one.cells.values() if c.text), before.id))
            elif two is not None:
                rows.append(RowChange(ADDED, _name(after), two.label, tuple(c for c in two.cells.values() if c.text), after.id))
    return cells, rows


def _columns(before: Table, after: Table) -> list[tuple[str | None, str | None]]:
    """Column keys that correspond; years in generic headings don't part them."""
    plain_after = {_YEAR.sub("", c.key): c.key for c in after.columns}
    pairs: list[tuple[str | None, str | None]] = []
    for column in before.columns:
        pairs.append((column.key, plain_after.pop(_YEAR.sub("", column.key), None)))
    return pairs + [(None, key) for key in plain_after.values()]


def match_lines(before: Sequence[Line], after: Sequence[Line], one: Table, two: Table) -> list[tuple[Line | None, Line | None]]:
    """Rows that correspond, in order: by code, name and other texts; then by what is left in the same gap; then wherever moved."""
    old, new = [_row_key(o, one) for o in before], [_row_key(o, two) for o in after]
    pairs: list[tuple[Line | None, Line | None]] = []
    for code, a0, a1, b0, b1 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if code == "equal":
            pairs += zip(before[a0:a1], after[b0:b1], strict=True)
        else:
            pairs += _gap(list(before[a0:a1]), list(after[b0:b1]), one, two)
    return _moved(pairs, one, two)


def aligned_rows(one: Table, two: Table) -> list[tuple[int | None, int | None]]:
    """Body rows of two tables that stand beside each other, None where one has none. Two-sided tables are taken row by row."""
    if any(line.side for line in (*one.lines, *two.lines)) or not one.lines or not two.lines:
        most = max(len(one.rows), len(two.rows))
        return [(i if i < len(one.rows) else None, i if i < len(two.rows) else None) for i in range(most)]
    return [(a.index if a else None, b.index if b else None) for a, b in match_lines(one.lines, two.lines, one, two)]


def _row_key(line: Line, table: Table) -> tuple[str, ...]:
    kinds = {c.key: c.kind for c in table.columns}
    texts = [fold(cell.text) for key, cell in line.cells.items() if kinds.get(key) in ("code", "name")]
    return tuple(texts) or (fold(line.label),)


def _gap(old: list[Line], new: list[Line], one: Table, two: Table) -> list[tuple[Line | None, Line | None]]:
    """Within a stretch that differs: rows with a name or a code in common belong together (a corrected code, a corrected name)."""
    pairs: list[tuple[Line | None, Line | None]] = []
    for line in old:
        mate = next((o for o in new if (line.code and o.code == line.code) or (fold(o.name) == fold(line.name) and line.name)), None)
        mate = mate or next((o for o in new if _alike(line, o)), None)
        if mate is not None:
            new.remove(mate)
        pairs.append((line, mate))
    return pairs + [(None, line) for line in new]


def _alike(one: Line, two: Line) -> bool:
    return SequenceMatcher(None, fold(one.label), fold(two.label), autojunk=False).ratio() >= 0.7


def _moved(pairs: list[tuple[Line | None, Line | None]], one: Table, two: Table) -> list[tuple[Line | None, Line | None]]:
    """Rows taken out here and put in there are one row that moved."""
    come: dict[tuple[str, ...], list[Line]] = {}
    for left, right in pairs:
        if left is None and right is not None:
            come.setdefault(_row_key(right, two), []).append(right)
    out: list[tuple[Line | None, Line | None]] = []
    used: set[int] = set()
    for left, right in pairs:
        if left is not None and right is None:
            waiting = come.get(_row_key(left, one))
            if waiting:
                right = waiting.pop(0)
                used.add(id(right))
        out.append((left, right))
    return [(a, b) for a, b in out if not (a is None and b is not None and id(b) in used)]


def _line(before: Table, after: Table, one: Line, two: Line,
          columns: Sequence[tuple[str | None, str | None]]) -> Iterator[CellChange]:
    labels = {c.key: (c.path[-1] if c.path else c.key) for c in (*before.columns, *after.columns)}
    for old_key, new_key in columns:
        if old_key not in one.cells and new_key not in two.cells:
            continue
        old = one.cells.get(old_key) if old_key else None
        new = two.cells.get(new_key) if new_key else None
        if _same(old, new):
            continue
        kind = CHANGED if old_key and new_key else REMOVED if old_key else ADDED
        yield CellChange(kind, _name(after), two.label or one.label, labels[new_key or old_key or ""], old, new, before.id, after.id)


def _same(one: Cell | None, two: Cell | None) -> bool:
    if one is not None and two is not None and one.amount is not None and two.amount is not None:
        return one.amount.value == two.amount.value and one.amount.digits == two.amount.digits
    return fold(one.text if one else "") == fold(two.text if two else "")


def _form(before: Table, after: Table) -> list[CellChange]:
    assert before.form is not None and after.form is not None
    cells = _keyed(before, after, {("", k): c for k, c in before.form.fields.items()}, {("", k): c for k, c in after.form.fields.items()})
    cells += _keyed(before, after, dict(before.form.funds), dict(after.form.funds))
    return cells + _keyed(before, after, _indicators(before), _indicators(after))


def _indicators(table: Table) -> dict[tuple[str, str], Cell]:
    found: dict[tuple[str, str], Cell] = {}
    for indicator in table.form.indicators if table.form else ():
        name = indicator.name.text if indicator.name else ""
        row = " · ".join(p for p in (indicator.period, indicator.level1, indicator.level2, name) if p)
        count = sum(1 for known, _ in found if known == row or known.startswith(f"{row}（第"))
        cell = indicator.value or indicator.name
        if cell is not None:
            found[(f"{row}（第{count + 1}项）" if count else row, "指标值")] = cell
    return found


def _keyed(before: Table, after: Table, old: Mapping[tuple[str, str], Cell], new: Mapping[tuple[str, str], Cell]) -> list[CellChange]:
    changes: list[CellChange] = []
    for key in dict.fromkeys((*old, *new)):
        one, two = old.get(key), new.get(key)
        if not _same(one, two):
            kind = CHANGED if one and two else REMOVED if one else ADDED
            changes.append(CellChange(kind, _name(after), key[0] or key[1], key[1] if key[0] else "", one, two, before.id, after.id))
    return changes


# ------------------------------------------------------------------ narrative

def _texts(before: Document, after: Document) -> Iterator[TextChange]:
    free = list(after.sections)
    for section in before.sections:
        mate = _section_mate(section, free)
        if mate is not None:
            free.remove(mate)
        yield from _paragraphs((mate or section).title, section.paragraphs, mate.paragraphs if mate else ())
    for section in free:
        yield from _paragraphs(section.title, (), section.paragraphs)


def _section_mate(section: Section, free: Sequence[Section]) -> Section | None:
    if section.role:
        same = next((s for s in free if s.role == section.role), None)
        if same is not None:
            return same
    return next((s for s in free if plain_title(s.title) == plain_title(section.title) and s.level == section.level), None)


def _paragraphs(title: str, old: Sequence[Paragraph], new: Sequence[Paragraph]) -> Iterator[TextChange]:
    matcher = SequenceMatcher(None, [fold(p.text) for p in old], [fold(p.text) for p in new], autojunk=False)
    for code, a0, a1, b0, b1 in matcher.get_opcodes():
        if code == "equal":
            continue
        left, right = list(old[a0:a1]), list(new[b0:b1])
        for paragraph in left:
            mate = next((p for p in right if _ratio(paragraph.text, p.text) >= 0.4), None)
            if mate is None:
                yield TextChange(REMOVED, title, ((REMOVED, paragraph.text),), paragraph.span(), None)
            else:
                right.remove(mate)
                yield TextChange(CHANGED, title, difference(paragraph.text, mate.text), paragraph.span(), mate.span())
        for paragraph in right:
            yield TextChange(ADDED, title, ((ADDED, paragraph.text),), None, paragraph.span())


def _ratio(one: str, two: str) -> float:
    matcher = SequenceMatcher(None, one, two, autojunk=False)
    return 0.0 if matcher.real_quick_ratio() < 0.4 else matcher.ratio()


def difference(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """Two texts as one, in pieces that stay, go or come. A figure changes as a whole, never by digits."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    pieces: list[tuple[str, str]] = []
    matcher = SequenceMatcher(None, [fold(t) for t in old], [fold(t) for t in new], autojunk=False)
    for code, a0, a1, b0, b1 in matcher.get_opcodes():
        if code == "equal":
            pieces.append(("equal", "".join(new[b0:b1])))
            continue
        if a1 > a0:
            pieces.append((REMOVED, "".join(old[a0:a1])))
        if b1 > b0:
            pieces.append((ADDED, "".join(new[b0:b1])))
    return tuple(pieces)
