// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/session_recovery.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <chrono>

using namespace packetloom;
using namespace packetloom::test;

/// The files that running instances keep, and those that crashed ones left.
class SessionRecoveryTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { folder_ = std::make_unique<TestFolder>(); }
    void aProperEndLeavesNothing();
    void whatACrashLeftIsFound();
    void theRunningAreLeftAlone();
    void oneInstanceAtATimeOffersIt();
    void theNewestComesFirst();
    void replacedOnceTheOwnIsSaved();
    void damagedFilesAreRemoved();
    void leftoversAreSweptUp();
    void aFolderThatCannotBeWrittenIsNoFailure();

private:
    [[nodiscard]] std::vector<std::string> sessions() const;
    std::filesystem::path leave(const std::string& id, const std::filesystem::path& capture) const;

    std::unique_ptr<TestFolder> folder_;
};

namespace {

SessionFile sessionOf(const std::filesystem::path& capture)
{
    SessionFile session;
    session.options.inputs = {capture};
    session.options.addressFilter = "10.0.0.1";
    session.view = {{"tab", 2}};
    return session;
}

#ifdef Q_OS_WIN
const std::filesystem::path one = "C:/captures/one.csv", other = "C:/captures/other.csv";
#else
const std::filesystem::path one = "/captures/one.csv", other = "/captures/other.csv";
#endif

} // namespace

/// Names of the session files, without locks.
std::vector<std::string> SessionRecoveryTest::sessions() const
{
    auto names = folder_->names();
    std::erase_if(names, [](const std::string& name) { return !name.ends_with(".packetloom"); });
    return names;
}

std::filesystem::path SessionRecoveryTest::leave(const std::string& id,
                                                 const std::filesystem::path& capture) const
{
    return folder_->write(id + ".packetloom",
                          sessionToJson(sessionOf(capture), folder_->path()).toStdString());
}

void SessionRecoveryTest::aProperEndLeavesNothing()
{
    {
        SessionRecovery recovery(folder_->path());
        recovery.save(sessionOf(one));
        QTRY_COMPARE(sessions().size(), 1u);
        const auto kept = QByteArray::fromStdString(contentOf(*folder_ / sessions().front()));
        const auto session = sessionFromJson(kept, folder_->path());
        QVERIFY(session);
        QVERIFY(session->options.inputs == std::vector{one});
        QVERIFY(session->view == sessionOf(one).view);
        recovery.save({}); // everything was closed
        QTRY_COMPARE(sessions().size(), 0u);
        recovery.save(sessionOf(other));
    }
    QVERIFY(folder_->names().empty());
}

void SessionRecoveryTest::whatACrashLeftIsFound()
{
    leave("a", one);
    {
        SessionRecovery recovery(folder_->path());
        const auto left = recovery.findLeft();
        QVERIFY(left);
        QVERIFY(left->options.inputs == std::vector{one});
        QCOMPARE(left->options.addressFilter, std::string("10.0.0.1"));
        QVERIFY(left->view == sessionOf(one).view);
    }
    QCOMPARE(sessions(), std::vector<std::string>{"a.packetloom"}); // nobody answered
    {
        SessionRecovery recovery(folder_->path());
        QVERIFY(recovery.findLeft());
        recovery.discardLeft();
        QVERIFY(!recovery.findLeft());
    }
    QVERIFY(folder_->names().empty());
}

void SessionRecoveryTest::theRunningAreLeftAlone()
{
    auto running = std::make_unique<SessionRecovery>(folder_->path());
    running->save(sessionOf(one));
    QTRY_COMPARE(sessions().size(), 1u);
    SessionRecovery second(folder_->path());
    QVERIFY(!second.findLeft());
    second.save(sessionOf(other));
    QTRY_COMPARE(sessions().size(), 2u);
    QVERIFY(!running->findLeft());
    running.reset();
    QCOMPARE(sessions().size(), 1u);
    QVERIFY(!second.findLeft()); // its own
}

void SessionRecoveryTest::oneInstanceAtATimeOffersIt()
{
    leave("a", one);
    auto first = std::make_unique<SessionRecovery>(folder_->path());
    SessionRecovery second(folder_->path());
    QVERIFY(first->findLeft());
    QVERIFY(!second.findLeft());
    first.reset();
    QVERIFY(second.findLeft());
}

void SessionRecoveryTest::theNewestComesFirst()
{
    const auto old = leave("b", one);
    leave("a", other);
    std::filesystem::last_write_time(old,
                                     std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
    SessionRecovery recovery(folder_->path());
    auto left = recovery.findLeft();
    QVERIFY(left && left->options.inputs == std::vector{other});
    recovery.discardLeft();
    QTRY_COMPARE(sessions().size(), 1u);
    left = recovery.findLeft();
    QVERIFY(left && left->options.inputs == std::vector{one});
}

void SessionRecoveryTest::replacedOnceTheOwnIsSaved()
{
    leave("a", one);
    SessionRecovery recovery(folder_->path());
    const auto left = recovery.findLeft();
    QVERIFY(left);
    recovery.replaceLeft(*left);
    QTRY_VERIFY(sessions().size() == 1 && sessions().front() != "a.packetloom");
    QVERIFY(!recovery.findLeft());
    const auto kept = QByteArray::fromStdString(contentOf(*folder_ / sessions().front()));
    QVERIFY(kept == sessionToJson(*left, folder_->path()));
}

void SessionRecoveryTest::damagedFilesAreRemoved()
{
    static_cast<void>(folder_->write("a.packetloom", ""));
    static_cast<void>(folder_->write("b.packetloom", "garbage"));
    static_cast<void>(folder_->write("c.packetloom", "{\"packetloom_session\": 1, \"captures\": ["));
    static_cast<void>(folder_->write("d.packetloom", "{\"packetloom_session\": 999}"));
    leave("e", one);
    std::filesystem::last_write_time(*folder_ / "e.packetloom",
                                     std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
    SessionRecovery recovery(folder_->path());
    const auto left = recovery.findLeft();
    QVERIFY(left && left->options.inputs == std::vector{one});
    QCOMPARE(sessions(), (std::vector<std::string>{"d.packetloom", "e.packetloom"})); // d is a later format
}

void SessionRecoveryTest::leftoversAreSweptUp()
{
    leave("a", one);
    static_cast<void>(folder_->write("a.packetloom.Xy12", "{"));
    static_cast<void>(folder_->write("b.packetloom.Zz34", "{"));
    static_cast<void>(folder_->write("notes.txt", "not ours"));
    {
        SessionRecovery recovery(folder_->path());
        QVERIFY(recovery.findLeft());
        recovery.discardLeft();
    }
    QCOMPARE(folder_->names(), std::vector<std::string>{"notes.txt"});
}

void SessionRecoveryTest::aFolderThatCannotBeWrittenIsNoFailure()
{
    const auto below = folder_->write("file", "") / std::filesystem::path("below");
    SessionRecovery recovery(below);
    QVERIFY(!recovery.findLeft());
    recovery.save(sessionOf(one));
    recovery.replaceLeft(sessionOf(other));
}

QTEST_APPLESS_MAIN(SessionRecoveryTest)
#include "session_recovery_test.moc"
