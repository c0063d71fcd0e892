"""What may stand in fleet.toml."""

from __future__ import annotations

from pathlib import Path

import pytest

from recanon.errors import UsageError
from recanon.fleet.config import Fleet, Repository, read_fleet

GOOD = """
pack = "websocket-ssot"
include = "review"
exclude = ["vendor/**"]

[[repository]]
path = "../billing"

[[repository]]
path = "/srv/orders"
name = "shop-orders"
exclude = ["gen/**"]
set = ["home=orders"]
"""


def read(folder: Path, text: str) -> Fleet:
    file = folder / "fleet.toml"
    file.write_text(text)
    return read_fleet(file)


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD)

    assert found.repositories == (
        Repository("billing", tmp_path.resolve().parent / "billing", ("vendor/**",)),
        Repository("shop-orders", Path("/srv/orders"), ("vendor/**", "gen/**"), ("home=orders",)),
    )
    assert found.pack == "websocket-ssot"
    assert found.review


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "pack"),
        ('pack = "p"', "repository"),
        ('pack = "p"\nrepository = []', "repository"),
        ('pack = "p"\n[[repository]]\nroot = "a"', "root"),
        ('pack = "p"\ntypo = 1\n[[repository]]\npath = "a"', "typo"),
        ('pack = "p"\ninclude = "all"\n[[repository]]\npath = "a"', "include"),
        ('pack = "p"\n[[repository]]\npath = "a"\n[[repository]]\npath = "b/a"', "2 repositories are called a"),
        ('pack = "p"\n[[repository]]\npath = "a"\nname = "../a"', "cannot be the name of a folder"),
        ("pack =", "cannot be read"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(UsageError, match=r"fleet\.toml") as raised:
        read(tmp_path, text)
    assert told in str(raised.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_fleet(tmp_path / "fleet.toml")
