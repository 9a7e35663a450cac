// The compact checkpoint. Its largest encoding is 5 bytes of key id, 10 of size (nine groups of
// seven bits hold every size below 2^63), 34 of root and 66 of signature: 115.
#include "cairn/checkpoint.hpp"
#include "cairn/proof.hpp"
#include "wire/cairn.pb.h"
#include "wire/fields.hpp"

namespace cairn {
namespace {

template <typename Fields>
void air_fields(Fields& f, AirCheckpoint& air) {
  f.fixed32(cairn_AirCheckpoint_key_id_tag, air.key_id);
  f.number(cairn_AirCheckpoint_size_tag, air.size);
  f.require(air.size <= tree_size_max);
  f.block_if(air.has_root, cairn_AirCheckpoint_root_tag, air.root.bytes, digest_bytes);
  bool ed25519 = air.has_signature && air.algorithm == CAIRN_ED25519;
  bool p256 = air.has_signature && air.algorithm == CAIRN_P256;
  f.require(ed25519 || p256 || !air.has_signature);
  f.block_if(ed25519, cairn_AirCheckpoint_ed25519_tag, air.signature.bytes, signature_bytes);
  f.block_if(p256, cairn_AirCheckpoint_p256_tag, air.signature.bytes, signature_bytes);
  f.require(!(ed25519 && p256));
  air.has_signature = ed25519 || p256;
  air.algorithm = ed25519 ? CAIRN_ED25519 : p256 ? CAIRN_P256 : 0;
}

}  // namespace

Result<size_t> encode_air_checkpoint(const AirCheckpoint& air, MutableBytes out) {
  return wire::encode(air, air_fields<wire::FieldWriter>, out);
}

Status decode_air_checkpoint(ByteView bytes, AirCheckpoint& out) {
  return wire::decode(bytes, air_fields<wire::FieldReader>, out);
}

}  // namespace cairn
