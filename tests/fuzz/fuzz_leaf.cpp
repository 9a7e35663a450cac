// Leaves of any bytes, by their kind: a body that is accepted is encoded to the same bytes.
#include <cairn/control.hpp>
#include <cstdlib>
#include <vector>

using namespace cairn;

namespace {

void require_same(Result<size_t> written, const std::vector<uint8_t>& again, ByteView body) {
  if (!written.ok() || !equal({again.data(), written.value}, body)) std::abort();
}

template <typename Message>
void take(ByteView body, Status (*decode)(ByteView, Message&),
          Result<size_t> (*encode)(const Message&, MutableBytes)) {
  Message message;
  if (decode(body, message) != Status::ok) return;
  std::vector<uint8_t> again(body.size);
  require_same(encode(message, {again.data(), again.size()}), again, body);
}

void take_sample(ByteView body) {
  SampleReader reader;
  if (reader.open(body) != Status::ok) return;
  std::vector<Reading> readings;
  Reading reading;
  Status status = reader.next(reading);
  for (; status == Status::ok; status = reader.next(reading))
    readings.push_back(reading);
  if (status != Status::end) std::abort();
  std::vector<uint8_t> again(body.size);
  require_same(
      encode_sample(reader.time(), readings.data(), readings.size(), {again.data(), again.size()}),
      again, body);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const ByteView body(data + 1, size - 1);
  switch (static_cast<Kind>(data[0])) {
    case Kind::begin:
      take(body, decode_begin, encode_begin);
      break;
    case Kind::close:
      take(body, decode_close, encode_close);
      break;
    case Kind::boot:
      take(body, decode_boot, encode_boot);
      break;
    case Kind::gap:
      take(body, decode_gap, encode_gap);
      break;
    case Kind::clock:
      take(body, decode_clock, encode_clock);
      break;
    case Kind::pruned:
      take(body, decode_pruned, encode_pruned);
      break;
    case Kind::channel:
      take(body, decode_channel, encode_channel);
      break;
    case Kind::event:
      take(body, decode_event, encode_event);
      break;
    case Kind::correction:
      take(body, decode_correction, encode_correction);
      break;
    case Kind::command:
      take(body, decode_command, encode_command);
      break;
    case Kind::retained:
      take(body, decode_retained, encode_retained);
      break;
    case Kind::sample:
      take_sample(body);
      break;
    default:
      break;
  }
  return 0;
}
