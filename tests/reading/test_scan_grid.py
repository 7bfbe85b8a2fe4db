"""Skew and ruling lines from pixels."""
from __future__ import annotations

import numpy as np
import pytest

from core.reading.grids import lattices
from core.reading.pdf import PageFacts
from core.reading.scan_grid import Gray, rules_and_ink, skew, straighten

cv2 = pytest.importorskip("cv2")
DPI = 200
XS = [150, 450, 800, 1200, 1500]
YS = [300, 360, 420, 480, 540, 600]


def sheet(missing: tuple[tuple[str, int, int], ...] = (), noise: float = 0.0, text: bool = True) -> Gray:
    """A page with a ruled table of five rows and four columns, text in its cells. `missing`: pieces of lines not drawn."""
    page = np.full((2339, 1654), 245, np.uint8)
    for i, y in enumerate(YS):
        for j in range(len(XS) - 1):
            if ("h", i, j) not in missing:
                cv2.line(page, (XS[j], y), (XS[j + 1], y), 60, 2)
    for j, x in enumerate(XS):
        for i in range(len(YS) - 1):
            if ("v", j, i) not in missing:
                cv2.line(page, (x, YS[i]), (x, YS[i + 1]), 60, 2)
    if text:
        for i in range(len(YS) - 1):
            for j in range(len(XS) - 1):
                cv2.putText(page, f"{i}{j}84.31", (XS[j] + 20, YS[i] + 42), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 30, 2)
        cv2.putText(page, "EHTLEHTL", (500, 220), cv2.FONT_HERSHEY_SIMPLEX, 2, 20, 3)
    if noise:
        rng = np.random.default_rng(1)
        page = np.clip(page.astype(float) + rng.normal(0, noise, page.shape), 0, 255).astype(np.uint8)
    return page


def cells(page: Gray) -> list[tuple[int, int]]:
    """Columns and rows of each table found, and how many fields their lines part."""
    rules, _ = rules_and_ink(page, DPI)
    facts = PageFacts(1, 595.0, 842.0)
    facts.horizontal, facts.vertical = list(rules.horizontal), list(rules.vertical)
    return [(len(t.xs) - 1, len(t.ys) - 1) for t in lattices(facts)]


@pytest.mark.parametrize("angle", [-2.5, -0.6, 0.3, 1.2, 3.0])
def test_the_lean_is_measured_and_taken_out(angle: float) -> None:
    leaning = straighten(sheet(), -angle)
    assert skew(leaning) == pytest.approx(angle, abs=0.08)
    assert cells(straighten(leaning, skew(leaning))) == [(4, 5)]


def test_text_without_lines_shows_the_lean_too() -> None:
    page = np.full((2339, 1654), 255, np.uint8)
    for i in range(20):
        cv2.putText(page, "abcdefghijkl mnopqrst uvwxyz 0123456789", (150, 200 + 60 * i), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 2)
    assert skew(straighten(page, -1.0)) == pytest.approx(1.0, abs=0.2)


def test_an_empty_page_does_not_lean() -> None:
    assert skew(np.full((800, 600), 255, np.uint8)) == 0.0


@pytest.mark.parametrize("noise", [0.0, 8.0])
def test_rows_and_columns_of_a_ruled_table(noise: float) -> None:
    assert cells(sheet(noise=noise)) == [(4, 5)]


def test_worn_lines_hold_together() -> None:
    page = sheet()
    holes = np.random.default_rng(3).random((390, 276)) < 0.12
    page[np.kron(holes, np.ones((6, 6))).astype(bool)[:2339, :1654] & (page == 60)] = 245
    assert cells(page) == [(4, 5)]


def test_dotted_leaders_are_no_lines() -> None:
    page = np.full((2339, 1654), 255, np.uint8)
    for i in range(20):
        for x in range(500, 1400, 9):
            cv2.circle(page, (x, 300 + 60 * i), 2, 0, -1)
        cv2.putText(page, "ABC", (200, 305 + 60 * i), cv2.FONT_HERSHEY_SIMPLEX, 1, 0, 2)
    rules, _ = rules_and_ink(page, DPI)
    assert not rules.horizontal and not rules.vertical


def test_characters_are_no_lines() -> None:
    rules, _ = rules_and_ink(sheet(), DPI)
    assert {round(x * DPI / 72 / 5) for x, _, _ in rules.vertical} == {round(x / 5) for x in XS}
    assert {round(y * DPI / 72 / 5) for y, _, _ in rules.horizontal} == {round(y / 5) for y in YS}


def test_a_line_left_out_joins_its_cells() -> None:
    rules, _ = rules_and_ink(sheet((("v", 2, 0), ("h", 3, 0))), DPI)
    point = 72 / DPI
    assert not any(abs(x - XS[2] * point) < 2 and y0 < (YS[0] + 30) * point < y1 for x, y0, y1 in rules.vertical)
    assert not any(abs(y - YS[3] * point) < 2 and x0 < (XS[0] + 100) * point < x1 for y, x0, x1 in rules.horizontal)
    assert cells(sheet((("v", 2, 0),))) == [(4, 5)]


def test_a_stack_of_row_lines_without_columns_is_given_as_lines() -> None:
    page = np.full((2339, 1654), 255, np.uint8)
    for y in YS:
        cv2.line(page, (150, y), (1500, y), 0, 2)
    rules, _ = rules_and_ink(page, DPI)
    assert len(rules.horizontal) == len(YS) and not rules.vertical


def test_the_ink_keeps_text_and_loses_lines() -> None:
    _, ink = rules_and_ink(sheet(), DPI)
    assert ink[YS[1] - 2:YS[1] + 3, XS[0] + 250:XS[1] - 40].mean() < 5
    assert ink[YS[0] + 15:YS[0] + 45, XS[0] + 20:XS[0] + 140].mean() > 20
