// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/recycler.h"

#include <QTest>
#include <atomic>
#include <optional>
#include <thread>
#include <vector>

using namespace packetloom;

class RecyclerTest : public QObject
{
    Q_OBJECT

private slots:
    void givesTheSameObjectBack();
    void asManyAsAreHeldAtOnce();
    void objectsOutliveTheirRecycler();
    void threadsShareIt();
};

namespace {

struct Object
{
    inline static std::atomic<int> alive{0};

    Object() { ++alive; }
    ~Object() { --alive; }
    Object(const Object&) = delete;
    Object& operator=(const Object&) = delete;

    std::vector<int> content;
    std::atomic<bool> taken{false};
};

} // namespace

void RecyclerTest::givesTheSameObjectBack()
{
    Recycler<Object> recycler;
    auto object = recycler.take();
    object->content.assign(1000, 7);
    const Object* const address = object.get();
    object = nullptr;
    const auto again = recycler.take();
    QCOMPARE(static_cast<const Object*>(again.get()), address);
    QCOMPARE(again->content.size(), std::size_t{1000}); // as it was: its memory is what it is kept for
    QCOMPARE(Object::alive.load(), 1);
}

void RecyclerTest::asManyAsAreHeldAtOnce()
{
    {
        Recycler<Object> recycler;
        for (int round = 0; round < 5; ++round) {
            std::vector<std::shared_ptr<Object>> held;
            for (int i = 0; i < 10; ++i) {
                held.push_back(recycler.take());
                QVERIFY(!held.back()->taken.exchange(true)); // nobody else has it
            }
            for (const auto& object : held)
                object->taken = false;
            const auto shared = held.front(); // goes back with its last owner only
            held.clear();
            QVERIFY(recycler.take() != shared);
        }
        QCOMPARE(Object::alive.load(), 10);
    }
    QCOMPARE(Object::alive.load(), 0);
}

void RecyclerTest::objectsOutliveTheirRecycler()
{
    std::optional<Recycler<Object>> recycler;
    recycler.emplace();
    auto first = recycler->take(), second = recycler->take();
    recycler->take();
    recycler.reset();
    QCOMPARE(Object::alive.load(), 3); // the spare one too, until the last that was taken comes back
    first->content.assign(10, 1);
    first = nullptr;
    second->content.assign(10, 1);
    second = nullptr;
    QCOMPARE(Object::alive.load(), 0);
}

void RecyclerTest::threadsShareIt()
{
    {
        Recycler<Object> recycler;
        std::atomic<int> shared{0};
        std::vector<std::thread> threads;
        for (int t = 0; t < 8; ++t)
            threads.emplace_back([&] {
                std::shared_ptr<Object> before;
                for (int i = 0; i < 500; ++i) {
                    auto object = recycler.take();
                    if (object->taken.exchange(true))
                        ++shared;
                    object->content.push_back(i); // a race, were two to have it
                    object->taken = false;
                    before = std::move(object);
                }
            });
        for (auto& thread : threads)
            thread.join();
        QCOMPARE(shared.load(), 0);
        QVERIFY(Object::alive <= 16); // a thread holds two at most
        std::size_t uses = 0;
        std::vector<std::shared_ptr<Object>> all;
        for (int i = Object::alive; i > 0; --i) {
            all.push_back(recycler.take());
            uses += all.back()->content.size();
        }
        QCOMPARE(uses, std::size_t{8} * 500);
    }
    QCOMPARE(Object::alive.load(), 0);
}

QTEST_APPLESS_MAIN(RecyclerTest)
#include "recycler_test.moc"
