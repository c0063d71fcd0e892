"""The numbers that the README shows are those of the code as it is."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from recanon.outcome import Verdict
from recanon.pack import load_pack
from recanon.report.content import account_line
from recanon.session import make_plan
from recanon.settings import Settings

ROOT = Path(__file__).parents[1]
_FORM = re.compile(r"account: mentions (\d+) = " + r" \+ ".join(rf"{verdict} (\d+)" for verdict in Verdict))


def test_the_account_line_is_that_of_the_fixture_application() -> None:
    shown = set(re.findall(r"^account: .*$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M))
    assert len(shown) == 1
    line = shown.pop()
    form = _FORM.fullmatch(line)
    assert form is not None
    mentions, *verdicts = map(int, form.groups())
    assert mentions == sum(verdicts)
    if sys.version_info >= (3, 12):  # under 3.11 one more file cannot be parsed, and the numbers are others
        plan = make_plan(ROOT / "fixtures" / "netra_mini", load_pack("websocket-ssot"), Settings(jobs=1))
        assert line == account_line(plan)
