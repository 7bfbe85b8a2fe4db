"""Which figure is wrong: told by the relations that it alone would mend."""
import pytest

from core.causes import find_causes
from core.formulas import FormulaOutcome, formula_rules
from core.layouts import template
from core.rules.base import Case
from tests.formulas.made import CASES, cell_of, made, planted, with_cell


def causes(doc):
    case = Case(doc, template(doc.template), None)
    instances = [o.instance for r in formula_rules(case.template) if r.severity == "error" for o in r.run(case)
                 if isinstance(o, FormulaOutcome) and o.instance is not None and o.instance.sign == "=" and o.status in ("pass", "fail")]
    return find_causes(instances)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_a_right_disclosure_has_none(case):
    assert causes(made(case)) == []


def test_a_wrong_total_is_told_with_its_value():
    right = made(CASES[0])
    place = cell_of(right, "表三", "合计", "合计")
    (cause,) = causes(with_cell(right, *place, "1.00"))
    assert (cause.figure.table, cause.figure.row, cause.figure.column.split("/")[-1]) == ("表三", "合计", "合计")
    assert cause.expected == right.table("表三").line("合计").cells["合计"].amount.value
    assert len(cause.mended) > 2


def test_a_swap_between_two_columns_is_told_in_both():
    right = made(CASES[0])
    line = next(o for o in right.table("表五").lines if o.level == 3 and o.cells["项目支出"].amount and o.cells["项目支出"].amount.value)
    project, basic = line.cells["项目支出"], line.cells["基本支出"]
    wrong = with_cell(with_cell(right, "表五", project.row, project.column, basic.text or "0.00"), "表五", basic.row, basic.column, project.text)
    found = {(f.row, f.column.split("/")[-1]) for c in causes(wrong) for f in (c.figure, *(f for f, _ in c.partners))}
    assert {(line.label, "项目支出"), (line.label, "基本支出")} <= found


@pytest.mark.parametrize("kind", ["wrong_total_row", "wrong_subtotal_class", "wrong_subtotal_group", "swapped_digits", "decimal_moved", "minus_sign"])
@pytest.mark.parametrize("case", [CASES[0], CASES[5], CASES[8]], ids=lambda c: c.template)
def test_single_slips_are_put_where_they_are(case, kind):
    for doc, said in planted(case, kind):
        places = {(f.table, f.row) for c in causes(doc) for f in (c.figure, *(f for f, _ in c.partners))}
        assert (said["table"], said["row_label"]) in places or any(t == said["table"] and str(said["row_label"]) in r for t, r in places)
