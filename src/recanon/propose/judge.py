"""Judge every place of a file at which code concerns the old API."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace

from recanon.edit import Span
from recanon.index.facts import FileFacts
from recanon.propose.alias_judge import AliasJudge
from recanon.propose.file_judge import Tools
from recanon.propose.import_judge import ImportJudge
from recanon.propose.judged import Judged
from recanon.propose.phase import phase_of
from recanon.propose.use_judge import UseJudge
from recanon.sites import FileContext


def judge_file(tools: Tools, facts: FileFacts, context: FileContext) -> tuple[Judged, ...]:
    """Return the answer for every place of a file that concerns the old API."""
    uses = UseJudge(tools, facts, context)
    aliases = AliasJudge(tools, facts, context).aliases() if facts.aliases else ()
    found = (*ImportJudge(tools, facts, context).imports(), *uses.uses(), *uses.definitions(), *aliases)
    mentions = sorted(mention.span for mention in facts.mentions)
    return tuple(
        replace(j, phase=phase_of(tools.migration, tools.program, context, j), anchor=_anchor(j, facts, mentions))
        for j in found
    )


def _anchor(judged: Judged, facts: FileFacts, mentions: list[Span]) -> Span:
    near = mentions[bisect_left(mentions, judged.span[:1]) : bisect_left(mentions, (judged.span.end,))]
    if judged.binding is None or any(judged.span.holds(mention) for mention in near):
        return judged.span
    return facts.imports[judged.binding[0]].names[judged.binding[1]].span
