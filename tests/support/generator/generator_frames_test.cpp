// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// That captures of frames say what the rows of the same traffic say, in headers that are right.

#include "core/model/ip_text.h"
#include "tests/support/generator/frame_rows.h"
#include "tests/support/generator/shapes.h"

#include <QTest>
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

using namespace packetloom;
using namespace packetloom::generator;

namespace {

std::string generated(const GeneratorOptions& options)
{
    std::string all;
    const auto result = generate(options, [&all](std::string_view block) {
        all += block;
        return true;
    });
    if (!result.error.empty())
        qFatal("%s", result.error.c_str());
    return all;
}

/// Numbers of a text of bytes; what lies outside of it ends the test.
class Bytes
{
public:
    explicit Bytes(std::string_view text) : text_(text) {}

    [[nodiscard]] unsigned u8(std::size_t at) const { return static_cast<unsigned char>(text_.at(at)); }
    [[nodiscard]] unsigned be16(std::size_t at) const { return u8(at) << 8 | u8(at + 1); }
    [[nodiscard]] std::uint32_t be32(std::size_t at) const
    {
        return std::uint32_t{be16(at)} << 16 | be16(at + 2);
    }
    [[nodiscard]] std::uint32_t le32(std::size_t at) const
    {
        return u8(at) | u8(at + 1) << 8 | u8(at + 2) << 16 | std::uint32_t{u8(at + 3)} << 24;
    }
    [[nodiscard]] std::string_view from(std::size_t at, std::size_t size) const
    {
        return at + size <= text_.size() ? text_.substr(at, size) : throw std::out_of_range("frame");
    }

private:
    std::string_view text_;
};

/// As the program under test writes it.
std::string ipText(std::span<const std::uint8_t> address)
{
    std::array<char, longestIpText> text{};
    return {text.data(), writeIpText(address, text)};
}

struct Record
{
    std::uint64_t time = 0; ///< microseconds
    std::uint32_t length = 0;
    std::string frame;
};

std::vector<Record> pcapRecords(const std::string& file)
{
    const Bytes bytes(file);
    std::vector<Record> records;
    for (std::size_t at = 24; at < file.size();) {
        const std::uint32_t captured = bytes.le32(at + 8);
        records.push_back({bytes.le32(at) * std::uint64_t{1'000'000} + bytes.le32(at + 4),
                           bytes.le32(at + 12), std::string(bytes.from(at + 16, captured))});
        at += 16 + captured;
    }
    return records;
}

/// RFC 1071: the sum of a range with its checksum in it is all ones.
std::uint32_t sumOf(std::string_view text)
{
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < text.size(); ++i)
        sum += static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])) << (i % 2 == 0 ? 8 : 0);
    return sum;
}

bool isWhole(std::uint32_t sum)
{
    while (sum >> 16 != 0)
        sum = (sum & 0xFFFF) + (sum >> 16);
    return sum == 0xFFFF;
}

/// What a frame says, as the row of it would be written, after a look at all that a row does not say.
std::string rowOf(const Record& record)
{
    const Bytes frame(record.frame);
    const bool ipv6 = frame.be16(12) == 0x86DD;
    const std::size_t ip = 14, header = ipv6 ? 40 : 20, transport = ip + header;
    const unsigned protocol = frame.u8(ip + (ipv6 ? 6 : 9));
    const std::size_t length = ipv6 ? frame.be16(ip + 4) : frame.be16(ip + 2) - header;
    if (ipv6 ? frame.u8(ip) != 0x60 : frame.be16(12) != 0x0800 || frame.u8(ip) != 0x45)
        return "no IP";
    if (!ipv6 && !isWhole(sumOf(frame.from(ip, header))))
        return "IPv4 checksum";
    const std::size_t size = ipv6 ? 16 : 4, addresses = ip + (ipv6 ? 8 : 12);
    const std::string_view segment = frame.from(transport, length);
    const bool pseudo = protocol != 1;
    const auto sum =
        sumOf(segment) +
        (pseudo ? sumOf(frame.from(addresses, 2 * size)) + protocol + static_cast<std::uint32_t>(length) : 0);
    if (!isWhole(sum))
        return "checksum of protocol " + std::to_string(protocol);
    // Behind what IP carries, at most the padding of Ethernet's shortest frame.
    if (transport + length != record.frame.size() && (record.frame.size() > 60 || transport + length > 60))
        return "length";
    const auto address = [&](std::size_t at) {
        return ipText({reinterpret_cast<const std::uint8_t*>(record.frame.data()) + at, size});
    };
    std::string row =
        std::to_string(record.time) + ',' + address(addresses) + ',' + address(addresses + size) + ',';
    if (protocol == 6 || protocol == 17)
        row += std::to_string(frame.be16(transport)) + ',' + std::to_string(frame.be16(transport + 2)) + ',';
    else
        row += "0,0,";
    if (protocol == 6) {
        if ((frame.u8(transport + 12) >> 4) * std::size_t{4} > length)
            return "TCP header length";
        row += std::to_string(frame.be16(transport + 12) & 0xFFF) + ',' +
               std::to_string(frame.be32(transport + 4)) + ',' + std::to_string(frame.be32(transport + 8));
    } else {
        if (protocol == 17 && frame.be16(transport + 4) != length)
            return "UDP length";
        row += "0,0,0";
    }
    return row + ',' + std::to_string(record.length) + ',' + std::to_string(protocol);
}

GeneratorOptions shape(const std::string& name, std::uint64_t rows)
{
    auto options = shapeOptions(name).value();
    options.rows = rows;
    options.addresses = Addresses::Text;
    return options;
}

std::vector<Record> wholeFrames(GeneratorOptions options)
{
    options.format = Format::Pcap;
    options.snapLength = 65'536;
    return pcapRecords(generated(options));
}

} // namespace

class GeneratorFramesTest : public QObject
{
    Q_OBJECT

private slots:
    void addressTexts();
    void framesSayWhatRowsSay_data();
    void framesSayWhatRowsSay();
    void sequenceNumbersCountThePayload();
    void onlyCopiesAreAlike();
    void snapLengthCuts();
    void pcapng();
    void whatHasNoFrames();
};

void GeneratorFramesTest::addressTexts()
{
    using Groups = std::array<std::uint16_t, 8>;
    const std::vector<Groups> all{{0x2001, 0xDB8, 1, 0, 0, 0, 0, 0x10},
                                  {0x2001, 0xDB8, 1, 0, 0, 0, 1, 0},
                                  {0x2001, 0xDB8, 1, 0, 0xABCD, 0, 0x10, 0x100},
                                  {1, 0, 0, 2, 0, 0, 0, 3},
                                  {1, 0, 0, 2, 3, 0, 0, 4},
                                  {0, 0, 0, 0, 0, 0, 0, 0},
                                  {0, 0, 0, 0, 0, 0, 0, 1},
                                  {1, 0, 0, 0, 0, 0, 0, 0},
                                  {1, 2, 3, 4, 5, 6, 7, 8}};
    for (const Groups& groups : all) {
        const IpAddress address = IpAddress::v6(groups);
        QCOMPARE(address.text(), ipText(address.bytes));
    }
    QCOMPARE(IpAddress::v4(0x0A0100FF).text(), std::string("10.1.0.255"));
}

void GeneratorFramesTest::framesSayWhatRowsSay_data()
{
    QTest::addColumn<QString>("name");
    for (const auto& name : shapeNames()) {
        if (name != "collide")
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
}

void GeneratorFramesTest::framesSayWhatRowsSay()
{
    QFETCH(QString, name);
    const auto options = shape(name.toStdString(), 30'000);
    const std::string csv = generated(options);
    const auto records = wholeFrames(options);
    QCOMPARE(records.size(), 30'000U);
    std::size_t at = csv.find('\n') + 1;
    for (const Record& record : records) {
        const std::size_t end = csv.find('\n', at);
        const std::string row = rowAsFrame(csv.substr(at, end - at));
        at = end + 1;
        QCOMPARE(record.frame.size(), record.length);
        QCOMPARE(rowOf(record), row);
    }
}

// Each direction of a connection goes on where its last segment ended, but for what was sent again, overtaken
// or begun in the middle.
void GeneratorFramesTest::sequenceNumbersCountThePayload()
{
    auto options = shape("default", 50'000);
    options.ipv6Share = 0;
    std::unordered_map<std::string, std::uint32_t> next;
    std::size_t known = 0, continued = 0;
    for (const Record& record : wholeFrames(options)) {
        const Bytes frame(record.frame);
        if (frame.u8(23) != 6)
            continue;
        const std::uint32_t payload = frame.be16(16) - 20 - (frame.u8(46) >> 4) * 4;
        const unsigned flags = frame.u8(47);
        if ((flags & rst) != 0)
            continue;
        const auto [at, fresh] = next.try_emplace(std::string(frame.from(26, 12)), 0U);
        const std::uint32_t sequence = frame.be32(38);
        known += fresh ? 0U : 1U;
        continued += !fresh && at->second == sequence ? 1U : 0U;
        at->second = sequence + payload + ((flags & (syn | fin)) != 0 ? 1U : 0U);
    }
    QVERIFY2(known > 35'000 && continued > known * 95 / 100,
             qPrintable(QStringLiteral("%1 of %2").arg(continued).arg(known)));
}

void GeneratorFramesTest::onlyCopiesAreAlike()
{
    auto options = shape("campus", 200'000);
    options.ipv6Share = 0; // which has no identification: what is sent again may be the same
    const auto copies = [&options] {
        std::map<std::string, std::uint64_t> seen;
        std::size_t count = 0;
        for (const Record& record : wholeFrames(options)) {
            const auto [at, fresh] = seen.emplace(record.frame, record.time);
            if (!fresh && record.time - at->second <= 50)
                ++count;
            else if (!fresh)
                QTest::qFail(qPrintable(QString::number(record.time - at->second)), __FILE__, __LINE__);
        }
        return count;
    };
    QVERIFY(copies() > 100);
    options.duplicateShare = 0;
    QCOMPARE(copies(), 0U);
}

void GeneratorFramesTest::snapLengthCuts()
{
    auto options = shape("text", 2000);
    const auto whole = wholeFrames(options);
    options.format = Format::Pcap;
    for (const std::uint32_t snap : {1U, 33U, 96U, 1000U}) {
        options.snapLength = snap;
        const std::string file = generated(options);
        const Bytes bytes(file);
        QCOMPARE(bytes.le32(0), 0xA1B2C3D4U);
        QCOMPARE(bytes.le32(4), 0x00040002U);
        QCOMPARE(bytes.le32(16), snap);
        QCOMPARE(bytes.le32(20), 1U);
        const auto cut = pcapRecords(file);
        QCOMPARE(cut.size(), whole.size());
        for (std::size_t i = 0; i < whole.size(); ++i) {
            QCOMPARE(cut[i].length, whole[i].length);
            QCOMPARE(cut[i].time, whole[i].time);
            QCOMPARE(cut[i].frame, whole[i].frame.substr(0, snap));
        }
    }
}

void GeneratorFramesTest::pcapng()
{
    auto options = shape("text", 2000);
    const auto whole = wholeFrames(options);
    options.format = Format::Pcapng;
    options.snapLength = 97;
    const std::string file = generated(options);
    const Bytes bytes(file);
    QCOMPARE(bytes.le32(0), 0x0A0D0D0AU);
    QCOMPARE(bytes.le32(8), 0x1A2B3C4DU);
    QCOMPARE(bytes.le32(28), 1U);
    QCOMPARE(bytes.le32(36), 1U); // Ethernet
    QCOMPARE(bytes.le32(40), 97U);
    QCOMPARE(file.substr(44, 5), std::string("\x09\0\x01\0\x09", 5)); // if_tsresol
    std::size_t at = bytes.le32(4) + bytes.le32(32);
    for (const Record& record : whole) {
        const std::uint32_t size = bytes.le32(at + 4), captured = std::min(record.length, 97U);
        QCOMPARE(bytes.le32(at), 6U);
        QCOMPARE(bytes.le32(at + 8), 0U);
        QCOMPARE(std::uint64_t{bytes.le32(at + 12)} << 32 | bytes.le32(at + 16), record.time * 1000);
        QCOMPARE(bytes.le32(at + 20), captured);
        QCOMPARE(bytes.le32(at + 24), record.length);
        QCOMPARE(bytes.from(at + 28, captured), std::string_view(record.frame).substr(0, captured));
        QCOMPARE(bytes.from(at + 28 + captured, size - 32 - captured),
                 std::string_view("\0\0\0", size - 32 - captured));
        QCOMPARE(bytes.le32(at + size - 4), size);
        at += size;
    }
    QCOMPARE(at, file.size());
}

void GeneratorFramesTest::whatHasNoFrames()
{
    auto options = shape("collide", 10);
    QCOMPARE(invalidOption(options), std::string());
    options.format = Format::Pcap;
    QVERIFY(!invalidOption(options).empty());
    options = shape("default", 10);
    options.format = Format::Pcap;
    options.snapLength = 0;
    QVERIFY(!invalidOption(options).empty());
    options.snapLength = 96;
    const auto errorOf = [&] { return generate(options, [](std::string_view) { return true; }).error; };
    QCOMPARE(errorOf(), std::string());
    options.startTime = (std::uint64_t{1} << 32) * 1'000'000;
    QVERIFY(errorOf().find("late") != std::string::npos);
    options.format = Format::Pcapng;
    QCOMPARE(errorOf(), std::string());
    options.startTime = std::uint64_t{1} << 62;
    QVERIFY(errorOf().find("late") != std::string::npos);
}

QTEST_GUILESS_MAIN(GeneratorFramesTest)
#include "generator_frames_test.moc"
