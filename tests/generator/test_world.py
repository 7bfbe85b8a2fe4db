"""The made-up bodies: what is printed adds up, within a table, between tables, and in the sentences."""
from __future__ import annotations

import re
from decimal import Decimal

import pytest

from tests.generator.figures import parsed, wan
from tests.generator.make import Case, paper_from, paper_of
from tests.generator.paper import Grid, Paper
from tests.generator.plants import above, below
from tests.generator.world import after, make, parts

CASES = [
    Case("shanxi-budget", "hrss", 1), Case("shanxi-budget", "town", 2, 2026, fund=True, carried_basic=True), Case("shanxi-budget", "medical", 3, single=True, carried=0),
    Case("shanxi-budget", "urban", 4, own=True, cars=False), Case("shanghai-budget", "commerce", 5, 2025), Case("shanghai-budget", "urban", 6, 2025, single=True, own=True, fund=True),
    Case("shanghai-accounts", "urban", 7, fund=True), Case("national-accounts", "medical", 8, single=True),
]


@pytest.fixture(params=CASES, ids=lambda c: c.name)
def paper(request: pytest.FixtureRequest) -> Paper:
    return paper_of(request.param)


def value(grid: Grid, row: int, column: int) -> Decimal:
    return parsed(grid.rows[row].cells[column]) or Decimal(0)


def the(paper: Paper, role: str) -> Grid:
    found = paper.grid(role)
    assert found is not None
    return found


def total(paper: Paper, role: str, column: int) -> Decimal:
    grid = the(paper, role)
    return value(grid, next(i for i, r in enumerate(grid.rows) if r.level == "total"), column)


def test_every_level_is_the_sum_of_the_level_below(paper: Paper) -> None:
    checked = 0
    for grid in paper.grids("budget"):
        if grid.role not in ("income", "expenditure", "general", "fund", "basic"):
            continue
        tolerance = Decimal("0.005") * 20 if grid.unit_line.endswith("万元") else Decimal(1)
        tops = [i for i, r in enumerate(grid.rows) if r.depth == 1]
        for r, row in enumerate(grid.rows):
            children = tops if row.level == "total" else below(grid, r)
            if children:
                for c in grid.amounts:
                    assert abs(value(grid, r, c) - sum(value(grid, i, c) for i in children)) <= tolerance, (grid.id, grid.row_label(r), c)
                    checked += 1
    assert checked > 30


def test_the_first_amount_of_a_row_is_the_sum_of_its_parts(paper: Paper) -> None:
    for grid in paper.grids("budget"):
        if grid.role in ("expenditure", "general", "basic", "projects", "carried_projects", "operating"):
            for r, row in enumerate(grid.rows):
                if row.level:
                    parts = sum(value(grid, r, c) for c in grid.amounts[1:])
                    assert abs(value(grid, r, grid.amounts[0]) - parts) <= Decimal("0.01"), (grid.id, grid.row_label(r))


def test_both_sides_of_the_summary_agree(paper: Paper) -> None:
    for role in ("summary", "appropriation"):
        grid = the(paper, role)
        last = grid.rows[-1].cells
        left, right = last[grid.amounts[0]], last[grid.amounts[1]]
        assert left == right and parsed(left)


def test_leaves_stand_under_all_their_parents(paper: Paper) -> None:
    for grid in paper.grids("budget"):
        if grid.role in ("income", "expenditure", "general"):
            for r, row in enumerate(grid.rows):
                if row.level == "item":
                    up = [grid.rows[i].code for i in above(grid, r)]
                    assert up[:2] == [row.code[:5], row.code[:3]]


@pytest.mark.parametrize("case", [c for c in CASES if c.template == "shanxi-budget"], ids=lambda c: c.name)
def test_relations_between_the_shanxi_tables(case: Case) -> None:
    paper = paper_of(case)
    assert total(paper, "basic", 2) == total(paper, "general", 3)
    assert total(paper, "income", 2) + total(paper, "income", 8) == total(paper, "expenditure", 2) == value(the(paper, "summary"), 32, 1)
    carried = the(paper, "carried_projects")
    late = value(carried, 0, 1) if carried.rows else Decimal(0)
    assert late == total(paper, "income", 8) - (total(paper, "expenditure", 3) - total(paper, "general", 3))
    projects = the(paper, "projects")
    assert value(projects, 0, 1) == total(paper, "expenditure", 4) - late
    housing = {r.cells[0]: value(the(paper, "basic"), i, 2) for i, r in enumerate(the(paper, "basic").rows)}
    general = the(paper, "general")
    fund_row = next(i for i, r in enumerate(general.rows) if r.code == "2210201")
    assert sum(value(the(paper, "basic"), i, 2) for i, r in enumerate(the(paper, "basic").rows) if r.cells[0] == "住房公积金") == value(general, fund_row, 3)
    assert housing["合计"] == total(paper, "basic", 3) + total(paper, "basic", 4)
    forms = {g.project: parsed(g.rows[3].cells[7]) for g in paper.grids("perf")}
    for grid in (projects, carried):
        for r, row in enumerate(grid.rows):
            if row.level == "project":
                assert forms[row.cells[0] or ""] == value(grid, r, 1) * 10000


def test_shares_in_a_sentence_add_up_to_a_hundred(paper: Paper) -> None:
    for para in paper.paragraphs():
        if para.fact in ("income", "general_structure") and para.text.count("占") > 1:
            shares = [Decimal(x) for x in re.findall(r"占(\d+(?:\.\d+)?)%", para.text)]
            assert abs(sum(shares) - 100) <= Decimal("0.005") * len(shares), para.text


def test_empty_tables_have_their_note_and_filled_ones_have_none(paper: Paper) -> None:
    for grid in paper.grids("budget"):
        filled = any(value(grid, r, c) for r in range(len(grid.rows)) for c in grid.amounts)
        assert filled != any("无" in n for n in grid.notes), grid.id


def test_the_same_seed_makes_the_same_body() -> None:
    assert paper_of(CASES[1]) == paper_of(CASES[1])
    assert paper_of(CASES[0]).blocks != paper_of(Case("shanxi-budget", "hrss", 99)).blocks


def test_units_together_are_their_department() -> None:
    world = make(3, "urban", carried_basic=True)
    shares = parts(world)
    assert len(shares) == len(world.units) > 1
    assert sum(s.total for s in shares) == world.total
    assert sum(s.carried for s in shares) == world.carried
    assert sum(s.three for s in shares) == world.three
    for share in shares:
        assert share.this_year > 0 and share.who == "单位"
        assert all(world.current(c) >= share.current(c) for c in share.codes(share.current))


def test_a_year_compares_itself_with_the_year_before() -> None:
    before = make(3, "urban", year=2024)
    text = next(p.text for p in paper_from(after(make(4, "urban", year=2025), before), Case("shanxi-budget", "urban", 4, 2025)).paragraphs() if p.fact == "change")
    now = make(4, "urban", year=2025).total
    assert f"{'增加' if now > before.total else '减少'}{wan(abs(now - before.total))}万元" in text


def test_residues_stay_within_rounding() -> None:
    paper = paper_of(Case("shanxi-budget", "town", 5, residues=True))
    grid = the(paper, "expenditure")
    off = 0
    for r, row in enumerate(grid.rows):
        children = below(grid, r)
        if children and row.level != "total":
            gap = abs(value(grid, r, 2) - sum(value(grid, i, 2) for i in children))
            assert gap <= Decimal("0.005") * (len(children) + 1) + Decimal("0.005")
            off += gap > 0
    assert off, "a world with residues should show some"
