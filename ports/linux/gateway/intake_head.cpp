#include "intake_head.hpp"

#include <cairn/linux/file.hpp>
#include <cairn/merkle.hpp>
#include <ctime>

#include "device_format.hpp"
#include "note_lines.hpp"
#include "registry.hpp"

namespace cairn::gateway {
namespace {

using host::bytes_of;
using host::string_of;

constexpr size_t cosignature_line_bytes_max = 4 + key_name_bytes_max + 1 + 104 + 1;

// Of version 0: no head, the empty tree.
Error parse_head(const Entry& entry, Head& out) {
  out.checkpoint = {};
  out.checkpoint.root = empty_root;
  out.note = entry.value;
  out.version = entry.version;
  if (entry.version == 0) return {};
  Note note;
  Status status = parse_note(bytes_of(out.note), note);
  if (status == Status::ok) status = parse_checkpoint(note.text, out.checkpoint);
  if (status == Status::ok) return {};
  return {Status::corrupt, "the entry '" + entry.key + "' is no checkpoint. Restore the store."};
}

}  // namespace

std::string head_key(const std::string& origin) {
  return key_of({"head", origin});
}

std::string cosigned_key(const std::string& origin, uint64_t size) {
  return key_of({"cosigned", origin, key_number(size)});
}

uint64_t Heads::now_s() const {
  return options_.now_s ? options_.now_s() : static_cast<uint64_t>(std::time(nullptr));
}

Error Heads::load(const std::string& origin, Head& out) const {
  Entry entry;
  const Error error = store_.get(head_key(origin), entry);
  if (!error.ok() && error.status != Status::not_found) return error;
  return parse_head(entry, out);
}

Error Heads::load(const std::string& origin, Device& device, Head& out) const {
  std::vector<Entry> entries;
  CAIRN_HOST_TRY(store_.get_batch({device_key(origin), head_key(origin)}, entries));
  if (entries[0].version == 0) return not_enrolled(origin);
  CAIRN_HOST_TRY(decode_device(entries[0], device));
  return parse_head(entries[1], out);
}

Error Heads::choose_key(const Device& device, uint64_t size, host::VerifierKey& out) {
  if (device.state == DeviceState::pending)
    return {Status::not_found, "'" + device.origin + "' waits for approval."};
  if (device.state != DeviceState::active)
    return {Status::signature_invalid, "'" + device.origin + "' is " + state_name(device.state) +
                                           ": no key of it is trusted."};
  const DeviceKey* const key = key_for_size(device, size);
  if (key == nullptr)
    return {Status::signature_invalid, "no key of '" + device.origin + "' signs for a tree of " +
                                           std::to_string(size) + " leaves."};
  return out.parse(key->vkey, "the key of '" + device.origin + "'");
}

void Heads::look_for_fork(const Signatory& by, const Head& head, const SignedCheckpoint& candidate,
                          ProofView consistency) {
  const std::string& origin = by.device.origin;
  std::string other = head.note;
  uint64_t other_size = head.checkpoint.size;
  const uint64_t size = candidate.checkpoint.size;
  if (head.version == 0) return;
  if (size < other_size) {
    AggregateLeaf leaf;
    if (!log_.find(origin, size, leaf).ok() || leaf.device_size != size) return;
    other = leaf.note;
    other_size = size;
  }
  host::VerifierKey key;
  if (!choose_key(by.device, other_size, key).ok()) return;
  host::ForkProof proof;
  if (!host::make_fork_proof(bytes_of(other), key.key, candidate.bytes, by.key.key, consistency,
                             proof)
           .ok())
    return;
  // Where the folder or the store fails, the device's next request with either head comes here
  // again.
  if (!log_.archive().keep(ArchiveKind::fork, host::format_fork_proof(proof)).ok()) return;
  if (!registry_.freeze(origin, proof, "gateway", now_s()).ok()) return;
  ++forks_;
  if (options_.frozen) options_.frozen(origin);
}

Error Heads::cosign(ByteView text, Cosignature& out) const {
  uint8_t line[cosignature_line_bytes_max];
  out.time_s = now_s();
  const Result<size_t> size = sign_note(text, bytes_of(witness_key_.name()), NoteType::cosignature,
                                        witness_key_.signer(), out.time_s, line);
  if (!size.ok())
    return {Status::io, std::string("the gateway cannot cosign: ") + status_text(size.status) +
                            ". Check its witness key (Ed25519) and its clock."};
  out.line = string_of({line, size.value});
  return {};
}

Error Heads::advance(const Signatory& by, const Head& head, const SignedCheckpoint& next,
                     std::vector<Write> more, Cosignature& out) {
  CAIRN_HOST_TRY(queue_overdue());
  CAIRN_HOST_TRY(cosign(next.note.text, out));
  const std::string& origin = by.device.origin;
  const uint64_t size = next.checkpoint.size;
  // The same head again: a new time, and nothing to remember.
  if (head.version != 0 && head.checkpoint.size == size && more.empty()) return {};
  DeviceCheckpoint leaf{origin, size, with_line_of(next.note, by.key.key)};
  const bool is_new = head.version == 0 || head.checkpoint.size != size;
  std::vector<Write> writes;
  if (is_new) {
    writes.push_back({head_key(origin), head.version, leaf.note + out.line});
    writes.push_back({cosigned_key(origin, size), 0, out.line});
  }
  for (Write& write : more)
    writes.push_back(std::move(write));
  bool applied = false;
  CAIRN_HOST_TRY(changes_.commit(std::move(writes), applied));
  if (!applied) return {Status::bad_state, "another request for '" + origin + "' was faster."};
  return is_new ? queue(std::move(leaf)) : Error();
}

// A head that is durable must become a leaf, though the queue of the log may have filled meanwhile.
Error Heads::queue(DeviceCheckpoint leaf) {
  if (log_.add(leaf).ok()) return {};
  const std::lock_guard<std::mutex> guard(mutex_);
  overdue_.push_back(std::move(leaf));
  return {};
}

// Nothing more is taken while a head waits for room: so no more wait than requests are answered.
Error Heads::queue_overdue() {
  const std::lock_guard<std::mutex> guard(mutex_);
  while (!overdue_.empty()) {
    CAIRN_HOST_TRY(log_.add(overdue_.back()));
    overdue_.pop_back();
  }
  return {};
}

Error Heads::queue_heads() {
  std::vector<Entry> page;
  std::string after;
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    after = queued_up_to_;
  }
  do {
    CAIRN_HOST_TRY(store_.scan(prefix_of({"head"}), after, scan_page, page));
    CAIRN_HOST_TRY(queue_page(page));
    if (!page.empty()) after = page.back().key;
  } while (!page.empty());
  const std::lock_guard<std::mutex> guard(mutex_);
  queued_up_to_.clear();
  return {};
}

Error Heads::queue_page(const std::vector<Entry>& page) {
  for (const Entry& entry : page) {
    Head head;
    CAIRN_HOST_TRY(parse_head(entry, head));
    const std::string origin = string_of(head.checkpoint.origin);
    bool is_leaf = false;
    CAIRN_HOST_TRY(log_.is_leaf(origin, head.checkpoint.size, is_leaf));
    if (!is_leaf) {
      Note note;
      Device device;
      if (parse_note(bytes_of(head.note), note) != Status::ok) continue;
      // The device's line is the first: advance() writes it so.
      SignatureLines lines(note);
      NoteSignature line;
      if (lines.next(line) != Status::ok) continue;
      CAIRN_HOST_TRY(log_.add({origin, head.checkpoint.size,
                               string_of(note.text) + "\n" + string_of(line.line) + "\n"}));
    }
    const std::lock_guard<std::mutex> guard(mutex_);
    queued_up_to_ = entry.key;
  }
  return {};
}

}  // namespace cairn::gateway
