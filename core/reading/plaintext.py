"""Plain text of a disclosure: lines, and tables whose cells are parted by tabs."""
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from core.errors import Unreadable
from core.model import Cell, Place
from core.reading.office import Held, head, source
from core.reading.pages import Block, RawGrid, RawLine, RawPage
from core.reading.tables import header_height, is_number_row, looks_like_body
from core.text import fold

PART = "正文"
_ENCODINGS = ("utf-8-sig", "gb18030")
_PAGE_NUMBER = re.compile(r"\d{1,4}|[IVXLCivxlc]{1,6}")
_LEADERS = re.compile(r"[.…·．]{2,}\s*\t")


def read_text(file: str | Path | Held) -> list[RawPage]:
    """A text file as one part; places name the line ("正文 第 12 行"). UTF-8, UTF-16 or GB 18030."""
    path = source(file)
    start = head(path)
    lines = decoded(path.read_bytes(), start, path.name).splitlines()
    blocks = tuple(_blocks(lines))
    if not blocks:
        raise Unreadable(f"{path.name} 里没有文字，无法检查。")
    return [RawPage(1, 595.3, 841.9, "text", blocks)]


def decoded(data: bytes, start: bytes, name: str) -> str:
    """The text in whichever of the usual encodings it is; binary files are refused."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\0" in start:
        raise Unreadable(f"{name} 不是文本文件。")
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(f"{name} 的文字编码无法识别，请另存为 UTF-8 编码的文本后再试。")


def _page(line: int) -> str:
    return f"{PART} 第 {line + 1} 行"


def _blocks(lines: Sequence[str]) -> list[Block]:
    out: list[Block] = []
    at = 0
    while at < len(lines):
        end = _table_end(lines, at)
        if end > at:
            out.append(_grid(lines, at, end))
            at = end
            continue
        text = lines[at].strip(" \r\f\ufeff\t")
        if text:
            out.append(RawLine(_page(at), text, None, (None,) * len(text), indent=True))
        at += 1
    return out


def _table_end(lines: Sequence[str], at: int) -> int:
    """The line after the table that begins at `at`; `at` itself when none does. Blank lines between rows of one width do not end it."""
    if "\t" not in lines[at] or _is_contents(lines, at):
        return at
    width = lines[at].count("\t")
    end = at
    k = at
    while k < len(lines):
        if "\t" in lines[k] and lines[k].count("\t") == width or "\t" in lines[k] and end == k:
            end = k + 1
        elif lines[k].strip() or k - end >= 2:
            break
        k += 1
    return end if end - at >= 2 or width >= 2 else at


def _is_contents(lines: Sequence[str], at: int) -> bool:
    """An entry of the contents: one tab before a page number, alone or among others of its kind."""
    def entry(line: str) -> bool:
        title, tab, page = line.strip().partition("\t")
        return bool(tab) and bool(title.strip()) and "\t" not in page and bool(_PAGE_NUMBER.fullmatch(page.strip()))
    if not entry(lines[at]):
        return False
    if _LEADERS.search(lines[at]):
        return True
    near = [line for line in lines[max(at - 3, 0):at + 4] if line.strip()]
    return sum(entry(line) for line in near) >= 0.6 * len(near) and not any(line.count("\t") > 1 for line in near)


def _grid(lines: Sequence[str], start: int, end: int) -> RawGrid:
    rows: list[tuple[Cell | None, ...]] = []
    width = max(line.count("\t") for line in lines[start:end]) + 1
    begun: list[list[str]] = []
    for k in range(start, end):
        if not lines[k].strip(" \r\f"):
            continue
        texts = [t.strip() for t in lines[k].rstrip("\r\n\f").split("\t")]
        texts += [""] * (width - len(texts))
        if len(begun) < 4:
            begun.append(texts)
        elif texts == begun[0] and not looks_like_body(_cells(texts, 0, "")):
            # The header again after a page break.
            continue
        rows.append(_cells(texts, len(rows), _page(k)))
    return RawGrid(_page(start), None, spread_header(rows), ruled=False)


def _cells(texts: Sequence[str], row: int, page: str) -> tuple[Cell | None, ...]:
    return tuple(Cell(text, Place(page), row, column) for column, text in enumerate(texts))


def spread_header(rows: Sequence[tuple[Cell | None, ...]]) -> tuple[tuple[Cell | None, ...], ...]:
    """The rows with the merges of the header restored, which plain text can only show as blanks.

    A blank below a heading belongs to it when nothing else stands below there; a blank right of one when the row below has names there.
    """
    height = _header_rows(rows)
    grid = [list(row) for row in rows]
    for r in range(height):
        for c, cell in enumerate(grid[r]):
            if cell is None or not cell.text:
                continue
            wide = 1
            while r + 1 < height and c + wide < len(grid[r]) and _blank(grid[r][c + wide]) and not _blank(grid[r + 1][c + wide]):
                wide += 1
            tall = 1
            while wide == 1 and r + tall < height and _blank(grid[r + tall][c]) and not _under_wide(grid[r + tall], c):
                tall += 1
            for i in range(r, r + tall):
                for j in range(c, c + wide):
                    grid[i][j] = None
            grid[r][c] = replace(cell, row_span=tall, column_span=wide)
    return tuple(tuple(row) for row in grid)


def _header_rows(rows: Sequence[tuple[Cell | None, ...]]) -> int:
    height = 0
    for row in rows[:5]:
        if looks_like_body(row) or is_number_row(row):
            break
        if height and not any(_blank(c) for c in rows[height - 1]) and not any(_blank(c) for c in rows[0]):
            break
        height += 1
    return max(height, min(header_height(rows), 1)) if height < len(rows) else min(header_height(rows), len(rows))


def _under_wide(row: Sequence[Cell | None], column: int) -> bool:
    return row[column] is None


def _blank(cell: Cell | None) -> bool:
    return cell is not None and not fold(cell.text)
