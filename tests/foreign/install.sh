#!/usr/bin/env bash
# Fetches the two Bot API servers that are not ours into .foreign/, pinned; without them tests/foreign skips.
set -euo pipefail
cd "$(dirname "$0")"
target=../../.foreign
mkdir -p "$target"

if command -v npm >/dev/null 2>&1; then
    cp package.json package-lock.json "$target/"
    npm ci --prefix "$target" --omit=dev --ignore-scripts --no-audit --no-fund --silent
else
    echo "no npm: telegram-test-api is left out" >&2
fi

uv=$(command -v uv || echo ../../.venv/bin/uv)
"$uv" venv --quiet --clear --python "$(readlink -f ../../.venv/bin/python)" "$target/venv"
"$uv" pip sync --quiet --python "$target/venv/bin/python" requirements.txt
