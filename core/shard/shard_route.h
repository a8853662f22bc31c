// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/address_table.h"
#include "core/model/packet.h"
#include "core/support/hash_mix.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace packetloom {

/// Which part of a job a packet is for: by the two ends of its flow, whatever its direction, and the job's
/// seed. Other than FlowKeyHash it is the same in every process and on every machine, and it goes by the
/// texts of addresses, whose numbers are a map task's own.
class ShardRoute
{
public:
    ShardRoute(std::uint64_t seed, std::size_t shards) : shards_(shards)
    {
        for (auto* key : {&first_, &second_, &third_}) { // splitmix64: three numbers of one
            seed += 0x9E3779B97F4A7C15u;
            std::uint64_t mixed = seed;
            mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9u;
            mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBu;
            *key = (mixed ^ mixed >> 31) | 1;
        }
    }

    /// `addresses` has those of the packet.
    std::size_t shardOf(const Packet& packet, const AddressTable& addresses)
    {
        const std::uint64_t a = endOf(packet.source, packet.sourcePort, addresses),
                            b = endOf(packet.destination, packet.destinationPort, addresses);
        const std::uint64_t hash = HashKey::fold(a + b, third_) ^ (a ^ b);
        return static_cast<std::size_t>((hash >> 32) * shards_ >> 32);
    }

private:
    std::uint64_t endOf(AddressId id, std::int64_t port, const AddressTable& addresses)
    {
        while (known_.size() <= index(id))
            known_.push_back(hashOf(addresses.text(AddressId{static_cast<std::uint32_t>(known_.size())})));
        return HashKey::fold(known_[index(id)] ^ second_, static_cast<std::uint64_t>(port) ^ third_);
    }
    [[nodiscard]] std::uint64_t hashOf(std::string_view text) const
    {
        constexpr std::size_t word = 8;
        std::uint64_t hash = first_ ^ text.size();
        for (std::size_t at = 0; at < text.size(); at += word) {
            std::uint64_t bytes = 0; // byte by byte: alike on every machine
            for (const char c : text.substr(at, word))
                bytes = bytes << 8 | static_cast<unsigned char>(c);
            hash = HashKey::fold(hash ^ bytes, second_) ^ bytes;
        }
        return HashKey::fold(hash, first_);
    }

    std::size_t shards_;
    std::uint64_t first_ = 0, second_ = 0, third_ = 0;
    std::vector<std::uint64_t> known_; ///< of addresses, by number
};

} // namespace packetloom
