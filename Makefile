# Needs Python 3.10+ and make; everything else is installed into .venv.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
OLDEST := .venv-oldest
QUICK := not browser and not postgres and not matrix and not shops

.DEFAULT_GOAL := help
.PHONY: help demo test test-oldest bench bench-peers lint docs test-all test-postgres test-shops test-slow dist translations screenshots clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' Makefile | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

demo: .venv/.demo ## Serve the example site on 127.0.0.1 (PORT=8123 make demo chooses the port)
	@$(BIN)/python example_site/manage.py demo --port $(PORT)

test: .venv/.test ## Run every test that Python alone can run, on SQLite
	$(BIN)/python -m pytest -m "$(QUICK)"

test-oldest: $(OLDEST)/.test ## Run the same tests on the oldest Wagtail and Django that are supported
	$(OLDEST)/bin/python -m pytest -m "$(QUICK)"

lint: .venv/.lint ## Check style, format and which module may import which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

docs: .venv/.docs ## Build the documentation; warnings are errors
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

test-all: lint docs test test-oldest test-postgres test-shops test-slow ## Everything: also PostgreSQL, real shops, browsers and the version matrix

test-postgres: .venv/.test .venv/.postgres ## Run the same tests on PostgreSQL at 127.0.0.1:5432
	ANODYNE_TEST_DB=postgres $(BIN)/python -m pytest -m "not browser and not matrix and not shops"

test-slow: .venv/.test .venv/.browser ## Run the browser checks and the fresh sites on each Wagtail version
	$(BIN)/python -m pytest -m "browser or matrix"

test-shops: .venv/.test ## Talk to real shop servers, which npm installs into build/shops (needs Node)
	scripts/fetch-shopify-schema.sh
	$(BIN)/python -m pytest -m shops

bench: .venv/.bench ## Measure speed against its bounds and its baselines (build/bench.json)
	@$(BIN)/python -m tests.bench

bench-peers: .venv/.test ## Measure other packages beside this one, each in an environment of its own
	@$(BIN)/python -m tests.bench.peers

dist: .venv/.test ## Build the wheel and the sdist into dist/
	rm -rf dist
	$(BIN)/python -m build --outdir dist

translations: .venv/.demo ## Compile the message catalogues (.po to .mo; both are committed)
	$(BIN)/pybabel compile --domain django --directory anodyne_blocks/locale

screenshots: .venv/.demo .venv/.browser ## Take the documentation's screenshots again
	$(BIN)/python -m scripts.screenshots

clean: ## Remove what was built; .venv and the example site's data stay
	rm -rf build dist docs/_build *.egg-info .coverage .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './.venv*/*' -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.10 or newer is needed" if sys.version_info < (3, 10) else 0)'
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Install Python's venv module (Debian: python3-venv)"; exit 1; }

$(OLDEST)/.test: setup.cfg pyproject.toml
	@echo "Installing anodyne-blocks[test] on Wagtail 7.4 into $(OLDEST) …"
	@$(PYTHON) -m venv --clear $(OLDEST)
	@PYTHONWARNINGS=ignore $(OLDEST)/bin/pip install --quiet --disable-pip-version-check \
		--editable '.[test]' 'wagtail~=7.4.0' 'Django~=5.2.0'
	@touch $@

# One stamp for each extra: pip runs again only when the metadata changed.
.venv/.%: setup.cfg pyproject.toml | $(BIN)/python
	@echo "Installing anodyne-blocks[$*] into .venv …"
	@PYTHONWARNINGS=ignore $(BIN)/pip install --quiet --disable-pip-version-check --editable '.[$*]'
	@touch $@
