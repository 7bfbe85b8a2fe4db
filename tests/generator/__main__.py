"""Writes made-up disclosures, their truth and a manifest, as ../shared/tools/score.py wants them.

    python -m tests.generator OUT                                    one control of every template in every style
    python -m tests.generator OUT --templates shanxi-budget --styles ruled rects --count 3
    python -m tests.generator OUT --plant all --each 10              mutants: every kind of error, up to ten places each
    python -m tests.generator OUT --plant narrative_amount t12_total --styles rows
    python -m tests.generator OUT --formats docx xlsx scan           other formats of the controls
    python -m tests.generator --sample                               resources/sample.pdf again
    python -m tests.generator --kinds                                names of the errors that can be planted
"""
from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.generator import office, plants, sample, scan
from tests.generator.make import Case, Generated, paper_of, render
from tests.generator.styles import STYLES

TEMPLATES = {"shanxi-budget": ("hrss", "town", "medical", "urban"), "shanghai-budget": ("commerce", "urban"), "shanghai-accounts": ("urban", "commerce"),
             "national-accounts": ("medical", "hrss")}


def cases(templates: list[str], styles: list[str], count: int) -> Iterator[Case]:
    """Different bodies, years and features for each template and style."""
    for template in templates:
        themes = TEMPLATES[template]
        for s, style in enumerate(styles):
            for i in range(count):
                n = s * count + i
                theme = themes[n % len(themes)]
                yield Case(template, theme, n + 1, 2024 + n % 3, single=n % 3 == 1, style=style, residues=n % 4 == 3, fund=n % 2 == 1 and theme in ("town", "urban"),
                           own=n % 5 == 2, carried_basic=n % 5 == 4, cars=n % 6 != 5, projects=6 + n % 5, carried=n % 3)


def entry(made: Generated, role: str, control: str | None) -> dict[str, Any]:
    t = made.truth
    return {"file": made.path.name, "truth": made.path.with_suffix(".truth.json").name, "seed": t["seed"], "unit": t["unit"], "year": t["year"], "style": t["style"],
            "template": t["template"], "kind": t["kind"], "pages": t["pages"], "bytes": made.path.stat().st_size, "control": control, "role": role, "injected": t["injected"]}


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.generator", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, nargs="?")
    parser.add_argument("--templates", nargs="+", choices=list(TEMPLATES), default=list(TEMPLATES))
    parser.add_argument("--styles", nargs="+", choices=list(STYLES), default=list(STYLES))
    parser.add_argument("--count", type=int, default=1, help="bodies for each template and style")
    parser.add_argument("--plant", nargs="+", default=[], metavar="KIND", help="kinds of error, or all")
    parser.add_argument("--each", type=int, default=1, help="places for each kind, in each control")
    parser.add_argument("--formats", nargs="+", choices=["docx", "xlsx", "scan"], default=[])
    parser.add_argument("--sample", action="store_true", help="regenerate resources/sample.pdf")
    parser.add_argument("--kinds", action="store_true")
    options = parser.parse_args(words)
    if options.kinds:
        print("\n".join(f"{k.name:28} {k.family}" for k in plants.KINDS.values()))
        return 0
    if options.sample:
        print(sample.write())
        return 0
    if options.out is None:
        parser.error("OUT is missing")
    kinds = list(plants.KINDS) if options.plant == ["all"] else options.plant
    if unknown := [k for k in kinds if k not in plants.KINDS]:
        parser.error(f"unknown kinds: {', '.join(unknown)}")
    files: list[dict[str, Any]] = []
    for case in cases(options.templates, options.styles, options.count):
        paper, style = paper_of(case), STYLES[case.style]
        control = render(paper, style, options.out, case.name)
        files.append(entry(control, "control", None))
        for kind in kinds:
            for n, change in enumerate(plants.sites(paper, kind, case.seed, options.each)):
                made = render(paper, style, options.out, f"{case.name}-{kind}-{n + 1}", [(kind, change)])
                files.append(entry(made, "mutant", control.path.name))
        if "docx" in options.formats:
            files.append(entry(office.docx(paper, options.out, case.name), "control", None))
        if "xlsx" in options.formats:
            files.append(entry(office.xlsx(paper, options.out, case.name), "control", None))
        if "scan" in options.formats:
            files.append(entry(scan.scanned(control, options.out, f"{case.name}-scan", seed=case.seed), "control", None))
    counted: dict[str, int] = {}
    for f in files:
        for said in f["injected"]:
            counted[said["kind"]] = counted.get(said["kind"], 0) + 1
    manifest = {"files_total": len(files), "controls": sum(f["role"] == "control" for f in files), "mutants": sum(f["role"] == "mutant" for f in files),
                "injected_kinds": dict(sorted(counted.items())), "files": files}
    (options.out / "MANIFEST.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1), "utf-8")
    print(f"{len(files)} files in {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
