"""The rules on real figures: planted errors are found at their place, and the sound samples stay quiet but for what they really contain."""
import pytest

from core.results import FAIL
from tests.rules.running import run, severity
from tests.truth import SHARED, as_document, truth

pytestmark = [pytest.mark.shared, pytest.mark.skipif(not (SHARED / "samples").is_dir(), reason="needs ../shared")]
KINDS = {"narrative_amount": "N001", "narrative_direction": "N003", "narrative_percent": "R001", "vehicles_sum": "A001",
         "performance_amount_mismatch": "P006", "performance_funds_sum": "P005"}
RULES = ("N001", "N002", "N003", "N005", "N006", "N010", "N019", "N022", "R001", "R002", "R003", "A001", "B001", "P005")


def planted():
    files = sorted((SHARED / "samples").glob("*-m*.truth.json")) if (SHARED / "samples").is_dir() else []
    for path in files:
        name = path.name.removesuffix(".truth.json")
        yield from ((name, error) for error in truth(name)["injected"] if error["kind"] in KINDS)


@pytest.mark.parametrize(("name", "error"), list(planted()), ids=lambda v: v if isinstance(v, str) else v["kind"])
def test_a_planted_error_is_found_at_its_place(name, error):
    found = [o for o in run(KINDS[error["kind"]], as_document(truth(name))) if o.status == FAIL]
    assert any(error["new"].replace(",", "") in e.text.replace(",", "") for o in found for e in o.evidence)


@pytest.mark.parametrize("name", ["xiaoyi-medical-2024-a-short", "xiaoyi-hrss-2024-a-short", "linxian-liujiahui-2026-a-short"])
def test_sound_samples_are_not_accused(name):
    doc = as_document(truth(name))
    assert [o.message for r in RULES for o in run(r, doc) if o.status == FAIL and severity(r, o) == "error"] == []
