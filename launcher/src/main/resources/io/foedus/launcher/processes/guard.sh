# Runs a program that must not outlive the one who started it. Standard input is a pipe from the starter: when it ends, on purpose or because
# the starter died in any way, the program is told to stop, and after the grace period it and all that it started are killed.
# Arguments: signal that asks the program to stop, grace period in seconds, file for its process id, the program and its arguments.
signal=$1 grace=$2 pid_file=$3
shift 3
exec 3<&0
if command -v setsid >/dev/null 2>&1; then
  setsid "$@" </dev/null 3<&- &
  group=-
else
  "$@" </dev/null 3<&- &
  group=
fi
child=$!
trap '' INT HUP TERM
echo "$child" >"$pid_file"
{
  cat <&3 >/dev/null
  kill -s "$signal" "$child" 2>/dev/null
  waited=0
  while [ "$waited" -lt "$grace" ] && kill -0 "$child" 2>/dev/null; do
    sleep 1
    waited=$((waited + 1))
  done
  kill -s KILL -- "$group$child" 2>/dev/null
} &
watcher=$!
exec 3<&-
wait "$child"
code=$?
kill -s KILL "$watcher" 2>/dev/null
[ -z "$group" ] || kill -s KILL -- "-$child" 2>/dev/null
rm -f "$pid_file"
exit "$code"
