"""A paper as PDF: an own small page maker, so that every row's page is known and every oddity of real exports can be had."""
from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from core.paths import resource
from tests.generator.paper import Box, Chart, Entry, Grid, Heading, Paper, Para
from tests.generator.styles import Style

FONT = "Hei"
RADICALS = {"目": "⽬", "入": "⼊", "支": "⽀", "金": "⾦", "一": "⼀", "人": "⼈", "工": "⼯", "行": "⾏", "用": "⽤"}
NO_START = set("，。、；：）》”’！？%％〕】.,;:)")
NO_END = set("（《“‘〔【(")
COLOURS = ((0.36, 0.6, 0.83), (0.93, 0.49, 0.19), (0.65, 0.65, 0.65), (1.0, 0.75, 0.0), (0.27, 0.45, 0.77), (0.44, 0.68, 0.28))


def font() -> str:
    """Registers the shipped font once. Kangxi radicals share the glyphs of the characters they look like."""
    if FONT not in pdfmetrics.getRegisteredFontNames():
        made = TTFont(FONT, str(resource("fonts", "wqy-microhei.ttc")))
        face = made.face
        for plain, radical in RADICALS.items():
            face.charToGlyph[ord(radical)] = face.charToGlyph[ord(plain)]
            face.charWidths[ord(radical)] = face.charWidths[ord(plain)]
        pdfmetrics.registerFont(made)
    return FONT


def width(text: str, size: float) -> float:
    return float(pdfmetrics.stringWidth(text, font(), size))


def wrap(text: str, size: float, room: float, first: float = 0.0, anywhere: bool = False) -> list[str]:
    """Lines of a text. Figures and Latin words stay whole when they fit; `anywhere` breaks in them too, as spreadsheets do."""
    lines, line, used = [], "", first
    pieces: list[str] = []
    for c in text:
        whole = not anywhere and c.isascii() and not c.isspace() and pieces and pieces[-1][-1].isascii() and not pieces[-1][-1].isspace()
        if whole and width(pieces[-1] + c, size) <= room:
            pieces[-1] += c
        else:
            pieces.append(c)
    for i, piece in enumerate(pieces):
        w = width(piece, size)
        follows = pieces[i + 1][0] if i + 1 < len(pieces) else ""
        over = used + w > room
        early = follows in NO_START and used + w + width(follows, size) > room and len(line) > 1 and piece not in NO_START
        late = piece in NO_END and used + w + width(follows, size) > room
        if line and ((over and piece not in NO_START) or early or late):
            lines.append(line)
            line, used = "", 0.0
        line += piece
        used += w
    return [*lines, line]


Op = Callable[[Canvas], None]


@dataclass
class Sheet:
    """One page as it is seen: size, turning, hidden margin, drawing steps, and what runs in its margins."""

    width: float
    height: float
    rotate: int = 0
    crop: float = 0.0
    label: str = ""
    ops: list[Op] = field(default_factory=list)


@dataclass
class Laid:
    """Where everything came to lie. Pages count from 1."""

    sheets: list[Sheet]
    front: int
    headings: dict[str, int]
    titles: dict[str, int]
    rows: dict[str, list[int]]
    headers: dict[str, list[int]]
    lines: list[tuple[Para, list[tuple[int, int]]]]
    entries: list[tuple[Entry, int]]
    charts: list[tuple[str, int]]

    def page_of(self, para: Para, offset: int = 0) -> int:
        """The page of a character of a paragraph."""
        for p, starts in self.lines:
            if p is para:
                return next(page for start, page in reversed(starts) if start <= offset)
        raise KeyError(para.text[:20])


class Press:
    """Lays a paper out on sheets."""

    left = 62.0
    top = 66.0
    bottom = 60.0

    def __init__(self, paper: Paper, style: Style) -> None:
        self.paper, self.style = paper, style
        self.sheets: list[Sheet] = []
        self.y = 0.0
        self.turn = 0
        self.laid = Laid(self.sheets, 0, {}, {}, {}, {}, [], [], [])
        self.fresh = True
        self.pending: list[Op] = []
        font()

    # -------------------------------------------------------------- pages

    def new_sheet(self, wide: bool) -> Sheet:
        w, h = (A4[1], A4[0]) if wide else A4
        rotate = 0
        if wide and self.style.rotate:
            rotate = self.style.rotate[self.turn % len(self.style.rotate)]
            self.turn += 1
        sheet = Sheet(w, h, rotate, self.style.crop)
        self.sheets.append(sheet)
        self.y = self.top
        self.fresh = True
        if self.style.crop:
            sheet.ops.append(self._hidden(sheet))
        return sheet

    @property
    def sheet(self) -> Sheet:
        return self.sheets[-1]

    @property
    def number(self) -> int:
        return len(self.sheets)

    def room(self) -> float:
        return self.sheet.height - self.bottom - self.y

    def need(self, height: float, wide: bool) -> None:
        if not self.sheets or (height > self.room() and not self.fresh):
            self.new_sheet(wide)

    def _hidden(self, sheet: Sheet) -> Op:
        """Text in the margin that the crop box cuts off: printers' marks and a line of another document."""
        number = len(self.sheets) + 1
        def op(canvas: Canvas) -> None:
            canvas.setFont(FONT, 7)
            canvas.drawString(40, sheet.height + 6, f"内部底稿第{number}页 9999.99 合计 8888.88")
            canvas.drawString(40, -14, "排版用角线 7777.77")
        return op

    # -------------------------------------------------------------- text

    def text(self, x: float, y: float, text: str, size: float, align: str = "left", sheet: Sheet | None = None) -> None:
        """One line with its top at y, on the current sheet unless told."""
        target = sheet or self.sheet
        if self.style.radicals:
            text = "".join(RADICALS.get(c, c) if i % 3 == 0 else c for i, c in enumerate(text))
        base = target.height - y - size * 0.88
        single = self.style.single

        def op(canvas: Canvas) -> None:
            canvas.setFillGray(0)
            canvas.setFont(FONT, size)
            at = x if align == "left" else x - width(text, size) / (2 if align == "centre" else 1)
            if not single:
                canvas.drawString(at, base, text)
                return
            for c in text:
                if not c.isspace():
                    canvas.drawString(at, base, c)
                at += width(c, size)
        target.ops.append(op)

    def block(self, text: str, size: float, align: str = "left", indent: float = 0.0, gap: float = 4.0, keep: int = 2) -> list[tuple[int, int]]:
        """A paragraph over as many pages as it takes; the start offset and page of each line."""
        wide = self.paper.landscape
        room = self.sheet.width - 2 * self.left if self.sheets else A4[0] - 2 * self.left
        lines = wrap(text, size, room, indent)
        leading = size * 1.65
        starts, offset = [], 0
        self.need(leading * min(keep, len(lines)), wide)
        for i, line in enumerate(lines):
            if leading > self.room():
                before, tail = self.sheet, lines[max(0, i - 2):i]
                self.new_sheet(wide)
                if self.style.twice:
                    self._again(before, tail, lines[i:i + 2], size, leading)
            x = self.left + (indent if i == 0 else 0.0)
            if align == "centre":
                self.text(self.sheet.width / 2, self.y, line, size, "centre")
            elif align == "right":
                self.text(self.sheet.width - self.left, self.y, line, size, "right")
            else:
                self.text(x, self.y, line, size)
            self.y += leading
            self.fresh = False
            starts.append((offset, self.number))
            offset += len(line)
        self.y += gap
        return starts

    def _again(self, before: Sheet, tail: list[str], head: list[str], size: float, leading: float) -> None:
        """What spreadsheets do at a page break: the neighbours' lines once more, above and below the visible page."""
        for k, line in enumerate(reversed(tail)):
            self.text(self.left, -leading * (k + 1), line, size)
        for k, line in enumerate(head):
            self.text(self.left, before.height + 4 + leading * k, line, size, sheet=before)

    # -------------------------------------------------------------- blocks

    def run(self) -> Laid:
        wide = self.paper.landscape
        self.new_sheet(wide)
        self.y = self.sheet.height * 0.3
        for i, line in enumerate(self.paper.cover):
            size = 26 if i == 0 else 22
            for part in wrap(line, size, self.sheet.width - 100):
                self.text(self.sheet.width / 2, self.y, part, size, "centre")
                self.y += size * 2
        self._contents()
        self.laid.front = self.number
        start = True
        self.after_heading = False
        for block in self.paper.blocks:
            if isinstance(block, Heading):
                self._heading(block, start)
            elif isinstance(block, Para):
                self._para(block)
            elif isinstance(block, Grid):
                self._grid(block)
            else:
                self._chart(block)
            start = False
            self.after_heading = isinstance(block, Heading)
        self._fill_contents()
        for i, sheet in enumerate(self.sheets[self.laid.front:]):
            sheet.label = str(i + 1)
        return self.laid

    def _contents(self) -> None:
        self.new_sheet(self.paper.landscape)
        self.text(self.sheet.width / 2, self.y, "目  录", 18, "centre")
        self.y += 40
        self.places: list[tuple[Entry, Sheet, float]] = []
        for entry in self.paper.contents:
            if self.room() < 20:
                self.new_sheet(self.paper.landscape)
            self.places.append((entry, self.sheet, self.y))
            self.laid.entries.append((entry, self.number))
            self.y += 19

    def printed(self, target: str) -> int:
        """The printed page number of a section or table."""
        page = self.laid.headings.get(target) or self.laid.titles.get(target) or 0
        return page - self.laid.front

    def _fill_contents(self) -> None:
        for entry, sheet, y in self.places:
            size = 12 if entry.level == 1 else 10.5
            x = self.left + 14 * (entry.level - 1)
            end = sheet.width - self.left
            if not self.paper.numbered_contents:
                self.text(x, y, entry.text, size, sheet=sheet)
                continue
            number = str(self.printed(entry.target) + entry.shift)
            title = wrap(entry.text, size, end - x - 40)[0] if width(entry.text, size) > end - x - 40 else entry.text
            dots = int((end - x - width(title, size) - width(number, size) - 6) / width(".", size))
            self.text(x, y, title + "." * max(3, dots), size, sheet=sheet)
            self.text(end, y, number, size, "right", sheet=sheet)

    def _heading(self, block: Heading, start: bool) -> None:
        wide = self.paper.landscape
        if block.new_page or start or self.sheet.width > self.sheet.height and not wide:
            self.new_sheet(wide)
        size = {1: 18.0, 2: 14.0, 3: 12.0}[block.level]
        if block.level > 1:
            self.need(size * 5, wide)
        starts = self.block(block.title, size, "centre" if block.level == 1 else "left", 0 if block.level == 1 else 24, 6)
        self.laid.headings[block.id] = starts[0][1]
        if block.level > 1:
            self.fresh = False

    def _para(self, block: Para) -> None:
        if self.sheet.width > self.sheet.height and not self.paper.landscape:
            self.new_sheet(False)
        size = {"letterhead": 26.0, "doctitle": 16.0}.get(block.style, 11.0)
        if block.style == "letterhead":
            self.new_sheet(self.paper.landscape)
        centred = block.style in ("letterhead", "docno", "doctitle")
        self.laid.lines.append((block, self.block(block.text, size, "centre" if centred else "left", 0 if centred else 22)))

    def _chart(self, chart: Chart) -> None:
        if not self.style.charts:
            return
        self.need(170, self.paper.landscape)
        self.text(self.sheet.width / 2, self.y, chart.title, 11, "centre")
        self.laid.charts.append((chart.title, self.number))
        sheet, y = self.sheet, self.y + 18
        whole = sum(v for _, v in chart.parts) or 1.0
        cx, cy = sheet.width * 0.35, sheet.height - y - 60

        def op(canvas: Canvas) -> None:
            angle = 90.0
            for i, (_, value) in enumerate(chart.parts):
                extent = -360.0 * value / whole
                canvas.setFillColorRGB(*COLOURS[i % len(COLOURS)])
                if abs(extent) > 359.9:
                    canvas.circle(cx, cy, 55, stroke=0, fill=1)
                elif abs(extent) > 0.05:
                    canvas.wedge(cx - 55, cy - 55, cx + 55, cy + 55, angle, extent, stroke=0, fill=1)
                angle += extent
                canvas.rect(sheet.width * 0.55, cy + 40 - 14 * i, 7, 7, stroke=0, fill=1)
        sheet.ops.append(op)
        for i, (name, _) in enumerate(chart.parts):
            self.text(sheet.width * 0.55 + 12, y + 12 + 14 * i, name, 8)
        self.y += max(140, 30 + 14 * len(chart.parts)) + 14
        self.fresh = False

    # -------------------------------------------------------------- tables

    def _grid(self, grid: Grid) -> None:
        style = self.style
        wide = grid.landscape or self.paper.landscape
        turned = self.sheet.width > self.sheet.height
        small = grid.kind == "perf"
        form = Table(self, grid, (A4[1] if wide else A4[0]) - 2 * (self.left if not small else 50), style)
        above = 76 if grid.kind == "budget" else 46
        flows = style.flow and turned == wide and self.room() > above + form.height + 20 and not small
        after_heading = self.after_heading and self.y < 150 and turned == wide
        if not (self.fresh and turned == wide) and not flows and not after_heading:
            if grid.id in style.foot and turned == wide and self.room() > 60:
                self.y = self.sheet.height - self.bottom - 22
                self._title(grid)
                self.new_sheet(wide)
                self._lines_above(grid)
                form.draw()
                self._below(grid)
                return
            self.new_sheet(wide)
        if grid.id not in style.swallow or grid.kind != "budget":
            if grid.label:
                self.text(self.left, self.y, grid.label, 10)
                self.y += 16
            self._title(grid)
            self._lines_above(grid)
        else:
            self.laid.titles[grid.key] = self.number
        form.draw()
        self._below(grid)

    def _title(self, grid: Grid) -> None:
        for line in wrap(grid.title, 15, self.sheet.width - 2 * self.left):
            self.text(self.sheet.width / 2, self.y, line, 15, "centre")
            self.y += 24
        self.laid.titles[grid.key] = self.number
        self.fresh = False
        if grid.subtitle:
            self.text(self.sheet.width / 2, self.y - 3, grid.subtitle, 10.5, "centre")
            self.y += 18

    def _lines_above(self, grid: Grid) -> None:
        if grid.body_line:
            self.text(self.left, self.y, grid.body_line, 9.5)
        if grid.unit_line:
            self.text(self.sheet.width - self.left, self.y, grid.unit_line, 9.5, "right")
        if grid.body_line or grid.unit_line:
            self.y += 17

    def _below(self, grid: Grid) -> None:
        self.y += 4
        for note in grid.notes:
            for line in wrap(note, 9.5, self.sheet.width - 2 * self.left):
                self.text(self.left, self.y, line, 9.5)
                self.y += 15
        if grid.footer:
            self.text(self.left, self.y, grid.footer, 8.5)
            self.y += 14
        self.y += 12


class Table:
    """Column widths, wrapped cells and row heights of a grid, and the drawing of it over pages."""

    def __init__(self, press: Press, grid: Grid, room: float, style: Style) -> None:
        self.press, self.grid, self.style = press, grid, style
        self.swallowed = grid.id in style.swallow and grid.kind == "budget"
        self.cells = [list(r) for r in grid.header] + [list(r.cells) for r in grid.rows]
        self.boxes = [*grid.header_boxes, *(Box(b.r + len(grid.header), b.c, b.rs, b.cs) for b in grid.boxes)]
        self.head = len(grid.header)
        if self.swallowed:
            n = len(grid.widths)
            split = max(1, n - 2)
            first: list[list[str | None]] = [[grid.title, *[None] * (n - 1)], [grid.body_line, *[None] * (split - 1), grid.unit_line, *[None] * (n - split - 1)]]
            self.cells = [*first, *self.cells]
            self.boxes = [Box(0, 0, 1, n), Box(1, 0, 1, split), Box(1, split, 1, n - split), *(Box(b.r + 2, b.c, b.rs, b.cs) for b in self.boxes)]
            self.head += 2
        scale = style.narrow if grid.kind == "budget" else 1.0
        whole = sum(grid.widths)
        self.size = grid.size * style.size
        self.widths = [room * scale * w / whole for w in grid.widths]
        self.x0 = press.left + (room - room * scale) / 2 if grid.kind != "perf" else 50.0
        self.span = {(b.r, b.c): b for b in self.boxes}
        self.pad = (style.pad if grid.kind == "budget" else 0) or (3.0 if style.rules in ("grid", "rects") or grid.kind != "budget" else 7.0)
        self.lines: dict[tuple[int, int], list[str]] = {}
        self.heights = [self._height(r) for r in range(len(self.cells))]
        for b in self.boxes:
            if b.rs > 1 and (b.r, b.c) in self.lines:
                wanted = len(self.lines[b.r, b.c]) * self.leading + 2 * self.pad
                missing = wanted - sum(self.heights[b.r:b.r + b.rs])
                if missing > 0:
                    self.heights[b.r + b.rs - 1] += missing
        self.height = sum(self.heights)

    @property
    def leading(self) -> float:
        return self.size * 1.3

    def _height(self, r: int) -> float:
        most = 1
        for c, text in enumerate(self.cells[r]):
            if text is None:
                continue
            box = self.span.get((r, c), Box(r, c, 1, 1))
            room = sum(self.widths[c:c + box.cs]) - 2 * self.pad
            shown = text
            if self.style.spread and r >= self.head and box.cs == 1 and 4 <= len(text) <= 6 and not any(ch.isdigit() or ch in "，（）" for ch in text):
                shown = " ".join(text)
            self.lines[r, c] = wrap(shown, self.size, room, anywhere=self.style.narrow < 1)
            if box.rs == 1:
                most = max(most, len(self.lines[r, c]))
        return most * self.leading + 2 * self.pad + (3 if self.grid.kind == "budget" else 1)

    def draw(self) -> None:
        """All rows, over as many pages as they need."""
        press, grid, head = self.press, self.grid, self.head
        wide = grid.landscape or press.paper.landscape
        rows = list(range(head, len(self.cells)))
        pages: list[int] = []
        headers = [press.number]
        group = [*range(head)]
        top = press.y
        used = sum(self.heights[:head])
        last_alone = grid.id in self.style.alone and len(rows) > 3
        for r in rows:
            over = press.y + used + self.heights[r] > press.sheet.height - press.bottom
            if (over and group) or (last_alone and r == rows[-1] and len(group) > 1):
                self._part(group, top)
                before = press.sheet
                press.new_sheet(wide)
                if self.style.twice:
                    self._clipped(before, group[-1], r)
                group, used = [], 0.0
                top = press.y
                if self.style.header and grid.kind != "perf":
                    group = [*range(2 if self.swallowed else 0, head)]
                    used = sum(self.heights[i] for i in group)
                    headers.append(press.number)
            group.append(r)
            used += self.heights[r]
            pages.append(press.number)
        if group:
            self._part(group, top)
        press.laid.rows[grid.key] = pages
        press.laid.headers[grid.key] = headers
        press.y = top + used
        press.fresh = False

    def _clipped(self, before: Sheet, last: int, following: int) -> None:
        """The row before the break again, above the next page's table but clipped away; and the next row below the old page."""
        sheet = self.press.sheet
        for target, row, y in ((sheet, last, 20.0), (before, following, before.height - 40.0)):
            def op(canvas: Canvas, row: int = row, y: float = y, target: Sheet = target) -> None:
                canvas.saveState()
                path = canvas.beginPath()
                path.rect(40, target.height * 0.4, 10, 10)
                canvas.clipPath(path, stroke=0, fill=0)
                canvas.setFont(FONT, self.size)
                x = self.x0
                for c, w in enumerate(self.widths):
                    if text := self.cells[row][c] if c < len(self.cells[row]) else None:
                        canvas.drawString(x + self.pad, target.height - y - self.size, text)
                    x += w
                canvas.restoreState()
            target.ops.append(op)

    def _part(self, rows: list[int], top: float) -> None:
        """Rows on the current sheet: texts, then rules."""
        ys = {}
        y = top
        for r in rows:
            ys[r] = y
            y += self.heights[r]
        bottom = y
        xs = [self.x0]
        for w in self.widths:
            xs.append(xs[-1] + w)
        segments: set[tuple[float, float, float, float]] = set()
        here = set(rows)
        for r in rows:
            for c, text in enumerate(self.cells[r]):
                if text is None and (r, c) not in self.span:
                    continue
                box = self.span.get((r, c), Box(r, c, 1, 1))
                inside = [k for k in range(box.r, box.r + box.rs) if k in here]
                y0, y1 = ys[r], ys[inside[-1]] + self.heights[inside[-1]]
                self._rules(segments, xs[c], y0, xs[c + box.cs], y1)
                self._texts(r, c, box, xs[c], y0, xs[c + box.cs], y1)
        for box in self.boxes:  # a merged cell that began on the page before is closed here
            if box.r not in here and any(k in here for k in range(box.r, box.r + box.rs)):
                inside = [k for k in range(box.r, box.r + box.rs) if k in here]
                self._rules(segments, xs[box.c], ys[inside[0]], xs[box.c + box.cs], ys[inside[-1]] + self.heights[inside[-1]])
        self._stroke(segments, xs[0], xs[-1], top, bottom)

    def _rules(self, segments: set[tuple[float, float, float, float]], x0: float, y0: float, x1: float, y1: float) -> None:
        if self.style.rules == "none" and self.grid.kind == "budget":
            return
        segments.add((x0, y0, x1, y0))
        segments.add((x0, y1, x1, y1))
        if self.style.rules != "rows" or self.grid.kind != "budget":
            segments.add((x0, y0, x0, y1))
            segments.add((x1, y0, x1, y1))

    def _texts(self, r: int, c: int, box: Box, x0: float, y0: float, x1: float, y1: float) -> None:
        lines = self.lines[r, c]
        y = (y0 + y1) / 2 - len(lines) * self.leading / 2 + (self.leading - self.size) / 2
        body = r >= self.head
        number = body and c in self.grid.amounts
        centred = not body or box.cs > 2 and self.grid.kind == "budget" or self.grid.kind == "perf" and c in (0, 1) or self.cells[r][c] in ("合计", "收入总计", "支出总计")
        for line in lines:
            if number:
                self.press.text(x1 - self.pad, y, line, self.size, "right")
            elif centred:
                self.press.text((x0 + x1) / 2, y, line, self.size, "centre")
            else:
                self.press.text(x0 + self.pad, y, line, self.size)
            y += self.leading

    def _stroke(self, segments: set[tuple[float, float, float, float]], left: float, right: float, top: float, bottom: float) -> None:
        sheet, style = self.press.sheet, self.style
        rects = style.rules == "rects"
        ordered = sorted(segments)

        def op(canvas: Canvas) -> None:
            canvas.setStrokeGray(0)
            canvas.setFillGray(0)
            canvas.setLineWidth(style.line)
            for x0, y0, x1, y1 in ordered:
                if not rects:
                    canvas.line(x0, sheet.height - y0, x1, sheet.height - y1)
                elif y0 == y1:
                    canvas.rect(x0, sheet.height - y0 - 0.24, x1 - x0 + 0.48, 0.48, stroke=0, fill=1)
                else:
                    canvas.rect(x0, sheet.height - y1, 0.48, y1 - y0 + 0.24, stroke=0, fill=1)
        sheet.ops.append(op)


def draw(paper: Paper, style: Style, path: Path) -> Laid:
    """Writes the PDF; the same paper and style give the same bytes."""
    laid = Press(paper, style).run()
    canvas = Canvas(str(path), invariant=1, pageCompression=1)
    canvas.setTitle(paper.properties.get("title", "".join(paper.cover[:2])))
    canvas.setAuthor(paper.properties.get("author", paper.unit))
    canvas.setCreator("")
    for sheet in laid.sheets:
        w, h, m = sheet.width, sheet.height, sheet.crop
        turned = sheet.rotate in (90, 270)
        media = ((h if turned else w) + 2 * m, (w if turned else h) + 2 * m)
        canvas.setPageSize((w + 2 * m, h + 2 * m))  # reportlab itself swaps the sides of a turned page
        canvas.setCropBox((m, m, media[0] - m, media[1] - m))
        canvas.setPageRotation(sheet.rotate)
        canvas.translate(m, m)
        if sheet.rotate:
            angle = math.radians(sheet.rotate)
            move = {90: (h, 0.0), 180: (w, h), 270: (0.0, w)}[sheet.rotate]
            canvas.transform(round(math.cos(angle)), round(math.sin(angle)), -round(math.sin(angle)), round(math.cos(angle)), *move)
        for op in sheet.ops:
            op(canvas)
        if sheet.label:
            canvas.setFillGray(0)
            canvas.setFont(FONT, 9)
            canvas.drawCentredString(w / 2, 30, f"— {sheet.label} —")
        canvas.showPage()
    canvas.save()
    return laid
