# The habits of the house, one command each (CONTRIBUTING.md). Meson is the description.
.PHONY: all check demo safe fuzz soak faults leak bench benefit page browser clang lint clean
.PHONY: teeth-browser statistics bench-display corpus-update teeth teeth-long evidence
.PHONY: raid soak-long fuzz-long prove cover mutate model verifiers
SEEDS ?= 200
SECONDS ?= 60
FLIGHTS ?= 2000
KILLS ?= 60
all: ; @tools/prepare.sh run
check: ; @./check
demo: ; @./demo
safe: ; @tools/prepare.sh heavy && tools/safe.sh && tools/races.sh
fuzz: ; @tools/prepare.sh heavy && tools/fuzz.sh $(SECONDS)
fuzz-long: ; @tools/prepare.sh heavy && tools/fuzz.sh 900 codec 3600
prove: ; @tools/prepare.sh proofs && tools/prove.sh
cover: ; @tools/prepare.sh proofs && tools/cover.sh
mutate: all ; @tools/mutate.sh
model: ; @tools/prepare.sh verifiers && tools/model.sh build
verifiers: ; @tools/prepare.sh verifiers && tools/verifiers.sh build
raid: all ; @tools/raid.sh build
soak: all ; @build/programs/warnlink soak --seeds $(SEEDS)
soak-long: all ; @tools/soak_long.sh build/programs/warnlink
faults: all ; @tools/faults.sh build $(KILLS)
leak: all ; @tools/leak.sh build/programs/warnlink build/tools/attacker 24 10 docs/leak.md
bench: all ; @tools/bench.sh build
statistics: all ; @build/programs/statistics --flights $(FLIGHTS) --write docs/accuracy.md \
	--sums build/accuracy-$$(git rev-parse --short HEAD).sums && \
	build/programs/salvos --salvos 20 --write docs/salvos.md
benefit: all ; @build/programs/warnlink demo --benefit docs/benefit.md --seeds 20
page: ; @tools/prepare.sh page && tools/page.sh update
teeth: all ; @tools/teeth_bank.sh build 540
teeth-long: all ; @tools/teeth_bank.sh build
evidence: ; @tools/prepare.sh check && tools/evidence.sh
corpus-update: all ; @tools/corpus.sh build/programs/warnlink --update
browser: all ; @tools/browser.sh build
bench-display: all ; @tools/browser.sh build bench
teeth-browser: all ; @tools/browser_teeth.sh build
clang: ; @tools/prepare.sh heavy && tools/build_with.sh build-clang clang
lint: ; @tools/prepare.sh lint && tools/lint.sh
clean: ; @rm -rf build build-clang build-safe build-fuzz
