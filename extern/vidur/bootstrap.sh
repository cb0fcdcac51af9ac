#!/bin/sh
# Vidur at a fixed commit, in a Python environment of its own; --help says the rest.
set -eu
name=vidur
url=https://github.com/microsoft/vidur
commit=7d47513
licence=MIT
about="Vidur, the simulator of LLM serving by Microsoft. As system vidur-original it runs the points of a sweep."
. "$(dirname -- "$0")/../bootstrap-lib.sh"
begin "$@"
get "$url" "$commit" "$root"
# Ray and wandb are only for its capacity search and its plots.
environment "numpy<2" "pandas<2.3" "scikit-learn<1.6" "plotly_express" "kaleido<1" "fasteners" "ddsketch" "wandb<0.20" "pyyaml"
(cd "$root" && "$venv/bin/python" -m vidur.main --help >/dev/null 2>"$root/.plumbline-check") ||
  fail "is checked out, but does not start: $(tail -1 "$root/.plumbline-check")." "a package that it needs is missing."
finish <<EOF
#!/bin/sh
# Its profiles and its cache of trained models are relative to its own folder.
cd "$root" && exec "$venv/bin/python" -m vidur.main "\$@"
EOF
