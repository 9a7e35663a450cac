// Bodies of the library's own leaves, and of channel records. Each *_fields function names the
// fields of one message, for encoding and decoding alike.
#include "cairn/leaf.hpp"

#include "cairn/proof.hpp"
#include "text.hpp"
#include "wire/cairn.pb.h"
#include "wire/fields.hpp"
#include "wire/leaf_fields.hpp"

namespace cairn {

static_assert(static_cast<int>(TimeQuality::relative) == cairn_TimeQuality_TIME_RELATIVE &&
                  static_cast<int>(GapReason::switched_off) == cairn_GapReason_GAP_SWITCHED_OFF,
              "enumerations have the numbers of cairn.proto");

static_assert(cairn_Close_size == small_body_bytes_max);
static_assert(cairn_Boot_size < small_body_bytes_max);
static_assert(cairn_Gap_size < small_body_bytes_max);
static_assert(cairn_Clock_size < small_body_bytes_max);
static_assert(cairn_Pruned_size < small_body_bytes_max);

bool wire::is_leaf_text(ByteView text) {
  if (text.size > leaf_text_bytes_max) return false;
  for (size_t i = 0; i < text.size;) {
    const size_t step = first_character(text.part(i)).size_bytes;
    if (step == 0) return false;
    i += step;
  }
  return true;
}

namespace {

bool has_origin_size(ByteView name) {
  return !name.empty() && name.size <= 255;
}

template <typename Fields>
void begin_fields(Fields& f, Begin& b) {
  f.view(cairn_Begin_origin_tag, b.origin);
  f.require(has_origin_size(b.origin));
  bool ed25519 = b.key.algorithm == CAIRN_ED25519;
  bool p256 = b.key.algorithm == CAIRN_P256;
  f.block_if(ed25519, cairn_Begin_ed25519_tag, b.key.bytes, 32);
  f.block_if(p256, cairn_Begin_p256_tag, b.key.bytes, 64);
  f.require(ed25519 != p256);
  b.key.algorithm = ed25519 ? CAIRN_ED25519 : CAIRN_P256;

  f.view(cairn_Begin_previous_origin_tag, b.previous_origin);
  bool continues = !b.previous_origin.empty();
  f.require(!continues || has_origin_size(b.previous_origin));
  if (!continues) return;
  f.number(cairn_Begin_previous_size_tag, b.previous_size);
  f.require(b.previous_size <= tree_size_max);
  f.block_if(continues, cairn_Begin_previous_root_tag, b.previous_root.bytes, digest_bytes);
  f.require(continues);
}

template <typename Fields>
void close_fields(Fields& f, Close& c) {
  f.number(cairn_Close_batch_tag, c.batch);
  f.number(cairn_Close_boot_tag, c.boot);
  f.number(cairn_Close_monotonic_ms_tag, c.monotonic_ms);
  f.zigzag(cairn_Close_unix_ms_tag, c.time.unix_ms);
  f.choice(cairn_Close_time_quality_tag, c.time.quality, TimeQuality::relative);
  f.number(cairn_Close_key_epoch_tag, c.key_epoch);
  f.block_if(c.has_previous, cairn_Close_previous_tag, c.previous.bytes, digest_bytes);
  f.block_if(c.has_beacon, cairn_Close_beacon_tag, c.beacon.bytes, digest_bytes);
}

template <typename Fields>
void boot_fields(Fields& f, Boot& b) {
  f.number(cairn_Boot_boot_tag, b.boot);
  f.number(cairn_Boot_monotonic_ms_tag, b.monotonic_ms);
  f.zigzag(cairn_Boot_unix_ms_tag, b.time.unix_ms);
  f.choice(cairn_Boot_time_quality_tag, b.time.quality, TimeQuality::relative);
  f.number(cairn_Boot_torn_bytes_tag, b.torn_bytes);
}

template <typename Fields>
void gap_fields(Fields& f, Gap& g) {
  f.number(cairn_Gap_count_tag, g.count);
  f.choice(cairn_Gap_reason_tag, g.reason, GapReason::switched_off);
  f.number(cairn_Gap_monotonic_ms_tag, g.monotonic_ms);
  f.zigzag(cairn_Gap_unix_ms_tag, g.time.unix_ms);
  f.choice(cairn_Gap_time_quality_tag, g.time.quality, TimeQuality::relative);
}

template <typename Fields>
void clock_fields(Fields& f, ClockStep& c) {
  f.zigzag(cairn_Clock_step_ms_tag, c.step_ms);
  f.number(cairn_Clock_monotonic_ms_tag, c.monotonic_ms);
  f.zigzag(cairn_Clock_unix_ms_tag, c.time.unix_ms);
  f.choice(cairn_Clock_time_quality_tag, c.time.quality, TimeQuality::relative);
}

template <typename Fields>
void pruned_fields(Fields& f, Pruned& p) {
  f.number(cairn_Pruned_index_min_tag, p.index_min);
  f.number(cairn_Pruned_monotonic_ms_tag, p.monotonic_ms);
  f.zigzag(cairn_Pruned_unix_ms_tag, p.time.unix_ms);
  f.choice(cairn_Pruned_time_quality_tag, p.time.quality, TimeQuality::relative);
}

template <typename Fields>
void channel_fields(Fields& f, Channel& c) {
  f.number(cairn_Channel_number_tag, c.number);
  f.view(cairn_Channel_name_tag, c.name);
  f.view(cairn_Channel_unit_tag, c.unit);
  f.require(wire::is_leaf_text(c.name) && wire::is_leaf_text(c.unit));
}

}  // namespace

Result<size_t> encode_begin(const Begin& begin, MutableBytes out) {
  return wire::encode(begin, begin_fields<wire::FieldWriter>, out);
}
Result<size_t> encode_close(const Close& close, MutableBytes out) {
  return wire::encode(close, close_fields<wire::FieldWriter>, out);
}
Result<size_t> encode_boot(const Boot& boot, MutableBytes out) {
  return wire::encode(boot, boot_fields<wire::FieldWriter>, out);
}
Result<size_t> encode_gap(const Gap& gap, MutableBytes out) {
  return wire::encode(gap, gap_fields<wire::FieldWriter>, out);
}
Result<size_t> encode_clock(const ClockStep& step, MutableBytes out) {
  return wire::encode(step, clock_fields<wire::FieldWriter>, out);
}
Result<size_t> encode_pruned(const Pruned& pruned, MutableBytes out) {
  return wire::encode(pruned, pruned_fields<wire::FieldWriter>, out);
}
Result<size_t> encode_channel(const Channel& channel, MutableBytes out) {
  return wire::encode(channel, channel_fields<wire::FieldWriter>, out);
}

Status decode_begin(ByteView body, Begin& out) {
  return wire::decode(body, begin_fields<wire::FieldReader>, out);
}
Status decode_close(ByteView body, Close& out) {
  return wire::decode(body, close_fields<wire::FieldReader>, out);
}
Status decode_boot(ByteView body, Boot& out) {
  return wire::decode(body, boot_fields<wire::FieldReader>, out);
}
Status decode_gap(ByteView body, Gap& out) {
  return wire::decode(body, gap_fields<wire::FieldReader>, out);
}
Status decode_clock(ByteView body, ClockStep& out) {
  return wire::decode(body, clock_fields<wire::FieldReader>, out);
}
Status decode_pruned(ByteView body, Pruned& out) {
  return wire::decode(body, pruned_fields<wire::FieldReader>, out);
}
Status decode_channel(ByteView body, Channel& out) {
  return wire::decode(body, channel_fields<wire::FieldReader>, out);
}

}  // namespace cairn
