#include "receipt_text.hpp"

#include "text.hpp"

namespace command {

namespace {

/// What receipts of one kind are, and what one that passed is worth.
struct ReceiptKind {
  const char* name;
  const char* proves;
  const char* does_not_prove;
};

const ReceiptKind& kind_of(uint8_t number) {
  static const ReceiptKind kinds[] = {
      {"of an unknown kind", "nothing that this cairn knows", "anything"},
      {"RFC 3161 time-stamp", "the authority saw the checkpoint by that time",
       "that the authority's clock was right, or that the log has no other history"},
      {"EVM event", "the contract's block holds the checkpoint, and no earlier one replaced it",
       "that the chain's validators are honest, beyond those that are trusted here"},
      {"OpenTimestamps", "the checkpoint leads to a calendar's commitment",
       "a time, before its Bitcoin block is checked with a client of OpenTimestamps"}};
  return number < std::size(kinds) ? kinds[number] : kinds[0];
}

const char* outcome_of(const cairn::Verdict& verdict, unsigned number) {
  if ((verdict.receipts_passed >> number & 1) != 0) return "passed";
  return (verdict.receipts_failed >> number & 1) != 0 ? "failed" : "not checked";
}

}  // namespace

Json print_receipts(const Output& output, const cairn::Evidence& evidence,
                    const cairn::Verdict* verdict) {
  Json list = Json::array();
  cairn::ReceiptReader reader(evidence.receipts);
  cairn::Receipt receipt;
  for (unsigned i = 0; reader.next(receipt) == cairn::Status::ok; ++i) {
    const ReceiptKind& kind = kind_of(receipt.kind);
    const std::string outcome = verdict == nullptr ? "not checked" : outcome_of(*verdict, i);
    output.field("receipt " + std::to_string(i + 1), outcome + "  " + kind.name + " for level " +
                                                         std::to_string(receipt.level + 1) + ", " +
                                                         counted(receipt.body_size, "byte"));
    if (outcome == "passed") {
      output.field("  proves", kind.proves);
      output.field("  not", kind.does_not_prove);
    }
    list.push_back({{"level", receipt.level},
                    {"kind", receipt.kind},
                    {"name", kind.name},
                    {"bytes", receipt.body_size},
                    {"outcome", outcome},
                    {"proves", kind.proves},
                    {"does_not_prove", kind.does_not_prove}});
  }
  return list;
}

}  // namespace command
