#!/usr/bin/env bash
# Kill a run at random moments and look at what it left: nothing, the file that was there before, or the complete new
# file; never a part of a result that looks finished. Then interrupt it as Ctrl-C does.
#
#   Tests/kill-during-run.sh TRIALIST SCENARIO
#
# What backs it: the invariant itself, over twenty seeded moments. Half of them are drawn over the whole run; the other
# half fall just after the run begins to write, where a careless writer is caught.
set -euo pipefail
shopt -s dotglob
[ $# = 2 ] || { sed -n '5s/^# *//p' "$0" >&2; exit 64; }
trialist=$(realpath "$1")
scenario=$(realpath "$2")
kills=20
interrupts=4
RANDOM=20090 # the seed of the moments

work=$(mktemp -d)
folder=$work/results # where the run writes, and nothing else
target=$folder/result.h5
mkdir "$folder"
running=
trap '[ -z "$running" ] || kill -KILL "$running" 2>/dev/null || true; rm -rf "$work"' EXIT

fail() { echo "kill-during-run: $attempt: $*" >&2; tail -n 20 "$work/log" >&2; exit 1; }

# start SEED: begin a run of that seed. Background processes ignore the interrupt unless it is given back to them.
start() {
  touch "$work/started"
  env --default-signal=INT "$trialist" run "$scenario" --patients 400 --replicates 2 --threads 2 --seed "$1" \
    --out "$target" >"$work/log" 2>&1 &
  running=$!
}

# finish: wait for the run and keep its exit status. The shell's own "Killed" message is not wanted.
finish() { status=0; { wait "$running" || status=$?; } 2>/dev/null; running=; }

# complete_run SEED: a run that nobody disturbs.
complete_run() {
  start "$1"; finish
  [ "$status" = 0 ] || fail "the run ended with $status, not 0"
  ! unfinished || fail "a finished run left an unfinished file"
}

unfinished() { compgen -G "$folder/*.partial*" >/dev/null; }
writing() { unfinished || [ "$target" -nt "$work/started" ]; }
milliseconds() { echo $(($(date +%s%N) / 1000000)); }
draw() { drawn=$(($1 + (RANDOM * 32768 + RANDOM) * ($2 - $1 + 1) / 1073741824)); } # whole number from $1 to $2

# wait_for_moment FROM TO: let the run go on for a drawn number of milliseconds; the even attempts count from the
# moment at which it begins to write, and then from 0 to 20.
wait_for_moment() {
  draw "$1" "$2"
  moment="$drawn ms after the start"
  if ((number % 2 == 0)); then
    until writing || ! kill -0 "$running" 2>/dev/null; do :; done
    draw 0 20
    moment="$drawn ms after it began to write"
  fi
  sleep "$(printf '%d.%03d' $((drawn / 1000)) $((drawn % 1000)))"
}

# check_target: the target is absent, the earlier file to the byte, or a complete file with the numbers of this run.
check_target() {
  local found
  for found in "$folder"/*.h5; do
    [ "$found" = "$target" ] || [ ! -e "$found" ] || fail "left ${found##*/}, which has the name of a result"
  done
  if [ ! -e "$target" ]; then
    [ "$earlier" = no ] || fail "the earlier file is gone"
    outcome="no file"
  elif [ "$earlier" = yes ] && cmp -s "$target" "$work/before.h5"; then
    outcome="the earlier file"
  else
    "$trialist" inspect "$target" >"$work/log" 2>&1 || fail "left a file that inspect refuses"
    "$trialist" compare "$target" "$work/complete.h5" >"$work/log" 2>&1 || fail "left a file with other numbers"
    outcome="the complete file"
  fi
}

# begin: an attempt starts in an empty folder, or for every second pair in one that holds an earlier result.
begin() {
  rm -rf "${folder:?}"/*
  earlier=no
  if ((number % 4 >= 2)); then earlier=yes; cp "$work/before.h5" "$target"; fi
  start 2
}

# Two complete runs: one to be overwritten, one to compare with; the second also says how long a run takes.
attempt="before the kills"
complete_run 1
mv "$target" "$work/before.h5"
began=$(milliseconds)
complete_run 2
length=$(($(milliseconds) - began))
mv "$target" "$work/complete.h5"

struck=0
halfway=0
for ((number = 1; number <= kills; number++)); do
  attempt="kill $number"
  begin
  wait_for_moment 0 "$length"
  kill -KILL "$running" 2>/dev/null || true
  finish
  if [ "$status" = 137 ]; then struck=$((struck + 1)); fi
  if unfinished; then halfway=$((halfway + 1)); fi
  check_target
  echo "$attempt, $moment: $outcome"
done
attempt="after the kills"
((struck >= kills / 2)) || fail "only $struck of $kills kills came before the end of the run: nothing was tested"
((halfway >= 1)) || fail "no kill came while a file was being written: nothing was tested"

# What a killed run left must not stand in the way of the next one.
complete_run 2
check_target

for ((number = 1; number <= interrupts; number++)); do
  attempt="interrupt $number"
  begin
  # Late enough for the handler to stand, early enough to come before the end.
  wait_for_moment $((length / 10)) $((length / 2))
  kill -INT "$running" 2>/dev/null || true
  finish
  # An interrupt that comes while the file is written may come too late; then the run is complete.
  [ "$status" = 130 ] || { ((number % 2 == 0)) && [ "$status" = 0 ]; } || fail "$moment, the run ended with $status, not 130"
  ! unfinished || fail "$moment, the run left an unfinished file"
  check_target
  [ "$status" = 0 ] || [ "$outcome" != "the complete file" ] || fail "$moment, the run ended with 130 and left a result"
  echo "$attempt, $moment: status $status, $outcome"
done
echo "kill-during-run: $kills kills ($struck before the end, $halfway with a file half-written), $interrupts interrupts: passed"
