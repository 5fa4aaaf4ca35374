# Storywatch from its checkout. Every target installs what it needs into .venv, once; `make` alone lists them.

PYTHON ?= python3
ARGS ?=
ENGINE ?= $(firstword $(notdir $(shell command -v docker podman)) docker)

VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header

export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help setup demo run test lint bench faults containers lock
.DEFAULT_GOAL := help

help:  ## list these targets
	@echo "make TARGET [PYTHON=python3.12] [ARGS=...]"
	@sed -n 's/^\([a-z]*\):.*  ## /  \1\t/p' Makefile | expand -t 14

setup: $(VENV)/dev  ## install all that running and developing need into .venv

demo: $(VENV)/run  ## watch a make-believe press for under a minute and see what comes through
	@SCRAPY_PROJECT=demo scrapy newsroom --demo $(ARGS)

run: $(VENV)/run  ## watch the outlets of your watchlist until Ctrl-C
	@scrapy crawl watch $(ARGS)

test: $(VENV)/dev  ## run the tests; one of them: make test ARGS="-k feed"; ARGS="-n 2" for two at a time
	@python -m pytest -q --durations=5 $(ARGS)

lint: $(VENV)/dev  ## check style, types, import contracts and container files
	ruff check .
	ruff format --check .
	mypy
	lint-imports
	hadolint Dockerfile
	VALKEY_PASSWORD=lint CONTACT=lint@storywatch.example podman-compose --dry-run --env-file .env.example --profile schedule config > /dev/null

bench: $(VENV)/dev  ## measure what pages, feeds, polls and topics cost, beside peers; the first takes ARGS
	@python -m benchmarks $(ARGS)
	@python -m benchmarks.feeds
	@python -m benchmarks.intervals
	@python -m benchmarks.watchlist
	@python -m benchmarks.topics

faults: $(VENV)/dev  ## play every fault at length, kills at every point (half an hour; `make test` takes a spread)
	@FAULTS=all python -m pytest -q --durations=5 tests/faults $(ARGS)

containers:  ## build the image with docker or podman, and see that it starts
	$(ENGINE) build -t storywatch .
	$(ENGINE) run --rm --read-only --tmpfs /tmp storywatch --help

lock: $(VENV)/lock  ## pin what pyproject.toml asks for, as new as it goes, into the hashed locks
	$(COMPILE) --upgrade pyproject.toml -o requirements.lock
	$(COMPILE) --upgrade pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock

$(VENV)/run: requirements.lock | $(BIN)/python
	@echo "Installing into $(VENV), once ..."
	@$(INSTALL) requirements.lock
	@touch $@

$(VENV)/dev: requirements-dev.lock $(VENV)/run
	@echo "Installing the tools of development into $(VENV), once ..."
	@$(INSTALL) requirements-dev.lock
	@touch $@

# uv makes the locks and is needed for nothing else, so it is in neither.
$(VENV)/lock: | $(BIN)/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.13,<1"
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { \
	  echo "Storywatch needs Python 3.11 or later; $(PYTHON) is '$$($(PYTHON) --version 2>&1)'. Name one: make PYTHON=python3.12"; \
	  exit 1; }
	@$(PYTHON) -m venv $(VENV)
