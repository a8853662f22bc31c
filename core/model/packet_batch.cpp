// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/model/packet_batch.h"

#include "core/model/ip_text.h"
#include "core/support/utf8.h"

#include <algorithm>
#include <cstring>

namespace packetloom {
namespace {

constexpr std::size_t fewestSlots = 1024;

} // namespace

std::uint32_t AddressFields::add(std::string_view field)
{
    if (texts_.size() * 2 >= slots_.size())
        grow();
    const std::uint64_t hash = key_(field);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t slot = hash & mask;; slot = (slot + 1) & mask) {
        if (slots_[slot] == 0) {
            if (!isUtf8(field))
                return invalid;
            texts_.push_back(
                {hash, static_cast<std::uint32_t>(bytes_.size()), static_cast<std::uint32_t>(field.size())});
            bytes_.append(field);
            slots_[slot] = static_cast<std::uint32_t>(texts_.size());
            return textBit | (slots_[slot] - 1);
        }
        const std::uint32_t known = slots_[slot] - 1;
        if (texts_[known].hash == hash && text(known) == field)
            return textBit | known;
    }
}

void AddressFields::grow()
{
    const std::size_t size = std::max(slots_.size() * 2, fewestSlots);
    slots_.assign(size, 0);
    for (std::uint32_t i = 0; i < texts_.size(); ++i) {
        std::size_t slot = texts_[i].hash & (size - 1);
        while (slots_[slot] != 0)
            slot = (slot + 1) & (size - 1);
        slots_[slot] = i + 1;
    }
}

std::uint32_t AddressFields::addIp(std::span<const std::uint8_t> address)
{
    Ip ip{.high = 0, .low = 0, .reference = 0, .is6 = address.size() > 4};
    if (ip.is6) {
        std::memcpy(&ip.high, address.data(), sizeof ip.high);
        std::memcpy(&ip.low, address.data() + sizeof ip.high, sizeof ip.low);
    } else {
        std::uint32_t low = 0;
        std::memcpy(&low, address.data(), sizeof low);
        ip.low = low;
    }
    if (ips_.size() * 2 >= ipSlots_.size())
        growIps();
    const std::size_t mask = ipSlots_.size() - 1;
    for (std::size_t slot = hashOf(ip) & mask;; slot = (slot + 1) & mask) {
        if (ipSlots_[slot] == 0) {
            std::array<char, longestIpText> text; // NOLINT(cppcoreguidelines-pro-type-member-init)
            ip.reference = add({text.data(), writeIpText(address, text)});
            ips_.push_back(ip);
            ipSlots_[slot] = static_cast<std::uint32_t>(ips_.size());
            return ip.reference;
        }
        const Ip& known = ips_[ipSlots_[slot] - 1];
        if (known.low == ip.low && known.high == ip.high && known.is6 == ip.is6)
            return known.reference;
    }
}

void AddressFields::growIps()
{
    const std::size_t size = std::max(ipSlots_.size() * 2, fewestSlots);
    ipSlots_.assign(size, 0);
    for (std::uint32_t i = 0; i < ips_.size(); ++i) {
        std::size_t slot = hashOf(ips_[i]) & (size - 1);
        while (ipSlots_[slot] != 0)
            slot = (slot + 1) & (size - 1);
        ipSlots_[slot] = i + 1;
    }
}

void AddressFields::clear()
{
    if (!ips_.empty()) {
        ips_.clear();
        std::fill(ipSlots_.begin(), ipSlots_.end(), 0);
    }
    if (texts_.empty())
        return;
    bytes_.clear();
    texts_.clear();
    std::fill(slots_.begin(), slots_.end(), 0);
}

void PacketBatch::cut(std::size_t count)
{
    packets.resize(count);
    places.resize(count);
    details.cut(count);
}

void PacketBatch::clear()
{
    packets.clear();
    places.clear();
    details.clear();
    rejects.clear();
    others.clear();
    frames.clear();
    fields.clear();
    rows = 0;
    lines = 0;
    firstPastWindow = none;
    bytesOnDisk = 0;
}

} // namespace packetloom
