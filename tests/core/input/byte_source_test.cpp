// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/bytes/byte_source.h"
#include "core/input/bytes/content_sniffer.h"
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
    void peekedBytesAreDelivered();
};

void ByteSourceTest::contentIsRecognised_data()
{
    using namespace std::string_literals;
    QTest::addColumn<std::string>("head");
    QTest::addColumn<Content>("content");
    QTest::addColumn<std::string>("kind");
    QTest::newRow("empty") << ""s << Content::Empty << ""s;
    QTest::newRow("text") << "timestamp,src_ip\n1,2"s << Content::Text << ""s;
    QTest::newRow("UTF-8 text") << "z\xc3\xa4hler,src_ip\n"s << Content::Text << ""s;
    QTest::newRow("with a byte order mark") << "\xef\xbb\xbftimestamp"s << Content::Text << ""s;
    QTest::newRow("one letter") << "a"s << Content::Text << ""s;
    QTest::newRow("control characters after the header") << "a,b\n\0\1\2"s << Content::Text << ""s;
    QTest::newRow("gzip") << "\x1f\x8b\x08"s << Content::Gzip << ""s;
    QTest::newRow("UTF-16 LE with mark") << "\xff\xfet\0i\0"s << Content::Utf16 << ""s;
    QTest::newRow("UTF-16 BE with mark") << "\xfe\xff\0t\0i"s << Content::Utf16 << ""s;
    QTest::newRow("UTF-16 LE") << "t\0i\0m\0"s << Content::Utf16 << ""s;
    QTest::newRow("UTF-16 BE") << "\0t\0i\0m"s << Content::Utf16 << ""s;
    QTest::newRow("pcap") << "\xd4\xc3\xb2\xa1\2\0\4\0"s << Content::Binary << "pcap"s;
    QTest::newRow("pcapng") << "\x0a\x0d\x0d\x0a\x1c\0"s << Content::Binary << "pcapng"s;
    QTest::newRow("zip") << "PK\3\4"s << Content::Binary << "zip"s;
    QTest::newRow("xz") << "\xfd"
                           "7zXZ\0\0"s
                        << Content::Binary << "xz"s;
    QTest::newRow("zstd") << "\x28\xb5\x2f\xfd"s << Content::Binary << "zstd"s;
    QTest::newRow("unknown binary") << "\x7f"
                                       "ELF\2\1\1"s
                                    << Content::Binary << ""s;
}

void ByteSourceTest::contentIsRecognised()
{
    QFETCH(std::string, head);
    QFETCH(Content, content);
    QFETCH(std::string, kind);
    QCOMPARE(sniff(head), content);
    QCOMPARE(binaryKind(head), kind);
}

void ByteSourceTest::openingSaysWhatIsWrong_data()
{
    QTest::addColumn<std::string>("content");
    QTest::addColumn<Errc>("code");
    QTest::newRow("empty") << std::string() << Errc::Empty;
    QTest::newRow("binary") << std::string("\x7f\x45\x4c\x46\x02\x01", 6) << Errc::Binary;
    QTest::newRow("UTF-16") << std::string("\xff\xfe\x61\x00", 4) << Errc::Utf16;
}

void ByteSourceTest::openingSaysWhatIsWrong()
{
    QFETCH(std::string, content);
    QFETCH(Errc, code);
    const TestFolder folder;
    const auto file = folder.write("in.csv", content);
    const auto source = openByteSource(file, 4096);
    QVERIFY(!source);
    QCOMPARE(source.error().code, code);
    QVERIFY(source.error().file == file);
}

void ByteSourceTest::namesDoNotMatter()
{
    const TestFolder folder;
    auto plain = openByteSource(folder.write("plain.csv.gz", "a,b\n"), 4096);
    QVERIFY(plain);
    QVERIFY(!(*plain)->compressed());
    auto gzip = openByteSource(folder.write("gzip.csv", gzipMember("a,b\n")), 4096);
    QVERIFY(gzip);
    QVERIFY((*gzip)->compressed());

    const auto missing = openByteSource(folder / "not there", 4096);
    QVERIFY(!missing);
    QCOMPARE(missing.error().code, Errc::Open);
    QVERIFY(!missing.error().detail.empty());
    const auto directory = openByteSource(folder.path(), 4096);
    QVERIFY(!directory);
    QCOMPARE(directory.error().code, Errc::IsDirectory);
}

void ByteSourceTest::peekedBytesAreDelivered()
{
    const TestFolder folder;
    std::string text;
    for (int i = 0; i < 1000; ++i)
        text += static_cast<char>('a' + i % 26);
    const auto path = folder.write("in", text);
    for (const std::size_t piece : {1u, 63u, 64u, 65u, 5000u}) {
        auto source = openByteSource(path, 4096);
        QVERIFY(source);
        QCOMPARE((*source)->bytesOnDisk(), 0u);
        std::string got, buffer(piece, '\0');
        for (;;) {
            const auto n = (*source)->read(buffer);
            QVERIFY(n);
            if (*n == 0)
                break;
            got.append(buffer, 0, *n);
        }
        QCOMPARE(got, text);
        QCOMPARE((*source)->bytesOnDisk(), text.size());
    }
}

QTEST_APPLESS_MAIN(ByteSourceTest)
#include "byte_source_test.moc"
