"""Where the command begins: `recanon`, or `python -m recanon`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; Ctrl-C ends it quietly while it is still being loaded, too."""
    try:
        from recanon.cli.main import run

        run()
    except KeyboardInterrupt:
        sys.stderr.write("error: interrupted\n")
        sys.exit(130)


if __name__ == "__main__":
    if not sys.flags.safe_path:
        del sys.path[0]  # `python -m` looks in the current folder first, which may be a tree that is only looked at
    main()
