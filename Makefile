# Citewell. `make chat` opens the chat, `make test` proves that everything works; both set themselves up in .venv.
#   PYTHON=…           the Python to set up with (3.11 or later)
#   TORCH_INDEX_URL=…  a package index with CPU builds of torch (see CONTRIBUTING.md)
#   CHAT="--port 7861" options of `citewell chat`

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
export PYTHON TORCH_INDEX_URL

.PHONY: help chat test setup check unit index benchmark clean
.DEFAULT_GOAL := help

help:
	@echo "make chat       set up, index the starter corpus if needed, open the chat"
	@echo "make test       set up, then check style, types and every test"
	@echo "make unit       the quick tests alone: no model, no browser"
	@echo "make check      style and types alone"
	@echo "make index      index the starter corpus"
	@echo "make benchmark  measure quality and print the table"
	@echo "make setup      fill .venv with the pinned packages"
	@echo "make clean      remove .venv, the index and all caches"

# The stamp is older than what it depends on exactly when there is something to do.
$(READY): pyproject.toml requirements/lock.txt requirements/model.txt scripts/setup
	@scripts/setup
	@touch $@

setup: $(READY)

# Touched, because an index that was up to date already is left as it is.
index/CURRENT: $(wildcard corpus corpus/*) | $(READY)
	@$(BIN)/citewell index corpus --index index
	@touch $@

index: index/CURRENT

chat: $(READY) index/CURRENT
	@$(BIN)/citewell chat --index index $(CHAT)

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

unit: $(READY)
	$(BIN)/pytest -m unit

test: check
	$(BIN)/pytest

benchmark: $(READY)
	$(BIN)/python -m benchmarks.quality

clean:
	rm -rf .venv index dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
