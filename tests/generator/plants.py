"""Errors to plant: every kind that a reviewer meets, each as one change in one place of a paper.

A kind is a function that walks a paper and yields sites. A site knows how to make its change in a copy of that paper and says what it did in
the form of the truth files (kind, family, table, row_label, column, old, new …). Pages are filled in after rendering.
"""
from __future__ import annotations

import copy
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.generator.facts import ECONOMY, FUNCTION, NUMERALS
from tests.generator.figures import parsed, rounded
from tests.generator.paper import Entry, Grid, Heading, Paper, Para, Row

Said = dict[str, Any]
Change = Callable[[Paper], Said]
Finder = Callable[[Paper, random.Random], Iterator[Change]]
TREES = ("income", "expenditure", "general", "fund", "basic")


@dataclass(frozen=True)
class Kind:
    name: str
    family: str
    also: tuple[str, ...]
    find: Finder


KINDS: dict[str, Kind] = {}


def kind(name: str, family: str, *also: str) -> Callable[[Finder], Finder]:
    def keep(find: Finder) -> Finder:
        KINDS[name] = Kind(name, family, also, find)
        return find
    return keep


def sites(paper: Paper, name: str, seed: int = 0, most: int = 10) -> list[Change]:
    """Up to `most` places of a paper where this kind of error can be planted, spread at random."""
    rng = random.Random(f"{seed}/{name}/{paper.seed}")
    found = list(KINDS[name].find(paper, rng))
    return found if len(found) <= most else rng.sample(found, most)


def plant(paper: Paper, name: str, change: Change) -> tuple[Paper, Said]:
    """A copy of the paper with this one change, and what was done."""
    changed = copy.deepcopy(paper)
    said = change(changed)
    return changed, {"kind": name, "family": KINDS[name].family, "also": list(KINDS[name].also), **said}


# ------------------------------------------------------------------ helpers

def like(text: str, value: Decimal) -> str:
    """A value printed as this text is: digits, separators, gap, width."""
    plain = text.replace(" ", "")
    digits = len(re.split(r"[.．]", plain)[1]) if re.search(r"[.．]", plain) else 0
    shown = f"{rounded(value, digits):,}" if "," in plain or ("，" in plain) else f"{rounded(value, digits)}"
    if ". " in text:
        shown = shown.replace(".", ". ")
    if re.search(r"[０-９]", text):
        shown = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in shown)
    return shown


def off(rng: random.Random, text: str) -> str:
    """Another figure in the same look, beyond any rounding."""
    value = parsed(text) or Decimal(0)
    step = Decimal(rng.choice(["0.5", "1", "2", "10", "9", "100"]))
    if value > 1_000_000:
        step *= 10000
    if value + step <= 0 or rng.random() < 0.6 or value <= step:
        return like(text, value + step)
    return like(text, value - step)


def grid_of(paper: Paper, key: str) -> Grid:
    return next(g for g in paper.grids() if g.key == key)


def put(paper: Paper, key: str, row: int, col: int, new: str) -> Said:
    """Sets one cell and says so."""
    grid = grid_of(paper, key)
    old = grid.rows[row].cells[col]
    label = grid.row_label(row)
    grid.rows[row].cells[col] = new
    return {"table": grid.id, "row": row, "row_label": label, "col": col, "column": grid.paths[col], "old": old, "new": new, "_key": key}


def cell(key: str, row: int, col: int, new: str) -> Change:
    return lambda paper: put(paper, key, row, col, new)


def filled(grid: Grid, row: int, col: int) -> str:
    """The text of an amount cell that holds a figure, else nothing."""
    cells = grid.rows[row].cells
    text = cells[col] if col < len(cells) else None
    return text if text and parsed(text) else ""


def figures_of(paper: Paper, *levels: str, roles: tuple[str, ...] = (), least: Decimal = Decimal(0)) -> Iterator[tuple[Grid, int, int, str]]:
    """Amount cells of the numbered tables."""
    for grid in paper.grids("budget"):
        if roles and grid.role not in roles:
            continue
        for r, row in enumerate(grid.rows):
            if levels and row.level not in levels:
                continue
            for c in grid.amounts:
                text = filled(grid, r, c)
                if text and (parsed(text) or Decimal(0)) >= least:
                    yield grid, r, c, text


def above(grid: Grid, row: int) -> list[int]:
    """The rows that a row is summed up into: parents, then the total row."""
    rows = grid.rows
    out, level = [], rows[row].depth
    if grid.role in ("projects", "carried_projects", "operating"):
        unit = next((i for i in range(row - 1, -1, -1) if rows[i].level == "unit"), None)
        out = [unit] if unit is not None and rows[row].level == "project" else []
    else:
        for i in [*range(row - 1, -1, -1)]:
            if 0 < rows[i].depth < level:
                out.append(i)
                level = rows[i].depth
    totals = [i for i, r in enumerate(rows) if r.level == "total"]
    return out + [i for i in totals if i != row]


def below(grid: Grid, row: int) -> list[int]:
    """The rows directly under a row."""
    rows, out = grid.rows, []
    for i in range(row + 1, len(rows)):
        if rows[i].depth <= rows[row].depth or rows[i].level == "total":
            break
        if rows[i].depth == rows[row].depth + 1:
            out.append(i)
    return out


def shift(key: str, row: int, cols: list[int], delta: Decimal) -> Change:
    """A leaf amount and everything it is summed up into, so that the table stays right in itself."""
    def change(paper: Paper) -> Said:
        grid = grid_of(paper, key)
        cells = []
        for r in [row, *above(grid, row)]:
            for c in cols:
                text = grid.rows[r].cells[c] or ""
                pattern = text if parsed(text) is not None else next(t for t in grid.rows[row].cells if t and parsed(t) is not None and "." in t)
                cells.append(put(paper, key, r, c, like(pattern, (parsed(text) or Decimal(0)) + delta)))
        return {**cells[0], "cells": cells, "note": "the table stays consistent in itself"}
    return change


def size(rng: random.Random, text: str) -> Decimal:
    """A change that fits the size of a figure."""
    value = parsed(text) or Decimal(0)
    step = Decimal(rng.choice([1, 2, 3, 5, 8]))
    return step * 10000 if value > 1_000_000 else step


def rows_out(paper: Paper, key: str, index: int) -> Row:
    """Takes a row out of a table; merged cells below move up."""
    grid = grid_of(paper, key)
    from tests.generator.paper import Box
    grid.boxes = [Box(b.r - (b.r > index), b.c, b.rs, b.cs) for b in grid.boxes if b.r != index]
    return grid.rows.pop(index)


def row_in(paper: Paper, key: str, index: int, row: Row) -> None:
    grid = grid_of(paper, key)
    from tests.generator.paper import Box
    grid.boxes = [Box(b.r + (b.r >= index), b.c, b.rs, b.cs) for b in grid.boxes]
    grid.rows.insert(index, row)


# ------------------------------------------------------------------ figures in a table

@kind("wrong_subtotal_class", "hierarchy_sum", "row_sum", "total_row", "cross_table", "narrative_vs_table")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid, r, c, text in figures_of(paper, "class", roles=TREES):
        yield cell(grid.key, r, c, off(rng, text))


@kind("wrong_subtotal_group", "hierarchy_sum", "row_sum", "cross_table")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid, r, c, text in figures_of(paper, "group", roles=("income", "expenditure", "general", "fund")):
        yield cell(grid.key, r, c, off(rng, text))


@kind("wrong_total_row", "total_row", "row_sum", "cross_table", "narrative_vs_table")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid, r, c, text in figures_of(paper, "total", roles=TREES):
        yield cell(grid.key, r, c, off(rng, text))


@kind("row_sum", "row_sum", "hierarchy_sum", "cross_table")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid, r, c, text in figures_of(paper, "item", roles=TREES):
        if c == grid.amounts[0]:
            yield cell(grid.key, r, c, off(rng, text))


@kind("missing_addend", "hierarchy_sum", "cross_table", "row_set")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid in paper.grids("budget"):
        if grid.role not in TREES:
            continue
        for parent, row in enumerate(grid.rows):
            children = below(grid, parent)
            if row.level != ("class" if grid.role == "basic" else "group") or len(children) < 2:
                continue
            for child in children:
                def change(p: Paper, key: str = grid.key, parent: int = parent, child: int = child) -> Said:
                    g = grid_of(p, key)
                    gone, label = g.row_label(child), g.row_label(parent)
                    old = g.rows[child].cells[g.amounts[0]]
                    rows_out(p, key, child)
                    return {"table": g.id, "row": parent, "row_label": label, "col": g.amounts[0], "column": g.paths[g.amounts[0]], "old": old, "new": None,
                            "missing": gone, "_key": key}
                yield change


@kind("swapped_digits", "arithmetic", "hierarchy_sum", "row_sum", "cross_table")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid, r, c, text in figures_of(paper, least=Decimal(12)):
        spots = [i for i in range(len(text) - 1) if text[i].isdigit() and text[i + 1].isdigit() and text[i] != text[i + 1] and (i > 0 or text[i + 1] not in "0０")
                 and ("." not in text[:i] or i < text.index(".") + 1)]
        if spots:
            i = rng.choice(spots)
            yield cell(grid.key, r, c, text[:i] + text[i + 1] + text[i] + text[i + 2:])


@kind("decimal_moved", "arithmetic", "hierarchy_sum", "row_sum", "cross_table")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid, r, c, text in figures_of(paper, least=Decimal(1)):
        value = parsed(text) or Decimal(0)
        yield cell(grid.key, r, c, like(text, value * 10 if rng.random() < 0.5 else value / 10))


@kind("minus_sign", "sign", "hierarchy_sum", "row_sum", "cross_table")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid, r, c, text in figures_of(paper):
        yield cell(grid.key, r, c, "-" + text)


@kind("thousands_separator_typo", "number_format", "arithmetic")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid, r, c, text in figures_of(paper, least=Decimal(1000)):
        if "," in text:
            yield cell(grid.key, r, c, text.replace(",", ".", 1))
        elif "." in text and " " not in text and text.isascii():
            whole, part = text.split(".")
            yield cell(grid.key, r, c, f"{whole[:-3]}.{whole[-3:]}.{part}")


# ------------------------------------------------------------------ between tables

@kind("income_ne_expense", "balance", "total_row", "cross_table", "narrative_vs_table")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid, r, c, text in figures_of(paper, "total", roles=("summary", "appropriation")):
        yield cell(grid.key, r, c, off(rng, text))


def _leaf_shifts(paper: Paper, rng: random.Random, role: str, *levels: str) -> Iterator[Change]:
    """Consistent shifts of leaves: the amount column, one of its parts, and everything above."""
    for grid in paper.grids("budget"):
        if grid.role != role:
            continue
        for r, row in enumerate(grid.rows):
            if row.level not in levels or below(grid, r) and row.level != "project":
                continue
            for c in grid.amounts[1:]:
                text = filled(grid, r, c)
                if text and filled(grid, r, grid.amounts[0]):
                    yield shift(grid.key, r, [grid.amounts[0], c], size(rng, text))


@kind("t1_t2_income", "cross_table", "narrative_vs_table")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    yield from _leaf_shifts(paper, rng, "income", "item")


@kind("t1_t3_expenditure", "cross_table", "narrative_vs_table")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    yield from _leaf_shifts(paper, rng, "expenditure", "item")


@kind("t4_t5_general", "cross_table", "narrative_vs_table")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    yield from _leaf_shifts(paper, rng, "general", "item")


@kind("t5_t6_basic", "cross_table", "narrative_vs_table")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    yield from _leaf_shifts(paper, rng, "basic", "group")


@kind("t4_t1_appropriation", "cross_table", "narrative_vs_table")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid in paper.grids("budget"):
        if grid.role != "appropriation":
            continue
        right = [c for c in grid.amounts if c > 2]
        for r, row in enumerate(grid.rows):
            if row.level != "line" or not filled(grid, r, right[0]):
                continue
            parts = [c for c in right[1:] if filled(grid, r, c)]
            delta = size(rng, filled(grid, r, right[0]))

            def change(p: Paper, key: str = grid.key, r: int = r, part: int = parts[0], delta: Decimal = delta, lead: int = right[0]) -> Said:
                g = grid_of(p, key)
                ends = [i for i, x in enumerate(g.rows) if x.level in ("sum", "total")]
                money = next(c for c in g.amounts if c < lead)
                source = g.rows[part - lead - 1]
                spots = [(r, lead), (r, part), *((i, c) for i in ends for c in (money, lead, part)), (g.rows.index(source), money)]
                cells = [put(p, key, i, c, like(g.rows[i].cells[c] or "0.00", (parsed(g.rows[i].cells[c]) or Decimal(0)) + delta)) for i, c in spots
                         if g.rows[i].cells[c]]
                return {**cells[0], "cells": cells, "note": "the table stays consistent in itself"}
            yield change


@kind("t10_three_public_total", "three_public_total", "narrative_vs_table")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid, r, c, text in figures_of(paper, "total", "sum", roles=("three_public",)):
        if c == grid.amounts[0] or grid.rows[r].level == "sum":
            yield cell(grid.key, r, c, off(rng, text))


@kind("t10_vehicle_parts", "three_public_total", "narrative_vs_table")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid, r, c, text in figures_of(paper, "subpart", roles=("three_public",)):
        yield cell(grid.key, r, c, off(rng, text))


@kind("t10_t6_vehicles", "cross_table", "narrative_vs_table")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    grid, basic = paper.grid("three_public"), paper.grid("basic")
    if paper.template != "shanxi-budget" or grid is None or basic is None:
        return
    spent = sum((parsed(r.cells[2]) or Decimal(0) for r in basic.rows if r.cells[0] == "公务用车运行维护费"), Decimal(0))
    text = filled(grid, 4, 1)
    if not text or spent <= 1:
        return
    for part in (2, 3, 5):
        left = rounded(spent / part)

        def change(p: Paper, left: Decimal = left) -> Said:
            g = grid_of(p, grid.key)
            delta = left - (parsed(g.rows[4].cells[1]) or Decimal(0))
            cells = [put(p, g.key, r, c, like(text, (parsed(g.rows[r].cells[c]) or Decimal(0)) + delta)) for r in (4, 2, 5) for c in (1, 2)]
            return {**cells[0], "cells": cells, "note": "below the same item of the basic-expenditure table"}
        yield change


@kind("t11_operating_total", "operating_total", "narrative_vs_table")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid, r, c, text in figures_of(paper, "total", "unit", roles=("operating",)):
        yield cell(grid.key, r, c, off(rng, text))


@kind("t11_above_running_costs", "cross_table", "narrative_vs_table")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    grid, basic = paper.grid("operating"), paper.grid("basic")
    if grid is None or basic is None or paper.template != "shanxi-budget":
        return
    most = parsed(basic.rows[0].cells[4]) or Decimal(0)
    for r, row in enumerate(grid.rows):
        if row.level == "unit" and filled(grid, r, 1):
            for plus in (3, 7, 12):
                yield shift(grid.key, r, [1, 2], most + plus - (parsed(row.cells[1]) or Decimal(0)))


@kind("t12_total", "project_total", "row_sum", "cross_table")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid, r, c, text in figures_of(paper, "total", "unit", roles=("projects",)):
        yield cell(grid.key, r, c, off(rng, text))


@kind("t12_t5_projects", "cross_table", "performance_amount")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    yield from _leaf_shifts(paper, rng, "projects", "project")


@kind("t13_total", "project_total", "row_sum", "cross_table")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid, r, c, text in figures_of(paper, "total", "unit", roles=("carried_projects",)):
        yield cell(grid.key, r, c, off(rng, text))


@kind("t13_carried_over", "cross_table", "performance_amount")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    yield from _leaf_shifts(paper, rng, "carried_projects", "project")


# ------------------------------------------------------------------ narrative

def sentence(index: int, start: int, end: int, new: str) -> Change:
    """Replaces a stretch of the index-th paragraph."""
    def change(paper: Paper) -> Said:
        para = list(paper.paragraphs())[index]
        old = para.text[start:end]
        para.text = para.text[:start] + new + para.text[end:]
        around = para.text[max(0, start - 12):start + len(new) + 12]
        return {"section": para.section, "fact": para.fact, "old": old, "new": new, "context_new": around, "_para": index, "_offset": start}
    return change


def found(paper: Paper, pattern: str, *facts: str, but: tuple[str, ...] = ()) -> Iterator[tuple[int, Para, re.Match[str]]]:
    for i, para in enumerate(paper.paragraphs()):
        if para.fact and (not facts or para.fact in facts) and para.fact not in but and not para.fact.startswith("term:"):
            for m in re.finditer(pattern, para.text):
                yield i, para, m


AMOUNT = r"(?<![\d,.])\d[\d,]*\.\d\d(?=万元)"


@kind("narrative_amount", "narrative_vs_table", "narrative_percent", "narrative_sum")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for i, para, m in found(paper, AMOUNT, but=("procurement", "performance", "project_plan")):
        if not re.search(r"(增加|减少)$|\d{4}年预算$|预算执行数$", para.text[:m.start()]):
            yield sentence(i, m.start(), m.end(), off(rng, m.group()))


def _other_percent(rng: random.Random, text: str) -> str:
    value = Decimal(text) + Decimal(rng.choice(["0.30", "1.10", "3.00", "-0.50", "9.00"]))
    return f"{value if value > 0 else value + 10}"


@kind("narrative_share", "narrative_percent")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for i, _para, m in found(paper, r"(?<=占)(?:本年支出合计的)?\d+\.\d\d(?=%)"):
        text = m.group().removeprefix("本年支出合计的")
        yield sentence(i, m.end() - len(text), m.end(), _other_percent(rng, text))


@kind("narrative_percent", "narrative_percent")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for i, _para, m in found(paper, r"(?<=增长|下降)\d+\.\d\d(?=%)"):
        yield sentence(i, m.start(), m.end(), _other_percent(rng, m.group()))


@kind("narrative_direction", "narrative_direction")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    turned = {"增加": "减少", "减少": "增加", "增长": "下降", "下降": "增长"}
    for i, _para, m in found(paper, r"(增加|减少|增长|下降)(?=\d)"):
        yield sentence(i, m.start(), m.end(), turned[m.group()])


@kind("reason_missing", "reason_missing")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for i, _para, m in found(paper, r"[，。](?:主要)?原因(?:是|：)[^；。]+(?=[；。])"):
        yield sentence(i, m.start(), m.end(), "")


@kind("wrong_comparison_year", "comparison_year")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for i, _para, m in found(paper, rf"(?<=[比与]){paper.year - 1}(?=年)"):
        yield sentence(i, m.start(), m.end(), str(paper.year - 2))


@kind("narrative_items", "narrative_items")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for i, para, m in found(paper, r"(?<=主要包括：)[^。；]+", "personnel", "running", "basic"):
        names = re.sub("等$", "", m.group()).split("、")
        people = names[0] in ("基本工资", "津贴补贴")
        absent = [n for c, n in ECONOMY.items() if len(c) == 5 and n not in para.text and (c[:3] in ("301", "303")) == people and "（" not in n]
        at = m.start()
        for name in names:
            yield sentence(i, at, at + len(name), rng.choice(absent))
            at += len(name) + 1


# ------------------------------------------------------------------ structure

@kind("missing_table", "missing_table", "toc")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid in paper.grids("budget"):
        def change(p: Paper, key: str = grid.key) -> Said:
            gone = grid_of(p, key)
            at = next(i for i, b in enumerate(p.blocks) if b is gone)
            before = next((b for b in reversed(p.blocks[:at]) if isinstance(b, Grid)), None)
            p.blocks.remove(gone)
            return {"table": gone.id, "where": "table", "old": gone.title, "new": "", "_near": before.key if before else ""}
        yield change


@kind("table_twice", "duplicate_table")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid in paper.grids("budget"):
        def change(p: Paper, key: str = grid.key) -> Said:
            first = grid_of(p, key)
            again = copy.deepcopy(first)
            again.copy = 1
            p.blocks.insert(next(i for i, b in enumerate(p.blocks) if b is first) + 1, again)
            return {"table": first.id, "where": "table", "old": "", "new": first.title, "_key": again.key}
        yield change


@kind("missing_section", "missing_section", "toc")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for heading in paper.headings():
        inside = _inside(paper, heading)
        if heading.level < 2 or any(isinstance(b, Grid) for b in inside):
            continue

        def change(p: Paper, id: str = heading.id) -> Said:
            h = next(x for x in p.headings() if x.id == id)
            at = p.blocks.index(h)
            before = next((b for b in reversed(p.blocks[:at]) if isinstance(b, Heading)), None)
            gone = [h, *_inside(p, h)]
            p.blocks = [b for b in p.blocks if not any(b is g for g in gone)]
            return {"section": id, "where": "section", "old": h.title, "new": "", "_heading": before.id if before else ""}
        yield change


def _inside(paper: Paper, heading: Heading) -> list[Any]:
    """What stands under a heading, its smaller headings included."""
    at = next(i for i, b in enumerate(paper.blocks) if b is heading)
    out = []
    for block in paper.blocks[at + 1:]:
        if isinstance(block, Heading) and block.level <= heading.level:
            break
        out.append(block)
    return out


@kind("toc_entry_missing", "toc")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for i, _entry in enumerate(paper.contents):
        def change(p: Paper, i: int = i) -> Said:
            gone = p.contents.pop(i)
            return {"section": "toc", "where": gone.text, "target": gone.target, "old": gone.text, "new": "", "_entry": max(0, i - 1)}
        yield change


@kind("toc_page_wrong", "toc_page")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for i, _entry in enumerate(paper.contents if paper.numbered_contents else []):
        by = rng.choice([1, 2, 3, 10])

        def change(p: Paper, i: int = i, by: int = by) -> Said:
            entry: Entry = p.contents[i]
            entry.shift = by
            return {"section": "toc", "where": entry.text, "target": entry.target, "_entry": i, "_shift": by}
        yield change


@kind("missing_note_on_empty_table", "empty_table_note")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid in paper.grids("budget"):
        if any("无" in n for n in grid.notes):
            def change(p: Paper, key: str = grid.key) -> Said:
                g = grid_of(p, key)
                old = next(n for n in g.notes if "无" in n)
                g.notes.remove(old)
                return {"table": g.id, "old": old, "new": "", "_key": key}
            yield change


@kind("note_on_filled_table", "filled_table_note")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid in paper.grids("budget"):
        if any(filled(grid, r, c) for r in range(len(grid.rows)) for c in grid.amounts):
            def change(p: Paper, key: str = grid.key) -> Said:
                g = grid_of(p, key)
                new = {"shanxi-budget": "注：本表无数据", "shanghai-budget": f"注:本{p.who}{p.year}年无相关预算安排，故本表为空表。"}.get(
                    p.template, f"说明：{p.unit}本年度没有相关收入和支出，故本表无数据。")
                g.notes.append(new)
                return {"table": g.id, "old": "", "new": new, "_key": key}
            yield change


@kind("glossary_term_missing", "glossary")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for para in paper.paragraphs():
        if para.fact.startswith("term:"):
            def change(p: Paper, fact: str = para.fact) -> Said:
                gone = next(x for x in p.paragraphs() if x.fact == fact)
                p.blocks = [b for b in p.blocks if b is not gone]
                for i, x in enumerate(q for q in p.paragraphs() if q.fact.startswith("term:")):
                    x.text = re.sub(r"^(（?)[一二三四五六七八九十]+", lambda m, i=i: m.group(1) + NUMERALS[i], x.text)  # type: ignore[misc]
                return {"section": gone.section, "old": fact.removeprefix("term:"), "new": "", "_heading": gone.section}
            yield change


# ------------------------------------------------------------------ names, years, units

@kind("wrong_year_in_title", "year", "toc")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid in paper.grids("budget"):
        if str(paper.year) in grid.title:
            def change(p: Paper, key: str = grid.key) -> Said:
                g = grid_of(p, key)
                old, g.title = g.title, g.title.replace(str(p.year), str(p.year - 1))
                return {"table": g.id, "where": "title", "old": old, "new": g.title, "_key": key}
            yield change


def _misnamed(name: str, rng: random.Random) -> str:
    for a, b in rng.sample([("和", "与"), ("中心", "管理中心"), ("示例", "示范"), ("人民政府", "政府"), ("委员会", "局"), ("局", "中心")], 6):
        if a in name:
            return name.replace(a, b, 1)
    return name + "（本级）"


@kind("wrong_unit_name", "unit_name")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    wrong = _misnamed(paper.unit, rng)
    for grid in paper.grids("budget"):
        if paper.unit in grid.body_line:
            def change(p: Paper, key: str = grid.key) -> Said:
                g = grid_of(p, key)
                old, g.body_line = g.body_line, g.body_line.replace(p.unit, wrong)
                return {"table": g.id, "where": "unit_line", "old": old, "new": g.body_line, "_key": key}
            yield change
    for i, _para, m in found(paper, re.escape(paper.unit)):
        yield sentence(i, m.start(), m.end(), wrong)


@kind("who_mixed", "who")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    other = "单位" if paper.who == "部门" else "部门"
    for grid in paper.grids("budget"):
        if grid.body_line.startswith((f"{paper.who}名称", f"编制{paper.who}")):
            def change(p: Paper, key: str = grid.key) -> Said:
                g = grid_of(p, key)
                old, g.body_line = g.body_line, g.body_line.replace(p.who, other, 1)
                return {"table": g.id, "where": "unit_line", "old": old, "new": g.body_line, "_key": key}
            yield change
    for i, _para, m in found(paper, f"本{paper.who}"):
        yield sentence(i, m.start(), m.end(), f"本{other}")


@kind("missing_amount_unit", "amount_unit")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    yield from _unit_lines(paper, lambda line: "")


@kind("wrong_amount_unit", "amount_unit")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    yield from _unit_lines(paper, lambda line: line.replace("万元", "元") if "万元" in line else line.replace("元", "万元"))


def _unit_lines(paper: Paper, to: Callable[[str], str]) -> Iterator[Change]:
    for grid in paper.grids("budget"):
        if grid.unit_line:
            def change(p: Paper, key: str = grid.key) -> Said:
                g = grid_of(p, key)
                old, g.unit_line = g.unit_line, to(g.unit_line)
                return {"table": g.id, "where": "amount_unit_line", "old": old, "new": g.unit_line, "_key": key}
            yield change


# ------------------------------------------------------------------ codes

def _coded(paper: Paper, *levels: str) -> Iterator[tuple[Grid, int, Row]]:
    for grid in paper.grids("budget"):
        if grid.role in ("income", "expenditure", "general", "fund"):
            for r, row in enumerate(grid.rows):
                if row.code and row.level in levels:
                    yield grid, r, row


def _recoded(grid: Grid, row: Row, code: str) -> list[tuple[int, str]]:
    """Cells to set for a row to show this code: one column, or 类, 款 and 项."""
    if row.cells[0] == row.code:
        return [(0, code)]
    parts = [code[:3], code[3:5], code[5:]]
    return [(i, part) for i, part in enumerate(parts) if part and part != row.cells[i]]


def _code_changes(key: str, r: int, changes: list[tuple[int, str]]) -> Change:
    def change(p: Paper) -> Said:
        cells = [put(p, key, r, c, new) for c, new in changes]
        return cells[0] if len(cells) == 1 else {**cells[0], "cells": cells}
    return change


@kind("code_unknown", "code_unknown", "code_parent", "row_set")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid, r, row in _coded(paper, "item"):
        code = row.code[:5] + rng.choice(["87", "88", "96", "97"])
        if code not in FUNCTION and row.cells[-1] is not None:
            yield _code_changes(grid.key, r, _recoded(grid, row, code))


@kind("code_digit_typo", "code_form", "code_parent", "row_set")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid, r, row in _coded(paper, "group", "item"):
        at = rng.randint(3, len(row.code) - 1)
        if row.cells[0] == row.code:
            wrong = row.code[:at] + row.code[at + 1:] if rng.random() < 0.5 else row.code[:at] + row.code[at] + row.code[at:]
            yield _code_changes(grid.key, r, [(0, wrong)])
        else:
            last = 2 if len(row.code) == 7 else 1
            yield _code_changes(grid.key, r, [(last, row.code[-2:] + row.code[-1])])


@kind("code_name_mismatch", "code_name", "cross_table")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    names = sorted({n for c, n in FUNCTION.items() if len(c) == 7})
    for grid, r, row in _coded(paper, "class", "group", "item"):
        col = next(i for i, t in enumerate(row.cells) if t == FUNCTION.get(row.code))
        near = [n for n in names if n != row.cells[col]]
        yield cell(grid.key, r, col, rng.choice(near))


@kind("code_parent_missing", "code_parent", "hierarchy_sum", "row_set")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid, r, _row in _coded(paper, "group"):
        def change(p: Paper, key: str = grid.key, r: int = r) -> Said:
            g = grid_of(p, key)
            gone = g.row_label(r)
            rows_out(p, key, r)
            return {"table": g.id, "row": r, "row_label": g.row_label(r), "col": 0, "column": g.paths[0], "old": gone, "new": None, "_key": key}
        yield change


@kind("code_duplicate", "code_duplicate", "hierarchy_sum")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid, r, _row in _coded(paper, "item"):
        def change(p: Paper, key: str = grid.key, r: int = r) -> Said:
            g = grid_of(p, key)
            row_in(p, key, r + 1, copy.deepcopy(g.rows[r]))
            return {"table": g.id, "row": r + 1, "row_label": g.row_label(r + 1), "col": 0, "column": g.paths[0], "old": None, "new": g.rows[r].cells, "_key": key}
        yield change


@kind("code_order", "code_order")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid, r, row in _coded(paper, "item"):
        follows = grid.rows[r + 1] if r + 1 < len(grid.rows) else None
        if follows is not None and follows.level == "item" and follows.code[:5] == row.code[:5]:
            def change(p: Paper, key: str = grid.key, r: int = r) -> Said:
                g = grid_of(p, key)
                g.rows[r], g.rows[r + 1] = g.rows[r + 1], g.rows[r]
                return {"table": g.id, "row": r + 1, "row_label": g.row_label(r + 1), "col": 0, "column": g.paths[0], "old": g.rows[r + 1].code,
                        "new": g.rows[r].code, "_key": key}
            yield change


# ------------------------------------------------------------------ service catalogue

def _entries(paper: Paper) -> Iterator[tuple[Grid, int, Row]]:
    for grid in paper.grids("catalogue"):
        for r, row in enumerate(grid.rows):
            if row.level == "code":
                yield grid, r, row


@kind("catalogue_wrong_level", "catalogue_level")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid, r, row in _entries(paper):
        to = row.depth - 1 if row.depth > 1 else 2

        def change(p: Paper, key: str = grid.key, r: int = r, to: int = to) -> Said:
            g = grid_of(p, key)
            cells = g.rows[r].cells
            label, depth = g.row_label(r), g.rows[r].depth
            name = cells[depth]
            cells[depth], cells[to] = "", name
            return {"table": g.id, "row": r, "row_label": label, "col": to, "column": g.paths[to], "old": f"{g.paths[depth]}: {name}",
                    "new": f"{g.paths[to]}: {name}", "_key": key}
        yield change


@kind("catalogue_unknown_code", "catalogue_unknown", "catalogue_parent")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid, r, row in _entries(paper):
        if row.depth == 4:
            yield cell(grid.key, r, 0, row.code[:5] + "9" + rng.choice("5678"))


@kind("catalogue_name_mismatch", "catalogue_name")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid, r, row in _entries(paper):
        name = row.cells[row.depth] or ""
        new = next((name.replace(a, b, 1) for a, b in (("服务", "事务"), ("管理", "治理"), ("公共", "公用"), ("评估", "评价")) if a in name), name + "工作")
        yield cell(grid.key, r, row.depth, new)


@kind("catalogue_duplicate", "catalogue_duplicate")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid, r, row in _entries(paper):
        if row.depth >= 3:
            def change(p: Paper, key: str = grid.key, r: int = r) -> Said:
                g = grid_of(p, key)
                row_in(p, key, r + 1, copy.deepcopy(g.rows[r]))
                return {"table": g.id, "row": r + 1, "row_label": g.row_label(r + 1), "col": 0, "column": g.paths[0], "old": None, "new": g.rows[r].cells, "_key": key}
            yield change


@kind("catalogue_orphan", "catalogue_parent")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid, r, row in _entries(paper):
        if row.depth in (2, 3):
            def change(p: Paper, key: str = grid.key, r: int = r) -> Said:
                g = grid_of(p, key)
                gone = g.row_label(r)
                rows_out(p, key, r)
                return {"table": g.id, "row": r, "row_label": g.row_label(r), "col": 0, "column": g.paths[0], "old": gone, "new": None, "_key": key}
            yield change


# ------------------------------------------------------------------ performance

def _forms(paper: Paper) -> Iterator[Grid]:
    return paper.grids("perf")


@kind("performance_amount_mismatch", "performance_amount")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid in _forms(paper):
        old = grid.rows[3].cells[7] or ""
        new = like(old, (parsed(old) or Decimal(0)) + rng.choice([5000, 10000, 100000]))

        def change(p: Paper, key: str = grid.key, old: str = old, new: str = new) -> Said:
            g = grid_of(p, key)
            cells = [put(p, key, r, c, new) for r in range(3, 9) for c in (7, 4) if g.rows[r].cells[c] == old]
            return {**cells[0], "row_label": g.project, "column": "年度资金总额", "cells": cells, "note": "the form is consistent in itself"}
        yield change


@kind("performance_funds_sum", "performance_sum")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid in _forms(paper):
        for r in range(4, 8):
            for c in (4, 7):
                text = grid.rows[r].cells[c] or ""
                if parsed(text):
                    def change(p: Paper, key: str = grid.key, r: int = r, c: int = c, text: str = text) -> Said:
                        said = put(p, key, r, c, like(text, (parsed(text) or Decimal(0)) + 1000))
                        g = grid_of(p, key)
                        return {**said, "row_label": f"{g.project} / {g.rows[r].cells[2]}", "column": "年度" if c == 7 else "实施期"}
                    yield change


@kind("performance_form_missing", "performance_form", "performance_count")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid in _forms(paper):
        def change(p: Paper, key: str = grid.key) -> Said:
            gone = grid_of(p, key)
            p.blocks.remove(gone)
            table = next((g for g in p.grids("budget") if g.role in ("projects", "carried_projects") and any(r.cells[0] == gone.project for r in g.rows)), None)
            said: Said = {"old": gone.project, "new": "", "where": gone.id}
            if table is not None:
                row = next(i for i, r in enumerate(table.rows) if r.cells[0] == gone.project)
                said |= {"table": table.id, "row": row, "row_label": gone.project, "col": 0, "column": table.paths[0], "_key": table.key}
            return said
        yield change


@kind("performance_project_twice", "performance_form", "performance_count")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid in _forms(paper):
        def change(p: Paper, key: str = grid.key) -> Said:
            forms = list(_forms(p))
            again = copy.deepcopy(grid_of(p, key))
            again.id = f"绩效{len(forms) + 1}"
            p.blocks.insert(next(i for i, b in enumerate(p.blocks) if b is forms[-1]) + 1, again)
            return {"table": again.id, "row": 0, "row_label": again.project, "col": 2, "column": "项目名称", "old": None, "new": again.project, "_key": again.key}
        yield change


@kind("performance_wrong_year", "year")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for grid in _forms(paper):
        def change(p: Paper, key: str = grid.key) -> Said:
            g = grid_of(p, key)
            old, g.subtitle = g.subtitle, f"({p.year - 1}年度)"
            return {"table": g.id, "where": "subtitle", "old": old, "new": g.subtitle, "_key": key}
        yield change


@kind("performance_count", "performance_count")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for i, _para, m in found(paper, r"(?<=项目|目标)\d+(?=个)", "performance"):
        yield sentence(i, m.start(), m.end(), str(int(m.group()) + rng.choice([1, 2, 3])))


@kind("performance_text_amount", "performance_amount")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for i, _para, m in found(paper, AMOUNT, "performance"):
        yield sentence(i, m.start(), m.end(), off(rng, m.group()))


# ------------------------------------------------------------------ assets, procurement, privacy, text

@kind("vehicles_sum", "assets_sum")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for i, _para, m in found(paper, r"(?<=用车|实有|车辆)\s?\d+(?=\s?辆)", "vehicles"):
        yield sentence(i, m.start(), m.end(), str(int(m.group()) + rng.choice([1, 2])))


@kind("procurement_sum", "procurement_sum")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for i, _para, m in found(paper, AMOUNT, "procurement"):
        yield sentence(i, m.start(), m.end(), off(rng, m.group()))


def _ends(paper: Paper) -> Iterator[tuple[int, int]]:
    """Ends of sentences in the narrative."""
    for i, para in enumerate(paper.paragraphs()):
        if para.style == "body" and para.text.endswith("。"):
            yield i, len(para.text) - 1


def id_number(rng: random.Random) -> str:
    """A made-up ID number (of an area code that is not given out) with a right check digit."""
    body = f"149999{rng.randint(1960, 2001)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}{rng.randint(1, 999):03d}"
    total = sum(int(d) * w for d, w in zip(body, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    return body + "10X98765432"[total % 11]


@kind("mobile_number", "privacy")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for i, at in _ends(paper):
        yield sentence(i, at, at, f"，联系人王某，电话1{rng.choice('3589')}{rng.randint(10**8, 10**9 - 1)}")


@kind("id_number", "privacy")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for i, at in _ends(paper):
        yield sentence(i, at, at, f"，负责人李某（身份证号{id_number(rng)}）")


@kind("doubled_punctuation", "text_quality")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for i, at in _ends(paper):
        yield sentence(i, at, at + 1, rng.choice(["。。", "；。", "，。"]))


@kind("template_residue", "template_residue")
def _(paper: Paper, rng: random.Random) -> Iterator[Change]:
    for i, _para, m in found(paper, r"(增加|减少)(?=\d)"):
        yield sentence(i, m.start(), m.end(), "增加（减少）")
    for i, para in enumerate(paper.paragraphs()):
        if para.fact and para.text.startswith(("截至", f"{paper.year}年")) and paper.unit in para.text:
            at = para.text.index(paper.unit)
            yield sentence(i, at, at + len(paper.unit), "XX")
