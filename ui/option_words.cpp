// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/option_words.h"

#include <QCoreApplication>
#include <array>

namespace packetloom {
namespace {

struct OptionWords
{
    OptionId id;
    const char* label;
    const char* tip = "";
};

#define WORDS(text) QT_TRANSLATE_NOOP("OptionWords", text)
constexpr std::array<OptionWords, optionCount> words{{
    {OptionId::IpMap, WORDS("IP map")},
    {OptionId::Tunnels, WORDS("Packets in tunnels"),
     WORDS("Of packets within packets, whether the inner or the outer ones are read, or each of them as a "
           "row")},
    {OptionId::VerifyChecksums, WORDS("Verify checksums"),
     WORDS("Count wrong checksums of packet captures on the page Quality; this takes longer")},
    {OptionId::Columns, WORDS("Columns"), WORDS("Which columns of a table are which")},
    {OptionId::TimeUnit, WORDS("Unit of times"), WORDS("What the times of a table count")},
    {OptionId::TimeBase, WORDS("Start of times"), WORDS("When times begin that count from a start")},
    {OptionId::Delimiter, WORDS("Delimiter"), WORDS("What stands between the fields of a table")},
    {OptionId::NoHeader, WORDS("No header"), WORDS("The first row of a table is data")},
    {OptionId::SkipMissing, WORDS("Leave out what is missing")},
    {OptionId::SkipBroken, WORDS("Go on without what is broken"),
     WORDS("A file that cannot be read is left out, and of one that is damaged farther on what stands before "
           "is read; the other files are read in any case")},
    {OptionId::ReplaceAnything, WORDS("Write into a folder that holds other things")},
    {OptionId::AddressFilter, WORDS("Addresses to keep"),
     WORDS(
         "Keep packets where either end is in this list: addresses, CIDR blocks, or ids and names of the IP "
         "map. Separate them by commas, blanks or lines.")},
    {OptionId::FilterEnds, WORDS("Ends in the list"),
     WORDS("Whether one end of a packet must be in the list, or both")},
    {OptionId::TimeStart, WORDS("From"), WORDS("Keep packets from this time on")},
    {OptionId::TimeEnd, WORDS("To"), WORDS("Keep packets up to and including this time")},
    {OptionId::Filter, WORDS("Filter"),
     WORDS(
         "Keep packets that this expression matches, such as addr == 10.0.0.0/8 and tcp.port == 443; what it "
         "asks of flows keeps the packets of these flows")},
    {OptionId::MaxRecords, WORDS("Most packets"), WORDS("Stop after so many kept rows")},
    {OptionId::FlowsPerChunk, WORDS("Flows per file"), WORDS("Flows per chunk file of the dataset")},
    {OptionId::ReadChunkRows, WORDS("Rows per read chunk"),
     WORDS("Data rows per read chunk; flows are judged at its end, so it shows in the result")},
    {OptionId::FlowTimeout, WORDS("Inactivity timeout"), WORDS("Inactivity that ends a flow")},
    {OptionId::AttackContext, WORDS("Label"), WORDS("A label for the dataset's manifest (attack context)")},
    {OptionId::Style, WORDS("Compact JSON")},
    {OptionId::Engine, WORDS("Flows told by"),
     WORDS(
         "The reference judges flows as its datasets need it; the exact engine tells flows of all protocols "
         "as they were, with the figures of TCP. A dataset's flows are always the reference's")},
    {OptionId::AttemptTimeout, WORDS("Unanswered attempts"),
     WORDS("How long the exact engine waits for the answer to a SYN")},
    {OptionId::CloseLinger, WORDS("Linger after a close"),
     WORDS("How long packets after a close or a reset belong to the connection")},
    {OptionId::PartialClose, WORDS("Linger after half a close"),
     WORDS("How long packets after the close of one side alone belong to the connection")},
    {OptionId::TcpInactivity, WORDS("Inactivity of TCP"),
     WORDS("Inactivity that ends an established connection for the exact engine")},
    {OptionId::UdpInactivity, WORDS("Inactivity of UDP"),
     WORDS("Inactivity that ends a flow of UDP for the exact engine")},
    {OptionId::IcmpInactivity, WORDS("Inactivity of ICMP"),
     WORDS("Inactivity that ends a flow of ICMP for the exact engine")},
    {OptionId::OtherInactivity, WORDS("Inactivity of others"),
     WORDS("Inactivity that ends a flow of another protocol for the exact engine")},
    {OptionId::Threads, WORDS("Threads")},
    {OptionId::MemoryLimit, WORDS("Memory limit")},
}};
#undef WORDS
static_assert(isByOption(words));

QString translated(const char* text)
{
    return QCoreApplication::translate("OptionWords", text);
}

} // namespace

QString optionLabel(OptionId id)
{
    return translated(words[static_cast<std::size_t>(id)].label);
}

QString optionTip(OptionId id)
{
    return translated(words[static_cast<std::size_t>(id)].tip);
}

} // namespace packetloom
