"""Judge every place of a file at which code concerns the old API."""

from __future__ import annotations

from recanon.index.facts import FileFacts
from recanon.propose.alias_judge import AliasJudge
from recanon.propose.file_judge import Tools
from recanon.propose.import_judge import ImportJudge
from recanon.propose.judged import Judged
from recanon.propose.use_judge import UseJudge
from recanon.sites import FileContext


def judge_file(tools: Tools, facts: FileFacts, context: FileContext) -> tuple[Judged, ...]:
    """Return the answer for every place of a file that concerns the old API."""
    uses = UseJudge(tools, facts, context)
    aliases = AliasJudge(tools, facts, context).aliases() if facts.aliases else ()
    return (*ImportJudge(tools, facts, context).imports(), *uses.uses(), *uses.definitions(), *aliases)
