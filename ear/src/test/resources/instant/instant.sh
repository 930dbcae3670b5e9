# A compute package for tests. Called as: instant.sh train|validate <in> <out>; all it needs is a POSIX shell.
# What it does is said by files in the agent's data directory, which a test may change at any time:
#   update-<round>.npz, update.npz   the update that "training" returns, whatever the model is (without one: the model itself)
#   examples    how many examples it says it trained on (1)
#   metrics     what validation returns ({"accuracy": 0.5})
#   hold        while it is there, training waits
#   lasts       how many seconds training lasts (none)
#   fault       fail | hang | nothing | no-metadata | nan | layout; the session's setting "fault" does the same to all agents
#   nan.npz, other.npz   what the faults nan and layout return
# Each call is written to the file "calls" as: train|validate <round> <task>
set -eu
entry=$1 in=$2 out=$3
data=$FOEDUS_DATA_DIR
echo "$entry $FOEDUS_ROUND $FOEDUS_TASK_ID" >>"$data/calls"

if [ "$entry" = validate ]; then
  cat "$data/metrics" >"$out" 2>/dev/null || echo '{"accuracy": 0.5, "num_examples": 1}' >"$out"
  exit 0
fi

while [ -e "$data/hold" ]; do sleep 0.05; done
sleep "$(cat "$data/lasts" 2>/dev/null || echo 0)"
fault=$(cat "$data/fault" 2>/dev/null || sed -n 's/.*"fault" *: *"\([a-z-]*\)".*/\1/p' "$FOEDUS_SETTINGS")
update=$data/update-$FOEDUS_ROUND.npz
[ -e "$update" ] || update=$data/update.npz
[ -e "$update" ] || update=$in
metadata=$out-metadata
case $fault in
  '') ;;
  fail) echo "the fault that was asked for" >&2; exit 3 ;;
  hang) sleep 3600 ;;
  nothing) exit 0 ;;
  no-metadata) metadata=/dev/null ;;
  nan) update=$data/nan.npz ;;
  layout) update=$data/other.npz ;;
  *) echo "no such fault: $fault" >&2; exit 4 ;;
esac
cp "$update" "$out"
printf '{"num_examples": %s}\n' "$(cat "$data/examples" 2>/dev/null || echo 1)" >"$metadata"
