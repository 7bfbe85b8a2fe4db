"""Pages that are only pictures: found, straightened, and read offline with RapidOCR, cell by cell where there is a ruled table.

The lines of a page come from its pixels (`scan_grid`), its words from recognition; together they go through the same reader of grids
as any PDF page. Heavy libraries are imported when the first page is read; a worker process keeps its models.
"""
from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium

from core.errors import Unreadable
from core.model import Box, Cell, Word
from core.reading import ocr_cache, scan_grid
from core.reading.grids import lattices, read_page, ruled_grid
from core.reading.pages import Block, RawGrid, RawPage
from core.reading.pdf import Char, PageFacts
from core.reading.scan_grid import Gray

VERSION = 1
"""Raise it when recognition gives other results, so that what was kept from before is read again."""
DPI = 200
FINE_DPI = 300
"""For pictures that hold so much."""
DETECT_DPI = 120
SURE = 0.9
"""Figures read with less confidence are read again, enlarged."""
_LOST = 0.9
"""A page whose sample lines are read with less than this on average may stand on its head."""

Bounds = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What recognition gives of one page, in points of reading space (upright and straightened).

    `turn`: degrees clockwise to bring the shown page upright; `angle`: the lean that was taken out after that. `words`: (text, box, confidence),
    each a run of text on one line, in one cell.
    """

    width: float
    height: float
    turn: int
    angle: float
    words: tuple[tuple[str, Box, float], ...]
    horizontal: tuple[tuple[float, float, float], ...]
    vertical: tuple[tuple[float, float, float], ...]

    @staticmethod
    def of(kept: dict[str, Any]) -> Reading | None:
        """A reading from its JSON; None when that is not one."""
        try:
            words = tuple((str(t), (float(a), float(b), float(c), float(d)), float(s)) for t, (a, b, c, d), s in kept["words"])
            lines = [tuple((float(p), float(a), float(b)) for p, a, b in kept[k]) for k in ("horizontal", "vertical")]
            return Reading(float(kept["width"]), float(kept["height"]), int(kept["turn"]), float(kept["angle"]), words, lines[0], lines[1])
        except (KeyError, TypeError, ValueError):
            return None


# ------------------------------------------------------------------ a page

def ocr_page(source: bytes | str | Path, number: int, threads: int = 0, cache: Path | None = None) -> RawPage:
    """A page of a PDF (from 1) read from its picture, its boxes those of the page as shown.

    `threads`: 0 is all cores. `cache`: a folder that remembers what was read, so that the same picture is read once.
    """
    picture, width, height, dpi = render(source, number)
    if cache is None:
        return page_of(recognise(picture, width, height, dpi, threads), number)
    key = ocr_cache.key_of(picture.tobytes(), picture.shape, width, height, dpi, VERSION)
    kept = ocr_cache.load(cache, key)
    reading = Reading.of(kept) if kept is not None else None
    if reading is None:
        reading = recognise(picture, width, height, dpi, threads)
        ocr_cache.save(cache, key, asdict(reading))
    return page_of(reading, number)


def render(source: bytes | str | Path, number: int) -> tuple[Gray, float, float, float]:
    """The page's picture (grey, seals taken out), its size in points, and the dots per inch of the picture."""
    document = pdfium.PdfDocument(source)
    try:
        if not 1 <= number <= len(document):
            raise Unreadable(f"文件没有第 {number} 页。")
        page = document[number - 1]
        width, height = page.get_size()
        dpi = float(FINE_DPI if _native_dpi(page) >= 0.9 * FINE_DPI else DPI)
        # A poster-sized page must not fill the memory.
        dpi = min(dpi, 72 * 6000 / max(width, height))
        colour: Gray = page.render(scale=dpi / 72, rev_byteorder=True).to_numpy()[:, :, :3].copy()
    finally:
        document.close()
    return without_seals(colour, dpi), width, height, dpi


def _native_dpi(page: Any) -> float:
    best = 0.0
    for item in page.get_objects(max_depth=4):
        if item.type == pdfium.raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = item.get_bounds()
            pixels = item.get_px_size()
            if right - left > 200 and top - bottom > 20:
                best = max(best, pixels[0] * 72 / (right - left))
    return best


def without_seals(colour: Gray, dpi: float) -> Gray:
    """The picture in grey. Where a round red seal lies, only what shows through red light: the text under it."""
    import cv2

    gray: Gray = cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY)
    red, green, blue = (colour[:, :, i].astype(np.int16) for i in range(3))
    stamp = ((red - np.maximum(green, blue) > 40) & (red > 110)).astype(np.uint8)
    if int(stamp.sum()) < 0.0003 * stamp.size:
        return gray
    reach = max(3, int(dpi * 0.06)) | 1
    count, _, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(stamp, np.ones((reach, reach), np.uint8)), connectivity=8)
    inch = dpi
    for left, top, wide, tall, _ in stats[1:count].tolist():
        if 0.6 * inch <= wide <= 3 * inch and 0.6 * inch <= tall <= 3 * inch and 0.6 <= wide / tall <= 1.7:
            area = np.s_[top:top + tall, left:left + wide]
            under = colour[:, :, 0][area]
            paper = float(np.percentile(gray[area], 90))
            inked = cv2.dilate(stamp[area], np.ones((3, 3), np.uint8)) > 0
            gray[area] = np.where(inked & (under > 0.62 * paper), np.uint8(paper), np.maximum(gray[area], under))
    return gray


def recognise(picture: Gray, width: float, height: float, dpi: float, threads: int = 0) -> Reading:
    """The lines and words of a page picture. A page whose first lines cannot be read is tried on its other sides."""
    made = _prepared(picture, width, height, dpi, 0, threads)
    if _looks_turned(made, threads):
        turn = _upright_turn(picture, threads)
        if turn:
            made = _prepared(picture, width, height, dpi, turn, threads)
    words = tuple(_read(made.sheet, made.boxes, threads))
    return Reading(width, height, made.turn, made.angle, words, made.rules.horizontal, made.rules.vertical)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A page straightened on one of its sides, and where its lines of text are."""

    turn: int
    angle: float
    rules: scan_grid.Rules
    sheet: _Sheet
    boxes: list[Bounds]


def _prepared(picture: Gray, width: float, height: float, dpi: float, turn: int, threads: int) -> _Prepared:
    upright = np.ascontiguousarray(np.rot90(picture, -turn // 90)) if turn else picture
    angle = scan_grid.skew(upright)
    gray = scan_grid.straighten(upright, angle)
    rules, ink = scan_grid.rules_and_ink(gray, dpi)
    facts = PageFacts(0, *((height, width) if turn in (90, 270) else (width, height)))
    facts.horizontal, facts.vertical = list(rules.horizontal), list(rules.vertical)
    sheet = _Sheet(gray, ink, dpi)
    boxes = list(_cell_lines(sheet, facts))
    boxes += _open_lines(sheet, [_pixels(t.box, dpi) for t in lattices(facts)], threads)
    return _Prepared(turn, angle, rules, sheet, boxes)


def _looks_turned(made: _Prepared, threads: int) -> bool:
    """Whether the lines run down the page (hardly one is wider than high) or stand on their heads (a sample reads badly)."""
    wide = sorted((b for b in made.boxes if b[2] - b[0] > 2 * (b[3] - b[1])), key=lambda b: b[0] - b[2])
    if len(made.boxes) > 4 and len(wide) < 0.3 * len(made.boxes):
        return True
    sample = [b for b in wide if b[2] - b[0] < 20 * (b[3] - b[1])][:8]
    if len(sample) < 3:
        return False
    read = _recognise_lines([_crop(made.sheet, b, 1.4) for b in sample], threads)
    return sum(sure for _, sure in read) / len(read) < _LOST


def _upright_turn(picture: Gray, threads: int) -> int:
    """The turn (clockwise) at which a sample of lines is read best."""
    import cv2

    scale = min(1.0, 1400 / max(picture.shape))
    small: Gray = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    found = [(max(c - a, b - t), (a, t, c, b)) for a, t, c, b in _detect(small, threads, 0.8)]
    sample = [box for _, box in sorted(found, reverse=True)[:10]]
    if not sample:
        return 0
    down = sum(b[3] - b[1] > b[2] - b[0] for b in sample) > len(sample) / 2
    scores: dict[int, float] = {}
    for turn in (90, 270) if down else (0, 180):
        crops = [_colour(np.ascontiguousarray(np.rot90(small[max(t, 0):b, max(a, 0):c], -turn // 90))) for a, t, c, b in sample]
        scores[turn] = sum(sure * len(text) for text, sure in _recognise_lines(crops, threads))
    return max(scores, key=lambda turn: scores[turn])


# ------------------------------------------------------------------ where the text is

@dataclass(frozen=True, slots=True)
class _Sheet:
    """A straightened picture and its ink without ruling lines."""

    gray: Gray
    ink: Gray
    dpi: float

    @property
    def point(self) -> float:
        return self.dpi / 72


def _pixels(box: Box, dpi: float) -> Bounds:
    s = dpi / 72
    return (round(box[0] * s), round(box[1] * s), round(box[2] * s), round(box[3] * s))


def _cell_lines(sheet: _Sheet, facts: PageFacts) -> Iterator[Bounds]:
    """The lines of text in each cell of the ruled tables."""
    for lattice in lattices(facts):
        grid = ruled_grid(lattice, [], facts)
        for row in grid.rows:
            for cell in row:
                if cell is not None:
                    left, top, right, bottom = _pixels(_area(grid, cell), sheet.dpi)
                    margin = max(1, round(0.7 * sheet.point))
                    yield from lines_in(sheet.ink, (left + margin, top + margin, right - margin, bottom - margin), sheet.point)


def _area(grid: RawGrid, cell: Cell) -> Box:
    return (grid.xs[cell.column], grid.ys[cell.row], grid.xs[cell.column + cell.column_span], grid.ys[cell.row + cell.row_span])


def lines_in(ink: Gray, area: Bounds, point: float) -> list[Bounds]:
    """Lines of text in an area: rows of ink that hang together, specks left out, dots beside characters kept."""
    import cv2

    left, top, right, bottom = area
    part = ink[max(top, 0):bottom, max(left, 0):right]
    if part.size == 0:
        return []
    count, _, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(part), connectivity=8)
    marks = [(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, a in stats[1:count] if max(w, h) >= 2.2 * point and a >= 4]
    dots = [(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, a in stats[1:count] if max(w, h) < 2.2 * point and a >= 3]
    out: list[Bounds] = []
    for rows in _storeys(marks, point):
        x0, y0, x1, y1 = (min(m[0] for m in rows), min(m[1] for m in rows), max(m[2] for m in rows), max(m[3] for m in rows))
        # A colon or full stop may end a line; nothing begins with a dot.
        reach = 0.7 * (y1 - y0)
        for dot in sorted(dots):
            if y0 - point <= dot[1] and dot[3] <= y1 + point and x1 - point <= dot[0] and dot[2] <= x1 + reach:
                x1 = max(x1, dot[2])
        out.append((x0 + max(left, 0), y0 + max(top, 0), x1 + max(left, 0), y1 + max(top, 0)))
    return out


def _storeys(marks: list[Bounds], point: float) -> list[list[Bounds]]:
    """Marks grouped into lines: those that overlap vertically or nearly touch belong together."""
    lines: list[list[Bounds]] = []
    bottom = 0.0
    for mark in sorted(marks, key=lambda m: m[1]):
        if lines and mark[1] <= bottom + 0.3 * point:
            lines[-1].append(mark)
            bottom = max(bottom, mark[3])
        else:
            lines.append([mark])
            bottom = mark[3]
    out: list[list[Bounds]] = []
    for line in lines:
        # Parts of characters (the strokes of 三, an accent) are lines too low to be text: they go with the line next to them.
        near = bool(out) and min(m[1] for m in line) - max(m[3] for m in out[-1]) < 1.6 * point
        if near and min(_height(line), _height(out[-1])) < 4 * point:
            out[-1] += line
        else:
            out.append(list(line))
    return out


def _height(marks: list[Bounds]) -> int:
    return max(m[3] for m in marks) - min(m[1] for m in marks)


def _open_lines(sheet: _Sheet, tables: Sequence[Bounds], threads: int) -> list[Bounds]:
    """Lines of text outside the ruled tables, found by the detector band by band; what it overlooks is added from the ink."""
    margin = round(2 * sheet.point)
    gray, ink = sheet.gray.copy(), sheet.ink.copy()
    for left, top, right, bottom in tables:
        gray[max(top - margin, 0):bottom + margin, max(left - margin, 0):right + margin] = 255
        ink[max(top - margin, 0):bottom + margin, max(left - margin, 0):right + margin] = 0
    out: list[Bounds] = []
    for top, bottom in _bands(ink, sheet.point):
        found = [(a, t + top, c, b + top) for a, t, c, b in _detect(gray[top:bottom], threads, min(1.0, DETECT_DPI / sheet.dpi))]
        out += [tight for box in found if (tight := _tightened(ink, box)) is not None]
        rest = ink[top:bottom].copy()
        for a, t, c, b in found:
            rest[max(t - top - 2, 0):b - top + 2, max(a - 2, 0):c + 2] = 0
        out += _overlooked(rest, top, sheet.point)
    return out


def _bands(ink: Gray, point: float) -> list[tuple[int, int]]:
    """Stretches of the page that hold ink, wide blank stretches between them left out."""
    import cv2

    speckless = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    rows = np.flatnonzero((speckless > 0).sum(axis=1) >= 3)
    bands: list[tuple[int, int]] = []
    for row in rows.tolist():
        if bands and row - bands[-1][1] < 30 * point:
            bands[-1] = (bands[-1][0], row)
        else:
            bands.append((row, row))
    pad = round(5 * point)
    return [(max(a - pad, 0), min(b + pad, ink.shape[0])) for a, b in bands if b - a >= 3 * point]


def _tightened(ink: Gray, box: Bounds) -> Bounds | None:
    """A detected box drawn in to its ink, with the line it frames kept whole."""
    left, top, right, bottom = (max(v, 0) for v in box)
    part = ink[top:bottom, left:right] > 0
    rows, columns = np.flatnonzero(part.sum(axis=1) >= 2), np.flatnonzero(part.any(axis=0))
    if len(rows) == 0 or len(columns) == 0:
        return None
    return (left + int(columns[0]), top + int(rows[0]), left + int(columns[-1]) + 1, top + int(rows[-1]) + 1)


def _overlooked(ink: Gray, offset: int, point: float) -> list[Bounds]:
    """Short runs of ink that no detected box covers, such as a single figure in a column."""
    import cv2

    reach = max(3, round(5 * point)) | 1
    joined = cv2.dilate(ink, np.ones((1, reach), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    out: list[Bounds] = []
    for x, y, w, h, _ in stats[1:count].tolist():
        if 4 * point <= h <= 24 * point and w <= 300 * point:
            box = _tightened(ink, (x, y, x + w, y + h))
            if box is not None and box[2] - box[0] >= 2 * point and box[3] - box[1] >= 4 * point:
                out.append((box[0], box[1] + offset, box[2], box[3] + offset))
    return out


# ------------------------------------------------------------------ what the text says

_FIGURE = re.compile(r"[-−—(（]?[\dOoQDIl|.,，。、·\s]+[)）%]?")
_PAGE_NUMBER = re.compile(r"[一—–―\-~_·.\s]{0,3}\d{1,4}[一—–―\-~_·.\s]{0,3}")
_THOUSANDTHS = re.compile(r"-?\d{1,3}\.\d{3}")
_GROUPED = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_MISREAD = str.maketrans({"O": "0", "o": "0", "Q": "0", "D": "0", "I": "1", "l": "1", "|": "1", "，": ",", "。": ".", "、": ",", "·": "."})


def _read(sheet: _Sheet, boxes: Sequence[Bounds], threads: int) -> list[tuple[str, Box, float]]:
    """The text of each line; figures read with doubt are read again enlarged, and doubt that stays is kept as low confidence."""
    if not boxes:
        return []
    results = _recognise_lines([_crop(sheet, b, 1.4) for b in boxes], threads)
    doubtful = [i for i, (text, sure) in enumerate(results)
                if sure < SURE and (not text or _FIGURE.fullmatch(text) or len(text) <= 2) or _THOUSANDTHS.fullmatch(text)]
    if doubtful:
        again = _recognise_lines([_crop(sheet, boxes[i], pad, 2.0) for i in doubtful for pad in (1.0, 2.5)], threads)
        for k, i in enumerate(doubtful):
            results[i] = settle([results[i], *again[2 * k:2 * k + 2]])
    results = separators_alike([as_figure(text, sure) for text, sure in results])
    out: list[tuple[str, Box, float]] = []
    unit = 1 / sheet.point
    for (a, t, c, b), (text, sure) in zip(boxes, results, strict=True):
        if text.strip() and sure >= 0.3:
            out.append((text.strip(), (a * unit, t * unit, c * unit, b * unit), round(sure, 4)))
    return out


def settle(readings: Sequence[tuple[str, float]]) -> tuple[str, float]:
    """The best of several readings of one line. Where readings differ the doubt stays: never surer than a half and a bit."""
    by_text: dict[str, float] = {}
    for text, sure in readings:
        by_text[text] = by_text.get(text, 0.0) + sure
    text = max(by_text, key=lambda t: by_text[t])
    sure = max(s for t, s in readings if t == text)
    return (text, sure) if len({t for t, _ in readings if t}) == 1 else (text, min(sure, 0.6))


def as_figure(text: str, sure: float) -> tuple[str, float]:
    """A figure with letters and signs that only look like digits made digits; that costs confidence."""
    if not _FIGURE.fullmatch(text) or sum(c.isdigit() for c in text) < 2 or text.strip().isdigit():
        return text, sure
    plain = "".join(text.translate(_MISREAD).split())
    if plain == text:
        return text, sure
    letters = any(c in "OoQDIl|" for c in text)
    return plain, min(sure, 0.8) if letters else sure


def separators_alike(readings: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """A lone "100.000" on a page of figures like "3,748,100" is 100,000 with a blurred comma; what was changed is doubtful."""
    grouped = sum(bool(_GROUPED.fullmatch(text)) for text, _ in readings)
    thousandths = sum(bool(_THOUSANDTHS.fullmatch(text)) for text, _ in readings)
    if grouped <= 2 * thousandths:
        return list(readings)
    return [(text.replace(".", ","), min(sure, 0.8)) if _THOUSANDTHS.fullmatch(text) else (text, sure) for text, sure in readings]


def _crop(sheet: _Sheet, box: Bounds, margin: float, enlarge: float = 1.0) -> Gray:
    import cv2

    pad = max(2, round(margin * sheet.point))
    a, t, c, b = box
    part = sheet.gray[max(t - pad, 0):b + pad, max(a - pad, 0):c + pad]
    # Ruling lines that reach into the margin would be read as strokes.
    near = sheet.ink[max(t - pad, 0):b + pad, max(a - pad, 0):c + pad]
    edge = np.ones(part.shape, bool)
    edge[min(pad, t):part.shape[0] - pad, min(pad, a):part.shape[1] - pad] = False
    dark = edge & (near == 0) & (part < 0.8 * float(np.percentile(part, 90)))
    if dark.any():
        part = part.copy()
        part[dark] = np.percentile(part, 90)
    if enlarge != 1.0:
        part = cv2.resize(part, None, fx=enlarge, fy=enlarge, interpolation=cv2.INTER_CUBIC)
    return _colour(part)


def _colour(gray: Gray) -> Gray:
    colour: Gray = np.ascontiguousarray(np.repeat(gray[:, :, None], 3, axis=2))
    return colour


@lru_cache(maxsize=2)
def _engine(threads: int) -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(params={
        "Global.log_level": "error", "Global.max_side_len": 8000, "Global.use_cls": False, "Global.text_score": 0.0,
        "EngineConfig.onnxruntime.intra_op_num_threads": threads, "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        "Det.limit_type": "max", "Det.limit_side_len": 8000, "Det.max_candidates": 4000,
        "Rec.rec_batch_num": 8, "Rec.rec_img_shape": [3, 48, 160],
    })


def _threads(threads: int) -> int:
    return threads or min(os.cpu_count() or 1, 4)


def _detect(gray: Gray, threads: int, scale: float = 1.0) -> list[Bounds]:
    """Boxes around lines of text. Finding lines takes far fewer pixels than reading them."""
    import cv2

    small = gray if scale == 1.0 else cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    found = _engine(_threads(threads))(_colour(small), use_det=True, use_cls=False, use_rec=False)
    if found is None or getattr(found, "boxes", None) is None:
        return []
    corners = np.asarray(found.boxes) / scale
    return [(int(b[:, 0].min()), int(b[:, 1].min()), int(np.ceil(b[:, 0].max())), int(np.ceil(b[:, 1].max()))) for b in corners]


def _recognise_lines(crops: list[Gray], threads: int) -> list[tuple[str, float]]:
    found = _engine(_threads(threads)).recognize_txt(crops)
    return [(str(text), float(sure)) for text, sure in zip(found.txts, found.scores, strict=True)]


# ------------------------------------------------------------------ words and lines to a page

@dataclass(slots=True)
class _ScanFacts(PageFacts):
    """Page facts whose boxes lean back when they are shown."""

    angle: float = 0.0

    def shown(self, box: Box) -> Box:
        width, height = self.reading_size
        return PageFacts.shown(self, leaned(box, self.angle, width, height))


def leaned(box: Box, angle: float, width: float, height: float) -> Box:
    """A box of the straightened page where it stands on the leaning one: its middle turned about the page's, its size kept."""
    if abs(angle) < 0.02:
        return box
    radians = np.radians(angle)
    cos, sin = float(np.cos(radians)), float(np.sin(radians))
    x, y = (box[0] + box[2] - width) / 2, (box[1] + box[3] - height) / 2
    dx, dy = x * cos - y * sin - x, x * sin + y * cos - y
    return (box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy)


def page_of(reading: Reading, number: int) -> RawPage:
    """A page as every reader gives it, from what was recognised; its lines and cells know how sure they are."""
    facts = _ScanFacts(number, reading.width, reading.height, reading.turn, angle=reading.angle)
    facts.horizontal, facts.vertical = list(reading.horizontal), list(reading.vertical)
    tall = facts.reading_size[1]
    for text, box, _ in reading.words:
        facts.chars += characters(as_page_number(text) if box[3] < 0.08 * tall or box[1] > 0.88 * tall else text, box)
    page, _ = read_page(facts)
    blocks: list[Block] = [_with_confidence(b, reading) if isinstance(b, RawGrid) else replace(b, ocr=True) for b in page.blocks]
    words = tuple(Word(text, facts.shown(box), sure) for text, box, sure in reading.words)
    return replace(page, kind="scan", blocks=tuple(blocks), words=words)


def as_page_number(text: str) -> str:
    """A page number between dashes, which recognition likes to take for 一."""
    return text.replace("一", "—") if _PAGE_NUMBER.fullmatch(text) else text


def characters(text: str, box: Box) -> list[Char]:
    """The characters of a line spread over its box; Chinese and full width ones take twice the room of others."""
    left, top, right, bottom = box
    weights = [2.0 if ord(c) > 0x2E7F else 1.05 for c in text]
    chinese = any(w == 2.0 for w in weights)
    size = (bottom - top) / (0.92 if chinese else 0.72)
    base = bottom - (0.07 * size if chinese else 0.0)
    step = (right - left) / sum(weights)
    out: list[Char] = []
    x = left
    for char, weight in zip(text, weights, strict=True):
        out.append(Char(char, x, base - 0.88 * size, x + weight * step, base + 0.12 * size, base, size))
        x += weight * step
    return out


def _with_confidence(grid: RawGrid, reading: Reading) -> RawGrid:
    """Every filled cell with the least confidence of the words in it."""
    if len(grid.xs) < 2 or len(grid.ys) < 2:
        sures = [[reading_mean(reading)] * len(row) for row in grid.rows]
    else:
        sures = [[1.0] * len(row) for row in grid.rows]
        for _, box, sure in reading.words:
            i = bisect_right(grid.ys, (box[1] + box[3]) / 2) - 1
            j = bisect_right(grid.xs, (box[0] + box[2]) / 2) - 1
            if 0 <= i < len(sures) and 0 <= j < len(sures[i]):
                sures[i][j] = min(sures[i][j], sure)
    rows = tuple(tuple(cell if cell is None or not cell.text else replace(cell, confidence=min(
        sures[i][j] for i in range(cell.row, min(cell.row + cell.row_span, len(sures)))
        for j in range(cell.column, min(cell.column + cell.column_span, len(sures[i]))))) for cell in row) for row in grid.rows)
    return replace(grid, rows=rows)


def reading_mean(reading: Reading) -> float:
    return round(sum(w[2] for w in reading.words) / len(reading.words), 4) if reading.words else 0.0
