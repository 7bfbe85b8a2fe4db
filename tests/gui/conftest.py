"""Window tests run without a screen and without touching the reviewer's own data."""
import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def own_data(tmp_path, monkeypatch):
    """Reviews, settings and logs of a test go to its own folder."""
    folder = tmp_path / "data"
    folder.mkdir()
    for module in ("core.paths", "core.review_file", "gui.state", "gui.app"):
        monkeypatch.setattr(f"{module}.user_data", lambda: folder)
    return folder


@pytest.fixture
def state(qapp, tmp_path):
    """A state with the made-up disclosure open and checked."""
    from PySide6.QtCore import QSettings

    from gui import theme
    from gui.state import OpenDocument, State
    from tests.gui.demo import demo_result
    theme.apply(qapp, "light", 1.0)
    made = State(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    doc = OpenDocument(Path("示例.pdf"), 1)
    made.documents.append(doc)
    made.current = doc
    made.set_result(doc, demo_result())
    return made


@pytest.fixture
def empty_state(qapp, tmp_path):
    """A state with nothing open."""
    from PySide6.QtCore import QSettings

    from gui import theme
    from gui.state import State
    theme.apply(qapp, "light", 1.0)
    return State(QSettings(str(tmp_path / "empty.ini"), QSettings.Format.IniFormat))
