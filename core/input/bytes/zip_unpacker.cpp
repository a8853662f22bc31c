// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/bytes/unpackers.h"
#include "core/input/bytes/zip_directory.h"
#include "core/input/bytes/zlib_stream.h"

#include <string>

namespace packetloom {
namespace {

using namespace std::string_view_literals;

constexpr int rawDeflate = -15; // zlib's inflateInit2
constexpr std::size_t headerBytes = 30;
constexpr auto localHeader = "PK\x03\x04"sv, directory = "PK\x01\x02"sv, descriptor = "PK\x07\x08"sv;
// A descriptor is 12 to 24 bytes, and then there are 4 of what follows.
constexpr std::size_t mostTail = 28;

/// The one file in a ZIP (PKWARE's APPNOTE), stored or deflated, read from the front: folders before it are
/// passed over, a second file is Corrupt.
class ZipUnpacker final : public Unpacker
{
public:
    Step step(std::span<const char>& input, std::span<char>& text) override
    {
        for (;;) {
            switch (state_) {
            case State::Header:
                if (!gather(input, headerBytes))
                    return Step::More;
                if (const char* const why = readHeader())
                    return corrupt(why);
                break;
            case State::Name:
                if (!gather(input, nameBytes_))
                    return Step::More;
                beginData();
                break;
            case State::Stored:
            case State::Deflated:
                if (const auto done = unpack(input, text); done != Step::MemberEnd)
                    return done;
                break;
            case State::Tail:
                return tail(input);
            }
        }
    }
    void begin() override {}
    [[nodiscard]] bool endsFile() const override { return true; }
    [[nodiscard]] std::size_t magicBytes() const override { return localHeader.size(); }
    [[nodiscard]] bool memberBegins(std::string_view) const override { return false; }

private:
    enum class State : std::uint8_t { Header, Name, Stored, Deflated, Tail };

    /// Takes bytes until there are so many; false when there is too little input.
    bool gather(std::span<const char>& input, std::size_t wanted)
    {
        const std::size_t n = std::min(wanted - gathered_.size(), input.size());
        gathered_.append(input.data(), n);
        input = input.subspan(n);
        return gathered_.size() == wanted;
    }
    [[nodiscard]] std::uint32_t number(std::size_t at, std::size_t bytes) const
    {
        std::uint32_t value = 0;
        for (std::size_t i = bytes; i-- > 0;)
            value = value << 8 | static_cast<unsigned char>(gathered_[at + i]);
        return value;
    }
    /// Why it cannot be read, if so.
    const char* readHeader()
    {
        if (!gathered_.starts_with(localHeader))
            return "there is no file in it";
        const auto flags = number(6, 2), method = number(8, 2);
        crc_ = number(14, 4);
        left_ = number(18, 4);
        nameBytes_ = number(26, 2);
        hasDescriptor_ = (flags & 8u) != 0;
        deflated_ = method == 8;
        nameBytes_ += extraBytes_ = number(28, 2);
        if ((flags & 1u) != 0)
            return "it is encrypted";
        if (method != 0 && method != 8)
            return "it is packed in a way that is not read";
        if (method == 0 && (hasDescriptor_ || left_ == 0xffffffffu))
            return "its size is not where it is read";
        gathered_.clear();
        state_ = State::Name;
        return nullptr;
    }
    void beginData()
    {
        const auto name = std::string_view(gathered_).substr(0, nameBytes_ - extraBytes_);
        const bool folder = name.ends_with('/') && !deflated_ && left_ == 0;
        state_ = folder ? State::Header : deflated_ ? State::Deflated : State::Stored;
        gathered_.clear();
        seenCrc_ = crc32(0, nullptr, 0);
    }
    /// MemberEnd at the end of the data.
    Step unpack(std::span<const char>& input, std::span<char>& text)
    {
        const auto before = text;
        bool ended = false;
        if (state_ == State::Deflated) {
            const int code = stream_.step(input, text);
            ended = code == Z_STREAM_END;
            if (!ended && code != Z_OK && code != Z_BUF_ERROR)
                return corrupt(stream_.reason());
        } else {
            const auto n = std::min({std::size_t{left_}, input.size(), text.size()});
            std::copy_n(input.begin(), n, text.begin());
            input = input.subspan(n);
            text = text.subspan(n);
            left_ -= static_cast<std::uint32_t>(n);
            ended = left_ == 0;
        }
        const std::size_t given = before.size() - text.size();
        if (given > 0)
            seenCrc_ = crc32_z(seenCrc_, reinterpret_cast<const Bytef*>(before.data()), given);
        if (!ended)
            return Step::More;
        state_ = State::Tail;
        return Step::MemberEnd;
    }
    /// Behind the data: its checksum, if that was not said before, and then the directory of the archive.
    Step tail(std::span<const char>& input)
    {
        const std::size_t least = hasDescriptor_ ? 16 : 4;
        while (gathered_.size() < mostTail) {
            if (!gather(input, std::max(gathered_.size() + 1, least)))
                return Step::More;
            const auto next = std::string_view(gathered_).substr(gathered_.size() - 4);
            if (gathered_.size() < (hasDescriptor_ ? 16u : 4u) || (next != directory && next != localHeader))
                continue;
            if (hasDescriptor_)
                crc_ = number(gathered_.starts_with(descriptor) ? 4 : 0, 4);
            if (crc_ != seenCrc_)
                return corrupt("its checksum is wrong");
            return next == directory ? Step::MemberEnd : corrupt(moreThanOneFile);
        }
        return corrupt("its directory is not where it should be");
    }

    ZlibStream stream_{rawDeflate};
    State state_ = State::Header;
    std::string gathered_;
    std::uint32_t left_ = 0; ///< bytes of a stored file
    std::size_t nameBytes_ = 0, extraBytes_ = 0;
    std::uint32_t crc_ = 0;
    uLong seenCrc_ = 0;
    bool hasDescriptor_ = false, deflated_ = false;
};

} // namespace

std::unique_ptr<Unpacker> makeZipUnpacker()
{
    return std::make_unique<ZipUnpacker>();
}

} // namespace packetloom
