# `make help` says what there is. GNU make 3.81 or newer; nothing but Python beside it.

.DEFAULT_GOAL := help
.SUFFIXES:
.PHONY: help run test faults bench format messages requirements audit

# Another Python than the one found by name: make run PYTHON=/path/to/python3
PYTHON ?=
PYTHONS := python3 python3.14 python3.13 python3.12 python3.11 python
python := .venv/bin/python
# Python compiles once: it is started hundreds of times, for each server and command.
unexport PYTHONDONTWRITEBYTECODE

help: ## Say what there is.
	@sed -n 's/^\([a-z]*\):.*## /\1 /p' Makefile | awk '{ n = $$1; $$1 = ""; printf "make %-13s%s\n", n, $$0 }'

run: .venv/.installed .env ## Install what is missing, then serve the site (HOST, PORT).
	@exec $(python) manage.py serve --prepare

test: .venv/.installed-tests ## Run every check and every test.
	$(python) -m ruff format --check .
	$(python) -m ruff check .
	$(python) -m djlint templates --check
	$(python) -m djlint templates --lint --quiet
	$(as_in_production) $(python) manage.py makemigrations --check --dry-run
	$(as_in_production) $(python) manage.py check --deploy --fail-level WARNING --database default
	$(python) -m tests.services
	chromium=$$($(python) -m tests.chromium) && CHROMIUM="$$chromium" $(python) -m pytest $(on_both_stacks)

faults: .venv/.installed-tests ## Break everything, as often as the promises say. Takes long.
	$(python) -m tests.services
	FAULTS=full $(python) -m pytest tests/faults -o faulthandler_timeout=1800

bench: .venv/.installed-tests ## Measure beside the peers. Takes ten minutes or so.
	@chromium=$$($(python) -m tests.chromium chromium) && CHROMIUM="$$chromium" $(python) -m tests.benchmarks

format: .venv/.installed-tests ## Bring the code into shape.
	$(python) -m ruff check --fix .
	$(python) -m ruff format .
	$(python) -m djlint templates --reformat --quiet

messages: .venv/.installed-tests ## Bring the catalogues of all languages up to date.
	$(python) -m tests.catalogues

requirements: ## Compile requirements.in; with UPGRADE=1 to the newest versions. Needs uv.
	@command -v uv >/dev/null || { echo "Install uv first: https://docs.astral.sh/uv/" >&2; exit 1; }
	$(compile) requirements.in -o requirements.txt
	$(compile) tests/requirements.in -o tests/requirements.txt
	$(compile) tests/audit/requirements.in -o tests/audit/requirements.txt

audit: .venv/.installed ## Look up known vulnerabilities of the packages. Needs the internet.
	@AUDIT=$${AUDIT:-1} $(python) -m tests.audit

# ── how ───────────────────────────────────────────────────────────────────────────

# A .venv that was moved, or whose Python was replaced, is made anew.
.PHONY: venv
venv:
	@$(find_python); rm -rf .venv; \
	if command -v uv >/dev/null 2>&1; then uv venv --quiet --python "$$python" .venv; \
	elif "$$python" -c 'import ensurepip' 2>/dev/null; then "$$python" -m venv .venv; \
	else echo "$$python lacks its venv module. Install it (Debian: apt install python3-venv)." >&2; exit 1; fi

.venv/.installed: requirements.txt $(shell $(python) -c 'import django' >/dev/null 2>&1 || echo venv)
	@echo "Installing the packages into .venv …"
	@$(install) -r requirements.txt
	@touch $@

.venv/.installed-tests: tests/requirements.txt .venv/.installed
	@echo "Installing the packages for the tests into .venv …"
	@$(install) -r tests/requirements.txt
	@touch $@

# Nobody else may read the file, from its first byte on.
.env:
	@umask 077; key=$$($(python) -c 'import secrets; print(secrets.token_urlsafe(50))') && \
	sed "s/^SECRET_KEY=.*/SECRET_KEY=$$key/" .env.example > .env.new && mv .env.new .env
.env: | .venv/.installed

define find_python
set -e; python=; \
for name in $(if $(PYTHON),"$(PYTHON)",$(PYTHONS)); do \
  if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
  then python=$$name; break; fi; \
done; \
if [ -z "$$python" ]; then \
  echo "There is no Python 3.11 or newer here$(if $(PYTHON), by the name $(PYTHON)): install one, or name it, as make run PYTHON=/path/to/python3" >&2; \
  exit 1; \
fi
endef

define install
if command -v uv >/dev/null 2>&1; then set -- uv pip install --quiet --python $(python); \
else $(python) -c 'import pip' 2>/dev/null || $(python) -m ensurepip >/dev/null; \
  set -- $(python) -m pip install -qq --no-input --disable-pip-version-check --no-compile; \
fi; "$$@" --require-hashes
endef

# What the checks see is a site on the internet, and nothing of this machine.
define as_in_production
env -i PATH="$$PATH" ENV_FILE=/dev/null DATABASE_URL=sqlite://:memory: \
  SITE_URL=https://chat.example.org \
  SECRET_KEY="$$($(python) -c 'import secrets; print(secrets.token_urlsafe(50))')"
endef

# Side by side, a worker each, and one for what a browser shows: all cores are busy,
# and one summary counts all. What hangs ends its worker; the others go on.
on_both_stacks = --dist=each --max-worker-restart=0 \
  --tx popen//id=sqlite//env:TEST_STACK=sqlite//env:TEST_SHARE=sqlite \
  --tx popen//id=postgres//env:TEST_STACK=postgres//env:TEST_SHARE=postgres \
  --tx popen//id=once//env:TEST_STACK=sqlite//env:TEST_SHARE=once

compile = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --custom-compile-command "make requirements" \
  $(if $(UPGRADE),--upgrade)
