"""A corrected table reads as the reviewer drew it; everything else stays as it was."""
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.corrections import (
    KEPT,
    LEAST,
    Correction,
    added,
    apply,
    from_json,
    guess_lines,
    kept,
    lines_of,
    moved,
    taken,
    to_json,
    with_correction,
)
from core.model import Word
from tests.builders import document, table

ROWS = [["", "合计", "1200.00", "1000.00", "200.00"], ["208", "社会保障和就业支出", "1000.00", "900.00", "100.00"],
        ["210", "卫生健康支出", "200.00", "100.00", "100.00"]]


def words_of(*tables):
    """The print of the tables: a word in the middle of each cell."""
    out = []
    for made in tables:
        for row in (*made.header, *made.rows):
            for cell in row:
                if cell is not None and cell.text:
                    left, top, right, bottom = cell.place.box
                    out.append(Word(cell.text, (left + 2, top + 2, right - 2, bottom - 2)))
    return tuple(out)


def printed(*tables, page=5):
    doc = document(tables)
    return replace(doc, pages=tuple(replace(p, words=words_of(*[t for t in tables if p.number in t.pages])) if p.number == page else p
                                    for p in doc.pages))


def texts(found):
    return [[c.text if c else None for c in row] for row in found.rows]


def test_lines_as_read_change_nothing():
    doc = printed(table("表三", ROWS))
    xs, ys = lines_of(doc.tables[0], 5)
    again = apply(doc, [Correction(5, "表三", xs, ys)]).tables[0]
    assert texts(again) == texts(doc.tables[0])
    assert [c.path for c in again.columns] == [c.path for c in doc.tables[0].columns]
    assert again.line("合计").cells["合计"].amount.value == Decimal("1200.00")


def test_no_corrections_give_the_same_document():
    doc = printed(table("表三", ROWS))
    assert apply(doc, []) is doc


def test_two_rows_read_as_one_are_split_by_a_line():
    doc = printed(table("表三", ROWS))
    good = doc.tables[0]
    xs, ys = lines_of(good, 5)
    joined = apply(doc, [Correction(5, "表三", xs, taken(ys, len(ys) - 2))])
    assert texts(joined.tables[0])[-1][0] == "208210"
    split = apply(joined, [Correction(5, "表三", xs, ys)])
    assert texts(split.tables[0]) == texts(good)


def test_a_moved_column_line_takes_the_words_with_it():
    doc = printed(table("表三", ROWS))
    xs, ys = lines_of(doc.tables[0], 5)
    wrong = apply(doc, [Correction(5, "表三", moved(xs, 3, xs[2] + LEAST), ys)]).tables[0]
    assert texts(wrong)[1][2:4] == ["", "1000.00 900.00"]


def test_merged_headings_stay_merged_over_a_new_column():
    doc = printed(table("表三", ROWS))
    xs, ys = lines_of(doc.tables[0], 5)
    made = apply(doc, [Correction(5, "表三", added(xs, (xs[3] + xs[4]) / 2), ys)]).tables[0]
    assert [c.column_span if c else None for c in made.header[0]] == [2, None, 4, None, None, None]


def test_a_word_over_a_new_line_is_cut_between_its_letters():
    doc = printed(table("表三", [["", "合计", "1200.00", "1000.00", ""]]))
    xs, ys = lines_of(doc.tables[0], 5)
    glued = [Word("12.0034.00", (xs[2] + 2, ys[-2] + 2, xs[2] + 58, ys[-1] - 2))]
    doc = replace(doc, pages=tuple(replace(p, words=tuple(glued)) if p.number == 5 else p for p in doc.pages))
    made = apply(doc, [Correction(5, "表三", added(xs, xs[2] + 30), ys)]).tables[0]
    assert texts(made)[0][2:4] == ["12.00", "34.00"]


def test_columns_corrected_on_one_page_hold_on_the_next():
    first, second = table("表三", ROWS[:2], page=5), table("表三", ROWS[2:], page=6)
    both = replace(first, pages=(5, 6), rows=(*first.rows, *second.rows), row_pages=(5, 5, 6))
    doc = document([both])
    print5 = list(words_of(first))
    print6 = list(words_of(replace(second, header=())))
    doc = replace(doc, pages=tuple(replace(p, words=tuple(print5 if p.number == 5 else print6 if p.number == 6 else ())) for p in doc.pages))
    xs, ys = lines_of(both, 5)
    made = apply(doc, [Correction(5, "表三", taken(xs, 1), ys)]).tables[0]
    assert [len(r) for r in (*made.header, *made.rows)] == [4] * 5
    assert texts(made)[-1][0] == "210卫生健康支出"
    assert made.row_pages == (5, 5, 6)


def test_naming_a_table_gives_it_the_columns_of_the_template():
    unknown = replace(table("表三", ROWS), id="未识别1", role="", kind="unknown", columns=(), lines=())
    doc = printed(unknown)
    xs, ys = lines_of(unknown, 5)
    made = apply(doc, [Correction(5, "未识别1", xs, ys, name="表三")])
    assert made.table("expenditure").line("合计").cells["基本支出"].amount.value == Decimal("1000.00")


def test_a_table_that_was_not_found_can_be_drawn():
    doc = printed(table("表三", ROWS))
    xs, ys = lines_of(doc.tables[0], 5)
    bare = replace(doc, tables=())
    made = apply(bare, [Correction(5, "", xs, ys, name="表三", header=2)]).tables
    assert [t.id for t in made] == ["表三"] and made[0].line("210").cells["合计"].amount.value == Decimal("200.00")


def test_corrections_for_what_is_gone_change_nothing():
    doc = printed(table("表三", ROWS))
    made = apply(doc, [Correction(999, "表三", (1, 9), (1, 9)), Correction(5, "表九十", (1, 9), (1, 9))])
    assert made.tables == doc.tables


def test_corrections_survive_the_review_file():
    one = Correction(5, "表三", (1.5, 60.25, 90.0), (10.0, 30.0), "表二", 2)
    assert from_json(to_json([one])) == (one,)
    assert with_correction([one], replace(one, name="")) == (replace(one, name=""),)


@pytest.mark.parametrize("bad", [None, [3], [{"page": 1}], [{"page": 1, "table": "", "xs": [5, 1], "ys": [1, 2]}]])
def test_anything_else_in_the_file_is_refused(bad):
    with pytest.raises(ValueError):
        from_json(bad)


@given(st.lists(st.floats(0, 500), min_size=3, max_size=9, unique=True), st.integers(0, 8), st.floats(-50, 600))
def test_a_moved_line_never_crosses_its_neighbours(raw, index, to):
    lines = [v + 2 * LEAST * i for i, v in enumerate(sorted(raw))]
    index = index % len(lines)
    made = moved(lines, index, to)
    assert list(made) == sorted(made) and len(made) == len(lines)


def test_lines_to_begin_with_lie_between_the_print():
    words = [Word("项目", (10, 10, 40, 20)), Word("金额", (80, 10, 110, 20)), Word("甲", (10, 30, 20, 40)), Word("12.00", (75, 30, 110, 40))]
    assert guess_lines(words, (5, 5, 120, 45)) == ((5, 57.5, 120), (5, 25.0, 45))


def test_corrections_are_found_by_the_file_they_were_made_for(tmp_path, monkeypatch):
    from core import review_file
    monkeypatch.setattr(review_file, "user_data", lambda: tmp_path)
    path = tmp_path / "a.pdf"
    path.write_bytes(b"one")
    assert kept(path) == () and kept(tmp_path / "none.pdf") == ()
    one = Correction(5, "表三", (1.0, 9.0), (1.0, 9.0))
    review = review_file.ReviewFile(review_file.hash_file(path), extras={KEPT: to_json([one])})
    saved = review.save()
    assert kept(path) == (one,)
    saved.write_text("{", "utf-8")
    assert kept(path) == ()


@pytest.fixture(scope="module")
def bundled():
    from core.paths import resource
    from core.reading import read_document
    return read_document(resource("sample.pdf"), ocr=False)


def corrections_of(doc, shift=0.0):
    """The lines of every table of a document, inner column lines a little to the side."""
    made = []
    for found in doc.tables:
        for page in found.pages:
            lines = lines_of(found, page)
            if lines is not None:
                xs = lines[0]
                made.append(Correction(page, found.id, (xs[0], *(x + shift for x in xs[1:-1]), xs[-1]), lines[1]))
    return made


def read_as(doc):
    return [(t.id, t.kind, [[c.text if c else None for c in r] for r in (*t.header, *t.rows)], [c.key for c in t.columns],
             [(o.label, o.level) for o in t.lines]) for t in doc.tables]


def test_lines_as_read_leave_every_table_of_the_sample_as_it_is(bundled):
    assert read_as(apply(bundled, corrections_of(bundled))) == read_as(bundled)


def test_the_words_alone_give_the_same_cells(bundled):
    moved_a_little = apply(bundled, corrections_of(bundled, 0.8))
    before = ["".join(c.text.split()) for t in bundled.tables for r in (*t.header, *t.rows) for c in r if c]
    after = ["".join(c.text.split()) for t in moved_a_little.tables for r in (*t.header, *t.rows) for c in r if c]
    assert len(before) == len(after)
    assert sum(a != b for a, b in zip(before, after, strict=True)) <= len(before) // 500
