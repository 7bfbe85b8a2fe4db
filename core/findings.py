"""Failed outcomes to findings: consequences told under their cause, repeats counted, hints added, stable order."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from core.causes import Cause, find_causes
from core.clues import addend, hints, slip
from core.formulas.figures import Figure, FormulaOutcome, Instance, Key
from core.formulas.wording import CONVERTED_NOTE, OCR_NOTE, in_unit, tidy
from core.model import Document
from core.numbers import show
from core.reference import Reference
from core.results import ERROR, FAIL, INFO, PASS, WARNING, Evidence, Finding, Outcome, as_text, of_span
from core.rules.base import Rule

Said = tuple[Rule, Outcome]
_UNITS = frozenset({"元", "千元", "万元", "亿元"})
_GRAVITY = {ERROR: 0, WARNING: 1, INFO: 2}


@dataclass
class _Draft:
    """A finding in the making: its leading outcome and those told under it."""

    rule: Rule
    outcome: Outcome
    repeats: list[Said] = field(default_factory=list)
    follow_ups: list[Said] = field(default_factory=list)
    wrong: dict[Key, Decimal] = field(default_factory=dict)
    """By how much each figure of the cause is off."""
    row: tuple[object, ...] = ()
    told: list[Outcome] = field(default_factory=list)
    """The outcomes of a missing row as they came."""


def findings_of(document: Document, said: Sequence[Said], reference: Reference) -> tuple[Finding, ...]:
    """The findings of all outcomes, in the order of the document."""
    failed = [(r, o) for r, o in said if o.status == FAIL]
    strong = [(r, o, o.instance) for r, o in said if isinstance(o, FormulaOutcome) and o.instance is not None and o.status in (PASS, FAIL)
              and _strong(r, o) and o.instance.sign == "=" and o.instance.terms]
    causes = find_causes([i for _, _, i in strong]) if any(o.status == FAIL for _, o, _ in strong) else []
    drafts: list[_Draft] = []
    done: set[int] = set()
    corrected: dict[Key, Decimal] = {}
    for cause in causes:
        drafts.append(_of_cause(document, cause, [(strong[n][0], strong[n][1]) for n in cause.mended]))
        done |= {id(strong[n][1]) for n in cause.mended}
        corrected |= {cause.figure.key: cause.expected, **{f.key: v for f, v in cause.partners}}
    drafts = _joined(drafts)
    rest = [(r, o) for r, o in failed if id(o) not in done]
    rest = _consequences(drafts, rest, corrected)
    labels, rest = _wrong_units(rest)
    drafts += labels
    drafts += _missing_rows(document, rest)
    told = {id(o) for d in drafts for o in d.told}
    rest = [(r, o) for r, o in rest if id(o) not in told]
    drafts += _grouped(rest)
    return _ordered(document, [_finding(document, d, reference) for d in drafts])


def _strong(rule: Rule, outcome: Outcome) -> bool:
    """Whether a relation may accuse: those that only hint may fail in a right disclosure."""
    return rule.severity == ERROR and rule.source == "formula"


# ------------------------------------------------------------------ causes

def _of_cause(document: Document, cause: Cause, mended: list[Said]) -> _Draft:
    """The finding at the figure that is wrong; the relation that compares this very figure leads."""
    figure = cause.figure
    leading = min(mended, key=lambda s: (_place_in(s[1], figure), s[0].family != "arithmetic", s[0].id))
    rule, outcome = leading
    assert isinstance(outcome, FormulaOutcome) and outcome.instance is not None
    instances = [o.instance for _, o in mended if isinstance(o, FormulaOutcome) and o.instance is not None]
    unit = figure.amount.unit if figure.amount else outcome.instance.unit
    printed = figure.amount or next((t.figure.amount for t in outcome.instance.terms if t.figure.amount), None)
    step = Decimal(1).scaleb(-(printed.digits if printed else 2))
    expected = cause.expected.quantize(step)
    partners = [(f, v.quantize(step)) for f, v in cause.partners]
    message = _cause_sentence(figure, expected, partners, unit, f"按“{rule.title}”（{outcome.figures}）" if len(mended) == 1
                              else f"按与它有关的 {len(mended)} 项勾稽关系")
    if any(i.ocr for i in instances):
        message += OCR_NOTE
    elif document.form == "text":
        message += CONVERTED_NOTE
    evidence = [*figure.evidence("actual"), *(e for f, _ in partners for e in f.evidence("actual"))]
    known = {e.cell and (e.table, e.cell) or (e.page, e.box) for e in evidence}
    for _, other in [leading, *mended]:
        for item in other.evidence:
            spot = item.cell and (item.table, item.cell) or (item.page, item.box)
            if spot not in known:
                known.add(spot)
                evidence.append(replace(item, role="source" if item.role == "actual" else item.role))
    if figure.missing:
        evidence = _where_it_lacks(document, figure.table, evidence)
    lead = replace(outcome, evidence=tuple(evidence), message=message, actual=in_unit(figure.value, unit, document.amount_unit),
                   expected=in_unit(expected, unit, document.amount_unit), clues=hints(figure, expected, instances, partners),
                   suggestion=f"请在{figure.table}补列“{figure.row}”。" if figure.missing
                   else f"请把{figure.where}改为 {show(expected)}{unit}，或核对它的来源。")
    wrong = {f.key: f.value - v for f, v in [(figure, cause.expected), *cause.partners]}
    return _Draft(rule, lead, follow_ups=[s for s in mended if s is not leading], wrong=wrong, row=figure.key[:3])


def _where_it_lacks(document: Document, table_id: str, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The places of a finding about a missing row: first the sum above it in its own table, else that table's title."""
    own = [e for e in evidence if e.table == table_id]
    if not own:
        table = document.table(table_id)
        own = list(of_span(table.title_span, "place", table_id)) if table is not None else []
    return [*(replace(e, role="place") if i == 0 else e for i, e in enumerate(own)), *(e for e in evidence if e.table != table_id)]


def _cause_sentence(figure: Figure, expected: Decimal, partners: Sequence[tuple[Figure, Decimal]], unit: str, why: str) -> str:
    beside = [(f, v) for f, v in partners if f.key[:3] == figure.key[:3]]
    above = dict.fromkeys(f"“{f.row}”" for f, _ in partners if f.key[:3] != figure.key[:3])
    off = figure.value - expected
    if figure.missing:
        columns = "、".join(f"“{f.column}”列 {show(v)}{unit}" for f, v in [(figure, expected), *beside])
        message = f"{figure.table}没有“{figure.row}”这一行，{why}应有：{columns}。"
    else:
        shown = f"为 {show(figure.value)}{unit}" if figure.amount else "为空"
        message = f"{figure.where}{shown}，{why}应为 {show(expected)}{unit}，{'多' if off > 0 else '少'} {show(abs(off))}{unit}。"
        if beside:
            message += "同一行的" + "、".join(f"“{f.column}”列（{f.printed or '空'}）应为 {show(v)}{unit}" for f, v in beside) + "。"
    if above:
        message += f"其上级{'、'.join(above)}各行随之相差同数。"
    return message


def _place_in(outcome: Outcome, figure: Figure) -> int:
    """0 where the relation compares this figure, 1 where it is one addend among others."""
    instance = outcome.instance if isinstance(outcome, FormulaOutcome) else None
    if instance is None:
        return 2
    return 0 if instance.left is not None and instance.left.key == figure.key else 1


def _joined(drafts: list[_Draft]) -> list[_Draft]:
    """Causes that are one slip: the columns of one row, or the same difference carried through one table."""
    out: list[_Draft] = []
    for draft in sorted(drafts, key=lambda d: -len(d.follow_ups)):
        twin = next((d for d in out if _one_slip(d, draft)), None)
        if twin is None:
            out.append(draft)
            continue
        twin.follow_ups += [(draft.rule, draft.outcome), *draft.follow_ups]
        twin.wrong |= draft.wrong
        known = {(e.table, e.cell, e.box) for e in twin.outcome.evidence}
        more = tuple(e for e in draft.outcome.evidence if (e.table, e.cell, e.box) not in known)
        twin.outcome = replace(twin.outcome, evidence=(*twin.outcome.evidence[:1], *(e for e in more if e.role == "actual"),
                                                       *twin.outcome.evidence[1:], *(e for e in more if e.role != "actual")))
    return out


def _one_slip(one: _Draft, two: _Draft) -> bool:
    by_one, by_two = set(one.wrong.values()), set(two.wrong.values())
    if one.row == two.row:
        return bool(by_one & by_two) or "缺:" in str(one.row[2])
    carried = len({k[2] for k in one.wrong}) > 1 or len({k[2] for k in two.wrong}) > 1
    return carried and one.row[:2] == two.row[:2] and bool(by_one & by_two)


def _consequences(drafts: list[_Draft], rest: list[Said], corrected: Mapping[Key, Decimal]) -> list[Said]:
    """What is left when the findings so far are put right: the other failures hold then, and are told under them."""
    if not corrected:
        return rest
    left: list[Said] = []
    for rule, outcome in rest:
        home = next((d for d in drafts if _follows(outcome, d, corrected)), None)
        if home is None:
            left.append((rule, outcome))
        else:
            home.follow_ups.append((rule, outcome))
    return left


def _follows(outcome: Outcome, draft: _Draft, corrected: Mapping[Key, Decimal]) -> bool:
    if isinstance(outcome, FormulaOutcome):
        instance = outcome.instance
        if instance is None or not any(t.figure.key in draft.wrong for t in instance.terms):
            return False
        off = sum((t.factor * (corrected[t.figure.key] - t.figure.value) for t in instance.terms if t.figure.key in corrected), Decimal(0))
        return instance.holds(instance.residual + off)
    cells = {(e.table, *e.cell) for e in outcome.evidence if e.cell is not None}
    return any(k[1:] in cells and (_same(outcome.expected, corrected[k] + d) and _same(outcome.actual, corrected[k]) or _off_by(outcome, d))
               for k, d in draft.wrong.items())


def _off_by(outcome: Outcome, wrong: Decimal) -> bool:
    """Whether what was told is right, and what it was compared with off by just what this figure is off."""
    return isinstance(outcome.expected, Decimal) and isinstance(outcome.actual, Decimal) and _same(outcome.expected - outcome.actual, wrong)


def _same(one: object, other: object) -> bool:
    """One amount in two units or with other digits."""
    if not isinstance(one, Decimal) or not isinstance(other, Decimal):
        return False
    return any(abs(one * factor - other) <= Decimal("0.005") * max(Decimal(1), factor) for factor in (Decimal(1), Decimal(10000), Decimal("0.0001")))


# ------------------------------------------------------------------ tables labelled with the wrong unit

def _wrong_units(rest: list[Said]) -> tuple[list[_Draft], list[Said]]:
    """A table that says 元 where 万元 is meant is one finding: figures that are off by about that factor (small ones are rounded) are told under it."""
    drafts = {o.evidence[0].table: _Draft(r, o) for r, o in rest if o.expected in _UNITS and o.actual in _UNITS and o.evidence and o.evidence[0].table and not o.group}
    told = {id(d.outcome) for d in drafts.values()}
    left: list[Said] = []
    for rule, outcome in rest:
        if id(outcome) in told:
            continue
        home = next((d for table, d in drafts.items() if table in _tables(outcome)), None) if _off_by_unit(outcome) else None
        if home is None:
            left.append((rule, outcome))
        else:
            home.follow_ups.append((rule, outcome))
            if (outcome.severity or rule.severity) == ERROR:  # other figures agree once the unit is put right, so it is the unit
                home.outcome = replace(home.outcome, severity=ERROR)
    return list(drafts.values()), left


def _off_by_unit(outcome: Outcome) -> bool:
    instance = outcome.instance if isinstance(outcome, FormulaOutcome) else None
    bounded = instance is not None and instance.sign != "="
    one, two = (instance.left_value, instance.right_value) if instance is not None and bounded else (outcome.expected, outcome.actual)
    if not isinstance(one, Decimal) or not isinstance(two, Decimal) or not one or not two:
        return False
    times = max(abs(one / two), abs(two / one))
    return times >= (300 if bounded else 3000) and (bounded or times <= 30000)


# ------------------------------------------------------------------ rows that are missing

def _missing_rows(document: Document, rest: list[Said]) -> list[_Draft]:
    """A row that another table has and this one lacks: its failures, and the sums that lack it, are one finding."""
    groups: dict[tuple[str, str], list[tuple[Said, Instance]]] = {}
    for said in rest:
        instance = said[1].instance if isinstance(said[1], FormulaOutcome) else None
        missing = instance.missing if instance is not None else ()
        if instance is not None and missing:
            groups.setdefault((missing[0].table, str(missing[0].key[2])), []).append((said, instance))
    drafts: list[_Draft] = []
    for (table, row), members in groups.items():
        (rule, outcome), _ = members[0]
        draft = _Draft(rule, outcome, follow_ups=[s for s, _ in members[1:]])
        absent = {v for _, i in members for f in i.missing if (v := i.solve(f)) is not None}
        code = row.removeprefix("缺:")
        for said in rest:
            instance = said[1].instance if isinstance(said[1], FormulaOutcome) else None
            if instance is None or instance.left is None or instance.missing or instance.left.table != table or said[0].family != "arithmetic":
                continue
            above = instance.left.row.split(" ")[0]
            lacks = any(abs(instance.residual - value) <= instance.tolerance for value in absent)
            if lacks and (code.startswith(above) or not above.isdigit()):
                draft.follow_ups.append(said)
        draft.told = [outcome, *(o for _, o in draft.follow_ups)]
        evidence = dict.fromkeys(e for _, o in ((rule, outcome), *draft.follow_ups) for e in o.evidence)
        draft.outcome = replace(outcome, evidence=tuple(_where_it_lacks(document, table, list(evidence))))
        drafts.append(draft)
    return drafts


# ------------------------------------------------------------------ the rest

def _grouped(rest: list[Said]) -> list[_Draft]:
    """Outcomes of one cause as one finding: the same `group`, the same row in several columns, the same difference in one table."""
    groups: list[list[Said]] = []
    index: dict[tuple[object, ...], list[Said]] = {}
    for said in rest:
        key = _cause_key(*said)
        home = index.get(key) or next((g for g in groups if _one_difference(g, said)), None)
        if home is None:
            home = []
            groups.append(home)
        index[key] = home
        home.append(said)
    return [_of_group(group) for group in groups]


def _of_group(group: list[Said]) -> _Draft:
    rule, outcome = group[0]
    if outcome.group:
        return _Draft(rule, outcome, repeats=group[1:])
    shared = set.intersection(*(_tables(o) for _, o in group)) if len(group) > 1 else set()
    lead = next((s for s in group if (f := _compared(s[1])) is not None and f.table in shared), group[0])
    others = [s for s in group if s is not lead]
    known = set(lead[1].evidence)
    more = tuple(replace(e, role="source" if e.role == "actual" else e.role) for _, o in others for e in o.evidence if e not in known)
    found = _with_hints(lead[1])
    return _Draft(lead[0], replace(found, evidence=(*found.evidence, *dict.fromkeys(more))) if others else found, follow_ups=others)


def _compared(outcome: Outcome) -> Figure | None:
    instance = outcome.instance if isinstance(outcome, FormulaOutcome) else None
    return (instance.left or instance.right) if instance is not None else None


def _tables(outcome: Outcome) -> set[str]:
    return {e.table for e in outcome.evidence if e.table}


def _one_difference(group: list[Said], said: Said) -> bool:
    """Relations between tables that are off by the same amount and have a table in common."""
    first, other = group[0][1], said[1]
    if not isinstance(first, FormulaOutcome) or not isinstance(other, FormulaOutcome) or first.severity != other.severity:
        return False
    one, two = first.instance, other.instance
    if one is None or two is None or one.unit != two.unit or abs(one.residual) != abs(two.residual) or group[0][0].severity != said[0].severity:
        return False
    return len(_tables(other)) > 1 and bool(set.intersection(*(_tables(o) for _, o in group)) & _tables(other))


def _cause_key(rule: Rule, outcome: Outcome) -> tuple[object, ...]:
    if outcome.group:
        return ("group", rule.id, outcome.group)
    figure = _compared(outcome)
    if figure is None:
        return ("one", id(outcome))
    return ("row", rule.id, outcome.severity, *figure.key[:3])


def _with_hints(outcome: Outcome) -> Outcome:
    instance = outcome.instance if isinstance(outcome, FormulaOutcome) else None
    if outcome.clues or instance is None or instance.sign != "=":
        return outcome
    found = [addend(instance)]
    if instance.left is not None and instance.right is not None:
        found.append(slip(instance.left_value, instance.right_value))
    return replace(outcome, clues=tuple(f"{text}。" for text in found if text)[:1])


def _finding(document: Document, draft: _Draft, reference: Reference) -> Finding:
    rule, outcome = draft.rule, draft.outcome
    message = outcome.message
    evidence = list(outcome.evidence)
    if draft.repeats:
        message += f"（同类共 {len(draft.repeats) + 1} 处）"
        evidence += [e for _, o in draft.repeats for e in o.evidence if e not in evidence]
    actual, expected = outcome.actual, outcome.expected
    difference = show(tidy(actual - expected)) if isinstance(actual, Decimal) and isinstance(expected, Decimal) else ""
    suggestion = outcome.suggestion or rule.remedy
    if outcome.clues:
        suggestion = f"{''.join(outcome.clues)}{suggestion}"
    severities = [o.severity or r.severity for r, o in [(rule, outcome), *draft.repeats]]
    severity = min(severities, key=lambda s: _GRAVITY[s])
    follow_ups = tuple(dict.fromkeys(_told(r, o) for r, o in draft.follow_ups))
    return Finding(rule.id, rule.family, severity, outcome.title or rule.title, message, tuple(evidence), outcome.relation, as_text(expected),
                   as_text(actual), difference, outcome.figures, suggestion, reference.basis(rule.basis), 1 + len(draft.repeats),
                   outcome.clues, follow_ups)


def _told(rule: Rule, outcome: Outcome) -> str:
    if outcome.figures:
        return f"{rule.id} {outcome.relation}：{outcome.figures}"
    return f"{rule.id} {outcome.message}"


def _ordered(document: Document, findings: list[Finding]) -> tuple[Finding, ...]:
    """Document order, and ordinals so that no two fingerprints are alike."""
    tables = {t.id: n for n, t in enumerate(document.tables, 1)}
    findings.sort(key=lambda f: (*_position(f.place, tables), f.rule, f.relation, f.message))
    seen: dict[str, int] = {}
    out: list[Finding] = []
    for finding in findings:
        mark = finding.fingerprint
        seen[mark] = seen.get(mark, -1) + 1
        out.append(replace(finding, ordinal=seen[mark]) if seen[mark] else finding)
    return tuple(out)


def _position(place: Evidence | None, tables: Mapping[str, int]) -> tuple[int, int, str, float, float]:
    """Page and place on it; sheets and parts, which have no number, go by their tables."""
    if place is None:
        return (1, 0, "", 0.0, 0.0)
    page = place.page if isinstance(place.page, int) else tables.get(place.table, 0)
    name = place.page if isinstance(place.page, str) and not page else ""
    box = place.box or (0.0, float(place.cell[0]) if place.cell else 0.0, 0.0, 0.0)
    return (0, page, name, round(box[1], 1), box[0])
