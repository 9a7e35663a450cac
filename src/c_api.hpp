// What the files of the C API share: contexts and the objects in them, checks, conversions.
#pragma once

#include "cairn/cairn.h"
#include "cairn/note.hpp"
#include "mem.hpp"

namespace cairn::c_api {

template <class Object, class Context>
constexpr bool fits = sizeof(Object) <= sizeof(Context) && sizeof(Context) - sizeof(Object) <= 32 &&
                      alignof(Object) <= alignof(Context);

// The object in a context.
template <class Object, class Context>
Object& in(Context* context) {
  static_assert(fits<Object, Context>, "correct CAIRN_..._WORDS in cairn.h");
  return *reinterpret_cast<Object*>(context);
}
template <class Object, class Context>
const Object& in(const Context* context) {
  static_assert(fits<Object, Context>, "correct CAIRN_..._WORDS in cairn.h");
  return *reinterpret_cast<const Object*>(context);
}

// Makes an object in a context.
template <class Object, class Context, class... Arguments>
Object& make(Context* context, Arguments... arguments) {
  static_assert(fits<Object, Context>, "correct CAIRN_..._WORDS in cairn.h");
  return *new (Place{context}) Object(arguments...);
}

// Arrays of these pass between C and C++ as they are.
static_assert(sizeof(Digest) == sizeof(cairn_digest) && alignof(Digest) == alignof(cairn_digest));
static_assert(sizeof(ByteView) == sizeof(cairn_bytes) &&
              offsetof(ByteView, data) == offsetof(cairn_bytes, data) &&
              offsetof(ByteView, size) == offsetof(cairn_bytes, size));
static_assert(sizeof(Signature) == sizeof(cairn_signature));

inline const Digest* from_c(const cairn_digest* digests) {
  return reinterpret_cast<const Digest*>(digests);
}
inline Digest* from_c(cairn_digest* digests) {
  return reinterpret_cast<Digest*>(digests);
}
inline const ByteView* from_c(const cairn_bytes* ranges) {
  return reinterpret_cast<const ByteView*>(ranges);
}
inline const Signature& from_c(const cairn_signature& signature) {
  return reinterpret_cast<const Signature&>(signature);
}

inline ByteView view(const void* data, size_t size) {
  return {static_cast<const uint8_t*>(data), size};
}
inline ByteView view(cairn_bytes bytes) {
  return {bytes.data, bytes.size};
}
// An output buffer, cut to what an int can tell the size of.
inline MutableBytes room(void* out, size_t capacity) {
  constexpr size_t most = 0x7FFFFFFF;
  static_assert(sizeof(int) >= 4, "sizes are returned as int");
  return {static_cast<uint8_t*>(out), capacity < most ? capacity : most};
}
inline cairn_bytes to_c(ByteView bytes) {
  return {bytes.data, bytes.size};
}
inline cairn_digest to_c(const Digest& digest) {
  return reinterpret_cast<const cairn_digest&>(digest);
}
inline cairn_signature to_c(const Signature& signature) {
  return reinterpret_cast<const cairn_signature&>(signature);
}

inline uint8_t flag(bool value) {
  return value ? 1 : 0;
}

constexpr int bad_argument = CAIRN_E_BAD_ARGUMENT;

inline int number(Status status) {
  return static_cast<int>(status);
}
// A size, or why there is none.
inline int size_of(const Result<size_t>& result) {
  return result.ok() ? static_cast<int>(result.value) : number(result.status);
}
// Stores an index, where it is wanted.
inline int index_of(const Result<uint64_t>& result, uint64_t* out) {
  if (result.ok() && out != nullptr) *out = result.value;
  return number(result.status);
}
// What a function of the caller's answered; numbers that are no status count as a failure of it.
inline Status status_of(int answer) {
  if (answer >= 0) return Status::ok;
  return answer < CAIRN_E_UNSUPPORTED ? Status::io : static_cast<Status>(answer);
}

inline bool readable(const void* data, size_t size) {
  return data != nullptr || size == 0;
}
// A struct of functions or options of this version.
template <class Struct>
bool sized(const Struct* value) {
  return value != nullptr && value->struct_size == sizeof(Struct);
}
inline bool usable(const cairn_bytes* ranges, size_t count) {
  if (!readable(ranges, count)) return false;
  for (size_t i = 0; i < count; ++i) {
    if (!readable(ranges[i].data, ranges[i].size)) return false;
  }
  return true;
}
inline bool usable(const cairn_signer* signer) {
  return sized(signer) && signer->sign != nullptr;
}
inline bool usable(const cairn_verifier* verifiers, size_t count) {
  if (!readable(verifiers, count)) return false;
  for (size_t i = 0; i < count; ++i) {
    if (!sized(&verifiers[i]) || verifiers[i].verify == nullptr) return false;
  }
  return true;
}

// A Fault for a parser, handed to the caller at the end, where it is wanted.
class FaultOut {
 public:
  explicit FaultOut(cairn_fault* out) : out_(out) {}
  ~FaultOut() {
    if (out_ != nullptr) *out_ = {static_cast<uint32_t>(fault_.field), fault_.position};
  }
  FaultOut(const FaultOut&) = delete;
  FaultOut& operator=(const FaultOut&) = delete;
  operator Fault*() { return &fault_; }

 private:
  cairn_fault* out_;
  Fault fault_;
};

// Keys of notes.
inline bool is_note_type(uint8_t type) {
  return type == CAIRN_NOTE_ED25519 || type == CAIRN_NOTE_ECDSA || type == CAIRN_NOTE_COSIGNATURE;
}
inline bool usable(const cairn_note_key* key) {
  return key != nullptr && readable(key->name.data, key->name.size) && is_note_type(key->type);
}
inline NoteKey from_c(const cairn_note_key& key) {
  return {view(key.name), static_cast<NoteType>(key.type), key.key};
}
inline cairn_note_key to_c(const NoteKey& key) {
  return {to_c(key.name), static_cast<uint8_t>(key.type), key.key};
}

}  // namespace cairn::c_api
