"""Small packs, as their authors write them."""

from __future__ import annotations

from pathlib import Path

PACK_TOML = """
[pack]
id = "{id}"
title = "One way to ask for the time"

[canonical]
now = "shop.clock.now"

[[symbol]]
name = "now_utc"
home = "shop"
becomes = "now"
codemod = "now-utc"
"""

NOW_UTC = '''"""`now_utc()` becomes `now()`; a call with hours to add is left to a person."""

from recanon.codemod import Answer, Example, Rewrite, Site, manual


class NowUtc:
    title = "now_utc() becomes now()"

    def answer(self, site: Site) -> Answer:
        if site.call is not None and site.call.arguments:
            return manual("called with hours to add", "Add a timedelta to now().", "hours")
        return Rewrite(site.becomes, "the clock gives the same time")

    examples = (
        Example(
            "A call asks the clock.",
            before="from shop.helpers import now_utc\\n\\nprint(now_utc())\\n",
            after="from shop.clock import now\\n\\nprint(now())\\n",
        ),
        Example(
            "A call with hours stays.",
            before="from shop.helpers import now_utc\\n\\nprint(now_utc(2))\\n",
            verdict="manual",
        ),
    )
'''

WORLD = {
    "shop/__init__.py": "",
    "shop/clock.py": "from datetime import UTC, datetime\n\n\ndef now():\n    return datetime.now(UTC)\n",
    "shop/helpers.py": (
        "from datetime import UTC, datetime, timedelta\n\n\n"
        "def now_utc(hours=0):\n    return datetime.now(UTC) + timedelta(hours=hours)\n"
    ),
}


def write(root: Path, files: dict[str, str]) -> Path:
    """Write files below a folder, and return it."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def write_pack(folder: Path, pack: str = "one-clock", **changed: str) -> Path:
    """Write the pack of the shop, and return its folder; `codemod` and `toml` put other texts in place."""
    texts = {"pack.toml": changed.get("toml", PACK_TOML).replace("{id}", pack)}
    texts["now_utc.py"] = changed.get("codemod", NOW_UTC)
    return write(folder, texts | {f"world/{name}": text for name, text in WORLD.items()})


def install(site: Path, package: str, points: dict[str, str], version: str = "1.0") -> None:
    """Write what an installer leaves of a distribution: its metadata with entry points of packs."""
    lines = ["[recanon.packs]", *(f"{name} = {value}" for name, value in points.items())]
    info = f"{package.replace('-', '_')}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n"
    write(site, {f"{info}/METADATA": metadata, f"{info}/entry_points.txt": "\n".join(lines) + "\n"})
