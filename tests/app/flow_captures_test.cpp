// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/flow_captures.h"
#include "core/analysis/analyze.h"
#include "tests/support/frame_bytes.h"
#include "tests/support/test_folder.h"

#include <QFile>
#include <QFileInfo>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// The packets of a flow as a capture, asked for from the event loop, and given to Wireshark.
class FlowCapturesTest : public QObject
{
    Q_OBJECT

private slots:
    void wiresharkGetsATemporaryFile();
    void withoutWiresharkTheFileIsThere();
    void aNamedFileIsNotOpened();
    void errorsAreTold();
    void aCancelledOneTellsNothing();
};

namespace {

constexpr int patience = 60'000;

std::shared_ptr<const Analysis> analyzed(const TestFolder& folder, int packets = 3)
{
    PcapFile file;
    constexpr unsigned ipType = 0x0800;
    for (int i = 0; i < packets; ++i)
        file.add(
            1'700'000'000, static_cast<std::uint32_t>(i),
            ethernet(ipType, ipv4({}, tcp({.sequence = 1000u + static_cast<std::uint32_t>(i)}, "data"))));
    Options options;
    options.inputs = {folder.write("in.pcap", file.bytes())};
    options.temporaryFolder = folder.path();
    auto made = analyze(
        options, [](const Progress&) { return true; }, Depth::Flows);
    if (!made)
        throw std::runtime_error("the capture cannot be analyzed");
    return *made;
}

struct Heard
{
    explicit Heard(FlowCaptures& captures)
    {
        QObject::connect(&captures, &FlowCaptures::written, &captures,
                         [this](std::size_t, const QString& where, const FlowCapture& what, bool started) {
                             path = where;
                             capture = what;
                             opened = started;
                         });
        QObject::connect(&captures, &FlowCaptures::failed, &captures,
                         [this](std::size_t, const Error& problem) { error = problem.code; });
    }
    QString path;
    FlowCapture capture;
    bool opened = false;
    std::optional<Errc> error;
};

} // namespace

void FlowCapturesTest::wiresharkGetsATemporaryFile()
{
#ifdef Q_OS_UNIX
    const TestFolder folder;
    const auto program = folder.write("wireshark", "#!/bin/sh\ncp \"$1\" \"$(dirname \"$0\")/seen\"\n");
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    QString path;
    {
        FlowCaptures captures;
        captures.setProgram(QString::fromStdString(pathText(program)));
        Heard heard(captures);
        const auto analysis = analyzed(folder);
        captures.write(analysis, 0, {});
        QTRY_VERIFY_WITH_TIMEOUT(!heard.path.isEmpty(), patience);
        QVERIFY(heard.opened);
        QCOMPARE(heard.capture.written, 3u);
        path = heard.path;
        QVERIFY(path.endsWith(QStringLiteral("flow_000001.pcapng")));
        const QString seen = QString::fromStdString(pathText(folder / "seen"));
        QTRY_COMPARE_WITH_TIMEOUT(QFileInfo(seen).size(), QFileInfo(path).size(), patience);
        heard.path.clear();
        captures.write(analysis, 0, {}); // the first one may still be looked at
        QTRY_VERIFY_WITH_TIMEOUT(!heard.path.isEmpty(), patience);
        QVERIFY(heard.path != path && QFileInfo::exists(path));
    }
    QVERIFY(!QFileInfo::exists(path));
#else
    QSKIP("there are no scripts");
#endif
}

void FlowCapturesTest::withoutWiresharkTheFileIsThere()
{
    const TestFolder folder;
    FlowCaptures captures;
    captures.setProgram({});
    Heard heard(captures);
    captures.write(analyzed(folder), 0, {});
    QTRY_VERIFY_WITH_TIMEOUT(!heard.path.isEmpty(), patience);
    QVERIFY(!heard.opened);
    QCOMPARE(static_cast<std::uint64_t>(QFileInfo(heard.path).size()), heard.capture.bytes);
}

void FlowCapturesTest::aNamedFileIsNotOpened()
{
    const TestFolder folder;
    FlowCaptures captures;
    captures.setProgram(QString::fromStdString(pathText(folder / "nothing")));
    Heard heard(captures);
    captures.write(analyzed(folder), 0, QString::fromStdString(pathText(folder / "out.pcapng")));
    QTRY_VERIFY_WITH_TIMEOUT(!heard.path.isEmpty(), patience);
    QVERIFY(!heard.opened);
    QVERIFY(std::filesystem::exists(folder / "out.pcapng"));
}

void FlowCapturesTest::errorsAreTold()
{
    const TestFolder folder;
    FlowCaptures captures;
    Heard heard(captures);
    const auto analysis = analyzed(folder);
    captures.write(analysis, 0, QString::fromStdString(pathText(folder / "in.pcap")));
    QTRY_COMPARE_WITH_TIMEOUT(heard.error, std::optional(Errc::OutputIsInput), patience);
}

void FlowCapturesTest::aCancelledOneTellsNothing()
{
    const TestFolder folder;
    FlowCaptures captures;
    Heard heard(captures);
    captures.write(analyzed(folder, 50'000), 0, QString::fromStdString(pathText(folder / "out.pcapng")));
    captures.cancel();
    QTest::qWait(300);
    QVERIFY(heard.path.isEmpty());
    QVERIFY(!heard.error);
}

QTEST_GUILESS_MAIN(FlowCapturesTest)
#include "flow_captures_test.moc"
