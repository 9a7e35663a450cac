// What an operation came to. The numbers are frozen and the same in C (cairn.h).
//
// Three kinds of loss are kept apart, because they ask for different actions: `corrupt` is one
// record or one input, `damaged` means that acknowledged history is missing, `pruned` means that
// it was retired on purpose.
#pragma once

#include <cstdint>

namespace cairn {

enum class [[nodiscard]] Status : int8_t{
    ok = 0,               ///< Done.
    end = -1,             ///< No more records. Stop iterating.
    full = -2,            ///< No space: the log (export, prune, or recycle) or an output buffer
                          ///< (call again with a larger one).
    not_found = -3,       ///< No such record, key, origin or checkpoint. Check the name or index.
    bad_argument = -4,    ///< The call itself is wrong. Correct the caller.
    bad_state = -5,       ///< Not possible now: not mounted, nothing to seal. See the function.
    io = -6,              ///< A device or backend failed. Nothing is lost; try again later.
    unreadable = -7,      ///< The medium cannot return these bytes (ECC). Treated as absent.
    corrupt = -8,         ///< These bytes do not parse or fail their check value. Reject them.
    damaged = -9,         ///< Acknowledged history is missing. Stop, raise an alarm, call audit.
    not_formatted = -10,  ///< No log lies here. Format, if that is what you expect.
    wrong_version = -11,  ///< A later or foreign format. Use a newer cairn.
    proof_invalid = -12,  ///< The proof does not lead to the root. Do not trust the record.
    signature_invalid = -13,  ///< A signature by a known key is wrong. Do not trust the statement.
    pruned = -14,             ///< Retired legitimately. Ask the gateway for it.
    unsupported = -15,        ///< This build or peer lacks it: algorithm, size, note type.
};

/// A value, or the reason why there is none. `value` is meaningful only when `status` is ok.
template <typename T>
struct [[nodiscard]] Result {
  Status status = Status::ok;
  T value{};

  constexpr Result(Status failure) : status(failure) {}  // NOLINT: a failure is a result
  constexpr Result(const T& v) : value(v) {}             // NOLINT: a value is a result
  constexpr bool ok() const { return status == Status::ok; }
  constexpr T value_or(const T& other) const { return ok() ? value : other; }
};

/// The part of an input that a parser rejected, so that a message can say what to correct.
enum class Field : uint8_t {
  none,
  encoding,   ///< not UTF-8, a control character, or a missing final line end
  separator,  ///< no empty line between text and signatures
  origin,
  size,
  root,
  extension,
  signature_line,
  key_name,
  key_id,
  key_type,
  public_key,
  signature,
  timestamp,
  header,  ///< first line or leading fields: format name, version
  index,
  proof,
  leaf,
  digest,
  order,  ///< fields repeated, unknown, or not in canonical form
  keyword,
  group,
  quorum,
  member,
  duplicate,
  limit,  ///< more items than this build holds
  receipt,
};

/// Where a parser stopped: the field, and the line (text formats, from 1) or byte offset (binary).
struct Fault {
  Field field = Field::none;
  uint32_t position = 0;
};

/// The name of a status in plain words, "signature invalid". Never null.
const char* status_text(Status status);
/// The name of a field in plain words, "signature line". Never null.
const char* field_text(Field field);

}  // namespace cairn

/// Returns from the calling function when `expression` is not ok.
#define CAIRN_TRY(expression)                                  \
  do {                                                         \
    if (const ::cairn::Status cairn_try_status = (expression); \
        cairn_try_status != ::cairn::Status::ok)               \
      return cairn_try_status;                                 \
  } while (false)
