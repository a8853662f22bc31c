// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace packetloom {

/// What happened to a connection, a letter an event: Zeek's history. Capitals are the originator's:
/// S SYN, H SYN+ACK, A bare ACK, D payload, F FIN, R RST, C bad checksum, G gap, I FIN with RST, Q other
/// mixtures of flags, T sent again, W zero window, ^ the two sides were exchanged. Most come once; T, C, G
/// and W at the 1st, 10th, 100th, ... time.
class FlowHistory
{
public:
    /// Once a side. False where it has come before.
    bool once(char letter, bool originator)
    {
        if ((seen_ & bitOf(cased(letter, originator))) != 0)
            return false;
        add(letter, originator);
        return true;
    }
    void add(char letter, bool originator) { put(cased(letter, originator)); }
    void flip() { put('^'); }
    void replace(std::string_view text)
    {
        clear();
        for (const char letter : text)
            put(letter);
    }
    [[nodiscard]] const std::string& text() const { return text_; }
    void clear()
    {
        text_.clear();
        seen_ = 0;
    }

private:
    static char cased(char letter, bool originator)
    {
        return originator ? letter : static_cast<char>(letter - 'A' + 'a');
    }
    static constexpr std::size_t mostLetters = 4096; // a RST with another number each time is told for ever
    static std::uint64_t bitOf(char letter) { return std::uint64_t{1} << (letter - 'A'); } // A to z
    void put(char letter)
    {
        seen_ |= bitOf(letter);
        if (text_.size() < mostLetters)
            text_ += letter;
    }
    std::string text_; // short: it stays where it is
    std::uint64_t seen_ = 0;
};

} // namespace packetloom
