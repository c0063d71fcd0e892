"""Where the command begins: `recanon`, or `python -m recanon`."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line; Ctrl-C ends it quietly while it is still being loaded, too."""
    try:
        from recanon.cli.main import run

        run()
    except KeyboardInterrupt:
        sys.stderr.write("error: interrupted\n")
        sys.exit(130)
    finally:
        gc.freeze()  # the process ends: looking for cycles among all that was read takes a tenth of a second
        # Python notes that a Ctrl-C fell into the `exec` of a text, as when a dataclass is made, and would end by that
        # signal although it was caught (bpo-1054041). The next `exec` of a text takes the note away.
        exec("")


if __name__ == "__main__":
    if not sys.flags.safe_path:
        del sys.path[0]  # `python -m` looks in the current folder first, which may be a tree that is only looked at
    main()
