// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/stable_array.h"

#include <QTest>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

using namespace packetloom;

class StableArrayTest : public QObject
{
    Q_OBJECT

private slots:
    void aroundEveryBorder();
    void elementsDoNotMove();
    void ofAnything();
    void othersReadMeanwhile();
};

namespace {

constexpr std::size_t many = 1'100'000; // ten segments and the beginning of the next

} // namespace

void StableArrayTest::aroundEveryBorder()
{
    StableArray<std::size_t> array;
    QCOMPARE(array.size(), std::size_t{0});
    std::vector<std::size_t> borders; // of segments that begin with 1024 elements and double
    for (std::size_t length = 1024, border = length; border < many; border += length) {
        borders.push_back(border);
        length *= 2;
    }
    QCOMPARE(borders.size(), std::size_t{10});
    std::size_t next = 0;
    for (std::size_t i = 0; i < many; ++i) {
        array.push_back(i * 3);
        if (next < borders.size() && i == borders[next] + 1) {
            ++next;
            QCOMPARE(array.size(), i + 1);
            for (std::size_t near = i - 3; near <= i; ++near)
                QCOMPARE(array[near], near * 3);
        }
    }
    QCOMPARE(next, borders.size());
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < many; ++i)
        wrong += array[i] != i * 3 ? 1u : 0u;
    QCOMPARE(wrong, std::size_t{0});
}

void StableArrayTest::elementsDoNotMove()
{
    StableArray<std::size_t> array;
    std::vector<const std::size_t*> places;
    for (std::size_t i = 0; i < many; ++i) {
        array.push_back(i);
        if (places.size() < 5000)
            places.push_back(&array[i]);
    }
    for (std::size_t i = 0; i < places.size(); ++i) {
        QCOMPARE(&array[i], places[i]);
        QCOMPARE(*places[i], i);
    }
}

void StableArrayTest::ofAnything()
{
    StableArray<std::string> array;
    for (int i = 0; i < 5000; ++i)
        array.push_back(std::string(40, 'x') + std::to_string(i));
    for (int i = 0; i < 5000; ++i)
        QCOMPARE(array[static_cast<std::size_t>(i)], std::string(40, 'x') + std::to_string(i));
}

void StableArrayTest::othersReadMeanwhile()
{
    StableArray<std::size_t> array;
    std::atomic<std::size_t> told{0};
    std::atomic<std::size_t> wrong{0};
    constexpr std::size_t count = 50'000;
    std::vector<std::thread> readers;
    for (int t = 0; t < 2; ++t)
        readers.emplace_back([&] {
            for (std::size_t seen = 0; seen < count;) {
                const std::size_t end = told;
                for (; seen < end; ++seen)
                    wrong += array[seen] != seen + 1 || array[seen / 2] != seen / 2 + 1 ? 1u : 0u;
            }
        });
    for (std::size_t i = 0; i < count; ++i) {
        array.push_back(i + 1);
        told = i + 1;
    }
    for (auto& reader : readers)
        reader.join();
    QCOMPARE(wrong.load(), std::size_t{0});
}

QTEST_APPLESS_MAIN(StableArrayTest)
#include "stable_array_test.moc"
