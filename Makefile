# `make run` and `make test` need python3 (3.11 or newer, with venv and pip) and make; nothing else by hand.
.DEFAULT_GOAL := help
SHELL := /bin/sh

PYTHON ?= python3
BIN := .venv/bin
RUN_STAMP := .venv/.run-ready
DEV_STAMP := .venv/.dev-ready
RESULT := example-result
DATA := .data

.PHONY: help setup run example test check bench bench-quick soak format sbom audit lock messages golden upgrade-data container-steps clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | awk -F '\t' '{printf "  make %-15s %s\n", $$1, $$2}'

setup: $(RUN_STAMP) ## Install the program into .venv, and nothing else

run: $(RUN_STAMP) ## Open the desk with a network of people who do not exist (PORT=8000, or the next free one)
	@MENTORNET_DATA="$${MENTORNET_DATA:-$(CURDIR)/$(DATA)}" $(BIN)/mentornet demo

example: $(RUN_STAMP) ## Pair the people of two spreadsheets, the pilot of 2003, and write a report
	@$(BIN)/mentornet match examples/pilot-2003/mentorbank.xlsx examples/pilot-2003/venteliste.xlsx \
		--today 2003-11-21 --out $(RESULT) --report $(RESULT)/report.html --language $${MENTORNET_LANGUAGE:-en}

test: $(DEV_STAMP) ## Install what the tests need and run them all, those of the database on both kinds of it
	@sh tests/install-what-tests-need
	@$(BIN)/python -m pytest -n auto --dist worksteal
	@sh tests/on-postgresql $(BIN)/python -m pytest -n auto --dist worksteal -m database

check: $(DEV_STAMP) ## Lint, types, import contracts, architecture tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint --profile=jinja --lint src/pairing/templates
	$(BIN)/djlint --profile=django --lint src/mentornet
	$(BIN)/python -m pytest -q tests/architecture

bench: $(DEV_STAMP) ## Measure, beside others, and write docs/benchmarks*.md (takes about half an hour)
	$(BIN)/python tests/bench/run.py
	sh tests/with-postgresql $(BIN)/python tests/bench/desk.py
	$(BIN)/python tests/bench/public.py
	sh tests/with-postgresql $(BIN)/python tests/bench/letters.py
	sh tests/with-postgresql $(BIN)/python tests/bench/followup.py
	$(BIN)/python tests/bench/lasting.py
	$(BIN)/python tests/bench/meeting.py

bench-quick: $(DEV_STAMP) ## A short measurement that writes nothing
	$(BIN)/python tests/bench/run.py --quick
	$(BIN)/python tests/bench/desk.py --quick
	$(BIN)/python tests/bench/public.py --quick
	$(BIN)/python tests/bench/letters.py --quick
	$(BIN)/python tests/bench/followup.py --quick
	$(BIN)/python tests/bench/lasting.py --quick
	$(BIN)/python tests/bench/meeting.py --quick

soak: $(DEV_STAMP) ## Kill, crowd and look on for long, on both databases, and write docs/reliability.md
	@sh tests/install-what-tests-need
	if sh tests/with-postgresql true; then sh tests/with-postgresql $(BIN)/python tests/reliability/run.py; \
		else $(BIN)/python tests/reliability/run.py; fi

format: $(DEV_STAMP) ## Bring the code into the house's form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: $(DEV_STAMP) ## Extract the texts and bring the catalogues up to date
	$(BIN)/python tests/text_extraction.py

golden: $(DEV_STAMP) ## Write the example's expected result again (look at the difference before you commit it)
	$(BIN)/python tests/cli/golden.py

upgrade-data: $(DEV_STAMP) ## Write the data of a former release anew, from which upgrades are tested (FROM=<commit>)
	sh tests/with-postgresql $(BIN)/python tests/deploy/upgrade_data.py $(or $(FROM),HEAD)

container-steps: $(DEV_STAMP) ## Carry out the Containerfile's steps without an engine (as root, with debootstrap)
	PYTHONPATH=tests $(BIN)/python tests/deploy/container_steps.py

sbom: $(DEV_STAMP) ## Write what an installation is made of, as CycloneDX: mentornet.cdx.json
	@PYTHONPATH=tests $(BIN)/python tests/supply/bill_of_materials.py

audit: $(DEV_STAMP) ## Look up whether a weakness is known in anything installed; fails where it could not look
	@PYTHONPATH=tests $(BIN)/python tests/supply/known_vulnerabilities.py

lock: ## Pin the newest versions that fit, by hash (needs uv)
	uv lock --upgrade
	uv export --quiet --no-header --no-emit-project --no-dev --group build --output-file requirements/run.txt >/dev/null
	uv export --quiet --no-header --no-emit-project --no-dev --group build --extra postgresql --extra pdf --output-file requirements/served.txt >/dev/null
	uv export --quiet --no-header --no-emit-project --all-groups --output-file requirements/dev.txt >/dev/null

clean: ## Remove what the other targets made
	rm -rf .venv .bench $(DATA) $(RESULT) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Mentornet needs Python 3.11 or newer; name one with: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -m venv .venv

$(RUN_STAMP): requirements/run.txt pyproject.toml | .venv/bin/python
	@echo "Installing into .venv (once; about half a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_STAMP): requirements/dev.txt $(RUN_STAMP)
	@echo "Installing what the tests need into .venv (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@
