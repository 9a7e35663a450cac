// C API: the reporter.
#include "c_api.hpp"
#include "cairn/reporter.hpp"

static_assert(CAIRN_REPORT_BYTES_MIN == cairn::report_bytes_min);
static_assert(CAIRN_REPORT_MODE_RECORDS == static_cast<int>(cairn::ReportMode::records));
static_assert(CAIRN_REPORT_MODE_HASHES == static_cast<int>(cairn::ReportMode::hashes));
static_assert(CAIRN_REPORT_MODE_HEADS == static_cast<int>(cairn::ReportMode::heads));

namespace cairn::c_api {

static bool usable(const cairn_reporter_options* options) {
  return sized(options) && options->mode <= CAIRN_REPORT_MODE_HEADS && usable(&options->witness) &&
         usable(options->verifiers, options->verifier_count) &&
         readable(options->leaf, options->leaf_size);
}

}  // namespace cairn::c_api

using namespace cairn;
using namespace cairn::c_api;

int cairn_reporter_begin(cairn_reporter* reporter, cairn_recorder* recorder,
                         const cairn_reporter_options* options) {
  if (reporter == nullptr || recorder == nullptr || !usable(options)) return bad_argument;
  ReporterOptions made;
  made.mode = static_cast<ReportMode>(options->mode);
  made.witness = from_c(options->witness);
  made.verifiers = {options->verifiers, options->verifier_count};
  made.leaf = room(options->leaf, options->leaf_size);
  return number(make<Reporter>(reporter).begin(in<Recorder>(recorder), made));
}

int cairn_reporter_next(cairn_reporter* reporter, void* out, size_t capacity) {
  if (reporter == nullptr || !readable(out, capacity)) return bad_argument;
  return size_of(in<Reporter>(reporter).next(room(out, capacity)));
}

int cairn_reporter_take(cairn_reporter* reporter, const void* answer, size_t size) {
  if (reporter == nullptr || !readable(answer, size)) return bad_argument;
  return number(in<Reporter>(reporter).take(view(answer, size)));
}

int cairn_reporter_again(cairn_reporter* reporter) {
  if (reporter == nullptr) return bad_argument;
  in<Reporter>(reporter).again();
  return CAIRN_OK;
}

uint64_t cairn_reporter_acknowledged(const cairn_reporter* reporter) {
  return in<Reporter>(reporter).acknowledged();
}

int cairn_reporter_successor(const cairn_reporter* reporter, cairn_begin* out) {
  if (reporter == nullptr || out == nullptr) return bad_argument;
  Begin begin{};
  const Status status = in<Reporter>(reporter).successor(begin);
  if (status != Status::ok) return number(status);
  out->previous_origin = to_c(begin.previous_origin);
  out->previous_size = begin.previous_size;
  out->previous_root = to_c(begin.previous_root);
  return CAIRN_OK;
}
