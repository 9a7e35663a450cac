#include "image_report.hpp"

#include <algorithm>
#include <cairn/checkpoint.hpp>
#include <cairn/leaf.hpp>
#include <cairn/linux/key_file.hpp>
#include <cairn/merkle.hpp>
#include <cstring>
#include <set>

#include "text.hpp"

namespace command::image {

namespace {

using cairn::Status;
using Item = cairn::Log::Cursor::Item;

class Examination {
 public:
  Examination(Medium& medium, const cairn::NoteKey* key) : medium_(medium), key_(key) {}

  Report run() {
    report_.places.resize(medium_.present);
    read_headers();
    if (report_.newest) {
      follow_promises();
      judge_uses();
      find_faults();
      read_heads();
      read_records();
      verify_heads();
    }
    return std::move(report_);
  }

 private:
  uint32_t count() const { return medium_.geometry.segment_count; }
  Place& at(uint32_t sequence) {
    const uint32_t place = sequence % count();
    return place < medium_.present ? report_.places[place] : behind_;
  }
  uint32_t newest_sequence() const { return report_.places[*report_.newest].header->sequence; }
  void problem(std::string what, std::optional<uint32_t> place = {}, uint64_t first = 0,
               uint64_t number = 0) {
    report_.problems.push_back({std::move(what), place, first, number});
  }

  bool is_ours(uint32_t place, const Header& header) const {
    return header.log_id == medium_.log_id &&
           header.segment_bytes == medium_.geometry.segment_bytes &&
           header.segment_count == count() &&
           1u << (header.unit_log2 & 31) == medium_.geometry.unit_bytes &&
           header.sequence != UINT32_MAX && header.sequence % count() == place;
  }

  // The newest segment is the one with the highest number that has its first frontier.
  void read_headers() {
    for (uint32_t i = 0; i < medium_.present; ++i) {
      Place& place = report_.places[i];
      const std::optional<Header> header = read_header(medium_.segment(i));
      if (!header || !is_ours(i, *header)) continue;
      place.header = header;
      place.scan = scan_segment(medium_, i, header->crc, &*header);
      if (place.scan.has_first_frontier &&
          (!report_.newest || header->sequence > newest_sequence()))
        report_.newest = i;
    }
  }

  // Where NEXT names a header that is not there, its segment is read with the one that was
  // promised.
  void follow_promises() {
    const uint32_t newest = newest_sequence();
    const uint32_t first = newest + 1 < count() ? 0 : newest + 1 - count();
    std::set<uint32_t> numbers;
    for (const Place& place : report_.places)
      if (place.header && place.header->sequence >= first) numbers.insert(place.header->sequence);
    for (size_t steps = 0; !numbers.empty() && steps < 2 * report_.places.size(); ++steps) {
      const uint32_t sequence = *numbers.begin();
      numbers.erase(numbers.begin());
      if (follow_promise(sequence)) numbers.insert(sequence + 1);
    }
  }

  bool follow_promise(uint32_t sequence) {
    const Place& place = at(sequence);
    const uint32_t place_next = (sequence + 1) % count();
    if (place_next >= medium_.present || !place.scan.has_next()) return false;
    const Header promise = promise_of(place);
    Place& next = report_.places[place_next];
    if (next.header && next.header->sequence > sequence) return false;
    Scan read = scan_segment(medium_, place_next, promise.crc, &promise);
    const bool in_use = sequence < newest_sequence();
    if (!in_use && !read.has_first_frontier) return false;
    next.header = promise;
    next.promised = true;
    next.scan = std::move(read);
    if (!in_use) report_.newest = place_next;
    return true;
  }

  void judge_uses() {
    const uint32_t newest = newest_sequence();
    const uint32_t place_next = (newest + 1) % count();
    const Place& next = at(newest + 1);
    const bool spare = next.header && next.header->sequence == newest + 1;
    const bool announced = at(newest).scan.has_next();
    const bool lapped = newest + 1 >= count();
    report_.oldest_sequence = lapped ? newest + 1 - count() + (spare || announced ? 1 : 0) : 0;
    for (uint32_t i = 0; i < medium_.present; ++i) {
      Place& place = report_.places[i];
      const bool live = place.header && place.header->sequence >= report_.oldest_sequence &&
                        place.header->sequence <= newest;
      const uint32_t due = newest - (*report_.newest + count() - i) % count();
      place.use = i == *report_.newest                                               ? Use::newest
                  : live                                                             ? Use::live
                  : i == place_next && spare                                         ? Use::spare
                  : is_blank(medium_, i)                                             ? Use::blank
                  : i == place_next && announced                                     ? Use::retired
                  : due <= newest && due >= report_.oldest_sequence && !skipped(due) ? Use::lost
                                                                                     : Use::other;
      if (place.use == Use::blank && due <= newest && due >= report_.oldest_sequence &&
          !skipped(due))
        place.use = Use::lost;
    }
  }

  // A place that could not be erased is passed over: the segment behind it has the next number but
  // one, and begins with as many records as the one in front of the place ended with.
  bool skipped(uint32_t sequence) {
    const Place& next = at(sequence + 1);
    const Place& before = at(sequence - 1);
    if (sequence == 0 || !next.header || next.header->sequence != sequence + 1) return false;
    return before.header && before.header->sequence == sequence - 1 && before.scan.has_next() &&
           next.header->nonce == promise_of(before).nonce;
  }
  static const Header& promise_of(const Place& place) {
    return place.scan.promise[0] ? *place.scan.promise[0] : *place.scan.promise[1];
  }

  void find_faults() {
    const uint64_t end =
        medium_.offset + uint64_t{medium_.present} * medium_.geometry.segment_bytes;
    if (end > medium_.file_bytes)
      problem("the file ends inside segment " + std::to_string(medium_.present - 1) + ", " +
                  counted(end - medium_.file_bytes, "byte") + " too early",
              medium_.present - 1);
    for (uint32_t i = 0; i < medium_.present; ++i) {
      const Place& place = report_.places[i];
      const std::string name = "segment " + std::to_string(i);
      if (place.use == Use::lost) problem(name + " was in use, and its header is lost", i);
      if (place.use != Use::live && place.use != Use::newest) continue;
      if (place.promised)
        problem(name + ": its header is lost; NEXT in the segment in front tells it", i);
      if (place.header->corrected) problem(name + ": one bit of its header has flipped", i);
      if (!place.scan.has_first_frontier) problem(name + ": its first frontier is lost", i);
      for (const Hole& hole : place.scan.holes)
        if (hole.cause == Hole::Cause::unexplained)
          problem(name + ": " + counted(hole.size, "byte") + " from byte " +
                      std::to_string(hole.offset) +
                      " on are no frame, and nothing explains that: they were in use",
                  i);
    }
  }

  // ---- heads: as the frontier frames have them --------------------------------------------------

  void read_heads() {
    std::map<uint64_t, Head> heads;
    for (uint32_t i = 0; i < medium_.present; ++i) {
      const Place& place = report_.places[i];
      if (place.use != Use::live && place.use != Use::newest) continue;
      cairn::Frontier frontier;
      for (const Frame& frame : place.scan.frames)
        if (frame.type == FrameType::frontier) read_head(i, frame, frontier, heads);
    }
    for (const auto& head : heads)
      report_.heads.push_back(head.second);
  }

  void read_head(uint32_t place, const Frame& frame, cairn::Frontier& frontier,
                 std::map<uint64_t, Head>& heads) const {
    const uint8_t* payload = medium_.segment(place) + frame.offset + 2;
    const uint64_t size = le64(payload);
    const unsigned keep = payload[8];
    const uint8_t flags = payload[9];
    const unsigned total = cairn::count_bits(size);
    if (keep > total || cairn::bit_length(size) > cairn::Frontier::max_levels) return;
    const uint32_t hashes = (total - keep) * 32;
    const uint32_t tail = (flags & 2) != 0 ? 64 : (flags & 4) != 0 ? 104 : 0;
    if (frame.size != 10 + hashes + tail) return;
    const unsigned differ = cairn::bit_length(frontier.size() ^ size);
    const unsigned shared = differ >= 64 ? 0 : cairn::count_bits(size >> differ);
    const bool known = keep <= shared && frontier.resize(size, keep) == Status::ok;
    for (unsigned k = 0; known && k < total - keep; ++k)
      frontier.set(keep + k, digest_at(payload + 10 + 32 * k));
    Head head;
    head.place = place;
    head.offset = frame.offset;
    head.has_root = known || (flags & 4) != 0;
    const uint8_t* at = payload + 10 + hashes;
    if ((flags & 2) != 0) {
      head.size = size;
      if (known) head.root = frontier.root();
    } else if ((flags & 4) != 0) {
      head.size = le64(at);
      head.root = digest_at(at + 8);
      at += 40;
    } else {
      return;
    }
    std::copy(at, at + cairn::signature_bytes, head.signature.bytes);
    Head& kept = heads[head.size];
    if (!kept.has_root) kept = head;
  }

  static cairn::Digest digest_at(const uint8_t* bytes) {
    cairn::Digest out;
    std::copy(bytes, bytes + sizeof out.bytes, out.bytes);
    return out;
  }

  // ---- records: as the library reads them -------------------------------------------------------

  void read_records() {
    memory_.resize(size_t{1} << 16);
    cairn::LogOptions options;
    options.log_id = medium_.log_id;
    cairn::Log log;
    const cairn::Flash flash = read_only_flash();
    report_.mounted =
        log.mount(flash, {{memory_.data(), memory_.size()}, nullptr, 0}, options, platform_);
    if (report_.mounted != Status::ok && report_.mounted != Status::damaged)
      return problem(std::string("it cannot be mounted: ") + cairn::status_text(report_.mounted));
    report_.size = log.size();
    report_.index_min = log.index_min();
    report_.root = log.root();
    report_.torn_bytes = log.report().torn_bytes;
    walk(log);
    if (log.report().damaged)
      problem("acknowledged records at the end may be missing: the log refuses to be appended to");
  }

  cairn::Flash read_only_flash() {
    cairn::Flash flash = medium_.geometry;
    flash.user = &medium_;
    flash.read = [](void* user, uint32_t segment, uint32_t offset, void* out, uint32_t size) {
      const Medium& medium = *static_cast<const Medium*>(user);
      if (segment < medium.present)
        std::memcpy(out, medium.segment(segment) + offset, size);
      else
        std::memset(out, medium.geometry.erased, size);
      return 0;
    };
    flash.program = [](void*, uint32_t, uint32_t, const void*, uint32_t) { return CAIRN_E_IO; };
    flash.erase = [](void*, uint32_t) { return CAIRN_E_IO; };
    flash.sync = [](void*) { return CAIRN_E_IO; };
    return flash;
  }

  void walk(const cairn::Log& log) {
    std::vector<uint8_t> buffer(size_t{1} << 16);
    cairn::Log::Cursor cursor;
    Item item;
    begin_tree(log);
    next_ = log.index_min();
    if (cursor.open(log, {buffer.data(), buffer.size()}) != Status::ok) return;
    while (cursor.next(item) == Status::ok)
      if (item.type == Item::Type::leaf) take_leaf(item);
    if (next_ < log.size()) lose(log.size() - next_);
    if (tree_known_ && tree_.root() != log.root())
      problem("the root over the records is not that of the log");
  }

  // Retired records stand in the tree as the hashes of the oldest segment's first frontier.
  void begin_tree(const cairn::Log& log) {
    std::vector<cairn::Digest> hashes;
    const cairn::NodeSource nodes = log.nodes();
    uint64_t at = 0;
    while (at < log.index_min()) {
      const unsigned level = cairn::bit_length(log.index_min() - at) - 1;
      hashes.emplace_back();
      if (nodes.node(nodes.user, level, at >> level, hashes.back()) != Status::ok) return;
      at += uint64_t{1} << level;
    }
    tree_known_ = tree_.assign(at, hashes.data(), hashes.size()) == Status::ok;
  }

  void lose(uint64_t number) {
    problem(record_range(next_, number) + (number == 1 ? " is" : " are") + " lost", {}, next_,
            number);
    tree_known_ = false;
    next_ += number;
  }

  void take_leaf(const Item& item) {
    if (item.index < next_) return;
    if (item.index > next_) lose(item.index - next_);
    next_ = item.index + 1;
    ++report_.records;
    ++report_.kinds[item.leaf[0]];
    cairn::Begin begin{};
    if (item.index == 0 && cairn::decode_begin(item.leaf.part(1), begin) == Status::ok)
      report_.origin = text_of(begin.origin);
    if (!tree_known_ || tree_.append(cairn::leaf_hash(item.leaf)) != Status::ok) return;
    const auto head =
        std::lower_bound(report_.heads.begin(), report_.heads.end(), tree_.size(),
                         [](const Head& one, uint64_t size) { return one.size < size; });
    if (head == report_.heads.end() || head->size != tree_.size() || !head->has_root) return;
    if (head->root == tree_.root()) {
      ++report_.frontiers;
    } else {
      problem("the records in front of the head of size " + std::to_string(head->size) +
              " are not those that it was signed over");
    }
  }

  // ---- signatures -------------------------------------------------------------------------------

  void verify_heads() {
    if (key_ == nullptr) return;
    for (Head& head : report_.heads) {
      if (!head.has_root) continue;
      cairn::Checkpoint checkpoint;
      checkpoint.origin = key_->name;
      checkpoint.size = head.size;
      checkpoint.root = head.root;
      uint8_t note[cairn::signed_checkpoint_bytes_max];
      const auto size = cairn::format_signed_checkpoint(checkpoint, *key_, head.signature, note);
      cairn::Checkpoint opened;
      head.is_verified =
          size.ok() && cairn::open_checkpoint({note, size.value}, *key_,
                                              cairn::host::all_verifiers(), opened) == Status::ok;
      if (!head.is_verified)
        problem("the head of size " + std::to_string(head.size) + " is not signed by this key",
                head.place);
    }
  }

  Medium& medium_;
  const cairn::NoteKey* key_;
  Report report_;
  Place behind_;  ///< stands for those behind the end of the file
  cairn::Platform platform_{sizeof(cairn::Platform), nullptr, nullptr, nullptr, nullptr};
  std::vector<uint8_t> memory_;
  cairn::Frontier tree_;
  uint64_t next_ = 0;
  bool tree_known_ = false;
};

}  // namespace

const char* use_name(Use use) {
  static const char* const names[] = {"newest", "live", "spare", "retired",
                                      "blank",  "lost", "other"};
  return names[static_cast<size_t>(use)];
}

Report examine(Medium& medium, const cairn::NoteKey* key) {
  return Examination(medium, key).run();
}

}  // namespace command::image
