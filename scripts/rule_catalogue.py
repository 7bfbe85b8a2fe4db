"""Writes docs/rules.md from the rules themselves. Run it after a rule or a formula changes; `--check` only says whether it is up to date."""
from __future__ import annotations

import io
import sys
from contextlib import redirect_stdout
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "rules.md"


def catalogue() -> str:
    """What `main.py rules --format md` prints."""
    sys.path.insert(0, str(ROOT))
    from core.cli import main as command_line

    with redirect_stdout(io.StringIO()) as printed:
        command_line(["rules", "--format", "md"])
    return printed.getvalue()


def up_to_date() -> bool:
    return TARGET.is_file() and TARGET.read_text("utf-8") == catalogue()


def main(words: list[str]) -> int:
    if "--check" in words:
        return 0 if up_to_date() else 1
    TARGET.write_text(catalogue(), "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
