// usage: log_images [RUNS]
//
// Lives of logs on every kind of medium, with power cuts torn in every way, failing programs and
// flipped bits. Prints image after image, each with what the library reads from it, for
// compare_images.py:
//
//   name (its length in front), unit, segment, count (4 bytes each), kind, erased (1 each), log id;
//   the bytes; how many units cannot be read, and their numbers; the status (1); when it is
//   mounted: used bytes, size, oldest index (8 each), root, whether there is a head (1), its size,
//   root and signature, the number of records, and of each index (8), size (4), bytes.
#include <cstdio>
#include <cstdlib>
#include <random>

#include "support/log_model.hpp"

using namespace log_model;

namespace {

class Printer {
 public:
  void number(uint64_t value, unsigned size) {
    for (unsigned i = 0; i < size; ++i)
      std::putchar(static_cast<int>(value >> (8 * i) & 0xFF));
  }
  void bytes(const void* data, size_t size) { std::fwrite(data, 1, size, stdout); }
};

void print_image(Printer& out, const Geometry& geometry, const fake::FakeFlash& flash) {
  for (const uint32_t field : {geometry.unit, geometry.segment, geometry.count})
    out.number(field, 4);
  out.number(geometry.kind, 1);
  out.number(geometry.erased, 1);
  out.number(7, 4);
  out.bytes(flash.memory.data(), flash.memory.size());
  std::vector<uint32_t> unreadable;
  for (uint32_t unit = 0; unit < flash.memory.size() / geometry.unit; ++unit)
    if (flash.is_unreadable(unit)) unreadable.push_back(unit);
  out.number(unreadable.size(), 4);
  for (const uint32_t unit : unreadable)
    out.number(unit, 4);
}

void print_records(Printer& out, const cairn::Log& log) {
  struct Record {
    uint64_t index;
    std::vector<uint8_t> leaf;
  };
  std::vector<Record> records;
  uint8_t buffer[512];
  cairn::Log::Cursor cursor;
  demand(cursor.open(log, buffer) == cairn::Status::ok, "no cursor");
  for (;;) {
    cairn::Log::Cursor::Item item;
    const cairn::Status status = cursor.next(item);
    if (status == cairn::Status::end) break;
    demand(status == cairn::Status::ok, std::string("cursor: ") + cairn::status_text(status));
    if (item.type != cairn::Log::Cursor::Item::Type::leaf) continue;
    records.push_back({item.index, {item.leaf.begin(), item.leaf.end()}});
  }
  out.number(records.size(), 4);
  for (const Record& record : records) {
    out.number(record.index, 8);
    out.number(record.leaf.size(), 4);
    out.bytes(record.leaf.data(), record.leaf.size());
  }
}

void print(const std::string& name, const Geometry& geometry, fake::FakeFlash& flash) {
  Printer out;
  out.number(name.size(), 4);
  out.bytes(name.data(), name.size());
  print_image(out, geometry, flash);
  Memory memory;
  cairn::Log log;
  cairn::LogOptions options;
  options.log_id = 7;
  options.recycle = true;  // as those were that wrote: what was passed over may have been given up
  options.keep_from = UINT64_MAX;
  const cairn::LogMemory frames = memory.get(flash, geometry.unit, geometry.kind);
  const cairn::Status status = log.mount(flash.flash(), frames, options, platform());
  out.number(static_cast<uint8_t>(status), 1);
  if (status != cairn::Status::ok && status != cairn::Status::damaged) return;
  for (const uint64_t field : {log.used_bytes(), log.size(), log.index_min()})
    out.number(field, 8);
  out.bytes(log.root().bytes, 32);
  out.number(log.head() != nullptr, 1);
  if (log.head() != nullptr) {
    out.number(log.head()->size, 8);
    out.bytes(log.head()->root.bytes, 32);
    out.bytes(log.head()->signature.bytes, 64);
  }
  print_records(out, log);
}

// Random numbers below a bound, in 32 bits.
class Draw {
 public:
  explicit Draw(uint32_t seed) : random_(seed) {}
  uint32_t operator()(size_t below) { return static_cast<uint32_t>(random_() % below); }

 private:
  std::mt19937 random_;
};

fake::Tear some_tear(Draw& draw) {
  using fake::Tear;
  Tear tear;
  tear.extent = static_cast<Tear::Extent>(draw(4));
  tear.units_done = draw(12);
  tear.unit = static_cast<Tear::Unit>(draw(3));
  tear.erase = static_cast<uint8_t>(draw(6));
  return tear;
}

// One life after the other on one medium, each ended by a cut. What rots is a copy.
class Course {
 public:
  Course(const Geometry& geometry, uint32_t seed)
      : geometry_(geometry),
        seed_(seed),
        draw_(seed),
        flash_(geometry.unit, geometry.segment, geometry.count, geometry.kind, geometry.erased) {
    flash_.random.seed(seed);
  }

  void run() {
    for (unsigned life = 0; life < 8; ++life) {
      flash_.cut_at(1 + draw_(life == 0 ? 150 : 50), some_tear(draw_));
      if (draw_(3) == 0)
        flash_.fail_programs(draw_(30), 1 + draw_(2), static_cast<fake::Failure>(draw_(3)));
      try {
        live();
      } catch (const Violation&) {  // the log gave up: so it looks then
      }
      show("life " + std::to_string(life));
      flash_.reboot();
      show("rebooted " + std::to_string(life));
      for (unsigned copy = 0; copy < 4; ++copy)
        show_rotten("rotten " + std::to_string(life) + "." + std::to_string(copy));
    }
  }

 private:
  void live() {
    Memory memory;
    cairn::Log log;
    if (!start(flash_, memory, log, known_)) return;
    const uint64_t total = log.size() + 5 + draw_(60);
    while (!flash_.is_dead() && log.size() < total) {
      const unsigned lot = draw_(10);
      if (lot < 5) {
        append_one(flash_, log, known_);
      } else if (lot < 7) {
        append_some(flash_, log, known_, 1 + draw_(20));
      } else if (lot == 7) {
        sign(flash_, log, known_);
      } else if (lot == 8) {
        (void)log.maintain();
      } else {  // a head in the same commit as its records
        const std::vector<uint8_t>& bytes = leaf(log.size());
        const cairn::ByteView view = {bytes.data(), bytes.size()};
        (void)log.stage(&view, 1);
        sign(flash_, log, known_);
      }
    }
  }

  void show(const std::string& what) {
    fake::FakeFlash copy = flash_;
    copy.cut_at(0, {});
    if (!copy.is_dead()) print(name(what), geometry_, copy);
  }

  // Flipped bits, units that cannot be read, spoilt headers, and what somebody has erased.
  void show_rotten(const std::string& what) {
    fake::FakeFlash copy = flash_;
    const size_t segment = size_t{draw_(geometry_.count)} * geometry_.segment;
    const uint32_t lot = draw_(10);
    if (lot == 0) {
      std::fill_n(copy.memory.begin() + static_cast<std::ptrdiff_t>(segment), geometry_.segment,
                  geometry_.erased);
    } else if (lot == 1) {
      copy.make_unreadable(draw_(geometry_.count), draw_(geometry_.segment), 1);
    } else if (lot < 5) {
      for (size_t i = 0; i < 3; ++i)
        copy.flip(segment + draw_(32), draw_(8));
    }
    for (uint32_t i = draw_(4); i != 0; --i)
      copy.flip(draw_(copy.memory.size()), draw_(8));
    print(name(what), geometry_, copy);
  }

  std::string name(const std::string& what) const {
    return std::string(geometry_.name) + ", seed " + std::to_string(seed_) + ", " + what;
  }

  const Geometry& geometry_;
  uint32_t seed_;
  Draw draw_;
  fake::FakeFlash flash_;
  Acknowledged known_;
};

}  // namespace

int main(int count, char** arguments) {
  const int runs = count > 1 ? std::atoi(arguments[1]) : 50;
  for (const Geometry& geometry : geometries)
    for (int seed = 0; seed < runs; ++seed)
      Course(geometry, static_cast<uint32_t>(seed)).run();
  return 0;
}
