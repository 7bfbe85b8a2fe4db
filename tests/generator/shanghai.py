"""The Shanghai district template: nine tables in 元, codes in three columns, narrative in 万元, all pages landscape."""
from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal

from tests.generator.facts import FUNCTION, NUMERALS, SHANGHAI_GLOSSARY
from tests.generator.figures import Look, said, wan
from tests.generator.paper import Entry, Grid, Heading, Paper, Para, Row, merged
from tests.generator.words import alike, amount, listed, reason
from tests.generator.world import ZERO, World, economy_name

LEVEL = {3: "class", 5: "group", 7: "item"}
CODE_HEAD = ["功能分类科目编码", "<", "<", "功能分类科目名称"]


def disclosure(world: World, look: Look | None = None) -> Paper:
    """The whole disclosure of this world, for a department or one unit."""
    look = look or Look("元", True, digits=0)
    rng = random.Random(f"words/{world.seed}/{world.theme.body}/shanghai")
    who, year, name = world.who, world.year, world.unit_name
    tables = budget_tables(world, look)
    glossary = [Para("s3", f"（{NUMERALS[i]}）{term}{text}", fact=f"term:{term}") for i, (term, text) in enumerate(SHANGHAI_GLOSSARY)]
    note, other = f"{year}年{who}预算编制说明", "其他相关情况说明"
    blocks: list[Heading | Para | Grid] = [Heading("s1", 1, f"{name}主要职能", True), Para("s1", f"{name}主要职能包括：")]
    blocks += [Para("s1", f"{i + 1}、{text}") for i, text in enumerate(world.theme.duties)]
    blocks.append(Heading("s2", 1, f"{name}机构设置", True))
    offices = listed(list(world.theme.offices))
    if not world.single:
        below = world.units[1:]
        blocks.append(Para("s2", f"{name}部门预算是包括{name}本部以及下属{len(below)}家预算单位的综合收支计划。"))
        blocks.append(Para("s2", f"本部门中，行政单位1家，事业单位{len(below)}家，具体包括：" + listed([u.name for u in world.units]) + "。"))
    blocks.append(Para("s2", f"{name}设{len(world.theme.offices)}个内设机构，包括：{offices}。"))
    blocks += [Heading("s3", 1, "名词解释", True), *glossary, Heading("s4", 1, note, True), *_notes(world, rng), *tables, Heading("s6", 1, other, True), *_other(world, rng)]
    titles = [f"一、{who}主要职能", f"二、{who}机构设置", "三、名词解释", f"四、{who}预算编制说明"]
    contents = [Entry(t, 1, f"s{i + 1}") for i, t in enumerate(titles)]
    contents.append(Entry(f"五、{who}预算表", 1, tables[0].id))
    contents += [Entry(f"{i + 1}. {g.title}", 2, g.id) for i, g in enumerate(tables)]
    contents.append(Entry(f"六、{other}", 1, "s6"))
    if not world.single:
        blocks += _project_notes(world, contents)
    cover = [f"{world.place}{year}年区级{who}预算", f"预算{'主管' if who == '部门' else ''}{who}：{name}"]
    return Paper("shanghai-budget", name, year, who, "预算", cover, contents, blocks, f"{world.seed}", False, True, "元")


# ------------------------------------------------------------------ tables

def budget_tables(world: World, look: Look) -> list[Grid]:
    year, who = f"{world.year}年", "部门" if world.who == "部门" else "预算单位"
    given = ("general", "fund", "capital")

    def grid(n: int, role: str, title: str, head: list[list[str]], rows: list[Row], widths: list[float], amounts: list[int], fund: str = "", unit: str = "元") -> Grid:
        header, boxes = merged(head)
        cells, merges = merged([["<" if c is None else c for c in r.cells] for r in rows])
        for row, made in zip(rows, cells, strict=True):
            row.cells = made
        out = Grid(f"表{n}", role, f"{year}{title}", header, boxes, rows, widths, amounts, boxes=merges, landscape=True,
                   body_line=f"编制{world.who}：{world.unit_name}", unit_line=f"单位：{unit}")
        if not any(r.cells[c] and r.cells[c] not in ("—", "无") for r in rows for c in amounts) and fund:
            out.notes = [f"注:本{world.who}{year}无{fund}，故本表为空表。"]
        return out

    def tree(values: dict[str, tuple[Decimal, ...]]) -> list[Row]:
        rows = [Row([c[:3], c[3:5], c[5:7], FUNCTION[c], *(look(v) for v in vs)], LEVEL[len(c)], c, (len(c) - 1) // 2) for c, vs in values.items() if c]
        return [*rows, Row(["合计", None, None, None, *(look(v) for v in values[""])], "total")]

    def head(over: str, *columns: str) -> list[list[str]]:
        n = len(columns)
        return [["项目", "<", "<", "<", over, *["<"] * (n - 1)], [*CODE_HEAD, *columns], ["类", "款", "项", "^", *["^"] * n]]

    everything = world.codes(lambda c: world.current(c))
    income = {}
    for c in ["", *everything]:
        granted = sum((world.current(c, s) for s in given), ZERO)
        income[c] = (granted + world.current(c, "own"), granted, world.current(c, "own"), ZERO, ZERO)
    both = {c: (world.current(c), world.basic(c), world.project(c)) for c in ["", *everything]}
    general = {c: (world.current(c, "general"), world.basic(c), world.project(c, "general")) for c in ["", *world.codes(lambda c: world.current(c, "general"))]}
    by_fund = {c: (world.project(c, "fund"), ZERO, world.project(c, "fund")) for c in ["", *world.codes(lambda c: world.project(c, "fund"))]}
    wide = [6, 5, 5, 34, 17, 17, 16]
    grids = [_summary(world, look, grid, who),
             grid(2, "income", f"{who}收入预算总表", head("收入预算", "合计", "财政拨款收入", "事业收入", "事业单位经营收入", "其他收入"), tree(income),
                  [6, 5, 5, 28, 13, 13, 10, 10, 10], [4, 5, 6, 7, 8]),
             grid(3, "expenditure", f"{who}支出预算总表", head("支出预算", "合计", "基本支出", "项目支出"), tree(both), wide, [4, 5, 6]),
             _appropriation(world, look, grid, who),
             grid(5, "general", f"{who}一般公共预算支出功能分类预算表", head("一般公共预算支出", "合计", "基本支出", "项目支出"), tree(general), wide, [4, 5, 6]),
             grid(6, "fund", f"{who}政府性基金预算支出功能分类预算表", head("政府性基金预算支出", "合计", "基本支出", "项目支出"), tree(by_fund), wide, [4, 5, 6],
                  "政府性基金预算财政拨款安排的预算"),
             grid(7, "capital", f"{who}国有资本经营预算支出功能分类预算表", head("国有资本经营预算支出", "合计", "基本支出", "项目支出"),
                  tree({"": (ZERO, ZERO, ZERO)}), wide, [4, 5, 6], "国有资本经营预算财政拨款安排的预算")]
    rows = []
    for c in ("301", "302", "303", "310"):
        if not world.subject(c):
            continue
        people = c in ("301", "303")
        for code in [c, *dict.fromkeys(s for s, _ in world.economy((c,)))]:
            v = world.subject(code)
            rows.append(Row([code[:3], code[3:], economy_name(code), look(v), look(v) if people else look(ZERO), look(ZERO) if people else look(v)],
                            "class" if len(code) == 3 else "group", code, 1 if len(code) == 3 else 2))
    rows.append(Row(["合计", None, None, look(world.personnel + world.running), look(world.personnel), look(world.running)], "total"))
    top = [["项目", "<", "<", "一般公共预算基本支出", "<", "<"], ["部门预算经济分类科目编码", "<", "经济分类科目名称", "合计", "人员经费", "公用经费"], ["类", "款", "^", "^", "^", "^"]]
    grids.append(grid(8, "basic", f"{who}一般公共预算基本支出部门预算经济分类预算表", top, rows, [9, 8, 35, 16, 16, 16], [3, 4, 5]))
    cars = world.car_purchase + world.car_running

    def ten(yuan: Decimal) -> str:
        return wan(yuan) if yuan else ""

    top = [["“三公”经费预算数", "<", "<", "<", "<", "<", "机关运行经费预算数"],
           ["合计", "因公出国(境)费", "公务接待费", "公务用车购置及运行费", "<", "<", "^"], ["^", "^", "^", "小计", "购置费", "运行费", "^"]]
    rows = [Row([ten(world.three), ten(world.abroad), ten(world.reception), ten(cars), ten(world.car_purchase), ten(world.car_running),
                 ten(sum(world.operating.values(), ZERO))], "values")]
    grids.append(grid(9, "three_public", f"{'部门' if world.who == '部门' else '单位'}“三公”经费和机关运行经费预算表", top, rows, [14, 14, 14, 14, 14, 14, 16],
                      [0, 1, 2, 3, 4, 5, 6], "“三公”经费和机关运行经费预算", "万元"))
    return grids


def _summary(world: World, look: Look, grid, who: str) -> Grid:  # type: ignore[no-untyped-def]
    given = ("general", "fund", "capital")
    granted = sum((world.income[s] for s in given), ZERO)
    left = [("一、财政拨款收入", granted), ("1. 一般公共预算资金", world.income["general"]), ("2. 政府性基金", world.income["fund"]), ("3. 国有资本经营预算", world.income["capital"]),
            ("二、事业收入", world.income["own"]), ("三、事业单位经营收入", ZERO), ("四、其他收入", ZERO)]
    classes = world.codes(lambda c: len(c) == 3 and world.current(c))
    split = world.single

    def spent(code: str, whole: Decimal) -> list[str]:
        if not split:
            return [look(whole)]
        people = sum((e.amount for e in world.economic if e.code.startswith(code) and e.subject[:3] in ("301", "303")), ZERO)
        return [look(whole), look(people), look(world.basic(code) - people), look(world.project(code))]

    rows = []
    for i in range(max(len(left), len(classes))):
        a = [left[i][0], look(left[i][1])] if i < len(left) else ["", ""]
        b = [f"{NUMERALS[i]}、{FUNCTION[classes[i]]}", *spent(classes[i], world.current(classes[i]))] if i < len(classes) else ["", *[""] * (4 if split else 1)]
        rows.append(Row([*a, *b], "line"))
    rows.append(Row(["收入总计", look(world.total), "支出总计", *spent("", world.total)], "total"))
    if not split:
        top = [["本年收入", "<", "本年支出", "<"], ["项目", "预算数", "项目", "预算数"]]
        return grid(1, "summary", f"{who}财务收支预算总表", top, rows, [28, 22, 28, 22], [1, 3])  # type: ignore[no-any-return]
    top = [["本年收入", "<", "本年支出", "<", "<", "<", "<"], ["项目", "预算数", "项目", "预算数", "<", "<", "<"], ["^", "^", "^", "合计", "基本支出", "<", "项目支出"],
           ["^", "^", "^", "^", "人员经费", "公用经费", "^"]]
    return grid(1, "summary", f"{who}财务收支预算总表", top, rows, [19, 14, 21, 13, 12, 11, 12], [1, 3, 4, 5, 6])  # type: ignore[no-any-return]


def _appropriation(world: World, look: Look, grid, who: str) -> Grid:  # type: ignore[no-untyped-def]
    given = ("general", "fund", "capital")
    names = ("一般公共预算资金", "政府性基金", "国有资本经营预算")
    classes = world.codes(lambda c: len(c) == 3 and sum((world.current(c, s) for s in given), ZERO))
    rows, whole = [], [ZERO, ZERO, ZERO]
    for i in range(max(3, len(classes))):
        a = [f"{NUMERALS[i]}、{names[i]}", look(world.income[given[i]])] if i < 3 else ["", ""]
        parts = [world.current(classes[i], s) for s in given] if i < len(classes) else [ZERO] * 3
        whole = [x + y for x, y in zip(whole, parts, strict=True)]
        b = [f"{NUMERALS[i]}、{FUNCTION[classes[i]]}" if i < len(classes) else "", look(sum(parts, ZERO)), *(look(p) for p in parts)]
        rows.append(Row([*a, *b], "line"))
    granted = sum(whole, ZERO)
    rows.append(Row(["收入总计", look(granted), "支出总计", look(granted), *(look(v) for v in whole)], "total"))
    top = [["财政拨款收入", "<", "财政拨款支出", "<", "<", "<", "<"], ["项目", "预算数", "项目", "合计", "一般公共预算", "政府性基金预算", "国有资本经营预算"]]
    return grid(4, "appropriation", f"{who}财政拨款收支预算总表", top, rows, [19, 14, 21, 14, 14, 12, 12], [1, 3, 4, 5, 6])  # type: ignore[no-any-return]


# ------------------------------------------------------------------ words

def _notes(world: World, rng: random.Random) -> list[Para]:
    year, name, last = world.year, world.unit_name, world.last
    granted = world.income["general"] + world.income["fund"]
    before = last.general + world.income["fund"]
    up = granted > before

    def change(now: Decimal, then: Decimal, than: str = "预算") -> str:
        if alike(now, then):
            return f"与{year - 1}年{than}持平"
        return f"比{year - 1}年{than}{'增加' if now > then else '减少'}{wan(abs(now - then), True)}万元"

    fund = f"与{year - 1}年预算持平"
    out = [
        Para("s4", f"{year}年，{name}收入预算{amount(world.total)}，其中：财政拨款收入{amount(granted)}，{change(granted, before)}；事业收入{amount(world.income['own'])}；"
                   "事业单位经营收入0万元；其他收入0万元。", fact="income"),
        Para("s4", f"支出预算{amount(world.total)}，其中：财政拨款支出预算{amount(granted)}，{change(granted, before)}。财政拨款支出预算中，一般公共预算拨款支出预算"
                   f"{amount(world.income['general'])}，{change(world.income['general'], last.general)}；政府性基金拨款支出预算{amount(world.income['fund'])}，{fund}；"
                   f"国有资本经营预算拨款支出预算0万元，{fund}。", fact="expenditure"),
        Para("s4", f"财政拨款收入支出{'增加' if up else '减少'}的主要原因是：{reason(rng, up)}。", fact="reason"),
        Para("s4", "财政拨款支出主要内容如下：")]
    for i, code in enumerate(world.codes(lambda c: len(c) == 7 and world.current(c, "general"))):
        path = f"{FUNCTION[code[:3]]}（类）{FUNCTION[code[:5]]}（款）{FUNCTION[code]}（项）"
        out.append(Para("s4", f"{i + 1}. “{path}”科目{amount(world.current(code, 'general'))}，主要用于{FUNCTION[code]}相关工作。", fact="items"))
    return out


USES = ("部级领导干部用车", "主要领导干部用车", "机要通信用车", "应急保障用车", "执法执勤用车", "特种专业技术用车", "离退休干部用车", "其他用车")


def _other(world: World, rng: random.Random) -> list[Heading | Para]:
    year, name, who, last = world.year, world.unit_name, world.who, world.last

    def part(title: str, now: Decimal, then: Decimal) -> str:
        if alike(now, then):
            return f"{title}{said(now)}万元，与{year - 1}年预算持平，主要原因是{'按实际业务需求安排' if now else '无此项支出'}"
        return f"{title}{said(now)}万元，比{year - 1}年预算{'增加' if now > then else '减少'}{wan(abs(now - then))}万元，主要原因是{reason(rng, now > then, 'three')}"

    before = last.abroad + last.reception + last.car_running + last.car_purchase
    cars, cars_before = world.car_purchase + world.car_running, last.car_purchase + last.car_running
    whole = sum(world.operating.values(), ZERO)
    projects = list(world.projects)
    out: list[Heading | Para] = [
        Heading("s6.1", 2, f"一、{year}年“三公”经费预算情况说明"), Para("s6.1", part(f"{year}年“三公”经费预算数为", world.three, before) + "。其中：", fact="three"),
        Para("s6.1", "（一）" + part("因公出国（境）费", world.abroad, last.abroad) + "。", fact="three"),
        Para("s6.1", "（二）" + part("公务用车购置及运行费", cars, cars_before) + "。其中：" + part("公务用车购置费", world.car_purchase, last.car_purchase) + "；"
             + part("公务用车运行费", world.car_running, last.car_running) + "。", fact="three"),
        Para("s6.1", "（三）" + part("公务接待费", world.reception, last.reception) + "。", fact="three"),
        Heading("s6.2", 2, "二、机关运行经费预算"),
        Para("s6.2", f"{year}年{name}财政拨款的机关运行经费预算为{said(whole)}万元。" if whole else f"本{who}无机关运行经费。", fact="operating"),
        Heading("s6.3", 2, "三、政府采购预算情况"),
        Para("s6.3", f"{year}年度本{who}政府采购预算{said(world.goods + world.works + world.services)}万元，其中：政府采购货物预算{said(world.goods)}万元、"
                     f"政府采购工程预算{said(world.works)}万元、政府采购服务预算{said(world.services)}万元。", fact="procurement"),
        Heading("s6.4", 2, "四、绩效目标设置情况"),
        Para("s6.4", f"{year}年度，本{who}编报绩效目标的项目共{len(projects)}个，涉及项目预算资金{said(sum((p.amount for p in projects), ZERO))}万元。", fact="performance"),
        Heading("s6.5", 2, "五、国有资产占有使用情况"),
        Para("s6.5", f"截至{year - 1}年8月31日，{name}共有车辆{sum(world.vehicles)}辆，其中："
             + "、".join(f"{use}{n}辆" for use, n in zip(USES, (*world.vehicles, 0), strict=True)) + f"；单价100万元（含）以上设备（不含车辆）{world.devices[1]}台（套）。", fact="vehicles"),
        Para("s6.5", f"{year}年{who}预算安排购置车辆{world.bought}辆；{who}预算安排购置单价100万元（含）以上设备（不含车辆）0台（套）。", fact="bought")]
    return out


def _project_notes(world: World, contents: list[Entry]) -> Sequence[Heading | Para]:
    out: list[Heading | Para] = []
    contents.append(Entry("七、项目经费情况说明", 1, "s7"))
    for n, project in enumerate(sorted(world.projects, key=lambda p: -p.amount)[:2]):
        id = "s7" if n == 0 else f"s7.{n}"
        out.append(Heading(id, 1, f"{project.name}经费情况说明", True))
        for i, (title, text) in enumerate((
                ("项目概述", f"{project.name}用于落实年度重点工作任务，提高公共服务水平。"), ("立项依据", f"{world.place}有关工作实施意见。"), ("实施主体", project.unit.name),
                ("实施方案", "制定实施流程和细则，组织项目审核、跟踪和评估，按程序拨付资金。"), ("实施周期", f"{world.year}.1.1-{world.year}.12.31"),
                ("年度预算安排", f"{world.year}年度项目总预算{said(project.amount)}万元。"), ("绩效目标", "按时完成年度任务，资金使用合规，服务对象满意度达到90%以上。"))):
            out += [Heading(f"{id}.{n}{i}", 2, f"{NUMERALS[i]}、{title}"), Para(f"{id}.{n}{i}", text, fact="project_plan" if title == "年度预算安排" else "")]
    return out
