// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/address_decoder.h"
#include "tests/core/input/capture_reading.h"
#include "tests/core/input/capture_rows.h"
#include "tests/support/gzip_text.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <set>

using namespace packetloom;
using namespace packetloom::test;

/// What is read side by side, block by block, is what is read row by row, for any size of block and any
/// number of threads.
class PacketStreamTest : public QObject
{
    Q_OBJECT

private slots:
    void asRowByRow_data();
    void asRowByRow();
    void largeCaptures_data();
    void largeCaptures();
    void quotedFields_data();
    void quotedFields();
    void tablesOfOthers_data();
    void tablesOfOthers();
    void rowsBeyondTheLimit();
    void theEndOfTheFile();
    void gzip();
    void cutOffGzip();
    void corruptGzip();
    void whatLiesBehindGzip();
    void destroyedBeforeItsEnd_data();
    void destroyedBeforeItsEnd();
    void filesShareTheirBuffers();
};

namespace {

Rules someRules(bool window, int filter)
{
    Rules rules;
    if (window)
        rules.window = {1'257'254'615'200'000, 1'257'254'615'800'000};
    if (filter > 0) {
        auto parsed = parseAddressFilter("10.0.0.0/29,17,2001:db8::3,", someMap());
        if (!parsed)
            qFatal("the filter cannot be read");
        rules.filter = *std::move(parsed);
        rules.ends = filter == 1 ? FilterEnds::Either : FilterEnds::Both;
    }
    return rules;
}

void ruleRows()
{
    QTest::addColumn<bool>("window");
    QTest::addColumn<int>("filter");
    QTest::newRow("all rows") << false << 0;
    QTest::newRow("time window") << true << 0;
    QTest::newRow("addresses, either end") << false << 1;
    QTest::newRow("window and addresses") << true << 1;
    QTest::newRow("window and addresses, both ends") << true << 2;
}

} // namespace

void PacketStreamTest::asRowByRow_data()
{
    ruleRows();
}

void PacketStreamTest::asRowByRow()
{
    QFETCH(bool, window);
    QFETCH(int, filter);
    const TestFolder folder;
    const Rules rules = someRules(window, filter);
    Reader reader;
    CaptureRows rows(window ? 10 + static_cast<std::uint64_t>(filter) : static_cast<std::uint64_t>(filter));
    std::set<RejectReason> reasons;
    for (int i = 0; i < 60; ++i) {
        constexpr std::array<unsigned, 4> oddities{0, 5, 30, 200};
        const auto header = rows.header();
        const auto text = rows.text(header, rows.below(40), oddities[static_cast<std::size_t>(i) % 4]);
        const auto file = folder.write("in.csv", text);
        std::vector<std::size_t> blockSizes{7, 64, 1000, 65536};
        if (i % 3 == 0) // a system call a byte takes its time
            blockSizes.insert(blockSizes.begin(), {1, 2});
        const auto what = differences(reader, file, blockSizes, rules);
        QVERIFY2(what.isEmpty(), qPrintable(what + QLatin1Char('\n') + QString::fromLatin1(text.c_str())));
        for (const auto& reject : reader.rowByRow(file, 65536, rules).rejects)
            reasons.insert(reject.reason);
    }
    // The captures are what they are for: all there is but rows that are too long.
    QVERIFY(window || reasons.size() == rowRejectReasonCount - 1);
}

void PacketStreamTest::largeCaptures_data()
{
    ruleRows();
}

// Many blocks under way at once, and more rows with care than one piece has.
void PacketStreamTest::largeCaptures()
{
    QFETCH(bool, window);
    QFETCH(int, filter);
    const TestFolder folder;
    const Rules rules = someRules(window, filter);
    Reader reader;
    CaptureRows rows(20261125);
    for (const unsigned oddity : {0u, 1u, 10u}) {
        const auto file = folder.write("in.csv", rows.text(rows.header(), 2000, oddity));
        const auto what = differences(reader, file, {300, 5000, 65536}, rules);
        QVERIFY2(what.isEmpty(), qPrintable(what));
    }
}

void PacketStreamTest::quotedFields_data()
{
    ruleRows();
}

void PacketStreamTest::quotedFields()
{
    QFETCH(bool, window);
    QFETCH(int, filter);
    const TestFolder folder;
    const Rules rules = someRules(window, filter);
    Reader reader;
    CaptureRows rows(20);
    for (int i = 0; i < 40; ++i) {
        constexpr std::array<unsigned, 4> oddities{0, 2, 20, 200}, shares{1000, 500, 990, 30};
        rows.quote(shares[static_cast<std::size_t>(i / 4) % 4]);
        const auto text = rows.text(rows.header(), rows.below(60), oddities[static_cast<std::size_t>(i) % 4]);
        const auto file = folder.write("in.csv", text);
        const auto what = differences(reader, file, {7, 64, 1000, 65536}, rules);
        QVERIFY2(what.isEmpty(), qPrintable(what + QLatin1Char('\n') + QString::fromLatin1(text.c_str())));
    }
}

void PacketStreamTest::tablesOfOthers_data()
{
    QTest::addColumn<TimeUnit>("unit");
    QTest::newRow("seconds") << TimeUnit::Seconds;
    QTest::newRow("milliseconds") << TimeUnit::Milliseconds;
    QTest::newRow("microseconds") << TimeUnit::Microseconds;
    QTest::newRow("nanoseconds") << TimeUnit::Nanoseconds;
}

// Every row has a short way and a careful one, and both give the same.
void PacketStreamTest::tablesOfOthers()
{
    QFETCH(TimeUnit, unit);
    const TestFolder folder;
    Reader reader;
    CaptureRows rows(30);
    Rules rules;
    rules.window.start = 1'257'254'615;
    for (int i = 0; i < 40; ++i) {
        constexpr std::array<unsigned, 4> oddities{0, 20, 100, 300};
        rows.quote(i % 3 == 0 ? 500 : 0);
        const auto header = rows.header();
        reader.layout = {};
        reader.layout.reference = false;
        reader.layout.unit = unit;
        reader.layout.fieldCount = header.size();
        for (std::size_t field = 0; field < header.size(); ++field) {
            for (std::size_t column = 0; column < columnCount; ++column) {
                if (header[field] == columnName(static_cast<Column>(column)))
                    reader.layout.fields[column].push_back(field);
            }
        }
        auto text = rows.text(header, rows.below(60), oddities[static_cast<std::size_t>(i) % 4]);
        reader.layout.dialect.delimiter = i % 2 == 0 ? ';' : ',';
        if (i % 2 == 0)
            std::replace(text.begin(), text.end(), ',', ';');
        const auto file = folder.write("in.csv", text);
        const auto what = differences(reader, file, {7, 64, 1000, 65536}, rules);
        QVERIFY2(what.isEmpty(), qPrintable(what + QLatin1Char('\n') + QString::fromLatin1(text.c_str())));
    }
}

void PacketStreamTest::rowsBeyondTheLimit()
{
    const TestFolder folder;
    const std::string good = "1000,a,b\n", large(1'100'000, 'x');
    const auto file =
        folder.write("in.csv", "timestamp,src_ip,dst_ip\n" + good + large + "\n" + good + "1," + large +
                                   ",b\n" + good + "1,\"" + large + "\",b\n" + good + large + "\"\"\n" +
                                   good + std::string(1'100'000, ' ') + "\n" + good + "\"1\",\"a\"," + large +
                                   "\"\n\"2\",\"" + large + "\",b\n\"3\",\"a\",b\n2,a," + large);
    Reader reader;
    const auto what = differences(reader, file, {100'000, 1'300'000, 10'000'000}, {});
    QVERIFY2(what.isEmpty(), qPrintable(what));
}

void PacketStreamTest::theEndOfTheFile()
{
    const TestFolder folder;
    Reader reader;
    const std::string header = "timestamp,src_ip,dst_ip";
    for (const std::string end :
         {"", "\n", "\n1", "\n1,a,b", "\n1,a,b\n", "\n1,a,b\r", "\n1,a,b\n\n", "\n1,a,b\n ", "\n1,a,b\n\"",
          "\n1,a,\"b", "\n1,a,\"b\"", "\n1,a,b\n,", "\n\n\n\r\n1,a,b"}) {
        const auto file = folder.write("in.csv", header + end);
        const auto what = differences(reader, file, {1, 2, 7, 64, 1000, 65536}, {});
        QVERIFY2(what.isEmpty(), qPrintable(what + QString::fromStdString(end)));
    }
}

void PacketStreamTest::gzip()
{
    const TestFolder folder;
    Reader reader;
    CaptureRows rows(3);
    for (int i = 0; i < 10; ++i) {
        const auto text = rows.text(rows.header(), 200, i % 2 ? 10 : 0);
        const auto file =
            folder.write("in.csv.gz", gzipMember(text.substr(0, 5000), 700) +
                                          (text.size() > 5000 ? gzipMember(text.substr(5000)) : ""));
        const auto what = differences(reader, file, {1, 64, 1000, 65536}, {});
        QVERIFY2(what.isEmpty(), qPrintable(what));
        const auto plain = folder.write("in.csv", text);
        const auto same = difference(reader.rowByRow(plain, 65536, {}), reader.rowByRow(file, 1000, {}));
        QVERIFY2(same.isEmpty(), qPrintable(same));
    }
}

void PacketStreamTest::cutOffGzip()
{
    const TestFolder folder;
    Reader reader;
    std::string text = "timestamp,src_ip,dst_ip,note\n";
    for (int i = 0; i < 2000; ++i)
        text += std::to_string(1000 + i) + ",10.0.0." + std::to_string(i * 7919 % 256) + ",b" +
                std::to_string(i * 104'729 % 10'007) + (i % 500 == 499 ? ",\"two\nlines\"\n" : ",\n");
    const auto whole = gzipMember(text);
    for (const std::size_t cut : {whole.size() / 4, whole.size() / 2, whole.size() - 9, whole.size() - 1}) {
        const auto file = folder.write("in.csv.gz", whole.substr(0, cut));
        const auto what = differences(reader, file, {64, 1000, 65536}, {});
        QVERIFY2(what.isEmpty(), qPrintable(what));
        const auto reading = reader.blockByBlock(file, 1000, 2, {}, {});
        QVERIFY(reading.error);
        QCOMPARE(reading.error->code, Errc::InflateEnd);
        QVERIFY(reading.error->file == file);
        QVERIFY(reading.packets.size() > 100);
        // The line that could not be read: two for each row with a note, and the header.
        const auto read = reading.packets.size();
        QCOMPARE(reading.error->line, std::uint64_t{read + read / 500 + 2});
    }
}

void PacketStreamTest::corruptGzip()
{
    const TestFolder folder;
    Reader reader;
    CaptureRows rows(4);
    const auto whole = gzipMember(rows.text({"timestamp", "src_ip", "dst_ip", "length"}, 1500, 0));
    int failed = 0;
    for (std::size_t place = 1000; place < whole.size(); place += whole.size() / 7) {
        auto broken = whole;
        broken[place] = static_cast<char>(~broken[place]);
        const auto file = folder.write("in.csv.gz", broken);
        const auto what = differences(reader, file, {64, 1000, 65536}, {});
        QVERIFY2(what.isEmpty(), qPrintable(what));
        failed += reader.rowByRow(file, 1000, {}).error ? 1 : 0;
    }
    QVERIFY(failed > 0);
}

void PacketStreamTest::whatLiesBehindGzip()
{
    const TestFolder folder;
    Reader reader;
    const auto member = gzipMember("timestamp,src_ip,dst_ip\n1,a,b\n2,a,b\n");
    const auto file = folder.write("in.csv.gz", member + "garbage");
    for (const unsigned threads : poolThreads) {
        auto opened = PacketReader::open(file, 1000);
        QVERIFY(opened);
        PacketStream stream(*std::move(opened), {}, reader.pool(threads), reader.buffers());
        std::uint64_t rows = 0, bytes = 0;
        for (auto next = stream.next(); next && *next; next = stream.next()) {
            rows += (*next)->rows;
            QVERIFY(bytes <= (*next)->bytesOnDisk);
            bytes = (*next)->bytesOnDisk;
        }
        QCOMPARE(rows, std::uint64_t{2});
        QVERIFY(bytes > 0 && bytes <= member.size() + 7);
        QCOMPARE(stream.ignoredFrom().value_or(0), std::uint64_t{member.size()});
        QVERIFY(stream.next() && !*stream.next()); // the end stays the end
    }
}

void PacketStreamTest::destroyedBeforeItsEnd_data()
{
    QTest::addColumn<unsigned>("threads");
    for (const unsigned threads : poolThreads)
        QTest::addRow("%u", threads) << threads;
}

void PacketStreamTest::destroyedBeforeItsEnd()
{
    QFETCH(unsigned, threads);
    const TestFolder folder;
    Reader reader;
    CaptureRows rows(5);
    for (const unsigned oddity : {0u, 1u, 5u}) {
        const auto file = folder.write("in.csv", rows.text({"timestamp", "src_ip", "dst_ip"}, 2000, oddity));
        for (int batches = 0; batches < 15; ++batches) {
            auto opened = PacketReader::open(file, 2000);
            QVERIFY(opened);
            PacketStream::Batch kept;
            {
                PacketStream stream(*std::move(opened), {}, reader.pool(threads), reader.buffers());
                for (int i = 0; i < batches; ++i) {
                    auto next = stream.next();
                    QVERIFY(next);
                    if (!*next) // rows that are read with care make larger batches
                        break;
                    kept = *std::move(next);
                }
            }
            if (kept) // lives on without its stream
                QVERIFY(kept->rows > 0 && kept->packets.size() == kept->places.size());
        }
    }
}

// Two streams may be open, and what one took another gives back; after the end there is no more.
void PacketStreamTest::filesShareTheirBuffers()
{
    const TestFolder folder;
    Reader reader;
    CaptureRows rows(6);
    const auto a = folder.write("a.csv", rows.text(rows.header(), 2000, 3));
    const auto b = folder.write("b.csv", rows.text(rows.header(), 2000, 0));
    const auto open = [&](const std::filesystem::path& file, std::size_t blockSize) {
        auto opened = PacketReader::open(file, blockSize);
        if (!opened)
            qFatal("the capture cannot be opened");
        return *std::move(opened);
    };
    const auto rowsOfA = reader.rowByRow(a, 1000, {}).rows, rowsOfB = reader.rowByRow(b, 1000, {}).rows;
    for (const unsigned threads : poolThreads) {
        PacketStream first(open(a, 1000), {}, reader.pool(threads), reader.buffers());
        PacketStream second(open(b, 7000), {}, reader.pool(threads), reader.buffers());
        std::uint64_t readOfA = 0, readOfB = 0;
        for (bool more = true; more;) {
            more = false;
            for (auto [stream, count] : {std::pair{&first, &readOfA}, std::pair{&second, &readOfB}}) {
                const auto next = stream->next();
                QVERIFY(next);
                *count += *next ? (*next)->rows : 0;
                more = more || *next;
            }
        }
        QCOMPARE(readOfA, rowsOfA);
        QCOMPARE(readOfB, rowsOfB);
        QVERIFY(!first.ignoredFrom());
    }
}

QTEST_APPLESS_MAIN(PacketStreamTest)
#include "packet_stream_test.moc"
