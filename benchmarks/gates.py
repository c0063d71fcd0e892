"""Put gates that misbehave around a small run, and print what became of each.

    python benchmarks/gates.py [--limit 2] [--flood 4]

Each gate is a real process on a tree of its own in a temporary folder. It is green before the run, and misbehaves after
it. What survives is looked for in /proc, by a mark on the command lines.
"""

from __future__ import annotations

import argparse
import resource
import shlex
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from recanon.gates.gate import parse_gate
from recanon.gates.gated import Limits, gated_apply
from recanon.gates.reading import Survey
from recanon.gates.result import Gated
from recanon.outcome import Account
from recanon.plan import FileChange, Plan

MARK = "recanon-benchmark-of-gates"
OLD, NEW = b'VALUE = "old"\n', b'VALUE = "new"\n'
SLEEPER = f"[sys.executable, '-c', 'import time; time.sleep(900)', '{MARK}']"
DAEMON = f"""
 for _ in range(10):
  if os.fork() == 0:
   os.setsid()
   if os.fork() == 0:
    null = os.open('/dev/null', os.O_RDWR)
    for fd in (0, 1, 2): os.dup2(null, fd)
    os.execve(sys.executable, {SLEEPER}, {{}})
   os._exit(0)
"""
FLAKY = """
import a, pathlib
flag = pathlib.Path({flag!r})
def test_by_chance():
    if a.VALUE == "new" and not flag.exists():
        flag.touch()
        assert 0
def test_always(): assert a.VALUE
"""


@dataclass(frozen=True, slots=True)
class Case:
    """A gate that misbehaves: its title, and what it does after the run."""

    title: str
    code: str


CASES = (
    Case("hangs", " time.sleep(900)"),
    Case(
        "hangs, ignores signals, as do 3 children",
        " for n in (1, 2, 15): signal.signal(n, signal.SIG_IGN)\n"
        f" for _ in range(3): subprocess.Popen({SLEEPER})\n time.sleep(900)",
    ),
    Case("leaves 10 children", f" for _ in range(10): subprocess.Popen({SLEEPER})"),
    Case("leaves 10 daemons: forked twice, own session, empty environment", DAEMON),
    Case("floods: {flood} GB", " for _ in range({flood} << 10): os.write(1, b'x' * (1 << 20))"),
    Case(
        "edits 3 of 4 files, one with size and time as before, and makes one",
        " stat = os.stat('b.py')\n open('b.py', 'w').write('VALUE = \"odd\"\\n')\n"
        " os.utime('b.py', ns=(stat.st_atime_ns, stat.st_mtime_ns))\n"
        " open('c.py', 'a').write('#')\n os.unlink('d.py')\n open('e.py', 'w')",
    ),
    Case("is red", " sys.exit('wrong')"),
)


def main() -> int:
    """Run all cases and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--limit", type=float, default=2, help="time limit in seconds")
    parser.add_argument("--flood", type=int, default=4, help="gigabytes")
    options = parser.parse_args()
    print(f"time limit {options.limit:g} s\n")
    for case in CASES:
        code = "import os, signal, subprocess, sys, time\nif 'new' in open('a.py').read():\n"
        code += case.code.replace("{flood}", str(options.flood))
        limit = 600.0 if "flood" in case.title else options.limit
        done = tried([shlex.join([sys.executable, "-c", code, MARK])], limit)
        print(f"{case.title.replace('{flood}', str(options.flood))}\n  {told(done)}")
    with tempfile.TemporaryDirectory() as folder:
        flag = str(Path(folder, "flag"))
        done = tried([f"{sys.executable} -m pytest -q -p no:xdist"], 60, {"test_a.py": FLAKY.format(flag=flag)})
        print(f"a flaky test\n  named: {', '.join(done.results[0].flaky)}; {standing(done)}")
    print(f"\npeak memory of recanon: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB")
    return 0


def tried(gates: list[str], limit: float, tests: dict[str, str] | None = None) -> Gated:
    """Apply a plan of one file of four between gates."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name in "abcd":
            (root / f"{name}.py").write_bytes(OLD)
        for path, text in (tests or {}).items():
            (root / path).write_text(text)
        plan = Plan("none", {}, (), (FileChange("a.py", OLD, NEW),), (), (), (), Account(0), 4, 1)
        return gated_apply(
            root, plan, [parse_gate(gate) for gate in gates], surveyor=lambda kind: Survey(), limits=Limits(limit)
        )


def told(done: Gated) -> str:
    """Return what became of a gate and of what it left behind."""
    after = done.results[0].after
    ended = after.ended
    assert ended is not None
    parts = [f"ended after {ended.seconds:.2f} s", f"left behind {ended.killed}", f"alive now {len(alive())}"]
    if ended.size:
        parts.append(f"wrote {ended.size:,} bytes, kept {len(ended.head) + len(ended.tail):,}")
    if after.touched.edited:
        parts.append(f"edited {', '.join(after.touched.edited)}; made {', '.join(after.touched.made)}")
    return f"{'; '.join(parts)}; {standing(done)}"


def standing(done: Gated) -> str:
    """Return whether the run stands."""
    return "the run stands" if done.run else "rolled back"


def alive() -> list[str]:
    """Return the processes that carry the mark, after a moment in which they may end."""
    time.sleep(0.2)
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if MARK.encode() in words:
            found.append(folder.name)
    return found


if __name__ == "__main__":
    sys.exit(main())
