# One command a job; each makes the virtual environment it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo run test test-faults test-long test-faults-long bench-chat bench-pages bench-erasing bench-load clean

demo: $(READY)            ## sample messages through the whole product
	$(BIN)/mixmatch demo --report var/weekverslag.html

run: $(READY)             ## the service, on embedded defaults when nothing is set
	$(BIN)/mixmatch run

test: $(READY)            ## all checks: style, types, rooms, tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/pytest --numprocesses auto --dist worksteal --ignore tests/faults

test-faults: $(READY)     ## processes killed, disks full, lines cut, mail damaged: the short form
	$(BIN)/pytest --numprocesses auto --dist worksteal --timeout=900 tests/faults

test-long: $(READY)       ## the tests that say more when they go on longer: two hundred chats at once, fifty weeks
	MANY_CHATS=200 YEAR_WEEKS=50 $(BIN)/pytest --timeout=1200 tests/test_story_many_chats.py tests/test_simulated_year.py

test-faults-long: $(READY) ## the same for hours' worth of harm: 300 kills, 50,000 damaged mails
	FAULT_KILLS=300 MUTANTS=50000 $(BIN)/pytest --numprocesses auto --dist worksteal --timeout=7200 tests/faults

bench-chat: $(READY)      ## how soon a chat has its answer, with the model loaded
	$(BIN)/python -m tests.bench_chat

$(READY): pyproject.toml constraints.txt
	@echo "== Python-omgeving maken (eenmalig, een paar minuten) =="
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=24"
	@echo "== PyTorch installeren (het grootste pakket) =="
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt torch==2.13.0
	@echo "== de overige pakketten installeren =="
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	@touch $(READY)

bench-pages: $(READY)     ## how soon the pages of the desk stand there with 10,000 cases
	$(BIN)/python -m tests.bench_pages

bench-erasing: $(READY)   ## what erasing a person costs with 100,000 cases
	$(BIN)/python -m tests.bench_erasing

bench-load: $(READY)      ## 10,000 mails and 10,000 chat messages through the service; LOAD="--stored 1000000" with that many cases
	$(BIN)/python -m tests.bench_load $(LOAD)

clean:                    ## throw away what the commands made
	rm -rf $(VENV) var build *.egg-info .mypy_cache .ruff_cache .pytest_cache
