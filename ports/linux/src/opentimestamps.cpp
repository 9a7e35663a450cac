#include <cairn/linux/file.hpp>
#include <cairn/linux/opentimestamps.hpp>

namespace cairn::host {
namespace {

constexpr uint8_t attestation = 0x00;
constexpr uint8_t one_of_several = 0xFF;
constexpr uint8_t op_append = 0xF0, op_prepend = 0xF1;
constexpr uint8_t op_sha1 = 0x02, op_ripemd160 = 0x03, op_sha256 = 0x08, op_keccak256 = 0x67;
constexpr size_t argument_bytes_max = 4096;
constexpr size_t attestation_bytes_max = 8192;
constexpr unsigned depth_max = 256;
constexpr unsigned items_max = 4096;

constexpr uint8_t bitcoin[8] = {0x05, 0x88, 0x96, 0x0d, 0x73, 0xd7, 0x19, 0x01};
constexpr uint8_t pending[8] = {0x83, 0xdf, 0xe3, 0x0d, 0x2e, 0xf9, 0x0c, 0x8e};

constexpr uint8_t file_head[] =
    "\0OpenTimestamps\0\0Proof\0\xbf\x89\xe2\xe8\x84\xe8\x92\x94\x01\x08";

class Parser {
 public:
  Parser(ByteView bytes, OpenTimestampsFact& out) : rest_(bytes), out_(out) {}

  Status whole() {
    CAIRN_TRY(timestamp(0));
    const bool promises = !out_.calendars.empty() || !out_.bitcoin_heights.empty() || others_ != 0;
    return rest_.empty() && promises ? Status::ok : Status::corrupt;
  }

 private:
  // Items behind a mark, and one more: all of them are about the same message.
  Status timestamp(unsigned depth) {
    if (depth == depth_max) return Status::corrupt;
    uint8_t tag = 0;
    CAIRN_TRY(byte(tag));
    while (tag == one_of_several) {
      CAIRN_TRY(byte(tag));
      CAIRN_TRY(item(tag, depth));
      CAIRN_TRY(byte(tag));
    }
    return item(tag, depth);
  }

  Status item(uint8_t tag, unsigned depth) {
    if (++items_ > items_max) return Status::corrupt;
    ByteView argument;
    switch (tag) {
      case attestation:
        return read_attestation();
      case op_append:
      case op_prepend:
        CAIRN_TRY(block(argument_bytes_max, argument));
        if (argument.empty()) return Status::corrupt;
        break;
      case op_sha1:
      case op_ripemd160:
      case op_sha256:
      case op_keccak256:
        break;
      default:
        return Status::corrupt;
    }
    return timestamp(depth + 1);
  }

  Status read_attestation() {
    if (rest_.size < sizeof pending) return Status::corrupt;
    const ByteView kind = rest_.part(0, sizeof pending);
    rest_ = rest_.part(sizeof pending);
    ByteView payload;
    CAIRN_TRY(block(attestation_bytes_max, payload));
    Parser inner(payload, out_);
    if (equal(kind, {pending, sizeof pending})) {
      ByteView url;
      CAIRN_TRY(inner.block(1000, url));
      out_.calendars.push_back(string_of(url));
    } else if (equal(kind, {bitcoin, sizeof bitcoin})) {
      uint64_t height = 0;
      CAIRN_TRY(inner.number(height));
      out_.bitcoin_heights.push_back(height);
    } else {
      ++others_;
      return Status::ok;
    }
    return inner.rest_.empty() ? Status::ok : Status::corrupt;
  }

  Status byte(uint8_t& out) {
    if (rest_.empty()) return Status::corrupt;
    out = rest_[0];
    rest_ = rest_.part(1);
    return Status::ok;
  }

  // Seven bits a byte, the lowest first.
  Status number(uint64_t& out) {
    out = 0;
    uint8_t part = 0x80;
    for (unsigned shift = 0; (part & 0x80) != 0; shift += 7) {
      if (shift > 56) return Status::corrupt;
      CAIRN_TRY(byte(part));
      out |= uint64_t{part & 0x7Fu} << shift;
    }
    return Status::ok;
  }

  Status block(size_t bytes_max, ByteView& out) {
    uint64_t size = 0;
    CAIRN_TRY(number(size));
    if (size > bytes_max || size > rest_.size) return Status::corrupt;
    out = rest_.part(0, static_cast<size_t>(size));
    rest_ = rest_.part(static_cast<size_t>(size));
    return Status::ok;
  }

  ByteView rest_;
  OpenTimestampsFact& out_;
  unsigned items_ = 0;
  unsigned others_ = 0;
};

}  // namespace

Status parse_opentimestamps(ByteView timestamp, OpenTimestampsFact& out) {
  out = {};
  return Parser(timestamp, out).whole();
}

std::string format_opentimestamps_file(const Digest& file_digest, ByteView timestamp) {
  return string_of({file_head, sizeof file_head - 1}) + string_of(file_digest) +
         string_of(timestamp);
}

}  // namespace cairn::host
