"""Pages read from their picture: which ones, where their words are, how sure they are."""
from __future__ import annotations

import io
import json
import os
import re
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from core.errors import Unreadable
from core.reading import ocr, ocr_cache
from core.reading.ocr import as_figure, as_page_number, characters, leaned, lines_in, ocr_page, separators_alike, settle, without_seals
from core.reading.pages import RawPage
from core.reading.pdf import Char, PageFacts
from core.reading.scan_grid import straighten
from core.reading.scans import garbled, needs_ocr
from tests.truth import SHARED

XS = [150, 450, 800, 1200]
YS = [300, 370, 440, 510]
FIGURES = [["2010101", "5884.31", "12.50"], ["2080505", "0", "1,234.00"], ["2210201", "72.26", ""]]


def picture(angle: float = 0.0, turn: int = 0, dots: bool = False) -> Image.Image:
    """A scan with a ruled table of figures and a line of text above it."""
    page = Image.new("L", (1654, 2339), 245)
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(34)
    draw.text((500, 180), "TABLE 2024 TOTAL", 20, ImageFont.load_default(48))
    for x in XS:
        draw.line((x, YS[0], x, YS[-1]), 60, 3)
    for y in YS:
        draw.line((XS[0], y, XS[-1], y), 60, 3)
    for i, row in enumerate(FIGURES):
        for j, text in enumerate(row):
            draw.text((XS[j + 1] - 20 - draw.textlength(text, font), YS[i] + 16), text, 30, font)
    if dots:
        for x, y in ((300, 700), (1100, 490), (900, 1500)):
            draw.ellipse((x, y, x + 3, y + 3), 0)
    leaning = straighten(np.asarray(page), -angle)
    return Image.fromarray(np.ascontiguousarray(np.rot90(leaning, turn // 90)))


def pdf(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PDF", resolution=200)
    return out.getvalue()


def texts(page: RawPage) -> list[list[str | None]]:
    return [[c.text if c else None for c in row] for row in page.grids[0].rows]


def facts(text: str = "", picture_share: float = 1.0, hidden: int = 0) -> PageFacts:
    made = PageFacts(1, 595.0, 842.0, picture=picture_share, hidden=hidden)
    made.chars = [Char(c, 10.0 * i, 100.0, 10.0 * i + 9, 110.0, 109.0, 10.0) for i, c in enumerate(text)]
    return made


# ------------------------------------------------------------------ which pages

def test_a_page_picture_without_text_needs_recognition() -> None:
    assert needs_ocr(facts()) and needs_ocr(facts("—12—"))
    assert not needs_ocr(facts("", 0.2))


def test_a_hidden_text_layer_is_not_trusted() -> None:
    assert needs_ocr(facts("第12页", hidden=800))


def test_text_with_a_chart_does_not_need_recognition() -> None:
    assert not needs_ocr(facts("本部门预算收支数据变动情况及原因说明如下" * 5, 0.6))


def test_a_broken_font_map_needs_recognition() -> None:
    assert needs_ocr(facts("\ue012\ue034\ue056\x80\x81" * 10, 0.0))
    assert garbled("厶乂亍亓仂仃仉仝仟仡佧伽佤佻侉佾侔侪佼侬侩俦")
    assert not garbled("2024年财政拨款安排“三公”经费支出预算表（不含上年结转） 5,884.31 ≥98% ①")
    assert not garbled("⼀般公共预算⽀出") and not garbled("第12页共30页ABC")


# ------------------------------------------------------------------ a page

@pytest.mark.parametrize("angle", [0.0, 0.8, -1.5])
def test_a_table_is_read_cell_by_cell_with_confidence(angle: float) -> None:
    page = ocr_page(pdf(picture(angle, dots=True)), 1, threads=1)
    assert page.kind == "scan" and texts(page) == FIGURES
    filled = [c for row in page.grids[0].rows for c in row if c and c.text]
    assert all(c.confidence is not None and 0.5 < c.confidence <= 1 and c.ocr for c in filled)
    assert page.grids[0].rows[2][2].confidence is None  # type: ignore[union-attr]
    assert [re.sub(r"\s", "", line.text) for line in page.lines] == ["TABLE2024TOTAL"] and all(line.ocr for line in page.lines)


@pytest.mark.parametrize("angle", [0.0, 1.5])
def test_boxes_lie_where_the_page_shows_the_text(angle: float) -> None:
    page = ocr_page(pdf(picture(angle)), 1, threads=1)
    word = next(w for w in page.words if w.text == "5884.31")
    cell = page.grids[0].rows[0][1]
    shown = leaned((XS[1] * .36, YS[0] * .36, XS[2] * .36, YS[1] * .36), angle, page.width, page.height)
    assert cell and cell.place and cell.place.box == pytest.approx(shown, abs=1.5)
    assert shown[0] < word.box[0] and word.box[2] < shown[2] and shown[1] - 1 < word.box[1] and word.box[3] < shown[3] + 1
    assert word.confidence and word.confidence > 0.9


@pytest.mark.slow
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_on_its_side_is_read_upright(turn: int) -> None:
    page = ocr_page(pdf(picture(0.5, turn)), 1, threads=1)
    assert texts(page) == FIGURES
    cell = page.grids[0].rows[0][0]
    assert cell and cell.place and cell.place.box
    left, top, right, bottom = cell.place.box
    tall = bottom - top > right - left
    assert tall is (turn in (90, 270)) and 0 <= left < right <= page.width and 0 <= top < bottom <= page.height


def test_a_blank_page_has_nothing_on_it() -> None:
    page = ocr_page(pdf(Image.new("L", (800, 1100), 250)), 1, threads=1)
    assert page.kind == "scan" and not page.blocks and not page.words


def test_a_page_that_is_not_there_is_told() -> None:
    with pytest.raises(Unreadable, match="第 5 页"):
        ocr_page(pdf(Image.new("L", (80, 110), 250)), 5)


def test_a_round_red_seal_is_taken_off_and_red_headings_stay() -> None:
    page = Image.new("RGB", (1600, 1200), "white")
    draw = ImageDraw.Draw(page)
    draw.ellipse((900, 600, 1250, 950), outline=(220, 30, 30), width=14)
    draw.text((1000, 760), "12.50", (20, 20, 20), ImageFont.load_default(40))
    draw.text((200, 100), "RED HEADING", (220, 30, 30), ImageFont.load_default(90))
    gray = without_seals(np.asarray(page), 200)
    assert gray[600:615, 1060:1090].min() > 200
    assert gray[760:800, 1000:1100].min() < 60
    assert gray[100:200, 200:700].min() < 150


def test_a_picture_is_read_once_and_a_damaged_memory_is_read_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = pdf(picture())
    first = ocr_page(data, 1, threads=1, cache=tmp_path)
    read = ocr.recognise
    calls: list[int] = []
    monkeypatch.setattr(ocr, "recognise", lambda *a: calls.append(1) or read(*a))
    assert ocr_page(data, 1, threads=1, cache=tmp_path) == first and not calls
    (kept,) = tmp_path.glob("*/*.json.gz")
    kept.write_bytes(b"damaged")
    assert ocr_page(data, 1, threads=1, cache=tmp_path) == first and len(calls) == 1
    assert ocr_page(data, 1, threads=1, cache=tmp_path) == first and len(calls) == 1


def test_the_memory_does_not_grow_without_end(tmp_path: Path) -> None:
    for i in range(5):
        ocr_cache.save(tmp_path, f"{i:064d}", {"n": i})
        os.utime(next(tmp_path.glob(f"*/{i:064d}.json.gz")), (i, i))
    size = sum(p.stat().st_size for p in tmp_path.glob("*/*"))
    ocr_cache.prune(tmp_path, size // 2)
    assert ocr_cache.load(tmp_path, f"{0:064d}") is None and ocr_cache.load(tmp_path, f"{4:064d}") == {"n": 4}


# ------------------------------------------------------------------ lines and figures

def test_lines_in_a_cell_are_parted_and_specks_left_out() -> None:
    ink = np.zeros((120, 400), np.uint8)
    ink[10:32, 20:200] = 255
    ink[45:67, 20:90] = 255
    ink[100:103, 300:303] = 255
    assert lines_in(ink, (0, 0, 400, 120), 200 / 72) == [(20, 10, 200, 32), (20, 45, 90, 67)]


def test_a_colon_at_the_end_belongs_to_its_line() -> None:
    ink = np.zeros((60, 400), np.uint8)
    ink[10:34, 20:200] = 255
    ink[18:21, 206:209] = ink[29:32, 206:209] = 255
    assert lines_in(ink, (0, 0, 400, 60), 200 / 72) == [(20, 10, 209, 34)]


@pytest.mark.parametrize(("text", "figure"), [("5884.3l", "5884.31"), ("1O.50", "10.50"), ("1，234.00", "1,234.00"), ("12。50", "12.50"),
                                              ("58 84.31", "5884.31"), ("Oil", "Oil"), ("2080505", "2080505"), ("合计", "合计")])
def test_letters_that_look_like_digits(text: str, figure: str) -> None:
    assert as_figure(text, 0.99)[0] == figure


def test_guessed_digits_cost_confidence() -> None:
    assert as_figure("5884.3l", 0.99)[1] == 0.8 and as_figure("5884.31", 0.99)[1] == 0.99


def test_readings_that_differ_stay_doubtful() -> None:
    assert settle([("8.5", 0.8), ("8.5", 0.95), ("8.5", 0.9)]) == ("8.5", 0.95)
    text, sure = settle([("6.5", 0.8), ("8.5", 0.95), ("8.5", 0.9)])
    assert text == "8.5" and sure <= 0.6


def test_a_blurred_comma_is_put_right_where_the_page_groups_thousands() -> None:
    money = [("3,748,100", 0.99), ("82,000", 0.99), ("1,000", 0.99)]
    assert separators_alike([*money, ("100.000", 0.93)])[-1] == ("100,000", 0.8)
    assert separators_alike([("1.250", 0.95), ("3.125", 0.95), ("1,000", 0.9)])[0] == ("1.250", 0.95)


@pytest.mark.parametrize(("text", "number"), [("2一", "2—"), ("一12一", "—12—"), ("一、概况", "一、概况"), ("一", "一"), ("第3页", "第3页")])
def test_dashes_around_a_page_number_are_no_ones(text: str, number: str) -> None:
    assert as_page_number(text) == number


def test_characters_share_the_line() -> None:
    chars = characters("合计12", (100.0, 50.0, 160.0, 60.0))
    assert [c.text for c in chars] == list("合计12") and chars[0].x0 == 100 and chars[-1].x1 == pytest.approx(160)
    assert chars[0].x1 - chars[0].x0 > 1.8 * (chars[2].x1 - chars[2].x0)


# ------------------------------------------------------------------ real scans

def _same(text: str | None) -> str:
    plain = "".join(unicodedata.normalize("NFKC", text or "").split())
    return re.sub(r"(?<=\d),(?=\d{3})", "", plain)


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize(("page", "table"), [(11, "表六"), (24, "绩效3")])
def test_every_cell_of_a_scanned_sample(page: int, table: str) -> None:
    path = SHARED / "samples" / "xiaoyi-medical-2024-fullscan.pdf"
    if not path.exists():
        pytest.skip("needs ../shared")
    truth: dict[str, Any] = json.loads(path.with_suffix("").with_suffix(".truth.json").read_text("utf-8"))
    wanted = next(t for t in truth["tables"] if t["id"] == table)
    rows = wanted["header"]["rows"] + wanted["body"]["rows"]
    (grid,) = ocr.ocr_page(path, page).grids
    read = [[_same(c.text) if c else None for c in row] for row in grid.rows]
    wrong = [(i, j, _same(text), read[i][j]) for i, row in enumerate(rows) for j, text in enumerate(row)
             if text is not None and read[i][j] != _same(text)]
    assert len(grid.rows) == len(rows) and not wrong
