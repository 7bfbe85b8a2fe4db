"""Where resources and user data lie, from source and when packaged."""
from __future__ import annotations

import sys
from pathlib import Path


def root() -> Path:
    """The folder that holds resources/: the project, or the unpacked program."""
    return Path(getattr(sys, "_MEIPASS", Path(__file__).resolve().parent.parent))


def resource(*parts: str) -> Path:
    return root().joinpath("resources", *parts)


def user_data() -> Path:
    """Where reviews, settings and logs go: beside the program when a file named `portable` lies there, else the user's own folder."""
    program = Path(sys.executable).resolve().parent
    if getattr(sys, "frozen", False) and (program / "portable").exists():
        folder = program / "data"
    else:
        from platformdirs import user_data_path
        folder = user_data_path("Gouji", appauthor=False, roaming=False)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def page_cache() -> Path | None:
    """Where recognised pages are remembered; None on a machine that gives the program no folder of its own."""
    try:
        return user_data() / "ocr"
    except OSError:
        return None
