// RLP, the encoding of Ethereum's blocks, receipts and transactions (Yellow Paper, appendix B).
#pragma once

#include <cairn/bytes.hpp>
#include <cairn/linux/error.hpp>
#include <vector>

namespace cairn::host::rlp {

/// A string of bytes, encoded.
std::string string(ByteView bytes);
/// A number: its big-endian bytes without leading zeros, encoded.
std::string number(uint64_t value);
/// A list of items that are encoded already.
std::string list(const std::vector<std::string>& items);

/// One item; views into what was parsed.
struct Item {
  bool is_list = false;
  ByteView payload;
  ByteView encoded;
};

/// Takes bytes that are exactly one item apart. Only the shortest encoding is accepted.
/// ok, corrupt
Status parse(ByteView bytes, Item& out);

/// The items of a list. corrupt: no list, or not one of whole items.
Status items_of(const Item& list, std::vector<Item>& out);

/// The number that a string holds. corrupt: a list, more than eight bytes, a leading zero.
Result<uint64_t> number_of(const Item& item);

}  // namespace cairn::host::rlp
