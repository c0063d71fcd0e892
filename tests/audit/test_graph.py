"""Components and cuts hold for every graph."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from recanon.resolve.graph import Graph, components, cuts

NODES = "abcdefg"
graphs = st.fixed_dictionaries({node: st.frozensets(st.sampled_from(NODES)) for node in NODES})


def reached(graph: Graph, start: str) -> set[str]:
    """Every node that at least one step leads to."""
    seen: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting += graph[node]
    return seen


@given(graphs)
def test_components_are_the_nodes_that_reach_each_other(graph: Graph) -> None:
    ways = {node: reached(graph, node) for node in graph}
    expected = {
        frozenset(n for n in NODES if n in ways[node] and node in ways[n]) for node in NODES if node in ways[node]
    }
    assert set(components(graph)) == expected


@given(graphs, st.frozensets(st.sampled_from(NODES)))
def test_without_the_cuts_no_node_that_matters_is_on_a_circle(graph: Graph, matter: frozenset[str]) -> None:
    left = {node: set(steps) for node, steps in graph.items()}
    found = list(cuts(graph, matter))
    for cut in found:
        assert cut.circle[0] == cut.circle[-1]
        assert cut.edge in zip(cut.circle, cut.circle[1:], strict=False)
        left[cut.edge[0]].discard(cut.edge[1])
    after = {node: frozenset(steps) for node, steps in left.items()}
    assert not [node for node in matter if node in reached(after, node)]
    assert not found or found[-1].left == 0 or len(found) > 1
