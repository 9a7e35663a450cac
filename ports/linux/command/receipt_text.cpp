#include "receipt_text.hpp"

#include "text.hpp"

namespace command {

namespace {

/// What receipts of one kind are, and what one that passed is worth.
struct ReceiptKind {
  const char* name;
  bool is_checked_here;
  const char* proves;
  const char* does_not_prove;
};

const ReceiptKind& kind_of(uint8_t number) {
  static const ReceiptKind kinds[] = {
      {"of an unknown kind", false, "nothing that this cairn knows", "anything"},
      {"RFC 3161 time-stamp", true, "the authority had seen this checkpoint by that time",
       "that the authority's clock was right; that the log has no other history: it stamps "
       "whatever it is given"},
      {"EVM event", true,
       "a block with that time has it; the contract took no smaller or conflicting head of this "
       "log from this account before it, and takes none after it",
       "that the block's time is exact; that the block is final and the chain has no fork, beyond "
       "what is trusted here; that the account has no second contract"},
      {"OpenTimestamps", false, "nothing here: a client of OpenTimestamps checks its Bitcoin block",
       "anything"}};
  return number < std::size(kinds) ? kinds[number] : kinds[0];
}

const char* outcome_of(cairn::Status status) {
  if (status == cairn::Status::ok) return "passed";
  return status == cairn::Status::not_found ? "not checked" : "failed";
}

/// What is said of one receipt; `finding` is null when nobody checked it.
Json print_receipt(const Output& output, const std::string& title, const cairn::Receipt& receipt,
                   const cairn::host::ReceiptFinding* finding) {
  const ReceiptKind& kind = kind_of(receipt.kind);
  const auto status = finding == nullptr ? cairn::Status::not_found : finding->status;
  const std::string detail = finding == nullptr ? "" : printable(finding->detail);
  std::string text = std::string(outcome_of(status)) + "  " + kind.name + " for level " +
                     std::to_string(receipt.level + 1) + ", " + counted(receipt.body_size, "byte");
  if (!detail.empty()) text += ": " + detail;
  output.field(title, text);
  Json json{{"level", receipt.level},     {"kind", receipt.kind},          {"name", kind.name},
            {"bytes", receipt.body_size}, {"outcome", outcome_of(status)}, {"detail", detail}};
  const bool passed = status == cairn::Status::ok;
  if (passed) {
    output.field("  anchor", printable(finding->anchor));
    if (finding->not_after_s != 0) output.field("  not after", iso_time(finding->not_after_s));
    json["anchor"] = finding->anchor;
    json["not_after"] = iso_time(finding->not_after_s);
  }
  const bool holds = passed || !kind.is_checked_here;  // else it is what it would be worth
  output.field(holds ? "  proves" : "  would prove", kind.proves);
  output.field("  not proven", kind.does_not_prove);
  json[holds ? "proves" : "would_prove"] = kind.proves;
  json["does_not_prove"] = kind.does_not_prove;
  return json;
}

}  // namespace

Json print_receipts(const Output& output, const cairn::Evidence& evidence,
                    const std::vector<cairn::host::ReceiptFinding>& findings) {
  Json list = Json::array();
  cairn::ReceiptReader reader(evidence.receipts);
  cairn::Receipt receipt;
  for (size_t i = 0; reader.next(receipt) == cairn::Status::ok; ++i)
    list.push_back(print_receipt(output, "receipt " + std::to_string(i + 1), receipt,
                                 i < findings.size() ? &findings[i] : nullptr));
  return list;
}

}  // namespace command
