"""Verdicts and notes on disk: one small JSON file for each PDF, written whole or not at all, the previous good one kept."""
from __future__ import annotations

import getpass
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from core.paths import user_data
from core.results import Finding

VERSION = 1
CONFIRMED, DISMISSED, OPEN = "confirmed", "dismissed", "open"
NAMES = {CONFIRMED: "属实", DISMISSED: "排除", OPEN: "待核"}
REASONS = ("四舍五入所致", "口径不同，已核实", "原文如此，有据可查", "识别有误", "不适用于本单位", "与其他问题重复")


class CorruptReview(Exception):
    """A review file that cannot be understood. It is left where it is; `backup` is the last good one, if there is one."""

    def __init__(self, path: Path, detail: str, backup: ReviewFile | None) -> None:
        super().__init__(f"裁定文件已损坏：{path.name}")
        self.path, self.detail, self.backup = path, detail, backup


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reviewer decided on a finding. `figures` are expected and actual as they were then, to notice that they changed."""

    state: str = OPEN
    reason: str = ""
    note: str = ""
    reviewer: str = ""
    time: str = ""
    figures: str = ""

    @property
    def decided(self) -> bool:
        return self.state in (CONFIRMED, DISMISSED)

    @property
    def when(self) -> str:
        """Its time as people write it: 2026-11-22 05:53."""
        return self.time[:16].replace("T", " ")

    @property
    def empty(self) -> bool:
        return self.state == OPEN and not self.note and not self.reason and not self.time


@dataclass(frozen=True, slots=True)
class Ignored:
    """A rule that does not count in this document, and why."""

    reason: str
    reviewer: str = ""
    time: str = ""


UNDECIDED = Verdict()


def now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


def user_name() -> str:
    """Who decides, as the machine knows them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # no such user, no environment, no pwd module
        return ""


def figures_of(finding: Finding) -> str:
    return f"{finding.expected}|{finding.actual}"


def reviews_folder() -> Path:
    folder = user_data() / "reviews"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@dataclass
class ReviewFile:
    """The decisions on one document. `seen` are the findings of its last check; `baseline` those of the check before, not on disk.

    `carried` says from which earlier issue of the document the verdicts were taken over. `extras` belongs to other parts of the
    window (corrections, place in the document) and is kept as it is.
    """

    sha256: str
    path: str = ""
    identity: str = ""
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    ignored: dict[str, Ignored] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    carried: str = ""
    extras: dict[str, Any] = field(default_factory=dict)
    baseline: frozenset[str] = frozenset()

    def verdict(self, finding: Finding) -> Verdict:
        """The verdict on a finding; a finding of an ignored rule is dismissed with that reason."""
        own = self.verdicts.get(finding.fingerprint)
        if own is not None and own.decided:
            return own
        ignored = self.ignored.get(finding.rule)
        if ignored is not None:
            note = own.note if own else ""
            return Verdict(DISMISSED, ignored.reason, note, ignored.reviewer, ignored.time, figures_of(finding))
        return own or UNDECIDED

    def stale(self, finding: Finding) -> bool:
        """Whether the finding was decided on other figures than it has now."""
        own = self.verdicts.get(finding.fingerprint)
        return own is not None and own.decided and bool(own.figures) and own.figures != figures_of(finding)

    def is_new(self, finding: Finding) -> bool:
        return bool(self.baseline) and finding.fingerprint not in self.baseline

    def begin(self, findings: Iterable[Finding]) -> bool:
        """Takes note of what a check shows; says whether that differs from the check before."""
        shown = sorted({f.fingerprint for f in findings})
        self.baseline = frozenset(self.seen)
        changed, self.seen = shown != self.seen, shown
        return changed

    def put(self, fingerprint: str, verdict: Verdict | None) -> None:
        if verdict is None or verdict.empty:
            self.verdicts.pop(fingerprint, None)
        else:
            self.verdicts[fingerprint] = verdict

    # ---- on disk

    def to_json(self) -> str:
        data = {
            "version": VERSION, "sha256": self.sha256, "path": self.path, "identity": self.identity, "saved": now(),
            "verdicts": {k: asdict(v) for k, v in self.verdicts.items()},
            "ignored": {k: asdict(v) for k, v in self.ignored.items()},
            "seen": self.seen, "carried": self.carried, "extras": self.extras,
        }
        return json.dumps(data, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> ReviewFile:
        data = json.loads(text)
        if not isinstance(data, dict) or not isinstance(data.get("version"), int) or not isinstance(data.get("sha256"), str):
            raise ValueError("not a review file")
        if data["version"] > VERSION:
            raise ValueError(f"version {data['version']} is newer than this program")
        return cls(
            data["sha256"], str(data.get("path", "")), str(data.get("identity", "")),
            {str(k): _verdict(v) for k, v in dict(data["verdicts"]).items()},
            {str(k): Ignored(str(v["reason"]), str(v.get("reviewer", "")), str(v.get("time", "")))
             for k, v in dict(data.get("ignored", {})).items()},
            [str(s) for s in data.get("seen", [])], str(data.get("carried", "")), dict(data.get("extras", {})),
        )

    def save(self, folder: Path | None = None) -> Path:
        return write(file_of(self.sha256, folder), self.to_json())


def _verdict(data: Mapping[str, Any]) -> Verdict:
    if data["state"] not in NAMES:
        raise ValueError(f"unknown verdict {data['state']!r}")
    return Verdict(**{k: str(data.get(k, "")) for k in ("state", "reason", "note", "reviewer", "time", "figures")})


def file_of(sha256: str, folder: Path | None = None) -> Path:
    return (folder or reviews_folder()) / f"{sha256}.json"


def backup_of(path: Path) -> Path:
    return path.with_suffix(path.suffix + ".bak")


def write(path: Path, text: str) -> Path:
    """Replaces a file in one step. What it held before, if it was good, stays beside it as .bak."""
    if path.exists() and _readable(path):
        spare = path.with_suffix(path.suffix + ".bak.tmp")
        shutil.copyfile(path, spare)
        spare.replace(backup_of(path))
    fresh = path.with_suffix(path.suffix + ".tmp")
    with fresh.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)
    return path


def _readable(path: Path) -> bool:
    try:
        json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return True


def load(sha256: str, folder: Path | None = None) -> ReviewFile | None:
    """The review of a document; None when there is none yet; CorruptReview when it cannot be understood."""
    path = file_of(sha256, folder)
    if not path.exists():
        # a crash between the two replacements of a first-time writer cannot happen; a lost main file beside a good backup can
        return _backup(path)
    try:
        return ReviewFile.from_json(path.read_text(encoding="utf-8"))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CorruptReview(path, str(error), _backup(path)) from error


def _backup(path: Path) -> ReviewFile | None:
    backup = backup_of(path)
    if not backup.exists():
        return None
    try:
        return ReviewFile.from_json(backup.read_text(encoding="utf-8"))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def set_aside(path: Path) -> Path:
    """Moves a corrupt file out of the way without losing it; gives its new name."""
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    aside = path.with_name(f"{path.stem}.corrupt-{stamp}.json")
    path.replace(aside)
    return aside


# ---- reissues


def identity_of(unit_name: str, kind: str, year: int | None) -> str:
    """What stays the same when a disclosure is published again."""
    return f"{unit_name}|{kind}|{year or ''}" if unit_name else ""


def _index_file(folder: Path | None) -> Path:
    return (folder or reviews_folder()) / "index.json"


def _index(folder: Path | None) -> dict[str, dict[str, str]]:
    try:
        data = json.loads(_index_file(folder).read_text(encoding="utf-8"))
        return {str(k): {str(a): str(b) for a, b in v.items()} for k, v in data.items()}
    except (OSError, ValueError, AttributeError):  # the index is only a convenience and is made anew
        return {}


def enter(review: ReviewFile, folder: Path | None = None) -> None:
    """Writes down under which path and identity this review is found when the document is issued again."""
    index = _index(folder)
    before = json.dumps(index)
    for kind, key in (("paths", review.path), ("identities", review.identity)):
        if key:
            index.setdefault(kind, {})[key] = review.sha256
    if json.dumps(index) != before:
        write(_index_file(folder), json.dumps(index, ensure_ascii=False, indent=1))


def start(sha256: str, path: str, identity: str, folder: Path | None = None) -> ReviewFile:
    """The review of this document, or a new one with the verdicts of its earlier issue (same path or same body, kind and year)."""
    own = load(sha256, folder)
    if own is not None:
        own.path, own.identity = path, identity or own.identity
        return own
    index = _index(folder)
    for kind, key in (("identities", identity), ("paths", path)):
        earlier = index.get(kind, {}).get(key, "") if key else ""
        if not earlier or earlier == sha256:
            continue
        try:
            old = load(earlier, folder)
        except CorruptReview:
            continue
        if old is not None and (not identity or not old.identity or old.identity == identity):
            extras = {k: v for k, v in old.extras.items() if k == "reviewer"}
            return ReviewFile(sha256, path, identity, dict(old.verdicts), dict(old.ignored), list(old.seen), earlier, extras)
    return ReviewFile(sha256, path, identity)


def merge(mine: ReviewFile, theirs: ReviewFile) -> tuple[dict[str, Verdict], dict[str, Verdict]]:
    """Another reviewer's verdicts: those to take (nothing was decided here), and those that contradict a decision made here."""
    taken: dict[str, Verdict] = {}
    conflicts: dict[str, Verdict] = {}
    for fingerprint, verdict in theirs.verdicts.items():
        own = mine.verdicts.get(fingerprint)
        if own is None or (not own.decided and not own.note):
            taken[fingerprint] = verdict
        elif verdict.decided and (own.state, own.reason) != (verdict.state, verdict.reason):
            conflicts[fingerprint] = verdict
    return taken, conflicts


def hash_file(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
