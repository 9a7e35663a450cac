#include <cairn/linux/lock_file.hpp>
#include <cairn/linux/witness_file.hpp>
#include <nlohmann/json.hpp>

namespace cairn::host {
namespace {

using Json = nlohmann::json;

constexpr char format_name[] = "cairn-witness-state";
constexpr uint64_t format_version = 1;
constexpr size_t state_bytes_max = 256 * 1024 * 1024;
constexpr uint64_t size_max = UINT64_MAX >> 1;

// One entry of the file.
struct Entry {
  WitnessState state;
  std::string checkpoint;
};

Error damaged_state(const std::string& path, const std::string& what) {
  return {Status::corrupt,
          path + " is not a witness state: " + what +
              ". Restore it from a copy that is not older than the last cosignature: with an older "
              "one the witness could sign a fork."};
}

Error read_entry(const std::string& path, const std::string& origin, const Json& value,
                 Entry& out) {
  const std::string where = "the entry of '" + origin + "' ";
  if (!value.is_object()) return damaged_state(path, where + "is not an object");
  const Json size = value.value("size", Json());
  const Json root = value.value("root", Json());
  const Json checkpoint = value.value("checkpoint", Json());
  if (!size.is_number_unsigned() || size.get<uint64_t>() > size_max) {
    return damaged_state(path, where + "has no valid size");
  }
  if (!checkpoint.is_string()) return damaged_state(path, where + "has no checkpoint");
  Digest digest{};
  const std::string text = root.is_string() ? root.get<std::string>() : std::string();
  const Result<size_t> decoded = decode_base64(bytes_of(text), digest.bytes);
  if (!decoded.ok() || decoded.value != digest_bytes) {
    return damaged_state(path, where + "has no valid root");
  }
  out.state = {size.get<uint64_t>(), digest};
  out.checkpoint = checkpoint.get<std::string>();
  return {};
}

// Reads the file and checks every entry of it. A file that does not exist is an empty state.
Error read_state(const std::string& path, Json& logs) {
  logs = Json::object();
  std::string content;
  const Error error = read_file(path, state_bytes_max, content);
  if (error.status == Status::not_found) return {};
  CAIRN_HOST_TRY(error);
  const Json root = Json::parse(content, nullptr, false);
  if (!root.is_object()) return damaged_state(path, "not a JSON object");
  if (root.value("format", Json()) != format_name) {
    return damaged_state(path, std::string("its format is not '") + format_name + "'");
  }
  const Json version = root.value("version", Json());
  if (!version.is_number_unsigned()) return damaged_state(path, "it has no version");
  if (version.get<uint64_t>() != format_version) {
    return {Status::wrong_version, path + " is of version " + version.dump() +
                                       "; this program knows version " +
                                       std::to_string(format_version) + ". Use a newer cairn."};
  }
  logs = root.value("logs", Json());
  if (!logs.is_object()) return damaged_state(path, "it has no object 'logs'");
  Entry entry;
  for (const auto& [origin, value] : logs.items()) {
    CAIRN_HOST_TRY(read_entry(path, origin, value, entry));
  }
  return {};
}

// The entry of an origin; size 0 when there is none.
Error find_entry(const std::string& path, const Json& logs, const std::string& origin, Entry& out) {
  out = {};
  const auto found = logs.find(origin);
  if (found == logs.end()) return {};
  return read_entry(path, origin, *found, out);
}

Error write_state(const std::string& path, const Json& logs) {
  const Json root = {{"format", format_name}, {"version", format_version}, {"logs", logs}};
  try {
    return write_file(path, bytes_of(root.dump(1) + "\n"), 0644);
  } catch (const Json::type_error&) {
    return {Status::corrupt, "the checkpoint is not UTF-8."};
  }
}

std::string base64_of(const Digest& digest) {
  uint8_t text[base64_size(digest_bytes)];
  const Result<size_t> size = encode_base64(digest, text);
  return size.ok() ? string_of({text, size.value}) : std::string();
}

WitnessFile& self_of(void* user) {
  return *static_cast<WitnessFile*>(user);
}

}  // namespace

Error WitnessFile::open(const std::string& path, const std::vector<std::string>& log_vkeys) {
  path_ = path;
  keys_.clear();
  error_ = {};
  for (const std::string& vkey : log_vkeys) {
    VerifierKey key;
    CAIRN_HOST_TRY(key.parse(vkey, "the log's key '" + vkey + "'"));
    if (key.key.type == NoteType::cosignature) {
      return {Status::bad_argument,
              "'" + vkey + "' is the key of a witness. Name the verifier keys of logs."};
    }
    for (const VerifierKey& other : keys_) {
      if (!equal(other.key.name, key.key.name)) continue;
      return {Status::bad_argument,
              "two keys for the log '" + string_of(key.key.name) + "'. Name one."};
    }
    keys_.push_back(key);
  }
  Json logs;
  return read_state(path_, logs);
}

WitnessStore WitnessFile::store() {
  return {this, &WitnessFile::key, &WitnessFile::get, &WitnessFile::compare_and_set};
}

Status WitnessFile::fail(Error error) {
  error_ = std::move(error);
  return error_.status;
}

Status WitnessFile::key(void* user, ByteView origin, NoteKey& out) {
  for (const VerifierKey& known : self_of(user).keys_) {
    if (!equal(known.key.name, origin)) continue;
    out = known.key;
    return Status::ok;
  }
  return self_of(user).fail({Status::not_found, "the log '" + string_of(origin) +
                                                    "' is unknown here. Name its verifier key."});
}

Status WitnessFile::get(void* user, ByteView origin, WitnessState& out) {
  WitnessFile& self = self_of(user);
  Json logs;
  Entry entry;
  Error error = read_state(self.path_, logs);
  if (error.ok()) error = find_entry(self.path_, logs, string_of(origin), entry);
  if (!error.ok()) return self.fail(std::move(error));
  out = entry.state;
  return Status::ok;
}

Status WitnessFile::compare_and_set(void* user, ByteView origin, const WitnessState& expected,
                                    const WitnessState& next, ByteView checkpoint) {
  WitnessFile& self = self_of(user);
  const std::string name = string_of(origin);
  LockFile lock;
  Json logs;
  Entry entry;
  Error error = lock.wait(self.path_ + ".lock");
  if (error.ok()) error = read_state(self.path_, logs);
  if (error.ok()) error = find_entry(self.path_, logs, name, entry);
  if (!error.ok()) return self.fail(std::move(error));
  if (entry.state.size != expected.size ||
      (expected.size != 0 && entry.state.root != expected.root)) {
    return self.fail({Status::bad_state, "the state of '" + name +
                                             "' was changed meanwhile by another process. Ask "
                                             "again."});
  }
  logs[name] = {
      {"size", next.size}, {"root", base64_of(next.root)}, {"checkpoint", string_of(checkpoint)}};
  error = write_state(self.path_, logs);
  return error.ok() ? Status::ok : self.fail(std::move(error));
}

Error WitnessFile::checkpoint(const std::string& origin, std::string& out) const {
  Json logs;
  Entry entry;
  CAIRN_HOST_TRY(read_state(path_, logs));
  CAIRN_HOST_TRY(find_entry(path_, logs, origin, entry));
  if (entry.checkpoint.empty()) {
    return {Status::not_found, "no checkpoint of '" + origin + "' has been cosigned."};
  }
  out = entry.checkpoint;
  return {};
}

}  // namespace cairn::host
