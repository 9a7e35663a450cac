/* Semihosting: what a program under an emulator or debugger asks of the host. */
#ifndef CAIRN_SEMIHOSTING_H
#define CAIRN_SEMIHOSTING_H

#ifdef __cplusplus
extern "C" {
#endif

/* Writes a text that ends in 0 to the host's standard error. */
void semihosting_print(const char* text);
/* Ends the emulator; the low 8 bits become its exit status. */
__attribute__((noreturn)) void semihosting_exit(int status);

#ifdef __cplusplus
}
#endif

#endif
