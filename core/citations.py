"""Which figures of the narrative were checked against which cells, and the other way round."""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.letters import inside
from core.model import Box, Cell, Document, PageId, Paragraph, Section
from core.results import ERROR, FAIL, INFO, PASS, WARNING, Check, Evidence, Finding, Result

LONGEST, LONGEST_WRONG = 24, 60
"""Characters of a stretch that is marked as a figure, and as a wrong wording."""
AGREES, WRONG, UNVERIFIED = "agrees", "wrong", "unverified"
_FIGURE = re.compile(r"[-+−]?\d[\d,，]*(?:\.\d+)?\s*(?:万元|亿元|千元|元|%|％|个百分点)")
_YEAR = re.compile(r"(?:19|20)\d\d年?度?")
_END = re.compile(r"[。；！？]")


@dataclass(frozen=True)
class Citation:
    """A figure in a paragraph: `text[start:end]` of paragraph `paragraph` in section `section` (both counted from 0)."""

    section: int
    paragraph: int
    start: int
    end: int
    state: str
    checks: tuple[Check, ...] = ()
    finding: Finding | None = None

    @property
    def severity(self) -> str:
        """How grave it is that it fails; "" when it does not. A failure that no finding tells of is a hint."""
        if self.state != WRONG:
            return ""
        return self.finding.severity if self.finding is not None else INFO

    @property
    def cells(self) -> tuple[Evidence, ...]:
        """The cells it was checked against."""
        return tuple(dict.fromkeys(e for c in self.checks for e in c.evidence if e.cell is not None))


def citations(result: Result) -> tuple[Citation, ...]:
    """Every figure of the narrative: those that a relation looked at, and those that none did."""
    document = result.document
    found: dict[tuple[int, int, int, int], list[Check]] = {}
    where = _Letters(document)
    for check in result.checks:
        if check.status not in (PASS, FAIL):
            continue
        for evidence in check.evidence:
            if evidence.cell is None and evidence.page is not None:
                for key in where.under(evidence.page, evidence.box) if evidence.box else where.saying(evidence):
                    checks = found.setdefault(key, [])
                    if check not in checks:
                        checks.append(check)
    spoken = [(key, checks) for key, checks in found.items() if _is_figure(document, key, checks)]
    made = [Citation(*key, WRONG if any(c.status == FAIL for c in checks) else AGREES, tuple(checks), _finding(result, checks))
            for key, checks in _without_wider(spoken)]
    made += _unverified(document, made)
    return tuple(sorted(made, key=lambda c: (c.section, c.paragraph, c.start, c.end)))


Key = tuple[int, int, int, int]


def _is_figure(document: Document, key: Key, checks: list[Check]) -> bool:
    """Whether a stretch is to be marked: a figure with the words beside it, or a short wording that failed. Whole sentences are not."""
    text = document.sections[key[0]].paragraphs[key[1]].text[key[2]:key[3]]
    if _YEAR.fullmatch(text):
        return False
    if any(c.status == FAIL for c in checks):
        return len(text) <= LONGEST_WRONG
    return len(text) <= LONGEST and any(c.isdigit() for c in text)


def _without_wider(spoken: list[tuple[Key, list[Check]]]) -> Iterator[tuple[Key, list[Check]]]:
    """Stretches that do not overlap: a narrow one takes in the checks of the wider ones around it."""
    kept: list[tuple[Key, list[Check]]] = []
    for key, checks in sorted(spoken, key=lambda s: s[0][3] - s[0][2]):
        within = [k for k in kept if k[0][:2] == key[:2] and k[0][2] < key[3] and key[2] < k[0][3]]
        if not within:
            kept.append((key, list(checks)))
        for _, narrow in within:
            narrow += [c for c in checks if c not in narrow]
    yield from kept


def _finding(result: Result, checks: list[Check]) -> Finding | None:
    failed = {(c.rule, c.relation) for c in checks if c.status == FAIL}
    found = [f for f in result.findings if (f.rule, f.relation) in failed]
    return min(found, key=lambda f: (ERROR, WARNING, INFO).index(f.severity), default=None)


def _unverified(document: Document, known: list[Citation]) -> list[Citation]:
    taken: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for citation in known:
        taken.setdefault((citation.section, citation.paragraph), []).append((citation.start, citation.end))
    made: list[Citation] = []
    for s, section in enumerate(document.sections):
        for p, paragraph in enumerate(section.paragraphs):
            for hit in _FIGURE.finditer(paragraph.text):
                if not any(a < hit.end() and hit.start() < b for a, b in taken.get((s, p), ())):
                    made.append(Citation(s, p, hit.start(), hit.end(), UNVERIFIED))
    return made


class _Letters:
    """The characters of the narrative by page, to find those under a rectangle."""

    def __init__(self, document: Document) -> None:
        self._pages: dict[PageId, list[tuple[int, int, Box, Paragraph]]] = {}
        self._parts: dict[PageId, list[tuple[int, int, Paragraph]]] = {}
        for s, section in enumerate(document.sections):
            for p, paragraph in enumerate(section.paragraphs):
                if paragraph.page is not None:
                    self._parts.setdefault(paragraph.page, []).append((s, p, paragraph))
                for page in {page for page, box in paragraph.chars if box is not None}:
                    boxes = [box for where, box in paragraph.chars if where == page and box is not None]
                    around = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
                    self._pages.setdefault(page, []).append((s, p, around, paragraph))

    def under(self, page: PageId, box: Box) -> Iterator[Key]:
        """(section, paragraph, start, end) of each run of characters under the box."""
        for s, p, around, paragraph in self._pages.get(page, ()):
            if around[3] < box[1] or around[1] > box[3] or around[2] < box[0] or around[0] > box[2]:
                continue
            covered = [i for i, (where, letter) in enumerate(paragraph.chars) if where == page and letter is not None
                       and letter[3] > box[1] and letter[1] < box[3] and inside(letter, box)]
            if covered:
                start, end = covered[0], covered[-1] + 1
                text = paragraph.text[start:end]
                yield (s, p, start + len(text) - len(text.lstrip()), end - (len(text) - len(text.rstrip())))


    def saying(self, evidence: Evidence) -> Iterator[Key]:
        """Where a paragraph without boxes (Word, text) has the words of the evidence; of several places that after its subject, else none."""
        for s, p, paragraph in self._parts.get(evidence.page, ()) if evidence.page is not None else ():
            starts = [m.start() for m in re.finditer(re.escape(evidence.text), paragraph.text)] if evidence.text else []
            if len(starts) > 1:
                subject = paragraph.text.find(evidence.row) if evidence.row else -1
                starts = [at for at in starts if at >= subject][:1] if subject >= 0 else []
            for at in starts:
                yield (s, p, at, at + len(evidence.text))


def sentence_at(paragraph: Paragraph, position: int) -> tuple[int, int]:
    """The sentence around a position of a paragraph."""
    start, end = 0, len(paragraph.text)
    for stop in _END.finditer(paragraph.text):
        if stop.end() <= position:
            start = stop.end()
        else:
            end = stop.end()
            break
    return start, end


def citing(found: tuple[Citation, ...], table: str, cell: tuple[int, int] | Cell) -> tuple[Citation, ...]:
    """The figures of the narrative that were checked against a cell."""
    place = (cell.row, cell.column) if isinstance(cell, Cell) else cell
    return tuple(c for c in found if any(e.table == table and e.cell == place for e in c.cells))


def section_at(document: Document, page: PageId | None, box: Box | None) -> Section | None:
    """The section with text that a place on a page belongs to."""
    best: Section | None = None
    for section in document.sections:
        start = section.span.place
        if start is None or not isinstance(start.page, int) or not isinstance(page, int):
            continue
        top = box[1] if box else float("inf")
        if (start.page, start.box[1] if start.box else 0.0) <= (page, top + 1) and section.paragraphs:
            best = section
    return best
