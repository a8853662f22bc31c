// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/path_text.h"
#include "tests/core/analysis/dataset_sample.h"
#include "tests/fuzz/fuzz_input.h"

#include <algorithm>
#include <string>
#include <vector>

using namespace packetloom;
using namespace packetloom::test;

namespace {

/// A whole dataset of which one file is damaged at a time.
class DamagedDataset
{
public:
    DamagedDataset()
    {
        for (const auto& [name, text] : sample_.files()) {
            files_.push_back({name, text});
            // Where it is written shall not decide what an input does.
            const auto folder = pathText(sample_.folder().path());
            if (const auto at = files_.back().text.find(folder); at != std::string::npos)
                files_.back().text.erase(at, folder.size());
        }
    }

    [[nodiscard]] std::filesystem::path path() const { return sample_.path(); }

    void damage(FuzzInput& input)
    {
        const auto choice = input.byte();
        File& file = files_[(choice & 127u) % files_.size()];
        if (damaged_ && damaged_ != &file)
            sample_.write(damaged_->name, damaged_->text);
        damaged_ = &file;
        sample_.write(file.name, choice & 128u ? edited(file.text, input) : std::string(input.text()));
    }

private:
    struct File
    {
        std::string name, text;
    };

    /// The file's own text with pieces replaced, which gets further than a text of the input alone.
    static std::string edited(std::string text, FuzzInput& input)
    {
        for (int i = 0; i < 8 && !input.empty(); ++i) {
            const std::size_t place = input.byte() | std::size_t{input.byte()} << 8;
            const std::size_t gone = input.byte();
            const auto piece = input.text(input.byte());
            text.replace(std::min(place, text.size()), gone, piece);
        }
        return text;
    }

    const DatasetSample sample_;
    std::vector<File> files_;
    const File* damaged_ = nullptr;
};

bool isIn(const std::filesystem::path& file, const std::filesystem::path& folder)
{
    const auto relative = file.lexically_relative(folder);
    return !relative.empty() && *relative.begin() != "..";
}

void checkError(const Error& error, const std::filesystem::path& folder)
{
    require(error.code == Errc::NotADataset || error.code == Errc::DatasetSyntax ||
                error.code == Errc::DatasetMismatch || error.code == Errc::Open || error.code == Errc::Read,
            "one of a dataset's errors");
    require(isIn(error.file, folder), "an error in the dataset");
}

} // namespace

/// A damaged dataset is opened or refused, and nothing outside it is looked at.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static DamagedDataset dataset;
    FuzzInput input(data, size);
    dataset.damage(input);
    const auto opened = openDataset(dataset.path(), keepGoing);
    if (!opened) {
        checkError(opened.error(), dataset.path());
        return 0;
    }
    const Analysis& analysis = **opened;
    require(analysis.dataset()->source.places.size() == analysis.flows.size(), "every flow has its place");
    for (std::size_t i = 0; i < analysis.flows.size(); ++i) {
        require(analysis.dataset()->source.chunkFile(i).parent_path() == dataset.path() / "flows",
                "chunks are in their folder");
        const auto flow = readFlow(analysis, i);
        if (!flow) {
            checkError(flow.error(), dataset.path());
            continue;
        }
        const auto packets = flow->packets.size();
        require(packets > 0 && flow->life.listedPackets == packets, "listed packets are there");
        for (const auto& named : {flow->life.syn, flow->life.synAck, flow->life.invalidPacket})
            require(!named || *named < packets, "a named packet is there");
        for (const auto* phase : {&flow->life.establishment, &flow->life.dataTransfer, &flow->life.closing})
            require(std::all_of(phase->begin(), phase->end(),
                                [&](const PhasePacket& step) { return step.packet < packets; }),
                    "a phase's packets are there");
    }
    return 0;
}
