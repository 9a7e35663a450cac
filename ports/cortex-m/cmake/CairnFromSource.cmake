# The libraries that firmware needs, compiled from source trees that the integrator names, in the
# smallest set that serves cairn. ports/cortex-m/sources fetches such trees from Debian.

set(CAIRN_SOURCES_DIR ${PROJECT_SOURCE_DIR}/build/sources)
set(CAIRN_NANOPB_SOURCE_DIR ${CAIRN_SOURCES_DIR}/nanopb CACHE PATH "Source tree of nanopb 0.4")
set(CAIRN_MBEDTLS_SOURCE_DIR ${CAIRN_SOURCES_DIR}/mbedtls CACHE PATH
  "Source tree of mbedTLS 3.6, or of 2.28")
set(CAIRN_SODIUM_SOURCE_DIR ${CAIRN_SOURCES_DIR}/libsodium CACHE PATH
  "Source tree of libsodium 1.0")
set(CAIRN_CRYPTO_DIR ${CMAKE_CURRENT_LIST_DIR}/../crypto)

# cairn_need_source(NAME FILE): stops unless the tree that CAIRN_<NAME>_SOURCE_DIR names has FILE.
function(cairn_need_source name file)
  if(NOT EXISTS ${CAIRN_${name}_SOURCE_DIR}/${file})
    message(FATAL_ERROR "There is no ${file} in '${CAIRN_${name}_SOURCE_DIR}'. "
      "Run ports/cortex-m/sources, or name a source tree with -DCAIRN_${name}_SOURCE_DIR=...")
  endif()
endfunction()

# What is not ours is compiled without our warnings.
function(cairn_foreign_library name folder)
  list(TRANSFORM ARGN PREPEND ${folder}/)
  add_library(${name} STATIC ${ARGN})
  target_compile_options(${name} PRIVATE -w)
  set_target_properties(${name} PROPERTIES C_STANDARD 11 UNITY_BUILD OFF)
endfunction()

if(NOT TARGET Nanopb::nanopb)
  cairn_need_source(NANOPB pb_decode.h)
  cairn_foreign_library(cairn_nanopb ${CAIRN_NANOPB_SOURCE_DIR} pb_common.c pb_decode.c pb_encode.c)
  target_include_directories(cairn_nanopb SYSTEM PUBLIC ${CAIRN_NANOPB_SOURCE_DIR})
  target_compile_definitions(cairn_nanopb PUBLIC PB_NO_ERRMSG PB_BUFFER_ONLY)
  add_library(Nanopb::nanopb ALIAS cairn_nanopb)
endif()

if(CAIRN_WITH_SODIUM AND NOT TARGET Sodium::sodium)
  cairn_need_source(SODIUM src/libsodium/include/sodium.h)
  # sodium/version.h stands in for what libsodium's configure script makes.
  set(tree ${CAIRN_SODIUM_SOURCE_DIR}/src/libsodium)
  set(verify crypto_verify/sodium/verify.c)
  if(NOT EXISTS ${tree}/${verify})
    set(verify crypto_verify/verify.c)  # 1.0.22
  endif()
  cairn_foreign_library(cairn_libsodium ${tree}
    crypto_core/ed25519/ref10/ed25519_ref10.c crypto_hash/sha256/cp/hash_sha256_cp.c
    crypto_sign/ed25519/ref10/keypair.c crypto_sign/ed25519/ref10/open.c
    crypto_sign/ed25519/ref10/sign.c crypto_sign/ed25519/sign_ed25519.c sodium/utils.c ${verify})
  target_sources(cairn_libsodium PRIVATE ${CAIRN_CRYPTO_DIR}/sodium_runtime.c)
  if(EXISTS ${CAIRN_MBEDTLS_SOURCE_DIR}/include/mbedtls/build_info.h)
    # mbedTLS 3.6 has a SHA-512 that is 6 KB smaller.
    target_sources(cairn_libsodium PRIVATE ${CAIRN_CRYPTO_DIR}/sodium_sha512.c
      ${CAIRN_MBEDTLS_SOURCE_DIR}/library/sha512.c)
    target_include_directories(cairn_libsodium SYSTEM PRIVATE ${CAIRN_CRYPTO_DIR}/mbedtls
      ${CAIRN_MBEDTLS_SOURCE_DIR}/include ${CAIRN_MBEDTLS_SOURCE_DIR}/library)
    target_compile_definitions(cairn_libsodium PRIVATE
      MBEDTLS_CONFIG_FILE="cairn_sha512_config.h")
  else()
    target_sources(cairn_libsodium PRIVATE ${tree}/crypto_hash/sha512/cp/hash_sha512_cp.c)
  endif()
  target_include_directories(cairn_libsodium SYSTEM
    PUBLIC ${CAIRN_CRYPTO_DIR}/sodium ${tree}/include
    PRIVATE ${CAIRN_CRYPTO_DIR}/sodium/sodium ${tree}/include/sodium)
  target_compile_definitions(cairn_libsodium PUBLIC SODIUM_STATIC
    PRIVATE CONFIGURED=1 NATIVE_LITTLE_ENDIAN=1 HAVE_WEAK_SYMBOLS=1 NDEBUG)
  add_library(Sodium::sodium ALIAS cairn_libsodium)
endif()

if(CAIRN_WITH_PSA AND NOT TARGET PsaCrypto::mbedcrypto)
  cairn_need_source(MBEDTLS include/psa/crypto.h)
  set(tree ${CAIRN_MBEDTLS_SOURCE_DIR})
  if(EXISTS ${tree}/include/mbedtls/build_info.h)
    set(CAIRN_PSA_DRIVER p256-m CACHE STRING
      "What computes P-256: p256-m (small, no heap) or builtin (deterministic)")
    cairn_foreign_library(cairn_mbedcrypto ${tree}
      library/constant_time.c library/platform_util.c library/psa_crypto.c
      library/psa_crypto_client.c library/psa_crypto_driver_wrappers_no_static.c
      library/psa_crypto_ecp.c library/psa_crypto_hash.c library/psa_crypto_slot_management.c
      library/psa_util.c library/sha256.c library/md.c)
    if(CAIRN_PSA_DRIVER STREQUAL "p256-m")
      target_sources(cairn_mbedcrypto PRIVATE ${tree}/3rdparty/p256-m/p256-m/p256-m.c
        ${tree}/3rdparty/p256-m/p256-m_driver_entrypoints.c)
      target_compile_definitions(cairn_mbedcrypto PUBLIC CAIRN_PSA_P256M)
    elseif(CAIRN_PSA_DRIVER STREQUAL "builtin")
      foreach(file asn1parse asn1write bignum bignum_core bignum_mod bignum_mod_raw ecdsa ecp
          ecp_curves hmac_drbg)
        target_sources(cairn_mbedcrypto PRIVATE ${tree}/library/${file}.c)
      endforeach()
    else()
      message(FATAL_ERROR "CAIRN_PSA_DRIVER is '${CAIRN_PSA_DRIVER}': choose p256-m or builtin")
    endif()
    target_compile_definitions(cairn_mbedcrypto PUBLIC
      MBEDTLS_CONFIG_FILE="cairn_mbedtls_config.h"
      MBEDTLS_PSA_CRYPTO_CONFIG_FILE="cairn_psa_config.h")
    target_include_directories(cairn_mbedcrypto SYSTEM PRIVATE
      ${tree}/3rdparty/p256-m ${tree}/3rdparty/p256-m/p256-m)
  else()
    file(GLOB sources RELATIVE ${tree} ${tree}/library/*.c)
    list(FILTER sources EXCLUDE REGEX "/(net_sockets|timing|entropy_poll|ssl_.*|x509.*)\\.c$")
    cairn_foreign_library(cairn_mbedcrypto ${tree} ${sources})
    target_compile_definitions(cairn_mbedcrypto PUBLIC
      MBEDTLS_CONFIG_FILE="cairn_mbedtls2_config.h")
  endif()
  target_sources(cairn_mbedcrypto PRIVATE ${CAIRN_CRYPTO_DIR}/psa_runtime.c)
  target_include_directories(cairn_mbedcrypto SYSTEM
    PUBLIC ${tree}/include ${CAIRN_CRYPTO_DIR}/mbedtls
    PRIVATE ${tree}/library ${CAIRN_CRYPTO_DIR}/../include)
  add_library(PsaCrypto::mbedcrypto ALIAS cairn_mbedcrypto)
endif()
