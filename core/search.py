"""Search in everything a disclosure prints: tables, narrative, titles, notes. Width, blanks, case and thousands separators are ignored."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from core.letters import inside, letters
from core.model import Box, Cell, Document, Page, PageId, Paragraph, Place, Span, Table, Word, join_boxes
from core.text import fold_with_map

AROUND = 14
"""Characters of the snippet to each side of the hit."""
BREAK = 3.0
"""A gap of so many letter heights parts two runs of words on one line."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where the searched text stands. `boxes` has one rectangle for each printed line it covers."""

    page: PageId | None
    boxes: tuple[Box, ...]
    before: str
    match: str
    after: str
    where: str = ""
    table: str = ""
    cell: tuple[int, int] | None = None

    @property
    def snippet(self) -> str:
        return f"{self.before}{self.match}{self.after}"


@dataclass(frozen=True, slots=True)
class _Entry:
    """A run of text. `places` gives the rectangles of `text[start:end]`."""

    text: str
    page: PageId | None
    order: tuple[int, float, float]
    places: Callable[[int, int], tuple[Place, ...]]
    where: str = ""
    table: str = ""
    cell: tuple[int, int] | None = None


@dataclass(frozen=True)
class Index:
    """The texts of a document made ready for searching; build once, search often."""

    entries: tuple[_Entry, ...]
    folded: tuple[tuple[str, tuple[int, ...]], ...]

    def search(self, query: str, limit: int = 5000) -> tuple[Hit, ...]:
        """Every hit in document order, at most `limit`. A blank query finds nothing."""
        needle = _comparable(query)[0]
        hits: list[Hit] = []
        if not needle:
            return ()
        for entry, (plain, origin) in zip(self.entries, self.folded, strict=True):
            start = plain.find(needle)
            while start >= 0:
                hits.append(_hit(entry, origin[start], origin[start + len(needle) - 1] + 1))
                if len(hits) >= limit:
                    return tuple(hits)
                start = plain.find(needle, start + len(needle))
        return tuple(hits)


def index(document: Document) -> Index:
    """Everything that can be found in the document, each printed text once."""
    order = _Order(document)
    entries = [*_table_entries(document, order), *_narrative_entries(document, order), *_span_entries(document, order)]
    entries += _other_words(document, order, entries)
    ordered = sorted(enumerate(entries), key=lambda pair: (pair[1].order, pair[0]))
    kept = tuple(entry for _, entry in ordered)
    return Index(kept, tuple(_comparable(entry.text) for entry in kept))


def search(document: Document, query: str, limit: int = 5000) -> tuple[Hit, ...]:
    """Search once. For repeated searches keep the `index`."""
    return index(document).search(query, limit)


@lru_cache(maxsize=200_000)
def _comparable(text: str) -> tuple[str, tuple[int, ...]]:
    """The text folded, in lower case, without separators between digits; and where each character came from."""
    plain, origin = fold_with_map(text)
    plain = plain.lower()
    if len(plain) != len(origin):
        plain = plain[:len(origin)]
    if "," not in plain:
        return plain, tuple(origin)
    keep = [i for i, char in enumerate(plain)
            if not (char == "," and 0 < i < len(plain) - 1 and plain[i - 1].isdigit() and plain[i + 1].isdigit())]
    return "".join(plain[i] for i in keep), tuple(origin[i] for i in keep)


def _hit(entry: _Entry, start: int, end: int) -> Hit:
    places = entry.places(start, end)
    page = places[0].page if places else entry.page
    boxes = tuple(p.box for p in places if p.box is not None and p.page == page)
    text = entry.text
    before = text[max(0, start - AROUND):start]
    after = text[end:end + AROUND]
    return Hit(page, boxes, ("…" if start > AROUND else "") + _one_line(before), _one_line(text[start:end]),
               _one_line(after) + ("…" if end + AROUND < len(text) else ""), entry.where, entry.table, entry.cell)


def _one_line(text: str) -> str:
    return " ".join(text.split())


class _Order:
    """Where places come in the document. Sheets and running text, which have no number, go by their part, else by the tables."""

    def __init__(self, document: Document) -> None:
        self._numbers: dict[PageId, int] = {}
        for page in document.pages:
            self._numbers.setdefault(page.id, page.number)
        parts = [name for name in self._numbers if isinstance(name, str)]
        sheets = dict.fromkeys(p for t in document.tables for p in t.pages if p not in self._numbers)
        for at, sheet in enumerate(sheets, 1):
            part = next((p for p in parts if str(sheet).startswith(f"{p} ")), None)
            self._numbers[sheet] = at if part is None else self._numbers[part]
        self._parts = parts

    def __call__(self, page: PageId | None, box: Box | None) -> tuple[int, float, float]:
        return (self._number(page), box[1] if box else 0.0, box[0] if box else 0.0)

    def _number(self, page: PageId | None) -> int:
        if page is None:
            return 0
        if page not in self._numbers:
            part = next((p for p in self._parts if str(page).startswith(f"{p} ")), None)
            self._numbers[page] = page if isinstance(page, int) else self._numbers[part] if part is not None else 0
        return self._numbers[page]


def _table_entries(document: Document, order: _Order) -> Iterator[_Entry]:
    words = {page.id: page.words for page in document.pages}
    for table in document.tables:
        rows, columns = _names(table)
        for cell in _cells(table):
            if not cell.text:
                continue
            page = cell.place.page if cell.place else None
            box = cell.place.box if cell.place else None
            side, kind, heading = columns.get(cell.column, (0, "", ""))
            parts = [table.id, "" if kind in ("code", "name") else rows.get((cell.row, side), ""), heading]
            where = " · ".join(p for p in parts if p)
            near = words.get(page, ()) if page is not None else ()
            yield _Entry(cell.text, page, order(page, box), _cell_places(cell, near), where, table.id,
                         (cell.row, cell.column))


def _cells(table: Table) -> Iterator[Cell]:
    for row in (*table.header, *table.rows):
        for cell in row:
            if cell is not None:
                yield cell


def _names(table: Table) -> tuple[dict[tuple[int, int], str], dict[int, tuple[int, str, str]]]:
    """Labels of grid rows on each side; side, kind and name of the columns. A column's name is its last printed heading."""
    head = len(table.header)
    rows = {(head + line.index, line.side): line.label for line in table.lines}
    return rows, {c.index: (c.side, c.kind, c.path[-1] if c.path else c.key) for c in table.columns}


def _cell_places(cell: Cell, words: tuple[Word, ...]) -> Callable[[int, int], tuple[Place, ...]]:
    def places(start: int, end: int) -> tuple[Place, ...]:
        if cell.place is None:
            return ()
        box = cell.place.box
        if box is None or (start == 0 and end >= len(cell.text)):
            return (cell.place,)
        own = [w for w in words if inside(w.box, box)]
        exact = _within(own, cell.text, start, end)
        return tuple(Place(cell.place.page, b) for b in exact) or (cell.place,)
    return places


def _within(words: list[Word], text: str, start: int, end: int) -> list[Box]:
    """The rectangles of `text[start:end]` when the words spell the text; nothing otherwise."""
    printed = [(char, box) for word in words for char, box in letters(word) if not char.isspace()]
    wanted = [i for i, char in enumerate(text) if not char.isspace()]
    if len(printed) != len(wanted) or any(printed[k][0] != text[i] for k, i in enumerate(wanted)):
        return []
    return _lines([printed[k][1] for k, i in enumerate(wanted) if start <= i < end])


def _lines(boxes: list[Box]) -> list[Box]:
    """Boxes joined where they follow each other on one line."""
    lines: list[list[Box]] = []
    for box in boxes:
        if lines and abs(lines[-1][-1][1] - box[1]) < (box[3] - box[1]) / 2 and box[0] >= lines[-1][-1][0]:
            lines[-1].append(box)
        else:
            lines.append([box])
    return [join_boxes(line) for line in lines]


def _narrative_entries(document: Document, order: _Order) -> Iterator[_Entry]:
    for section in document.sections:
        yield _span_entry(order, section.span, section.title, section.title)
        for paragraph in section.paragraphs:
            yield _paragraph_entry(order, paragraph, section.title)
    for paragraph in document.front:
        yield _paragraph_entry(order, paragraph, "封面与前言")


def _paragraph_entry(order: _Order, paragraph: Paragraph, where: str) -> _Entry:
    def places(start: int, end: int) -> tuple[Place, ...]:
        return paragraph.span(start, end).places
    box = next((b for _, b in paragraph.chars if b is not None), None)
    return _Entry(paragraph.text, paragraph.page, order(paragraph.page, box), places, where)


def _span_entry(order: _Order, span: Span, text: str, where: str, table: str = "") -> _Entry:
    def places(start: int, end: int) -> tuple[Place, ...]:
        return span.places
    place = span.place
    return _Entry(text, place.page if place else None, order(place.page if place else None, place.box if place else None),
                  places, where, table)


def _span_entries(document: Document, order: _Order) -> Iterator[_Entry]:
    for table in document.tables:
        spans = (table.title_span, table.label_span, table.unit_span, table.body_span, *table.notes)
        for span in spans:
            if span is not None and span.text:
                yield _span_entry(order, span, span.text, table.id, table.id)
    for entry in document.toc:
        yield _span_entry(order, entry.span, entry.span.text or entry.title, "目录")


def _other_words(document: Document, order: _Order, entries: list[_Entry]) -> list[_Entry]:
    """Printed words that belong to no table, paragraph or title: page numbers, running heads, what was not understood."""
    covered: dict[PageId, list[Box]] = {}
    for entry in entries:
        for place in entry.places(0, len(entry.text)):
            if place.box is not None:
                covered.setdefault(place.page, []).append(place.box)
    out: list[_Entry] = []
    for page in document.pages:
        boxes = _Bands(covered.get(page.id, []))
        left = [w for w in page.words if w.text and not boxes.cover(w.box)]
        out += [_run_entry(order, page, run) for run in _runs(left)]
    return out


class _Bands:
    """Rectangles kept by horizontal bands, so that a page with thousands of cells is asked quickly."""

    STEP = 20.0

    def __init__(self, boxes: list[Box]) -> None:
        self._bands: dict[int, list[Box]] = {}
        for box in boxes:
            for band in range(int(box[1] // self.STEP), int(box[3] // self.STEP) + 1):
                self._bands.setdefault(band, []).append(box)

    def cover(self, box: Box) -> bool:
        middle = (box[1] + box[3]) / 2
        return any(inside(box, outer) for outer in self._bands.get(int(middle // self.STEP), ()))


def _runs(words: list[Word]) -> list[list[Word]]:
    """Words that stand beside each other on one line, from top to bottom."""
    runs: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (round((w.box[1] + w.box[3]) / 2), w.box[0])):
        if runs:
            last = runs[-1][-1].box
            height = max(last[3] - last[1], 1.0)
            same = abs((last[1] + last[3]) - (word.box[1] + word.box[3])) < height
            if same and -height < word.box[0] - last[2] < BREAK * height:
                runs[-1].append(word)
                continue
        runs.append([word])
    return runs


def _run_entry(order: _Order, page: Page, run: list[Word]) -> _Entry:
    text = "".join(w.text for w in run)

    def places(start: int, end: int) -> tuple[Place, ...]:
        printed = [box for word in run for _, box in letters(word)]
        return tuple(Place(page.id, box) for box in _lines(printed[start:end]))
    return _Entry(text, page.id, order(page.id, run[0].box), places, "")
