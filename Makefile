# Each target makes the environment that it needs by itself: Python 3.11 or later with pip is all that must be there.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
CODE := src codemods tests benchmarks docs faults
VERSIONS := 3.13 3.12 3.11
JOBS ?= 2
SEED ?= 1
FAULTS ?=
# Trees of tests and of the campaign that need no disk lie in memory, where there is some: three times as fast.
MEMORY := $(firstword $(wildcard /dev/shm) $(TMPDIR) /tmp)
TREE ?=
FILES ?= 10000
ROUNDS ?= 3
TIMES ?= 30
PROGRAMS ?= 12000
MOVES ?= 1000
TABLES ?= 1000
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV
export PYTHONDONTWRITEBYTECODE := 1

.PHONY: help preview test check tests slow smoke matrix differential faults format docs bench env clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 12

preview: env ## show what the migration would do to the fixture application; nothing is written
	@$(BIN)/recanon preview fixtures/netra_mini --pack websocket-ssot

test: env ## all checks and all tests, on the newest Python; a smoke test on the others
	@$(MAKE) --no-print-directory -j $(JOBS) check smoke
	@$(MAKE) --no-print-directory tests

check: env ## the static checks alone: lint, format, types, floors
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check

tests: env ## the tests alone
	TMPDIR=$(MEMORY) $(BIN)/python -m pytest -n $(JOBS)

slow: env ## the tests that take many seconds each; `make tests` has a smaller twin of each
	TMPDIR=$(MEMORY) $(BIN)/python -m pytest -n $(JOBS) -m slow

smoke: env ## import every module and preview the fixture application on each other Python that is here
	@main=$$($(BIN)/python -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
	for version in $(VERSIONS); do \
	  if [ $$version = $$main ]; then continue; \
	  elif python=$$(.ci/python $$version 2>/dev/null); then \
	    .ci/environment .venvs/run-$$version "$$python" && .venvs/run-$$version/bin/python tests/smoke.py || exit 1; \
	  else echo "Python $$version is not here: not smoke-tested"; fi; \
	done

matrix: ## the tests on each Python that is here
	@for version in $(VERSIONS); do \
	  if python=$$(.ci/python $$version 2>/dev/null); then \
	    echo "Python $$version"; \
	    .ci/environment .venvs/test-$$version "$$python" '[dev]' \
	    && TMPDIR=$(MEMORY) .venvs/test-$$version/bin/python -m pytest -n $(JOBS) -m "slow or not slow" || exit 1; \
	  else echo "Python $$version is not here: not tested"; fi; \
	done

differential: env ## run thousands of random programs before and after their migration, a table or a move: PROGRAMS=12000 MOVES=1000 TABLES=1000
	RECANON_PROGRAMS=$(PROGRAMS) $(BIN)/python -m pytest tests/differential
	RECANON_MOVE_PROGRAMS=$(MOVES) $(BIN)/python -m pytest tests/move/test_differential.py
	RECANON_TIMES=$(TIMES) $(BIN)/python -m pytest tests/guard/test_cache.py tests/guard/test_ratchet.py
	RECANON_TABLE_PROGRAMS=$(TABLES) $(BIN)/python -m pytest tests/tables/test_differential.py

faults: env ## the fault campaign: kills, full disks, power cuts, races, hostile input; FAULTS="A1 B2" for some rows, SEED=1
	$(BIN)/python -m faults --jobs $(JOBS) --seed $(SEED) $(FAULTS)

format: env ## lay out the code
	$(BIN)/ruff check --fix --select I $(CODE)
	$(BIN)/ruff format $(CODE)

docs: env ## write the generated pages of docs/reference
	$(BIN)/python docs/generate.py

bench: env ## recanon beside other tools, in turns: FILES=10000 files are made, or TREE=path; ROUNDS=3
	.ci/rivals .venvs/bench $(BIN)/python benchmarks/requirements.txt
	$(BIN)/python -m benchmarks.bench --programs .venvs/bench/bin --rounds $(ROUNDS) $(if $(TREE),--tree $(TREE),--files $(FILES))

env:
	@python=$$(.ci/python $(VERSIONS)) && .ci/environment $(VENV) "$$python" '[dev]'

clean: ## take away everything that was made
	rm -rf .venv .venvs .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
