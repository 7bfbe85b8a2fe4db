"""Templates: what differs by province, year and kind of disclosure, loaded from resources/templates/<id>/.

`layout.toml` says which parts, sections and tables a disclosure has and what their columns are called; `relations.toml` holds the
check formulas. A new province is a new folder.
"""
from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from core.paths import resource
from core.text import fold

_YEAR = re.compile(r"(?:19|20)\d\d(?:年度|年)?")


ROLES = {
    "summary": "收支总表", "income": "收入总表", "expenditure": "支出总表", "appropriation": "财政拨款收支总表", "general": "一般公共预算支出表",
    "basic": "基本支出经济分类表", "fund_income": "政府性基金收入表", "fund": "政府性基金支出表", "capital": "国有资本经营预算表", "three_public": "“三公”经费表",
    "operating": "机关运行经费表", "projects": "项目支出表", "carried_projects": "上年结转项目表", "performance": "绩效目标表", "catalogue": "政府购买服务指导性目录",
}
"""What people call a table of each role, where no template has a name for it."""


def plain_title(text: str) -> str:
    """A title for matching: folded, without years, table numbers, brackets' contents left in."""
    return _YEAR.sub("", fold(text))


@dataclass(frozen=True)
class ColumnLayout:
    """`heading`: patterns for the last printed header; `under`: a pattern some header above must match; `apart`: one that none may."""

    key: str
    heading: re.Pattern[str]
    kind: str = "amount"
    side: int = 0
    under: re.Pattern[str] | None = None
    optional: bool = False
    apart: re.Pattern[str] | None = None


@dataclass(frozen=True)
class TableLayout:
    """A table of the template. `titles` are patterns on `plain_title`. `note`: what the note of an empty table must say."""

    id: str
    role: str
    title: str
    titles: tuple[re.Pattern[str], ...]
    columns: tuple[ColumnLayout, ...]
    unit: str = ""
    required: bool = True
    note: str = ""
    totals: tuple[str, ...] = ("合计", "总计")
    hierarchy: str = "code"
    """code (类款项), economic (names of the economic classes), names (department, unit, project), none."""

    def fits(self, title: str) -> bool:
        """Whether a printed title is this table's; a body's name may stand before the year."""
        forms = {plain_title(title), _YEAR.split(fold(title))[-1]}
        return any(p.fullmatch(form) for p in self.titles for form in forms)


@dataclass(frozen=True)
class SectionLayout:
    """A part or section of the template. `title` is shown when it is missing; `pattern` finds it."""

    role: str
    title: str
    pattern: re.Pattern[str]
    level: int
    required: bool = True


@dataclass(frozen=True)
class Template:
    """A kind of disclosure. `switches` holds what else differs (see docs/templates.md)."""

    id: str
    name: str
    kinds: tuple[str, ...]
    first_year: int
    last_year: int
    signs: tuple[tuple[re.Pattern[str], int], ...]
    tables: tuple[TableLayout, ...]
    sections: tuple[SectionLayout, ...]
    terms: tuple[str, ...] = ()
    switches: Mapping[str, Any] = field(default_factory=dict)
    relations: tuple[Mapping[str, Any], ...] = ()

    @cached_property
    def by_id(self) -> dict[str, TableLayout]:
        return {t.id: t for t in self.tables}

    def table(self, name: str) -> TableLayout | None:
        return self.by_id.get(name) or next((t for t in self.tables if t.role == name), None)

    def layout_for(self, title: str) -> TableLayout | None:
        return next((t for t in self.tables if t.fits(title)), None)


GENERIC = Template("generic", "未识别的公开文件", (), 0, 9999, (), (), ())


def _patterns(value: str | list[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(v) for v in ([value] if isinstance(value, str) else value))


def _table(raw: Mapping[str, Any]) -> TableLayout:
    columns = tuple(
        ColumnLayout(c["key"], re.compile(c.get("heading", c["key"])), c.get("kind", "amount"), c.get("side", 0),
                     re.compile(c["under"]) if "under" in c else None, c.get("optional", False),
                     re.compile(c["apart"]) if "apart" in c else None)
        for c in raw["columns"])
    return TableLayout(raw["id"], raw["role"], raw["title"], _patterns(raw["titles"]), columns, raw.get("unit", ""),
                       raw.get("required", True), raw.get("note", ""), tuple(raw.get("totals", ("合计", "总计"))),
                       raw.get("hierarchy", "code"))


def _relations(folder: Path) -> list[Mapping[str, Any]]:
    """The relations of a template folder; `include` names another template whose relations hold here too, unless redefined by id."""
    file = folder / "relations.toml"
    if not file.is_file():
        return []
    raw = tomllib.loads(file.read_text("utf-8"))
    own: list[Mapping[str, Any]] = raw.get("relation", [])
    ids = {r["id"] for r in own}
    shared = _relations(folder.parent / raw["include"]) if "include" in raw else []
    return [*(r for r in shared if r["id"] not in ids), *own]


def load_template(folder: Path) -> Template:
    """Read one template folder. Raises OSError, tomllib.TOMLDecodeError or KeyError when it is malformed."""
    raw = tomllib.loads((folder / "layout.toml").read_text("utf-8"))
    relations = _relations(folder)
    head = raw["template"]
    sections = tuple(
        SectionLayout(s["role"], s["title"], re.compile(s.get("pattern", re.escape(fold(s["title"])))), s["level"],
                      s.get("required", True))
        for s in raw.get("section", []))
    return Template(head["id"], head["name"], tuple(head["kinds"]), head.get("first_year", 0), head.get("last_year", 9999),
                    tuple((re.compile(s["pattern"]), s.get("weight", 1)) for s in raw.get("sign", [])),
                    tuple(_table(t) for t in raw["table"]), sections, tuple(raw.get("terms", {}).get("required", ())),
                    raw.get("switches", {}), tuple(relations))


@cache
def templates() -> tuple[Template, ...]:
    """Every bundled template, by id."""
    folders = sorted(p.parent for p in resource("templates").glob("*/layout.toml"))
    return tuple(load_template(folder) for folder in folders)


def template(template_id: str) -> Template:
    """A template by id; KeyError when there is none."""
    for known in (*templates(), GENERIC):
        if known.id == template_id:
            return known
    raise KeyError(template_id)
