"""Pages of lines and grids to a Document: contents, titled tables joined over their pages, sections, facts, template."""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.layouts import GENERIC, TableLayout, Template, plain_title, template, templates
from core.model import Box, Cell, Column, Document, Fact, Page, PageId, Place, Span, Table, join_boxes
from core.numbers import looks_numeric
from core.reading.forms import is_catalogue, is_form, read_catalogue, read_form
from core.reading.outline import build_sections, find_contents, heading_level, page_label, running_lines, span_of
from core.reading.pages import Block, RawGrid, RawLine, RawPage, part_of, printed_page
from core.reading.tables import (
    Row,
    build_lines,
    columns_by_position,
    generic_columns,
    header_height,
    header_paths,
    match_columns,
    with_amounts,
)
from core.text import fold

_UNIT = re.compile(r"(?:金额)?单位[:：]?(?:人民币)?[(（]?(万元|亿元|千元|元)[)）]?")
_BODY = re.compile(r"(?:(?:部门|单位|预算单位|编制部门|编制单位|填报单位|填报部门|公开部门|公开单位|部门\(单位\))(?:名称)?|预算(?:主管)?(?:部门|单位)|编制(?:部门|单位))(?:\(公章\)|\(盖章\))?:(.+)")
_LABEL = re.compile(r"(?:(?:预算|部门|单位|决算)?公开(?:表)?\d{1,2}(?:表)?|表[一二三四五六七八九十]{1,3}|表\d{1,2}(?:-\d{1,2})?|附表\d{0,2}|(?:部门|单位)?(?:预算|决算|财决|财预)?(?:公开)?\d+表)[:：]?")
_TITLE = re.compile(r".{2,60}表(?:\([^)]{1,20}\))?")
_STOP = re.compile("[。；，;!?]")
_NUMBER = re.compile(r"^(?:附?表)?([一二三四五六七八九十]{1,3}|\d{1,2})[、.:：]?(?=\D)")
_NOTE = re.compile(r"[(（]?(?:注|说明|备注)[:：]|无.{2,40}(?:保留该表格式|故本表为空|空表)|本表无数据|.{0,20}故本表(?:为空表|无数据)")
_FORM_TITLE = re.compile(r".*绩效(?:目标)?(?:申报|自评)?表")
_FORM_FOOT = re.compile(r"(?:项目)?(?:负责人|经办人|填报人|填表人|填报日期|联系电话|联系人)[:：]?")
_FORM_YEAR = re.compile(r"\(?(20\d\d)年度?\)?")
_CATALOGUE_TITLE = re.compile(r".*(?:政府购买服务)?指导性目录")
_ORGAN = re.compile(r"[^\d,.:;()]{3,40}(?:局|委|办|厅|部|院|会|中心|办公室|政府|学校|小学|中学|幼儿园|大队|支队|馆|所|站|街道|乡|镇|处)(?:\([^()]{2,8}\))?")
_COVER = re.compile(r"^(?P<unit>.{2,60}?)(?:(?P<year>20\d\d)年?度?)?(?:区级|市级|县级|省级|本级)?(?P<who>部门|单位)?(?P<what>预算|决算)(?:信息)?(?:公开)?(?:报告|情况|说明)?")


@dataclass
class _Open:
    """A table being put together: its grid so far, what stood above it, what stands below."""

    rows: list[Row]
    xs: tuple[float, ...]
    ruled: bool
    page: PageId
    pages: list[PageId]
    row_pages: list[PageId]
    above: list[RawLine] = field(default_factory=list)
    notes: list[RawLine] = field(default_factory=list)
    header: int = 0
    grids: list[RawGrid] = field(default_factory=list)


def assemble(path: str, sha256: str, form: str, raw_pages: Sequence[RawPage], *, template_id: str = "",
             properties: Mapping[str, str] | None = None, unread: Sequence[int] = ()) -> Document:
    """Put a disclosure together from its pages. An unknown `template_id` raises KeyError."""
    stream, labels = _stream(raw_pages)
    contents = find_contents(stream)
    used = set(contents.used)
    opened = _collect(stream, used)
    chosen, reason = choose_template(stream, opened, template_id)
    tables = _tables(opened, chosen)
    sections, front = build_sections(stream, used, chosen)
    kind, unit_fact, year, year_fact = _facts(stream, contents.used, tables, chosen)
    tables = _nest_by_name(tables, chosen, unit_fact.value)
    units = Counter(t.amount_unit for t in tables if t.kind == "budget" and t.amount_unit)
    grids: dict[int, list[tuple[Box, tuple[float, ...], tuple[float, ...]]]] = {}
    for page in raw_pages:
        grids[page.number] = [(g.box, g.xs, g.ys) for g in page.grids if g.box is not None]
    made = tuple(Page(p.number, p.width, p.height, p.kind, p.words, labels.get(p.number, ""), tuple(grids[p.number]), p.name)
                 for p in raw_pages)
    return Document(path, sha256, form, made, chosen.id, reason, kind, unit_fact, year, year_fact,
                    units.most_common(1)[0][0] if units else "", sections, tuple(contents.entries), tuple(tables), front,
                    dict(properties or {}), tuple(p.number for p in raw_pages if p.kind == "scan"), tuple(unread))


def _stream(raw_pages: Sequence[RawPage]) -> tuple[list[Block], dict[int, str]]:
    """All blocks in reading order without page numbers and running heads, and the printed page numbers."""
    running = running_lines(raw_pages)
    labels: dict[int, str] = {}
    stream: list[Block] = []
    for page in raw_pages:
        label, line = page_label(page)
        labels[page.number] = page.label or label
        for block in page.blocks:
            if block is line or isinstance(block, RawLine) and block.box is not None and fold(block.text) in running and (
                    block.box[3] < 0.1 * page.height or block.box[1] > 0.9 * page.height):
                continue
            if stream and isinstance(block, RawLine) and isinstance(stream[-1], RawLine) and _goes_on_as_title(stream[-1], block, page.width):
                stream[-1] = _joined(stream[-1], block)
                continue
            stream.append(block)
    return stream, labels


def _goes_on_as_title(line: RawLine, more: RawLine, width: float) -> bool:
    """Whether the title of a table, too long for its line, goes on in the next: both centred, of one size, close together, the first wide."""
    if line.box is None or more.box is None or line.page != more.page or abs(line.size - more.size) > 0.5:
        return False
    one, both = fold(line.text), fold(line.text + more.text)
    if _TITLE.fullmatch(one) or not _TITLE.fullmatch(both) or any(p.search(t) for p in (_UNIT, _STOP) for t in (one, both)) or _LABEL.match(one):
        return False
    (x0, _, x1, bottom), (y0, top, y1, _) = line.box, more.box
    centred = abs(x0 + x1 - y0 - y1) < 2 * line.size and abs(x0 + x1 - width) < 0.2 * width
    return centred and x1 - x0 > 0.55 * width and y1 - y0 < x1 - x0 and top - bottom < 1.2 * line.size


def _joined(line: RawLine, more: RawLine) -> RawLine:
    assert line.box is not None and more.box is not None
    return replace(line, text=line.text + more.text, box=join_boxes([line.box, more.box]), chars=(*line.chars, *more.chars), ocr=line.ocr or more.ocr)


# ---------------------------------------------------------------- grids to tables

def _collect(stream: Sequence[Block], used: set[int]) -> list[_Open]:
    """Join grids over pages and give each table the lines above and the notes below it. Marks the blocks it takes as used."""
    tables: list[_Open] = []
    pending: list[RawLine] = []
    for block in stream:
        if id(block) in used:
            continue
        if isinstance(block, RawLine):
            note = _NOTE.match(fold(block.text)) is not None or bool(tables) and _FORM_FOOT.match(fold(block.text)) is not None and is_form(tables[-1].rows)
            if note and tables and not pending and not _far(tables[-1], block):
                tables[-1].notes.append(block)
                used.add(id(block))
                continue
            if tables and tables[-1].notes and not pending and part_of(block.page) == part_of(tables[-1].notes[-1].page) and _goes_with(tables[-1].notes[-1], block):
                tables[-1].notes.append(block)
                used.add(id(block))
                continue
            pending.append(block)
            continue
        if not any(c is not None and c.text for r in block.rows for c in r):
            continue
        rows, swallowed = _pull_out(block)
        above, rest = _heading_lines([*pending, *swallowed])
        last = tables[-1] if tables else None
        if last is not None and not above and not rest and rows and _continues(last, rows, block) or last is not None and last.pages[-1] != block.page and not rest and rows and _only_footer(above) and _continues(last, rows, block) \
                and len(rows[0]) == len(last.rows[0]):
            _extend(last, rows, block)
        elif rows:
            tables.append(_Open(list(rows), block.xs, block.ruled, block.page, [block.page], [block.page] * len(rows), above, [],
                                header_height(rows) if block.header is None else block.header - (len(block.rows) - len(rows)), [block]))
            for line in above:
                used.add(id(line))
        used.add(id(block))
        pending = []
    return tables


def _only_footer(above: Sequence[RawLine]) -> bool:
    """Nothing above but a unit line or a body's name: what some programs repeat on every page of one table."""
    return bool(above) and all(_UNIT.search(fold(b.text)) or _BODY.match(fold(b.text)) or "续" in b.text for b in above) and not any(
        _TITLE.fullmatch(plain_title(b.text)) and not _UNIT.search(fold(b.text)) for b in above)


def _far(table: _Open, line: RawLine) -> bool:
    """A note belongs to the table above it on its page, or at the top of the next."""
    here, there = printed_page(line.page), printed_page(table.pages[-1])
    if here is None or there is None:
        return part_of(line.page) != part_of(table.pages[-1])
    return here[0] != there[0] or not 0 <= here[1] - there[1] <= 1


def _goes_with(note: RawLine, line: RawLine) -> bool:
    """Whether a line is the rest of a wrapped note: close below it, and no heading or title of its own."""
    if note.box is None or line.box is None:
        return False
    text = fold(line.text)
    if _TITLE.fullmatch(text) or _LABEL.fullmatch(text) or re.match(r"第.部分|[一二三四五六七八九十]+、|附件", text):
        return False
    return line.box[1] - note.box[3] < 1.2 * note.size and not note.text.rstrip().endswith(("。", "数据", ".", "！"))


def _pull_out(grid: RawGrid) -> tuple[tuple[Row, ...], list[RawLine]]:
    """Title, unit and body lines that stand in the grid's first rows put back out of it."""
    rows = list(grid.rows)
    lines: list[RawLine] = []
    while len(rows) > 1 and len(rows[0]) > 2:
        filled = [c for c in rows[0] if c is not None and c.text]
        texts = [fold(c.text) for c in filled]
        title = len(filled) == 1 and (_TITLE.fullmatch(texts[0]) or _CATALOGUE_TITLE.fullmatch(texts[0])) is not None and (
            filled[0].column_span > 1 or sum(c is not None for c in rows[0]) == len(rows[0]))
        unit = bool(filled) and len(filled) <= 3 and any(_UNIT.search(t) or _BODY.match(t) for t in texts) and not any(
            t in ("项目", "合计", "收入", "支出", "科目编码", "科目名称") for t in texts)
        label = len(filled) == 1 and _LABEL.fullmatch(texts[0]) is not None
        year = len(filled) == 1 and re.fullmatch(r"\(?20\d\d年度?\)?", texts[0]) is not None and filled[0].column_span == len(rows[0])
        empty = not filled and len(lines) > 0
        if not (title or unit or label or year or empty):
            break
        for cell in filled:
            box = cell.place.box if cell.place else None
            lines.append(RawLine(grid.page, cell.text, box, (box,) * len(cell.text), ocr=cell.ocr))
        rows.pop(0)
    cut = len(grid.rows) - len(rows)
    if not cut:
        return tuple(rows), lines
    moved = tuple(tuple(replace(c, row=c.row - cut) if c is not None else None for c in row) for row in rows)
    return moved, lines


def _heading_lines(pending: Sequence[RawLine]) -> tuple[list[RawLine], list[RawLine]]:
    """Of the lines before a grid: those that head it (label, title, year, body, unit), and the rest, which is narrative.

    Reads upward from the grid and stops at the first line that heads no table.
    """
    above: list[RawLine] = []
    title_seen = False
    for line in reversed(pending):
        plain = fold(line.text)
        bare = plain.replace("\u3000", "")
        if not bare:
            continue
        is_unit = bool(_UNIT.search(bare)) and len(bare) < 90 and not bare.endswith("。")
        is_body = bool(_BODY.match(bare)) and len(bare) < 70 and not bare.endswith("。")
        is_label = bool(_LABEL.fullmatch(bare))
        is_year = bool(re.fullmatch(r"\(?20\d\d年度?\)?", bare))
        is_title = not title_seen and not is_label and len(bare) <= 70 and not bare.endswith("。") and bool(
            _TITLE.fullmatch(bare) or _FORM_TITLE.fullmatch(bare) or _CATALOGUE_TITLE.fullmatch(bare))
        if is_title and not is_unit:
            title_seen = True
            above.append(line)
            continue
        if is_label or (not title_seen and (is_unit or is_body or is_year)):
            above.append(line)
            continue
        break
    kept = {id(a) for a in above}
    return above[::-1], [p for p in pending if id(p) not in kept and fold(p.text)]


def _continues(last: _Open, rows: Sequence[Row], grid: RawGrid) -> bool:
    """Whether a grid without a title goes on with the table before it."""
    if last.notes:
        return False
    here, there = printed_page(grid.page), printed_page(last.pages[-1])
    if here is None or there is None:
        # sheets and Word tables are whole; running text may break one where its page ended
        return part_of(grid.page) == part_of(last.pages[-1]) and len(rows[0]) == len(last.rows[0])
    if here[0] != there[0]:
        return False
    if is_form(last.rows) or is_form(rows):
        return not any(c is not None and fold(c.text).rstrip(":") == "项目名称" for c in rows[0]) and grid.page != last.pages[-1]
    if grid.page == last.pages[-1] and grid.ruled and last.ruled:
        return _same_columns(last.xs, grid.xs) and len(rows[0]) == len(last.rows[0])
    width = len(last.rows[0])
    if len(rows[0]) == width:
        return True
    if last.xs and grid.xs:
        overlap = min(last.xs[-1], grid.xs[-1]) - max(last.xs[0], grid.xs[0])
        if overlap < 0.7 * (last.xs[-1] - last.xs[0]):
            return False
        return len(rows[0]) <= width or len(rows) <= 3
    return len(rows[0]) < width


def _same_columns(a: Sequence[float], b: Sequence[float]) -> bool:
    return len(a) == len(b) and all(abs(x - y) < 6 for x, y in zip(a, b, strict=True))


def _extend(table: _Open, rows: Sequence[Row], grid: RawGrid) -> None:
    """Append a continuation: repeated headers dropped, its columns brought onto the table's own."""
    width = len(table.rows[0])
    placed = [list(r) for r in rows]
    if len(rows[0]) != width:
        placed = _align(rows, grid.xs, table.xs, width)
    drop = _repeated(table.rows, table.header, placed)
    offset = len(table.rows)
    for k, row in enumerate(placed[drop:]):
        table.rows.append(tuple(replace(c, row=offset + k) if c is not None else None for c in row))
        table.row_pages.append(grid.page)
    if table.pages[-1] != grid.page:
        table.pages.append(grid.page)
    table.grids.append(grid)


def _repeated(rows: Sequence[Row], header: int, more: Sequence[Sequence[Cell | None]]) -> int:
    """How many leading rows of `more` print the header again."""
    def key(row: Sequence[Cell | None]) -> tuple[str, ...]:
        return tuple(fold(c.text) for c in row if c is not None and c.text)

    same = 0
    while same < min(len(rows), len(more), header + 3) and key(rows[same]) == key(more[same]):
        same += 1
    if same and any(key(r) for r in more[:same]):
        return same
    flat = [t for r in rows[:header] for t in key(r)]
    for height in range(min(header + 1, len(more)), 0, -1):
        again = [t for r in more[:height] for t in key(r)]
        if flat and sorted(again) == sorted(flat):
            return height
    return 0


def _align(rows: Sequence[Row], xs: Sequence[float], base: Sequence[float], width: int) -> list[list[Cell | None]]:
    """Bring rows of another column count onto the table's columns: by position where it is known, else figures from the right."""
    out: list[list[Cell | None]] = []
    for row in rows:
        new: list[Cell | None] = [None] * width
        cells = [c for c in row if c is not None]
        if xs and len(base) == width + 1:
            for cell in cells:
                left, right = xs[cell.column], xs[min(cell.column + cell.column_span, len(xs) - 1)]
                inside = [j for j in range(width) if left - 3 <= (base[j] + base[j + 1]) / 2 <= right + 3]
                if not inside:
                    inside = [min(range(width), key=lambda j: abs((base[j] + base[j + 1]) / 2 - (left + right) / 2))]
                if new[inside[0]] is None or not new[inside[0]].text:  # type: ignore[union-attr]
                    new[inside[0]] = replace(cell, column=inside[0], column_span=len(inside))
        else:
            for k, cell in enumerate(reversed(cells)):
                j = width - 1 - k if k < len(cells) - 1 else 0
                if j >= 0:
                    new[j] = replace(cell, column=j, column_span=1)
        out.append(new)
    return out


# ---------------------------------------------------------------- template

def choose_template(stream: Sequence[Block], opened: Sequence[_Open], wanted: str) -> tuple[Template, str]:
    """The template that fits best, and in words why. Without enough signs: the generic one."""
    if wanted:
        return template(wanted), "由使用者指定"
    texts = [fold(b.text) for b in stream if isinstance(b, RawLine)]
    titles = [line.text for t in opened for line in t.above]
    best: tuple[int, int, Template] | None = None
    for known in templates():
        hits = [weight for pattern, weight in known.signs if any(pattern.search(t) for t in texts)]
        named = sum(any(layout.fits(t) for t in titles) for layout in known.tables)
        score = sum(hits) + 2 * named
        if best is None or score > best[0]:
            best = (score, named, known)
    if best is None or best[0] < 6 or best[1] < 2:
        return GENERIC, "没有一个已知模板的表名与本文件相符，按一般表格读取"
    score, named, known = best
    return known, f"{len(known.tables)} 张表中有 {named} 张按表名找到，特征得分 {score}"


# ---------------------------------------------------------------- tables

def _tables(opened: Sequence[_Open], chosen: Template) -> list[Table]:
    made: list[Table] = []
    taken: Counter[str] = Counter()
    forms = 0
    unknown = 0
    catalogue: _Open | None = None
    merged: list[_Open] = []
    for table in opened:
        if is_catalogue(table.rows[:3]) and catalogue is not None and len(table.rows[0]) == len(catalogue.rows[0]):
            drop = _repeated(catalogue.rows, catalogue.header, [list(r) for r in table.rows])
            offset = len(catalogue.rows)
            for k, row in enumerate(table.rows[drop:]):
                catalogue.rows.append(tuple(replace(c, row=offset + k) if c is not None else None for c in row))
                catalogue.row_pages.append(table.row_pages[drop + k])
            catalogue.pages += [p for p in table.pages if p not in catalogue.pages]
            catalogue.grids += table.grids
            catalogue.notes += table.notes
            continue
        if is_catalogue(table.rows[:3]):
            catalogue = table
        merged.append(table)
    for table in merged:
        if is_form(table.rows):
            forms += 1
            made.append(_form_table(table, f"绩效{forms}"))
            continue
        if is_catalogue(table.rows[:3]):
            taken["目录"] += 1
            made.append(_catalogue_table(table, "目录" if taken["目录"] == 1 else f"目录{taken['目录']}"))
            continue
        title = _title_line(table.above, chosen)
        layout = chosen.layout_for(title.text) if title is not None else None
        if layout is None and title is None:
            layout = _by_header(table, [t for t in chosen.tables if not taken[t.id]])
        doubtful = layout is not None and not table.ruled and _doubtful(table, layout)
        if layout is None or doubtful:
            unknown += 1
            made.append(_unknown_table(table, title, unknown, doubtful))
            continue
        taken[layout.id] += 1
        made.append(_budget_table(table, title, layout, layout.id if taken[layout.id] == 1 else f"{layout.id}({taken[layout.id]})"))
    return made


def _title_line(above: Sequence[RawLine], chosen: Template) -> RawLine | None:
    titled = [b for b in above if chosen.layout_for(b.text) is not None]
    if titled:
        return titled[-1]
    plain = [b for b in above if (_TITLE.fullmatch(fold(b.text)) or _FORM_TITLE.fullmatch(fold(b.text)) or _CATALOGUE_TITLE.fullmatch(fold(b.text)))
             and not _LABEL.fullmatch(fold(b.text)) and not _UNIT.search(fold(b.text))]
    return plain[-1] if plain else None


def _by_header(table: _Open, layouts: Sequence[TableLayout]) -> TableLayout | None:
    """The only layout whose every column the printed header shows; None when none or several do."""
    paths = header_paths(table.rows[:table.header], len(table.rows[0]))
    fitting = []
    for layout in layouts:
        _, found = match_columns(layout, paths)
        needed = sum(not c.optional for c in layout.columns)
        if needed >= 4 and found >= needed and found >= len(paths) - 1:
            fitting.append(layout)
    return fitting[0] if len(fitting) == 1 else None


def _dress(table: _Open, title: RawLine | None) -> dict[str, Span | str | tuple[Span, ...] | None]:
    """What stands around a table: label, body and unit lines, notes."""
    label = body = unit = None
    amount_unit = ""
    for line in table.above:
        plain = fold(line.text)
        if title is not None and line is title:
            continue
        found = _UNIT.search(plain)
        if found:
            amount_unit = amount_unit or found.group(1)
            unit = unit or _part(line, found.group(0))
        whose = _BODY.match(plain[:found.start()] if found else plain)
        if whose and body is None:
            body = _part(line, whose.group(0))
        if _LABEL.fullmatch(plain):
            label = span_of(line)
    return {"label": label, "body": body, "unit": unit, "amount_unit": amount_unit, "notes": tuple(span_of(n) for n in table.notes)}


def _part(line: RawLine, plain: str) -> Span:
    """The piece of a line that holds a folded text."""
    from core.text import fold_with_map

    folded, where = fold_with_map(line.text)
    at = folded.find(plain)
    if at < 0:
        return span_of(line)
    start, end = where[at], where[min(at + len(plain), len(where)) - 1] + 1
    boxes = [b for b in line.chars[start:end] if b is not None]
    box = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)) if boxes else line.box
    return Span(line.text[start:end], (Place(line.page, box),), line.ocr)


def _budget_table(table: _Open, title: RawLine | None, layout: TableLayout, table_id: str) -> Table:
    rows = tuple(table.rows)
    around = _dress(table, title)
    height, columns, found = _named_columns(table, layout)
    unit = str(around["amount_unit"]) or layout.unit
    body = with_amounts(rows[height:], columns, unit)
    lines = build_lines(table_id, body, columns, layout.hierarchy, layout.totals)
    return _make(table, table_id, layout.role, "budget", title.text if title is not None else layout.title, rows[:height], body, columns, lines, unit,
                 title, around, table.row_pages[height:], f"按{'表名' if title is not None else '表头'}识别，{len(layout.columns)} 列中对上 {found} 列")


def _doubtful(table: _Open, layout: TableLayout) -> bool:
    """An open table whose inferred columns do not fit the layout: named columns missing, or figures under no name. Better not recognised
    than read into the wrong columns."""
    height, columns, found = _named_columns(table, layout)
    known = {c.key for c in layout.columns}
    stray = any(c is not None and looks_numeric(c.text) and columns[c.column].key not in known for row in table.rows[height:] for c in row)
    return found < _needed(layout) or stray


def _needed(layout: TableLayout) -> int:
    return sum(not c.optional for c in layout.columns)


def _named_columns(table: _Open, layout: TableLayout) -> tuple[int, tuple[Column, ...], int]:
    """Height of the header, the columns named by the layout, and how many of the layout's were found.

    The header is as high as fits the layout best. An open table whose headings could not be told apart takes the layout's columns by
    position, where what stands in them allows it.
    """
    rows = table.rows
    width, loose = len(rows[0]), not table.ruled

    def named(height: int) -> tuple[tuple[Column, ...], int]:
        return match_columns(layout, header_paths(rows[:height], width), loose)

    height = max([table.header, *range(1, min(5, len(rows) + 1))], key=lambda h: named(h)[1])
    columns, found = named(height)
    if loose and found < _needed(layout):
        taller = max(table.header, height)
        placed = columns_by_position(layout, header_paths(rows[:taller], width), rows[taller:])
        if placed is not None:
            return taller, placed, len(placed)
    return height, columns, found


def _unknown_table(table: _Open, title: RawLine | None, count: int, doubtful: bool) -> Table:
    rows = tuple(table.rows)
    around = _dress(table, title)
    height = table.header
    columns = generic_columns(header_paths(rows[:height], len(rows[0])), rows[height:])
    unit = str(around["amount_unit"])
    body = with_amounts(rows[height:], columns, unit)
    name = title.text if title is not None else f"第{table.page}页表格"
    lines = () if doubtful else build_lines(f"未识别{count}", body, columns)
    why = "表中没有竖线，由文字位置推断的列与模板不符" if doubtful else "没有模板的表名与它相符"
    return _make(table, f"未识别{count}", "", "unknown", name, rows[:height], body, columns, lines, unit, title, around, table.row_pages[height:], why)


def _form_table(table: _Open, table_id: str) -> Table:
    title = next((b for b in table.above if _FORM_TITLE.fullmatch(fold(b.text))), None)
    dated = next((b for b in table.above if b is not title and _FORM_YEAR.fullmatch(fold(b.text))), None)
    found = _FORM_YEAR.fullmatch(fold(dated.text)) if dated is not None else None
    year = found.group(1) if found else ""
    if not year and title is not None:
        found = _FORM_YEAR.search(fold(title.text))
        year = found.group(1) if found else ""
    around = _dress(table, title)
    feet = [n for n in table.notes if _FORM_FOOT.match(fold(n.text))]
    footer = Span("".join(n.text for n in feet), tuple(Place(n.page, n.box) for n in feet), any(n.ocr for n in feet)) if feet else None
    around["notes"] = tuple(span_of(n) for n in table.notes if n not in feet)
    rows, form = read_form(tuple(table.rows), year, footer)
    form = replace(form, year_span=span_of(dated) if dated is not None else None)
    return replace(_make(table, table_id, "performance", "performance", title.text if title is not None else "项目支出绩效目标表", (), rows, (), (), form.unit,
                         title, around, table.row_pages, "表中有项目名称与绩效指标"), form=form)


def _catalogue_table(table: _Open, table_id: str) -> Table:
    title = next((b for b in table.above if _CATALOGUE_TITLE.fullmatch(fold(b.text))), None)
    height = max(table.header, 1)
    rows = tuple(table.rows)
    columns = generic_columns(header_paths(rows[:height], len(rows[0])), rows[height:])
    return replace(_make(table, table_id, "catalogue", "catalogue", title.text if title is not None else "政府购买服务指导性目录", rows[:height], rows[height:],
                         columns, (), "", title, _dress(table, title), table.row_pages[height:], "表头为代码与各级目录"),
                   entries=read_catalogue(rows[height:], 0))


def _make(table: _Open, table_id: str, role: str, kind: str, name: str, header: tuple[Row, ...], body: tuple[Row, ...], columns: Sequence[object],
          lines: Sequence[object], unit: str, title: RawLine | None, around: Mapping[str, object], pages: Sequence[PageId], why: str) -> Table:
    return Table(table_id, role, kind, name.strip(), tuple(table.pages), header, body, tuple(columns), tuple(lines), unit,  # type: ignore[arg-type]
                 span_of(title) if title is not None else None, around["label"], around["unit"], around["body"],  # type: ignore[arg-type]
                 around["notes"], row_pages=tuple(pages), why=why)  # type: ignore[arg-type]


def _nest_by_name(tables: Sequence[Table], chosen: Template, unit_name: str) -> list[Table]:
    """Nest tables that only names give a hierarchy, once the names of the bodies are known from elsewhere in the document."""
    bodies = {unit_name} if unit_name else set()
    for table in tables:
        if table.role == "operating":
            bodies |= {line.name for line in table.lines if not line.total and line.name}
    out: list[Table] = []
    for table in tables:
        layout = chosen.table(table.id) if table.kind == "budget" else None
        if layout is not None and layout.hierarchy == "names":
            table = replace(table, lines=build_lines(table.id, table.rows, table.columns, "names", layout.totals, sorted(bodies)))
        out.append(table)
    return out


# ---------------------------------------------------------------- facts

def _facts(stream: Sequence[Block], contents: set[int], tables: Sequence[Table], chosen: Template) -> tuple[str, Fact, int | None, Fact]:
    """Kind, unit name and year of the disclosure with where they stand: the cover first, the tables' own lines second."""
    cover: list[RawLine] = []
    first_page = part_of(stream[0].page) if stream else 1
    for block in stream:
        if isinstance(block, RawGrid) or id(block) in contents or heading_level(block, chosen)[0] or len(cover) > 12:
            break
        if part_of(block.page) != first_page and cover:
            break
        cover.append(block)
    joined = "".join(fold(b.text) for b in cover)
    bodies = Counter(found.group(1) for t in tables if t.body_span and (found := _BODY.match(_UNIT.sub("", fold(t.body_span.text)))))
    stated = next(((b, m.group(1)) for b in cover if (m := _BODY.match(_UNIT.sub("", fold(b.text))))), None)
    match = _COVER.match(joined)
    kind = ""
    what = re.search(r"决算|预算", joined) or next((m for t in tables if (m := re.search(r"决算|预算", t.title))), None)
    who = "单位" if stated is not None and re.match(r"预算单位|单位", fold(stated[0].text)) else ""
    if not who and match and match.group("who"):
        who = match.group("who")
    if not who:
        votes = Counter(re.search("部门|单位", fold(t.body_span.text)).group() for t in tables  # type: ignore[union-attr]
                        if t.body_span and re.search("部门|单位", fold(t.body_span.text)))
        who = votes.most_common(1)[0][0] if votes else ("部门" if "部门" in joined else "单位" if "单位" in _UNIT.sub("", joined) else "")
    if what and who:
        kind = who + what.group()
    year, year_fact = _year(cover, tables, stream)
    if stated is not None:
        longer = next((n for n, _ in bodies.most_common() if n.startswith(stated[1]) and n in joined), stated[1])  # wrapped on the cover
        return kind, Fact(longer, span_of(stated[0])), year, year_fact
    if match and len(match.group("unit")) >= 4 and not re.search(r"\d|^(?:收入|支出|收支|财政拨款|一般公共|政府性基金|国有资本)", match.group("unit")):
        name = match.group("unit")
        line = next((b for b in cover if fold(b.text)[:4] == name[:4]), cover[0])
        if not bodies or bodies.most_common(1)[0][0] == name or name in bodies:
            return kind, Fact(name, span_of(line)), year, year_fact
        return kind, Fact(name, span_of(line)), year, year_fact
    if bodies:
        name = bodies.most_common(1)[0][0]
        table = next(t for t in tables if t.body_span and name in fold(t.body_span.text))
        return kind, Fact(name, table.body_span), year, year_fact
    alone = next((b for b in cover if _ORGAN.fullmatch(fold(b.text))), None)
    return kind, Fact(alone.text.strip(), span_of(alone)) if alone is not None else Fact(""), year, year_fact


def _year(cover: Sequence[RawLine], tables: Sequence[Table], stream: Sequence[Block]) -> tuple[int | None, Fact]:
    for line in cover:
        found = re.search(r"(20[0-4]\d)年", fold(line.text)) or re.fullmatch(r"(20[0-4]\d)", fold(line.text))
        if found:
            return int(found.group(1)), Fact(found.group(1), span_of(line))
    votes = Counter(m.group(1) for t in tables if t.title_span and (m := re.search(r"(20[0-4]\d)年", fold(t.title))))
    if votes:
        year = votes.most_common(1)[0][0]
        table = next(t for t in tables if t.title_span and year in t.title)
        return int(year), Fact(year, table.title_span)
    for block in stream:
        if isinstance(block, RawLine) and (found := re.search(r"(20[0-4]\d)年度?(?:部门|单位)?(?:预算|决算)", fold(block.text))):
            return int(found.group(1)), Fact(found.group(1), span_of(block))
    return None, Fact("")


