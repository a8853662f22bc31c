// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/generator/colliding_rows.h"

#include <algorithm>

namespace packetloom::generator {
namespace {

constexpr std::string_view oneHost = "10.66.0.1", otherHost = "10.66.0.2";

/// Of an odd number, modulo 2^64.
constexpr std::uint64_t inverse(std::uint64_t odd)
{
    std::uint64_t x = odd; // right in three bits; each step doubles them
    for (int i = 0; i < 5; ++i)
        x *= 2 - odd * x;
    return x;
}

constexpr std::uint64_t murmurFactor = 0xC6A4A7935BD1E995;
constexpr std::uint64_t murmurSeed = 0xC70F6907;
constexpr std::uint64_t mixFactor = 0xD6E8FEB86659FD93, mixAddend = 0x9E3779B97F4A7C15;
static_assert(murmurFactor * inverse(murmurFactor) == 1);

constexpr std::uint64_t murmurWord(std::uint64_t word)
{
    word *= murmurFactor;
    return (word ^ word >> 47) * murmurFactor;
}

constexpr std::uint64_t unmurmuredWord(std::uint64_t mixed)
{
    mixed *= inverse(murmurFactor);
    return (mixed ^ mixed >> 47) * inverse(murmurFactor); // a shift of more than half is its own inverse
}

constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b)
{
    a = (a ^ (b + mixAddend)) * mixFactor;
    return a ^ a >> 32;
}

constexpr std::uint64_t unmixed(std::uint64_t a, std::uint64_t result)
{
    result = (result ^ result >> 32) * inverse(mixFactor);
    return (result ^ a) - mixAddend;
}

constexpr WordHash murmurHash{
    [](std::uint64_t state, std::uint64_t word) { return (state ^ murmurWord(word)) * murmurFactor; },
    [](std::uint64_t from, std::uint64_t to) { return unmurmuredWord(to * inverse(murmurFactor) ^ from); }};
constexpr WordHash mixHash{mix, unmixed};

/// The same bytes everywhere, whatever the machine's order.
void appendWord(std::string& text, std::uint64_t word)
{
    for (int i = 0; i < 8; ++i, word >>= 8)
        text += static_cast<char>(word & 255);
}

bool isPlain(std::uint64_t word)
{
    for (int i = 0; i < 8; ++i, word >>= 8) {
        const auto byte = static_cast<unsigned char>(word & 255);
        if (byte <= ' ' || byte > '~' || byte == ',' || byte == '"' || byte == '\'')
            return false;
    }
    return true;
}

std::uint64_t letters(Random& random)
{
    std::uint64_t word = 0;
    for (int i = 0; i < 8; ++i)
        word = word << 8 | random.between('a', 'z');
    return word;
}

} // namespace

CollidingRows::CollidingRows(std::uint32_t count, bool harmless, std::uint64_t startTime, std::uint64_t seed)
    : count_(count), harmless_(harmless), side_(1), random_(seed), time_(startTime)
{
    while (std::uint64_t{side_} * side_ < count_)
        ++side_;
    murmur_ = texts(murmurHash, murmurSeed ^ textBytes * murmurFactor);
    mix_ = texts(mixHash, textBytes);
}

CollidingRows::Texts CollidingRows::texts(const WordHash& hash, std::uint64_t begin)
{
    std::uint64_t middle = 0, end = 0;
    Texts result;
    result.firsts = halves(hash, begin, middle);
    result.seconds = halves(hash, middle, end);
    return result;
}

// Two words that lead to the same state: one is any, the other follows from it, and is plain text once in
// some thousand times.
std::vector<std::string> CollidingRows::halves(const WordHash& hash, std::uint64_t from, std::uint64_t& to)
{
    to = hash.next(hash.next(from, letters(random_)), letters(random_));
    std::vector<std::string> result;
    while (result.size() < side_) {
        const std::uint64_t first = letters(random_);
        const std::uint64_t second = harmless_ ? letters(random_) : hash.word(hash.next(from, first), to);
        if (!isPlain(second))
            continue;
        std::string text;
        appendWord(text, first);
        appendWord(text, second);
        if (std::find(result.begin(), result.end(), text) == result.end())
            result.push_back(std::move(text));
    }
    return result;
}

std::string_view CollidingRows::next()
{
    const auto number = static_cast<std::uint32_t>(rows_ / 3 % count_);
    const std::uint64_t round = rows_ / 3 / count_;
    if (rows_ > 0)
        time_ += 20 + random_.below(100);
    row_ = std::to_string(time_) + ',';
    if (rows_ % 3 == 0) {
        row_.append(oneHost).append(",").append(otherHost);
        appendPorts(number);
    } else {
        const Texts& texts = rows_ % 3 == 1 ? murmur_ : mix_;
        row_ += texts.firsts[number / side_];
        row_ += texts.seconds[number % side_];
        row_.append(",").append(otherHost).append(",40000,443,");
    }
    const std::uint64_t seq = 1000 + round;
    row_ += round == 0 ? "2,1000,0,58,6\n" : "16," + std::to_string(seq) + ",1,60,6\n";
    ++rows_;
    return row_;
}

// The low end is the host that the capture names first, which is number 1.
void CollidingRows::appendPorts(std::uint32_t number)
{
    constexpr std::uint64_t addresses = std::uint64_t{1} << 32 | 2;
    constexpr std::uint64_t same = 0x5DEECE66D; // after the high port; any would do
    // Far from each other, so that nothing but the hash makes them collide.
    const std::uint64_t low = number * 0x9E3779B97F4A7C15U >> 1;
    const std::uint64_t high = harmless_ ? low ^ same : unmixed(mix(addresses, low), same);
    row_ += ',' + std::to_string(static_cast<std::int64_t>(low)) + ',';
    row_ += std::to_string(static_cast<std::int64_t>(high)) + ',';
}

} // namespace packetloom::generator
