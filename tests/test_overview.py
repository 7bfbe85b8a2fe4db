"""The overview counts every relation where it belongs and takes its bars from the printed totals."""
from decimal import Decimal

from core.overview import AGREES, DOUBTFUL, NARRATIVE, NOT_RUN, WRONG, compositions, coverage_parts, not_run, relation_map, requirements
from core.results import Coverage, Result
from tests.builders import document
from tests.gui.demo import demo_result


def edges(result):
    return {(e.one, e.two): e for e in relation_map(result)[1]}


def test_an_edge_joins_the_tables_of_a_relation_and_takes_its_worst_state():
    found = edges(demo_result())
    assert found["表一", "表二"].state == AGREES
    assert found["表五", "表六"].state == WRONG and found["表五", "表六"].relations.label == "1✗"
    assert found["表六", "表十一"].state == DOUBTFUL


def test_a_relation_that_did_not_run_is_an_edge_too_read_from_its_wording():
    assert edges(demo_result())["表四", "表八"].state == NOT_RUN


def test_narrative_stands_for_every_sentence():
    found = edges(demo_result())
    assert found["表三", NARRATIVE].relations.passed == 2
    assert {n.key for n in relation_map(demo_result())[0]} >= {NARRATIVE, "表八"}


def test_relations_inside_a_table_belong_to_its_node():
    node = next(n for n in relation_map(demo_result())[0] if n.key == "表三")
    assert [c.rule for c in node.own.checks] == ["S201"] and node.state == AGREES


def test_a_numbered_name_is_not_taken_for_a_shorter_one():
    assert ("表十", "表十二") not in edges(demo_result()) and ("表三", "表十二") in edges(demo_result())


def test_composition_comes_from_the_total_rows():
    income, functions, structure = compositions(demo_result().document)
    assert [(s.label, s.value) for s in income.shares] == [("一般公共预算", Decimal("1180.50")), ("上年结转", Decimal("20.00"))]
    assert [s.label for s in functions.shares] == ["社会保障和就业支出", "住房保障支出", "卫生健康支出"]
    assert [s.label for s in structure.shares] == ["基本支出", "项目支出"]
    assert income.shares[0].evidence.cell is not None


def test_fully_verified_neighbours_are_one_bar():
    assert [p.label for p in coverage_parts(demo_result())][:2] == ["表一 至 表三", "表四"]
    assert sum(p.amounts for p in coverage_parts(demo_result())) == demo_result().coverage.amounts


def test_not_run_is_grouped_by_reason_and_broken_rules_lead():
    groups = not_run(demo_result())
    assert groups[0].broken and len(groups[1].checks) == 2
    assert sum(len(g.checks) for g in groups) == 5


def test_requirements_are_ticked_or_say_what_is_missing():
    found = {r.checks[0].rule: r for r in requirements(demo_result())}
    assert found["F001"].state == AGREES and found["F005"].state == NOT_RUN
    assert found["F004"].state == DOUBTFUL and found["F004"].finding is not None


def test_an_empty_result_gives_an_empty_picture():
    nothing = Result(document(), (), (), Coverage(0, 0))
    assert relation_map(nothing)[1] == () and compositions(nothing.document) == () and coverage_parts(nothing) == ()
