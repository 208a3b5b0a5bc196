# The few commands a developer needs. PYTHON may name any Python from 3.11 on.
#
#   make demo       the environment from the lock, then the whole road over an invented web
#   make test       the environment with the test tools, then every test
#   make check      lint, formatting, types
#   make mutations  each rule of polling broken once: a test has to notice
#   make fuzz       ten thousand damaged pages, then the hostile ones: none may raise, hang or eat the machine
#   make bench      speed and memory; bench-index takes half an hour more
#   make lock       resolve the dependencies anew (needs uv)

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# What every pip call here has in common: quiet, and no word about pip's own version.
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test check mutations fuzz bench bench-index lock clean

demo: $(VENV)/.base
	$(BIN)/ingestd demo

test: $(VENV)/.dev
	$(BIN)/python -m pytest

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

mutations: $(VENV)/.dev
	$(BIN)/python -m tests.polling.mutations

# About ten minutes; PAGES may name a folder of real pages to damage.
fuzz: $(VENV)/.dev
	$(BIN)/python -m tests.clean.fuzz $(if $(PAGES),--pages $(PAGES))
	$(BIN)/python -m tests.clean.fuzz --hostile

bench: $(VENV)/.dev
	$(BIN)/python -m bench.polls
	$(BIN)/python -m bench.rhythm
	$(BIN)/python -m bench.articles
	$(BIN)/python -m bench.clean
	$(BIN)/python -m bench.memory
	$(BIN)/python -m bench.dedup

# About half an hour: a million documents in either database, and settling in four processes.
bench-index: $(VENV)/.dev
	$(BIN)/python -m bench.index
	$(BIN)/python -m bench.concurrency

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "ingestd needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# Locked wheels with hashes first, the build backend among them; then the project itself, for which no
# hash can be known, without letting pip look for anything more.
$(VENV)/.base: $(VENV)/bin/python requirements.lock pyproject.toml
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.base requirements-dev.lock
	$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

lock:
	uv pip compile --universal --generate-hashes --no-header --no-annotate --python-version 3.11 \
	  pyproject.toml --extra postgres --group build -o requirements.lock
	uv pip compile --universal --generate-hashes --no-header --no-annotate --python-version 3.11 \
	  pyproject.toml --extra postgres --group dev -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf $(VENV) demo dist .mypy_cache .ruff_cache .pytest_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
