# SPDX-License-Identifier: EUPL-1.2
#
# `make` lists the targets. Everything is installed in $(VENV); a stamp in it for each lock file says that the file is
# installed, so that a second run installs nothing.

# Newest Python last: the second engine cannot be imported on 3.13 and later.
PYTHON ?= $(shell for p in python3.12 python3.11 python3 python3.13 python3.14; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VENV ?= .venv
UV_VERSION ?= 0.13.9
FUZZ_SECONDS ?= 60
NIGHTLY_FUZZ_SECONDS ?= 1800
MUTANTS ?= 60
KILLS ?= 200
SOAK ?= 100000
TAMPERINGS ?= 10000
TAMPER_SEED ?= 20260715

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check
INSTALL := $(PIP) install --require-hashes
BASE := $(VENV)/.base
RETE := $(VENV)/.rete
DEV := $(VENV)/.dev
CLIENT_VENV := .venv-client
CLIENT := $(CLIENT_VENV)/.client

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install client generator dev demo serve test bench casuistiek fuzz contract tamper soak chaos lint format types layers schema rules check ci nightly sbom lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: install ## assess the examples and show why
	@$(BIN)/toetssteen demo

serve: install ## start the REST service
	@$(BIN)/toetssteen serveer --zonder-aanmelden

test: dev ## run the tests
	$(BIN)/python -m pytest -n auto

bench: dev ## run the benchmarks
	$(BIN)/python -m benchmarks

casuistiek: dev ## hold published cases against the reversed test, and write docs/casuistiek.md
	$(BIN)/python -m benchmarks.casuistiek

fuzz: dev ## run the property tests for FUZZ_SECONDS (60)
	@end=$$(($$(date +%s) + $(FUZZ_SECONDS))); while [ "$$(date +%s)" -lt "$$end" ]; do \
		HYPOTHESIS_PROFILE=fuzz $(BIN)/python -m pytest --quiet tests/properties || exit 1; done

contract: dev ## send more to every operation of the API, other things each time, and hold the answers against its description
	HYPOTHESIS_PROFILE=fuzz $(BIN)/python -m pytest -n auto tests/api/test_contract.py

soak: dev ## load the service that keeps with SOAK (100000) requests over each store, and look whether memory stays flat
	$(BIN)/python -m benchmarks.stored --soak $(SOAK)

chaos: dev ## kill -9 of the service KILLS (200) times over each store; nothing acknowledged is lost or doubled
	$(BIN)/python -m benchmarks.chaos --times $(KILLS)

tamper: dev ## tamper with a stored chain TAMPERINGS (10000) times in two ways, and find every one
	TAMPERINGS=$(TAMPERINGS) TAMPER_SEED=$(TAMPER_SEED) $(BIN)/python -m pytest -n auto -rP tests/store/test_tampering.py

lint: dev ## check style
	$(BIN)/ruff check .

format: dev ## sort imports, mend what can be mended, lay out the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: dev ## check types
	$(BIN)/mypy

layers: dev ## check which package may import which
	$(BIN)/lint-imports

schema: install ## write the schemas of editors and the pages of codes anew
	$(BIN)/toetssteen schema --kopregel
	$(BIN)/toetssteen uitleg --schrijf docs/regels

rules: dev ## check the rules, run the tests next to them, ask what they reach and notice
	$(BIN)/toetssteen controleer rules/
	$(BIN)/toetssteen toets rules/
	$(BIN)/toetssteen toets rules/ --bestand participatiewet --dekking
	$(BIN)/toetssteen muteer rules/ --aantal $(MUTANTS) --drempel 90

check: lint types layers rules ## lint, types, layers, rules

ci: ## what continuous integration runs
	$(MAKE) test
	$(MAKE) check

nightly: dev ## everything that takes long: every mutant, other tamperings each night, the long contract, half an hour of fuzzing
	$(BIN)/toetssteen muteer rules/ --alle --drempel 95
	$(MAKE) tamper TAMPER_SEED=$$(date +%Y%m%d)
	$(MAKE) contract
	$(MAKE) fuzz FUZZ_SECONDS=$(NIGHTLY_FUZZ_SECONDS)

sbom: dev ## write what the service is made of to build/sbom.cdx.json (CycloneDX)
	@mkdir -p build
	$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible --output-format JSON \
		--output-file build/sbom.cdx.json requirements/dienst.txt

client: install generator ## write a Python client of the API to build/client, from its description
	@mkdir -p build
	@$(BIN)/python -c 'import pathlib, sys; from api.app import description; from engine.rulebook import load; \
		pathlib.Path(sys.argv[1]).write_bytes(description(load(pathlib.Path("rules"))))' build/openapi.json
	@$(CLIENT_VENV)/bin/openapi-python-client generate --path build/openapi.json --config docs/client.yaml --meta none \
		--output-path build/client/toetssteen_client --overwrite --fail-on-warning

generator: $(CLIENT) ## install what writes a client, in an environment of its own

install: $(BASE) $(RETE)

dev: $(DEV)

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Toetssteen needs Python 3.11 or newer with venv: install it (Debian, Ubuntu: python3 and python3-venv) or name it with 'make PYTHON=/path/to/python3.11'." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "Toetssteen needs Python 3.11 or newer with venv, and '$(PYTHON)' is not that." >&2; exit 1; }
	@"$(PYTHON)" -m venv --clear $(VENV)

$(BASE): requirements/base.txt pyproject.toml | $(BIN)/python
	@echo "Installing Toetssteen in $(VENV) ..."
	@$(INSTALL) --requirement requirements/base.txt
	@$(PIP) install --no-index --no-deps --no-build-isolation --editable .
	@touch $@

# The second engine is welcome, never needed. What cannot be (no compiler, a new Python) is not stamped, and so is tried
# again once that changes; a build that failed is stamped, as its next try would fail after as long a wait.
$(RETE): requirements/rete.txt $(BASE)
	@no() { echo "tweede motor (durable_rules) niet geïnstalleerd: $$1; alles werkt, zonder tweede mening"; }; \
	if ! $(BIN)/python -c 'import sys; sys.exit(sys.version_info >= (3, 13))'; then no "vraagt Python 3.12 of ouder"; \
	elif ! command -v gcc >/dev/null; then no "geen C-compiler (gcc)"; \
	elif $(INSTALL) --no-build-isolation --requirement requirements/rete.txt >$(VENV)/rete.log 2>&1 \
		&& $(BIN)/python -c 'import durable_rules_engine' >>$(VENV)/rete.log 2>&1; then touch $@; \
	else no "bouwen mislukte, zie $(VENV)/rete.log"; touch $@; fi

$(DEV): requirements/dev.txt $(BASE) | $(RETE)
	@echo "Installing the development tools in $(VENV) ..."
	@$(INSTALL) --requirement requirements/dev.txt
	@touch $@

$(CLIENT): requirements/client.txt
	@"$(PYTHON)" -m venv --clear $(CLIENT_VENV)
	@echo "Installing the generator of a client in $(CLIENT_VENV) ..."
	@$(CLIENT_VENV)/bin/python -m pip --quiet --quiet --disable-pip-version-check install --require-hashes --requirement requirements/client.txt
	@touch $@

UV_COMPILE := UV_CUSTOM_COMPILE_COMMAND='make lock' .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-strip-extras --no-emit-index-url --no-emit-find-links $(UV_FLAGS)
UV_LOCK := $(UV_COMPILE) pyproject.toml

lock: ## write the lock files anew (newer versions: make lock UV_FLAGS=--upgrade)
	@test -n "$(PYTHON)" || { echo "make lock needs Python 3.11 or newer." >&2; exit 1; }
	@test -x .venv-lock/bin/uv || { "$(PYTHON)" -m venv .venv-lock && .venv-lock/bin/python -m pip --quiet --quiet install uv==$(UV_VERSION); }
	$(UV_LOCK) --group build --output-file requirements/base.txt
	$(UV_LOCK) --group build --group dev --constraints requirements/base.txt --output-file requirements/dev.txt
	$(UV_LOCK) --extra rete --constraints requirements/base.txt --output-file requirements/rete.txt
	$(UV_LOCK) --extra postgres --extra otel --constraints requirements/base.txt --output-file requirements/dienst.txt
	$(UV_COMPILE) --group client --output-file requirements/client.txt

clean: ## remove the virtual environments, caches and reports
	rm -rf $(VENV) .venv-lock $(CLIENT_VENV) .cache .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist htmlcov .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
