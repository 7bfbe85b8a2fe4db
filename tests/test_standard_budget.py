"""The template for places without one of their own: which titles are which table, and that it takes no disclosure from another template."""
from __future__ import annotations

import pytest

from core.layouts import template, templates

STANDARD = template("standard-budget")
ROLES = {
    "summary": ("收支总表", "部门收支总表", "2025年单位收支预算总表", "收支总体情况表", "2024年部门收支总体情况表", "部门财务收支预算总表", "2025年部门综合预算收支总表",
                "示例市示例局2025年收支预算总表"),
    "income": ("收入总表", "部门收入总表", "部门收入预算表", "收入总体情况表", "2025年部门综合预算收入总表", "单位收入预算总表"),
    "expenditure": ("支出总表", "部门支出总表", "部门支出预算表", "支出总体情况表", "单位支出预算总表"),
    "appropriation": ("财政拨款收支总表", "财政拨款收支预算总表", "财政拨款收支总体情况表", "2025年部门综合预算财政拨款收支总表"),
    "general": ("一般公共预算支出表", "一般公共预算支出预算表", "一般公共预算财政拨款支出表", "一般公共预算支出情况表（按功能分类科目）", "一般公共预算支出预算表（按功能科目分类）",
                "2025年部门综合预算一般公共预算支出明细表（按支出功能分类科目）"),
    "basic": ("一般公共预算基本支出表", "一般公共预算基本支出预算表", "一般公共预算财政拨款基本支出表", "一般公共预算基本支出情况表（按支出经济分类科目）",
              "一般公共预算基本支出明细表（按支出经济分类科目）"),
    "three_public": ("一般公共预算“三公”经费支出表", "一般公共预算“三公”经费、会议费、培训费支出表", "财政拨款安排的行政经费及“三公”经费预算表",
                     "财政拨款（含一般公共预算和政府性基金预算）“三公”经费支出表"),
    "fund": ("政府性基金预算支出表", "政府性基金支出预算表", "政府性基金预算支出情况表", "政府性基金预算财政拨款支出表"),
    "capital": ("国有资本经营预算支出表", "国有资本经营预算支出预算表", "国有资本经营预算收支情况表"),
    "operating": ("一般公共预算机关运行经费支出预算表", "机关运行经费预算表"),
    "": ("收入支出决算总表", "财政拨款支出表（功能科目）", "财政拨款基本支出表（经济科目）", "一般公共预算项目支出预算表", "一般公共预算支出情况表（按支出经济分类科目）",
         "政府采购支出预算表", "项目支出绩效目标表", "政府性基金预算“三公”经费支出预算表", "一般公共预算基本支出明细表（按支出功能分类科目）", "部门基本支出预算表"),
}


@pytest.mark.parametrize(("role", "title"), [(r, t) for r, titles in ROLES.items() for t in titles])
def test_titles_of_many_places(role: str, title: str) -> None:
    layout = STANDARD.layout_for(title)
    assert (layout.role if layout else "") == role


def test_templates_of_a_place_come_first() -> None:
    """Where two fit alike the first wins: the one that knows the place."""
    assert [t.id for t in templates()][-1] == STANDARD.id
    assert not STANDARD.signs


@pytest.mark.parametrize("title", ["七、关于2024年一般公共预算“三公”经费支出表的说明", "七、“三公”经费情况说明", "（一）2025年度“三公”经费预算情况"])
def test_a_heading_may_name_the_year(title: str) -> None:
    from core.text import fold
    assert next(s for s in STANDARD.sections if s.role == "three_public_note").pattern.fullmatch(fold(title))
