# Everything a newcomer needs: `make demo` runs the portal, `make test` tests it, `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
PY := $(VENV)/bin/python
PORT ?= 8000
WORKERS ?= 2
export PORT

.PHONY: help demo setup test test-fast test-browser test-deployed check sbom format messages lock frontend preflight clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.base build/.frontend preflight ## Run the portal with demo content (PORT and KSF_HOME may be set)
	@KSF_DEMO=1 SITE_URL="http://localhost:$(PORT)" exec $(PY) manage.py serve_demo --with-parent --port "$(PORT)"

setup: $(VENV)/.dev build/.frontend preflight ## Install what developing and testing need
	@echo "Ready. Try: make test"

test: setup ## Run the suite except browser tests
	$(PY) -m pytest -n $(WORKERS) $(ARGS)

test-fast: setup ## Run the tests that need no database, in seconds
	KSF_TEST_FAST=1 $(PY) -m pytest $(ARGS)

test-browser: setup ## Run the browser tests, with Chromium (CHROMIUM=/path/to/chromium)
	@chromium="$${CHROMIUM:-$$(command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || command -v google-chrome || true)}"; \
	[ -x "$$chromium" ] || { echo "No Chromium found. Install it (Debian: apt-get install chromium) or set CHROMIUM."; exit 1; }; \
	CHROMIUM="$$chromium" $(PY) -m pytest -m browser -n $(WORKERS) --dist loadfile $(ARGS)

test-deployed: setup ## Put a site together as in production, and sign in through it (needs Caddy)
	$(PY) -m pytest -m deployed -rs $(ARGS)

check: setup ## Lint, types, import contracts, migrations, translations, deployment checks
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/djangofmt --check templates
	$(VENV)/bin/djangofmt check templates
	$(VENV)/bin/lint-imports
	tools/production-like $(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py messages --check
	tools/production-like $(PY) manage.py check --deploy --fail-level WARNING
	tools/production-like $(VENV)/bin/mypy ksf local regions clusters needs grants reporting demo
	tools/with-node $(PY) npm run lint --silent

sbom: $(VENV)/.dev ## Write what the portal is made of, as CycloneDX, to build/sbom-python.json and build/sbom-npm.json
	@mkdir -p build
	$(VENV)/bin/cyclonedx-py requirements requirements/base.txt --output-reproducible --output-format JSON -o build/sbom-python.json
	tools/with-node $(PY) npm sbom --package-lock-only --omit dev --sbom-format cyclonedx > build/sbom-npm.json

format: $(VENV)/.dev build/.packages ## Format the code and fix what the linters can
	$(VENV)/bin/ruff check --fix
	$(VENV)/bin/ruff format
	$(PY) -m ksf.palette > css/colours.css
	$(VENV)/bin/djangofmt templates
	$(VENV)/bin/djangofmt check --fix templates
	tools/with-node $(PY) npm run format --silent

messages: $(VENV)/.dev ## Bring the translation catalogues up to date
	$(PY) manage.py messages

lock: $(VENV)/.dev ## Pin the newest versions that fit requirements/*.in and package.json
	cd requirements && for name in base embedded node dev; do \
	  ../$(VENV)/bin/uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-header \
	    --python-version 3.11 --universal $$name.in -o $$name.txt; done
	npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund

preflight: $(VENV)/.base
	@$(PY) -P local/preflight.py

clean: ## Remove what can be made again (not the data in .ksf)
	rm -rf build node_modules staticfiles .ksf-test .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

# --- The environment: made once, installed again when the lock changed --------------------------------
$(VENV)/bin/python:
	@tools/create-environment $(VENV)

$(VENV)/.base: requirements/base.txt requirements/embedded.txt | $(VENV)/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes $(addprefix -r ,$^)
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.base | $(VENV)/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# --- The front end: packages from the lock file, the theme built from our colours, our styles in one file -------
frontend: build/.frontend ## Install and build the front end

build/.packages: package.json package-lock.json | $(VENV)/.base
	@tools/with-node $(PY) npm ci --no-audit --no-fund --loglevel=error
	@mkdir -p $(@D); touch $@

build/.theme: designsystemet.config.json build/.packages
	@tools/with-node $(PY) npm run theme --silent > $(@D)/npm.log || { cat $(@D)/npm.log; exit 1; }
	@touch $@

build/.frontend: $(wildcard css/*.css) build/.theme
	@tools/with-node $(PY) npm run css --silent
	@touch $@
