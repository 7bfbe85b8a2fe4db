"""A report that opens in any browser: one file, nothing fetched, good on paper."""
from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core import PROGRAM, __version__
from core.exports.files import replacing
from core.exports.json import printable
from core.exports.summary import MARKS, STATUS_MARKS, place_text, summary_facts, verdict_of
from core.paths import resource
from core.results import ERROR, FAMILIES, INFO, WARNING, Check, Finding
from core.review import Entry
from core.review_file import NAMES


def write_html(target: Path, entries: Sequence[Entry]) -> None:
    """Write the report of one or many disclosures. Raises TargetBusy where it cannot be written."""
    text = render(entries)
    with replacing(target) as draft:
        draft.write_text(printable(text), "utf-8", newline="\n")


def render(entries: Sequence[Entry]) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(loader=FileSystemLoader(resource("report")), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.get_template("report.html").render(
        title="公开文件审核报告", program=f"{PROGRAM} {__version__}", documents=[_document(e) for e in entries])


def _document(entry: Entry) -> dict[str, Any]:
    result = entry.result
    if result is None:
        return {"name": entry.path.name, "error": entry.error or "未说明原因"}
    counts = {severity: result.count(severity) for severity in (ERROR, WARNING, INFO)}
    return {
        "name": entry.path.name, "error": "", "verdict": verdict_of(result), "counts": counts,
        "gravity": ERROR if counts[ERROR] else WARNING if counts[WARNING] else "",
        "facts": [(label, str(value)) for label, value in summary_facts(result)],
        "findings": [_finding(entry, f) for f in result.findings], "checks": _groups(result.checks),
    }


def _finding(entry: Entry, finding: Finding) -> dict[str, Any]:
    verdict = entry.verdicts.get(finding.fingerprint)
    said = [NAMES.get(verdict.state, verdict.state), verdict.reason, verdict.note, verdict.reviewer, verdict.when] if verdict else []
    return {
        "severity": finding.severity, "mark": MARKS.get(finding.severity, finding.severity), "title": finding.title, "rule": finding.rule,
        "family": FAMILIES.get(finding.family, finding.family), "message": finding.message, "expected": finding.expected,
        "actual": finding.actual, "difference": finding.difference, "figures": finding.figures, "relation": finding.relation,
        "places": list(dict.fromkeys(p for e in finding.evidence if (p := place_text(e)))), "clues": finding.clues,
        "suggestion": finding.suggestion, "basis": finding.basis, "verdict": "，".join(s for s in said if s),
    }


def _groups(checks: Sequence[Check]) -> list[dict[str, Any]]:
    """The relations by family, in the order of the families; those that say something bad first."""
    found: list[dict[str, Any]] = []
    for family in (*FAMILIES, ""):
        own = [c for c in checks if (c.family if c.family in FAMILIES else "") == family]
        if not own:
            continue
        counts = Counter(c.status for c in own)
        order = list(STATUS_MARKS)
        found.append({
            "name": FAMILIES.get(family, "其他"), "counts": "，".join(f"{STATUS_MARKS[s][2:]} {counts[s]}" for s in STATUS_MARKS if counts[s]),
            "checks": [{"rule": c.rule, "relation": c.relation, "status": c.status, "mark": STATUS_MARKS.get(c.status, c.status),
                        "reason": c.reason, "figures": c.figures}
                       for c in sorted(own, key=lambda c: order.index(c.status) if c.status in order else len(order))],
        })
    return found
