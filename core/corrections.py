"""A reviewer's corrections to how tables were read: column and row lines, the table's name. Applied to the document as read.

A correction names a table on a page and gives the lines it should have there. `apply` puts the words of the page into the corrected
lines; what the correction doesn't touch stays exactly as it was read. Column lines hold for the pages that the table goes on over,
where they stood at the same places.
"""
from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from core.layouts import GENERIC, Template, template
from core.letters import inside, letters
from core.model import Box, Cell, Document, Page, PageId, Place, Table, Word, join_boxes
from core.reading.forms import is_form, read_catalogue, read_form
from core.reading.tables import Row, build_lines, generic_columns, header_height, header_paths, match_columns, with_amounts
from core.review_file import CorruptReview, hash_file, load
from core.text import fold

log = logging.getLogger(__name__)

KEPT = "corrections"
"""Where a review keeps them (ReviewFile.extras)."""
NEAR = 3.0
"""Lines closer than this, in points, are one line."""
LEAST = 4.0
"""No column or row is narrower than this."""
AS_READ = -1
WHY = "由审核人更正"


@dataclass(frozen=True)
class Correction:
    """The lines of `table` (its id as read, "" for a table that was not found) on `page`.

    `name` is the template's id the reviewer gave it, "" to leave it. `header` is the number of header rows, AS_READ to leave it.
    """

    page: int
    table: str
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    name: str = ""
    header: int = AS_READ

    @property
    def box(self) -> Box:
        return (self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def lines(self, columns: bool) -> tuple[float, ...]:
        return self.xs if columns else self.ys

    def with_lines(self, columns: bool, lines: tuple[float, ...]) -> Correction:
        return replace(self, xs=lines) if columns else replace(self, ys=lines)

    @property
    def key(self) -> tuple[int, str, int]:
        """One correction for each table and page; new tables on a page are told apart by where they begin."""
        return (self.page, self.table, 0 if self.table else round(self.ys[0]))


# ------------------------------------------------------------------ keeping

def to_json(corrections: Iterable[Correction]) -> list[dict[str, Any]]:
    return [asdict(c) for c in corrections]


def from_json(data: object) -> tuple[Correction, ...]:
    """The corrections kept with a review. ValueError for anything that is not such a list."""
    if not isinstance(data, list):
        raise ValueError("corrections are a list")
    return tuple(_from_entry(entry) for entry in data)


def _from_entry(entry: object) -> Correction:
    if not isinstance(entry, Mapping):
        raise ValueError("a correction is a mapping")
    try:
        made = Correction(int(entry["page"]), str(entry["table"]), tuple(float(x) for x in entry["xs"]),
                          tuple(float(y) for y in entry["ys"]), str(entry.get("name", "")), int(entry.get("header", AS_READ)))
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a correction: {error}") from error
    for lines in (made.xs, made.ys):
        if len(lines) < 2 or any(b <= a for a, b in zip(lines, lines[1:], strict=False)):
            raise ValueError("lines of a correction must rise")
    return made


def with_correction(corrections: Sequence[Correction], new: Correction) -> tuple[Correction, ...]:
    """These corrections with `new` in the place of an earlier one for the same table and page."""
    return (*(c for c in corrections if c.key != new.key), new)


def without(corrections: Sequence[Correction], key: tuple[int, str, int]) -> tuple[Correction, ...]:
    return tuple(c for c in corrections if c.key != key)


# ------------------------------------------------------------------ lines

def lines_of(table: Table, page: PageId) -> tuple[tuple[float, ...], tuple[float, ...]] | None:
    """The column and row lines of the part of a table on a page, as read. None where its cells have no place there.

    A page that shows fewer of the table's columns (a last row alone, merged) has the column lines of the others.
    """
    by_page: dict[PageId, list[Box]] = {}
    for cell in _cells(table):
        if cell.place is not None and cell.place.box is not None:
            by_page.setdefault(cell.place.page, []).append(cell.place.box)
    if page not in by_page:
        return None
    columns = {p: _clustered([x for b in boxes for x in (b[0], b[2])]) for p, boxes in by_page.items()}
    own = columns[page]
    fuller = next((xs for xs in columns.values() if len(xs) > len(own) and all(any(abs(x - o) < NEAR for x in xs) for o in own)), own)
    return fuller, _clustered([y for b in by_page[page] for y in (b[1], b[3])])


def _clustered(values: Sequence[float]) -> tuple[float, ...]:
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][0] < NEAR:
            groups[-1].append(value)
        else:
            groups.append([value])
    return tuple(sum(g) / len(g) for g in groups)


def moved(lines: Sequence[float], index: int, to: float) -> tuple[float, ...]:
    """A line moved, kept between its neighbours."""
    low = lines[index - 1] + LEAST if index > 0 else 0.0
    high = lines[index + 1] - LEAST if index + 1 < len(lines) else max(to, lines[index])
    out = list(lines)
    out[index] = min(max(to, low), max(high, low))
    return tuple(out)


def added(lines: Sequence[float], at: float) -> tuple[float, ...]:
    """One more line at `at`; the same lines when one is already there or it lies outside."""
    if not lines[0] < at < lines[-1] or any(abs(line - at) < LEAST for line in lines):
        return tuple(lines)
    return tuple(sorted((*lines, at)))


def taken(lines: Sequence[float], index: int) -> tuple[float, ...]:
    """One line less; the outer lines stay."""
    return tuple(lines) if index in (0, len(lines) - 1) else tuple(v for i, v in enumerate(lines) if i != index)


# ------------------------------------------------------------------ applying

def apply(document: Document, corrections: Sequence[Correction], known: Template | None = None) -> Document:
    """The document as it reads with these corrections. A correction whose table or page is not there changes nothing."""
    if not corrections:
        return document
    layout = known or _template(document.template)
    pages = {p.number: p for p in document.pages}
    usable = [c for c in corrections if c.page in pages]
    tables = [_corrected(t, [c for c in usable if c.table == t.id], pages, layout, document) for t in document.tables]
    for number, correction in enumerate((c for c in usable if not c.table), 1):
        tables.append(_new_table(correction, number, pages[correction.page], layout, document))
    order = {id(t): (t.page if isinstance(t.page, int) else 0, _top(t)) for t in tables}
    if any(not c.table for c in usable):
        tables.sort(key=lambda t: order[id(t)])
    return replace(document, tables=tuple(tables), pages=tuple(_redrawn(p, usable, document) for p in document.pages))


def _template(template_id: str) -> Template:
    try:
        return template(template_id)
    except KeyError:
        return GENERIC


def _top(table: Table) -> float:
    return min((c.place.box[1] for c in _cells(table) if c.place and c.place.box and c.place.page == table.page), default=0.0)


def _cells(table: Table) -> list[Cell]:
    return [c for row in (*table.header, *table.rows) for c in row if c is not None]


def _redrawn(page: Page, corrections: Sequence[Correction], document: Document) -> Page:
    own = [c for c in corrections if c.page == page.number]
    if not own:
        return page
    grids = [g for g in page.grids if not any(_overlap(g[0], c.box) > 0.5 for c in own)]
    return replace(page, grids=(*grids, *((c.box, c.xs, c.ys) for c in own)))


def _overlap(one: Box, two: Box) -> float:
    """The common area as a share of the smaller box."""
    width = min(one[2], two[2]) - max(one[0], two[0])
    height = min(one[3], two[3]) - max(one[1], two[1])
    if width <= 0 or height <= 0:
        return 0.0
    least = min((b[2] - b[0]) * (b[3] - b[1]) for b in (one, two))
    return width * height / least if least else 0.0


def _corrected(table: Table, corrections: Sequence[Correction], pages: Mapping[int, Page], layout: Template, document: Document) -> Table:
    if not corrections:
        return table
    by_page = {c.page: c for c in corrections}
    rows = [*table.header, *table.rows]
    row_pages = [*[table.page] * len(table.header), *table.row_pages]
    row_pages += [table.page] * (len(rows) - len(row_pages))
    height = len(table.header)
    edge = max((c.place.box[3] for row in table.header for c in row if c and c.place and c.place.box), default=None)
    new_rows: list[list[Cell | None]] = []
    new_pages: list[PageId] = []
    new_height = 0
    for page_id in dict.fromkeys(row_pages):
        own = [r for r, p in zip(rows, row_pages, strict=True) if p == page_id]
        correction = by_page.get(page_id) if isinstance(page_id, int) else None
        correction = correction or _carried(table, page_id, corrections)
        if correction is None or not isinstance(page_id, int):
            made: list[list[Cell | None]] = [list(r) for r in own]
            heads = min(height, len(own)) if page_id == table.page else 0
        else:
            made = _recelled(pages[page_id], correction.xs, correction.ys, _areas(own, lines_of(table, page_id)))
            heads = sum(1 for a, b in zip(correction.ys, correction.ys[1:], strict=False) if edge is not None and (a + b) / 2 < edge) \
                if page_id == table.page else 0
        if page_id == table.page:
            new_height = heads
        new_rows += made
        new_pages += [page_id] * len(made)
    chosen = next((c.header for c in corrections if c.header != AS_READ and c.page == table.page), AS_READ)
    if chosen != AS_READ:
        new_height = min(chosen, len(new_rows))
    name = next((c.name for c in corrections if c.name), "")
    return _named(table, name, _numbered(new_rows), new_height, new_pages, layout, document)


def _carried(table: Table, page: PageId, corrections: Sequence[Correction]) -> Correction | None:
    """The column lines corrected on another page, where this page had the same ones; its own row lines stay."""
    here = lines_of(table, page)
    if here is None or not isinstance(page, int):
        return None
    for correction in corrections:
        there = lines_of(table, correction.page)
        if there is not None and correction.xs != there[0] and _alike(here[0], there[0]):
            return replace(correction, page=page, ys=here[1])
    return None


def _alike(one: Sequence[float], two: Sequence[float]) -> bool:
    return len(one) == len(two) and all(abs(a - b) < NEAR for a, b in zip(one, two, strict=True))


def _new_table(correction: Correction, number: int, page: Page, layout: Template, document: Document) -> Table:
    rows = _numbered(_recelled(page, correction.xs, correction.ys, []))
    height = header_height(rows) if correction.header == AS_READ else min(correction.header, len(rows))
    bare = Table(f"补{number}", "", "unknown", f"第 {page.number} 页补画的表格", (page.number,), (), (), ())
    return _named(bare, correction.name, rows, height, [page.number] * len(rows), layout, document)


def _named(table: Table, name: str, rows: Sequence[Row], height: int, row_pages: Sequence[PageId], layout: Template,
           document: Document) -> Table:
    """The table with these rows: its columns named by the template when it is one of the template's, by what is printed otherwise."""
    if not name and table.form is not None and is_form(rows):
        body, form = read_form(rows, table.form.year, table.form.footer)
        return replace(table, header=(), rows=body, form=form, row_pages=tuple(row_pages), why=WHY)
    if not name and table.kind == "catalogue":
        return replace(table, header=tuple(rows[:height]), rows=tuple(rows[height:]), entries=read_catalogue(rows[height:], 0),
                       row_pages=tuple(row_pages[height:]), why=WHY)
    known = layout.table(name or table.id) or (layout.table(table.role) if table.role and not name else None)
    header, body = tuple(rows[:height]), tuple(rows[height:])
    width = max((len(r) for r in rows), default=0)
    paths = header_paths(header, width)
    unit = table.amount_unit or (known.unit if known else "")
    bodies = [document.unit_name.value]
    pages = tuple(dict.fromkeys(row_pages))
    if known is not None:
        columns, _ = match_columns(known, paths)
        body = with_amounts(body, columns, unit)
        lines = build_lines(known.id, body, columns, known.hierarchy, known.totals, bodies)
        table_id, role, kind = known.id, known.role, "budget"
    else:
        columns = generic_columns(paths, body)
        body = with_amounts(body, columns, unit)
        lines = build_lines(table.id, body, columns, bodies=bodies)
        table_id, role, kind = table.id, table.role, table.kind
    return replace(table, id=table_id, role=role, kind=kind, amount_unit=unit, pages=pages or table.pages, header=header, rows=body,
                   columns=columns, lines=lines, row_pages=tuple(row_pages[height:]), why=WHY)


def _numbered(rows: Sequence[Sequence[Cell | None]]) -> tuple[Row, ...]:
    """Rows of one width, each cell knowing its row and column. Spans don't reach over the edge."""
    width = max((len(r) for r in rows), default=0)
    out: list[Row] = []
    for index, row in enumerate(rows):
        padded = [*row, *[None] * (width - len(row))]
        out.append(tuple(None if c is None else replace(c, row=index, column=k, column_span=min(c.column_span, width - k))
                         for k, c in enumerate(padded)))
    return tuple(out)


def _areas(rows: Sequence[Row], lines: tuple[tuple[float, ...], tuple[float, ...]] | None) -> list[tuple[Cell, Box]]:
    """The cells of a page with the areas they stand for: by their spans where lines and rows agree in number, else as printed.

    The printed box of a cell merged by inference is smaller than its area.
    """
    cells = [(i, c) for i, row in enumerate(rows) for c in row if c is not None]
    if lines is not None and len(lines[1]) == len(rows) + 1 and all(len(row) + 1 == len(lines[0]) for row in rows):
        xs, ys = lines
        return [(c, (xs[c.column], ys[i], xs[min(c.column + c.column_span, len(xs) - 1)], ys[min(i + c.row_span, len(ys) - 1)]))
                for i, c in cells]
    return [(c, c.place.box) for _, c in cells if c.place is not None and c.place.box is not None]


def _recelled(page: Page, xs: Sequence[float], ys: Sequence[float], as_read: Sequence[tuple[Cell, Box]]) -> list[list[Cell | None]]:
    """The words of a page put into the slots between these lines. Merged cells stay merged, untouched ones stay as read."""
    merged = [box for c, box in as_read if c.row_span > 1 or c.column_span > 1]
    slots = _slots(xs, ys, merged)
    area = (xs[0], ys[0], xs[-1], ys[-1])
    pieces = [p for w in page.words if inside(w.box, area) for p in _pieces(w, xs)]
    untouched = {tuple(round(v) for v in box): cell for cell, box in as_read}
    rows: list[list[Cell | None]] = [[None] * (len(xs) - 1) for _ in range(len(ys) - 1)]
    for (row, column), (tall, wide, box) in slots.items():
        old = untouched.get(tuple(round(v) for v in box))
        if old is not None:
            rows[row][column] = replace(old, row_span=tall, column_span=wide, amount=None)
            continue
        words = [w for w in pieces if inside(w.box, box)]
        sure = [w.confidence for w in words if w.confidence is not None]
        rows[row][column] = Cell(_text(words), Place(page.number, box), row, column, tall, wide, None, min(sure) if sure else None)
    return rows


def _slots(xs: Sequence[float], ys: Sequence[float], merged: Sequence[Box]) -> dict[tuple[int, int], tuple[int, int, Box]]:
    """For each cell's upper left slot: how many rows and columns it spans, and its box."""
    taken_slots: set[tuple[int, int]] = set()
    slots: dict[tuple[int, int], tuple[int, int, Box]] = {}
    for box in merged:
        rows = [i for i in range(len(ys) - 1) if box[1] < (ys[i] + ys[i + 1]) / 2 < box[3]]
        columns = [i for i in range(len(xs) - 1) if box[0] < (xs[i] + xs[i + 1]) / 2 < box[2]]
        covered = {(r, c) for r in rows for c in columns}
        if len(covered) < 2 or covered & taken_slots:
            continue
        taken_slots |= covered
        slots[(rows[0], columns[0])] = (len(rows), len(columns), (xs[columns[0]], ys[rows[0]], xs[columns[-1] + 1], ys[rows[-1] + 1]))
    for r in range(len(ys) - 1):
        for c in range(len(xs) - 1):
            if (r, c) not in taken_slots:
                slots[(r, c)] = (1, 1, (xs[c], ys[r], xs[c + 1], ys[r + 1]))
    return slots


def _pieces(word: Word, xs: Sequence[float]) -> list[Word]:
    """A word cut where a column line has whole characters on both of its sides."""
    parts = letters(word)
    for line in xs[1:-1]:
        left = [p for p in parts if p[1][2] <= line + 1]
        right = [p for p in parts if p[1][0] >= line - 1]
        if left and right and len(left) + len(right) == len(parts):
            one = Word("".join(c for c, _ in left), join_boxes([b for _, b in left]), word.confidence)
            two = Word("".join(c for c, _ in right), join_boxes([b for _, b in right]), word.confidence)
            return [one, *_pieces(two, xs)]
    return [word]


def _text(words: Sequence[Word]) -> str:
    """Words of a cell as its text: from line to line without a break, Latin words and figures on one line parted by a blank."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.box[1] + w.box[3]) / 2):
        if lines and abs((lines[-1][0].box[1] + lines[-1][0].box[3]) - (word.box[1] + word.box[3])) < word.box[3] - word.box[1]:
            lines[-1].append(word)
        else:
            lines.append([word])
    out = ""
    for line in lines:
        for index, word in enumerate(sorted(line, key=lambda w: w.box[0])):
            latin = bool(out) and out[-1].isascii() and word.text[:1].isascii() and out[-1].isalnum() and word.text[:1].isalnum()
            out += (" " if index and latin else "") + word.text
    return out


def describe(correction: Correction, table: Table | None) -> str:
    """One line for a list of corrections."""
    what = table.title if table is not None else "补画的表格"
    named = f"，定为“{correction.name}”" if correction.name and fold(correction.name) != fold(correction.table) else ""
    return f"第 {correction.page} 页 {correction.table or what}：{len(correction.ys) - 1} 行 × {len(correction.xs) - 1} 列{named}"


def guess_lines(words: Sequence[Word], box: Box) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Column and row lines to begin with, for a table drawn around words: between lines of print, and in gaps that go all the way down."""
    own = [w.box for w in words if inside(w.box, box)]
    return (box[0], *_gaps([(b[0], b[2]) for b in own], 1.5 * LEAST), box[2]), (box[1], *_gaps([(b[1], b[3]) for b in own], 0.0), box[3])


def _gaps(spans: Sequence[tuple[float, float]], least: float) -> list[float]:
    """The middles of the gaps that these spans leave between them."""
    found: list[float] = []
    reach: float | None = None
    for low, high in sorted(spans):
        if reach is not None and low - reach > least:
            found.append((reach + low) / 2)
        reach = high if reach is None else max(reach, high)
    return found


def kept(path: Path) -> tuple[Correction, ...]:
    """The corrections in the review of a file; none where there is no review, or none that can be understood."""
    if not path.is_file():
        return ()
    try:
        review = load(hash_file(path))
        return from_json(review.extras.get(KEPT, [])) if review is not None else ()
    except (CorruptReview, ValueError, OSError) as error:  # the window tells of a corrupt review; reading goes on as printed
        log.warning("corrections of %s not used: %s", path.name, error)
        return ()
