#include "intake_report.hpp"

#include <algorithm>
#include <cairn/linux/file.hpp>

namespace cairn::gateway {
namespace {

using host::bytes_of;
using host::string_of;

constexpr size_t sessions_max = 4096;
constexpr size_t cosignature_bytes = 4 + 8 + signature_bytes;

std::string frontier_key(const std::string& origin) {
  return key_of({"frontier", origin});
}

/// The size in eight bytes, little-endian, and the hashes.
std::string encode_frontier(const Frontier& frontier) {
  uint8_t size[8];
  store_le64(size, frontier.size());
  std::string value = string_of(size);
  for (unsigned i = 0; i < frontier.count(); ++i)
    value += string_of(frontier[i]);
  return value;
}

/// Empty for what is no frontier.
Frontier decode_frontier(const std::string& value) {
  Frontier frontier;
  if (value.size() < 8) return frontier;
  std::vector<Digest> hashes((value.size() - 8) / digest_bytes);
  for (size_t i = 0; i < hashes.size(); ++i)
    std::copy_n(value.begin() + static_cast<ptrdiff_t>(8 + i * digest_bytes), digest_bytes,
                hashes[i].bytes);
  const uint64_t size = load_le64(bytes_of(value).data);
  return frontier.assign(size, hashes.data(), hashes.size()) == Status::ok ? frontier : Frontier();
}

bool read_cosignature(const std::string& text, ReportAnswer& out) {
  SignatureLines lines(bytes_of(text));
  NoteSignature line;
  uint8_t bytes[cosignature_bytes];
  if (lines.next(line) != Status::ok) return false;
  const Result<size_t> size = decode_base64(line.base64, bytes);
  if (!size.ok() || size.value != sizeof bytes) return false;
  out.has_cosignature = true;
  out.key_id = line.key_id;
  out.time = load_be64(bytes + 4);
  std::copy_n(bytes + 12, signature_bytes, out.cosignature.bytes);
  return true;
}

// Which key it is says the message; which one signs for the size, the device.
bool find_key(const Device& device, uint64_t size, uint32_t id, host::VerifierKey& out) {
  return Heads::choose_key(device, size, out).ok() && key_id(out.key) == id;
}

}  // namespace

// Most reports are not signed, so which of two logs with one key id it is must the transport tell.
ReportCode Reports::find_device(uint32_t key_id, const std::string& log, Device& out) const {
  std::vector<Device> devices;
  const Error error = heads_.registry().find_key(key_id, devices);
  if (!error.ok() && error.status != Status::not_found) return ReportCode::unavailable;
  const auto is_other = [&log](const Device& device) {
    return !log.empty() && origin_hash(device.origin) != log;
  };
  devices.erase(std::remove_if(devices.begin(), devices.end(), is_other), devices.end());
  if (devices.size() != 1) return ReportCode::unknown_log;
  out = std::move(devices[0]);
  return ReportCode::accepted;
}

std::shared_ptr<Reports::Session> Reports::session_of(const std::string& origin) {
  const std::lock_guard<std::mutex> guard(mutex_);
  const auto [entry, is_new] = sessions_.try_emplace(origin);
  std::shared_ptr<Session>& session = entry->second;
  if (is_new) {
    session = std::make_shared<Session>();
    session->place = by_use_.insert(by_use_.end(), entry);
  }
  by_use_.splice(by_use_.end(), by_use_, session->place);
  return session;
}

// Keeps memory bounded: who was silent longest brings its content again. Of who has nothing that
// its newest head does not have, nothing is kept, unless another report of it waits.
void Reports::hold(const std::shared_ptr<Session>& session, size_t bytes, bool is_empty) {
  const std::lock_guard<std::mutex> guard(mutex_);
  if (session->is_forgotten) return;
  bytes_ += bytes - session->bytes;
  session->bytes = bytes;
  by_use_.splice(by_use_.end(), by_use_, session->place);
  const bool is_mine_alone = session.use_count() == 2;  // and that in `sessions_`
  if (is_empty && is_mine_alone) forget(*session->place);
  while (by_use_.size() > 1 &&
         (bytes_ > heads_.options().held_bytes_max || by_use_.size() > sessions_max))
    forget(by_use_.front());
}

uint64_t Reports::held() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return sessions_.size();
}

void Reports::forget(Sessions::iterator session) {
  bytes_ -= session->second->bytes;
  session->second->is_forgotten = true;
  by_use_.erase(session->second->place);
  sessions_.erase(session);
}

// What is provisional stands behind the head that the store has now.
Error Reports::begin(Case& one) const {
  const Checkpoint& newest = one.head.checkpoint;
  if (one.session.held.is_behind(newest.size, newest.root)) return {};
  Entry entry;
  const Error error = heads_.store().get(frontier_key(one.by.device.origin), entry);
  if (!error.ok() && error.status != Status::not_found) return error;
  Frontier frontier = decode_frontier(entry.value);
  one.session.frontier_version = entry.version;
  if (frontier.size() != newest.size || frontier.root() != newest.root) frontier = Frontier();
  one.session.held.begin(frontier, newest.size, newest.root);
  return {};
}

void Reports::judge(ByteView message, const std::string& log, ReportAnswer& answer) {
  answer = {};
  Report report;
  if (message.size > heads_.options().body_bytes_max ||
      decode_report(message, report) != Status::ok)
    return;
  Device device;
  answer.code = find_device(report.checkpoint.key_id, log, device);
  if (answer.code != ReportCode::accepted) return;
  const std::shared_ptr<Session> session = session_of(device.origin);
  size_t held = 0;
  bool is_empty = false;
  {
    const std::lock_guard<std::mutex> guard(session->mutex);
    Case one{report, {std::move(device), {}}, {}, *session, answer};
    Error error = heads_.load(one.by.device.origin, one.head);
    if (error.ok()) error = begin(one);
    answer.size = one.head.checkpoint.size;
    answer.code = error.ok() ? judge(one) : ReportCode::unavailable;
    if (session->held.bytes() > heads_.options().held_bytes_max)
      answer.code = refuse(one, ReportCode::busy);
    if (answer.code == ReportCode::accepted || answer.code == ReportCode::conflict)
      tell_place(one, answer.code);
    held = session->held.bytes();
    is_empty = session->held.is_empty();
  }
  hold(session, held, is_empty);
}

ReportCode Reports::judge(Case& one) {
  const Report& report = one.report;
  if (report.content == ReportContent::head) {
    AirCheckpoint whole;
    const ReportCode taken = one.session.held.take_piece(report, whole);
    if (taken != ReportCode::cosigned) return taken;
    host::VerifierKey key;
    if (!find_key(one.by.device, whole.size, whole.key_id, key))
      return refuse(one, ReportCode::not_signed);
    whole.algorithm = key.key.key.algorithm;
    return take_head(one, whole);
  }
  const bool asks = report.content == ReportContent::none && !report.checkpoint.has_signature;
  if (asks) return ReportCode::conflict;
  const ReportCode taken = one.session.held.take(report, one.by.device.kinds);
  if (taken == ReportCode::inconsistent || taken == ReportCode::not_signed)
    return refuse(one, taken);
  if (taken == ReportCode::accepted && report.checkpoint.has_signature)
    return take_head(one, report.checkpoint);
  return taken;
}

ReportCode Reports::refuse(Case& one, ReportCode code) {
  one.session.held.restart();
  return code;
}

// The checkpoint that a head signs, with its own root where it brings one.
ReportCode Reports::open_head(Case& one, const AirCheckpoint& air, const Digest& root,
                              MutableBytes bytes, SignedCheckpoint& out) {
  if (!find_key(one.by.device, air.size, air.key_id, one.by.key)) return ReportCode::not_signed;
  const NoteKey& key = one.by.key.key;
  const Result<size_t> size =
      rebuild_checkpoint(air, bytes_of(one.by.device.origin), key, &root, bytes);
  if (!size.ok()) return ReportCode::not_signed;
  out.bytes = {bytes.data, size.value};
  const Status status = open_checkpoint(out.bytes, key, host::all_verifiers(), out.checkpoint);
  if (status == Status::io || status == Status::unsupported) return ReportCode::unavailable;
  if (status != Status::ok || parse_note(out.bytes, out.note) != Status::ok)
    return ReportCode::not_signed;
  return ReportCode::accepted;
}

ReportCode Reports::take_head(Case& one, const AirCheckpoint& air) {
  const Checkpoint& newest = one.head.checkpoint;
  const Provisional& held = one.session.held;
  uint8_t bytes[signed_checkpoint_bytes_max];
  SignedCheckpoint next;
  if (air.size < newest.size) {
    // One that came before, or one of another history: its root tells.
    if (air.has_root && open_head(one, air, air.root, bytes, next) == ReportCode::accepted)
      heads_.look_for_fork(one.by, one.head, next, {});
    return ReportCode::conflict;
  }
  if (air.size != held.size() && air.size != newest.size) return ReportCode::conflict;
  const Digest root = air.size == newest.size ? newest.root : held.frontier().root();
  const ReportCode opened = open_head(one, air, root, bytes, next);
  if (opened == ReportCode::unavailable) return opened;
  if (opened != ReportCode::accepted) return refuse(one, opened);
  if (next.checkpoint.root == root) return advance(one, next);
  heads_.look_for_fork(one.by, one.head, next, {});
  return refuse(one, ReportCode::inconsistent);
}

// Records are on the disk before the head that they lead to is. What lies in a folder does not
// decide about heads: a device may come from another gateway, or the folder have been lost.
Error Reports::keep_records(const Case& one) {
  const Provisional& held = one.session.held;
  const std::vector<std::string>& leaves = held.leaves();
  if (!tiles_.are_kept() || leaves.empty()) return {};
  const uint64_t first = held.size() - leaves.size();
  const Error error = tiles_.append(one.by.device.origin, first, held.root_before_leaves(), leaves);
  if (error.status == Status::not_found) {
    ++unkept_;
    return {};
  }
  CAIRN_HOST_TRY(error);
  records_ += held.size() - std::max(first, one.head.checkpoint.size);
  return {};
}

void Reports::note_failure(const Error& error) {
  const std::lock_guard<std::mutex> guard(mutex_);
  ++failures_;
  failure_ = error;
}

Error Reports::failure(uint64_t& count) const {
  const std::lock_guard<std::mutex> guard(mutex_);
  count = failures_;
  return failure_;
}

ReportCode Reports::advance(Case& one, const SignedCheckpoint& next) {
  Session& session = one.session;
  const bool is_new = one.head.version == 0 || next.checkpoint.size != one.head.checkpoint.size;
  std::vector<Write> more;
  if (is_new) {
    const Error kept = keep_records(one);
    if (!kept.ok()) note_failure(kept);
    // Other records lie there: it forks, and a gateway died before the head that goes with them was
    // durable. That one device has to come again must not hold up all that share its broker.
    if (kept.status == Status::corrupt) return refuse(one, ReportCode::busy);
    if (!kept.ok()) return ReportCode::unavailable;
    more.push_back({frontier_key(one.by.device.origin), session.frontier_version,
                    encode_frontier(session.held.frontier())});
  }
  Cosignature cosignature;
  const Error error = heads_.advance(one.by, one.head, next, std::move(more), cosignature);
  if (error.status == Status::full) return ReportCode::busy;
  if (!error.ok()) {
    // What the store has now is read anew: another process may have been faster.
    session.held = {};
    return error.status == Status::bad_state ? ReportCode::busy : ReportCode::unavailable;
  }
  if (is_new) {
    ++session.frontier_version;
    const Frontier frontier = session.held.frontier();
    session.held.begin(frontier, next.checkpoint.size, next.checkpoint.root);
  }
  one.answer.size = next.checkpoint.size;
  return tell_cosigned(one, cosignature.line);
}

ReportCode Reports::tell_cosigned(Case& one, const std::string& line) const {
  if (!read_cosignature(line, one.answer)) return ReportCode::unavailable;
  const AggregateHead own = heads_.log().head();
  Note note;
  if (parse_note(bytes_of(own.note), note) == Status::ok) {
    one.answer.has_beacon = true;
    one.answer.beacon = sha256(note.text);
  }
  return ReportCode::cosigned;
}

// To a device that asks and has less than was cosigned, this is proved: it has lost history.
void Reports::tell_place(Case& one, ReportCode code) const {
  one.answer.code = code;
  one.answer.held = one.session.held.size();
  one.answer.offset = one.session.held.offset();
  const Report& report = one.report;
  const bool asks = report.content == ReportContent::none && !report.checkpoint.has_signature;
  if (!asks || report.checkpoint.size >= one.head.checkpoint.size) return;
  Note note;
  Cosignature cosignature;
  if (parse_note(bytes_of(one.head.note), note) != Status::ok ||
      !heads_.cosign(note.text, cosignature).ok())
    return;
  one.answer.has_root = true;
  one.answer.root = one.head.checkpoint.root;
  (void)read_cosignature(cosignature.line, one.answer);
}

}  // namespace cairn::gateway
