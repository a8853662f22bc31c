// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/bytes/byte_source.h"
#include "core/input/bytes/content_sniffer.h"
#include "core/input/input_format.h"
#include "tests/support/gzip_text.h"
#include "tests/support/test_folder.h"

#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

class ByteSourceTest : public QObject
{
    Q_OBJECT

private slots:
    void contentIsRecognised_data();
    void contentIsRecognised();
    void openingSaysWhatIsWrong_data();
    void openingSaysWhatIsWrong();
    void namesDoNotMatter();
    void theHeadIsDeliveredAsWell_data();
    void theHeadIsDeliveredAsWell();
    void whatFailsBehindTheHeadIsToldThere();
};

void ByteSourceTest::contentIsRecognised_data()
{
    using namespace std::string_literals;
    QTest::addColumn<std::string>("head");
    QTest::addColumn<Errc>("code");
    QTest::addColumn<std::string>("kind");
    QTest::newRow("empty") << ""s << Errc::Empty << ""s;
    QTest::newRow("text") << "timestamp,src_ip\n1,2"s << Errc::Cancelled << ""s;
    QTest::newRow("UTF-8 text") << "z\xc3\xa4hler,src_ip\n"s << Errc::Cancelled << ""s;
    QTest::newRow("with a byte order mark") << "\xef\xbb\xbftimestamp"s << Errc::Cancelled << ""s;
    QTest::newRow("one letter") << "a"s << Errc::Cancelled << ""s;
    QTest::newRow("control characters after the header") << "a,b\n\0\1\2"s << Errc::Cancelled << ""s;
    QTest::newRow("gzip (in gzip)") << "\x1f\x8b\x08"s << Errc::Binary << "gzip"s;
    QTest::newRow("UTF-16 LE with mark") << "\xff\xfet\0i\0"s << Errc::Utf16 << ""s;
    QTest::newRow("UTF-16 BE with mark") << "\xfe\xff\0t\0i"s << Errc::Utf16 << ""s;
    QTest::newRow("UTF-16 LE") << "t\0i\0m\0"s << Errc::Utf16 << ""s;
    QTest::newRow("UTF-16 BE") << "\0t\0i\0m"s << Errc::Utf16 << ""s;
    QTest::newRow("pcapng, damaged") << "\x0a\x0d\x0d\x0a\x1c\0\0\0\0\0\0\0"s << Errc::Binary << "pcapng"s;
    QTest::newRow("zip") << "PK\3\4"s << Errc::Binary << "zip"s;
    QTest::newRow("xz") << "\xfd"
                           "7zXZ\0\0"s
                        << Errc::Binary << "xz"s;
    QTest::newRow("zstd") << "\x28\xb5\x2f\xfd"s << Errc::Binary << "zstd"s;
    QTest::newRow("unknown binary") << "\x7f"
                                       "ELF\2\1\1"s
                                    << Errc::Binary << ""s;
}

void ByteSourceTest::contentIsRecognised()
{
    QFETCH(std::string, head);
    QFETCH(Errc, code); // Cancelled stands for none
    QFETCH(std::string, kind);
    const auto reason = whyNoText(head, "in.csv");
    QCOMPARE(reason ? reason->code : Errc::Cancelled, code);
    QCOMPARE(reason ? reason->detail : std::string(), kind);
    QVERIFY(!reason || reason->file == "in.csv");
    const auto format = inputFormatOf(head, "in.csv");
    QCOMPARE(format.has_value(), !reason);
    if (reason)
        QCOMPARE(format.error().code, code);
}

void ByteSourceTest::openingSaysWhatIsWrong_data()
{
    QTest::addColumn<std::string>("content");
    QTest::addColumn<Errc>("code");
    QTest::newRow("empty") << std::string() << Errc::Empty;
    QTest::newRow("empty in gzip") << gzipMember("") << Errc::Empty;
    QTest::newRow("binary in gzip") << gzipMember("SQLite format 3") + gzipMember(std::string(1, '\0'))
                                    << Errc::Binary;
    QTest::newRow("twice gzip") << gzipMember(gzipMember("timestamp,src_ip,dst_ip\n")) << Errc::Binary;
    QTest::newRow("binary") << std::string("\x7f\x45\x4c\x46\x02\x01", 6) << Errc::Binary;
    QTest::newRow("UTF-16") << std::string("\xff\xfe\x61\x00", 4) << Errc::Utf16;
}

void ByteSourceTest::openingSaysWhatIsWrong()
{
    QFETCH(std::string, content);
    QFETCH(Errc, code);
    const TestFolder folder;
    const auto file = folder.write("in.csv", content);
    const auto opened = openInput({.file = file}, 4096);
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, code);
    QVERIFY(opened.error().file == file);
}

void ByteSourceTest::namesDoNotMatter()
{
    const TestFolder folder;
    auto plain = openByteSource(folder.write("plain.csv.gz", "a,b\n"), 4096);
    QVERIFY(plain);
    QCOMPARE((*plain)->compression(), Compression::None);
    auto gzip = openByteSource(folder.write("gzip.csv", gzipMember("a,b\n")), 4096);
    QVERIFY(gzip);
    QCOMPARE((*gzip)->compression(), Compression::Gzip);

    const auto missing = openByteSource(folder / "not there", 4096);
    QVERIFY(!missing);
    QCOMPARE(missing.error().code, Errc::Open);
    QVERIFY(!missing.error().detail.empty());
    const auto directory = openByteSource(folder.path(), 4096);
    QVERIFY(!directory);
    QCOMPARE(directory.error().code, Errc::IsDirectory);
}

void ByteSourceTest::theHeadIsDeliveredAsWell_data()
{
    QTest::addColumn<bool>("gzip");
    QTest::addColumn<std::size_t>("size");
    for (const bool gzip : {false, true}) {
        for (const std::size_t size :
             {std::size_t{1}, std::size_t{1000}, headBytes - 1, headBytes, headBytes + 1, 3 * headBytes}) {
            const auto name = (gzip ? "gzip " : "plain ") + std::to_string(size);
            QTest::newRow(name.c_str()) << gzip << size;
        }
    }
}

void ByteSourceTest::theHeadIsDeliveredAsWell()
{
    QFETCH(bool, gzip);
    QFETCH(std::size_t, size);
    const TestFolder folder;
    std::string text;
    for (std::size_t i = 0; i < size; ++i)
        text += static_cast<char>('a' + i % 26);
    const auto bytes = gzip ? gzipMember(text) : text;
    const auto path = folder.write("in", bytes);
    for (const std::size_t piece : {63u, 64u, 65u, 5000u, 200000u}) {
        auto source = openByteSource(path, 4096);
        QVERIFY(source);
        QVERIFY((*source)->head() == text.substr(0, headBytes));
        std::string got, buffer(piece, '\0');
        for (;;) {
            const auto n = (*source)->read(buffer);
            QVERIFY(n);
            if (*n == 0)
                break;
            got.append(buffer, 0, *n);
        }
        QVERIFY(got == text);
        QCOMPARE((*source)->bytesOnDisk(), bytes.size());
    }
}

void ByteSourceTest::whatFailsBehindTheHeadIsToldThere()
{
    const TestFolder folder;
    const std::string text(1000, 'x');
    const auto cut = gzipMember(text) + gzipMember(text).substr(0, 9);
    auto source = openByteSource(folder.write("in", cut), 4096);
    QVERIFY(source);
    QVERIFY((*source)->head() == text);
    std::string buffer(600, '\0');
    for (const std::size_t expected : {600u, 400u}) {
        const auto n = (*source)->read(buffer);
        QVERIFY(n);
        QCOMPARE(*n, expected);
    }
    const auto end = (*source)->read(buffer);
    QVERIFY(!end);
    QCOMPARE(end.error().code, Errc::InflateEnd);
    // Where nothing came before, there is nothing to open.
    const auto nothing = openByteSource(folder.write("in", cut.substr(0, 9)), 4096);
    QVERIFY(!nothing);
    QCOMPARE(nothing.error().code, Errc::InflateEnd);
}

QTEST_APPLESS_MAIN(ByteSourceTest)
#include "byte_source_test.moc"
