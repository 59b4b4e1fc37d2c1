#!/bin/sh
# Developers only: rewrite the hashed locks after a change of dependencies in pyproject.toml (needs uv on the PATH).
set -eu
cd "$(dirname "$0")/.."
for x in run cluster test bench; do
  case "$x" in run) extra="" ;; cluster) extra="--extra cluster" ;; test) extra="--extra test" ;; bench) extra="--extra test --extra bench" ;; esac
  # shellcheck disable=SC2086
  uv pip compile -q --universal --generate-hashes --no-header --no-annotate $extra -o "requirements/$x.lock" pyproject.toml
done
if grep -nE '://|^ *--[^h]' requirements/*.lock; then echo "a registry address got into a lock"; exit 1; fi
