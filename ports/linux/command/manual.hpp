// Documentation that is made from the tree of verbs.
#pragma once

#include "commands.hpp"

namespace command {

/// What the command is for, in paragraphs, and its first examples.
const std::string& overview();
const std::vector<Example>& overview_examples();

/// The completion script of a shell: bash, zsh or fish.
std::string completion_of(const Commands& commands, const std::string& shell);

}  // namespace command
