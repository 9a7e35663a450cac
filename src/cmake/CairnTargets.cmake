# Flags that every target of the project shares.

add_library(cairn_warnings INTERFACE)
target_compile_options(cairn_warnings INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Wundef
  $<$<COMPILE_LANGUAGE:CXX>:-Wno-psabi>)

# Without exceptions, run-time types and what else needs a C++ run-time library.
add_library(cairn_plain INTERFACE)
target_compile_options(cairn_plain INTERFACE -ffunction-sections -fdata-sections
  $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions -fno-rtti -fno-threadsafe-statics>)

# What the core may rely on: a freestanding C++17.
add_library(cairn_freestanding INTERFACE)
target_compile_options(cairn_freestanding INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-ffreestanding>)
target_link_libraries(cairn_freestanding INTERFACE cairn_plain)
