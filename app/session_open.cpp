// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// What becomes of files that are opened, whatever they are.

#include "app/session.h"
#include "core/input/flows/flow_table_format.h"
#include "core/shard/job.h"
#include "core/support/file.h"
#include "ui/main_window.h"
#include "ui/messages.h"

#include <algorithm>
#include <utility>

namespace packetloom {
namespace {

constexpr const char* sessionEnding = ".packetloom";
constexpr std::uint64_t addressListLimit = std::uint64_t{1} << 20;

} // namespace

void Session::openToLook(const std::filesystem::path& path)
{
    if (jobs_.running() != Jobs::Kind::None)
        return;
    opening_ = path;
    std::error_code unknown;
    if (std::filesystem::is_regular_file(path, unknown)) {
        window_.jobStarted(tr("Opening"), tr("The table of flows %1 is being opened.").arg(shownPath(path)));
        jobs_.openFlowTable(path);
        return;
    }
    window_.jobStarted(tr("Opening"), tr("The dataset %1 is being opened.").arg(shownPath(path)));
    jobs_.openDataset(path);
}

void Session::open(const std::vector<std::filesystem::path>& paths)
{
    std::vector<std::filesystem::path> captures;
    for (const auto& path : paths) {
        std::error_code unknown;
        if (std::filesystem::is_regular_file(jobFile(path), unknown))
            jobLookups_.read(path);
        else if (std::filesystem::is_directory(path, unknown) || flowTableFormatOf(path))
            openToLook(path);
        else if (!openDocument(path))
            captures.push_back(path);
    }
    if (!captures.empty())
        window_.addCaptures(captures);
}

bool Session::openDocument(const std::filesystem::path& path)
{
    const bool named = path.extension() == sessionEnding;
    if (!named && path.extension() != ".json")
        return false;
    const auto text = readWhole(path, documentLimit, Errc::MapTooLarge);
    if (!text) {
        if (named && text.error().code == Errc::MapTooLarge)
            window_.showNote(tr("%1 is too large for a session.").arg(shownPath(path)));
        else if (named)
            window_.showError(text.error());
        else
            window_.setIpMap(path); // a large one; what is wrong with it is said when it is read
        return true;
    }
    const auto json = QByteArray::fromStdString(*text);
    const auto folder = path.parent_path();
    const auto kind = named ? JsonKind::Session : jsonKind(json);
    const auto failed = [&](Error error) {
        error.file = path;
        window_.showError(error);
    };
    if (kind == JsonKind::Session) {
        if (auto session = sessionFromJson(json, folder))
            openUnlessElsewhere(json, path, [this, path, session = *std::move(session)] {
                openSession(session);
                MainWindow::rememberOpened(path);
            });
        else
            failed(session.error());
    } else if (kind == JsonKind::Selection) {
        if (auto selection = selectionFromJson(json, folder))
            openUnlessElsewhere(json, path, [this, path, selection = *std::move(selection)] {
                openSelection(selection, path);
            });
        else
            failed(selection.error());
    } else {
        window_.setIpMap(path);
    }
    return true;
}

void Session::openUnlessElsewhere(const QByteArray& json, const std::filesystem::path& document,
                                  std::function<void()> open)
{
    const auto elsewhere = filesElsewhere(json);
    if (elsewhere.isEmpty()) {
        open();
        return;
    }
    waiting_ = std::move(open);
    window_.askElsewhere(document, elsewhere);
}

void Session::openSession(const SessionFile& session)
{
    if (jobs_.running() != Jobs::Kind::None)
        return;
    window_.setOptions(session.options);
    window_.setViewState(session.view);
    if (!session.dataset.empty())
        openToLook(session.dataset);
    else
        window_.requestAnalysis();
}

void Session::openSelection(const Options& selection, const std::filesystem::path& path)
{
    // A selection made elsewhere names files that may not be here: then those that are open stay.
    const auto present = [](const std::filesystem::path& file) {
        std::error_code unknown;
        return std::filesystem::exists(file, unknown);
    };
    Options options = window_.options();
    const bool all = std::all_of(selection.inputs.begin(), selection.inputs.end(), present);
    if (!selection.inputs.empty() && all)
        options.inputs = selection.inputs;
    if (!selection.ipMap.empty() && present(selection.ipMap))
        options.ipMap = selection.ipMap;
    options.addressFilter = selection.addressFilter;
    options.filterEnds = FilterEnds::Either;
    options.window = selection.window;
    options.filter.clear();
    options.attackContext = selection.attackContext;
    window_.setOptions(options);
    const auto name = shownPath(path.filename());
    window_.showNote(all ? tr("The filters are those of %1. Analyze to see what they keep.").arg(name)
                         : tr("The filters are those of %1. Its captures are not on this computer under the "
                              "names that it gives: open them here.")
                               .arg(name));
}

void Session::loadAddresses(const std::filesystem::path& path)
{
    const auto text = readWhole(path, addressListLimit, Errc::MapTooLarge);
    if (!text && text.error().code == Errc::MapTooLarge)
        window_.showNote(tr("%1 is too large for a list of addresses.").arg(shownPath(path)));
    else if (!text)
        window_.showError(text.error());
    else
        window_.setAddresses(QString::fromStdString(*text));
}

} // namespace packetloom
