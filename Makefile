# The two commands are `make demo` and `make test`; `make help` lists the rest.
# Needs only Python 3.11 or newer, pip and make: .venv is made here from a lock file of exact
# versions and hashes, and the project runs from this tree (docs/adr/0002).

PYTHON ?= python3
PORT ?= 8000
export PORT

BIN := .venv/bin
RUN := $(BIN)/python
LOCK := $(RUN) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --annotation-style line --custom-compile-command "make lock"
# What the checks read is the code, never the data of this installation.
CHECKED := DATABASE_URL=sqlite://:memory: $(RUN)

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test check lock messages clean runtime dev \
	check-lint check-types check-layers check-django check-messages check-templates check-sizes

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

demo: runtime ## start Redress with sample data on http://127.0.0.1:8000 (PORT=… for another port)
	@exec $(RUN) manage.py serve --demo

demo-reset: runtime ## throw the sample data away and load it anew
	@$(RUN) manage.py load_demo --reset

test: dev ## run all tests on SQLite, and on PostgreSQL where one answers
	@$(RUN) -m tools.run_tests $(ARGS)

check: check-lint check-types check-layers check-django check-messages check-templates check-sizes ## all checks that run no test

check-lint: dev
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .

check-types: dev
	$(CHECKED) -m mypy

check-layers: dev
	$(BIN)/lint-imports --no-cache

check-django: dev
	$(CHECKED) manage.py makemigrations --check --dry-run
	$(CHECKED) manage.py check --fail-level WARNING

check-messages: dev
	$(RUN) -m tools.check_translations

check-templates: dev
	$(CHECKED) -m tools.check_templates

check-sizes: dev
	$(RUN) -m tools.check_sizes

messages: dev ## collect the texts to translate into locale/, and compile them
	$(RUN) -m tools.messages

lock: dev ## make the lock files anew from pyproject.toml
	$(LOCK) --extra prod pyproject.toml -o requirements.lock
	$(LOCK) --extra prod --extra test -c requirements.lock pyproject.toml -o requirements-dev.lock

clean: ## remove .venv and caches; the data in var/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

# A copy of the lock file inside .venv tells what is installed there. The development lock holds
# all of the runtime lock, so having installed it is enough for both.
runtime: $(RUN)
	@cmp -s requirements.lock .venv/requirements.lock || { \
		$(RUN) -m pip install -qq --disable-pip-version-check --require-hashes --no-deps -r requirements.lock \
		&& cp requirements.lock .venv/requirements.lock; }

dev: runtime
	@cmp -s requirements-dev.lock .venv/requirements-dev.lock || { \
		$(RUN) -m pip install -qq --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.lock \
		&& cp requirements-dev.lock .venv/requirements-dev.lock; }

$(RUN):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Redress needs Python 3.11 or newer (make PYTHON=python3.12 …)")'
	@echo "Preparing .venv (about a minute, once)"
	@$(PYTHON) -m venv .venv
