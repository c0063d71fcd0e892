"""The fault campaign: kill, fill, cut, race, flip and poison, thousands of times, and count what was torn or lost.

`make faults` runs all of it, `make test` a smaller twin. What is promised stands in `docs/reliability.md`.
"""
