// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/conn_log/conn_uid.h"

#include <array>

namespace packetloom {
namespace {

/// FNV-1a (draft-eastlake-fnv), 64 bits: simple enough to be the same everywhere.
class Fnv
{
public:
    explicit Fnv(std::uint64_t basis) : hash_(basis) {}
    void add(std::string_view text)
    {
        number(text.size()); // so that no text runs into the next one
        for (const char c : text)
            byte(static_cast<unsigned char>(c));
    }
    void number(std::uint64_t number)
    {
        for (int i = 0; i < 8; ++i, number >>= 8)
            byte(static_cast<unsigned char>(number & 0xffu));
    }
    /// Every bit depends on all that was added: the finalizer of splitmix64.
    [[nodiscard]] std::uint64_t mixed() const
    {
        std::uint64_t mix = (hash_ ^ hash_ >> 30) * 0xBF58476D1CE4E5B9u;
        mix = (mix ^ mix >> 27) * 0x94D049BB133111EBu;
        return mix ^ mix >> 31;
    }

private:
    void byte(unsigned char byte) { hash_ = (hash_ ^ byte) * 0x100000001B3u; }

    std::uint64_t hash_;
};

constexpr std::string_view letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::array<std::uint64_t, 2> bases{0xCBF29CE484222325u, 0x6C62272E07BB0142u};
constexpr std::array<std::size_t, 2> lengths{9, 8}; // 62^10 is less than 2^64

} // namespace

std::string ConnUids::next(const ExactFlow& flow, std::string_view originator, std::string_view responder)
{
    if (flow.start != start_)
        seen_.clear();
    start_ = flow.start;
    const std::uint64_t before = seen_[flow.key]++;
    std::string uid = "C";
    for (std::size_t half = 0; half < bases.size(); ++half) {
        Fnv hash(bases[half]);
        hash.add(originator);
        hash.number(static_cast<std::uint64_t>(flow.originatorEnd().port));
        hash.add(responder);
        hash.number(static_cast<std::uint64_t>(flow.responderEnd().port));
        hash.number(static_cast<std::uint64_t>(flow.protocol));
        hash.number(static_cast<std::uint64_t>(flow.start));
        hash.number(before);
        std::uint64_t rest = hash.mixed();
        for (std::size_t i = 0; i < lengths[half]; ++i, rest /= letters.size())
            uid.push_back(letters[rest % letters.size()]);
    }
    return uid;
}

} // namespace packetloom
