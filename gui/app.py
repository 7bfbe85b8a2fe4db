"""The application: log file, fonts and colours, last-resort error hook, and the window."""
from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QLibraryInfo, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from core.paths import user_data
from gui import theme
from gui.instance import Instance
from gui.state import State

log = logging.getLogger(__name__)


def log_path() -> Path:
    folder = user_data() / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "gouji.log"


def start_log() -> None:
    """Everything goes to a file: a windowed program has no console (sys.stdout may be None)."""
    handler = RotatingFileHandler(log_path(), maxBytes=2_000_000, backupCount=3, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    root.addHandler(handler)


def apply_theme(app: QApplication, state: State) -> None:
    """Puts the chosen theme and font size on the application and tells the panels."""
    theme.apply(app, str(state.settings.value("theme", "system")), float(str(state.settings.value("font_scale", 1.0))))
    state.theme_changed.emit()


def run(paths: Sequence[str] = ()) -> int:
    """Opens the window with these documents and runs until it is closed. A second start hands its documents to the first."""
    app = make_application()
    instance = Instance(user_data())
    if not instance.first and instance.hand_over(paths):
        return 0
    start_log()
    state = State()
    apply_theme(app, state)
    app.styleHints().colorSchemeChanged.connect(lambda _: apply_theme(app, state))
    install_hook(state)
    from gui.main_window import MainWindow
    window = MainWindow(state)
    window.restore()
    window.show()
    instance.watch(state.open, window.come_forward)
    crashed = [p for p in state.crashed_session() if p.exists()]
    if paths:
        QTimer.singleShot(0, lambda: state.open(paths))
    elif crashed:
        QTimer.singleShot(0, lambda: _resume(state, crashed))
    state.settings.setValue("session/clean", "false")
    state.settings.sync()
    code = app.exec()
    state.flush()
    state.settings.setValue("session/clean", "true")
    state.settings.sync()
    instance.leave()
    return code


def _resume(state: State, paths: Sequence[Path]) -> None:
    """After a crash or power loss: the same documents, each at its place with its verdicts."""
    state.open(paths)
    state.message.emit(f"上次没有正常退出，已恢复 {len(paths)} 个文件和全部裁定")


def make_application() -> QApplication:
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Gouji")
    app.setApplicationDisplayName("勾稽")
    app.setDesktopFileName("gouji")
    app.setWindowIcon(theme.icon("app"))
    speak_chinese(app)
    return app


def speak_chinese(app: QApplication) -> QTranslator:
    """Qt's own words (menus of text fields, file dialogs, buttons) in Chinese, whatever the system speaks."""
    translator = QTranslator(app)
    if translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
    else:
        log.warning("no Chinese translation of Qt found")
    return translator


def install_hook(state: State) -> None:
    """Last resort: what nobody caught is logged, the work is saved, and the reviewer is told in a dialog."""

    def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        log.critical("unexpected error\n%s", text)
        saved = True
        try:
            state.flush()
        except Exception:
            saved = False
            log.exception("work not saved after an unexpected error")
        QTimer.singleShot(0, state, lambda: _tell(text, saved))

    sys.excepthook = report
    threading.excepthook = lambda args: report(args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback)


_telling = False


def _tell(text: str, saved: bool) -> None:
    """One dialog at a time: an error that repeats with every paint must not bury the window."""
    global _telling
    if _telling:
        return
    _telling = True
    try:
        from gui.dialogs import CrashDialog
        CrashDialog(text, saved).exec()
    finally:
        _telling = False
