// Samples: the time and, as one message each, the readings.
#include "cairn/leaf.hpp"
#include "wire/cairn.pb.h"
#include "wire/fields.hpp"
#include "wire/leaf_fields.hpp"

namespace cairn {

namespace {

template <typename Fields>
void time_fields(Fields& f, WallTime& time) {
  f.zigzag(cairn_Sample_unix_ms_tag, time.unix_ms);
  f.choice(cairn_Sample_time_quality_tag, time.quality, TimeQuality::relative);
}

template <typename Fields>
void reading_fields(Fields& f, Reading& r) {
  using Type = Reading::Type;
  f.number(cairn_Reading_channel_tag, r.channel);
  bool decimal = r.type == Type::decimal;
  bool real = r.type == Type::real;
  bool flag = r.type == Type::flag;
  bool text = r.type == Type::text;
  f.zigzag_if(decimal, cairn_Reading_decimal_tag, r.decimal);
  f.double_if(real, cairn_Reading_real_tag, r.real);
  f.flag_if(flag, cairn_Reading_flag_tag, r.flag);
  f.view_if(text, cairn_Reading_text_tag, r.text);
  f.require(decimal + real + flag + text == 1);
  r.type = decimal ? Type::decimal : real ? Type::real : flag ? Type::flag : Type::text;
  f.require(!text || wire::is_leaf_text(r.text));
  f.number(cairn_Reading_places_tag, r.places);
  f.require(r.places == 0 || (decimal && r.places <= decimal_places_max));
  f.number(cairn_Reading_quality_tag, r.quality);
}

}  // namespace

Result<size_t> encode_sample(WallTime time, const Reading* readings, size_t count,
                             MutableBytes out) {
  wire::FieldWriter writer(out);
  time_fields(writer, time);
  for (size_t i = 0; i < count && writer.status() == Status::ok; ++i) {
    Reading reading = readings[i];
    wire::FieldWriter counter;
    reading_fields(counter, reading);
    CAIRN_TRY(counter.status());
    writer.head(cairn_Sample_readings_tag, counter.size_bytes());
    reading_fields(writer, reading);
  }
  if (writer.status() != Status::ok) return writer.status();
  return writer.size_bytes();
}

Status SampleReader::open(ByteView body) {
  wire::FieldReader reader(body);
  time_fields(reader, time_);
  CAIRN_TRY(reader.status());
  rest_ = reader.rest();
  SampleReader all = *this;
  Reading reading;
  Status status = Status::ok;
  while (status == Status::ok) {
    status = all.next(reading);
  }
  if (status != Status::end) rest_ = {};
  return status == Status::end ? Status::ok : status;
}

Status SampleReader::next(Reading& out) {
  if (rest_.empty()) return Status::end;
  wire::FieldReader reader(rest_);
  bool present = false;
  ByteView message;
  reader.view_if(present, cairn_Sample_readings_tag, message);
  if (!present || reader.status() != Status::ok) return Status::corrupt;
  CAIRN_TRY(wire::decode(message, reading_fields<wire::FieldReader>, out));
  rest_ = reader.rest();
  return Status::ok;
}

}  // namespace cairn
