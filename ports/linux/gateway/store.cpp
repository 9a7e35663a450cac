#include <algorithm>
#include <cairn/gateway/store.hpp>
#include <cairn/linux/file.hpp>
#include <cairn/note.hpp>

namespace cairn::gateway {
namespace {

constexpr size_t number_digits = 20;

}  // namespace

Error Store::get_batch(const std::vector<std::string>& keys, std::vector<Entry>& out) {
  out.clear();
  for (const std::string& key : keys) {
    Entry entry;
    const Error error = get(key, entry);
    if (!error.ok() && error.status != Status::not_found) return error;
    out.push_back(error.ok() ? std::move(entry) : Entry{key, 0, ""});
  }
  return {};
}

Error for_each_entry(Store& store, const std::string& prefix,
                     const std::function<Error(const Entry&)>& each) {
  std::vector<Entry> page;
  std::string after;
  do {
    CAIRN_HOST_TRY(store.scan(prefix, after, scan_page, page));
    for (const Entry& entry : page)
      CAIRN_HOST_TRY(each(entry));
    if (!page.empty()) after = page.back().key;
  } while (page.size() == scan_page);
  return {};
}

std::string prefix_of(std::initializer_list<std::string> parts) {
  std::string prefix;
  for (const std::string& part : parts)
    prefix += part + ' ';
  return prefix;
}

std::string key_of(std::initializer_list<std::string> parts) {
  std::string key = prefix_of(parts);
  if (!key.empty()) key.pop_back();
  return key;
}

std::string key_number(uint64_t number) {
  const std::string digits = std::to_string(number);
  return std::string(number_digits - digits.size(), '0') + digits;
}

Result<uint64_t> number_in_key(const std::string& key) {
  if (key.size() <= number_digits || key[key.size() - number_digits - 1] != ' ')
    return Status::corrupt;
  std::string digits = key.substr(key.size() - number_digits);
  digits.erase(0, std::min(digits.find_first_not_of('0'), number_digits - 1));
  return parse_decimal(host::bytes_of(digits));
}

}  // namespace cairn::gateway
