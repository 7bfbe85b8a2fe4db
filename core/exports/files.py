"""Writing a result whole or not at all, and what to say when its place is taken."""
from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class TargetBusy(Exception):
    """The file to write is open in Excel or WPS, or may not be written. `offer` is a free name beside it."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.offer = free_name(target)
        super().__init__(f"无法写入“{target.name}”：文件正被 Excel、WPS 等程序打开，或没有写入权限。"
                         f"请关闭后重试，或另存为“{self.offer.name}”。")


def free_name(target: Path) -> Path:
    """The first of name (2), name (3) … that does not exist."""
    number = 2
    while (other := target.with_name(f"{target.stem} ({number}){target.suffix}")).exists():
        number += 1
    return other


class Draft:
    """A file to write beside the target. `put` gives it a name when it is whole; used with `with`, what was not put vanishes."""

    def __init__(self, target: Path) -> None:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except PermissionError as error:
            raise TargetBusy(target) from error
        if target.is_dir():
            raise IsADirectoryError(f"“{target}”是一个文件夹，请给出文件名。")
        self.path = target.with_name(f".gouji-{uuid.uuid4().hex}.tmp")

    def put(self, target: Path) -> None:
        """Take the target's place. TargetBusy where the system forbids it; the draft stays, for another try."""
        try:
            self.path.replace(target)
        except PermissionError as error:
            raise TargetBusy(target) from error

    def __enter__(self) -> Draft:
        return self

    def __exit__(self, *_: object) -> None:
        self.path.unlink(missing_ok=True)


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A path to write to, which takes the target's place at the end. Raises TargetBusy where the system forbids it."""
    with Draft(target) as draft:
        try:
            yield draft.path
        except PermissionError as error:
            raise TargetBusy(target) from error
        draft.put(target)
