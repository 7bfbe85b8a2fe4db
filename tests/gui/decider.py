"""A reviewer in a process of its own, to be killed: decides one finding after another and says when."""
from __future__ import annotations

import sys
import time
from pathlib import Path


def main(folder: str) -> None:
    import core.paths
    user = Path(folder) / "user"
    user.mkdir(exist_ok=True)
    core.paths.user_data = lambda: user
    import core.review_file
    import gui.state
    core.review_file.user_data = gui.state.user_data = lambda: user

    from PySide6.QtCore import QSettings, QTimer

    from gui import theme
    from gui.app import make_application
    from gui.main_window import MainWindow
    from gui.state import State
    from tests.gui.desk import StillReader, result_for, write_pdf

    class Reader(StillReader):
        many = 400

    app = make_application()
    path = Path(folder) / "示例.pdf"
    write_pdf(result_for(path).document, path)
    State.options = lambda self: None
    state = State(QSettings(str(user / "settings.ini"), QSettings.Format.IniFormat), Reader)
    theme.apply(app)
    window = MainWindow(state)
    window.show()
    state.open([path])

    def decide() -> None:
        if state.result is None:
            return
        finding = state.current.finding() or state.step_finding(1)
        window.do_confirm()
        sys.stdout.write(f"{time.time()} {finding.fingerprint}\n")
        sys.stdout.flush()

    timer = QTimer(interval=60)
    timer.timeout.connect(decide)
    timer.start()
    app.exec()


if __name__ == "__main__":
    main(sys.argv[1])
