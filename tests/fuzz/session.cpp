// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/session_file.h"
#include "tests/fuzz/fuzz_input.h"

using namespace packetloom;
using namespace packetloom::test;

namespace {

void checkError(const Error& error)
{
    require(error.code == Errc::JsonSyntax || error.code == Errc::JsonShape, "one of a document's errors");
    require(error.file.empty(), "the error has no file name");
}

} // namespace

/// What was read is written so that it is read the same.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto text = FuzzInput(data, size).text();
    const QByteArray json(text.data(), static_cast<qsizetype>(text.size()));
    const std::filesystem::path folder = "/captures/of today";
    const auto kind = jsonKind(json);
    if (const auto session = sessionFromJson(json, folder)) {
        require(kind == JsonKind::Session, "a session is known as one");
        const auto written = sessionToJson(*session, folder);
        const auto again = sessionFromJson(written, folder);
        require(again.has_value(), "a written session can be read");
        require(sessionToJson(*again, folder) == written, "it is written the same again");
        require(again->options.inputs.size() == session->options.inputs.size() &&
                    again->options.addressFilter == session->options.addressFilter &&
                    again->options.window.start == session->options.window.start &&
                    again->options.window.end == session->options.window.end &&
                    again->options.flowTimeoutSeconds == session->options.flowTimeoutSeconds,
                "it means the same");
    } else {
        checkError(session.error());
    }
    // Whatever path leads to another computer, somebody asks about it.
    const auto asked = filesElsewhere(json);
    const auto known = [&](const Options& options, const std::filesystem::path& dataset) {
        auto files = filesRead(options);
        files.push_back(dataset);
        for (const auto& file : files)
            require(!file.native().starts_with("//") || !asked.isEmpty(), "files elsewhere are known");
    };
    if (const auto session = sessionFromJson(json, folder))
        known(session->options, session->dataset);
    if (const auto selection = selectionFromJson(json, folder))
        known(*selection, {});
    if (const auto selection = selectionFromJson(json, folder); !selection)
        checkError(selection.error());
    else
        require(kind != JsonKind::Other, "a selection is known as one");
    return 0;
}
