# What `cmake --install` puts in place: libraries and headers, the CMake package (with the Find
# modules that its dependencies need) and the pkg-config files. Everything is relocatable.

include(CMakePackageConfigHelpers)

set(targets cairn)
foreach(name accelerated sodium psa linux gateway plc plc_linux)
  if(TARGET cairn_${name})
    list(APPEND targets cairn_${name})
  endif()
endforeach()
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/cairn)

install(TARGETS ${targets} EXPORT cairn-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
if(TARGET cairn_linux)
  install(DIRECTORY ports/linux/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
endif()
foreach(folder ports/plc/include ports/plc/linux/include)
  if(TARGET cairn_plc)
    install(DIRECTORY ${folder}/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
  endif()
endforeach()
if(CAIRN_CONFIG_FILE)
  install(FILES ${CAIRN_CONFIG_FILE} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/cairn
    RENAME config_file.h)
endif()

set(CAIRN_GATEWAY_PACKAGES "")
if(TARGET cairn_gateway)
  get_target_property(CAIRN_GATEWAY_PACKAGES cairn_gateway CAIRN_PACKAGES)
endif()
install(EXPORT cairn-targets NAMESPACE cairn:: DESTINATION ${package_folder})
write_basic_package_version_file(cairn-config-version.cmake COMPATIBILITY SameMinorVersion)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/cairn-config.cmake.in cairn-config.cmake
  INSTALL_DESTINATION ${package_folder} NO_SET_AND_CHECK_MACRO)
install(FILES ${PROJECT_BINARY_DIR}/cairn-config.cmake
  ${PROJECT_BINARY_DIR}/cairn-config-version.cmake
  ${CMAKE_CURRENT_LIST_DIR}/FindNanopbRuntime.cmake
  ${CMAKE_CURRENT_LIST_DIR}/FindSodium.cmake
  ${CMAKE_CURRENT_LIST_DIR}/FindPsaCrypto.cmake
  ${CMAKE_CURRENT_LIST_DIR}/FindLibcsv.cmake
  ${CMAKE_CURRENT_LIST_DIR}/FindSecp256k1.cmake
  DESTINATION ${package_folder})

# cairn_pkg_config(NAME DESCRIPTION [REQUIRES PACKAGE...] [LIBRARIES LIBRARY...] [FLAGS FLAG...])
#
# Writes NAME.pc. All libraries are archives, so there is no difference between what the linker
# needs with --static and without.
function(cairn_pkg_config name description)
  cmake_parse_arguments(PARSE_ARGV 2 pc "" "" "REQUIRES;LIBRARIES;FLAGS")
  set(flags "")
  foreach(library ${pc_LIBRARIES})
    if(IS_ABSOLUTE ${library})
      get_filename_component(folder ${library} DIRECTORY)
      get_filename_component(library ${library} NAME_WE)
      string(REGEX REPLACE "^lib" "" library ${library})
      if(NOT folder IN_LIST CMAKE_CXX_IMPLICIT_LINK_DIRECTORIES)
        list(APPEND flags -L${folder})
      endif()
    endif()
    list(APPEND flags -l${library})
  endforeach()
  list(JOIN flags " " pc_LIBRARIES)
  list(JOIN pc_FLAGS " " pc_FLAGS)
  list(JOIN pc_REQUIRES " " pc_REQUIRES)
  file(RELATIVE_PATH pc_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
  string(REGEX REPLACE "/$" "" pc_PREFIX ${pc_PREFIX})
  configure_file(${PROJECT_SOURCE_DIR}/src/cmake/cairn.pc.in ${name}.pc @ONLY)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${name}.pc
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endfunction()

set(core_flags "")
if(CAIRN_CONFIG_FILE)
  set(core_flags [[-DCAIRN_CONFIG_FILE=\"cairn/config_file.h\"]])
endif()
# A hash outside the core lies in an adapter that itself needs the core, which so stands twice: the
# second time under another name, for pkg-config leaves out what it takes for a repetition.
set(core_libraries cairn)
if(CAIRN_HASH STREQUAL "psa")
  list(APPEND core_libraries cairn_psa :libcairn.a ${PsaCrypto_LIBRARY})
elseif(CAIRN_HASH STREQUAL "sodium")
  list(APPEND core_libraries cairn_sodium :libcairn.a ${Sodium_LIBRARY})
elseif(CAIRN_HASH STREQUAL "accelerated")
  list(APPEND core_libraries cairn_accelerated :libcairn.a)
endif()
cairn_pkg_config(cairn "${PROJECT_DESCRIPTION}"
  LIBRARIES ${core_libraries} ${NanopbRuntime_LIBRARY} FLAGS ${core_flags})
if(TARGET cairn_accelerated)
  cairn_pkg_config(cairn-accelerated "cairn's SHA-256 and CRC-32C by what the processor offers"
    REQUIRES cairn LIBRARIES cairn_accelerated cairn)
endif()
if(TARGET cairn_sodium)
  cairn_pkg_config(cairn-sodium "cairn's adapter to libsodium: Ed25519, SHA-256"
    REQUIRES cairn LIBRARIES cairn_sodium cairn ${Sodium_LIBRARY})
endif()
if(TARGET cairn_psa)
  cairn_pkg_config(cairn-psa "cairn's adapter to PSA Crypto: ECDSA P-256, SHA-256"
    REQUIRES cairn LIBRARIES cairn_psa cairn ${PsaCrypto_LIBRARY})
endif()
set(recovery "")
set(gateway_flags -DCAIRN_GATEWAY_WITH_EVM=0)
if(Secp256k1_FOUND)
  set(recovery ${Secp256k1_LIBRARY})
  set(gateway_flags -DCAIRN_GATEWAY_WITH_EVM=1)
endif()
if(TARGET cairn_linux)
  cairn_pkg_config(cairn-linux "What cairn needs of Linux: files, clock, entropy, keys"
    REQUIRES cairn-sodium cairn-psa cairn
    LIBRARIES cairn_linux ${Libcsv_LIBRARY} ${OPENSSL_CRYPTO_LIBRARY} ${recovery})
endif()
if(TARGET cairn_gateway)
  set(modules libcurl sqlite3)
  if("PostgreSQL" IN_LIST CAIRN_GATEWAY_PACKAGES)
    list(APPEND modules libpq)
  endif()
  cairn_pkg_config(cairn-gateway "cairn's gateway: witness and log of devices, anchors, evidence"
    REQUIRES cairn-linux ${modules} LIBRARIES cairn_gateway :libcairn_linux.a
    FLAGS ${gateway_flags})
endif()
