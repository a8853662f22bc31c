#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Starts the real window on an X server of its own, drives it by keyboard and mouse, and takes a picture of each
# state. Fails when the program ends early or a picture shows nothing.
#
#   tests/screens/screenshots.sh [BUILD_FOLDER [OUTPUT_FOLDER]]     (default: build/release resources/screenshots)
#
# Needs Xvfb, xdotool and ImageMagick.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
bin=$(realpath "${1:-build/release}")/bin
out=${2:-resources/screenshots}
sample=resources/sample
mkdir -p "$out"

work=$(mktemp -d)
# Commands that the window shows have the place of the program in them: no one's own folder.
mkdir "$work/bin"
cp "$bin"/packetloom{,-cli,-generate} "$work/bin"
bin=$work/bin
export HOME=$work/home XDG_CONFIG_HOME=$work/home XDG_DATA_HOME=$work/data XDG_RUNTIME_DIR=$work TZ=UTC
unset WAYLAND_DISPLAY
mkdir -m 700 -p "$HOME"
number=$work/display
: > "$number"
Xvfb -displayfd 3 -screen 0 1400x900x24 3> "$number" > "$work/xvfb.log" 2>&1 &
server=$!
program=
finish() {
    [ -z "$program" ] || kill "$program" 2> /dev/null || true
    kill "$server" 2> /dev/null || true
    rm -rf "$work"
}
trap finish EXIT
for _ in $(seq 100); do
    [ -s "$number" ] && break
    sleep 0.1
done
DISPLAY=:$(cat "$number")
export DISPLAY
pictures=0

settings() { # THEME (1 light, 2 dark) [ENGINE]: a fresh start with it, flows told by the exact engine if "exact"
    mkdir -p "$XDG_CONFIG_HOME/Packetloom"
    printf '[window]\ntheme=%s\n[options]\nengine=%s\n' "$1" "$([ "${2:-}" = exact ] && echo true || echo false)" \
        > "$XDG_CONFIG_HOME/Packetloom/Packetloom.conf"
}
start() { # WIDTH HEIGHT ARGUMENTS...: the window in this size
    local width=$1 height=$2
    shift 2
    "$bin/packetloom" "$@" > "$work/program.log" 2>&1 &
    program=$!
    window=$(xdotool search --sync --onlyvisible --name 'Packetloom$' | head -n 1)
    xdotool windowmove "$window" 0 0 windowsize --sync "$window" "$width" "$height" windowfocus "$window"
    sleep 1
}
stop() {
    kill "$program"
    wait "$program" 2> /dev/null || true
    program=
    rm -rf "$XDG_DATA_HOME" # what the next start would offer to open again
}
key() {
    xdotool key --clearmodifiers "$@"
    sleep 0.7
}
picture() { # NAME [WINDOW]: what is seen where the main window is, dialogs included; or of another window
    kill -0 "$program"
    local size
    size=$(xdotool getwindowgeometry --shell "$window" | sed -n 's/^WIDTH=//p;s/^HEIGHT=//p' | paste -sd x)
    if [ $# -gt 1 ]; then
        import -window "$2" "$work/picture.png"
    else
        import -window root -crop "$size+0+0" +repage "$work/picture.png"
    fi
    # A window that never drew itself has hardly any.
    [ "$(identify -format %k "$work/picture.png")" -gt 20 ]
    convert "$work/picture.png" -strip +dither -colors 255 "$out/$1.png"
    pictures=$((pictures + 1))
}
click() { # X Y: inside the main window
    xdotool mousemove --window "$window" "$1" "$2" click 1
    sleep 0.7
}

settings 1
start 1240 800
picture empty
stop

start 1240 800 "$sample/capture.csv.gz" --ip-map "$sample/ip_map.json"
sleep 1
picture ready
stop

start 1240 800 "$sample/capture.csv.gz" --ip-map "$sample/ip_map.json" --analyze
sleep 2
key ctrl+1
picture overview
xdotool mousemove --window "$window" 600 250 keydown shift mousedown 1 mousemove_relative 60 0 \
    mousemove_relative 60 0 mouseup 1 keyup shift
sleep 1
picture interval
key ctrl+2
sleep 1
click 700 250
sleep 1
picture flows
key ctrl+3
sleep 1
picture groups
key ctrl+4
picture packets
key ctrl+5
picture addresses
key ctrl+6
picture flags
key ctrl+7
picture rows
key ctrl+8
picture quality
key ctrl+1
key ctrl+e
sleep 1
picture export
key Escape
xdotool windowfocus "$window" # there is no window manager that would give it back
key ctrl+shift+e
sleep 1
picture cluster
key Return
sleep 2
job=$(xdotool search --onlyvisible --name '^Job ' | head -n 1)
picture job "$job"
xdotool windowfocus "$job"
key Escape
xdotool windowfocus "$window"
key F1
sleep 1
manual=$(xdotool search --onlyvisible --name 'manual' | head -n 1)
picture manual "$manual"
stop

# Figures that only the exact engine tells.
settings 1 exact
"$bin/packetloom-generate" --shape lossy --rows 60000 --format pcap --output "$work/lossy.pcap" 2> /dev/null
start 1240 800 "$work/lossy.pcap" --analyze
sleep 1
key ctrl+0
click 480 134
xdotool type 'Handshake'
key Return
click 808 134
key Down Return
sleep 1
picture distributions
stop
settings 1

# A long run, seen while it lasts.
"$bin/packetloom-generate" --rows 6000000 --output "$work/large.csv" 2> /dev/null
start 1240 800 "$work/large.csv" --analyze
key ctrl+1
picture analyzing
key Escape
sleep 1
picture stopped
stop
rm -f "$work/large.csv"

printf 'time,source\n1,a\n' > "$work/other.csv"
{ gzip -dc "$sample/capture.csv.gz" | awk 'NR <= 300'; printf '1,2\nnoon,%s\n' '1,2,3,4,5,6,7,8,6'; } > "$work/damaged.csv"
start 1240 800 "$work/other.csv" --analyze
picture error
stop
{ echo timestamp,src_ip,dst_ip,src_port,dst_port,flags,seq_num,ack_num,length,protocol
    gzip -dc "$sample/capture.csv.gz" | awk -F, -v OFS=, 'NR > 1 && NR <= 300 { $1 = sprintf("%.6f", $1 / 1000000); print }'; } > "$work/seconds.csv"
start 1240 800 "$work/seconds.csv" --ip-map "$sample/ip_map.json"
sleep 1
picture doubt
stop
start 1240 800 "$work/damaged.csv" --analyze
sleep 1
key ctrl+7
click 463 189 # the rows that were rejected; above them is a bar that says so
picture rejected
stop

"$bin/packetloom-cli" --data "$sample/capture.csv.gz" --ip-map "$sample/ip_map.json" --output-dir "$work/dataset" --quiet
start 1240 800 "$work/dataset"
sleep 2
key ctrl+1
picture dataset
stop

settings 2
start 1240 800 "$sample/capture.csv.gz" --ip-map "$sample/ip_map.json" --analyze
sleep 2
key ctrl+1
picture dark
key ctrl+2
click 700 250
sleep 1
picture dark-flows
stop
settings 1
start 900 600 "$sample/capture.csv.gz" --ip-map "$sample/ip_map.json" --analyze
sleep 2
key ctrl+1
picture small
key ctrl+2
picture small-flows
stop
settings 1
start 900 600
picture small-empty
stop

echo "$pictures pictures in $out"
