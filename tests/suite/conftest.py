"""The fixture application before and after its migration, with a suite; made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.suite.kit import FIXTURE, FOLDER, PACK, copy_of, recanon


@pytest.fixture(scope="package")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the application as it was, with a suite."""
    tree = copy_of(FIXTURE, tmp_path_factory.mktemp("before") / "netra_mini")
    recanon("guard", "tests", tree, *PACK, "--include", "review", "-o", tree / FOLDER)
    return tree


@pytest.fixture(scope="package")
def after(before: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the migrated application, with the suite that was made before."""
    tree = copy_of(before, tmp_path_factory.mktemp("after") / "netra_mini")
    recanon("apply", tree, *PACK, "--include", "review", "--yes")
    return tree


@pytest.fixture
def migrated(after: Path, tmp_path: Path) -> Path:
    """Return a copy of the migrated application, to be broken."""
    return copy_of(after, tmp_path / "netra_mini")
