"""Lines outside tables to contents, sections and paragraphs."""
from __future__ import annotations

from core.layouts import template
from core.reading.outline import build_sections, find_contents
from core.reading.pages import RawLine

SIZE = 14.0


def line(text: str, page: int = 1, top: float = 100.0, left: float = 80.0) -> RawLine:
    """A line of full-width characters side by side."""
    chars = tuple((left + SIZE * i, top, left + SIZE * (i + 1), top + SIZE) for i in range(len(text)))
    return RawLine(page, text, (left, top, left + SIZE * len(text), top + SIZE), chars, size=SIZE)


def paragraphs(*lines: RawLine) -> list[str]:
    sections, _ = build_sections([line("一、收入决算情况说明", top=70.0), *lines], set(), template("national-accounts"))
    return [p.text for p in sections[0].paragraphs]


def test_a_line_goes_on_that_ends_early_because_a_mark_may_not_begin_the_next() -> None:
    full = line("示" * 30, top=100.0)
    short = line("例" * 27, top=120.0)
    assert len(paragraphs(full, short, line("元，其余用于示例。", top=140.0))) == 1
    assert len(paragraphs(full, short, line("其余用于示例。", top=140.0))) == 2


def test_the_body_does_not_belong_to_contents_that_leave_out_its_first_title() -> None:
    contents = [line(t, top=100.0 + 20 * i) for i, t in enumerate(("目录", "一、主要职能", "二、单位构成", "第二部分 决算表"))]
    body = [line(t, 2, 100.0 + 20 * i) for i, t in enumerate(("第一部分 示例局概况", "一、主要职能", "1.示例职责", "2.示例职责"))]
    assert [e.title for e in find_contents([*contents, *body]).entries] == ["一、主要职能", "二、单位构成", "第二部分 决算表"]


def test_a_term_that_is_explained_is_no_section_of_its_name() -> None:
    lines = [line("第四部分 名词解释"), line("十一、机关运行经费：指行政单位使用一般公共预算财政拨款", top=120.0)]
    sections, _ = build_sections(lines, set(), template("national-accounts"))
    assert [s.role for s in sections] == ["glossary"]


def test_the_glossary_ends_where_the_next_part_begins() -> None:
    def titles(*texts: str) -> list[str]:
        sections, _ = build_sections([line(t, top=100.0 + 20 * i) for i, t in enumerate(texts)], set(), template("standard-budget"))
        return [s.title for s in sections]

    assert titles("第三部分 名词解释", "一、财政拨款收入", "第四部分 部门预算表") == ["第三部分 名词解释", "第四部分 部门预算表"]
    assert titles("三、名词解释", "一、财政拨款收入", "四、单位预算表") == ["三、名词解释", "四、单位预算表"]


def test_where_headings_go_by_custom_their_own_number_gives_the_level() -> None:
    sections, _ = build_sections([line("七、名词解释"), line("（二）政府采购情况", top=120.0)], set(), template("standard-budget"))
    assert [(s.role, s.level) for s in sections] == [("glossary", 2), ("procurement_note", 3)]
