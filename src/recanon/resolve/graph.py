"""Circles in a graph: its strongly connected components, and the edge whose loss opens the most of one."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from itertools import pairwise

Graph = Mapping[str, frozenset[str]]

# In a larger component only the edges of one shortest circle are tried.
_TRIED = 200


def components(graph: Graph) -> list[frozenset[str]]:
    """Return the strongly connected components that hold a circle, each once.

    The algorithm is Tarjan's (Depth-first search and linear graph algorithms, 1972), without recursion.

    Args:
        graph: the nodes that each node leads to.
    """
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    path: list[str] = []
    on_path: set[str] = set()
    found: list[frozenset[str]] = []
    for root in sorted(graph):
        work = [] if root in order else [(root, iter(sorted(graph[root])))]
        while work:
            node, rest = work[-1]
            if node not in order:
                order[node] = low[node] = len(order)
                path.append(node)
                on_path.add(node)
            step = next(rest, None)
            if step is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == order[node]:
                    at = path.index(node)
                    members, path[at:] = frozenset(path[at:]), []
                    on_path -= members
                    found += [members] if len(members) > 1 or node in graph[node] else []
            elif step not in order:
                work.append((step, iter(sorted(graph.get(step, frozenset())))))
            elif step in on_path:
                low[node] = min(low[node], order[step])
    return found


def within(graph: Graph, members: frozenset[str]) -> dict[str, frozenset[str]]:
    """Return the part of a graph that lies in some of its nodes."""
    return {node: graph.get(node, frozenset()) & members for node in sorted(members)}


def weakest_edge(graph: Graph, members: frozenset[str]) -> tuple[tuple[str, str], int]:
    """Return the edge of a component whose loss leaves the fewest nodes on a circle, and how many these are."""
    inner = within(graph, members)
    edges = [(node, step) for node, steps in inner.items() for step in sorted(steps)]
    if len(edges) > _TRIED:
        circle = shortest_circle(graph, members)
        edges = list(pairwise(circle))
    left = {edge: sum(map(len, components({**inner, edge[0]: inner[edge[0]] - {edge[1]}}))) for edge in edges}
    best = min(edges, key=lambda edge: (left[edge], edge))
    return best, left[best]


def shortest_circle(graph: Graph, members: frozenset[str], through: tuple[str, str] | None = None) -> tuple[str, ...]:
    """Return the nodes of a shortest circle of a component, the first again at the end.

    Args:
        graph: the nodes that each node leads to.
        members: the component.
        through: an edge that it goes through, if one is wanted.
    """
    inner = within(graph, members)
    if through is not None:
        return (through[0], *_way(inner, through[1], through[0]))
    circles = ((node, *_way(inner, step, node)) for node, steps in inner.items() for step in sorted(steps))
    return min(circles, key=len)


def _way(graph: Graph, start: str, end: str) -> Iterable[str]:
    """The shortest way from a node to another one, both included."""
    before: dict[str, str] = {start: ""}
    waiting = deque([start])
    while waiting and end not in before:
        node = waiting.popleft()
        for step in sorted(graph[node]):
            if step not in before:
                before[step] = node
                waiting.append(step)
    way = [end]
    while way[-1] != start:
        way.append(before[way[-1]])
    return reversed(way)
