#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the reference's pandas makes of CSV text and of numbers, without pandas: for the slow model of the reference,
which reads them with Python's csv module and int() and differs from pandas in what no good capture has.

    pandas_text.py [CASES]

compares it with the pandas that is installed (Debian: python3-pandas, run with /usr/bin/python3).
"""
import io
import random
import re
import sys
import types

# pandas.read_csv's defaults; None since pandas 2.
MISSING = {'', '#N/A', '#N/A N/A', '#NA', '-1.#IND', '-1.#QNAN', '-NaN', '-nan', '1.#IND', '1.#QNAN', '<NA>', 'N/A',
           'NA', 'NULL', 'NaN', 'None', 'n/a', 'nan', 'null'}
NUMBERS = ('timestamp', 'src_port', 'dst_port', 'flags', 'seq_num', 'ack_num', 'length', 'protocol')
NUMERAL = re.compile(r'[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?')


def rows(text):
    """The records of the C parser's state machine. Raises ValueError for a quote that is never closed."""
    records, at = [], 0
    while at < len(text):
        blank = re.compile(r'[ \t]*(?:\r\n|\r|\n|$)').match(text, at)
        if blank and (blank.end() > at):
            at = blank.end()
            continue
        record = []
        while True:
            field = ''
            if text[at:at + 1] == '"':
                at += 1
                while True:
                    end = text.find('"', at)
                    if end < 0:
                        raise ValueError('EOF inside string')
                    field += text[at:end]
                    at = end + 1
                    if text[at:at + 1] != '"':
                        break
                    field += '"'
                    at += 1
            rest = re.compile(r'[^,\r\n]*').match(text, at)
            record.append(field + rest.group())
            at = rest.end()
            if text[at:at + 1] != ',':
                at += 2 if text[at:at + 2] == '\r\n' else 1
                break
            at += 1
        records.append(record)
    return records


def number(text):
    """to_numeric(errors='coerce') of a text, but exact: an int or a finite float, or None."""
    if text is None or text in MISSING:
        return None
    text = text.strip(' \t\n\r\v\f')
    if not NUMERAL.fullmatch(text):
        return None
    value = float(text)
    if value in (float('inf'), float('-inf')):
        return None
    return int(text) if text.lstrip('+-').isdigit() else value


def beyond_64_bits(text):
    value = number(text)
    return value is not None and not -2**63 <= int(value) < 2**63


class Reader:
    """In place of csv.reader. A row with a number beyond 64 bits gets a field too many, for which the model rejects it
    (difference 8)."""

    def __init__(self, time_end):
        self.time_end = time_end

    def __call__(self, file):
        header, *body = rows(file.read()) or [None]
        if header is None:
            return iter([])
        columns = {name: header.index(name) for name in NUMBERS if name in header}
        for row in body:
            if len(row) != len(header):
                continue
            time = number(row[columns['timestamp']])
            past = time is not None and self.time_end is not None and time > self.time_end
            filtered = past and not beyond_64_bits(row[columns['timestamp']])
            if not filtered and any(beyond_64_bits(row[i]) for i in columns.values()):
                row.append('')
        return iter([header, *body])


def correct(oracle, time_end=None):
    """Makes the slow model read as pandas does, for a run with this end of the time window."""
    oracle.number = number
    oracle.MISSING = MISSING
    oracle.csv = types.SimpleNamespace(reader=Reader(time_end), writer=__import__('csv').writer)


def random_text(rng):
    pieces = [',', ',', ',', '"', '""', '\n', '\r', '\r\n', 'a', 'bc', '1', ',"x"', '"y\ny",', '"z\rz"w', '\n"q"r', '\n \t\n']
    return ''.join(rng.choice(pieces) for _ in range(rng.randrange(1, 30)))


def compare_with_pandas(cases):
    import pandas
    print('pandas', pandas.__version__)
    width, failed, unclosed = 40, 0, 0
    for seed in range(cases):
        text = 'first\nsecond\n' + random_text(random.Random(seed))
        if re.search(r'[\r\n][ \t]*\r,', text):
            continue  # a defect of pandas: it loses the empty first field
        try:
            frame = pandas.read_csv(io.StringIO(text, newline=''), header=None, names=range(width), index_col=False,
                                    dtype=str, keep_default_na=False, na_filter=False)
            theirs = [[f for f in row if isinstance(f, str)] for row in frame.values.tolist()]
            theirs = [row[:max((i + 1 for i, f in enumerate(row) if f), default=0)] for row in theirs]
        except pandas.errors.ParserError as error:
            theirs = 'unclosed' if 'EOF inside string' in str(error) else str(error)
        try:
            ours = rows(text)
            ours = [row[:max((i + 1 for i, f in enumerate(row) if f), default=0)] for row in ours]
        except ValueError:
            ours = 'unclosed'
            unclosed += 1
        if ours != theirs:
            failed += 1
            print(repr(text), ours, theirs)
    letters = '0123456789' * 2 + '+-.eE _"' + '\t' + '\u0661\u00b2'
    words = ['inf', '-Infinity', 'NAN', 'True', 'FALSE', '1e400', '-1e400', '1e308', '1' * 308, '1' * 309, '0x10', '1d5',
             '18446744073709551616', '-9223372036854775809', *(MISSING - {'None'})]
    rng = random.Random(0)
    for text in words + [''.join(rng.choice(letters) for _ in range(rng.randrange(1, 7))) for _ in range(cases)]:
        theirs = pandas.to_numeric(pandas.Series([text if text not in MISSING else None, 'x'], dtype=object),
                                   errors='coerce')[0]
        ours = number(text)
        theirs = None if theirs != theirs or theirs in (float('inf'), float('-inf')) else theirs
        if (ours is None) != (theirs is None) or (ours is not None and abs(ours - theirs) > 1e-12 * abs(ours)):
            failed += 1
            print(repr(text), ours, theirs)
    print('%d texts (%d with a quote that is never closed), %d differ' % (2 * cases, unclosed, failed))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(compare_with_pandas(int(sys.argv[1]) if len(sys.argv) > 1 else 3000))
