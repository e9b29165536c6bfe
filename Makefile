# Every target sets up .venv by itself. The work is in tools/bootstrap.py, which runs without make.
# PYTHON=... chooses the Python; ARGS="..." is handed on, as in: make test ARGS=05

TASKS := help book test run lab pdf handout screenshots stability bench lint lock clean

# The first that exists; bootstrap.py checks its version, and looks further if that does not suit.
PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11 python,\
	$(shell command -v $(name) 2>/dev/null)))

.DEFAULT_GOAL := help
.PHONY: $(TASKS)
# Two set-ups at once would remove each other's .venv.
.NOTPARALLEL:

$(TASKS):
	@$(if $(PYTHON),,echo "error: no Python found: install Python 3.11, 3.12 or 3.13." >&2; exit 1;) \
	"$(PYTHON)" tools/bootstrap.py $@ $(ARGS)
