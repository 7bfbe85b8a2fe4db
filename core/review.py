"""Open and check one disclosure: the call that window and command line share, and the list of rules that both show."""
from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path

from core.corrections import Correction, apply
from core.errors import Step, Unreadable, no_step
from core.layouts import templates
from core.model import Document
from core.results import SKIPPED, Check, Result
from core.review_file import Verdict, hash_file
from core.rules import load_rules
from core.rules.base import Rule


@dataclass(frozen=True)
class Options:
    """How to check. `jobs` is the number of processes for many files, 0 leaves it to the machine."""

    template: str = ""
    rules: Path | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    prior: tuple[Path, ...] = ()
    ocr: bool = True
    jobs: int = 0
    corrections: tuple[Correction, ...] = ()
    """How the reviewer corrected what was read of tables."""
    cache: Path | None = None
    """Where recognised pages are remembered; None reads every scan anew."""


@dataclass(frozen=True)
class Entry:
    """One input and what came of it: a result, or a Chinese sentence that says why there is none.

    `verdicts`: finding fingerprint to what the reviewer decided.
    """

    path: Path
    result: Result | None = None
    error: str = ""
    sha256: str = ""
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)


class BadRules(ValueError):
    """A rules file that cannot be used. The text is a Chinese sentence that names the file and the place."""


# ------------------------------------------------------------------ one disclosure

def open_review(path: Path, options: Options | None = None, step: Step = no_step) -> Result:
    """Read a disclosure and check it. Raises Unreadable, BadRules, or Cancelled when `step` does."""
    from core.engine import check
    from core.reading import read_document

    options = options or Options()
    start = pages_read = time.perf_counter()

    def reading(done: int, total: int, label: str) -> None:
        """Readers step once a page, and a last time before they make tables and sections of them."""
        nonlocal pages_read
        if total and done >= total:
            pages_read = time.perf_counter()
        step(done, total, label)

    document = apply(read_document(path, ocr=options.ocr, template=options.template, step=reading, cache=options.cache), options.corrections)
    recognised = time.perf_counter()
    prior, unread = _prior(options, document)
    extra = custom_rules(options.rules) if options.rules else []
    ready = time.perf_counter()
    result = check(document, prior=prior, select=options.select, ignore=options.ignore, extra=extra, step=step)
    end = time.perf_counter()
    if pages_read == start:
        pages_read = recognised
    seconds = {"read": pages_read - start + ready - recognised, "recognise": recognised - pages_read, "check": end - ready, "total": end - start}
    return replace(result, checks=(*result.checks, *unread), seconds=seconds)


def _prior(options: Options, document: Document) -> tuple[list[Document], list[Check]]:
    """The comparison disclosures, and a check not run for each that cannot be read: silence would look like agreement."""
    found: list[Document] = []
    unread: list[Check] = []
    for path in options.prior:
        try:
            state = path.stat()
            other = _read_prior(path, state.st_mtime_ns, state.st_size, options.ocr)
        except (OSError, Unreadable) as error:
            reason = f"对照文件无法读取：{error if isinstance(error, Unreadable) else error.strerror or error}"
            unread.append(Check("", f"与对照文件 {path.name} 比较", SKIPPED, reason, family="cross_document"))
            continue
        if other.sha256 != document.sha256:
            found.append(other)
    return found, unread


@lru_cache(maxsize=8)
def _read_prior(path: Path, modified: int, size: int, ocr: bool) -> Document:
    """A comparison disclosure, read once for all files of a batch. `modified` and `size` only tell apart its versions."""
    from core.reading import read_document

    return read_document(path, ocr=ocr)


def sha256(path: Path) -> str:
    """The hash of a file; "" where there is no readable one."""
    try:
        return hash_file(path)
    except OSError:
        return ""


# ------------------------------------------------------------------ rules

@cache
def known_rules() -> tuple[Rule, ...]:
    """Every bundled rule, by id: those in Python, and the formulas of all templates (equal ones once, with all their templates)."""
    from core.formulas import formula_rules

    found: dict[tuple[str, str, str], Rule] = {}
    for known in [*load_rules().values(), *(rule for t in templates() for rule in _tagged(formula_rules(t), t.id))]:
        key = (known.id, known.title, known.formula)
        seen = found.get(key)
        found[key] = known if seen is None else replace(seen, templates=(*seen.templates, *known.templates))
    return tuple(sorted(found.values(), key=lambda r: (r.id, r.templates)))


def _tagged(rules: Iterable[Rule], template_id: str) -> list[Rule]:
    return [r if r.templates else replace(r, templates=(template_id,)) for r in rules]


def custom_rules(file: Path) -> list[Rule]:
    """The reviewer's own check formulas. A mistake in them is a BadRules that says where it is."""
    from core.formulas import FormulaError, load_user_rules

    try:
        rules = load_user_rules(file)
    except OSError as error:
        raise BadRules(f"无法读取规则文件 {file}：{error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise BadRules(f"规则文件 {file} 不是 UTF-8 编码。请另存为 UTF-8 后再试。") from error
    except FormulaError as error:
        raise BadRules(f"规则文件 {file} 有误：{error}") from error
    if not rules:
        raise BadRules(f"规则文件 {file} 中没有审核公式。每条以 [[relation]] 开头，写明 id、title、formula。")
    taken = {r.id for r in rules} & {r.id for r in known_rules()}
    if taken:
        raise BadRules(f"规则文件 {file} 的编号 {'、'.join(sorted(taken))} 与内置规则重复，请换一个（如 Z001）。")
    return rules
