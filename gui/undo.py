"""Changes of verdicts, notes and ignored rules that can be taken back."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtGui import QUndoCommand

from core import review_file
from core.results import Finding
from core.review_file import NAMES, Ignored, Verdict, figures_of
from gui.state import State


def _of(findings: Sequence[Finding]) -> str:
    return findings[0].rule if len(findings) == 1 else f"{len(findings)} 项问题"


class SetVerdicts(QUndoCommand):
    """Gives findings their verdicts; its text says what, as the menu shows it ("撤销：排除 X012")."""

    def __init__(self, state: State, after: dict[str, Verdict], text: str) -> None:
        super().__init__(text)
        doc = state.current
        assert doc is not None and doc.review is not None
        self._state = state
        self._after: dict[str, Verdict | None] = dict(after)
        self._before: dict[str, Verdict | None] = {f: doc.review.verdicts.get(f) for f in after}

    def redo(self) -> None:
        self._state.put_verdicts(self._after)

    def undo(self) -> None:
        self._state.put_verdicts(self._before)


class IgnoreRule(QUndoCommand):
    """Takes a rule out of this document, with a reason, or puts it back in."""

    def __init__(self, state: State, rule: str, ignored: Ignored | None) -> None:
        super().__init__(f"忽略规则 {rule}" if ignored else f"恢复规则 {rule}")
        doc = state.current
        assert doc is not None and doc.review is not None
        self._state, self._rule, self._after = state, rule, ignored
        self._before = doc.review.ignored.get(rule)

    def redo(self) -> None:
        self._state.put_ignored(self._rule, self._after)

    def undo(self) -> None:
        self._state.put_ignored(self._rule, self._before)


def can_decide(state: State) -> bool:
    doc = state.current
    return doc is not None and doc.review is not None and doc.corrupt is None and doc.result is not None


def decide(state: State, findings: Sequence[Finding], verdict: str, reason: str = "") -> bool:
    """Gives these findings one verdict, keeping their notes. Says whether it could."""
    doc = state.current
    if not findings or doc is None or doc.review is None or not can_decide(state):
        return False
    after = {}
    for finding in findings:
        old = doc.review.verdicts.get(finding.fingerprint, review_file.UNDECIDED)
        after[finding.fingerprint] = Verdict(verdict, reason, old.note, state.reviewer, review_file.now(), figures_of(finding))
    doc.undo.push(SetVerdicts(state, after, f"{NAMES[verdict]} {_of(findings)}"))
    return True


def annotate(state: State, finding: Finding, note: str) -> bool:
    """Puts a note on a finding."""
    doc = state.current
    if doc is None or doc.review is None or not can_decide(state):
        return False
    old = doc.review.verdicts.get(finding.fingerprint, review_file.UNDECIDED)
    if old.note == note:
        return False
    new = replace(old, note=note, reviewer=state.reviewer, time=review_file.now(), figures=old.figures or figures_of(finding))
    doc.undo.push(SetVerdicts(state, {finding.fingerprint: new}, f"备注 {finding.rule}"))
    return True


def ignore_rule(state: State, rule: str, reason: str | None) -> bool:
    """Ignores a rule in this document with a reason; None takes it back."""
    doc = state.current
    if doc is None or not can_decide(state):
        return False
    ignored = None if reason is None else Ignored(reason, state.reviewer, review_file.now())
    doc.undo.push(IgnoreRule(state, rule, ignored))
    return True


def take_in(state: State, path: Path) -> str:
    """Takes another reviewer's verdicts into this review, as one step that can be undone; says in Chinese what came of it."""
    doc = state.current
    if doc is None or doc.review is None or not can_decide(state):
        return "当前文件不能导入裁定"
    try:
        theirs = review_file.ReviewFile.from_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return f"{path.name} 不是裁定文件，或已损坏"
    if theirs.sha256 != doc.review.sha256 and theirs.identity != doc.review.identity:
        return "这份裁定属于另一份公开文件，未导入"
    taken, conflicts = review_file.merge(doc.review, theirs)
    if taken:
        doc.undo.push(SetVerdicts(state, taken, f"导入 {len(taken)} 条裁定"))
    differs = f"；{len(conflicts)} 条与已有裁定不一致，保留原裁定" if conflicts else ""
    return f"已导入 {len(taken)} 条裁定{differs}"
