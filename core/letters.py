"""Where each character of a printed word stands, and whether a box lies in another."""
from __future__ import annotations

from core.model import Box, Word


def letters(word: Word) -> list[tuple[str, Box]]:
    """Each character of a word with its share of the word's width (wide characters count twice)."""
    weights = [1.0 if ord(char) < 0x2E80 else 2.0 for char in word.text]
    total = sum(weights) or 1.0
    left, top, right, bottom = word.box
    out: list[tuple[str, Box]] = []
    x = left
    for char, weight in zip(word.text, weights, strict=True):
        width = (right - left) * weight / total
        out.append((char, (x, top, x + width, bottom)))
        x += width
    return out


def inside(inner: Box, outer: Box) -> bool:
    """Whether the middle of `inner` lies in `outer`."""
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]
