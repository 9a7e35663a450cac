// Who made a recoverable secp256k1 signature, as Ethereum names keys.
#pragma once

#include <cairn/linux/evm_receipt.hpp>

namespace cairn::host {

/// `signature`: r, s, and the recovery id in one byte, 0 or 1, or 27 more.
///
/// signature_invalid  nobody's
/// unsupported        built without libsecp256k1
Status recover_evm_address(const Digest& digest, ByteView signature, EvmAddress& out);

}  // namespace cairn::host
