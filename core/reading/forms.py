"""Performance target forms and the service catalogue, read by label and not by position."""
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from core.model import CatalogueEntry, Cell, Form, Indicator, Span
from core.numbers import parse_amount
from core.reading.tables import Row
from core.text import fold

_FIELDS = ("项目名称", "主管部门及代码", "主管部门", "实施单位", "项目属性", "项目类型", "项目期", "项目起止时间", "项目概况", "立项依据", "项目设立必要性",
           "保证项目实施的制度、措施", "项目实施计划", "项目总目标", "资金用途", "项目负责人", "联系电话", "项目类别")
_FUNDS = (("总额", re.compile(r"(?:实施期|年度|项目)?资金总额")), ("中央", re.compile(r"(?:其中:?)?中央(?:财政)?(?:资金)?")),
          ("省级", re.compile(r"(?:其中:?)?省(?:级|本级)?(?:财政)?(?:资金)?")), ("市县", re.compile(r"市县.*财政.*|(?:市|县|区)级?财政资金")),
          ("财政拨款", re.compile(r"(?:其中:?)?(?:当年)?财政拨款")), ("单位自筹", re.compile(r"单位自筹(?:资金)?")), ("其他", re.compile(r"其他(?:资金)?")))
_PERIOD = re.compile(r"实施期|年度|中期|当年")
_LEVEL1 = re.compile(r".*指标")
_COLUMN_HEADS = frozenset({"绩效指标", "一级指标", "二级指标", "三级指标"})
_CODE = re.compile(r"[A-Z]?\d*")


def is_form(rows: Sequence[Row]) -> bool:
    """A grid that is a performance target form: it names a project and has indicators or funds.

    Where 项目名称 heads a column beside 一级指标 … it is a list of many projects, and no form.
    """
    for row in rows[:3]:
        heads = {fold(c.text).rstrip(":") for c in row if c is not None and c.text}
        if "项目名称" in heads and heads & _COLUMN_HEADS:
            return False
    texts = {fold(c.text).rstrip(":") for row in rows for c in row if c is not None and c.text}
    return "项目名称" in texts and ("三级指标" in texts or "绩效指标" in texts or any("资金总额" in t for t in texts))


def read_form(rows: Sequence[Row], year: str = "", footer: Span | None = None) -> tuple[tuple[Row, ...], Form]:
    """The form a grid holds, and the grid with the amounts of its funds block read.

    A label's value is the next cell to its right; a label that stands alone in its row heads the row below (目标).
    """
    fields: dict[str, Cell] = {}
    funds: dict[tuple[str, str], Cell] = {}
    unit = "元"
    grid = [list(r) for r in rows]
    for row in grid:
        for cell in row:
            found = re.search(r"资金\(?[((]?(万元|元)[))]?", fold(cell.text)) if cell is not None else None
            if found:
                unit = found.group(1)
    goals: list[tuple[int, Cell]] = []
    for r, row in enumerate(grid):
        cells = [c for c in row if c is not None]
        for k, cell in enumerate(cells):
            label = fold(cell.text).rstrip(":")
            following = _value(cells[k + 1:])
            if label in _FIELDS and label not in fields and following is not None and fold(following.text).rstrip(":") not in _FIELDS:
                fields[label] = following
            goal = re.fullmatch(r"(实施期|年度|中期|总体)(?:绩效)?(?:总体)?目标", label)
            if goal and cell.column > 0 and not (following is not None and following.text and not re.search("目标", following.text)):
                goals.append((r, cell))
            elif goal and following is not None and goal.group(1) != "总体":
                fields[_goal_key(goal.group(1))] = following
            fund = _fund(label)
            if fund is not None and following is not None:
                period = _period(label, cells, k, grid, r)
                amount = parse_amount(following.text, unit)
                if amount is not None:
                    index = row.index(following)
                    following = replace(following, amount=amount)
                    row[index] = following
                funds.setdefault((period, fund), following)
    for r, cell in goals:
        below = next((c for c in grid[r + 1] if c is not None and c.column <= cell.column < c.column + c.column_span), None) if r + 1 < len(grid) else None
        key = re.match(r"(实施期|年度|中期)", fold(cell.text))
        if below is not None and key:
            fields[_goal_key(key.group(1))] = below
    done = tuple(tuple(r) for r in grid)
    return done, Form(fields, funds, tuple(_indicators(done)), year, unit, footer)


def _value(right: Sequence[Cell]) -> Cell | None:
    """The value to the right of a label: the next cell, or beyond blank ones (tab-separated text) when what stands there is no label."""
    filled = next((c for c in right if c.text), None)
    if filled is None or filled is right[0]:
        return right[0] if right else None
    label = fold(filled.text).rstrip(":")
    is_label = label in _FIELDS or _fund(label) is not None or label.endswith(("目标", "指标", "指标值"))
    return right[0] if is_label else filled


def _goal_key(word: str) -> str:
    return "年度目标" if word == "年度" else "实施期目标"


def _fund(label: str) -> str | None:
    return next((key for key, pattern in _FUNDS if pattern.fullmatch(label)), None)


def _period(label: str, cells: Sequence[Cell], k: int, grid: Sequence[Sequence[Cell | None]], r: int) -> str:
    """实施期 or 年度: by the label's own words, else by the total that stands above in the same column."""
    own = _PERIOD.search(label)
    if own:
        return "年度" if own.group() in ("年度", "当年") else "实施期"
    column = cells[k].column
    for above in range(r - 1, max(-1, r - 9), -1):
        for cell in grid[above]:
            if cell is not None and cell.column == column and "资金总额" in fold(cell.text):
                found = _PERIOD.search(fold(cell.text))
                return "年度" if found is None or found.group() in ("年度", "当年") else "实施期"
    return "年度"


def _indicators(rows: Sequence[Row]) -> list[Indicator]:
    head = next((r for r, row in enumerate(rows) if sum(c is not None and fold(c.text) in ("二级指标", "三级指标") for c in row) >= 2), None)
    if head is None:
        return []
    sides: list[dict[str, int]] = []
    level1 = 1
    for cell in rows[head]:
        if cell is None:
            continue
        text = fold(cell.text)
        if text == "一级指标":
            level1 = cell.column
        elif text == "二级指标":
            sides.append({"二级": cell.column})
        elif text == "三级指标":
            if not sides or "三级" in sides[-1]:
                sides.append({})
            sides[-1]["三级"] = cell.column
        elif sides and ("指标值" in text or "目标值" in text):
            sides[-1]["值"] = cell.column
    periods = ["实施期", "年度"] if len(sides) > 1 else ["年度"]
    covered = _covering(rows)
    out: list[Indicator] = []
    for r in range(head + 1, len(rows)):
        first = covered.get((r, level1))
        for period, side in zip(periods, sides, strict=False):
            second = covered.get((r, side["二级"])) if "二级" in side else None
            name = covered.get((r, side["三级"])) if "三级" in side else None
            value = covered.get((r, side["值"])) if "值" in side else None
            if second is None and name is None:
                continue
            out.append(Indicator(period, first.text if first and _LEVEL1.fullmatch(fold(first.text)) else "", second.text if second else "", name, value))
    return out


def _covering(rows: Sequence[Row]) -> dict[tuple[int, int], Cell]:
    """Which cell stands at each place of a grid, covered places included."""
    found: dict[tuple[int, int], Cell] = {}
    for r, row in enumerate(rows):
        for cell in row:
            if cell is None:
                continue
            for dr in range(cell.row_span):
                for dc in range(cell.column_span):
                    found[r + dr, cell.column + dc] = cell
    return found


# ---------------------------------------------------------------- catalogue

def is_catalogue(rows: Sequence[Row]) -> bool:
    """A grid headed 代码 | 一级目录 | 二级目录 …, or one that goes on without a header but with catalogue codes in front."""
    for row in rows[:3]:
        texts = [fold(c.text) for c in row if c is not None]
        if any(t in ("代码", "编码", "目录代码") for t in texts) and sum("级目录" in t for t in texts) >= 2:
            return True
    return False


def read_catalogue(rows: Sequence[Row], first_row: int = 0) -> tuple[CatalogueEntry, ...]:
    """Entries of the service catalogue; a row that one cell covers names the department whose block follows."""
    out: list[CatalogueEntry] = []
    department = ""
    for r, row in enumerate(rows):
        cells = [c for c in row if c is not None]
        filled = [c for c in cells if c.text]
        if not filled:
            continue
        code_cell = row[0]
        text = fold(code_cell.text) if code_cell is not None else ""
        if len(filled) == 1 and (filled[0].column_span >= len(row) - 1 or len(cells) == 1) and not re.fullmatch(r"[A-Z]\d*|\d{4,}", text):
            department = filled[0].text
            continue
        name = next((c for c in filled if c is not code_cell), None)
        out.append(CatalogueEntry(department, text if _CODE.fullmatch(text) else (code_cell.text if code_cell else ""),
                                  name.text if name else "", name.column if name else 0, first_row + r, code_cell, name))
    return tuple(out)
