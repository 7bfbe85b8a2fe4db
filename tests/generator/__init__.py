"""Disclosures of made-up bodies: consistent figures, several templates and looks, errors planted on demand, and the truth beside each.

    python -m tests.generator OUTDIR --help
"""
