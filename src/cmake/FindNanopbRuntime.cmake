# The nanopb runtime, as Nanopb::nanopb. Debian's CMake package differs between releases (target
# names and include folders), so the library and its header are looked up directly.
find_path(NanopbRuntime_INCLUDE_DIR pb_decode.h PATH_SUFFIXES nanopb)
find_library(NanopbRuntime_LIBRARY NAMES protobuf-nanopb)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(NanopbRuntime
  REQUIRED_VARS NanopbRuntime_LIBRARY NanopbRuntime_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "install libnanopb-dev")
if(NanopbRuntime_FOUND AND NOT TARGET Nanopb::nanopb)
  add_library(Nanopb::nanopb UNKNOWN IMPORTED GLOBAL)
  set_target_properties(Nanopb::nanopb PROPERTIES IMPORTED_LOCATION ${NanopbRuntime_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${NanopbRuntime_INCLUDE_DIR})
endif()
mark_as_advanced(NanopbRuntime_INCLUDE_DIR NanopbRuntime_LIBRARY)
