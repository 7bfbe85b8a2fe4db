"""Every dialog opens without a document, says what is so, and does what its buttons promise."""
import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from core.exports.files import TargetBusy
from core.review_file import OPEN
from core.rules.base import Rule
from gui import undo
from gui.dialogs import (
    AboutDialog,
    CrashDialog,
    ExportDialog,
    KeysDialog,
    LogDialog,
    NotRunDialog,
    ReasonDialog,
    RulesDialog,
    SettingsDialog,
)
from gui.dialogs.log_viewer import records
from gui.profile import options_of, rules_off


@pytest.fixture
def state(demo_state):
    return demo_state

LOG = """2026-01-01 10:00:00,123 INFO gui.app: started
2026-01-01 10:00:01,123 ERROR gui.job: job failed
Traceback (most recent call last):
ValueError: 示例
2026-01-01 10:00:02,123 WARNING core.reading: 第 3 页无文字
"""
RULES = (Rule("X105", "表六合计应等于表五基本支出", "cross_table", "error", lambda case: (), "比较两张表。", "1030.05 与 4345.68", "核对表六。",
              ("budget-law-46",), ("basic", "general"), "表六[合计].合计 = 表五[合计].基本支出", ("shanxi-budget",)),
         Rule("T001", "重复的字", "text_quality", "info", lambda case: (), "同一个字连着写了两遍。"))


def shown(dialog, qtbot):
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_about_lists_the_licences(qtbot, tmp_path, qapp):
    (tmp_path / "NOTICE.txt").write_text("组件清单", "utf-8")
    (tmp_path / "LGPL-3.0.txt").write_text("GNU LESSER GENERAL PUBLIC LICENSE", "utf-8")
    dialog = shown(AboutDialog(folder=tmp_path), qtbot)
    assert dialog.list.count() == 2 and dialog.text.toPlainText() == "组件清单"
    dialog.list.setCurrentRow(1)
    assert "LESSER" in dialog.text.toPlainText()


def test_about_without_licences_says_so(qtbot, tmp_path, qapp):
    assert "没有找到" in shown(AboutDialog(folder=tmp_path / "none"), qtbot).text.toPlainText()


def test_log_entries_keep_their_tracebacks():
    found = list(records(LOG))
    assert [r.level for r in found] == [20, 40, 30] and found[1].text.endswith("ValueError: 示例")


def test_log_is_filtered_by_level_and_text_and_copied(qtbot, tmp_path, qapp):
    path = tmp_path / "gouji.log"
    path.write_text(LOG, "utf-8")
    dialog = shown(LogDialog(path=path), qtbot)
    dialog.level.setCurrentText("错误以上")
    assert "ValueError" in dialog.text.toPlainText() and "started" not in dialog.text.toPlainText()
    dialog.level.setCurrentText("全部")
    dialog.filter.setText("第 3 页")
    dialog.copy()
    assert QGuiApplication.clipboard().text() == LOG.splitlines()[-1]


def test_log_that_is_not_there_is_said(qtbot, tmp_path, qapp):
    assert "无法读取" in shown(LogDialog(path=tmp_path / "none.log"), qtbot).where.text()


def test_keys_come_from_the_actions_and_are_filtered(qtbot, qapp):
    dialog = shown(KeysDialog(), qtbot)
    assert "下一处问题" in dialog.shown()
    dialog.filter.setText("ctrl+1")
    assert dialog.shown() == ["属实"]


def test_a_reason_is_chosen_or_written(qtbot, qapp):
    dialog = shown(ReasonDialog("排除", "排除 X105"), qtbot)
    assert dialog.reason == "四舍五入所致" and dialog.ok.isEnabled()
    dialog.other.setChecked(True)
    assert not dialog.ok.isEnabled()
    dialog.text.setText("  已电话核实 ")
    assert dialog.reason == "已电话核实" and dialog.ok.isEnabled()
    qtbot.keyClick(dialog.text, Qt.Key.Key_Return)
    assert dialog.result() == ReasonDialog.DialogCode.Accepted


def test_not_run_groups_reasons_and_goes_to_places(qtbot, state):
    dialog = shown(NotRunDialog(state), qtbot)
    tops = [dialog.tree.topLevelItem(i).text(0) for i in range(dialog.tree.topLevelItemCount())]
    assert tops[0].startswith("■ 规则出错") and "未打开 2023 年度文件（2 条）" in tops
    dialog.filter.setText("收入总计")
    assert [not dialog.tree.topLevelItem(i).isHidden() for i in range(len(tops))].count(True) == 1
    dialog.copy()
    assert "Y101" in QGuiApplication.clipboard().text()


def test_not_run_with_nothing_open(qtbot, empty_state):
    assert shown(NotRunDialog(empty_state), qtbot).tree.topLevelItemCount() == 0


def test_the_catalogue_opens_at_a_rule_and_shows_all_of_it(qtbot, qapp):
    dialog = shown(RulesDialog("X105", rules=RULES), qtbot)
    text = dialog.page.toPlainText()
    for part in ("表六合计应等于表五基本支出", "比较两张表。", "1030.05", "核对表六。", "表六[合计].合计", "错误", "山西省"):
        assert part in text
    dialog.filter.setText("重复")
    assert dialog.list.count() == 1 and "同一个字" in dialog.page.toPlainText()
    dialog.filter.setText("没有这样的规则")
    assert "没有符合" in dialog.page.toPlainText()


def test_of_several_rules_of_one_id_that_of_the_template_is_shown(qtbot, qapp):
    other = Rule("X105", "另一模板的规则", "cross_table", "error", lambda case: (), templates=("shanghai-budget",))
    assert "另一模板" in shown(RulesDialog("X105", rules=(*RULES, other), template_id="shanghai-budget"), qtbot).page.toPlainText()


def test_a_crash_says_that_the_work_is_saved_and_gives_the_details(qtbot, qapp):
    dialog = shown(CrashDialog("Traceback\nValueError: 示例", True), qtbot)
    dialog.copy()
    assert "ValueError: 示例" in QGuiApplication.clipboard().text()
    unsaved = shown(CrashDialog("", False), qtbot)
    assert unsaved.details.toPlainText() == ""


def test_settings_are_kept_only_when_agreed_to(qtbot, state):
    dialog = shown(SettingsDialog(state, rules=RULES), qtbot)
    dialog.reviewer.setText("某审核人")
    dialog.reject()
    assert state.settings.value("reviewer") is None
    dialog = shown(SettingsDialog(state, rules=RULES), qtbot)
    dialog.reviewer.setText("某审核人")
    dialog.ocr.setChecked(False)
    next(i for i in dialog._items() if "T001" in i.text(0)).setCheckState(0, Qt.CheckState.Unchecked)
    with qtbot.waitSignal(state.settings_changed):
        dialog.accept()
    assert state.reviewer == "某审核人" and rules_off(state.settings) == {"T001"}
    options = options_of(state.settings)
    assert options.ocr is False and options.ignore == ("T001",)
    again = shown(SettingsDialog(state, rules=RULES), qtbot)
    assert not again.ocr.isChecked()


def test_an_office_list_is_taken_in_or_refused_with_a_reason(qtbot, state, tmp_path, monkeypatch):
    from core import reference
    monkeypatch.setattr(reference, "user_data", lambda: tmp_path)
    dialog = shown(SettingsDialog(state, rules=RULES), qtbot)
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_text("a,b\n1,2\n", "utf-8")
    good.write_text("科目编码,科目名称\n208,社会保障和就业支出\n20805,行政事业单位养老支出\n", "utf-8")
    assert not dialog.import_list(bad) and "未能导入" in dialog.list_message.text()
    assert dialog.import_list(good) and dialog.lists.topLevelItemCount() == 1


@pytest.fixture
def written():
    return []


def export_dialog(state, qtbot, writer):
    return shown(ExportDialog(state, writer=writer), qtbot)


def test_export_writes_what_the_scope_says(qtbot, state, tmp_path, written):
    undo.decide(state, [state.result.findings[0]], "dismissed", "原文如此，有据可查")
    dialog = export_dialog(state, qtbot, lambda form, target, entry: written.append((form, target, entry)))
    dialog.scopes.button(2).setChecked(True)
    dialog.target.setText(str(tmp_path / "结果.xlsx"))
    dialog.export()
    qtbot.waitUntil(lambda: dialog.open_file.isVisible(), timeout=5000)
    ((form, target, entry),) = written
    assert form == "excel" and target == tmp_path / "结果.xlsx"
    assert len(entry.result.findings) == 3 and all(v.state == OPEN for v in entry.verdicts.values())


def test_dismissed_findings_go_along_with_their_reason_unless_left_out(qtbot, state):
    undo.decide(state, [state.result.findings[0]], "dismissed", "原文如此，有据可查")
    dialog = export_dialog(state, qtbot, lambda *_: None)
    dialog.scopes.button(0).setChecked(True)
    assert [v.reason for v in dialog.entry().verdicts.values() if v.reason] == ["原文如此，有据可查"]
    dialog.dismissed.setChecked(False)
    assert len(dialog.findings()) == 3


def test_a_file_in_use_is_retried_or_saved_under_another_name(qtbot, state, tmp_path):
    seen: list[Path] = []

    def writer(form, target, entry):
        seen.append(target)
        if target.name == "结果.xlsx":
            raise TargetBusy(target)

    dialog = export_dialog(state, qtbot, writer)
    dialog.target.setText(str(tmp_path / "结果.xlsx"))
    dialog.export()
    qtbot.waitUntil(lambda: dialog.another.isVisible(), timeout=5000)
    qtbot.waitUntil(lambda: dialog._job is None, timeout=5000)
    assert dialog.go.text() == "重试" and "关闭后重试" in dialog.message.text()
    dialog.another.click()
    qtbot.waitUntil(lambda: dialog.open_folder.isVisible(), timeout=5000)
    assert seen[-1].name == "结果 (2).xlsx"


def test_a_full_disk_is_told_in_words(qtbot, state, tmp_path):
    def writer(form, target, entry):
        raise OSError(28, "No space left on device")

    dialog = export_dialog(state, qtbot, writer)
    dialog.export()
    qtbot.waitUntil(lambda: "磁盘空间" in dialog.message.text(), timeout=5000)


def test_the_original_is_never_overwritten(qtbot, state, written):
    dialog = export_dialog(state, qtbot, lambda *a: written.append(a))
    dialog.target.setText(str(state.current.path))
    dialog.export()
    assert "不能覆盖" in dialog.message.text() and not written


def test_json_is_really_written(qtbot, state, tmp_path):
    dialog = shown(ExportDialog(state), qtbot)
    dialog.forms.button(3).setChecked(True)
    dialog.target.setText(str(tmp_path / "结果.json"))
    dialog.export()
    qtbot.waitUntil(lambda: dialog.open_file.isVisible() or "未能" in dialog.message.text(), timeout=8000)
    assert len(json.loads((tmp_path / "结果.json").read_text("utf-8"))["documents"][0]["findings"]) == 4


def test_export_with_nothing_open_can_do_nothing(qtbot, empty_state):
    assert not shown(ExportDialog(empty_state), qtbot).go.isEnabled()


def test_nothing_is_exported_among_the_programs_own_files(qtbot, state):
    from core.paths import resource
    state.current.path = resource("sample.pdf")
    suggested = Path(export_dialog(state, qtbot, lambda *_: None).target.text())
    assert suggested.name.startswith("sample_审核结果") and suggested.parent.is_dir()
    assert resource("sample.pdf").parent not in suggested.parents
