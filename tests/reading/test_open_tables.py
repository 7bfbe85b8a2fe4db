"""Tables without column lines: texts to cells, cells to rows, headings to the columns they name."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.numbers import looks_numeric
from core.reading.blocks import Piece, blocks_of, parted, pieces_of, rows_of, whole_names
from core.reading.open_cells import Carry, OpenRows, grid_of
from core.reading.open_columns import columns_of, leaves_of, reaches
from core.reading.pages import RawGrid
from core.reading.pdf import Char, PageFacts

SIZE = 9.0


def chars(text: str, x: float, top: float, gap_after: int = -1, gap: float = 0.0) -> list[Char]:
    """The characters of a text on one line; after the one at `gap_after` there is room."""
    out = []
    for i, letter in enumerate(text):
        wide = SIZE * (0.5 if letter.isascii() else 1.0)
        out.append(Char(letter, x, top, x + wide, top + SIZE, top + 0.88 * SIZE, SIZE))
        x += wide + (gap if i == gap_after else 0.0)
    return out


def piece(text: str, x: float, top: float) -> Piece:
    return pieces_of(chars(text, x, top))[0][0]


def width(text: str) -> float:
    return sum(SIZE * (0.5 if c.isascii() else 1.0) for c in text)


def centred(text: str, left: float, right: float, top: float) -> Piece:
    return piece(text, (left + right - width(text)) / 2, top)


def at_right(text: str, right: float, top: float) -> Piece:
    return piece(text, right - width(text), top)


def texts(grid: RawGrid | None) -> list[list[str | None]]:
    assert grid is not None
    return [[None if c is None else c.text for c in row] for row in grid.rows]


def table(lines: list[list[Piece]], facts: PageFacts, carry: Carry | None = None) -> RawGrid | None:
    rows = rows_of(blocks_of(lines))
    edges = [rows[0][0].top - 2, *((max(p.bottom for p in row) + 1) for row in rows)]
    pieces = [p for line in lines for p in line]
    return grid_of(OpenRows(rows, edges, min(p.x0 for p in pieces) - 2, max(p.x1 for p in pieces) + 2), facts, [], carry)


@pytest.fixture
def facts() -> PageFacts:
    return PageFacts(1, 600, 800)


# ---------------------------------------------------------------- texts

def test_lines_closer_than_rows_are_one_text():
    lines = [[piece("机关事业单位基本养老", 60, 100)], [piece("1.00", 200, 106)], [piece("保险缴费", 60, 112)],
             [piece("住房公积金", 60, 130), piece("2.00", 200, 130)], [piece("奖金", 60, 148), piece("3.00", 200, 148)], [piece("4.00", 200, 166)]]
    rows = rows_of(blocks_of(lines))
    assert [[p.text for p in row] for row in rows] == [["机关事业单位基本养老保险缴费", "1.00"], ["住房公积金", "2.00"], ["奖金", "3.00"], ["4.00"]]


def test_whole_figures_are_never_lines_of_one_text():
    lines = [[piece(f"{n}.00", 200, 100 + 10.5 * n)] for n in range(6)]
    assert len(rows_of(blocks_of(lines))) == 6


def test_a_code_in_a_column_one_letter_wide_is_one_text():
    lines = [[piece(c, 60, 100 + 11.7 * i)] for i, c in enumerate("208")] + [[piece(c, 60, 160 + 11.7 * i)] for i, c in enumerate("210")]
    lines += [[piece("1.00", 200, 111)], [piece("2.00", 200, 171)]]
    assert [p.text for p in blocks_of(sorted(lines, key=lambda line: line[0].base)) if p.x0 == 60] == ["208", "210"]


@pytest.mark.parametrize(("text", "after", "gap", "parts"), [
    ("785.08一、一般公共服务支出", 5, 3.0, ["785.08", "一、一般公共服务支出"]),
    ("291.8830201", 5, 1.6, ["291.88", "30201"]),
    ("12.50万元", 4, 2.0, ["12.50万元"]),
    ("当年预算安排上年结转安排", 5, 3.0, ["当年预算安排", "上年结转安排"]),
    ("一般公共服务支出", 3, 1.0, ["一般公共服务支出"]),
])
def test_columns_that_nearly_touch_are_parted(text, after, gap, parts):
    assert [p.text for p in parted(pieces_of(chars(text, 60, 100, after, gap)))[0]] == parts


def test_a_printed_blank_is_no_column():
    together = chars("其他支出明细", 60, 100, 3, 4.5)
    together.insert(4, Char(" ", together[3].x1, 100, together[3].x1 + 4.5, 109, 108, SIZE))
    assert [p.text for p in parted(pieces_of(together))[0]] == ["其他支出明细"]


def test_names_wrapped_as_close_as_storeys_are_one():
    heading = [centred("附属单位上", 200, 260, 100), centred("缴收入", 200, 260, 113), centred("事业收入", 270, 330, 106)]
    assert sorted(p.text for p in whole_names(heading)) == ["事业收入", "附属单位上缴收入"]


def test_a_short_name_over_a_longer_one_is_not_its_first_line():
    heading = [piece("合计", 60, 100), piece("预算数", 60, 113), piece("决算数", 120, 113)]
    assert sorted(p.text for p in whole_names(heading)) == ["决算数", "合计", "预算数"]


# ---------------------------------------------------------------- headings and columns

def test_headings_over_the_gap_between_two_columns_name_neither():
    heading = [centred("项目", 60, 260, 100), centred("编码", 60, 100, 120), centred("科目名称", 100, 260, 120), centred("本年收入", 260, 340, 110)]
    assert [p.text for p in leaves_of(heading)] == ["编码", "科目名称", "本年收入"]


def test_a_heading_of_four_storeys(facts):
    """财政拨款 over all; 合计 and 接待费 over two columns each, two storeys high; 用车 over four, with 购置 and 运行 below it."""
    heading = [centred("财政拨款三公经费", 0, 400, 100), centred("公务用车费", 100, 300, 130), centred("合计", 0, 100, 145), centred("接待费", 300, 400, 145),
               centred("购置费", 100, 200, 160), centred("运行费", 200, 300, 160)]
    leaves = [centred(("预算数", "决算数")[k % 2], 50 * k, 50 * k + 50, 190) for k in range(8)]
    figures = [at_right(f"{k}.00", 50 * k + 48, 220) for k in range(8)]
    grid = table([[p] for p in sorted(heading, key=lambda p: p.base)] + [leaves, figures], facts)
    assert texts(grid) == [
        ["财政拨款三公经费", *[None] * 7],
        ["合计", None, "公务用车费", None, None, None, "接待费", None],
        [None, None, "购置费", None, "运行费", None, None, None],
        ["预算数", "决算数"] * 4,
        [f"{k}.00" for k in range(8)]]
    assert grid is not None and grid.header == 4


def test_headings_at_the_left_of_their_columns(facts):
    """Figures at the right edge stand nearer to the next heading than to their own."""
    lines = [[piece("单位名称", 55, 100), piece("合计", 234, 100), piece("一般公共预算", 313, 100), piece("基金预算", 393, 100)],
             [piece("部门合计", 55, 120), at_right("39.08", 312, 120), at_right("39.08", 392, 120)],
             [piece("示例县财政局", 55, 140), at_right("39.08", 312, 140), at_right("39.08", 392, 140)]]
    assert texts(table(lines, facts))[1:] == [["部门合计", "39.08", "39.08", ""], ["示例县财政局", "39.08", "39.08", ""]]


def test_an_empty_column_between_filled_ones_stays_empty(facts):
    names = ["科目名称", "合计", "因公出国费", "公务接待费"]
    lines = [[centred(n, 100 * k, 100 * k + 100, 100) for k, n in enumerate(names)],
             [piece("经费拨款", 4, 120), at_right("5.63", 198, 120), at_right("5.63", 398, 120)]]
    assert texts(table(lines, facts))[-1] == ["经费拨款", "5.63", "", "5.63"]


def test_names_without_figures_belong_to_the_body(facts):
    lines = [[centred("项目", 50, 250, 100), centred("合计", 250, 350, 100), centred("基本支出", 350, 450, 100)],
             [piece("因公出国费", 54, 120)], [piece("公务接待费", 54, 140)], [piece("合计", 54, 160), at_right("1.00", 348, 160)]]
    grid = table(lines, facts)
    assert grid is not None and grid.header == 1 and len(grid.rows) == 4


def test_a_heading_repeated_overleaf_is_left_out(facts):
    carry = Carry((0.0, 200.0, 300.0), False, frozenset({"项目", "金额"}))
    lines = [[centred("项目", 0, 200, 50), centred("金额", 200, 300, 50)], [piece("办公费", 4, 70), at_right("1.00", 298, 70)]]
    assert texts(table(lines, facts, carry)) == [["办公费", "1.00"]]


COLUMNS = st.lists(st.tuples(st.integers(50, 110), st.booleans(), st.integers(1, 9999999)), min_size=2, max_size=9)


@given(COLUMNS)
def test_every_figure_comes_under_its_own_centred_heading(columns):
    """Whatever the widths, and whichever columns are empty: a name column, then figures at the right of theirs."""
    left, leaves, body, wanted = 150.0, [centred("项目", 0, 150, 100)], [piece("本年支出合计", 3, 120)], {"项目": "本年支出合计"}
    for k, (wide, empty, cents) in enumerate(columns):
        name = f"第{k}列"
        leaves.append(centred(name, left, left + wide, 100))
        if not empty:
            figure = f"{cents / 100:.2f}"
            body.append(at_right(figure, left + wide - 3, 120))
            wanted[name] = figure
        left += wide
    found = columns_of(leaves, reaches(body))
    got = {c.heading.text: next((p.text for p in body if c.x0 <= p.x0 and p.x1 <= c.x1 + 0.01), None) for c in found if c.heading is not None}
    sure = all(any(p.over(leaf) for leaf in leaves) for p in body if looks_numeric(p.text))
    if sure or not any(empty for _, empty, _ in columns):
        assert {k: v for k, v in got.items() if v} == wanted
