"""The Shanxi county template: thirteen tables, narrative, performance forms, service catalogue."""
from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal

from tests.generator.catalogue import service_catalogue
from tests.generator.facts import CLASSES, FUNCTION, NUMERALS, REVENUE, SHANXI_GLOSSARY
from tests.generator.figures import Look, said, share, wan
from tests.generator.forms import form, total
from tests.generator.paper import Chart, Entry, Grid, Heading, Paper, Para, Row, merged
from tests.generator.words import alike, amount, compared, listed, reason
from tests.generator.world import ZERO, Project, World, economy_name

CLASS_CODES = {name: code for code, name in FUNCTION.items() if len(code) == 3}
TITLES = {
    "表一": "预算收支总表", "表二": "预算收入总表", "表三": "预算支出总表", "表四": "财政拨款收支总表", "表五": "一般公共预算支出预算表（不含上年结转）",
    "表六": "一般公共预算安排基本支出分经济科目表（不含上年结转）", "表七": "政府性基金预算收入表（不含上年结转）",
    "表八": "政府性基金预算支出表（不含上年结转）", "表九": "国有资本经营预算收支预算表（不含上年结转）", "表十": "财政拨款安排“三公”经费支出预算表",
    "表十一": "财政拨款安排机关运行经费预算表", "表十二": "项目支出预算表（本年预算）", "表十三": "项目支出预算表（上年结转）",
}
LEVEL = {3: "class", 5: "group", 7: "item"}
NO_DATA = "注：本表无数据"


def disclosure(world: World, look: Look | None = None, *, blocks: int = 4, charts: bool = True, wide: Sequence[str] = ("表二", "表九", "表十二")) -> Paper:
    """The whole disclosure of this world. `wide` names the tables on landscape pages."""
    look = look or Look()
    rng = random.Random(f"words/{world.seed}/{world.theme.body}")
    tables = budget_tables(world, look)
    for grid in tables:
        grid.landscape = grid.id in wide
    who, year, name = world.who, world.year, world.unit_name
    parts = [("s1", "第一部分 概况"), ("s2", f"第二部分 {year}年{who}预算报表"), ("s3", f"第三部分 {year}年度{who}预算情况说明"), ("s4", "第四部分 名词解释")]
    notes = narrative(world, rng, charts)
    projects = list(world.projects)
    forms = [form(world, p, i + 1, rng) for i, p in enumerate(projects)]
    blocks_: list[Heading | Para | Grid | Chart] = [Heading("s1", 1, parts[0][1], True), *overview(world), Heading("s2", 1, parts[1][1], True), *tables,
                                                   Heading("s3", 1, parts[2][1], True)]
    for block in notes:
        blocks_.append(block)
        if isinstance(block, Para) and block.fact == "forms":
            blocks_ += forms
    if blocks:
        blocks_ += letter()
        blocks_.append(service_catalogue(blocks))
    blocks_ += [Heading("s4", 1, parts[3][1], True), *glossary()]
    contents = [Entry(parts[0][1], 1, "s1"), Entry(f"一、本{who}职责", 2, "s1.1"), Entry("二、机构设置情况", 2, "s1.2"), Entry(parts[1][1], 1, "s2")]
    contents += [Entry(f"{g.id}{g.title}", 2, g.id) for g in tables]
    contents.append(Entry(parts[2][1], 1, "s3"))
    contents += [Entry(b.title, b.level, b.id) for b in notes if isinstance(b, Heading) and (b.level == 2 or b.id.startswith("s3.12"))]
    contents.append(Entry(parts[3][1], 1, "s4"))
    return Paper("shanxi-budget", name, year, who, "预算", [name, f"{year}年度{who}预算公开"], contents, blocks_, f"{world.seed}", True, False, "万元")


# ------------------------------------------------------------------ tables

def _grid(world: World, id: str, role: str, head: list[list[str]], rows: list[Row], widths: list[float], amounts: list[int], *, total_merged: bool = False,
          label: str = "", note: bool = True) -> Grid:
    header, boxes = merged(head)
    cells, merges = merged([["<" if c is None else c for c in r.cells] for r in rows])
    for row, made in zip(rows, cells, strict=True):
        row.cells = made
    grid = Grid(id, role, f"{world.year}年{TITLES[id]}", header, boxes, rows, widths, amounts, boxes=merges, label=label,
                body_line=f"{world.who}名称：{world.unit_name}", unit_line="单位：万元")
    if note and not any(row.cells[c] and row.cells[c] not in ("0.00", "—", "无") for row in rows for c in amounts):
        grid.notes = [NO_DATA]
    return grid


def _tree(world: World, look: Look, codes: list[str], columns: Sequence[tuple[Decimal, ...]], whole: tuple[Decimal, ...]) -> list[Row]:
    """The total row and the rows of a table by functional code."""
    rows = [Row(["合计", None, *(look(v) for v in whole)], "total")]
    for code, values in zip(codes, columns, strict=True):
        rows.append(Row([code, FUNCTION[code], *(look(v) for v in values)], LEVEL[len(code)], code, (len(code) - 1) // 2))
    return rows


def _by_code(world: World, look: Look, values: dict[str, tuple[Decimal, ...]]) -> list[Row]:
    codes = [c for c in values if c]
    return _tree(world, look, codes, [values[c] for c in codes], values[""])


def budget_tables(world: World, look: Look) -> list[Grid]:
    """Tables one to thirteen."""
    year = f"{world.year}年"
    grids = [_summary(world, look), _income(world, look)]

    codes = world.codes(lambda c: world.current(c) + world.carry(c))
    both = {c: (world.basic(c, carried=True), world.project(c)) for c in ["", *codes]}
    spending = [["项目", "<", f"{year}预算数", "<", "<"], ["科目编码", "科目名称", "合计", "基本支出", "项目支出"]]
    grids.append(_grid(world, "表三", "expenditure", spending, _by_code(world, look, {c: (b + p, b, p) for c, (b, p) in both.items()}), [12, 40, 16, 16, 16], [2, 3, 4]))
    grids.append(_appropriation(world, look))
    general = {c: (world.basic(c), world.project(c, "general", carried=False)) for c in ["", *world.codes(lambda c: world.current(c, "general"))]}
    grids.append(_grid(world, "表五", "general", spending, _by_code(world, look, {c: (b + p, b, p) for c, (b, p) in general.items()}), [12, 40, 16, 16, 16], [2, 3, 4]))
    grids.append(_basic(world, look))

    funds = world.income["fund"]
    rows = [Row(["合计", None, look(funds)], "total")]
    if funds:
        rows += [Row([c, n, look(funds)], LEVEL[len(c)], c, (len(c) - 1) // 2) for c, n in REVENUE.items()]
    grids.append(_grid(world, "表七", "fund_income", [["项目", "<", "政府性基金收入预算"], ["收入科目编码", "科目名称", "^"]], rows, [20, 50, 30], [2]))
    by_fund = {c: (world.project(c, "fund", carried=False), ZERO, world.project(c, "fund", carried=False))
               for c in ["", *world.codes(lambda c: world.project(c, "fund", carried=False))]}
    grids.append(_grid(world, "表八", "fund", [["科目编码", "科目名称", "合计", "基本支出", "项目支出"]], _by_code(world, look, by_fund), [12, 40, 16, 16, 16], [2, 3, 4]))
    head = [["国有资本经营预算收入", "<", "<", "国有资本经营预算支出", "<", "<", "<", "<"],
            ["项目", "<", "国有资本经营收入预算", "科目编码", "科目名称", "合计", "基本支出", "项目支出"], ["收入科目编码", "科目名称", "^", "^", "^", "^", "^", "^"]]
    grids.append(_grid(world, "表九", "capital", head, [Row(["合计", None, "", "", "", "", "", ""], "total")], [13, 18, 14, 11, 17, 9, 9, 9], [2, 5, 6, 7], label="部门公开表9"))
    grids.append(_three_public(world, look))
    grids.append(_operating(world, look))
    grids += [_projects(world, look, False), _projects(world, look, True)]
    return grids


def _summary(world: World, look: Look) -> Grid:
    names = ("一般公共预算", "政府性基金预算", "国有资本经营预算", "财政专户管理资金", "单位资金")
    income = [(f"{NUMERALS[i]}、{n}", v) for i, (n, v) in enumerate(zip(names, world.income.values(), strict=True))]
    rows = []
    for i, name in enumerate(CLASSES):
        code = CLASS_CODES.get(name, "-")
        left = income[i] if i < len(income) else ("", ZERO)
        now, late = world.current(code), world.carry(code)
        rows.append(Row([left[0], look(left[1]), f"{NUMERALS[i]}、{name}", look(now + late), look(now), look(late)], "line"))
    rows.append(Row(["本年收入合计", look(world.this_year), "本年支出合计", look(world.total), look(world.this_year), look(world.carried)], "sum"))
    rows.append(Row(["上年结转", look(world.carried), "年终结转", "", "", ""], "carry"))
    rows.append(Row(["收入总计", look(world.total), "支出总计", look(world.total), look(world.this_year), look(world.carried)], "total"))
    head = [["收入", "<", "支出", "<", "<", "<"], ["项目", f"{world.year}年", "项目", f"{world.year}年合计", "当年预算安排", "上年结转安排"]]
    return _grid(world, "表一", "summary", head, rows, [21, 13, 27, 13, 13, 13], [1, 3, 4, 5], label="预算公开表1")


def _income(world: World, look: Look) -> Grid:
    values = {}
    for c in ["", *world.codes(lambda c: world.current(c) + world.carry(c))]:
        sources = [world.current(c, s) for s in world.income]
        values[c] = (sum(sources, ZERO), *sources, world.carry(c))
    head = [["项目", "<", "本年收入", "<", "<", "<", "<", "<", "上年结转"],
            ["科目编码", "科目名称", "合计", "一般公共预算", "政府性基金", "国有资本经营预算", "财政专户管理资金", "单位资金", "^"]]
    return _grid(world, "表二", "income", head, _by_code(world, look, values), [9, 25, 10, 10, 10, 9, 9, 9, 9], [2, 3, 4, 5, 6, 7, 8])


def _appropriation(world: World, look: Look) -> Grid:
    given = ("general", "fund", "capital")
    names = ("一般公共预算", "政府性基金预算", "国有资本经营预算")
    rows = []
    whole = [ZERO, ZERO, ZERO]
    for i, name in enumerate(CLASSES):
        code = CLASS_CODES.get(name, "-")
        parts = [world.current(code, s) + world.carry(code, s) for s in given]
        whole = [a + b for a, b in zip(whole, parts, strict=True)]
        left = (f"{NUMERALS[i]}、{names[i]}", look(world.income[given[i]])) if i < 3 else ("", "")
        rows.append(Row([*left, f"{NUMERALS[i]}、{name}", look(sum(parts, ZERO)), *(look(p) for p in parts)], "line"))
    income = sum((world.income[s] for s in given), ZERO)
    late = [world.carry("", s) for s in given]
    spent = sum(whole, ZERO)
    rows.append(Row(["本年收入合计", look(income), "本年支出合计", look(spent), *(look(v) for v in whole)], "sum"))
    rows.append(Row(["上年财政拨款结转", look(sum(late, ZERO)), "年终结转", "", "", "", ""], "carry"))
    rows += [Row([f"{NUMERALS[i]}、{names[i]}", look(late[i]), "", "", "", "", ""], "carry_part") for i in range(3)]
    rows.append(Row(["收入总计", look(income + sum(late, ZERO)), "支出总计", look(spent), *(look(v) for v in whole)], "total"))
    head = [["收入", "<", "支出", "<", "<", "<", "<"], ["项目", "金额", "项目", "金额", "<", "<", "<"],
            ["^", "^", "^", "小计", "一般公共预算", "政府性基金预算", "国有资本经营预算"]]
    return _grid(world, "表四", "appropriation", head, rows, [20, 12, 24, 12, 12, 10, 10], [1, 3, 4, 5, 6])


def _basic(world: World, look: Look) -> Grid:
    def values(whole: Decimal, subject: str) -> list[str]:
        people = subject[:3] in ("301", "303")
        return [look(whole), look(whole) if people else look(ZERO), look(ZERO) if people else look(whole)]

    rows = [Row(["合计", "", look(world.personnel + world.running), look(world.personnel), look(world.running)], "total")]
    for head in ("301", "302", "303", "310"):
        if not world.subject(head):
            continue
        rows.append(Row([economy_name(head), "", *values(world.subject(head), head)], "class", "", 1))
        rows += [Row([economy_name(s), g, *values(v, s)], "group", "", 2) for (s, g), v in world.economy((head,)).items()]
    head = [["部门预算支出经济科目名称", "政府预算支出经济科目名称", f"{world.year}年预算数", "<", "<"], ["^", "^", "合计", "人员经费", "公用经费"]]
    return _grid(world, "表六", "basic", head, rows, [28, 27, 15, 15, 15], [2, 3, 4])


def _three_public(world: World, look: Look) -> Grid:
    lines = [("因公出国（境）费", world.abroad, "part"), ("公务接待费", world.reception, "part"), ("公务用车购置及运行费", world.car_purchase + world.car_running, "part"),
             ("①公务用车购置费", world.car_purchase, "subpart"), ("②公务用车运行维护费", world.car_running, "subpart"), ("合计", world.three, "total")]
    rows = [Row([name, look(v), look(v), look(ZERO), look(ZERO)], level) for name, v, level in lines]
    head = [["项目", f"{world.year}年预算数", "<", "<", "<"], ["^", "合计", "一般公共预算", "政府性基金预算", "国有资本经营预算"]]
    return _grid(world, "表十", "three_public", head, rows, [32, 17, 17, 17, 17], [1, 2, 3, 4], label="预算公开表10")


def _operating(world: World, look: Look) -> Grid:
    whole = sum(world.operating.values(), ZERO)
    rows = [Row(["部门合计", look(whole), look(whole), look(ZERO), look(ZERO)], "total")]
    rows += [Row([name, look(v), look(v), look(ZERO), look(ZERO)], "unit") for name, v in world.operating.items() if v]
    head = [["单位名称", f"{world.year}预算数", "<", "<", "<"], ["^", "合计", "一般公共预算", "政府性基金预算", "国有资本经营预算"]]
    return _grid(world, "表十一", "operating", head, rows, [36, 16, 16, 16, 16], [1, 2, 3, 4])


def _projects(world: World, look: Look, carried: bool) -> Grid:
    sources = ("general", "fund", "capital") if carried else ("general", "fund", "capital", "special", "own")
    chosen = [p for p in world.projects if p.carried == carried]

    def line(name: str, some: Sequence[Project], level: str) -> Row:
        parts = [total([p for p in some if p.source == s]) for s in sources]
        return Row([name, look(sum(parts, ZERO)), *(look(v) for v in parts)], level)

    rows = []
    if chosen:
        rows.append(line(world.unit_name, chosen, "total"))
        for unit in world.units:
            mine = [p for p in chosen if p.unit == unit]
            if not mine:
                continue
            if not world.single:
                rows.append(line(unit.name, mine, "unit"))
            rows += [line(p.name, [p], "project") for p in mine]
    head = [["项目名称", "合计", f"{world.year}年财政拨款", "<", "<"], ["^", "^", "一般公共预算", "政府性基金预算", "国有资本经营预算"]]
    if not carried:
        head[0] += ["财政专户管理资金", "单位资金"]
        head[1] += ["^", "^"]
    head.append([str(i + 1) for i in range(len(head[0]))])
    widths = [32, 15, 18, 17, 18] if carried else [30, 12, 13, 12, 12, 11, 10]
    return _grid(world, "表十三" if carried else "表十二", "carried_projects" if carried else "projects", head, rows, widths, list(range(1, len(widths))))


# ------------------------------------------------------------------ words

def overview(world: World) -> list[Heading | Para]:
    name, who = world.unit_name, world.who
    out: list[Heading | Para] = [Heading("s1.1", 2, f"一、本{who}职责"), Para("s1.1", f"{name}的主要职责是：")]
    out += [Para("s1.1", f"{i + 1}.{text}") for i, text in enumerate(world.theme.duties)]
    offices = listed(list(world.theme.offices))
    out.append(Heading("s1.2", 2, "二、机构设置情况"))
    if world.single:
        out.append(Para("s1.2", f"{name}内设{len(world.theme.offices)}个机构：{offices}。"))
    else:
        below = [u.name for u in world.units[1:]]
        out.append(Para("s1.2", f"{name}内设{len(world.theme.offices)}个股室：{offices}。"))
        out.append(Para("s1.2", f"{name}部门预算包括本级预算和所属{len(below)}个事业单位预算在内的汇总预算，所属单位为：{listed(below)}。"))
    return out


def narrative(world: World, rng: random.Random, charts: bool) -> list[Heading | Para | Chart]:
    """The third part, sentence by sentence, from the world."""
    name, year, who, last = world.unit_name, world.year, world.who, world.last
    out: list[Heading | Para | Chart] = []

    def head(id: str, level: int, title: str) -> None:
        out.append(Heading(id, level, title))

    def say(id: str, text: str, fact: str = "") -> None:
        out.append(Para(id, text, fact=fact))

    change = compared(rng, world.total, last.total, "，比上年")
    if not change.startswith("，"):
        change = "，" + change
    head("s3.1", 2, f"一、{who}预算收支数据变动情况及原因")
    say("s3.1", f"{year}年度{name}预算收入总计{amount(world.total)}，其中：本年收入{amount(world.this_year)}，上年结转{amount(world.carried)}{change}；"
                f"本年{who}预算支出总计{amount(world.total)}，其中：本年预算安排{amount(world.this_year)}，上年结转{amount(world.carried)}{change}。", "change")
    labels = ("一般公共预算拨款收入", "政府性基金预算拨款收入", "国有资本经营预算拨款收入", "财政专户管理资金收入", "单位资金")
    head("s3.2", 2, "二、收入预算情况说明")
    say("s3.2", f"{year}年度{name}预算收入{amount(world.total)}，主要包括" + "；".join(
        f"{label}{amount(v)}，占{share(v, world.total)}" for label, v in [*zip(labels, world.income.values(), strict=True), ("上年结转", world.carried)]) + "。", "income")
    if charts:
        out.append(Chart("收入预算图", [(label, float(v)) for label, v in [*zip(labels, world.income.values(), strict=True), ("上年结转", world.carried)] if v]))
    basic, project = world.basic("", carried=True), world.project("")
    head("s3.3", 2, "三、支出预算情况说明")
    say("s3.3", f"{year}年度{name}支出预算{amount(world.total, False)}，其中：基本支出{amount(basic, False)}，占{share(basic, world.total)}；"
                f"项目支出{amount(project, False)}，占{share(project, world.total)}。", "expenditure")
    given = ("general", "fund", "capital")
    now = {s: world.income[s] for s in given}
    late = {s: world.carry("", s) for s in given}
    both = {s: now[s] + late[s] for s in given}
    classes = world.codes(lambda c: len(c) == 3 and sum((world.current(c, s) + world.carry(c, s) for s in given), ZERO))
    head("s3.4", 2, "四、财政拨款收支预算总体情况说明")
    say("s3.4", f"{year}年度{name}财政拨款收支总预算{amount(sum(both.values(), ZERO))}。其中：一般公共预算拨款{amount(both['general'])}，政府性基金预算拨款{amount(both['fund'])}，"
                f"国有资本经营预算拨款{amount(both['capital'])}。其中：当年拨款收入{amount(sum(now.values(), ZERO))}，上年结转收入{amount(sum(late.values(), ZERO))}。支出包括："
                + listed([f"{FUNCTION[c]}{amount(sum((world.current(c, s) + world.carry(c, s) for s in given), ZERO))}" for c in classes]) + "等。", "appropriation")
    general = world.income["general"]
    head("s3.5", 2, "五、一般公共预算支出情况说明")
    head("s3.5.一", 3, "（一）一般公共预算当年支出规模变化情况")
    change = compared(rng, general, last.general, "，比上年")
    say("s3.5.一", f"{year}年度{name}一般公共预算当年支出{amount(general)}{change if change.startswith('，') else '，' + change}。", "general_scale")
    head("s3.5.二", 3, "（二）一般公共预算当年支出结构情况")
    classes = world.codes(lambda c: len(c) == 3 and world.current(c, "general"))
    say("s3.5.二", f"{year}年度{name}一般公共预算当年支出{amount(general)}，主要用于以下方面：" + "；".join(
        f"{FUNCTION[c]}{amount(world.current(c, 'general'))}，占{share(world.current(c, 'general'), general)}" for c in classes) + "等。", "general_structure")
    if charts:
        out.append(Chart("一般公共预算当年拨款结构图", [(FUNCTION[c], float(world.current(c, "general"))) for c in classes]))
    _basic_note(world, head, say)
    _three_note(world, rng, head, say)
    whole = sum(world.operating.values(), ZERO)
    head("s3.8", 2, "八、机关运行经费增减变动原因说明")
    if whole:
        before = last.operating
        sizes = "与上年持平" if alike(whole, before) else (f"{'增加' if whole > before else '减少'}{wan(abs(whole - before))}万元，"
                                                 f"{'增长' if whole > before else '下降'}{share(abs(whole - before), before)}，原因是{reason(rng, whole > before, 'operating')}")
        say("s3.8", f"本{who}{year}年所属{len([v for v in world.operating.values() if v])}家行政单位机关运行经费财政拨款预算{wan(whole)}万元，比{year - 1}年预算{wan(before)}万元，{sizes}。", "operating")
    else:
        say("s3.8", f"本{who}无机关运行经费。", "operating")
    head("s3.9", 2, "九、政府采购情况")
    say("s3.9", f"{year}年{name}政府采购预算总额{said(world.goods + world.works + world.services)}万元。其中：政府采购货物预算{said(world.goods)}万元、"
                f"政府采购工程预算{said(world.works)}万元、政府采购服务预算{said(world.services)}万元。", "procurement")
    _performance_note(world, head, say)
    _assets_note(world, rng, head, say)
    head("s3.12", 2, "十二、其他说明")
    head("s3.12.1", 3, "（一）政府购买服务指导性目录")
    say("s3.12.1", f"本{who}执行山西省部门政府购买服务指导性目录，目录附后。")
    head("s3.12.2", 3, "（二）其他")
    say("s3.12.2", f"本{who}无其他需要说明的事项。")
    return out


def _basic_note(world: World, head, say) -> None:  # type: ignore[no-untyped-def]
    def subjects(*classes: str) -> str:
        return listed(list(dict.fromkeys(economy_name(s) for s, _ in world.economy(classes))))

    head("s3.6", 2, "六、一般公共预算基本支出情况说明")
    say("s3.6", f"{world.year}年度{world.unit_name}一般公共预算安排基本支出{amount(world.personnel + world.running)}，其中：", "basic")
    say("s3.6", f"人员经费{amount(world.personnel)}，主要包括：{subjects('301', '303')}等；", "personnel")
    say("s3.6", f"公用经费{amount(world.running)}，主要包括：{subjects('302', '310')}等。", "running")


def _three_note(world: World, rng: random.Random, head, say) -> None:  # type: ignore[no-untyped-def]
    last = world.last
    before = last.abroad + last.reception + last.car_running + last.car_purchase
    head("s3.7", 2, "七、“三公”经费增减变动原因说明")
    if not world.three and not before:
        say("s3.7", f"本{world.who}无“三公”经费预算。", "three")
        return

    def part(name: str, now: Decimal, then: Decimal) -> str:
        return f"{name}{said(now)}万元，" + compared(rng, now, then, "与上年相比预算数", topic="three")

    change = compared(rng, world.three, before, f"，比{world.year - 1}年", same=f"，与{world.year - 1}年预算数相同", topic="three")
    say("s3.7", f"{world.year}年{world.unit_name}财政拨款安排的“三公”经费预算{said(world.three)}万元{change}。其中：" + "；".join([
        part("因公出国（境）费", world.abroad, last.abroad), part("公务接待费", world.reception, last.reception),
        part("公务用车运行维护费", world.car_running, last.car_running), part("公务用车购置费", world.car_purchase, last.car_purchase)]) + "。", "three")


def _performance_note(world: World, head, say) -> None:  # type: ignore[no-untyped-def]
    name, year = world.unit_name, world.year
    everything = list(world.projects)
    whole = total(everything)
    kinds = "；".join(f"{kind}项目{len(some)}个，涉及{{}}金额{amount(total(some))}" for kind in ("其他运转类", "特定目标类")
                     for some in [[p for p in everything if p.category == kind]])
    basic = world.basic("", carried=True)
    head("s3.10", 2, "十、绩效管理情况")
    head("s3.10.1", 3, "1、整体绩效目标")
    if world.single:
        say("s3.10.1", f"{year}年编报单位整体绩效目标，涉及资金{amount(world.total, False)}。", "overall_performance")
    else:
        n = len(world.units)
        say("s3.10.1", f"{year}年编报部门整体支出绩效目标，涉及部门预算资金{amount(world.total, False)}，其中基本支出{amount(basic, False)}，项目支出{amount(whole, False)}；"
                       f"机关及下属预算单位{n}个，其中{n}个单位（包括机关）编报了单位整体绩效目标，涉及资金{amount(world.total, False)}。", "overall_performance")
    head("s3.10.2", 3, "2、项目绩效目标")
    say("s3.10.2", f"{year}年{name}纳入绩效目标管理的二级项目{len(everything)}个，共计金额{amount(whole)}。其中：{kinds.format('', '')}。公开项目绩效目标{len(everything)}个，"
                   f"涉及项目金额{amount(whole)}，占部门（单位）项目支出总额的100%。其中：{kinds.format('项目', '项目')}。", "performance")
    say("s3.10.2", "（项目绩效目标表公开情况见附件）", "forms")


VEHICLES = ("领导用车", "机要通信用车", "应急保障用车", "执法执勤用车", "特种专业技术用车", "事业单位业务用车", "其他公务用车")


def _assets_note(world: World, rng: random.Random, head, say) -> None:  # type: ignore[no-untyped-def]
    name, date = world.unit_name, f"截至{world.year - 1}年12月31日，"
    head("s3.11", 2, "十一、国有资产占有使用情况")
    say("s3.11", "1、车辆情况：")
    say("s3.11", f"{date}{name}共有公务用车编制{world.car_posts}辆，实有{sum(world.vehicles)}辆，其中："
                 + "，".join(f"{use}{n}辆" for use, n in zip(VEHICLES, world.vehicles, strict=True)) + "。", "vehicles")
    say("s3.11", "2、房屋情况：")
    say("s3.11", f"{date}{name}使用的办公用房建筑总面积{world.rooms}平方米。", "rooms")
    say("s3.11", "3、其他国有资产占有使用情况：")
    say("s3.11", f"{date}{name}占有使用价值50万元（原值）以上的通用设备{world.devices[0]}台（套）；{name}占有使用价值100万元（原值）以上的专用设备"
                 f"{world.devices[1]}台（套）。", "devices")


def letter() -> list[Para]:
    """The covering letter of the catalogue, shortened."""
    return [Para("s3.12.2", "山西省财政厅文件", "letterhead"), Para("s3.12.2", "晋财综〔2023〕43号", "docno"),
            Para("s3.12.2", "山西省财政厅关于印发《山西省部门政府购买服务指导性目录》的通知", "doctitle"), Para("s3.12.2", "各市财政局，省直有关单位："),
            Para("s3.12.2", "现将《山西省部门政府购买服务指导性目录》印发给你们，请遵照执行。本目录自印发之日起施行。")]


def glossary() -> list[Para]:
    return [Para("s4", f"{NUMERALS[i]}、{term}{text}", fact=f"term:{term}") for i, (term, text) in enumerate(SHANXI_GLOSSARY)]
