"""P007–P012, P014–P018, P023: performance forms and projects side by side, and what the forms say in themselves."""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from rapidfuzz import fuzz

from core.model import Document, Indicator
from core.narrative.forms import Project, ProjectForm, forms, pairs, plain, unnamed, unsure
from core.numbers import is_blank, same_figure
from core.results import ERROR, INFO, WARNING, Outcome, not_run, of_cell, of_span, passed, problem
from core.rules.base import Case, rule
from core.rules.p005_funds import no_forms
from core.rules.passages import softened
from core.text import fold

_YEAR = re.compile(r"(20\d\d)")
_RATE = re.compile(r"率|比例|比重|满意度|占比|合格|达标")
_OVER = re.compile(r"(?:提高|增长|增加|增幅|超额|同比|上升|收益率|利润率|增值率|周转率|覆盖率|杠杆|完成率)")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)%")
_BARE = re.compile(r"(?:[≥≤><=＝~～]|>=|<=|大于|小于|等于|不低于|不高于)+[%个万元年天次]?")
_RESIDUE = re.compile(r"[Xx×]{1,4}[月日年](?:[Xx×]{1,4}日)?|[Xx×]{2,}")
_CODE = re.compile(r"^\s*(\d{3,6})\s*[-—]")
_ONE_YEAR = re.compile(r"一次性.*1年|1年结束")


def _similar(one: str, two: str) -> float:
    return fuzz.ratio(plain(one), plain(two))


def _nearest(form: ProjectForm, rows: list[Project]) -> Project | None:
    best = max(rows, key=lambda r: _similar(form.name, r.name), default=None)
    return best if best is not None and _similar(form.name, best.name) >= 80 else None


def _near_pairs(doc: Document) -> tuple[list[tuple[ProjectForm, Project]], list[ProjectForm], list[Project]]:
    """What is left of the pairing: forms and projects of nearly the same name, and the rest on both sides."""
    _, lonely, rows = pairs(doc)
    near: list[tuple[ProjectForm, Project]] = []
    rest: list[ProjectForm] = []
    rows = list(rows)
    for form in lonely:
        match = _nearest(form, rows)
        if match is None:
            rest.append(form)
        else:
            rows.remove(match)
            near.append((form, match))
    return near, rest, rows


@rule(id="P007", title="项目没有绩效目标表", family="performance", basis=("mof-2021-101", "template"), tables=("projects",),
      example="项目支出表“遗属补助”11.75万元，附件中没有它的绩效目标表。", remedy="补上该项目的绩效目标表。")
def project_without_form(case: Case) -> Iterable[Outcome]:
    """本年预算的每个项目都应有一张绩效目标表。名称相近的先作名称不一致提示；有未读出的页时不作判断。"""
    relation = "每个项目有绩效目标表"
    doc = case.doc
    every = forms(doc)
    if not every:
        yield no_forms(doc, relation)
        return
    matched, _, _ = pairs(doc)
    for _, row in matched:
        yield passed(f"{row.table.id}“{row.name}”有绩效目标表", *row.evidence("source"))
    _, _, rows = _near_pairs(doc)
    this_year = [r for r in rows if r.table.role == "projects" and (a := r.amount()) is not None and a.value]
    for row in this_year:
        name = f"{row.table.id}“{row.name}”有绩效目标表"
        if doc.unread_pages:
            yield not_run(name, f"有{len(doc.unread_pages)}页没有读出，绩效目标表可能在其中", *row.evidence())
            continue
        if unnamed(doc):
            yield not_run(name, f"有{unnamed(doc)}张绩效目标表没有读出项目名称，可能就是这一项目", *row.evidence())
            continue
        ocr = bool(doc.ocr_pages) or unsure(doc, *every)
        cell = row.cell()
        money = f"（{cell.text}{row.table.amount_unit}）" if cell is not None else ""
        yield problem(name, f"{row.table.id}“{row.name}”{money}没有公开项目支出绩效目标表", *row.evidence("actual"),
                      expected="有绩效目标表", actual="未见", group="" if len(this_year) <= 5 else "多个项目没有公开绩效目标表",
                      suggestion="补上该项目的绩效目标表，或核对项目名称。", severity=softened(ERROR, ocr))


@rule(id="P008", title="绩效目标表的项目不在项目表中", family="performance", severity=WARNING, basis=("mof-2021-101", "template"), tables=("projects",),
      example="附有“社区工作者工资及保险”绩效目标表，项目支出表中没有这一项目。", remedy="在项目支出表中列示，或说明该项目的资金来源。")
def form_without_project(case: Case) -> Iterable[Outcome]:
    """每张绩效目标表的项目应列在项目支出表（本年预算或上年结转）中。"""
    relation = "绩效目标表的项目在项目支出表中"
    doc = case.doc
    if not forms(doc):
        yield no_forms(doc, relation)
        return
    _, rest, _ = _near_pairs(doc)
    matched, _, _ = pairs(doc)
    for form, _row in matched:
        yield passed(f"{form.table.id}“{form.name}”{relation}", *form.named())
    counts = Counter(plain(f.name) for f in forms(doc) if f.name)
    for form in rest:
        if counts[plain(form.name)] > 1:
            yield not_run(f"{form.table.id}“{form.name}”{relation}", "同名的绩效目标表不止一张，见“同一项目有两张绩效目标表”")
            continue
        if not plain(form.name):
            yield not_run(f"{form.table.id}{relation}", "没有读出项目名称")
            continue
        total = form.total
        money = f"（{form.total_cell.text}{form.form.unit}）" if form.total_cell is not None and total is not None and total.value else ""
        tables = "、".join(t.id for t in (doc.table("projects"), doc.table("carried_projects")) if t is not None)
        yield problem(f"{form.table.id}“{form.name}”{relation}", f"绩效目标表“{form.name}”{money}的项目，{tables}中没有", *form.named(),
                      expected="列于项目支出表", actual=form.name, group="" if money else "绩效目标表的项目不在项目支出表中",
                      suggestion="在项目支出表中列示，或核对项目名称。", severity=softened(WARNING, unsure(case.doc, form)))


@rule(id="P009", title="项目名称两处不一致", family="performance", severity=WARNING, basis=("mof-2021-101", "template"), tables=("projects",),
      example="项目支出表“2024年市级困难群众补助资金”，绩效目标表“2024市级困难群众补助资金”。", remedy="统一项目名称。")
def names(case: Case) -> Iterable[Outcome]:
    """绩效目标表与项目支出表中同一项目的名称应完全一致。名称相近而不相同的，提请核对。"""
    relation = "项目名称一致"
    doc = case.doc
    if not forms(doc):
        yield no_forms(doc, relation)
        return
    near, _, _ = _near_pairs(doc)
    for form, row in near:
        yield problem(f"{form.table.id}{relation}", f"绩效目标表项目名称“{form.name}”与{row.table.id}的“{row.name}”不一致", *form.named(),
                      *(of_cell(c, row.table.id, row.line.label, k, "expected") for k, c in row.line.cells.items() if c.text == row.name), expected=row.name,
                      actual=form.name, suggestion="统一项目名称。", severity=softened(WARNING, unsure(case.doc, form)))
    if not near:
        yield passed(relation)


@rule(id="P011", title="同一项目有两张绩效目标表", family="performance", severity=WARNING, basis=("mof-2021-101",),
      example="“2024年遗属补助”有两张绩效目标表，项目支出表中只有一个。", remedy="删去重复的一张，或用资金来源、文号区分两个项目。")
def twice(case: Case) -> Iterable[Outcome]:
    """同名的绩效目标表不应多于项目支出表中的同名项目；项目支出表中也确有同名项目的不算重复。"""
    relation = "一个项目一张绩效目标表"
    doc = case.doc
    every = forms(doc)
    if not every:
        yield no_forms(doc, relation)
        return
    counts = Counter(plain(f.name) for f in every if f.name)
    _, lonely, _ = pairs(doc)
    over = {plain(f.name) for f in lonely if counts[plain(f.name)] > 1}
    for key in over:
        same = [f for f in every if plain(f.name) == key]
        yield problem(relation, f"“{same[0].name}”有{len(same)}张绩效目标表，多于项目支出表中的项目", *(e for f in same for e in f.named()),
                      expected=f"{len(same) - sum(f in lonely for f in same)}张", actual=f"{len(same)}张", suggestion="删去重复的一张，或区分两个项目的名称。")
    if not over:
        yield passed(relation)


@rule(id="P012", title="绩效目标表年度与公开年度不同", family="performance", basis=("mof-2021-101", "template"),
      example="2026年预算公开所附绩效目标表标注“(2025年度)”。", remedy="改为公开年度的绩效目标表。")
def form_year(case: Case) -> Iterable[Outcome]:
    """绩效目标表标注的年度应与公开年度相同。"""
    relation = "绩效目标表年度 = 公开年度"
    doc = case.doc
    every = forms(doc)
    if not every or doc.year is None:
        yield no_forms(doc, relation) if not every else not_run(relation, "未识别出公开年度")
        return
    found = False
    for form in every:
        printed = _YEAR.search(form.form.year)
        if printed is None:
            continue
        found = True
        name = f"{form.table.id}{relation}"
        if int(printed.group(1)) == doc.year:
            yield passed(name)
            continue
        place = of_span(form.form.year_span or form.table.title_span, "actual", form.table.id, form.name, "年度") or form.named()
        yield problem(name, f"绩效目标表“{form.name}”标注“({printed.group(1)}年度)”，公开年度为{doc.year}年", *place, expected=f"{doc.year}年度",
                      actual=f"{printed.group(1)}年度", group=f"绩效目标表标注{printed.group(1)}年度", suggestion=f"改为{doc.year}年度。",
                      severity=softened(ERROR, unsure(case.doc, form)))
    if not found:
        yield not_run(relation, "绩效目标表没有标注年度")


@rule(id="P014", title="一年期项目实施期与年度资金不同", family="performance", severity=WARNING, basis=("mof-2021-101",),
      example="项目属性“一次性项目(1年结束)”，实施期资金总额50000元，年度资金总额45000元。", remedy="核对项目期和两个资金总额。")
def one_year(case: Case) -> Iterable[Outcome]:
    """一次性、一年结束的项目，实施期资金总额应等于年度资金总额。"""
    relation = "一年期项目实施期资金 = 年度资金"
    every = forms(case.doc)
    if not every:
        yield no_forms(case.doc, relation)
        return
    found = False
    for form in every:
        kind = " ".join(c.text for k in ("项目属性", "项目期") if (c := form.form.fields.get(k)) is not None)
        whole, year = form.amount("实施期"), form.amount("年度")
        if not _ONE_YEAR.search(fold(kind)) or whole is None or year is None:
            continue
        found = True
        name = f"{form.table.id}“{form.name}”{relation}"
        cells = (*form.evidence(form.form.funds.get(("实施期", "总额")), "实施期资金总额"), *form.evidence(form.form.funds.get(("年度", "总额")), "年度资金总额", "expected"))
        if same_figure(whole, year):
            yield passed(name, *cells)
        else:
            yield problem(name, f"绩效目标表“{form.name}”为一年期项目，实施期资金{whole.value}{whole.unit}与年度资金{year.value}{year.unit}不同", *cells,
                          expected=year.value, actual=whole.value, suggestion="核对项目期和两个资金总额。")
    if not found:
        yield not_run(relation, "没有写明一年期、又分列实施期和年度资金的绩效目标表")


@rule(id="P015", title="绩效目标表主管部门与其他表不同", family="performance", severity=WARNING, basis=("mof-2021-101",),
      example="多数绩效目标表主管部门为“520-某镇人民政府”，一张为“907-综合股”。", remedy="改为本部门的名称和代码。")
def department(case: Case) -> Iterable[Outcome]:
    """一个部门的绩效目标表，主管部门及代码应当相同。与多数不同的，多半是填成了财政部门的内设机构或别的部门。"""
    relation = "主管部门及代码一致"
    every = forms(case.doc)
    if not every:
        yield no_forms(case.doc, relation)
        return
    stated = [(f, cell) for f in every if (cell := f.form.fields.get("主管部门及代码") or f.form.fields.get("主管部门")) is not None and cell.text.strip()]
    bare = [(f, cell, re.sub(r"^\d+[-—]", "", fold(cell.text))) for f, cell in stated]
    names_count = Counter(n for _, _, n in bare)
    if len(stated) < 3 or names_count.most_common(1)[0][1] < 0.6 * len(stated):
        yield not_run(relation, "绩效目标表不足三张，或主管部门没有占多数的写法")
        return
    usual = names_count.most_common(1)[0][0]
    codes = Counter(m.group(1) for _, c, n in bare if n == usual and (m := _CODE.match(c.text)))
    usual_code = codes.most_common(1)[0][0] if codes else ""
    wrong = False
    for form, cell, name in bare:
        code = _CODE.match(cell.text)
        if name == usual and (code is None or not usual_code or code.group(1) == usual_code):
            continue
        wrong = True
        expected = f"{usual_code}-{usual}" if usual_code else usual
        yield problem(f"{form.table.id}{relation}", f"绩效目标表“{form.name}”的主管部门填为“{cell.text}”，其他表为“{expected}”", *form.evidence(cell, "主管部门及代码"),
                      expected=expected, actual=cell.text, suggestion="改为本部门的名称和代码。", severity=softened(WARNING, cell.ocr))
    if not wrong:
        yield passed(relation)


@rule(id="P016", title="年度目标或年度指标未填", family="performance", severity=WARNING, basis=("mof-2021-101",),
      example="绩效目标表只填实施期目标和指标，年度目标、年度指标值为空。", remedy="补填年度目标和年度绩效指标。")
def yearly_goal(case: Case) -> Iterable[Outcome]:
    """绩效目标表应填写年度目标和年度绩效指标。"""
    relation = "填写了年度目标和年度指标"
    every = forms(case.doc)
    if not every:
        yield no_forms(case.doc, relation)
        return
    found = False
    for form in every:
        goal = form.form.fields.get("年度目标")
        own = [i for i in form.form.indicators if i.period == "年度"]
        if goal is None and not own:
            continue
        found = True
        empty_goal = goal is not None and not goal.text.strip()
        empty_own = bool(own) and not any(i.value is not None and i.value.text.strip() for i in own)
        if not empty_goal and not empty_own:
            yield passed(f"{form.table.id}{relation}")
            continue
        what = "、".join(w for w, e in (("年度目标", empty_goal), ("年度绩效指标", empty_own)) if e)
        place = form.evidence(goal, "年度目标") if empty_goal else form.named()
        yield problem(f"{form.table.id}{relation}", f"绩效目标表“{form.name}”的{what}为空", *place, expected="已填写", actual="空", group=f"{what}未填",
                      suggestion=f"补填{what}。", severity=softened(WARNING, unsure(case.doc, form)))
    if not found:
        yield not_run(relation, "绩效目标表没有年度栏")


@rule(id="P017", title="绩效指标值不规范", family="performance", severity=WARNING, basis=("mof-2021-101",),
      example="指标值只有“≥”，合格率“120%”，或残留“XX月XX日”。", remedy="填写具体、可衡量的指标值。")
def indicator_values(case: Case) -> Iterable[Outcome]:
    """三级指标应有具体的指标值：不能只有比较符号，比率不应大于100%，不应残留“XX月XX日”等模板文字。"""
    relation = "指标值规范"
    every = forms(case.doc)
    if not every:
        yield no_forms(case.doc, relation)
        return
    for form in every:
        wrong = False
        for indicator in form.form.indicators:
            fault = _fault(indicator)
            if fault is None or indicator.value is None:
                continue
            wrong = True
            name = indicator.name.text if indicator.name else indicator.level2
            yield problem(f"{form.table.id}{relation}：{name}", f"绩效目标表“{form.name}”的指标“{name}”的值“{indicator.value.text}”{fault}",
                          of_cell(indicator.value, form.table.id, name, f"{indicator.period}指标值"), expected="具体的指标值", actual=indicator.value.text,
                          suggestion="填写具体、可衡量的指标值。", severity=softened(WARNING, indicator.value.ocr))
        if not wrong:
            yield passed(f"{form.table.id}{relation}")


def _fault(indicator: Indicator) -> str | None:
    value = fold(indicator.value.text) if indicator.value is not None else ""
    name = fold(indicator.name.text) if indicator.name is not None else ""
    if not value:
        return None
    if _RESIDUE.search(value):
        return "残留模板文字"
    if _BARE.fullmatch(value):
        return "只有比较符号，没有数值"
    over = [p for p in _PERCENT.findall(value) if float(p) > 100]
    if over and _RATE.search(name) and not _OVER.search(name):
        return "是比率，大于100%"
    return None


@rule(id="P018", title="两个项目的绩效指标完全相同", family="performance", severity=INFO, basis=("mof-2021-101", "custom"),
      example="两张绩效目标表的全部三级指标和指标值逐字相同。", remedy="按项目内容分别设置指标。")
def same_indicators(case: Case) -> Iterable[Outcome]:
    """两个不同项目的全部三级指标与指标值完全相同，多半是套用的，没有体现项目特点。"""
    relation = "各项目的绩效指标不同"
    every = forms(case.doc)
    if len(every) < 2:
        yield not_run(relation, "绩效目标表不足两张") if every else no_forms(case.doc, relation)
        return
    groups: dict[tuple[str, ...], list[ProjectForm]] = {}
    for form in every:
        key = tuple(fold(c.text) for i in form.form.indicators for c in (i.name, i.value) if c is not None and not is_blank(c.text))
        if len(key) >= 6:
            groups.setdefault(key, []).append(form)
    wrong = False
    for same in groups.values():
        if len({plain(f.name) for f in same}) < 2:
            continue
        wrong = True
        listed = "、".join(f"“{f.name}”" for f in same[:3])
        yield problem(relation, f"{listed}{f'等{len(same)}个项目' if len(same) > 3 else ''}的绩效指标完全相同", *(e for f in same for e in f.named()),
                      expected="按项目设置", actual=f"{len(same)}张相同", suggestion="按项目内容分别设置指标。")
    if not wrong:
        yield passed(relation)


@rule(id="P023", title="三级指标照抄二级指标名称", family="performance", severity=WARNING, basis=("mof-2021-101",),
      example="二级指标“数量指标”下的三级指标仍写“数量指标”，指标值写“100”。", remedy="写明具体的指标内容、计量单位和指标值。")
def copied_indicators(case: Case) -> Iterable[Outcome]:
    """三级指标应说明做什么、做多少。把二级指标的名称照抄一遍，等于没有设置指标。一张表有三个以上这样的指标才提出，同样情况的表合并为一条。"""
    relation = "三级指标与二级指标名称不同"
    every = [f for f in forms(case.doc) if any(i.name is not None and not is_blank(i.name.text) for i in f.form.indicators)]
    if not every:
        yield no_forms(case.doc, relation) if not forms(case.doc) else not_run(relation, "绩效目标表没有三级指标")
        return
    for form in every:
        bare = [i for i in form.form.indicators if i.name is not None and fold(i.name.text) and fold(i.name.text).removesuffix("指标") == fold(i.level2).removesuffix("指标")]
        name = f"{form.table.id}：{relation}"
        if len(bare) < 3:
            yield passed(name)
            continue
        cells = [e for i in bare if i.name is not None for e in form.evidence(i.name, i.level2)]
        yield problem(name, f"绩效目标表“{form.name}”有 {len(bare)} 个三级指标照抄二级指标名称（如“{bare[0].name.text if bare[0].name else ''}”），没有实际内容", *cells,
                      group="三级指标照抄二级指标", suggestion="按项目内容写明指标、计量单位和指标值。")
