#include "variable_recorder.hpp"

#include <cstring>
#include <ctime>

namespace cairn::openplc {
namespace {

using host::Error;

template <typename T>
bool load(const T* variable, uint64_t& bits) {
  if (variable == nullptr) return false;
  bits = __atomic_load_n(variable, __ATOMIC_RELAXED);
  return true;
}

int64_t now_unix_ms() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1000000;
}

template <typename T>
T as(uint64_t bits) {
  T value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

Reading reading_of(const Variable& variable, uint64_t bits) {
  Reading out;
  out.channel = variable.channel;
  switch (variable.type) {
    case Type::boolean:
      out.type = Reading::Type::flag;
      out.flag = bits != 0;
      break;
    case Type::real:
      out.type = Reading::Type::real;
      out.real = static_cast<double>(as<float>(bits));
      break;
    case Type::lreal:
      out.type = Reading::Type::real;
      out.real = as<double>(bits);
      break;
    case Type::sint:
      out.decimal = as<int8_t>(bits);
      break;
    case Type::int_:
      out.decimal = as<int16_t>(bits);
      break;
    case Type::dint:
      out.decimal = as<int32_t>(bits);
      break;
    default:
      out.decimal = as<int64_t>(bits);
      break;
  }
  return out;
}

}  // namespace

Error VariableRecorder::bind(const Settings& settings, const openplc_runtime& runtime) {
  runtime_ = runtime;
  settings_ = settings;
  states_.assign(settings_.variables.size(), {});
  until_all_ = settings_.every_scans;
  for (const Variable& variable : settings_.variables) {
    if (variable.area == Variable::Area::program) continue;
    if (static_cast<int>(variable.address) < runtime_.buffer_size) continue;
    return {Status::bad_argument, "The variable of channel " + std::to_string(variable.channel) +
                                      " has address " + std::to_string(variable.address) +
                                      "; this runtime has addresses below " +
                                      std::to_string(runtime_.buffer_size) + "."};
  }
  return {};
}

// The runtime writes these variables between scans or in other tasks; each is loaded whole.
bool VariableRecorder::read(const Variable& variable, uint64_t& bits) const {
  const openplc_runtime& r = runtime_;
  const auto area = static_cast<unsigned>(variable.area);
  const unsigned at = variable.address;
  if (variable.area == Variable::Area::program) {
    uint8_t bytes[8] = {};
    const auto array = static_cast<uint8_t>(variable.bit);
    const auto element = static_cast<uint16_t>(at);
    if (r.debug_size(array, element) != size_of(variable.type)) return false;
    if (r.debug_read(array, element, bytes) == 0) return false;
    std::memcpy(&bits, bytes, sizeof bits);
    return true;
  }
  switch (variable.type) {
    case Type::boolean: {
      uint8_t*(*const tables[])[8] = {r.bool_input, r.bool_output, r.bool_memory};
      return load(tables[area][at][variable.bit], bits);
    }
    case Type::sint:
    case Type::usint: {
      uint8_t** const tables[] = {r.byte_input, r.byte_output};
      return load(tables[area][at], bits);
    }
    case Type::int_:
    case Type::uint: {
      uint16_t** const tables[] = {r.int_input, r.int_output, r.int_memory};
      return load(tables[area][at], bits);
    }
    case Type::dint:
    case Type::udint:
    case Type::real: {
      uint32_t** const tables[] = {r.dint_input, r.dint_output, r.dint_memory};
      return load(tables[area][at], bits);
    }
    case Type::lint:
    case Type::lreal:
      break;
  }
  uint64_t** const tables[] = {r.lint_input, r.lint_output, r.lint_memory};
  return load(tables[area][at], bits);
}

void VariableRecorder::scan() {
  const bool all_due = settings_.every_scans != 0 && --until_all_ == 0;
  if (all_due) until_all_ = settings_.every_scans;
  const int64_t unix_ms = now_unix_ms();
  ++scan_;
  for (uint32_t i = 0; i < states_.size(); ++i) {
    const Variable& variable = settings_.variables[i];
    uint64_t bits = 0;
    if (!read(variable, bits)) continue;
    State& state = states_[i];
    const bool changed = variable.on_change && (!state.seen || state.bits != bits);
    if (!changed && !all_due) continue;
    state = {bits, true};
    queue_.push({unix_ms, bits, i, scan_});
  }
}

Error VariableRecorder::open() {
  lost_in_queue_ = lost_in_storage_ = 0;
  lost_unknown_ = false;
  return log_.open_writer(settings_.log);
}

void VariableRecorder::add_sample(const std::vector<Reading>& readings, int64_t unix_ms) {
  std::vector<uint8_t> leaf(log_.recorder().log().leaf_limit());
  const WallTime time{unix_ms, wall_time(host::linux_platform()).quality};
  leaf[0] = static_cast<uint8_t>(Kind::sample);
  const Result<size_t> size =
      encode_sample(time, readings.data(), readings.size(), {leaf.data() + 1, leaf.size() - 1});
  if (size.status != Status::ok) {
    lost_in_storage_ += readings.size();
    return;
  }
  leaf.resize(1 + size.value);
  leaves_.push_back(std::move(leaf));
  readings_ += readings.size();
}

// The observations of one scan become one sample.
void VariableRecorder::gather() {
  std::vector<Reading> readings;
  Observation seen{}, first{};
  while (queue_.pop(seen)) {
    if (!readings.empty() && (seen.scan != first.scan || readings.size() == readings_max)) {
      add_sample(readings, first.unix_ms);
      readings.clear();
    }
    if (readings.empty()) first = seen;
    readings.push_back(reading_of(settings_.variables[seen.variable], seen.bits));
  }
  if (!readings.empty()) add_sample(readings, first.unix_ms);
}

// `lost` is 0 once the log has it.
Error VariableRecorder::append_gap(uint64_t& lost, GapReason reason) {
  if (lost == 0) return {};
  const Status status = log_.recorder().append_gap(lost, reason).status;
  if (status != Status::ok) return log_.explain(status, "append to");
  lost = 0;
  return {};
}

Error VariableRecorder::append_gaps() {
  lost_in_queue_ += queue_.take_lost();
  CAIRN_HOST_TRY(append_gap(lost_in_queue_, GapReason::queue_full));
  CAIRN_HOST_TRY(append_gap(lost_in_storage_, GapReason::storage_failed));
  if (!lost_unknown_) return {};
  const Status status = log_.recorder().append_gap(0, GapReason::storage_failed).status;
  if (status != Status::ok) return log_.explain(status, "append to");
  lost_unknown_ = false;
  return {};
}

// What the log took of a batch before it failed stands among records of its own.
Error VariableRecorder::append_leaves() {
  std::vector<ByteView> views;
  for (const std::vector<uint8_t>& leaf : leaves_)
    views.emplace_back(leaf.data(), leaf.size());
  const uint64_t before = log_.recorder().log().size();
  const Status status = log_.recorder().append_batch(views.data(), views.size()).status;
  if (status == Status::ok) return {};
  if (log_.recorder().log().size() != before) {
    lost_unknown_ = true;
    readings_ = 0;
  }
  return log_.explain(status, "append to");
}

// What is not appended now is dropped, and counted: a disk that fails must not fill the memory.
Error VariableRecorder::append() {
  Error error = append_gaps();
  if (error.ok() && !leaves_.empty()) error = append_leaves();
  if (!error.ok()) lost_in_storage_ += readings_;
  leaves_.clear();
  readings_ = 0;
  return error;
}

Error VariableRecorder::write() {
  gather();
  CAIRN_HOST_TRY(append());
  if (log_.recorder().due()) {
    const Status status = log_.recorder().seal();
    if (status != Status::ok) return log_.explain(status, "seal");
  }
  return {};
}

Error VariableRecorder::write_version(uint64_t version, uint16_t quality) {
  Reading reading;
  reading.channel = settings_.retain_channel;
  reading.decimal = static_cast<int64_t>(version);
  reading.quality = quality;
  add_sample({reading}, now_unix_ms());
  return append();
}

Error VariableRecorder::close() {
  const Error written = write();
  const Status status = log_.recorder().pending() == 0 ? Status::ok : log_.recorder().seal();
  const Error sealed = status == Status::ok ? Error{} : log_.explain(status, "seal");
  log_.close();
  return written.ok() ? sealed : written;
}

}  // namespace cairn::openplc
