"""The relations of every bundled template: well written, true of right disclosures, false of wrong ones, not run where they cannot be."""
from collections.abc import Iterator
from decimal import Decimal

import pytest

from core.engine import run_rule
from core.formulas import FormulaError, FormulaOutcome, formula_rules, load_user_rules
from core.layouts import templates
from core.model import Document
from core.numbers import show
from core.reference import regulations
from core.results import FAIL, PASS, SKIPPED
from core.rules.base import Rule
from tests.builders import document
from tests.formulas.made import CASES, made, with_cell
from tests.formulas.provinces import PROVINCES, TEMPLATE, province

RULES = [(t, r) for t in templates() for r in formula_rules(t)]
NAMES = [f"{t.id}-{r.id}" for t, r in RULES]
ACROSS = "单位."
CLEAN = {"arithmetic", "cross_table", "cross_document"}


def documents(template_id: str) -> list[Document]:
    if template_id == TEMPLATE:
        return [province(p) for p in PROVINCES]
    wanted = "national-accounts" if template_id == "national-accounts" else template_id
    return [made(c) for c in CASES if c.template == wanted or wanted == "national-accounts" and c.template == "shanghai-accounts"]


@pytest.mark.parametrize(("template", "rule"), RULES, ids=NAMES)
def test_every_relation_explains_itself(template, rule):
    assert rule.title and rule.explanation and rule.example and rule.remedy
    assert rule.basis and set(rule.basis) <= set(regulations())
    assert rule.family in CLEAN


@pytest.mark.parametrize("template", templates(), ids=lambda t: t.id)
def test_no_number_is_used_twice(template):
    ids = [r.id for r in formula_rules(template)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(("template", "rule"), RULES, ids=NAMES)
def test_right_disclosures_satisfy_every_relation(template, rule):
    outcomes = [o for doc in documents(template.id) for o in run_rule(rule, doc, template=template, prior=units(doc))]
    assert [o.message for o in outcomes if o.status == FAIL] == []
    assert any(o.status == PASS for o in outcomes)


@pytest.mark.parametrize(("template", "rule"), RULES, ids=NAMES)
def test_every_relation_can_fail(template, rule):
    assert any(FAIL in {o.status for o in run_rule(rule, wrong, template=template, prior=units(right))}
               for right in documents(template.id) for wrong in broken(rule, right))


@pytest.mark.parametrize(("template", "rule"), RULES, ids=NAMES)
def test_without_tables_nothing_is_run_and_that_is_said(template, rule):
    outcomes = run_rule(rule, document(template_id=template.id), template=template)
    assert outcomes
    assert all(o.status == SKIPPED and o.reason for o in outcomes)


def units(doc: Document) -> tuple[Document, ...]:
    """A unit with the very figures of its department: what a right department at least has."""
    from dataclasses import replace
    return (replace(doc, kind=doc.kind.replace("部门", "单位")),) if doc.kind.startswith("部门") else ()


def broken(rule: Rule, right: Document) -> Iterator[Document]:
    """The document with one figure of the rule's relations far off, in several ways."""
    for outcome in run_rule(rule, right, prior=units(right)):
        instance = outcome.instance if isinstance(outcome, FormulaOutcome) else None
        for term in (instance.terms if instance is not None else ())[:4]:
            figure = term.figure
            if figure.cell is None or figure.document:
                continue
            for value in (figure.value + Decimal(1234), Decimal(0) - figure.value - 1):
                yield with_cell(right, figure.table, figure.cell.row, figure.cell.column, show(value))
    for table in right.tables:
        if table.id in rule.formula:
            for line in [o for o in table.lines if o.total or len(table.lines) < 4]:
                for column in table.columns:
                    cell = line.cells.get(column.key)
                    if column.kind == "amount" and cell is not None:
                        yield with_cell(right, table.id, cell.row, cell.column, "1234.00")


# ------------------------------------------------------------------ the reviewer's own

def test_plain_lines_are_rules(tmp_path):
    file = tmp_path / "本局.txt"
    file.write_text("# 自定义\nZ001 两表一致: 表六[合计].合计 = 表五[合计].基本支出\n\nZ002 逐行：每行(表三): 本行.合计 ≥ 0\n", "utf-8")
    one, two = load_user_rules(file)
    assert (one.id, one.title, one.family, one.severity, two.id) == ("Z001", "两表一致", "custom", "error", "Z002")
    assert {o.status for o in run_rule(one, made(CASES[0]))} == {PASS}


def test_toml_rules_have_severity_and_words(tmp_path):
    file = tmp_path / "本局.toml"
    file.write_text('[[relation]]\nid = "Z001"\ntitle = "两表一致"\nformula = "表六[合计].合计 = 表五[合计].基本支出"\nseverity = "warning"\nwhy = "同一笔钱"\n', "utf-8")
    (rule,) = load_user_rules(file)
    assert (rule.severity, rule.explanation, rule.source) == ("warning", "同一笔钱", "user")


@pytest.mark.parametrize(("text", "told"), [
    ("Z001 两表一致: 表六[合计].合计 = \n", "第 1 行"),
    ("# 注\n说明文字没有冒号\n", "第 2 行看不懂"),
    ("Z001 甲: 表六[合计].合计 = 1\nZ001 乙: 表六[合计].合计 = 2\n", "用了两次"),
    ('[[relation]]\nid = "Z001"\ntitle = "甲"\n', "缺少 formula"),
    ('[[relation]]\nid = "Z001"\ntitle = "甲"\nformula = "1 = 1"\nseverity = "bad"\n', "severity"),
    ('[[relation]]\nid = \n', "TOML"),
])
def test_mistakes_in_a_rules_file_are_told(tmp_path, text, told):
    file = tmp_path / "本局.txt"
    file.write_text(text, "utf-8")
    with pytest.raises(FormulaError) as caught:
        load_user_rules(file)
    assert told in str(caught.value)
