#!/bin/sh
# One pass of the crawl every SCHEDULE_SECONDS, from start to start; a pass that takes longer delays the next.
#
# Why not cron: it needs root, hides the environment from its jobs and their output from the container's log, and lets
# a slow pass overlap the next. SIGTERM ends the pass that runs as it would end a crawl, and then this.
set -eu

seconds=${SCHEDULE_SECONDS:-900}
case $seconds in
'' | *[!0-9]*)
    echo "SCHEDULE_SECONDS: \"$seconds\" is not a number of seconds. Write 900 for every 15 minutes." >&2
    exit 2
    ;;
esac

child=
finish() {
    trap '' TERM INT
    kill -TERM "$child" 2>/dev/null || true
    wait "$child" || true
    exit 0
}
trap finish TERM INT

# `wait` is interrupted by a signal, a program in the foreground is not.
in_reach() {
    "$@" &
    child=$!
    wait "$child"
}

while true; do
    started=$(date +%s)
    in_reach scrapy crawl watch -a once=1 || echo "This pass ended with exit code $?." >&2
    rest=$((started + seconds - $(date +%s)))
    [ "$rest" -le 0 ] || in_reach sleep "$rest"
done
