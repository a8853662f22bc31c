// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/ip_map.h"

#include "core/input/bytes/byte_source.h"
#include "core/input/json_elements.h"
#include "core/model/address_table.h"
#include "core/support/growth.h"
#include "core/support/hash_mix.h"

#include <algorithm>
#include <cstring>
#include <simdjson.h>
#include <system_error>
#include <tsl/robin_set.h>
#include <vector>

namespace packetloom {
namespace {

constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t longestEntry = std::size_t{16} << 20; // bytes of the file
constexpr std::size_t entriesPerQuestion = 256;

Error mapError(Errc code, std::string detail, const std::filesystem::path& path, std::uint64_t byte = 0)
{
    return Error{.code = code, .detail = std::move(detail), .file = path, .byte = byte};
}

/// Text that is in memory already.
class TextSource final : public ByteSource
{
public:
    explicit TextSource(std::string text) : text_(std::move(text)) {}
    Result<std::size_t> read(std::span<char> into) override
    {
        const std::size_t n = text_.copy(into.data(), into.size(), used_);
        used_ += n;
        return n;
    }
    [[nodiscard]] std::uint64_t bytesOnDisk() const noexcept override { return used_; }

private:
    std::string text_;
    std::size_t used_ = 0;
};

/// Leaves out a byte order mark, and ends what takes too long or is too large.
class MapSource final : public ByteSource
{
public:
    MapSource(std::unique_ptr<ByteSource> source, const IpMap::GoOn& goOn)
        : source_(std::move(source)), goOn_(goOn)
    {
    }
    Result<std::size_t> read(std::span<char> into) override
    {
        if (goOn_ && !goOn_(0))
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        const bool first = bytesOnDisk() == 0;
        auto n = source_->read(into);
        // A pipe may give its first bytes one by one.
        while (first && n && *n > 0 && *n < byteOrderMark.size()) {
            auto more = source_->read(into.subspan(*n));
            if (!more || *more == 0)
                break; // told again by the next read
            *n += *more;
        }
        if (n && bytesOnDisk() > ipMapLimit)
            return Error{.code = Errc::MapTooLarge, .detail = {}, .file = {}, .byte = bytesOnDisk()};
        if (n && first && std::string_view(into.data(), *n).starts_with(byteOrderMark)) {
            *n -= byteOrderMark.size();
            std::memmove(into.data(), into.data() + byteOrderMark.size(), *n);
            return *n > 0 ? n : source_->read(into);
        }
        return n;
    }
    [[nodiscard]] std::uint64_t bytesOnDisk() const noexcept override { return source_->bytesOnDisk(); }

private:
    std::unique_ptr<ByteSource> source_;
    const IpMap::GoOn& goOn_;
};

} // namespace

struct IpMap::Tables
{
    // An id's entry is the number of its address; the id itself is looked up there.
    struct Hash
    {
        using is_transparent = void;
        const std::vector<std::int64_t>* ids;
        HashKey key{};
        std::size_t operator()(std::int64_t id) const
        {
            return static_cast<std::size_t>(key(static_cast<std::uint64_t>(id)));
        }
        std::size_t operator()(AddressId address) const { return (*this)((*ids)[index(address)]); }
    };
    struct Same
    {
        using is_transparent = void;
        const std::vector<std::int64_t>* ids;
        [[nodiscard]] std::int64_t idOf(std::int64_t id) const { return id; }
        [[nodiscard]] std::int64_t idOf(AddressId address) const { return (*ids)[index(address)]; }
        template <class A, class B>
        bool operator()(A a, B b) const
        {
            return idOf(a) == idOf(b);
        }
    };
    using IdTable = tsl::robin_set<AddressId, Hash, Same, std::allocator<AddressId>, true>;

    /// In order of first appearance: a repeated key keeps its place, as in the reference. The table has the
    /// empty address in any case.
    AddressTable addresses;
    std::vector<std::int64_t> ids{0}; ///< by address
    bool hasEmptyAddress = false;
    IdTable byId{0, Hash{&ids}, Same{&ids}};

    void note(std::string_view address, std::int64_t id)
    {
        const auto place = index(addresses.intern(address));
        if (place == ids.size())
            ids.push_back(id);
        else
            ids[place] = id;
        hasEmptyAddress = hasEmptyAddress || address.empty();
    }
    [[nodiscard]] std::size_t size() const { return ids.size() - (hasEmptyAddress ? 0 : 1); }
    /// After the last note(). False when `goOn` says so.
    bool indexIds(const GoOn& goOn)
    {
        for (std::size_t i = hasEmptyAddress ? 0 : 1; i < ids.size(); ++i) {
            if (goOn && i % entriesPerQuestion == 0 && !goOn(growthOfTable(byId, entriesPerQuestion)))
                return false;
            const auto address = AddressId{static_cast<std::uint32_t>(i)};
            if (const auto [known, added] = byId.insert(address); !added) { // the last one counts
                byId.erase(known);
                byId.insert(address);
            }
        }
        return true;
    }
};

IpMap::IpMap() = default;
IpMap::IpMap(IpMap&& other) noexcept = default;
IpMap& IpMap::operator=(IpMap&& other) noexcept = default;
IpMap::~IpMap() = default;

Result<IpMap> IpMap::load(const std::filesystem::path& path, const GoOn& goOn, const StopEvent* stop)
{
    auto file = File::openForReading(path, stop);
    if (!file)
        return std::move(file).error();
    std::error_code sizeless; // a pipe has none
    const auto size = std::filesystem::file_size(path, sizeless);
    if (!sizeless && size > ipMapLimit)
        return mapError(Errc::MapTooLarge, {}, path, size);
    return read(std::make_unique<FileSource>(*std::move(file)), path, goOn);
}

Result<IpMap> IpMap::parse(std::string json, const std::filesystem::path& path, const GoOn& goOn)
{
    return read(std::make_unique<TextSource>(std::move(json)), path, goOn);
}

Result<IpMap> IpMap::read(std::unique_ptr<ByteSource> source, const std::filesystem::path& path,
                          const GoOn& goOn)
{
    using namespace simdjson;
    static_assert(JsonElements::padding >= SIMDJSON_PADDING);
    JsonElements elements(std::make_unique<MapSource>(std::move(source), goOn), JsonElements::Shape::Object,
                          path, {.elementBytes = longestEntry});
    IpMap map;
    map.tables_ = std::make_unique<Tables>();
    Tables& tables = *map.tables_;
    ondemand::parser parser;
    const Error stopped{.code = Errc::Cancelled, .detail = {}, .file = {}};
    for (std::size_t count = 1;; ++count) {
        const auto step = elements.next();
        if (step == JsonElements::Step::Failed) {
            Error error = elements.error();
            if (error.code == Errc::DatasetSyntax)
                error.code = elements.otherShape() ? Errc::MapShape : Errc::MapSyntax;
            return error;
        }
        if (step == JsonElements::Step::End)
            break;
        const std::string_view text = elements.text();
        ondemand::document document;
        ondemand::object object;
        auto error =
            parser.iterate(text.data(), text.size(), text.size() + JsonElements::padding).get(document);
        error = error ? error : document.get_object().get(object);
        if (error)
            return mapError(Errc::MapSyntax, error_message(error), path, elements.byte());
        for (auto field : object) { // the only one
            std::string_view address;
            ondemand::value value;
            std::int64_t id = 0;
            error = field.unescaped_key().get(address);
            error = error ? error : field.value().get(value);
            if (error)
                return mapError(Errc::MapSyntax, error_message(error), path, elements.byte());
            if (value.get_int64().get(id) != SUCCESS)
                return mapError(Errc::MapValue, std::string(address), path, elements.byte());
            tables.note(address, id);
            break;
        }
        if (goOn && count % entriesPerQuestion == 0 &&
            !goOn(tables.addresses.growth(entriesPerQuestion) + growthOf(tables.ids, entriesPerQuestion)))
            return stopped;
    }
    if (!tables.indexIds(goOn))
        return stopped;
    return map;
}

std::optional<std::string_view> IpMap::address(std::int64_t id) const
{
    if (!tables_)
        return std::nullopt;
    const auto found = tables_->byId.find(id);
    if (found == tables_->byId.end())
        return std::nullopt;
    return tables_->addresses.text(*found);
}

bool IpMap::knows(std::string_view address) const
{
    return tables_ &&
           (address.empty() ? tables_->hasEmptyAddress : tables_->addresses.find(address).has_value());
}

std::size_t IpMap::size() const
{
    return tables_ ? tables_->size() : 0;
}

} // namespace packetloom
