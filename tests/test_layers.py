"""Which way imports go: main to gui or core.cli, gui to core, rules only to the few modules that need no PDF."""
from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Modules of core/rules may share helpers with each other: each of them is held to the same list, so none gets at a PDF that way.
RULES_MAY = ("core.model", "core.numbers", "core.text", "core.reference", "core.results", "core.layouts", "core.narrative", "core.formulas", "core.rules")


def imported(file: Path) -> Iterator[str]:
    """Every module that a file imports, anywhere in it; `from core import model` counts as core.model."""
    package = file.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[:len(package) - node.level + 1] if node.level else ()
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def within(name: str, *packages: str) -> bool:
    return any(name == p or name.startswith(p + ".") for p in packages)


@pytest.mark.parametrize("file", modules("core"), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_core_knows_nothing_of_qt_or_gui(file: Path) -> None:
    assert [n for n in imported(file) if within(n, "gui", "PySide6", "shiboken6", "main", "tests")] == []


@pytest.mark.parametrize("file", modules("gui"), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_gui_does_not_use_the_command_line(file: Path) -> None:
    assert [n for n in imported(file) if within(n, "core.cli", "main", "tests")] == []


@pytest.mark.parametrize("file", modules("core/rules"), ids=lambda p: p.name)
def test_rules_can_be_tested_without_a_pdf(file: Path) -> None:
    used = [n for n in imported(file) if within(n, "core", "gui")]
    strangers = [n for n in used if n != "core" and not within(n, *RULES_MAY)]
    assert strangers == []


def test_the_reader_of_imports_sees_every_form(tmp_path: Path) -> None:
    file = ROOT / "core" / "rules" / "base.py"
    assert {"core.model", "core.model.Document", "core.layouts"} <= set(imported(file))
