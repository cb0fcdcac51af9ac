#!/bin/sh
# LLMCompass at a fixed commit, in a Python environment of its own; --help says the rest.
set -eu
name=llmcompass
url=https://github.com/PrincetonUniversity/LLMCompass
commit=2e015fd
licence=BSD-3-Clause
about="LLMCompass, which predicts operators from a description of the hardware. As system llmcompass-original it serves
one request at a time on a GPT-3-like model; layers.py beside this file asks it."
. "$(dirname -- "$0")/../bootstrap-lib.sh"
begin "$@"
get "$url" "$commit" "$root"
environment "numpy<2" "pandas<2.3" "scalesim==2.0.2" "torch"
(cd "$root" && PYTHONPATH="$root" "$venv/bin/python" "$here/layers.py" --probe 2>"$root/.plumbline-check") ||
  fail "is checked out, but does not start: $(tail -1 "$root/.plumbline-check")." "a package that it needs is missing."
finish <<EOF
#!/bin/sh
# Its configurations and its cache of systolic arrays are relative to its own folder.
cd "$root" && PYTHONPATH="$root" exec "$venv/bin/python" "$here/layers.py" "\$@"
EOF
