"""Departmental accounts (决算): nine tables in 万元, the Shanghai form or the national one with line numbers."""
from __future__ import annotations

import random
from decimal import Decimal
from itertools import zip_longest

from tests.generator.facts import ACCOUNTS_GLOSSARY, CLASSES, ECONOMY, FUNCTION, NUMERALS
from tests.generator.figures import Look, said, share, wan
from tests.generator.paper import Entry, Grid, Heading, Paper, Para, Row, merged
from tests.generator.words import alike, listed, ratio, reason
from tests.generator.world import ZERO, World

LEVEL = {3: "class", 5: "group", 7: "item"}
SPENDING = tuple(c for c in CLASSES if c not in ("社会保险基金支出", "预备费", "转移性支出", "债务发行费用支出"))
CODE_OF = {name: code for code, name in FUNCTION.items() if len(code) == 3}
TITLES = ("收入支出决算总表", "收入决算表", "支出决算表", "财政拨款收入支出决算总表", "一般公共预算财政拨款支出决算表", "一般公共预算财政拨款基本支出决算表",
          "财政拨款“三公”经费支出决算表", "政府性基金预算财政拨款收入支出决算表", "国有资本经营预算财政拨款收入支出决算表")
NOTES = ("本年度的总收支和年末结转结余情况", "本年度取得的各项收入情况", "本年度各项支出情况", "本年度财政拨款总收支和结转结余情况", "本年度一般公共预算财政拨款支出情况",
         "本年度一般公共预算财政拨款基本支出明细情况", "本年度“三公”经费支出预决算情况", "本年度政府性基金预算财政拨款收入支出及结转和结余情况",
         "本年度国有资本经营预算财政拨款收入支出及结转和结余情况")


class Accounts:
    """The year as it ended: what was spent, what was left over, and what had been planned."""

    def __init__(self, world: World, look: Look, national: bool) -> None:
        self.world, self.look, self.national = world, look, national
        self.rng = rng = random.Random(f"accounts/{world.seed}/{world.theme.body}")
        spare = next((p for p in world.projects if not p.carried and p.source == "general" and p.amount > 20000), None)
        self.left = {spare.code: (spare.amount / 500).to_integral_value() * 100} if spare else {}
        self.planned: dict[str, Decimal] = {}
        for code in world.codes(lambda c: len(c) == 7 and self.general(c)):
            now = self.general(code)
            self.planned[code] = now if rng.random() < 0.4 else (now * rng.randint(85, 118) / 10000).to_integral_value() * 100
        self.three_planned = {k: v + (Decimal(rng.randint(1, 90)) * 100 if v else ZERO) for k, v in (
            ("abroad", world.abroad), ("purchase", world.car_purchase), ("running", world.car_running), ("reception", world.reception))}
        before = world.last.total
        granted = before if self.granted_total == world.total else (before * self.granted_total / world.total / 100).to_integral_value() * 100
        self.before = {"total": before, "granted": granted, "general": (granted * self.general("") / world.total / 100).to_integral_value() * 100}

    def unspent(self, code: str) -> Decimal:
        return sum((v for c, v in self.left.items() if c.startswith(code)), ZERO)

    def spent(self, code: str) -> Decimal:
        return self.world.basic(code) + self.project(code)

    def project(self, code: str) -> Decimal:
        return self.world.project(code) - self.unspent(code)

    def general(self, code: str) -> Decimal:
        """General-budget appropriation spent under a code."""
        return self.world.basic(code) + self.world.project(code, "general") - self.unspent(code)

    def fund(self, code: str) -> Decimal:
        return self.world.project(code, "fund")

    @property
    def granted_total(self) -> Decimal:
        return self.world.income["general"] + self.world.income["fund"] + self.world.carried


def disclosure(world: World, look: Look | None = None, *, national: bool = False, columns: int = 1) -> Paper:
    """The accounts of this world's year. `columns`: codes in one column or in three (类, 款, 项)."""
    year = Accounts(world, look or Look(), national)
    name, who, y = world.unit_name, world.who, world.year
    tables = account_tables(year, columns)
    words = _notes(year)
    glossary = [Para("s4", f"{NUMERALS[i]}、{term}{text}", fact=f"term:{term}") for i, (term, text) in enumerate(ACCOUNTS_GLOSSARY)]
    parts = [f"第一部分 {name}概况", f"第二部分 {name}{y}年度{who}决算表", f"第三部分 {name}{y}年度{who}决算情况说明", "第四部分 名词解释"]
    blocks: list[Heading | Para | Grid] = [Heading("s1", 1, parts[0], True), Heading("s1.1", 2, "一、主要职能"), Para("s1.1", f"{name}的主要职能是：")]
    blocks += [Para("s1.1", f"{i + 1}.{text}") for i, text in enumerate(world.theme.duties)]
    organisation = f"二、{who}决算单位构成" if not world.single else "二、机构设置"
    blocks.append(Heading("s1.2", 2, organisation))
    blocks.append(Para("s1.2", f"{name}{y}年度{who}决算编制范围包括：" + listed([u.name for u in world.units]) + "。"))
    blocks += [Heading("s2", 1, parts[1], True), *tables, Heading("s3", 1, parts[2], True), *words, Heading("s4", 1, parts[3], True), *glossary]
    contents = [Entry(parts[0], 1, "s1"), Entry("一、主要职能", 2, "s1.1"), Entry(organisation, 2, "s1.2"), Entry(parts[1], 1, "s2")]
    contents += [Entry(f"{NUMERALS[i]}、{g.title}", 2, g.id) for i, g in enumerate(tables)]
    contents.append(Entry(parts[2], 1, "s3"))
    contents += [Entry(b.title, 2, b.id) for b in words if isinstance(b, Heading) and b.level == 2]
    contents.append(Entry(parts[3], 1, "s4"))
    return Paper("national-accounts" if national else "shanghai-accounts", name, y, who, "决算", [name, f"{y}年度", f"{who}决算"], contents, blocks,
                 f"{world.seed}", national, False, "万元")


# ------------------------------------------------------------------ tables

def account_tables(year: Accounts, columns: int) -> list[Grid]:
    world, look = year.world, year.look

    def grid(n: int, role: str, head: list[list[str]], rows: list[Row], widths: list[float], amounts: list[int], empty: str = "", wide: bool = False) -> Grid:
        header, boxes = merged(head)
        cells, merges = merged([["<" if c is None else c for c in r.cells] for r in rows])
        for row, made in zip(rows, cells, strict=True):
            row.cells = made
        out = Grid(f"表{n}", role, TITLES[n - 1], header, boxes, rows, widths, amounts, boxes=merges, landscape=wide, unit_line="单位：万元",
                   label=f"公开0{n}表" if year.national else "", notes=[f"注：本表反映{world.who}{NOTES[n - 1]}。"])
        if year.national:
            out.body_line = f"编制单位：{world.unit_name}"
        if empty and not any(r.cells[c] and r.cells[c] not in ("—", "无") for r in rows for c in amounts):
            out.notes.append(f"说明：{world.unit_name}本年度没有{empty}，故本表无数据。")
        return out

    def code_cells(code: str) -> list[str]:
        return [code, FUNCTION[code]] if columns == 1 else [code[:3], code[3:5], code[5:7], FUNCTION[code]]

    def tree(values: dict[str, tuple[Decimal, ...]], last: bool = False) -> list[Row]:
        rows = [Row([*code_cells(c), *(look(v) for v in vs)], LEVEL[len(c)], c, (len(c) - 1) // 2) for c, vs in values.items() if c]
        total = Row(["合计", *[None] * (1 if columns == 1 else 3), *(look(v) for v in values[""])], "total")
        return [*rows, total] if last else [total, *rows]

    def head(*names: str) -> list[list[str]]:
        n = len(names)
        if columns == 1:
            return [["项目", "<", *names], ["功能分类科目编码", "科目名称", *["^"] * n]]
        return [["项目", "<", "<", "<", *names], ["功能分类科目编码", "<", "<", "科目名称", *["^"] * n], ["类", "款", "项", "^", *["^"] * n]]

    k = 2 if columns == 1 else 4
    lead: list[float] = [11, 27] if columns == 1 else [5, 5, 5, 25]
    earned = {}
    for c in ["", *world.codes(lambda c: world.current(c))]:
        granted, own = world.current(c, "general", "fund"), world.current(c, "own")
        earned[c] = (granted + own, granted, ZERO, own, ZERO, ZERO, ZERO)
    spent = {c: (year.spent(c), world.basic(c), year.project(c), ZERO, ZERO, ZERO) for c in ["", *world.codes(year.spent)]}
    general = {c: (year.general(c), world.basic(c), year.general(c) - world.basic(c)) for c in ["", *world.codes(year.general)]}
    grids = [grid(1, "summary", *_summary(year)),
             grid(2, "income", head("本年收入合计", "财政拨款收入", "上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入"), tree(earned),
                  [*lead, 10, 10, 9, 9, 8, 9, 9], list(range(k, k + 7)), wide=True),
             grid(3, "expenditure", head("本年支出合计", "基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出"), tree(spent),
                  [*lead, 11, 11, 11, 9, 9, 10], list(range(k, k + 6)), wide=True),
             grid(4, "appropriation", *_appropriation(year)),
             grid(5, "general", head("合计", "基本支出", "项目支出"), tree(general, True), [*lead, 20, 20, 20], [k, k + 1, k + 2]),
             grid(6, "basic_two", *_basic(year)), grid(7, "three_public", *_three(year), empty="财政拨款“三公”经费支出", wide=True)]
    over = ["年初结转和结余", "本年收入", "本年支出", "<", "<", "年末结转和结余"]
    under = ["^", "^", "合计", "基本支出", "项目支出", "^"]
    if columns == 1:
        top = [["项目", "<", *over], ["功能分类科目编码", "科目名称", *under]]
    else:
        top = [["项目", "<", "<", "<", *over], ["功能分类科目编码", "<", "<", "科目名称", *under], ["类", "款", "项", "^", *["^"] * 6]]
    by_fund = {c: (ZERO, year.fund(c), year.fund(c), ZERO, year.fund(c), ZERO) for c in ["", *world.codes(year.fund)]}
    nothing = {"": (ZERO,) * 6}
    grids.append(grid(8, "fund", top, tree(by_fund), [*lead, 11, 11, 10, 10, 10, 10], list(range(k, k + 6)), "政府性基金预算财政拨款收入和支出"))
    grids.append(grid(9, "capital", top, tree(nothing), [*lead, 11, 11, 10, 10, 10, 10], list(range(k, k + 6)), "国有资本经营预算财政拨款收入和支出"))
    return grids


def _two_sided(year: Accounts, left: list[tuple[str, str]], right: list[list[str]], levels: list[str]) -> tuple[list[Row], int]:
    """Rows of a two-sided table; the national form has line numbers after each name."""
    rows = []
    n = len(right)
    for i, (a, b) in enumerate(zip_longest(left, right, fillvalue=("", ""))):
        if year.national:
            rows.append(Row([a[0], str(i + 1) , a[1], b[0], str(n + i + 1), *b[1:]], levels[i]))
        else:
            rows.append(Row([*a, *b], levels[i]))
    return rows, 2 if year.national else 1


def _summary(year: Accounts) -> tuple[list[list[str]], list[Row], list[float], list[int]]:
    world, look = year.world, year.look
    income = [("一般公共预算财政拨款收入", world.income["general"]), ("政府性基金预算财政拨款收入", world.income["fund"]), ("国有资本经营预算财政拨款收入", ZERO),
              ("上级补助收入", ZERO), ("事业收入", world.income["own"]), ("经营收入", ZERO), ("附属单位上缴收入", ZERO), ("其他收入", ZERO)]
    left = [(f"{NUMERALS[i]}、{n}", look(v)) for i, (n, v) in enumerate(income)]
    left += [("", "")] * (len(SPENDING) - len(left))
    right = [[f"{NUMERALS[i]}、{n}", look(year.spent(CODE_OF.get(n, "-")))] for i, n in enumerate(SPENDING)]
    left += [("本年收入合计", look(world.this_year)), ("使用非财政拨款结余", ""), ("年初结转和结余", look(world.carried)), ("总计", look(world.total))]
    right += [["本年支出合计", look(year.spent(""))], ["结余分配", ""], ["年末结转和结余", look(year.unspent(""))], ["总计", look(world.total)]]
    rows, at = _two_sided(year, left, right, ["line"] * len(SPENDING) + ["sum", "carry", "carry", "total"])
    if at == 1:
        return [["收入", "<", "支出", "<"], ["项目", "决算数", "项目", "决算数"]], rows, [32, 18, 32, 18], [1, 3]
    return ([["收入", "<", "<", "支出", "<", "<"], ["项目", "行次", "金额", "项目", "行次", "金额"]], rows, [30, 6, 15, 30, 6, 15], [2, 5])


def _appropriation(year: Accounts) -> tuple[list[list[str]], list[Row], list[float], list[int]]:
    world, look = year.world, year.look
    names = ("一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款")
    left = [(f"{NUMERALS[i]}、{n}", look(world.income[s])) for i, (n, s) in enumerate(zip(names, ("general", "fund", "capital"), strict=True))]
    left += [("", "")] * (len(SPENDING) - 3)
    right = []
    for i, n in enumerate(SPENDING):
        code = CODE_OF.get(n, "-")
        a, b = year.general(code), year.fund(code)
        right.append([f"{NUMERALS[i]}、{n}", look(a + b), look(a), look(b), look(ZERO)])
    a, b, rest = year.general(""), year.fund(""), year.unspent("")
    now = world.income["general"] + world.income["fund"]
    blank = ["", "", "", "", ""]
    left += [("本年收入合计", look(now)), ("年初财政拨款结转和结余", look(world.carried)), (f"一、{names[0]}", look(world.carried)), (f"二、{names[1]}", ""),
             (f"三、{names[2]}", ""), ("总计", look(now + world.carried))]
    right += [["本年支出合计", look(a + b), look(a), look(b), look(ZERO)], ["年末财政拨款结转和结余", look(rest), look(rest), "", ""], blank, blank, blank,
              ["总计", look(a + b + rest), look(a + rest), look(b), look(ZERO)]]
    rows, at = _two_sided(year, left, right, ["line"] * len(SPENDING) + ["sum", "carry", "carry_part", "carry_part", "carry_part", "total"])
    top = ["合计", *names]
    if at == 1:
        return [["收入", "<", "支出", "<", "<", "<", "<"], ["项目", "决算数", "项目", *top]], rows, [22, 12, 24, 11, 11, 10, 10], [1, 3, 4, 5, 6]
    return ([["收入", "<", "<", "支出", "<", "<", "<", "<", "<"], ["项目", "行次", "金额", "项目", "行次", *top]], rows, [21, 5, 11, 22, 5, 10, 10, 8, 8], [2, 5, 6, 7, 8])


def _basic(year: Accounts) -> tuple[list[list[str]], list[Row], list[float], list[int]]:
    world, look = year.world, year.look

    def listing(*classes: str) -> list[tuple[str, str, str]]:
        return [(c, n, look(world.subject(c))) for c, n in sorted(ECONOMY.items()) if c[:3] in classes]

    left, right = listing("301", "303"), listing("302", "310")
    rows = [Row([*a, *b], "pair") for a, b in zip_longest(left, right, fillvalue=("", "", ""))]
    rows.append(Row(["人员经费合计", None, look(world.personnel), "公用经费合计", None, look(world.running)], "total"))
    return [["经济分类科目编码", "科目名称", "决算数", "经济分类科目编码", "科目名称", "决算数"]], rows, [12, 24, 14, 12, 24, 14], [2, 5]


def _three(year: Accounts) -> tuple[list[list[str]], list[Row], list[float], list[int]]:
    world, look, plan = year.world, year.look, year.three_planned
    spent = {"abroad": world.abroad, "purchase": world.car_purchase, "running": world.car_running, "reception": world.reception}
    cells = []
    for keys in (("abroad", "purchase", "running", "reception"), ("abroad",), ("purchase", "running"), ("purchase",), ("running",), ("reception",)):
        cells += [look(sum((plan[k] for k in keys), ZERO)), look(sum((spent[k] for k in keys), ZERO))]
    top = [["财政拨款“三公”经费", *["<"] * 11], ["合计", "<", "因公出国（境）费", "<", "公务用车购置及运行维护费", *["<"] * 5, "公务接待费", "<"],
           ["^", "^", "^", "^", "小计", "<", "公务用车购置费", "<", "公务用车运行维护费", "<", "^", "^"], ["预算数", "决算数"] * 6]
    top[2] = ["^", "<", "^", "<", "小计", "<", "公务用车购置费", "<", "公务用车运行维护费", "<", "^", "<"]
    return top, [Row(list(cells), "values")], [8.0] * 12, list(range(12))


# ------------------------------------------------------------------ words

def _notes(year: Accounts) -> list[Heading | Para]:
    world, rng, before = year.world, year.rng, year.before
    name, who, y = world.unit_name, world.who, world.year
    out: list[Heading | Para] = []

    def head(id: str, level: int, title: str) -> None:
        out.append(Heading(id, level, title))

    def say(id: str, text: str, fact: str = "") -> None:
        out.append(Para(id, text, fact=fact))

    def change(subject: str, now: Decimal, then: Decimal) -> str:
        if alike(now, then):
            return f"与{y - 1}年度相比，{subject}持平。"
        up = now > then
        return (f"与{y - 1}年度相比，{subject}{'增加' if up else '减少'}{wan(abs(now - then))}万元，{'增长' if up else '下降'}{ratio(now, then)}。"
                f"主要原因：{reason(rng, up)}。")

    def against(now: Decimal, plan: Decimal) -> str:
        if alike(now, plan):
            return "决算数与预算数持平。"
        return f"决算数{'大于' if now > plan else '小于'}预算数的主要原因：{reason(rng, now > plan)}。"

    head("s3.1", 2, "一、收入支出决算总体情况说明")
    say("s3.1", f"{name}{y}年度收入支出总计{wan(world.total)}万元。" + change("收入支出总计", world.total, before["total"]), "change")
    head("s3.2", 2, "二、收入决算情况说明")
    granted, own = world.income["general"] + world.income["fund"], world.income["own"]
    text = f"本年收入合计{wan(world.this_year)}万元，其中：财政拨款收入{wan(granted)}万元，占{share(granted, world.this_year)}"
    say("s3.2", text + (f"；事业收入{wan(own)}万元，占{share(own, world.this_year)}。" if own else "。"), "income")
    head("s3.3", 2, "三、支出决算情况说明")
    spent, basic, project = year.spent(""), world.basic(""), year.project("")
    say("s3.3", f"本年支出合计{wan(spent)}万元，其中：基本支出{wan(basic)}万元，占{share(basic, spent)}；项目支出{wan(project)}万元，占{share(project, spent)}。", "expenditure")
    head("s3.4", 2, "四、财政拨款收入支出决算总体情况说明")
    say("s3.4", f"{name}{y}年度财政拨款收入支出总计{wan(year.granted_total)}万元。" + change("财政拨款收入支出总计", year.granted_total, before["granted"]), "appropriation")
    general = year.general("")
    head("s3.5", 2, "五、一般公共预算财政拨款支出决算情况说明")
    head("s3.5.一", 3, "（一）一般公共预算财政拨款支出决算总体情况")
    say("s3.5.一", f"一般公共预算财政拨款支出{wan(general)}万元，占本年支出合计的{share(general, spent)}。" + change("一般公共预算财政拨款支出", general, before["general"]), "general_scale")
    head("s3.5.二", 3, "（二）一般公共预算财政拨款支出决算结构情况")
    say("s3.5.二", f"一般公共预算财政拨款支出{wan(general)}万元，主要用于以下方面：" + "；".join(
        f"{FUNCTION[c]}（类）{wan(year.general(c))}万元，占{share(year.general(c), general)}" for c in world.codes(lambda c: len(c) == 3 and year.general(c))) + "。", "general_structure")
    head("s3.5.三", 3, "（三）一般公共预算财政拨款支出决算具体情况")
    planned = sum(year.planned.values(), ZERO)
    say("s3.5.三", f"一般公共预算财政拨款支出年初预算为{wan(planned)}万元，支出决算为{wan(general)}万元，完成年初预算的{share(general, planned)}。{against(general, planned)}其中：", "general_detail")
    for i, (code, plan) in enumerate(year.planned.items()):
        path = f"{FUNCTION[code[:3]]}（类）{FUNCTION[code[:5]]}（款）{FUNCTION[code]}（项）"
        say("s3.5.三", f"{i + 1}、{path}。主要用于：{FUNCTION[code]}相关支出。年初预算为{said(plan)}万元，支出决算为{wan(year.general(code))}万元"
                       + (f"，完成年初预算的{share(year.general(code), plan)}" if plan else "") + f"。{against(year.general(code), plan)}", "items")
    names = {people: listed([n for c, n in sorted(ECONOMY.items()) if len(c) == 5 and (c[:3] in ("301", "303")) == people and world.subject(c)]) for people in (True, False)}
    head("s3.6", 2, "六、一般公共预算财政拨款基本支出决算情况说明")
    say("s3.6", f"一般公共预算财政拨款基本支出{wan(basic)}万元。其中：人员经费{wan(world.personnel)}万元，主要包括：{names[True]}；"
                f"公用经费{wan(world.running)}万元，主要包括：{names[False]}。", "basic")
    _three_notes(year, head, say)
    head("s3.8", 2, "八、政府性基金预算财政拨款收入支出决算情况说明")
    fund = world.income["fund"]
    say("s3.8", f"{name}{y}年度政府性基金预算财政拨款本年收入{wan(fund)}万元，本年支出{wan(fund)}万元。" if fund else f"{name}{y}年度无政府性基金预算财政拨款收入和支出。", "fund")
    head("s3.9", 2, "九、国有资本经营预算财政拨款收入支出决算情况说明")
    say("s3.9", f"{name}{y}年度无国有资本经营预算财政拨款收入和支出。")
    n = len(world.projects)
    whole = sum((p.amount for p in world.projects), ZERO)
    good = n - n // 3
    head("s3.10", 2, "十、预算绩效管理情况")
    say("s3.10", f"{name}{y}年度预算绩效管理工作开展情况如下：编报绩效目标的{y}年度项目{n}个，涉及预算金额{wan(whole)}万元；绩效自评的{y}年度项目{n}个，涉及预算金额{wan(whole)}万元"
                 f"（其中，绩效评级为“优”的项目{good}个；绩效评级为“良”的项目{n - good}个；绩效评级为“合格”的项目0个；绩效评级为“不合格”的项目0个）。", "performance")
    head("s3.11", 2, "十一、其他重要事项说明")
    head("s3.11.1", 3, "（一）机关运行经费支出情况")
    used, last = sum(world.operating.values(), ZERO), world.last.operating
    if used:
        text = f"机关运行经费支出{wan(used)}万元，比{y - 1}年度{'增加' if used > last else '减少'}{wan(abs(used - last))}万元，{'增长' if used > last else '下降'}{ratio(used, last)}。" \
               f"主要原因是{reason(rng, used > last, 'operating')}。"
        say("s3.11.1", text if not alike(used, last) else f"机关运行经费支出{wan(used)}万元，与{y - 1}年度持平。", "operating")
    else:
        say("s3.11.1", f"本{who}无机关运行经费。", "operating")
    head("s3.11.2", 3, "（二）政府采购支出情况")
    say("s3.11.2", f"{name}{y}年度政府采购金额（以合同签订为准）为{said(world.goods + world.works + world.services)}万元，其中：货物采购金额{said(world.goods)}万元、"
                   f"工程采购金额{said(world.works)}万元、服务采购金额{said(world.services)}万元。", "procurement")
    head("s3.11.3", 3, "（三）国有资产占有使用情况")
    uses = ("部级领导干部用车", "主要领导干部用车", "机要通信用车", "应急保障用车", "执法执勤用车", "特种专业技术用车", "离退休干部用车", "其他用车")
    say("s3.11.3", f"截至{y}年12月31日，{name}共有车辆{sum(world.vehicles)}辆，其中：" + "、".join(f"{u}{v}辆" for u, v in zip(uses, (*world.vehicles, 0), strict=True))
        + f"。单价100万元（含）以上设备（不含车辆）{world.devices[1]}台（套）。", "vehicles")
    return out


def _three_notes(year: Accounts, head, say) -> None:  # type: ignore[no-untyped-def]
    world, plan = year.world, year.three_planned
    whole = sum(plan.values(), ZERO)
    head("s3.7", 2, "七、财政拨款“三公”经费支出决算情况说明")
    if not world.three and not whole:
        say("s3.7", f"{world.unit_name}{world.year}年度无“三公”经费财政拨款支出。", "three")
        return

    def done(now: Decimal, then: Decimal) -> str:
        return f"，完成预算的{share(now, then)}" if then else ""

    cars = world.car_purchase + world.car_running
    direction = "与预算数持平" if alike(whole, world.three) else f"{'大于' if world.three > whole else '小于'}预算数的主要原因：{reason(year.rng, world.three > whole, 'three')}"
    say("s3.7", f"“三公”经费财政拨款支出年初预算为{said(whole)}万元，支出决算为{said(world.three)}万元{done(world.three, whole)}，其中：因公出国（境）费决算为{said(world.abroad)}万元"
                f"{done(world.abroad, plan['abroad'])}；公务用车购置及运行维护费支出决算为{said(cars)}万元{done(cars, plan['purchase'] + plan['running'])}；"
                f"公务接待费支出决算为{said(world.reception)}万元{done(world.reception, plan['reception'])}。{world.year}年度“三公”经费支出决算数{direction}。", "three")
