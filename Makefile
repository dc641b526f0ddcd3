# The commands of the project. `make help` lists them.
# A machine needs Python 3.11, 3.12 or 3.13 and make; everything else is made in .venv by orchestration/bootstrap.py.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:

BRAND ?= qinglan
CUSTOMERS ?= 100000
PYTHON ?= $(shell for name in python3 python3.11 python3.12 python3.13 python; do \
	command -v $$name && break; done)
BIN := .venv/bin
# The static checks and the layers of tests, each cheap first.
STATIC := form types imports sql models
LAYERS := unit structure scenarios integration faults
# Products of the checks: dbt's manifest lies here, away from the targets of the brands.
CHECKS := $(CURDIR)/.touchstream/checks

export DO_NOT_TRACK := 1
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export GX_ANALYTICS_ENABLED := false
# Files are UTF-8, whatever the machine's locale.
export PYTHONUTF8 := 1

.PHONY: help
help: ## list the commands
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1|/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do \
		printf '  make %-10s %s\n' "$$name" "$$text"; done

.PHONY: setup
setup: ## make .venv from requirements.lock (every other command does it first)
	@test -n "$(PYTHON)" || { echo "No Python found: install Python 3.11, 3.12 or 3.13."; exit 1; }
	@$(PYTHON) orchestration/bootstrap.py

.PHONY: demo
demo: setup ## run a brand from its input to a delivered audience (BRAND=qinglan)
	@$(BIN)/touchstream --brand $(BRAND) demo

.PHONY: dev
dev: setup ## open the Dagster UI on a brand's warehouse (BRAND=qinglan)
	@$(BIN)/touchstream --brand $(BRAND) dev

.PHONY: test
test: setup ## every check and every test, cheap first; all are run, any failure fails
	@failed=""; \
	for part in $(STATIC) $(LAYERS); do \
		printf '\n== %s\n' "$$part"; \
		$(MAKE) --no-print-directory "$$part" || failed="$$failed $$part"; \
	done; \
	if [ -n "$$failed" ]; then printf '\nFailed:%s\n' "$$failed"; exit 1; fi; \
	printf '\nPassed: %s\n' "$(STATIC) $(LAYERS)"

.PHONY: check
check: $(STATIC) structure ## the static checks and the structure tests; stops at the first failure

.PHONY: form
form: setup
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

.PHONY: types
types: setup
	@$(BIN)/basedpyright

.PHONY: imports
imports: setup
	@$(BIN)/lint-imports --no-logo

# Staging models come from one generator, so three channels speak for all.
SQL := dbt_project/tests $(addprefix dbt_project/models/,identity intermediate core features marts activation bi \
	staging/crm staging/wechat staging/promotion)

.PHONY: sql
sql: setup
	@$(BIN)/sqlfluff lint --disable-progress-bar --processes 2 $(SQL)

# dbt parses without a database: profiles.yml has a default for every variable.
.PHONY: models
models: setup
	@$(BIN)/dbt --quiet parse --project-dir dbt_project --profiles-dir dbt_project \
		--target-path $(CHECKS)/target --log-path $(CHECKS)/logs
	@DBT_PROJECT_DIR=$(CHECKS) COLUMNS=$${COLUMNS:-200} $(BIN)/dbt-bouncer --config-file dbt-bouncer.yml

# Files of tests go to as many workers as there are cores meant for them.
WORKERS ?= 2

.PHONY: $(LAYERS)
$(LAYERS): setup
	@$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile tests/$@

.PHONY: format
format: setup ## put Python and SQL into the house's form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(BIN)/sqlfluff fix --disable-progress-bar $(SQL)

.PHONY: artifacts
artifacts: setup ## write dbt sources and documentation pages anew from the landing contracts
	@$(BIN)/python -m orchestration.sources.artifacts

.PHONY: bench
bench: setup ## run the benchmarks; they print ratios
	@$(BIN)/python -m benchmarks

.PHONY: bench-identity
bench-identity: setup ## precision and recall of identity against the truth of a demo brand (CUSTOMERS=100000)
	@$(BIN)/python -m benchmarks.accuracy --customers $(CUSTOMERS)

.PHONY: lock
lock: setup ## resolve requirements.lock anew within the bounds of pyproject.toml
	@$(BIN)/uv pip compile --upgrade --quiet --universal --python-version 3.11 --all-extras --no-header \
		--no-emit-index-url --no-emit-find-links --output-file requirements.lock pyproject.toml

.PHONY: clean
clean: ## remove .venv, caches and build products; the warehouse in .touchstream stays
	@rm -rf .venv .touchstream/checks build dist *.egg-info .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@rm -rf dbt_project/target dbt_project/logs logs
	@find . -name __pycache__ -type d -not -path './.touchstream/*' -exec rm -rf {} +
