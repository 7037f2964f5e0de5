#!/bin/sh
# Write the locks anew, with hashes and without any address. `make lock ARGS=--upgrade` takes the
# newest versions; without it, what is locked stays where it still fits.
set -eu
cd "$(dirname "$0")/.."
UV_VERSION=0.13.9

if [ "${UV:-}" ]; then
    :
elif command -v uv >/dev/null 2>&1; then
    UV=uv
else
    sh deploy/bootstrap.sh
    tools=$(mktemp -d)
    trap 'rm -rf "$tools"' EXIT
    .venv/bin/python -m pip install --quiet --target "$tools" "uv==$UV_VERSION" >&2
    UV=$tools/bin/uv
fi

compile() { # LOCK ARGUMENT...
    lock=$1
    shift
    "$UV" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header --output-file "$lock" "$@"
}

compile requirements.lock pyproject.toml "$@"
compile requirements-build.lock --group pyproject.toml:build --constraint requirements.lock "$@"
compile requirements-dev.lock pyproject.toml --group pyproject.toml:dev \
    --constraint requirements.lock --constraint requirements-build.lock "$@"
compile requirements-bench.lock pyproject.toml --group pyproject.toml:bench \
    --constraint requirements-dev.lock "$@"
