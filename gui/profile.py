"""The reviewer's profile in the settings: recognition of scans, which rules are on; and what that means for a check."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSettings

if TYPE_CHECKING:
    from core.review import Options

OCR, RULES_OFF = "ocr", "rules/off"


def is_on(settings: QSettings, key: str, default: bool = True) -> bool:
    return str(settings.value(key, "true" if default else "false")).lower() == "true"


def set_on(settings: QSettings, key: str, on: bool) -> None:
    settings.setValue(key, "true" if on else "false")


def rules_off(settings: QSettings) -> frozenset[str]:
    """Ids of the rules that the reviewer switched off."""
    value: Any = settings.value(RULES_OFF, [])
    if isinstance(value, str):
        return frozenset({value} if value else ())
    return frozenset(str(v) for v in value or ())


def options_of(settings: QSettings) -> Options:
    """How documents are read and checked with this profile."""
    from core.paths import page_cache
    from core.review import Options
    return Options(ocr=is_on(settings, OCR), ignore=tuple(sorted(rules_off(settings))), cache=page_cache())
