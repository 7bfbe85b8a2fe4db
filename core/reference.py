"""Code lists, the service catalogue and regulations, looked up by key; and the office's own lists, which outrank them.

Rows of confidence `inferred` were recalled, not read: they serve look-up and hints, and never accuse (resources/reference/README.md).
"""
from __future__ import annotations

import csv
import io
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from core.errors import Unreadable
from core.paths import resource, user_data
from core.text import fold

FUNCTIONAL, REVENUE, DEPARTMENT, GOVERNMENT = "functional_expenditure", "functional_revenue", "economic_department", "economic_government"
LISTS = {FUNCTIONAL: "支出功能分类", REVENUE: "收入分类", DEPARTMENT: "部门预算支出经济分类", GOVERNMENT: "政府预算支出经济分类"}
BUDGETS = {
    "一般公共预算": FUNCTIONAL, "政府性基金预算": FUNCTIONAL, "国有资本经营预算": FUNCTIONAL, "支出功能分类": FUNCTIONAL,
    "收入分类": REVENUE, "部门预算支出经济分类": DEPARTMENT, "政府预算支出经济分类": GOVERNMENT,
}
"""What an imported list may cover, as the reviewer names it, and the code list it belongs to."""
OFFICE = "office"
SURE = frozenset({"official_list", "seen_in_disclosure", OFFICE})
"""Confidences that may be the ground of an error."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A code with one of its names. `valid_from`, `valid_to` are None where not established."""

    code: str
    name: str
    confidence: str
    budget: str = ""
    valid_from: int | None = None
    valid_to: int | None = None

    @property
    def sure(self) -> bool:
        return self.confidence in SURE


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """A row of the reference service catalogue. `level` is by its printed column (1..4)."""

    department: str
    code: str
    name: str
    level: int


@dataclass(frozen=True, slots=True)
class Regulation:
    """What a rule stands on. `seen`: full, quoted, unseen or custom (see regulations.toml)."""

    key: str
    title: str
    article: str
    date: str
    seen: str
    note: str

    @property
    def text(self) -> str:
        """How a finding cites it: 《预算法》第四十六条."""
        name = f"《{self.title}》" if self.seen != "custom" or self.article else self.title
        return f"{name}{self.article}"


@dataclass(frozen=True)
class CodeList:
    """One list of codes: every name a code may bear."""

    key: str
    subjects: tuple[Subject, ...]
    complete: frozenset[str] = frozenset()
    """Three-digit classes whose codes all stand in an office's list: a code of theirs that is not listed does not exist."""

    @cached_property
    def by_code(self) -> Mapping[str, tuple[Subject, ...]]:
        found: dict[str, list[Subject]] = {}
        for subject in self.subjects:
            found.setdefault(subject.code, []).append(subject)
        return {code: tuple(rows) for code, rows in found.items()}

    @cached_property
    def by_name(self) -> Mapping[str, tuple[Subject, ...]]:
        found: dict[str, list[Subject]] = {}
        for subject in self.subjects:
            found.setdefault(fold(subject.name), []).append(subject)
        return {name: tuple(rows) for name, rows in found.items()}

    def of(self, code: str) -> tuple[Subject, ...]:
        return self.by_code.get(code, ())

    def named(self, name: str) -> tuple[Subject, ...]:
        return self.by_name.get(fold(name), ())

    def must_have(self, code: str) -> bool:
        """Whether this list is known to hold every code of that class."""
        return code[:3] in self.complete

    def nearest_code(self, code: str, name: str = "") -> Subject | None:
        """The listed code one slip away (a digit changed, left out or added, two swapped); the name helps to choose."""
        close = [s for other, rows in self.by_code.items() if _one_slip(code, other) for s in rows]
        if not close:
            return None
        return max(close, key=lambda s: (fuzz.ratio(fold(name), fold(s.name)), s.sure))

    def nearest_name(self, name: str, least: float = 75.0) -> Subject | None:
        found = process.extractOne(fold(name), list(self.by_name), scorer=fuzz.ratio, score_cutoff=least)
        return self.by_name[found[0]][0] if found else None


@dataclass(frozen=True)
class Catalogue:
    """The service catalogue of a province: blocks of departments, accepted variants and the issuer's own defects."""

    rows: tuple[CatalogueRow, ...]
    variants: Mapping[tuple[str, str], Mapping[str, str]]
    """(department, code) to the other readings and their class: open or noise."""
    irregular: frozenset[tuple[str, str, str]]
    """(department, code, name), folded: rows that every copy prints so, and that no body is to be blamed for."""
    repaired: frozenset[tuple[str, str, str]] = frozenset()
    """The same rows as they were meant: a copy that prints them so is right too. A code ending in * stands for its children."""

    @cached_property
    def blocks(self) -> Mapping[str, tuple[CatalogueRow, ...]]:
        found: dict[str, list[CatalogueRow]] = {}
        for row in self.rows:
            found.setdefault(row.department, []).append(row)
        return {department: tuple(rows) for department, rows in found.items()}

    @cached_property
    def names_of(self) -> Mapping[str, frozenset[str]]:
        """Code to every name it bears in any block, folded."""
        found: dict[str, set[str]] = {}
        for row in self.rows:
            found.setdefault(row.code, set()).add(fold(row.name))
        return {code: frozenset(names) for code, names in found.items()}

    def usual_name(self, code: str) -> str:
        """The name that most blocks give to a code, "" when none has it."""
        names = Counter(row.name for row in self.rows if row.code == code).most_common(1)
        return names[0][0] if names else ""

    def department(self, printed: str) -> str | None:
        """The block that a printed department heading means, or None."""
        plain = fold(printed)
        for name in self.blocks:
            if fold(name) == plain:
                return name
        found = process.extractOne(plain, {n: fold(n) for n in self.blocks}, scorer=fuzz.ratio, score_cutoff=80)
        return found[2] if found else None

    def is_irregular(self, department: str, code: str, name: str) -> bool:
        return (fold(department), code, fold(name)) in self.irregular

    def is_repaired(self, department: str, code: str, name: str) -> bool:
        """Whether this is one of the issuer's defects put right."""
        place, plain = fold(department), fold(name)
        return (place, code, plain) in self.repaired or (place, f"{code[:-2]}*", plain) in self.repaired


@dataclass(frozen=True)
class Reference:
    """Everything a rule may look up, for one year."""

    year: int | None
    lists: Mapping[str, CodeList]
    catalogue: Catalogue
    mapping: Mapping[str, frozenset[str]]
    """Name of a department economic subject to the government subjects it may stand with, folded."""
    regulations: Mapping[str, Regulation] = field(default_factory=dict)

    @property
    def functional(self) -> CodeList:
        return self.lists[FUNCTIONAL]

    @property
    def revenue(self) -> CodeList:
        return self.lists[REVENUE]

    @property
    def department_economic(self) -> CodeList:
        return self.lists[DEPARTMENT]

    @property
    def government_economic(self) -> CodeList:
        return self.lists[GOVERNMENT]

    def basis(self, keys: Iterable[str]) -> str:
        """The regulations of a rule in one line, for findings and exports."""
        return "；".join(self.regulations[key].text for key in keys if key in self.regulations)


def _one_slip(one: str, two: str) -> bool:
    if one == two or abs(len(one) - len(two)) > 1:
        return False
    if len(one) == len(two):
        wrong = [i for i, (a, b) in enumerate(zip(one, two, strict=True)) if a != b]
        return len(wrong) == 1 or (len(wrong) == 2 and wrong[1] == wrong[0] + 1 and one[wrong[0]] == two[wrong[1]] and
                                   one[wrong[1]] == two[wrong[0]])
    short, long = sorted((one, two), key=len)
    return any(long[:i] + long[i + 1:] == short for i in range(len(long)))


# ------------------------------------------------------------------ bundled data

def _csv(name: str) -> Iterator[dict[str, str]]:
    with resource("reference", f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _year(text: str) -> int | None:
    return int(text) if text.isdigit() else None


@cache
def _bundled(key: str) -> tuple[Subject, ...]:
    return tuple(Subject(r["code"], r["name"], r["confidence"], r.get("budget", ""), _year(r["valid_from"]), _year(r["valid_to"]))
                 for r in _csv(key))


@cache
def _catalogue() -> Catalogue:
    rows = [CatalogueRow(r["department"], r["code"], r["name"], int(r["level"])) for r in _csv("service_catalogue_shanxi_2023")]
    rows += [CatalogueRow("", r["code"], r["name"], int(r["level"])) for r in _csv("service_catalogue_shanxi_2023_b")]
    variants: dict[tuple[str, str], dict[str, str]] = {}
    for r in _csv("service_catalogue_variants"):
        variants.setdefault((r["department"], r["code"]), {})[fold(r["variant"])] = r["class"]
    defects = list(_csv("service_catalogue_irregularities"))
    irregular = frozenset((fold(r["department"]), r["code"], fold(r["name"])) for r in defects)
    repaired = frozenset(_meant(r) for r in defects if r["likely_intended"])
    return Catalogue(tuple(rows), variants, irregular, repaired)


def _meant(row: Mapping[str, str]) -> tuple[str, str, str]:
    """A defective row of the issuer as it was meant: another code, another name, or a place under another code."""
    intended, department, name = row["likely_intended"], fold(row["department"]), fold(row["name"])
    if intended.startswith("a child of "):
        return department, f"{intended.removeprefix('a child of ')}*", name
    if re.fullmatch(r"[A-Z]\d*", intended):
        return department, intended, name
    return department, row["code"], fold(intended)


@cache
def _mapping() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for r in _csv("economic_mapping"):
        found.setdefault(fold(r["department_name"]), set()).add(fold(r["government_name"]))
    return {name: frozenset(others) for name, others in found.items()}


@cache
def regulations() -> Mapping[str, Regulation]:
    """Every regulation by its key."""
    raw: dict[str, Any] = tomllib.loads(resource("reference", "regulations.toml").read_text("utf-8"))
    return {key: Regulation(key, r["title"], r["article"], r["date"], r["seen"], r["note"]) for key, r in raw.items()}


def load_reference(year: int | None = None) -> Reference:
    """The code lists of a year: the office's own lists for that year where there are any, the bundled rows elsewhere."""
    lists = {key: _with_office(key, year) for key in LISTS}
    return Reference(year, lists, _catalogue(), _mapping(), regulations())


def _with_office(key: str, year: int | None) -> CodeList:
    own: list[Subject] = []
    for budget, belongs in BUDGETS.items():
        path = _office_file(year, budget) if belongs == key and year is not None else None
        if path is not None and path.is_file():
            with path.open(encoding="utf-8", newline="") as file:
                own += [Subject(r["code"], r["name"], OFFICE, budget) for r in csv.DictReader(file)]
    if not own:
        return CodeList(key, _bundled(key))
    complete = frozenset(s.code[:3] for s in own)
    rest = tuple(s for s in _bundled(key) if s.code[:3] not in complete)
    return CodeList(key, (*own, *rest), complete)


# ------------------------------------------------------------------ the office's own lists

_CODE_HEADING = re.compile(r"(?:科目)?(?:编码|代码)|编码.*|代码.*|科目编号")
_NAME_HEADING = re.compile(r".*名称.*|科目")
_CODE = re.compile(r"\d{3}(?:\d\d){0,2}")


def _office_file(year: int, budget: str) -> Path:
    return user_data() / "reference" / f"{year}-{budget}.csv"


def import_office_list(path: Path | str, year: int, budget: str) -> Path:
    """Take in the office's book of subjects (xlsx or csv) for a year; returns where it is kept. It outranks the bundled rows.

    `budget` is a key of `BUDGETS`. The file needs a column of codes (or 类, 款, 项 in three) and one of names. Unreadable when it has none.
    """
    path = Path(path)
    if budget not in BUDGETS:
        raise Unreadable(f"不认识的科目类别“{budget}”，可选：{'、'.join(BUDGETS)}")
    subjects = _subjects(_sheet_rows(path))
    if not subjects:
        raise Unreadable(f"“{path.name}”中没有找到科目编码和名称，请确认有“科目编码”“科目名称”两列（或类、款、项三列）")
    target = _office_file(year, budget)
    target.parent.mkdir(parents=True, exist_ok=True)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("code", "name"))
    writer.writerows(subjects)
    partial = target.with_suffix(".tmp")
    partial.write_text(out.getvalue(), "utf-8")
    partial.replace(target)
    return target


def office_lists() -> list[tuple[int, str, int]]:
    """The imported lists: year, budget, number of rows."""
    found: list[tuple[int, str, int]] = []
    for path in sorted((user_data() / "reference").glob("*.csv")):
        year, _, budget = path.stem.partition("-")
        if year.isdigit() and budget in BUDGETS:
            found.append((int(year), budget, max(0, len(path.read_text("utf-8").splitlines()) - 1)))
    return found


def remove_office_list(year: int, budget: str) -> None:
    """Forget an imported list; the bundled rows count again."""
    _office_file(year, budget).unlink(missing_ok=True)


def _sheet_rows(path: Path) -> list[list[str]]:
    suffix = path.suffix.lower()
    if suffix in (".xlsx", ".xlsm"):
        from openpyxl import load_workbook
        try:
            book = load_workbook(path, read_only=True, data_only=True)
        except Exception as error:
            raise Unreadable(f"“{path.name}”不能作为 Excel 文件打开，请另存为 xlsx 后重试") from error
        with_book = [[_text(v) for v in row] for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)]
        book.close()
        return with_book
    if suffix in (".csv", ".txt"):
        data = path.read_bytes()
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return [list(map(_text, row)) for row in csv.reader(io.StringIO(data.decode(encoding)))]
            except UnicodeDecodeError:
                continue
        raise Unreadable(f"“{path.name}”的文字编码无法识别，请另存为 UTF-8 的 csv")
    raise Unreadable(f"“{path.name}”不是 xlsx 或 csv 文件")


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def _subjects(rows: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    """Code and name of every row; the heading may stand anywhere and come again."""
    found: dict[tuple[str, str], None] = {}
    code_at: list[int] = []
    name_at = -1
    open_parts = ["", "", ""]
    for row in rows:
        plain = [fold(c) for c in row]
        headings = _headings(plain)
        if headings is not None:
            code_at, name_at = headings
            open_parts = ["", "", ""]
            continue
        if name_at < 0 and len(plain) >= 2 and _CODE.fullmatch(plain[0]) and plain[1] and not plain[1][0].isdigit():
            code_at, name_at = [0], 1
        if name_at < 0 or max((*code_at, name_at)) >= len(row):
            continue
        parts = [plain[i] for i in code_at]
        code = _joined(parts, open_parts) if len(parts) > 1 else parts[0]
        name = row[name_at].strip()
        if _CODE.fullmatch(code) and name:
            found.setdefault((code, name))
    return list(found)


def _headings(plain: Sequence[str]) -> tuple[list[int], int] | None:
    if {"类", "款"} <= set(plain):
        code_at = [plain.index(t) for t in ("类", "款", "项") if t in plain]
    else:
        code_at = [i for i, t in enumerate(plain) if _CODE_HEADING.fullmatch(t)][:1]
    names = [i for i, t in enumerate(plain) if i not in code_at and _NAME_HEADING.fullmatch(t)]
    return (code_at, names[0]) if code_at and names else None


def _joined(parts: Sequence[str], open_parts: list[str]) -> str:
    """类|款|项 in three columns, where a row may leave the parts blank that the rows above have."""
    last = max((i for i, p in enumerate(parts) if p), default=-1)
    if last < 0 or not all(p.isdigit() for p in parts if p):
        return ""
    for i in range(last + 1):
        if parts[i]:
            open_parts[i] = parts[i] if i == 0 else parts[i].zfill(2)
    for i in range(last + 1, 3):
        open_parts[i] = ""
    return "".join(open_parts[:last + 1])
