# Every recipe sets itself up: a machine with Python 3.11+ and make is enough.
PYTHON ?= python3
BIN := .venv/bin
STATE ?= state
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup run test check format numbers proof-chaos proof-crash proof-faults proof-live proof-mutants proof-seeds proof-soak bench-start bench-readings bench-enrichment bench-refusals bench-liquidations

help: ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

# uv comes from the machine if it has one, else into the environment itself; the lock file decides every version.
.venv/.ready: pyproject.toml uv.lock hatch_build.py $(wildcard core/signals/kernels/*.[ch])
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@command -v uv >/dev/null 2>&1 || test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet uv
	@UV=$$(command -v uv || echo $(BIN)/uv); UV_PROJECT_ENVIRONMENT=.venv $$UV sync --frozen --inexact --quiet --compile-bytecode
	@touch $@

setup: .venv/.ready ## create .venv from the lock file

run: .venv/.ready ## the demonstration: no token, no key, no network (ARGS="--speed 60")
	@$(BIN)/vektor run --chat local --venue sim --state $(STATE) $(ARGS)

test: .venv/.ready ## every test that this machine can run
	@$(BIN)/pytest -q -m "not long" --numprocesses=auto --maxprocesses=4 --dist=loadfile --no-loadscope-reorder $(ARGS)

check: .venv/.ready ## style, types, import rules
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: .venv/.ready ## let ruff format and fix
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

numbers: .venv/.ready ## every setting with value, unit and bounds
	@$(BIN)/vektor numbers

proof-chaos: .venv/.ready ## kill -9 at random and at every await of the order path; writes docs/evidence/chaos.json
	@$(BIN)/python -m tests.chaos.proof $(ARGS)

proof-crash: .venv/.ready ## every await of every flow killed, unanswered, late, doubled or overtaken, and 200 kill -9; writes docs/evidence/crash.json
	@$(BIN)/python -m tests.chaos.crash $(ARGS)

proof-faults: .venv/.ready ## the exchange's bad days, each a file in tests/faults/scenarios; writes docs/evidence/faults.json
	@$(BIN)/python -m tests.faults.proof $(ARGS)

proof-live: .venv/.ready ## lives of the bot on a mainnet of our own: what is signed, what is written, what a restart keeps
	@$(BIN)/pytest -q -m long $(ARGS)

proof-mutants: .venv/.ready ## a thousand small changes of the risk rules, each noticed by a test; writes docs/evidence/mutants.json
	@$(BIN)/python -m tests.mutants.proof $(ARGS)

proof-seeds: .venv/.ready ## the demonstration on twenty other seeds; writes docs/evidence/seeds.json
	@$(BIN)/python -m tests.e2e.seeds $(ARGS)

proof-soak: .venv/.ready ## three market days with eight positions: memory, tasks, every invariant; writes docs/evidence/soak.json
	@$(BIN)/python -m tests.soak.proof $(ARGS)

bench-start: .venv/.ready ## what starting costs; writes docs/evidence/start.json
	@$(BIN)/python benchmarks/start.py $(ARGS)

bench-readings: .venv/.ready ## how often each reading fires on recorded candles; writes docs/readings.md
	@$(BIN)/python benchmarks/readings.py $(ARGS)

bench-enrichment: .venv/.ready ## the 35 readings of 92 markets beside TA-Lib and pandas; writes docs/evidence/enrichment.json
	@$(BIN)/python benchmarks/enrichment.py $(ARGS)

bench-refusals: .venv/.ready ## what each rule refuses on recorded candles; writes docs/refusals.md and docs/evidence/refusals.json
	@$(BIN)/python benchmarks/refusals.py $(ARGS)

bench-liquidations: .venv/.ready ## what hearing a liquidation costs beside a bare client; writes docs/evidence/liquidations.json
	@$(BIN)/python benchmarks/liquidations.py $(ARGS)
