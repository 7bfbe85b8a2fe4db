"""The window's tests run without a screen and with a user folder of their own."""
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QSettings

from gui import theme
from gui.state import State
from tests.gui.desk import StillReader, result_for, write_pdf


@pytest.fixture(autouse=True)
def user_folder(tmp_path, monkeypatch):
    folder = tmp_path / "user"
    folder.mkdir()
    monkeypatch.setattr("core.paths.user_data", lambda: folder)
    monkeypatch.setattr("core.review_file.user_data", lambda: folder)
    monkeypatch.setattr("gui.state.user_data", lambda: folder)
    return folder


@pytest.fixture(autouse=True)
def no_office(monkeypatch):
    """The tests know no LibreOffice, whatever the machine has."""
    monkeypatch.setattr("core.convert.program", lambda: None)


@pytest.fixture
def state(qtbot, user_folder, monkeypatch):
    """A state whose reader gives made results at once."""
    monkeypatch.setattr(State, "options", lambda self: None)
    made = State(QSettings(str(user_folder / "settings.ini"), QSettings.Format.IniFormat), StillReader)
    yield made
    made.flush()


@pytest.fixture
def pdf(tmp_path):
    """A disclosure of a made-up body as PDF."""
    path = tmp_path / "示例县示例局2024年部门预算.pdf"
    write_pdf(result_for(path).document, path)
    return path


@pytest.fixture
def window(qtbot, state, pdf, qapp):
    """The whole window with the document open."""
    from gui.main_window import MainWindow
    theme.apply(qapp, "light", 1.0)
    made = MainWindow(state)
    qtbot.addWidget(made, before_close_func=lambda _: finished(state))  # it would ask whether to stop
    made.resize(1280, 800)
    made.restore()
    made.resize(1280, 800)
    made.show()
    qtbot.waitExposed(made)
    state.open([pdf])
    qtbot.waitUntil(lambda: state.result is not None and made.page_view.canvas.count > 0, timeout=10000)
    yield made
    made.close()


def finished(state):
    for doc in state.documents:
        doc.status, doc.scan = "ready", None


@pytest.fixture
def demo_state(qapp, state, tmp_path):
    """The panels' state: the made-up result of tests.gui.demo open, without a file."""
    from gui.state import OpenDocument
    from tests.gui.demo import demo_result
    theme.apply(qapp, "light", 1.0)
    doc = OpenDocument(tmp_path / "示例.pdf", 1)
    state.documents.append(doc)
    state.current = doc
    state.set_result(doc, demo_result())
    return state


@pytest.fixture
def empty_state(qapp, user_folder):
    """A state with nothing open."""
    theme.apply(qapp, "light", 1.0)
    made = State(QSettings(str(user_folder / "empty.ini"), QSettings.Format.IniFormat), StillReader)
    yield made
    made.flush()
