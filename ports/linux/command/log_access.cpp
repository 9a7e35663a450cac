#include "log_access.hpp"

#include "files.hpp"
#include "text.hpp"

namespace command {

using cairn::Status;

void open_reader(LogDirectory& log, const std::string& path) {
  const cairn::host::Error error = log.open_reader(path);
  if (error.status == Status::damaged)
    remark(error.message);
  else
    require(error);
}

void open_writer(LogDirectory& log, const std::string& path, const std::string& key,
                 std::optional<uint64_t> batch) {
  std::optional<uint32_t> leaves;
  if (batch) leaves = static_cast<uint32_t>(*batch);
  require(log.open_writer(path, key, leaves));
}

void hear_beacon(LogDirectory& log, const std::string& path) {
  if (path.empty()) return;
  const std::string bytes = read_input(path);
  cairn::Note note;
  cairn::Checkpoint checkpoint;
  cairn::Fault fault;
  Status status = cairn::parse_note(view(bytes), note, &fault);
  if (status == Status::ok) status = cairn::parse_checkpoint(note.text, checkpoint, &fault);
  if (status != Status::ok) throw refused(path, status, fault);
  log.recorder().set_beacon(cairn::sha256(note.text));
}

Walk::Walk(const cairn::Log& log, uint64_t from) : buffer_(size_t{1} << 20) {
  const Status status = cursor_.open(log, {buffer_.data(), buffer_.size()}, from);
  if (status != Status::ok) throw refused("the log", status);
}

bool Walk::next(cairn::Log::Cursor::Item& item) {
  const Status status = cursor_.next(item);
  if (status == Status::end) return false;
  if (status != Status::ok) throw refused("the log", status);
  return true;
}

std::optional<StoredHead> find_head(const LogDirectory& log, uint64_t size_min) {
  Walk walk(log.log(), size_min == 0 ? 0 : size_min - 1);
  cairn::Log::Cursor::Item item;
  while (walk.next(item))
    if (item.type == cairn::Log::Cursor::Item::Type::head && item.size >= size_min)
      return StoredHead{item.size, item.signature};
  return std::nullopt;
}

StoredHead require_head(const LogDirectory& log, uint64_t size) {
  const auto head = find_head(log, size);
  if (head && head->size == size) return *head;
  std::string remedy = "Name the size of a signed checkpoint";
  if (head) remedy += "; the next one has size " + std::to_string(head->size);
  throw wrong_use(log.path(), "no signed checkpoint of size " + std::to_string(size), remedy + ".");
}

cairn::SignedHead head_at(const LogDirectory& log, std::optional<uint64_t> size) {
  if (size) {
    const StoredHead head = require_head(log, *size);
    return {head.size, root_at(log, head.size), head.signature};
  }
  if (const cairn::SignedHead* head = log.log().head()) return *head;
  throw wrong_use(log.path(), "the log has no signed checkpoint yet",
                  "Sign one with `cairn seal " + log.path() + "`.");
}

cairn::Digest root_at(const LogDirectory& log, uint64_t size) {
  cairn::Digest root;
  const Status status = cairn::build_root(size, log.log().nodes(), root);
  if (status != Status::ok)
    throw refused(log.path() + ": the tree of size " + std::to_string(size), status);
  return root;
}

std::string note_of(const LogDirectory& log, const cairn::SignedHead& head) {
  std::string note;
  std::string lines;
  require(log.checkpoint_of(head, note));
  require(log.cosignatures(head.size, lines));
  return note + lines;
}

std::string leaf_at(const LogDirectory& log, uint64_t index) {
  std::string leaf(cairn::leaf_bytes_max, '\0');
  const auto size = log.log().read(index, {reinterpret_cast<uint8_t*>(&leaf[0]), leaf.size()});
  if (!size.ok()) throw refused(log.path() + ": record " + std::to_string(index), size.status);
  leaf.resize(size.value);
  return leaf;
}

void require_index(const LogDirectory& log, uint64_t index) {
  const std::string place = log.path() + ": record " + std::to_string(index);
  if (log.log().size() == 0) throw wrong_use(place, "the log is empty");
  if (index >= log.log().size())
    throw wrong_use(place, "no such record",
                    "The newest is " + std::to_string(log.log().size() - 1) + ".");
  if (index < log.log().index_min()) throw refused(place, Status::pruned);
}

Json signatures_json(cairn::ByteView note) {
  Json list = Json::array();
  cairn::Note parsed;
  if (cairn::parse_note(note, parsed) != Status::ok) return list;
  cairn::SignatureLines lines(parsed);
  cairn::NoteSignature line;
  while (lines.next(line) == Status::ok) {
    Json entry{{"name", text_of(line.name)}, {"key_id", key_id_text(line.key_id)}};
    uint8_t blob[8 + 4 + cairn::signature_bytes];
    const auto size = cairn::decode_base64(line.base64, blob);
    // Only a cosignature is eight bytes longer than an Ed25519 signature; those are its time.
    if (size.ok() && size.value == sizeof blob)
      entry["time"] = iso_time(cairn::load_be64(blob + 4));
    list.push_back(entry);
  }
  return list;
}

}  // namespace command
