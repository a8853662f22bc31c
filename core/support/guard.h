// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/result.h"

#include <exception>
#include <filesystem>
#include <new>

namespace packetloom {

/// Runs a whole job and turns the exceptions that the standard library may throw in it into an Error: callers
/// of the public functions see Results only.
template <class Job>
auto guarded(const Job& job) -> decltype(job())
{
    try {
        return job();
    } catch (const std::bad_alloc&) {
        return Error{.code = Errc::Internal, .detail = "out of memory", .file = {}};
    } catch (const std::filesystem::filesystem_error& error) {
        return Error{.code = Errc::Internal, .detail = error.code().message(), .file = error.path1()};
    } catch (const std::exception& error) {
        return Error{.code = Errc::Internal, .detail = error.what(), .file = {}};
    } catch (...) {
        return Error{.code = Errc::Internal, .detail = "an unknown exception", .file = {}};
    }
}

/// The same error, marked as found before anything was written.
inline Error whilePreparing(Error error)
{
    error.stage = Stage::Prepare;
    return error;
}

} // namespace packetloom
