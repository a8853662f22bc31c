# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Sourced by the scripts that try packages: what was looked at and what was wrong, and an X server of their own.

problems=0

# check TEXT COMMAND...: says whether the command succeeds.
check() {
    local text=$1
    shift
    if "$@"; then
        echo "ok: $text"
    else
        echo "NOT OK: $text"
        problems=$((problems + 1))
    fi
}

# start_display FOLDER: sets DISPLAY, and display_server, which whoever calls this ends. FOLDER takes its log.
start_display() {
    : >"$1/display"
    Xvfb -displayfd 3 -screen 0 1280x860x24 -nolisten tcp 3>"$1/display" >"$1/xvfb.log" 2>&1 &
    display_server=$!
    for _ in $(seq 100); do
        [ -s "$1/display" ] && break
        sleep 0.1
    done
    DISPLAY=:$(cat "$1/display")
    export DISPLAY
}

# shows_something NAME: whether a picture of the screen, NAME.png in $pictures, shows a window with something in it.
shows_something() {
    import -window root "$pictures/$1.png"
    [ "$(identify -format %k "$pictures/$1.png")" -gt 50 ]
}
