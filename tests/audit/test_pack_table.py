"""The table `[audit]` of a pack: what it means, and what is said about a mistake in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from recanon.audit_scope import AuditScope, Role
from recanon.errors import PackError
from recanon.pack.toml import fill_in, read_description

HEAD = """
[pack]
id = "shop"

[options.prefix]
default = "shop"

[canonical]
class = "{prefix}.core.Basket"

[[symbol]]
name = "make_basket"
home = "{prefix}.old"
becomes = "class"
codemod = "any"
"""
ROLE = '[[audit.role]]\nid = "basket"\nsymbol = "class"\nmethods = ["add", "drop", "total"]\n'


def scope(folder: Path, text: str) -> AuditScope:
    path = folder / "pack.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return fill_in(read_description(path), {}).audit


def test_packages_and_roles_are_read_with_their_options(tmp_path: Path) -> None:
    made = scope(tmp_path, '[audit]\npackages = ["{prefix}.core"]\n' + ROLE + 'arguments = ["owner"]\n')
    role = Role("basket", "shop.core.Basket", frozenset({"add", "drop", "total"}), 2, ("owner",))
    assert made == AuditScope(("shop.core",), (role,))


def test_without_packages_the_homes_of_the_old_symbols_are_looked_into(tmp_path: Path) -> None:
    assert scope(tmp_path, "") == AuditScope(("shop.old",))


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("audit = 1\n", "audit is a whole number, not a table", "Write it as [audit]."),
        ('[audit]\npackges = ["a"]\n', "[audit]: no key 'packges'", "Did you mean packages?"),
        ('[audit]\npackages = "a"\n', "[audit]: packages is a text, not a list", 'Write it as ["name", "name"].'),
        ('[audit.role]\nid = "a"\n', "role is one table, not a list of tables", "Write it as [[audit.role]]."),
        ('[[audit.role]]\nid = "A b"\n', "id is 'A b'", "Write it in small letters, digits and hyphens."),
        ('[[audit.role]]\nid = "a"\nsymbol = "class"\n', "[[audit.role]] a: no methods", "It is needed."),
        (ROLE + "at_least = 4\n", "at_least is 4", "Give a number from 1 to 3."),
        (ROLE + "argument = []\n", "[[audit.role]] basket: no key 'argument'", "Did you mean arguments?"),
        (ROLE + 'arguments = "owner"\n', "arguments is a text, not a list", 'Write it as ["name", "name"].'),
        (ROLE.replace('"class"', '"clas"'), "no [canonical] key clas", "Did you mean class?"),
    ],
)
def test_a_mistake_is_named_with_its_place_and_the_nearest_right_word(
    tmp_path: Path, text: str, message: str, hint: str
) -> None:
    if text.startswith("audit ="):
        path = tmp_path / "pack.toml"
        path.write_text(text + HEAD, encoding="utf-8")
        with pytest.raises(PackError) as caught:
            read_description(path)
    else:
        with pytest.raises(PackError) as caught:
            scope(tmp_path, text)
    assert message in caught.value.message
    assert caught.value.hint == hint
