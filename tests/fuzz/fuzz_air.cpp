// Compact checkpoints of any bytes: what is accepted is encoded to the same bytes.
#include <cairn/checkpoint.hpp>
#include <cstdlib>

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  AirCheckpoint air;
  if (decode_air_checkpoint({data, size}, air) != Status::ok) return 0;
  uint8_t again[air_checkpoint_bytes_max];
  const Result<size_t> written = encode_air_checkpoint(air, again);
  if (!written.ok() || !equal({again, written.value}, {data, size})) std::abort();
  return 0;
}
