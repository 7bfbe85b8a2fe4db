"""Failed outcomes to findings: consequences told under their cause, repeats counted, hints added, stable order."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from core.causes import Cause, find_causes
from core.clues import addend, hints, slip
from core.formulas.figures import Figure, FormulaOutcome, Instance, Key
from core.formulas.wording import OCR_NOTE, in_unit, tidy
from core.model import Document
from core.numbers import show
from core.reference import Reference
from core.results import ERROR, FAIL, INFO, PASS, WARNING, Evidence, Finding, Outcome, as_text
from core.rules.base import Rule

Said = tuple[Rule, Outcome]
_GRAVITY = {ERROR: 0, WARNING: 1, INFO: 2}


@dataclass
class _Draft:
    """A finding in the making: its leading outcome and those told under it."""

    rule: Rule
    outcome: Outcome
    repeats: list[Said] = field(default_factory=list)
    follow_ups: list[Said] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


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
    drafts = _same_row(drafts)
    rest = [(r, o) for r, o in failed if id(o) not in done]
    rest = _consequences(drafts, rest, corrected)
    drafts += _missing_rows(rest)
    rest = [(r, o) for r, o in rest if not any(o is x for d in drafts for _, x in ((d.rule, d.outcome), *d.follow_ups))]
    drafts += _grouped(rest)
    return _ordered([_finding(document, d, reference) for d in drafts])


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
    step = Decimal(1).scaleb(-(figure.amount.digits if figure.amount else 2))
    expected = cause.expected.quantize(step)
    partners = [(f, v.quantize(step)) for f, v in cause.partners]
    message = _cause_sentence(figure, expected, partners, unit, f"按“{rule.title}”（{outcome.figures}）" if len(mended) == 1
                              else f"按与它有关的 {len(mended)} 项勾稽关系")
    if any(i.ocr for i in instances):
        message += OCR_NOTE
    evidence = [*figure.evidence("actual"), *(e for f, _ in partners for e in f.evidence("actual"))]
    known = {e.cell and (e.table, e.cell) or (e.page, e.box) for e in evidence}
    for _, other in [leading, *mended]:
        for item in other.evidence:
            spot = item.cell and (item.table, item.cell) or (item.page, item.box)
            if spot not in known:
                known.add(spot)
                evidence.append(replace(item, role="source" if item.role == "actual" else item.role))
    lead = replace(outcome, evidence=tuple(evidence), message=message, actual=in_unit(figure.value, unit, document.amount_unit),
                   expected=in_unit(expected, unit, document.amount_unit), clues=hints(figure, expected, instances, partners),
                   suggestion=f"请在{figure.table}补列“{figure.row}”。" if figure.missing
                   else f"请把{figure.where}改为 {show(expected)}{unit}，或核对它的来源。")
    return _Draft(rule, lead, follow_ups=[s for s in mended if s is not leading])


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


def _same_row(drafts: list[_Draft]) -> list[_Draft]:
    """One row with the same slip in several columns is one finding."""
    out: list[_Draft] = []
    for draft in drafts:
        first = draft.outcome.evidence[0] if draft.outcome.evidence else None
        twin = next((d for d in out if first and first.cell and (e := d.outcome.evidence[0]).cell and e.table == first.table
                     and e.cell[0] == first.cell[0] and d.outcome.actual == draft.outcome.actual
                     and d.outcome.expected == draft.outcome.expected), None)
        if twin is None:
            out.append(draft)
            continue
        twin.follow_ups += [(draft.rule, draft.outcome), *draft.follow_ups]
        assert first is not None
        head, tail = twin.outcome.evidence[:1], twin.outcome.evidence[1:]
        twin.outcome = replace(twin.outcome, evidence=(*head, first, *(e for e in tail if e.cell != first.cell or e.table != first.table)))
    return out


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
    first = draft.outcome.evidence[0] if draft.outcome.evidence else None
    if first is None or first.cell is None:
        return False
    if isinstance(outcome, FormulaOutcome):
        instance = outcome.instance
        if instance is None or not any(t.figure.key[1:] == (first.table, *first.cell) for t in instance.terms):
            return False
        off = sum((t.factor * (corrected[t.figure.key] - t.figure.value) for t in instance.terms if t.figure.key in corrected), Decimal(0))
        return instance.holds(instance.residual + off)
    touches = any(e.table == first.table and e.cell == first.cell for e in outcome.evidence)
    wrong, right = draft.outcome.actual, draft.outcome.expected
    if not touches or not all(isinstance(v, Decimal) for v in (wrong, right, outcome.actual, outcome.expected)):
        return False
    return _same(outcome.expected, wrong) and _same(outcome.actual, right)


def _same(one: object, other: object) -> bool:
    """One amount in two units or with other digits."""
    if not isinstance(one, Decimal) or not isinstance(other, Decimal):
        return False
    return any(abs(one * factor - other) <= Decimal("0.005") * max(Decimal(1), factor) for factor in (Decimal(1), Decimal(10000), Decimal("0.0001")))


# ------------------------------------------------------------------ rows that are missing

def _missing_rows(rest: list[Said]) -> list[_Draft]:
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
        absent = {(f.column, v) for _, i in members for f in i.missing if (v := i.solve(f)) is not None}
        code = row.removeprefix("缺:")
        for said in rest:
            instance = said[1].instance if isinstance(said[1], FormulaOutcome) else None
            if instance is None or instance.left is None or instance.missing or instance.left.table != table or said[0].family != "arithmetic":
                continue
            above = instance.left.row.split(" ")[0]
            lacks = any(instance.left.column == column and abs(instance.residual - value) <= instance.tolerance for column, value in absent)
            if lacks and (code.startswith(above) or not above.isdigit()):
                draft.follow_ups.append(said)
        drafts.append(draft)
    return drafts


# ------------------------------------------------------------------ the rest

def _grouped(rest: list[Said]) -> list[_Draft]:
    """Outcomes of one cause as one finding: the same `group`, the same figure, or the same row in several columns."""
    drafts: dict[tuple[object, ...], _Draft] = {}
    for rule, outcome in rest:
        key = _cause_key(rule, outcome)
        draft = drafts.get(key)
        if draft is None:
            drafts[key] = _Draft(rule, _with_hints(outcome))
        elif outcome.group:
            draft.repeats.append((rule, outcome))
        else:
            draft.follow_ups.append((rule, outcome))
    return list(drafts.values())


def _cause_key(rule: Rule, outcome: Outcome) -> tuple[object, ...]:
    if outcome.group:
        return ("group", rule.id, outcome.group)
    instance = outcome.instance if isinstance(outcome, FormulaOutcome) else None
    figure = (instance.left or instance.right) if instance is not None else None
    if figure is None:
        return ("one", id(outcome))
    between = {t.figure.table for t in instance.terms} if instance is not None else set()
    if instance is not None and instance.sign == "=" and len(between) == 2:
        return ("tables", *sorted(between), abs(instance.residual))
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


def _ordered(findings: list[Finding]) -> tuple[Finding, ...]:
    """Document order, and ordinals so that no two fingerprints are alike."""
    findings.sort(key=lambda f: (*_position(f.place), f.rule, f.relation, f.message))
    seen: dict[str, int] = {}
    out: list[Finding] = []
    for finding in findings:
        print_ = finding.fingerprint
        seen[print_] = seen.get(print_, -1) + 1
        out.append(replace(finding, ordinal=seen[print_]) if seen[print_] else finding)
    return tuple(out)


def _position(place: Evidence | None) -> tuple[int, int, str, float, float]:
    if place is None:
        return (1, 0, "", 0.0, 0.0)
    page = place.page if isinstance(place.page, int) else 0
    name = place.page if isinstance(place.page, str) else ""
    box = place.box or (0.0, float(place.cell[0]) if place.cell else 0.0, 0.0, 0.0)
    return (0, page, name, round(box[1], 1), box[0])


