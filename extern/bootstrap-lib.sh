# What the bootstraps of other people's programs share; POSIX sh, sourced.
# A bootstrap sets name, url, commit, licence and about, then calls begin "$@".
# shellcheck shell=sh

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

say() { printf '%s\n' "$name: $*"; }

# A message, a hint, and no half-made run.
fail() {
  printf '%s\n' "$name: $1${2:+ Maybe $2}" >&2
  exit 2
}

usage() {
  cat <<EOF
Usage: bootstrap.sh [--check | --help]

$about

Checks out $url at $commit, licence: $licence. It goes below EXTERNAL_REF_ROOT, into originals/$name, or
into checkout beside this file if that is not set. What is there is kept; run again, only what is missing is made.
Afterwards the executable "run" beside this file starts the program.

  --check   change nothing; say whether it is there (exit status 0) or what is missing (1)
EOF
}

begin() {
  if [ -n "${EXTERNAL_REF_ROOT:-}" ]; then
    root=$EXTERNAL_REF_ROOT/originals/$name
  else
    root=$here/checkout
  fi
  case "${1:-}" in
    '') ;;
    --help | -h) usage; exit 0 ;;
    --check) check ;;
    *) fail "unknown option $1" "--help" ;;
  esac
  if installed; then
    say "is there already: $root at $commit"
    exit 0
  fi
}

installed() { [ -x "$here/run" ] && at_commit "$root" "$commit"; }

check() {
  at_commit "$root" "$commit" || { say "no checkout of $commit at $root"; exit 1; }
  [ -x "$here/run" ] || { say "checked out, but not built: no $here/run"; exit 1; }
  say "is there: $root at $commit"
  exit 0
}

at_commit() {
  [ -d "$1" ] || return 1
  case "$(git -C "$1" rev-parse HEAD 2>/dev/null)" in
    "$2"*) return 0 ;;
    *) return 1 ;;
  esac
}

need() {
  for tool in "$@"; do
    command -v "$tool" >/dev/null 2>&1 || fail "needs $tool, which is not on the PATH." "install it with the system's packages."
  done
}

# get URL COMMIT FOLDER: a checkout, whole or not at all.
get() {
  need git
  if at_commit "$3" "$2"; then
    return
  fi
  if [ -e "$3" ]; then
    git -C "$3" fetch -q origin 2>/dev/null || true
    git -C "$3" checkout -q "$2" 2>/dev/null && at_commit "$3" "$2" && return
    fail "$3 is there, but not at $2, and cannot be brought there." "move it away, or check $2 out in it."
  fi
  mkdir -p "$(dirname -- "$3")"
  rm -rf "$3.part"
  say "clones $1"
  if ! GIT_TERMINAL_PROMPT=0 git clone -q "$1" "$3.part" || ! git -C "$3.part" checkout -q "$2"; then
    rm -rf "$3.part"
    fail "cannot get $2 of $1." "there is no network: clone it elsewhere, copy it to $3, check $2 out there and run this again."
  fi
  mv "$3.part" "$3"
}

# environment REQUIREMENTS...: Python packages apart from everything else.
environment() {
  need "${PYTHON:-python3}"
  venv=$root/.plumbline-venv
  if [ ! -x "$venv/bin/python" ]; then
    "${PYTHON:-python3}" -m venv "$venv" || fail "cannot make $venv." "install python3-venv."
  fi
  "$venv/bin/python" -m pip install -q "$@" ||
    fail "cannot install its packages: $*." "there is no network, or this Python is too new for them: set PYTHON to an older one."
}

# finish: the lines of the script come on standard input; it appears only when all is done.
finish() {
  cat >"$here/run.part"
  chmod +x "$here/run.part"
  mv "$here/run.part" "$here/run"
  say "is ready: $here/run"
}
