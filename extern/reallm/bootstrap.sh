#!/bin/sh
# ReaLLM v2 at a fixed commit, in a Python environment of its own; --help says the rest.
set -eu
name=reallm
url=https://github.com/bespoke-silicon-group/reallm
commit=4c550c3
licence="none stated: ask its authors before you pass anything of it on"
about="ReaLLM v2, a serving loop over kernels that LLMCompass predicted. As system reallm-original it runs points of
Llama 70B and 405B. Its kernel library is made once per device and parallelism by its own kernel stage, which takes hours:
put one at ROOT/workspace, or let the first run make it."
. "$(dirname -- "$0")/../bootstrap-lib.sh"
begin "$@"
get "$url" "$commit" "$root"
# The commit of its submodule is in no public branch; this is the nearest that is, and gives the published kernels.
get https://github.com/hwpeng/LLMCompass 351cf7b "$root/LLMCompass.plumbline"
if [ ! -e "$root/LLMCompass/software_model" ]; then
  rmdir "$root/LLMCompass" 2>/dev/null || true
  [ -e "$root/LLMCompass" ] || ln -s LLMCompass.plumbline "$root/LLMCompass"
fi
environment "numpy<2" "pandas<2.3" "scipy" "pyyaml" "scalesim==2.0.2" "torch"
(cd "$root" && "$venv/bin/python" main.py --help >/dev/null 2>"$root/.plumbline-check") ||
  fail "is checked out, but does not start: $(tail -1 "$root/.plumbline-check")." "a package that it needs is missing."
finish <<EOF
#!/bin/sh
# run CONFIG TRACE OUT: its results lie under the trace's name, so each run has a trace of its own name.
set -eu
cd "$root"
trace=workspace/traces/plumbline-\$\$.csv
mkdir -p workspace/traces
trap 'rm -rf "\$trace" workspace/*_results/*/plumbline-\$\$ "\$1.own"' EXIT
cp "\$2" "\$trace"
sed "s#^  traces: .*#  traces: \$trace#" "\$1" >"\$1.own"
"$venv/bin/python" main.py --config "\$1.own" --workspace_dir workspace --mode sim --trace "\$trace"
found=\$(find workspace -path "*plumbline-\$\$*" -name sim_results.csv | head -1)
[ -n "\$found" ] || { echo "it left no sim_results.csv. Maybe its kernel library for this device and parallelism is missing: see docs/simulators/reallm.md" >&2; exit 1; }
cp "\$found" "\$3"
EOF
