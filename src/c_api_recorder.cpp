// C API: the recorder.
#include "c_api_recorder.hpp"
#include "c_api_checkpoint.hpp"
#include "c_api_leaf.hpp"

static_assert(CAIRN_GAP_UNKNOWN == static_cast<int>(cairn::GapReason::unknown));
static_assert(CAIRN_GAP_QUEUE_FULL == static_cast<int>(cairn::GapReason::queue_full));
static_assert(CAIRN_GAP_STORAGE_FULL == static_cast<int>(cairn::GapReason::storage_full));
static_assert(CAIRN_GAP_STORAGE_FAILED == static_cast<int>(cairn::GapReason::storage_failed));
static_assert(CAIRN_GAP_SWITCHED_OFF == static_cast<int>(cairn::GapReason::switched_off));

namespace cairn::c_api {

bool usable(const cairn_recorder_options* options) {
  return sized(options) && readable(options->origin.data, options->origin.size) &&
         options->batch.automatic <= 1 && usable(&options->log);
}

RecorderOptions from_c(const cairn_recorder_options& options) {
  const cairn_batch_policy& batch = options.batch;
  return {view(options.origin),
          {batch.leaves, batch.bytes, batch.time_ms, batch.automatic != 0},
          from_c(options.log),
          options.clock_step_ms};
}

}  // namespace cairn::c_api

using namespace cairn;
using namespace cairn::c_api;

int cairn_recorder_create(cairn_recorder* recorder, const cairn_flash* flash,
                          const cairn_log_memory* memory, const cairn_recorder_options* options,
                          const cairn_platform* platform, const cairn_signer* signer,
                          const cairn_begin* predecessor) {
  if (recorder == nullptr || !sized(flash) || !usable(memory) || !usable(options) ||
      !sized(platform) || !usable(signer) || (predecessor != nullptr && !usable(predecessor))) {
    return bad_argument;
  }
  Recorder& made = make<Recorder>(recorder);
  const LogMemory log_memory = from_c(*memory);
  const RecorderOptions made_options = from_c(*options);
  if (predecessor == nullptr) {
    return number(made.create(*flash, log_memory, made_options, *platform, *signer));
  }
  const Begin begin = from_c(*predecessor);
  return number(made.create(*flash, log_memory, made_options, *platform, *signer, &begin));
}

int cairn_recorder_open(cairn_recorder* recorder, const cairn_flash* flash,
                        const cairn_log_memory* memory, const cairn_recorder_options* options,
                        const cairn_platform* platform, const cairn_signer* signer) {
  if (recorder == nullptr || !sized(flash) || !usable(memory) || !usable(options) ||
      !sized(platform) || !usable(signer)) {
    return bad_argument;
  }
  return number(
      make<Recorder>(recorder).open(*flash, from_c(*memory), from_c(*options), *platform, *signer));
}

int cairn_recorder_append(cairn_recorder* recorder, uint8_t kind, const void* body, size_t size,
                          uint64_t* index_out) {
  if (recorder == nullptr || !readable(body, size)) return bad_argument;
  return index_of(in<Recorder>(recorder).append(static_cast<Kind>(kind), view(body, size)),
                  index_out);
}

int cairn_recorder_append_batch(cairn_recorder* recorder, const cairn_bytes* leaves, size_t count,
                                uint64_t* first_index_out) {
  if (recorder == nullptr || !usable(leaves, count)) return bad_argument;
  return index_of(in<Recorder>(recorder).append_batch(from_c(leaves), count), first_index_out);
}

int cairn_recorder_stage(cairn_recorder* recorder, const cairn_bytes* leaves, size_t count,
                         uint64_t* first_index_out) {
  if (recorder == nullptr || !usable(leaves, count)) return bad_argument;
  return index_of(in<Recorder>(recorder).stage(from_c(leaves), count), first_index_out);
}

int cairn_recorder_commit(cairn_recorder* recorder) {
  return recorder == nullptr ? bad_argument : number(in<Recorder>(recorder).commit());
}

int cairn_recorder_append_gap(cairn_recorder* recorder, uint64_t count, uint8_t reason,
                              uint64_t* index_out) {
  if (recorder == nullptr || reason > CAIRN_GAP_SWITCHED_OFF) return bad_argument;
  return index_of(in<Recorder>(recorder).append_gap(count, static_cast<GapReason>(reason)),
                  index_out);
}

int cairn_recorder_due(const cairn_recorder* recorder) {
  if (recorder == nullptr) return bad_argument;
  return in<Recorder>(recorder).due() ? 1 : 0;
}

int cairn_recorder_seal(cairn_recorder* recorder) {
  return recorder == nullptr ? bad_argument : number(in<Recorder>(recorder).seal());
}

int cairn_recorder_last_seal(const cairn_recorder* recorder) {
  return recorder == nullptr ? bad_argument : number(in<Recorder>(recorder).last_seal());
}

int cairn_recorder_set_beacon(cairn_recorder* recorder, const cairn_digest* checkpoint_hash) {
  if (recorder == nullptr || checkpoint_hash == nullptr) return bad_argument;
  in<Recorder>(recorder).set_beacon(*from_c(checkpoint_hash));
  return CAIRN_OK;
}

int cairn_recorder_abandon(cairn_recorder* recorder) {
  if (recorder == nullptr) return bad_argument;
  in<Recorder>(recorder).abandon();
  return CAIRN_OK;
}

int cairn_recorder_checkpoint(const cairn_recorder* recorder, void* out, size_t capacity) {
  if (recorder == nullptr || !readable(out, capacity)) return bad_argument;
  return size_of(in<Recorder>(recorder).checkpoint(room(out, capacity)));
}

int cairn_recorder_air_checkpoint(const cairn_recorder* recorder, cairn_air_checkpoint* out) {
  if (recorder == nullptr || out == nullptr) return bad_argument;
  AirCheckpoint air;
  const Status status = in<Recorder>(recorder).air_checkpoint(air);
  if (status == Status::ok) *out = to_c(air);
  return number(status);
}

cairn_log* cairn_recorder_log(cairn_recorder* recorder) {
  return reinterpret_cast<cairn_log*>(&in<Recorder>(recorder).log());
}

cairn_bytes cairn_recorder_origin(const cairn_recorder* recorder) {
  return to_c(in<Recorder>(recorder).origin());
}

const cairn_public_key* cairn_recorder_key(const cairn_recorder* recorder) {
  return &in<Recorder>(recorder).key();
}

uint64_t cairn_recorder_batch(const cairn_recorder* recorder) {
  return in<Recorder>(recorder).batch();
}

uint32_t cairn_recorder_boot(const cairn_recorder* recorder) {
  return in<Recorder>(recorder).boot();
}

uint64_t cairn_recorder_pending(const cairn_recorder* recorder) {
  return in<Recorder>(recorder).pending();
}

uint32_t cairn_log_id_of(const void* origin, size_t size) {
  return log_id_of(view(origin, size));
}
