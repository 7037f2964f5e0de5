# Every chore by its name; .ci/run uses the same names. `make help` reads the lines with ##.
# ARGS= goes to the program behind a target: make test ARGS="-k index -x"

.DEFAULT_GOAL := help
.PHONY: help chat test test-slow test-extra check bench bench-quick bench-answers bench-evaluation bench-confidence bench-digest bench-pages bench-telegram bench-slack bench-picture settings lock clean
BIN = .venv/bin

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile | while IFS='	' read -r name does; do \
		printf 'make %-17s %s\n' "$$name" "$$does"; done

chat: ## talk with the bot here; the first time makes .venv (PYTHON= names the interpreter)
	@sh deploy/bootstrap.sh
	@trap : INT; $(BIN)/mlinfra chat $(ARGS) || [ $$? -eq 130 ]

test: ## the tests, without the slow ones
	@sh deploy/bootstrap.sh dev
	@$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

test-slow: ## the tests over a few seconds
	@sh deploy/bootstrap.sh dev
	@$(BIN)/python -m pytest -m 'slow and not extra' $(ARGS)

test-extra: ## the tests that need apt or npm packages
	@sh deploy/bootstrap.sh dev
	@$(BIN)/python -m pytest -m extra $(ARGS)

check: ## format, lint, types, and the contracts between the packages
	@sh deploy/bootstrap.sh dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: ## our index and its peers side by side, 400 to 1,000,000 passages (a quarter of an hour)
	@sh deploy/bootstrap.sh bench
	@$(BIN)/python -m bench $(ARGS)
	@$(BIN)/python -m bench.telegram
	@$(BIN)/python -m bench.slack
	@$(BIN)/python -m bench.pages
	@$(BIN)/python -m bench.inside

bench-quick: ## the same for two small sizes, in about a minute
	@sh deploy/bootstrap.sh bench
	@$(BIN)/python -m bench --quick --out bench/cache $(ARGS)

bench-answers: ## how long an asker waits: warm, and from the start of a process
	@sh deploy/bootstrap.sh dev
	@$(BIN)/python -m bench.answers $(ARGS)

bench-evaluation: ## our answers beside rank-bm25's; ARGS=--write puts the table into the READMEs
	@sh deploy/bootstrap.sh
	@$(BIN)/python -m bench.evaluation $(ARGS)

bench-confidence: ## draw docs/confidence.svg anew
	@sh deploy/bootstrap.sh
	@$(BIN)/python -m bench.confidence

bench-digest: ## a month of digests to 20,000 places, simulated; draws docs/digest.svg
	@sh deploy/bootstrap.sh dev
	@$(BIN)/python -m bench.digest 20000 4 --draw $(ARGS)

bench-telegram: ## a message on Telegram beside an echo bot on the same library (three minutes)
	@sh deploy/bootstrap.sh dev
	@$(BIN)/python -m bench.telegram $(ARGS)

bench-slack: ## a mention in Slack beside a bare slack_bolt app that echoes (a minute)
	@sh deploy/bootstrap.sh dev
	@$(BIN)/python -m bench.slack $(ARGS)

bench-picture: ## draw docs/telegram.svg and docs/slack.svg anew, from the messages that are sent
	@sh deploy/bootstrap.sh
	@$(BIN)/python -m bench.telegram_picture
	@$(BIN)/python -m bench.slack_picture

bench-pages: ## the links: pages read a minute; 100,000 passages built, opened and swapped
	@sh deploy/bootstrap.sh dev
	@$(BIN)/python -m bench.pages
	@$(BIN)/python -m bench.inside

settings: ## write docs/settings.md and deploy/.env.example anew from bot/variables.py
	@sh deploy/bootstrap.sh
	@$(BIN)/python -m bot.variables > docs/settings.md
	@$(BIN)/python -m bot.variables example > deploy/.env.example

lock: ## write the requirements*.lock files anew from pyproject.toml
	@sh deploy/lock.sh $(ARGS)

clean: ## take away .venv and everything that can be made again
	@rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
