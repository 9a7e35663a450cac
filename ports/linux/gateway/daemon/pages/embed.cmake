# cmake -D "PAGES=FILE;..." -D OUT=FILE -P embed.cmake
#
# Writes the definitions of pages.hpp: each file as an array, named after it.
set(text "#include \"pages.hpp\"\n\nnamespace service {\n\n")
foreach(page ${PAGES})
  get_filename_component(name ${page} NAME)
  string(MAKE_C_IDENTIFIER page_${name} name)
  file(READ ${page} bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${bytes}")
  string(APPEND text "const char ${name}[] = {${bytes}'\\0'};\n")
endforeach()
file(WRITE ${OUT} "${text}\n}  // namespace service\n")
