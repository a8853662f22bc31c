// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/bytes/byte_source.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace packetloom {

/// What unpacks one kind of compression: members (gzip, RFC 1952; bzip2), frames (zstd, RFC 8878; lz4) or
/// streams (xz), one after the other. It knows nothing of files. Memory is bounded whatever the bytes are.
/// Throws bad_alloc.
class Unpacker
{
public:
    enum class Step : std::uint8_t {
        More,      ///< some of the input was taken or some text given; neither when there is too little input
        MemberEnd, ///< the member, whose checksum was right, ends here
        Corrupt,   ///< see reason()
    };

    Unpacker() = default;
    Unpacker(const Unpacker&) = delete;
    Unpacker& operator=(const Unpacker&) = delete;
    virtual ~Unpacker() = default;

    /// Takes from the front of `input` and fills the front of `text`; both become what is left of them.
    virtual Step step(std::span<const char>& input, std::span<char>& text) = 0;
    /// For another member.
    virtual void begin() = 0;
    /// How many bytes memberBegins() wants to see.
    [[nodiscard]] virtual std::size_t magicBytes() const = 0;
    /// Whether another member begins with these bytes, fewer only where the file ends.
    [[nodiscard]] virtual bool memberBegins(std::string_view bytes) const = 0;
    /// What follows a member is the format's own affair.
    [[nodiscard]] virtual bool endsFile() const { return false; }
    /// Of Corrupt, in the words of the library.
    [[nodiscard]] std::string reason() const { return reason_; }

protected:
    Step corrupt(const char* reason)
    {
        reason_ = reason ? reason : "";
        return Step::Corrupt;
    }

private:
    std::string reason_;
};

/// Null for None, and for what this program was built without.
std::unique_ptr<Unpacker> makeUnpacker(Compression compression);

} // namespace packetloom
