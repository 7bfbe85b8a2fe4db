"""A read document against the truth of a generated file, cell by cell."""
from __future__ import annotations

import re
import unicodedata
from typing import Any

from core.model import Document


def same(text: object) -> str:
    """A text without blanks, width and thousands separators."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", "" if text is None else str(text)))
    return re.sub(r"(?<=\d),(?=\d{3})", "", plain)


def differences(truth: dict[str, Any], document: Document) -> list[str]:
    """What the reader got otherwise: missing tables, other numbers of rows, other texts. Empty when all is exact."""
    out = []
    read: dict[str, list[Any]] = {}
    for table in document.tables:
        read.setdefault(table.id, []).append(table)
    for table in truth["tables"]:
        found = read.get(table["id"], []) or [t for t in document.tables if table["kind"] == "other" and t.title == table["title"]]
        if not found:
            out.append(f"{table['id']} was not read")
            continue
        got = [[None if c is None else c.text for c in row] for row in found.pop(0).rows]
        rows = table["body"]["rows"]
        if len(got) != len(rows):
            out.append(f"{table['id']} has {len(got)} rows instead of {len(rows)}")
        for r, (want, have) in enumerate(zip(rows, got, strict=False)):
            for c, text in enumerate(want):
                if text is not None and (c >= len(have) or same(have[c]) != same(text)):
                    out.append(f"{table['id']} row {r + 1} column {c + 1}: {have[c] if c < len(have) else None!r} instead of {text!r}")
    return out
