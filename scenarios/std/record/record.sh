#!/bin/sh
# Records a running host for a replay: sh record.sh FOLDER SECONDS CPU-PROFILE, as root.
# Writes what is there at the start (vmallocinfo.txt, modules.txt, sections/, bpf.json), what happens
# meanwhile (meminfo.log, vmstat.log, perf-script.txt, trace.txt, trace.json) and machine.json for
# `machine from`. A tool that is missing is named, and its file left out. Of the host nothing is changed
# but a tracing instance of its own, xlab, which goes again. `xlab record` says what each file reveals.
set -eu

if [ $# -ne 3 ]; then
  echo "usage: sh record.sh FOLDER SECONDS CPU-PROFILE   (profiles: xlab list)" >&2
  exit 2
fi
folder=$1
seconds=$2
profile=$3
case $seconds in
  '' | *[!0-9]*) echo "record.sh: SECONDS is a whole number" >&2; exit 2 ;;
esac
mkdir -p "$folder/sections"

note() { echo "record.sh: $*" >&2; }
has() { command -v "$1" >/dev/null 2>&1 || { note "no $1: $2 is left out"; return 1; }; }

# Values as the scenario writes them.
ram=$(awk '/^MemTotal:/ { print $2 }' /proc/meminfo)
cpus=$(grep -c '^processor' /proc/cpuinfo)
nodes=0
for node in /sys/devices/system/node/node[0-9]*; do
  [ -d "$node" ] && nodes=$((nodes + 1))
done
[ "$nodes" -gt 0 ] || nodes=1
printf '{"ram": "%sKiB", "cpus": %s, "nodes": %s, "cpu": "%s"}\n' \
  "$((ram / 4 * 4))" "$cpus" "$nodes" "$profile" >"$folder/machine.json"

# What is there.
cat /proc/vmallocinfo >"$folder/vmallocinfo.txt" 2>/dev/null || note "vmallocinfo cannot be read: are you root?"
if grep -q '^0x00000000' "$folder/vmallocinfo.txt"; then
  note "vmallocinfo shows no addresses: sysctl -w kernel.kptr_restrict=1, then record again"
fi
cat /proc/modules >"$folder/modules.txt" 2>/dev/null || note "this kernel has no modules"
for sections in /sys/module/*/sections; do
  [ -d "$sections" ] || continue
  module=$(basename "$(dirname "$sections")")
  mkdir -p "$folder/sections/$module"
  for section in "$sections"/* "$sections"/.[!.]*; do
    [ -f "$section" ] || continue
    cat "$section" >"$folder/sections/$module/$(basename "$section")" 2>/dev/null || :
  done
done
if has bpftool bpf.json; then bpftool prog show -j >"$folder/bpf.json" || note "bpftool failed"; fi

# What happens: text that comes and goes, and the counters once a second.
recorder=
if has perf perf-script.txt; then
  perf record -q -a -e dummy -o "$folder/perf.data" -- sleep "$seconds" &
  recorder=$!
fi
tracer=
script=$(dirname "$0")/text.bt
if [ -f "$script" ] && has bpftrace trace.json; then
  bpftrace -f json "$script" >"$folder/trace.json" 2>"$folder/trace.err" &
  tracer=$!
fi
instance=/sys/kernel/tracing/instances/xlab
if mkdir "$instance" 2>/dev/null; then
  trap 'rmdir "$instance" 2>/dev/null || :' EXIT
  for event in vmalloc/alloc_vmap_area vmalloc/free_vmap_area_noflush module/module_load module/module_free; do
    echo 1 2>/dev/null >"$instance/events/$event/enable" || note "no event $event on this kernel"
  done
else
  note "no tracing instance: trace.txt is left out"
  instance=
fi
: >"$folder/meminfo.log"
: >"$folder/vmstat.log"
sample=0
while :; do
  now=$(date +%s.%N)
  { echo "$now"; cat /proc/meminfo; } >>"$folder/meminfo.log"
  { echo "$now"; cat /proc/vmstat; } >>"$folder/vmstat.log"
  [ "$sample" -lt "$seconds" ] || break
  sample=$((sample + 1))
  sleep 1
done
if [ -n "$recorder" ]; then
  wait "$recorder" || note "perf record failed"
  perf script -i "$folder/perf.data" --show-bpf-events >"$folder/perf-script.txt" || note "perf script failed"
  rm -f "$folder/perf.data"
fi
if [ -n "$instance" ]; then
  cat "$instance/trace" >"$folder/trace.txt"
  rmdir "$instance"
fi
if [ -n "$tracer" ]; then
  kill -INT "$tracer" 2>/dev/null || :
  wait "$tracer" || note "bpftrace failed: $(tail -n 1 "$folder/trace.err")"
  rm -f "$folder/trace.err"
fi
note "recorded in $folder"
