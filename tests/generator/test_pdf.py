"""Rendering: pages are where the truth says, in every look; the same paper gives the same file."""
from __future__ import annotations

import re
from pathlib import Path

import pypdfium2
import pytest

from tests.generator.compare import same
from tests.generator.make import Case, generate, paper_of, render
from tests.generator.pdf import wrap
from tests.generator.styles import STYLES


def texts(path: Path) -> list[str]:
    """The text of each page without blanks, as the page box shows it."""
    book = pypdfium2.PdfDocument(path)
    out = []
    for page in book:
        box = page.get_cropbox()
        out.append(same(page.get_textpage().get_text_bounded(*box)))
    book.close()
    return out


@pytest.mark.parametrize("style", list(STYLES))
def test_titles_rows_and_sections_are_on_the_pages_that_the_truth_names(style: str, tmp_path: Path) -> None:
    made = generate(Case("shanxi-budget", "hrss", 2, style=style, projects=3, carried=1, blocks=2), tmp_path)
    pages = texts(made.path)
    assert len(pages) == made.truth["pages"]
    for section in made.truth["sections"]:
        assert same(section["title"])[:12] in pages[section["page"] - 1], section
    for table in made.truth["tables"]:
        assert same(table["title"])[:10] in pages[table["title_page"] - 1]
        for row, page in zip(table["body"]["rows"], table["body"]["row_pages"], strict=True):
            figures = [same(t) for t in row if t and re.search(r"\d\.\s?\d", t)]
            if style not in ("wrapped", "fullwidth"):  # cells broken in mid-figure; radicals in names
                assert all(f in pages[page - 1] for f in figures), (table["id"], row, page)


def test_the_contents_name_the_printed_page_of_each_title(tmp_path: Path) -> None:
    made = generate(Case("shanxi-budget", "town", 3, style="awkward", fund=True), tmp_path)
    at = {s["id"]: s["page"] for s in made.truth["sections"]} | {t["id"]: t["title_page"] for t in made.truth["tables"]}
    assert len(made.truth["toc"]) > 30
    for line in made.truth["toc"]:
        assert int(line["printed_page"]) == at[line["target"]] - made.truth["front_pages"]


def test_the_same_paper_gives_the_same_bytes(tmp_path: Path) -> None:
    case = Case("shanghai-budget", "commerce", 4, 2025, style="turned")
    assert generate(case, tmp_path / "a").path.read_bytes() == generate(case, tmp_path / "b").path.read_bytes()


def test_text_outside_the_crop_box_is_in_the_file_but_not_on_the_page(tmp_path: Path) -> None:
    made = generate(Case("shanxi-budget", "hrss", 2, style="cropped", projects=2, carried=0, blocks=0), tmp_path)
    book = pypdfium2.PdfDocument(made.path)
    hidden = sum("内部底稿" in p.get_textpage().get_text_range() for p in book)
    book.close()
    assert hidden == made.truth["pages"]
    assert not any("内部底稿" in t for t in texts(made.path))


def test_turned_pages_are_turned_and_seen_upright(tmp_path: Path) -> None:
    made = generate(Case("shanxi-budget", "hrss", 2, style="turned", projects=2, carried=0, blocks=0), tmp_path)
    book = pypdfium2.PdfDocument(made.path)
    assert {p.get_rotation() for p in book} == {0, 90, 180, 270}
    assert all(w > h for w, h in (p.get_size() for p in book if p.get_rotation()))
    book.close()


def test_awkward_breaks_leave_the_last_row_alone_and_a_title_behind(tmp_path: Path) -> None:
    made = generate(Case("shanxi-budget", "hrss", 2, style="awkward", projects=4, blocks=0), tmp_path)
    tables = {t["id"]: t for t in made.truth["tables"]}
    pages = tables["表二"]["body"]["row_pages"]
    assert pages[-1] == pages[-2] + 1
    assert tables["表五"]["title_page"] == tables["表五"]["body"]["row_pages"][0] - 1


@pytest.mark.parametrize(("text", "room"), [("预算收入总计35,949.39万元，其中：本年收入。", 60.0), ("（一）机关运行经费", 25.0), ("2080505", 20.0)])
def test_wrapping_loses_nothing_and_starts_no_line_with_a_full_stop(text: str, room: float) -> None:
    lines = wrap(text, 10, room)
    assert "".join(lines) == text
    assert len(lines) > 1
    assert not any(line[0] in "，。：" for line in lines)


def test_every_template_renders_in_every_style(tmp_path: Path) -> None:
    for i, style in enumerate(STYLES):
        for template, theme in (("shanghai-budget", "commerce"), ("shanghai-accounts", "urban"), ("national-accounts", "medical")):
            if hash((i, template)) is not None and (i + len(template)) % 3 == 0:  # a third of the pairs: all templates, all styles
                paper = paper_of(Case(template, theme, i + 1, 2025, style=style))
                assert render(paper, STYLES[style], tmp_path, f"{template}-{style}").truth["pages"] > 12
