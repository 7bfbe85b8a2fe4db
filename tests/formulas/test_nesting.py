"""Tables nested by names: the amounts correct what the names mislead, and excuse no wrong figure."""
import pytest

from core.engine import run_rule
from core.formulas.nesting import by_amounts
from tests.builders import document, table

BODY = "示例县示例局"


def projects(*rows):
    return table("表十二", [[name, amount, amount, "", "", "", ""] for name, amount in rows], bodies=[BODY])


def failures(made):
    return [o.relation for o in run_rule("S122", document([made], unit_name=BODY)) if o.status == "fail"]


def test_a_body_of_unusual_name_is_told_by_its_amount():
    made = projects((BODY, "60.00"), ("示例县示例中心", "20.00"), ("示例经费", "20.00"), ("示例县融媒", "40.00"), ("宣传", "15.00"), ("设备", "25.00"))
    assert failures(made) == []
    assert [o.level for o in by_amounts(made).lines] == [1, 2, 3, 2, 3, 3]


def test_a_body_with_one_project():
    made = projects((BODY, "60.00"), ("示例县示例中心", "20.00"), ("示例经费", "20.00"), ("示例县融媒", "40.00"), ("宣传", "40.00"))
    assert failures(made) == []


def test_a_project_that_bears_the_name_of_a_body():
    made = projects((BODY, "60.00"), (BODY, "60.00"), ("示例经费", "20.00"), ("便民服务中心", "40.00"))
    assert failures(made) == []


@pytest.mark.parametrize("wrong", ["61.00", "6.00", "120.00"])
def test_a_wrong_total_stays_wrong(wrong):
    made = projects((BODY, wrong), ("示例县示例中心", "20.00"), ("示例经费", "20.00"), ("示例县示例所", "40.00"), ("宣传经费", "15.00"), ("设备购置费", "25.00"))
    assert failures(made) == [f"表十二[{BODY}].合计 = 求和(下级.合计)", f"表十二[{BODY}].一般公共预算 = 求和(下级.一般公共预算)"]


def test_a_table_whose_sums_hold_is_left_as_it_is():
    made = projects((BODY, "40.00"), ("示例经费", "20.00"), ("示例补助", "20.00"))
    assert by_amounts(made) is made
