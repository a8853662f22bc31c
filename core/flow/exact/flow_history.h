// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

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
        const char own = cased(letter, originator);
        if (text_.find(own) != std::string::npos)
            return false;
        text_ += own;
        return true;
    }
    void add(char letter, bool originator) { text_ += cased(letter, originator); }
    void flip() { text_ += '^'; }
    void replace(std::string_view text) { text_ = text; }
    [[nodiscard]] const std::string& text() const { return text_; }
    void clear() { text_.clear(); }

private:
    static char cased(char letter, bool originator)
    {
        return originator ? letter : static_cast<char>(letter - 'A' + 'a');
    }
    std::string text_; // short: it stays where it is
};

} // namespace packetloom
