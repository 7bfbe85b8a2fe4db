"""Takes the pictures of the manual from the running program with the bundled sample.

    python docs/screenshots.py [--document FILE] [--to FOLDER] [--only NAME …]

Runs without a screen (Qt's offscreen platform). The settings and reviews of whoever runs it are left alone.
"""
from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
LARGEST = 250_000
SIZE = (1680, 1000)
SMALL = (1280, 800)
SCALES = {"scale-125": (1.25, (1536, 864)), "scale-150": (1.5, (1280, 720)), "scale-200": (2.0, (960, 540))}
"""A screen of 1920 x 1080 at these scales, and the size of the window in the points that are left of it."""
Cells = Mapping[tuple[str, int, int], str]


def main() -> int:
    parser = argparse.ArgumentParser(description="从运行中的程序截取手册图片")
    parser.add_argument("--document", type=Path, default=ROOT / "resources" / "sample.pdf")
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--scaled", default="", help=argparse.SUPPRESS)
    given = parser.parse_args()
    given.to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="gouji-pictures-") as folder:
        os.environ["XDG_DATA_HOME"] = os.environ["LOCALAPPDATA"] = folder
        taken = Pictures(given.document, given.to).take(given.only, given.scaled)
    if given.scaled:
        return 0
    for name, (scale, _) in SCALES.items():
        if not given.only or name in given.only:
            # the scale of the screen must be known before Qt starts, so another process takes this one
            again = [sys.executable, __file__, "--document", str(given.document), "--to", str(given.to), "--scaled", name]
            subprocess.run(again, check=True, env={**os.environ, "QT_SCALE_FACTOR": str(scale)})
            taken.append(name)
    print("、".join(taken))
    return 0


class Pictures:
    """The window with the document open, brought into each state in turn."""

    def __init__(self, document: Path, folder: Path) -> None:
        self.folder = folder
        from PySide6.QtCore import QSettings

        from core.paths import user_data
        from gui import theme
        from gui.app import make_application
        from gui.main_window import MainWindow
        from gui.state import State

        self.app = make_application()
        settings = QSettings(str(user_data() / "pictures.ini"), QSettings.Format.IniFormat)
        settings.setValue("reviewer", "示例审核人")
        self.state = State(settings)
        theme.apply(self.app, "light", 1.0)
        self.window = MainWindow(self.state)
        self.window.restore()
        self.window.resize(*SIZE)
        self.window.show()
        self.window.load_rest()
        self.document = document

    def take(self, only: list[str], scaled: str) -> list[str]:
        steps: dict[str, Callable[[], None]] = {
            "welcome": self.welcome, "findings": self.findings, "trace": self.trace, "narrative": self.narrative, "search": self.search,
            "overview": self.overview, "overview-edge": self.edge, "correction": self.correction, "export": self.export, "rules": self.rules,
            "compare": self.compare, "compare-tables": self.compare_tables, "dark": self.dark, "dark-overview": self.dark_overview,
            "small": self.small,
        }
        if scaled:
            steps = {scaled: lambda: self.sized(scaled, SCALES[scaled][1])}
        taken = []
        for name, step in steps.items():
            if name != "welcome" and self.state.result is None:
                self.open()
            if only and name not in only:
                continue
            step()
            taken.append(name)
        self.window.close()
        self.state.flush()
        return taken

    # ---- helpers

    def wait(self, until: Callable[[], bool], seconds: float = 120.0) -> None:
        end = time.monotonic() + seconds
        while not until():
            self.app.processEvents()
            time.sleep(0.01)
            if time.monotonic() > end:
                raise TimeoutError("the window did not come to the state to be pictured")

    def rest(self, seconds: float = 1.4) -> None:
        """Pages are drawn in a thread, and messages fade: let the window come to rest."""
        end = time.monotonic() + seconds
        self.wait(lambda: time.monotonic() > end)

    def grab(self, name: str, widget: object = None) -> None:
        from PIL import Image
        from PySide6.QtWidgets import QWidget

        self.rest()
        target = self.folder / f"{name}.png"
        shown = widget if isinstance(widget, QWidget) else self.window
        shown.grab().save(str(target))
        picture = Image.open(target).convert("RGB")
        if picture.width > 2000:
            picture = picture.resize((round(picture.width * 0.75), round(picture.height * 0.75)), Image.Resampling.LANCZOS)
        picture.save(target, optimize=True)
        for colours in (256, 128, 64, 32):
            if target.stat().st_size <= LARGEST:
                return
            picture.quantize(colours, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE).save(target, optimize=True)
        if target.stat().st_size > LARGEST:
            raise ValueError(f"{target.name} is larger than {LARGEST} bytes")

    def open(self) -> None:
        self.state.open([self.document])
        self.wait(lambda: self.state.result is not None or (self.state.current is not None and self.state.current.status == "error"))
        if self.state.result is None:
            raise ValueError(self.state.current.error if self.state.current else "not opened")
        self.wait(lambda: self.window.page_view.canvas.count > 0)

    def choose(self, family: str) -> None:
        """Chooses the first finding of a family that stands on a cell, else of any."""
        found = self.state.listed()
        of_family = [f for f in found if f.family == family]
        with_cells = [f for f in of_family if any(e.cell for e in f.evidence)]
        chosen = (with_cells or of_family or found or [None])[0]
        if chosen is not None:
            self.state.select_finding(chosen)

    def desk(self) -> None:
        self.window._show_desk()
        self.window._show_right(0)

    # ---- the states

    def welcome(self) -> None:
        self.grab("welcome")

    def findings(self) -> None:
        from gui import undo
        self.desk()
        found = self.state.listed()
        if len(found) > 4:
            undo.decide(self.state, found[1:3], "confirmed")
            undo.decide(self.state, found[4:5], "dismissed", "原文如此，有据可查")
        self.choose("cross_table")
        self.grab("findings")

    def trace(self) -> None:
        """A total whose parts are lit up in table and page."""
        self.desk()
        lookup = self.state.lookup
        assert lookup is not None
        role = ("expenditure", "general", "income")
        tables = [t for r in role for t in lookup.tables.values() if t.role == r] or list(lookup.tables.values())
        for table in tables:
            line = table.total_line()
            for cell in (line.cells.values() if line else ()):
                if lookup.sums_of((table.id, cell.row, cell.column)):
                    self.state.select_cell(table.id, cell.row, cell.column)
                    self.grab("trace")
                    return
        raise ValueError("no total with parts")

    def narrative(self) -> None:
        self.desk()
        self.choose("narrative")
        self.window._show_right(1)
        self.grab("narrative")
        self.window._show_right(0)

    def search(self) -> None:
        self.desk()
        self.window.do_find()
        panel = self.window.search
        panel.open_search("公用经费")
        self.wait(lambda: bool(panel.hits), 20)
        self.grab("search")
        panel.close_search()

    def overview(self) -> None:
        self.window.do_overview()
        self.window.overview._close_relations()
        self.grab("overview")

    def edge(self) -> None:
        if self.window.overview is None or not self.window.overview.isVisible():
            self.window.do_overview()
        page = self.window.overview
        edges = [e for e in page.map._items if hasattr(e, "relations")]
        if edges:
            page.map._choose(edges[0])
        self.grab("overview-edge")
        page._close_relations()
        self.desk()

    def correction(self) -> None:
        self.desk()
        self.choose("cross_table")
        self.rest(0.5)
        self.window.do_correct()
        self.grab("correction")
        self.window.correction.cancel()

    def export(self) -> None:
        from gui.dialogs import ExportDialog
        dialog = ExportDialog(self.state, self.window)
        dialog.target.setText("D:\\决算公开\\2025年\\" + f"{self.document.stem}_审核结果.xlsx")
        dialog.show()
        self.grab("export", dialog)
        dialog.close()

    def rules(self) -> None:
        from gui.dialogs import RulesDialog
        finding = self.state.current.finding() if self.state.current else None
        template = self.state.result.document.template if self.state.result else ""
        dialog = RulesDialog(finding.rule if finding else "", self.window, template_id=template)
        dialog.show()
        self.grab("rules", dialog)
        dialog.close()

    def compare(self) -> None:
        self._compare_tab("compare", 0)

    def compare_tables(self) -> None:
        self._compare_tab("compare-tables", 1)

    def _compare_tab(self, name: str, tab: int) -> None:
        from gui.compare import CompareDialog
        result = self.state.result
        assert result is not None
        later = checked(amended(result.document, remedies(result)))
        dialog = CompareDialog(self.state, result, later, ("初稿.pdf", "修订稿.pdf"), self.window)
        dialog.resize(1280, 760)
        dialog.view.tabs.setCurrentIndex(tab)
        dialog.show()
        self.grab(name, dialog)
        dialog.close()

    def _theme(self, mode: str) -> None:
        self.state.settings.setValue("theme", mode)
        self.window.apply_settings()

    def dark(self) -> None:
        self.desk()
        self._theme("dark")
        self.choose("cross_table")
        self.grab("dark")
        self._theme("light")

    def dark_overview(self) -> None:
        self._theme("dark")
        self.window.do_overview()
        self.grab("dark-overview")
        self.desk()
        self._theme("light")

    def small(self) -> None:
        self.sized("small", SMALL)

    def sized(self, name: str, size: tuple[int, int]) -> None:
        """The desk in a window of another size."""
        self.window.resize(*size)
        self.desk()
        self.choose("cross_table")
        self.grab(name)


def remedies(result: object) -> Cells:
    """The figures that a careful author would correct: the expected value where a finding of one cell names it."""
    from core.results import Result
    assert isinstance(result, Result)
    found: dict[tuple[str, int, int], str] = {}
    for finding in result.findings:
        first = finding.place
        if finding.family in ("arithmetic", "cross_table", "codes") and first is not None and first.cell is not None and finding.expected:
            found[(first.table, *first.cell)] = finding.expected
    return found


def amended(document: object, cells: Cells) -> object:
    """The document as it would read with these cells printed otherwise."""
    from core.layouts import template
    from core.model import Document, Table
    from core.reading.tables import build_lines, with_amounts
    assert isinstance(document, Document)
    layouts = template(document.template)

    def corrected(table: Table) -> Table:
        layout = layouts.table(table.id)
        if layout is None or not any(key[0] == table.id for key in cells):
            return table
        rows = tuple(tuple(c if c is None else replace(c, text=cells.get((table.id, c.row, c.column), c.text), amount=None) for c in row)
                     for row in table.rows)
        rows = with_amounts(rows, table.columns, table.amount_unit)
        lines = build_lines(table.id, rows, table.columns, layout.hierarchy, layout.totals, [document.unit_name.value])
        return replace(table, rows=rows, lines=lines)

    return replace(document, tables=tuple(corrected(t) for t in document.tables))


def checked(document: object) -> object:
    from core.engine import check
    from core.model import Document
    assert isinstance(document, Document)
    return check(document)


if __name__ == "__main__":
    sys.exit(main())
