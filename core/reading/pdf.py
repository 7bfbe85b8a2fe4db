"""Characters and ruling lines of PDF pages, as they are shown.

The fast path asks pdfium; `plain=True` asks pdfplumber (pdfminer) for the same facts and is kept as cross-check and as way out
where pdfium gives no text. Everything is turned to the page as displayed: after /Rotate, inside the crop box, from the top left.
"""
from __future__ import annotations

import ctypes
import io
import logging
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from core.errors import Unreadable
from core.model import Box
from core.text import clean_glyph

_TILT = 10.0
"""Text turned further than this from upright is a watermark; scans lie a little askew."""
_SLANTED = -1
THIN = 3.0
"""A filled rectangle thinner than this is a ruling line."""

# Fonts in published files are often embedded badly; the warnings of the parsers say nothing a reviewer could use.
for _name in ("pdfminer", "pypdfium2"):
    logging.getLogger(_name).setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Char:
    """A visible character in reading space. `base` is its baseline (from the top), `size` its height in points."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    base: float
    size: float


@dataclass(slots=True)
class PageFacts:
    """What stands on one page. In reading space: turned so that most text runs left to right.

    `turn`: by how many degrees clockwise the shown page was turned for that (0, 90, 180, 270). `picture`: the share of the page
    that pictures cover. `hidden`: how many characters are drawn invisibly (an OCR layer).
    """

    number: int
    width: float
    height: float
    turn: int = 0
    chars: list[Char] = field(default_factory=list)
    horizontal: list[tuple[float, float, float]] = field(default_factory=list)
    """(y, x0, x1)"""
    vertical: list[tuple[float, float, float]] = field(default_factory=list)
    """(x, y0, y1)"""
    picture: float = 0.0
    hidden: int = 0

    @property
    def reading_size(self) -> tuple[float, float]:
        return (self.height, self.width) if self.turn in (90, 270) else (self.width, self.height)

    def shown(self, box: Box) -> Box:
        """A box of reading space on the page as displayed."""
        x0, y0, x1, y1 = box
        if self.turn == 90:
            return (y0, self.height - x1, y1, self.height - x0)
        if self.turn == 180:
            return (self.width - x1, self.height - y1, self.width - x0, self.height - y0)
        if self.turn == 270:
            return (self.width - y1, x0, self.width - y0, x1)
        return box


class PdfFile:
    """An open PDF. Reads from memory, so the file is never locked. Not thread-safe: PDFium is not."""

    def __init__(self, data: bytes, plain: bool = False) -> None:
        if not data.startswith(b"%PDF") and b"%PDF" not in data[:1024]:
            raise Unreadable("这不是 PDF 文件（文件头不符）。请确认文件是否完整、后缀是否正确。")
        try:
            self._doc = pdfium.PdfDocument(data)
        except pdfium.PdfiumError as error:
            if "password" in str(error).lower():
                raise Unreadable("文件已加密，需要密码才能打开。请先用阅读器另存为不加密的 PDF，再打开。") from error
            raise Unreadable("文件已损坏，无法作为 PDF 打开。请重新下载或请对方重新导出。") from error
        self._data = data
        self._plain_doc: Any = None
        self.plain = plain
        if len(self._doc) == 0:
            raise Unreadable("PDF 中没有页面。请确认文件是否完整。")

    def __len__(self) -> int:
        return len(self._doc)

    def close(self) -> None:
        if self._plain_doc is not None:
            self._plain_doc.close()
        self._doc.close()

    def properties(self) -> dict[str, str]:
        """Title, author, producer … as the file states them."""
        found: dict[str, str] = self._doc.get_metadata_dict()
        return {k: v for k, v in found.items() if v}

    def page(self, number: int) -> PageFacts:
        """The facts of a page (from 1)."""
        return self._plain_page(number) if self.plain else self._fast_page(number)

    # ------------------------------------------------------------ pdfium

    def _fast_page(self, number: int) -> PageFacts:
        page = raw.FPDF_LoadPage(self._doc.raw, number - 1)
        if not page:
            return PageFacts(number, 595.0, 842.0)
        try:
            rect = raw.FS_RECTF()
            raw.FPDF_GetPageBoundingBox(page, ctypes.byref(rect))
            frame = (rect.left, rect.bottom, rect.right, rect.top)
            rotation = raw.FPDFPage_GetRotation(page) * 90
            facts = PageFacts(number, raw.FPDF_GetPageWidthF(page), raw.FPDF_GetPageHeightF(page))
            turn, chars, facts.hidden = _read_chars(page, frame, rotation, facts)
            segments: list[tuple[float, float, float, float]] = []
            pictures: list[Box] = []
            _read_paths(page, frame, rotation, segments, pictures)
            _finish(facts, turn, chars, segments, pictures)
            return facts
        finally:
            raw.FPDF_ClosePage(page)

    # ------------------------------------------------------------ pdfplumber

    def _plain_page(self, number: int) -> PageFacts:
        import pdfplumber

        if self._plain_doc is None:
            self._plain_doc = pdfplumber.open(io.BytesIO(self._data))
        page = self._plain_doc.pages[number - 1]
        handle = raw.FPDF_LoadPage(self._doc.raw, number - 1)
        facts = PageFacts(number, raw.FPDF_GetPageWidthF(handle), raw.FPDF_GetPageHeightF(handle))
        raw.FPDF_ClosePage(handle)
        crop = page.cropbox
        left, top = min(crop[0], crop[2]), min(crop[1], crop[3])
        if page.rotation % 180 == 90:
            left, top = top, left
        chars: list[tuple[str, float, float, float, float, float, float, int]] = []
        for char in page.chars:
            x0, x1 = char["x0"] - left, char["x1"] - left
            upper, lower = char["top"] - top, char["bottom"] - top
            matrix = char["matrix"]
            tilt = math.degrees(math.atan2(matrix[1], matrix[0]))
            if _slanted(tilt):
                continue
            angle = round(tilt / 90) * 90 % 360
            size = char["size"] or lower - upper
            if angle in (0, 180):
                # pdfplumber's box follows the font's descent; the baseline is what lines agree on
                base = facts.height - (matrix[5] - _bottom(page)) if page.rotation % 360 == 0 else lower - 0.12 * size
                x_base, y_base = x0, base
            else:
                x_base, y_base = (x1 if angle == 90 else x0), lower
            for text in _texts(char["text"]):
                chars.append((text, x0, upper, x1, lower, x_base, y_base, (-angle) % 360))
        turn = _main_turn(c[7] for c in chars)
        plain = [_plain_char(c, turn) for c in chars if _inside(c[1], c[2], c[3], c[4], facts)]
        segments: list[tuple[float, float, float, float]] = []
        for item in page.lines + page.rects + page.curves:
            pts = [(x - left, y - top) for x, y in item["pts"]]
            if item["object_type"] == "rect" or (len(pts) >= 4 and item.get("fill")):
                box = (item["x0"] - left, item["top"] - top, item["x1"] - left, item["bottom"] - top)
                if not item.get("stroke") and _is_white(item.get("non_stroking_color")) and _thick(box):
                    continue
                segments += _rect_segments(box)
            else:
                segments += [(*a, *b) for a, b in zip(pts, pts[1:], strict=False)]
        pictures = [(i["x0"] - left, i["top"] - top, i["x1"] - left, i["bottom"] - top) for i in page.images]
        page.close()
        _finish(facts, turn, plain, segments, pictures)
        return facts


def _slanted(tilt: float) -> bool:
    """Whether text at this angle stands across the page: a watermark, which lies over the text and is no part of it."""
    return abs(tilt - round(tilt / 90) * 90) > _TILT


def _bottom(page: Any) -> float:
    crop = page.cropbox
    return float(min(crop[1], crop[3]))


def _plain_char(c: tuple[str, float, float, float, float, float, float, int], turn: int) -> tuple[str, Box, float, float, float]:
    return c[0], (c[1], c[2], c[3], c[4]), c[5], c[6], (c[4] - c[2]) if turn in (0, 180) else (c[3] - c[1])


def _is_white(color: Any) -> bool:
    values = color if isinstance(color, (tuple, list)) else (color,)
    if color is None:
        return False
    if len(values) == 4:
        return all(v == 0 for v in values)
    return all(isinstance(v, (int, float)) and v >= 0.999 for v in values)


def _thick(box: Box) -> bool:
    return box[2] - box[0] > THIN and box[3] - box[1] > THIN


def _rect_segments(box: Box) -> list[tuple[float, float, float, float]]:
    x0, y0, x1, y1 = box
    if y1 - y0 <= THIN and x1 - x0 > y1 - y0:
        y = (y0 + y1) / 2
        return [(x0, y, x1, y)]
    if x1 - x0 <= THIN:
        x = (x0 + x1) / 2
        return [(x, y0, x, y1)]
    return [(x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)]


def _inside(x0: float, y0: float, x1: float, y1: float, facts: PageFacts) -> bool:
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    return -1 <= x <= facts.width + 1 and -1 <= y <= facts.height + 1


def _texts(text: str) -> str:
    out = "".join(clean_glyph(c) for c in text)
    return "".join(c for c in out if c >= " " and c not in "\u00ad\ufeff\u200b\ufffe\uffff")


def _main_turn(angles: Iterable[int]) -> int:
    counts: dict[int, int] = {}
    for angle in angles:
        counts[angle] = counts.get(angle, 0) + 1
    return max(counts, key=lambda a: (counts[a], -a), default=0)


def _to_shown(x: float, y: float, frame: Box, rotation: int) -> tuple[float, float]:
    left, bottom, right, top = frame
    if rotation == 90:
        return y - bottom, x - left
    if rotation == 180:
        return right - x, y - bottom
    if rotation == 270:
        return top - y, right - x
    return x - left, top - y


def _shown_box(x0: float, y0: float, x1: float, y1: float, frame: Box, rotation: int) -> Box:
    ax, ay = _to_shown(x0, y0, frame, rotation)
    bx, by = _to_shown(x1, y1, frame, rotation)
    return (min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))


_SKIP = frozenset({0, 0xAD, 0xFEFF, 0x200B, 0xFFFE, 0xFFFF})
_ShownChar = tuple[str, Box, float, float, float]


def _read_chars(page: Any, frame: Box, rotation: int, facts: PageFacts) -> tuple[int, list[_ShownChar], int]:
    """Visible characters as (text, shown box, baseline x, baseline y, size), the main direction, and the count of invisible ones."""
    text_page = raw.FPDFText_LoadPage(page)
    if not text_page:
        return 0, [], 0
    count = raw.FPDFText_CountChars(text_page)
    rect, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    ox, oy = ctypes.c_double(), ctypes.c_double()
    by_rect, by_ox, by_oy, by_matrix = ctypes.byref(rect), ctypes.byref(ox), ctypes.byref(oy), ctypes.byref(matrix)
    get_unicode, generated, loose = raw.FPDFText_GetUnicode, raw.FPDFText_IsGenerated, raw.FPDFText_GetLooseCharBox
    origin, get_object, get_matrix, font_size = (raw.FPDFText_GetCharOrigin, raw.FPDFText_GetTextObject, raw.FPDFText_GetMatrix,
                                                 raw.FPDFText_GetFontSize)
    address = ctypes.addressof
    objects: dict[int, tuple[float, int, Box | None, bool]] = {}
    found: list[tuple[int, _ShownChar]] = []
    hidden = 0
    last_x = last_y = near = 0.0
    known: tuple[float, int, Box | None, bool] = (0.0, 0, None, False)
    width, height = facts.width, facts.height
    plain_page = rotation == 0
    left, _, _, top = frame
    for i in range(count):
        code = get_unicode(text_page, i)
        if code < 33 and (code != 32 or generated(text_page, i) == 1) or code in _SKIP or code == 2:
            continue
        loose(text_page, i, by_rect)
        origin(text_page, i, by_ox, by_oy)
        x0, x1, y0, y1 = rect.left, rect.right, rect.bottom, rect.top
        bx, by = ox.value, oy.value
        if by != last_y or not -1 < x0 - last_x < near:
            # Not the next character of the same run: ask anew what it belongs to. Asking for each would double the cost.
            obj = get_object(text_page, i)
            key = address(obj.contents) if obj else 0
            if key and key in objects:
                known = objects[key]
            else:
                get_matrix(text_page, i, by_matrix)
                scale = math.hypot(matrix.c, matrix.d)
                tilt = math.degrees(math.atan2(matrix.b, matrix.a))
                turned = _SLANTED if _slanted(tilt) else (rotation - round(tilt / 90) * 90) % 360
                known = (font_size(text_page, i) * scale, turned, _clip_box(obj) if obj else None,
                         bool(obj) and raw.FPDFTextObj_GetTextRenderMode(obj) == raw.FPDF_TEXTRENDERMODE_INVISIBLE)
                objects[key] = known
            near = max(1.0, 0.3 * known[0])
        last_x, last_y = x1, by
        size, angle, clip, invisible = known
        if angle == _SLANTED:
            continue
        if clip is not None:
            cx, cy = (x0 + x1) / 2, (y0 + y1) / 2
            if not (clip[0] - 0.5 <= cx <= clip[2] + 0.5 and clip[1] - 0.5 <= cy <= clip[3] + 0.5):
                continue
        if not 1 <= size <= 300:
            size = max(y1 - y0, 1.0) if angle in (0, 180) or not plain_page else max(x1 - x0, 1.0)
        if plain_page and angle == 0:
            base = top - by
            box = (x0 - left, base - 0.88 * size, x1 - left, base + 0.12 * size)
            sx, sy = bx - left, base
        else:
            box = _shown_box(x0, y0, x1, y1, frame, rotation)
            sx, sy = _to_shown(bx, by, frame, rotation)
            if angle == 0:
                box = (box[0], sy - 0.88 * size, box[2], sy + 0.12 * size)
            elif angle == 180:
                box = (box[0], sy - 0.12 * size, box[2], sy + 0.88 * size)
            elif angle == 90:
                box = (sx - 0.12 * size, box[1], sx + 0.88 * size, box[3])
            else:
                box = (sx - 0.88 * size, box[1], sx + 0.12 * size, box[3])
        mx, my = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        if not (-1 <= mx <= width + 1 and -1 <= my <= height + 1):
            continue
        if invisible:
            hidden += 1
            continue
        try:
            text = chr(code)
        except ValueError:
            continue
        if code > 0x2E00:
            text = clean_glyph(text)
        found.append((angle, (text, box, sx, sy, size)))
    raw.FPDFText_ClosePage(text_page)
    turn = _main_turn(a for a, _ in found)
    return turn, [c for _, c in found], hidden


_CLIP_X, _CLIP_Y = ctypes.c_float(), ctypes.c_float()
_BY_CLIP_X, _BY_CLIP_Y = ctypes.byref(_CLIP_X), ctypes.byref(_CLIP_Y)


def _clip_box(obj: Any, get_segment: Any = raw.FPDFClipPath_GetPathSegment, get_point: Any = raw.FPDFPathSegment_GetPoint) -> Box | None:
    """The box that clips a page object, in user space; None when nothing does. Two corners of a rectangle tell it all."""
    path = raw.FPDFPageObj_GetClipPath(obj)
    if not path:
        return None
    count = raw.FPDFClipPath_CountPaths(path)
    if count <= 0 or count > 64:
        return None
    left = bottom = -math.inf
    right = top = math.inf
    for index in range(count):
        size = raw.FPDFClipPath_CountPathSegments(path, index)
        if size < 3:
            continue
        steps = (0, 2) if size in (4, 5) else range(size)
        xs: list[float] = []
        ys: list[float] = []
        for k in steps:
            get_point(get_segment(path, index, k), _BY_CLIP_X, _BY_CLIP_Y)
            xs.append(_CLIP_X.value)
            ys.append(_CLIP_Y.value)
        left, right = max(left, min(xs)), min(right, max(xs))
        bottom, top = max(bottom, min(ys)), min(top, max(ys))
    return None if right == math.inf else (left, bottom, right, top)


_Matrix = tuple[float, float, float, float, float, float]


def _read_paths(page: Any, frame: Box, rotation: int, segments: list[tuple[float, float, float, float]], pictures: list[Box]) -> None:
    """Straight pieces of drawn paths (shown page) and the boxes of pictures, form XObjects included."""
    matrix = raw.FS_MATRIX()
    by_matrix = ctypes.byref(matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    by_x, by_y = ctypes.byref(x), ctypes.byref(y)
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    r, g, b, a = ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint()

    def own_matrix(obj: Any, outer: _Matrix | None) -> _Matrix:
        raw.FPDFPageObj_GetMatrix(obj, by_matrix)
        m = (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)
        if outer is None:
            return m
        p, q, s, t, u, v = outer
        return (m[0] * p + m[1] * s, m[0] * q + m[1] * t, m[2] * p + m[3] * s, m[2] * q + m[3] * t,
                m[4] * p + m[5] * s + u, m[4] * q + m[5] * t + v)

    def emit(points: list[tuple[float, float]], stroked: bool, filled: bool, obj: Any) -> None:
        if len(points) < 2:
            return
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        box = (min(xs), min(ys), max(xs), max(ys))
        rectangular = len(points) in (4, 5) and all(
            abs(points[k][0] - points[k + 1][0]) < 0.01 or abs(points[k][1] - points[k + 1][1]) < 0.01 for k in range(len(points) - 1))
        if filled and not stroked:
            if not rectangular:
                return
            if _thick(box):
                raw.FPDFPageObj_GetFillColor(obj, ctypes.byref(r), ctypes.byref(g), ctypes.byref(b), ctypes.byref(a))
                if a.value == 0 or min(r.value, g.value, b.value) >= 254:
                    return
            segments.extend(_rect_segments(box))
        elif rectangular and len(points) >= 4:
            segments.extend(_rect_segments(box))
        else:
            segments.extend((*p, *q) for p, q in zip(points, points[1:], strict=False)
                            if abs(p[0] - q[0]) < 1 or abs(p[1] - q[1]) < 1)

    def walk(objects: Iterator[Any], outer: _Matrix | None) -> None:
        for obj in objects:
            kind = raw.FPDFPageObj_GetType(obj)
            if kind == raw.FPDF_PAGEOBJ_PATH:
                raw.FPDFPath_GetDrawMode(obj, ctypes.byref(fill), ctypes.byref(stroke))
                stroked, filled = bool(stroke.value), fill.value != 0
                if not stroked and not filled:
                    continue
                m = own_matrix(obj, outer)
                points: list[tuple[float, float]] = []
                curved = False
                for k in range(raw.FPDFPath_CountSegments(obj)):
                    segment = raw.FPDFPath_GetPathSegment(obj, k)
                    what = raw.FPDFPathSegment_GetType(segment)
                    if what == raw.FPDF_SEGMENT_MOVETO and points:
                        if not curved:
                            emit(points, stroked, filled, obj)
                        points, curved = [], False
                    if what == raw.FPDF_SEGMENT_BEZIERTO:
                        curved = True
                    raw.FPDFPathSegment_GetPoint(segment, by_x, by_y)
                    px, py = x.value, y.value
                    points.append(_to_shown(px * m[0] + py * m[2] + m[4], px * m[1] + py * m[3] + m[5], frame, rotation))
                    if raw.FPDFPathSegment_GetClose(segment) and points[0] != points[-1]:
                        points.append(points[0])
                if not curved:
                    emit(points, stroked, filled, obj)
            elif kind == raw.FPDF_PAGEOBJ_FORM:
                m = own_matrix(obj, outer)
                count = raw.FPDFFormObj_CountObjects(obj)
                walk((raw.FPDFFormObj_GetObject(obj, k) for k in range(count)), m)
            elif kind == raw.FPDF_PAGEOBJ_IMAGE:
                m = own_matrix(obj, outer)
                corners = [_to_shown(m[0] * u + m[2] * v + m[4], m[1] * u + m[3] * v + m[5], frame, rotation)
                           for u, v in ((0, 0), (1, 0), (0, 1), (1, 1))]
                pictures.append((min(c[0] for c in corners), min(c[1] for c in corners),
                                 max(c[0] for c in corners), max(c[1] for c in corners)))

    walk((raw.FPDFPage_GetObject(page, i) for i in range(raw.FPDFPage_CountObjects(page))), None)


def _finish(facts: PageFacts, turn: int, chars: list[_ShownChar], segments: list[tuple[float, float, float, float]],
            pictures: list[Box]) -> None:
    """Put characters and lines into reading space and sort the lines into horizontal and vertical ones."""
    # Text running at `turn` degrees clockwise is read after turning the page the other way.
    facts.turn = (360 - turn) % 360
    width, height = facts.width, facts.height

    def to_reading(x: float, y: float) -> tuple[float, float]:
        if turn == 90:
            return y, width - x
        if turn == 180:
            return width - x, height - y
        if turn == 270:
            return height - y, x
        return x, y

    if turn == 0:
        facts.chars = [Char(t, b[0], b[1], b[2], b[3], by, size) for t, b, _, by, size in chars]
    else:
        for text, box, bx, by, size in chars:
            p, q = to_reading(box[0], box[1]), to_reading(box[2], box[3])
            base = to_reading(bx, by)[1]
            facts.chars.append(Char(text, min(p[0], q[0]), min(p[1], q[1]), max(p[0], q[0]), max(p[1], q[1]), base, size))
    for x0, y0, x1, y1 in segments:
        if turn:
            (x0, y0), (x1, y1) = to_reading(x0, y0), to_reading(x1, y1)
        if abs(y0 - y1) < 1.0 <= abs(x0 - x1):
            facts.horizontal.append(((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif abs(x0 - x1) < 1.0 <= abs(y0 - y1):
            facts.vertical.append(((x0 + x1) / 2, min(y0, y1), max(y0, y1)))
    area = sum(max(0.0, min(p[2], width) - max(p[0], 0)) * max(0.0, min(p[3], height) - max(p[1], 0)) for p in pictures)
    facts.picture = min(1.0, area / (width * height)) if width and height else 0.0
