from decimal import Decimal

from core.model import Table
from tests.builders import document, section
from tests.rules.running import at, failures, holds, not_run, severity


def told(*texts, role="procurement_note", title="九、政府采购情况", tables=(), **more):
    return document(tables, [section(title, *texts, role=role)], **more)


TOTAL = "2024年示例县示例局政府采购预算总额{}万元。其中：政府采购货物预算6.90万元、政府采购工程预算0万元、政府采购服务预算11.60万元。"


def test_procurement_is_goods_works_and_services():
    assert holds("B001", told(TOTAL.format("18.50")))
    (found,) = failures("B001", told(TOTAL.format("18.60")))
    assert (found.expected, found.actual, at(found)[3]) == (Decimal("18.50"), Decimal("18.60"), "18.60万元")
    assert failures("B001", told(TOTAL.format("18.50").replace("工程预算0", "工程预算1"))), "zero is exact"
    assert not_run("B001", document())


RESERVED = TOTAL.format("18.50") + "面向中小企业预留政府采购项目预算金额{}万元，其中，预留给小型和微型企业的政府采购项目预算为{}万元。"


def test_a_zero_without_a_unit_is_no_name_of_the_next_part():
    assert not failures("B001", told("政府采购预算总额30.00万元：政府采购货物预算10.00万元、政府采购工程预算0、政府采购服务预算20.00万元。"))


def test_two_of_the_three_parts_may_be_all_that_is_told():
    text = "政府采购预算总额{}万元。其中：政府采购货物预算6.90万元、政府采购服务预算11.60万元。"
    assert [severity("B001", o) for o in failures("B001", told(text.format("28.50")))] == ["warning"]
    assert [severity("B001", o) for o in failures("B001", told(text.format("8.50")))] == ["error"]


def test_reserved_for_small_enterprises():
    assert holds("B002", told(RESERVED.format("10.00", "7.00")))
    assert failures("B002", told(RESERVED.format("10.00", "17.00")))
    assert failures("B002", told(RESERVED.format("20.00", "7.00")))
    assert not_run("B002", told(TOTAL.format("18.50")))


WON = ("2024年度政府采购金额（以合同签订为准）为21.07万元，其中：货物采购金额21.07万元、工程采购金额0万元、服务采购金额0万元。"
       "在面向中小企业预留的政府采购项目中，由中小企业供应商中标或成交的，采购金额{}万元；在其他政府采购项目中，由中小企业供应商中标或成交的，采购金额{}万元。")


def test_won_in_reserved_and_other_projects():
    assert holds("B003", told(WON.format("11.07", "10.00"), kind="部门决算", template_id="shanghai-accounts"))
    (found,) = failures("B003", told(WON.format("21.07", "21.07"), kind="部门决算", template_id="shanghai-accounts"))
    assert at(found)[3] == "21.07万元" and severity("B003", found) == "error"
    assert not_run("B003", told(TOTAL.format("18.50")))


def catalogue():
    return Table("目录", "catalogue", "catalogue", "政府购买服务指导性目录", (30,), (), (), ())


def service(text, *tables):
    return told(text, role="service_catalogue_note", title="（一）政府购买服务指导性目录", tables=tables)


def test_services_bought():
    assert holds("B004", service("本部门无政府购买服务项目。"))
    (attached,) = failures("B004", service("本部门无政府购买服务项目。", catalogue()))
    assert severity("B004", attached) == "info"
    (quoted,) = failures("B004", service("一级目录：公共服务。二级目录：公共信息服务。三级目录：省政府驻外机构服务。"))
    assert "层级" in quoted.message and "目录代码" in quoted.message
    assert not_run("B004", document())


def test_procurement_told_in_a_paragraph_of_another_section():
    other = "（一）机关运行经费。2024年机关运行经费预算30.00万元。"
    text = "（二）政府采购情况。" + TOTAL
    where = {"role": "other_note", "title": "七、其他重要事项说明"}
    assert holds("B001", told(other, text.format("18.50"), **where))
    (found,) = failures("B001", told(other, text.format("18.60"), **where))
    assert at(found)[3] == "18.60万元"
