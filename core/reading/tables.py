"""A printed grid and a layout to a Table with named columns and lines.

Used for every input format: the PDF, Word, Excel and OCR readers all give grids of cells and come here.
"""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from core.layouts import ColumnLayout, TableLayout
from core.model import Cell, Column, Line
from core.numbers import is_blank, looks_numeric, parse_amount, parse_decimal
from core.text import fold

Row = tuple[Cell | None, ...]
Path = tuple[str, ...]

YEAR_IN_HEADING = re.compile(r"(?:19|20)\d\d年?度?")
_CODE = re.compile(r"\d{3}(?:\d\d){0,3}")
_ITEM = re.compile(r"[一二三四五六七八九十]+、|[(（][一二三四五六七八九十]+[)）]")
TOTAL_NAME = re.compile(r"(?:部门|单位)?(?:合计|总计|小计)")
_ORGAN = re.compile(r"(?:局|委|办|部|厅|院|校|所|站|队|馆|园|会|处|中心|政府|机关|本级|学校|医院|公司|小学|中学|幼儿园|党校|分局|大队|支队|"
                    r"管委会|办事处|办公室|委员会|联合会|总工会|工商联|法院|检察院|街道|服务部)(?:[(（].*[)）])?")
_BESIDE_NUMBERS = frozenset({"栏次", "行次", "**", "类", "款", "项"})
"""What stands in a row of column numbers beside them."""
_SUM_HEADING = re.compile(r"(?:费|支出|收入|预算|基金|数|计)(?:\(.*\))?$")
_THIS_YEAR = re.compile("(?:本|当)年度?(?:年初)?(?:预算|决算)")
_LAST_YEAR = re.compile("上年度?(?:年初)?(?:预算|执行|完成|决算|实际)|.*[比较]上年")
_PROJECT_WORD = re.compile(r"经费|资金|补助|补贴|项目|工程|费用?$|奖励|款$|工资|\d")
FURTHER = "（续）"
"""Ends the key of a column in which a side of a table goes on beside itself (科目编码 科目名称 金额 printed once more)."""
ECONOMIC_CLASSES = ("工资福利支出", "商品和服务支出", "对个人和家庭的补助", "债务利息及费用支出", "资本性支出(基本建设)", "资本性支出",
                    "对企业补助(基本建设)", "对企业补助", "对社会保障基金补助", "其他支出")


# ------------------------------------------------------------------ header

def header_height(rows: Sequence[Row]) -> int:
    """How many leading rows of a grid are its header.

    A header goes on while a cell of it spans rows or while a cell spanning columns still needs names below; a row of column numbers
    (1 2 3 …) belongs to it. A row that looks like data ends it at once.
    """
    if not rows or looks_like_body(rows[0]):
        return 0
    height = 1
    top = 0
    while top < min(height, len(rows)):
        for cell in rows[top]:
            if cell is not None and cell.text:
                height = max(height, top + cell.row_span)
        wide = any(c is not None and c.column_span > 1 and c.text for c in rows[top]) and top == height - 1
        if wide and height < len(rows) and not looks_like_body(rows[height]):
            height += 1
        top += 1
    height = min(height, len(rows))
    while height > 1 and looks_like_body(rows[height - 1]) and not is_number_row(rows[height - 1]):
        height -= 1
    if height < len(rows) and is_number_row(rows[height]):
        height += 1
    return height


def is_number_row(row: Row) -> bool:
    """A row of column numbers: 1 2 3 …, perhaps after 栏次 or 行次, perhaps with formulas like 2=3+4."""
    texts = [t for c in row if c is not None and (t := fold(c.text)) and t not in _BESIDE_NUMBERS]
    numbers = [t.split("=")[0] for t in texts]
    return len(numbers) >= 2 and all(n.isdigit() and len(n) <= 2 for n in numbers) and \
        all(int(b) == int(a) + 1 for a, b in zip(numbers, numbers[1:], strict=False)) and int(numbers[0]) <= 2


def looks_like_body(row: Row) -> bool:
    """True for a row that cannot belong to a header: figures, a code, an item number or a total in front."""
    texts = [fold(c.text) for c in row if c is not None and c.text]
    if not texts:
        return False
    if is_number_row(row):
        return False
    first = texts[0]
    if _CODE.fullmatch(first) or _ITEM.match(first):
        return True
    if TOTAL_NAME.fullmatch(first) and row[0] is not None and row[0].text and not (len(texts) > 2 and names_sums(texts)):
        return True
    return any("." in t and parse_decimal(t) is not None for t in texts) or sum(
        parse_decimal(t) is not None and not YEAR_IN_HEADING.fullmatch(t) for t in texts[1:]) > 0


def names_sums(texts: Sequence[str]) -> bool:
    """A row of names of sums: 合计 in front of it is the heading of a column (合计 因公出国(境)费 公务接待费), not the name of a row."""
    return all(_SUM_HEADING.search(t) for t in texts)


def header_paths(header: Sequence[Row], width: int) -> list[Path]:
    """For each column the printed header texts from the top, spans resolved, column numbers left out."""
    paths: list[list[str]] = [[] for _ in range(width)]
    for row in header:
        if is_number_row(row):
            continue
        for cell in row:
            if cell is None or not cell.text:
                continue
            for column in range(cell.column, min(cell.column + cell.column_span, width)):
                text = fold(cell.text)
                if not paths[column] or paths[column][-1] != text:
                    paths[column].append(text)
    return [tuple(p) for p in paths]


# ------------------------------------------------------------------ columns

def _fits(layout: ColumnLayout, path: Path, loose: bool = False) -> bool:
    if not path:
        return False
    leaf = YEAR_IN_HEADING.sub("", path[-1])
    above = [YEAR_IN_HEADING.sub("", p) for p in path[:-1]]
    bare = leaf.removeprefix("项目") if loose else leaf  # without lines 项目 over two columns runs into the heading of one
    if not layout.heading.fullmatch(leaf) and not layout.heading.fullmatch(bare):
        return False
    if layout.apart is not None and any(layout.apart.fullmatch(a) for a in above):
        return False
    return loose or layout.under is None or any(layout.under.fullmatch(a) for a in above)


def _named(layout: TableLayout, paths: Sequence[Path], loose: bool, out: frozenset[int]) -> dict[int, ColumnLayout]:
    """Printed columns and what the layout calls them, those in `out` left aside."""
    rows, cols = len(layout.columns), len(paths)
    best = [[0] * (cols + 1) for _ in range(rows + 1)]
    for i in range(rows - 1, -1, -1):
        for j in range(cols - 1, -1, -1):
            take = best[i + 1][j + 1] + 1 if j not in out and _fits(layout.columns[i], paths[j], loose) else 0
            best[i][j] = max(take, best[i + 1][j], best[i][j + 1])
    names: dict[int, ColumnLayout] = {}
    i = j = 0
    while i < rows and j < cols:
        if j not in out and _fits(layout.columns[i], paths[j], loose) and best[i][j] == best[i + 1][j + 1] + 1:
            names[j] = layout.columns[i]
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return names


def _other_years(paths: Sequence[Path]) -> frozenset[int]:
    """Columns of an earlier year, or that compare two years, where another column is the later year's own."""
    years = [{int(y) for p in path for y in re.findall(r"(20\d\d)年", p)} for path in paths]
    latest = max((y for own in years for y in own), default=0)
    older = {i for i, own in enumerate(years) if own and own != {latest}}
    if any(_THIS_YEAR.match(p) for path in paths for p in path):
        older |= {i for i, path in enumerate(paths) if any(_LAST_YEAR.match(p) for p in path)}
    return frozenset(older)


def _owed(names: dict[int, ColumnLayout]) -> int:
    return sum(not c.optional for c in names.values())


def match_columns(layout: TableLayout, paths: Sequence[Path], loose: bool = False) -> tuple[tuple[Column, ...], int]:
    """Name the printed columns by the layout, in order; and how many of the layout's columns were found. `loose` goes by the lowest
    headings alone, for tables without lines, where it is not sure over which columns a heading above them reaches.

    A longest-common-subsequence match: neither extra printed columns nor absent optional ones shift the rest.
    Unmatched printed columns keep their path as key and are text.
    """
    names = _named(layout, paths, loose, frozenset())
    older = _other_years(paths)
    if older and _owed(latest := _named(layout, paths, loose, older)) >= _owed(names):
        names = latest
    columns: list[Column] = []
    used: set[str] = set()
    side = 0
    for index, path in enumerate(paths):
        if index in names:
            known = names[index]
            side = known.side
            columns.append(Column(index, known.key, path, known.kind, known.side))
            used.add(known.key)
            continue
        key = "/".join(path) or f"第{index + 1}列"
        while key in used:
            key += "'"
        used.add(key)
        columns.append(Column(index, key, path, "text", side))
    return tuple(columns), len(names)


def columns_by_position(layout: TableLayout, paths: Sequence[Path], rows: Sequence[Row]) -> tuple[Column, ...] | None:
    """The layout's columns one by one, for a table of the right width whose headings could not be told apart; None when what stands in a
    column speaks against it (a name among the figures, a figure among the names)."""
    known = next((k for k in (layout.columns, tuple(c for c in layout.columns if not c.optional)) if len(k) == len(paths)), None)
    if known is None:
        return None
    for index, column in enumerate(known):
        texts = [c.text for row in rows if index < len(row) and (c := row[index]) is not None and c.text]
        figures = sum(looks_numeric(t) or is_blank(t) for t in texts)
        if column.kind == "amount" and figures < len(texts) or column.kind == "name" and figures:
            return None
    return tuple(Column(i, c.key, path, c.kind, c.side) for i, (c, path) in enumerate(zip(known, paths, strict=True)))


def generic_columns(paths: Sequence[Path], rows: Sequence[Row]) -> tuple[Column, ...]:
    """Columns of a table that no layout fits: kinds judged by what stands in them, sides by a repeated 项目 heading."""
    columns: list[Column] = []
    used: set[str] = set()
    side = 0
    for index, path in enumerate(paths):
        texts = [c.text for row in rows if index < len(row) and (c := row[index]) is not None and c.text]
        leaf = YEAR_IN_HEADING.sub("", path[-1]) if path else ""
        figures = bool(texts) and sum(looks_numeric(t) or is_blank(t) for t in texts) >= 0.8 * len(texts)
        if re.search("序号|行次|编号|备注", leaf) or re.search(r"(?:单位|部门|项目|机构)(?:\(单位\))?(?:编码|代码)", leaf):
            kind = "text"
        elif re.search("编码|代码", leaf) or leaf in ("类", "款", "项"):
            kind = "code"
        elif re.search("项目|名称|科目", leaf) and not (figures and re.search("支出|收入|经费|资金|金额|数$", leaf)):
            kind = "name"
        elif figures:
            kind = "amount"
        else:
            kind = "amount" if not texts and columns and columns[-1].kind == "amount" else "text"
        if kind in ("name", "code") and any(c.kind == "amount" and c.side == side for c in columns):
            side += 1
        key = "/".join(path) or f"第{index + 1}列"
        while key in used:
            key += "'"
        used.add(key)
        columns.append(Column(index, key, path, kind, side))
    columns = _one_subject(columns)
    if not any(c.kind == "name" for c in columns) and columns:
        first = next((c for c in columns if c.kind == "text"), None)
        if first is not None:
            columns[first.index] = replace(first, kind="name")
    return tuple(columns)


def _one_subject(columns: list[Column]) -> list[Column]:
    """Of a list that gives several things a row (unit, project, functional and economic subject) what names the row: the subject.

    With two complete codes a row (功能科目编码, 经济科目编码) none is the row's own.
    """
    out = list(columns)
    for side in {c.side for c in columns}:
        codes = [c for c in columns if c.side == side and c.kind == "code" and c.path and c.path[-1] not in ("类", "款", "项")]
        names = [c for c in columns if c.side == side and c.kind == "name"]
        subjects = [c for c in names if c.path and "科目" in c.path[-1]]
        drop = codes if len(codes) > 1 else [c for c in names if c not in subjects] if codes and subjects else []
        for column in drop:
            out[column.index] = replace(column, kind="text")
    return out


# ------------------------------------------------------------------ amounts and lines

def with_amounts(rows: Sequence[Row], columns: Sequence[Column], unit: str) -> tuple[Row, ...]:
    """The body rows with every well-formed figure in an amount column read as a Decimal in `unit`.

    A bare 0 among figures with decimals is as exact as they are: it is no rounding to a whole unit.
    """
    kinds = {c.index: c.kind for c in columns}
    printed = Counter(a.digits for row in rows for c in row if c is not None and kinds.get(c.column) == "amount"
                      and (a := parse_amount(c.text, unit)) is not None and a.value)
    usual = printed.most_common(1)[0][0] if printed else 0
    out: list[Row] = []
    for row in rows:
        cells: list[Cell | None] = []
        for cell in row:
            if cell is not None and cell.text and kinds.get(cell.column) == "amount" and not is_blank(cell.text):
                amount = parse_amount(cell.text, unit)
                if amount is not None:
                    if not amount.value and amount.digits < usual:
                        amount = replace(amount, digits=usual)
                    cell = replace(cell, amount=amount)
            cells.append(cell)
        out.append(tuple(cells))
    return tuple(out)


def build_lines(table_id: str, rows: Sequence[Row], columns: Sequence[Column], hierarchy: str = "code",
                totals: Sequence[str] = ("合计", "总计"), bodies: Sequence[str] = ()) -> tuple[Line, ...]:
    """Every row of every side as a Line with its code, name, level and parent.

    `hierarchy`: code, economic, names or none (see `TableLayout`). `bodies` are names of departments and units known from elsewhere.
    """
    total_names = {fold(t) for t in totals} | {"合计", "总计"}
    lines: list[Line] = []
    for side in sorted({c.side for c in columns}):
        own = [c for c in columns if c.side == side and not c.key.endswith(FURTHER)]
        side_lines = [_line(table_id, index, row, side, own, total_names) for index, row in enumerate(rows)]
        further = [replace(c, key=c.key.removesuffix(FURTHER)) for c in columns if c.side == side and c.key.endswith(FURTHER)]
        if further:
            beside = [_line(table_id, len(rows) + index, row, side, further, total_names) for index, row in enumerate(rows)]
            side_lines = _one_below_the_other(side_lines, beside)
        present = [line for line in side_lines if line is not None]
        lines += _nest(present, hierarchy, bodies)
    return tuple(lines)


def _one_below_the_other(lines: Sequence[Line | None], beside: Sequence[Line | None]) -> list[Line | None]:
    """The rows of a side that goes on in further columns; a total whose amount stands below those columns has it."""
    out: list[Line | None] = []
    rest: list[Line | None] = []
    for line, other in zip(lines, beside, strict=True):
        if line is not None and line.total and other is not None and not other.name and not other.code:
            line = replace(line, cells={**line.cells, **{k: c for k, c in other.cells.items() if c.text and not (k in line.cells and line.cells[k].text)}})
        elif other is not None and not other.total:
            rest.append(other)
        out.append(line)
    return out + rest


def _line(table_id: str, index: int, row: Row, side: int, own: Sequence[Column], total_names: set[str]) -> Line | None:
    cells: dict[str, Cell] = {}
    for column in own:
        cell = row[column.index] if column.index < len(row) else None
        if cell is None:
            continue
        cells[column.key] = cell
    codes = [fold(cells[c.key].text) for c in own if c.kind == "code" and c.key in cells]
    names = [cells[c.key].text for c in own if c.kind == "name" and c.key in cells]
    name = "".join(names).strip()
    code = ""
    if codes and not any(ch.isdigit() for ch in "".join(codes)):
        name = name or "".join(codes)
    else:
        parts = [c for c in codes if c]
        if len(codes) > 1:
            parts = [p.zfill(2) if p.isdigit() and i else p for i, p in enumerate(parts)]
        code = "".join(parts)
        joined = re.fullmatch(r"(\d{3,7})(\D.*)", code)
        if joined and not name:
            code, name = joined.group(1), joined.group(2)
    if not any(c.text for c in cells.values()):
        return None
    if not name and not code:  # 合计 over merged cells may stand under 单位编码
        name = next((cells[c.key].text for c in own if c.kind == "text" and c.key in cells and TOTAL_NAME.fullmatch(fold(cells[c.key].text))), "")
    if not name and not code and any(c.kind in ("name", "code") for c in own) and \
            not any(cells[c.key].amount for c in own if c.key in cells):
        return None
    plain = fold(name)
    total = plain in total_names or bool(TOTAL_NAME.fullmatch(plain))
    return Line(table_id, index, side, code, name, 0, None, cells, total)


def _nest(lines: list[Line], hierarchy: str, bodies: Sequence[str]) -> list[Line]:
    if hierarchy == "none" or not lines:
        return [replace(o, level=0 if o.total else 1) for o in lines]
    if hierarchy == "economic" and not any(o.code for o in lines):
        classes = {fold(c) for c in ECONOMIC_CLASSES}
        levels = [0 if o.total else 1 if fold(o.name) in classes and _is_class_row(o) else 2 for o in lines]
    elif hierarchy == "names":
        levels = name_levels(lines, bodies)
    else:
        levels = [0 if o.total else max(1, (len(o.code) - 1) // 2) if o.code.isdigit() else 1 for o in lines]
    total = next((o.index for o, level in zip(lines, levels, strict=True) if level == 0), None)
    out: list[Line] = []
    open_lines: list[tuple[int, int, str]] = []
    for line, level in zip(lines, levels, strict=True):
        parent: int | None = None
        if level > 0:
            while open_lines and open_lines[-1][0] >= level:
                open_lines.pop()
            by_code = next((o for o in reversed(open_lines) if not line.code or line.code.startswith(o[2])), None)
            parent = by_code[1] if by_code else (total if not line.code or level == 1 else None)
            open_lines.append((level, line.index, line.code))
        out.append(replace(line, level=level, parent=parent if parent != line.index else None))
    return out


def _is_class_row(line: Line) -> bool:
    """A 类 row of 表六 leaves the government subject blank; a 款 row of the same name does not."""
    return not any(c.text and key.startswith("政府") for key, c in line.cells.items())


def name_levels(lines: Sequence[Line], bodies: Sequence[str]) -> list[int]:
    """Levels in a table nested by name only: 0 total, 1 department or unit, 2 unit below a department, 3 project.

    A row is a body's when it bears a known body's name, or reads like an organ and holds no project word. The first of several
    body rows in immediate succession is the department.
    """
    known = {fold(b) for b in bodies if b}
    is_body = [fold(o.name) in known or bool(_ORGAN.search(fold(o.name)) and _ORGAN.fullmatch(_tail(fold(o.name)))
                                           and not _PROJECT_WORD.search(fold(o.name))) for o in lines]
    levels: list[int] = []
    for index, line in enumerate(lines):
        if line.total:
            levels.append(0)
        elif not is_body[index]:
            levels.append(3)
        elif index + 1 < len(lines) and is_body[index + 1] and not any(v == 1 for v in levels):
            levels.append(1)
        else:
            levels.append(2)
    return levels


def _tail(text: str) -> str:
    found = _ORGAN.search(text)
    last = found
    while found:
        last = found
        found = _ORGAN.search(text, found.start() + 1)
    return text[last.start():] if last else text
