// C API: bounded work.
#include "c_api_recorder.hpp"
#include "cairn/steps.hpp"

#if CAIRN_BOUNDED_WORK

using namespace cairn;
using namespace cairn::c_api;

int cairn_steps_begin_open(cairn_steps* steps, cairn_recorder* recorder, const cairn_flash* flash,
                           const cairn_log_memory* memory, const cairn_recorder_options* options,
                           const cairn_platform* platform, const cairn_signer* signer) {
  if (steps == nullptr || recorder == nullptr || !sized(flash) || !usable(memory) ||
      !usable(options) || !sized(platform) || !usable(signer)) {
    return bad_argument;
  }
  if (in<Steps>(steps).busy()) return CAIRN_E_BAD_STATE;
  return number(in<Steps>(steps).begin_open(make<Recorder>(recorder), *flash, from_c(*memory),
                                            from_c(*options), *platform, *signer));
}

int cairn_steps_begin_append(cairn_steps* steps, cairn_recorder* recorder, uint8_t kind,
                             const void* body, size_t size) {
  if (steps == nullptr || recorder == nullptr || !readable(body, size)) return bad_argument;
  return number(in<Steps>(steps).begin_append(in<Recorder>(recorder), static_cast<Kind>(kind),
                                              view(body, size)));
}

int cairn_steps_begin_append_gap(cairn_steps* steps, cairn_recorder* recorder, uint64_t count,
                                 uint8_t reason) {
  if (steps == nullptr || recorder == nullptr || reason > CAIRN_GAP_SWITCHED_OFF) {
    return bad_argument;
  }
  return number(in<Steps>(steps).begin_append_gap(in<Recorder>(recorder), count,
                                                  static_cast<GapReason>(reason)));
}

int cairn_steps_begin_seal(cairn_steps* steps, cairn_recorder* recorder) {
  if (steps == nullptr || recorder == nullptr) return bad_argument;
  return number(in<Steps>(steps).begin_seal(in<Recorder>(recorder)));
}

int cairn_steps_begin_maintain(cairn_steps* steps, cairn_recorder* recorder) {
  if (steps == nullptr || recorder == nullptr) return bad_argument;
  return number(in<Steps>(steps).begin_maintain(in<Recorder>(recorder)));
}

int cairn_steps_do(cairn_steps* steps, uint32_t budget, uint32_t* used) {
  if (steps == nullptr || used == nullptr) return bad_argument;
  const Result<bool> left = in<Steps>(steps).step(budget, *used);
  return left.ok() ? flag(left.value) : number(left.status);
}

int cairn_steps_busy(const cairn_steps* steps) {
  return flag(in<Steps>(steps).busy());
}

uint64_t cairn_steps_index(const cairn_steps* steps) {
  return in<Steps>(steps).index();
}

#endif
