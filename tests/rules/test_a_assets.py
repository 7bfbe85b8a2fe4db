from decimal import Decimal

import pytest

from tests.builders import document, section, table
from tests.rules.running import at, failures, holds, not_run, severity

THREE = [["因公出国（境）费", "", "", "", ""], ["公务接待费", "", "", "", ""], ["公务用车购置及运行费", "{}", "", "", ""], ["①公务用车购置费", "{}", "", "", ""],
         ["②公务用车运行维护费", "{}", "", "", ""], ["合计", "", "", "", ""]]


def told(*texts, buying="", running="3.00", **more):
    rows = [[c.format(v) for c in r] for r, v in zip(THREE, ("", "", running, buying, running, ""), strict=True)]
    return document([table("表十", rows)], [section("十一、国有资产占有使用情况", *texts, role="assets_note")], **more)


CARS = "截至{}，示例县示例局共有公务用车编制{}辆，实有{}辆，其中：执法执勤用车3辆，其他公务用车{}辆。"


def test_vehicles_by_use_add_up():
    assert holds("A001", told(CARS.format("2023年12月31日", 5, 5, 2)))
    (found,) = failures("A001", told(CARS.format("2023年12月31日", 5, 5, 4)))
    assert (found.expected, found.actual) == (Decimal(7), Decimal(5))
    assert {e.text for e in found.evidence} >= {"5辆", "3辆", "4辆"}
    assert not_run("A001", told("房屋面积0平方米。"))


def test_what_is_said_aside_in_brackets_is_not_the_total():
    text = "示例县示例局共有车辆{}辆（含借用1辆），其中：一般公务用车2辆、执法执勤用车1辆。"
    assert not failures("A001", told(text.format(3)))


def test_a_list_that_may_be_a_part_only_warns():
    some = "示例县示例局实有车辆9辆，其中：执法执勤用车3辆，机要通信用车{}辆。"
    assert [severity("A001", o) for o in failures("A001", told(some.format(2)))] == ["warning"]
    assert [severity("A001", o) for o in failures("A001", told(some.format(7)))] == ["error"]


def test_not_more_vehicles_than_the_quota():
    assert holds("A002", told(CARS.format("2023年12月31日", 5, 5, 2)))
    assert failures("A002", told(CARS.format("2023年12月31日", 4, 5, 2)))
    assert not_run("A002", told("共有车辆0辆。"))


@pytest.mark.parametrize(("day", "verdict"), [("2023年12月31日", None), ("2024年5月24日", "warning"), ("2024年12月31日", "error")])
def test_the_day_assets_are_told_of(day, verdict):
    doc = told(CARS.format(day, 5, 5, 2))
    found = failures("A003", doc)
    assert [severity("A003", f) for f in found] == ([verdict] if verdict else [])
    if verdict:
        assert found[0].expected == "截至2023年12月31日" and at(found[0])[3] == f"截至{day}"


def test_shanghai_counts_at_the_end_of_august():
    doc = document([], [section("五、国有资产占有使用情况", "截至2023年8月31日，共有车辆0辆。", role="assets_note")], template_id="shanghai-budget")
    assert holds("A003", doc)
    assert not_run("A003", document())


def test_vehicles_bought_and_money_for_them():
    text = "截至2023年12月31日共有车辆2辆。2024年部门预算安排购置车辆{}辆。"
    assert holds("A004", told(text.format(0)))
    assert failures("A004", told(text.format(1)))
    assert failures("A004", told(text.format(0), buying="20.00"))
    assert failures("A004", told("共有车辆0辆。")), "running costs without a vehicle"
    assert not_run("A004", told("房屋面积0平方米。"))


def test_equipment_of_two_kinds():
    text = "占有使用价值50万元（原值）以上的通用设备0台（套）；占有使用价值100万元（原值）以上的{}设备0台（套）。"
    assert holds("A005", told(text.format("专用")))
    (found,) = failures("A005", told(text.format("通用")))
    assert found.expected == "专用设备"
    assert not_run("A005", told("房屋面积0平方米。"))
