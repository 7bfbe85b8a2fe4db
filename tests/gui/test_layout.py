"""Room is given to what is read: in a small window too the finding is seen in full, names can be told apart, words are not cut to bits."""
from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QFontMetrics

from core.results import FAIL, Check
from gui import theme, undo
from gui.banner import Banner
from gui.detail_panel import DetailPanel
from gui.findings_model import FAMILY, MESSAGE, VERDICT
from gui.findings_panel import FindingsPanel
from gui.main_window import MainWindow
from gui.overview import RelationList
from gui.search_panel import _HitDelegate
from gui.state import State
from gui.tables_model import TableModel
from gui.tables_panel import GridView
from gui.widgets import Tabs
from tests.builders import table
from tests.gui.desk import StillReader, result_for

LINE = 20


def by_rule(state, rule):
    return next(f for f in state.result.findings if f.rule == rule)


# ---- panels


@pytest.mark.parametrize("size", [(1280, 720), (1280, 800), (1680, 1000), (1920, 1080)])
def test_the_finding_in_full_has_room_for_nine_lines_and_the_page_for_more(window, state, qtbot, size):
    window.resize(*size)
    state.select_finding(by_rule(state, "X105"))
    qtbot.wait(20)
    assert window.detail.body.viewport().height() >= 9 * LINE
    assert window.above.height() >= window.bottom.height()
    assert window.detail.width() >= 400 and window.findings.width() > window.detail.width()


def test_panels_follow_the_window_until_they_are_pulled(window, qtbot):
    window.resize(1680, 1000)
    qtbot.wait(20)
    big = window.desk.sizes()
    window.resize(1280, 720)
    qtbot.wait(20)
    window.resize(1680, 1000)
    qtbot.wait(20)
    assert window.desk.sizes() == big
    handle = window.desk.handle(1)
    grip = handle.rect().center()
    qtbot.mousePress(handle, Qt.MouseButton.LeftButton, pos=grip)
    qtbot.mouseMove(handle, grip.__class__(grip.x(), grip.y() - 150))
    qtbot.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=grip)
    pulled = window.desk.sizes()
    assert pulled[1] > big[1] + 100
    window.resize(1681, 1000)
    qtbot.wait(20)
    assert abs(window.desk.sizes()[1] - pulled[1]) <= 2
    window.do_reset_layout()
    assert abs(window.desk.sizes()[1] - big[1]) <= 2


def test_a_layout_that_nobody_pulled_is_not_kept_for_another_window_size(qtbot, user_folder, qapp):
    theme.apply(qapp, "light", 1.0)
    settings = QSettings(str(user_folder / "layout.ini"), QSettings.Format.IniFormat)
    for pulled in (False, True):
        made = MainWindow(State(settings, StillReader))
        qtbot.addWidget(made)
        made.restore()
        if pulled:
            made.desk.splitterMoved.emit(300, 1)
        made.close()
        assert (settings.value("window/desk") is not None) == pulled


def test_many_documents_keep_names_that_can_be_told_apart(qtbot, qapp):
    theme.apply(qapp, "light", 1.0)
    tabs = Tabs()
    qtbot.addWidget(tabs)
    for number in range(8):
        tabs.addTab(f"示例县第{number}人力资源和社会保障局 2024 部门预算")
    tabs.resize(600, 30)
    tabs.show()
    assert all(tabs.tabRect(n).width() >= theme.px(168) for n in range(8))
    assert tabs.tabRect(tabs.currentIndex()).width() >= theme.px(220)


def test_with_many_tabs_only_what_tells_documents_apart_is_written(window, state, pdf, tmp_path, qtbot):
    paths = [tmp_path / f"{n}.pdf" for n in range(3)]
    for path in paths:
        path.write_bytes(pdf.read_bytes())
    state.open(paths)
    qtbot.waitUntil(lambda: all(d.result is not None for d in state.documents), timeout=10000)
    doc = state.documents[1]
    whole = doc.name
    assert whole.count(" ") == 2 and window._tab_name(doc) == whole  # the others are of the same body and year
    unit = doc.result.document.unit_name
    doc.result = replace(doc.result, document=replace(doc.result.document, unit_name=replace(unit, value="示例县另一局")))
    assert window._tab_name(doc) == doc.name.rsplit(" ", 1)[0] != doc.name
    window._tab_texts()
    assert window.tabs.tabToolTip(1).startswith(doc.name)


def test_the_plus_stands_beside_the_last_tab(window, qtbot):
    qtbot.wait(20)
    assert 0 < window._plus.geometry().left() - window.tabs.geometry().right() < theme.px(24)


# ---- the list


def test_in_a_narrow_list_the_kind_gives_way_to_the_message(qtbot, demo_state):
    panel = FindingsPanel(demo_state)
    qtbot.addWidget(panel)
    panel.show()
    panel.resize(700, 300)
    qtbot.wait(10)
    assert panel.view.isColumnHidden(FAMILY)
    panel.resize(1200, 300)
    qtbot.wait(10)
    assert not panel.view.isColumnHidden(FAMILY) and panel.view.columnWidth(FAMILY) >= theme.px(52)


def test_words_among_the_figures_get_room_that_is_over(qtbot, demo_state):
    finding = demo_state.result.findings[0]
    words = "其他人力资源事务支出"
    demo_state.current.result = replace(demo_state.result, findings=(replace(finding, actual=words), *demo_state.result.findings[1:]))
    panel = FindingsPanel(demo_state)
    qtbot.addWidget(panel)
    panel.show()
    column = [c for c in range(panel.model.columnCount()) if panel.model.headerData(c, Qt.Orientation.Horizontal) == "实为"][0]
    wanted = QFontMetrics(theme.font()).horizontalAdvance(words)
    panel.resize(1500, 300)
    qtbot.wait(10)
    assert panel.view.columnWidth(column) > wanted
    panel.resize(900, 300)
    qtbot.wait(10)
    assert panel.view.columnWidth(column) < wanted and panel.view.columnWidth(MESSAGE) > theme.px(200)


def test_a_message_that_begins_with_its_place_says_first_what_is_wrong(window, state):
    finding = by_rule(state, "S201")
    placed = replace(finding, message="表六“合计”行“人员经费”列为 987.20万元，应为 962.12万元。")
    assert window.findings.model.text(placed, MESSAGE) == "各科目之和不等于合计：987.20万元，应为 962.12万元。"
    elsewhere = replace(finding, message="表一“合计”行“人员经费”列为 987.20万元，表六不同。")
    assert window.findings.model.text(elsewhere, MESSAGE).startswith("表一“合计”行")


def test_a_note_is_seen_and_heard_in_the_list(window, state):
    finding = by_rule(state, "X105")
    model = window.findings.model
    assert model.text(finding, VERDICT) == "待核"
    undo.annotate(state, finding, "与财务科核对过")
    assert model.text(finding, VERDICT) == "待核·注"
    assert model.spoken(finding).endswith("待核，有备注")


# ---- the finding in full


def test_evidence_comes_before_what_follows_from_it(qtbot, state, pdf):
    state.open([pdf])
    qtbot.waitUntil(lambda: state.result is not None)
    finding = replace(by_rule(state, "X105"), follow_ups=("X120 表六与表五不一致",), count=1)
    state.set_result(state.current, replace(state.result, findings=(finding,)))
    panel = DetailPanel(state)
    qtbot.addWidget(panel)
    panel.resize(460, 400)
    state.select_finding(finding)
    text = panel.body.toPlainText()
    assert text.index("证据") < text.index("连带") < text.index("依据")
    assert "1/2" in text
    state.step_evidence(1)
    assert "2/2" in panel.body.toPlainText()


# ---- banner, search, overview, table


def test_the_banner_does_not_call_recognised_what_is_still_unread(qtbot, state, pdf):
    result = result_for(pdf)
    state.open([pdf])
    banner = Banner(state)
    qtbot.addWidget(banner)
    assert "扫描" not in banner._template(replace(result, document=replace(result.document, ocr_pages=(6, 7), unread_pages=(6, 7))))
    assert "第 6 页为扫描件，已识别" in banner._template(replace(result, document=replace(result.document, ocr_pages=(6, 7), unread_pages=(7,))))


def test_esc_closes_the_search_and_takes_its_marks_away(window, state, qtbot):
    window.do_find()
    window.search.open_search("4345.68")
    qtbot.waitUntil(lambda: bool(window.search.hits), timeout=5000)
    assert state.current.marks
    window._escape()
    assert not state.current.marks and window.left.currentWidget() is window.outline


def test_a_lone_figure_among_the_hits_has_its_row_and_column_beside_it(window, state, qtbot):
    window.do_find()
    window.search.open_search("4345.68")
    qtbot.waitUntil(lambda: bool(window.search.hits), timeout=5000)
    hit = next(h for h in window.search.hits if h.cell and h.where)
    plain, bold = QFontMetrics(theme.font()), QFontMetrics(theme.font(bold=True))
    alone = _HitDelegate._room_for_where(hit, 230, plain, bold)
    assert alone > theme.px(120)
    assert _HitDelegate._room_for_where(replace(hit, before="收入预算总计" * 4), 230, plain, bold) == 0


def test_a_relation_without_figures_borrows_them_from_its_finding(qtbot, state, pdf):
    state.open([pdf])
    qtbot.waitUntil(lambda: state.result is not None)
    listed = RelationList(state)
    qtbot.addWidget(listed)
    finding = by_rule(state, "X105")
    listed.show_checks("表五 ↔ 表六", [Check("X105", finding.relation, FAIL, "", "", "cross_table", finding.evidence)])
    assert "实为 1030.05" in listed.list.item(0).text() and "应为 4345.68" in listed.list.item(0).text()


def test_the_overview_button_says_that_the_overview_is_open(window):
    button = window.buttons["overview"]
    window.do_overview()
    assert button.isChecked()
    window._escape()
    assert not button.isChecked()


def test_a_text_that_fits_stays_on_one_line(qtbot, demo_state):
    view = GridView(TableModel(demo_state))
    qtbot.addWidget(view)
    view.resize(700, 300)
    view.show()
    name = "机关事业单位基本养老保险缴费支出"
    view.fill(table("表三", [["", "合计", "1", "1", ""], ["2080505", name, "1", "1", ""]]))
    plain = QFontMetrics(theme.font()).horizontalAdvance(name)
    view._heights(view._table_model.table, [60, plain + theme.px(14), 60, 60, 60], QFontMetrics(theme.font()))
    assert view.rowHeight(1) == theme.row_height()
    view._heights(view._table_model.table, [60, plain - theme.px(4), 60, 60, 60], QFontMetrics(theme.font()))
    assert view.rowHeight(1) > theme.row_height()


# ---- narrow and low windows (a 1920 x 1080 screen at 200 %)


@pytest.fixture
def small(window, qtbot):
    window.resize(960, 500)
    qtbot.wait(20)
    return window


def inside(widget):
    return widget.isVisible() and widget.width() >= widget.sizeHint().width() and widget.parentWidget().rect().contains(widget.geometry())


def test_a_window_of_half_a_screen_is_allowed(small):
    assert (small.width(), small.height()) == (960, 500)


def test_nothing_of_the_verdict_is_cut_in_a_narrow_window(small, state, qtbot):
    banner = small.banner
    state.current.result = replace(state.result, checks=state.result.checks * 30)
    banner.refresh()
    qtbot.wait(10)
    for label in (banner._verdict, banner._counts, banner._decided, banner._checks):
        assert inside(label), label.text()
    assert not banner._about.isVisible()
    small.resize(1680, 900)
    qtbot.wait(20)
    assert banner._about.isVisible() and banner._bar.isVisible() and banner._share.isVisible()


def test_chips_without_room_are_in_a_menu(small, state):
    chips = small.findings.chips
    shown = [f for f in chips._facets if f.chip.isVisible()]
    assert all(chips.rect().contains(f.chip.geometry()) for f in shown)
    assert chips.rect().contains(chips._tables.geometry()) and chips.rect().contains(chips._more.geometry())
    assert chips._more.text() == "更多 ▾"
    words = [a.text().split("　")[0] for a in chips._more.menu().actions() if a.text()]
    assert "排除" in words and not {f.chip.text() for f in shown} & set(words)
    next(a for a in chips._more.menu().actions() if a.text().startswith("待核")).trigger()
    assert state.filter.verdicts == {"open"}
    assert chips._more.text() == "待核 ▾"


def test_verdict_buttons_and_note_are_whole_in_a_narrow_detail(small, state, qtbot):
    state.select_finding(by_rule(state, "X105"))
    qtbot.wait(20)
    detail = small.detail
    for button in (detail.confirm, detail.dismiss, detail.reopen):
        assert inside(button), button.text()
    assert detail.note.width() >= QFontMetrics(theme.font()).horizontalAdvance(detail.note.placeholderText()) + theme.px(20)


def test_the_message_can_be_read_in_a_narrow_list(small):
    assert small.findings.view.columnWidth(MESSAGE) >= theme.px(200)


def test_the_search_field_is_wide_enough_to_type_in(small, qtbot):
    small.do_find()
    qtbot.wait(20)
    assert small.search.field.width() >= theme.px(130)


def test_the_buttons_of_a_correction_are_whole(small, state, qtbot):
    state.select_finding(by_rule(state, "X105"))
    qtbot.wait(50)
    small.do_correct()
    qtbot.wait(20)
    bar = small.correction.bar
    for button in (bar.ok, bar.no, bar.delete, bar.undo, bar.earlier, *bar.modes.values()):
        assert inside(button), button.text()
    assert bar.ok.accessibleName() == "应用并重新检查"
