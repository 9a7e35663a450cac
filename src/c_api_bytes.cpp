// C API: texts, bytes, base64.
#include "c_api.hpp"

using namespace cairn;
using namespace cairn::c_api;

static_assert(CAIRN_OK == static_cast<int>(Status::ok));
static_assert(CAIRN_E_END == static_cast<int>(Status::end));
static_assert(CAIRN_E_FULL == static_cast<int>(Status::full));
static_assert(CAIRN_E_NOT_FOUND == static_cast<int>(Status::not_found));
static_assert(CAIRN_E_BAD_ARGUMENT == static_cast<int>(Status::bad_argument));
static_assert(CAIRN_E_BAD_STATE == static_cast<int>(Status::bad_state));
static_assert(CAIRN_E_IO == static_cast<int>(Status::io));
static_assert(CAIRN_E_UNREADABLE == static_cast<int>(Status::unreadable));
static_assert(CAIRN_E_CORRUPT == static_cast<int>(Status::corrupt));
static_assert(CAIRN_E_DAMAGED == static_cast<int>(Status::damaged));
static_assert(CAIRN_E_NOT_FORMATTED == static_cast<int>(Status::not_formatted));
static_assert(CAIRN_E_WRONG_VERSION == static_cast<int>(Status::wrong_version));
static_assert(CAIRN_E_PROOF_INVALID == static_cast<int>(Status::proof_invalid));
static_assert(CAIRN_E_SIGNATURE_INVALID == static_cast<int>(Status::signature_invalid));
static_assert(CAIRN_E_PRUNED == static_cast<int>(Status::pruned));
static_assert(CAIRN_E_UNSUPPORTED == static_cast<int>(Status::unsupported));

static_assert(CAIRN_FIELD_NONE == static_cast<int>(Field::none));
static_assert(CAIRN_FIELD_ENCODING == static_cast<int>(Field::encoding));
static_assert(CAIRN_FIELD_SEPARATOR == static_cast<int>(Field::separator));
static_assert(CAIRN_FIELD_ORIGIN == static_cast<int>(Field::origin));
static_assert(CAIRN_FIELD_SIZE == static_cast<int>(Field::size));
static_assert(CAIRN_FIELD_ROOT == static_cast<int>(Field::root));
static_assert(CAIRN_FIELD_EXTENSION == static_cast<int>(Field::extension));
static_assert(CAIRN_FIELD_SIGNATURE_LINE == static_cast<int>(Field::signature_line));
static_assert(CAIRN_FIELD_KEY_NAME == static_cast<int>(Field::key_name));
static_assert(CAIRN_FIELD_KEY_ID == static_cast<int>(Field::key_id));
static_assert(CAIRN_FIELD_KEY_TYPE == static_cast<int>(Field::key_type));
static_assert(CAIRN_FIELD_PUBLIC_KEY == static_cast<int>(Field::public_key));
static_assert(CAIRN_FIELD_SIGNATURE == static_cast<int>(Field::signature));
static_assert(CAIRN_FIELD_TIMESTAMP == static_cast<int>(Field::timestamp));
static_assert(CAIRN_FIELD_HEADER == static_cast<int>(Field::header));
static_assert(CAIRN_FIELD_INDEX == static_cast<int>(Field::index));
static_assert(CAIRN_FIELD_PROOF == static_cast<int>(Field::proof));
static_assert(CAIRN_FIELD_LEAF == static_cast<int>(Field::leaf));
static_assert(CAIRN_FIELD_DIGEST == static_cast<int>(Field::digest));
static_assert(CAIRN_FIELD_ORDER == static_cast<int>(Field::order));
static_assert(CAIRN_FIELD_KEYWORD == static_cast<int>(Field::keyword));
static_assert(CAIRN_FIELD_GROUP == static_cast<int>(Field::group));
static_assert(CAIRN_FIELD_QUORUM == static_cast<int>(Field::quorum));
static_assert(CAIRN_FIELD_MEMBER == static_cast<int>(Field::member));
static_assert(CAIRN_FIELD_DUPLICATE == static_cast<int>(Field::duplicate));
static_assert(CAIRN_FIELD_LIMIT == static_cast<int>(Field::limit));
static_assert(CAIRN_FIELD_RECEIPT == static_cast<int>(Field::receipt));

cairn_bytes cairn_text(const char* zero_terminated) {
  size_t size = 0;
  while (zero_terminated != nullptr && zero_terminated[size] != 0)
    ++size;
  return {reinterpret_cast<const uint8_t*>(zero_terminated), size};
}

int cairn_equal_constant_time(const void* a, const void* b, size_t size) {
  return equal_constant_time(view(a, size), view(b, size)) ? 1 : 0;
}

void cairn_wipe(void* secret, size_t size) {
  wipe(secret, size);
}

static_assert(CAIRN_BASE64_SIZE(0) == base64_size(0) && CAIRN_BASE64_SIZE(5) == base64_size(5));

int cairn_encode_base64(const void* data, size_t size, void* out, size_t capacity) {
  if (!readable(data, size) || !readable(out, capacity)) return bad_argument;
  return size_of(encode_base64(view(data, size), room(out, capacity)));
}

int cairn_decode_base64(const void* text, size_t size, void* out, size_t capacity) {
  if (!readable(text, size) || !readable(out, capacity)) return bad_argument;
  return size_of(decode_base64(view(text, size), room(out, capacity)));
}
