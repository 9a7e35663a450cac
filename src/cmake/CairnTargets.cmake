# Flags that every target of the project shares.

add_library(cairn_warnings INTERFACE)
target_compile_options(cairn_warnings INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Wundef
  $<$<COMPILE_LANGUAGE:CXX>:-Wno-psabi>)

# What the core may rely on: a freestanding C++17 without exceptions and run-time types.
add_library(cairn_freestanding INTERFACE)
target_compile_options(cairn_freestanding INTERFACE
  -ffunction-sections -fdata-sections
  $<$<COMPILE_LANGUAGE:CXX>:-ffreestanding -fno-exceptions -fno-rtti -fno-threadsafe-statics>)
