// Words for statuses and fields. An object of its own: firmware that never asks does not pay.
#include "cairn/status.hpp"

namespace cairn {

const char* status_text(Status status) {
  static const char* const texts[] = {"ok",
                                      "end",
                                      "full",
                                      "not found",
                                      "bad argument",
                                      "bad state",
                                      "I/O error",
                                      "unreadable",
                                      "corrupt",
                                      "damaged",
                                      "not formatted",
                                      "wrong version",
                                      "proof invalid",
                                      "signature invalid",
                                      "pruned",
                                      "unsupported"};
  const int number = -static_cast<int>(status);
  return number >= 0 && number < 16 ? texts[number] : "unknown status";
}

const char* field_text(Field field) {
  static const char* const texts[] = {
      "nothing",        "text encoding",   "empty line before the signatures",
      "origin",         "tree size",       "root hash",
      "extension line", "signature line",  "key name",
      "key id",         "key type",        "public key",
      "signature",      "timestamp",       "header",
      "index",          "proof",           "leaf",
      "digest",         "field order",     "keyword",
      "group",          "quorum",          "group member",
      "duplicate",      "number of items", "receipt"};
  const unsigned number = static_cast<unsigned>(field);
  return number < sizeof texts / sizeof texts[0] ? texts[number] : "unknown field";
}

}  // namespace cairn
