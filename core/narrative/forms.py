"""Performance target forms against the project tables: amounts, names, and which project each form belongs to."""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from core.model import Cell, Document, Form, Line, Table
from core.numbers import Amount, is_blank, same_figure
from core.results import Evidence, of_cell
from core.text import fold

PERIODS = ("实施期", "年度")
SOURCES = ("财政拨款", "中央", "省级", "市县", "单位自筹", "其他")
_MARKS = re.compile(r"[\"'《》<>()（）【】\[\]〔〕,，。、:：;；\-—_·.]")


@dataclass(frozen=True)
class ProjectForm:
    """A form with the table it stands in."""

    table: Table
    form: Form

    @property
    def name(self) -> str:
        return self.form.project

    def amount(self, period: str, label: str = "总额") -> Amount | None:
        cell = self.form.funds.get((period, label))
        return None if cell is None else Amount(Decimal(0), self.form.unit, 0) if is_blank(cell.text) else cell.amount

    @property
    def total(self) -> Amount | None:
        """The year's total; the whole period's where the form has but one."""
        found = self.amount("年度")
        return found if found is not None else self.amount("实施期")

    @property
    def total_cell(self) -> Cell | None:
        return self.form.funds.get(("年度", "总额")) or self.form.funds.get(("实施期", "总额"))

    def evidence(self, cell: Cell | None, column: str, role: str = "actual") -> tuple[Evidence, ...]:
        if cell is None:
            return ()
        return (of_cell(cell, self.table.id, self.name, column, role),)

    def named(self, role: str = "actual") -> tuple[Evidence, ...]:
        """Where the form says which project it is of."""
        return self.evidence(self.form.fields.get("项目名称"), "项目名称", role)


@dataclass(frozen=True)
class Project:
    """A project row of the tables of this year's or carried-over projects."""

    table: Table
    line: Line

    @property
    def name(self) -> str:
        return self.line.name

    def cell(self, key: str = "合计") -> Cell | None:
        return self.line.cells.get(key)

    def amount(self, key: str = "合计") -> Amount | None:
        cell = self.cell(key)
        return cell.amount if cell is not None else None

    def evidence(self, role: str = "expected", key: str = "合计") -> tuple[Evidence, ...]:
        cell = self.cell(key)
        column = self.table.column(key)
        return (of_cell(cell, self.table.id, self.line.label, column.label if column else key, role),) if cell is not None else ()


def forms(doc: Document) -> list[ProjectForm]:
    return [ProjectForm(t, t.form) for t in doc.forms() if t.form is not None]


def plain(name: str) -> str:
    """A project's name for matching: punctuation, brackets and blanks left out."""
    return _MARKS.sub("", fold(name))


def projects(doc: Document, role: str) -> list[Project]:
    """The project rows of a project table: the lowest level."""
    table = doc.table(role)
    if table is None:
        return []
    lines = [o for o in table.lines if not o.total and o.level == 3]
    return [Project(table, o) for o in lines]


def project_total(doc: Document, role: str) -> Amount | None:
    """The total of a project table: its total row, else its first row."""
    table = doc.table(role)
    if table is None:
        return None
    line = table.total_line() or (table.lines[0] if table.lines else None)
    cell = line.cells.get("合计") if line is not None else None
    if cell is None or cell.amount is None:
        return Amount(Decimal(0), table.amount_unit, 2) if table.empty else None
    return cell.amount


def leaves_add_up(doc: Document, role: str) -> bool:
    """Whether the rows taken for projects sum up to the table's total: then the levels were read rightly."""
    total = project_total(doc, role)
    amounts = [a for p in projects(doc, role) if (a := p.amount()) is not None]
    if total is None:
        return False
    gap = abs(sum((a.value for a in amounts), Decimal(0)) - total.value)
    return gap <= total.half * (len(amounts) + 1)


def in_unit_of(form_amount: Amount, other: Amount) -> bool:
    return same_figure(other, form_amount.to(other.unit)) or abs(form_amount.to(other.unit).value - other.value) <= other.half


def pairs(doc: Document) -> tuple[list[tuple[ProjectForm, Project]], list[ProjectForm], list[Project]]:
    """Forms paired with project rows of the same name, as multisets: two projects may share one name.

    Among equals those with the same amount go together first. Returns the pairs, forms without a project, projects without a form.
    """
    rows = [*projects(doc, "projects"), *projects(doc, "carried_projects")]
    free: dict[str, list[Project]] = {}
    for row in rows:
        free.setdefault(plain(row.name), []).append(row)
    waiting: list[ProjectForm] = []
    made: list[tuple[ProjectForm, Project]] = []
    every = forms(doc)
    for form in every:
        match = next((r for r in free.get(plain(form.name), []) if _equal(form, r)), None)
        if match is None:
            waiting.append(form)
        else:
            free[plain(form.name)].remove(match)
            made.append((form, match))
    lonely: list[ProjectForm] = []
    for form in waiting:
        left = free.get(plain(form.name), [])
        if left:
            made.append((form, left.pop(0)))
        else:
            lonely.append(form)
    order = {id(f): i for i, f in enumerate(every)}
    return sorted(made, key=lambda m: order[id(m[0])]), lonely, [r for left in free.values() for r in left]


def _equal(form: ProjectForm, row: Project) -> bool:
    one, two = form.total, row.amount()
    return one is not None and two is not None and in_unit_of(one, two)


def unsure(doc: Document, *forms: ProjectForm) -> bool:
    """Whether a form was read from a picture or from converted text, where a slip of the reading is likelier than one of the author."""
    return doc.form == "text" or any(c.ocr for f in forms for c in (*f.form.fields.values(), *f.form.funds.values()))


def unnamed(doc: Document) -> int:
    """How many forms had no project name that could be read."""
    return sum(1 for f in forms(doc) if not plain(f.name))


def all_zero(doc: Document) -> bool:
    """Every total of every form is zero or blank."""
    totals = [a for f in forms(doc) for p in PERIODS if (a := f.amount(p)) is not None]
    return bool(totals) and not any(a.value for a in totals)


def source_cells(form: ProjectForm, period: str) -> Iterator[tuple[str, Cell]]:
    for label in SOURCES:
        cell = form.form.funds.get((period, label))
        if cell is not None:
            yield label, cell
