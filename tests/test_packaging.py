"""What is handed on: the build's lists are whole, licences are there and allow it, and the written documents are true."""
from __future__ import annotations

import importlib.util
import re
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import pytest

import core

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [*(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")), *sorted((ROOT / "docs").glob("*.md"))]


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def notice() -> ModuleType:
    return script("notice")


# ------------------------------------------------------------------ the build's lists

class Recorded:
    """build.spec run without PyInstaller: what it would have been given."""

    def __init__(self) -> None:
        self.calls: dict[str, Any] = {}
        names = {name: self._record(name) for name in ("Analysis", "PYZ", "EXE", "COLLECT")}
        self.names: dict[str, Any] = {"SPECPATH": str(ROOT), **names}
        exec(compile((ROOT / "build.spec").read_text("utf-8"), "build.spec", "exec"), self.names)

    def _record(self, name: str) -> Any:
        def call(*given: Any, **named: Any) -> Any:
            self.calls.setdefault(name, []).append((given, named))
            return type("Made", (), {"binaries": [], "datas": [], "pure": [], "scripts": []})()
        return call


@pytest.fixture(scope="module")
def spec() -> Recorded:
    pytest.importorskip("PyInstaller")
    return Recorded()


def test_every_rule_module_is_packed(spec: Recorded) -> None:
    hidden = set(spec.calls["Analysis"][0][1]["hiddenimports"])
    assert hidden >= {f"core.rules.{path.stem}" for path in (ROOT / "core" / "rules").glob("*.py") if path.stem != "__init__"}


def test_what_is_read_at_run_time_is_packed(spec: Recorded) -> None:
    data = {source for source, _ in spec.calls["Analysis"][0][1]["datas"]}
    assert {"resources", "core/formulas/grammar.lark"} <= data
    assert sum(source.endswith(".onnx") for source in data) >= 3


def test_two_programs_share_one_folder_without_upx(spec: Recorded) -> None:
    programs = [named for _, named in spec.calls["EXE"]]
    assert [(p["name"], p["console"]) for p in programs] == [("gouji", False), ("gouji-cli", True)]
    assert not any(p["upx"] or p["strip"] for p in programs)
    assert len(spec.calls["COLLECT"]) == 1


@pytest.mark.parametrize(("file", "kept"), [
    ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
    ("PySide6/plugins/platforms/qwindows.dll", True),
    ("PySide6/Qt/plugins/platforms/libqoffscreen.so", True),
    ("PySide6/Qt/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so", True),
    ("PySide6/Qt/plugins/platforminputcontexts/libqtvirtualkeyboardplugin.so", False),
    ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", False),
    ("PySide6/Qt/plugins/tls/libqopensslbackend.so", False),
    ("PySide6/Qt/translations/qtbase_zh_CN.qm", True),
    ("PySide6/Qt/translations/qtbase_de.qm", False),
    ("PySide6/Qt6Network.dll", False),
    ("PySide6/Qt6Widgets.dll", True),
    ("PySide6/opengl32sw.dll", False),
    ("cv2\\opencv_videoio_ffmpeg500_64.dll", False),
    ("resources/sample.pdf", True),
    ("resources/templates/shanxi-budget/layout.toml", True),
    ("rapidocr/models/PP-OCRv6_rec_small.onnx", True),
])
def test_only_what_is_of_use_is_packed(spec: Recorded, file: str, kept: bool) -> None:
    assert bool(spec.names["wanted"](file)) is kept


def test_nothing_that_the_program_imports_is_left_out(spec: Recorded) -> None:
    """The list of what is unused must not grow into the program itself."""
    unused = set(spec.calls["Analysis"][0][1]["excludes"])
    sources = [ROOT / "main.py", *(ROOT / "core").rglob("*.py"), *(ROOT / "gui").rglob("*.py")]
    imported = {name for path in sources for name in re.findall(r"^\s*(?:from|import) ([\w.]+)", path.read_text("utf-8"), re.MULTILINE)}
    assert unused & imported == set()


def test_the_version_is_the_same_everywhere(spec: Recorded) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert core.__version__ == project == spec.names["VERSION"]
    assert f"## [{project}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_the_manifest_asks_for_long_paths_and_sharp_screens_but_no_rights() -> None:
    text = (ROOT / "scripts" / "windows" / "gouji.manifest").read_text("utf-8")
    found = {element.tag.rsplit("}", 1)[-1]: element for element in ElementTree.fromstring(text).iter()}
    assert found["longPathAware"].text == "true"
    assert "PerMonitorV2" in (found["dpiAwareness"].text or "")
    assert found["requestedExecutionLevel"].get("level") == "asInvoker"


def test_the_icon_has_every_size_that_windows_shows() -> None:
    from PIL import Image

    with Image.open(ROOT / "resources" / "icons" / "app.ico") as icon:
        assert {(s, s) for s in (16, 24, 32, 48, 256)} <= icon.info["sizes"]


@pytest.mark.parametrize("path", [ROOT / "run.bat", ROOT / "build.bat", *sorted((ROOT / "scripts" / "windows").glob("*.bat"))], ids=lambda p: p.name)
def test_batch_files_say_their_code_page_first_and_end_lines_as_windows_does(path: Path) -> None:
    data = path.read_bytes()
    assert data.startswith(b"@echo off\r\nchcp 65001 >nul\r\n")
    assert data.count(b"\n") == data.count(b"\r\n")


# ------------------------------------------------------------------ licences

def test_every_packed_distribution_has_an_entry_a_text_and_may_be_handed_on(notice: ModuleType) -> None:
    assert notice.wrong() == []


def test_the_program_shows_the_same_notice(notice: ModuleType) -> None:
    said = (ROOT / "NOTICE").read_text("utf-8")
    assert said == notice.notice() == (ROOT / "resources" / "licences" / "NOTICE.txt").read_text("utf-8")


@pytest.mark.parametrize(("licence", "allowed"), [
    ("MIT", True), ("LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only", True), ("GPL-3.0-only", False), ("AGPL-3.0-or-later", False),
    ("GPL-2.0-or-later WITH Bootloader-exception", True), ("MPL-2.0 AND GPL-3.0-only", False), ("", False),
])
def test_which_licences_allow_handing_on(notice: ModuleType, licence: str, allowed: bool) -> None:
    assert notice.may_be_handed_on(licence) is allowed


@pytest.mark.parametrize("text", ["LGPL-3.0", "GPL-3.0", "LGPL-2.1", "Apache-2.0", "MPL-2.0"])
def test_licences_that_others_refer_to_are_there(text: str) -> None:
    assert (ROOT / "resources" / "licences" / f"{text}.txt").stat().st_size > 5000


# ------------------------------------------------------------------ documents

def test_the_rule_catalogue_is_up_to_date() -> None:
    assert script("rule_catalogue").up_to_date(), "run: python scripts/rule_catalogue.py"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_links_and_pictures_lead_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text("utf-8"))
    missing = [t for t in targets if "://" not in t and not t.startswith("mailto:") and not (path.parent / t).exists()]
    assert missing == []


@pytest.mark.parametrize("path", [p for p in DOCUMENTS if p.name != "rules.md"], ids=lambda p: p.name)
def test_files_named_in_documents_exist(path: Path) -> None:
    named = re.findall(r"`((?:core|gui|scripts|tests|docs|resources|requirements)/[\w./-]+\.\w+)`", path.read_text("utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("path", [ROOT / "README.md", ROOT / "docs" / "manual.md", ROOT / "CONTRIBUTING.md"], ids=lambda p: p.name)
def test_commands_and_options_in_documents_are_known(path: Path) -> None:
    from core.cli import COMMANDS

    lines = re.findall(r"(?:main\.py|gouji-cli) (.+)", path.read_text("utf-8"))
    first = {line.split()[0].strip("`") for line in lines}
    assert {word for word in first if re.fullmatch("[a-z]+", word)} <= set(COMMANDS)
    options = {option for line in lines for option in re.findall(r"(?<!\S)--[a-z-]+", line)}
    known = set(re.findall(r'"(--[a-z-]+)"', (ROOT / "core" / "cli.py").read_text("utf-8") + (ROOT / "core" / "bench.py").read_text("utf-8")))
    assert options <= known | {"--help"}


def test_make_commands_in_documents_exist() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {name for path in DOCUMENTS for name in re.findall(r"^\s*make (\w+)", path.read_text("utf-8"), re.MULTILINE)}
    assert {"run", "test"} <= named <= targets


def test_no_place_of_one_machine_or_index_address_is_written_down() -> None:
    found = []
    for path in [*DOCUMENTS, *ROOT.glob("requirements/*"), *ROOT.glob("scripts/**/*"), ROOT / "build.spec", ROOT / "Makefile", *ROOT.glob(".github/**/*.yml")]:
        if path.is_file() and path.suffix not in (".pyc", ".png"):
            text = path.read_text("utf-8", errors="replace")
            found += [f"{path.name}: {hit}" for hit in re.findall(r"/work/|/root/|/home/\w+|--(?:extra-)?index-url|pypi\.\w+/simple", text)]
    assert found == []
