"""Run rows in processes of their own, several at a time: a row that dies or hangs costs itself alone."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, replace
from typing import Any

from faults.model import Fault, Loss, Score

_SECONDS = 1800  # for a row


def run_rows(faults: Iterable[Fault], *, seed: int, quick: bool, jobs: int) -> dict[str, Score]:
    """Try rows; return their scores by id. Each is told on standard error when it is done."""
    scores: dict[str, Score] = {}
    with ThreadPoolExecutor(jobs) as pool:
        waiting = {pool.submit(run_row, fault, seed=seed, quick=quick): fault for fault in faults}
        for future in as_completed(waiting):
            score = scores[waiting[future].id] = future.result()
            lost = sum(score.losses.values())
            print(f"{score.id:4} {score.points:6} points  {score.seconds:6.1f} s  {lost} lost", file=sys.stderr)
            print("".join(f"     {text}\n" for text in score.failures), end="", file=sys.stderr, flush=True)
    return scores


def encode(score: Score, missing: str = "") -> str:
    """Return a score as one line."""
    return json.dumps(asdict(replace(score, missing=missing)))


def run_row(fault: Fault, *, seed: int, quick: bool, mutant: str = "") -> Score:
    """Try one row in a process of its own.

    Args:
        fault: the row.
        seed: of its chance.
        quick: whether it is the smaller twin.
        mutant: a bug to be planted in recanon first.
    """
    command = [sys.executable, "-m", "faults", "--row", fault.id, "--seed", str(seed), "--mutant", mutant]
    command += ["--quick"] if quick else []
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return _died(fault, seed, f"not done after {_SECONDS} seconds")
    if done.returncode:
        return _died(fault, seed, done.stderr.strip()[-2000:] or f"exit code {done.returncode}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return Score(**{**told, "failures": tuple(told["failures"])})


def _died(fault: Fault, seed: int, how: str) -> Score:
    return Score(fault.id, 0, {Loss.SILENT.value: 1}, (f"the row itself did not come to its end: {how}",), seed)
