// Many proofs from one walk through a log: first the nodes that they need are written down, then
// the walk computes them, then the proofs are built. The memory is that of the nodes asked for.
#pragma once

#include <cairn/proof.hpp>
#include <map>

#include "log_access.hpp"

namespace command {

class NodePass {
 public:
  explicit NodePass(const LogDirectory& log) : log_(log) {}
  NodePass(const NodePass&) = delete;
  NodePass& operator=(const NodePass&) = delete;

  /// Before run(): writes down what is asked for, and answers with zeros. After it: the nodes.
  cairn::NodeSource nodes();

  /// Walks the log as far as the nodes lie. Throws when the log cannot be read.
  void run();

 private:
  using Place = std::pair<unsigned, uint64_t>;  // level, index
  struct Node {
    cairn::Status status = cairn::Status::corrupt;  ///< until the walk has come by
    cairn::Digest hash{};
  };

  static cairn::Status node(void* user, unsigned level, uint64_t index, cairn::Digest& out);
  void take(const cairn::Log::Cursor::Item& item);
  void put(const Place& place, const cairn::Digest& hash);

  const LogDirectory& log_;
  std::map<Place, Node> nodes_;
  std::vector<std::pair<Place, cairn::Digest>> open_;  ///< subtrees that await their right half
  bool done_ = false;
};

}  // namespace command
