// A recorder over a fake flash with a clock and a key that a test controls.
#pragma once

#include <cairn/recorder.hpp>
#include <memory>

#include "support/fake_signer.hpp"
#include "support/test_log.hpp"

namespace test_recorder {

using test_log::Bytes;
using test_log::Medium;
using test_log::view;

constexpr char origin[] = "plant.example/press-7";

inline Medium roomy(int kind) {
  return {"roomy",       kind == CAIRN_FLASH_ONCE ? 8u : 1u,
          8192,          8,
          uint8_t(kind), uint8_t(kind == CAIRN_FLASH_FILE ? 0x00 : 0xFF)};
}

struct Leaf {
  uint64_t index;
  cairn::Kind kind;
  Bytes body;
};

class TestRecorder {
 public:
  explicit TestRecorder(const Medium& medium = roomy(CAIRN_FLASH_ONCE), size_t frame_bytes = 512)
      : flash(medium.unit, medium.segment, medium.count, medium.kind, medium.erased),
        frame(frame_bytes) {
    options.origin = cairn::literal(origin);
    options.batch.leaves = 8;
  }

  cairn::LogMemory memory() { return {{frame.data(), frame.size()}, nullptr, 0}; }
  cairn::Status create(const cairn::Begin* predecessor = nullptr) {
    signer = key.signer();
    platform = clock.platform();
    return recorder.create(flash.flash(), memory(), options, platform, signer, predecessor);
  }
  /// A start of the device: another recorder on the same medium.
  cairn::Status open() {
    signer = key.signer();
    platform = clock.platform();
    return recorder.open(flash.flash(), memory(), options, platform, signer);
  }
  cairn::Result<uint64_t> append(const Bytes& body) {
    return recorder.append(cairn::Kind::opaque, view(body));
  }
  cairn::Result<uint64_t> append_batch(size_t count, size_t leaf_bytes = 20) {
    std::vector<Bytes> leaves;
    std::vector<cairn::ByteView> views;
    for (size_t i = 0; i < count; ++i)
      leaves.push_back(test_log::leaf(i, leaf_bytes));
    for (const Bytes& leaf : leaves)
      views.push_back(view(leaf));
    return recorder.append_batch(views.data(), views.size());
  }

  std::vector<Leaf> leaves() {
    std::vector<Leaf> out;
    Bytes buffer(1024);
    cairn::Log::Cursor cursor;
    cairn::Log::Cursor::Item item;
    if (cursor.open(recorder.log(), {buffer.data(), buffer.size()}) != cairn::Status::ok) return {};
    while (cursor.next(item) == cairn::Status::ok) {
      if (item.type != cairn::Log::Cursor::Item::Type::leaf) continue;
      out.push_back(
          {item.index, cairn::Kind(item.leaf[0]), Bytes(item.leaf.begin() + 1, item.leaf.end())});
    }
    return out;
  }
  /// One letter a leaf: begin, closed, boot, gap, time stepped, record.
  std::string story() {
    std::string out;
    for (const Leaf& leaf : leaves()) {
      switch (leaf.kind) {
        case cairn::Kind::begin:
          out += 'b';
          break;
        case cairn::Kind::close:
          out += 'c';
          break;
        case cairn::Kind::boot:
          out += 'B';
          break;
        case cairn::Kind::gap:
          out += 'g';
          break;
        case cairn::Kind::clock:
          out += 't';
          break;
        default:
          out += 'r';
          break;
      }
    }
    return out;
  }
  std::vector<cairn::Close> closes() {
    std::vector<cairn::Close> out;
    for (const Leaf& leaf : leaves()) {
      cairn::Close close;
      if (leaf.kind != cairn::Kind::close) continue;
      if (cairn::decode_close(view(leaf.body), close) == cairn::Status::ok) out.push_back(close);
    }
    return out;
  }
  std::string note() {
    Bytes out(cairn::signed_checkpoint_bytes_max);
    const auto size = recorder.checkpoint({out.data(), out.size()});
    if (!size.ok()) return "";
    return std::string(out.begin(), out.begin() + long(size.value));
  }

  fake::FakeFlash flash;
  Bytes frame;
  fake::FakeSigner key;
  fake::FakeClock clock;
  cairn::RecorderOptions options;
  cairn::Signer signer{};
  cairn::Platform platform{};
  cairn::Recorder recorder;
};

}  // namespace test_recorder
