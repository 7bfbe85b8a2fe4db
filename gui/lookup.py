"""Finds what lies where in a result: the cell under a point, the findings and checks of a cell, the parts of a total."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from core.model import Box, Cell, Page, PageId, Place, Table
from core.results import FAIL, PASS, Check, Evidence, Finding, Result

if TYPE_CHECKING:
    from core.citations import Citation

Spot = tuple[str, int, int]
"""(table id, row and column of the printed grid, header rows first)."""


@dataclass(frozen=True)
class Hit:
    """A printed cell with the table it belongs to."""

    table: Table
    cell: Cell

    @property
    def spot(self) -> Spot:
        return (self.table.id, self.cell.row, self.cell.column)


def contains(box: Box, x: float, y: float, slack: float = 0.0) -> bool:
    return box[0] - slack <= x <= box[2] + slack and box[1] - slack <= y <= box[3] + slack


def overlap(one: Box, two: Box) -> float:
    """The common area of two boxes."""
    wide = min(one[2], two[2]) - max(one[0], two[0])
    high = min(one[3], two[3]) - max(one[1], two[1])
    return wide * high if wide > 0 and high > 0 else 0.0


def spot_of(evidence: Evidence) -> Spot | None:
    return (evidence.table, *evidence.cell) if evidence.table and evidence.cell is not None else None


class Lookup:
    """Indexes over one result, each made when first asked for."""

    def __init__(self, result: Result) -> None:
        self.result = result

    @cached_property
    def by_fingerprint(self) -> dict[str, Finding]:
        return {f.fingerprint: f for f in self.result.findings}

    @cached_property
    def tables(self) -> dict[str, Table]:
        found: dict[str, Table] = {}
        for table in self.result.document.tables:
            found.setdefault(table.id, table)
        return found

    def warm(self) -> None:
        """Makes the costly indexes ahead of their first use, away from the window's thread."""
        for finding in self.result.findings:
            finding.fingerprint  # noqa: B018  (remembered by the finding)
        self.by_fingerprint, self.findings_by_spot, self.findings_by_page  # noqa: B018
        self.checks_by_spot, self.document_order, self.citations  # noqa: B018

    @cached_property
    def citations(self) -> tuple[Citation, ...]:
        """The figures of the narrative with the relations that check them."""
        from core.citations import citations
        return citations(self.result)

    @cached_property
    def pages(self) -> dict[PageId, Page]:
        """The pages that places speak of."""
        from core.reading.pages import printed_page
        return {p.id: p for p in self.result.document.pages if printed_page(p.id) is not None}

    def number(self, page: PageId | None) -> int | None:
        """The number of a page in the document; None for sheets and running text."""
        return self.result.document.page_number(page) if page is not None else None

    def order_of(self, page: PageId | None) -> int | None:
        """Where a page, sheet or running text comes in the document, as far as that is known: by its part where it has no number."""
        number = self.number(page)
        if number is not None or page is None:
            return number
        if self.result.document.form != "folder":
            return self._sheets.get(str(page))
        part = self.part_of(page)
        return next((p.number for p in self.result.document.pages if p.name == part), None)

    def part_of(self, page: PageId) -> str:
        """The file of a folder or .zip that a place lies in; "" where the disclosure is one file."""
        from core.reading.pages import printed_page
        printed = printed_page(page)
        return printed[0] if printed else next((name for name in self._bare if str(page).startswith(f"{name} ")), "")

    @cached_property
    def _bare(self) -> list[str]:
        """The parts without pages, longer names first."""
        return sorted({p.name for p in self.result.document.pages if p.name and p.id not in self.pages}, key=len, reverse=True)

    def finding(self, fingerprint: str) -> Finding | None:
        return self.by_fingerprint.get(fingerprint)

    def cells(self, table: Table) -> Iterator[Cell]:
        for row in (*table.header, *table.rows):
            for cell in row:
                if cell is not None:
                    yield cell

    @cached_property
    def _page_cells(self) -> dict[object, list[Hit]]:
        return {}

    def _on_page(self, page: object) -> list[Hit]:
        if page not in self._page_cells:
            self._page_cells[page] = [Hit(table, cell) for table in self.result.document.tables if page in table.pages
                                      for cell in self.cells(table) if cell.place is not None and cell.place.page == page and cell.place.box]
        return self._page_cells[page]

    def recognised(self, page: object) -> list[Box]:
        """The boxes of the printed cells of a page that were recognised from a picture."""
        return [h.cell.place.box for h in self._on_page(page) if h.cell.ocr and h.cell.text and h.cell.place and h.cell.place.box]

    def cell_at(self, page: object, x: float, y: float) -> Hit | None:
        """The printed cell under a point of a page; of several the smallest."""
        hits = [h for h in self._on_page(page) if h.cell.place and h.cell.place.box and contains(h.cell.place.box, x, y)]
        return min(hits, key=lambda h: _area(h.cell.place), default=None)

    def cell(self, table: str, row: int, column: int) -> Cell | None:
        """The cell at a place of the printed grid, or the merged one that covers it."""
        return self._grid(table).get((row, column))

    def _grid(self, table_id: str) -> dict[tuple[int, int], Cell]:
        if table_id not in self._grids:
            places: dict[tuple[int, int], Cell] = {}
            table = self.tables.get(table_id)
            if table is not None:
                for cell in self.cells(table):
                    for r in range(cell.row, cell.row + cell.row_span):
                        for c in range(cell.column, cell.column + cell.column_span):
                            places.setdefault((r, c), cell)
            self._grids[table_id] = places
        return self._grids[table_id]

    @cached_property
    def _grids(self) -> dict[str, dict[tuple[int, int], Cell]]:
        return {}

    @cached_property
    def findings_by_spot(self) -> dict[Spot, list[Finding]]:
        found: dict[Spot, list[Finding]] = {}
        for finding in self.result.findings:
            for evidence in finding.evidence:
                spot = spot_of(evidence)
                if spot and finding not in found.setdefault(spot, []):
                    found[spot].append(finding)
        return found

    @cached_property
    def findings_by_page(self) -> dict[object, list[Finding]]:
        found: dict[object, list[Finding]] = {}
        for finding in self.result.findings:
            for page in {e.page for e in finding.evidence}:
                found.setdefault(page, []).append(finding)
        return found

    def findings_at(self, page: object, x: float, y: float) -> list[Finding]:
        """The findings with evidence under a point, the smallest evidence first."""
        hits: list[tuple[float, Finding]] = []
        for finding in self.findings_by_page.get(page, ()):
            areas = [_box_area(e.box) for e in finding.evidence if e.page == page and e.box and contains(e.box, x, y, 1.5)]
            if areas:
                hits.append((min(areas), finding))
        return [f for _, f in sorted(hits, key=lambda h: h[0])]

    @cached_property
    def checks_by_spot(self) -> dict[Spot, list[Check]]:
        found: dict[Spot, list[Check]] = {}
        for check in self.result.checks:
            if check.status not in (PASS, FAIL):
                continue
            for spot in dict.fromkeys(filter(None, map(spot_of, check.evidence))):
                found.setdefault(spot, []).append(check)
        return found

    def sums_of(self, spot: Spot) -> list[Check]:
        """The relations in which this cell is a total with parts of its own (roles actual or expected against addends)."""
        return [check for check in self.checks_by_spot.get(spot, ())
                if any(spot_of(e) == spot and e.role in ("actual", "expected") for e in check.evidence)
                and any(e.role == "addend" for e in check.evidence)]

    @cached_property
    def document_order(self) -> dict[str, int]:
        """Findings from the first page to the last, from top to bottom; those without a place come first, they speak of the whole."""
        def key(pair: tuple[int, Finding]) -> tuple[float, float, float, int]:
            number, finding = pair
            place = finding.place
            if place is None or place.page is None:
                return (-1.0, 0.0, 0.0, number)
            page = float(place.page) if isinstance(place.page, int) else float(self._sheets.get(place.page, 0))
            box = place.box or (0.0, 0.0, 0.0, 0.0)
            return (page, box[1], box[0], number)

        ordered = sorted(enumerate(self.result.findings), key=key)
        return {finding.fingerprint: position for position, (_, finding) in enumerate(ordered)}

    @cached_property
    def _sheets(self) -> dict[str, int]:
        """Sheets and parts of files without pages, in the order of the document: a part is known by its number where it has one."""
        document = self.result.document
        pages = [p.page for s in document.sections for p in s.span.places] + [p for t in document.tables for p in t.pages]
        pages += [e.page for f in self.result.findings for e in f.evidence if e.page is not None]
        names = list(dict.fromkeys(p for p in pages if isinstance(p, str)))
        if document.form == "folder":
            return {name: number for number, name in enumerate(sorted(names, key=_in_folder), 1)}
        kinds: dict[str, int] = {}
        for name in names:
            kinds.setdefault(name.rstrip("0123456789"), len(kinds))
        ordered = sorted(names, key=lambda n: (kinds[n.rstrip("0123456789")], _tail(n)))
        return {name: number for number, name in enumerate(ordered, 1)}

    def worst(self, table_id: str) -> str:
        """The gravest severity found in a table, "" when nothing was found."""
        return self._worst.get(table_id, "")

    @cached_property
    def _worst(self) -> dict[str, str]:
        rank = {"": 0, "info": 1, "warning": 2, "error": 3}
        found: dict[str, str] = {}
        for finding in self.result.findings:
            for name in {e.table for e in finding.evidence[:1] if e.table}:
                if rank[finding.severity] > rank[found.get(name, "")]:
                    found[name] = finding.severity
        return found


def _in_folder(name: str) -> tuple[object, int]:
    """A page of a part: parts as people number them, then their pages."""
    from core.reading.folders import in_order
    from core.reading.pages import printed_page
    part, page = printed_page(name) or (name, 0)
    return in_order(part), page


def _tail(name: str) -> int:
    digits = name[len(name.rstrip("0123456789")):]
    return int(digits) if digits else 0


def _box_area(box: Box | None) -> float:
    return (box[2] - box[0]) * (box[3] - box[1]) if box else 1e12


def _area(place: Place | None) -> float:
    return _box_area(place.box if place else None)
