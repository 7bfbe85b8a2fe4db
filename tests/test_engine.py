"""Checking a disclosure: outcomes, findings grouped by cause, order, select and ignore, broken rules, recognised text."""
import json
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest

from core.engine import check, run_rule
from core.errors import Cancelled
from core.layouts import template
from core.results import BROKEN, ERROR, FAIL, SKIPPED, WARNING, Evidence, Finding, Outcome, of_cell, passed, problem
from core.rules import load_rules
from core.rules.base import Rule
from tests.builders import document, table
from tests.formulas.made import CASES, cell_of, made, planted, with_cell, without
from tests.truth import SHARED, as_document, truth

NUMERIC = ("arithmetic", "cross_table")
TREE = [["合计", None, "60.00", "20.00", "40.00"], ["205", "教育支出", "60.00", "20.00", "40.00"], ["20502", "普通教育", "60.00", "20.00", "40.00"],
        ["2050201", "学前教育", "25.00", "5.00", "20.00"], ["2050202", "小学教育", "35.00", "15.00", "20.00"]]


def rule(body, id="Z999", severity=ERROR, **more):
    return Rule(id, "示例规则", "custom", severity, body, **more)


def findings(doc, *rules, select=("custom",)):
    return check(doc, extra=rules, select=select).findings


# ------------------------------------------------------------------ outcomes

@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_a_right_disclosure_gives_no_finding_and_is_verified_throughout(case):
    result = check(made(case), select=NUMERIC)
    assert result.findings == ()
    assert BROKEN not in {c.status for c in result.checks}
    assert result.coverage.verified == result.coverage.amounts


def test_a_broken_rule_is_shown_and_hides_nothing(caplog):
    def breaks(case):
        raise ZeroDivisionError("示例")

    result = check(document(), extra=[rule(breaks), rule(lambda case: [passed("甲")], id="Z998")], select=["custom"])
    assert Counter(c.status for c in result.checks) == {BROKEN: 1, "pass": 1}
    assert "ZeroDivisionError" in next(c.reason for c in result.checks if c.status == BROKEN)
    assert "Z999" in caplog.text


def test_a_rule_without_its_table_is_not_run():
    (check_,) = check(document(), extra=[rule(lambda case: [passed("甲")], tables=("表六",))], select=["custom"]).checks
    assert (check_.status, "表六" in check_.reason) == (SKIPPED, True)


def test_a_table_that_goes_on_over_an_unread_page_accuses_nobody():
    """A part of the table stands on a scan that was not read: its sums cannot hold, and that says nothing."""
    broken = table("表三", [["合计", None, "60.00", "20.00", "40.00"], ["205", "教育支出", "25.00", "5.00", "20.00"]], page=7)
    assert check(document([broken]), select=NUMERIC).findings
    inside = replace(broken, pages=(7, 9))
    result = check(document([inside], unread_pages=(8,)), select=NUMERIC)
    assert result.findings == ()
    assert any(c.status == SKIPPED and "第 8 页" in c.reason for c in result.checks)
    assert check(document([broken], unread_pages=(20,)), select=NUMERIC).findings, "a scan elsewhere excuses nothing"


def test_so_it_is_in_a_disclosure_of_several_files():
    broken = table("表三", [["合计", None, "60.00", "20.00", "40.00"], ["205", "教育支出", "25.00", "5.00", "20.00"]], page=7)
    whole = document([replace(broken, pages=("附表.pdf 第 2 页", "附表.pdf 第 4 页"))], unread_pages=(8,))
    parts = replace(whole, pages=tuple(replace(p, name=f"附表.pdf 第 {p.number - 5} 页") if p.number > 5 else p for p in whole.pages))
    assert parts.page_number("附表.pdf 第 3 页") == 8 and parts.page_number(4) == 4 and parts.page_number("附表.xlsx 表一") is None
    result = check(parts, select=NUMERIC)
    assert result.findings == ()
    assert any(c.status == SKIPPED and "附表.pdf 第 3 页" in c.reason for c in result.checks)


def test_a_missing_table_gives_no_failed_relation():
    result = check(without(made(CASES[0]), ["表六"]), select=NUMERIC)
    assert result.findings == ()
    assert any(c.status == SKIPPED and "表六" in c.reason for c in result.checks)


def test_select_and_ignore_by_id_and_family():
    wrong = with_cell(made(CASES[0]), *cell_of(made(CASES[0]), "表三", "合计", "合计"), "1.00")
    assert {c.rule for c in check(wrong, select=["S110"]).checks} == {"S110"}
    assert {c.family for c in check(wrong, select=["表间"]).checks} == {"cross_table"}
    assert "S110" not in {c.rule for c in check(wrong, select=["arithmetic"], ignore=["s110"]).checks}


def test_rules_of_another_template_are_not_run():
    seen = check(made(CASES[0]), extra=[], select=NUMERIC)
    assert not any("表1[" in c.relation for c in seen.checks)


def test_the_work_can_be_stopped():
    def stop(done, total, label):
        if done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        check(made(CASES[0]), step=stop)


def test_the_same_input_gives_the_same_findings():
    doc = planted(CASES[0], "swapped_digits", 1)[0][0]
    one, two = check(doc), check(doc)
    assert one.findings == two.findings
    assert [(c.rule, c.relation, c.status) for c in one.checks] == [(c.rule, c.relation, c.status) for c in two.checks]


def test_rules_are_found_in_their_folder():
    rules = load_rules()
    assert {"S900", "S910"} <= set(rules)
    assert all(key == known.id for key, known in rules.items())


def test_one_rule_alone():
    outcomes = run_rule("S110", document([table("表三", TREE)]))
    assert FAIL not in {o.status for o in outcomes}


# ------------------------------------------------------------------ causes and follow-ups

@pytest.mark.parametrize(("kind", "case"), [(k, c) for k in ("wrong_subtotal_group", "wrong_total_row", "decimal_moved", "income_ne_expense", "row_sum")
                                            for c in (CASES[0], CASES[4], CASES[7])], ids=lambda v: getattr(v, "name", v))
def test_one_slip_is_one_finding_at_its_cell(kind, case):
    for doc, said in planted(case, kind):
        (finding,) = check(doc, select=NUMERIC).findings
        assert finding.severity == ERROR
        assert finding.place.table == said["table"]
        assert finding.place.text == said["new"]
        assert finding.expected


def test_consequences_are_told_under_their_cause():
    right = made(CASES[0])
    (finding,) = check(with_cell(right, *cell_of(right, "表三", "合计", "合计"), "1.00"), select=NUMERIC).findings
    assert {text.split(" ")[0] for text in finding.follow_ups} >= {"S120", "X102", "X106"}
    assert finding.actual == "1.00"
    assert Decimal(finding.difference) == Decimal(finding.actual) - Decimal(finding.expected)


@pytest.mark.parametrize("case", [CASES[0], CASES[5], CASES[8]], ids=lambda c: c.name)
def test_a_missing_row_is_one_finding_at_the_sum_that_lacks_it(case):
    for doc, said in planted(case, "missing_addend"):
        (finding,) = check(doc, select=NUMERIC).findings
        assert (finding.place.table, finding.place.row) == (said["table"], said["row_label"])


def test_a_sentence_that_quotes_the_wrong_figure_rightly_is_a_consequence():
    right = made(CASES[0])
    place = cell_of(right, "表三", "合计", "合计")
    true = right.table("表三").line("合计").cells["合计"].amount.value

    def told(case):
        line = case.doc.table("表三").line("合计")
        cell = line.cells["合计"]
        return [problem("文字.支出 = 表三[合计].合计", "文字与表不符", Evidence(20, (1.0, 1.0, 9.0, 9.0), text=str(true)),
                        of_cell(cell, "表三", "合计", "合计", "expected"), expected=cell.amount.value, actual=true)]

    (finding,) = check(with_cell(right, *place, "1.00"), extra=[rule(told)], select=[*NUMERIC, "custom"]).findings
    assert finding.place.table == "表三"
    assert any(text.startswith("Z999") for text in finding.follow_ups)


def test_relations_that_only_hint_accuse_nobody():
    right = made(CASES[0])
    line = next(o for o in right.table("表六").find("住房公积金") if o.level == 2)
    wrong = with_cell(right, "表六", line.cells["合计"].row, line.cells["合计"].column, "1.00")
    severities = {f.rule: f.severity for f in check(wrong, select=NUMERIC).findings}
    assert severities.get("X121") is None or severities["X121"] == "info"


def test_one_difference_between_two_tables_is_told_once():
    for doc, _ in planted(CASES[0], "t12_t5_projects"):
        assert len(check(doc, select=NUMERIC).findings) == 1


def test_hints_reach_the_suggestion():
    for doc, _ in planted(CASES[0], "decimal_moved", 1):
        (finding,) = check(doc, select=NUMERIC).findings
        assert "小数点" in "".join(finding.clues)
        assert finding.suggestion.startswith(finding.clues[0])


# ------------------------------------------------------------------ grouping, order, fingerprints

def place(page, top, table="表三", row="合计"):
    return Evidence(page, (50.0, top, 90.0, top + 10), table, row, "合计", "1.00")


def test_repeats_of_one_cause_are_counted():
    found = findings(document(), rule(lambda case: [problem(f"第{i}处", "写法不一", place(i, 10.0), group="同一原因") for i in (3, 4, 5)]))
    (finding,) = found
    assert (finding.count, len(finding.evidence)) == (3, 3)
    assert "3 处" in finding.message


def test_the_gravest_severity_of_a_group_counts():
    outcomes = [problem("甲", "甲", place(3, 1.0), group="g", severity=WARNING), problem("乙", "乙", place(4, 1.0), group="g")]
    assert findings(document(), rule(lambda case: outcomes))[0].severity == ERROR


def test_findings_stand_in_document_order():
    outcomes = [problem("丙", "丙", place(9, 1.0)), problem("乙", "乙", place(3, 50.0)), problem("甲", "甲", place(3, 5.0)), problem("丁", "丁")]
    assert [f.message for f in findings(document(), rule(lambda case: outcomes))] == ["甲", "乙", "丙", "丁"]


def test_parts_without_page_numbers_go_by_their_tables():
    doc = document([table("表六", [["合计", "", "1.00", "1.00", ""]]), table("表十一", [["部门合计", "1.00", "1.00", "", ""]])])
    outcomes = [problem(name, name, Evidence(name, None, name, "合计", "合计", "1.00", cell=(2, 1))) for name in ("表十一", "表六")]
    assert [f.message for f in findings(doc, rule(lambda case: outcomes))] == ["表六", "表十一"]


def test_no_two_fingerprints_are_alike():
    found = findings(document(), rule(lambda case: [problem("甲", f"第{i}处", place(3, 1.0 + i)) for i in range(4)]))
    assert len({f.fingerprint for f in found}) == 4


def test_a_fingerprint_outlives_a_reissue_with_other_figures():
    def one(text):
        right = made(CASES[0])
        (finding,) = check(with_cell(right, *cell_of(right, "表三", "合计", "合计"), text), select=NUMERIC).findings
        return finding.fingerprint
    assert one("1.00") == one("2.00")


def test_recognised_text_never_gives_an_error():
    seen = replace(place(3, 1.0), ocr=True)
    (finding,) = findings(document(), rule(lambda case: [problem("甲", "数不对", seen)]))
    assert finding.severity == WARNING
    assert "识别" in finding.message


def test_a_recognised_figure_that_fits_nowhere_is_offered_its_likely_reading():
    right = made(CASES[0])
    wrong = with_cell(right, *cell_of(right, "表三", "合计", "合计"), "1.00")
    scanned = replace(wrong, tables=tuple(replace(t, lines=tuple(replace(o, cells={k: replace(c, confidence=0.95) for k, c in o.cells.items()})
                                                                 for o in t.lines)) if t.id == "表三" else t for t in wrong.tables))
    (finding,) = check(scanned, select=NUMERIC).findings
    assert finding.severity == WARNING
    assert any(f"读作 {finding.expected}" in clue for clue in finding.clues)


def test_amounts_are_told_in_the_unit_of_the_document():
    right = made(CASES[4])
    column = right.table("表9").column("公务接待费").index
    row = right.table("表9").lines[0].cells["合计"].row
    found = check(with_cell(right, "表9", row, column, "77777.77"), select=NUMERIC).findings
    assert found
    assert all(isinstance(f, Finding) and Decimal(f.actual) > 10_000 for f in found if f.rule == "S130")


def test_an_unknown_template_still_checks():
    doc = replace(document(), template="")
    assert isinstance(check(doc).checks, tuple)


# ------------------------------------------------------------------ unknown tables, badly written figures

def unknown(rows):
    made_ = table("附表", rows, template_id="generic", header=[["科目编码", "科目名称", "合计", "甲", "乙"]], title="示例附表")
    return document([replace(made_, id="未识别1")], template_id="generic")


GENERIC = [["205", "教育支出", "60.00", "20.00", "40.00"], ["20502", "普通教育", "60.00", "20.00", "40.00"]]


def test_unknown_tables_are_added_up_as_far_as_any_table_can_be():
    assert {o.status for o in run_rule("S910", unknown(GENERIC))} == {"pass"}


def test_sums_of_unknown_tables_only_warn():
    result = check(unknown([["205", "教育支出", "61.00", "20.00", "40.00"], GENERIC[1]]), select=["S910"])
    assert result.findings
    assert {f.severity for f in result.findings} == {WARNING}


def test_unknown_tables_without_totals_are_said():
    made_ = table("附表", [["甲", "1"]], template_id="generic", header=[["名称", "数量"]], title="示例附表")
    assert [o.status for o in run_rule("S910", document([replace(made_, id="未识别1")], template_id="generic"))] == [SKIPPED]


def test_a_badly_written_amount_is_told_with_what_it_should_be():
    for doc, said in planted(CASES[0], "thousands_separator_typo"):
        (finding,) = check(doc, select=NUMERIC).findings
        assert (finding.rule, finding.actual, finding.place.table) == ("S900", said["new"], said["table"])
        assert Decimal(finding.expected) == Decimal(str(said["old"]).replace(",", ""))


def test_well_written_amounts_pass():
    assert {o.status for o in run_rule("S900", made(CASES[0]))} == {"pass"}


def test_words_in_an_amount_column_are_no_badly_written_amount():
    assert {o.status for o in run_rule("S900", document([table("表三", [["合计", None, "见附表", "", ""]])]))} == {SKIPPED}


# ------------------------------------------------------------------ published disclosures

@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared")
def test_published_controls_give_no_false_error():
    allowed = {"X120", "X122"}
    for path in sorted((SHARED / "samples").glob("*-a-short.truth.json")):
        result = check(as_document(truth(path.name.removesuffix(".truth.json"))), select=NUMERIC)
        assert {f.rule for f in result.findings if f.severity == ERROR} <= allowed, path.name


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared")
def test_published_mutants_are_put_at_their_cell():
    kinds = {"wrong_subtotal", "wrong_total_row", "t13_total", "t10_three_public_total", "income_ne_expense", "thousands_separator_typo"}
    for entry in json.loads((SHARED / "samples" / "MANIFEST.json").read_text("utf-8"))["files"]:
        for error in [e for e in entry["injected"] if e["kind"] in kinds]:
            found = check(as_document(truth(entry["file"].removesuffix(".pdf"))), select=NUMERIC).findings
            assert any(f.place.table == error["table"] and f.place.row == error["row_label"] for f in found), entry["file"]


def test_a_template_can_be_given():
    assert check(made(CASES[0]), template("shanxi-budget"), select=["S101"]).checks == check(made(CASES[0]), "shanxi-budget", select=["S101"]).checks


def test_outcomes_of_rules_keep_their_own_title():
    (finding,) = findings(document(), rule(lambda case: [Outcome(FAIL, "甲", title="特别的标题", message="甲")]))
    assert finding.title == "特别的标题"


def test_tables_that_went_through_a_conversion_warn():
    doc = planted(CASES[0], "swapped_digits", 1)[0][0]
    (found,) = check(replace(doc, form="text"), select=NUMERIC).findings
    assert found.severity == WARNING and "转换成的文本" in found.message


def test_figures_off_by_the_unit_of_a_table_are_told_under_its_label():
    spot = Evidence(5, None, "表十", "合计", "合计", "20.53")
    label = rule(lambda case: [problem("单位", "表十的单位疑应为万元", Evidence(5, None, "表十", text="单位：元"), expected="万元", actual="元")], "Z998", WARNING)
    wrong = rule(lambda case: [problem("甲", "文字20.53万元与表十不一致", spot, expected=Decimal("0.0021"), actual=Decimal("20.53")),
                               problem("乙", "另一回事", spot, expected=Decimal("21.53"), actual=Decimal("20.53"))])
    by_rule = {f.rule: f for f in findings(document(), label, wrong)}
    assert by_rule["Z998"].follow_ups == ("Z999 文字20.53万元与表十不一致",)
    assert by_rule["Z998"].severity == ERROR and by_rule["Z999"].message == "另一回事"
