# make map    set everything up in .venv, draw the embedded study, print where the map is
# make test   set everything up and run all tests, on all processors
# make docs   build the site of the documentation, in docs/site
# make desktop  a folder with a program that needs no Python, for the system this runs on
# make mutants  put small faults into what protects people, and see which the tests find
# make check  lint and all tests without a browser: what to run before a commit
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
SOURCES := $(shell find geodata routes maps src/corredor -name "*.py" -o -name "*.pyi" -o -name "*.js" -o -name "*.css")

# A file of tests stays on one processor, so that its pages and studies are made once. Files go out
# in the order in which they stand: browsers and notebooks, which take long, are not the last.
PARALLEL := -n auto --dist loadfile --no-loadscope-reorder
# As the command line does: a pool of threads for small matrices takes the processors of other tests.
TESTS := OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest $(PARALLEL)

.PHONY: map test check lint docs desktop bench mutants clean

map: $(VENV)/.installed
	@$(BIN)/corredor map

test: $(VENV)/.installed-dev
	$(TESTS) --nbmake notebooks tests

check: lint
	$(TESTS) --ignore tests/browser

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The site of the documentation, in docs/site; a warning is an error.
docs: $(VENV)/.installed-dev
	$(BIN)/python -m sphinx -q -W --keep-going -b html docs docs/site

# In an environment of its own: PyInstaller packs what it finds installed.
desktop:
	$(PYTHON) -m venv build/desktop-venv
	build/desktop-venv/bin/python -m pip install --quiet pyinstaller ".[desk,pdf,pictures,report,slides]"
	build/desktop-venv/bin/pyinstaller --noconfirm --distpath dist/desktop --workpath build/desktop desktop/corredor.spec
	@echo dist/desktop/corredor

# All benchmarks beside their peers, written to docs/benchmarks.md; takes about half an hour.
bench: $(VENV)/.installed-dev
	$(BIN)/python benchmarks/page.py

# An hour on one processor; python tests/mutants.py rule ledger --n 10 is shorter.
mutants: $(VENV)/.installed-dev
	$(BIN)/python tests/mutants.py

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage htmlcov
	find . -name '*.egg-info' -o -name __pycache__ | xargs rm -rf

# The folders are installed as one package; a file added or removed needs a new installation.
$(VENV)/.installed: setup.cfg pyproject.toml $(SOURCES) | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e . -C editable_mode=strict
	@touch $@

$(VENV)/.installed-dev: setup.cfg pyproject.toml $(SOURCES) | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]' -C editable_mode=strict
	@touch $@ $(VENV)/.installed

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
