/* Semihosting: what a program under an emulator or debugger asks of the host. */
#ifndef CAIRN_SEMIHOSTING_H
#define CAIRN_SEMIHOSTING_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Writes a text that ends in 0 to the host's standard error. */
void semihosting_print(const char* text);
/* Ends the emulator; the low 8 bits become its exit status. */
__attribute__((noreturn)) void semihosting_exit(int status);
/* The command line that the host gave, ended with 0. 0, or -1 when it does not fit. */
int semihosting_arguments(char* out, size_t capacity);
/* Files of the host. open: mode 1 reads, 5 makes anew, 3 reads and writes; a handle, or -1. */
int semihosting_open(const char* path, int mode);
int semihosting_close(int handle);
/* 0, or -1 unless all of it was read or written. */
int semihosting_read(int handle, void* data, size_t size);
int semihosting_write(int handle, const void* data, size_t size);
int semihosting_seek(int handle, uint32_t position);

#ifdef __cplusplus
}
#endif

#endif
