#include "copy_verbs.hpp"

#include <algorithm>
#include <atomic>
#include <cairn/gateway/evidence_builder.hpp>
#include <cairn/gateway/mirror.hpp>
#include <cairn/gateway/rebuild.hpp>
#include <cairn/gateway/witnesses.hpp>
#include <cairn/linux/log_directory.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <thread>

#include "anchor_factory.hpp"
#include "clock.hpp"

namespace service {

namespace {

namespace gateway = cairn::gateway;

constexpr size_t known_bytes_max = gateway::EvidenceBuilder::evidence_bytes_max + (1 << 20);

std::atomic<bool> stopping{false};

void stop_on_signals() {
  for (const int number : {SIGTERM, SIGINT})
    std::signal(number, [](int) { stopping = true; });
}

void sleep_for(unsigned seconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (!stopping && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
}

Error mirror_once(gateway::Mirror& copy, const gateway::TileSource& source,
                  const cairn::host::KeyFile& key) {
  const uint64_t before = copy.head().size;
  CAIRN_HOST_TRY(copy.update(source));
  if (key.is_loaded()) CAIRN_HOST_TRY(copy.cosign(key, clock_s()));
  std::printf("%llu leaves, %llu of them new%s\n",
              static_cast<unsigned long long>(copy.head().size),
              static_cast<unsigned long long>(copy.head().size - before),
              key.is_loaded() ? ", cosigned" : "");
  std::fflush(stdout);
  return {};
}

/// One head of a device's log with the cosignatures that are kept for it.
Error add_head(const cairn::host::LogDirectory& log, uint64_t size,
               const cairn::Signature& signature, std::vector<std::string>& notes) {
  cairn::SignedHead head{size, {}, signature};
  std::string note, lines;
  const Status status = cairn::build_root(size, log.log().nodes(), head.root);
  if (status != Status::ok) return {};  // its leaves are retired: a later head says more
  CAIRN_HOST_TRY(log.checkpoint_of(head, note));
  CAIRN_HOST_TRY(log.cosignatures(size, lines));
  notes.push_back(note + lines);
  return {};
}

/// The signed heads of a device's own log that carry cosignatures.
Error read_device_log(const std::string& path, std::vector<std::string>& notes) {
  cairn::host::LogDirectory log;
  const Error error = log.open_reader(path);
  if (!error.ok() && error.status != Status::damaged) return error;
  const std::vector<uint64_t> sizes = log.cosigned_sizes();
  std::vector<uint8_t> buffer(cairn::leaf_bytes_max);
  cairn::Log::Cursor cursor;
  cairn::Log::Cursor::Item item;
  Status status = cursor.open(log.log(), {buffer.data(), buffer.size()});
  while (status == Status::ok && (status = cursor.next(item)) == Status::ok) {
    const bool cosigned = std::binary_search(sizes.begin(), sizes.end(), item.size);
    if (item.type == cairn::Log::Cursor::Item::Type::head && cosigned)
      CAIRN_HOST_TRY(add_head(log, item.size, item.signature, notes));
  }
  if (status == Status::end) return {};
  return {status, path + " cannot be read: " + cairn::status_text(status) + "."};
}

/// A key that cosigned, however its type was written down.
Error add_witness(cairn::NoteKey key, std::vector<cairn::host::VerifierKey>& out) {
  if (key.type == cairn::NoteType::ed25519) key.type = cairn::NoteType::cosignature;
  cairn::host::VerifierKey witness;
  CAIRN_HOST_TRY(witness.parse(cairn::host::vkey_text(key), "the witness's key"));
  const auto is_same = [&witness](const auto& one) { return one.text == witness.text; };
  if (std::none_of(out.begin(), out.end(), is_same)) out.push_back(witness);
  return {};
}

/// Those that are named, and the one that is configured: nobody could tell whether it has cosigned.
Error gather_witnesses(const RebuildArguments& arguments, const Config& config,
                       gateway::RebuildOptions& out) {
  for (const std::string& witness : arguments.witnesses) {
    cairn::host::VerifierKey named;
    CAIRN_HOST_TRY(take_key(witness, "--witness", named));
    CAIRN_HOST_TRY(add_witness(named.key, out.witnesses));
  }
  cairn::host::KeyFile configured;
  CAIRN_HOST_TRY(load_key(config.witness_key, configured));
  return add_witness(configured.log_key(), out.witnesses);
}

Error gather(const RebuildArguments& arguments, gateway::RebuildOptions& out) {
  for (const std::string& place : arguments.mirrors)
    out.mirrors.emplace_back(place, arguments.ca);
  for (const std::string& path : arguments.known) {
    std::string bytes;
    CAIRN_HOST_TRY(cairn::host::read_file(path, known_bytes_max, bytes));
    CAIRN_HOST_TRY(gateway::known_heads(bytes, path, out.log, out.known));
  }
  for (const std::string& path : arguments.device_logs)
    CAIRN_HOST_TRY(read_device_log(path, out.device_notes));
  return {};
}

/// The configured witnesses, which may remember more of the log than its copies.
Error gather_asked(const Config& config, gateway::Store& store,
                   std::unique_ptr<gateway::Witnesses>& witnesses, gateway::RebuildOptions& out) {
  if (!config.witnesses) return {};
  WitnessesConfig options = *config.witnesses;
  options.tiles_folder = out.folder;
  witnesses = std::make_unique<gateway::Witnesses>(store, options);
  out.asked = witnesses.get();
  return witnesses->open();
}

/// What receipts and the cosignatures of further witnesses are verified by.
Error gather_trust(const Config& config, std::vector<MadeAnchor>& anchors,
                   gateway::RebuildOptions& out) {
  for (const AnchorConfig& anchor : config.anchors) {
    anchors.emplace_back();
    CAIRN_HOST_TRY(make_anchor(anchor, anchors.back()));
    out.anchors[anchor.outbox.name] = anchors.back().anchor.get();
  }
  if (!config.witnesses) return {};
  const auto policy = std::make_unique<cairn::Policy>();
  CAIRN_HOST_TRY(gateway::parse_witness_policy(config.witnesses->policy, *policy));
  for (size_t i = 0; i < policy->witness_count; ++i) {
    out.further_witnesses.emplace_back();
    CAIRN_HOST_TRY(out.further_witnesses.back().parse(
        cairn::host::vkey_text(policy->witnesses[i].key), "a witness's key"));
  }
  return {};
}

void print(const gateway::RebuildReport& report) {
  const auto number = [](uint64_t value) { return static_cast<unsigned long long>(value); };
  std::printf("%llu leaves from %s\n", number(report.head.size), report.taken_from.c_str());
  std::printf("%llu devices, %llu of them with a newer head from their own log\n",
              number(report.devices), number(report.raised));
  std::printf("%llu receipts, %llu cosignatures of further witnesses, %llu devices frozen\n",
              number(report.receipts), number(report.cosignatures), number(report.frozen));
  for (const auto& [why, count] : report.left_out)
    std::printf("left out, %llu times: %s\n", number(count), why.c_str());
  for (const std::string& why : report.silent)
    std::printf("a witness did not say what it remembers of the log: %s\n", why.c_str());
  std::printf(
      "The keys given with --witness, and the one that is configured, may not cosign any more: "
      "make a new witness key, and enrol the devices anew.\n");
}

}  // namespace

Error mirror(const MirrorArguments& arguments) {
  cairn::host::VerifierKey log;
  CAIRN_HOST_TRY(take_key(arguments.log, "--log", log));
  cairn::host::KeyFile key;
  if (!arguments.key.empty()) CAIRN_HOST_TRY(key.load(arguments.key));
  gateway::Mirror copy;
  CAIRN_HOST_TRY(copy.open(arguments.folder, log));
  const gateway::TileSource source(arguments.source, arguments.ca);
  if (arguments.seconds == 0) return mirror_once(copy, source, key);
  stop_on_signals();
  while (!stopping) {
    const Error error = mirror_once(copy, source, key);
    if (error.status == Status::io || error.status == Status::not_found) {
      std::fprintf(stderr, "cairn-gateway mirror: %s\n", error.message.c_str());
    } else if (!error.ok()) {
      return error;
    }
    sleep_for(arguments.seconds);
  }
  return {};
}

Error rebuild(const RebuildArguments& arguments) {
  Config config;
  CAIRN_HOST_TRY(read_config(arguments.config, ConfigUse::service, config));
  cairn::host::KeyFile log_key;
  CAIRN_HOST_TRY(load_key(config.log_key, log_key));
  gateway::RebuildOptions options;
  options.folder = tiles_folder(config);
  CAIRN_HOST_TRY(options.log.parse(cairn::host::vkey_text(log_key.log_key()), "the log's key"));
  CAIRN_HOST_TRY(gather_witnesses(arguments, config, options));
  CAIRN_HOST_TRY(gather(arguments, options));
  std::vector<MadeAnchor> anchors;
  CAIRN_HOST_TRY(gather_trust(config, anchors, options));
  options.now_s = clock_s();
  std::unique_ptr<gateway::Store> store;
  CAIRN_HOST_TRY(open_store(config.store, store));
  std::unique_ptr<gateway::Witnesses> witnesses;
  CAIRN_HOST_TRY(gather_asked(config, *store, witnesses, options));
  gateway::RebuildReport report;
  CAIRN_HOST_TRY(gateway::rebuild(options, *store, report));
  print(report);
  return {};
}

}  // namespace service
