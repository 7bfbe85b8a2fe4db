.PHONY: run test bench bench-window build lint clean

run:
	@bash scripts/setup.sh run
	@bash scripts/run.sh

test:
	@bash scripts/setup.sh dev
	@QT_QPA_PLATFORM=offscreen .venv/bin/python -m pytest -n 2 --dist loadfile

lint:
	@bash scripts/setup.sh dev
	@.venv/bin/python -m ruff check .
	@.venv/bin/python -m mypy

bench:
	@bash scripts/setup.sh dev
	@.venv/bin/python main.py bench $(FILES)
	@$(MAKE) --no-print-directory bench-window

bench-window:
	@bash scripts/setup.sh dev
	@.venv/bin/python scripts/heartbeat.py $(FILES)

build:
	@bash scripts/setup.sh dev
	@.venv/bin/python scripts/build.py

clean:
	rm -rf .venv build dist out .pytest_cache .mypy_cache .ruff_cache .hypothesis
