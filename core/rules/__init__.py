"""Rules in Python, one file a rule or a close family. Nothing lists them: `load_rules` finds the files."""
from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Mapping

from core.rules.base import REGISTRY, Rule

_RULE_FILE = re.compile(r"[a-z]\d{3}\w*|x_\w+")


def load_rules() -> Mapping[str, Rule]:
    """Every rule by id. Works from source and when packaged, where the importer knows the modules without a folder."""
    for module in pkgutil.iter_modules(__path__):
        if _RULE_FILE.fullmatch(module.name):
            importlib.import_module(f"{__name__}.{module.name}")
    return REGISTRY
