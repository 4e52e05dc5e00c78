# Two commands matter: `make run` and `make test`. `make help` lists the rest.
# Nothing here needs more than python3 (3.11 or newer) with pip's usual settings.

.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
PORT ?= 8000
# More arguments for pytest: make test ARGS="-k schedule"
ARGS ?=

# The stamps lie in the folder of this Python's version, so that another Python makes a new
# environment instead of meeting one that it cannot read.
VERSION := $(shell $(PYTHON) -c 'import sys; print("python%d.%d" % sys.version_info[:2])' 2>/dev/null)
STAMPS := .venv/lib/$(or $(VERSION),none)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq --no-input

.PHONY: help
help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: $(STAMPS)/installed ## install, migrate, seed, and serve on http://127.0.0.1:8000 (PORT=... for another)
	@$(BIN)/tracker init
	@exec $(BIN)/tracker run --port $(PORT)

.PHONY: test
test: $(STAMPS)/installed-dev ## install what the tests need, then run all tests (ARGS=... for pytest)
	@scripts/need.sh tests
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal $(ARGS)

# The seed is printed; SOAK_SEED=... repeats its random moments.
CLIENTS ?= 16
SAVES ?= 500
ROUNDS ?= 50
BACKUPS ?= 20
GUESSES ?= 10000

.PHONY: soak
soak: $(STAMPS)/installed-dev ## many editors, killed servers, backups under load (CLIENTS, SAVES, ROUNDS, BACKUPS, GUESSES)
	@scripts/need.sh tests
	SOAK_CLIENTS=$(CLIENTS) SOAK_SAVES=$(SAVES) SOAK_ROUNDS=$(ROUNDS) SOAK_BACKUPS=$(BACKUPS) \
		SOAK_GUESSES=$(GUESSES) \
		$(BIN)/python -m pytest -q -s tests/soak $(ARGS)

# make bench N=1000000 DB=postgresql ONLY=pages,csv; what was built stays in var/bench.
N ?= 10000
DB ?= sqlite
ONLY ?=

.PHONY: bench
bench: $(STAMPS)/installed-dev ## measure beside what the database can do (N, DB, ONLY, PEERS=1), into docs/performance.md
	@scripts/need.sh bench
	@$(BIN)/python -m bench.run --n $(N) --db $(DB) --only "$(ONLY)" $(if $(PEERS),--peers)

.PHONY: oidc
oidc: $(STAMPS)/installed ## install what signing in through an OpenID Connect provider needs
	$(PIP) install --require-hashes --no-deps --only-binary :all: -r requirements-oidc.txt

.PHONY: check
check: $(STAMPS)/installed-dev ## the gate: format, lint, types, import rules, templates, migrations, lock
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --check --lint tracker
	$(BIN)/python scripts/check_lock.py
	@scripts/need.sh tests
	$(BIN)/python -m pytest -q tests/migrations

.PHONY: format
format: $(STAMPS)/installed-dev ## put code and templates into the project's form
	$(BIN)/ruff format
	$(BIN)/ruff check --fix-only
	$(BIN)/djlint --reformat --quiet tracker

.PHONY: lock
lock: $(STAMPS)/installed-dev ## write requirements*.txt anew from pyproject.toml, with hashes
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header pyproject.toml --extra oidc \
		-c requirements.txt -o requirements-oidc.txt
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header pyproject.toml --extra oidc --group dev \
		-c requirements.txt -o requirements-dev.txt
	$(BIN)/python scripts/check_lock.py

.PHONY: clean
clean: ## remove the environment and caches; the database in var/ stays
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find bench tracker tests migrations scripts -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMPS)/environment:
	@PYTHON="$(PYTHON)" scripts/need.sh venv
	@echo "Making an environment for $(VERSION) in .venv"
	@$(PYTHON) -m venv --clear .venv
	@touch $@

# The lock is complete, so nothing is resolved anew: with --no-deps an older pip does not stumble over
# an extra of which a newer version has come out since.
$(STAMPS)/installed: $(STAMPS)/environment requirements.txt scripts/link_project.py
	@echo "Installing what requirements.txt locks"
	@$(PIP) install --require-hashes --no-deps --only-binary :all: -r requirements.txt
	@$(BIN)/python scripts/link_project.py
	@touch $@

$(STAMPS)/installed-dev: $(STAMPS)/installed requirements-dev.txt
	@echo "Installing what requirements-dev.txt locks"
	@$(PIP) install --require-hashes --no-deps --only-binary :all: -r requirements-dev.txt
	@touch $@
