// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/result.h"

#include <QTest>
#include <memory>
#include <string>
#include <utility>
#include <variant>

using namespace packetloom;

class ResultTest : public QObject
{
    Q_OBJECT

private slots:
    void holdsAValue();
    void holdsAnError();
    void theWrongAlternativeThrows();
    void valuesMoveOut();
    void errorsMoveOn();
    void nothingIsAValueToo();
};

void ResultTest::holdsAValue()
{
    Result<std::string> result(std::string("seven"));
    QVERIFY(result.has_value());
    QVERIFY(result);
    QCOMPARE(*result, std::string("seven"));
    QCOMPARE(result->size(), std::size_t{5});
    result->push_back('!');
    const Result<std::string>& fixed = result;
    QCOMPARE(*fixed, std::string("seven!"));
    QCOMPARE(fixed.value(), std::string("seven!"));
    QCOMPARE(fixed->front(), 's');
    *result = "eight";
    QCOMPARE(fixed.value(), std::string("eight"));
}

void ResultTest::holdsAnError()
{
    Result<int> result(Error{.code = Errc::Inflate, .detail = "bad", .file = "a.gz", .byte = 7, .line = 3});
    QVERIFY(!result.has_value());
    QVERIFY(!result);
    const Result<int>& fixed = result;
    QCOMPARE(fixed.error().code, Errc::Inflate);
    QCOMPARE(fixed.error().detail, std::string("bad"));
    QCOMPARE(fixed.error().file, std::filesystem::path("a.gz"));
    QCOMPARE(fixed.error().byte, std::uint64_t{7});
    QCOMPARE(fixed.error().line, std::uint64_t{3});
    QCOMPARE(fixed.error().stage, Stage::Run);
    result.error().stage = Stage::Prepare;
    QCOMPARE(fixed.error().stage, Stage::Prepare);
}

void ResultTest::theWrongAlternativeThrows()
{
    Result<int> value(1);
    Result<int> error(Error{});
    const Result<int>& fixedValue = value;
    const Result<int>& fixedError = error;
    QVERIFY_THROWS_EXCEPTION(std::bad_variant_access, value.error());
    QVERIFY_THROWS_EXCEPTION(std::bad_variant_access, fixedValue.error());
    QVERIFY_THROWS_EXCEPTION(std::bad_variant_access, std::move(value).error());
    QVERIFY_THROWS_EXCEPTION(std::bad_variant_access, error.value());
    QVERIFY_THROWS_EXCEPTION(std::bad_variant_access, *error);
    QVERIFY_THROWS_EXCEPTION(std::bad_variant_access, fixedError.value());
    QVERIFY_THROWS_EXCEPTION(std::bad_variant_access, *fixedError);
    QVERIFY_THROWS_EXCEPTION(std::bad_variant_access, std::move(error).value());
    Result<std::string> text(Error{});
    QVERIFY_THROWS_EXCEPTION(std::bad_variant_access, text->clear());
}

void ResultTest::valuesMoveOut()
{
    Result<std::unique_ptr<int>> result(std::make_unique<int>(5));
    const std::unique_ptr<int> owner = *std::move(result);
    QCOMPARE(*owner, 5);
    QVERIFY(!*result); // still a value, an empty one
    Result<std::unique_ptr<int>> other(std::make_unique<int>(6));
    const std::unique_ptr<int> second = std::move(other).value();
    QCOMPARE(*second, 6);
}

// The way of an error up through functions of different results.
void ResultTest::errorsMoveOn()
{
    const auto inner = []() -> Result<int> {
        return Error{.code = Errc::NoSpace, .detail = "full", .file = "f"};
    };
    const auto outer = [&]() -> Result<std::string> {
        auto number = inner();
        if (!number)
            return std::move(number).error();
        return std::to_string(*number);
    };
    const auto result = outer();
    QVERIFY(!result);
    QCOMPARE(result.error().code, Errc::NoSpace);
    QCOMPARE(result.error().detail, std::string("full"));
    QCOMPARE(result.error().file, std::filesystem::path("f"));
}

void ResultTest::nothingIsAValueToo()
{
    const auto done = []() -> Result<void> { return {}; };
    const auto failed = []() -> Result<void> {
        return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
    };
    QVERIFY(done());
    QVERIFY(done().has_value());
    QVERIFY(!failed());
    QCOMPARE(failed().error().code, Errc::Cancelled);
    auto result = done();
    QVERIFY_THROWS_EXCEPTION(std::bad_variant_access, result.error());
    result = failed();
    QVERIFY(!result);
}

QTEST_APPLESS_MAIN(ResultTest)
#include "result_test.moc"
