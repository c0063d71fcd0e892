"""Run recanon as `python -m recanon`."""

from recanon.cli.main import run

if __name__ == "__main__":
    run()
