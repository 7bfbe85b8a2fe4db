"""The looks a disclosure can have in print; each has something that a reader has tripped over."""
from __future__ import annotations

from dataclasses import dataclass, field

from tests.generator.figures import Look


@dataclass(frozen=True)
class Style:
    """`rules`: grid (stroked lines), rects (thin filled rectangles), rows (horizontal lines only), none.

    `header`: repeated over pages or not. `rotate`: /Rotate for landscape tables, by turns. `crop`: points of hidden margin around the
    page. `alone`: the last row of these tables goes to the next page. `foot`: titles that stay behind at the foot of a page.
    `flow`: tables follow each other on a page. `narrow`: tables squeezed, so that cells wrap. `twice`: text drawn again over a page break,
    outside the page or clipped. `single`: each character its own text object. `spread`: words of names set apart by blanks.
    `radicals`: some glyphs mapped to Kangxi radicals. `swallow`: title and unit line inside the ruled grid. `pad`: room around the text of
    a cell, where not the usual.
    """

    name: str
    rules: str = "grid"
    header: bool = True
    wide: tuple[str, ...] = ("表二", "表九", "表十二", "表2", "表3", "表7")
    rotate: tuple[int, ...] = ()
    crop: float = 0.0
    alone: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()
    flow: bool = False
    narrow: float = 1.0
    twice: bool = False
    single: bool = False
    spread: bool = False
    radicals: bool = False
    swallow: tuple[str, ...] = ()
    charts: bool = True
    size: float = 1.0
    line: float = 0.5
    pad: float = 0.0
    look: Look = field(default_factory=Look)


STYLES = {s.name: s for s in (
    Style("ruled"),
    Style("rects", rules="rects", header=False, single=True),
    Style("rows", rules="rows", line=0.75),
    Style("bare", rules="none", header=False, charts=False),
    Style("turned", rotate=(90, 270, 180), wide=("表一", "表二", "表三", "表四", "表九", "表十二", "表1", "表2", "表3", "表4", "表7"), rules="rects"),
    Style("cropped", crop=28.0, header=False, rules="grid"),
    Style("awkward", alone=("表二", "表三", "表十二", "表2", "表3", "表8", "表5"), foot=("表五", "表十", "表5", "表8"), flow=True, header=False),
    Style("wrapped", narrow=0.62, rules="rects", look=Look(separators=True)),
    Style("figures", look=Look(separators=True, gap=" ", blank="—"), spread=True),
    Style("fullwidth", look=Look(full_width=True, blank="无"), rules="rows", radicals=True),
    Style("doubled", twice=True, crop=20.0, header=True, swallow=("表三", "表五", "表3", "表5")),
    Style("dense", size=0.8, flow=True, single=True, look=Look(separators=True)),
    Style("close", rules="none", charts=False, pad=1.5, look=Look(separators=True)),
)}
