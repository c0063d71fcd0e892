"""Files whose bytes do not say plainly what text they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from recanon.errors import SourceError
from recanon.source import Source
from tests.helpers import migrate

OLD = b"from app.websocket_core import create_websocket_manager\n"


@pytest.mark.parametrize("codec", ["undefined", "punycode"])
def test_a_codec_that_cannot_decode_is_refused(codec: str) -> None:
    with pytest.raises(SourceError):
        Source.decode("a.py", f"# coding: {codec}\n".encode() + OLD)


@pytest.mark.parametrize("codec", ["hex", "no-such-codec", "unicode_escape", "utf-16"])
def test_a_codec_that_is_no_source_encoding_is_refused(codec: str) -> None:
    with pytest.raises(SourceError):
        Source.decode("a.py", f"# coding: {codec}\nx = '\\n'\n".encode() + OLD)


def test_one_file_with_a_strange_codec_does_not_stop_the_run(tmp_path: Path) -> None:
    done = migrate(tmp_path, {"tests/odd.py": b"# coding: undefined\n" + OLD, "tests/good.py": OLD})
    assert done.changed() == {"tests/good.py"}
    assert [item.path for item in done.plan.skipped] == ["tests/odd.py"]
    assert done.verdicts("tests/odd.py") == ["manual"]
