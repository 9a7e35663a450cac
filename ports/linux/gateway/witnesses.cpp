#include <algorithm>
#include <cairn/gateway/witnesses.hpp>
#include <cairn/linux/file.hpp>
#include <cairn/linux/tile_folder.hpp>
#include <cairn/witness.hpp>

#include "http_client.hpp"

namespace cairn::gateway {
namespace {

using host::bytes_of;

constexpr long cosigned = 200;
constexpr long conflict = 409;
constexpr long inconsistent = 422;
constexpr size_t answer_bytes_max = 16384;

WitnessTransport by_http(const WitnessesOptions& options) {
  return [&options](const std::string& url, const std::string& body, WitnessHttpAnswer& out) {
    HttpRequest request;
    request.url = url;
    request.body = body;
    request.post = true;
    request.answer_bytes_max = answer_bytes_max;
    request.timeout_s = options.timeout_s;
    request.ca_file = options.https_ca_file;
    HttpAnswer answer;
    const Error error = send_request(request, answer);
    out = {answer.status, std::move(answer.body)};
    return error;
  };
}

std::string cosignatures_key(const std::string& log, uint64_t size) {
  return key_of({"cosignatures", log, key_number(size)});
}

Error request_body(const std::string& folder, const AggregateHead& head, uint64_t old_size,
                   std::string& body) {
  Digest hashes[proof_hashes_max];
  ProofBuffer proof{hashes, proof_hashes_max};
  host::TileFolder tiles;
  if (old_size != 0 && old_size != head.size) {
    CAIRN_HOST_TRY(tiles.open(folder, head.size));
    const Status status = build_consistency(old_size, head.size, tiles.nodes(), proof);
    if (status != Status::ok)
      return {status, folder + ": the proof from size " + std::to_string(old_size) +
                          " cannot be built: " + status_text(status)};
  }
  body.resize(head.note.size() + 64 + 46 * proof_hashes_max);
  const auto size = format_add_checkpoint(old_size, proof, bytes_of(head.note),
                                          {reinterpret_cast<uint8_t*>(body.data()), body.size()});
  if (!size.ok()) return {size.status, "the request to a witness is too long"};
  body.resize(size.value);
  return {};
}

}  // namespace

Witnesses::Witnesses(Store& store, WitnessesOptions options, WitnessTransport transport)
    : store_(store),
      options_(std::move(options)),
      transport_(transport ? std::move(transport) : by_http(options_)) {}

Error parse_witness_policy(const std::string& text, Policy& out) {
  Fault fault;
  const Status status = parse_policy(bytes_of(text), out, &fault);
  if (status != Status::ok)
    return {status, "the policy of the witnesses, line " + std::to_string(fault.position) + ": " +
                        field_text(fault.field) + " is wrong"};
  for (size_t i = 0; i < out.witness_count; ++i)
    if (!out.witnesses[i].url.empty()) return {};
  return {Status::bad_argument, "no witness of the policy has a URL: write it behind its key"};
}

bool WitnessPeer::is_due(uint64_t size, uint64_t now_s) const {
  const bool is_over = now_s >= next_s || now_s < asked_s;  // as when the clock was set back
  return is_over && cosigned_size != size;
}

Error Witnesses::open() {
  auto policy = std::make_unique<Policy>();
  CAIRN_HOST_TRY(parse_witness_policy(options_.policy, *policy));
  std::vector<WitnessPeer> peers;
  numbers_.clear();
  for (size_t i = 0; i < policy->witness_count; ++i) {
    const Policy::Witness& witness = policy->witnesses[i];
    if (witness.url.empty()) continue;
    std::string url = host::string_of(witness.url);
    while (url.back() == '/')
      url.pop_back();
    numbers_.push_back(i);
    WitnessPeer peer;
    peer.name = host::string_of(witness.name);
    peer.url = url;
    peers.push_back(std::move(peer));
  }
  policy_ = std::move(policy);
  const std::lock_guard<std::mutex> guard(mutex_);
  peers_ = std::move(peers);
  return {};
}

std::vector<WitnessPeer> Witnesses::peers() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return peers_;
}

Error Witnesses::step(const std::string& log, const AggregateHead& head, uint64_t now_s,
                      QuorumResult& result) {
  result = {};
  if (head.size == 0 || head.note.empty()) return {};
  Entry entry;
  const std::string key = cosignatures_key(log, head.size);
  const Error found = store_.get(key, entry);
  if (!found.ok() && found.status != Status::not_found) return found;
  std::string note = found.ok() ? entry.value : head.note;
  const size_t known = note.size();
  const std::vector<WitnessPeer> peers = this->peers();
  std::vector<size_t> gave;
  for (size_t i = 0; i < peers.size(); ++i) {
    if (!peers[i].is_due(head.size, now_s)) continue;
    std::string line;
    uint64_t remembered = 0;
    const Error error = ask(head, i, line, remembered);
    if (!error.ok()) {
      fail(i, error, now_s);
      continue;
    }
    gave.push_back(i);
    // A line that is there already was given before the process died.
    if (note.find(line.substr(0, line.rfind(' '))) == std::string::npos) note += line;
  }
  const Error kept = note.size() != known ? keep(key, entry.version, note) : Error{};
  settle(gave, kept.ok(), head.size, now_s);
  CAIRN_HOST_TRY(kept);
  return count(log, note, result);
}

Error Witnesses::keep(const std::string& key, uint64_t version, const std::string& note) {
  if (options_.archive != nullptr)
    CAIRN_HOST_TRY(options_.archive->keep(ArchiveKind::cosigned, note));
  std::vector<Change> changes{{{{key, version, note}}, false}};
  CAIRN_HOST_TRY(store_.cas_batch(changes));
  if (changes[0].applied) return {};
  return {Status::bad_state, "another process stored cosignatures of the same head meanwhile"};
}

Error Witnesses::ask(const AggregateHead& head, size_t peer, std::string& line,
                     uint64_t& remembered) {
  remembered = peers()[peer].cosigned_size;
  const uint64_t first = std::min(remembered, head.size);
  const Error error = ask_from(head, first, peer, line, remembered);
  if (error.status != Status::bad_state || remembered > head.size || remembered == first)
    return error;
  return ask_from(head, remembered, peer, line, remembered);
}

// bad_state: the witness remembers another size. proof_invalid: it remembers another tree.
Error Witnesses::ask_from(const AggregateHead& head, uint64_t old_size, size_t peer,
                          std::string& line, uint64_t& remembered) {
  const std::string url = peers()[peer].url + "/add-checkpoint";
  std::string body;
  CAIRN_HOST_TRY(request_body(options_.tiles_folder, head, old_size, body));
  WitnessHttpAnswer answer;
  CAIRN_HOST_TRY(transport_(url, body, answer));
  if (answer.status == cosigned) return take_line(head, answer.body, peer, line);
  if (answer.status == conflict) {
    const std::string text = answer.body.substr(0, answer.body.find('\n'));
    const Result<uint64_t> size = parse_decimal(bytes_of(text));
    if (size.ok()) {
      remembered = size.value;
      return {Status::bad_state, url + " has cosigned size " + text + " already"};
    }
  }
  return {answer.status == inconsistent ? Status::proof_invalid : Status::io,
          url + " answered " + std::to_string(answer.status) + ": " + answer.body.substr(0, 200)};
}

Error Witnesses::check_restored(const AggregateHead& head, std::vector<std::string>& silent) {
  for (size_t i = 0; i < numbers_.size(); ++i) {
    std::string line;
    uint64_t remembered = 0;
    const Error error = ask(head, i, line, remembered);
    if (error.status == Status::bad_state && remembered > head.size)
      return {Status::damaged, error.message + "; the copies hold only " +
                                   std::to_string(head.size) + ". Name a mirror that has them."};
    if (error.status == Status::proof_invalid)
      return {error.status, error.message +
                                ": it has cosigned other leaves than the copies hold, so the log's "
                                "key signed two histories. Keep both."};
    if (!error.ok()) silent.push_back(error.message);
  }
  return {};
}

// The line of the witness's key, checked; other lines are passed over.
Error Witnesses::take_line(const AggregateHead& head, const std::string& answer, size_t peer,
                           std::string& line) const {
  const NoteKey& key = policy_->witnesses[numbers_[peer]].key;
  const std::string note = head.note + answer;
  Note parsed;
  Status status = parse_note(bytes_of(note), parsed);
  if (status == Status::ok) status = verify_note(parsed, key, host::all_verifiers());
  if (status != Status::ok)
    return {Status::io, peers()[peer].url + " gave no valid cosignature: " + status_text(status)};
  SignatureLines lines{bytes_of(answer)};
  NoteSignature signature;
  while (lines.next(signature) == Status::ok) {
    if (!equal(signature.name, key.name) || signature.key_id != key_id(key)) continue;
    line = host::string_of(signature.line) + "\n";
    return {};
  }
  return {Status::io, peers()[peer].url + " gave no cosignature of its key"};
}

// What was not kept is asked for again.
void Witnesses::settle(const std::vector<size_t>& gave, bool is_kept, uint64_t size,
                       uint64_t now_s) {
  const std::lock_guard<std::mutex> guard(mutex_);
  for (const size_t peer : gave) {
    WitnessPeer& state = peers_[peer];
    state.failures = 0;
    state.error.clear();
    state.asked_s = now_s;
    state.next_s = now_s + (is_kept ? options_.interval_s : options_.retry_min_s);
    if (is_kept) state.cosigned_size = size;
  }
}

void Witnesses::fail(size_t peer, const Error& error, uint64_t now_s) {
  const std::lock_guard<std::mutex> guard(mutex_);
  WitnessPeer& state = peers_[peer];
  const uint64_t doublings = std::min<uint64_t>(state.failures, 32);
  ++state.failures;
  state.error = error.message;
  state.asked_s = now_s;
  state.next_s = now_s + std::min(options_.retry_max_s, options_.retry_min_s << doublings);
}

Error Witnesses::count(const std::string& log, const std::string& note,
                       QuorumResult& result) const {
  Note parsed;
  Status status = parse_note(bytes_of(note), parsed);
  const NoteKey* key = find_log(*policy_, bytes_of(log));
  const NoteKey none{};
  if (status == Status::ok)
    status =
        check_quorum(*policy_, parsed, key != nullptr ? *key : none, host::all_verifiers(), result);
  if (status == Status::ok) return {};
  return {status,
          "the cosignatures that are stored for " + log + " do not verify: " + status_text(status)};
}

Error list_cosigned(Store& store, const std::string& log, uint64_t size_min, size_t limit,
                    std::vector<CosignedHead>& out) {
  out.clear();
  std::vector<Entry> entries;
  const std::string before = size_min == 0 ? "" : cosignatures_key(log, size_min - 1);
  CAIRN_HOST_TRY(store.scan(prefix_of({"cosignatures", log}), before, limit, entries));
  for (const Entry& entry : entries) {
    const Result<uint64_t> size = number_in_key(entry.key);
    if (!size.ok()) return {Status::corrupt, "the entry '" + entry.key + "' has no size"};
    out.push_back({size.value, entry.value});
  }
  return {};
}

Error find_cosigned(Store& store, const std::string& log, uint64_t size_min, CosignedHead& out) {
  std::vector<CosignedHead> found;
  CAIRN_HOST_TRY(list_cosigned(store, log, size_min, 1, found));
  if (found.empty())
    return {Status::not_found, "no head of " + log + " with " + std::to_string(size_min) +
                                   " leaves has been cosigned yet"};
  out = found[0];
  return {};
}

}  // namespace cairn::gateway
