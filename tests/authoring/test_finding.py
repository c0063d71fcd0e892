"""Where packs are found, what a broken one costs, and that looking runs nobody's code."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from recanon.errors import PackError, UsageError
from recanon.pack import Origin, PackInfo, list_packs, load_pack
from tests.authoring.kit import NOW_UTC, install, write, write_pack

BOOM = 'raise SystemExit("code of a pack that nobody asked for")\n'


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that packages are installed to, and an empty working directory beside it."""
    (tmp_path / "site").mkdir()
    (tmp_path / "here").mkdir()
    monkeypatch.syspath_prepend(tmp_path / "site")
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "site"


def listed(pack: str) -> list[PackInfo]:
    return [info for info in list_packs() if info.id == pack]


def test_an_installed_pack_is_found_by_its_entry_point(site: Path) -> None:
    write_pack(site / "shop_packs" / "one_clock")
    install(site, "shop-packs", {"one-clock": "shop_packs.one_clock"})
    (info,) = listed("one-clock")
    assert (info.origin, info.trouble) == (Origin.INSTALLED, "")
    assert "shop-packs 1.0" in info.place
    assert str(site / "shop_packs" / "one_clock") in info.place
    assert set(load_pack("one-clock").codemods) == {"now-utc"}


def test_listing_runs_no_code_of_a_pack(site: Path) -> None:
    write_pack(site / "shop_packs", codemod=NOW_UTC + BOOM)
    write(site, {"shop_packs/__init__.py": BOOM})
    install(site, "shop-packs", {"one-clock": "shop_packs"})
    (info,) = listed("one-clock")
    assert [(codemod.id, codemod.title) for codemod in info.codemods] == [("now-utc", "now_utc() becomes now()")]
    assert "shop_packs" not in sys.modules


@pytest.mark.parametrize(
    ("files", "value", "reason"),
    [
        ({}, "shop_packs", "names shop_packs, which is no package"),
        ({}, "no package!", "which is no package"),
        ({"shop_packs/__init__.py": ""}, "shop_packs", "pack.toml of pack shop_packs cannot be read"),
        ({"shop_packs/pack.toml": "[pack"}, "shop_packs", "cannot be read"),
        ({"shop_packs/pack.toml": '[pack]\nid = "other"\n'}, "shop_packs", "leads to a pack that is called other"),
        ({"shop_packs/pack.toml": '[pack]\nid = "x"\ntitel = "y"\n'}, "shop_packs", "no key 'titel'"),
    ],
)
def test_a_broken_installed_pack_is_listed_and_costs_no_other(
    site: Path, files: dict[str, str], value: str, reason: str
) -> None:
    write(site, files)
    install(site, "shop-packs", {"broken-one": value})
    (info,) = listed("broken-one")
    assert reason in info.trouble
    assert load_pack("websocket-ssot").codemods
    with pytest.raises(PackError, match=reason):
        load_pack("broken-one")


def test_metadata_that_cannot_be_read_costs_no_pack(site: Path) -> None:
    write(site, {"odd-1.0.dist-info/entry_points.txt": "[recanon.packs]\nno equals sign\n"})
    assert load_pack("websocket-ssot").codemods


def test_a_codemod_that_does_not_parse_is_listed_as_trouble(site: Path) -> None:
    write_pack(site / "shop_packs", codemod="def broken(:\n")
    install(site, "shop-packs", {"one-clock": "shop_packs"})
    (info,) = listed("one-clock")
    assert "now_utc.py cannot be read" in info.trouble


@pytest.mark.parametrize(
    "text", ['default = "' + "x" * 501 + '"', 'default = "c"\nchoices = ["a", "b"]'], ids=["long", "no choice"]
)
def test_a_default_that_cannot_be_is_listed_as_trouble(site: Path, text: str) -> None:
    write(site.parent / "here/codemods/odd", {"pack.toml": f'[pack]\nid = "odd"\n\n[options.x]\n{text}\n'})
    (info,) = listed("odd")
    assert "option x of pack odd" in info.trouble


@pytest.mark.parametrize("text", ["x = " + "(" * 5000, "x = " + "-" * 100_000 + "1", "x = 1\0"], ids=range(3))
def test_a_codemod_that_overwhelms_the_parser_is_listed_as_trouble(site: Path, text: str) -> None:
    write(site.parent / "here/codemods/odd", {"pack.toml": '[pack]\nid = "odd"\n', "deep.py": text})
    (info,) = listed("odd")
    assert "deep.py cannot be read" in info.trouble


def test_two_packs_of_one_id_are_refused_with_both_places(site: Path) -> None:
    for package in ("first", "second"):
        write_pack(site / package)
        install(site, f"{package}-packs", {"one-clock": package})
    assert [bool(info.trouble) for info in listed("one-clock")] == [True, True]
    with pytest.raises(PackError) as caught:
        load_pack("one-clock")
    assert str(site / "first") in caught.value.message
    assert str(site / "second") in caught.value.message
    assert load_pack(site / "second").folder == site / "second"
    assert load_pack("websocket-ssot").codemods


def test_an_older_distribution_of_the_same_name_is_hidden(site: Path, tmp_path: Path) -> None:
    write_pack(site / "shop_packs")
    install(site, "shop-packs", {"one-clock": "shop_packs"})
    write_pack(tmp_path / "old" / "shop_packs")
    install(tmp_path / "old", "Shop_Packs", {"one-clock": "shop_packs"}, "0.9")
    sys.path.append(str(tmp_path / "old"))
    try:
        (info,) = listed("one-clock")
    finally:
        sys.path.remove(str(tmp_path / "old"))
    assert "1.0" in info.place


@pytest.mark.parametrize("word", ["packs/one_clock", "./packs/one_clock", "packs/one_clock/pack.toml"])
def test_a_pack_is_named_by_its_path(site: Path, word: str) -> None:
    write_pack(Path("packs/one_clock"))
    assert load_pack(word).info.id == "one-clock"


def test_a_folder_without_slash_is_a_path_where_it_cannot_be_an_id(site: Path) -> None:
    write_pack(Path("one_clock"))
    assert load_pack("one_clock").info.id == "one-clock"
    write_pack(Path("oneclock"))
    with pytest.raises(UsageError, match="there is no pack oneclock") as caught:
        load_pack("oneclock")
    assert "--pack ./oneclock" in caught.value.hint
    assert load_pack("./oneclock").info.id == "one-clock"


@pytest.mark.parametrize("word", ["./nowhere", "websocket_ssot", "one_clock/other.toml", "/", "~nobody-at-all/x"])
def test_a_path_without_a_pack_is_wrong_use(site: Path, word: str) -> None:
    with pytest.raises(UsageError, match="there is no pack at") as caught:
        load_pack(word)
    assert caught.value.hint


def test_the_working_directory_is_listed_but_runs_only_by_path(site: Path) -> None:
    write_pack(Path("codemods/one_clock"), codemod=NOW_UTC + BOOM)
    (info,) = listed("one-clock")
    assert (info.origin, info.place) == (Origin.NEARBY, "./codemods/one_clock")
    with pytest.raises(UsageError) as caught:
        load_pack("one-clock")
    assert "--pack ./codemods/one_clock" in caught.value.hint
    with pytest.raises(SystemExit):
        load_pack("./codemods/one_clock")


def test_a_pack_of_the_working_directory_never_takes_the_place_of_another(site: Path) -> None:
    write_pack(Path("codemods/evil"), "websocket-ssot", codemod=BOOM)
    assert "factory-function" in load_pack("websocket-ssot").codemods


def test_metadata_in_the_working_directory_installs_nothing(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_pack(Path("evil"), codemod=BOOM)
    install(Path(), "evil-packs", {"one-clock": "evil"})
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    assert not listed("one-clock")


def test_packs_in_folders_of_one_name_are_two(tmp_path: Path) -> None:
    other = NOW_UTC.replace("the clock gives the same time", "another reason").replace("A call asks", "Asks")
    first = write_pack(tmp_path / "a" / "x")
    second = write_pack(tmp_path / "b" / "x", codemod=other)
    titles = [load_pack(folder).codemods["now-utc"].examples[0].title for folder in (first, second)]
    assert titles == ["A call asks the clock.", "Asks the clock."]


def test_codemods_share_code_in_a_file_of_the_pack(tmp_path: Path) -> None:
    shared = NOW_UTC.replace("import Answer", "import Answer", 1).replace(
        "\n\n\nclass", "\n\nfrom ._words import REASON\n\n\nclass", 1
    )
    folder = write_pack(tmp_path / "pack", codemod=shared.replace('"the clock gives the same time"', "REASON"))
    write(folder, {"_words.py": 'REASON = "shared"\n'})
    assert set(load_pack(folder).codemods) == {"now-utc"}
