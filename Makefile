# Needs make and Python 3.11 or newer; everything else goes into $(VENV).
# Another Python: make demo PYTHON=python3.12

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
KG := $(BIN)/kg
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PAGE := examples/paper-group-nanr-96.txt

.DEFAULT_GOAL := help
.PHONY: help demo test check docs wheel-check clean

help:
	@echo 'make demo         build the graph of the example page, ask it, report on it, draw it'
	@echo 'make test         run the tests'
	@echo 'make check        ruff and mypy'
	@echo 'make docs         the documentation as a site, in out/site'
	@echo 'make wheel-check  build the wheel, install it elsewhere and run the demo there'
	@echo 'make clean        remove what was built (not $(VENV))'

demo: $(VENV)/.installed
	$(KG) build $(PAGE) --graph out/nanr.kg --fresh
	@echo
	$(KG) stats out/nanr.kg
	@echo
	$(KG) query out/nanr.kg --name evaluated-on --set dataset=CIFAR-10
	@echo
	$(KG) report cooccurrence out/nanr.kg --rows dataset --columns method
	@echo
	$(KG) render out/nanr.kg -o out/nanr.html
	@echo
	@echo 'The graph is in out/nanr.kg; open out/nanr.html in a browser to see it.'

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest

check: $(VENV)/.installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

docs: $(VENV)/.installed-docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet

wheel-check: $(VENV)/.installed
	.ci/run wheel-check

clean:
	rm -rf out dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find kg tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(PIP) --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	$(PIP) --editable '.[dev]'
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-docs: pyproject.toml | $(BIN)/python
	$(PIP) --editable '.[docs]'
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "kg needs Python 3.11 or newer, and $(PYTHON) says: $$($(PYTHON) --version 2>&1 | tail -n 1);" \
	    "name another, as in make demo PYTHON=python3.12" >&2; \
	  exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
	  rm -rf $(VENV); \
	  echo "$(PYTHON) cannot make a virtual environment: install its venv module (Debian: python3-venv)" >&2; \
	  exit 1; }
