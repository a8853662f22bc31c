// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/process_mark.h"

#include <QCoreApplication>
#include <QTest>

#ifndef _WIN32
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>
#endif

using namespace packetloom;

/// Whether a process is alive, as another one sees it.
class ProcessMarkTest : public QObject
{
    Q_OBJECT

private slots:
    void thisOneIsAlive();
    void anotherOneEnds();
    void aLaterOneWithItsNumberIsAnother();
    void elsewhereIsOutOfSight();
    void anEarlierStartOfTheHostIsGone();
    void numbersThatNoProcessHas();
};

void ProcessMarkTest::thisOneIsAlive()
{
    const auto own = ownProcess();
    QVERIFY(!own.host.empty());
    QCOMPARE(own.process, static_cast<std::uint64_t>(QCoreApplication::applicationPid()));
    QVERIFY(own == ownProcess());
    QCOMPARE(look(own), Sighting::Alive);
#ifdef __linux__
    QVERIFY(own.began > 0);
    QVERIFY(!own.scope.empty());
#endif
}

void ProcessMarkTest::anotherOneEnds()
{
#ifdef _WIN32
    QSKIP("there is no fork");
#else
    const pid_t child = ::fork();
    if (child == 0) {
        for (;;)
            ::pause();
    }
    QVERIFY(child > 0);
    auto mark = ownProcess();
    mark.process = static_cast<std::uint64_t>(child);
    mark.began = 0;
    const auto before = look(mark);
    QCOMPARE(::kill(child, SIGKILL), 0);
#ifdef __linux__
    siginfo_t ended{};
    QCOMPARE(::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT), 0);
    QCOMPARE(look(mark), Sighting::Gone); // nobody has asked for its end yet
#endif
    QCOMPARE(::waitpid(child, nullptr, 0), child);
    QCOMPARE(before, Sighting::Alive);
    QCOMPARE(look(mark), Sighting::Gone);
#endif
}

void ProcessMarkTest::aLaterOneWithItsNumberIsAnother()
{
    auto mark = ownProcess();
    if (mark.began == 0)
        QSKIP("the system does not say when a process began");
    --mark.began;
    QCOMPARE(look(mark), Sighting::Gone);
}

void ProcessMarkTest::elsewhereIsOutOfSight()
{
    auto mark = ownProcess();
    mark.host += 'x';
    QCOMPARE(look(mark), Sighting::OutOfSight);
    mark = ownProcess();
    mark.scope += 'x';
    QCOMPARE(look(mark), Sighting::OutOfSight);
    QCOMPARE(look({}), Sighting::OutOfSight);
}

void ProcessMarkTest::anEarlierStartOfTheHostIsGone()
{
    auto mark = ownProcess();
    if (mark.scope.empty())
        QSKIP("the system does not say when it was started");
    mark.scope = "11111111-2222-3333-4444-555555555555 pid:[4026531836]";
    QCOMPARE(look(mark), Sighting::Gone);
    auto elsewhere = mark;
    elsewhere.host += 'x';
    QCOMPARE(look(elsewhere), Sighting::OutOfSight);
    for (const char* const scope : {"", "x"}) {
        mark.scope = scope;
        QCOMPARE(look(mark), Sighting::OutOfSight);
    }
}

void ProcessMarkTest::numbersThatNoProcessHas()
{
    auto mark = ownProcess();
    for (const auto number : {std::uint64_t{0}, ~std::uint64_t{0}, std::uint64_t{1} << 31}) {
        mark.process = number;
        QCOMPARE(look(mark), Sighting::Gone);
    }
}

QTEST_APPLESS_MAIN(ProcessMarkTest)
#include "process_mark_test.moc"
