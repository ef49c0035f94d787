# SPDX-License-Identifier: EUPL-1.2
# The front doors. How things are built stands in meson.build; this file only names the doors.

BUILD        ?= build
FUZZ_SECONDS ?= 30
DESTDIR      ?=
PYTHON       := /usr/bin/python3

# What strangers and servers say to the daemons, as they are built with sanitizers.
sanitized := $(addprefix test/scenario/,api_test.py api_abuse_test.py compression_test.py oidc_test.py out_test.py out_servers_test.py out_desks_test.py)

captures := $(abspath $(CURDIR)/../shared/data/ddos)
ifneq ($(wildcard $(captures)),)
export GARDE_CAPTURES ?= $(captures)
endif
export GARDE_BUILD := $(abspath $(BUILD))
export PATH := $(PATH):/usr/sbin:/sbin

.PHONY: all deps build test test-kernel lint format run bench fuzz asan install clean help
all: build

help:
	@echo 'make run      installs what is missing, builds, plays the exercise of 22 March 2020 on this machine'
	@echo 'make test     installs what is missing, builds, runs every test, ends with "N passed, N failed"'
	@echo 'make test-kernel KERNEL=vmlinuz MODULES=lib/modules/VERSION   bpf and unit tests under another kernel, in qemu'
	@echo 'make lint     layout, function sizes, warnings of gcc and clang, man pages, rooms and floors'
	@echo 'make format   lays the C files out as .clang-format says'
	@echo 'make build    programs land in $(BUILD)/bin/'
	@echo 'make bench    the claims, each against its peer; writes $(BUILD)/bench/results.json'
	@echo 'make fuzz     every parser under libFuzzer, FUZZ_SECONDS each (now $(FUZZ_SECONDS))'
	@echo 'make asan     unit tests, and daemons over HTTP and to targets, under AddressSanitizer and UndefinedBehaviorSanitizer'
	@echo 'make install  DESTDIR='

deps:
	@tools/deps

build: deps
	@tools/build $(BUILD)

test: deps
	@test/run $(BUILD)

test-kernel: build
	@test/kernel/run $(KERNEL) $(MODULES) --build $(BUILD) --limit 7200

lint: deps
	@tools/lint

format:
	@tools/lint --format

run: build
	@tools/exercise $(BUILD)

bench: build
	@$(PYTHON) bench/run.py $(BUILD)

fuzz: deps
	@tools/fuzz build-fuzz $(FUZZ_SECONDS)

asan: deps
	@tools/build build-asan -Db_sanitize=address,undefined -Db_lundef=false -Dc_args=-fno-sanitize-recover=all
	@UBSAN_OPTIONS=print_stacktrace=1 LSAN_OPTIONS=print_suppressions=0:suppressions=$(CURDIR)/test/support/lsan.supp \
		meson test -C build-asan --suite unit --suite fuzz --print-errorlogs
	@GARDE_BUILD=$(CURDIR)/build-asan GARDE_PATIENCE=4 PYTHONDONTWRITEBYTECODE=1 $(PYTHON) -m pytest -c test/pytest.ini --rootdir . -q \
		-p no:cacheprovider $(sanitized)

install: build
	@meson install -C $(BUILD) --no-rebuild $(if $(DESTDIR),--destdir $(abspath $(DESTDIR)))

clean:
	rm -rf build build-clang build-asan build-fuzz
