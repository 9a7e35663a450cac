#include "retain_store.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cairn/linux/file.hpp>
#include <cerrno>
#include <cstdio>

namespace cairn::openplc {
namespace {

using host::bytes_of;
using host::Error;

constexpr char first_line[] = "cairn retain 1";
constexpr char no_program[] = "-";
constexpr size_t values_bytes_max = 65535;
constexpr size_t file_bytes_max = 256 * 1024;
constexpr size_t signature_line_bytes_max = 512;

Error torn(const std::string& path, const char* what) {
  return {Status::corrupt, path + " " + what + "."};
}

// The next line of `text`, which is shortened by it; false when there is none.
bool take_line(ByteView& text, ByteView& line) {
  for (size_t i = 0; i < text.size; ++i) {
    if (text[i] != '\n') continue;
    line = text.part(0, i);
    text = text.part(i + 1);
    return true;
  }
  return false;
}

Error parse(const std::string& path, ByteView text, Retained& out) {
  ByteView name, version, program, values;
  const bool whole = take_line(text, name) && take_line(text, version) &&
                     take_line(text, program) && take_line(text, values) && text.empty();
  if (!whole || !equal(name, literal(first_line))) return torn(path, "holds no retain values");
  const Result<uint64_t> number = parse_decimal(version);
  if (number.status != Status::ok) return torn(path, "has no version");
  out.version = number.value;
  out.program = host::string_of(program);
  if (out.program == no_program) out.program.clear();
  out.values.resize(values_bytes_max);
  const Result<size_t> size = decode_base64(values, {out.values.data(), out.values.size()});
  if (size.status != Status::ok) return torn(path, "has no values");
  out.values.resize(size.value);
  return {};
}

std::string text_of(uint64_t version, const std::string& program, ByteView values) {
  std::string base64(base64_size(values.size), '=');
  (void)encode_base64(values, {reinterpret_cast<uint8_t*>(base64.data()), base64.size()});
  return std::string(first_line) + "\n" + std::to_string(version) + "\n" +
         (program.empty() ? no_program : program) + "\n" + base64 + "\n";
}

}  // namespace

std::string RetainStore::file(unsigned slot) const {
  return folder_ + "/retain-" + std::to_string(slot);
}

std::string RetainStore::refused_file(unsigned slot) const {
  return file(slot) + ".refused";
}

Error RetainStore::open(const std::string& folder, const std::string& key_path) {
  folder_ = folder;
  version_ = 0;
  CAIRN_HOST_TRY(key_.load(key_path));
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return host::system_error("create the folder", folder, errno);
  }
  for (unsigned slot = 0; slot < 2; ++slot) {
    Retained found;
    if (read(slot, found).ok() && found.version > version_) version_ = found.version;
  }
  return {};
}

// corrupt: cut short or unreadable. signature_invalid: whole, but not what the key signed; then
// `out` is what the file says.
Error RetainStore::read(unsigned slot, Retained& out) const {
  const std::string path = file(slot);
  std::string content;
  CAIRN_HOST_TRY(host::read_file(path, file_bytes_max, content));
  Note note;
  if (parse_note(bytes_of(content), note) != Status::ok) return torn(path, "was cut short");
  CAIRN_HOST_TRY(parse(path, note.text, out));
  if (verify_note(note, key_.log_key(), host::all_verifiers()) == Status::ok) return {};
  return {Status::signature_invalid,
          path + " is not what the key '" + key_.name() +
              "' signed: somebody changed it. No retain values are restored; the file is kept as " +
              refused_file(slot) + "."};
}

Error RetainStore::load(Retained& out) {
  Retained sets[2];
  Error errors[2];
  for (unsigned slot = 0; slot < 2; ++slot) {
    errors[slot] = read(slot, sets[slot]);
    if (errors[slot].status == Status::signature_invalid) {
      (void)std::rename(file(slot).c_str(), refused_file(slot).c_str());
      return errors[slot];
    }
  }
  const unsigned newest =
      errors[1].ok() && (!errors[0].ok() || sets[1].version > sets[0].version) ? 1 : 0;
  const Error& other = errors[1 - newest];
  if (!errors[newest].ok()) {
    return errors[newest].status == Status::not_found ? other : errors[newest];
  }
  out = std::move(sets[newest]);
  version_ = out.version;
  const std::string restored = "of version " + std::to_string(version_) + ", are restored.";
  if (!other.ok() && other.status != Status::not_found) {
    return {Status::ok, other.message + " The values before, " + restored};
  }
  for (unsigned slot = 0; slot < 2; ++slot) {
    if (access(refused_file(slot).c_str(), F_OK) != 0) continue;
    return {Status::ok, refused_file(slot) + " lies there: somebody changed retain values. Those " +
                            restored + " Move the file away when that is settled."};
  }
  return {};
}

Error RetainStore::save(const std::string& program, ByteView values) {
  if (values.empty() || values.size > values_bytes_max) {
    return {Status::bad_argument, "Retain values have 1 to 65535 bytes."};
  }
  const std::string text = text_of(version_ + 1, program, values);
  const NoteKey key = key_.log_key();
  uint8_t line[signature_line_bytes_max];
  const Result<size_t> size = sign_note(bytes_of(text), key.name, key.type, key_.signer(), 0, line);
  if (size.status != Status::ok) {
    return {size.status, "The retain values cannot be signed with the key '" + key_.name() + "'."};
  }
  const std::string note = text + "\n" + host::string_of({line, size.value});
  const auto slot = static_cast<unsigned>((version_ + 1) % 2);
  CAIRN_HOST_TRY(host::write_file(file(slot), bytes_of(note), 0600));
  ++version_;
  return {};
}

Error RetainStore::clear() {
  for (unsigned slot = 0; slot < 2; ++slot) {
    if (unlink(file(slot).c_str()) != 0 && errno != ENOENT) {
      return host::system_error("remove", file(slot), errno);
    }
  }
  return host::sync_folder_of(file(0));
}

}  // namespace cairn::openplc
