#include "config_table.hpp"

#include <toml++/toml.h>
#include <algorithm>
#include <set>

namespace service {

void ConfigFaults::add(unsigned line, const std::string& what, const std::string& remedy) {
  std::string text = what + ". " + remedy;
  for (char& c : text)  // names and values may have line ends, and each fault is one line
    if (static_cast<unsigned char>(c) < ' ') c = '?';
  faults_.emplace_back(line, text);
}

Error ConfigFaults::error() const {
  if (faults_.empty()) return {};
  auto sorted = faults_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string text;
  for (const auto& [line, what] : sorted) {
    if (!text.empty()) text += '\n';
    text += path_ + (line == 0 ? ": " : ":" + std::to_string(line) + ": ") + what;
  }
  return {Status::bad_argument, text};
}

struct ConfigTable::Inside {
  std::shared_ptr<toml::table> file;  ///< keeps all tables of the file
  const toml::table* table = nullptr;
  std::string name;  ///< "" for the file, "listen" for [[listen]]
  ConfigFaults* faults = nullptr;
  std::set<std::string> known;

  const toml::node* find(const std::string& key) {
    known.insert(key);
    return table->get(key);
  }
  std::unique_ptr<Inside> inner(const toml::table& at, const std::string& key) const {
    auto out = std::make_unique<Inside>();
    out->file = file;
    out->table = &at;
    out->name = name.empty() ? key : name + "." + key;
    out->faults = faults;
    return out;
  }
};

namespace {

unsigned line_of(const toml::node& node) {
  return node.source().begin.line;
}

/// Letters that differ, for the suggestion of a known name.
size_t distance(const std::string& a, const std::string& b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t corner = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t change = corner + (a[i - 1] == b[j - 1] ? 0 : 1);
      corner = row[j];
      row[j] = std::min({change, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

std::string listed(const std::vector<std::string>& texts) {
  std::string out;
  for (size_t i = 0; i < texts.size(); ++i)
    out += (i == 0 ? "" : i + 1 == texts.size() ? " or " : ", ") + texts[i];
  return out;
}

const toml::table no_table;

}  // namespace

ConfigTable::ConfigTable(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
ConfigTable::ConfigTable(ConfigTable&&) noexcept = default;
ConfigTable::~ConfigTable() = default;

ConfigTable ConfigTable::parse(const std::string& text, ConfigFaults& faults) {
  auto inside = std::make_unique<Inside>();
  inside->faults = &faults;
  inside->file = std::make_shared<toml::table>();
  try {
    *inside->file = toml::parse(text);
  } catch (const toml::parse_error& error) {
    faults.add(error.source().begin.line, std::string(error.description()),
               "This line is not TOML; texts stand in \"quotes\", see https://toml.io");
  }
  inside->table = inside->file.get();
  return ConfigTable(std::move(inside));
}

std::string ConfigTable::name_of(const std::string& key) const {
  return inside_->name.empty() ? key : inside_->name + "." + key;
}

bool ConfigTable::has(const std::string& key) const {
  return inside_->table->contains(key);
}

void ConfigTable::fault(const std::string& key, const std::string& what,
                        const std::string& remedy) {
  const toml::node* node = inside_->find(key);
  inside_->faults->add(line_of(node != nullptr ? *node : *inside_->table), what, remedy);
}

std::string ConfigTable::text(const std::string& key, const std::string& otherwise) {
  const toml::node* node = inside_->find(key);
  if (node == nullptr) return otherwise;
  if (const auto value = node->value_exact<std::string>()) return *value;
  fault(key, name_of(key) + " is not a text", "Write " + key + " = \"...\".");
  return otherwise;
}

std::string ConfigTable::required_text(const std::string& key, const std::string& example) {
  if (!has(key)) {
    fault(key, name_of(key) + " is missing", "Add a line like " + key + " = \"" + example + "\".");
    return "";
  }
  return text(key, "");
}

std::string ConfigTable::one_of(const std::string& key, const std::vector<std::string>& choices) {
  const std::string value = text(key, choices.front());
  if (std::find(choices.begin(), choices.end(), value) != choices.end()) return value;
  fault(key, name_of(key) + " is '" + value + "'", "It can be " + listed(choices) + ".");
  return choices.front();
}

uint64_t ConfigTable::number(const std::string& key, uint64_t otherwise, uint64_t least,
                             uint64_t most) {
  const toml::node* node = inside_->find(key);
  if (node == nullptr) return otherwise;
  const auto value = node->value_exact<int64_t>();
  if (value && *value >= 0 && static_cast<uint64_t>(*value) >= least &&
      static_cast<uint64_t>(*value) <= most)
    return static_cast<uint64_t>(*value);
  fault(key, name_of(key) + (value ? " is " + std::to_string(*value) : " is not a whole number"),
        "It can be " + std::to_string(least) + " to " + std::to_string(most) + ".");
  return otherwise;
}

bool ConfigTable::flag(const std::string& key, bool otherwise) {
  const toml::node* node = inside_->find(key);
  if (node == nullptr) return otherwise;
  if (const auto value = node->value_exact<bool>()) return *value;
  fault(key, name_of(key) + " is neither true nor false", "Write " + key + " = true or false.");
  return otherwise;
}

std::vector<std::string> ConfigTable::texts(const std::string& key) {
  std::vector<std::string> out;
  const toml::node* node = inside_->find(key);
  if (node == nullptr) return out;
  const toml::array* array = node->as_array();
  bool good = array != nullptr;
  for (size_t i = 0; good && i < array->size(); ++i) {
    const auto value = array->get(i)->value_exact<std::string>();
    good = value.has_value();
    if (good) out.push_back(*value);
  }
  if (!good)
    fault(key, name_of(key) + " is not a list of texts", "Write " + key + " = [\"...\", \"...\"].");
  return out;
}

ConfigTable ConfigTable::table(const std::string& key) {
  const toml::node* node = inside_->find(key);
  if (node != nullptr && !node->is_table())
    fault(key, name_of(key) + " is not a table", "Write [" + name_of(key) + "] on a line.");
  const toml::table* found = node == nullptr ? nullptr : node->as_table();
  return ConfigTable(inside_->inner(found != nullptr ? *found : no_table, key));
}

std::vector<ConfigTable> ConfigTable::tables(const std::string& key) {
  std::vector<ConfigTable> out;
  const toml::node* node = inside_->find(key);
  if (node == nullptr) return out;
  const toml::array* array = node->as_array();
  if (array == nullptr || (!array->empty() && !array->is_array_of_tables())) {
    fault(key, name_of(key) + " is not a list of tables",
          "Write [[" + name_of(key) + "]] on a line before each.");
    return out;
  }
  for (const toml::node& element : *array)
    out.push_back(ConfigTable(inside_->inner(*element.as_table(), key)));
  return out;
}

void ConfigTable::close() {
  for (const auto& [key, node] : *inside_->table) {
    const std::string name(key.str());
    if (inside_->known.count(name) != 0) continue;
    const auto nearest = std::min_element(inside_->known.begin(), inside_->known.end(),
                                          [&name](const std::string& a, const std::string& b) {
                                            return distance(name, a) < distance(name, b);
                                          });
    const bool near = nearest != inside_->known.end() && distance(name, *nearest) <= 3;
    const std::vector<std::string> all(inside_->known.begin(), inside_->known.end());
    inside_->faults->add(
        line_of(node), name_of(name) + " is unknown",
        near ? "Do you mean " + *nearest + "?" : "Known here are " + listed(all) + ".");
  }
}

}  // namespace service
