# run and test set everything up by themselves; `make help` lists all.
.PHONY: help run test soak check bench
help:  ## what can be made
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*## /\t/'
run:  ## set up, seed the demo office and the real positions, open the page
	@python3 bootstrap.py run
test:  ## set up, then every test (SQLite, PostgreSQL, browser)
	@python3 bootstrap.py test
soak:  ## the long tests in full: random offices, random lives of a book
	@python3 bootstrap.py soak
check:  ## format, lint, types, import contracts
	@python3 bootstrap.py check
bench:  ## the benchmarks, peers and ours in one run
	@python3 bootstrap.py bench
