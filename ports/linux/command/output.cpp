#include "output.hpp"

#include "text.hpp"

namespace command {

void Output::line(const std::string& text) const {
  if (!json) std::cout << text << '\n';
}

void Output::field(const std::string& name, const std::string& value) const {
  if (json) return;
  std::cout << "  " << name << std::string(name.size() < 16 ? 16 - name.size() : 1, ' ') << value
            << '\n';
}

void Output::raw(const std::string& text) const {
  if (!json) std::cout << text;
}

void Output::object(const Json& value) const {
  if (!json) return;
  std::cout << value.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
}

void Output::flush() const {
  std::cout.flush();
  if (!std::cout) throw wrong_use("standard output", "cannot be written", "");
}

void Output::failure(const std::string& verb, const Failure& failure) const {
  std::cerr << (verb.empty() ? "cairn" : "cairn " + verb) << ": ";
  if (!failure.where.empty()) std::cerr << printable(failure.where) << ": ";
  std::cerr << printable(failure.what()) << '\n';
  if (!failure.remedy.empty()) std::cerr << "  " << failure.remedy << '\n';
  if (!json) return;
  Json error{{"where", failure.where}, {"what", failure.what()}, {"remedy", failure.remedy}};
  if (!failure.field.empty()) error["field"] = failure.field;
  if (failure.status != cairn::Status::ok) error["status"] = cairn::status_text(failure.status);
  if (failure.code != 0) {
    error["code"] = failure.code;
    error["size"] = failure.size;
  }
  object({{"ok", false}, {"error", error}});
}

void remark(const std::string& text) {
  std::cerr << "cairn: " << text << '\n';
}

}  // namespace command
