"""项目支出绩效目标表: one form for each project, amounts in 元."""
from __future__ import annotations

import random
from decimal import Decimal

from tests.generator.paper import Grid, Row, merged
from tests.generator.world import LEVELS, Project, World

GOALS = ("及时足额落实项目资金，保障相关工作顺利开展。", "按计划完成年度任务，服务对象满意度稳步提升。", "规范资金管理，提高财政资金使用效益。")
OUTPUTS = (("补助发放人数", "≥{n}人"), ("服务次数", "≥{n}次"), ("设备维护数量", "≥{n}台"), ("开展活动场次", "≥{n}场"), ("项目完成数量", "≥{n}个"))


def form(world: World, project: Project, number: int, rng: random.Random) -> Grid:
    """The form of a project that lasts one year: both sides alike."""
    yuan = f"{project.amount:,.0f}" if project.amount == project.amount.to_integral_value() else f"{project.amount:,}"
    funds = [("其中:" if i == 0 else "") + level for i, level in enumerate(LEVELS)]
    money = [yuan if level == project.level else "0" for level in LEVELS]
    output, value = rng.choice(OUTPUTS)
    value = value.format(n=rng.randint(1, 300))
    plan = f"{rng.choice(['一', '二', '三'])}季度前完成实施方案，年底前完成全部任务并组织验收。"
    rows = [
        ["项目名称", "<", project.name, "<", "<", "<", "<", "<"],
        ["主管部门及代码", "<", f"{world.theme.code}-{world.department}", "<", "<", "实施单位", project.unit.name, "<"],
        ["项目属性", "<", "一次性项目(1年结束)" if project.category == "特定目标类" else "延续性项目", "<", "<", "项目期", "1年", "<"],
        ["项目资金(元)", "<", "实施期资金总额:", "<", yuan, "年度资金总额:", "<", yuan],
        *[["^", "<", funds[i], "<", money[i], funds[i], "<", money[i]] for i in range(5)],
        ["项目概况", "<", f"{project.name}用于{'保障机构履行职责所需的日常业务开支' if project.category == '其他运转类' else '落实惠民政策和重点工作任务'}。", "<", "<", "<", "<", "<"],
        ["立项依据", "<", f"{world.place}财政局关于下达{world.year}年部门预算的通知", "<", "<", "<", "<", "<"],
        ["项目设立必要性", "<", "履行部门职责和完成年度重点工作的需要。", "<", "<", "<", "<", "<"],
        ["保证项目实施的制度、措施", "<", "建立健全项目管理和资金使用制度，专人负责，定期检查。", "<", "<", "<", "<", "<"],
        ["项目实施计划", "<", plan, "<", "<", "<", "<", "<"],
        ["总体目标", "<", "实施期目标", "<", "<", "年度目标", "<", "<"],
        ["^", "<", *([rng.choice(GOALS), "<", "<"] * 2)],
        ["绩效指标", "一级指标", "二级指标", "三级指标", "指标值", "二级指标", "三级指标", "指标值"],
    ]
    rows[15][5] = rows[15][2]
    rate = rng.choice(["95%", "98%", "100%"])
    for first, second, third, wanted in (
            ("产出指标", "数量指标", output, value), ("^", "质量指标", "资金使用合规率", "100%"), ("^", "时效指标", "资金拨付及时率", f"≥{rate}" if rate != "100%" else rate),
            ("^", "成本指标", "项目总成本", "不高于预算"), ("效益指标", "经济效益指标", "", ""), ("^", "社会效益指标", "保障工作正常开展", "有效保障"),
            ("^", "生态效益指标", "", ""), ("^", "可持续影响指标", "长效机制健全性", "逐步健全"),
            ("满意度指标", "服务对象满意度指标", "服务对象满意度", f"≥{rng.choice([90, 92, 95])}%")):
        rows.append(["^", first, second, third, wanted, second, third, wanted])
    cells, boxes = merged(rows)
    return Grid(f"绩效{number}", "form", f"{world.place}县(区)级预算部门(单位)项目支出绩效目标表", [], [], [Row(c) for c in cells],
                [8, 11, 15, 15, 14, 15, 15, 14], [4, 7], "perf", boxes, subtitle=f"({world.year}年度)", project=project.name, size=8.0,
                footer=f"负责人:　　　　　　经办人:　　　　　　联系电话:　　　　　　填报日期:{world.year}01{rng.randint(10, 28)}{rng.randint(90000, 175959):06d}")


def total(projects: list[Project]) -> Decimal:
    return sum((p.amount for p in projects), Decimal(0))
