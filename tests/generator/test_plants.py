"""Planting: each kind changes one thing, says where, and can be put at several places."""
from __future__ import annotations

import copy
from pathlib import Path

import pytest

from tests.generator.make import Case, paper_of, render
from tests.generator.paper import Grid, Paper
from tests.generator.plants import KINDS, id_number, like, plant, sites
from tests.generator.styles import STYLES

SEED = 1  # a body that has a place for every kind
PAPERS = {t: paper_of(Case(t, th, SEED, 2025, carried=2, projects=10, fund=fund, style="wrapped" if t == "shanxi-budget" else "ruled"))
          for t, th, fund in (("shanxi-budget", "town", True), ("shanghai-budget", "commerce", False), ("shanghai-accounts", "urban", True))}
SHANXI = PAPERS["shanxi-budget"]
FEW = {"income_ne_expense", "t4_t1_appropriation", "t10_three_public_total", "t10_vehicle_parts", "t10_t6_vehicles", "t11_operating_total", "t11_above_running_costs",
       "t12_total", "t13_total", "t13_carried_over", "narrative_percent", "narrative_direction", "reason_missing", "wrong_comparison_year",
       "missing_note_on_empty_table", "performance_count", "performance_text_amount", "vehicles_sum", "procurement_sum", "catalogue_unknown_code", "catalogue_orphan",
       "narrative_share", "code_order"}
"""Kinds that one document does not offer ten places for."""


@pytest.mark.parametrize("name", list(KINDS))
def test_a_plant_changes_the_copy_and_leaves_the_paper_alone(name: str) -> None:
    before = copy.deepcopy(SHANXI)
    found = sites(SHANXI, name, seed=1)
    assert found, f"no place for {name}"
    for change in found[:3]:
        changed, said = plant(SHANXI, name, change)
        assert changed != SHANXI
        assert said["kind"] == name and said["family"]
        assert said.get("old") != said.get("new") or "_shift" in said
    assert before == SHANXI


@pytest.mark.parametrize("name", [k for k in KINDS if k not in FEW])
def test_there_are_ten_places(name: str) -> None:
    assert len(sites(SHANXI, name, seed=1, most=10)) == 10


def cells(paper: Paper) -> dict[tuple[str, int, int], str | None]:
    return {(g.key, r, c): t for g in paper.grids() for r, row in enumerate(g.rows) for c, t in enumerate(row.cells)}


@pytest.mark.parametrize("name", ["wrong_subtotal_class", "wrong_total_row", "swapped_digits", "decimal_moved", "minus_sign", "thousands_separator_typo", "code_unknown",
                                  "code_name_mismatch", "performance_funds_sum", "t12_total", "t5_t6_basic", "t12_t5_projects", "performance_amount_mismatch"])
def test_exactly_the_named_cells_change(name: str) -> None:
    for change in sites(SHANXI, name, seed=2, most=4):
        changed, said = plant(SHANXI, name, change)
        a, b = cells(SHANXI), cells(changed)
        assert a.keys() == b.keys()
        different = {k for k in a if a[k] != b[k]}
        named = {(s["_key"], s["row"], s["col"]) for s in said.get("cells", [said])}
        assert different == named
        for key, row, col in named:
            assert b[key, row, col] == next(s["new"] for s in said.get("cells", [said]) if (s["_key"], s["row"], s["col"]) == (key, row, col))


def test_a_shift_keeps_its_table_right_in_itself() -> None:
    from tests.generator.test_world import value
    for change in sites(SHANXI, "t1_t3_expenditure", seed=3, most=5):
        changed, _ = plant(SHANXI, "t1_t3_expenditure", change)
        grid = next(g for g in changed.grids() if g.role == "expenditure")
        for r in range(len(grid.rows)):
            assert value(grid, r, 2) == value(grid, r, 3) + value(grid, r, 4)
        assert value(grid, 0, 2) == sum(value(grid, i, 2) for i, row in enumerate(grid.rows) if row.level == "class")


@pytest.mark.parametrize("template", ["shanghai-budget", "shanghai-accounts"])
def test_the_other_templates_offer_places_too(template: str) -> None:
    offered = [name for name in KINDS if sites(PAPERS[template], name)]
    assert len(offered) >= 40, sorted(set(KINDS) - set(offered))


def test_every_planted_error_gets_its_page(tmp_path: Path) -> None:
    for name in ("wrong_total_row", "narrative_amount", "missing_table", "missing_section", "toc_page_wrong", "toc_entry_missing", "glossary_term_missing",
                 "performance_form_missing", "table_twice", "catalogue_orphan", "who_mixed"):
        made = render(SHANXI, STYLES["dense"], tmp_path, name, [(name, sites(SHANXI, name, seed=4, most=1)[0])])
        (said,) = made.truth["injected"]
        assert 1 <= said["page"] <= made.truth["pages"], name
        assert not [k for k in said if k.startswith("_")]


def test_a_removed_row_leaves_merged_cells_where_they_belong() -> None:
    (change, *_) = sites(PAPERS["shanghai-budget"], "missing_addend", seed=1)
    changed, said = plant(PAPERS["shanghai-budget"], "missing_addend", change)
    grid: Grid = next(g for g in changed.grids() if g.id == said["table"])
    for box in grid.boxes:
        assert grid.rows[box.r].level == "total"


def test_figures_keep_their_look() -> None:
    from decimal import Decimal
    assert like("35,892.39", Decimal("1030.05")) == "1,030.05"
    assert like("5884.31", Decimal("12")) == "12.00"
    assert like("35,892. 39", Decimal("7.5")) == "7. 50"
    assert like("１２．３４".replace("．", "."), Decimal("5.6")) == "５.６０"
    assert like("371,514,655", Decimal("8")) == "8"


def test_id_numbers_have_a_right_check_digit() -> None:
    import random
    number = id_number(random.Random(5))
    weights = [2 ** (17 - i) % 11 for i in range(17)]
    assert "10X98765432"[sum(int(d) * w for d, w in zip(number, weights, strict=False)) % 11] == number[-1]
    assert number.startswith("149999")  # no such place
