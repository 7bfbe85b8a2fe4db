"""The comparison shows what is solved, new and staying, and both tables with what differs marked."""
from dataclasses import replace

import pytest

from gui.compare import CompareDialog, CompareView, texts_html
from tests.builders import section, table
from tests.gui.demo import demo_result


@pytest.fixture
def state(demo_state):
    return demo_state


def later():
    """The demo as published again: one finding solved, a new one, a figure corrected, a row added, a sentence changed."""
    first = demo_result()
    doc = first.document
    rows = [["合计", "8.50", "8.50", "", ""], ["因公出国（境）费", "0.50", "0.50", "", ""], ["公务接待费", "1.50", "1.50", "", ""],
            ["公务用车购置及运行费", "6.50", "6.50", "", ""]]
    tables = tuple(table("表十", rows, page=14) if t.id == "表十" else t for t in doc.tables)
    sections = tuple(section(s.title, s.paragraphs[0].text.replace("8.00", "8.50"), role=s.role, id=s.id, page=s.page) for s in doc.sections)
    new = replace(first.findings[1], rule="X140", title="新的问题", relation="另一条")
    return replace(first, document=replace(doc, tables=tables, sections=sections),
                   findings=(replace(first.findings[0], actual="1000.10"), *first.findings[2:], new))


@pytest.fixture
def view(qtbot, state):
    made = CompareView(demo_result(), later())
    qtbot.addWidget(made)
    made.resize(1100, 600)
    made.show()
    return made


def rows(widget):
    return [widget.item(i).text() for i in range(widget.count())]


def test_three_lists_of_findings(view):
    solved, new, staying = view.lists
    assert len(rows(solved)) == 1 and "X131" in rows(solved)[0]
    assert len(rows(new)) == 1 and "新的问题" in rows(new)[0]
    assert any("1000.05 → 1000.10" in t for t in rows(staying))


def test_changed_cells_are_listed_and_marked_in_both_tables(view):
    page = view.tables
    texts = rows(page.list)
    assert any(t.startswith("合计 · 合计\n8.00 → 8.50（+0.50）") for t in texts)
    assert any("新增行　因公出国（境）费" in t for t in texts)
    page.list.setCurrentRow(next(i for i, t in enumerate(texts) if t.startswith("合计 · 合计")))
    one, two = page.models
    assert one.rowCount() == two.rowCount() == 4
    assert one.data(one.index(0, 1)) == "◆ 8.00" and two.data(two.index(0, 1)) == "◆ 8.50"
    assert one.cell(1, 0) is None and two.cell(1, 0).text == "因公出国（境）费"


def test_changed_sentences_show_both(view):
    html = texts_html(view.comparison.texts)
    assert "line-through" in html and ">8.00<" in html and ">8.50<" in html
    assert "没有改动" in texts_html(())


def test_swapped_versions_swap_solved_and_new(view):
    view.swap()
    assert "新的问题" in rows(view.lists[0])[0] and "X131" in rows(view.lists[1])[0]


def test_the_same_version_twice_says_that_nothing_changed(qtbot, state):
    made = CompareView(demo_result(), demo_result())
    qtbot.addWidget(made)
    assert rows(made.lists[0]) == ["无"] and made.tables.list.count() == 0


def test_a_finding_of_the_open_document_is_shown_on_the_desk(qtbot, state):
    dialog = CompareDialog(state, later(), state.result, ("旧.pdf", "新.pdf"))
    qtbot.addWidget(dialog)
    dialog.view._choose(dialog.view.lists[2].item(0))
    assert state.current.finding() is not None


def test_another_open_document_is_compared_as_the_earlier_version(qtbot, state):
    from PySide6.QtWidgets import QWidget

    from gui.compare import show_comparison
    window = QWidget()
    qtbot.addWidget(window)
    dialog = show_comparison(window, state, later(), "旧.pdf")
    assert dialog.view.heading.text().startswith("旧.pdf")
    assert [f.rule for f in dialog.view.comparison.solved] == ["X140"]


def test_without_a_document_there_is_nothing_to_compare(qtbot, empty_state):
    from PySide6.QtWidgets import QWidget

    from gui.compare import compare_with, show_comparison
    window = QWidget()
    qtbot.addWidget(window)
    with qtbot.waitSignal(empty_state.message):
        compare_with(window, empty_state)
    assert show_comparison(window, empty_state, later(), "旧.pdf") is None
