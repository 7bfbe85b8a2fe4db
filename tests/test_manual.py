"""The manual shows pictures that are there and names keys that exist."""
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parent.parent / "docs"
MANUAL = (DOCS / "manual.md").read_text("utf-8")


@pytest.mark.parametrize("picture", re.findall(r"!\[[^\]]*\]\(([^)]+)\)", MANUAL))
def test_every_picture_is_there_and_small(picture):
    assert 5_000 < (DOCS / picture).stat().st_size <= 250_000


def test_every_key_named_belongs_to_an_action():
    from gui.actions import ACTIONS
    known = {k for a in ACTIONS for k in a.keys} | {"Shift", "Delete", "Esc", "Ctrl+方向键"}
    named = {k.replace("←", "Left").replace("→", "Right") for k in re.findall(r"`((?:Ctrl|Shift|Alt|F\d|Esc|Delete)[^`]*)`", MANUAL)}
    assert named <= known, named - known
