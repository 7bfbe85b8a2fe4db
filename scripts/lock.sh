#!/usr/bin/env bash
# Pins and hashes requirements/*.in for every platform. Needs uv; writes no index address.
set -euo pipefail
cd "$(dirname "$0")/.."
for name in run dev; do
  uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet \
    "requirements/$name.in" -o "requirements/$name.txt"
done
