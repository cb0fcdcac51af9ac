#!/bin/bash
# Accel-Sim and its GPGPU-Sim at fixed commits, built and tried on an empty kernel; --help says the rest.
set -eu
name=accel-sim
url=https://github.com/accel-sim/accel-sim-framework
commit=73f9fac
licence="BSD-2-Clause, BSD-3-Clause (GPGPU-Sim, AccelWattch)"
about="Accel-Sim, which simulates kernels cycle by cycle from traces; 'plumbline accelsim FILE.yaml' runs it.
It needs a C++ compiler, make, bison, flex, zlib, makedepend, xz and a CUDA toolkit of 11 or 12, of which
CUDA_INSTALL_PATH names the folder: only its headers and nvcc, no GPU. The build takes about 8 CPU minutes."
simulator=https://github.com/accel-sim/gpgpu-sim_distribution
simulator_commit=667834cf
. "$(dirname -- "$0")/../bootstrap-lib.sh"
begin "$@"

# What is missing otherwise shows after minutes, as an error of a generated file.
need git make g++ bison flex makedepend xz
cuda=${CUDA_INSTALL_PATH:-/usr/local/cuda}
[ -x "$cuda/bin/nvcc" ] || fail "no nvcc in $cuda/bin." "set CUDA_INSTALL_PATH to a CUDA toolkit; no GPU is needed."
version=$("$cuda/bin/nvcc" --version | sed -n 's/.*release \([0-9]*\)\..*/\1/p')
[ "${version:-0}" -lt 13 ] || fail "CUDA $version dropped parts of its headers that this commit uses." "set CUDA_INSTALL_PATH to CUDA 12 or 11."

get "$url" "$commit" "$root"
# Its own set-up would clone whatever GPGPU-Sim's branch holds today; options differ between commits and unknown
# ones are fatal, so both are pinned together.
get "$simulator" "$simulator_commit" "$root/gpu-simulator/gpgpu-sim"

build() {
  # Its set-up reads variables that are not set and ends on them under -u.
  set +eu
  export CUDA_INSTALL_PATH=$cuda PATH=$cuda/bin:$PATH
  cd "$root" || return 1
  . ./gpu-simulator/setup_environment.sh release || return 1
  # Parallel makes at the top race for generated parsers; GPGPU-Sim's own are safe.
  make -j "$(nproc)" -C ./gpu-simulator || make -C ./gpu-simulator
}
log=$root/.plumbline-build.log
say "builds; the log is $log"
(build) >"$log" 2>&1 || fail "does not build: $(grep -m1 -i 'error' "$log" || tail -1 "$log")" "see $log."
binary=$root/gpu-simulator/bin/release/accel-sim.out
[ -x "$binary" ] || fail "the build ended without $binary." "see $log."
# GPGPU-Sim's own libcudart must come before that of CUDA, which knows no simulated GPU.
library=$(dirname "$(find "$root/gpu-simulator/gpgpu-sim/lib" -name 'libcudart.so*' | head -1)")
[ -n "$library" ] && [ "$library" != . ] || fail "GPGPU-Sim's libcudart.so was not built." "see $log."

runner() {
  cat <<EOF
#!/bin/sh
# Its libcudart before that of CUDA; xz on the PATH, by which it reads packed traces.
LD_LIBRARY_PATH="$library\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}" exec "$binary" "\$@"
EOF
}

# One block of one EXIT on the QV100: 5000 cycles of launch and 8. Its exit status is 0 in any case.
try=$(mktemp -d)
trap 'rm -rf "$try"' EXIT
runner >"$try/run"
printf 'kernel-1.traceg\n' >"$try/kernelslist.g"
cat >"$try/kernel-1.traceg" <<'EOF'
-kernel name = plumbline_empty
-kernel id = 1
-grid dim = (1,1,1)
-block dim = (32,1,1)
-shmem = 0
-nregs = 8
-binary version = 70
-cuda stream id = 0
-shmem base_addr = 0x000007ff00000000
-local mem base_addr = 0x000007fe00000000
-nvbit version = 1.7.1
-accelsim tracer version = 5
-enable lineinfo = 0

#traces format = PC mask dest_num [reg_dests] opcode src_num [reg_srcs] mem_width [mode] [addresses] immediate

#BEGIN_TB

thread block = 0,0,0

warp = 0
insts = 1
0000 ffffffff 0 EXIT 0 0 0

#END_TB
EOF
gpu=$root/gpu-simulator/gpgpu-sim/configs/tested-cfgs/SM7_QV100
(cd "$gpu" && sh "$try/run" -trace "$try/kernelslist.g" -config "$gpu/gpgpusim.config" \
  -config "$root/gpu-simulator/configs/tested-cfgs/SM7_QV100/trace.config") >"$try/log" 2>&1 || true
grep -q '^GPGPU-Sim: \*\*\* exit detected \*\*\*' "$try/log" ||
  fail "is built, but does not come to the end of an empty kernel: $(tail -1 "$try/log")" "CUDA and the library do not fit."
grep -q '^gpu_sim_cycle = 5008$' "$try/log" ||
  fail "is built, but an empty kernel takes another number of cycles than 5008: $(grep '^gpu_sim_cycle' "$try/log")" "it is another commit."
runner | finish
