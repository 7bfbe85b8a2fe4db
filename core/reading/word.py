"""A .docx as one part with its paragraphs and tables in order.

Read from the XML itself: merged cells, automatic numbers, fields, text boxes, hidden and deleted text are what they are on paper.
"""
from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element

from core.errors import Unreadable
from core.model import UNREAD_PICTURE, Cell, Place
from core.reading.numbering import Counter, Numbering, attribute, child, children, is_on, tag
from core.reading.office import Held, Source, open_parts, part_xml, source
from core.reading.pages import Block, RawGrid, RawLine, RawPage

BODY = "正文"
_EMU = 360000
"""English Metric Units a centimetre."""
_LARGE = 6.0, 4.0
_CLOSE = 60
"""Column lines nearer than this (in twips, 3 points) are one line; the fine grids of converters differ by less."""
_WRAPPERS = {"sdt", "sdtContent", "smartTag", "customXml", "ins", "moveTo", "hyperlink", "fldSimple", "dir", "bdo"}


def read_word(file: str | Path | Held) -> list[RawPage]:
    """The body of a Word file, its footnotes at the end. Places name the paragraph or table: "正文 段落 12", "正文 表格 3"."""
    path = source(file)
    with open_parts(path, "word/document.xml", "Word 或 WPS 文字") as parts:
        root = part_xml(parts, "word/document.xml", path)
        body = child(root, "body") if root is not None else None
        if body is None:
            raise Unreadable(f"{path.name} 没有正文，可能已损坏，请用 Word 或 WPS 文字另存后再试。")
        reader = _Reader(_numbering(parts, path), _styles(parts, path))
        reader.blocks_of(body)
        notes = part_xml(parts, "word/footnotes.xml", path)
        for note in children(notes, "footnote") if notes is not None else []:
            if attribute(note, "type") is None:
                reader.blocks_of(note)
    if not reader.blocks:
        raise Unreadable(f"{path.name} 没有文字，无法检查。")
    width, height = _page_size(body)
    return [RawPage(1, width, height, "text", tuple(reader.blocks))]


def _numbering(parts: zipfile.ZipFile, path: Source) -> Numbering:
    return Numbering(part_xml(parts, "word/numbering.xml", path), part_xml(parts, "word/styles.xml", path))


def _page_size(body: Element) -> tuple[float, float]:
    size = next((e for section in body.iter() if tag(section) == "sectPr" for e in section if tag(e) == "pgSz"), None)
    if size is None:
        return 595.3, 841.9
    return int(attribute(size, "w") or 11906) / 20, int(attribute(size, "h") or 16838) / 20


def _styles(parts: zipfile.ZipFile, path: Source) -> dict[str, float]:
    """The type size of each style that sets one; "" is the document's own."""
    root = part_xml(parts, "word/styles.xml", path)
    sizes = {"": 10.5}
    if root is None:
        return sizes
    based: dict[str, str] = {}
    for element in root.iter():
        if tag(element) == "docDefaults":
            size = next((attribute(e, "val") for e in element.iter() if tag(e) == "sz"), None)
            sizes[""] = float(size) / 2 if size else 10.0
        elif tag(element) == "style":
            name = attribute(element, "styleId") or ""
            properties = child(element, "rPr")
            size_element = child(properties, "sz") if properties is not None else None
            if size_element is not None:
                sizes[name] = float(attribute(size_element, "val") or 21) / 2
            above = child(element, "basedOn")
            if above is not None:
                based[name] = attribute(above, "val") or ""
    for name in based:
        seen, at = {name}, name
        while at not in sizes and based.get(at) and based[at] not in seen:
            at = based[at]
            seen.add(at)
        sizes.setdefault(name, sizes.get(at, sizes[""]))
    return sizes


@dataclass
class _Reader:
    """Walks the body and collects blocks, counting paragraphs and tables as a reader would."""

    numbering: Numbering
    sizes: dict[str, float]
    blocks: list[Block] = field(default_factory=list)
    paragraphs: int = 0
    tables: int = 0
    counter: Counter = field(default_factory=Counter)

    def blocks_of(self, parent: Element) -> None:
        for element in _flat(parent):
            if tag(element) == "p":
                self.paragraph(element)
            elif tag(element) == "tbl":
                self.table(element)

    def paragraph(self, element: Element) -> None:
        text, boxes = paragraph_text(element)
        text = self._numbered(element, text)
        if text.strip():
            self.paragraphs += 1
            page = f"{BODY} 段落 {self.paragraphs}"
            size = self._size(element)
            for line in text.split("\n"):
                if line.strip():
                    self.blocks.append(RawLine(page, line.rstrip(), None, (None,) * len(line.rstrip()), size, indent=True))
        for measures in large_pictures(element):
            self.paragraphs += 1
            shown = f"{UNREAD_PICTURE}{measures}"
            self.blocks.append(RawLine(f"{BODY} 段落 {self.paragraphs}", shown, None, (None,) * len(shown), 10.5, indent=True))
        for box in boxes:
            self.blocks_of(box)

    def _numbered(self, element: Element, text: str) -> str:
        label = self.numbering.label(element, self.counter)
        return label + text if text.strip() else text

    def _size(self, element: Element) -> float:
        for run in element.iter():
            if tag(run) == "r":
                properties = child(run, "rPr")
                size = child(properties, "sz") if properties is not None else None
                if size is not None:
                    return float(attribute(size, "val") or 21) / 2
                break
        properties = child(element, "pPr")
        style = child(properties, "pStyle") if properties is not None else None
        return self.sizes.get(attribute(style, "val") or "" if style is not None else "", self.sizes[""])

    def table(self, element: Element) -> None:
        rows = [(row, list(_cells(row))) for row in _flat(element) if tag(row) == "tr"]
        if len(rows) == 1 and len(rows[0][1]) == 1:
            # A frame that only holds text or another table in place.
            self.blocks_of(rows[0][1][0])
            return
        self.tables += 1
        page = f"{BODY} 表格 {self.tables}"
        nested: list[Element] = []
        placed = [_placed(row, cells) for row, cells in rows]
        widths = _grid_widths(element, placed)
        lines = _column_lines(widths, placed)
        grid = _Grid(page, max(max(lines.values(), default=0), 1))
        for line in placed:
            grid.add([(lines[start], max(lines[end], lines[start] + 1), merge, self._cell_text(cell, nested)) for start, end, merge, cell in line])
        cells_out = grid.done()
        if any(cell is not None for row in cells_out for cell in row):
            self.blocks.append(RawGrid(page, None, cells_out))
        for table in nested:
            self.table(table)

    def _cell_text(self, cell: Element, nested: list[Element]) -> str:
        texts: list[str] = []
        for element in _flat(cell):
            if tag(element) == "p":
                text, boxes = paragraph_text(element)
                text = self._numbered(element, text)
                if text.strip():
                    texts.append(text.strip())
                for box in boxes:
                    texts += [t for t in (paragraph_text(p)[0].strip() for p in box.iter() if tag(p) == "p") if t]
            elif tag(element) == "tbl":
                nested.append(element)
        return "\n".join(texts)


def _flat(parent: Element) -> Iterator[Element]:
    """The blocks below an element, content controls and insertions opened."""
    for element in parent:
        if tag(element) in _WRAPPERS:
            yield from _flat(element)
        elif tag(element) == "AlternateContent":
            choice = child(element, "Choice")
            if choice is not None:
                yield from _flat(choice)
        else:
            yield element


def paragraph_text(paragraph: Element) -> tuple[str, list[Element]]:
    """The visible text of a paragraph, and the contents of its text boxes."""
    out: list[str] = []
    boxes: list[Element] = []
    fields: list[bool] = []
    _runs(paragraph, out, boxes, fields)
    return "".join(out), boxes


def large_pictures(paragraph: Element) -> list[str]:
    """The sizes, in words, of the pictures of a paragraph that are large enough to hold a table."""
    sizes: list[tuple[float, float]] = []
    for element in paragraph.iter():
        if tag(element) in ("inline", "anchor") and any(tag(e) == "blip" for e in element.iter()):
            extent = child(element, "extent")
            if extent is not None:
                sizes.append((int(extent.get("cx", "0")) / _EMU, int(extent.get("cy", "0")) / _EMU))
    return [f"{wide:.0f} × {high:.0f} 厘米" for wide, high in sizes if wide >= _LARGE[0] and high >= _LARGE[1]]


def _runs(parent: Element, out: list[str], boxes: list[Element], fields: list[bool]) -> None:
    """`fields` has one entry for each open field: whether its result has begun."""
    for element in _flat(parent):
        kind = tag(element)
        if kind == "r":
            properties = child(element, "rPr")
            hidden = properties is not None and is_on(child(properties, "vanish"))
            if not hidden:
                _run(element, out, boxes, fields)
        elif kind in ("oMath", "oMathPara"):
            out.extend(e.text or "" for e in element.iter() if tag(e) == "t")
        elif kind not in ("pPr", "del", "moveFrom"):
            _runs(element, out, boxes, fields)


def _run(run: Element, out: list[str], boxes: list[Element], fields: list[bool]) -> None:
    for element in _flat(run):
        kind = tag(element)
        if kind == "fldChar":
            state = attribute(element, "fldCharType")
            if state == "begin":
                fields.append(False)
            elif state == "separate" and fields:
                fields[-1] = True
            elif state == "end" and fields:
                fields.pop()
        elif kind in ("drawing", "pict", "object"):
            boxes.extend(e for e in element.iter() if tag(e) == "txbxContent")
        elif fields and not all(fields):
            continue
        elif kind == "t":
            out.append(element.text or "")
        elif kind in ("tab", "ptab"):
            out.append("\t")
        elif kind in ("br", "cr"):
            if attribute(element, "type") in (None, "textWrapping"):
                out.append("\n")
        elif kind == "noBreakHyphen":
            out.append("-")
        elif kind == "sym":
            code = int(attribute(element, "char") or "0", 16)
            out.append({0xF0FE: "☑", 0xF052: "☑", 0xF0A8: "□", 0xF0A3: "□", 0xF06F: "□"}.get(code, chr(code) if code < 0xE000 else ""))


# ------------------------------------------------------------------ tables

_Placed = tuple[int, int, str, Element]
"""First grid column, the one after the last, "" or "restart" or "continue", the cell."""


def _cells(row: Element) -> Iterator[Element]:
    return (e for e in _flat(row) if tag(e) == "tc")


def _placed(row: Element, cells: list[Element]) -> list[_Placed]:
    properties = child(row, "trPr")
    before = child(properties, "gridBefore") if properties is not None else None
    at = int(attribute(before, "val") or 0) if before is not None else 0
    out: list[_Placed] = []
    for cell in cells:
        own = child(cell, "tcPr")
        span = child(own, "gridSpan") if own is not None else None
        merge = child(own, "vMerge") if own is not None else None
        wide = max(int(attribute(span, "val") or 1), 1) if span is not None else 1
        state = "" if merge is None else (attribute(merge, "val") or "continue")
        out.append((at, at + wide, state, cell))
        at += wide
    return out


def _grid_widths(table: Element, placed: list[list[_Placed]]) -> list[int]:
    grid = child(table, "tblGrid")
    widths = [int(float(attribute(c, "w") or 0)) for c in children(grid, "gridCol")] if grid is not None else []
    count = max((end for row in placed for _, end, _, _ in row), default=0)
    known = len(widths) >= count and all(widths[:count])
    return widths[:count] if known else [1000] * count


def _column_lines(widths: list[int], placed: list[list[_Placed]]) -> dict[int, int]:
    """Grid column lines to the table's own: only lines that some cell uses, those nearer than `_CLOSE` made one."""
    used = sorted({p for row in placed for start, end, _, _ in row for p in (start, end)})
    lines: dict[int, int] = {}
    left: int | None = None
    number = -1
    for line in used:
        place = sum(widths[:line])
        if left is None or place - left >= _CLOSE:
            number += 1
            left = place
        lines[line] = number
    return lines


class _Grid:
    """Builds the rows of a table, carrying cells that merge downwards."""

    def __init__(self, page: str, width: int) -> None:
        self.page = page
        self.width = width
        self.rows: list[list[Cell | None]] = []
        self.open: dict[int, tuple[int, int, int]] = {}
        """Column to (row, first column, width) of the merged cell that may go on there."""

    def add(self, cells: list[tuple[int, int, str, str]]) -> None:
        row = len(self.rows)
        line: list[Cell | None] = [Cell("", Place(self.page), row, c) for c in range(self.width)]
        opened: dict[int, tuple[int, int, int]] = {}
        for start, end, merge, text in cells:
            end = min(end, self.width)
            if start >= self.width:
                continue
            above = self.open.get(start)
            if merge == "continue" and above is not None and not text:
                top, first, wide = above
                head = self.rows[top][first]
                if head is not None:
                    self.rows[top][first] = Cell(head.text, head.place, top, first, row - top + 1, head.column_span)
                for c in range(start, end):
                    line[c] = None
                    opened[c] = above
                continue
            held = line[start]
            if held is not None and held.text and not text:
                continue
            line[start] = Cell(text, Place(self.page), row, start, 1, max(end - start, 1))
            for c in range(start + 1, end):
                line[c] = None
            if merge == "restart":
                for c in range(start, end):
                    opened[c] = (row, start, end - start)
        self.open = opened
        self.rows.append(line)

    def done(self) -> tuple[tuple[Cell | None, ...], ...]:
        return tuple(tuple(row) for row in self.rows)
