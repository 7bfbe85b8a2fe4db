"""Straightening a scanned page and finding its ruling lines from the pixels.

Works on grey pictures (numpy arrays, 0 black) and gives the lines in points, snapped to one lattice a table, so that noise, broken
strokes and what is left of the skew do not reach the reader of grids.
"""
from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Gray = np.ndarray[Any, np.dtype[Any]]
Line = tuple[float, float, float]
"""Position, start, end: (y, x0, x1) of a row line, (x, y0, y1) of a column line; in points."""

MAX_SKEW = 5.0
_SHORTEST = 16.0
"""Strokes of characters are shorter than this (points); ruling lines are longer or touch others."""


@dataclass(frozen=True)
class Rules:
    """The ruling lines of a page, in points of the straightened page."""

    horizontal: tuple[Line, ...]
    vertical: tuple[Line, ...]


def skew(gray: Gray) -> float:
    """By how many degrees the page leans (clockwise positive): from its long lines, else from its lines of text."""
    import cv2

    ink = _ink(gray, 12)
    # Strokes are collected in short pieces, so that a leaning line of two pixels still hangs together.
    piece = max(9, gray.shape[1] // 110)
    long = cv2.morphologyEx(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, 3), np.uint8)), cv2.MORPH_OPEN, np.ones((1, piece), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(long, connectivity=8)
    slopes: list[tuple[float, float]] = []
    for k in range(1, count):
        left, top, width, height, area = (int(v) for v in stats[k])
        if width < gray.shape[1] // 9 or height > width * math.tan(math.radians(MAX_SKEW)) + 12 or area > 12 * width:
            continue
        y, x = np.nonzero(labels[top:top + height, left:left + width] == k)
        slopes.append((math.degrees(math.atan(float(np.polyfit(x, y, 1)[0]))), float(width)))
    if sum(w for _, w in slopes) >= gray.shape[1] // 2:
        slopes.sort()
        half, total = sum(w for _, w in slopes) / 2, 0.0
        for angle, weight in slopes:
            total += weight
            if total >= half:
                return angle
    return _text_skew(cv2.resize(ink, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))


def _text_skew(ink: Gray) -> float:
    """The lean at which rows of ink stand out most."""
    import cv2

    scale = min(1.0, 700 / max(ink.shape))
    small = cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.float32)
    if small.sum() < 255 * 50:
        return 0.0
    height, width = small.shape

    def sharpness(angle: float) -> float:
        turned = cv2.warpAffine(small, cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1), (width, height))
        rows = turned.sum(axis=1)
        return float(((rows[1:] - rows[:-1]) ** 2).sum())

    best = max((a / 2 for a in range(-6, 7)), key=sharpness)
    best = max((best + a / 10 for a in range(-5, 6)), key=sharpness)
    return best if sharpness(best) > 1.02 * sharpness(0.0) else 0.0


def straighten(picture: Gray, angle: float) -> Gray:
    """The picture turned back by `angle` about its middle; works for grey and colour."""
    import cv2

    if abs(angle) < 0.02:
        return picture
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    fill = (255, 255, 255) if picture.ndim == 3 else (255,)
    turned: Gray = cv2.warpAffine(picture, matrix, (width, height), borderValue=fill, flags=cv2.INTER_CUBIC)
    return turned


def _ink(gray: Gray, offset: int) -> Gray:
    import cv2

    ink: Gray = cv2.adaptiveThreshold(gray, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, offset)
    return ink


def rules_and_ink(gray: Gray, dpi: float) -> tuple[Rules, Gray]:
    """The ruling lines of a straightened page, and a mask of what else is printed on it."""
    import cv2

    across, down = _strokes(gray, dpi)
    ink = _ink(gray, 12)
    ink[cv2.dilate(cv2.bitwise_or(across, down), np.ones((3, 3), np.uint8)) > 0] = 0
    unit = 72 / dpi
    horizontal: list[Line] = []
    vertical: list[Line] = []
    tables, loose = _regions(across, down, dpi)
    for left, top, right, bottom in tables:
        h, v = _lattice(across[top:bottom, left:right], down[top:bottom, left:right], dpi)
        horizontal += [((y + top) * unit, (a + left) * unit, (b + left) * unit) for y, a, b in h]
        vertical += [((x + left) * unit, (a + top) * unit, (b + top) * unit) for x, a, b in v]
    horizontal += [(y * unit, a * unit, b * unit) for y, a, b in loose]
    width = max(2, round(dpi * 0.012))
    for y, a, b in horizontal:
        # What is left of a worn line would be read as dashes.
        cv2.line(ink, (round(a / unit), round(y / unit)), (round(b / unit), round(y / unit)), 0, width)
    for x, a, b in vertical:
        cv2.line(ink, (round(x / unit), round(a / unit)), (round(x / unit), round(b / unit)), 0, width)
    return Rules(tuple(sorted(horizontal)), tuple(sorted(vertical))), ink


def _strokes(gray: Gray, dpi: float) -> tuple[Gray, Gray]:
    """Masks of long horizontal and long vertical strokes; small gaps along a stroke closed, thick blots left out.

    Where lines are worn, wider gaps are closed as well, in strokes that are long and have clean paper on both sides; but the dotted
    leaders of a contents page, which has no firm lines, stay dots.
    """
    import cv2

    ink = _ink(gray, 9)
    length = int(dpi * _SHORTEST / 72)
    thick = max(4, int(dpi * 0.05))
    out = []
    for horizontal in (True, False):
        def long_runs(gap: int, length: int, horizontal: bool = horizontal) -> Gray:
            def bar(size: int) -> Gray:
                return np.ones((1, size) if horizontal else (size, 1), np.uint8)
            runs = cv2.morphologyEx(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, bar(gap)), cv2.MORPH_OPEN, bar(length))
            # What is as thick across as along is a picture or a blot, not a line.
            blots = cv2.morphologyEx(runs, cv2.MORPH_OPEN, np.ones((thick, 1) if horizontal else (1, thick), np.uint8))
            kept: Gray = cv2.morphologyEx(cv2.subtract(runs, blots), cv2.MORPH_OPEN, bar(length // 2))
            return kept

        firm = _with_paper(long_runs(max(3, int(dpi * 0.015)), length), ink, horizontal, dpi, sides=1)
        worn = _with_paper(long_runs(max(3, int(dpi * 0.05)), 4 * length), ink, horizontal, dpi, sides=2)
        new = cv2.subtract(worn, cv2.dilate(firm, np.ones((5, 5), np.uint8)))
        share = cv2.countNonZero(new) / max(cv2.countNonZero(firm), 1)
        out.append(cv2.bitwise_or(firm, worn) if 0.04 < share < 3 else firm)
    return out[0], out[1]


def _with_paper(strokes: Gray, ink: Gray, horizontal: bool, dpi: float, sides: int) -> Gray:
    """The strokes that have paper beside them, on one side or on both; one that runs through characters has ink on both.

    A long unbroken stroke is a line whatever touches it.
    """
    import cv2

    near, far = max(2, round(dpi * 0.015)), max(4, round(dpi * 0.03))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(strokes, connectivity=8)
    keep = np.zeros(count, np.uint8)
    if not horizontal:
        ink, labels = ink.T, labels.T
    for k in range(1, count):
        left, top, width, height = (int(v) for v in stats[k][:4])
        if not horizontal:
            left, top, width, height = top, left, height, width
        if sides == 1 and width >= 5 * _SHORTEST * dpi / 72:
            keep[k] = 255
            continue
        above = ink[max(top - far, 0):max(top - near + 1, 0), left:left + width]
        below = ink[top + height + near - 1:top + height + far, left:left + width]
        inked = sorted(float((side > 0).any(axis=0).mean()) if side.size else 0.0 for side in (above, below))
        keep[k] = 255 if inked[sides - 1] < 0.25 else 0
    kept: Gray = keep[labels]
    return kept if horizontal else np.ascontiguousarray(kept.T)


def _regions(across: Gray, down: Gray, dpi: float) -> tuple[list[tuple[int, int, int, int]], list[Line]]:
    """Boxes of ruled tables (left, top, right, bottom), and the long row lines that belong to none, in pixels."""
    import cv2

    reach = max(3, int(dpi * 0.03)) | 1
    joined = cv2.dilate(cv2.bitwise_or(across, down), np.ones((reach, reach), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    tables: list[tuple[int, int, int, int]] = []
    loose: list[Line] = []
    point = dpi / 72
    for k in range(1, count):
        left, top, width, height, _ = (int(v) for v in stats[k])
        box = (left, top, left + width, top + height)
        if width >= 60 * point and height >= 12 * point:
            own = labels[top:top + height, left:left + width] == k
            if int(((down[top:top + height, left:left + width] > 0) & own).any(axis=1).sum()) >= 10 * point:
                tables.append(box)
                continue
        if width >= 60 * point:
            loose += _loose_lines(across[top:box[3], left:box[2]], labels[top:box[3], left:box[2]] == k, left, top, dpi)
    kept = [t for t in tables if not any(o != t and o[0] <= t[0] and o[1] <= t[1] and o[2] >= t[2] and o[3] >= t[3] for o in tables)]
    return sorted(kept, key=lambda b: (b[1], b[0])), loose


def _loose_lines(mask: Gray, own: Any, left: int, top: int, dpi: float) -> list[Line]:
    import cv2

    count, _, stats, centres = cv2.connectedComponentsWithStats(((mask > 0) & own).astype(np.uint8), connectivity=8)
    return [(top + float(centres[k][1]), left + float(stats[k][0]), left + float(stats[k][0] + stats[k][2]))
            for k in range(1, count) if stats[k][2] >= 30 * dpi / 72]


def _lattice(across: Gray, down: Gray, dpi: float) -> tuple[list[Line], list[Line]]:
    """The lines of one table, snapped to its own rows and columns: each piece between two crossings is drawn or not."""
    ys = _positions(across, 0, dpi)
    xs = _positions(down, 1, dpi)
    if len(ys) < 2 or len(xs) < 2:
        return [(y, 0.0, float(across.shape[1])) for y in ys], []
    near = max(2, int(dpi * 0.02))
    horizontal: list[Line] = []
    vertical: list[Line] = []
    for i, y in enumerate(ys):
        band = across[max(0, round(y) - near):round(y) + near + 1].any(axis=0)
        for a, b in zip(xs, xs[1:], strict=False):
            if _covered(band, a, b) or i in (0, len(ys) - 1) and _covered(band, a, b, 0.3):
                horizontal.append((y, a, b))
    for j, x in enumerate(xs):
        band = down[:, max(0, round(x) - near):round(x) + near + 1].any(axis=1)
        for a, b in zip(ys, ys[1:], strict=False):
            if _covered(band, a, b) or j in (0, len(xs) - 1) and _covered(band, a, b, 0.3):
                vertical.append((x, a, b))
    return horizontal, vertical


def _covered(band: Any, start: float, end: float, share: float = 0.65) -> bool:
    a, b = round(start), max(round(end), round(start) + 1)
    return float(band[a:b].mean()) >= share if a < len(band) else False


def _positions(mask: Gray, axis: int, dpi: float) -> list[float]:
    """Where lines run: the middles of the strokes, those that nearly agree made one by their length."""
    import cv2

    count, _, stats, centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
    long = 2 if axis == 0 else 3
    strokes = sorted((float(centres[k][1 - axis]), int(stats[k][long])) for k in range(1, count) if stats[k][long] >= 8 * dpi / 72)
    near = dpi * 2.6 / 72
    groups: list[list[tuple[float, int]]] = []
    for place, length in strokes:
        if groups and place - _mean(groups[-1]) <= near:
            groups[-1].append((place, length))
        else:
            groups.append([(place, length)])
    return [_mean(g) for g in groups]


def _mean(group: Sequence[tuple[float, int]]) -> float:
    return sum(p * n for p, n in group) / sum(n for _, n in group)
