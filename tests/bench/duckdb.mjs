// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What DuckDB needs for the question that an analysis begins with: node duckdb.mjs CAPTURE THREADS. Prints the
// seconds of the query alone, without the start of the program.
import { createRequire } from 'node:module';
const { DuckDBInstance } = createRequire(process.cwd() + '/')('@duckdb/node-api');

const [capture, threads] = process.argv.slice(2);
const connection = await (await DuckDBInstance.create(':memory:', { threads })).connect();
const begin = performance.now();
const answer = await connection.runAndReadAll(`
    SELECT count(*), sum(packets) FROM (
        SELECT src_ip, dst_ip, src_port, dst_port, protocol,
               count(*) AS packets, sum(length), min(timestamp), max(timestamp)
        FROM read_csv('${capture}') GROUP BY ALL)`);
if (Number(answer.getRows()[0][1]) === 0) throw new Error('no rows');
console.log((performance.now() - begin) / 1000);
