# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Sourced by build.sh and test.sh: a Windows of its own under wine. wine_begin FOLDER makes it there; wine_end stops it.

wine_begin() {
    mkdir -p "$1"
    export HOME="$1" WINEPREFIX="$1/prefix" WINEARCH=win64 WINEDEBUG=-all LC_ALL=C.UTF-8
    export WINEDLLOVERRIDES="mscoree,mshtml=d" # no offers to fetch .NET and a browser
    wineboot -i >/dev/null 2>&1
    wine winecfg -v win10
    # Fonts that are not there, by one that is.
    local font
    for font in "Segoe UI" Tahoma "MS Shell Dlg" "MS Shell Dlg 2" "Courier New"; do
        wine reg add 'HKCU\Software\Wine\Fonts\Replacements' /v "$font" /d "DejaVu Sans" /f >/dev/null
    done
}

# Variables that start with QT_ do not pass through wine; those of the registry do.
wine_set() {
    wine reg add 'HKCU\Environment' /v "$1" /d "$2" /f >/dev/null
}

# The server goes on for a while after the last program; one that was started without a display has none later.
wine_end() {
    "$(command -v wineserver64 || command -v wineserver || echo /usr/lib/wine/wineserver64)" -k 2>/dev/null || true
    sleep 2
}
