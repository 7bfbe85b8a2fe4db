"""F006: the headings of a project note."""
from __future__ import annotations

from tests.builders import document, section
from tests.rules.running import failures, holds, not_run

PARTS = ("项目概述", "立项依据", "实施主体", "实施方案", "实施周期", "年度预算安排", "绩效目标")


def notes(*gone, count=7):
    made = [section("示例项目经费情况说明", role="project_note", level=1, id="7")]
    made += [section(f"{'一二三四五六七'[n]}、{t}", "示例内容。", id=f"7.{n + 1}") for n, t in enumerate(PARTS[:count]) if t not in gone]
    return document(sections=made, template_id="shanghai-budget")


def test_a_whole_note_holds():
    assert holds("F006", notes())


def test_the_last_heading_missing_is_told_behind_the_one_before():
    (found,) = failures("F006", notes("绩效目标"))
    assert found.expected == "绩效目标" and found.evidence[0].text == "六、年度预算安排"
    assert failures("F006", notes("立项依据"))


def test_a_heading_that_runs_on_into_its_text_counts():
    made = section("示例项目经费情况说明", *(f"{'一二三四五六七'[n]}、{t}：示例内容。" for n, t in enumerate(PARTS)), role="project_note", level=1, id="7")
    assert holds("F006", document(sections=[made], template_id="shanghai-budget"))


def test_another_form_and_no_notes_are_not_run():
    assert not_run("F006", notes(count=2)) and not_run("F006", document(template_id="shanghai-budget")) and not_run("F006", document())
