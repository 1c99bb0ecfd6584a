# One command for each habit. `make help` lists them.

.DEFAULT_GOAL := help
.SUFFIXES:
MAKEFLAGS += --no-print-directory

# The first Python that is new enough; tools/bootstrap.py says what to do when there is none.
PYTHON ?= $(shell for name in python3.11 python3 python3.12 python3.13; do \
	if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo "$$name"; exit; fi; done; \
	echo python3)
RUN := .venv/bin/python
export PYTHONPATH := $(CURDIR)/platform:$(CURDIR)
# A shell may forbid bytecode; then each of the hundreds of processes of a run would compile the sources for itself.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX := $(CURDIR)/var/pycache

.PHONY: help demo stop clean-demo test walk check bench shots messages lock sbom audit \
	product tools browser services services-stop compile-messages pytest

help: ## what there is
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:[^#]*## /\t/' | awk -F '\t' '{printf "  make %-18s %s\n", $$1, $$2}'

demo: product ## a district at work on this machine; prints hosts and logins
	@$(RUN) -m stack demo

stop: ## stop the demo, keep its data
	@if [ -x $(RUN) ]; then $(RUN) -m stack stop; else echo "The demo was never started here."; fi

clean-demo: ## stop the demo and remove its data
	@if [ -x $(RUN) ]; then $(RUN) -m stack clean-demo; else echo "The demo was never started here."; fi

test: tools ## everything: linters, then tests, then journeys in a browser
	@$(RUN) tools/test.py

walk: tools ## of the tests, every page of every role in a browser: axe, 375 px, dark
	@$(RUN) tools/test.py --only-tests -- -n 0 tests/journeys/test_pages.py

check: tools ## linters only
	@$(RUN) tools/check.py

bench: tools ## the figures of performance, as ratios
	@$(RUN) tools/test.py --bench

shots: tools ## screenshots of the main pages into docs/screens/
	@$(RUN) tools/shots.py

messages: tools ## collect the strings to be translated, report what is missing, compile
	@$(RUN) tools/messages.py

sbom: tools ## what the product is made of, as CycloneDX, into var/sbom/
	@$(RUN) tools/sbom.py

audit: tools ## known weaknesses in it: ADVISORIES="PyPI.zip npm.zip", OSV's exports; nothing is fetched
	@$(RUN) tools/audit.py $(ADVISORIES)

lock: tools ## lock requirements/*.in with hashes
	@$(RUN) tools/lock.py

# --- parts of the above, also useful alone

product: ## .venv with what the product needs
	@$(PYTHON) tools/bootstrap.py

tools: ## .venv with what tests and linters need besides
	@$(PYTHON) tools/bootstrap.py --dev

browser: tools ## Chromium from the system's packages, when root
	@$(RUN) tools/browser.py

services: tools ## PostgreSQL and Redis for the tests
	@$(RUN) -m stack up --profile test

services-stop: ## stop them
	@$(RUN) -m stack down --profile test

compile-messages: tools ## .po to .mo
	@$(RUN) tools/messages.py --compile

pytest: tools ## tests only, without linters
	@$(RUN) tools/test.py --only-tests
