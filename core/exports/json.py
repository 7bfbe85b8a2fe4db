"""The result as JSON, schema 1 (docs/contract): byte for byte the same for the same input and options, but for `seconds`."""
from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TextIO

from core import PROGRAM, __version__
from core.exports.files import replacing
from core.model import Cell, PageId, Table
from core.results import BROKEN, SKIPPED, Check, Evidence, Finding
from core.review import Entry

SCHEMA = 1
PHASES = ("read", "recognise", "check", "total")


class JsonWriter:
    """Writes documents one by one, so that a batch of thousands need not stay in memory."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._count = 0
        program = _line({"name": PROGRAM, "version": __version__})
        stream.write(f'{{\n"schema": {SCHEMA},\n"program": {program},\n"documents": [')

    def add(self, entry: Entry) -> None:
        self._stream.write(("," if self._count else "") + "\n" + _block(document(entry)))
        self._count += 1

    def close(self) -> None:
        self._stream.write("\n]\n}\n")
        self._stream.flush()


def write_json(target: Path, entries: Iterable[Entry]) -> None:
    """The whole result in one file. Raises TargetBusy where it cannot be written."""
    with replacing(target) as draft, draft.open("w", encoding="utf-8", newline="\n") as stream:
        writer = JsonWriter(stream)
        for entry in entries:
            writer.add(entry)
        writer.close()


def document(entry: Entry) -> dict[str, Any]:
    """One entry of `documents`. An unreadable one has the same keys with empty values."""
    head: dict[str, Any] = {"path": printable(str(entry.path)), "sha256": entry.sha256, "error": entry.error or None}
    if entry.result is None:
        return {
            **head, "template": "", "kind": "", "unit_name": "", "year": None, "amount_unit": "", "pages": 0, "ocr_pages": [],
            "unread_pages": [], "seconds": dict.fromkeys(PHASES, 0.0), "sections": [], "tables": [], "findings": [], "checks": [],
            "coverage": {"amounts": 0, "verified": 0, "parts": []}, "template_reason": "",
        }
    result, doc = entry.result, entry.result.document
    return {
        **head, "sha256": entry.sha256 or doc.sha256, "template": doc.template, "kind": doc.kind, "unit_name": doc.unit_name.value,
        "year": doc.year, "amount_unit": doc.amount_unit, "pages": len(doc.pages), "ocr_pages": list(doc.ocr_pages),
        "unread_pages": list(doc.unread_pages), "seconds": seconds(result.seconds),
        "sections": [{"id": s.id, "title": s.title, "level": s.level, "page": _page(s.page)} for s in doc.sections],
        "tables": [_table(t) for t in doc.tables],
        "findings": [_finding(f) for f in result.findings],
        "checks": [_check(c) for c in result.checks],
        "coverage": {"amounts": result.coverage.amounts, "verified": result.coverage.verified,
                     "parts": [{"part": p, "amounts": a, "verified": v} for p, a, v in result.coverage.parts]},
        "template_reason": doc.template_reason,
    }


def seconds(measured: Mapping[str, float]) -> dict[str, float]:
    return {phase: round(measured.get(phase, 0.0), 3) for phase in PHASES}


def printable(text: str) -> str:
    """Text that UTF-8 can hold: file names may carry bytes that are no text."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _page(page: PageId | None) -> PageId | None:
    return page or None


def _texts(rows: Iterable[Iterable[Cell | None]]) -> list[list[str | None]]:
    return [[None if cell is None else cell.text for cell in row] for row in rows]


def _table(table: Table) -> dict[str, Any]:
    return {
        "id": table.id, "title": table.title, "pages": list(table.pages), "amount_unit": table.amount_unit,
        "header": _texts(table.header), "rows": _texts(table.rows), "kind": table.kind, "role": table.role,
        "columns": [c.label for c in table.columns], "notes": [n.text for n in table.notes], "why": table.why,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule, "family": finding.family, "severity": finding.severity, "title": finding.title,
        "message": finding.message, "expected": finding.expected, "actual": finding.actual, "difference": finding.difference,
        "suggestion": finding.suggestion, "basis": finding.basis, "evidence": [_evidence(e) for e in finding.evidence],
        "relation": finding.relation, "figures": finding.figures, "count": finding.count, "clues": list(finding.clues),
        "follow_ups": list(finding.follow_ups), "fingerprint": finding.fingerprint,
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "page": _page(evidence.page), "bbox": None if evidence.box is None else [round(v, 2) for v in evidence.box],
        "table": evidence.table, "row": evidence.row, "column": evidence.column, "text": evidence.text, "role": evidence.role,
        "ocr": evidence.ocr, "cell": None if evidence.cell is None else list(evidence.cell),
    }


def _check(check: Check) -> dict[str, Any]:
    """The contract knows pass, fail and skipped: a rule that broke was not evaluated, so it is skipped, and says that it broke."""
    broken = check.status == BROKEN
    first = check.evidence[0] if check.evidence else None
    return {
        "rule": check.rule, "relation": check.relation, "status": SKIPPED if broken else check.status,
        "reason": check.reason, "family": check.family, "figures": check.figures,
        "page": _page(first.page) if first else None, "table": first.table if first else "", "broken": broken,
    }


# ------------------------------------------------------------------ how it is laid out

def _line(value: Any) -> str:
    return printable(json.dumps(value, ensure_ascii=False, allow_nan=False))


def _block(value: Mapping[str, Any]) -> str:
    """A document with a line for each key, and one for each item of the long lists: good to read, and to compare."""
    lines = []
    for key, item in value.items():
        if isinstance(item, list) and item and isinstance(item[0], dict):
            text = "[\n  " + ",\n  ".join(map(_line, item)) + "\n ]"
        else:
            text = _line(item)
        lines.append(f" {_line(key)}: {text}")
    return "{\n" + ",\n".join(lines) + "\n}"
