"""The format of `pack.toml`: from these tables the reader, its messages and the JSON schema are all made."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

NAME = r"^[a-z0-9][a-z0-9-]*$"
Id = Annotated[str, Meta(pattern=NAME)]
Words = Annotated[list[Annotated[str, Meta(min_length=1)]], Meta(min_length=1)]
Uses = Literal[
    "any", "call", "reference", "import", "annotation", "isinstance", "base", "decorator", "comparison", "assignment"
]
Word = Literal["safe", "review", "manual", "left"]
Code = Annotated[
    str | bool | int | float,
    Meta(description="The text of a Python expression; a TOML number or truth value stands for itself."),
]


class Table(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A table of the description."""


def _says(text: str, *examples: Any) -> Meta:
    return Meta(description=text, examples=list(examples) or None)


class PackTable(Table, frozen=True, kw_only=True):
    """What the pack is called."""

    id: Annotated[Id, _says("What `--pack` takes: small letters, digits, hyphens.", "one-clock")]
    title: Annotated[str, _says("What it does, in one line.", "One way to ask for the time")] = ""
    description: Annotated[str, _says("The same at more length.", "Rewrites now_utc to now of the clock.")] = ""


class OptionTable(Table, frozen=True, kw_only=True):
    """An option: `--set NAME=VALUE`. Everywhere in the description `{NAME}` stands for its value."""

    default: Annotated[str | bool | int, _says("The value when nothing is said.", "shop")] = ""
    help: Annotated[str, _says("What the option is for.", "package that holds the clock")] = ""
    choices: Annotated[list[str], _says("The values allowed; any if left out.", ["keep", "rename"])] = []


class ArgumentsTable(Table, frozen=True, kw_only=True):
    """How the arguments of a call change. Old parameters are named, except where new ones are said."""

    rename: Annotated[dict[str, str], _says("Old parameter to new one.", {"uri": "url"})] = {}
    remove: Annotated[Words | None, _says("Old parameters that the new symbol does not take.", ["retries"])] = None
    add: Annotated[dict[str, Code], _says("New parameter and its value, given in every call.", {"strict": True})] = {}
    default: Annotated[
        dict[str, Code], _says("Old parameter and the value that is written where a call leaves it out.", {"n": 3})
    ] = {}
    order: Annotated[Words | None, _says("New parameters in the order of the new signature.", ["url", "body"])] = None
    keyword: Annotated[
        Words | Literal["all"] | None, _says("New parameters that are given by keyword, or `all`.", ["timeout"], "all")
    ] = None
    positional: Annotated[Words | None, _says("New parameters that are given by position.", ["url"])] = None


class WhenTable(Table, frozen=True, kw_only=True):
    """A rule. Where all of its conditions hold it decides; the first that does counts."""

    use: Annotated[
        list[Uses] | None,
        _says("How the place uses the symbol, `any` for all; every use but imports if left out.", ["call"]),
    ] = None
    file: Annotated[Literal["production", "test"] | None, _says("What kind of file it is.", "production")] = None
    path: Annotated[Words | None, _says("Patterns of files, as in `.gitignore`.", ["/scripts/**"])] = None
    function: Annotated[
        list[Literal["sync", "async", "none"]] | None, _says("The function around the place.", ["sync", "none"])
    ] = None
    gives: Annotated[Words | None, _says("Old parameters that the call gives, all of them.", ["timeout"])] = None
    lacks: Annotated[Words | None, _says("Old parameters that the call does not give.", ["timeout"])] = None
    keywords: Annotated[Words | None, _says("Parameters that the call gives by keyword.", ["timeout"])] = None
    none: Annotated[Words | None, _says("Old parameters that the call gives as the constant None.", ["timeout"])] = None
    besides: Annotated[
        Words | None, _says("The call gives something else than these old parameters.", ["url", "timeout"])
    ] = None
    positionals: Annotated[
        list[Annotated[int, Meta(ge=0)]] | None, _says("How many arguments are given by position.", [0, 1])
    ] = None
    count: Annotated[
        list[Annotated[int, Meta(ge=0)]] | None, _says("How many arguments the call gives in all.", [0])
    ] = None
    unpacks: Annotated[bool | None, _says("Whether the call unpacks arguments by `*` or `**`.", True)] = None
    awaited: Annotated[bool | None, _says("Whether the call is awaited.", True)] = None
    expects_failure: Annotated[
        bool | None, _says("Whether the place stands in `raises`, `warns` or the like.", True)
    ] = None
    catches: Annotated[
        Words | None, _says("A `try` around the place in its function catches one of these.", ["ValueError"])
    ] = None
    verdict: Annotated[Word, _says("What the rule decides.", "manual")]
    reason: Annotated[str, _says("Why.", "a script has no event loop")] = ""
    advice: Annotated[str, _says("What a person should do.", "Wrap it in asyncio.run.")] = ""
    group: Annotated[str, _says("Short heading in reports.", "scripts")] = ""


class SymbolTable(Table, frozen=True, kw_only=True):
    """An old name."""

    name: Annotated[str, _says("The name, or `Class.member`.", "now_utc", "Color.RED")]
    home: Annotated[str, _says("The package below which its definitions count.", "shop.helpers")]
    becomes: Annotated[
        str,
        _says(
            "A key of [canonical], or a full dotted name; a colon may stand where the module ends.",
            "shop.clock.now",
            "datetime:datetime.now",
        ),
    ] = ""
    codemod: Annotated[
        str | Words, _says("Id of the codemod in Python that answers, or several; the tables answer if left out.", "x")
    ] = ""
    id: Annotated[Id | None, _says("What reports call the table; made of the name if left out.", "now-utc")] = None
    title: Annotated[str, _says("What it does, in one line.", "now_utc() becomes now()")] = ""
    description: Annotated[str, _says("The same at more length, for the reference.", "The clock is in UTC.")] = ""
    removable: Annotated[bool, _says("The canonical symbol is no replacement for the object itself.", True)] = False
    gone: Annotated[bool, _says("Code asks for the name although no module defines it.", True)] = False
    verdict: Annotated[Word, _says("What is decided where no rule of `when` is.", "review")] = "safe"
    reason: Annotated[str, _says("Why.", "the clock gives the same time")] = ""
    advice: Annotated[str, _says("What a person should do.", "Ask the clock.")] = ""
    group: Annotated[str, _says("Short heading in reports.", "clock")] = ""
    signature: Annotated[
        str, _says("The old parameters, where the tree does not hold them.", "(url, timeout=None, *, verify=True)")
    ] = ""
    await_: Annotated[bool, _says("The new symbol is awaited where the old one was not.", True)] = msgspec.field(
        default=False, name="await"
    )
    method: Annotated[str, _says("The method of `Factory().method(x)`.", "create")] = ""
    imports: Annotated[Words | None, _says("Full dotted names that the values added need.", ["datetime.UTC"])] = None
    arguments: Annotated[ArgumentsTable | None, _says("How the arguments change.")] = None
    when: Annotated[list[WhenTable], _says("Rules, in their order.")] = []


class ModuleTable(Table, frozen=True, kw_only=True):
    """An old module, whose names are imported from another one."""

    path: Annotated[str, _says("Its dotted name.", "shop.old_clock")]
    becomes: Annotated[str, _says("The new module.", "shop.clock")]
    codemod: Annotated[str, _says("Id of the codemod in Python that answers; the tables answer if left out.", "x")] = ""
    id: Annotated[Id | None, _says("What reports call the table; made of the path if left out.", "old-clock")] = None
    title: Annotated[str, _says("What it does, in one line.", "The clock moved")] = ""
    description: Annotated[str, _says("The same at more length.", "The clock is no helper.")] = ""
    names: Annotated[Words | None, _says("Only these names move; every name if left out.", ["now"])] = None
    mention: Annotated[bool, _says("Whether the dotted path is a mention wherever it stands.", False)] = True
    verdict: Annotated[Word, _says("What is decided.", "review")] = "safe"
    reason: Annotated[str, _says("Why.", "the same functions")] = ""
    advice: Annotated[str, _says("What a person should do.", "Import from shop.clock.")] = ""


class GuestTable(Table, frozen=True, kw_only=True):
    """A codemod of another library, or a program, that runs in the phase after its codemods, over what they leave."""

    run: Annotated[
        Annotated[str, Meta(pattern=r"^(libcst|bowler|fixit|command):.")],
        _says(
            "What it is, as `recanon run` takes it; its modules and files are looked for in the pack's folder first.",
            "command:ruff check --fix --select I {files}",
            "bowler:queries.py:warn",
        ),
    ]
    arguments: Annotated[list[str], _says("Words for a LibCST command.", ["--old_name", "a.f"])] = []
    changed: Annotated[bool, _says("It is given those files alone that the phase changes.", True)] = False
    files: Annotated[
        list[str], _says("Patterns of the files of the phase that count for it, all if left out.", ["/shop/**"])
    ] = []
    exclude: Annotated[list[str], _says("Patterns of files that it leaves alone.", ["*_pb2.py"])] = []
    holding: Annotated[
        list[str], _says("It is given files alone that hold one of these words.", ["Optional", "Union"])
    ] = []
    timeout: Annotated[Annotated[float, Meta(gt=0)], _says("Seconds for a file.", 10)] = 60.0
    review: Annotated[
        str,
        _says("Why a person should look at what it changes; its checks decide if left out.", "logger may be anything"),
    ] = ""


class PhaseTable(Table, frozen=True, kw_only=True):
    """A phase, in their order."""

    id: Annotated[Id, _says("What `--phase` takes.", "production")]
    title: Annotated[str, _says("What it does.", "production code asks the clock")] = ""
    include: Annotated[list[str], _says("Patterns of its files, all if left out.", ["/shop/**"])] = []
    default: Annotated[bool, _says("Whether it runs when no phase is named.", False)] = True
    codemods: Annotated[list[str], _says("Ids of codemods or tables that run in it.", ["now-utc"])] = []
    importers: Annotated[bool, _says("Whether importers of facades are moved in it.", True)] = False
    guest: Annotated[list[GuestTable], _says("What runs after its codemods, in this order.")] = []


class ScopeTable(Table, frozen=True, kw_only=True):
    """Which files are what."""

    production: Annotated[list[str], _says("Patterns of production code.", ["/shop/**"])] = []
    exclude: Annotated[list[str], _says("Patterns of files that are left alone.", ["archive/"])] = []
    about: Annotated[list[str], _says("Patterns of tests about the old API.", ["deprecation/"])] = []
    libraries: Annotated[
        list[str], _says("Top-level packages outside the tree whose names the pack knows.", ["requests"])
    ] = []


class RetireTable(Table, frozen=True, kw_only=True):
    """Who answers for the end of the old API."""

    export: Annotated[str | None, _says("Codemod for old names that a module hands on.", "facade-export")] = None
    definition: Annotated[str | None, _says("Codemod for old definitions.", "definition")] = None


class RoleTable(Table, frozen=True, kw_only=True):
    """What a class is for."""

    id: Annotated[Id, _says("Its name in findings.", "manager")]
    symbol: Annotated[str, _says("The canonical class.", "class")]
    methods: Annotated[Words, _says("The methods that make the role.", ["connect", "send"])]
    at_least: Annotated[
        Annotated[int, Meta(ge=1)] | None, _says("How many of them a class must have; two if left out.", 2)
    ] = None
    arguments: Annotated[Words | None, _says("Arguments that every call should give by keyword.", ["context"])] = None
    optional: Annotated[Words | None, _says("Further arguments that a call may give.", ["mode"])] = None


class AuditTable(Table, frozen=True, kw_only=True):
    """What `recanon audit` looks at."""

    packages: Annotated[Words | None, _says("Dotted packages that are looked into.", ["shop"])] = None
    role: Annotated[list[RoleTable], _says("What classes are for.")] = []


class SuiteTable(Table, frozen=True, kw_only=True):
    """Validation tests."""

    folder: Annotated[str, _says("The folder of the pack that holds the templates.", "suite")]
    production: Annotated[list[str], _says("Folders of production code.", ["shop"])] = []
    role: Annotated[list[str], _says("Methods that make a class an implementation.", ["connect"])] = []
    classes: Annotated[list[str], _says("Names of the canonical class.", ["Manager"])] = []
    keyword: Annotated[str, _says("The keyword that gives the user.", "context")] = ""
    values: Annotated[dict[str, Any], _says("Whatever else the tests need.", {"events": ["started"]})] = {}


class Description(Table, frozen=True, kw_only=True):
    """The description of a pack: `pack.toml`."""

    pack: Annotated[PackTable, _says("What the pack is called.")]
    options: Annotated[dict[str, OptionTable], _says("Options by name.")] = {}
    scope: Annotated[ScopeTable, _says("Which files are what.")] = ScopeTable()
    canonical: Annotated[dict[str, str], _says("Canonical symbols by key.", {"now": "shop.clock.now"})] = {}
    symbol: Annotated[list[SymbolTable], _says("Old names.")] = []
    module: Annotated[list[ModuleTable], _says("Old modules.")] = []
    template: Annotated[dict[str, str], _says("Texts for codemods in Python.", {"user": "shop.users.User"})] = {}
    alias: Annotated[dict[str, str], _says("Codemods for aliases of canonical symbols.", {"class": "alias"})] = {}
    audit: Annotated[AuditTable, _says("What an audit looks at.")] = AuditTable()
    retire: Annotated[RetireTable, _says("Who answers for the end of the old API.")] = RetireTable()
    suite: Annotated[SuiteTable | None, _says("Validation tests.")] = None
    phase: Annotated[list[PhaseTable], _says("Phases, in their order.")] = []


def pack_schema() -> str:
    """Return the JSON Schema (2020-12) of `pack.toml`, which editors complete from."""
    return json.dumps(msgspec.json.schema(Description), indent=1) + "\n"
