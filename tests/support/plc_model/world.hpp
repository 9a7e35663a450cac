// The queue, the answers and the pump as docs/plc.md describes them. What the model cannot know is
// how far a small budget goes: that, and nothing else, CAIRN_Log's outputs tell it.
#pragma once

#include <deque>
#include <map>
#include <set>

#include "support/plc_model/record.hpp"
#include "support/tear.hpp"

namespace plc::model {

/// Something in the queue of a task.
struct Request {
  enum Ask {
    data,
    switched_off,
    switched_on,
    anchored,
    seal,
    verify,
    set_time,
    command,
    retain,
    restore
  };
  explicit Request(Ask ask_) : ask(ask_) {}
  Ask ask;
  unsigned places = 1;
  RecordPtr record;
  uint32_t epoch = 0;    // of the CAIRN_Log that it went through
  bool followed = true;  // a block waits for its end
  bool ended = false;
  uint32_t error = 0;     // how it ended,
  uint32_t or_error = 0;  // or so: the model does not know which
  // What was asked.
  uint64_t number = 0, unix_ms = 0, scan_ms = 0;
  uint8_t source = 0, key = 0;
  bool forged = false;
  Order order{};
  double values[8] = {};
  // What is answered.
  int64_t step_ms = 0;
  unsigned signatures = 0;
  bool applied = false, is_signed = false;
  uint64_t version = 0;

  bool is_counted() const { return ask == data || ask == command; }
};
using RequestPtr = std::shared_ptr<Request>;

enum Loss { full_queue, off, stopped };

/// A task's side.
struct Lane {
  uint32_t task = 0;
  std::deque<RequestPtr> queue;
  unsigned places = 0;
  std::vector<RequestPtr> asked;   // answers that are promised
  std::deque<RecordPtr> expected;  // on the log, in this order, not read there yet
  std::vector<RecordPtr> shown;    // of which a block may show the index
  Bytes last;                      // leaf that was read last
  uint64_t lost[3] = {}, noted[3] = {};
  uint32_t lost_here = 0;  // since its CAIRN_Log started
  bool is_off = false;
  // Of its CAIRN_Log, as shown in this scan.
  uint32_t epoch = 0, handle = 0, stale = 0;
  uint32_t before = 0;  // handle of the runtime before, stale once CAIRN_Log has started
  uint64_t now_ms = 0, durable = 0, sealed = 0, anchored = 0;
  uint64_t worked = 0;  // calls of the pump that it has seen
  bool valid = false, is_ready = false, stops = false;
  Clock clock;
  uint32_t clock_steps = 0;

  uint32_t handle_error(uint32_t of) const {
    return of == 0 ? CAIRN_PLC_E_NO_HANDLE : of == handle ? 0 : CAIRN_PLC_E_STALE_HANDLE;
  }
  void lose(const Request& request, Loss why) {
    if (!request.is_counted()) return;
    ++lost[why];
    ++lost_here;
  }
  uint32_t put(const RequestPtr& request) {
    if (is_off && request->ask == Request::data) {
      lose(*request, off);
      return CAIRN_PLC_E_SWITCHED_OFF;
    }
    if (stops && request->ask != Request::anchored) {
      lose(*request, stopped);
      return CAIRN_PLC_E_STOPPED;
    }
    if (places + request->places > CAIRN_PLC_QUEUE_RECORDS) {
      lose(*request, full_queue);
      return CAIRN_PLC_E_QUEUE_FULL;
    }
    request->epoch = epoch;
    queue.push_back(request);
    places += request->places;
    return 0;
  }
  uint32_t ask(const RequestPtr& request) {
    std::vector<RequestPtr> left;
    for (const RequestPtr& other : asked)
      if (other->followed || !other->ended) left.push_back(other);
    asked.swap(left);
    if (asked.size() == CAIRN_PLC_ANSWERS) {
      lose(*request, full_queue);
      return CAIRN_PLC_E_ANSWERS_FULL;
    }
    const uint32_t error = put(request);
    if (error == 0) asked.push_back(request);
    return error;
  }
};

/// What a program is made of.
struct Kind_of_program {
  bool exact = true;  // the pump does all or nothing
  bool task = false, keeps = false, two_tasks = false;
  bool tight = false, recycles = false;  // a small memory
  bool key_goes = false, memory_fails = false;
  bool short_windows = false, sets_time = false, reads_back = false;
  uint8_t keys_needed = 0;
  uint32_t batch = 0;

  std::string text() const {
    return std::string(exact ? "exact" : "small budgets") + (task ? ", task" : ", inline") +
           (keeps ? ", keeps" : "") + (two_tasks ? ", two tasks" : "") + (tight ? ", tight" : "") +
           (recycles ? ", recycles" : "") + (key_goes ? ", key goes" : "") +
           (memory_fails ? ", memory fails" : "") + (short_windows ? ", short windows" : "") +
           (sets_time ? ", sets time" : "") + (reads_back ? ", reads back" : "") + ", " +
           std::to_string(keys_needed) + " keys, batches of " + std::to_string(batch);
  }
};

struct Slot {
  uint64_t version = 0;
  double values[8] = {};
  bool is_written = false;  // since the start
  bool is_covered = false;  // by a head: the next start will find that
  bool is_signed = false;
};

struct Channel {
  uint64_t in_force = 0;
  double setpoint = 0;
  Order half{};          // half signed
  unsigned signers = 0;  // of it, a bit for each
};

struct World {
  World(Controller& controller_, const Kind_of_program& kind_, uint64_t seed)
      : controller(controller_), kind(kind_), random(seed) {
    lanes[1].task = 1;
  }
  uint32_t below(uint32_t n) { return random() % n; }
  bool one_in(uint32_t n) { return random() % n == 0; }

  // ---- the pump ----

  /// It was called: what it shows is what the tasks see from now on.
  void was_called(bool works, bool does_all) {
    worked += works;
    for (Lane& lane : lanes)
      if (does_all && knows_all()) took(lane, 0);
    ++calls;
    shown_clock = clock;
    shown_steps = clock_steps;
  }
  /// It has taken all but this many places of a task's queue.
  void took(Lane& lane, unsigned left) {
    while (lane.places > left) {
      const RequestPtr request = lane.queue.front();
      lane.queue.pop_front();
      lane.places -= request->places;
      perform(lane, *request);
      // With a small budget reading back ends sooner or later: the block says when.
      request->ended = kind.exact || request->ask != Request::verify;
    }
    same("places in the queue", lane.places, left);
    if (lane.places == 0 && in_order())
      gap(lane, full_queue, GapReason::queue_full, lane.lost[full_queue]);
  }
  /// A pump that does all leaves nothing.
  bool knows_all() const { return kind.exact && !kind.tight && !kind.memory_fails; }
  /// With one task besides, the place of each gap record is known.
  bool in_order() const { return knows_all() && !kind.two_tasks; }
  /// Whether the time that a task's records have is known.
  bool knows_time() const { return kind.exact || !kind.sets_time; }

  void perform(Lane& lane, Request& request);
  void judge(Lane& lane, Request& request);
  void command_record(Lane& lane, const Order& order, CommandOutcome outcome, unsigned signers);
  /// Half-signed orders whose time is over come on the log by themselves, soon.
  void expire();
  void forget(Channel& channel);

  void gap(Lane& lane, Loss why, GapReason reason, uint64_t lost) {
    const uint64_t count = lost - lane.noted[why];
    lane.noted[why] = lost;
    if (count == 0) return;
    auto record = std::make_shared<Record>();
    record->leaf = gap_leaf(count, reason);
    record->timed = false;
    lane.expected.push_back(record);
  }
  void expect(Lane& lane, const Bytes& leaf) {
    auto record = std::make_shared<Record>();
    record->leaf = leaf;
    record->time = clock.at(controller.now_ms);
    record->timed = kind.exact;
    lane.expected.push_back(record);
  }
  uint64_t signed_digest(const Order& order, uint8_t* out64) const;

  Controller& controller;
  Kind_of_program kind;
  fake::Random random;
  Lane lanes[2];
  Clock clock, shown_clock;
  uint32_t clock_steps = 0, shown_steps = 0;
  uint64_t calls = 0, calls_before = 0, worked = 0, anchored = 0;
  uint32_t starts = 0;
  bool unsealed = false, verifies = false;
  uint64_t key_broken_ms = 0;  // when the key was missing last
  std::map<uint32_t, Slot> slots;
  std::map<uint32_t, Channel> channels;
  std::vector<Bytes> floating;  // records that may come at any place
  /// Roots that blocks have shown, by size.
  std::map<uint64_t, std::set<std::string>> roots;
  struct Sealed {
    uint64_t size, count;
    uint32_t batch;
  };
  std::vector<Sealed> seals;
  std::map<std::string, uint64_t> tally;
};

inline std::string root_text(const uint64_t (&words)[4]) {
  std::string out;
  for (const uint64_t word : words)
    for (int shift = 56; shift >= 0; shift -= 8)
      out += char(word >> shift & 0xFF);
  return out;
}

}  // namespace plc::model
