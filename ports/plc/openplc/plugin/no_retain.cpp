// A plug-in that has the retain calls becomes the runtime's retain store. This one does not.
#include "plugin.hpp"

namespace cairn::openplc {

const bool is_retain_store = false;

}  // namespace cairn::openplc
