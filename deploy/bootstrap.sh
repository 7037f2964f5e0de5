#!/bin/sh
# Make .venv ready: an interpreter, the locked packages, this project. `sh deploy/bootstrap.sh [dev|bench]`
#
# A stamp, named by the digest of the locks and written last, says that .venv is whole. Without it
# .venv is made anew, so a run that was cut off leaves nothing behind. Standard input is not read,
# standard output not written. Where packages come from is pip's own affair: PIP_INDEX_URL, pip.conf.
set -u
cd "$(dirname "$0")/.." || exit 1
exec </dev/null >&2

say() { printf 'mlinfra: %s\n' "$*"; }
die() { say "$*"; exit 1; }

stamp() { # NAME LOCK...: its path. A folder that was moved has another; settings of tools do not count
    name=$1
    shift
    digest=$({ cat "$@" && sed '/^\[tool\./,$d' pyproject.toml && pwd -P; } | cksum | tr ' ' '-')
    printf '.venv/.%s-%s' "$name" "$digest"
}

whole() { # a stamp, and an interpreter that still finds the project (its own may have been upgraded)
    [ -f "$1" ] && [ ! -e .venv/.installing ] && .venv/bin/python -I -c 'import bot' 2>/dev/null
}

version() { # of an interpreter; nothing where it does not start, as a pyenv shim without its version
    "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null
}

new_enough() {
    case $1 in 3.1[1-9] | 3.[2-9][0-9]) ;; *) return 1 ;; esac
}

find_python() { # sets python, or ends with what is missing
    old='' bare=''
    for python in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11 python; do
        found=$(version "$python")
        if new_enough "$found"; then
            "$python" -c 'import venv, ensurepip' 2>/dev/null && return
            bare=${bare:-$found}
        elif [ -n "$found" ]; then
            old=${old:-$found}
        fi
        # Who names an interpreter means that one.
        [ "$python" != "${PYTHON:-}" ] || break
    done
    wish='install Python 3.11 or newer, or name one: make chat PYTHON=/path/to/python3.11'
    [ -z "$bare" ] || die "Python $bare has no venv module: install it (on Debian and Ubuntu: apt install python$bare-venv), then run make again."
    [ -z "$old" ] || [ -z "${PYTHON:-}" ] || die "PYTHON=$PYTHON is Python $old, which is too old: $wish."
    [ -z "${PYTHON:-}" ] || die "PYTHON=$PYTHON does not start: $wish."
    [ -z "$old" ] || die "Python $old is too old: $wish."
    die "no Python was found: $wish."
}

pip_install() {
    # Isolated (-I): a PYTHONPATH of yours must not pass for installed packages.
    if ! PIP_USER=0 PIP_DISABLE_PIP_VERSION_CHECK=1 \
        .venv/bin/python -I -m pip --no-input install --quiet --no-build-isolation "$@" 2>.venv/pip.log; then
        sed -n 's/^ERROR: /  /p' .venv/pip.log | tail -n 3
        die "$(why)"
    fi
}

why() { # pip's failure in a sentence, with the mend
    if grep -q 'DO NOT MATCH THE HASHES' .venv/pip.log; then
        echo 'the package index served another file than requirements.lock names: use another index (PIP_INDEX_URL or pip.conf), then run make again.'
    elif grep -q 'No space left' .venv/pip.log; then
        echo 'the disk is full: make room, then run make again.'
    else
        echo 'the packages could not be installed: check the network, or name a mirror (PIP_INDEX_URL or pip.conf), then run make again.'
    fi
}

make_venv() {
    find_python
    say "making .venv with Python $found; this takes about a minute, once."
    { rm -rf .venv && mkdir .venv && touch .venv/.installing; } 2>/dev/null || die "cannot write in $(pwd): make the folder writable, then run make again."
    "$python" -I -m venv .venv || die "Python $found could not make .venv: see above."
    # jieba comes as source, so the locked build tools go first: nothing is fetched unlocked.
    pip_install --require-hashes -r requirements-build.lock
    pip_install --require-hashes --use-pep517 -r requirements.lock
    PIP_REQUIRE_HASHES=0 pip_install --no-deps --editable .
    # An editable install compiles nothing, and where Python may not, every start would.
    .venv/bin/python -I -m compileall -q bot corpus retrieval || true
}

finish() { # STAMP: written last
    touch "$1" && rm -f .venv/.installing .venv/pip.log
}

base=$(stamp ready requirements-build.lock requirements.lock)
dev=$(stamp dev requirements-build.lock requirements.lock requirements-dev.lock)
bench=$(stamp bench requirements-build.lock requirements.lock requirements-bench.lock)
case ${1:-} in
    dev) want=$dev ;;
    bench) want=$bench ;;
    *) want=$base ;;
esac
whole "$want" && exit 0

if command -v flock >/dev/null 2>&1; then # two at once: the second waits, then finds all done
    touch .bootstrap.lock 2>/dev/null || die "cannot write in $(pwd): make the folder writable, then run make again."
    exec 9>>.bootstrap.lock
    flock -n 9 || { say 'another run is making .venv: waiting for it.'; flock 9; }
fi

if ! whole "$base"; then
    make_venv
    finish "$base"
fi
if ! whole "$want"; then
    say "adding the tools of requirements-$1.lock."
    touch .venv/.installing || exit 1
    pip_install --require-hashes -r "requirements-$1.lock"
    finish "$want"
fi
