// Input and output files of a verb. Failures are thrown.
#pragma once

#include <cairn/linux/key_file.hpp>
#include <cstdint>
#include <string>

#include "failure.hpp"

namespace command {

/// No input file of the command (evidence, note, proof, policy, key) is longer.
constexpr size_t input_bytes_max = size_t{64} << 20;

/// Throws when `error` is not ok.
void require(const cairn::host::Error& error);

/// The file's bytes; "-" is standard input. Throws: missing, unreadable, a folder, empty, or too
/// large.
std::string read_input(const std::string& path);

/// Replaces the file as a whole; "-" is standard output.
void write_output(const std::string& path, const std::string& bytes);

/// A verifier key given as text or as the name of a file that holds it.
cairn::host::VerifierKey load_vkey(const std::string& text_or_file);

bool is_folder(const std::string& path);
bool ends_with(const std::string& text, const std::string& ending);

}  // namespace command
