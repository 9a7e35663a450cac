#include "outbox_entries.hpp"

#include "json.hpp"
#include "text_bytes.hpp"

namespace cairn::gateway {
namespace {

Error not_ours(const std::string& key) {
  return {Status::corrupt, "the entry '" + key +
                               "' of the store is not what cairn-gateway writes. Remove it; what "
                               "it tells of an anchor is then forgotten."};
}

void take(const Json& json, OutboxEntry& out) {
  out.head.log = json.at("log");
  out.head.size = json.at("size");
  out.head.note = json.at("note");
  out.request = bytes_of_base64(json.at("request"));
  out.since_s = json.at("since");
  out.is_submitted = json.at("submitted");
  out.is_refused = json.at("refused");
}

void take(const Json& json, PeriodEntry& out) {
  out.start_s = json.at("start");
  out.spent = json.at("spent");
}

void take(const Json& json, DoneEntry& out) {
  out.size = json.at("size");
  out.time_s = json.at("time");
  out.not_after_s = json.at("not_after");
}

void take(const Json& json, StoredReceipt& out) {
  out.anchor = json.at("anchor");
  out.size = json.at("size");
  out.kind = json.at("kind");
  out.not_after_s = json.at("not_after");
  out.note = json.at("note");
  out.body = bytes_of_base64(json.at("body"));
}

template <typename T>
Error parse(const Entry& entry, T& out) {
  try {
    take(Json::parse(entry.value), out);
    return {};
  } catch (const std::exception&) {
    return not_ours(entry.key);
  }
}

template <typename T>
Error read(Store& store, const std::string& key, T& out, uint64_t& version) {
  Entry entry;
  const Error error = store.get(key, entry);
  version = error.ok() ? entry.version : 0;
  if (error.status == Status::not_found) return {};
  CAIRN_HOST_TRY(error);
  return parse(entry, out);
}

}  // namespace

std::string text_of(const OutboxEntry& entry) {
  return Json{{"log", entry.head.log},      {"size", entry.head.size},
              {"note", entry.head.note},    {"request", base64_of_bytes(entry.request)},
              {"since", entry.since_s},     {"submitted", entry.is_submitted},
              {"refused", entry.is_refused}}
      .dump();
}

std::string text_of(const PeriodEntry& entry) {
  return Json{{"start", entry.start_s}, {"spent", entry.spent}}.dump();
}

std::string text_of(const DoneEntry& entry) {
  return Json{{"size", entry.size}, {"time", entry.time_s}, {"not_after", entry.not_after_s}}
      .dump();
}

std::string text_of(const StoredReceipt& receipt) {
  return Json{{"anchor", receipt.anchor}, {"size", receipt.size},
              {"kind", receipt.kind},     {"not_after", receipt.not_after_s},
              {"note", receipt.note},     {"body", base64_of_bytes(receipt.body)}}
      .dump();
}

Error parse_receipt(const std::string& text, StoredReceipt& out) {
  try {
    take(Json::parse(text), out);
    return {};
  } catch (const std::exception&) {
    return {Status::corrupt, "this is no receipt that cairn-gateway wrote."};
  }
}

Error read_entry(Store& store, std::initializer_list<std::string> key, OutboxEntry& out,
                 uint64_t& version) {
  CAIRN_HOST_TRY(read(store, key_of(key), out, version));
  if (out.head.size == 0) return {};
  AnchorHead head;
  CAIRN_HOST_TRY(anchor_head(out.head.log, {out.head.size, {}, out.head.note}, head));
  out.head = head;
  return {};
}

Error read_entry(Store& store, std::initializer_list<std::string> key, PeriodEntry& out,
                 uint64_t& version) {
  return read(store, key_of(key), out, version);
}

Error read_entry(Store& store, std::initializer_list<std::string> key, DoneEntry& out,
                 uint64_t& version) {
  return read(store, key_of(key), out, version);
}

Error list_receipts(Store& store, const std::string& log, uint64_t size_min, size_t limit,
                    std::vector<StoredReceipt>& out) {
  out.clear();
  // No name of an anchor sorts behind this: keys are UTF-8.
  const std::string before =
      size_min == 0 ? "" : key_of({"receipt", log, key_number(size_min - 1)}) + "\xFF";
  std::vector<Entry> entries;
  CAIRN_HOST_TRY(store.scan(prefix_of({"receipt", log}), before, limit, entries));
  for (const Entry& entry : entries) {
    out.emplace_back();
    CAIRN_HOST_TRY(parse(entry, out.back()));
  }
  return {};
}

Error find_receipts(Store& store, const std::string& log, uint64_t size_min,
                    std::vector<StoredReceipt>& out) {
  constexpr size_t anchors_max = 64;
  CAIRN_HOST_TRY(list_receipts(store, log, size_min, anchors_max, out));
  size_t same = 0;
  while (same < out.size() && out[same].size == out[0].size)
    ++same;
  out.resize(same);
  return {};
}

}  // namespace cairn::gateway
