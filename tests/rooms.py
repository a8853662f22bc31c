#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rooms of the house may use which, checked by what is included.

    rooms.py SOURCE_DIR

Rooms stand in an order: each may use those above it and none below, so that there is no cycle. core/ knows no Qt.
Of ui/ the views are the last room: models, charts and panels know nothing of them.
"""
import re
import sys
from pathlib import Path

ORDER = ["support", "model", "filter", "flow", "stats", "input", "run", "analysis", "output", "shard"]  # of core/
BESIDE = {("input", "flow"), ("stats", "flow")}  # neither needs the other
UI_BEFORE_VIEWS = {"models", "charts", "panels"}
TARGETS = ["core", "ui", "app"]
INCLUDE = re.compile(r'^#include "((?:core|ui|app)/[^"]+)"', re.M)
QT = re.compile(r"^#include <Q", re.M)


def room(path):
    return path.parts[1] if path.parts[0] == "core" else None


def problems(top):
    seen = 0
    for target in TARGETS:
        for file in sorted((top / target).rglob("*")):
            if file.suffix not in (".h", ".cpp"):
                continue
            seen += 1
            text = file.read_text(encoding="utf-8")
            path = file.relative_to(top)
            if target == "core" and QT.search(text):
                yield f"{path}: Qt in core"
            if target == "core" and room(path) not in ORDER:
                yield f"{path}: in no known room"
                continue
            for name in INCLUDE.findall(text):
                used = Path(name)
                if TARGETS.index(used.parts[0]) > TARGETS.index(target):
                    yield f"{path}: {target} uses {name}"
                elif target == "ui" and path.parts[1] in UI_BEFORE_VIEWS and used.parts[1] == "views":
                    yield f"{path}: {path.parts[1]} uses {name}"
                elif target == "core" and used.parts[0] == "core" and used.parts[1] in ORDER:
                    here, there = room(path), room(used)
                    if ORDER.index(there) > ORDER.index(here) or (here, there) in BESIDE:
                        yield f"{path}: {here} uses {name}"
    if seen < 100:
        yield f"only {seen} files were found"


def main():
    found = list(problems(Path(sys.argv[1])))
    print("\n".join(found) or "every room uses only those above it")
    return 1 if found else 0


sys.exit(main())
