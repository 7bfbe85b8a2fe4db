"""Contents, headings, sections and paragraphs: everything of a disclosure that stands outside tables."""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from core.layouts import SectionLayout, Template
from core.model import Box, PageId, Paragraph, Place, Section, Span, TocEntry
from core.reading.pages import Block, RawGrid, RawLine, RawPage, part_of
from core.text import fold

_LABEL = re.compile(r"[-·~]*(?:第)?(\d{1,4})(?:页)?(?:共\d+页)?[-·~]*")
_TABLE_HEAD = re.compile(r"表(?:\([^)]{1,20}\))?$|单位[:：]|20\d\d年度\)?$")
_CONTENTS = re.compile(r"目录|目次")
_NUMBERED = re.compile(r"第[一二三四五六七八九十]+部分|[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|\d{1,2}[.、]|表[一二三四五六七八九十]{1,3}|附件|附表|公开\d+表")
_LEADERS = re.compile(r"^(?P<title>.*?)(?P<dots>[.…·。_\s\u3000\t-]*)(?P<page>\d{1,4})?$")
_NO_HEAD = frozenset("，。、；：！？）》”’％%,.;:!?)")
"""Marks that may not stand at the head of a line."""
_ORDINALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十")
_ITEM = re.compile("([一二三四五六七八九十])、")
_RUNS_ON = re.compile(r"。.|是指|[:,]指|:.{10}")
"""What makes a line running text: it goes on behind a full stop or colon, or explains a term."""
_GENERIC = (
    (1, re.compile(r"第[一二三四五六七八九十]+部分.{0,50}")),
    (2, re.compile(r"[一二三四五六七八九十]{1,3}、[^:,。;]{2,40}")),
    (3, re.compile(r"\([一二三四五六七八九十]{1,3}\)[^:,。;]{2,40}")),
)


def span_of(line: RawLine) -> Span:
    """A line as a span with one place."""
    return Span(line.text, (Place(line.page, line.box),), line.ocr)


# ---------------------------------------------------------------- furniture

def page_label(page: RawPage) -> tuple[str, RawLine | None]:
    """The printed page number of a page and the line that holds it; ("", None) when there is none."""
    lines = [b for b in page.blocks if isinstance(b, RawLine) and b.box is not None]
    edge = [b for b in lines if b.box is not None and (b.box[1] > 0.86 * page.height or b.box[3] < 0.08 * page.height)]
    for line in sorted(edge, key=lambda b: -(b.box[1] if b.box else 0)):
        found = _LABEL.fullmatch(fold(line.text))
        if found and len(fold(line.text)) <= 12:
            return found.group(1), line
    return "", None


def running_lines(pages: Sequence[RawPage]) -> set[str]:
    """Texts of running heads and feet: the same words at the same height on most pages. Titles and unit lines of tables are none."""
    counts: Counter[tuple[str, int]] = Counter()
    for page in pages:
        for line in page.lines:
            if line.box is not None and (line.box[3] < 0.1 * page.height or line.box[1] > 0.9 * page.height):
                counts[fold(line.text), round(line.box[1] / 6)] += 1
    least = max(4, 0.4 * len(pages))
    return {text for (text, _), n in counts.items() if n >= least and text and not _TABLE_HEAD.search(text)}


# ---------------------------------------------------------------- contents

@dataclass
class Contents:
    """The contents found: its entries, and the lines and grids it used up."""

    entries: list[TocEntry] = field(default_factory=list)
    used: set[int] = field(default_factory=set)


def find_contents(stream: Sequence[Block]) -> Contents:
    """The contents list after a line 目录: to its end on the same page, and on following pages that go on in the same manner.

    Contents set in a box come as a one-column grid; its cells count as lines.
    """
    found = Contents()
    start = next((i for i, b in enumerate(stream) if isinstance(b, RawLine) and _CONTENTS.fullmatch(fold(b.text))), None)
    if start is None:
        return found
    found.used.add(id(stream[start]))
    first_title = ""
    leaders = False
    current: PageId = part_of(stream[start].page)
    for i in range(start + 1, len(stream)):
        block = stream[i]
        if part_of(block.page) != current:
            current = part_of(block.page)
            if not _goes_on([b for b in stream[i:] if part_of(b.page) == current], leaders, first_title, found.entries):
                break
        lines = [block] if isinstance(block, RawLine) else _grid_lines(block)
        if isinstance(block, RawGrid) and (len(block.rows[0]) > 3 or not lines):
            break
        stop = False
        for line in lines:
            text = line.text.strip().strip("\u3000")
            split = _LEADERS.match(text)
            title = split.group("title").strip() if split else text
            number = (split.group("page") or "") if split and (split.group("dots") or not split.group("title")[-1:].isdigit()) else ""
            dots = bool(split and re.search(r"[.…·。]{3,}|\t|\u3000", split.group("dots")))
            plain = fold(title)
            if not plain or _CONTENTS.fullmatch(plain):
                continue
            if first_title and plain == first_title:
                stop = True
                break
            numbered = bool(_NUMBERED.match(plain))
            if not numbered and found.entries and not found.entries[-1].printed_page and (number or dots or leaders is False and len(plain) < 8):
                last = found.entries[-1]
                found.entries[-1] = replace(last, title=last.title + title, printed_page=number,
                                            span=Span(last.span.text + line.text, (*last.span.places, Place(line.page, line.box)), line.ocr))
                continue
            if not numbered and not number and not dots and found.entries:
                stop = True
                break
            if leaders and found.entries and not dots and not number and len(plain) > 45:
                stop = True
                break
            leaders = leaders or dots or bool(number)
            first_title = first_title or plain
            found.entries.append(TocEntry(title, number, _entry_level(plain), span_of(line)))
        if stop:
            break
        found.used.add(id(block))
    return found


def _grid_lines(grid: RawGrid) -> list[RawLine]:
    out = []
    for row in grid.rows:
        texts = [c for c in row if c is not None and c.text]
        if texts:
            box = texts[0].place.box if texts[0].place else None
            text = "\t".join(c.text for c in texts)
            out.append(RawLine(grid.page, text, box, (None,) * len(text)))
    return out


def _goes_on(blocks: Sequence[Block], leaders: bool, first_title: str, entries: Sequence[TocEntry]) -> bool:
    lines = [b for b in blocks if isinstance(b, RawLine)]
    texts = [fold(b.text) for b in lines]
    texts = [t for t in texts if t and not _LABEL.fullmatch(t)]
    if not texts or any(isinstance(b, RawGrid) and len(b.rows[0]) > 3 for b in blocks):
        return False
    if texts[0] == first_title:
        return False
    like = sum(bool(_NUMBERED.match(t)) or bool(re.search(r"[.…·]{3,}\d*$", t)) for t in texts)
    ended = sum(bool(re.search(r"\d$", t)) for t in texts)
    if like < 0.6 * len(texts) or max(len(t) for t in texts) > 60 + 60 * leaders:
        return False
    known = {fold(e.title) for e in entries}
    if known & set(texts[:2]):
        return False  # the body begins with what the contents have listed, even where they left out its very first title
    return not (leaders and ended < 0.3 * len(texts)) and sum(t in known for t in texts) < max(1, 0.3 * len(texts))


def _entry_level(plain: str) -> int:
    if re.match(r"第[一二三四五六七八九十]+部分", plain):
        return 1
    return 3 if plain.startswith("(") else 2


# ---------------------------------------------------------------- sections

def match_heading(line: str, template: Template) -> SectionLayout | None:
    """The section of the template that this line is the heading of."""
    plain = fold(line)
    if len(plain) > 70 or _RUNS_ON.search(plain):
        return None
    return next((s for s in template.sections if s.pattern.fullmatch(plain)), None)


def heading_level(line: RawLine, template: Template) -> tuple[int, str]:
    """Level and role of a line that is a heading; (0, "") when it is none."""
    known = match_heading(line.text, template)
    plain = fold(line.text)
    if known is not None:
        printed = next((level for level, pattern in _GENERIC if pattern.fullmatch(plain)), known.level)
        return printed if template.switches.get("sections_by_custom") else known.level, known.role
    for level, pattern in _GENERIC:
        if pattern.fullmatch(plain) and not plain.endswith((".", "。", ";", ",", ":")):
            return level, ""
    return 0, ""


def build_sections(stream: Sequence[Block], used: set[int], template: Template) -> tuple[tuple[Section, ...], tuple[Paragraph, ...]]:
    """Sections with their paragraphs, and the paragraphs before the first of them (the cover).

    `used` holds the ids of blocks that belong to tables or contents.
    """
    margins = _margins(stream, used)
    sections: list[tuple[int, str, Span, str]] = []
    bodies: list[list[RawLine]] = [[]]
    skip: set[int] = set()
    ended = False
    for i, block in enumerate(stream):
        if isinstance(block, RawGrid) or id(block) in used:
            bodies[-1].append(_BREAK)
            continue
        if id(block) in skip:
            continue
        level, role = heading_level(block, template)
        span = span_of(block)
        title = block.text.strip()
        if not role:
            follower = next((b for b in stream[i + 1:i + 2] if isinstance(b, RawLine) and id(b) not in used), None)
            if follower is not None and part_of(follower.page) == part_of(block.page) and len(fold(follower.text)) <= 12:
                joined = match_heading(block.text + follower.text, template)
                if joined is not None and heading_level(follower, template)[0] == 0:
                    level, role = joined.level, joined.role
                    span = Span(title + follower.text, (*span.places, Place(follower.page, follower.box)), block.ocr)
                    title = (title + follower.text).strip()
                    skip.add(id(follower))
        if level > 1 and not role and ended and not _next_in_row(title, sections[-1][1]):
            level = 0  # numbered terms of a glossary are no sections
        if level:
            ended = role == "glossary"
            sections.append((level, title, span, role))
            bodies.append([])
        else:
            bodies[-1].append(block)
    counters = [0, 0, 0]
    made: list[Section] = []
    for (level, title, span, role), body in zip(sections, bodies[1:], strict=True):
        counters[level - 1] += 1
        counters[level:] = [0] * (3 - level)
        section_id = ".".join(str(n) for n in counters[:level])
        made.append(Section(section_id, title, level, span, tuple(_paragraphs(body, section_id, margins)), role))
    return tuple(made), tuple(_paragraphs(bodies[0], "0", margins))


def _next_in_row(title: str, before: str) -> bool:
    """Whether a title bears the number that follows the heading before it: 四、预算表 after 三、名词解释."""
    one, other = _ITEM.match(fold(before)), _ITEM.match(fold(title))
    return one is not None and other is not None and _ORDINALS.index(other.group(1)) == _ORDINALS.index(one.group(1)) + 1


_BREAK = RawLine("", "", None, ())


def _margins(stream: Sequence[Block], used: set[int]) -> dict[PageId, tuple[float, float]]:
    """Left and right edge of the running text of each page."""
    edges: dict[PageId, tuple[float, float]] = {}
    for block in stream:
        if isinstance(block, RawLine) and block.box is not None and id(block) not in used and len(block.text) > 12:
            left, right = edges.get(block.page, (1e9, 0.0))
            edges[block.page] = (min(left, block.box[0]), max(right, block.box[2]))
    return edges


def _paragraphs(lines: Sequence[RawLine], section: str, margins: dict[PageId, tuple[float, float]]) -> list[Paragraph]:
    out: list[Paragraph] = []
    text: list[str] = []
    chars: list[tuple[PageId, Box | None]] = []
    ocr = False
    last: RawLine | None = None

    def close() -> None:
        nonlocal text, chars, ocr
        if "".join(text).strip():
            out.append(Paragraph("".join(text), section, tuple(chars), ocr))
        text, chars, ocr = [], [], False

    for line in lines:
        if line is _BREAK:
            close()
            last = None
            continue
        if last is not None and _begins(line, last, margins):
            close()
        body = line.text
        boxes = line.chars
        start = len(body) - len(body.lstrip())
        text.append(body[start:])
        chars += [(line.page, b) for b in boxes[start:]]
        ocr |= line.ocr
        last = line
    close()
    return out


def _first_token(line: RawLine) -> float:
    """Width of what cannot be parted at the head of a line: a figure or Latin word, a character with the marks that may not begin a line.

    It goes over whole and leaves the line before it short.
    """
    width = line.size
    for place, (char, box) in enumerate(zip(line.text, line.chars, strict=False)):
        whole = char in _NO_HEAD or char.isascii() and not char.isspace() and line.text[0].isascii()
        if box is None or not (whole or not place):
            break
        width = max(width, box[2] - (line.box[0] if line.box else box[0]))
    return width


def _begins(line: RawLine, last: RawLine, margins: dict[PageId, tuple[float, float]]) -> bool:
    """Whether a line begins a new paragraph: it is indented, or the line before it stopped short of the right edge."""
    if line.indent or last.indent:
        return True
    if line.box is None or last.box is None:
        return True
    if abs(line.size - last.size) > 2.5:
        return True
    left, right = margins.get(line.page, (line.box[0], line.box[2]))
    last_right = margins.get(last.page, (last.box[0], last.box[2]))[1]
    if last.box[2] + _first_token(line) < last_right - 1.2 * last.size:
        return True
    if line.page == last.page and line.box[1] - last.box[3] > 2.2 * line.size:
        return True
    return line.box[0] - left > 1.2 * line.size
