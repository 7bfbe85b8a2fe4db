"""A body's money for one year, made up from a seed, in which every relation holds.

Amounts are Decimal 元. In the exact world every leaf is a whole number of hundreds, so that two digits of 万元 show all of it;
in the `residues` world leaves have single 元, and printed sums differ by rounding as real ones do.
"""
from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from tests.generator.facts import ECONOMY, FUNCTION, GOVERNMENT, INSTITUTION

ZERO = Decimal(0)
SOURCES = ("general", "fund", "capital", "special", "own")
LEVELS = ("中央财政资金", "省级财政资金", "市县(区)财政资金", "单位自筹", "其他资金")


@dataclass(frozen=True)
class Unit:
    name: str
    kind: str  # 行政, 参公, 事业
    running: str  # functional code of its running costs


@dataclass(frozen=True)
class Economic:
    """Money for one economic subject of one unit under one functional code."""

    unit: Unit
    subject: str
    government: str
    code: str
    amount: Decimal


@dataclass(frozen=True)
class Project:
    name: str
    unit: Unit
    code: str
    amount: Decimal
    source: str = "general"
    category: str = "特定目标类"
    level: str = "市县(区)财政资金"
    carried: bool = False


@dataclass(frozen=True)
class Theme:
    """What a body of one trade does: functional codes, units, project names."""

    body: str
    code: str
    admin: str
    institution: str
    institutions: tuple[str, ...]
    projects: tuple[tuple[str, str], ...]
    duties: tuple[str, ...]
    offices: tuple[str, ...]
    fund: tuple[tuple[str, str], ...] = ()


THEMES = {
    "hrss": Theme("人力资源和社会保障局", "051", "2080101", "2080109", ("创业就业服务中心", "社会保险中心", "劳动保障监察综合行政执法队"), (
        ("零工驿站建设资金", "2080799"), ("公益性岗位补贴资金", "2080705"), ("就业见习补贴资金", "2080711"), ("灵活就业社会保险补贴资金", "2080704"),
        ("城乡居民基本养老保险县级配套资金", "2082602"), ("财政代缴低收入人口养老保险费", "2083001"), ("遗属生活补助经费", "2080801"),
        ("劳动保障监察办案经费", "2080105"), ("社会保险经办系统运行维护经费", "2080109"), ("档案数字化加工经费", "2080199"),
        ("企业用工监测经费", "2080199"), ("退休人员社会化管理经费", "2089999"), ("职业技能竞赛活动经费", "2080799"), ("创业孵化基地奖补资金", "2080799"),
        ("驻村工作队生活补助经费", "2130199"), ("社保宣传服务经费", "2080109")), (
        "贯彻执行人力资源和社会保障工作的法律法规和方针政策，拟订本县事业发展规划并组织实施。", "负责促进就业工作，完善公共就业创业服务体系，建立面向城乡劳动者的职业培训制度。",
        "统筹推进覆盖城乡的社会保障体系建设，承担社会保险基金预决算草案编制和基金监督工作。", "负责事业单位人事管理、人员调配、工资福利和离退休政策的组织实施。",
        "统筹实施劳动人事争议调解仲裁制度和劳动关系政策，依法查处违法案件。", "完成县委、县政府交办的其他任务。"),
        ("办公室", "就业促进股", "社会保险股", "事业单位人事管理股", "工资福利股", "劳动关系股", "基金监督股")),
    "medical": Theme("医疗保障局", "063", "2101501", "2101550", ("医疗保险服务中心", "医疗保障稽核中心"), (
        ("城乡居民基本医疗保险县级配套资金", "2101202"), ("城乡医疗救助县级配套资金", "2101301"), ("医疗救助补助资金", "2101301"),
        ("医保基金监管工作经费", "2101599"), ("医保经办服务下沉经费", "2101599"), ("药品集中采购监测经费", "2101599"), ("医保电子凭证推广经费", "2101599"),
        ("长期护理服务试点经费", "2101599"), ("遗属生活补助经费", "2080801"), ("待遇审核外聘专家经费", "2101599"), ("参保缴费宣传经费", "2101599"),
        ("驻村工作队生活补助经费", "2130199")), (
        "贯彻落实医疗保险、生育保险、医疗救助等医疗保障制度，拟订本县实施办法并组织实施。", "组织实施医疗保障基金监督管理办法，建立健全基金安全防控机制。",
        "组织实施医疗保障筹资和待遇政策，统筹城乡医疗保障待遇标准。", "监督管理纳入医保范围内的医疗服务行为和医疗费用，依法查处违法违规行为。", "完成县委、县政府交办的其他任务。"),
        ("办公室", "待遇保障股", "基金监督股", "医药服务管理股")),
    "town": Theme("青石镇人民政府", "601", "2010301", "2010350", ("青石镇便民服务中心", "青石镇党群服务中心"), (
        ("村级组织运转经费", "2130705"), ("农村供水工程维护补贴", "2130335"), ("镇区环境卫生整治经费", "2120501"), ("农村公路养护经费", "2140104"),
        ("信访事项化解经费", "2014004"), ("党员教育培训经费", "2013299"), ("日间照料中心运营补助资金", "2081006"), ("临时救助资金", "2082001"),
        ("遗属生活补助经费", "2080801"), ("机关办公经费", "2010302"), ("防火巡查员补助经费", "2130199"), ("镇区路灯维护经费", "2120399"),
        ("民办教师教龄补贴", "2050299"), ("文体活动广场维修经费", "2070308"), ("高校毕业生社区助理生活补贴", "2080799")), (
        "执行上级国家行政机关的决定和命令，发布决定，制定本镇经济和社会发展规划并组织实施。", "管理本行政区域内的经济、教育、科学、文化、卫生、体育事业和财政、民政等行政工作。",
        "保护公共财产和公民私人所有的合法财产，维护社会秩序，保障公民的人身权利、民主权利和其他权利。", "指导村民委员会的组织建设和制度建设。",
        "办理县人民政府交办的其他事项。"), ("党政综合办公室", "经济发展办公室", "社会事务办公室", "规划建设办公室", "综合行政执法办公室"),
        (("养老服务设施建设补助资金", "2296002"), ("残疾人康复服务补助资金", "2296006"))),
    "urban": Theme("城市管理局", "072", "2120101", "2120199", ("市容环卫服务中心", "市政设施养护中心"), (
        ("城区道路清扫保洁经费", "2120501"), ("生活垃圾收运处置经费", "2120501"), ("城区路灯电费", "2120399"), ("市政设施养护经费", "2120399"),
        ("城管执法装备购置经费", "2120104"), ("违法建设治理经费", "2120104"), ("公园绿化养护经费", "2129999"), ("数字化城管平台运维经费", "2120102"),
        ("排水管网清淤经费", "2120399"), ("遗属生活补助经费", "2080801"), ("冬季清雪除冰经费", "2120501"), ("门头牌匾整治经费", "2120102")), (
        "贯彻执行城市管理方面的法律法规和政策，拟订本县城市管理发展规划并组织实施。", "负责市容环境卫生、市政公用设施运行和园林绿化的管理工作。",
        "负责城市管理领域的行政执法工作，依法查处违法行为。", "负责数字化城市管理平台的建设和运行。", "完成县委、县政府交办的其他任务。"),
        ("办公室", "市容管理股", "环境卫生股", "市政公用股", "法制股"),
        (("老年活动场所改造补助资金", "2296002"),)),
    "commerce": Theme("商务委员会", "038", "2011301", "2011350", ("中小企业服务中心", "商贸促进中心"), (
        ("标准化菜场改造专项资金", "2169999"), ("中小企业扶持专项资金", "2150899"), ("科技创新专项资金", "2060503"), ("商业街区促进活动经费", "2011302"),
        ("粮食应急保障网点经费", "2169999"), ("会展业扶持资金", "2011399"), ("电子商务示范资金", "2011399"), ("消费促进活动经费", "2011302"),
        ("外资企业服务经费", "2011302"), ("科普基地建设经费", "2060702"), ("产业园区评估经费", "2150899"), ("副食品价格监测经费", "2169999")), (
        "贯彻执行有关工商业、内外贸、粮食流通等方面的法律法规和方针政策，并组织实施。", "负责工商业、内外贸运行的监测和分析，协调解决运行中的有关问题。",
        "推进商业网点布局和社区商业发展，培育和引进优质品牌。", "负责标准化菜市场的行业规范管理，组织重要商品市场的调控。", "完成区委、区政府交办的其他任务。"),
        ("办公室", "综合调研科", "商业发展科", "市场秩序科", "产业发展科", "企业服务科")),
}


@dataclass(frozen=True)
class Last:
    """Last year's figures, that the sentences compare with."""

    total: Decimal
    general: Decimal
    abroad: Decimal
    reception: Decimal
    car_running: Decimal
    car_purchase: Decimal
    operating: Decimal
    own_income: Decimal


@dataclass(frozen=True)
class World:
    """Everything a disclosure prints is worked out from here."""

    seed: int
    place: str
    theme: Theme
    department: str
    year: int
    units: tuple[Unit, ...]
    single: bool
    economic: tuple[Economic, ...]
    projects: tuple[Project, ...]
    carried_basic: dict[str, Decimal]
    abroad: Decimal
    reception: Decimal
    car_running: Decimal
    car_purchase: Decimal
    operating: dict[str, Decimal]
    last: Last
    goods: Decimal
    works: Decimal
    services: Decimal
    vehicles: tuple[int, ...]
    car_posts: int
    rooms: Decimal
    devices: tuple[int, int]
    bought: int = 0

    @cached_property
    def unit_name(self) -> str:
        return self.units[0].name if self.single else self.department

    @property
    def who(self) -> str:
        return "单位" if self.single else "部门"

    def basic(self, code: str, carried: bool = False) -> Decimal:
        """Basic expenditure of a functional code or of all below it."""
        here = sum((e.amount for e in self.economic if e.code.startswith(code)), ZERO)
        return here + (sum((v for k, v in self.carried_basic.items() if k.startswith(code)), ZERO) if carried else ZERO)

    def project(self, code: str, *sources: str, carried: bool | None = None) -> Decimal:
        """Project expenditure of a code or of all below it, of some sources, of this year, carried over, or both."""
        return sum((p.amount for p in self.projects if p.code.startswith(code) and (not sources or p.source in sources)
                    and (carried is None or p.carried == carried)), ZERO)

    def carry(self, code: str, *sources: str) -> Decimal:
        extra = sum((v for k, v in self.carried_basic.items() if k.startswith(code)), ZERO) if not sources or "general" in sources else ZERO
        return self.project(code, *sources, carried=True) + extra

    def codes(self, wanted: Callable[[str], object]) -> list[str]:
        """类, 款 and 项 codes in order that have something by this measure."""
        leaves = {e.code for e in self.economic} | {p.code for p in self.projects} | set(self.carried_basic)
        every = {c[:n] for c in leaves for n in (3, 5, 7)}
        return sorted(c for c in every if wanted(c))

    def current(self, code: str, *sources: str) -> Decimal:
        """This year's money for a code: basic (general) and projects of these sources."""
        basic = self.basic(code) if not sources or "general" in sources else ZERO
        return basic + self.project(code, *sources, carried=False)

    @cached_property
    def income(self) -> dict[str, Decimal]:
        return {s: self.current("", s) for s in SOURCES}

    @cached_property
    def this_year(self) -> Decimal:
        return sum(self.income.values(), ZERO)

    @cached_property
    def carried(self) -> Decimal:
        return self.carry("")

    @cached_property
    def total(self) -> Decimal:
        return self.this_year + self.carried

    def economy(self, classes: Iterable[str] = ("301", "302", "303", "310")) -> dict[tuple[str, str], Decimal]:
        """Basic expenditure of this year by department and government subject."""
        out: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
        for e in self.economic:
            if e.subject[:3] in classes:
                out[e.subject, e.government] += e.amount
        return dict(sorted(out.items()))

    def subject(self, code: str) -> Decimal:
        return sum((e.amount for e in self.economic if e.subject.startswith(code)), ZERO)

    @cached_property
    def personnel(self) -> Decimal:
        return self.subject("301") + self.subject("303")

    @cached_property
    def running(self) -> Decimal:
        return self.subject("302") + self.subject("310")

    @cached_property
    def three(self) -> Decimal:
        return self.abroad + self.reception + self.car_running + self.car_purchase

    def name(self, code: str) -> str:
        return FUNCTION[code]


def _round(rng: random.Random, low: float, high: float, residues: bool) -> Decimal:
    """A made-up amount between two figures in 万元."""
    cents = Decimal(rng.randint(int(low * 100), int(high * 100)))
    yuan = cents * 100
    return yuan + Decimal(rng.randint(-49, 49)) if residues and yuan else yuan


def _near(rng: random.Random, value: Decimal, residues: bool) -> Decimal:
    """Another year's figure for this one."""
    if not value:
        return ZERO
    changed = value * Decimal(rng.randint(78, 121)) / 100
    step = Decimal(1) if residues else Decimal(100)
    out = (changed / step).to_integral_value() * step
    return out if out != value else value + step


def make(seed: int, theme: str = "hrss", *, year: int = 2024, single: bool = False, residues: bool = False, projects: int = 9, carried: int = 2,
         carried_basic: bool = False, fund: bool = False, own: bool = False, cars: bool = True, place: str = "示例县", scale: float = 1.0) -> World:
    """The world of this seed. `single`: one 单位 rather than a department; `fund`, `own`: money beside the general budget."""
    rng = random.Random(f"{seed}/{theme}/{year}")
    chosen = THEMES[theme]
    department = place + chosen.body
    admin = Unit(department, "行政", chosen.admin)
    names = rng.sample(chosen.institutions, rng.randint(1, len(chosen.institutions)))
    institutions = [Unit(place + n, "事业", chosen.institution) for n in sorted(names, key=chosen.institutions.index)]
    units: tuple[Unit, ...] = (rng.choice([admin, institutions[0]]),) if single else (admin, *institutions)

    economic: list[Economic] = []
    for unit in units:
        economic += _economy(rng, unit, residues, cars, scale)
    made: list[Project] = []
    pool = rng.sample(chosen.projects, min(projects + carried, len(chosen.projects)))
    for i, (name, code) in enumerate(pool):
        late = i >= len(pool) - carried
        category = rng.choice(["特定目标类", "特定目标类", "其他运转类"])
        level = rng.choice(["市县(区)财政资金", "市县(区)财政资金", "省级财政资金", "中央财政资金"])
        source = "own" if own and i == 0 and not late else "general"
        label = f"{year - 1}年{name}" if late else (f"{year}年{name}" if rng.random() < 0.3 else name)
        amount = _round(rng, 1.2 * scale, rng.choice([9, 36, 180, 640]) * scale, residues)
        made.append(Project(label, rng.choice(units), code, amount, source, category, "单位自筹" if source == "own" else level, late))
    if fund:
        for name, code in chosen.fund:
            made.append(Project(name, units[0], code, _round(rng, 5, 60, residues), "fund", "特定目标类", "省级财政资金"))
    later = {units[0].running: _round(rng, 2, 20, residues)} if carried_basic and carried else {}

    base = sum((e.amount for e in economic if e.subject == "30231"), ZERO)
    reception = sum((e.amount for e in economic if e.subject == "30217"), ZERO)
    purchase = _round(rng, 15, 20, residues) if cars and rng.random() < 0.2 else ZERO
    if purchase:
        made.append(Project("业务用车购置经费", units[0], units[0].running[:5] + ("99" if units[0].running[:5] + "99" in FUNCTION else units[0].running[5:]),
                            purchase, "general", "其他运转类"))
    by_project = _round(rng, 0.5, 3, residues) if base and rng.random() < 0.4 else ZERO
    if by_project:
        made.append(Project("业务用车运行经费", units[0], units[0].running, by_project, "general", "其他运转类"))
    operating = {u.name: sum((e.amount for e in economic if e.unit == u and e.subject[:3] in ("302", "310")), ZERO)
                 for u in units if u.kind in ("行政", "参公")}
    counts = [rng.randint(0, 3) if cars else 0 for _ in range(7)]
    if cars and not sum(counts):
        counts[6] = 1
    world = World(seed, place, chosen, department, year, units, single, tuple(economic), tuple(made), later, ZERO, reception, base + by_project,
                  purchase, operating, Last(ZERO, ZERO, ZERO, ZERO, ZERO, ZERO, ZERO, ZERO), _round(rng, 1, 40, False),
                  ZERO if rng.random() < 0.6 else _round(rng, 5, 60, False), _round(rng, 2, 80, False), tuple(counts),
                  sum(counts) + rng.randint(0, 2), Decimal(rng.randint(20000, 400000)) / 100, (rng.randint(0, 4), rng.randint(0, 2)),
                  1 if purchase else 0)
    before = _near(rng, world.total, residues)
    part = (before * world.income["general"] / world.total * rng.randint(93, 99) / 10000).to_integral_value() * 100
    last = Last(before, part, ZERO,
                world.reception if rng.random() < 0.4 else _near(rng, world.reception, residues),
                world.car_running if rng.random() < 0.4 else _near(rng, world.car_running, residues),
                ZERO, _near(rng, sum(operating.values(), ZERO), residues), ZERO)
    return replace(world, last=last)


def _economy(rng: random.Random, unit: Unit, residues: bool, cars: bool, scale: float) -> list[Economic]:
    """The basic budget of one unit: every subject under the functional code where it belongs."""
    office = unit.kind in ("行政", "参公")
    heads = rng.randint(6, 30) * scale
    out: list[Economic] = []

    def put(subject: str, low: float, high: float, code: str = "") -> None:
        government = GOVERNMENT[subject] if office else INSTITUTION[subject[:3]]
        out.append(Economic(unit, subject, government, code or unit.running, _round(rng, low * heads, high * heads, residues)))

    put("30101", 3.2, 4.6)
    put("30102", 1.2, 2.6)
    put("30103" if office else "30107", 0.4, 2.0)
    put("30108", 0.9, 1.3, "2080505")
    if rng.random() < 0.7:
        put("30109", 0.4, 0.7, "2080506")
    put("30110", 0.4, 0.6, "2101101" if office else "2101102")
    if office:
        put("30111", 0.1, 0.2, "2101103")
    put("30112", 0.02, 0.06)
    put("30113", 0.7, 1.0, "2210201")
    if rng.random() < 0.3:
        put("30199", 0.1, 0.5)
    for subject in ("30201", "30202", "30205", "30206", "30207", "30208", "30209", "30211", "30213", "30215", "30216", "30226", "30227", "30228", "30229"):
        if subject == "30201" or rng.random() < 0.45:
            put(subject, 0.02, 0.3)
    if rng.random() < 0.4:
        put("30217", 0.01, 0.03)
    if cars and rng.random() < 0.7:
        put("30231", 0.05, 0.2)
    if office:
        put("30239", 0.1, 0.4)
    put("30299", 0.01, 0.08)
    put("30302", 0.1, 0.6, "2080501" if office else "2080502")
    if rng.random() < 0.3:
        put("31002", 0.02, 0.2)
    return [e for e in out if e.amount]


def economy_name(code: str) -> str:
    return ECONOMY[code]


def after(world: World, prior: World) -> World:
    """The same world, its last-year figures being those of this other world (a body's two disclosures in a row)."""
    return replace(world, last=Last(prior.total, prior.income["general"], prior.abroad, prior.reception, prior.car_running, prior.car_purchase,
                                    sum(prior.operating.values(), ZERO), prior.income["own"]))


def parts(world: World) -> list[World]:
    """The disclosures of the units of a department: each has its own share of everything, and together they are the department."""
    out = []
    for unit in world.units:
        first = unit == world.units[0]
        economic = tuple(e for e in world.economic if e.unit == unit)
        projects = tuple(p for p in world.projects if p.unit == unit)
        running = sum((e.amount for e in economic if e.subject == "30231"), ZERO)
        by_project = sum((p.amount for p in projects if p.name == "业务用车运行经费"), ZERO)
        reception = sum((e.amount for e in economic if e.subject == "30217"), ZERO)
        one = replace(world, single=True, units=(unit,), economic=economic, projects=projects, carried_basic=world.carried_basic if first else {},
                      reception=reception, car_running=running + by_project, car_purchase=world.car_purchase if first else ZERO,
                      operating={k: v for k, v in world.operating.items() if k == unit.name}, goods=world.goods if first else ZERO,
                      works=world.works if first else ZERO, services=world.services if first else ZERO,
                      vehicles=world.vehicles if first else (0,) * 7, car_posts=world.car_posts if first else 0)
        share = one.total / world.total
        last = Last(_hundreds(world.last.total * share), _hundreds(world.last.general * share), ZERO, one.reception, one.car_running, ZERO,
                    world.last.operating if first and one.operating else ZERO, ZERO)
        out.append(replace(one, last=last))
    return out


def _hundreds(value: Decimal) -> Decimal:
    return (value / 100).to_integral_value() * 100
