#!/bin/sh
# Explores a scenario in N shards side by side with GNU parallel, and joins their reports.
#
#   src/explore/schedulers/parallel.sh N FILE [OPTION of sagalab explore]...
#
# As many shards run at once as this machine has cores. The reports stay in $SAGALAB_REPORTS
# (./reports), the joint one goes to standard output. $SAGALAB names the program (sagalab). On other
# machines too, where sagalab and FILE stand in the same places, by options of GNU parallel:
#
#   PARALLEL="--sshlogin :,host1,host2 --workdir ." src/explore/schedulers/parallel.sh 32 order.json
#
# The exit code is that of sagalab merge; 2 if a shard could not be explored.
set -eu

if [ $# -lt 2 ]; then
    echo "usage: $0 N FILE [OPTION of sagalab explore]..." >&2
    exit 2
fi
shards=$1
shift
case $shards in
    "" | 0* | *[!0-9]*) echo "$0: N is a number of shards, from 1, not \"$shards\"" >&2; exit 2 ;;
esac
sagalab=${SAGALAB:-sagalab}
reports=${SAGALAB_REPORTS:-reports}
mkdir -p "$reports"
rm -f "$reports"/shard-*

# A shard that finds a counterexample or stops early ends with 1 or 3: its report says so, and is
# joined as any other. What parallel itself ends with says nothing; its log tells what did not run.
parallel --quote --halt never --joblog "$reports/jobs.log" --results "$reports/shard-{}.out" \
    "$sagalab" explore "$@" --format json --shard "{}/$shards" ::: $(seq "$shards") \
    >/dev/null || true
# Most of what shards complain of, all of them complain of.
cat "$reports"/shard-*.err | awk '!seen[$0]++' >&2

explored=$(awk 'NR > 1 && $8 == 0 && ($7 == 0 || $7 == 1 || $7 == 3)' "$reports/jobs.log" | wc -l)
if [ "$explored" -ne "$shards" ]; then
    echo "$0: $((shards - explored)) of $shards shards could not be explored;" \
        "see $reports/jobs.log" >&2
    exit 2
fi
for shard in $(seq "$shards"); do
    mv "$reports/shard-$shard.out" "$reports/shard-$shard.json"
done
exec "$sagalab" merge "$reports"/shard-*.json
