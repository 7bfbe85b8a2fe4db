"""Starts the window; with a command after it, the command line."""
from __future__ import annotations

import multiprocessing
import os
import sys


def main(words: list[str]) -> int:
    from core.cli import main as command_line
    from core.cli import wants_command_line

    if wants_command_line(words):
        return command_line(words)
    from gui.app import run

    return run(words)


def give_streams() -> None:
    """A windowed program on Windows has no standard streams: what is written there then goes nowhere instead of failing."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123


if __name__ == "__main__":
    multiprocessing.freeze_support()
    give_streams()
    sys.exit(main(sys.argv[1:]))
