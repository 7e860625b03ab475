#include "views/version.h"

namespace sagalab {

constinit const std::string_view version = SAGALAB_VERSION;

}  // namespace sagalab
