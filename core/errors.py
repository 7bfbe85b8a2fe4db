"""What can go wrong, said for people: what happened, where, what to do."""
from __future__ import annotations

from collections.abc import Callable

Step = Callable[[int, int, str], None]
"""How far a long piece of work is: done, total, label (Chinese). Raises `Cancelled` to stop it."""


class Cancelled(Exception):
    """The reviewer stopped the work."""


class Unreadable(Exception):
    """A file that cannot be read as a disclosure. The text is a Chinese sentence with the way out."""


def no_step(done: int, total: int, label: str) -> None:
    """A step that nobody watches."""
