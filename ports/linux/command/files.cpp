#include "files.hpp"

#include <cairn/linux/file.hpp>
#include <filesystem>
#include <iostream>

#include "text.hpp"

namespace command {

using cairn::host::Error;

void require(const Error& error) {
  if (error.ok()) return;
  Failure failure = wrong_use("", error.message);
  failure.status = error.status;
  throw failure;
}

std::string read_input(const std::string& path) {
  std::string bytes;
  require(cairn::host::read_file(path, input_bytes_max, bytes));
  if (bytes.empty())
    throw wrong_use(path, "the file is empty", "Check that it was written or copied completely.");
  return bytes;
}

void write_output(const std::string& path, const std::string& bytes) {
  if (path != "-") return require(cairn::host::write_file(path, view(bytes)));
  std::cout << bytes << std::flush;
  if (!std::cout) throw wrong_use("standard output", "cannot be written");
}

cairn::host::VerifierKey load_vkey(const std::string& text_or_file) {
  cairn::host::VerifierKey key;
  std::error_code ignored;
  const bool text = text_or_file.find('+') != std::string::npos &&
                    !std::filesystem::exists(text_or_file, ignored);
  require(text ? key.parse(text_or_file, "the verifier key " + text_or_file)
               : key.load(text_or_file));
  return key;
}

bool is_folder(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored);
}

bool ends_with(const std::string& text, const std::string& ending) {
  return text.size() >= ending.size() &&
         text.compare(text.size() - ending.size(), ending.size(), ending) == 0;
}

}  // namespace command
