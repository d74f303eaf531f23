# The one door to every command. `make` lists them; each sets up what it needs.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
UV_VERSION := 0.13.9
UV := .tools/uv-$(UV_VERSION)/bin/uv
BIN := .venv/bin
# Azure's own emulator, for the tests of object stores; later versions need a newer Node than LTS 20.
AZURITE_VERSION := 3.35.0
AZURITE := .tools/azurite-$(AZURITE_VERSION)/node_modules/.bin/azurite-blob
WHEELS := dist
WORKERS ?= auto

# Cargo, maturin and `uv sync` must name one interpreter, or PyO3 is compiled for each anew.
export PYO3_PYTHON := $(abspath $(BIN)/python)
unexport VIRTUAL_ENV

# Tests are built in the release profile: they share the compiled dependencies with the wheel
# (Arrow and Parquet take minutes) and are fast, but they keep the checks that a release drops.
CHECKED := --config 'profile.release.package.tidegauge-kernel.overflow-checks=true' \
	--config 'profile.release.package.tidegauge-kernel.debug-assertions=true'
# Both crates are named, though only the kernel has tests: one set of features, one set of dependencies.
CRATES := --package tidegauge-kernel --package tidegauge-bindings

.PHONY: help
help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20
	@echo; echo 'Parts of test and check, to run alone:'
	@grep -hE '^[a-z-]+:.*#- ' $(MAKEFILE_LIST) | sed -E 's/:.*#- /\t/; s/^/  /' | expand -t 22

# ---- setting up --------------------------------------------------------------------------------

.PHONY: setup
setup: $(UV) ## Bring uv, create .venv, build the kernel into it (a no-op when nothing changed)
	@test -x $(BIN)/tidegauge || echo "Compiling the kernel: this first time takes some minutes."
	@$(UV) sync --locked --quiet || $(UV) sync --locked

$(UV):
	$(PYTHON) -m venv .tools/uv-$(UV_VERSION)
	.tools/uv-$(UV_VERSION)/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(AZURITE):
	npm install --silent --no-fund --no-audit --prefix .tools/azurite-$(AZURITE_VERSION) azurite@$(AZURITE_VERSION)

# ---- using -------------------------------------------------------------------------------------

.PHONY: demo
demo: setup ## Profile a year of real flights, day by day, and show the days that stand out
	@$(BIN)/python examples/flights.py

.PHONY: bench
bench: setup ## Measure speed and memory against the peers (takes long; needs a quiet machine)
	@$(BIN)/python -m benchmarks

.PHONY: bench-calibration
bench-calibration: setup ## Measure false alarms and power of comparisons, beside the peers (takes hours)
	@$(BIN)/python -m benchmarks.calibration --workers 2

.PHONY: build
build: setup ## Build the wheel into dist/
	@rm -rf $(WHEELS)/*.whl
	@cd library && ../$(BIN)/maturin build --release --quiet --out ../$(WHEELS)
	@ls -lh $(WHEELS)/*.whl

.PHONY: docs
docs: setup ## Build the documentation into build/site, strictly
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet && echo "build/site/index.html"

.PHONY: clean
clean: ## Remove everything that was built or downloaded here
	rm -rf .venv .tools target build dist demo-output .hypothesis .mypy_cache .pytest_cache .ruff_cache \
		.import_linter_cache benchmarks/.envs benchmarks/.data
	find library crates tests tools benchmarks examples -name __pycache__ -prune -exec rm -rf {} +
	rm -f library/src/tidegauge/_kernel*.so library/src/tidegauge/_kernel*.pyd

# ---- testing -----------------------------------------------------------------------------------

.PHONY: test test-rust test-python test-docs test-matrix test-wheel
test: test-rust test-python test-docs test-wheel test-matrix ## Run every test

test-rust: setup #- Test the kernel
	cargo test --release --locked $(CRATES) $(CHECKED) --tests
	cargo test --release --locked $(CRATES) $(CHECKED) --doc

test-python: setup $(AZURITE) #- Test the library
	AZURITE=$(CURDIR)/$(AZURITE) $(BIN)/pytest library/tests tests --ignore tests/wheel --ignore tests/matrix -n $(WORKERS) -q

test-docs: setup #- Run every example in docstrings, README.md, docs/ and contracts/
	$(BIN)/pytest --doctest-modules library/src -q
	$(BIN)/pytest README.md library/README.md docs contracts -q

test-wheel: build #- Install the built wheel into a new environment and use it
	UV=$(CURDIR)/$(UV) $(BIN)/pytest tests/wheel -q

test-matrix: build #- Log with the built wheel beside several sets of other packages
	UV=$(CURDIR)/$(UV) $(BIN)/python tools/matrix.py

# ---- checking ----------------------------------------------------------------------------------

CHECKS := check-format check-lint check-types check-stub check-rust check-imports check-sizes check-api \
	check-dependencies check-version check-figures
.PHONY: check $(CHECKS)
check: $(CHECKS) ## Run every check: format, lint, types, rules of the house

check-format: setup #- Formatting of Python and Rust
	$(BIN)/ruff format --check .
	cargo fmt --all --check

check-lint: setup #- Lint of Python
	$(BIN)/ruff check .

check-types: setup #- Types of Python
	$(BIN)/mypy

check-stub: setup #- _kernel.pyi against the compiled kernel
	$(BIN)/python -m mypy.stubtest tidegauge._kernel --mypy-config-file pyproject.toml

check-rust: setup #- Lint of Rust
	cargo clippy --release --locked $(CRATES) --all-targets -- -D warnings -W clippy::too_many_lines

check-imports: setup #- Which room may import which
	$(BIN)/lint-imports --no-logo

check-sizes: setup #- Lengths of modules and functions, numbers of parameters
	$(BIN)/python tools/check_sizes.py

check-api: setup #- Every public name has a docstring, an example and a place in the reference
	$(BIN)/python tools/check_api.py

check-dependencies: setup #- Which crate may depend on what
	$(BIN)/python tools/check_dependencies.py

check-version: setup #- One version in Cargo.toml, library/pyproject.toml and CHANGELOG.md
	$(BIN)/python tools/check_version.py

check-figures: setup #- README.md and the documentation show the figures of benchmarks/results
	$(BIN)/python -m tools.figures --check

# ---- mending -----------------------------------------------------------------------------------

.PHONY: format
format: setup ## Format Python and Rust; put the measured figures into README.md and docs
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format --quiet .
	cargo fmt --all
	$(BIN)/python -m tools.figures
	$(BIN)/python -m tools.constraint_pages
