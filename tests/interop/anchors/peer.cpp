// usage: interop_anchors tsa WORK URL
//        interop_anchors evm WORK URL CHAIN-ID legacy|eip1559 KEY-FILE
//        interop_anchors ots WORK URL
//        interop_anchors sigsum-key WORK
//        interop_anchors sigsum WORK URL WITNESS-KEY SIZE
//
// Anchors the head of a gateway's log in an outside ledger that is really there, through the
// outbox, and writes what a verifier needs into the folder WORK: evidence.cairn, plant.policy, and
// for a chain chain.anchors.
#include <unistd.h>

#include <cairn/gateway/evm_anchor.hpp>
#include <cairn/gateway/opentimestamps_anchor.hpp>
#include <cairn/gateway/outbox.hpp>
#include <cairn/gateway/sqlite_store.hpp>
#include <cairn/gateway/timestamp_anchor.hpp>
#include <cairn/gateway/witnesses.hpp>
#include <cairn/linux/file.hpp>
#include <cstdio>
#include <ctime>

#define CATCH_CONFIG_RUNNER
#include "support/plant.hpp"

using namespace cairn;
using namespace cairn::gateway;
using namespace evidence_files;

namespace {

constexpr int patience_s = 40;

void must(const Error& error, const char* what) {
  if (error.ok()) return;
  std::fprintf(stderr, "%s: %s\n", what, error.message.c_str());
  std::exit(1);
}

uint64_t now_s() {
  return static_cast<uint64_t>(std::time(nullptr));
}

AnchorHead head_of(const Log& log) {
  AnchorHead head;
  must(anchor_head(log.origin, {log.size(), {}, log.note()}, head), "head");
  return head;
}

// Steps until the head has its receipt.
std::vector<StoredReceipt> anchor_head_now(Store& store, Outbox& outbox, const AnchorHead& head) {
  for (int tenths = 0; tenths < 10 * patience_s; ++tenths) {
    must(outbox.step(head, now_s()), "step");
    if (outbox.state().anchored_size >= head.size) break;
    usleep(100'000);
  }
  const OutboxState state = outbox.state();
  std::printf("size %llu: anchored %llu, spent %llu, failures %llu, last error '%s'\n",
              static_cast<unsigned long long>(head.size),
              static_cast<unsigned long long>(state.anchored_size),
              static_cast<unsigned long long>(state.spent),
              static_cast<unsigned long long>(state.failures), state.error.c_str());
  std::vector<StoredReceipt> receipts;
  must(find_receipts(store, head.log, head.size, receipts), "receipts");
  if (receipts.empty()) must({Status::not_found, "no receipt came"}, "anchor");
  return receipts;
}

void write_evidence(const std::string& work, const Plant& plant,
                    const std::vector<StoredReceipt>& receipts) {
  Maker maker;
  maker.add(plant.device, {{3, 1}}, plant.device.note());
  maker.add(plant.gateway, {{4, 1}}, plant.gateway.note());
  for (const StoredReceipt& receipt : receipts)
    maker.receipts.push_back({1, receipt.kind, receipt.body});
  const Bytes file = maker.bytes();
  must(host::write_file(work + "/evidence.cairn", vectors::view(file)), "evidence");
  const std::string policy = plant.policy("none");
  must(host::write_file(work + "/plant.policy", host::bytes_of(policy)), "policy");
  std::printf("evidence of %zu bytes, receipt of %zu\n", file.size(), receipts[0].body.size());
}

OutboxOptions quick(const std::string& name, const std::string& log) {
  OutboxOptions options;
  options.name = name;
  options.log = log;
  options.interval_s = 0;
  options.poll_s = 1;
  options.retry_min_s = 1;
  return options;
}

void anchor_once(const std::string& work, Anchor& anchor) {
  SqliteStore store;
  must(store.open(work + "/store.sqlite"), "store");
  const Plant plant;
  Outbox outbox(store, anchor, quick("anchor", plant.gateway.origin));
  must(outbox.open(), "outbox");
  write_evidence(work, plant, anchor_head_now(store, outbox, head_of(plant.gateway)));
}

void anchor_by_tsa(const std::string& work, const std::string& url) {
  TimestampAnchorOptions options;
  options.url = url;
  must(host::read_file(work + "/gateway.pem", 1 << 20, options.certificates), "gateway.pem");
  TimestampAnchor anchor(options);
  anchor_once(work, anchor);
}

void anchor_by_calendar(const std::string& work, const std::string& url) {
  OpenTimestampsAnchorOptions options;
  options.url = url;
  OpenTimestampsAnchor anchor(options);
  anchor_once(work, anchor);
}

// The contract takes no smaller head: the outbox is told so, and goes on with a larger one.
void anchor_rollback(Store& store, EvmAnchor& anchor, Log gateway) {
  Outbox outbox(store, anchor, quick("rollback", gateway.origin));
  must(outbox.open(), "outbox");
  gateway.leaves.resize(6);
  for (int tenths = 0; tenths < 10 * patience_s && outbox.state().error.empty(); ++tenths) {
    must(outbox.step(head_of(gateway), now_s()), "step");
    usleep(100'000);
  }
  std::printf("a smaller head: %s\n", outbox.state().error.c_str());
  if (outbox.state().anchored_size != 0) must({Status::damaged, "it was taken"}, "rollback");
}

void anchor_on_chain(const std::string& work, const std::vector<std::string>& arguments) {
  EvmKey key;
  must(key.load(arguments[3]), "key");
  EvmAnchorOptions options;
  options.url = arguments[0];
  options.chain_id = std::stoull(arguments[1]);
  options.is_legacy = arguments[2] == "legacy";
  options.contract = key.address();  // where no contract stands
  AnchorRequest request;
  const Error refused = EvmAnchor(options, key).prepare(head_of(Plant().gateway), "", request);
  if (refused.status != Status::bad_argument || !request.bytes.empty())
    must({Status::damaged, "prepared for no contract"}, "prepare");
  must(deploy_anchor_contract(options, key, patience_s, options.contract), "deploy");
  EvmAnchor anchor(options, key);
  SqliteStore store;
  must(store.open(work + "/store.sqlite"), "store");
  Outbox outbox(store, anchor, quick("chain", Plant().gateway.origin));
  must(outbox.open(), "outbox");
  Plant plant;
  (void)anchor_head_now(store, outbox, head_of(plant.gateway));
  plant.gateway.leaves.push_back("one more checkpoint");
  const auto receipts = anchor_head_now(store, outbox, head_of(plant.gateway));
  write_evidence(work, plant, receipts);

  host::EvmReceipt receipt;
  Digest block;
  if (host::parse_evm_receipt(host::bytes_of(receipts[0].body), receipt) != Status::ok ||
      host::evm_block_hash(receipt.header, options.profile, block) != Status::ok)
    must({Status::corrupt, "not a receipt"}, "receipt");
  const std::string chain = "chain test " + arguments[1] + " " +
                            host::evm_address_text(options.contract) + " " +
                            host::evm_address_text(key.address()) + " eth\n";
  must(host::write_file(work + "/chain.anchors",
                        host::bytes_of(chain + "block test " + host::evm_hash_text(block) + "\n")),
       "anchors");
  must(host::write_file(work + "/unknown-block.anchors", host::bytes_of(chain)), "anchors");
  anchor_rollback(store, anchor, plant.gateway);
}

// ---- Sigsum's witness: keys are in hexadecimal, and names come from keys ----

const signing::Ed25519Pair sigsum_key(7);

std::string sigsum_name(const std::string& kind, ByteView key) {
  return "sigsum.org/v1/" + kind + "/" + vectors::to_hex(sha256(key));
}

ByteView sigsum_public_key() {
  return {sigsum_key.signer.public_key.bytes, 32};
}

// The key in the form that cairn reads from files.
void write_key(const std::string& path, const std::string& name) {
  const NoteKey key =
      note_key(host::bytes_of(name), NoteType::ed25519, sigsum_key.signer.public_key);
  uint8_t blob[33] = {1}, text[64];
  std::fill(blob + 1, blob + 33, uint8_t{7});
  const auto size = encode_base64(ByteView(blob), text);
  char id[9];
  std::snprintf(id, sizeof id, "%08x", key_id(key));
  const std::string line =
      "PRIVATE+KEY+" + name + "+" + id + "+" + host::string_of({text, size.value}) + "\n";
  must(host::write_file(path, host::bytes_of(line), 0600), "key");
}

void cosign_by_sigsum(const std::string& work, const std::string& url,
                      const std::string& witness_key, uint64_t size) {
  const std::string name = sigsum_name("tree", sigsum_public_key());
  host::KeyFile key;
  write_key(work + "/log.key", name);
  must(key.load(work + "/log.key"), "key");
  SqliteStore store;
  must(store.open(work + "/store.sqlite"), "store");
  AggregateLog log;
  must(log.open({work + "/log"}, store, key), "log");
  for (uint64_t i = log.head().size; i < size; ++i)
    must(log.add({"d", i + 1, "d\n" + std::to_string(i + 1) + "\n\n\u2014 d x\n"}), "add");
  must(log.integrate(), "integrate");

  const vectors::Bytes bytes = vectors::hex(witness_key);
  PublicKey witness{CAIRN_ED25519, {}};
  std::copy(bytes.begin(), bytes.end(), witness.bytes);
  const std::string witness_name = sigsum_name("witness", vectors::view(bytes));
  WitnessesOptions options;
  options.policy =
      "log " + host::vkey_text(key.log_key()) + "\nwitness sigsum " +
      host::vkey_text(note_key(host::bytes_of(witness_name), NoteType::cosignature, witness)) +
      " " + url + "\nquorum sigsum\n";
  options.tiles_folder = work + "/log";
  Witnesses witnesses(store, options);
  must(witnesses.open(), "policy");
  QuorumResult result;
  must(witnesses.step(name, log.head(), now_s(), result), "step");
  if (!result.reached) must({Status::io, witnesses.peers()[0].error}, "sigsum-witness");
  std::printf("size %llu cosigned at %llu\n", static_cast<unsigned long long>(size),
              static_cast<unsigned long long>(result.time_quorum));
}

std::vector<std::string> arguments;

}  // namespace

// The logs of tests/support check themselves by Catch2, which does so in a case only.
TEST_CASE("anchor") {
  if (arguments[0] == "tsa") {
    anchor_by_tsa(arguments.at(1), arguments.at(2));
  } else if (arguments[0] == "ots") {
    anchor_by_calendar(arguments.at(1), arguments.at(2));
  } else if (arguments[0] == "sigsum") {
    cosign_by_sigsum(arguments.at(1), arguments.at(2), arguments.at(3),
                     std::stoull(arguments.at(4)));
  } else {
    anchor_on_chain(arguments.at(1), {arguments.begin() + 2, arguments.end()});
  }
}

int main(int count, char** values) {
  arguments.assign(values + 1, values + count);
  if (arguments.size() == 2 && arguments[0] == "sigsum-key") {
    std::printf("%s\n", vectors::to_hex(sigsum_public_key()).c_str());
    return 0;
  }
  for (const auto& [verb, size] :
       {std::make_pair("tsa", 3), {"ots", 3}, {"evm", 6}, {"sigsum", 5}}) {
    if (int(arguments.size()) == size && arguments[0] == verb)
      return Catch::Session().run(1, values);
  }
  std::fprintf(stderr, "usage: at the top of peer.cpp\n");
  return 2;
}
