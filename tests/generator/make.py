"""One case in, one file and its truth out."""
from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.generator import accounts, extra, plants, shanghai, shanxi
from tests.generator.paper import Grid, Paper
from tests.generator.pdf import Laid, draw
from tests.generator.styles import STYLES, Style
from tests.generator.truth import truth
from tests.generator.world import World, make


@dataclass(frozen=True)
class Case:
    """What to make up: template, trade, and the look of the file."""

    template: str = "shanxi-budget"
    theme: str = "hrss"
    seed: int = 1
    year: int = 2024
    single: bool = False
    style: str = "ruled"
    residues: bool = False
    fund: bool = False
    own: bool = False
    carried_basic: bool = False
    cars: bool = True
    carried: int = 2
    projects: int = 9
    blocks: int = 4
    adjustments: bool = False

    @property
    def name(self) -> str:
        return f"{self.template}-{self.theme}-{'unit' if self.single else 'dept'}-{self.year}-{self.seed}-{self.style}"


@dataclass(frozen=True)
class Generated:
    path: Path
    truth: dict[str, Any]
    paper: Paper


def world_of(case: Case) -> World:
    city = case.template.startswith("shanghai")
    late = 0 if case.template == "shanghai-budget" else case.carried
    return make(case.seed, case.theme, year=case.year, single=case.single, residues=case.residues or case.template == "shanghai-budget", projects=case.projects,
                carried=late, carried_basic=case.carried_basic and case.template == "shanxi-budget", fund=case.fund, own=case.own, cars=case.cars,
                place="示例市示例区" if city else "示例县")


def paper_of(case: Case) -> Paper:
    """The disclosure of a case, without error."""
    paper = paper_from(world_of(case), case)
    if case.adjustments:  # a table that no template knows, after the numbered ones
        last = max(i for i, b in enumerate(paper.blocks) if isinstance(b, Grid) and b.kind == "budget")
        paper.blocks.insert(last + 1, extra.adjustments(case.year, paper.unit, case.seed))
    return paper


def paper_from(world: World, case: Case) -> Paper:
    """A world as the disclosure that a case asks for."""
    style = STYLES[case.style]
    if case.template == "shanghai-budget":
        return shanghai.disclosure(world, replace(style.look, unit="元", separators=True, digits=0 if case.seed % 2 else 2))
    if case.template.endswith("accounts"):
        return accounts.disclosure(world, style.look, national=case.template.startswith("national"), columns=1 if case.seed % 2 else 3)
    return shanxi.disclosure(world, style.look, blocks=case.blocks, charts=style.charts, wide=style.wide)


def placed(said: dict[str, Any], laid: Laid | None, paper: Paper) -> dict[str, Any]:
    """What was planted, with its page, without the notes for ourselves."""
    out = {k: v for k, v in said.items() if not k.startswith("_")}
    out.setdefault("table", None)
    out.setdefault("row_label", None)
    out.setdefault("column", None)
    if "cells" in said:
        out["cells"] = [placed(c, laid, paper) for c in said["cells"]]
    if "_shift" in said and laid:
        entry = paper.contents[said["_entry"]]
        at = (laid.headings.get(entry.target) or laid.titles.get(entry.target) or 0) - laid.front
        out |= {"old": str(at), "new": str(at + said["_shift"])}
    out["page"] = _page(said, laid, paper) if laid else None
    return out


def _page(said: dict[str, Any], laid: Laid, paper: Paper) -> int | None:
    if "_para" in said:
        return laid.page_of(list(paper.paragraphs())[said["_para"]], said["_offset"])
    if "_entry" in said:
        return laid.entries[said["_entry"]][1]
    if "_heading" in said:
        return laid.headings.get(said["_heading"])
    if "_near" in said:
        return laid.titles.get(said["_near"])
    rows = laid.rows.get(said.get("_key", ""), [])
    if "row" in said and said["row"] < len(rows):
        return rows[said["row"]]
    return laid.titles.get(said.get("_key", ""))


def generate(case: Case, folder: Path, plan: Sequence[tuple[str, plants.Change]] = (), name: str = "") -> Generated:
    """Writes the PDF of a case with these errors planted, and its truth beside it."""
    return render(paper_of(case), STYLES[case.style], folder, name or case.name, plan)


def render(paper: Paper, style: Style, folder: Path, name: str, plan: Sequence[tuple[str, plants.Change]] = ()) -> Generated:
    said = []
    for kind, change in plan:
        paper, what = plants.plant(paper, kind, change)
        said.append(what)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.pdf"
    laid = draw(paper, style, path)
    known = truth(paper, laid, path.name, style.name, [placed(s, laid, paper) for s in said], style.header)
    path.with_suffix(".truth.json").write_text(json.dumps(known, ensure_ascii=False), "utf-8")
    return Generated(path, known, paper)
