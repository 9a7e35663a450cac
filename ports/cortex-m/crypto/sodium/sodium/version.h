/* Stands in for the header that libsodium's configure script generates. */
#ifndef sodium_version_H
#define sodium_version_H

#define SODIUM_VERSION_STRING "1.0-embedded"
#define SODIUM_LIBRARY_VERSION_MAJOR 10
#define SODIUM_LIBRARY_VERSION_MINOR 3

#endif
