# Needs Python 3.10+ and make; everything else is installed into .venv, as requirements/*.txt say.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
OLDEST := .venv-oldest
NEWEST := .venv-newest
RELEASE := .venv-release
UV := 0.13.9
PIP := -m pip install --quiet --disable-pip-version-check
# As many tests at a time as there are processors, four at most.
PYTEST := -m pytest --numprocesses auto --maxprocesses 4
QUICK := not browser and not postgres and not matrix and not shops and not sites and not slow
# What other versions or another database could change; on PostgreSQL, also what it alone can do.
AGAIN := not browser and not matrix and not shops and not sites and not slow and not once
ifneq ($(ANODYNE_TEST_DB),postgres)
AGAIN += and not postgres
endif
# What of the faults is tried: CI has had all but the slow ones from `make test`.
FAULTS ?= tests/faults tests/pricing/test_judge.py

.DEFAULT_GOAL := help
.PHONY: help demo test coverage test-oldest test-newest bench bench-peers lint docs test-all test-postgres \
	test-mariadb test-faults soak test-sites test-shops test-slow dist lock translations screenshots clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' Makefile | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

demo: .venv/.demo ## Serve the example site on 127.0.0.1 (PORT=8123 make demo chooses the port)
	@$(BIN)/python example_site/manage.py demo --port $(PORT)

test: .venv/.test ## Run every test that Python alone can run, on SQLite
	$(BIN)/python $(PYTEST) -m "$(QUICK)"

coverage: .venv/.test ## Run the same tests, and fail where they cover less than 95 % of lines and branches
	$(BIN)/coverage erase && $(BIN)/coverage run $(PYTEST) -m "$(QUICK)"
	$(BIN)/coverage combine --quiet && $(BIN)/coverage report --precision 1 --fail-under 95

test-oldest: $(OLDEST)/.test ## Run the same tests with the lowest versions that setup.cfg names
	$(OLDEST)/bin/python $(PYTEST) -m "$(AGAIN)" $(TESTS)

test-newest: ## Run the same with the newest of everything, installed anew each time
	@$(PYTHON) -m venv --clear $(NEWEST)
	@PYTHONWARNINGS=ignore $(NEWEST)/bin/python $(PIP) --upgrade --editable '.[test,postgres]'
	$(NEWEST)/bin/python $(PYTEST) -m "$(AGAIN)" $(TESTS)

lint: .venv/.lint ## Check style, format, types and which module may import which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy anodyne_blocks

docs: .venv/.docs ## Build the documentation; warnings are errors
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

test-all: lint docs test test-oldest test-newest test-postgres test-mariadb test-sites test-shops test-slow ## Everything: also other databases, sites in variations, real shops, browsers and the version matrix

test-postgres: .venv/.test .venv/.postgres ## Run what a database could change on PostgreSQL at 127.0.0.1:5432
	ANODYNE_TEST_DB=postgres $(BIN)/python $(PYTEST) -m "not browser and not matrix and not shops and not sites and not once"

test-mariadb: .venv/.test .venv/.mysql ## Run what talks to the database on MariaDB at 127.0.0.1:3306
	ANODYNE_TEST_DB=mariadb $(BIN)/python $(PYTEST) -m "$(AGAIN)" $(addprefix tests/,catalogue admin api article test_checks_of_sites.py)
	ANODYNE_TEST_DB=mariadb $(BIN)/python -m pytest -s tests/faults/test_kills.py tests/faults/test_at_once.py

test-faults: .venv/.test .venv/.postgres .venv/.mysql ## Misbehaving shops, files and disks, kills and hostile texts, with their counts
	$(BIN)/python $(PYTEST) --durations 10 -rP $(FAULTS)

soak: .venv/.bench ## Five minutes of load with a shop that fails half of the time (needs PostgreSQL and Redis)
	@$(BIN)/python -m tests.soak

test-sites: .venv/.test .venv/.mysql .venv/.postgres ## Build sites in variations, and try everything on each of them
	$(BIN)/python -m pytest --numprocesses 2 -m sites

# In the order of pytest-django: what commits empties the database for those that come after it.
test-slow: .venv/.test .venv/.browser .venv/.clients ## Run the browser checks and the fresh sites on each Wagtail version
	$(BIN)/python $(PYTEST) --dist loadfile --no-loadscope-reorder -m "browser or matrix"

test-shops: .venv/.test ## Talk to real shop servers, which npm installs into build/shops (needs Node)
	scripts/fetch-shopify-schema.sh
	$(BIN)/python -m pytest -m shops

bench: .venv/.bench ## Measure speed against its bounds and its baselines (build/bench.json)
	@$(BIN)/python -m tests.bench

bench-peers: .venv/.test ## Measure other packages beside this one, each in an environment of its own
	@$(BIN)/python -m tests.bench.peers

dist: $(RELEASE)/.release ## Build the wheel and the sdist into dist/, and check their description
	rm -rf dist
	$(RELEASE)/bin/python -m build --no-isolation --outdir dist
	$(RELEASE)/bin/twine check --strict dist/*

lock: ## Resolve what setup.cfg names into requirements/*.txt again, the newest of everything
	@test -x .venv-lock/bin/python || $(PYTHON) -m venv .venv-lock
	@.venv-lock/bin/python $(PIP) uv==$(UV)
	scripts/lock.sh

translations: .venv/.demo ## Compile the message catalogues (.po to .mo; both are committed)
	$(BIN)/python -m scripts.compile_messages

screenshots: .venv/.demo .venv/.browser ## Take the documentation's screenshots again
	$(BIN)/python -m scripts.screenshots

clean: ## Remove what was built; .venv and the example site's data stay
	rm -rf build dist docs/_build *.egg-info .coverage* .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './.venv*/*' -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.10 or newer is needed" if sys.version_info < (3, 10) else 0)'
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Install Python's venv module (Debian: python3-venv)"; exit 1; }

# $(call install,ENVIRONMENT,LOCK): the locked versions, and on top of them this package. What builds
# it and those that come as sources is locked too, and must be there first.
define install
	@echo "Installing requirements/$(2).txt into $(1) …"
	@PYTHONWARNINGS=ignore $(1)/bin/python $(PIP) --require-hashes --requirement requirements/build.txt
	@PYTHONWARNINGS=ignore $(1)/bin/python $(PIP) --no-build-isolation --require-hashes \
		--requirement requirements/$(2).txt
	@PYTHONWARNINGS=ignore $(1)/bin/python $(PIP) --no-build-isolation --no-deps --editable .
	@touch $@
endef

$(OLDEST)/.test: requirements/oldest.txt requirements/build.txt setup.cfg pyproject.toml
	@$(PYTHON) -m venv --clear $(OLDEST)
	$(call install,$(OLDEST),oldest)

$(RELEASE)/.release: requirements/release.txt requirements/build.txt setup.cfg pyproject.toml
	@$(PYTHON) -m venv --clear $(RELEASE)
	$(call install,$(RELEASE),release)

# One stamp for each extra: pip runs again only when its lock or the metadata changed.
.venv/.%: requirements/%.txt requirements/build.txt setup.cfg pyproject.toml | $(BIN)/python
	$(call install,.venv,$*)
