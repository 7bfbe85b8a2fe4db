"""A disclosure before it is rendered: cover, contents, headings, paragraphs, tables, in their order."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

Cells = list[str | None]


@dataclass
class Row:
    """One printed row. `level`: total, class, group, item, unit, project, line (of a two-sided table), or empty."""

    cells: Cells
    level: str = ""
    code: str = ""
    depth: int = 0


@dataclass(frozen=True)
class Box:
    """A merged cell: top row, left column, rows and columns covered."""

    r: int
    c: int
    rs: int
    cs: int


def merged(rows: Sequence[Sequence[str]]) -> tuple[list[Cells], list[Box]]:
    """Rows in which "<" continues the cell on the left and "^" the cell above, as cells (None where covered) and boxes."""
    cells: list[Cells] = [list(r) for r in rows]
    boxes = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text in ("<", "^"):
                cells[r][c] = None
                continue
            wide, tall = 1, 1
            while c + wide < len(row) and row[c + wide] == "<":
                wide += 1
            while r + tall < len(rows) and c < len(rows[r + tall]) and rows[r + tall][c] == "^":
                tall += 1
            if wide > 1 or tall > 1:
                boxes.append(Box(r, c, tall, wide))
    return cells, boxes


@dataclass
class Grid:
    """A table. `paths` names each column by its headings from the top, as the truth does."""

    id: str
    role: str
    title: str
    header: list[Cells]
    header_boxes: list[Box]
    rows: list[Row]
    widths: list[float]
    amounts: list[int]
    kind: str = "budget"
    boxes: list[Box] = field(default_factory=list)
    label: str = ""
    subtitle: str = ""
    body_line: str = ""
    unit_line: str = ""
    notes: list[str] = field(default_factory=list)
    footer: str = ""
    landscape: bool = False
    project: str = ""
    shown: bool = True
    section: str = ""
    size: float = 9.0
    copy: int = 0

    @property
    def key(self) -> str:
        """The id, told apart where a table stands twice."""
        return self.id + "'" * self.copy

    @property
    def paths(self) -> list[str]:
        """Headings from the top of each column, joined by a stroke; what spans down is said once."""
        owner: dict[tuple[int, int], tuple[int, int]] = {}
        for box in self.header_boxes:
            for r in range(box.r, box.r + box.rs):
                for c in range(box.c, box.c + box.cs):
                    owner[r, c] = (box.r, box.c)
        width = max((len(r) for r in [*self.header, *(r.cells for r in self.rows)]), default=0)
        out = []
        for c in range(width):
            seen: list[tuple[int, int]] = []
            for r in range(len(self.header)):
                at = owner.get((r, c), (r, c))
                text = self.header[at[0]][at[1]]
                if at not in seen and text and not text.isdigit():
                    seen.append(at)
            out.append("/".join(str(self.header[r][k]) for r, k in seen))
        return out

    def row_label(self, index: int) -> str:
        """How the truth names a row: its code and name, or its first text."""
        row = self.rows[index]
        if self.kind == "catalogue":
            block = next((r.cells[0] for r in reversed(self.rows[:index + 1]) if r.level == "block"), "")
            return f"{block}: {row.cells[0]} {''.join(t or '' for t in row.cells[1:])}"
        if row.code:
            name = next((t for t in row.cells if t and not t.strip().isdigit()), "")
            return f"{row.code} {name}"
        return next((t for t in row.cells if t), "")


@dataclass
class Heading:
    id: str
    level: int
    title: str
    new_page: bool = False


@dataclass
class Para:
    section: str
    text: str
    style: str = "body"
    fact: str = ""


@dataclass
class Chart:
    title: str
    parts: list[tuple[str, float]]


@dataclass
class Entry:
    """A line of the contents. `target` is a section or table id; `shift` is what a planted error adds to the page number."""

    text: str
    level: int
    target: str
    shift: int = 0


Block = Heading | Para | Grid | Chart


@dataclass
class Paper:
    """The whole disclosure."""

    template: str
    unit: str
    year: int
    who: str
    kind: str
    cover: list[str]
    contents: list[Entry]
    blocks: list[Block]
    seed: str = ""
    numbered_contents: bool = True
    landscape: bool = False
    amount_unit: str = "万元"
    properties: dict[str, str] = field(default_factory=dict)

    def grids(self, kind: str = "") -> Iterator[Grid]:
        return (b for b in self.blocks if isinstance(b, Grid) and (not kind or b.kind == kind))

    def grid(self, role: str) -> Grid | None:
        return next((g for g in self.grids() if g.role == role), None)

    def paragraphs(self) -> Iterator[Para]:
        return (b for b in self.blocks if isinstance(b, Para))

    def headings(self) -> Iterator[Heading]:
        return (b for b in self.blocks if isinstance(b, Heading))
