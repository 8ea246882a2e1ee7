# One word per chore. Needs nothing but make and Python 3.11 or newer.

PYTHON ?= python3
BIN := .venv/bin
PORT ?= 3000
# The kiosk and the simulated phone are part of trying the product out; an installation says DEMO=off.
DEMO ?= on
export PORT DEMO

.DEFAULT_GOAL := help
.PHONY: help run dev test check races reset browser bench kill

help: ## say what each word does
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 18

run: .install-run ## start everything and say what to open
	@exec $(BIN)/python -m kaspi_web run

dev: .install-dev ## the same, started again whenever a file changes
	@exec $(BIN)/watchfiles --sigint-timeout 20 "$(BIN)/python -m kaspi_web run" kaspi_web assets rxconfig.py

# A fresh database for each of some thousands of tests is the disk's work; in memory, where there is room, it is ten times
# quicker.
SCRATCH := $(shell df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 > 6000000 {print "/dev/shm"}')
ifneq ($(SCRATCH),)
test kill races: export TMPDIR := $(SCRATCH)
endif

# Two halves that touch nothing of one another run side by side; the second is told once the first has ended.
HALF := tests/kill tests/races tests/properties tests/workers tests/gateways tests/simulators tests/front_door
test: .install-dev browser ## run every test, journeys in a real browser included
	@CHROMIUM_PATH="$$(cat .install-browser)" $(BIN)/python .ci/halves $(HALF)

check: .install-dev ## judge style, types, layers and migrations
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/python -m kaspi_web check-migrations

kill: .install-dev ## kill the server at every bad moment, and compare all books (`KILL_SEED=` repeats a run)
	@$(BIN)/python -m pytest tests/kill

bench: .install-bench ## measure, beside plain loops and another ledger (`QUICK=1` to try it)
	@QUICK="$(QUICK)" $(BIN)/python -m bench

races: .install-dev ## spend one wallet by 64 callers, in four processes too, and tell random stories; print the figures
	@$(BIN)/python -m pytest tests/races tests/properties

reset: .install-run ## delete the databases of the data folder, after asking for YES=1
	@$(BIN)/python -m kaspi_web reset $(if $(YES),--yes)

browser: .install-dev
	@.ci/browser $(BIN)/python > .install-browser

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv

.install-run: requirements.txt | $(BIN)/python
	@echo "Installing what running needs."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.install-dev: requirements.txt requirements-dev.txt | $(BIN)/python
	@echo "Installing what tests and checks need."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch .install-run $@

.install-bench: requirements.txt requirements-dev.txt bench/requirements.txt | $(BIN)/python
	@echo "Installing what the bench needs."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r bench/requirements.txt
	@touch .install-run .install-dev $@
