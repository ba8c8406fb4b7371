# Each target sets up what it needs: a local .venv and, where missing, a few system packages.
.PHONY: live test test-anywhere torture soak check pictures reference

live:           ## the viewer on the built-in simulated rig; ARGS="--visible ..." for your own sources
	@tools/setup.sh live
	.venv/bin/corefusion live $(ARGS)

# Bytecode is kept: most of the time goes into processes that would compile every module anew.
# Four at a time fill two cores: whole runs wait for real time now and then.
test:           ## the whole test suite
	@tools/setup.sh test
	QT_QPA_PLATFORM=offscreen PYTHONDONTWRITEBYTECODE= .venv/bin/python -m pytest -n 4 --dist worksteal $(ARGS)

test-anywhere:  ## the suite as other machines would run it, an hour and more; ARGS="user debian13"
	@tools/setup.sh test
	.venv/bin/python -m tools.anywhere $(ARGS)

torture:        ## faults of every kind done to real runs, 15 minutes; SEED=7 MINUTES=3 ARGS="--list"
	@tools/setup.sh test
	.venv/bin/python -m tools.torture --minutes $(or $(MINUTES),15) $(if $(SEED),--seed $(SEED)) $(ARGS)

soak:           ## tens of thousands of damaged recordings, about ten minutes
	@tools/setup.sh test
	.venv/bin/python -m pytest tests/soak/recordings.py --show-capture=no $(ARGS)

check:          ## style, types and who may import whom
	@tools/setup.sh test
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports

pictures:       ## makes the pictures of the README anew
	@tools/setup.sh live
	tools/pictures.sh

reference:      ## makes the reference pages of docs/ anew from the code
	@tools/setup.sh test
	.venv/bin/python -m tools.reference
