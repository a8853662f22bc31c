// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/input_problem.h"

#include <filesystem>
#include <string>

namespace packetloom {

struct FileProblem
{
    std::filesystem::path file;
    InputProblem problem;
};

/// What is doubtful of an input, as a sentence; and what to say on the command line if it is so, empty where
/// nothing can be said there.
std::string problemText(const InputProblem& problem);
std::string problemCure(const InputProblem& problem);
/// Both, and what to do where no option helps.
std::string problemAdvice(const InputProblem& problem);
/// The same with the file before it.
std::string problemLine(const FileProblem& problem);

/// "microseconds"; "dates".
std::string unitText(TimeUnit unit);

} // namespace packetloom
