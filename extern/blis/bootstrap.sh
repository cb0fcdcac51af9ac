#!/bin/sh
# BLIS (inference-sim) at a fixed commit, built by Go; --help says the rest.
set -eu
name=blis
url=https://github.com/inference-sim/inference-sim
commit=f90a1e3
licence=Apache-2.0
about="BLIS, the discrete-event simulator of inference-sim. As system blis-original it runs points with scheduler vllm_v1."
. "$(dirname -- "$0")/../bootstrap-lib.sh"
begin "$@"
need go
get "$url" "$commit" "$root"
(cd "$root" && go build -o blis main.go) || fail "does not build." "Go is older than its go.mod asks for, or there is no network for its modules."
"$root/blis" replay --help >/dev/null 2>&1 || fail "is built, but has no command replay." "the checkout is another commit."
finish <<EOF
#!/bin/sh
# Its defaults.yaml and hardware_config.json are relative to its own folder.
cd "$root" && exec ./blis "\$@"
EOF
