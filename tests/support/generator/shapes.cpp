// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/generator/shapes.h"

#include <array>

namespace packetloom::generator {
namespace {

/// A day on the network of a large house: many hosts, mostly short conversations, 790,000 flows in 10 million
/// rows.
GeneratorOptions campus()
{
    GeneratorOptions o;
    o.hosts = 20'000;
    o.concurrency = 2000;
    o.scanShare = 0.245;
    o.refusedShare = 0.12;
    o.longShare = 0.0007;
    return o;
}

GeneratorOptions text()
{
    GeneratorOptions o = campus();
    o.addresses = Addresses::Text;
    o.ipv6Share = 0.5;
    o.randomInterfaces = true;
    return o;
}

/// Six packets of ten are SYNs from spoofed sources, nearly all different.
GeneratorOptions flood()
{
    GeneratorOptions o = campus();
    o.addresses = Addresses::Text;
    o.packetsPerSecond = 20'000;
    o.synFloodShare = 0.961;
    o.spoofedShare = 0.5;
    for (double* share : {&o.scanShare, &o.refusedShare, &o.resetShare, &o.oneWayShare, &o.udpShare,
                          &o.ongoingShare, &o.badHandshakeShare, &o.longShare})
        *share *= 1 - o.synFloodShare;
    return o;
}

/// Nothing but flows of one kind.
GeneratorOptions only(double GeneratorOptions::*kind)
{
    GeneratorOptions o;
    for (double* share : {&o.scanShare, &o.refusedShare, &o.resetShare, &o.oneWayShare, &o.udpShare,
                          &o.synFloodShare, &o.ongoingShare, &o.badHandshakeShare, &o.longShare})
        *share = 0;
    o.*kind = 1;
    return o;
}

/// One host looks for every port of 20,000 others.
GeneratorOptions scan()
{
    GeneratorOptions o = only(&GeneratorOptions::sweepShare);
    o.hosts = 20'001;
    o.concurrency = 1000;
    o.packetsPerSecond = 20'000;
    return o;
}

/// Twenty connections that transfer without an end.
GeneratorOptions elephants()
{
    GeneratorOptions o = only(&GeneratorOptions::longShare);
    o.concurrency = 20;
    o.packetsPerSecond = 30'000;
    o.longTransfers = 1'000'000'000;
    return o;
}

/// So many conversations at a time that no cache holds them.
GeneratorOptions crowd()
{
    GeneratorOptions o = campus();
    o.hosts = 200'000;
    o.concurrency = 200'000;
    o.packetsPerSecond = 500'000;
    return o;
}

/// What capture points with several queues, or merged files, look like.
GeneratorOptions shuffled()
{
    GeneratorOptions o = campus();
    o.lateShare = 0.05;
    o.lateMicros = 2'000'000;
    return o;
}

/// Connections that are played between two hosts, most of them over paths that lose and reorder.
GeneratorOptions lossy()
{
    GeneratorOptions o = only(&GeneratorOptions::simulatedShare);
    o.addresses = Addresses::Text;
    o.concurrency = 500;
    o.packetsPerSecond = 20'000;
    return o;
}

/// The same over paths without a fault.
GeneratorOptions plain()
{
    GeneratorOptions o = lossy();
    o.troubleShare = 0;
    return o;
}

/// Whoever wrote this knows the hash functions.
GeneratorOptions collide()
{
    GeneratorOptions o;
    o.addresses = Addresses::Text;
    o.collisions = 65'536;
    return o;
}

struct Shape
{
    std::string_view name;
    GeneratorOptions (*options)();
};

constexpr std::array<Shape, 11> shapes{{{"default", [] { return GeneratorOptions{}; }},
                                        {"campus", campus},
                                        {"text", text},
                                        {"flood", flood},
                                        {"scan", scan},
                                        {"elephants", elephants},
                                        {"crowd", crowd},
                                        {"shuffled", shuffled},
                                        {"lossy", lossy},
                                        {"plain", plain},
                                        {"collide", collide}}};

} // namespace

std::vector<std::string> shapeNames()
{
    std::vector<std::string> names;
    for (const Shape& shape : shapes)
        names.emplace_back(shape.name);
    return names;
}

std::optional<GeneratorOptions> shapeOptions(std::string_view name)
{
    for (const Shape& shape : shapes) {
        if (shape.name == name)
            return shape.options();
    }
    return std::nullopt;
}

} // namespace packetloom::generator
