"""The marked copy: highlights on the right spot of turned and cropped pages, the source untouched."""
from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest
from reportlab.pdfgen.canvas import Canvas

from core.errors import Unreadable
from core.exports.marked_pdf import NotPdf, copy_name, write_marked_pdf
from core.results import Evidence, Finding

SQUARE = (200.0, 300.0, 260.0, 330.0)
"""Where the black square lies, in user space: left, bottom, right, top."""


def square_pdf(path: Path, rotation: int = 0, crop: tuple[float, float, float, float] | None = None, pages: int = 1) -> Path:
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(595, 842))
    for _ in range(pages):
        canvas.rect(SQUARE[0], SQUARE[1], SQUARE[2] - SQUARE[0], SQUARE[3] - SQUARE[1], stroke=0, fill=1)
        canvas.showPage()
    canvas.save()
    with pikepdf.open(made) as pdf:
        for page in pdf.pages:
            page.Rotate = rotation
            if crop:
                page.CropBox = list(crop)
        pdf.save(path)
    return path


def black_box(path: Path) -> tuple[float, float, float, float]:
    """The square's rectangle on the page as shown, from the top left corner, by looking at the pixels."""
    pdf = pdfium.PdfDocument(path)
    image = pdf[0].render(scale=1, draw_annots=False).to_pil().convert("L").point(lambda v: 255 if v < 128 else 0)
    pdf.close()
    box = image.getbbox()
    assert box
    return tuple(map(float, box))


def finding(*evidence: Evidence, severity: str = "error") -> Finding:
    return Finding("X101", "cross_table", severity, "合计两表不一致", "表三合计与表五合计不一致", evidence, expected="1200.00", actual="1300.50")


def annotations(path: Path, page: int = 0) -> list[pikepdf.Object]:
    with pikepdf.open(path) as pdf:
        found = pdf.pages[page].get("/Annots", [])
        return [{key: (str(a[key]) if key in ("/Contents", "/T", "/Subtype") else [float(v) for v in a[key]])
                 for key in ("/Contents", "/T", "/Subtype", "/Rect") if key in a} for a in found]


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [None, (50, 100, 500, 700)])
def test_the_highlight_lies_on_the_place_as_shown(tmp_path: Path, rotation: int, crop: tuple[float, float, float, float] | None) -> None:
    source = square_pdf(tmp_path / "a.pdf", rotation, crop)
    target = tmp_path / "out.pdf"
    write_marked_pdf(source, target, [finding(Evidence(1, black_box(source), role="actual"))])
    (mark,) = annotations(target)
    assert mark["/Subtype"] == "/Highlight"
    assert mark["/Rect"] == pytest.approx(SQUARE, abs=1.0)


def test_the_highlight_is_seen_when_drawn(tmp_path: Path) -> None:
    source = square_pdf(tmp_path / "a.pdf", 90)
    write_marked_pdf(source, tmp_path / "out.pdf", [finding(Evidence(1, (10.0, 20.0, 60.0, 40.0)))])
    pdf = pdfium.PdfDocument(tmp_path / "out.pdf")
    shown = pdf[0].render(scale=1).to_pil().convert("RGB")
    pdf.close()
    red, green, blue = shown.getpixel((35, 30))
    assert red > 200 and blue < 200 and shown.getpixel((300, 5)) == (255, 255, 255), (red, green, blue)


def test_the_note_says_what_is_wrong_in_chinese(tmp_path: Path) -> None:
    write_marked_pdf(square_pdf(tmp_path / "a.pdf"), tmp_path / "out.pdf", [finding(Evidence(1, (10.0, 20.0, 60.0, 40.0)))])
    (mark,) = annotations(tmp_path / "out.pdf")
    assert mark["/T"] == "勾稽" and "表三合计与表五合计不一致" in mark["/Contents"] and "应为 1200.00，实为 1300.50" in mark["/Contents"]


def test_nothing_gets_lost_that_has_no_rectangle(tmp_path: Path) -> None:
    source = square_pdf(tmp_path / "a.pdf", pages=2)
    write_marked_pdf(source, tmp_path / "out.pdf", [finding(), finding(Evidence(2, None)), finding(Evidence(99, (0.0, 0.0, 1.0, 1.0)))])
    assert [[m["/Subtype"] for m in annotations(tmp_path / "out.pdf", page)] for page in (0, 1)] == [["/Text", "/Text"], ["/Text"]]


def test_the_source_is_never_written(tmp_path: Path) -> None:
    source = square_pdf(tmp_path / "a.pdf")
    before = hashlib.sha256(source.read_bytes()).digest()
    write_marked_pdf(source, tmp_path / "out.pdf", [finding(Evidence(1, (10.0, 20.0, 60.0, 40.0)))])
    assert hashlib.sha256(source.read_bytes()).digest() == before
    with pytest.raises(ValueError, match="source"):
        write_marked_pdf(source, tmp_path / "x" / ".." / "a.pdf", [])
    assert hashlib.sha256(source.read_bytes()).digest() == before


def test_a_copy_never_takes_the_name_of_an_input_or_another_copy(tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    assert copy_name(tmp_path / "out", source, [source]) == tmp_path / "out" / "a.pdf"
    assert copy_name(tmp_path, source, [source]).name == "a-标注.pdf"
    assert copy_name(tmp_path, source, [source, tmp_path / "a-标注.pdf"]).name == "a-标注 (2).pdf"


def test_what_is_no_pdf_or_locked_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.docx").touch()
    with pytest.raises(NotPdf):
        write_marked_pdf(tmp_path / "a.docx", tmp_path / "out.pdf", [])
    with pikepdf.open(square_pdf(tmp_path / "a.pdf")) as pdf:
        pdf.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(user="x", owner="y"))
    with pytest.raises(Unreadable):
        write_marked_pdf(tmp_path / "locked.pdf", tmp_path / "out.pdf", [])
    assert not (tmp_path / "out.pdf").exists()
