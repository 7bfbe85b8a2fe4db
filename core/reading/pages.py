"""What every reader gives: pages with their lines of text and grids of cells, in reading order."""
from __future__ import annotations

import re
from dataclasses import dataclass

from core.model import Box, Cell, PageId, Word

_PAGE = re.compile(r"(.*) 第 (\d+) 页")


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line of text outside grids. `chars` has a box for each character of `text`; None where the format has no places.

    `indent` marks lines that begin a paragraph where the format says so (docx: every paragraph is one line, so True).
    """

    page: PageId
    text: str
    box: Box | None
    chars: tuple[Box | None, ...]
    size: float = 10.5
    ocr: bool = False
    indent: bool = False


@dataclass(frozen=True, slots=True)
class RawGrid:
    """A printed grid: rows of cells, None where a merged cell covers the place. Cells count rows and columns from 0.

    `xs`, `ys`: the column and row lines in page coordinates (may be empty). `ruled` is False where rows or columns were inferred from the text.
    `header`: how many rows are headings, where that is known from how they stand.
    """

    page: PageId
    box: Box | None
    rows: tuple[tuple[Cell | None, ...], ...]
    xs: tuple[float, ...] = ()
    ys: tuple[float, ...] = ()
    ruled: bool = True
    header: int | None = None


Block = RawLine | RawGrid


_INSIDE = re.compile(r" (?:段落 \d+|表格 \d+|第 \d+ [行页])$|![A-Z]+\d+$")


def part_of(page: PageId) -> PageId:
    """The page, sheet or part a place belongs to: "正文 段落 12" stands in "正文", "附表.xlsx 表一!C6" in "附表.xlsx 表一"."""
    return page if printed_page(page) is not None else _INSIDE.sub("", str(page))


def printed_page(page: PageId) -> tuple[str, int] | None:
    """File part and number of a place on a page ("" for a PDF by itself); None for sheets and running text."""
    if isinstance(page, int):
        return "", page
    found = _PAGE.fullmatch(page)
    return (found.group(1), int(found.group(2))) if found else None


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page, sheet or part. `blocks` are its lines and grids from top to bottom. `kind`: text, scan, blank.

    `number` counts from 1 also for sheets and parts; their `PageId` stands in the blocks. `name` as that of a `Page`.
    """

    number: int
    width: float
    height: float
    kind: str
    blocks: tuple[Block, ...]
    words: tuple[Word, ...] = ()
    label: str = ""
    name: str = ""

    @property
    def lines(self) -> list[RawLine]:
        return [b for b in self.blocks if isinstance(b, RawLine)]

    @property
    def grids(self) -> list[RawGrid]:
        return [b for b in self.blocks if isinstance(b, RawGrid)]
