// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/job.h"

#include "core/input/json_elements.h"
#include "core/shard/job_options.h"
#include "core/shard/job_trouble.h"
#include "core/support/build_text.h"
#include "core/support/file_sync.h"
#include "core/support/folder.h"
#include "core/support/path_text.h"
#include "core/support/plain_path.h"
#include "core/support/version.h"

#include <limits>

namespace packetloom {
namespace {

constexpr std::uint64_t largestJob = std::uint64_t{256} << 20;
/// Raised with every change of any file of a job: builds that cannot say which they are have one version.
constexpr std::uint64_t jobFormat = 3;

std::filesystem::path pathOf(JsonFields& fields, std::string_view key)
{
    return pathFromText(fields.bytesOrNull(key).value_or(""));
}

/// Calls each(object) of an array of objects.
template <class Each>
void forEachObject(JsonFields& fields, std::string_view key, const Each& each)
{
    auto array = fields.array(key);
    if (!array)
        return;
    for (auto element : *array) {
        simdjson::ondemand::object object;
        if (element.get(object) != simdjson::SUCCESS) {
            fields.unfit(key, "no list of objects");
            return;
        }
        JsonFields in = fields.in(object);
        each(in);
        if (!in.intact())
            return;
    }
}

void writeFile(JsonWriter<TextBuffer>& json, const JobFile& file)
{
    json.member("file", pathText(file.path));
    json.member("bytes", file.bytes);
    json.member("modified", file.modified);
}

JobFile readFile(JsonFields& fields)
{
    JobFile file;
    file.path = pathOf(fields, "file");
    file.bytes = fields.count("bytes");
    file.modified = fields.integer("modified");
    return file;
}

void writeJson(const Job& job, JsonWriter<TextBuffer>& json)
{
    json.beginObject();
    json.member("packetloom_job", jobFormat);
    json.member("version", jobVersion());
    json.member("id", job.id);
    json.member("seed", job.seed);
    json.member("map_tasks", job.tasks.size());
    json.member("reduce_tasks", job.shards);
    json.member("output", job.output.format->id);
    json.member("flow_filter", job.output.filter);
    json.member("checksums_count", job.options.exact.checksumsCount);
    writeOptions(json.key("options"), job.options);
    json.key("inputs").beginArray();
    for (std::size_t i = 0; i < job.options.inputs.size(); ++i) {
        json.beginObject();
        json.member("given", pathText(job.givenInputs[i]));
        writeFile(json, job.files[i]);
        writeSpec(json, specOf(job.options, job.options.inputs[i]));
        json.endObject();
    }
    json.endArray();
    json.key("ip_maps").beginArray();
    for (std::size_t i = job.options.inputs.size(); i < job.files.size(); ++i) {
        json.beginObject();
        writeFile(json, job.files[i]);
        json.endObject();
    }
    json.endArray();
    json.key("tasks").beginArray();
    for (const auto& task : job.tasks) {
        json.beginObject();
        json.member("input", task.input);
        json.member("begin", task.begin);
        json.member("end", task.end);
        json.member("lines_before", task.linesBefore);
        json.key("head").beginArray();
        for (const auto& range : task.head) {
            json.beginObject();
            json.member("begin", range.begin);
            json.member("end", range.end);
            json.endObject();
        }
        json.endArray();
        json.endObject();
    }
    json.endArray();
    json.endObject();
}

void readJson(JsonFields& fields, Job& job)
{
    job.id = fields.bytesOrNull("id").value_or("");
    job.seed = fields.count("seed");
    const std::uint64_t tasks = fields.count("map_tasks");
    job.shards = static_cast<std::size_t>(fields.count("reduce_tasks"));
    const auto output = fields.bytesOrNull("output").value_or("");
    job.output.format = outputFormatNamed(output);
    if (!job.output.format)
        fields.unfit("output", "no output that is known");
    job.output.filter = fields.bytesOrNull("flow_filter").value_or("");
    const bool checksums = fields.boolean("checksums_count");
    if (auto options = fields.object("options")) {
        JsonFields in = fields.in(*options);
        readOptions(in, job.options);
    }
    job.options.exact.checksumsCount = checksums;
    forEachObject(fields, "inputs", [&](JsonFields& in) {
        job.givenInputs.push_back(pathOf(in, "given"));
        job.files.push_back(readFile(in));
        job.options.inputs.push_back(job.files.back().path);
        job.options.specs.push_back(readSpec(in));
        job.options.specs.back().file = job.files.back().path;
    });
    forEachObject(fields, "ip_maps", [&](JsonFields& in) { job.files.push_back(readFile(in)); });
    forEachObject(fields, "tasks", [&](JsonFields& in) {
        MapTask task;
        task.input = static_cast<std::size_t>(in.count("input"));
        task.begin = in.count("begin");
        task.end = in.count("end");
        task.linesBefore = in.count("lines_before");
        forEachObject(in, "head", [&](JsonFields& range) {
            const auto begin = range.count("begin");
            task.head.push_back({begin, range.count("end")});
        });
        if (task.input >= job.options.inputs.size())
            in.unfit("input", "no number of an input");
        job.tasks.push_back(std::move(task));
    });
    if (fields.intact() && (tasks != job.tasks.size() || job.shards == 0 || job.id.empty()))
        fields.unfit("map_tasks", "not the number of tasks");
}

} // namespace

std::string jobVersion()
{
    return std::string(PACKETLOOM_VERSION " (build ") + buildText() + ')';
}

std::filesystem::path jobFile(const std::filesystem::path& folder)
{
    return folder / "job.json";
}

Result<void> writeJob(const Job& job)
{
    if (entryOf(jobFile(job.folder)).kind != Entry::Kind::None)
        return jobError(JobTrouble::JobExists, job.folder);
    TextBuffer text;
    JsonWriter json(text);
    writeJson(job, json);
    if (text.text().size() >= largestJob)
        return jobError(JobTrouble::NotInTasks, job.folder,
                        std::to_string(job.tasks.size()) +
                            " map tasks would be too long a list; ask for larger ones with --task-bytes");
    std::error_code error;
    std::filesystem::create_directories(job.folder, error);
    if (error)
        return Error{.code = Errc::Write, .detail = error.message(), .file = job.folder};
    // Whole or not at all, and never over another one.
    const auto partial = job.folder / (".job-" + job.id);
    auto file = File::create(partial);
    if (!file)
        return std::move(file).error();
    auto written = file->write(std::string(text.text()) + '\n');
    if (written)
        written = file->close();
    if (written)
        written = syncFile(partial);
    if (written)
        error = renameToNew(partial, jobFile(job.folder));
    if (written && !error)
        return syncFolder(job.folder);
    std::error_code ignored;
    std::filesystem::remove(partial, ignored);
    if (!written)
        return written;
    if (entryOf(jobFile(job.folder)).kind != Entry::Kind::None)
        return jobError(JobTrouble::JobExists, job.folder);
    return Error{.code = Errc::Write, .detail = error.message(), .file = jobFile(job.folder)};
}

Result<Job> readJob(const std::filesystem::path& folder)
{
    auto text = readWhole(jobFile(folder), largestJob, Errc::MapTooLarge, JsonElements::padding);
    if (!text && text.error().code == Errc::MapTooLarge)
        return jobError(JobTrouble::NotAJob, jobFile(folder), "it is too large");
    if (!text)
        return std::move(text).error();
    const std::size_t size = text->size();
    text->resize(size + JsonElements::padding, ' ');
    JsonParser parser;
    const auto object = parser.object(std::string_view(*text).substr(0, size));
    if (!object)
        return jobError(JobTrouble::NotAJob, jobFile(folder), "it is no JSON object");
    std::string problem;
    JsonFields fields(*object, problem);
    const bool known = fields.count("packetloom_job") == jobFormat;
    const auto version = fields.bytesOrNull("version").value_or("");
    if (fields.intact() && (!known || version != jobVersion()))
        return jobError(JobTrouble::OtherVersion, jobFile(folder), version);
    Job job;
    std::error_code error;
    job.folder = std::filesystem::absolute(folder, error);
    readJson(fields, job);
    if (!fields.intact())
        return jobError(JobTrouble::NotAJob, jobFile(folder), problem);
    return job;
}

std::filesystem::path absolutePath(const std::filesystem::path& path)
{
    if (path.empty())
        return path;
    std::error_code error;
    return plainPath(std::filesystem::absolute(path, error));
}

Result<JobFile> jobFileOf(const std::filesystem::path& path)
{
    JobFile file;
    file.path = absolutePath(path);
    auto opened = File::openRegular(file.path);
    if (!opened)
        return std::move(opened).error();
    const auto stamp = opened->stamp();
    if (!stamp)
        return Error{.code = Errc::NotRegular, .detail = {}, .file = path, .facts = FileKind::Device};
    file.bytes = stamp->size;
    file.modified = stamp->modified;
    return file;
}

Result<void> checkUnchanged(const JobFile& file)
{
    const auto now = jobFileOf(file.path);
    if (!now)
        return now.error();
    if (now->bytes != file.bytes || now->modified != file.modified)
        return jobError(JobTrouble::InputChanged, file.path);
    return {};
}

} // namespace packetloom
