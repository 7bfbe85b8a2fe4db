"""K001–K009: the attached catalogue of services to be bought: codes by themselves and against the province's catalogue."""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from core.model import CatalogueEntry, Table
from core.reference import Catalogue, CatalogueRow
from core.results import ERROR, INFO, WARNING, Evidence, Outcome, not_run, of_cell, passed, problem
from core.rules.base import Case, rule
from core.rules.f001_parts import out_of_order
from core.rules.passages import softened, title_evidence
from core.text import fold

_CODE = re.compile(r"[A-Z](?:\d\d){0,3}")
_WORDS = re.compile(r"[一-鿿]{2}")
_LEVELS = ("", "一级目录", "二级目录", "三级目录", "四级目录")
NO_CATALOGUE = "文件没有附政府购买服务指导性目录，或未识别"
OTHER_CATALOGUE = "所附目录与内置的参考目录不是同一份，只检查目录自身"
_SAME_DOCUMENT = 0.7
"""Share of rows (code and name) that must stand in the reference before a catalogue is taken for a copy of it."""


@dataclass(frozen=True)
class Block:
    """The rows of one department. `known` is the department's name in the reference, None when it is not there."""

    department: str
    entries: tuple[CatalogueEntry, ...]
    known: str | None

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(e.code for e in self.entries)


def level_of(code: str) -> int:
    """The level that a code's length tells: A 1, A01 2, A0101 3, A010101 4; 0 for a malformed one."""
    return (len(code) + 1) // 2 if _CODE.fullmatch(code) else 0


def blocks(case: Case) -> list[Block]:
    """The department blocks of the attached catalogue, in order.

    Where the reader named no department, a row with words in place of a code heads a block, and so does a code of the first level
    that comes again (its heading was lost).
    """
    table = case.table("catalogue")
    found: list[tuple[str, list[CatalogueEntry]]] = []
    heading = ""
    for entry in table.entries if table is not None else ():
        if not entry.department and _WORDS.match(entry.code):
            heading = entry.code + entry.name
            found.append((heading, []))
            continue
        again = not entry.department and len(entry.code) == 1 and bool(found) and any(e.code == entry.code for e in found[-1][1])
        heading = "" if again else heading
        department = entry.department or heading
        if not found or found[-1][0] != department or again:
            found.append((department, []))
        found[-1][1].append(entry)
    catalogue = case.reference.catalogue
    return [Block(d, tuple(own), catalogue.department(d) if d or own[0].code.startswith("B") else None) for d, own in found if own]


def _believed(case: Case, relation: str, problems: Iterable[Outcome]) -> Iterator[Outcome]:
    """The problems, or `passed` when there are none. So many that the reading must be at fault are not told: it is said instead.

    Where the blocks had to be guessed, an error is a warning.
    """
    own = blocks(case)
    rows = sum(len(b.entries) for b in own)
    if not rows:
        yield not_run(relation, NO_CATALOGUE)
        return
    found = list(problems)
    if len(found) > max(8, rows // 5):
        yield not_run(relation, f"{rows} 行中有 {len(found)} 行不符，可能没有正确识别目录的部门和栏，请先核对识别结果")
    elif found:
        guessed = not any(e.department for b in own for e in b.entries)
        yield from (replace(o, severity=WARNING) if guessed and o.severity == ERROR else o for o in found)
    else:
        yield passed(relation)


def own_rows(case: Case, block: Block) -> list[CatalogueEntry]:
    """The rows of a block that the body answers for: the issuer's own defects are left out."""
    return [e for e in block.entries if not _issuers(case.reference.catalogue, block, e)]


def _issuers(catalogue: Catalogue, block: Block, entry: CatalogueEntry) -> bool:
    return catalogue.is_irregular(block.known if block.known is not None else block.department, entry.code, entry.name)


def _repaired(catalogue: Catalogue, block: Block, entry: CatalogueEntry) -> bool:
    return catalogue.is_repaired(block.known or block.department, entry.code, entry.name)


def is_copy(case: Case, own: Sequence[Block]) -> bool:
    """Whether this is a copy of the reference catalogue, in whole or in part."""
    names = case.reference.catalogue.names_of
    rows = [e for b in own for e in b.entries if e.code and e.name]
    return bool(rows) and sum(fold(e.name) in names.get(e.code, ()) for e in rows) >= _SAME_DOCUMENT * len(rows)


def _table(case: Case) -> Table:
    table = case.table("catalogue")
    assert table is not None  # the engine runs these rules only where there is one
    return table


def _label(entry: CatalogueEntry) -> str:
    return f"{entry.department}: {entry.code} {entry.name}".strip()


def at_code(table: Table, entry: CatalogueEntry, role: str = "actual") -> tuple[Evidence, ...]:
    cell = entry.code_cell or entry.name_cell
    return (of_cell(cell, table.id, _label(entry), "代码", role),) if cell is not None else title_evidence(table, role)


def at_name(table: Table, entry: CatalogueEntry, role: str = "actual") -> tuple[Evidence, ...]:
    if entry.name_cell is None:
        return at_code(table, entry, role)
    return (of_cell(entry.name_cell, table.id, _label(entry), _LEVELS[entry.column] if 0 < entry.column < 5 else "", role),)


def _ocr(entry: CatalogueEntry) -> bool:
    return any(c is not None and c.ocr for c in (entry.code_cell, entry.name_cell))


def _severity(entry: CatalogueEntry, severity: str) -> str:
    return softened(severity, _ocr(entry))


@rule(id="K001", title="目录代码格式不对", family="catalogue", basis=("shanxi-catalogue-2023", "mof-order-102"), tables=("catalogue",),
      example="代码印作“A16O1”（字母 O）或“160601”。", remedy="代码为一个字母加 0、2、4 或 6 位数字。")
def code_form(case: Case) -> Iterable[Outcome]:
    """目录代码由一个大写字母和 0、2、4、6 位数字组成，依次是一至四级目录。格式不对的代码无法确定级次和上级。"""
    relation = "目录代码的格式"
    yield from _believed(case, relation, _malformed(case, relation))


def _malformed(case: Case, relation: str) -> Iterator[Outcome]:
    table = _table(case)
    for block in blocks(case):
        for entry in own_rows(case, block):
            if level_of(entry.code):
                continue
            what = f"代码“{entry.code}”格式不对" if entry.code else "没有代码"
            yield problem(relation, f"目录“{block.department}”中“{entry.name}”{what}", *at_code(table, entry), actual=entry.code,
                          severity=_severity(entry, ERROR), suggestion="更正代码。")


@rule(id="K002", title="目录代码与所在栏的级次不符", family="catalogue", basis=("shanxi-catalogue-2023", "mof-order-102"), tables=("catalogue",),
      example="A1701 是三级代码，名称却印在二级目录栏。", remedy="把名称移到代码所示级次的栏，或更正代码。")
def level_and_column(case: Case) -> Iterable[Outcome]:
    """代码的长度说明级次：1 位一级、3 位二级、5 位三级、7 位四级。名称应印在相应级次的栏内。"""
    table = _table(case)
    relation = "代码级次与所在栏一致"
    rows = [(b, e) for b in blocks(case) for e in own_rows(case, b) if level_of(e.code) and e.column]
    if not rows:
        yield not_run(relation, "目录没有分级列示名称")
        return
    yield from _believed(case, relation, _misplaced(table, relation, [(b, e) for b, e in rows if level_of(e.code) != e.column]))


def _misplaced(table: Table, relation: str, rows: Sequence[tuple[Block, CatalogueEntry]]) -> Iterator[Outcome]:
    for block, entry in rows:
        right, column = _LEVELS[level_of(entry.code)], _LEVELS[entry.column] if entry.column < 5 else f"第{entry.column}栏"
        yield problem(relation, f"目录“{block.department}”中 {entry.code}“{entry.name}”按代码是{right}，却印在{column}栏", *at_name(table, entry),
                      *at_code(table, entry, "source"), expected=right, actual=column, severity=_severity(entry, ERROR),
                      suggestion=f"移到{right}栏，或更正代码。")


@rule(id="K003", title="目录缺少上级", family="catalogue", basis=("shanxi-catalogue-2023", "mof-order-102"), tables=("catalogue",),
      example="列有 A150201，同一部门下没有 A1502。", remedy="补上缺少的上级目录行，或更正代码。")
def parents(case: Case) -> Iterable[Outcome]:
    """在每个部门之内，每一行的上级目录都应列出，并排在它的前面。续页缺行、代码印错都会造成没有上级。目录摘录的开头不判。"""
    relation = "每行都有上级目录"
    yield from _believed(case, relation, _orphans(case, relation))


def _orphans(case: Case, relation: str) -> Iterator[Outcome]:
    table = _table(case)
    own = blocks(case)
    copy = is_copy(case, own)
    for index, block in enumerate(own):
        cut = index == 0 and bool(block.entries) and level_of(block.entries[0].code) > 1
        irregular = {e.code for e in block.entries if _issuers(case.reference.catalogue, block, e)}
        torn = _torn_out(case, block) if copy else frozenset()
        seen: set[str] = set()
        for entry in block.entries:
            seen.add(entry.code)
            parent = entry.code[:-2] if level_of(entry.code) > 1 else ""
            if not parent or parent in seen or entry.code in irregular or cut or parent in torn:
                continue
            later = parent in block.codes
            yield problem(relation, f"目录“{block.department}”中 {entry.code}“{entry.name}”" +
                          (f"排在上级 {parent} 的前面" if later else f"缺少上级目录 {parent}"), *at_code(table, entry), expected=parent,
                          actual=entry.code, severity=_severity(entry, ERROR), suggestion=f"补列 {parent}，或更正代码。",
                          group=f"{block.department}-{parent}")


def _torn_out(case: Case, block: Block) -> frozenset[str]:
    """Codes that lie in a stretch of five or more missing rows: a page left out, which K008 tells as one thing."""
    rows = case.reference.catalogue.blocks.get(block.known, ()) if block.known is not None else ()
    if sum(row.code in block.codes for row in rows) * 2 < len(rows):
        return frozenset()
    stretch: list[str] = []
    found: set[str] = set()
    for row in (*rows, None):
        if row is not None and row.code not in block.codes:
            stretch.append(row.code)
            continue
        if len(stretch) >= 5:
            found |= set(stretch)
        stretch = []
    return frozenset(found)


@rule(id="K004", title="目录代码次序颠倒", family="catalogue", severity=WARNING, basis=("shanxi-catalogue-2023",), tables=("catalogue",),
      example="A1503 排在 A1502 的前面。", remedy="按代码从小到大排列，或更正代码。")
def order(case: Case) -> Iterable[Outcome]:
    """每个部门之内，代码应从小到大排列。次序颠倒的行多半是代码印错。"""
    relation = "目录代码升序排列"
    yield from _believed(case, relation, _unordered(case, relation))


def _unordered(case: Case, relation: str) -> Iterator[Outcome]:
    table = _table(case)
    for block in blocks(case):
        rows = [e for e in own_rows(case, block) if level_of(e.code)]
        rank = {code: n for n, code in enumerate(sorted({e.code for e in rows}))}
        firsts = [e for i, e in enumerate(rows) if e.code not in {r.code for r in rows[:i]}]
        for index in out_of_order([rank[e.code] for e in firsts]):
            yield problem(relation, f"目录“{block.department}”中 {firsts[index].code}“{firsts[index].name}”的次序不对", *at_code(table, firsts[index]),
                          actual=firsts[index].code, severity=_severity(firsts[index], WARNING), suggestion="核对代码，或调整行次。")


@rule(id="K005", title="目录代码重复", family="catalogue", basis=("shanxi-catalogue-2023", "mof-order-102"), tables=("catalogue",),
      example="同一部门下 A100601 印了两行。", remedy="删去重复行，或更正其中一行的代码。")
def duplicates(case: Case) -> Iterable[Outcome]:
    """同一部门之内，一个代码只应出现一次。重复的行多半是复制时多贴了一行，或另一行的代码印错。"""
    relation = "部门之内代码不重复"
    yield from _believed(case, relation, _repeated(case, relation))


def _repeated(case: Case, relation: str) -> Iterator[Outcome]:
    table = _table(case)
    for block in blocks(case):
        seen: dict[str, CatalogueEntry] = {}
        for entry in own_rows(case, block):
            first = seen.setdefault(entry.code, entry)
            if first is entry or not entry.code:
                continue
            name = "" if fold(first.name) == fold(entry.name) else f"（另一行是“{first.name}”）"
            yield problem(relation, f"目录“{block.department}”中代码 {entry.code}“{entry.name}”重复{name}", *at_code(table, entry),
                          *at_code(table, first, "source"), actual=entry.code, severity=_severity(entry, ERROR),
                          suggestion="删去重复行，或更正代码。")


def _compared(case: Case) -> Iterator[tuple[Block, tuple[CatalogueRow, ...]]]:
    for block in blocks(case):
        if block.known is not None:
            yield block, case.reference.catalogue.blocks[block.known]


@rule(id="K006", title="目录代码在省级目录中不存在", family="catalogue", basis=("shanxi-catalogue-2023",), tables=("catalogue",),
      example="人民法院部分列有 A1711，省级目录没有这一代码。", remedy="核对省级目录，更正代码或删去该行。")
def unknown_codes(case: Case) -> Iterable[Outcome]:
    """所附目录若是省级指导性目录的复制件或摘录，每一行的代码都应在省级目录的同一部门之下。名称能对上另一代码的，指出应为哪个代码；省级目录本身的瑕疵不计。"""
    relation = "代码在省级目录中"
    own = blocks(case)
    if not own or not is_copy(case, own):
        yield not_run(relation, OTHER_CATALOGUE if own else NO_CATALOGUE)
        return
    yield from _believed(case, relation, _unlisted(case, relation))


def _unlisted(case: Case, relation: str) -> Iterator[Outcome]:
    table = _table(case)
    names = case.reference.catalogue.names_of
    for block, rows in _compared(case):
        known = {r.code for r in rows}
        strange = [e for e in own_rows(case, block) if e.code not in known and level_of(e.code) and not _repaired(case.reference.catalogue, block, e)]
        moved = sum(fold(e.name) in names.get(e.code, ()) for e in strange)
        for entry in strange:
            meant = [r.code for r in rows if fold(r.name) == fold(entry.name)]
            elsewhere = fold(entry.name) in names.get(entry.code, ())
            yield problem(relation, f"目录“{block.department}”中代码 {entry.code}“{entry.name}”不在省级目录该部门之下" +
                          (f"，这一名称的代码是 {meant[0]}" if len(meant) == 1 else "（其他部门有这一行）" if elsewhere else ""),
                          *at_code(table, entry), expected=meant[0] if len(meant) == 1 else None, actual=entry.code,
                          severity=_severity(entry, WARNING if elsewhere else ERROR), suggestion="核对省级目录，更正代码。",
                          group=f"{block.department}-其他部门的行" if elsewhere and moved > 5 else "")


@rule(id="K007", title="目录名称与省级目录不符", family="catalogue", basis=("shanxi-catalogue-2023",), tables=("catalogue",),
      example="A1502 应为“公共公益宣传服务”，印作“公共信息服务”。", remedy="按省级目录更正名称。")
def entry_names(case: Case) -> Iterable[Outcome]:
    """所附目录若是省级指导性目录的复制件或摘录，代码的名称应与省级目录一致。各地复制件中公认的不同读法都算对；与已知的转换误差相同的只作提示；省级目录本身的瑕疵不计。"""
    relation = "名称与省级目录一致"
    own = blocks(case)
    if not own or not is_copy(case, own):
        yield not_run(relation, OTHER_CATALOGUE if own else NO_CATALOGUE)
        return
    yield from _believed(case, relation, _misnamed(case, relation))


def _misnamed(case: Case, relation: str) -> Iterator[Outcome]:
    table = _table(case)
    catalogue = case.reference.catalogue
    for block, rows in _compared(case):
        names: dict[str, list[str]] = {}
        for row in rows:
            names.setdefault(row.code, []).append(row.name)
        for entry in own_rows(case, block):
            listed = names.get(entry.code)
            printed = fold(entry.name)
            if listed is None or printed in {fold(n) for n in listed}:
                continue
            variant = catalogue.variants.get((block.known or "", entry.code), {}).get(printed, "")
            if variant == "open" or _repaired(catalogue, block, entry):
                continue
            slight = variant == "noise" or _letters(entry.name) == _letters(listed[0])
            near = fuzz.ratio(printed, fold(listed[0])) >= 85
            yield problem(relation, f"目录“{block.department}”中 {entry.code} 的名称印作“{entry.name}”，省级目录是“{listed[0]}”",
                          *at_name(table, entry), expected=listed[0], actual=entry.name,
                          severity=_severity(entry, INFO if slight else WARNING if near else ERROR), suggestion="按省级目录更正名称。",
                          group="slight" if slight else "")


def _letters(text: str) -> str:
    return "".join(ch for ch in fold(text) if ch.isalnum())


@rule(id="K008", title="目录缺行", family="catalogue", severity=WARNING, basis=("shanxi-catalogue-2023",), tables=("catalogue",),
      example="民政部分 A100301 之后直接是 A150209，缺少 34 行，疑漏一页。", remedy="核对是否漏页，补上缺少的行。")
def missing_rows(case: Case) -> Iterable[Outcome]:
    """所附目录若是省级指导性目录的复制件，每个部门的各行应当齐全。夹在中间的缺行多半是漏了页。只摘录了部分部门的，不因缺少其他部门而报；摘录首尾部门不完整的只作提示。"""
    table = _table(case)
    relation = "各部门的行齐全"
    own = blocks(case)
    if not own or not is_copy(case, own):
        yield not_run(relation, OTHER_CATALOGUE if own else NO_CATALOGUE)
        return
    wrong = False
    compared = list(_compared(case))
    for index, (block, rows) in enumerate(compared):
        printed = Counter(e.code for e in block.entries)
        by_name = Counter(fold(e.name) for e in block.entries)
        absent = [i for i, r in enumerate(rows) if not printed[r.code] and not by_name[fold(r.name)]
                  and not case.reference.catalogue.is_irregular(r.department, r.code, r.name)]
        if not absent:
            continue
        wrong = True
        present = [i for i in range(len(rows)) if i not in set(absent)]
        inner = [i for i in absent if present and present[0] < i < present[-1]]
        at_edge = index in (0, len(compared) - 1) and not inner
        first, last = rows[absent[0]], rows[absent[-1]]
        before = next((e for e in block.entries if e.code == rows[absent[0] - 1].code), block.entries[0]) if absent[0] else block.entries[0]
        span = first.code if len(absent) == 1 else f"{first.code}—{last.code}"
        yield problem(relation, f"目录“{block.department}”缺少 {len(absent)} 行（{span}）", *at_code(table, before, "place"),
                      expected=f"{len(rows)} 行", actual=f"{len(block.entries)} 行",
                      severity=_severity(before, INFO if at_edge else WARNING), suggestion="核对是否漏页或漏行。")
    if not wrong:
        yield passed(relation)


@rule(id="K009", title="省级目录自身的瑕疵", family="catalogue", severity=INFO, basis=("shanxi-catalogue-2023",), tables=("catalogue",),
      example="省级目录“公安”部分 A180501 没有名称。", remedy="属发文机关的问题，本单位不必改动。")
def issuers_defects(case: Case) -> Iterable[Outcome]:
    """省级目录原件本身有个别代码、名称的瑕疵，各地公开件都一样，责任不在公开单位。合并为一条说明，不逐处报告。"""
    table = _table(case)
    relation = "省级目录自身的瑕疵"
    own = blocks(case)
    found = [e for b in own for e in b.entries if _issuers(case.reference.catalogue, b, e)]
    if not own:
        yield not_run(relation, NO_CATALOGUE)
    elif not found:
        yield passed(relation)
    else:
        yield problem(relation, f"所附省级目录原件有 {len(found)} 处瑕疵（如{found[0].department} {found[0].code}），属发文机关，本单位不必改动",
                      *(x for e in found for x in at_code(table, e)), suggestion="不必处理。")
