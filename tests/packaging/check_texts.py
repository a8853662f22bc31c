#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The texts that packages install: every option is in the manual pages, the completion and the README; desktop file,
metainfo, MIME type and Flatpak manifest are valid and use one name; --version says version and build.

Prints what it looked at, and each problem.
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree

problems = []
looked_at = 0


def check(text, good):
    global looked_at
    looked_at += 1
    if not good:
        problems.append(text)


def run(*command):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True)


def options_of(program):
    done = run(program, '--help')
    return sorted(set(re.findall(r'(?<![\w-])--[a-z][a-z-]+', done.stdout.split('Examples:')[0])))


def completions(script, *words):
    function = '_' + words[0].replace('-', '_')
    done = run('bash', '-c', f'source "{script}"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); {function}; '
               'printf "%s\\n" "${COMPREPLY[@]}"', 'bash', *words)
    check(f'completion of {words}: {done.stderr}', not done.stderr.replace('compopt', ''))
    return done.stdout.split()


def main():
    parser = argparse.ArgumentParser()
    for name in ('cli', 'window', 'made', 'source', 'id', 'version'):
        parser.add_argument('--' + name, required=True)
    options = parser.parse_args()
    made, source = pathlib.Path(options.made), pathlib.Path(options.source)
    texts = {path.name: path.read_text() for path in (*made.iterdir(), *(made / 'plain').iterdir()) if path.is_file()
             and path.suffix != '.gz'}
    readme = (source / 'README.md').read_text()

    for program in (options.cli, options.window):
        name = pathlib.Path(program).name
        said = run(program, '--version').stdout.strip()
        check(f'{name} --version says "{said}"',
              re.fullmatch(re.escape(name) + rf' {re.escape(options.version)} \(build .+\)', said, re.IGNORECASE))
        page = texts[name + '.1'].replace('\\-', '-')
        check(f'{name}.1 says the version', options.version in page)
        known = completions(made / name, name, '--')
        own = options_of(program)
        check(f'{name} --help has options', len(own) > 3)
        for option in own:
            if option == '--help-all': # Qt's own options, in the page as such
                continue
            check(f'{name}.1 has no {option}', re.search(re.escape(option) + r'\b(?!-)', page))
            check(f'the completion of {name} has no {option}', option in known)
            if name == 'packetloom-cli' and option not in ('--help', '--version'):
                check(f'the README has no {option}', f'`{option}' in readme)
        for option in known:
            check(f'{name} completes {option}, which there is not', option in own)
    check('completion of a value', completions(made / 'packetloom-cli', 'packetloom-cli', '--filter-ends', 'b') == ['both'])
    check('completion of captures', any('capture.csv.gz' in word for word in completions(
        made / 'packetloom-cli', 'packetloom-cli', '--data', str(source / 'resources/sample') + '/')))

    for name in (f'{options.id}.desktop', f'{options.id}.metainfo.xml', f'{options.id}.xml', f'{options.id}.yml'):
        check(f'no {name}', name in texts)
        left = re.findall(r'@[A-Z_]+@', texts.get(name, ''))
        check(f'{name} has {left}', not left)
        if name.endswith('.xml'):
            xml.etree.ElementTree.fromstring(texts[name])
    desktop, metainfo, mime = (texts[options.id + ending] for ending in ('.desktop', '.metainfo.xml', '.xml'))
    session = re.search(r'mime-type type="([^"]+)"', mime).group(1)
    check('the desktop file opens sessions', f'{session};' in desktop and 'text/csv;' in desktop
          and 'application/gzip;' in desktop)
    check('the metainfo has the id and the version', f'<id>{options.id}</id>' in metainfo
          and f'version="{options.version}"' in metainfo and session in metainfo)
    check('the Flatpak has the id', f'app-id: {options.id}\n' in texts[options.id + '.yml'])
    changelog = (source / 'CHANGELOG.md').read_text()
    check('the changelog has the version', f'## [{options.version}]' in changelog)
    for tool, *arguments in (('desktop-file-validate', made / f'{options.id}.desktop'),
                             ('appstreamcli', 'validate', '--no-net', made / f'{options.id}.metainfo.xml'),
                             ('xmllint', '--noout', source / 'packaging/macos/Info.plist.in')):
        if not shutil.which(tool):
            print(f'no {tool}: not asked')
            continue
        done = run(tool, *arguments)
        check(f'{tool}: {done.stdout}{done.stderr}', done.returncode == 0)

    for problem in problems:
        print(problem)
    print(f'{looked_at} looked at, {len(problems)} problems')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
