# The PSA Crypto API of mbedTLS 2.28 (no CMake package in Debian) or 3.6, as PsaCrypto::mbedcrypto.
find_path(PsaCrypto_INCLUDE_DIR psa/crypto.h)
find_library(PsaCrypto_LIBRARY mbedcrypto)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(PsaCrypto REQUIRED_VARS PsaCrypto_LIBRARY PsaCrypto_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "install libmbedtls-dev, or configure with -DCAIRN_WITH_PSA=OFF")
if(PsaCrypto_FOUND AND NOT TARGET PsaCrypto::mbedcrypto)
  add_library(PsaCrypto::mbedcrypto UNKNOWN IMPORTED GLOBAL)
  set_target_properties(PsaCrypto::mbedcrypto PROPERTIES IMPORTED_LOCATION ${PsaCrypto_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${PsaCrypto_INCLUDE_DIR})
endif()
mark_as_advanced(PsaCrypto_INCLUDE_DIR PsaCrypto_LIBRARY)
