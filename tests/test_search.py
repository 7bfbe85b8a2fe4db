"""Search finds what is printed, however it is typed, and says where."""
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from core.model import Word
from core.search import index, search
from tests.builders import document, section, table

ROWS = [["", "合计", "1,234.50", "1000.00", "234.50"], ["208", "社会保障和 就业支出", "35892. 39", "1000.00", "234.50"]]


def sample(words=()):
    doc = document([table("表三", ROWS, page=5)], [section("三、支出预算情况说明", "本年支出１２３４.５０万元，其中基本支出 1000.00 万元。")])
    pages = tuple(replace(p, words=tuple(words)) if p.number == 5 else p for p in doc.pages)
    return replace(doc, pages=pages)


def test_figures_are_found_in_table_and_narrative_in_document_order():
    hits = search(sample(), "1234.50")
    assert [(h.page, h.table, h.cell) for h in hits] == [(5, "表三", (2, 2)), (20, "", None)]


def test_full_width_blanks_and_separators_make_no_difference():
    assert search(sample(), "１，２３４.５０") == search(sample(), "1 234.50")
    (hit,) = search(sample(), "35892.39")
    assert hit.cell == (3, 2)


def test_a_name_with_an_inner_blank_is_found_and_shown_as_printed():
    (hit,) = search(sample(), "保障和就业")
    assert hit.match == "保障和 就业" and hit.before == "社会" and hit.after == "支出"
    assert hit.where == "表三 · 科目名称"


def test_a_figure_says_its_row_and_column():
    (hit,) = search(sample(), "35892.39")
    assert hit.where == "表三 · 208 社会保障和 就业支出 · 合计"


def test_a_hit_in_a_paragraph_has_the_box_of_its_own_characters():
    (hit,) = [h for h in search(sample(), "其中基本支出") if not h.table]
    text = "本年支出１２３４.５０万元，其中基本支出 1000.00 万元。"
    at = text.index("其中")
    assert hit.boxes == ((50.0 + 10 * at, 100.0, 60.0 + 10 * (at + 5), 112.0),)


def test_a_hit_inside_a_cell_is_narrowed_to_its_letters():
    doc = sample()
    cell = doc.tables[0].rows[1][1]
    left, top, right, bottom = cell.place.box
    words = [Word("社会保障和", (left, top, left + 25, top + 7)), Word("就业支出", (left, top + 7, left + 20, bottom))]
    (hit,) = search(sample(words), "就业支出")
    assert hit.boxes == ((left, top + 7, left + 20, bottom),)


def test_words_outside_tables_and_paragraphs_are_found_once_though_split():
    head = [Word("某县", (50, 20, 70, 30)), Word("财政局", (72, 20, 102, 30)), Word("印", (400, 20, 410, 30))]
    (hit,) = search(sample(head), "县财政局")
    assert hit.page == 5 and hit.boxes == ((60.0, 20, 102.0, 30),)
    assert search(sample(head), "局印") == ()


def test_words_of_a_cell_are_not_counted_twice():
    doc = sample()
    box = doc.tables[0].rows[0][2].place.box
    assert len([h for h in search(sample([Word("1,234.50", box)]), "1,234.50") if h.page == 5]) == 1


def test_blank_and_absent_texts_find_nothing():
    assert search(sample(), "　 ") == () and search(sample(), "不存在的字") == () and search(document(), "一") == ()


def test_the_limit_ends_the_search():
    assert len(index(sample()).search("0", 3)) == 3


@given(st.text(alphabet="收支合计总 ,.１２3４5（）()", min_size=1, max_size=12))
def test_every_hit_contains_what_was_asked(query):
    from core.text import fold
    for hit in search(sample(), query):
        assert fold(query).replace(",", "") == fold(hit.match).replace(",", "")
