// A controller for tests: one log in memory that may fail, a clock that the test turns, a key
// without cryptography, and the leaves that came of it.
#pragma once

#include <cairn_plc_port.h>
#include <cairn/control.hpp>
#include <cairn/hash.hpp>
#include <cairn/recorder.hpp>
#include <cstring>
#include <memory>
#include <vector>

#include "support/fake_flash.hpp"
#include "support/fake_signer.hpp"

namespace plc {

struct Medium {
  uint32_t unit = 1, segment = 4096, count = 64;
  uint8_t kind = CAIRN_FLASH_NOR, erased = 0xFF;
};

class Controller {
 public:
  explicit Controller(uint8_t pump = CAIRN_PLC_INLINE, const Medium& medium = {})
      : flash(medium.unit, medium.segment, medium.count, medium.kind, medium.erased),
        area(new cairn_plc_area()),
        writer_(new cairn_plc_writer()),
        frame_(2048) {
    options.origin = {reinterpret_cast<const uint8_t*>("plant.example/line-1"), 20};
    options.batch.leaves = 0;
    log.pump = pump;
    log.create = 1;
    log.area = area.get();
  }
  Controller(const Controller&) = delete;
  Controller& operator=(const Controller&) = delete;
  ~Controller() { cairn_plc_stop(); }

  /// A start of the controller: nothing in memory stays, but what the test says.
  int start(bool area_stays = false) {
    if (!area_stays) *area = cairn_plc_area();
    platform.user = this;
    platform.monotonic_ms = monotonic;
    platform.wall_clock = has_wall_clock ? wall_clock : nullptr;
    signer = key.signer();
    verifier = fake::FakeSigner::verifier();
    memory.frame = frame_.data();
    memory.frame_bytes = frame_.size();
    log.writer = writer_.get();
    log.flash = other_flash != nullptr ? other_flash : &flash.flash();
    log.memory = &memory;
    log.options = &options;
    log.platform = &platform;
    log.signer = &signer;
    log.verifiers = &verifier;
    log.verifier_count = 1;
    port.log_count = 1;
    port.logs = &log;
    port.user = this;
    port.monotonic_ms = platform.monotonic_ms;
    return cairn_plc_start(&port);
  }

  /// From the next start on the log keeps values, and set-points of these channels, which one key
  /// commands.
  void keep(const uint32_t* channels, size_t count) {
    commander_.algorithm = CAIRN_ED25519;
    log.keeps = 1;
    log.keys = &commander_;
    log.key_count = log.keys_needed = 1;
    log.channels = channels;
    log.channel_count = count;
  }

  /// Pumps until there is nothing left to do, or so often.
  int pump(int times = 1000, uint32_t budget = 100) {
    int status = 1;
    for (int i = 0; i < times && status == 1; ++i) {
      uint32_t used = 0;
      status = cairn_plc_pump(0, budget, &used);
      if (used > budget) return -100;
    }
    return status;
  }

  /// The leaves of the log as its medium has them, kind first.
  std::vector<std::vector<uint8_t>> leaves() {
    std::vector<std::vector<uint8_t>> out;
    cairn::Log reader;
    std::vector<uint8_t> frame(2048), leaf(1024);
    cairn::LogOptions log_options;
    log_options.log_id = cairn::log_id_of({options.origin.data, options.origin.size});
    log_options.recycle = options.log.recycle != 0;
    const cairn::Platform nothing{};
    cairn::LogMemory log_memory{{frame.data(), frame.size()}, nullptr, 0};
    if (reader.mount(flash.flash(), log_memory, log_options, nothing) != cairn::Status::ok)
      return out;
    for (uint64_t i = reader.index_min(); i < reader.size(); ++i) {
      const cairn::Result<size_t> size = reader.read(i, {leaf.data(), leaf.size()});
      out.emplace_back(leaf.begin(),
                       leaf.begin() + static_cast<ptrdiff_t>(size.ok() ? size.value : 0));
    }
    return out;
  }
  std::vector<std::vector<uint8_t>> leaves(cairn::Kind kind) {
    std::vector<std::vector<uint8_t>> out;
    for (const std::vector<uint8_t>& leaf : leaves())
      if (!leaf.empty() && leaf[0] == static_cast<uint8_t>(kind)) out.push_back(leaf);
    return out;
  }
  /// Records that gap records of this reason count.
  uint64_t lost(cairn::GapReason reason) {
    uint64_t count = 0;
    for (const std::vector<uint8_t>& leaf : leaves(cairn::Kind::gap)) {
      cairn::Gap gap{};
      if (cairn::decode_gap({leaf.data() + 1, leaf.size() - 1}, gap) == cairn::Status::ok &&
          gap.reason == reason)
        count += gap.count;
    }
    return count;
  }

  fake::FakeFlash flash;
  fake::FakeSigner key;
  std::unique_ptr<cairn_plc_area> area;
  cairn_recorder_options options = CAIRN_RECORDER_OPTIONS_INIT;
  cairn_plc_log log = CAIRN_PLC_LOG_INIT;
  cairn_plc_port port = CAIRN_PLC_PORT_INIT;
  cairn_platform platform = CAIRN_PLATFORM_INIT;
  cairn_signer signer{};
  cairn_verifier verifier{};
  cairn_log_memory memory = CAIRN_LOG_MEMORY_INIT;
  const cairn_flash* other_flash = nullptr;  ///< instead of the one that may fail
  uint64_t now_ms = 1000;
  /// Instead of now_ms.
  uint64_t (*monotonic)(void*) = [](void* user) { return static_cast<Controller*>(user)->now_ms; };
  int64_t unix_ms = 1700000000000;
  bool has_wall_clock = true;

 private:
  static int wall_clock(void* user, int64_t* unix_ms, uint8_t* quality) {
    const Controller* self = static_cast<Controller*>(user);
    *unix_ms = self->unix_ms + static_cast<int64_t>(self->now_ms);
    *quality = CAIRN_TIME_SYNCHRONISED;
    return 0;
  }

  cairn_public_key commander_{};
  std::unique_ptr<cairn_plc_writer> writer_;
  std::vector<uint8_t> frame_;
};

/// A block of a type, all zeros.
template <typename Block>
Block zeros() {
  Block block;
  std::memset(&block, 0, sizeof block);
  return block;
}

/// Puts the signature of its order into a block, as the fake key makes it: a hash.
inline void sign_order(const Controller& controller, cairn_fb_command_t& block) {
  const cairn::Order order{{controller.options.origin.data, controller.options.origin.size},
                           block.Channel,
                           block.Value,
                           block.Sequence,
                           block.NotBeforeMs,
                           block.NotAfterMs};
  uint8_t bytes[cairn::order_bytes_max];
  const cairn::Result<size_t> size = cairn::encode_order(order, bytes);
  const cairn::Digest digest = cairn::sha256({bytes, size.ok() ? size.value : 0});
  uint64_t* const words[8] = {&block.S0, &block.S1, &block.S2, &block.S3,
                              &block.S4, &block.S5, &block.S6, &block.S7};
  for (int i = 0; i < 64; ++i)
    *words[i / 8] = *words[i / 8] << 8 | digest.bytes[i % 32];
}

template <typename Message>
Message decoded(const std::vector<uint8_t>& leaf,
                cairn::Status (*decode)(cairn::ByteView, Message&)) {
  Message message{};
  if (leaf.empty() || decode({leaf.data() + 1, leaf.size() - 1}, message) != cairn::Status::ok)
    message = Message{};
  return message;
}

/// The one reading of a sample's leaf.
inline cairn::Reading reading_of(const std::vector<uint8_t>& leaf) {
  cairn::SampleReader reader;
  cairn::Reading reading;
  if (reader.open({leaf.data() + 1, leaf.size() - 1}) != cairn::Status::ok ||
      reader.next(reading) != cairn::Status::ok)
    return {};
  return reading;
}

}  // namespace plc
