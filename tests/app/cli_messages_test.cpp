// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/cli_messages.h"
#include "app/cli_row_messages.h"
#include "core/run/option_table.h"
#include "core/support/file.h"

#include <QTest>
#include <set>

using namespace packetloom;

class CliMessagesTest : public QObject
{
    Q_OBJECT

private slots:
    void everyCodeHasItsOwnSentence();
    void everyReasonHasItsOwnText();
    void thePlaceIsNamed();
    void factsAreTold();
    void hostileTextIsMadeHarmless();
    void filtersAreMarkedWhereTheyAreWrong_data();
    void filtersAreMarkedWhereTheyAreWrong();
};

void CliMessagesTest::everyCodeHasItsOwnSentence()
{
    std::set<std::string> texts;
    for (int code = 0; code <= int(Errc::Internal); ++code) {
        const auto text = errorText(Error{.code = Errc(code), .detail = "detail", .file = {}});
        QVERIFY2(text.ends_with('.') || text.ends_with("utf8.csv") || text.ends_with('?'), text.c_str());
        QVERIFY2(!text.starts_with("unknown"), text.c_str());
        QVERIFY2(texts.insert(text).second, text.c_str());
    }
}

void CliMessagesTest::everyReasonHasItsOwnText()
{
    std::set<std::string> texts;
    for (std::size_t i = 0; i < rejectReasonCount; ++i) {
        const auto text = rejectReasonText(RejectReason(i));
        QVERIFY(text.size() > 5);
        QVERIFY2(texts.insert(text).second, text.c_str());
    }
}

void CliMessagesTest::thePlaceIsNamed()
{
    const auto text = errorText(Error{.code = Errc::Inflate,
                                      .detail = "invalid block type",
                                      .file = "dir/in.csv.gz",
                                      .byte = 12345,
                                      .line = 7});
    QVERIFY2(text.starts_with("dir/in.csv.gz, line 7, byte 12,345: "), text.c_str());
    QVERIFY(text.find("invalid block type") != std::string::npos);
    QVERIFY(text.find("gzip -dc") != std::string::npos); // the cure
    const auto nameless =
        errorText(Error{.code = Errc::CaptureCut, .detail = {}, .file = {}, .byte = 9, .line = 7});
    QVERIFY2(nameless.starts_with("line 7, byte 9: "), nameless.c_str());
    const auto warning =
        warningText({Warning::Kind::SkippedInput,
                     Error{.code = Errc::Open, .detail = "No such file or directory", .file = "x.csv"}});
    QVERIFY2(warning.starts_with("left out: x.csv: "), warning.c_str());
}

void CliMessagesTest::factsAreTold()
{
    const auto text = [](Errc code, ErrorFacts facts) {
        return errorText(
            Error{.code = code, .detail = {}, .file = {}, .byte = 5'000'000, .facts = std::move(facts)});
    };
    const auto header = text(Errc::Header, HeaderColumns{{"src_ip", "dst_ip"}, {"a", "b"}, false});
    QVERIFY2(header.find("no column named src_ip, dst_ip. ") != std::string::npos, header.c_str());
    QVERIFY2(header.ends_with(" Found: a, b."), header.c_str());
    QVERIFY(text(Errc::Header, HeaderColumns{{"src_ip"}, {"a"}, true}).ends_with(" Found: a, ...."));
    QVERIFY(text(Errc::Header, HeaderColumns{{"src_ip"}, {}, false}).ends_with("be split into names."));
    const auto memory = text(Errc::MemoryLimit, MemoryTakers{12, 34});
    QVERIFY2(memory.find("(12 addresses, 34 open flows so far)") != std::string::npos, memory.c_str());
    QVERIFY(text(Errc::NotRegular, FileKind::Socket).find("is a socket;") != std::string::npos);
    QVERIFY(text(Errc::Option, OptionId::Threads).find("--threads must be 0 to 1024.") != std::string::npos);
}

void CliMessagesTest::hostileTextIsMadeHarmless()
{
    const auto text = errorText(Error{.code = Errc::Header,
                                      .detail = {},
                                      .file = "a\x1b"
                                              "b",
                                      .facts = HeaderColumns{{"timestamp"}, {"\x1b[2Jred\n", "\xff"}}});
    QVERIFY(text.find('\x1b') == std::string::npos);
    QVERIFY(text.find('\n') == std::string::npos);
    QVERIFY2(text.find("\\x1b[2Jred\\x0a") != std::string::npos, text.c_str());
    QVERIFY(text.find("\\xff") != std::string::npos);
}

void CliMessagesTest::filtersAreMarkedWhereTheyAreWrong_data()
{
    QTest::addColumn<QByteArray>("filter");
    QTest::addColumn<QByteArray>("sentence"); // its beginning
    QTest::addColumn<QByteArray>("marks");    // below the filter
    const auto row = [](const char* filter, const char* sentence, const char* marks) {
        QTest::newRow(filter) << QByteArray(filter) << QByteArray(sentence) << QByteArray(marks);
    };
    row("port ==", "a value for port must follow, such as 443", "       ^");
    row("tcp and dprot == 5", "there is no field \"dprot\".", "        ^~~~~");
    row("\xc3\xa4 or (b", "the parenthesis is never closed.", "     ^");
    row("a \x1b b", "\"\\x1b\" means nothing here", "  ^~~~");
    row("flow(len > 5)", "len is a field of packets; a flow has none.", "     ^~~");
    row("src matches 'a('", "\"a(\" is no regular expression: missing )", "            ^~~~");
    row("80", "for a port write :80", "^~");
    row("len > 5 or bytes > 5", "a part of it asks at once", "");
}

void CliMessagesTest::filtersAreMarkedWhereTheyAreWrong()
{
    QFETCH(QByteArray, filter);
    QFETCH(QByteArray, sentence);
    QFETCH(QByteArray, marks);
    const auto text = QByteArray::fromStdString(
        errorText(Error{.code = Errc::FilterText, .detail = filter.toStdString(), .file = {}}));
    QVERIFY2(text.startsWith("--filter: " + sentence), text.constData());
    const auto lines = text.split('\n');
    if (marks.isEmpty())
        QCOMPARE(lines.size(), 1);
    else
        QCOMPARE(lines.value(2), "  " + marks);
}

QTEST_APPLESS_MAIN(CliMessagesTest)
#include "cli_messages_test.moc"
