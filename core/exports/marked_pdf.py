"""A copy of a PDF in which each finding is a highlight annotation. The source is only read."""
from __future__ import annotations

import ctypes
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from core.errors import Unreadable
from core.exports.files import replacing
from core.exports.summary import SEVERITIES
from core.model import Box
from core.results import ERROR, INFO, WARNING, Finding

AUTHOR = "勾稽"
_COLOURS = {ERROR: (255, 138, 128), WARNING: (255, 213, 79), INFO: (176, 190, 197)}
_RELATED = (144, 202, 249)
_NOTE = 18.0


class NotPdf(Exception):
    """The input has no pages to mark. The text is a Chinese sentence."""


@dataclass(frozen=True)
class _Frame:
    """How a page is shown: its visible box in user space, and /Rotate."""

    left: float
    bottom: float
    right: float
    top: float
    rotation: int

    def to_page(self, x: float, y: float) -> tuple[float, float]:
        """A point of the page as shown, from its top left corner, in the page's own coordinates (from below, unturned)."""
        if self.rotation == 90:
            return self.left + y, self.bottom + x
        if self.rotation == 180:
            return self.right - x, self.bottom + y
        if self.rotation == 270:
            return self.right - y, self.top - x
        return self.left + x, self.top - y

    def box(self, shown: Box) -> tuple[float, float, float, float]:
        """left, bottom, right, top of a shown rectangle in the page's own coordinates."""
        (x0, y0), (x1, y1) = self.to_page(shown[0], shown[1]), self.to_page(shown[2], shown[3])
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def copy_name(folder: Path, source: Path, taken: Iterable[Path]) -> Path:
    """Where the copy goes: the same name in `folder`, another where that is an input or another copy."""
    occupied = {p.resolve() for p in taken}
    target = folder / source.name
    if target.resolve() in occupied:
        target = folder / f"{source.stem}-标注{source.suffix}"
    number = 2
    while target.resolve() in occupied:
        target = folder / f"{source.stem}-标注 ({number}){source.suffix}"
        number += 1
    return target


def write_marked_pdf(source: Path, target: Path, findings: Sequence[Finding]) -> None:
    """Write the marked copy. Raises NotPdf, Unreadable, or TargetBusy; never touches `source`."""
    if source.suffix.lower() != ".pdf" or not source.is_file():
        raise NotPdf("只有 PDF 文件能写批注副本。")
    if target.resolve() == source.resolve():
        raise ValueError("the marked copy must not replace its source")
    try:
        pdf = pdfium.PdfDocument(source.read_bytes())
    except pdfium.PdfiumError as error:
        raise Unreadable(f"无法打开 {source.name} 写批注：文件已加密或损坏。") from error
    try:
        for number, marks in sorted(_by_page(findings, len(pdf)).items()):
            _mark_page(pdf[number - 1], marks)
        with replacing(target) as draft:
            pdf.save(draft)
    except pdfium.PdfiumError as error:
        raise Unreadable(f"无法写出 {source.name} 的批注副本：文件已损坏。") from error
    finally:
        pdf.close()


_Mark = tuple[Finding, Box | None, bool]
"""A finding on a page, its rectangle (None: the page as a whole), and whether it is what is wrong or what it was compared with."""


def _by_page(findings: Sequence[Finding], pages: int) -> dict[int, list[_Mark]]:
    """What to mark on each page. A finding without any place on a page is noted on the first: nothing gets lost in the copy."""
    found: dict[int, list[_Mark]] = {}
    for finding in findings:
        places = [e for e in finding.evidence if isinstance(e.page, int) and 1 <= e.page <= pages]
        for evidence in places:
            page = evidence.page
            assert isinstance(page, int)
            mark = (finding, evidence.box, evidence.role in ("actual", "place"))
            if mark not in (marks := found.setdefault(page, [])):
                marks.append(mark)
        if not places:
            found.setdefault(1, []).append((finding, None, True))
    return found


def _mark_page(page: Any, marks: Sequence[_Mark]) -> None:
    frame = _frame(page)
    notes = 0
    for finding, box, wrong in marks:
        colour = _COLOURS.get(finding.severity, _COLOURS[INFO]) if wrong else _RELATED
        if box is None:
            if wrong:
                notes += 1
                _note(page, frame, notes, colour, _text(finding, wrong))
        else:
            _highlight(page, frame.box(box), colour, _text(finding, wrong))


def _frame(page: Any) -> _Frame:
    """pdfium shows the crop box where it lies in the media box."""
    media, crop = page.get_mediabox(), page.get_cropbox()
    left, bottom = max(media[0], crop[0]), max(media[1], crop[1])
    right, top = min(media[2], crop[2]), min(media[3], crop[3])
    if right <= left or top <= bottom:
        left, bottom, right, top = media
    return _Frame(left, bottom, right, top, page.get_rotation())


def _text(finding: Finding, wrong: bool) -> str:
    """What the reader of the copy sees on clicking: the finding in full."""
    severity = SEVERITIES.get(finding.severity, finding.severity)
    lines = [f"{severity} {finding.rule} {finding.title}" if wrong else f"{finding.rule} 的对照数", finding.message]
    if finding.expected or finding.actual:
        lines.append("，".join(part for part in (f"应为 {finding.expected}" if finding.expected else "",
                                               f"实为 {finding.actual}" if finding.actual else "",
                                               f"差额 {finding.difference}" if finding.difference else "") if part))
    lines += [f"建议：{finding.suggestion}"] if finding.suggestion else []
    lines += [f"依据：{finding.basis}"] if finding.basis else []
    return "\n".join(line for line in lines if line)


def _highlight(page: Any, box: tuple[float, float, float, float], colour: tuple[int, int, int], text: str) -> None:
    left, bottom, right, top = box
    annotation = raw.FPDFPage_CreateAnnot(page.raw, raw.FPDF_ANNOT_HIGHLIGHT)
    try:
        quad = raw.FS_QUADPOINTSF(left, top, right, top, left, bottom, right, bottom)
        raw.FPDFAnnot_AppendAttachmentPoints(annotation, quad)
        _finish(annotation, box, colour, text)
    finally:
        raw.FPDFPage_CloseAnnot(annotation)


def _note(page: Any, frame: _Frame, number: int, colour: tuple[int, int, int], text: str) -> None:
    """A sticky note in the page's upper left corner, several side by side."""
    shown = (4 + (number - 1) * (_NOTE + 2), 4.0, 4 + (number - 1) * (_NOTE + 2) + _NOTE, 4 + _NOTE)
    annotation = raw.FPDFPage_CreateAnnot(page.raw, raw.FPDF_ANNOT_TEXT)
    try:
        _finish(annotation, frame.box(shown), colour, text)
    finally:
        raw.FPDFPage_CloseAnnot(annotation)


def _finish(annotation: Any, box: tuple[float, float, float, float], colour: tuple[int, int, int], text: str) -> None:
    left, bottom, right, top = box
    raw.FPDFAnnot_SetRect(annotation, raw.FS_RECTF(left, top, right, bottom))
    raw.FPDFAnnot_SetColor(annotation, raw.FPDFANNOT_COLORTYPE_Color, *colour, 255)
    raw.FPDFAnnot_SetFlags(annotation, raw.FPDF_ANNOT_FLAG_PRINT)
    _set(annotation, b"Contents", text)
    _set(annotation, b"T", AUTHOR)


def _set(annotation: Any, key: bytes, text: str) -> None:
    encoded = (text + "\0").encode("utf-16-le", "replace")
    units = (ctypes.c_ushort * (len(encoded) // 2)).from_buffer_copy(encoded)
    raw.FPDFAnnot_SetStringValue(annotation, key, units)
